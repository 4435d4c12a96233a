"""Refuse a sheet's definition that could not be read, or a word of which nothing would come.

A misspelt field would be missing from every row without a word, and a key that its table
does not heed would be believed to work. Both are refused before any file is read.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from encodings import normalize_encoding
from encodings.aliases import aliases

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.files import packaged
from delivery_analytics.model.lookup import hint
from delivery_analytics.model.sheet_definitions import Sheet

_AGREED = packaged(__file__, "sheet_checks.toml")
NAMED, FIGURES = tuple(_AGREED["named"]), tuple(_AGREED["figures"])
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_DEFAULTS = Sheet(table="observations")


def ordinal(number: int) -> str:
    """Return which one it is in words, counted from nought."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    return words[number] if number < len(words) else f"number {number + 1}"


def called(number: int, files: object) -> str:
    """Return a sheet of a file as a person would name it, counted from nought."""
    listed = ", ".join(map(str, files)) if isinstance(files, list | tuple) else None
    return f"the {ordinal(number)} [[sheet]]{'' if listed is None else f', for files {listed}'}"


def check_sheet(sheet: Sheet, where: str) -> None:
    """Refuse a sheet that speaks of what is not there, or in vain.

    Parameters
    ----------
    where
        The file, and the sheet in it as a person names it.

    Raises
    ------
    DefinitionError
        Naming the key, what is near a name that is not known, and the names there are.
    """
    for check in (_patterns, _encoding, _fields, _references, _wide, _labels, _vain):
        for key, message in check(sheet):
            raise DefinitionError(f"{where}, {key}: {message}")


Told = Iterator[tuple[str, str]]  # the key, and what is wrong with it


def _patterns(sheet: Sheet) -> Told:
    patterns = {"file_name": sheet.file_name}
    patterns |= {f"cells.{name}.pattern": cell.pattern for name, cell in sheet.cells.items()}
    patterns |= {f"patterns.{name}": pattern for name, pattern in sheet.patterns.items()}
    for key, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            yield key, str(error)


def _encoding(sheet: Sheet) -> Told:
    """Tell of an encoding that there is not, or has no effect, and of marks that are none."""
    known = {"utf_8_sig", *aliases.keys(), *aliases.values()}
    name = normalize_encoding(sheet.encoding).lower()
    if name and (name not in known or not _is_codec(name)):
        near = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
        such = "Did you mean " if near else "There are, for one: "
        listed = " or ".join(near) or "utf_8, cp1251, kz1048, cp866, koi8_r, cp1252, mac_roman"
        yield "encoding", f"there is no encoding '{sheet.encoding}'. {such}{listed}?"
    if name and all(pattern.lower().endswith(_WORKBOOKS) for pattern in sheet.files):
        yield "encoding", f"has no effect on {', '.join(sheet.files)}. It is for text files"
    for mark in sheet.marks:
        if not mark.strip() or mark[-1].isdecimal() or mark != mark.strip():
            yield "marks", f"'{mark}' cannot be told from the figure that it stands behind"


def _is_codec(name: str) -> bool:
    try:
        "".encode(name)
    except LookupError:  # another system's, or none for text
        return False
    return True


def _held(sheet: Sheet) -> tuple[str, ...]:
    """Return the fields that the cells of repeated columns hold."""
    return () if sheet.wide is None else tuple(sheet.wide.values) or (sheet.wide.value,)


def _by(sheet: Sheet) -> tuple[str, ...]:
    return () if sheet.wide is None else sheet.wide.by


def _given(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Return the keys that give fields, each with those it gives."""
    return {
        "columns": tuple(sheet.columns),
        "at": tuple(sheet.at),
        "section": (sheet.section,) if sheet.section else (),
        "join": tuple(sheet.join),
        "constants": tuple(sheet.constants),
        "cells": tuple(sheet.cells),
        "file_name": tuple(re.compile(sheet.file_name).groupindex),
        "wide.by": _by(sheet),
        "wide.values" if sheet.wide and sheet.wide.values else "wide.value": _held(sheet),
    }


def _fields(sheet: Sheet) -> Told:
    """Tell of fields that have two columns, or that no row has and nothing in it uses."""
    for name in sorted({*sheet.columns, *sheet.at} & {*_by(sheet), *_held(sheet)}):
        yield "wide", f"'{name}' has a column of its own as well"
    known = schema.TABLES[sheet.table].fields
    used = {part for parts in sheet.join.values() for part in parts} | {*sheet.recompute}
    used |= {name for rule in sheet.recompute.values() for name in (rule.part, rule.of)}
    used |= {*sheet.wide.labels} & {*sheet.wide.by} if sheet.wide else set()
    if sheet.section:  # the rows under a caption have a column of labels, which no table keeps
        own = {*sheet.columns, *sheet.at}
        used |= {name for name in own if not get_close_matches(name, known, cutoff=0.6)}
    told = f"Fields of {sheet.table}: {', '.join(known)}. A field of the sheet's own must be "
    told += "used by its join, recompute or wide.labels"
    for key, names in _given(sheet).items():
        for name in names:
            if name not in known and name not in used:
                near = hint(name, [*known, *sorted(used)])
                yield key, f"there is no field '{name}'. {near} {told}"


def _references(sheet: Sheet) -> Told:
    """Tell of fields spoken of that the sheet does not have, and of those it must have."""
    given = _given(sheet)
    have = dict.fromkeys(name for names in given.values() for name in names)
    own = [*dict.fromkeys([*sheet.columns, *sheet.at])]
    by_text = [name for name in have if name not in _by(sheet)]
    # Key → the fields that it speaks of, and of which it can be said.
    spoken = {"optional": (sheet.optional, [*sheet.columns]), "fill": (sheet.fill, own)}
    spoken |= {"map": ((*sheet.map,), by_text), "patterns": ((*sheet.patterns,), own)}
    wanted = {key: names for key, (names, _) in spoken.items()} | {"blank": (*sheet.blank,)}
    wanted |= {f"join.{name}": parts for name, parts in sheet.join.items()}
    wanted |= {f"recompute.{n}": (n, r.part, r.of) for n, r in sheet.recompute.items()}
    wanted |= {f"a sheet of {sheet.table}": schema.TABLES[sheet.table].needs}
    for key, names in wanted.items():
        for name in names:
            if name not in have:
                yield key, f"the sheet has no field '{name}'. {hint(name, have)}"
    for key, (names, among) in spoken.items():
        for name in names:
            if name not in among:
                giving = next(giver for giver, fields in given.items() if name in fields)
                has = f"It can be said of {', '.join(among) or 'none of this sheet'}"
                yield key, f"has no effect on '{name}', which {giving} gives. {has}"


def _wide(sheet: Sheet) -> Told:
    """Tell of repeated columns that could never be known, and of keys without effect."""
    if sheet.wide is None:
        return
    for name in sheet.wide.labels:
        if name not in sheet.wide.by:
            yield "wide.labels", f"'{name}' is not in wide.by. {hint(name, sheet.wide.by)}"
    for name in sheet.wide.by:
        if name not in (*NAMED, *sheet.wide.labels):
            yield "wide.by", f"'{name}' needs its labels: wide.labels.{name} = {{ … }}"
    if sheet.wide.values and sheet.wide.value != "value":
        yield "wide.value", "has no effect beside wide.values. Leave one of them out"


def _labels(sheet: Sheet) -> Told:
    """Tell of a word that the sheet says and that a column, in every row, says otherwise."""
    in_rows = {*sheet.columns, *sheet.at, *_by(sheet), *_held(sheet)} - {*sheet.optional}
    for key in ("constants", "cells", "file_name"):
        for name in _given(sheet)[key]:
            if name in in_rows:
                what = f"'{name}' has a column as well, and this would have no effect"
                yield key, f"{what}. Leave one of them out"


def _vain(sheet: Sheet) -> Told:
    """Tell of keys that the sheet's table does not heed."""
    for key, tables in _AGREED["heeded_by"].items():
        if getattr(sheet, key) != getattr(_DEFAULTS, key) and sheet.table not in tables:
            among = " and ".join(tables)
            yield key, f"has no effect on {sheet.table}. It can be said of {among}"
    figures = {*_held(sheet), *sheet.columns, *sheet.at} & {*FIGURES}
    if sheet.check_totals and not figures and sheet.wide is None:
        yield "check_totals", f"has no effect without a column of {', '.join(FIGURES)}"
    if sheet.cumulative and sheet.fiscal_year_start != 1:
        since = f"figures since the start of month {sheet.fiscal_year_start}"
        what = f"counts from 1 January: {since} would be differenced wrongly. Ask for the"
        told = f"{what} figures of each period, and leave both keys out"
        yield "fiscal_year_start", f"has no effect beside cumulative, which {told}"
