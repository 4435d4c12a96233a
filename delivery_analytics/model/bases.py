"""What totals are divided by, so that regions of all sizes can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.definitions import Indicator
from delivery_analytics.model.lookup import near_miss


def bases_of(indicators: Mapping[str, Indicator], sectors: Path) -> dict[str, Indicator]:
    """Return the indicator that each one with ``per`` is divided by.

    Parameters
    ----------
    sectors
        The folder of the sectors' files.

    Raises
    ------
    DefinitionError
        If there is no such indicator, in the sector itself or by its whole id.
    """
    found = {}
    for one in indicators.values():
        own = f"{one.sector_id}.{one.per}"
        if one.per and own not in indicators and one.per not in indicators:
            message = near_miss("indicator", one.per, indicators)
            raise DefinitionError(f"{sectors / one.sector_id}.toml, {one.id}, per: {message}")
        if one.per:
            found[one.id] = indicators[own if own in indicators else one.per]
    return found
