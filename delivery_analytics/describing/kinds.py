"""What a column's cells are, by the readers that will load them, counted over all of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from delivery_analytics.loading.units import sized
from delivery_analytics.model.files import packaged
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.parsing.matching import KnownNames, bare, field_names, fold, unit_names
from delivery_analytics.parsing.parse import ParseError, clean, is_missing, number
from delivery_analytics.parsing.parse_days import MONTHS, day
from delivery_analytics.parsing.parse_periods import period, spanned
from delivery_analytics.parsing.vocabulary import VOCABULARY
from delivery_analytics.spreadsheets import Book

Kind = str  # number, text number, year, period, part, day, region, indicator, unit, none, text
FIGURES: tuple[Kind, ...] = ("number", "text number")
_PROMISES = frozenset(" ".join(VOCABULARY["target_kinds"].values()).split())
_LONGEST_PERIOD = 7  # of digits, as 12.2024
_PIECES = re.compile(r" - |[(),:;/\n]")
_YEAR = re.compile(r"(?:19|20)\d\d")
# As "2024 fact": it heads figures, and is none.
_HEADED_YEAR = re.compile(r"(?:19|20)\d\d\W+[^\W\d_]{3,}.*")
DISTINCT = 50_000  # of one column, looked at one by one


@dataclass(frozen=True)
class Kinds:
    """Tells what a cell may be; a value may be several things, as 2024 is a year and a number.

    `names` are what regions and indicators are called, `headed` the headings that the
    workspace's sheets declare, each with its field.
    """

    names: Mapping[str, KnownNames]
    units: KnownNames
    headed: Mapping[str, frozenset[str]]
    known: dict[tuple[type, object], frozenset[Kind]] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry, sector: Sector) -> Kinds:
        sheets = (sheet for one in registry.sectors.values() for sheet in one.sheets)
        headed = _by_word(item for sheet in sheets for item in sheet.columns.items())
        return cls(field_names(registry, sector), unit_names(registry), headed)

    def kinds(self, value: object) -> frozenset[Kind]:
        """Return all that a cell may be; nothing of a blank one."""
        key = (type(value), value)
        if (found := self.known.get(key)) is None:
            found = self.known[key] = frozenset(self._kinds(value))
        return found

    def _kinds(self, value: object) -> Iterable[Kind]:
        if value is None or not (text := clean(value)):
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            if isinstance(value, date):
                yield "day"
            elif is_missing(text) or not text.strip("*†‡#§"):
                yield "none"
                return
            elif _HEADED_YEAR.fullmatch(text):
                pass
            elif _is_plain(text) or _reads(number, value, percent=True, suffixes=True):
                is_mark = not any(map(str.isdigit, text))  # in place of a figure
                yield from ("none",) if is_mark else ("text number", *self._numbered(text))
                return
            elif _reads(day, value):
                yield "day"
            yield from self._worded(value, text)
        else:
            yield from ("number", *self._numbered(text))

    def _numbered(self, text: str) -> Iterable[Kind]:
        """Yield what else a figure may be: a year, or a code."""
        # Of a hundred thousand figures hardly one is looked at any further.
        if len(text) <= _LONGEST_PERIOD and _YEAR.search(text) and _reads(period, text):
            yield "year" if text.isdecimal() else "period"
        yield from (n for n in ("region", "indicator") if text in self.names[n].known)

    def _worded(self, value: object, text: str) -> Iterable[Kind]:
        if _reads(period, value) or _reads(period, value, fiscal_year_start=7):
            yield "period"
        elif _is_part(text):
            yield "part"
        for name in ("region", "indicator"):
            if self.names[name].key_of(text):
                yield name
        if self.units.key_of(text) or self.units.key_of(sized(text)[1]):
            yield "unit"
        if isinstance(value, str):
            yield "text"
        if fold(text).split(" ")[0] in _PROMISES:
            yield "promise"

    def names_field(self, text: str) -> frozenset[str]:
        """Return the fields that a text is the whole name of."""
        folded, none = fold(bare(text)), frozenset[str]()
        return lexicon()["fields"].get(folded, none) | self.headed.get(folded, none)

    def fields(self, label: str) -> frozenset[str]:
        """Return the fields that a heading speaks for: by the whole, a piece, or its ends."""
        folded = fold(bare(label))
        if whole := self.names_field(folded):
            return whole
        pieces = {bare(piece).strip() for piece in _PIECES.split(folded)}
        words = folded.replace("(", " ").replace(",", " ").split()
        pieces |= {words[0], words[-1]} if words else set()
        return frozenset().union(*(lexicon()["fields"].get(piece, ()) for piece in pieces))


class Sent(NamedTuple):
    """A file that is looked at, and what is known of whose it is."""

    registry: Registry
    sector: Sector
    book: Book
    kinds: Kinds


def _is_plain(text: str) -> bool:
    """Say whether a text is a figure at first sight, as most are."""
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdecimal()


def _reads(reader: Any, value: object, **how: Any) -> bool:
    """Say whether a reader takes a value, or only wants to know which of two it is."""
    try:
        reader(value, **how)
    except ParseError as error:
        return error.code in ("cell.number-ambiguous", "cell.date-ambiguous")
    return True


QUESTIONS = packaged(__file__, "questions.toml")
# What roles and fields are called: see the file.
ROLE_NAMES: dict[str, dict[str, Any]] = packaged(__file__, "fields.toml")


def tried(reader: Any, value: object, **how: Any) -> Any:
    """Return what a reader makes of a value; None where it does not take it."""
    try:
        return reader(value, **how).value
    except ParseError:
        return None


def _is_part(text: str) -> bool:
    """Say whether a text is a quarter or a month without its year."""
    return fold(text).rstrip(".") in MONTHS or _reads(spanned, f"{text} 2024")


@cache
def lexicon() -> dict[str, dict[str, frozenset[str]]]:
    """Return folded word → the fields it speaks for, and what titles say."""
    told = packaged(__file__, "lexicon.toml")
    fields = _by_word(told.pop("fields").items())
    for said in told.values():
        said |= {name: frozenset(map(fold, words)) for name, words in said.items()}
    return {"fields": fields, **told}


def _by_word(headed: Iterable[tuple[str, Iterable[str]]]) -> dict[str, frozenset[str]]:
    """Return folded word → the fields that it heads."""
    found: dict[str, set[str]] = {}
    for name, words in headed:
        for word in words:
            found.setdefault(fold(bare(word)), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@dataclass(frozen=True)
class Evidence:
    """What a column holds: its distinct values with their counts, and each kind's cells."""

    values: Counter[object]
    kinds: Counter[Kind]
    filled: int

    @classmethod
    def of(cls, kinds: Kinds, cells: Iterable[object]) -> Evidence:
        values = Counter(cells)
        values.pop(None, None)
        counted: Counter[Kind] = Counter()
        for value, times in values.most_common(DISTINCT):
            for kind in kinds.kinds(value):
                counted[kind] += times
        return cls(values, counted, values.total())

    @property
    def has_figures(self) -> bool:
        return any(self.kinds[kind] for kind in FIGURES)

    def share(self, *kinds: Kind) -> float:
        """Return the share of filled cells, no-figure words aside, that are of a kind."""
        rest = self.filled - self.kinds["none"]
        return max(self.kinds[kind] for kind in kinds) / rest if rest else 0.0
