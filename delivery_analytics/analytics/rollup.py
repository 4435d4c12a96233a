"""Many assessments on one page: counted, listed and compared, never averaged.

There is no status of a sector. A sector has so many indicators on track and so many not,
of so many that could be judged; a mean or a worst case of statuses would hide which.
"""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

from delivery_analytics.analytics.common import ordered, own_usual_changes
from delivery_analytics.methods.base import SERIES, SIGNS, ranked_places
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.schema import STATUSES

CountedBy = Literal["sector_id", "programme_id", "region_id"]

WORST_FIRST = ("off_track", "at_risk", "not_judged", "on_track", "achieved")
BEHIND = WORST_FIRST[:2]
_FEWEST_EVENTS = 10


def status_counts(
    assessments: pd.DataFrame,
    registry: Registry,
    *,
    by: CountedBy = "sector_id",
    region_id: str | None = None,
) -> pd.DataFrame:
    """Return how many indicators have each status, one row per sector in registry order.

    Parameters
    ----------
    assessments
        Of one method and one day.
    by
        ``sector_id`` and ``programme_id`` count one region's rows only, and an indicator
        in each programme it serves; ``region_id`` counts each region's own rows.
    region_id
        Whose rows; by default the nation's, and those of the regions of a programme that
        names its own.

    Returns
    -------
    DataFrame
        ``[by], achieved, on_track, at_risk, off_track, not_judged, judged, indicators``:
        counts; ``indicators`` is all of them, ``judged`` those that are not
        ``not_judged``. Whatever the registry defines has a row, also with nothing in it.
    """
    rows = assessments
    if by != "region_id":
        members = _members(registry, by, region_id)
        rows = rows.merge(members, on=SERIES, validate="one_to_many")
    order = {
        "sector_id": list(registry.sectors),
        "programme_id": list(registry.programmes),
        "region_id": list(registry.regions),
    }
    table = pd.crosstab(rows[by], rows["status"])
    table = table.reindex(index=order[by], columns=list(STATUSES), fill_value=0)
    total = table.sum(axis=1)
    table = table.assign(judged=total - table["not_judged"], indicators=total)
    counts = table.astype("int64").rename_axis(index=by, columns=None).reset_index()
    return counts.astype({by: "str"})


def by_urgency(assessments: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Return assessments in the order in which they matter; every list of them has it.

    Parameters
    ----------
    data
        What they were assessed from: it holds the history and says which targets are
        illustrative.

    Returns
    -------
    DataFrame
        The assessments with ``sector_id``, ``illustrative``, and

        ``gap``: what is missing, in the indicator's unit, below zero when behind: value
        less expected value, the sign turned where less is better. Where a level should be
        kept, minus the distance from the target.

        ``gap_years``: the gap in usual yearly changes of the figure itself, see
        `common.usual_changes`; missing where its history does not tell them.

    Promises without a figure are first; then sorted by status, official targets before
    illustrative ones, the indicator's priority, ``gap_years``, the largest shortfall first;
    missing ones last, then by score and key.
    """
    indicators = data.registry.indicators
    called = assessments["indicator_id"]
    sign = called.map({i: SIGNS[one.direction] for i, one in indicators.items()})
    sign = sign.astype("float64")
    priority = called.map({i: one.priority for i, one in indicators.items()})
    sector = called.map({i: one.sector_id for i, one in indicators.items()})
    gap = sign * (assessments["value"] - assessments["expected_value"])
    gap = gap.mask(sign == 0, -(assessments["value"] - assessments["target_value"]).abs())
    invented = data.targets[data.targets["illustrative"]][SERIES]
    rows = assessments.merge(
        own_usual_changes(data), on=SERIES, how="left", validate="many_to_one"
    ).set_index(assessments.index)
    rows = rows.assign(
        sector_id=sector.astype("str"),
        illustrative=pd.MultiIndex.from_frame(rows[SERIES]).isin(
            pd.MultiIndex.from_frame(invented)
        ),
        priority=priority.astype("float64"),
        answered=assessments["value"].notna() | assessments["target_value"].isna(),
        gap=gap.astype("float64"),
        gap_years=(gap / rows["usual"]).astype("float64"),
    )
    order = ["answered", "status", "illustrative", "priority", "gap_years", "score", *SERIES]
    rows = ordered(rows, *order, status=WORST_FIRST)
    return rows.drop(columns=["usual", "priority", "answered"])


def unanswered(assessments: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Return the promises, of the nation and of every region, for which no figure came yet.

    In the order of `by_urgency`.
    """
    rows = assessments[assessments["target_value"].notna() & assessments["value"].isna()]
    return by_urgency(rows, data)


def deviations(
    assessments: pd.DataFrame,
    data: Dataset,
    *,
    region_id: str | None = None,
    every_region: bool = False,
) -> pd.DataFrame:
    """Return the indicators that are off track or at risk, in the order of `by_urgency`.

    Parameters
    ----------
    data
        As for `by_urgency`.
    region_id
        Whose rows; by default the nation's.
    every_region
        The rows of the nation and of all regions instead.
    """
    rows = assessments[assessments["status"].isin(BEHIND)]
    if not every_region:
        rows = rows[rows["region_id"].isin(data.registry.at(region_id))]
    return by_urgency(rows, data)


def ranked_regions(
    assessments: pd.DataFrame, data: Dataset, *, indicator_id: str
) -> pd.DataFrame:
    """Return an indicator's figure in every region, the best first.

    Returns
    -------
    DataFrame
        ``rank, compared, few, latest, region_id, period, value, expected_value,
        target_value, score, status, reason, source_id, source_cell``, one row per region of
        the registry, the nation left out. Regions without rank are listed last.

        ``compared`` is what regions are compared by: the value of a rate or share, a
        total divided by its base, see `compared`. ``rank`` describes, and does not judge: 1
        is the highest where more is better, the lowest where less is, the nearest to the
        target where a level should be kept. Equal ones share a rank. Only figures for the
        latest period are ranked, which ``latest`` says; an older one is shown with its
        period. Totals without a base are not ranked, nor is what rests on so ``few`` events
        that its place would be luck: none at all where less is better, or of a count that is
        divided by a base fewer than ten.

    Raises
    ------
    DefinitionError
        If there is no such indicator.
    """
    registry = data.registry
    indicator = registry.indicators[indicator_id]
    names = [key for key in registry.regions if key != registry.country_id]
    place = {name: n for n, name in enumerate(names)}
    columns = ["period", "value", "expected_value", "target_value", "score", "status"]
    columns += ["reason", "source_id", "source_cell"]
    rows = assessments[assessments["indicator_id"] == indicator_id]
    rows = rows.set_index("region_id")[columns].reindex(names).rename_axis("region_id")
    rows = rows.reset_index().fillna(
        {"status": "not_judged", "reason": "no_observation"}
        | dict.fromkeys(["period", "source_id", "source_cell"], "")
    )
    sign = SIGNS[indicator.direction]
    figure = compared(rows, data, indicator_id=indicator_id)
    distance = (rows["value"] - rows["target_value"]).abs()
    quality = sign * figure if sign else (-distance).where(figure.notna())
    ends = periods.ends(rows.loc[rows["value"].notna(), "period"])
    latest = ends.reindex(rows.index) == ends.max()
    few = (rows["value"] == 0) & (sign < 0) & figure.notna()
    if indicator_id in registry.bases and registry.units[indicator.unit].kind == "count":
        few |= rows["value"].abs() < _FEWEST_EVENTS
    rows = rows.assign(
        rank=ranked_places(quality.where(latest & ~few)),
        compared=figure,
        few=few & latest,
        latest=latest,
        place=rows["region_id"].map(place),
        has=rows["value"].notna(),
    )
    rows = rows.sort_values(["rank", "has", "place"], ascending=[True, False, True])
    shown = ["rank", "compared", "few", "latest", "region_id", *columns]
    return rows[shown].reset_index(drop=True)


def compared(rows: pd.DataFrame, data: Dataset, *, indicator_id: str) -> pd.Series[float]:
    """Return the figures by which regions compare, aligned with `rows`.

    Parameters
    ----------
    rows
        ``region_id, period, value`` of one indicator.

    Returns
    -------
    Series of float
        The value of a rate, a share or a mean; a total divided by the figure of its base
        for the same region and period, missing where that is unknown or not above zero; all
        missing of a total without a base.
    """
    base = data.registry.bases.get(indicator_id)
    if base is None:
        return rows["value"] * (math.nan if data.registry.is_total(indicator_id) else 1.0)
    seen = (data.whole or data).observations
    seen = seen[(seen["indicator_id"] == base.id) & (seen["value"] > 0)]
    key = ["region_id", "period"]
    seen = seen.drop_duplicates(key, keep="last")[[*key, "value"]]
    both = rows[key].merge(seen, on=key, how="left", validate="many_to_one")
    return rows["value"] / both["value"].set_axis(rows.index)


def _members(registry: Registry, by: CountedBy, region_id: str | None) -> pd.DataFrame:
    """Return what belongs to each sector or programme: its indicators, at its places."""
    places = registry.at(region_id)
    own = {} if region_id else {key: one.regions for key, one in registry.programmes.items()}
    found = [
        (one.id, place, group)
        for one in registry.indicators.values()
        for group in ([one.sector_id] if by == "sector_id" else one.programmes)
        for place in own.get(group) or places
    ]
    return pd.DataFrame(found, columns=[*SERIES, by], dtype="str")
