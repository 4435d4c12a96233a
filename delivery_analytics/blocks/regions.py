"""How one region stands among the others: its figures, its places, what it has promised."""

from typing import Any

import pandas as pd

from delivery_analytics.analytics import disparity, rollup
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording

ENDS = 5  # places at either end that are told


def places(data: Dataset, assessments: pd.DataFrame, *, region_id: str) -> pd.DataFrame:
    """Return a region's latest figure of each indicator it has, and its place.

    It has what it has a figure or a target of, as `status.assess` has it: the same for the
    command and the report.

    ``first`` and ``last`` say that it is among the `ENDS` at that end; where fewer than
    twice as many are ranked, no region is.

    Returns
    -------
    DataFrame
        One row per indicator: ``indicator_id, region_id, period, value, target_value,
        status, rank, ranked, nation_value, source_id, source_cell, first, last``. ``rank``
        is missing where the region has no figure or only one of an earlier period;
        ``ranked`` is how many regions were. ``nation_value`` is the country's own figure
        for the same period, missing of totals.
    """
    data.registry.check("region", region_id)
    here = assessments[assessments["region_id"] == region_id]
    order = rollup.by_urgency(here, data)["indicator_id"]
    rows = [_row(data, assessments, one, region_id) for one in order]
    columns = ["indicator_id", "region_id", "period", "value", "target_value", "status"]
    columns += ["rank", "ranked", "nation_value", "source_id", "source_cell"]
    table = pd.DataFrame(rows, columns=columns)
    enough = _many(table)
    return table.assign(
        first=enough & (table["rank"] <= ENDS),
        last=enough & (table["rank"] > table["ranked"] - ENDS),
    )


def _many(rows: pd.DataFrame) -> pd.Series:
    """Say where so many regions are ranked that those at either end can be told."""
    many: pd.Series = rows["ranked"] >= 2 * ENDS
    return many


def _row(
    data: Dataset, assessments: pd.DataFrame, indicator_id: str, region_id: str
) -> dict[str, Any]:
    rows = rollup.ranked_regions(assessments, data, indicator_id=indicator_id)
    own = rows[rows["region_id"] == region_id].iloc[0]
    observed = data.observations
    nation = observed[
        (observed["indicator_id"] == indicator_id)
        & (observed["region_id"] == data.registry.country_id)
        & (observed["period"] == own["period"])
        & (not data.registry.is_total(indicator_id))
    ]["value"]
    return {
        **own,
        "indicator_id": indicator_id,
        "ranked": int(rows["rank"].notna().sum()),
        "nation_value": float(nation.iloc[-1]) if len(nation) else float("nan"),
    }


def region_table(
    data: Dataset, assessments: pd.DataFrame, words: Wording, *, region_id: str
) -> Table:
    """Return each indicator of a region beside the country's figure, with its place."""
    rows = places(data, assessments, region_id=region_id)
    noise = _noise(data, rows, region_id)
    told = common.reconciled(data, rows, words)
    frame = rows.assign(place=_placed(rows, noise, words), outlook=told)
    totals = any(map(data.registry.is_total, rows["indicator_id"]))
    more = common.sentences(
        words.code("places", "totals") if totals else "",
        words.code("places", "brackets") if len(noise) else "",
    )
    return common.table("region_table", frame, data, words, more=more)


def _noise(data: Dataset, rows: pd.DataFrame, region_id: str) -> pd.DataFrame:
    """Return the best and the worst place that noise allows, by indicator, where known."""
    seen, compared = data.observations, rows.dropna(subset="rank")["indicator_id"]
    few = (seen["value"] == 0) & seen["indicator_id"].map(
        {one.id: one.direction == "decrease" for one in data.registry.indicators.values()}
    ).eq(True)
    same = seen["indicator_id"].isin(compared)
    known = disparity.ranking(
        seen[same & ~few],
        country_id=data.registry.country_id,
        period=dict(zip(rows["indicator_id"], rows["period"], strict=True)),
        directions={one.id: one.direction for one in data.registry.indicators.values()},
        totals=[*filter(data.registry.is_total, data.registry.indicators)],
    )
    own = known[(known["region_id"] == region_id) & known["rank_best"].notna()]
    return own.set_index("indicator_id")[["rank_best", "rank_worst"]]


def _placed(rows: pd.DataFrame, noise: pd.DataFrame, words: Wording) -> list[str]:
    """Return places such as "6 of 17", with those that noise allows behind where known."""
    said = []
    for indicator, rank, ranked in zip(
        rows["indicator_id"], rows["rank"], rows["ranked"], strict=True
    ):
        text = words.coverage(int(rank), int(ranked)) if rank == rank else ""
        if text and indicator in noise.index:
            best, worst = noise.loc[indicator].astype("int64")
            text = words("{place} ({best} to {worst})", place=text, best=best, worst=worst)
        said.append(text)
    return said


def spread(data: Dataset, words: Wording) -> Table:
    """Return how far the regions lie apart in each indicator's latest period."""
    found = disparity.spread(data.observations, country_id=data.registry.country_id)
    shares = [one for one in data.registry.indicators if not data.registry.is_total(one)]
    found = found[found["indicator_id"].isin(shares)]
    rows = found.sort_values("period").drop_duplicates("indicator_id", keep="last")
    rows = rows.sort_values("variation", ascending=False, ignore_index=True)
    units = data.registry.units
    frame = rows.assign(
        indicator=[
            f"{words.name(one.name)}, {words.name(units[one.unit].name)}"
            for one in common.indicators_of(data, rows)
        ],
        times=rows["ratio"].round(2),
    )
    return common.table("spread", frame, data, words)
