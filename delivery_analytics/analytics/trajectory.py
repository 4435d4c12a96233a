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
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SERIES, SLACK
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Registry


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
    return _expected(_neighbours(points, targets), kinds).set_axis(points.index)


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
    found = _neighbours(points, targets)
    starts = {name: pd.Timestamp(periods.start(name)) for name in points["period"].unique()}
    first = points["period"].map(starts).reset_index(drop=True)
    at_end = _expected(found, kinds)
    exact = found["due_on_after"] == found["period_end"]
    due, kind, value = (
        found[f"{name}_after"].where(exact, found[f"{name}_before"])
        for name in ("due_on", "kind", "value")
    )
    own = at_end.mask(exact & (kind == "baseline"))
    own = own.mask((due >= first) & (kind != "baseline"), value)
    return pd.DataFrame({"expected": at_end, "planned": own}).set_axis(points.index)


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
    latest: pd.DataFrame = rows.sort_values(["set_on", "due_on"], kind="stable")
    return latest.drop_duplicates(SERIES, keep="last").sort_values(SERIES, ignore_index=True)


def _nodes(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the promises that the paths pass through by day, superseded ones left out."""
    rows = targets[np.isfinite(targets["value"])]
    rows = rows.sort_values(["due_on", "set_on"], kind="stable")
    rows = rows.drop_duplicates([*SERIES, "due_on"], keep="last")
    promised = targets[targets["kind"] == "final"]
    newest = promised.groupby(SERIES)["set_on"].transform("max")
    withdrawn = promised[promised["set_on"] < newest]
    ends = {"from": baseline(targets), "until": final(targets), "was": final(withdrawn)}
    for name, known in ends.items():
        names = {column: f"{name}_{column}" for column in ("due_on", "set_on", "value")}
        end = known[[*SERIES, *names]].rename(columns=names)
        rows = rows.merge(end, on=SERIES, how="left", validate="many_to_one")
    due, kind, goal = rows["due_on"], rows["kind"], rows["until_value"]
    inside = ~(due < rows["from_due_on"]) & ~(due > rows["until_due_on"])
    old_baseline = (kind == "baseline") & (due != rows["from_due_on"])
    # A final target of an earlier agreement is withdrawn when the end moves; one agreed
    # on the same day as the end is a step on the way to it.
    earlier = rows["set_on"] < rows["until_set_on"]
    old_final = (kind == "final") & earlier
    # Where the path leads: from its baseline; without one, to the end that was withdrawn.
    way = (goal - rows["from_value"]).fillna(rows["was_value"] - rows["value"])
    beyond = np.sign(way) * (rows["value"] - goal) > SLACK * goal.abs()
    outdone = (kind == "interim") & earlier & beyond
    kept: pd.DataFrame = rows[inside & ~old_baseline & ~old_final & ~outdone]
    return kept[[*SERIES, "due_on", "kind", "value"]].reset_index(drop=True)


def _neighbours(points: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return each point, in order, with what its path promises before its day, and from it on.

    ``period_end``, and ``due_on, kind, value`` with ``_before`` and ``_after``, missing where
    there is no such promise.
    """
    nodes = _nodes(targets)
    nodes = nodes.assign(path=nodes.groupby(SERIES).ngroup())
    nodes = nodes.sort_values(["path", "due_on"], ignore_index=True)
    found = points[[*SERIES, "period_end"]].reset_index(drop=True)
    paths = nodes[[*SERIES, "path"]].drop_duplicates()
    path = found.merge(paths, on=SERIES, how="left", validate="many_to_one")["path"]
    path = path.where(found["period_end"].notna()).fillna(-1).astype("int64")
    sought = _keys(path, found["period_end"])
    at = np.searchsorted(_keys(nodes["path"], nodes["due_on"]), sought)
    for end, places in (("before", at - 1), ("after", at)):
        there = nodes.reindex(places).set_axis(found.index)
        own = there[["due_on", "kind", "value"]].where(there["path"] == path)
        found = found.join(own.add_suffix(f"_{end}"))
    return found


def _keys(path: pd.Series[int], day: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Return one sortable number of a path's and of a day: 28 bits hold any day there is."""
    days = day.to_numpy("datetime64[D]").astype(np.int64)
    return (path.to_numpy(np.int64) << 28) + np.where(day.isna(), 0, days)


def _expected(found: pd.DataFrame, kinds: Mapping[str, str]) -> pd.Series[float]:
    """Return the path's value at the end of each point's period; see `_neighbours`."""
    day, left, right = (found[name] for name in ("period_end", "due_on_before", "due_on_after"))
    before, after = found["value_before"], found["value_after"]
    share = (day - left).dt.days / (right - left).dt.days
    # Weighted this way round, a flat stretch stays flat and huge values do not overflow.
    line = before.where(before == after, before * (1 - share) + after * share)
    opening = left.isna() & (day.dt.year == right.dt.year) & (found["kind_after"] != "baseline")
    step = after.where(right.notna() & (left.notna() | opening))
    value = line.mask(found["indicator_id"].map(kinds) == "stepwise", step)
    value = value.mask(right == day, after)
    ended = right.isna() & (found["kind_before"] == "final")
    return value.mask(ended, before).rename(None).astype("float64")
