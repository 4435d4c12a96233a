"""Read cells as their sheet declares: its decimal mark, words for no figure, calendar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from delivery_analytics.loading import parse, parse_periods
from delivery_analytics.loading.parse import Reading
from delivery_analytics.model.registry import Sheet


def missing_words(sheet: Sheet) -> frozenset[str]:
    """Return the sheet's words for "no figure", as `parse.is_missing` compares them."""
    return frozenset(word.casefold() for word in sheet.missing)


def number_reader(sheet: Sheet) -> Callable[..., Reading]:
    """Return `parse.number` with what the sheet declares."""
    return partial(
        parse.number,
        decimal=sheet.decimal,
        suffixes=sheet.suffixes,
        missing=missing_words(sheet),
        declared=sheet.marks,
        # Behind money, and where sizes are read, a letter may be one: 1.2b is a milliard.
        letters=sheet.table == "observations" and not sheet.suffixes,
    )


def period_reader(sheet: Sheet) -> Callable[..., Reading]:
    """Return `parse_periods.period` with what the sheet declares."""
    return partial(
        parse_periods.period,
        cumulative=sheet.cumulative,
        fiscal_year_start=sheet.fiscal_year_start,
        declared=sheet.marks,
    )
