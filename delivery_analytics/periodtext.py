"""Read a reporting period as people write it, in three languages.

A period is first the days it spans, because ``январь–сентябрь 2024`` is nine months of a
series counted from January, and nothing at all of one that is not.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime
from functools import lru_cache

from delivery_analytics import periods
from delivery_analytics.parse import MONTHS, ParseError, Reading, clean

_YEAR_WORD = r"(?: ?(?:года|год|г|жылғы|жылы|жылдың|жыл|ж|year)\.?)?"
_YEAR = rf"(?P<year>(?:19|20)\d{{2}}){_YEAR_WORD}"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2})"
_MARK = r"(?:\s*\*+|\s?[1-9]\)|\s*\[(?:note )?\d+\])?"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "і": 1, "іі": 2, "ііі": 3}
_PLACE = r"(?P<place>[1-4]|iv|i{1,3}|і{1,3})"
_QUARTER_WORD = (
    r"(?:-?(?:й|ші|шы|st|nd|rd|th))?[ -]?(?:квартал[а]?|кв|тоқсан[ы]?|тоқ|quarter|q)\.?"
)
_HALF_WORD = r"(?:-?(?:е|ші|шы|st|nd))?[ -]?(?:полугодие|полугодия|п/г|жартыжылдық|жартыжылдығы|half|h)\.?"
_MONTH = r"(?P<month>[^\W\d_]{3,})\.?"
_DASH = r" ?[-–—] ?"
_MONTHS_OF = rf"(?P<first>[^\W\d_]{{3,}})\.?{_DASH}(?P<last>[^\W\d_]{{3,}})\.?"
_COUNT_WORD = r"(?: |-)?(?:месяцев|месяца|месяц|мес|ай|months|month)\.?"
_JOIN = r"[ ,./-]*"


def _forms(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern + _MARK) for pattern in patterns]


_ANNUAL = _forms(_YEAR)
_QUARTERS = _forms(
    rf"{_PLACE}{_QUARTER_WORD}{_JOIN}{_SHORT_YEAR}{_YEAR_WORD}",
    rf"q{_PLACE}{_JOIN}{_SHORT_YEAR}",
    rf"{_YEAR}{_JOIN}{_PLACE}{_QUARTER_WORD}",
    rf"{_YEAR}{_JOIN}q{_PLACE}",
)
_HALVES = _forms(
    rf"{_PLACE}{_HALF_WORD}{_JOIN}{_YEAR}",
    rf"h{_PLACE}{_JOIN}{_YEAR}",
    rf"{_YEAR}{_JOIN}{_PLACE}{_HALF_WORD}",
    rf"{_YEAR}{_JOIN}[hs]{_PLACE}",
)
_MONTHLY = _forms(
    rf"{_MONTH}{_JOIN}{_SHORT_YEAR}{_YEAR_WORD}",
    rf"{_YEAR}{_JOIN}{_MONTH}",
    r"(?P<number>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d{2})",
    r"(?P<year>(?:19|20)\d{2})[./-](?P<number>0[1-9]|1[0-2])",
)
_RANGES = _forms(
    rf"{_MONTHS_OF}{_JOIN}{_YEAR}",
    rf"{_YEAR}{_JOIN}{_MONTHS_OF}",
    rf"(?P<count>[1-9]|1[0-2]){_COUNT_WORD}{_JOIN}{_YEAR}",
    rf"{_YEAR}{_JOIN}(?P<count>[1-9]|1[0-2]){_COUNT_WORD}",
)
_FISCAL = _forms(
    r"(?:фг|fy|ф\.г\.)? ?(?P<year>20\d{2})[/-](?:20)?(?P<end>\d{2})",
    r"(?:fy|фг) ?(?P<end>\d{2}|20\d{2})",
)


@lru_cache(maxsize=4096)
def span(text: str, *, fiscal_year_start: int = 1) -> tuple[date, date]:
    """Return the first and last day of the period that `text` names.

    Raises
    ------
    ParseError
        ``cell.period-unknown``. Fiscal years are read only where their first month is
        declared, a quarter only with its year.
    """
    plain = re.sub(r"\s+", " ", text.casefold()).strip()
    for forms, months in ((_ANNUAL, 12), (_QUARTERS, 3), (_HALVES, 6)):
        if match := _first(forms, plain):
            place = match.groupdict().get("place") or "1"
            number = int(place) if place.isdigit() else _ROMAN[place]
            if number * months <= 12:
                return _days(_year(match["year"]), (number - 1) * months + 1, months)
    if match := _first(_RANGES, plain):
        first, last = _months_of(match, text)
        return _days(int(match["year"]), first, last - first + 1)
    if match := _first(_MONTHLY, plain):
        groups = match.groupdict()
        month = int(groups["number"]) if groups.get("number") else MONTHS.get(groups["month"])
        if month:
            return _days(_year(match["year"]), month, 1)
    if fiscal_year_start != 1 and (match := _first(_FISCAL, plain)):
        ends = _year(match["end"][-2:])
        begins = match.groupdict().get("year")
        if begins is None or int(begins) == ends - 1:
            last = date(ends, fiscal_year_start, 1)
            return date(ends - 1, fiscal_year_start, 1), date.fromordinal(last.toordinal() - 1)
    raise ParseError(
        "cell.period-unknown",
        f"'{text}' is not a period that can be placed. Expected a form such as 2024, "
        "II кв. 2024, июнь 2024 or 2024-06",
    )


def period(
    value: object,
    *,
    frequency: str = "",
    cumulative: bool = False,
    fiscal_year_start: int = 1,
) -> Reading:
    """Return a cell's period in SDMX form.

    Parameters
    ----------
    frequency
        The length expected; a period of another length is refused. Empty takes any.
    cumulative
        The series counts from January: ``9 мес. 2024`` is then its September (or its
        third quarter), and is refused otherwise.
    fiscal_year_start
        First month of the sender's fiscal year; a fiscal year is then kept under the
        calendar year it ends in.

    Raises
    ------
    ParseError
        ``cell.period-unknown`` or ``cell.period-length``.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        found = _of_day(value, frequency or periods.MONTHLY)
        return Reading(found, "value.period-normalised", f"{value} was read as {found}")
    text = clean(value)
    if text and periods.is_period(text) and frequency in ("", periods.frequency(text)):
        return Reading(text)
    first, last = span(text, fiscal_year_start=fiscal_year_start)
    found = _fit(first, last, frequency, cumulative, fiscal_year_start)
    if not found:
        raise ParseError(
            "cell.period-length",
            f"'{text}' runs from {first} to {last}, but a period here is "
            f"{(frequency or 'regular').replace('_', '-')}"
            + ("" if cumulative else " and is not counted from January"),
        )
    return Reading(found, "value.period-normalised", f"'{text}' was read as {found}")


def _fit(first: date, last: date, frequency: str, cumulative: bool, fiscal: int) -> str:
    if fiscal != 1 and first.month == fiscal and (last - first).days > 360:
        return str(last.year) if frequency in ("", periods.ANNUAL) else ""
    if (
        cumulative
        and first.month == 1
        and frequency in (periods.MONTHLY, periods.QUARTERLY, "")
    ):
        of_end = periods.containing(last, frequency or periods.MONTHLY)
        return of_end if periods.end(of_end) == last else ""
    lengths = (periods.MONTHLY, periods.QUARTERLY, periods.HALF_YEARLY, periods.ANNUAL)
    for length in (frequency,) if frequency else lengths:
        found = periods.containing(first, length)
        if periods.start(found) == first and periods.end(found) == last:
            return found
    return ""


def _of_day(day: date, frequency: str) -> str:
    found = periods.containing(day, frequency)
    if day in (periods.start(found), periods.end(found)):
        return found
    raise ParseError(
        "cell.period-unknown",
        f"{day} is a day, and neither the first nor the last of a period",
    )


def _first(forms: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.fullmatch(text))), None)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _months_of(match: re.Match[str], text: str) -> tuple[int, int]:
    groups = match.groupdict()
    if groups.get("count"):
        return 1, int(groups["count"])
    first, last = MONTHS.get(groups["first"]), MONTHS.get(groups["last"])
    if not first or not last or last < first:
        raise ParseError("cell.period-unknown", f"'{text}' is not a span of months")
    return first, last


def _days(year: int, month: int, months: int) -> tuple[date, date]:
    last = month + months - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])
