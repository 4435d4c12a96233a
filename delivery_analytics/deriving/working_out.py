"""Work a formula out: what it makes of the figures known on a day, and of which.

A figure stands where each of those it is made of was reported; where one of them was
reported without a value, or where it would be divided by nought, it has no value either.
"""

import math
from collections.abc import Mapping
from functools import reduce

from delivery_analytics.deriving.facts import Fact, Facts, Known, Line, Worked
from delivery_analytics.model import periods
from delivery_analytics.model.definitions import Indicator
from delivery_analytics.model.formulas import OPERATIONS, Figures, Formula


def work_out(
    formula: Formula, facts: Facts, indicators: Mapping[str, Indicator], frequency: str
) -> Line:
    """Return what a formula makes.

    Parameters
    ----------
    frequency
        That of what is made. A figure of a longer period stands for each shorter one within
        it; those of shorter ones make the longer by ``over_time``, once all of them are there.
    """
    if isinstance(formula, Figures):
        one = indicators[formula.indicator_id]
        return _brought(facts.get(one.id, {}), one, frequency)
    assert not isinstance(formula, float)  # a formula names an indicator
    sides = [
        part if isinstance(part, float) else work_out(part, facts, indicators, frequency)
        for part in formula.of
    ]
    if formula.by in OPERATIONS:
        return _operate(formula.by, *sides)
    [line] = sides
    assert not isinstance(line, float)
    return _function(formula.by, line, formula.given, 12 // periods.MONTHS_IN[frequency])


def _brought(own: Mapping[Fact, Known], one: Indicator, frequency: str) -> Line:
    """Return an indicator's figures, brought to a frequency."""
    known = (fact for fact in own if periods.frequency(fact[2]) == one.frequency)
    line = {fact: Worked(own[fact].value, frozenset([(one.id, fact)])) for fact in known}
    length, wanted = periods.MONTHS_IN[one.frequency], periods.MONTHS_IN[frequency]
    if length >= wanted:
        first = {fact: periods.containing(periods.start(fact[2]), frequency) for fact in line}
        return {
            (*fact[:2], periods.shift(first[fact], n)): worked
            for fact, worked in line.items()
            for n in range(length // wanted)
        }
    within: dict[Fact, list[Worked]] = {}
    for fact, worked in line.items():
        longer = periods.containing(periods.end(fact[2]), frequency)
        if one.over_time != "last" or periods.end(longer) == periods.end(fact[2]):
            within.setdefault((*fact[:2], longer), []).append(worked)
    count = 1 if one.over_time == "last" else wanted // length
    divided, made = count if one.over_time == "mean" else 1, Line()
    for fact, parts in within.items():
        if len(parts) == count:
            behind = frozenset[tuple[str, Fact]]().union(*(part.behind for part in parts))
            made[fact] = Worked(math.fsum(part.value for part in parts) / divided, behind)
    return made


def _operate(by: str, left: Line | float, right: Line | float) -> Line:
    """Return what an operation makes of figures that both sides have."""

    def side(line: Line | float, fact: Fact) -> Worked:
        return Worked(line, frozenset()) if isinstance(line, float) else line[fact]

    [one, *more] = [line for line in (left, right) if not isinstance(line, float)]
    made = {}
    for fact in one.keys() & more[0].keys() if more else one:
        a, b = side(left, fact), side(right, fact)
        is_nought = by == "/" and b.value == 0
        value = math.nan if is_nought else OPERATIONS[by](a.value, b.value)
        value = value if math.isfinite(value) else math.nan
        made[fact] = Worked(value, a.behind | b.behind)
    return made


def _moved(line: Line, steps: int) -> Line:
    """Return figures as those of periods `steps` later."""
    return {(*fact[:2], periods.shift(fact[2], steps)): one for fact, one in line.items()}


def _function(by: str, line: Line, given: str | int, per_year: int) -> Line:
    """Return what a function makes of figures."""

    def rolled(count: int) -> Line:
        lines = [_moved(line, steps) for steps in range(count)]
        return reduce(lambda left, right: _operate("+", left, right), lines)

    if by == "year_before":
        return _moved(line, per_year)
    if by == "rolling_sum":
        return rolled(int(given))
    if by == "rolling_mean":
        return _operate("/", rolled(int(given)), float(given))
    if by == "at":
        base = {fact[:2]: one for fact, one in line.items() if fact[2] == given}
        return {fact: base[fact[:2]] for fact in line if fact[:2] in base}
    place = {fact: periods.end(fact[2]).month * per_year // 12 for fact in line}
    if by == "discrete":
        first = {fact: worked for fact, worked in line.items() if place[fact] == 1}
        return _operate("-", line, _moved(line, 1)) | first
    sums = {count: rolled(count) for count in range(1, per_year + 1)}
    return {fact: sums[nth][fact] for fact, nth in place.items() if fact in sums[nth]}
