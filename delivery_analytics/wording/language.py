"""A language: its texts, numbers, dates, lists and order of letters together."""

from collections.abc import Iterable
from typing import Any

from delivery_analytics.wording import collation
from delivery_analytics.wording.dates import Dates
from delivery_analytics.wording.numbers import MINUS, NOTHING, Numbers


class Language(Numbers, Dates):
    """How one language says things, before anything is said about delivery."""

    def join(self, items: Iterable[str]) -> str:
        """Return a list inside a sentence: a, b and c."""
        *first, last = [*items] or [""]
        if not first:
            return last
        return self("{items} and {last}", items=", ".join(first), last=last)

    def coverage(self, n: int, of: int) -> str:
        """Return how many there are of how many there should be: 18 of 20."""
        return self("{n} of {all}", n=self.number(n, 0), all=self.number(of, 0))

    def sort_key(self, text: str) -> collation.SortKey:
        """Return what to sort `text` by in this language."""
        return collation.sort_key(text, self.language)

    def vega_locale(self) -> dict[str, dict[str, Any]]:
        """Return the number and time locales of d3, by which charts write their axes.

        Months stand alone, as on an axis. d3 has no second form, so a full date has its
        month in digits.
        """
        day = self._in_digits("%d", "%m", "%Y")
        days = self.locale.days["stand-alone"]
        weekdays = [(number - 1) % 7 for number in range(7)]  # d3 begins with Sunday
        symbols = self.locale.number_symbols["latn"]
        return {
            "number": {
                "decimal": symbols["decimal"],
                "thousands": symbols["group"],
                "grouping": [3],
                "currency": ["", ""],  # amounts carry their own, as text
                "percent": self.percent(0, 0).removeprefix("0"),
                "minus": MINUS,
                "nan": NOTHING,
            },
            "time": {
                "dateTime": f"{day} %X",
                "date": day,
                "time": "%H:%M:%S",
                "periods": ["AM", "PM"],
                "days": [days["wide"][number] for number in weekdays],
                "shortDays": [days["abbreviated"][number] for number in weekdays],
                "months": [self.month(number) for number in range(1, 13)],
                "shortMonths": [self.short_month(number) for number in range(1, 13)],
            },
        }
