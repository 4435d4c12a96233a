"""Read one field of all records: names, periods, days, figures, texts, words, flags."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from delivery_analytics.errors import Severity
from delivery_analytics.loading import parse
from delivery_analytics.loading.columns import moments
from delivery_analytics.loading.matching import Names, fold
from delivery_analytics.loading.parse import ParseError, Reading, clean, is_missing
from delivery_analytics.loading.parse_periods import period
from delivery_analytics.loading.records import Column, Records
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Indicator, Registry, Sheet


@dataclass(frozen=True)
class Context:
    """What the records of one sheet are read with.

    `names` holds, by field, the names its cells may be; `sector_id` and `source_id` are
    written into every row.
    """

    registry: Registry
    sheet: Sheet
    names: Mapping[str, Names]
    indicators: Mapping[str, Indicator]
    sector_id: str
    source_id: str


def missing_words(sheet: Sheet) -> frozenset[str]:
    """Return the sheet's words for "no figure", as `parse.is_missing` compares them."""
    return frozenset(word.casefold() for word in sheet.missing)


def in_percent(context: Context, known: Iterable[Indicator | None]) -> list[bool]:
    """Say of each indicator whether its unit is a percentage."""
    units = context.registry.units
    percent = {
        one.id for one in context.indicators.values() if units[one.unit].kind == "percent"
    }
    return [one is not None and one.id in percent for one in known]


def _values(readings: list[Reading | None]) -> list[Any]:
    return [one.value if one is not None else None for one in readings]


def keys(records: Records, context: Context, name: str) -> list[Any]:
    """Read the names that a record cannot do without."""
    if name not in records.fields:
        records.fields[name] = _absent(records)
    merged = records.grid.covered()
    names = context.names[name]

    def find(value: Any, covered: bool) -> Reading:
        if value is None and covered:
            raise ParseError(
                "cell.merged-key",
                f"the {names.what} is in a merged cell above; write it in every row",
            )
        return names.find(value)

    place = records.fields[name]
    variants = (
        [(row, place.column(index)) in merged for index, row in enumerate(records.rows)]
        if merged
        else [False] * len(records)
    )
    return _values(records.read_field(name, find, variants=variants))


def _absent(records: Records) -> Column:
    return Column([None] * len(records), -1)


def regions(records: Records, context: Context) -> list[Any]:
    """Read the region; a sheet without one, or a blank cell, speaks of the country."""
    country = context.registry.country_id
    if "region" not in records.fields:
        return [country] * len(records)

    def find(value: Any, _: Any) -> Reading:
        text = clean(value)
        return context.names["region"].find(text) if text else Reading(country)

    return _values(records.read_field("region", find, note="note"))


def optional_names(records: Records, context: Context, name: str) -> list[Any]:
    if name not in records.fields:
        return [""] * len(records)

    def find(value: Any, _: Any) -> Reading:
        text = clean(value)
        if not text or is_missing(text):
            return Reading("")
        return context.names[name].find(text)

    return _values(records.read_field(name, find, note="note"))


def period_ids(records: Records, context: Context, frequencies: list[str]) -> list[Any]:
    sheet = context.sheet
    if "period" not in records.fields:
        records.fields["period"] = _absent(records)

    def find(value: Any, frequency: str) -> Reading:
        if not clean(value):
            raise ParseError("cell.missing-key", "the period is empty")
        return period(
            value,
            frequency=frequency,
            cumulative=sheet.cumulative,
            fiscal_year_start=sheet.fiscal_year_start,
        )

    # A period in a heading was already read there, and is no surprise in every record.
    in_cells = not isinstance(records.fields["period"].columns, int) or (
        records.fields["period"].columns >= 0
    )
    declared = sheet.wide is not None or sheet.cumulative
    note: Severity = "note" if declared or not in_cells else "warning"
    return _values(records.read_field("period", find, variants=frequencies, note=note))


def ends(period_ids: list[Any]) -> np.ndarray[Any, Any]:
    """Return each period's last day; none where there is no period."""
    last = {period: periods.end(period) for period in set(period_ids) if period}
    return moments(last.get(one) for one in period_ids)


def days(
    records: Records, context: Context, name: str, *, required: bool = False
) -> np.ndarray[Any, Any]:
    if name not in records.fields:
        records.fields[name] = _absent(records)
    order = context.sheet.date_order
    missing = missing_words(context.sheet)

    def find(value: Any, _: Any) -> Reading:
        absent = isinstance(value, str) and is_missing(clean(value), missing)
        reading = Reading(None) if absent else parse.day(value, order=order)
        if reading.value is None:
            if required:
                raise ParseError("cell.missing-key", f"the day ({name}) is empty")
            return Reading(None)
        return reading

    values = _values(records.read_field(name, find))
    return moments(values)


def numbers(
    records: Records,
    context: Context,
    name: str,
    percent: list[bool],
    *,
    required: bool = False,
    optional: bool = False,
) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Read figures, scaled to the unit, and the observation status of each.

    A blank cell of an `optional` figure is no gap, and nobody is told of it.
    """
    if name not in records.fields:
        return np.full(len(records), math.nan), ["missing"] * len(records)
    sheet, spot, grid = context.sheet, records.fields[name], records.grid
    missing = missing_words(sheet)
    styled = [False] * len(records)
    if grid.percent:
        styled = [
            spot.column(i) >= 0 and grid.is_percent(row, spot.column(i))
            for i, row in enumerate(records.rows)
        ]
    if set(map(type, spot.values)) <= {float, int} and not any(styled):
        figures = np.asarray(spot.values, dtype="float64")
        if np.isfinite(figures).all():
            return _scaled(records, name, figures, sheet.scale), ["normal"] * len(records)

    def find(value: Any, variant: tuple[bool, bool]) -> Reading:
        if optional and value is None:
            return Reading(math.nan, status="missing")
        wants_percent, has_percent = variant
        if has_percent and isinstance(value, int | float) and not isinstance(value, bool):
            if not wants_percent:
                raise ParseError(
                    "cell.type-error",
                    f"{value:.10g} is shown as a percentage, but the unit is not one",
                )
            return Reading(round(value * 100, 10))
        reading = parse.number(
            value,
            decimal=sheet.decimal,
            percent=wants_percent,
            suffixes=sheet.suffixes,
            missing=missing,
        )
        if required and math.isnan(reading.value):
            raise ParseError("cell.missing-key", "the figure is empty")
        return reading

    # Where the mark is agreed with the sender, figures typed as text are no surprise.
    note: Severity = "warning" if sheet.decimal == "auto" else "note"
    variants = zip(percent, styled, strict=True)
    readings = records.read_field(name, find, variants=variants, note=note)
    figures = np.array([one.value if one else math.nan for one in readings], dtype="float64")
    status = [one.status if one else "missing" for one in readings]
    return _scaled(records, name, figures, sheet.scale), status


def _scaled(
    records: Records, name: str, figures: np.ndarray[Any, Any], scale: float
) -> np.ndarray[Any, Any]:
    with np.errstate(over="ignore"):
        scaled = figures * scale
    for index in np.flatnonzero(np.isinf(scaled)):
        message = f"{figures[index]:g} times {scale:g} is too large a figure"
        records.tell("cell.not-finite", message, name, int(index), "error")
    return scaled


def texts(records: Records, name: str, *, required: bool = False) -> list[Any]:
    if name not in records.fields:
        if required:
            records.fields[name] = _absent(records)
        else:
            return [""] * len(records)

    def find(value: Any, _: Any) -> Reading:
        text = clean(value)
        if required and not text:
            raise ParseError("cell.missing-key", f"the {name} is empty")
        if parse.has_control(value):
            return Reading(
                text, "cell.control-char", f"{ascii(value)[:80]} holds characters not typed"
            )
        return Reading(text)

    return _values(records.read_field(name, find))


def words(
    records: Records, name: str, meanings: Mapping[str, str], *, optional: bool = False
) -> list[Any]:
    """Read a word among few: a target's kind, a control's type."""
    known = {word: meaning for meaning, words in meanings.items() for word in words.split()}

    def find(value: Any, _: Any) -> Reading:
        first = fold(clean(value)).split(" ")[0]
        if first in known:
            return Reading(known[first])
        if optional and is_missing(first):
            return Reading("")
        raise ParseError(
            "cell.type-error", f"'{clean(value)}' is none of {', '.join(meanings)}"
        )

    if name not in records.fields:
        if optional:
            return [""] * len(records)
        records.fields[name] = _absent(records)
    return _values(records.read_field(name, find))


def flags(records: Records, name: str) -> list[Any]:
    if name not in records.fields:
        return [False] * len(records)
    return _values(records.read_field(name, lambda value, _: parse.flag(value)))
