"""What an indicator is divided by where regions are compared, weighed by, and made of."""

from collections.abc import Mapping

from delivery_analytics.model.definitions import Indicator
from delivery_analytics.model.formulas import read_formula, references


def base_of(
    indicator: Indicator, indicators: Mapping[str, Indicator], key: str = "per"
) -> Indicator | None:
    """Return what an indicator is `per`, or another `key` names: by its own or its whole id."""
    named = getattr(indicator, key)
    return indicators.get(f"{indicator.sector_id}.{named}") or indicators.get(named)


def made_of(indicator: Indicator, indicators: Mapping[str, Indicator]) -> list[str]:
    """Return the indicators that an indicator's own figures are made of, and weighed by."""
    weight = base_of(indicator, indicators, "weight") if indicator.weight else None
    named = [weight.id] if weight else []
    if indicator.formula:
        named += references(read_formula(indicator.formula, indicator.sector_id))
    return named


def bases_of(indicators: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Return the indicator that each one with ``per`` is divided by, where there is one."""
    found = {one.id: base_of(one, indicators) for one in indicators.values() if one.per}
    return {key: base for key, base in found.items() if base}
