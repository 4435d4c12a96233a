"""Methods of other delivery units: UK's PMDU, Malaysia's PEMANDU, Open SDG."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics import assessment, pemandu, progress
from delivery_analytics.methods.register import SIGNS, SLACK, graded, method


@method()
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
    found = assessment.four_point(
        facts, amber_green=amber_green, amber_red=amber_red, ahead=ahead, floor=floor
    )
    places = {"G": "on_track", "AG": "at_risk", "AR": "at_risk", "R": "off_track"}
    status = found["rating"].map(places).fillna("not_judged")
    return graded(found["deviation"], status, found["reason"])


@method(against="plan_value")
def pemandu_1(
    facts: pd.DataFrame, *, green: float = 90.0, yellow: float = 50.0
) -> pd.DataFrame:
    """Judge by PEMANDU's method 1: per cent of the period's target, not capped.

    Parameters
    ----------
    green, yellow
        Lowest per cent of green, and the one that yellow must exceed: the preset ``gtp``.
        The Economic Transformation Programme of 2012 was green from 100.
    """
    return _pemandu(facts, "method_1", green, yellow)


@method(against="plan_value")
def pemandu_2(
    facts: pd.DataFrame, *, green: float = 90.0, yellow: float = 50.0
) -> pd.DataFrame:
    """Judge by PEMANDU's method 2: per cent of the period's target, at most 100."""
    return _pemandu(facts, "method_2", green, yellow)


@method(against="plan_value")
def pemandu_3(
    facts: pd.DataFrame, *, green: float = 90.0, yellow: float = 50.0
) -> pd.DataFrame:
    """Judge by PEMANDU's method 3: 1 when the target is met, 0.5 from half of it, or 0."""
    return _pemandu(facts, "method_3", green, yellow)


def _pemandu(facts: pd.DataFrame, name: str, green: float, yellow: float) -> pd.DataFrame:
    plan = facts["plan_value"]
    scores = pemandu.score(facts.assign(target_value=plan))
    percent, met = scores["method_1"], scores["method_3"]
    nought = scores["basis"] == "met"
    status = np.select(
        [
            nought & (met == 1),
            nought & (met == 0),
            percent.isna(),
            percent >= green - SLACK,
            percent > yellow + SLACK,
        ],
        ["on_track", "off_track", "not_judged", "on_track", "at_risk"],
        default="off_track",
    )
    reason = np.select(
        [
            plan.isna(),
            status == "not_judged",
            (percent >= 100 - SLACK) | (nought & (met == 1)),
            status != "off_track",
        ],
        ["no_plan_for_period", "zero_plan", "plan_met", "plan_nearly_met"],
        default="plan_missed",
    )
    return graded(scores[name], status, reason)


@method(against="target_value")
def open_sdg(facts: pd.DataFrame) -> pd.DataFrame:
    """Judge by growth a year against the growth that the final target needs.

    The score is Open SDG's, from -5 to 5; 2.5 is substantial progress. Substantial
    progress is on track, moderate progress at risk, limited progress and deterioration off
    track. Only whole calendar years count.
    """
    known = facts[["baseline_on", "period_end", "target_on"]].notna().all(axis=1)
    series = pd.DataFrame(
        {
            "base_value": facts["baseline_value"].where(known),
            "base_year": facts["baseline_on"].dt.year,
            "current_value": facts["value"],
            "current_year": facts["period_end"].dt.year,
            "target": facts["target_value"],
            "target_year": facts["target_on"].dt.year,
            "direction": facts["direction"].map(SIGNS),
            "limit": np.nan,
        }
    )
    found = progress.open_sdg(series)
    judged = found["status"].where(facts["target_value"].notna(), "not_available")
    places = {
        "target_achieved": "on_track",
        "substantial_progress": "on_track",
        "moderate_progress": "at_risk",
        "not_available": "not_judged",
    }
    status = judged.map(places).fillna("off_track")
    reason = np.select(
        [
            facts["target_value"].isna(),
            facts["baseline_value"].isna(),
            status == "not_judged",
            judged == "target_achieved",
        ],
        ["no_target", "no_baseline", "no_growth", "target_reached"],
        default="progress_" + judged.str.removesuffix("_progress"),
    )
    return graded(found["score"], status, reason)
