"""Follow the references of definitions, and hold them against what there is.

`registry` builds a `Registry` and asks here, so that its type is not known here.
"""

import contextlib
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.definitions import Challenge, Indicator
from delivery_analytics.model.formulas import check_formula, read_formula, references
from delivery_analytics.model.lookup import hint, near_miss

SHORT = {"en": 47, "": 50}  # letters of a name in a brief, by language


def wrong_sectors(registry: Any) -> Iterator[tuple[str, str]]:
    """Yield each sector that speaks of what there is not, and what is wrong with it."""
    folder = registry.workspace.definitions / "sectors"
    for indicator in registry.indicators.values():
        where = f"{folder / indicator.sector_id}.toml, {indicator.id}"
        for what in _wrong_with(indicator, registry):
            yield indicator.sector_id, f"{where}{what}"
        for key, what in _wrong_making(indicator, registry):
            yield indicator.sector_id, f"{where}, {key}: {what}"
    for sector in registry.sectors.values():
        if isinstance(sector.lead, str):
            near = _no_body(sector.lead, registry)
            yield sector.id, f"{folder / sector.id}.toml, lead: {near}"
        ids = [indicator.id for indicator in sector.indicators]
        if len(set(ids)) < len(ids):
            yield sector.id, f"{folder / sector.id}.toml: an indicator stands twice"
    yield from _circle(registry)


def _no_body(named: str, registry: Any) -> str:
    each = (part.strip() for part in named.split(";"))
    wrong = next(part for part in each if not registry.bodies_of(part))
    return near_miss("body", wrong, registry.bodies)


def _wrong_with(one: Indicator, registry: Any) -> Iterator[str]:
    """Yield what an indicator says in vain, or of what there is not."""
    if one.unit not in registry.units:
        yield f": unit '{one.unit}' is not in units.toml. {hint(one.unit, registry.units)}"
    if one.cumulative and one.frequency == "annual":
        yield ": cumulative has no effect on yearly figures"
    for language, text in one.short.items():
        if len(text) > (most := SHORT.get(language, SHORT[""])):
            what = f"{len(text)} letters, and {most} at most fit a brief"
            yield f", short.{language}: '{text}' has {what}"
    low, high = one.plausible
    if low is not None and high is not None and low > high:
        yield f": plausible runs from {low:g} down to {high:g}"
    if one.per and not base_of(one, registry.indicators):
        yield f", per: {near_miss('indicator', one.per, registry.indicators)}"
    if isinstance(one.owner, str):  # or it would be called by its names now
        yield f", owner: {_no_body(one.owner, registry)}"
    for programme in one.programmes:
        if programme not in registry.programmes:
            near = hint(programme, registry.programmes)
            yield f": programme '{programme}' is not in programmes.toml. {near}"


def _wrong_making(one: Indicator, registry: Any) -> Iterator[tuple[str, str]]:
    """Yield each key that says how figures are made and cannot be meant, and why."""
    known, units = registry.indicators, registry.units
    kind, weighed = units[one.unit].kind if one.unit in units else "", "weighted_mean"
    for key in ("over_regions", "over_time"):
        if getattr(one, key) == "sum" and kind in ("percent", "index"):
            yield key, f"figures in '{one.unit}' have no sum. Say mean, or none"
    if one.over_time == "sum" and one.cumulative:
        yield "over_time", "its figures count from January: the last is the year's. Say last"
    if (one.over_regions == weighed) != bool(one.weight):
        yield "weight", f"over_regions = '{weighed}' and the weight stand together"
    elif one.weight and not base_of(one, known, "weight"):
        yield "weight", near_miss("indicator", one.weight, known)
    if one.coverage_at_least < 1 and one.over_regions != weighed:
        yield "coverage_at_least", f"only a {weighed} may be made of a part of the regions"
    if not one.formula or one.unit not in units:
        return
    try:
        formula = read_formula(one.formula, one.sector_id)
        named = references(formula)
        if all(known[key].unit in units for key in named if key in known):
            check_formula(formula, known, units, frequency=one.frequency, unit=one.unit)
    except DefinitionError as error:
        yield "formula", str(error)


def _circle(registry: Any) -> Iterator[tuple[str, str]]:
    """Yield the sector of an indicator that is made of itself, and by which way."""
    known, graph = registry.indicators, {}
    for one in known.values():
        with contextlib.suppress(DefinitionError):
            graph[one.id] = [key for key in made_of(one, known) if key in known]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        path = error.args[1]
        one = next(known[key] for key in path if known[key].formula or known[key].weight)
        file = registry.workspace.definitions / "sectors" / f"{one.sector_id}.toml"
        where = f"{file}, {one.id}, {'formula' if one.formula else 'weight'}"
        yield one.sector_id, f"{where}: it is made of itself: {' ← '.join(path)}"


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
