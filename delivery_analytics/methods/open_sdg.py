"""Progress of an indicator by its growth a year, as Open SDG measures it."""

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SIGNS, coded, graded, method

PROGRESS = (
    *("target_achieved", "substantial_progress", "moderate_progress", "limited_progress"),
    *("deterioration", "not_available"),
)
_NOUGHT = 0.001  # stands for a base or target of zero, of which no growth can be formed
_CURVE = 4.44  # how a natural limit slows the growth that can be expected
_SHARES = (0.95, 0.60, 0.0)  # of the growth that the target needs
_RATES = (0.015, 0.005, 0.0)  # of growth a year, where there is no target


def progress_score(series: pd.DataFrame) -> pd.DataFrame:
    """Return the progress of each series from its base to its current year.

    With a target, progress is the growth a year that was reached over the growth a year
    that the target needs, 1.0 being just enough. Without one it is the growth a year
    itself, 0.01 being one per cent. Both are above zero for movement the right way.

    Parameters
    ----------
    series
        One row per series: ``base_value, base_year, current_value, current_year``,
        ``target, target_year`` (missing where there is none), ``direction`` (1 where more
        is better, -1 where less is) and ``limit``, a natural limit such as 100 per cent.

    Returns
    -------
    DataFrame
        ``progress``, missing where none can be formed; ``status`` of `PROGRESS`; ``score``
        from -5 to 5, missing where the status is ``not_available``. Aligned with `series`.

    Notes
    -----
    Open SDG's progress measure, https://open-sdg.readthedocs.io/en/latest/progress/. A
    base or target of zero counts as 0.001. Nothing is said of a series that changed its
    sign, or that has no full year between base and current.
    """
    numbers = series[["base_value", "current_value", "target", "limit"]].astype("float64")
    base, target = (numbers[name].replace(0.0, _NOUGHT) for name in ("base_value", "target"))
    current, limit = numbers["current_value"], numbers["limit"]
    sign, turned = series["direction"].astype("float64"), np.where(base < 0, -1.0, 1.0)
    years = series["current_year"] - series["base_year"]
    known = base.notna() & current.notna() & (years >= 1) & (base * current >= 0)
    aimed = known & target.notna()

    grown = growth(current, base, years.where(known))
    needed = growth(target, base, (series["target_year"] - series["base_year"]).where(aimed))
    by_target = turned * sign * grown / needed.abs().where(needed != 0)
    progress = (turned * sign * grown).mask(aimed, by_target)
    factor = _limit_factor(base, limit).where(~aimed, 1.0)

    thresholds = [
        pd.Series(np.where(aimed, share, rate * factor), index=series.index)
        for share, rate in zip(_SHARES, _RATES, strict=True)
    ]
    reached = aimed & (sign * current >= sign * target)
    at_limit = known & ~aimed & (factor == 0) & (progress >= 0)
    levels = zip(PROGRESS[1:4], thresholds, strict=True)
    status = coded(
        {"target_achieved": reached, "not_available": progress.isna()}
        | {name: progress >= threshold for name, threshold in levels},
        "deterioration",
    )
    score = _target_score(progress).where(aimed, _rate_score(progress, factor))
    score = score.mask(reached | at_limit, 5.0).where(status != "not_available")
    return pd.DataFrame({"progress": progress, "status": status, "score": score})


def indicator_score(scores: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the mean score of each indicator's series, and its status.

    Parameters
    ----------
    scores
        What `progress_score` returned, with the column `by`.

    Returns
    -------
    DataFrame
        ``[by], score, status, scored, series``. An indicator has achieved its target only
        when all its series have; without a score it is ``not_available``.
    """
    groups = scores.assign(met=scores["status"] == "target_achieved").groupby(by, sort=True)
    table = groups.agg(
        score=("score", "mean"),
        scored=("score", "count"),
        series=("status", "size"),
        met=("met", "all"),
    ).reset_index()
    score = table["score"]
    status = coded(
        {
            "target_achieved": table["met"],
            "not_available": score.isna(),
            "substantial_progress": score >= 2.5,
            "moderate_progress": score >= 0,
            "limited_progress": score >= -2.5,
        },
        "deterioration",
    )
    return table.assign(status=status)[[by, "score", "status", "scored", "series"]]


def growth(later: pd.Series, earlier: pd.Series, years: pd.Series) -> pd.Series:
    """Return the growth a year, as a share; missing where signs differ."""
    ratio = (later / earlier).where(lambda r: r >= 0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        grown = ratio ** (1 / years.where(years > 0)) - 1
    # One to the power of nothing is one: without a year there is no growth all the same.
    return grown.where(np.isfinite(grown) & (years > 0))


def _limit_factor(base: pd.Series, limit: pd.Series) -> pd.Series:
    """Return how much of the usual growth can be expected so near to a natural limit."""
    size, end = base.abs(), limit.abs()
    below = 1 - (size / end) ** _CURVE
    above = 1 - ((2 * end - size) / end).where(size < 2 * end) ** _CURVE
    factor = below.where(size <= end, above).mask(size >= 2 * end, 1.0)
    return factor.where(limit.notna() & (end > 0), 1.0)


def _target_score(progress: pd.Series) -> pd.Series:
    better = (7.1429 * progress - 4.2857).clip(upper=5)
    return better.where(progress >= _SHARES[1], (4.1667 * progress - 2.5).clip(lower=-5))


def _rate_score(progress: pd.Series, factor: pd.Series) -> pd.Series:
    slowed = progress / factor.where(factor > 0)
    score = (500 * slowed - 2.5).mask(slowed >= _RATES[1], 250 * slowed - 1.25)
    score = score.mask(slowed >= _RATES[0], (500 * slowed - 5).clip(upper=5))
    return score.mask(progress < 0, (125 * progress - 2.5).clip(lower=-5))


@method(against="target_value", early=True)
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
    progress = progress_score(series)
    level = progress["status"].where(facts["target_value"].notna(), "not_available")
    places = {
        "target_achieved": "on_track",
        "substantial_progress": "on_track",
        "moderate_progress": "at_risk",
        "not_available": "not_judged",
    }
    status = level.map(places).fillna("off_track")
    reason = coded(
        {
            "no_target": facts["target_value"].isna(),
            "no_baseline": facts["baseline_value"].isna(),
            "no_growth": status == "not_judged",
            "target_reached": level == "target_achieved",
        }
    )
    reason = reason.where(reason != "", "progress_" + level.str.removesuffix("_progress"))
    return graded(progress["score"], status, reason)
