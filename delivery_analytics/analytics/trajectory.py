"""The planned path of every indicator, and what it expects on a day.

A path runs from the baseline through the interim targets to the final target. Between
them an indicator is either ``straight``, in equal steps a day, or ``stepwise``, where a
published value is the plan of the whole stretch that ends on the day it is due: the
Kazakhstan decomposition, in which a year's plan is the value due at that year's end.

Where targets moved, the latest promise counts: the baseline and the final target that
were set last, and every interim target between the two. An earlier interim target that
asks for more than a final target set since was lowered with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from delivery_analytics.methods.base import SERIES, SLACK
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Registry

# A group's number and a day share one sortable integer: 24 bits hold any day a table can.
_DAY_BITS = 24
_NO_DAY = np.iinfo(np.int64).min

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


def kinds_of(registry: Registry) -> dict[str, str]:
    """Return indicator → ``straight`` or ``stepwise``, as the sectors define it."""
    return {name: indicator.trajectory for name, indicator in registry.indicators.items()}


def baseline(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the baseline in force: rows of `targets`, one per indicator and region."""
    return _in_force(targets, "baseline")


def final(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the final target in force: rows of `targets`, one per indicator and region."""
    return _in_force(targets, "final")


def expected(
    points: pd.DataFrame, targets: pd.DataFrame, *, kinds: Mapping[str, str]
) -> pd.Series[float]:
    """Return what the path expects at the end of each point's period.

    Parameters
    ----------
    points
        One row per figure, with ``indicator_id``, ``region_id`` and ``period_end``.
    targets
        The `targets` table as known on a day.
    kinds
        Indicator → ``straight`` or ``stepwise``; see `kinds_of`.

    Returns
    -------
    Series of float
        In the indicator's unit, aligned with `points`. From the day the final target is
        due it is the final value. Missing before the baseline, after the last promise of
        a path that has no final target, and where the region has no path.

    Notes
    -----
    Straight paths count days, so a leap year is one day longer than its neighbours.
    A stepwise path without a baseline begins on 1 January of its first target's year.
    """
    path = _Path.of(targets)
    values = path.at(points, path.numbers(points), kinds)
    return pd.Series(values, index=points.index, dtype="float64")


def planned(
    points: pd.DataFrame, targets: pd.DataFrame, *, kinds: Mapping[str, str]
) -> pd.Series[float]:
    """Return the plan of each point's own period.

    It is the value due within the period, the last one where there are several, and
    otherwise what the path expects at the period's end. A baseline is not a plan, so it
    is missing up to the baseline's day, that day included.

    Parameters
    ----------
    points
        As for `expected`, with ``period`` too.
    """
    return expected_and_planned(points, targets, kinds=kinds)["planned"].rename(None)


def expected_and_planned(
    points: pd.DataFrame, targets: pd.DataFrame, *, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Return `expected` and `planned` under these names, aligned with `points`, in one pass."""
    path = _Path.of(targets)
    starts = {p: np.datetime64(periods.start(p), "D") for p in points["period"].unique()}
    first = points["period"].map(starts).to_numpy("datetime64[D]").astype(np.int64)
    number = path.numbers(points)
    due, at_end = path.last_due(points, number, first), path.at(points, number, kinds)
    own = np.where(due.is_plan, due.value, np.where(due.is_base, np.nan, at_end))
    return pd.DataFrame({"expected": at_end, "planned": own}, points.index, dtype="float64")


def corners(targets: pd.DataFrame, *, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return the corners of each path, one row per indicator, region and day.

    Straight lines between the corners draw the path, whichever kind it is: a stepwise one
    has a corner on the first and on the last day of every step.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, period_end, expected_value``; the value in the
        indicator's unit.
    """
    nodes = _nodes(targets)
    stepwise = nodes["indicator_id"].map(kinds) == "stepwise"
    begins = nodes.groupby(SERIES)["due_on"].shift() + pd.Timedelta(days=1)
    opening = nodes["due_on"].dt.to_period("Y").dt.start_time
    begins = begins.fillna(opening.where(nodes["kind"] != "baseline"))
    steps = nodes.assign(due_on=begins)[stepwise & (begins < nodes["due_on"])]
    points = pd.concat([nodes, steps]).rename(
        columns={"due_on": "period_end", "value": "expected_value"}
    )[[*SERIES, "period_end", "expected_value"]]
    return points.sort_values([*SERIES, "period_end"], ignore_index=True)


def _in_force(targets: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = targets[(targets["kind"] == kind) & np.isfinite(targets["value"])]
    latest: pd.DataFrame = rows.sort_values([*SERIES, "set_on", "due_on"], kind="stable")
    return latest.drop_duplicates(SERIES, keep="last", ignore_index=True)


def _nodes(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the promises that the paths pass through, superseded ones left out."""
    rows = targets[np.isfinite(targets["value"])]
    rows = rows.sort_values([*SERIES, "due_on", "set_on"], kind="stable")
    rows = rows.drop_duplicates([*SERIES, "due_on"], keep="last")
    promised = targets[targets["kind"] == "final"]
    newest = promised.groupby(SERIES)["set_on"].transform("max")
    withdrawn = promised[promised["set_on"] < newest]
    for name, among, kind in (
        ("from", targets, "baseline"),
        ("until", targets, "final"),
        ("was", withdrawn, "final"),
    ):
        ends = _in_force(among, kind)[[*SERIES, "due_on", "set_on", "value"]]
        ends = ends.set_axis([*SERIES, name, f"{name}_set", f"{name}_value"], axis=1)
        rows = rows.merge(ends, on=SERIES, how="left", validate="many_to_one")
    due, kind, final = rows["due_on"], rows["kind"], rows["until_value"]
    inside = ~(due < rows["from"]) & ~(due > rows["until"])
    old_baseline = (kind == "baseline") & (due != rows["from"])
    # A final target of an earlier agreement is withdrawn when the end moves; one agreed
    # on the same day as the end is a step on the way to it.
    earlier = rows["set_on"] < rows["until_set"]
    old_final = (kind == "final") & earlier
    # Where the path leads: from its baseline; without one, to the end that was withdrawn.
    way = (final - rows["from_value"]).fillna(rows["was_value"] - rows["value"])
    beyond = np.sign(way) * (rows["value"] - final) > SLACK * final.abs()
    outdone = (kind == "interim") & earlier & beyond
    kept: pd.DataFrame = rows[inside & ~old_baseline & ~old_final & ~outdone]
    return kept[[*SERIES, "due_on", "kind", "value"]].reset_index(drop=True)


class _Found(NamedTuple):
    """For each point: its neighbours on the path, and whether they are its own path's."""

    left: _Ints
    right: _Ints
    has_left: _Flags
    has_right: _Flags
    exact: _Flags


class _Due(NamedTuple):
    """For each point: is a promise due in its period, is its end the baseline's day."""

    is_plan: _Flags
    is_base: _Flags
    value: _Floats


class _Path(NamedTuple):
    """All paths as flat arrays sorted by path and day, searched for many points at once."""

    nodes: pd.DataFrame
    key: _Ints
    day: _Ints
    value: _Floats
    kind: npt.NDArray[Any]

    @classmethod
    def of(cls, targets: pd.DataFrame) -> _Path:
        nodes = _nodes(targets)
        number: _Ints = nodes.groupby(SERIES, sort=False).ngroup().to_numpy().astype(np.int64)
        day = _days(nodes["due_on"])
        order = np.argsort(_keys(number, day), kind="stable")
        return cls(
            nodes.assign(path=number).iloc[order],
            _keys(number, day)[order],
            day[order],
            nodes["value"].to_numpy(np.float64)[order],
            nodes["kind"].to_numpy(object)[order],
        )

    def at(self, points: pd.DataFrame, number: _Ints, kinds: Mapping[str, str]) -> _Floats:
        """Return the path's value at each point's ``period_end``; see `numbers`."""
        if not len(self.key):
            return np.full(len(points), np.nan)
        day = _days(points["period_end"])
        found = self._find(number, day)
        stepwise = (points["indicator_id"].map(kinds) == "stepwise").to_numpy(np.bool_)
        value = np.where(stepwise, self._step(found, day), self._line(found, day))
        value = np.where(found.exact, self.value[found.right], value)
        ended = found.has_left & ~found.has_right & (self.kind[found.left] == "final")
        return np.where(ended, self.value[found.left], value)

    def last_due(self, points: pd.DataFrame, number: _Ints, first: _Ints) -> _Due:
        """Find the last value due from the day `first` to ``period_end``."""
        if not len(self.key):
            nothing = np.zeros(len(points), dtype=np.bool_)
            return _Due(nothing, nothing, np.full(len(points), np.nan))
        day = _days(points["period_end"])
        at = np.searchsorted(self.key, _keys(number, day), side="right") - 1
        node = np.maximum(at, 0)
        same = (at >= 0) & (number >= 0) & (self.key[node] >> _DAY_BITS == number)
        within = same & (day != _NO_DAY) & (self.day[node] >= first)
        is_base = self.kind[node] == "baseline"
        return _Due(
            within & ~is_base, same & is_base & (self.day[node] == day), self.value[node]
        )

    def numbers(self, points: pd.DataFrame) -> _Ints:
        """Return the number of each point's path, -1 where it has none."""
        known = self.nodes.drop_duplicates(SERIES)[[*SERIES, "path"]]
        joined = points[SERIES].merge(known, on=SERIES, how="left", validate="many_to_one")
        return joined["path"].fillna(-1).to_numpy(np.int64)

    def _find(self, number: _Ints, day: _Ints) -> _Found:
        key = _keys(number, day)
        at = np.searchsorted(self.key, key, side="left")
        right, left = np.minimum(at, len(self.key) - 1), np.maximum(at - 1, 0)
        on_path = (number >= 0) & (day != _NO_DAY)
        has_right = on_path & (at < len(self.key)) & (self.key[right] >> _DAY_BITS == number)
        has_left = on_path & (at > 0) & (self.key[left] >> _DAY_BITS == number)
        return _Found(left, right, has_left, has_right, has_right & (self.key[right] == key))

    def _line(self, found: _Found, day: _Ints) -> _Floats:
        before, after = self.value[found.left], self.value[found.right]
        between = found.has_left & found.has_right
        length = np.where(between, self.day[found.right] - self.day[found.left], 1)
        share = np.where(between, day - self.day[found.left], 0) / length
        # Weighted this way round, a flat stretch stays flat and huge values do not overflow.
        line = np.where(before == after, before, before * (1 - share) + after * share)
        return np.where(between, line, np.nan)

    def _step(self, found: _Found, day: _Ints) -> _Floats:
        due_year = self.day[found.right].astype("datetime64[D]").astype("datetime64[Y]")
        same_year = day.astype("datetime64[D]").astype("datetime64[Y]") == due_year
        opening = ~found.has_left & same_year & (self.kind[found.right] != "baseline")
        holds = found.has_right & (found.has_left | opening)
        return np.where(holds, self.value[found.right], np.nan)


def _days(days: pd.Series[Any]) -> _Ints:
    """Return days since 1970 as integers, `_NO_DAY` where missing."""
    return days.to_numpy("datetime64[D]").astype(np.int64)


def _keys(number: _Ints, day: _Ints) -> _Ints:
    bounded = np.clip(day, -(1 << (_DAY_BITS - 1)), (1 << (_DAY_BITS - 1)) - 1)
    keys: _Ints = (number << _DAY_BITS) + bounded + (1 << (_DAY_BITS - 1))
    return keys
