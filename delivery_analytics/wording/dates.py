"""How days and reporting periods are written in each language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from delivery_analytics.model import periods
from delivery_analytics.model.languages import SOURCE
from delivery_analytics.wording.catalogue import Texts, filled, marked

NOTHING = "–"

# Russian and Kazakh number quarters with Roman numerals, so each has a text of its own.
_PERIOD = {
    "annual": (marked("{year}", "period"),),
    "half_yearly": (marked("first half of {year}"), marked("second half of {year}")),
    "quarterly": (
        marked("Q1 {year}"),
        marked("Q2 {year}"),
        marked("Q3 {year}"),
        marked("Q4 {year}"),
    ),
    "monthly": (marked("{month} {year}"),) * 12,
}
_SHORT = {
    "annual": (marked("{year}", "axis"),),
    "half_yearly": (marked("H1 {year}", "axis"), marked("H2 {year}", "axis")),
    "quarterly": (
        marked("Q1 {year}", "axis"),
        marked("Q2 {year}", "axis"),
        marked("Q3 {year}", "axis"),
        marked("Q4 {year}", "axis"),
    ),
    "monthly": (marked("{month} {year}", "axis"),) * 12,
}
_BY_END = {
    "annual": (marked("by the end of {year}"),),
    "half_yearly": (
        marked("by the end of the first half of {year}"),
        marked("by the end of the second half of {year}"),
    ),
    "quarterly": (
        marked("by the end of Q1 {year}"),
        marked("by the end of Q2 {year}"),
        marked("by the end of Q3 {year}"),
        marked("by the end of Q4 {year}"),
    ),
    "monthly": (marked("by the end of {month} {year}"),) * 12,
}
_DAY = marked("{day} {month} {year}")


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
        return self(_DAY, day=when.day, month=month, year=when.year)

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
        text, place = _place(period, _PERIOD)
        context = "period" if periods.frequency(period) == periods.ANNUAL else ""
        values = {"month": self.month(place), "year": period[:4]}
        return filled(self._text(text, context), values)

    def short_period(self, period: str) -> str:
        """Return a reporting period for an axis: Jun 2024, Q2 2024, H1 2024, 2024."""
        if not period:
            return NOTHING
        text, place = _place(period, _SHORT)
        values = {"month": self.short_month(place), "year": period[:4]}
        return filled(self._text(text, "axis"), values)

    def by_end_of(self, period: str) -> str:
        """Return until when a period's figure is expected: by the end of June 2024."""
        text, place = _place(period, _BY_END)
        return filled(
            self._text(text), {"month": self._month_in_text(place), "year": period[:4]}
        )

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


def _place(period: str, forms: dict[str, tuple[str, ...]]) -> tuple[str, int]:
    """Return the period's text among `forms`, and its place in the year from 1."""
    freq = periods.frequency(period)
    first = periods.start(period).month
    place = (first - 1) // (12 // len(forms[freq])) + 1
    return forms[freq][place - 1], place
