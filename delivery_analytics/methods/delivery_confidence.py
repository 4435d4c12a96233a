"""Delivery confidence of major projects: five levels once, three now, never converted.

Until about 2021 the UK's authority rated projects on five levels, since then on three. An
amber-green went to green or to amber by definition, so no rating of one scale is one of
the other: changes are told within a scale only, and a change of scale is told as one.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from delivery_analytics.methods.base import coded

FIVE = ("R", "AR", "A", "AG", "G")  # from the worst to the best
THREE = ("R", "A", "G")
OTHERS = ("exempt", "not_rated", "unknown")
DIMENSION = "delivery_confidence"
ENOUGH = 20  # ratings of a day whose lack of amber-red and amber-green tells three levels
_NAMES = {
    "red": "R",
    "amber": "A",
    "green": "G",
    "amber red": "AR",
    "red amber": "AR",
    "amber green": "AG",
    "green amber": "AG",
}
_EXEMPT = re.compile(r"^exempt|\bfoi\b|freedom of information|withheld")


def level_of(ratings: pd.Series) -> pd.Series[str]:
    """Return the level that each rating names: of `FIVE` or of `OTHERS`."""
    words = ratings.str.casefold().str.replace(r"[\s/_-]+", " ", regex=True).str.strip()
    level = words.map(_NAMES).fillna(ratings.where(ratings.isin(FIVE)))
    level = level.mask(words == "", "not_rated")
    return level.mask(words.str.contains(_EXEMPT), "exempt").fillna("unknown").astype("str")


def levels(judgements: pd.DataFrame, *, three_since: date | None = None) -> pd.DataFrame:
    """Return every rating of delivery confidence as a level of the scale it was given on.

    Parameters
    ----------
    judgements
        The `judgements` table; with the column ``scale`` (``five`` or ``three``) that one
        counts.
    three_since
        The day from which there are three levels, and before which there were five, where
        that is known. Otherwise the scale is told by the ratings, see Notes.

    Returns
    -------
    DataFrame
        The rows of `DIMENSION`: ``subject_id, as_of, assessor``; ``level`` of `FIVE`, or of
        `OTHERS`: ``exempt`` where a law is named instead, ``not_rated`` where nothing is,
        and ``unknown`` for other words and for a level that its scale does not have;
        ``scale``, ``five``, ``three`` or ``not_told``, ``source_id`` and ``source_cell``.
        Sorted by subject, day and assessor.

    Notes
    -----
    There were five levels on a day with an amber-red or an amber-green, and on every day
    before it; three on a day with `ENOUGH` ratings and neither of them, and on every day
    after. A few ratings without them are no evidence: of five-level ratings three in five
    are red, amber or green as well.
    """
    rows = judgements[judgements["dimension"] == DIMENSION]
    level = level_of(rows["rating"])
    found = _scale_of(rows["as_of"], level, three_since)
    scale = rows.get("scale", found)
    level = level.mask((scale == "three") & level.isin(["AR", "AG"]), "unknown")
    key = ["subject_id", "as_of", "assessor"]
    table = rows[[*key, "source_id", "source_cell"]].assign(level=level, scale=scale)
    ordered: pd.DataFrame = table.sort_values(key, ignore_index=True)
    return ordered[[*key, "level", "scale", "source_id", "source_cell"]]


def _scale_of(day: pd.Series, level: pd.Series, three_since: date | None) -> pd.Series[str]:
    if three_since is not None:
        three = day >= pd.Timestamp(three_since)
        return coded({"three": three}, default="five")
    last_five = day[level.isin(["AR", "AG"])].max()  # missing where there is none
    rated = level.isin(FIVE).groupby(day).transform("sum")
    first_three = day[(rated >= ENOUGH) & ~(day <= last_five)].min()
    return coded({"five": day <= last_five, "three": day >= first_three}, default="not_told")


def counts(rated: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects had each level on each day, by who rated them.

    Parameters
    ----------
    rated
        What `levels` returned.

    Returns
    -------
    DataFrame
        One row per day and assessor: ``as_of, assessor, scale``; a count for each level of
        `FIVE` and of `OTHERS`, missing for a level that the day's scale may not have; and
        ``projects``, how many there are in all.
    """
    groups = rated.groupby(["as_of", "assessor", "scale"])
    names = [*FIVE, *OTHERS]
    flags = pd.DataFrame({name: rated["level"] == name for name in names}).astype("float64")
    keys = [rated[name] for name in ("as_of", "assessor", "scale")]
    table = flags.groupby(keys).sum().reset_index()
    table = table.assign(projects=groups.size().to_numpy())
    absent = table["scale"] != "five"
    return table.assign(**{name: table[name].mask(absent) for name in ("AR", "AG")})


def movements(rated: pd.DataFrame) -> pd.DataFrame:
    """Return how each project's confidence moved from one rating to the next.

    Parameters
    ----------
    rated
        What `levels` returned.

    Returns
    -------
    DataFrame
        One row per rating that has one before it by the same assessor: ``subject_id,
        assessor, before_on, as_of, before, level``; ``moved``, levels gained within the
        scale, missing where it cannot be told; ``reason`` for that: ``scale_not_told`` of
        either, ``scale_changed`` or ``not_rated``.
    """
    key = ["subject_id", "assessor"]
    rows = rated.sort_values([*key, "as_of"], ignore_index=True)
    before = rows.groupby(key)[["as_of", "level", "scale"]].shift()
    then, there, scale = (before[name] for name in ("as_of", "level", "scale"))
    table = rows.assign(before_on=then, before=there, scale_before=scale)
    table = table[table["before_on"].notna()].reset_index(drop=True)
    places = {
        (scale, name): float(n)
        for scale, names in (("five", FIVE), ("three", THREE))
        for n, name in enumerate(names)
    }
    place = pd.Series(places)
    now, then = (
        place.reindex(pd.MultiIndex.from_frame(table[[*ends]])).set_axis(table.index)
        for ends in (("scale", "level"), ("scale_before", "before"))
    )
    untold = (table["scale"] == "not_told") | (table["scale_before"] == "not_told")
    changed = table["scale"] != table["scale_before"]
    moved = (now - then).mask(changed | untold)
    why = {"scale_not_told": untold, "scale_changed": changed, "not_rated": moved.isna()}
    reason = coded(why)
    table = table.assign(moved=moved, reason=reason)
    return table[[*key, "before_on", "as_of", "before", "level", "moved", "reason"]]
