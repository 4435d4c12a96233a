"""Judge records by what was agreed: unit, sector, plausible range, scale, calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from delivery_analytics.loading.columns import moments
from delivery_analytics.loading.fields import Field, FieldReader
from delivery_analytics.loading.matching import unit_names
from delivery_analytics.loading.parse import ParseError, Reading, clean
from delivery_analytics.loading.remarks import Remark
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Indicator

OUTLIER = 100  # times the target of the same row


def units(read: FieldReader, known: Sequence[Indicator | None]) -> Sequence[Remark]:
    """Refuse a unit that is not the one agreed, and remark one that nobody knows."""
    if not read.has("unit"):
        return ()
    names = unit_names(read.context.registry)

    def find(value: Any, unit_id: str) -> Reading:
        if not clean(value) or not unit_id:
            return Reading(unit_id)
        # A raised 2, as in km², may be an agreed name's plain one.
        meant = names.meanings(value) or names.meanings(_level(clean(value)))
        if not meant:
            message = f"'{clean(value)}' is no unit we know{names.near(clean(value))}"
            return Reading(unit_id, "cell.unit-unknown", message)
        if unit_id not in meant:
            message = f"the unit is '{clean(value)}', but '{unit_id}' was agreed"
            raise ParseError("cell.unit-mismatch", message)
        return Reading(unit_id)

    agreed = [indicator.unit if indicator else "" for indicator in known]
    return read.field("unit", find, variants=agreed).remarks


def _level(text: str) -> str:
    return text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def sector(read: FieldReader) -> Sequence[Remark]:
    """Refuse a sector that is none."""
    if not read.has("sector"):
        return ()
    names = read.context.names["sector"]
    return read.field("sector", lambda value, _: names.find(value), note="note").remarks


def future(period: Field, reported: Field) -> Iterator[Remark]:
    """Refuse a figure for a period that had not begun when it was reported."""
    first = {name: periods.start(name) for name in set(period.values) if name}
    starts = moments(map(first.get, period.values))
    for index in np.flatnonzero(starts > reported.values):
        day = reported.values[index].item().date()
        message = f"{period.values[index]} had not begun on {day}"
        yield Remark("value.date-future", message, "period", int(index))


def plausible(known: Sequence[Indicator | None], value: Field) -> Iterator[Remark]:
    """Refuse a figure that its indicator cannot be."""
    bounds = {indicator.plausible for indicator in known if indicator is not None}
    if not any(bound is not None for pair in bounds for bound in pair):
        return
    low = np.array([_bound(indicator, 0, -math.inf) for indicator in known])
    high = np.array([_bound(indicator, 1, math.inf) for indicator in known])
    with np.errstate(invalid="ignore"):
        outside = (value.values < low) | (value.values > high)
    for index in np.flatnonzero(outside):
        message = (
            f"{value.values[index]:.10g} lies outside {low[index]:g} to {high[index]:g}, what "
            "this indicator can be"
        )
        yield Remark("cell.constraint-error", message, "value", int(index))


def _bound(indicator: Indicator | None, side: int, default: float) -> float:
    bound = indicator.plausible[side] if indicator else None
    return default if bound is None else bound


def scale(
    value: np.ndarray[Any, Any], target: np.ndarray[Any, Any], percent: list[bool]
) -> Iterator[Remark]:
    """Refuse a share beside a percentage, and remark a figure far beyond its target."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.array(percent) & (value > 0) & (value <= 1) & (target > 1)
        share &= (value * 100 > target / 4) & (value * 100 < target * 4)
        far = (np.abs(value) >= OUTLIER * np.abs(target)) & (target != 0)
    for index in np.flatnonzero(share):
        message = (
            f"{value[index]:g} beside a target of {target[index]:g} %: is it "
            f"{value[index]:g} % or {value[index] * 100:g} %?"
        )
        yield Remark("value.percent-ambiguous", message, "value", int(index))
    for index in np.flatnonzero(far):
        message = (
            f"{value[index]:.10g} is over {OUTLIER} times the target of {target[index]:.10g}"
        )
        yield Remark("value.outlier", message, "value", int(index), "warning")


def within(figures: Field, name: str, most: float) -> Iterator[Remark]:
    """Refuse a figure that cannot be true: it is from nought to `most`."""
    for index in np.flatnonzero((figures.values < 0) | (figures.values > most)):
        wanted = "0 or more" if np.isinf(most) else f"from 0 to {most:g}"
        message = f"{figures.values[index]:.10g} cannot be; {name} is {wanted}"
        yield Remark("cell.out-of-range", message, name, int(index))
