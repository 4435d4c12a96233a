"""People's ratings: the UK unit's framework, a suggestion beside it, and their record.

No arithmetic replaces what people judge; `pmdu.four_point` rates a deviation beside it. The
record asks how past ratings turned out: were our greens green a year later?
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from delivery_analytics.methods import delivery_confidence
from delivery_analytics.methods.pmdu import RATINGS, four_point
from delivery_analytics.model.dataset import Dataset

CHALLENGES = ("L", "M", "H", "VH")
STAGES = ("1", "2", "3", "4")
DIMENSIONS = ("challenge", "planning", "capacity", "stage", "performance", "likelihood")
CHANCES = {"R": 0.1, "AR": 0.35, "AG": 0.65, "G": 0.9}
MONTHS_BEFORE = (6, 12, 24)  # from a rating to what came of it
_SCALES = {"challenge": CHALLENGES, "stage": STAGES}
_HARDER = {name: place for place, name in enumerate(CHALLENGES)}
_NOTCH = {name: place for place, name in enumerate(RATINGS, start=1)}


def ratings(data: Dataset, facts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `priority_ratings` of the judgements known on ``data.as_of``.

    Parameters
    ----------
    facts
        As for `four_point`: where it is given, an indicator's ``deviation`` of today stands
        beside the ratings of its latest day, and orders equals in `league`.
    """
    table = priority_ratings(data.judgements)
    named = data.judgements.drop_duplicates("subject_id").set_index("subject_id")
    table = table.assign(sector_id=table["subject_id"].map(named["sector_id"]).fillna(""))
    if facts is None:
        return table
    nation = facts["region_id"] == data.registry.country_id
    now = four_point(facts)["deviation"][nation].set_axis(facts["indicator_id"][nation])
    latest = table["as_of"] == table["as_of"].max()
    deviation = table["subject_id"].map(now).astype("float64")
    return table.assign(deviation=deviation.where(latest))


def priority_ratings(judgements: pd.DataFrame) -> pd.DataFrame:
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


def unknown_ratings(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the judgements whose rating is no word of its dimension's scale.

    Returns
    -------
    DataFrame
        Rows of `judgements` with ``text``, what was written: of `DIMENSIONS`, of a
        moderator too, and of delivery confidence. They are in no count, order or
        suggestion, so they have to be told. Dimensions of other names are not looked at.
    """
    known = pd.Series(True, judgements.index)
    said = []
    for name in ("rating", "moderated_rating"):
        words = judgements[name] if name in judgements else pd.Series("", judgements.index)
        words = words.fillna("").str.strip()
        for dimension in DIMENSIONS:
            asked = judgements["dimension"] == dimension
            known = known.mask(asked, words.isin(["", *_SCALES.get(dimension, RATINGS)]))
        asked = judgements["dimension"] == delivery_confidence.DIMENSION
        known = known.mask(asked, delivery_confidence.level_of(words) != "unknown")
        said.append(judgements[~known].assign(text=words[~known]))
    return pd.concat(said).sort_index(kind="stable")


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
    three = ("planning", "capacity", "performance")
    notch = {name: table[name].map(_NOTCH).astype("float64") for name in three}
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
        What `priority_ratings` returned, with all its days; ``deviation`` from the trajectory,
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


def hits_by_rating(
    ratings: pd.DataFrame, outcomes: pd.DataFrame, *, months: int
) -> pd.DataFrame:
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
    rated = given[["subject_id", "as_of", "likelihood"]]
    pairs = pd.merge_asof(before, rated, left_on="by", right_on="as_of", by="subject_id")
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


def hits_by_horizon(
    ratings: pd.DataFrame, outcomes: pd.DataFrame, *, horizons: Sequence[int] = MONTHS_BEFORE
) -> pd.DataFrame:
    """Return `hits_by_rating` at each horizon: were our greens green so many months later?

    Parameters
    ----------
    ratings, outcomes
        As for `hits_by_rating`.
    horizons
        Months from the rating to the outcome.

    Returns
    -------
    DataFrame
        One row per horizon and rating, in the order given and from the worst: ``months``
        and the columns of `hits_by_rating`; ``brier`` is that of the horizon.
    """
    tables = [
        hits_by_rating(ratings, outcomes, months=months).assign(months=months)
        for months in horizons
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
    moderated = rows.get("moderated_rating", pd.Series("", rows.index)).map(place)
    final = moderated.astype("float64").where(said.notna())
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
