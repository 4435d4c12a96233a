"""Judge records by what was agreed: sector, plausible range, scale, calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from delivery_analytics.loading.columns import moments
from delivery_analytics.loading.context import Field
from delivery_analytics.loading.fields import FieldReader
from delivery_analytics.loading.remarks import Remark
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Indicator

OUTLIER = 100  # times the target of the same row


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


def percent_mixed(read: FieldReader, name: str, percent: Sequence[bool]) -> Iterator[Remark]:
    """Refuse a figure up to 1 beside figures in percent style: it can be either."""
    shown = read.shown_as_percent(name) if read.has(name) else []
    if not any(shown):
        return
    rows = zip(read.records.fields[name].values, shown, percent, strict=True)
    for index, (value, is_shown, is_percent) in enumerate(rows):
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if is_percent and not is_shown and plain and 0 < abs(value) <= 1:
            message = (
                f"{value:g} stands beside figures in percent style: is it {value:g} % or "
                f"{value * 100:g} %? Give the whole column one style"
            )
            yield Remark("value.percent-ambiguous", message, name, index)


def within(figures: Field, name: str, most: float) -> Iterator[Remark]:
    """Refuse a figure that cannot be true: it is from nought to `most`."""
    for index in np.flatnonzero((figures.values < 0) | (figures.values > most)):
        wanted = "0 or more" if np.isinf(most) else f"from 0 to {most:g}"
        message = f"{figures.values[index]:.10g} cannot be; {name} is {wanted}"
        yield Remark("cell.out-of-range", message, name, int(index))
