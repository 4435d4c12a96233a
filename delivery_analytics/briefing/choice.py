"""Which indicators are told first: the one choice of the brief, its slide and the deck.

METHODS.md, The brief. Nothing is worded here: `choose` returns assessments with the codes
and figures of which each reader's sentences are made.
"""

from __future__ import annotations

import pandas as pd

from delivery_analytics.analytics import instructions, obstacles
from delivery_analytics.analytics.common import ordered
from delivery_analytics.analytics.rollup import BEHIND, WORST_FIRST, by_urgency
from delivery_analytics.methods import coded
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import LEVELS

ROWS = 3
_HIGHEST = (*reversed(LEVELS), "")
_OBSTACLE = ("obstacle_id", "text", "ask", "owner", "level", "days_open", "illustrative")


def choose(
    data: Dataset,
    assessments: pd.DataFrame,
    *,
    region_id: str | None = None,
    top: int | None = ROWS,
) -> pd.DataFrame:
    """Return the indicators of a scope that need attention, the worst first.

    Parameters
    ----------
    data
        As known on a day: of a sector or a programme what `Dataset.where` keeps; of a region
        all of the nation's, whose obstacles stand in its way too. As `Dataset.named` the
        reader's language, ``text``, ``ask`` and owners are in it.
    assessments
        What `assess` returned of it.
    region_id
        Whose rows; by default those of `Registry.at`.
    top
        How many at most; all of them without.

    Returns
    -------
    DataFrame
        Rows of `by_urgency`, with

        ``behind``: off track or at risk; the others cannot be judged for want of a figure.

        ``owed``: what is owed of an indicator that cannot be judged: ``first_figure``, or
        ``figures`` where the latest is too old; else empty.

        Of its oldest open obstacle ``obstacle_id``, ``obstacle`` (its text), ``ask``,
        ``obstacle_owner``, ``level`` of `schema.LEVELS`, ``days_open`` and
        ``obstacle_illustrative``; empty and missing where none is open. ``elsewhere``: the
        row is a region's, and the obstacle the whole nation's.

        ``instruction_due``: the deadline in force of its longest overdue instruction.

    Notes
    -----
    Sorted by status (off track, at risk, not judged: no figure before too old), official
    targets before illustrative ones, the indicator's priority, ``gap_years`` (the largest
    shortfall first) and, where the history does not tell it, the share of the promised change
    that is missing, all of it at most; the level of the obstacle (the centre, the ministry,
    the team, none), its days open (most first) and the registry's order. What is not judged
    for want of an agreed target is never chosen.
    """
    rows = assessments[assessments["region_id"].isin(data.registry.at(region_id))]
    reason, promised = rows["reason"], rows["target_value"].notna()
    owed = coded(
        {
            "first_figure": reason.isin(["no_observation", "value_missing"]) & promised,
            "figures": (reason == "observation_stale") & promised,
        }
    )
    judged = rows["status"] != "not_judged"
    rows = rows.assign(owed=owed.mask(judged, ""), behind=rows["status"].isin(BEHIND))
    rows = by_urgency(rows[rows["behind"] | (rows["owed"] != "")], data)
    rows = rows.merge(_in_the_way(data), on="indicator_id", how="left", validate="many_to_one")
    texts = ["obstacle_id", "obstacle", "ask", "obstacle_owner", "level"]
    late = _overdue(data, region_id)
    rows = rows.assign(
        **{name: rows[name].fillna("").astype("str") for name in texts},
        obstacle_illustrative=rows["obstacle_illustrative"].eq(True),
        instruction_due=pd.to_datetime(rows["indicator_id"].map(late)),
    )
    known = data.registry.indicators
    promise = (rows["target_value"] - rows["baseline_value"]).abs()
    rows = rows.assign(
        # A tiny promise does not outrank everything.
        share=(rows["gap"] / promise.where(promise > 0)).clip(lower=-1),
        elsewhere=(rows["level"] != "") & (rows["region_id"] != data.registry.country_id),
        priority=rows["indicator_id"].map({key: one.priority for key, one in known.items()}),
        waited=-rows["days_open"],
    )
    order = ["status", "owed", "illustrative", "priority", "gap_years", "share"]
    order += ["level", "waited", "indicator_id"]
    kinds = ("", "first_figure", "figures")
    rows = ordered(
        rows, *order, status=WORST_FIRST, owed=kinds, level=_HIGHEST, indicator_id=known
    )
    rows = rows.drop(columns=["share", "priority", "waited"])
    return rows.head(len(rows) if top is None else top)


def _in_the_way(data: Dataset) -> pd.DataFrame:
    """Return the oldest open obstacle of each indicator that has one."""
    rows = obstacles.log(data)
    rows = rows[rows["open"] & (rows["indicator_id"] != "")]
    rows = rows.sort_values(["days_open", "obstacle_id"], ascending=[False, True])
    rows = rows.drop_duplicates("indicator_id").reindex(columns=["indicator_id", *_OBSTACLE])
    called = {name: f"obstacle_{name}" for name in ("owner", "illustrative")}
    return rows.rename(columns=called | {"text": "obstacle"})


def _overdue(data: Dataset, region_id: str | None) -> dict[str, pd.Timestamp]:
    """Return the deadline that the longest overdue instruction of an indicator missed."""
    rows = instructions.control(data)
    rows = rows[rows["derived"] == "overdue"]
    if region_id and "region_id" in rows:
        rows = rows[rows["region_id"] == region_id]
    due = rows["due_on"].fillna(rows["due_on_original"])
    return dict(due.groupby(rows["indicator_id"]).min())
