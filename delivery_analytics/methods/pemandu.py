"""Scores of Malaysia's PEMANDU: three methods for one indicator, and their means together."""

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SLACK, coded, graded, method

# Lowest percentages of green and of yellow; `gtp` wants more than its yellow's.
PRESETS = {"etp2012": (100.0, 50.0, True), "gtp": (90.0, 50.0, False)}


def scores(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the three scores of each indicator.

    Parameters
    ----------
    facts
        ``value`` and ``target_value``, ``direction`` (``increase`` or ``decrease``) and
        ``baseline_value``, missing where there is none.

    Returns
    -------
    DataFrame
        ``method_1``, per cent of the target, not capped; ``method_2``, capped at 100;
        ``method_3``, 1 where the target is met, 0.5 from half of it, 0 below; ``basis``,
        how the per cent was formed: ``ratio`` (actual over target), ``improvement`` (the
        share of the way from baseline to target, where less is better), ``inverse``
        (target over actual, where less is better and there is no baseline) or ``met``
        (a target of zero, met or not: no per cent). Missing, never 0, where the value is
        missing or below zero. Aligned with `facts`.

    Notes
    -----
    The scorecard of the Economic Transformation Programme's annual report of 2012. What
    it leaves open is settled so: exactly the target is met, exactly half of it is half.
    """
    value, target = facts["value"], facts["target_value"]
    base = facts["baseline_value"]
    falls = facts["direction"] == "decrease"
    counted = value.notna() & (value >= 0) & target.notna()
    ratio = 100 * value / target.where(target > 0)
    way = (base - target).where(base > target)
    improvement = 100 * (base - value) / way
    inverse = (100 * target / value.where(value > 0)).where(target > 0)
    by_way = falls & way.notna()
    percent = ratio.mask(falls, inverse).mask(by_way, improvement).clip(lower=0)
    percent = percent.where(counted & np.isfinite(percent))
    nought = counted & (target == 0) & ~by_way
    percent = percent.where(~nought)
    whole, half = percent >= 100 - SLACK, percent >= 50 - SLACK
    third = (whole.astype("float64") + half) / 2
    third = third.where(percent.notna()).mask(nought, (value == 0).astype("float64"))
    return pd.DataFrame(
        {
            "method_1": percent,
            "method_2": percent.clip(upper=100),
            "method_3": third,
            "basis": coded({"met": nought, "improvement": by_way, "inverse": falls}, "ratio"),
        }
    )


def as_published(percent: pd.Series) -> pd.Series:
    """Return percentages as published: whole numbers, a half rounded up."""
    return pd.Series(np.floor(percent + 0.5), percent.index)


def light(percent: pd.Series, *, preset: str = "gtp") -> pd.Series:
    """Return the published light of each per cent, empty where there is none.

    ``etp2012`` is green from the target and yellow from half of it; ``gtp`` is green from
    90 per cent and yellow above 50.
    """
    green, yellow, reached = PRESETS[preset]
    half = percent >= yellow if reached else percent > yellow
    lights = {"": percent.isna(), "green": percent >= green, "yellow": half}
    return coded(lights, "red")


def composite(scores: pd.DataFrame, *, by: str, weight: str | None = None) -> pd.DataFrame:
    """Return the means of the scores of each key result area, or programme.

    Parameters
    ----------
    scores
        What `scores` returned, with the column `by`.
    weight
        A column of weights; equal ones by default.

    Returns
    -------
    DataFrame
        ``[by], method_1, method_2, method_3`` in per cent, ``scored`` and ``total``: of how
        many indicators. Methods 1 and 2 belong together: a large gap between them is one
        indicator that ran away.
    """
    rows = scores.assign(
        method_3=100 * scores["method_3"],
        weight=scores[weight] if weight else 1.0,
        scored=scores["method_3"].notna(),
    )
    out = rows.groupby(by, sort=True).agg(scored=("scored", "sum"), total=("scored", "size"))
    for name in ("method_1", "method_2", "method_3"):
        weights = rows["weight"].where(rows[name].notna())
        sums = (rows[name] * weights).groupby(rows[by], sort=True).sum(min_count=1)
        out[name] = sums / weights.groupby(rows[by], sort=True).sum(min_count=1)
    columns = [by, "method_1", "method_2", "method_3", "scored", "total"]
    return out.reset_index()[columns]


@method(against="plan_value", early=True)
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


@method(against="plan_value", early=True)
def pemandu_2(
    facts: pd.DataFrame, *, green: float = 90.0, yellow: float = 50.0
) -> pd.DataFrame:
    """Judge by PEMANDU's method 2: per cent of the period's target, at most 100."""
    return _pemandu(facts, "method_2", green, yellow)


@method(against="plan_value", early=True)
def pemandu_3(
    facts: pd.DataFrame, *, green: float = 90.0, yellow: float = 50.0
) -> pd.DataFrame:
    """Judge by PEMANDU's method 3: 1 when the target is met, 0.5 from half of it, or 0."""
    return _pemandu(facts, "method_3", green, yellow)


def _pemandu(facts: pd.DataFrame, name: str, green: float, yellow: float) -> pd.DataFrame:
    plan = facts["plan_value"]
    table = scores(facts.assign(target_value=plan))
    percent, nought = table["method_1"], table["basis"] == "met"
    met = nought & (table["method_3"] == 1)
    status = coded(
        {
            "not_judged": percent.isna() & ~nought,
            "on_track": (percent >= green - SLACK) | met,
            "at_risk": percent > yellow + SLACK,
        },
        "off_track",
    )
    reason = coded(
        {
            "no_plan_for_period": plan.isna(),
            "zero_plan": status == "not_judged",
            "plan_met": (percent >= 100 - SLACK) | met,
            "plan_nearly_met": status != "off_track",
        },
        "plan_missed",
    )
    return graded(table[name], status, reason)
