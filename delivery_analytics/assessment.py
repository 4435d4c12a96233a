"""The UK unit's assessment framework: people's ratings, a suggestion, and their record."""

from __future__ import annotations

import numpy as np
import pandas as pd

RATINGS = ("R", "AR", "AG", "G")  # from the worst to the best
CHALLENGES = ("L", "M", "H", "VH")
DIMENSIONS = ("challenge", "planning", "capacity", "stage", "performance", "likelihood")
CHANCES = {"R": 0.1, "AR": 0.35, "AG": 0.65, "G": 0.9}
_HARDER = {name: place for place, name in enumerate(CHALLENGES)}
_NOTCH = {name: place for place, name in enumerate(RATINGS, start=1)}


def framework(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings of each priority on each day, a suggestion, and what lacks a reason.

    The overall rating is a judgement and no sum. The suggestion stands beside it, and
    where the two differ a reason is asked for.

    Parameters
    ----------
    judgements
        The `judgements` table with the dimensions of `DIMENSIONS`: the challenge rated
        ``L, M, H, VH``, the stage 1 to 4, the others `RATINGS`. Of several assessors on a
        day the last in order of their names counts.

    Returns
    -------
    DataFrame
        One row per subject and day, sorted by both: ``subject_id, as_of``, a column for each
        dimension (empty where not rated), ``suggested`` (empty where planning, capacity or
        performance is not rated), ``reason`` given for the likelihood and ``needs_reason``.

    Notes
    -----
    Suggested is the lesser of the median of planning and capacity, rounded down, and one
    notch above performance; a notch less for a very high challenge before embedding; at
    most amber-red after two periods of red performance; a notch more when progress is
    irreversible and performance green.
    """
    rows = judgements[judgements["dimension"].isin(DIMENSIONS)]
    rows = rows.sort_values(["subject_id", "as_of", "dimension", "assessor"])
    key = ["subject_id", "as_of"]
    last = rows.drop_duplicates([*key, "dimension"], keep="last")
    wide = last.pivot_table(index=key, columns="dimension", values="rating", aggfunc="last")
    wide = wide.reindex(columns=list(DIMENSIONS)).fillna("").sort_index()
    overall = last[last["dimension"] == "likelihood"].set_index(key)["reason"]
    table = wide.reset_index().rename_axis(columns=None)
    table = table.assign(suggested=_suggested(table))
    reason = overall.reindex(wide.index).fillna("").to_numpy()
    differs = (table["suggested"] != "") & (table["likelihood"] != "")
    differs &= table["suggested"] != table["likelihood"]
    return table.assign(reason=reason, needs_reason=differs & (reason == ""))


def _suggested(table: pd.DataFrame) -> pd.Series:
    notch = {name: table[name].map(_NOTCH) for name in ("planning", "capacity", "performance")}
    median = np.floor((notch["planning"] + notch["capacity"]) / 2)
    performance = notch["performance"]
    start = pd.Series(np.minimum(median, performance + 1), table.index)
    stage = pd.to_numeric(table["stage"], errors="coerce")
    start -= ((table["challenge"] == "VH") & (stage <= 2)).astype("int64")
    before = performance.groupby(table["subject_id"]).shift()
    start = start.mask((performance == 1) & (before == 1), start.clip(upper=2))
    start += ((stage == 4) & (performance == 4)).astype("int64")
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
    previous = now["subject_id"].map(before.set_index("subject_id")["rank"])
    table = now.assign(previous_rank=previous, moved=previous - now["rank"])
    return table.sort_values(["rank", "subject_id"], ignore_index=True)


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    deviation = rows["deviation"] if "deviation" in rows else pd.Series(0.0, rows.index)
    order = pd.DataFrame(
        {
            "likelihood": rows["likelihood"].map(_NOTCH),
            "capacity": rows["capacity"].map(_NOTCH).fillna(0),
            "planning": rows["planning"].map(_NOTCH).fillna(0),
            "deviation": deviation.fillna(-np.inf),
            "challenge": -rows["challenge"]
            .map({n: p for p, n in enumerate(CHALLENGES)})
            .fillna(9),
        }
    )
    rated = order[order["likelihood"].notna()]
    rated = rated.sort_values(order.columns.tolist(), ascending=False)
    new = (rated != rated.shift()).any(axis=1)
    place = pd.Series(np.arange(1, len(rated) + 1, dtype=float), rated.index).where(new).ffill()
    return rows.assign(rank=place.reindex(rows.index))


def calibration(ratings: pd.DataFrame, outcomes: pd.DataFrame, *, months: int) -> pd.DataFrame:
    """Return how often each rating was followed by success so many months later.

    Parameters
    ----------
    ratings
        ``subject_id, as_of, likelihood``.
    outcomes
        ``subject_id, due_on`` and ``hit``, whether the target was reached then.
    months
        How long before the outcome the rating had to be given: the latest one that old.

    Returns
    -------
    DataFrame
        One row per rating of `RATINGS`: ``rating, given, hits, hit_share`` (missing where
        none was given) and ``brier``, the mean squared distance of `CHANCES` from what
        happened, over all ratings.
    """
    rated = ratings[ratings["likelihood"] != ""].sort_values("as_of")
    before = outcomes.assign(by=outcomes["due_on"] - pd.DateOffset(months=months))
    before = before.sort_values("by")
    pairs = pd.merge_asof(
        before,
        rated[["subject_id", "as_of", "likelihood"]],
        left_on="by",
        right_on="as_of",
        by="subject_id",
    )
    pairs = pairs[pairs["likelihood"].notna()]
    missed = pairs["likelihood"].map(CHANCES) - pairs["hit"].astype("float64")
    groups = pairs.groupby("likelihood")["hit"].agg(["size", "sum"]).reindex(list(RATINGS))
    given, hits = groups["size"].fillna(0).astype("int64"), groups["sum"].fillna(0)
    return pd.DataFrame(
        {
            "rating": list(RATINGS),
            "given": given.to_numpy(),
            "hits": hits.astype("int64").to_numpy(),
            "hit_share": (hits / given.where(given > 0)).to_numpy(dtype=float),
            "brier": float((missed**2).mean()) if len(missed) else np.nan,
        }
    )
