"""The UK Prime Minister's Delivery Unit: four points, by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SIGNS, SLACK, alike, coded, graded, method, worse

RATINGS = ("R", "AR", "AG", "G")  # from the worst to the best
_NO_PLAN = "no_plan_for_period"
_REASONS = {"G": "green", "AG": "amber_green", "AR": "amber_red", "R": "red"}


@method(early=True)
def pmdu(
    facts: pd.DataFrame,
    *,
    amber_green: float = -0.05,
    amber_red: float = -0.15,
    ahead: float = 0.15,
    floor: float = 0.1,
) -> pd.DataFrame:
    """Judge on four points, as the UK Prime Minister's Delivery Unit did.

    The score is the deviation from the trajectory as a share of the change planned by
    now, below zero when behind. Green is at risk of nothing, red is off track; amber-green
    and amber-red are both at risk here, and the reason says which it is.

    Parameters
    ----------
    amber_green, amber_red
        Lowest deviations of amber-green and of amber-red; green is from 0.
    ahead
        Deviation above which delivery is ahead of the trajectory.
    floor
        Share of the whole change that counts as planned at least.

    Notes
    -----
    The unit published the four points and no bands: these are ours. The overall rating of
    a priority was a judgement, and is not this: see METHODS.md.
    """
    points = four_point(
        facts, amber_green=amber_green, amber_red=amber_red, ahead=ahead, floor=floor
    )
    places = {"G": "on_track", "AG": "at_risk", "AR": "at_risk", "R": "off_track"}
    status = points["rating"].map(places).fillna("not_judged")
    return graded(points["deviation"], status, points["reason"])


def four_point(
    facts: pd.DataFrame,
    *,
    amber_green: float = -0.05,
    amber_red: float = -0.15,
    ahead: float = 0.15,
    floor: float = 0.1,
    level: tuple[float, float, float] = (1.0, 1.5, 2.0),
) -> pd.DataFrame:
    """Return the rating of each indicator and region on the four points.

    Parameters
    ----------
    facts
        One row per indicator and region, as `facts.facts_of` returns them. With the columns
        ``previous_rating`` and ``common_cause``, a rating stays as it was where the figure
        moved no more than it always does.
    amber_green, amber_red
        Lowest deviations of amber-green and of amber-red; green is from 0.
    ahead
        Deviation above which delivery is ahead.
    floor
        Share of the whole change that counts as planned by now at least.
    level
        For what is to be kept: farthest from the target of green, amber-green and
        amber-red, as multiples of the tolerance.

    Returns
    -------
    DataFrame
        Aligned with `facts`. ``deviation``, a share of the change planned by now, below
        zero when behind, missing for what is to be kept; ``distance`` from the target in
        the indicator's unit, for what is to be kept; ``rating`` of `RATINGS`, empty where
        there is no judgement; ``ahead``; ``held``, where the rating is the previous one;
        ``reason``, a code, those of `status` among them.

    Notes
    -----
    METHODS.md, section 1.2; the unit published the points and no bands. ``d = sign *
    (value - expected) / max(|expected - baseline|, floor * |target - baseline|)``. An
    indicator whose target is its baseline is one to be kept; going beyond it the better
    way is no distance. Nothing missing, outdated or contradictory is rated; its deviation
    is still shown where it can be formed.
    """
    sign = facts["direction"].map(SIGNS).astype("float64")
    base, expected, target, value = (
        facts[name].where(np.isfinite(facts[name]))
        for name in ("baseline_value", "expected_value", "target_value", "value")
    )
    kept = (sign == 0) | alike(base, target)
    whole = (target - base).abs()
    planned = pd.Series(np.maximum((expected - base).abs(), floor * whole), facts.index)
    deviation = sign * (value - expected) / planned.where(~kept & (planned > 0))
    short = (sign * (target - value)).clip(lower=0)
    distance = short.mask(sign == 0, (value - target).abs()).where(kept)

    bands = _banded(deviation, (0.0, amber_green, amber_red))
    near = _banded(-distance, tuple(-facts["tolerance"] * times for times in level))
    # Without a tolerance nothing but the target itself can be told apart from failure.
    vague = kept & (sign != 0) & ~(facts["tolerance"] > 0) & (distance > 0)
    rating = bands.where(~kept, near).mask(vague, "")
    leads = ~kept & (deviation > ahead + SLACK)
    barred = _barred(facts, sign, value, kept, rating)
    rating = rating.mask(barred != "", "")
    rating, held = _held(facts, rating)
    within = coded({"within_tolerance": rating == "G"}, "outside_tolerance")
    reason = ("rated_" + rating.map(_REASONS)).mask(leads, "ahead_of_trajectory")
    reason = reason.mask(kept, within).mask(held, "common_cause")
    return pd.DataFrame(
        {
            "deviation": deviation,
            "distance": distance,
            "rating": rating.astype("str"),
            "reason": reason.mask(barred != "", barred).astype("str"),
            "ahead": leads & (barred == ""),
            "held": held,
        }
    )


def _banded(score: pd.Series, lowest: Sequence[Any]) -> pd.Series[str]:
    """Return the rating by the lowest scores of green, amber-green and amber-red."""
    slack = SLACK * np.maximum(score.abs(), 1)
    steps = zip(("G", "AG", "AR"), lowest, strict=True)
    reached = {name: score >= least - slack for name, least in steps}
    return coded({"": score.isna()} | reached, "R")


def _barred(
    facts: pd.DataFrame, sign: pd.Series, value: pd.Series, kept: pd.Series, rating: pd.Series
) -> pd.Series:
    """Return why a row is not rated, empty where it is."""
    reasons = {
        "no_observation": ~facts["reported"].astype("bool"),
        "value_missing": value.isna(),
        "observation_stale": facts["stale"].astype("bool"),
        "before_baseline": facts["period_end"] < facts["baseline_on"],
        _NO_PLAN: facts["period_end"] == facts["baseline_on"],
        "target_contradicts_direction": worse(
            facts["target_value"], facts["baseline_value"], sign
        ),
        "no_target": facts["target_value"].isna(),
        "no_baseline": ~kept & facts["baseline_value"].isna(),
        "no_trajectory": (sign != 0) & facts["expected_value"].isna(),
        "no_planned_change": rating == "",
    }
    # `status` has one word for a period before the plan begins and for one without a plan.
    return coded(reasons).replace("no_trajectory", _NO_PLAN)


def _held(facts: pd.DataFrame, rating: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the ratings with those put back that moved by common cause only, and which."""
    if not {"previous_rating", "common_cause"} <= set(facts):
        return rating, pd.Series(False, facts.index)
    before = facts["previous_rating"]
    # What is due is due: a missed target is not excused by the noise of its figures.
    running = ~(facts["period_end"] >= facts["target_on"])
    held = running & facts["common_cause"].eq(True) & before.isin(RATINGS)
    held &= rating.isin(RATINGS) & (before != rating)
    return rating.mask(held, before), held
