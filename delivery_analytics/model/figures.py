"""Reported figures beside each other: on two days, and over their periods."""

from __future__ import annotations

import pandas as pd

from delivery_analytics.model import schema
from delivery_analytics.model.registry import Indicator, Region, Registry, Sector, Unit

_FIGURE = list(schema.TABLES["observations"].revisions)


def _latest(observations: pd.DataFrame) -> pd.Series[float]:
    """Return the latest revision of every figure by indicator, region and period."""
    return observations.drop_duplicates(_FIGURE, keep="last").set_index(_FIGURE)["value"]


def figures_compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what is not in both tables of observations alike; see `Dataset.compare`."""
    both = pd.concat({"before": _latest(before), "after": _latest(after)}, axis=1)
    same = (both["before"] == both["after"]) | both.isna().all(axis=1)
    both["change"] = both["after"] - both["before"]
    return both[~same].sort_index().reset_index()


def figures_wide(observations: pd.DataFrame, registry: Registry, language: str) -> pd.DataFrame:
    """Return the latest figures with names down and periods across; see `Dataset.wide`."""
    known = _latest(observations).reset_index()
    table = known.pivot_table(
        index=["indicator_id", "region_id"], columns="period", values="value", dropna=False
    )
    kept = known.set_index(["indicator_id", "region_id"]).index.unique()
    order = {key: place for place, key in enumerate([*registry.indicators, *registry.regions])}
    table = table.loc[kept].sort_index(key=lambda level: level.map(order))
    named: list[tuple[Sector | Indicator | Unit | Region, ...]] = []
    for key, region in table.index:
        one = registry.indicators[key]
        unit = registry.units[one.unit]
        named.append((registry.sectors[one.sector_id], one, unit, registry.regions[region]))
    table.index = pd.MultiIndex.from_tuples(
        [tuple(thing.name.get(language, thing.id) for thing in row) for row in named],
        names=["sector", "indicator", "unit", "region"],
    )
    return table
