"""Delivered against promised: a share of the planned change, or of the period's plan."""

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import (
    SIGNS,
    SLACK,
    alike,
    banded,
    coded,
    graded,
    method,
    worse,
)


@method()
def share_of_planned_change(
    facts: pd.DataFrame,
    *,
    on_track: float = 0.95,
    at_risk: float = 0.85,
    ahead: float = 1.15,
    floor: float = 0.1,
) -> pd.DataFrame:
    """Judge by the share of the change planned by now that has been delivered.

    The score is 1.0 exactly on the trajectory, 0.0 without movement from the baseline,
    and below zero for movement the wrong way; it reads the same whether an indicator
    should rise or fall. It is missing where a number is missing, and where baseline and
    target are the same: there is no share of nothing.

    Parameters
    ----------
    on_track, at_risk, ahead
        Lowest scores of the statuses; above `ahead` delivery is ahead of the trajectory.
    floor
        Share of the whole change, baseline to target, that counts as planned at least, so
        that an early or flat stretch does not turn a small difference into a large score.

    Notes
    -----
    ``1 + direction * (value - expected) / max(|expected - baseline|, floor * |target -
    baseline|)``. Where the floor does not bind and the path leads in the indicator's
    direction this is delivered over planned change, the linear form of the
    compound-growth ratio in Open SDG's progress measure,
    https://open-sdg.readthedocs.io/en/latest/progress/. Being linear, it needs no special
    case for a baseline or target of zero. Floor and bands: METHODS.md.
    """
    sign = facts["direction"].map(SIGNS).astype("float64")
    base, expected, target = (
        facts[f"{name}_value"] for name in ("baseline", "expected", "target")
    )
    least = floor * (target - base).abs()
    planned = pd.Series(np.maximum((expected - base).abs(), least), index=facts.index)
    changes = ~alike(target, base) & (planned > 0) & np.isfinite(planned)
    score = 1 + sign * (facts["value"] - expected) / planned.where(changes)
    status = banded(score, on_track=on_track, at_risk=at_risk)
    reason = coded(
        {
            "no_target": target.isna(),
            "no_baseline": base.isna(),
            "no_plan_for_period": expected.isna(),
            "no_planned_change": score.isna(),
            "ahead_of_trajectory": score > ahead + SLACK,
            "on_trajectory": status == "on_track",
            "against_direction": worse(facts["value"], base, sign),
        },
        "below_trajectory",
    )
    return graded(score, status, reason)


@method(against="plan_value")
def kz_plan_execution(
    facts: pd.DataFrame,
    *,
    on_track: float = 100.0,
    at_risk: float = 90.0,
    index_on_track: float = 0.0,
    index_at_risk: float = -1.0,
) -> pd.DataFrame:
    """Judge by the execution of the period's plan, as Kazakhstan's programmes report it.

    The score is a percentage, ``100 * fact / plan`` where more is better and ``100 * plan
    / fact`` where less is. Growth indices (a unit of kind ``index``, 105.4 meaning +5.4 %)
    are compared by difference: their score is in percentage points, fact less plan, the
    sign turned where less is better. It is missing where the plan is missing, zero or
    negative: such a plan can be missed all the same; and where less is better and nothing
    is left to reduce: that plan is met.

    Parameters
    ----------
    on_track, at_risk
        Lowest percentages of the statuses.
    index_on_track, index_at_risk
        The same for indices, in percentage points.

    Notes
    -----
    METHODS.md, indicator decomposition.
    """
    sign = facts["direction"].map(SIGNS).astype("float64")
    fact, plan = facts["value"], facts["plan_value"]
    index = facts["unit_kind"] == "index"
    nothing_left = (sign < 0) & (fact <= 0) & (plan > 0) & ~index
    percent = (100 * fact / plan.where(plan > 0)).where(
        sign > 0, 100 * plan.where(plan > 0) / fact.where(fact > 0)
    )
    score = percent.mask(index, sign * (fact - plan))
    status = banded(score, on_track=on_track, at_risk=at_risk)
    of_index = banded(score, on_track=index_on_track, at_risk=index_at_risk)
    status = status.mask(index, of_index).mask(nothing_left, "on_track")
    status = status.mask((status == "not_judged") & worse(fact, plan, sign), "off_track")
    reason = coded(
        {
            "no_plan_for_period": plan.isna(),
            "zero_plan": status == "not_judged",
            "plan_met": status == "on_track",
            "plan_nearly_met": status == "at_risk",
        },
        "plan_missed",
    )
    return graded(score, status, reason)


def within_tolerance(facts: pd.DataFrame) -> pd.DataFrame:
    """Judge indicators that should keep their level, whichever method judges the others.

    On track up to the tolerance from the target, at risk up to twice the tolerance, in
    the indicator's own unit. There is no score. Where there is no target to keep, the
    level is that planned for the figure's own period.
    """
    value, tolerance = facts["value"], facts["tolerance"]
    target = facts["target_value"].fillna(facts["plan_value"])
    distance = (value - target).abs()
    slack = SLACK * np.maximum(value.abs(), target.abs())
    status = coded(
        {
            "not_judged": distance.isna(),
            "on_track": distance <= tolerance + slack,
            "at_risk": distance <= 2 * tolerance + slack,
        },
        "off_track",
    )
    reasons = {"no_target": target.isna(), "within_tolerance": status == "on_track"}
    reason = coded(reasons, "outside_tolerance")
    return graded(pd.Series(np.nan, index=facts.index), status, reason)
