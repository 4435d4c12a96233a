"""What stands beside a table: days, names of regions and indicators, periods, units."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from delivery_analytics.describing.kinds import ROLE_NAMES, Kinds, lexicon, tried
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.loading.units import sized
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import clean
from delivery_analytics.parsing.parse_days import day

_DAYS = ROLE_NAMES["days"]  # which `day` reads, and it alone decides
_IN_NAME = (r"\d{4}-\d{2}-\d{2}", r"\d{1,2}\.\d{1,2}\.\d{4}")
_PARTS = re.compile(r"[(),;:\n]")
_WORDS = re.compile(r"[\w-]+")
_SHORTEST = 4  # letters of a name that is looked for inside a text
_LONGEST = 60  # letters of a unit


class Day(NamedTuple):
    """A day that stands beside a table, where, and how it is read from there."""

    value: date
    where: str
    changes: dict[str, object]
    is_of_report: bool


def texts_beside(table: FoundTable) -> list[str]:
    """Return what stands outside a table as texts, its sheet's name last."""
    return [*table.texts_outside(), table.grid.sheet]


def days(table: FoundTable, file: str, name: str) -> list[Day]:
    """Return the days beside a table, and in the file's name, each as the field `name`."""
    found = list[Day]()
    words = lexicon()["says"]["as_of"]
    cells = table.outside()
    for row, column, value in cells:
        where = table.grid.address(row, column)
        left = next((v for r, c, v in reversed(cells) if r == row and c < column), None)
        told = any(w in fold(clean(text)) for w in words for text in (value, left) if text)
        for of_day, pattern in _days_in(value):
            cell = {"cell": where} | ({"pattern": pattern} if pattern else {})
            found.append(Day(of_day, where, {"cells": {name: cell}}, told))
    for group in _IN_NAME:
        for text in re.findall(group, PurePath(file).stem):
            if named := tried(day, text):
                changes: dict[str, object] = {"file_name": f"(?P<{name}>{group})"}
                found.append(Day(named, f"the file's name, {file}", changes, False))
    return found


def _days_in(value: object) -> Iterator[tuple[date, str]]:
    if isinstance(value, date):
        yield value, ""
        return
    text = clean(value)
    for pattern in _DAYS:
        matches = re.findall(rf"(?<!\d){pattern}(?!\d)", text) if isinstance(value, str) else []
        if matches and (read := tried(day, matches[0])):
            yield read, "" if matches[0] == text else f"({pattern})"


def names_in(kinds: Kinds, name: str, table: FoundTable, file: str) -> dict[str, str]:
    """Return the regions (or indicators …) named beside a table: id → the text it stands in."""
    known = {fold(n): key for n, key in kinds.names[name].listed if len(n) >= _SHORTEST}
    found: dict[str, str] = {}
    for text in [*texts_beside(table), PurePath(file).stem]:
        folded = _worded(text)
        for called, key in known.items():
            if _worded(called) in folded:
                found.setdefault(key, text)
    return found


def _worded(text: str) -> str:
    return f" {' '.join(_WORDS.findall(fold(text)))} "


def named_by(kinds: Kinds, name: str, said: Iterable[str]) -> dict[str, str]:
    """Return the things that texts are the names of: id → the text."""
    found: dict[str, str] = {}
    for text in said:
        for part in (text, text.rpartition(",")[0], text.partition("(")[0]):
            if key := kinds.names[name].key_of(part.strip()) if part.strip() else "":
                found.setdefault(key, text)
    return found


def periods_said(kinds: Kinds, said: Iterable[str], file: str) -> list[str]:
    """Return the periods that titles, parts of them, or parts of the file's name are."""
    parts = [*parts_of(said), *PurePath(file).stem.split("_")]
    found = (part for part in parts if {"year", "period"} & kinds.kinds(part))
    return [*dict.fromkeys(found)]


class Sized(NamedTuple):
    """A unit said beside a table: what its word for thousands makes of it, and its id."""

    text: str
    factor: float
    unit: str


def units_said(kinds: Kinds, said: Iterable[str]) -> list[Sized]:
    """Return the units that titles and headings name at their end, or in brackets."""
    found = list[Sized]()
    for part in parts_of(said):
        if len(part) <= _LONGEST:
            unit = kinds.units.key_of(part)
            factor, rest = (1.0, part) if unit else sized(part)
            unit = unit or kinds.units.key_of(rest)
            if unit or factor != 1:
                found.append(Sized(part, factor, unit))
    return found


def parts_of(said: Iterable[str]) -> list[str]:
    """Return texts, each followed by what stands in it between commas and in brackets."""
    parts = (part.strip() for text in said for part in (text, *_PARTS.split(text)))
    return [*filter(None, dict.fromkeys(parts))]


def says(name: str, said: Iterable[str]) -> str:
    """Return the first text with one of the words for what titles say; "" if none."""
    words = lexicon()["says"][name]
    return next((text for text in said if any(word in fold(text) for word in words)), "")
