"""The UK unit's assessment framework: people's ratings, a suggestion, and their record.

`four_point` rates a deviation from the trajectory by arithmetic. All else here is about
ratings that people give, which no arithmetic replaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.model.dataset import Dataset

RATINGS = ("R", "AR", "AG", "G")  # from the worst to the best
CHALLENGES = ("L", "M", "H", "VH")
STAGES = ("1", "2", "3", "4")
DIMENSIONS = ("challenge", "planning", "capacity", "stage", "performance", "likelihood")
_HARDER = {name: place for place, name in enumerate(CHALLENGES)}
_NOTCH = {name: place for place, name in enumerate(RATINGS, start=1)}
_SIGNS = {"increase": 1.0, "decrease": -1.0, "maintain": 0.0}
_SLACK = 1e-9
_NO_PLAN = "no_plan_for_period"
_REASONS = {"G": "green", "AG": "amber_green", "AR": "amber_red", "R": "red"}


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
        One row per indicator and region, as `facts.gather` returns them. With the columns
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
    sign = facts["direction"].map(_SIGNS).astype("float64")
    base, expected, target, value = (
        facts[name].where(np.isfinite(facts[name]))
        for name in ("baseline_value", "expected_value", "target_value", "value")
    )
    kept = (sign == 0) | (base == target)
    whole = (target - base).abs()
    planned = pd.Series(np.maximum((expected - base).abs(), floor * whole), facts.index)
    deviation = sign * (value - expected) / planned.where(~kept & (planned > 0))
    short = (sign * (target - value)).clip(lower=0)
    distance = short.mask(sign == 0, (value - target).abs()).where(kept)

    bands = pd.Series(_banded(deviation, (0.0, amber_green, amber_red)), facts.index)
    near = _banded(-distance, tuple(-(facts["tolerance"] * one) for one in level))
    # Without a tolerance nothing but the target itself can be told apart from failure.
    vague = kept & (sign != 0) & ~(facts["tolerance"] > 0) & (distance > 0)
    rating = bands.where(~kept, near).mask(vague, "")
    leads = ~kept & (deviation > ahead + _SLACK)
    barred = _barred(facts, sign, value, kept, rating)
    rating = rating.mask(barred != "", "")
    rating, held = _held(facts, rating)
    within = pd.Series(np.where(rating == "G", "within_tolerance", "outside_tolerance"))
    reason = ("rated_" + rating.map(_REASONS)).mask(leads, "ahead_of_trajectory")
    reason = reason.mask(kept, within.set_axis(facts.index)).mask(held, "common_cause")
    found = {"rating": rating, "reason": reason.mask(barred != "", barred)}
    return pd.DataFrame(
        {
            "deviation": deviation,
            "distance": distance,
            **{name: codes.astype("str") for name, codes in found.items()},
            "ahead": leads & (barred == ""),
            "held": held,
        }
    )


def _banded(score: pd.Series, lowest: Sequence[Any]) -> Any:
    """Return the rating by the lowest scores of green, amber-green and amber-red."""
    slack = _SLACK * np.maximum(score.abs(), 1)
    reached = [score.isna(), *(score >= one - slack for one in lowest)]
    return np.select(reached, ["", "G", "AG", "AR"], default="R")


def _barred(
    facts: pd.DataFrame, sign: pd.Series, value: pd.Series, kept: pd.Series, rating: pd.Series
) -> pd.Series:
    """Return why a row is not rated, empty where it is."""
    planned = facts["target_value"] - facts["baseline_value"]
    reasons = {
        "no_observation": ~facts["reported"].astype("bool"),
        "value_missing": value.isna(),
        "observation_stale": facts["stale"].astype("bool"),
        "before_baseline": facts["period_end"] < facts["baseline_on"],
        _NO_PLAN: facts["period_end"] == facts["baseline_on"],
        "target_contradicts_direction": sign * planned < 0,
        "no_target": facts["target_value"].isna(),
        "no_baseline": ~kept & facts["baseline_value"].isna(),
        "no_trajectory": (sign != 0) & facts["expected_value"].isna(),
        "no_planned_change": rating == "",
    }
    codes = np.select(list(reasons.values()), list(reasons), default="")
    # `status` has one word for a period before the plan begins and for one without a plan.
    return pd.Series(codes, facts.index, dtype="str").replace("no_trajectory", _NO_PLAN)


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


def rated(data: Dataset, facts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `framework` of the judgements known on ``data.as_of``.

    Parameters
    ----------
    facts
        As for `four_point`: where it is given, an indicator's ``deviation`` of today stands
        beside the ratings of its latest day, and orders equals in `league`.
    """
    table = framework(data.judgements)
    named = data.judgements.drop_duplicates("subject_id").set_index("subject_id")
    table = table.assign(sector_id=table["subject_id"].map(named["sector_id"]).fillna(""))
    if facts is None:
        return table
    nation = facts["region_id"] == data.registry.country_id
    now = four_point(facts)["deviation"][nation].set_axis(facts["indicator_id"][nation])
    latest = table["as_of"] == table["as_of"].max()
    deviation = table["subject_id"].map(now).astype("float64")
    return table.assign(deviation=deviation.where(latest))


def framework(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings of each priority on each day, a suggestion, and what lacks a reason.

    The overall rating is a judgement and no sum. The suggestion stands beside it, and
    where the two differ a reason is asked for.

    Parameters
    ----------
    judgements
        The `judgements` table with the dimensions of `DIMENSIONS`: the challenge rated
        ``L, M, H, VH``, the stage 1 to 4, the others `RATINGS`. With the column
        ``moderated_rating``, that one counts where it is not empty.

    Returns
    -------
    DataFrame
        One row per subject and day, sorted by both: ``subject_id, as_of``, a column for each
        dimension (empty where not rated); ``contested``, the dimensions joined by ``+`` that
        assessors rated differently on that day and nobody moderated: they are left empty;
        ``suggested`` (empty where anything but the likelihood is not rated), ``reason``
        given for the likelihood and ``needs_reason``.

    Notes
    -----
    Suggested is the lesser of the median of planning and capacity, rounded down, and one
    notch above performance; a notch less for a very high challenge before embedding; at
    most amber-red after two periods of red performance; a notch more when progress is
    irreversible and performance green.
    """
    key = ["subject_id", "as_of"]
    rows = judgements[judgements["dimension"].isin(DIMENSIONS)]
    rows = rows.sort_values([*key, "dimension", "assessor"])
    settled = _settled(rows, [*key, "dimension"])
    wide = settled.pivot_table(index=key, columns="dimension", values="rating", aggfunc="last")
    wide = wide.reindex(columns=list(DIMENSIONS)).fillna("").astype("str").sort_index()
    disputed = settled[settled["contested"]].groupby(key)["dimension"].agg("+".join)
    overall = rows[(rows["dimension"] == "likelihood") & (rows["reason"].str.strip() != "")]
    given = overall.drop_duplicates(key, keep="last").set_index(key)["reason"]
    table = wide.rename_axis(columns=None).assign(
        contested=disputed.reindex(wide.index).fillna("").astype("str"),
        suggested=_suggested(wide),
        reason=given.reindex(wide.index).fillna("").astype("str"),
    )
    differs = (table["suggested"] != "") & (table["likelihood"] != "")
    differs &= table["suggested"] != table["likelihood"]
    return table.assign(needs_reason=differs & (table["reason"] == "")).reset_index()


def _settled(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return one rating per subject, day and dimension, and whether assessors disagree."""
    said = rows.assign(rating=rows["rating"].where(rows["rating"] != ""))
    if "moderated_rating" in rows:
        final = rows["moderated_rating"].where(rows["moderated_rating"] != "")
        moderated = final.notna().groupby([rows[name] for name in key]).transform("any")
        said = said.assign(rating=said["rating"].where(~moderated, final))
    table = said.groupby(key)["rating"].agg(["nunique", "last"]).reset_index()
    contested = table["nunique"] > 1
    rating = table["last"].where(~contested).fillna("").astype("str")
    return table.assign(rating=rating, contested=contested)


def _suggested(table: pd.DataFrame) -> pd.Series:
    notch = {
        name: table[name].map(_NOTCH).astype("float64")
        for name in ("planning", "capacity", "performance")
    }
    median = np.floor((notch["planning"] + notch["capacity"]) / 2)
    performance = notch["performance"]
    start = pd.Series(np.minimum(median, performance + 1), table.index)
    rated = table["challenge"].isin(CHALLENGES) & table["stage"].isin(STAGES)
    early = table["stage"].isin(STAGES[:2])
    start = start.where(rated) - ((table["challenge"] == "VH") & early).astype("int64")
    before = performance.groupby(level="subject_id").shift()
    start = start.mask((performance == 1) & (before == 1), start.clip(upper=2))
    start += ((table["stage"] == "4") & (performance == 4)).astype("int64")
    place = start.clip(1, len(RATINGS))
    names = place.map(dict(enumerate(RATINGS, start=1))).fillna("")
    return pd.Series(names, table.index, dtype="str")


def league(ratings: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return all priorities on one page, the likeliest first, with their rank before.

    Parameters
    ----------
    ratings
        What `framework` returned, with all its days; ``deviation`` from the trajectory,
        where there is one.
    as_of
        The day of the table; the one before is the latest earlier day that was rated.

    Returns
    -------
    DataFrame
        The ratings of the day with ``rank``, ``previous_rank`` (missing for what is new)
        and ``moved``, places gained. Ties by capacity, planning, deviation and then the
        lesser challenge; those still alike share a rank. What has no likelihood has no rank.
    """
    day = pd.Timestamp(as_of)
    days = sorted(ratings.loc[ratings["as_of"] < day, "as_of"].unique())
    now = _ranked(ratings[ratings["as_of"] == day])
    before = _ranked(ratings[ratings["as_of"] == days[-1]]) if days else now.iloc[:0]
    places = before.set_index("subject_id")["rank"]
    previous = now["subject_id"].map(places).astype("float64")
    table = now.assign(previous_rank=previous, moved=previous - now["rank"])
    return table.sort_values(["rank", "subject_id"], ignore_index=True)


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    deviation = rows["deviation"] if "deviation" in rows else pd.Series(0.0, rows.index)
    order = pd.DataFrame(
        {
            "likelihood": rows["likelihood"].map(_NOTCH).astype("float64"),
            "capacity": rows["capacity"].map(_NOTCH).astype("float64").fillna(0),
            "planning": rows["planning"].map(_NOTCH).astype("float64").fillna(0),
            "deviation": deviation.fillna(-np.inf),
            "challenge": -rows["challenge"]
            .map(_HARDER)
            .astype("float64")
            .fillna(len(CHALLENGES)),
        }
    )
    placed = order[order["likelihood"].notna()]
    placed = placed.sort_values(order.columns.tolist(), ascending=False)
    new = (placed != placed.shift()).any(axis=1)
    numbers = pd.Series(np.arange(1, len(placed) + 1, dtype=float), placed.index)
    place = numbers.where(new).ffill()
    return rows.assign(rank=place.reindex(rows.index))
