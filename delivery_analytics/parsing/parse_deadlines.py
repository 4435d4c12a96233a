"""Read the text of a cell as a deadline: a day, or the last day of a period."""

import re
from datetime import date

from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.parse import ParseError, Reading, clean, western
from delivery_analytics.parsing.parse_days import EARLIEST, LATEST, MONTHS, day
from delivery_analytics.parsing.parse_periods import OF_FISCAL_YEAR, spanned
from delivery_analytics.parsing.vocabulary import VOCABULARY

_AROUND = VOCABULARY["deadline"]
_LEAD, _UNTIL, _WITHIN, _END, _ALL = (
    f"(?:{'|'.join(_AROUND[part])})" for part in ("lead", "until", "within", "end", "inclusive")
)
_ABOUT_DAY = re.compile(
    rf"^(?:{_LEAD} )?(?:(?:{_UNTIL}|{_WITHIN}) )?(?:the )?"
    rf"|(?:{_AROUND['kazakh_until']}|,? {_ALL})$"
)
_ABOUT_PERIOD = re.compile(
    rf"^(?:{_LEAD} )?(?:(?:(?:{_UNTIL}|{_WITHIN}) )?{_END}[ -]"
    rf"|{_UNTIL} (?=.* {_ALL}$)|{_WITHIN} (?:the )?)?|(?:{_AROUND['kazakh_end']}|,? {_ALL})$"
)
_OPEN = re.compile(rf"^(?:{_LEAD} )?{_UNTIL} |{_AROUND['kazakh_until']}$")
# "Mar 25" is a month, or a day without its year; "Mar-25" is how spreadsheets show a month.
_MONTH_AND_TWO_DIGITS = re.compile(r"([a-z]{3,})\.? (?:[12]?\d|3[01])")


def deadline(value: object, *, order: str = "", fiscal_year_start: int = 1) -> Reading:
    """Return the day on which a deadline ends; of a period, its last day, and said so.

    Parameters
    ----------
    order
        ``dmy`` or ``mdy``, as for `parse_days.day`.
    fiscal_year_start
        First month of the sender's fiscal year.

    Raises
    ------
    ParseError
        As `parse_days.day` does.
    """
    if _is_year(value):
        return _last_of(str(value), clean(value), fiscal_year_start)
    try:
        return day(value, order=order)
    except ParseError as error:
        if not isinstance(value, str) or error.code != "cell.type-error":
            raise
        shown = clean(value)
        text = western(shown).casefold()
        plain = _ABOUT_DAY.sub("", text)
        month = _MONTH_AND_TWO_DIGITS.fullmatch(plain)
        if month and month[1] in MONTHS:
            raise ParseError(*told("month_or_day", text=shown)) from None
        try:
            meant = day(plain, order=order).value if plain != text and plain else None
        except ParseError as other:
            if other.code != "cell.type-error":
                raise
            meant = None
        if meant:
            return Reading(meant, *told("read_as_day", text=shown, day=meant))
        try:
            return _last_of(_ABOUT_PERIOD.sub("", text), shown, fiscal_year_start)
        except ParseError as other:
            if "Expected" not in str(error):
                raise error from None
            is_open = _OPEN.search(text) and any(map(str.isdecimal, text))
            declare = OF_FISCAL_YEAR if str(other).endswith(OF_FISCAL_YEAR) else ""
            case = "deadline_open" if is_open else "no_deadline"
            raise ParseError(*told(case, text=shown, why=error, declare=declare)) from None


def _is_year(value: object) -> bool:
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return whole and value in range(EARLIEST.year, LATEST.year + 1)


def _last_of(text: str, shown: str, fiscal_year_start: int) -> Reading:
    last: date = spanned(text.removesuffix(".0"), fiscal_year_start=fiscal_year_start).last
    return Reading(last, *told("last_of_period", text=shown, day=last))
