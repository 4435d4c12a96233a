"""How days and reporting periods are written in each language."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from delivery_analytics.model import periods
from delivery_analytics.model.files import packaged
from delivery_analytics.model.languages import SOURCE
from delivery_analytics.wording.catalogue import Texts, filled

NOTHING = "–"

_PERIODS = packaged(__file__, "periods.toml")


def as_day(value: Any) -> date | None:
    """Return a date, a timestamp or ISO text as a day; nothing where it is missing."""
    if value is None or value == "" or pd.isna(value):
        return None
    return pd.Timestamp(value).date()


class Dates(Texts):
    """Days and reporting periods in one language. What is missing is an en dash."""

    def date(self, day: Any) -> str:
        """Return a day in full: 30 June 2024."""
        when = as_day(day)
        if when is None:
            return NOTHING
        month = self._month_in_text(when.month)
        return self("{day} {month} {year}", day=when.day, month=month, year=when.year)

    def short_date(self, day: Any) -> str:
        """Return a day for a narrow column: 30 Jun 2024."""
        when = as_day(day)
        if when is None:
            return NOTHING
        if self.language == SOURCE:
            return f"{when.day} {self.short_month(when.month)} {when.year}"
        return self._in_digits(f"{when:%d}", f"{when:%m}", f"{when.year:04d}")

    @property
    def office_date(self) -> str:
        """The code by which a cell of a workbook shows a day as `short_date` does."""
        return "d mmm yyyy" if self.language == SOURCE else self._in_digits("dd", "mm", "yyyy")

    def _in_digits(self, *parts: str) -> str:
        """Return a day's parts with what stands between them: 30.06.2024, 30/06/2024."""
        pattern = str(self.locale.date_formats["short"].pattern)
        return next(char for char in pattern if not char.isalpha()).join(parts)

    def period(self, period: str) -> str:
        """Return a reporting period: June 2024, Q2 2024, first half of 2024, 2024."""
        if not period:
            return NOTHING
        return self._written(period, "period", self.month)

    def span(self, since: str, until: str) -> str:
        """Return from which period to which: 2010 to 2023, Q1 2023 – Q2 2024."""
        if since == until:
            return self.period(since)
        if since.isdigit() and until.isdigit():
            return self("{since} to {until}", since=since, until=until)
        return f"{self.period(since)} – {self.period(until)}"

    def short_period(self, period: str) -> str:
        """Return a reporting period for an axis or a table: Jun 2024, H1 2024."""
        if not period:
            return NOTHING
        return self._written(period, "axis", self.short_month)

    def by_end_of(self, period: str) -> str:
        """Return until when a period's figure is expected: by the end of June 2024."""
        return self._written(period, "by_end", self._month_in_text)

    def _written(self, period: str, kind: str, month: Callable[[int], str]) -> str:
        text, place = _place(period, kind)
        values = {"month": month(place), "year": period[:4]}
        return filled(self._text(text, context_of(kind, text)), values)

    def month(self, number: int) -> str:
        """Return a month's name as it stands alone, in the case it has inside a sentence."""
        name = str(self.locale.months["stand-alone"]["wide"][number])
        return name.lower() if self._month_in_text(number).islower() else name

    def short_month(self, number: int) -> str:
        """Return a month's first three letters, or Unicode's short form where two are alike."""
        if len({self.month(one)[:3] for one in range(1, 13)}) == 12:
            return self.month(number)[:3]
        return str(self.locale.months["stand-alone"]["abbreviated"][number])

    def _month_in_text(self, number: int) -> str:
        """Return a month's name as it stands in a sentence: in Russian, its genitive."""
        return str(self.locale.months["format"]["wide"][number])


def context_of(kind: str, text: str) -> str:
    """Return what parts a text of ``periods.toml`` from others that are alike in English."""
    return kind if kind == "axis" or text == "{year}" else ""


def period_texts() -> Iterator[tuple[str, str]]:
    """Yield each text of ``periods.toml`` that is to be translated, with its context."""
    for kind, forms in _PERIODS.items():
        yield from ((context_of(kind, text), text) for own in forms.values() for text in own)


def _place(period: str, kind: str) -> tuple[str, int]:
    """Return the period's text of a `kind`, and its place in the year from 1."""
    freq = periods.frequency(period)
    place = (periods.start(period).month - 1) // periods.MONTHS_IN[freq] + 1
    texts = _PERIODS[kind][freq]
    return texts[min(place, len(texts)) - 1], place
