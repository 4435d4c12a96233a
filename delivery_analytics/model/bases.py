"""What totals are divided by, so that regions of all sizes can be compared."""

from __future__ import annotations

from collections.abc import Mapping

from delivery_analytics.model.definitions import Indicator


def base_of(indicator: Indicator, indicators: Mapping[str, Indicator]) -> Indicator | None:
    """Return what an indicator is `per`: one of its own sector, or any by its whole id."""
    own = f"{indicator.sector_id}.{indicator.per}"
    return indicators.get(own) or indicators.get(indicator.per)


def bases_of(indicators: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Return the indicator that each one with ``per`` is divided by, where there is one."""
    found = {one.id: base_of(one, indicators) for one in indicators.values() if one.per}
    return {key: base for key, base in found.items() if base}
