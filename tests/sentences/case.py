"""A sentence that was read, and what its parts mean: numbers, days, periods, and who is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from tests.sentences.grammar import Grammar, Said
from tests.sentences.pages import Sentence
from tests.sentences.truth import Truth

_SCALES = {
    **dict.fromkeys(("tn", "trillion", "трлн"), 12),
    **dict.fromkeys(("bn", "billion", "млрд"), 9),
    **dict.fromkeys(("m", "million", "млн"), 6),
}
_CURRENCIES = {
    "₸": "KZT",
    "тенге": "KZT",
    "теңге": "KZT",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
}
NEARLY = ("{figure} (slightly less)", "{figure} (slightly more)")
_PARTS = {"Q": ("-Q{}", range(1, 5)), "S": ("-S{}", range(1, 3))}


class UnreadError(Exception):
    """A part is not what its claim takes it for: the sentence was made in another way."""


def rounded(value: Any, decimals: int) -> Decimal:
    """Return a number as it is printed: halves go away from zero, of its first 15 digits."""
    return Decimal(f"{float(value):.15g}").quantize(
        Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP
    )


@dataclass(frozen=True)
class Printed:
    """A number as it was printed."""

    value: Decimal
    decimals: int
    unit: str
    power: int

    def is_(self, true: Any) -> bool:
        """Say whether a number is printed so."""
        if true is None or pd.isna(true):
            return False
        return self.value == rounded(
            Decimal(f"{float(true):.15g}").scaleb(-self.power), self.decimals
        )


@dataclass(frozen=True)
class Case:
    """A published sentence, and what is true."""

    sentence: Sentence
    truth: Truth
    grammar: Grammar

    @property
    def language(self) -> str:
        return self.sentence.language

    def number(self, said: Said) -> Printed:
        """Return the figure that a part is."""
        if said.key in NEARLY:  # which way it differs is held where both are known
            return self.number(said.parts["figure"])
        found = self.grammar.figure.fullmatch(said.text)
        if said.key != "figure" or not found:
            raise UnreadError(f"{said.text!r} is no figure")
        group, point = (",", ".") if self.language == "en" else ("\u00a0", ",")
        digits = found["digits"].replace(group, "").replace(point, ".")
        value = Decimal(digits)
        unit = found["lead"] or found["unit"] or found["before"] or ""
        unit = self.grammar.symbols.get(unit, unit)
        return Printed(
            -value if found["sign"] == "\u2212" else value,
            len(digits.partition(".")[2]),
            _CURRENCIES.get(unit, unit),
            _SCALES.get(found["scale"] or "", 0),
        )

    def count(self, said: Said) -> int:
        """Return the whole number that a part is, or that is the `n` of it."""
        printed = self.number(said.parts.get("n", said))
        if printed.decimals or printed.unit:
            raise UnreadError(f"{said.text!r} is no count")
        return int(printed.value)

    def both(self, said: Said) -> tuple[int, int]:
        """Return the counts of ``{n} of {all}``."""
        if said.key != "{n} of {all}":
            raise UnreadError(f"{said.text!r} is not some of all")
        return self.count(said.parts["n"]), self.count(said.parts["all"])

    def day(self, said: Said) -> pd.Timestamp:
        if said.key != "{day} {month} {year}":
            raise UnreadError(f"{said.text!r} is no day")
        day, month, year = (said.parts[name].text for name in ("day", "month", "year"))
        return pd.Timestamp(int(year), self.grammar.months[month.lower()], int(day))

    def period(self, said: Said) -> str:
        """Return a period as the tables write it: 2024, 2024-S1, 2024-Q2, 2024-06."""
        key, year = said.key, said.parts.get("year")
        if re.fullmatch(r"\d{4}", said.text):
            return said.text
        if year is None or "{day}" in key:
            raise UnreadError(f"{said.text!r} is no period")
        if "{month}" in key:
            return f"{year.text}-{self.grammar.months[said.parts['month'].text.lower()]:02d}"
        if quarter := re.search(r"\bQ([1-4])", key):
            return f"{year.text}-Q{quarter[1]}"
        half = (
            1
            if "first half" in key or "H1" in key
            else 2
            if "half" in key or "H2" in key
            else 0
        )
        return f"{year.text}-S{half}" if half else year.text

    def due(self, said: Said) -> pd.Timestamp:
        """Return a day, or the last one of a year."""
        if said.key == "{day} {month} {year}":
            return self.day(said)
        return pd.Timestamp(int(self.period(said)), 12, 31)

    def id_of(self, among: dict[str, Any], name: str) -> str:
        """Return which of some definitions is called so."""
        for key, one in among.items():
            called = one.get("name") or {}
            plain = name.replace("„", "«").replace("“", "»")
            if plain in (
                called.get(self.language) if called else None,
                one.get("short", {}).get(self.language) if called else None,
                one.get(f"name_{self.language}"),
            ):
                return key
        raise UnreadError(f"{name!r} is the name of none")

    def indicator(self, said: Said | None = None) -> str:
        """Return the indicator of a part; otherwise the one that the sentence stands under."""
        if said is not None:
            return self.id_of(self.truth.indicators, said.text)
        return self.subject

    @property
    def subject(self) -> str:
        """The indicator that the sentence stands under."""
        if self.subject_or_none is None:
            raise UnreadError(f"{self.sentence.above!r} names no indicator")
        return self.subject_or_none

    @property
    def subject_or_none(self) -> str | None:
        # A sentence in place of a chart begins with what it is about.
        for told in (self.sentence.row or self.sentence.above, self.sentence.text):
            fits = [
                (len(name), key)
                for key, one in self.truth.indicators.items()
                for name in (
                    one["name"][self.language],
                    one.get("short", {}).get(self.language),
                )
                if name and told.startswith(name)
            ]
            if fits:
                return max(fits)[1]
        return None

    @property
    def region(self) -> str:
        return self.truth.region_of(self.sentence.page)

    def unit(self, indicator: str) -> dict[str, Any]:
        return self.truth.units[self.truth.indicators[indicator]["unit"]]

    def symbol(self, indicator: str) -> str:
        unit = self.unit(indicator)
        symbol = unit.get("symbol", {}).get(self.language, "")
        return symbol or ("%" if unit.get("kind") == "percent" else "")


Claim = Callable[[Case, Said], Iterator[str]]
CLAIMS: dict[str, Claim] = {}
# What a bare figure is, by the role of its sentence.
BARE: dict[str, Claim] = {}


def claim(*keys: str) -> Callable[[Claim], Claim]:
    """Say which texts a function works out once more; it yields what contradicts the tables."""

    def add(function: Claim) -> Claim:
        CLAIMS.update(dict.fromkeys(keys, function))
        return function

    return add


def _is_bare(said: Said) -> bool:
    """Say whether a text is a figure, a count of how many, a period or a day."""
    dated = "year" in said.parts and set(said.parts) <= {"year", "month", "day"}
    return dated or said.key in ("figure", "{n} of {all}")


def wrong(case: Case, said: Said) -> Iterator[str]:
    """Yield what is wrong in a text that was read.

    Raises
    ------
    UnreadError
        Where there is a figure that nothing explains.
    """
    bare = BARE.get(case.sentence.role)
    if bare and _is_bare(said):
        yield from bare(case, said)
    elif said.key in CLAIMS:
        yield from CLAIMS[said.key](case, said)
    elif said.key == "figure" and any(map(str.isdigit, said.text)):
        raise UnreadError(f"{said.text!r} is explained by nothing")
    else:
        for part in said.parts.values():
            yield from wrong(case, part)


@dataclass(frozen=True)
class Verdict:
    """How a sentence came out: ``true``, ``wrong``, ``unverified`` or ``unread``, and why."""

    outcome: str
    why: tuple[str, ...] = ()


def verdict(case: Case, text: str | None = None) -> Verdict:
    """Say whether a sentence agrees with the tables, in one of the ways it can be read."""
    readings = case.grammar.readings(case.sentence.text if text is None else text)
    if not readings:
        return Verdict("unread")
    found: list[Verdict] = []
    for said in readings:
        try:
            why = tuple(wrong(case, said))
        except UnreadError as unread:
            found.append(Verdict("unverified", (str(unread),)))
        else:
            if not why:
                return Verdict("true")
            found.append(Verdict("wrong", why))
    return next((one for one in found if one.outcome == "wrong"), found[0])
