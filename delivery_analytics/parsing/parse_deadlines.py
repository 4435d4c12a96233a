"""Read the text of a cell as a deadline: a day, or the last day of a period."""

from __future__ import annotations

import re
from datetime import date

from delivery_analytics.parsing.parse import ParseError, Reading, clean, western
from delivery_analytics.parsing.parse_days import EARLIEST, LATEST, day
from delivery_analytics.parsing.parse_periods import spanned

# "до 2025 года" may end before the year or with it, and is refused; "до конца 2025 года" not.
_UP_TO_DAY = re.compile(r"^(?:до|не позднее|к|by|before|until|no later than) |(?: дейін)$")
_UP_TO_END = re.compile(
    r"^(?:(?:до|к) конц[ау]|в течение|в|на|(?:by |until |before )?(?:the )?end of|during|in) "
    r"|(?: (?:соңына дейін|аяғына дейін|соңы|аяғы|ішінде))$"
)


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
        if (plain := _UP_TO_DAY.sub("", text)) != text and any(map(str.isdecimal, plain)):
            try:
                meant = day(plain, order=order).value
            except ParseError as other:
                if other.code != "cell.type-error":
                    raise
            else:
                return Reading(meant, "cell.date-as-text", f"'{shown}' was read as {meant}")
        try:
            return _last_of(_UP_TO_END.sub("", text), shown, fiscal_year_start)
        except ParseError:
            raise error from None


def _is_year(value: object) -> bool:
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return whole and value in range(EARLIEST.year, LATEST.year + 1)


def _last_of(text: str, shown: str, fiscal_year_start: int) -> Reading:
    last: date = spanned(text.removesuffix(".0"), fiscal_year_start=fiscal_year_start).last
    message = f"'{shown}' is a period; its last day, {last}, is the deadline"
    return Reading(last, "cell.date-as-text", message)
