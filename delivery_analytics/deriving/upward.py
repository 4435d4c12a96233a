"""Regions make the nation, and organisations their region, by the rule that is declared.

A sum, a mean, the lowest and the highest need every part that existed then: of fewer no
figure is made, and it is told who is missing. Only a weighted mean may be made of some of
them, where those that reported hold the declared share of the weight; it is an estimate.
A region that came into being later is a part before its day where it has a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from delivery_analytics.deriving.made import FACT, MadeRows, learned_on_day
from delivery_analytics.model.registry import Registry

_SPAN = ["breakdown", "period", "period_end"]
_CELL = ["obs_status", "source_id", "source_cell"]
_BEHIND = ["parent_id", "parent_period", "parent_reported_on", "value", *_CELL]
_BESIDE = {name: f"weight_{name}" for name in _BEHIND}  # the same of a weight


@dataclass(frozen=True)
class Rule:
    """How parts make a whole; the keys of that name of `model.definitions.Indicator`."""

    over_regions: str
    coverage_at_least: float = 1.0
    weights: pd.DataFrame | None = None  # the weight's rows of ``observations``


def wholes(registry: Registry) -> list[tuple[str, list[str]]]:
    """Return every place that others make, and those others; the nation last.

    What stands beside the regions, within the nation itself, is a part of none.
    """
    nation, regions = registry.country_id, registry.regions
    below: dict[str, list[str]] = {}
    for region in regions.values():
        if nation not in (region.id, region.parent):
            below.setdefault(region.parent or nation, []).append(region.id)

    def depth(place: str) -> int:
        above = regions[place].parent
        return 1 + depth(above) if above else int(place != nation)

    return sorted(below.items(), key=lambda whole: -depth(whole[0]))


def make_whole(
    rows: pd.DataFrame, place: str, parts: Sequence[str], rule: Rule, registry: Registry
) -> tuple[MadeRows, pd.DataFrame]:
    """Return the figures of a place that its parts make, and where parts are missing.

    Parameters
    ----------
    rows
        Figures of one thing: ``parent_id``, what it is called; `FACT`, ``period_end,
        reported_on, value, obs_status`` and where each stands; its revisions in their order.

    Returns
    -------
    DataFrame
        One row a breakdown and period without all of its parts: ``told``, who is missing,
        and ``made``, whether a figure was made all the same.
    """
    rows, known = rows[rows["region_id"].isin(parts)], registry.regions
    if place != registry.country_id:  # what reports are hospitals, not the schools beside them
        kinds = {known[part].kind for part in rows["region_id"].unique()}
        parts = [part for part in parts if known[part].kind in kinds]
    born = {"region_id": parts, "valid_from": [known[part].valid_from for part in parts]}
    due = pd.DataFrame(born).astype({"region_id": "str", "valid_from": "datetime64[us]"})
    days = rows["reported_on"]
    if rule.weights is not None:
        days = pd.concat([days, rule.weights["reported_on"]])
    made, told = [], pd.DataFrame(columns=[*_SPAN, "told", "made"])
    for day in sorted(days.unique()):
        now = rows[rows["reported_on"] <= day].drop_duplicates(FACT, keep="last")
        if len(now):
            grid = _expected(now, due, rule, day)
            values, told = _worked(grid, rule)
            values = values.assign(region_id=place).set_index(FACT)
            made.append(learned_on_day(values, _behind(grid, place), day))
    return MadeRows.together(made), told


def _expected(
    now: pd.DataFrame, due: pd.DataFrame, rule: Rule, day: pd.Timestamp
) -> pd.DataFrame:
    """Return every part that belongs to a period, with its figure and weight if it has them."""
    grid = now[_SPAN].drop_duplicates().merge(due, how="cross")
    grid = grid.merge(now, on=[*_SPAN, "region_id"], how="left", validate="one_to_one")
    existed = grid["valid_from"].isna() | (grid["valid_from"] <= grid["period_end"])
    grid = grid[existed | grid["value"].notna()]
    grid = grid.assign(parent_period=grid["period"], parent_reported_on=grid["reported_on"])
    if rule.weights is None:
        return grid.assign(weight=1.0)
    known = rule.weights[rule.weights["reported_on"] <= day]
    known = known.drop_duplicates(FACT, keep="last")
    known = known[known["value"] >= 0].sort_values("period_end", kind="stable")
    named = {"indicator_id": "parent_id", "period": "parent_period"}
    named["reported_on"] = "parent_reported_on"
    known = known.assign(weight=known["value"]).rename(columns=named).rename(columns=_BESIDE)
    by = ["region_id", "breakdown"]
    known = known[[*by, "period_end", "weight", *_BESIDE.values()]]
    grid = grid.sort_values("period_end", kind="stable")
    return pd.merge_asof(grid, known, on="period_end", by=by)


def _worked(grid: pd.DataFrame, rule: Rule) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the whole's figures, and what is told of those that lack a part."""
    has, weight = grid["value"].notna(), grid["weight"]
    rows = grid.assign(has=has, held=weight.where(has, 0.0), product=grid["value"] * weight)
    sums = rows.groupby(_SPAN).agg(
        parts=("has", "size"),
        reported=("has", "sum"),
        weighed=("weight", "count"),
        weight=("weight", "sum"),
        held=("held", "sum"),
        product=("product", "sum"),
        **{how: ("value", how) for how in ("sum", "mean", "min", "max")},
    )
    sums["weighted_mean"] = sums["product"] / sums["held"].where(sums["held"] > 0)
    sums["share"] = (sums["held"] / sums["weight"]).where(sums["weighed"] == sums["parts"])
    whole, made = sums["reported"] == sums["parts"], sums["reported"] == sums["parts"]
    if rule.over_regions == "weighted_mean":
        made = sums["share"] >= rule.coverage_at_least - 1e-12
    sums = sums.assign(value=sums[rule.over_regions], made=made)
    sums["obs_status"] = pd.Series("estimated", sums.index).mask(whole, "")
    sums, lacks = sums[sums["reported"] > 0], rows[~has | weight.isna()]
    names = lacks.groupby(_SPAN)["region_id"].agg(", ".join).rename("missing")
    told = sums[~(whole & made).loc[sums.index]].join(names).reset_index()
    told["told"] = [
        f"{row['period']}{row['breakdown'] and ' ({})'.format(row['breakdown'])}: "
        f"{row['reported']} of {row['parts']}"
        f"{', {:.3g} % of the weight'.format(100 * row['share']) if row['made'] else ''}, "
        f"without {row['missing']}"
        for row in told.to_dict("records")
    ]
    return sums[sums["made"]].reset_index()[[*_SPAN, "value", "obs_status"]], told


def _behind(grid: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return the figures behind those of a place, and the weights of all its parts."""
    own = grid.assign(parent_region_id=grid["region_id"], region_id=place)
    columns = [*FACT, "parent_region_id", *_BEHIND]
    parts = own[own["value"].notna()][columns]
    if _BESIDE["parent_id"] not in own:
        return parts
    weights = own[own["weight"].notna()].drop(columns=_BEHIND)
    weights = weights.rename(columns={beside: name for name, beside in _BESIDE.items()})
    return pd.concat([parts, weights[columns]], ignore_index=True)
