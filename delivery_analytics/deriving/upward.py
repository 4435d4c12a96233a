"""Regions make the nation, and organisations their region, by the rule that is declared.

A sum, a mean, the lowest and the highest need every part that existed then: of fewer no
figure is made, and it is told who is missing. Only a weighted mean may be made of some of
them, where those that reported hold the declared share of the weight; it is an estimate.
A region that came into being later is a part before its day where it has a figure.
"""

import math
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from delivery_analytics.deriving.facts import Fact, Facts, Known, Line, Worked, ending
from delivery_analytics.model.registry import Region, Registry


class WholeRule(NamedTuple):
    """How parts make a whole; the keys of that name of `model.definitions.Indicator`."""

    over_regions: str
    coverage_at_least: float = 1.0
    weight: str = ""


def wholes(registry: Registry) -> list[tuple[str, list[Region]]]:
    """Return every place that others make, and those others; the nation last.

    What stands beside the regions, within the nation itself, is a part of none.
    """
    nation, regions = registry.country_id, registry.regions
    below: dict[str, list[Region]] = {}
    for region in regions.values():
        if nation not in (region.id, region.parent):
            below.setdefault(region.parent or nation, []).append(region)

    def depth(place: str) -> int:
        above = regions[place].parent
        return 1 + depth(above) if above else int(place != nation)

    return sorted(below.items(), key=lambda whole: -depth(whole[0]))


def make_whole(
    facts: Facts, key: str, rule: WholeRule, place: str, parts: Iterable[Region]
) -> tuple[Line, dict[tuple[str, str], tuple[bool, str]]]:
    """Return the figures of a place that its parts make, and where parts are missing.

    Parameters
    ----------
    key
        What they are figures of.

    Returns
    -------
    dict
        Breakdown and period → whether a figure was made all the same, and who is missing.
    """
    known = {part.id: part for part in parts}
    spans: dict[tuple[str, str], dict[str, Known]] = {}
    for (region, part, period), one in facts.get(key, {}).items():
        if region in known and not math.isnan(one.value):
            spans.setdefault((part, period), {})[region] = one
    line, lacks = Line(), {}
    for span, has in spans.items():
        end = ending(span[1])
        since = {key: one.valid_from or end for key, one in known.items()}
        due = [key for key in known if key in has or since[key] <= end]
        weights, behind = _weights(facts.get(rule.weight, {}), rule, due, span[0], end)
        held = sum(weights.get(region, 0.0) for region in has)
        share = held / sum(weights.values()) if len(weights) == len(due) and held else 0.0
        whole = len(has) == len(due)
        made = share >= rule.coverage_at_least - 1e-12 if rule.weight else whole
        if made:
            values = [one.value for one in has.values()]
            weighed = (one.value * weights[region] for region, one in has.items())
            total = math.fsum(weighed if rule.weight else values)
            wholes_of = {"min": min(values), "max": max(values), "sum": total}
            value = wholes_of.get(rule.over_regions, total / held)
            behind |= {(key, (region, *span)) for region in has}
            line[place, *span] = Worked(value, frozenset(behind), "" if whole else "estimated")
        if not (whole and made):
            missing = [one for one in due if one not in has or one not in weights]
            part = f", {100 * share:.3g} % of the weight" if made else ""
            told = f"{len(has)} of {len(due)}{part}, without {', '.join(missing)}"
            lacks[span] = made, told
    return line, lacks


def _weights(
    known: dict[Fact, Known], rule: WholeRule, due: Iterable[str], part: str, end: date
) -> tuple[dict[str, float], set[tuple[str, Fact]]]:
    """Return the latest weight of each part by a day, and of which figure it is."""
    if not rule.weight:
        return dict.fromkeys(due, 1.0), set()
    latest: dict[str, Fact] = {}
    for fact, one in known.items():
        if fact[1] == part and one.value >= 0 and ending(fact[2]) <= end:
            before = latest.get(fact[0])
            if before is None or ending(before[2]) < ending(fact[2]):
                latest[fact[0]] = fact
    own = {region: latest[region] for region in due if region in latest}
    weights = {region: known[fact].value for region, fact in own.items()}
    return weights, {(rule.weight, fact) for fact in own.values()}
