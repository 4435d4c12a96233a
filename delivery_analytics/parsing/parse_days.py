"""Read the text of a cell as a day, in whatever form of three languages."""

import re
from datetime import date, datetime, timedelta

from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.parse import ParseError, Reading, clean, is_missing, refuse_long
from delivery_analytics.parsing.vocabulary import VOCABULARY

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_EPOCH = date(1899, 12, 30)

_MONTHS = enumerate(VOCABULARY["months"], 1)
MONTHS = {form: number for number, forms in _MONTHS for form in forms.split()}


def day(value: object, *, order: str = "") -> Reading:
    """Return the day a cell holds, as written: a time zone never moves it.

    Parameters
    ----------
    order
        ``dmy`` or ``mdy`` where agreed with the sender; without it a date such as
        03/04/2024 is refused, because it is two days.

    Raises
    ------
    ParseError
        ``cell.type-error``, ``cell.date-ambiguous`` or ``value.date-range``.
    """
    if isinstance(value, date):
        of_day = value.date() if isinstance(value, datetime) else value
        return _in_range(of_day, clean(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(float(value))
    text = clean(value)
    refuse_long(text, "a date")
    if not text or is_missing(text):
        return Reading(None, *told("no_date"), "missing")
    written = _in_range(_day_from_text(text.casefold(), text, order), text)
    if text == written.value.isoformat():
        return written
    return Reading(written.value, *told("date_as_text", text=text, day=written.value))


def _from_serial(serial: float) -> Reading:
    if not serial.is_integer() or not (
        (EARLIEST - _EPOCH).days <= serial <= (LATEST - _EPOCH).days
    ):
        raise ParseError(*told("no_date_at_all", text=clean(serial)))
    meant = _EPOCH + timedelta(days=int(serial))
    return Reading(meant, *told("date_without_format", text=clean(serial), day=meant))


def _in_range(of_day: date, text: str) -> Reading:
    if not EARLIEST <= of_day <= LATEST:
        years = {"first": EARLIEST.year, "last": LATEST.year}
        raise ParseError(*told("outside_years", text=text, **years))
    return Reading(of_day)


_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z| ?[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_DOTTED = re.compile(
    rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}|\d{{2}})(?:{_TIME}| ?(?:г|ж|года|жыл)\.?)"
)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[./](\d{{1,2}})[./](\d{{1,2}}){_TIME}")
_WORDED = re.compile(
    r"«?(\d{1,2})»?(?:st|nd|rd|th)?(?: of)?[ -]([^\W\d_]+)\.?,?[ -](\d{4}|\d{2})"
    r"(?: ?(?:г|года|ж|жыл|жылы)\.?)?"
)
_ENGLISH = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_KAZAKH = re.compile(r"(\d{4}) ?(?:ж|жыл|жылғы|жылдың)\.? (\d{1,2}) ([^\W\d_]+)\.?")


def _day_from_text(text: str, shown: str, order: str) -> date:
    if match := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[2], match[3], shown)
    if match := _DOTTED.fullmatch(text):
        return _date(match[3], match[2], match[1], shown)
    # 25/03/31 begins with its year in some countries: two digits need the order agreed.
    match = _SLASHED.fullmatch(text)
    if match and (order or len(match[3]) == 4):
        first, second = int(match[1]), int(match[2])
        if order == "mdy" or (not order and second > 12):
            return _date(match[3], match[1], match[2], shown)
        if order == "dmy" or first > 12 or first == second:
            return _date(match[3], match[2], match[1], shown)
        raise ParseError(*told("two_days", text=shown, first=first, second=second))
    for pattern, places in ((_WORDED, (3, 2, 1)), (_ENGLISH, (3, 1, 2)), (_KAZAKH, (1, 3, 2))):
        if (match := pattern.fullmatch(text)) and (month := MONTHS.get(match[places[1]])):
            return _date(match[places[0]], str(month), match[places[2]], shown)
    raise ParseError(*told("not_a_date", text=shown))


def _date(year: str, month: str, of_month: str, shown: str) -> date:
    if len(year) == 2 and 1900 + int(year) >= EARLIEST.year:
        raise ParseError(*told("two_centuries", text=shown, year=year))
    year = year if len(year) == 4 else f"20{year}"
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise ParseError(*told("no_such_day", text=shown)) from None
