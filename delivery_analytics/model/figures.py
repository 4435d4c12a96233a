"""Reported figures beside each other: on two days, and over their periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from delivery_analytics.model import schema
from delivery_analytics.model.languages import in_language, named_in
from delivery_analytics.model.lookup import check
from delivery_analytics.model.registry import Indicator, Region, Registry, Sector, Unit

Tables = Mapping[str, pd.DataFrame]
_FIGURES = ("observations", "targets", "spending", "parents")  # which are added up and compared
_FIGURE = list(schema.TABLES["observations"].revisions)


def figures_of(tables: Tables, part: str = "") -> dict[str, pd.DataFrame]:
    """Return the tables, those that are divided of one part of the whole; "" is the whole.

    Raises
    ------
    DefinitionError
        If nothing is of that part, naming those there are.
    """
    divided = {name: rows for name, rows in tables.items() if "breakdown" in rows}
    parts = {each for rows in divided.values() for each in rows["breakdown"].unique()}
    check("breakdown", part or None, sorted(parts - {""}))
    own = {name: rows[rows["breakdown"] == part] for name, rows in divided.items()}
    return {**tables, **{name: rows.reset_index(drop=True) for name, rows in own.items()}}


def figures_within(
    tables: Tables, registry: Registry, place: str = ""
) -> tuple[dict[str, pd.DataFrame], Registry]:
    """Return the tables and the registry of the places within one; "" is the nation's regions.

    Figures of other places are left out. What else is of an organisation, such as an
    instruction, is of the place that it is within. The place itself stands for the nation.

    Raises
    ------
    DefinitionError
        If there is no such place.
    """
    registry.check("region", place or None)
    known, whole = registry.regions, place or registry.country_id
    own = {key: one for key, one in known.items() if key == whole or one.parent == place}
    if len(own) == len(known):
        return dict(tables), registry
    within = dict.fromkeys(known, "") | {key: key for key in own}
    counted = dict(within)
    for key in known.keys() - own.keys():
        above = key
        while above and above not in own:
            above = known[above].parent
        counted[key] = above
    kept = dict(tables)
    for name, rows in tables.items():
        if "region_id" in rows:
            place_of = within if name in _FIGURES else counted
            named = rows["region_id"].map(place_of).fillna(rows["region_id"]).astype("str")
            kept[name] = rows.assign(region_id=named)[named != ""].reset_index(drop=True)
    return kept, replace(registry, regions=own, country_id=whole)


def _latest(observations: pd.DataFrame) -> pd.Series[float]:
    """Return the latest revision of every figure by indicator, region and period."""
    return observations.drop_duplicates(_FIGURE, keep="last").set_index(_FIGURE)["value"]


def figures_compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what is not in both tables of observations alike; see `Dataset.compare`."""
    both = pd.concat({"before": _latest(before), "after": _latest(after)}, axis=1)
    same = (both["before"] == both["after"]) | both.isna().all(axis=1)
    both["change"] = both["after"] - both["before"]
    return of_the_whole(both[~same].sort_index().reset_index())


def of_the_whole(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures without their parts of the whole, where none is of a part."""
    return figures if figures["breakdown"].any() else figures.drop(columns="breakdown")


def figures_wide(observations: pd.DataFrame, registry: Registry, language: str) -> pd.DataFrame:
    """Return the latest figures with names down and periods across; see `Dataset.wide`."""
    known = of_the_whole(_latest(observations).reset_index())
    rows = [name for name in ("indicator_id", "region_id", "breakdown") if name in known]
    table = known.pivot_table(index=rows, columns="period", values="value", dropna=False)
    kept = known.set_index(rows).index.unique()
    order = {key: place for place, key in enumerate([*registry.indicators, *registry.regions])}
    table = table.loc[kept].sort_index(
        key=lambda level: level if level.name == "breakdown" else level.map(order)
    )
    named = []
    things: tuple[Sector | Indicator | Unit | Region, ...]
    for key, region, *part in table.index:
        one = registry.indicators[key]
        unit = registry.units[one.unit]
        things = registry.sectors[one.sector_id], one, unit, registry.regions[region]
        called = [named_in(language, thing.name) or thing.id for thing in things]
        named.append((*called, *part))
    heads = ["Sector", "Indicator", "Unit", "Region", *("Breakdown" for _ in rows[2:])]
    heads = [in_language(language, head).lower() for head in heads]
    table.index = pd.MultiIndex.from_tuples(named, names=heads)
    return table
