"""Judge records by what was agreed: unit, sector, plausible range, scale, calendar."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from delivery_analytics.loading.columns import moments
from delivery_analytics.loading.fields import Context
from delivery_analytics.loading.matching import unit_names
from delivery_analytics.loading.parse import ParseError, Reading, clean
from delivery_analytics.loading.records import Records
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Indicator

OUTLIER = 100  # times the target of the same row


def units(records: Records, context: Context, known: list[Indicator | None]) -> None:
    if "unit" not in records.fields:
        return
    names = unit_names(context.registry)

    def find(value: Any, unit_id: str) -> Reading:
        if not clean(value) or not unit_id:
            return Reading(unit_id)
        meant = names.meanings(value)
        if not meant:
            message = f"'{clean(value)}' is no unit we know{names.near(clean(value))}"
            return Reading(unit_id, "cell.unit-unknown", message)
        if unit_id not in meant:
            raise ParseError(
                "cell.unit-mismatch",
                f"the unit is '{clean(value)}', but '{unit_id}' was agreed",
            )
        return Reading(unit_id)

    records.read_field("unit", find, variants=[one.unit if one else "" for one in known])


def sector(records: Records, context: Context) -> None:
    if "sector" in records.fields:
        names = context.names["sector"]
        records.read_field("sector", lambda value, _: names.find(value), note="note")


def future(records: Records, period: list[Any], reported: np.ndarray[Any, Any]) -> None:
    """Refuse a figure for a period that had not begun when it was reported."""
    first = {one: periods.start(one) for one in set(period) if one}
    starts = moments(first.get(one) for one in period)
    for index in np.flatnonzero(starts > reported):
        records.tell(
            "value.date-future",
            f"{period[index]} had not begun on {reported[index].item().date()}",
            "period",
            int(index),
            "error",
        )


def plausible(
    records: Records, known: list[Indicator | None], value: np.ndarray[Any, Any]
) -> None:
    bounds = {one.id: one.plausible for one in known if one is not None}
    if not any(bound is not None for pair in bounds.values() for bound in pair):
        return
    low = np.array([_bound(one, 0, -math.inf) for one in known])
    high = np.array([_bound(one, 1, math.inf) for one in known])
    with np.errstate(invalid="ignore"):
        outside = (value < low) | (value > high)
    for index in np.flatnonzero(outside):
        records.tell(
            "cell.constraint-error",
            f"{value[index]:.10g} lies outside {low[index]:g} to {high[index]:g}, what this "
            "indicator can be",
            "value",
            int(index),
            "error",
        )


def _bound(indicator: Indicator | None, side: int, default: float) -> float:
    bound = indicator.plausible[side] if indicator else None
    return default if bound is None else bound


def scale(
    records: Records,
    value: np.ndarray[Any, Any],
    target: np.ndarray[Any, Any],
    percent: list[bool],
) -> None:
    """Refuse a share beside a percentage, and remark a figure far beyond its target."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.array(percent) & (value > 0) & (value <= 1) & (target > 1)
        share &= (value * 100 > target / 4) & (value * 100 < target * 4)
        far = (np.abs(value) >= OUTLIER * np.abs(target)) & (target != 0)
    for index in np.flatnonzero(share):
        records.tell(
            "value.percent-ambiguous",
            f"{value[index]:g} beside a target of {target[index]:g} %: is it "
            f"{value[index]:g} % or {value[index] * 100:g} %?",
            "value",
            int(index),
            "error",
        )
    for index in np.flatnonzero(far):
        records.tell(
            "value.outlier",
            f"{value[index]:.10g} is over {OUTLIER} times the target of {target[index]:.10g}",
            "value",
            int(index),
            "warning",
        )
