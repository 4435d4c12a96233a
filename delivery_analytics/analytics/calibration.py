"""How past ratings turned out, and how assessors rate: were our greens green a year later?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from delivery_analytics.analytics.judgements import CHALLENGES, STAGES
from delivery_analytics.methods.pmdu import RATINGS

CHANCES = {"R": 0.1, "AR": 0.35, "AG": 0.65, "G": 0.9}
HORIZONS = (6, 12, 24)  # months from a rating to what came of it
_SCALES = {"challenge": CHALLENGES, "stage": STAGES}


def by_rating(ratings: pd.DataFrame, outcomes: pd.DataFrame, *, months: int) -> pd.DataFrame:
    """Return how often each rating was followed by success so many months later.

    Parameters
    ----------
    ratings
        ``subject_id, as_of, likelihood``.
    outcomes
        ``subject_id, due_on`` and ``hit``, whether the target was reached then. An
        outcome that is not known counts for nothing.
    months
        How long before the outcome the rating had to be given: the latest one that old.

    Returns
    -------
    DataFrame
        One row per rating of `RATINGS`: ``rating, given, hits, hit_share`` (missing where
        none was given) and ``brier``, the mean squared distance of `CHANCES` from what
        happened, over all ratings.
    """
    given = ratings[ratings["likelihood"].isin(RATINGS)].sort_values("as_of")
    known = outcomes[outcomes["hit"].notna() & outcomes["due_on"].notna()]
    before = known.assign(
        by=(known["due_on"] - pd.DateOffset(months=months)).astype("datetime64[us]"),
        hit=known["hit"].astype("float64"),
        subject_id=known["subject_id"].astype("str"),
    ).sort_values("by")
    pairs = pd.merge_asof(
        before,
        given[["subject_id", "as_of", "likelihood"]],
        left_on="by",
        right_on="as_of",
        by="subject_id",
    )
    pairs = pairs[pairs["likelihood"].notna()]
    missed = pairs["likelihood"].map(CHANCES).astype("float64") - pairs["hit"]
    groups = pairs.groupby("likelihood")["hit"].agg(["size", "sum"]).reindex(list(RATINGS))
    count, hits = groups["size"].fillna(0).astype("int64"), groups["sum"].fillna(0)
    return pd.DataFrame(
        {
            "rating": list(RATINGS),
            "given": count.to_numpy(),
            "hits": hits.astype("int64").to_numpy(),
            "hit_share": (hits / count.where(count > 0)).to_numpy(dtype=float),
            "brier": float((missed**2).mean()) if len(missed) else np.nan,
        }
    )


def by_horizon(
    ratings: pd.DataFrame, outcomes: pd.DataFrame, *, horizons: Sequence[int] = HORIZONS
) -> pd.DataFrame:
    """Return `by_rating` at each horizon: were our greens green so many months later?

    Parameters
    ----------
    ratings, outcomes
        As for `by_rating`.
    horizons
        Months from the rating to the outcome.

    Returns
    -------
    DataFrame
        One row per horizon and rating, in the order given and from the worst: ``months``
        and the columns of `by_rating`; ``brier`` is that of the horizon.
    """
    tables = [
        by_rating(ratings, outcomes, months=months).assign(months=months) for months in horizons
    ]
    table = pd.concat(tables, ignore_index=True)
    return table[["months", *(name for name in table if name != "months")]]


def assessors(judgements: pd.DataFrame, *, dimension: str = "likelihood") -> pd.DataFrame:
    """Return how each assessor rates, and how often moderation changed it.

    Parameters
    ----------
    judgements
        The `judgements` table; with the column ``moderated_rating``, empty where nobody
        moderated.
    dimension
        One of `DIMENSIONS`.

    Returns
    -------
    DataFrame
        One row per assessor: ``assessor``; a count for each step of the dimension's
        scale; ``rated``, their sum, and ``unrated``, those empty or in other words;
        ``moderated``, those rated that a moderator looked at; of these ``moved_up`` and
        ``moved_down`` the scale, and ``moved_share``, missing where none was moderated.
    """
    scale = _SCALES.get(dimension, RATINGS)
    place = {name: number for number, name in enumerate(scale)}
    rows = judgements[judgements["dimension"] == dimension]
    said = rows["rating"].map(place).astype("float64")
    final = pd.Series(np.nan, rows.index)
    if "moderated_rating" in rows:
        final = rows["moderated_rating"].map(place).astype("float64").where(said.notna())
    flags = pd.DataFrame({name: rows["rating"] == name for name in scale})
    flags = flags.assign(
        rated=said.notna(),
        unrated=said.isna(),
        moderated=final.notna(),
        moved_up=final > said,
        moved_down=final < said,
    )
    table = flags.astype("int64").groupby(rows["assessor"]).sum()
    moved = table["moved_up"] + table["moved_down"]
    share = moved / table["moderated"].where(table["moderated"] > 0)
    return table.assign(moved_share=share).reset_index()
