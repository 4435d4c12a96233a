"""Read cells as their sheet declares: its decimal mark, words for no figure, calendar."""

import fnmatch
from collections.abc import Callable, Iterable
from functools import partial

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.remarks import told
from delivery_analytics.model.registry import Sheet
from delivery_analytics.parsing import parse, parse_days, parse_deadlines, parse_periods
from delivery_analytics.parsing.parse import Reading

DEADLINES = ("due_on", "due_on_original", "expected_on", "end_on")


def encoding_of(file: str, sheets: Iterable[Sheet]) -> str:
    """Return the codec that the layouts for a file give it; "" where none does.

    Raises
    ------
    SourceError
        ``csv.encoding``, where they give it several.
    """
    given = {
        sheet.encoding
        for sheet in sheets
        if sheet.encoding and any(fnmatch.fnmatch(file, pattern) for pattern in sheet.files)
    }
    if len(given) > 1:
        raise SourceError(
            [Problem(*told("encodings", given=" and ".join(sorted(given))), file)]
        )
    return next(iter(given), "")


def missing_words(sheet: Sheet) -> frozenset[str]:
    """Return the sheet's words for "no figure", as `parse.is_missing` compares them."""
    return frozenset(word.casefold() for word in sheet.missing)


def number_reader(sheet: Sheet) -> Callable[..., Reading]:
    """Return `parse.number` with what the sheet declares.

    It also takes `multiplied`: a unit or a scale counts in thousands or so already, and a
    figure with a word for its size would be counted twice.
    """
    words = missing_words(sheet)
    number = partial(
        parse.number,
        decimal=sheet.decimal,
        suffixes=sheet.suffixes,
        missing=words,
        declared=sheet.marks,
        # Behind money, and where sizes are read, a letter may be one: 1.2b is a milliard.
        letters=sheet.table == "observations" and not sheet.suffixes,
    )

    def read(value: object, *, percent: bool = False, multiplied: bool = False) -> Reading:
        twice = multiplied and sheet.suffixes and isinstance(value, str)
        if twice and parse.split_suffix(text := parse.clean(value))[1] != 1:
            raise parse.ParseError(*told("sized_twice", text=text))
        return number(value, percent=percent)

    return read


def period_reader(sheet: Sheet) -> Callable[..., Reading]:
    """Return `parse_periods.period` with what the sheet declares."""
    return partial(
        parse_periods.period,
        cumulative=sheet.cumulative,
        fiscal_year_start=sheet.fiscal_year_start,
        declared=sheet.marks,
    )


def day_reader(sheet: Sheet, name: str) -> Callable[..., Reading]:
    """Return how a field's days are read; a deadline may be given as a period."""
    if name not in DEADLINES:
        return partial(parse_days.day, order=sheet.date_order)
    order, start = sheet.date_order, sheet.fiscal_year_start
    return partial(parse_deadlines.deadline, order=order, fiscal_year_start=start)
