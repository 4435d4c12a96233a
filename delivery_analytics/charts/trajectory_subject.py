"""One indicator in one region, as a chart along time needs it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from delivery_analytics.analytics import status
from delivery_analytics.analytics import trajectory as paths
from delivery_analytics.charts import common, drawing
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Unit
from delivery_analytics.wording.numbers import is_currency

DOUBTFUL = ("unreliable", "marked")
UNSETTLED = ("provisional", "estimated", "bounded", *DOUBTFUL)


@dataclass(frozen=True)
class Subject:
    """An indicator's definition, its rows in one region, and the judgement on it.

    Attributes
    ----------
    observed
        One row a day, earliest first: rows of `observations`, with ``segment``, the
        number of the unbroken run a figure belongs to, and ``expected``, the path that day.
    targets
        The promises the path passes through, in the order they are due.
    corners
        The path; see `trajectory.corners`.
    verdict
        Its row of `assessments`; nothing where it was not judged.
    """

    indicator: Indicator
    unit: Unit
    region: str
    observed: pd.DataFrame
    targets: pd.DataFrame
    corners: pd.DataFrame
    verdict: dict[str, Any] | None

    @property
    def seen(self) -> pd.DataFrame:
        """The rows with a value."""
        return self.observed[self.observed["value"].notna()]

    @property
    def last(self) -> pd.Series[Any] | None:
        """The latest row with a value."""
        return None if self.seen.empty else self.seen.iloc[-1]

    @property
    def goals(self) -> pd.DataFrame:
        """The promises still to be kept when they were made: all but the baseline."""
        return self.targets[self.targets["kind"] != "baseline"]

    @property
    def band(self) -> tuple[float, float] | None:
        """The lowest and the highest value that keep the level, of one that is to be kept."""
        final = self.goals[self.goals["kind"] == "final"]["value"]
        if self.indicator.direction != "maintain" or final.empty:
            return None
        level, room = float(final.iloc[-1]), self.indicator.tolerance
        low, high = self.indicator.plausible
        return (
            max(level - room, -math.inf if low is None else low),
            min(level + room, math.inf if high is None else high),
        )

    @property
    def status(self) -> str:
        return str(self.verdict["status"]) if self.verdict else "not_judged"

    @property
    def kinds(self) -> dict[str, str]:
        """How its path runs, as `trajectory` asks for it."""
        return {self.indicator.id: self.indicator.trajectory}

    @property
    def power(self) -> int:
        """The power of ten its axis counts in: amounts of money are long."""
        if not is_currency(self.unit):
            return 0
        return drawing.power_of([*self.observed["value"], *self.targets["value"]])

    def periods(self) -> list[str]:
        """Return every period of its frequency, from the first day it has to the last."""
        days = pd.concat([self.observed["period_end"], self.targets["due_on"]])
        freq = self.indicator.frequency
        first, last = (periods.containing(d.date(), freq) for d in (days.min(), days.max()))
        return periods.span(first, last)


def subject_of(
    data: Dataset, indicator_id: str, *, region_id: str | None, assessments: pd.DataFrame | None
) -> Subject:
    """Gather one indicator in one region, the nation if none is named.

    Figures for periods that had not ended by ``data.as_of`` are left out, as they are
    when it is judged. Without that day nothing is judged here.
    """
    region = data.registry.at(region_id)[0]
    narrow = data.where(indicator_id=indicator_id, region_id=region)
    indicator = data.registry.indicators[indicator_id]
    observed = common.finite(narrow.observations, "value")
    if data.as_of is not None:
        observed = observed[observed["period_end"] <= pd.Timestamp(data.as_of)]
    corners = paths.corners(narrow.targets, kinds=paths.kinds_of(narrow.registry))
    if assessments is None and data.as_of is not None:
        assessments = status.assess(narrow)
    observed = _one_a_day(observed, indicator.frequency)
    kinds = {indicator.id: indicator.trajectory}
    targets = _in_force(narrow.targets, corners)
    expected = paths.expected(observed, narrow.targets, kinds=kinds)
    if indicator.direction == "maintain" and (targets["kind"] == "final").any():
        corners = _level(corners, observed)
        expected = pd.Series(float(corners["expected_value"].iloc[-1]), observed.index)
    return Subject(
        indicator,
        data.registry.units[indicator.unit],
        region,
        observed.assign(expected=expected),
        targets,
        corners,
        _verdict(assessments, indicator_id, region),
    )


def _level(corners: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Return the path of a level to be kept: the last target, on the first and the last day."""
    days = pd.concat([corners["period_end"], observed["period_end"]])
    level = corners.iloc[[-1, -1]].reset_index(drop=True)
    return level.assign(period_end=[days.min(), days.max()])


def _one_a_day(observed: pd.DataFrame, frequency: str) -> pd.DataFrame:
    """Return one row a day, the one of the indicator's own frequency, and its segment.

    A segment ends at a missing value, and where the next period is not the following one.
    """
    own = observed["period"].map(periods.frequency) == frequency
    rows = observed.assign(own=own).sort_values(["period_end", "own"], kind="stable")
    rows = rows.drop_duplicates("period_end", keep="last", ignore_index=True)
    breaks = rows["value"].isna() | common.line_breaks(rows["period"], rows["period"].shift())
    return rows.drop(columns="own").assign(segment=breaks.cumsum())


def _in_force(targets: pd.DataFrame, corners: pd.DataFrame) -> pd.DataFrame:
    key = ["due_on", "value"]
    points = corners.set_axis(["indicator_id", "region_id", *key], axis=1)[key]
    rows = targets.merge(points.drop_duplicates(), on=key, how="inner", validate="many_to_one")
    rows = rows.sort_values(["due_on", "set_on"], kind="stable")
    return rows.drop_duplicates("due_on", keep="last", ignore_index=True)


def _verdict(
    assessments: pd.DataFrame | None, indicator_id: str, region: str
) -> dict[str, Any] | None:
    if assessments is None:
        return None
    rows = assessments[
        (assessments["indicator_id"] == indicator_id) & (assessments["region_id"] == region)
    ]
    return None if rows.empty else {str(k): v for k, v in rows.iloc[-1].items()}
