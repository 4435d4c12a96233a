"""Read a reporting period as people write it, in three languages.

A period is first the days it spans, because ``январь–сентябрь 2024`` is nine months of a
series counted from January, and nothing at all of one that is not.
"""

import calendar
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from delivery_analytics.model import periods
from delivery_analytics.parsing import marks, parse
from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.parse import ParseError, Reading, clean
from delivery_analytics.parsing.parse_days import EARLIEST, LATEST, MONTHS
from delivery_analytics.parsing.vocabulary import VOCABULARY, word_of

_YEAR_WORD = rf"(?: ?(?:{word_of('year')})\.?)?"
_YEAR = rf"(?P<year>(?:19|20)\d{{2}}){_YEAR_WORD}"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2})"
_YEAR_AND_NOTE = re.compile(r"^((?:19|20)\d{2})([1-9]\))$")
_PLACES = {
    word: int(number) for number, words in VOCABULARY["places"].items() for word in words
}
_PLACE = rf"(?P<place>[1-4]|{'|'.join(_PLACES)})"
_QUARTER_WORD = rf"(?:-?(?:й|ші|шы|st|nd|rd|th))?[ -]?(?:{word_of('quarter')})\.?"
_HALF_WORD = rf"(?:-?(?:е|ші|шы|st|nd))?[ -]?(?:{word_of('half')})\.?"
# Some forms name the month in two languages: Янв. Jan. 2014.
_MONTH = r"(?P<month>[^\W\d_]{3,})\.?(?:[ /,]{1,3}(?P<again>[^\W\d_]{3,})\.?)?"
_DASH = r"(?: ?[-–—] ?| to | through | по )"
_MONTHS_OF = rf"(?:с |from )?(?P<first>[^\W\d_]{{3,}})\.?{_DASH}(?P<last>[^\W\d_]{{3,}})\.?"
_COUNT_WORD = rf"(?: |-)?(?:{word_of('months_counted')})\.?"
_JOIN = r"(?: of |[ ,./'’-]*)"
_ACROSS = r" ?[/\-\u2010-\u2015\u2212] ?"


def _forms(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in patterns]


_ANNUAL = _forms(rf"(?:cy ?|calendar year )?{_YEAR}")
_QUARTERS = _forms(
    rf"{_PLACE}{_QUARTER_WORD}{_JOIN}{_SHORT_YEAR}{_YEAR_WORD}",
    rf"(?:q|(?:qtr\.?|quarter) ){_PLACE}{_JOIN}{_SHORT_YEAR}",
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
    r"(?P<year>(?:19|20)\d{2})[ ./-](?P<number>0[1-9]|1[0-2])",
)
# A month or a quarter: the frequency says which.
_NUMBERED = re.compile(r"(?P<year>(?:19|20)\d{2})[ ./-](?P<place>[1-9])")
_RANGES = _forms(
    rf"{_MONTHS_OF}{_JOIN}{_YEAR}",
    rf"{_YEAR}{_JOIN}{_MONTHS_OF}",
    rf"(?P<count>[1-9]|1[0-2]){_COUNT_WORD}{_JOIN}{_YEAR}",
    rf"{_YEAR}{_JOIN}(?P<count>[1-9]|1[0-2]){_COUNT_WORD}",
)
_FISCAL_NAME = rf"(?:{word_of('fiscal_year')})\.?"
_FISCAL_WORD = (
    rf"(?:,? ?\(?(?:жж?\.? )?(?:{_FISCAL_NAME}|(?:гг|годы|год|г|жж|жылдар|жыл|ж)\.?)\)?)?"
)
_FISCAL_YEAR = (
    rf"(?:фг|fy|ay|sy|в|за|{_FISCAL_NAME})? ?(?P<year>20\d{{2}}|(?:(?<=fy)|(?<=fy ))\d{{2}})"
    rf"{_ACROSS}(?:20)?(?P<end>\d{{2}}){_FISCAL_WORD}"
)
_FISCAL = _forms(
    _FISCAL_YEAR,
    r"(?:fy|фг) ?(?P<end>\d{2}|20\d{2})",
    rf"(?:{_PLACE}{_QUARTER_WORD}|q(?P<of>[1-4])){_JOIN}{_FISCAL_YEAR}",
    rf"{_FISCAL_YEAR}{_JOIN}(?:{_PLACE}{_QUARTER_WORD}|q(?P<of>[1-4]))",
)

OF_FISCAL_YEAR = ". Of a year that begins elsewhere, declare its month: fiscal_year_start = 9"
_BEFORE = re.compile(
    r"^(?:за|по итогам|на конец|по состоянию на конец|for|end of|at the end of) (?=.*\d)", re.I
)
# 2025E as in financial tables; the Cyrillic letters that look the same as well.
_LETTERED = re.compile(r"(?P<year>(?:19|20)\d{2}) ?(?P<letter>[aаeеpр])", re.IGNORECASE)
_LETTERS = {
    **dict.fromkeys("aа", "normal"),
    **dict.fromkeys("eе", "estimated"),
    **dict.fromkeys("pр", "provisional"),
}


class Span(NamedTuple):
    """The days a period runs over; `counted` where its months were named or counted."""

    first: date
    last: date
    counted: bool = False


@lru_cache(maxsize=4096)
def spanned(text: str, *, fiscal_year_start: int = 1, shown: str = "") -> Span:
    """Return the days that the period named by `text` runs over.

    Parameters
    ----------
    shown
        What the cell holds, for messages, where `text` is not the whole of it.

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
            number = int(place) if place.isdigit() else _PLACES[place]
            if number * months <= 12:
                return _days(_year(match["year"]), (number - 1) * months + 1, months)
    if match := _first(_RANGES, plain):
        from_month, to_month = _months_of(match, shown or text)
        months = to_month - from_month + 1
        return _days(int(match["year"]), from_month, months)._replace(counted=True)
    fiscal = _first(_FISCAL, plain)
    if fiscal and fiscal_year_start != 1 and (runs := _fiscal_days(fiscal, fiscal_year_start)):
        return runs
    if match := _first(_MONTHLY, plain):
        groups = match.groupdict()
        digits, again = groups.get("number"), groups.get("again")
        month = int(digits) if digits else MONTHS.get(groups["month"])
        if month and (not again or MONTHS.get(again) == month):
            return _days(_year(match["year"]), month, 1)
    declare = OF_FISCAL_YEAR if fiscal and fiscal_year_start == 1 else ""
    raise ParseError(*told("no_period", text=shown or text, declare=declare))


def period(
    value: object,
    *,
    frequency: str = "",
    cumulative: bool = False,
    fiscal_year_start: int = 1,
    declared: marks.Declared = marks.NOTHING,
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
    declared
        What the sheet's marks mean: see `marks`.

    Raises
    ------
    ParseError
        ``cell.period-unknown`` or ``cell.period-length``.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        name = _of_day(value, frequency or periods.MONTHLY)
        return Reading(name, *told("read_as_period", day=value, period=name))
    shown = clean(value)
    if len(shown) > parse.LONGEST:
        raise ParseError(*told("too_long_for_period", text=parse.shortened(shown, 80)))
    plain = parse.western(shown)
    marked = marks.taken_off(_YEAR_AND_NOTE.sub(r"\1 \2", plain), declared)
    # A plan's and a forecast's words and marks stay, so that they are not read as facts.
    text, status = _without_words(plain if marked.is_no_figure else marked.text)
    marked = marked._replace(status=min(status, marked.status, key=marks.ORDER.index))
    known = periods.is_period(text) and text[:2] in ("19", "20")
    # 2011-12 is a month, but a year to who writes fiscal years so.
    if known and frequency in ("" if fiscal_year_start == 1 else None, periods.frequency(text)):
        return _read(text, shown, marked)
    if name := _numbered(text, frequency) if fiscal_year_start == 1 else "":
        return _read(name, shown, marked)
    runs = spanned(text, fiscal_year_start=fiscal_year_start, shown=shown)
    name = _fit(runs, frequency, cumulative, fiscal_year_start)
    if not name:
        often, how = (frequency or "regular").replace("_", "-"), "" if cumulative else "not "
        span = {"first": runs.first, "last": runs.last}
        raise ParseError(*told("other_length", text=shown, frequency=often, how=how, **span))
    return _read(name, shown, marked)


def _numbered(text: str, frequency: str) -> str:
    """Return the month or the quarter that a year and one digit name, where it is either."""
    match = _NUMBERED.fullmatch(text)
    if match and frequency == periods.MONTHLY:
        return f"{match['year']}-{int(match['place']):02d}"
    if match and frequency == periods.QUARTERLY and match["place"] in "1234":
        return f"{match['year']}-Q{match['place']}"
    return ""


def _read(name: str, shown: str, marked: marks.WithoutMarks) -> Reading:
    if name == shown:
        return Reading(name)
    if marked.unknown:
        return Reading(name, *marks.not_known(shown, name, marked.unknown), marked.status)
    mark = "" if marked.status == "normal" else f", {marked.status}"
    message = told("period_read", text=shown, period=name, marked=mark)
    return Reading(name, *message, marked.status)


def _without_words(text: str) -> tuple[str, str]:
    """Return a period without the words before it, and the status its letter gives figures."""
    if text.isdecimal():
        return text, "normal"
    plain = _BEFORE.sub("", text)
    if match := _LETTERED.fullmatch(plain):
        return match["year"], _LETTERS[match["letter"].casefold()]
    return plain, "normal"


def _fit(runs: Span, frequency: str, cumulative: bool, fiscal: int) -> str:
    first, last, counted = runs
    if fiscal != 1 and first.month == fiscal and (last - first).days > 360:
        return str(last.year) if frequency in ("", periods.ANNUAL) else ""
    if cumulative and counted and first.month != 1:
        return ""
    # What is counted from January is known by the day it ends; "I кв." alone stays a quarter.
    if cumulative and (counted or frequency):
        of_end = periods.containing(last, frequency or periods.MONTHLY)
        return of_end if periods.end(of_end) == last else ""
    lengths = (periods.MONTHLY, periods.QUARTERLY, periods.HALF_YEARLY, periods.ANNUAL)
    for length in (frequency,) if frequency else lengths:
        name = periods.containing(first, length)
        if (periods.start(name), periods.end(name)) == (first, last):
            return name
    return ""


def _of_day(day: date, frequency: str) -> str:
    name = periods.containing(day, frequency)
    if not EARLIEST <= day <= LATEST:
        raise ParseError(*told("no_day_of_period", day=day))
    if day in (periods.start(name), periods.end(name)):
        return name
    raise ParseError(*told("day_inside_period", day=day))


def _first(forms: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.fullmatch(text))), None)


def _fiscal_days(match: re.Match[str], starts: int) -> Span | None:
    """Return the days of a fiscal year or of its quarter; None if its years do not follow."""
    groups = match.groupdict()
    ends = _year(groups["end"][-2:])
    if groups.get("year") and _year(groups["year"]) != ends - 1:
        return None
    place = groups.get("place") or groups.get("of") or ""
    number = _PLACES.get(place) or int(place or 1)
    months = starts - 1 + 3 * (number - 1)
    first = date(ends - 1 + months // 12, months % 12 + 1, 1)
    months += 3 if place else 12
    after = date(ends - 1 + months // 12, months % 12 + 1, 1)
    return Span(first, after - timedelta(days=1))


def _year(text: str) -> int:
    if len(text) == 2 and 1900 + int(text) >= EARLIEST.year:
        raise ParseError(*told("year_of_two_centuries", year=text))
    return int(text) if len(text) == 4 else 2000 + int(text)


def _months_of(match: re.Match[str], text: str) -> tuple[int, int]:
    groups = match.groupdict()
    if groups.get("count"):
        return 1, int(groups["count"])
    first, last = MONTHS.get(groups["first"]), MONTHS.get(groups["last"])
    if not first or not last or last < first:
        raise ParseError(*told("no_span_of_months", text=text))
    return first, last


def _days(year: int, month: int, months: int) -> Span:
    last = month + months - 1
    return Span(date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))
