"""Hold the references of definitions against what there is: units, programmes, sectors.

`registry` builds a `Registry` and asks here, so that its type is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.bases import base_of
from delivery_analytics.model.definitions import Challenge
from delivery_analytics.model.lookup import hint, near_miss


def wrong_sectors(registry: Any) -> Iterator[tuple[str, str]]:
    """Yield each sector that speaks of what there is not, and what is wrong with it."""
    folder = registry.workspace.definitions / "sectors"
    for indicator in registry.indicators.values():
        where = f"{folder / indicator.sector_id}.toml, {indicator.id}"
        if indicator.unit not in registry.units:
            near = hint(indicator.unit, registry.units)
            what = f"unit '{indicator.unit}' is not in units.toml. {near}"
            yield indicator.sector_id, f"{where}: {what}"
        if indicator.cumulative and indicator.frequency == "annual":
            yield indicator.sector_id, f"{where}: cumulative has no effect on yearly figures"
        low, high = indicator.plausible
        if low is not None and high is not None and low > high:
            what = f"plausible runs from {low:g} down to {high:g}"
            yield indicator.sector_id, f"{where}: {what}"
        if indicator.per and not base_of(indicator, registry.indicators):
            near = near_miss("indicator", indicator.per, registry.indicators)
            yield indicator.sector_id, f"{where}, per: {near}"
        if isinstance(indicator.owner, str):  # or it would be called by its names now
            near = near_miss("body", indicator.owner, registry.bodies)
            yield indicator.sector_id, f"{where}, owner: {near}"
        for programme in indicator.programmes:
            if programme not in registry.programmes:
                near = hint(programme, registry.programmes)
                what = f"programme '{programme}' is not in programmes.toml. {near}"
                yield indicator.sector_id, f"{where}: {what}"
    for sector in registry.sectors.values():
        if isinstance(sector.lead, str):
            near = near_miss("body", sector.lead, registry.bodies)
            yield sector.id, f"{folder / sector.id}.toml, lead: {near}"
        ids = [indicator.id for indicator in sector.indicators]
        if len(set(ids)) < len(ids):
            yield sector.id, f"{folder / sector.id}.toml: an indicator stands twice"


def check_challenge(challenge: Challenge, registry: Any) -> None:
    """Refuse a challenge of a sector, a region or a unit that there is none of."""
    where = f"{registry.workspace.definitions / 'challenges.toml'}, {challenge.id}"
    wanted: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("sector", challenge.sector_id, registry.sectors),
        ("region", challenge.region_id or registry.country_id, registry.regions),
        ("unit", challenge.unit, registry.units),
        *(("unit", guard.unit, registry.units) for guard in challenge.guards),
    )
    for what, name, among in wanted:
        if name not in among:
            near = hint(name, among)
            raise DefinitionError(f"{where}: there is no {what} '{name}'. {near}")
