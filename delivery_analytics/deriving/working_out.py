"""Work a formula out: what it makes of the figures known on a day, and of which.

A figure stands where each of those it is made of was reported; where one of them was
reported without a value, or where it would be divided by nought, it has no value either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
import pandas as pd

from delivery_analytics.model import periods
from delivery_analytics.model.definitions import Indicator
from delivery_analytics.model.formulas import OPERATIONS, Figures, Formula

FIGURE = ["region_id", "breakdown", "period"]


@dataclass(frozen=True)
class Aligned:
    """Figures of one frequency.

    Attributes
    ----------
    figures
        By region, breakdown and period.
    parts
        The figures that each is made of: `FIGURE`, ``parent_id, parent_period``. Of a figure
        that is not among them they mean nothing.
    """

    figures: pd.Series[float]
    parts: pd.DataFrame

    def moved(self, steps: int) -> Aligned:
        """Return the figures as those of periods `steps` later."""
        known = {*self.figures.index.unique("period"), *self.parts["period"]}
        later = {period: periods.shift(period, steps) for period in known}
        parts = self.parts.assign(period=self.parts["period"].map(later).astype("str"))
        return Aligned(self.figures.rename(index=later, level="period"), parts)

    def only(self, kept: Callable[[str], bool]) -> Aligned:
        """Return the figures of some periods."""
        here = [kept(period) for period in self.figures.index.get_level_values("period")]
        return Aligned(self.figures[np.array(here, bool)], self.parts)


def work_out(
    formula: Formula, known: pd.DataFrame, indicators: Mapping[str, Indicator], frequency: str
) -> Aligned | float:
    """Return what a formula makes.

    Parameters
    ----------
    known
        ``indicator_id``, `FIGURE` and ``value``, one row a figure.
    frequency
        That of what is made. A figure of a longer period stands for each shorter one within
        it; those of shorter ones make the longer by ``over_time``, once all of them are there.
    """
    if isinstance(formula, float):
        return formula
    if isinstance(formula, Figures):
        return _figures(known, indicators[formula.indicator_id], frequency)
    lines = [work_out(part, known, indicators, frequency) for part in formula.of]
    if formula.by in OPERATIONS:
        return _operate(formula.by, *lines)
    [line] = lines
    # No function is of a number alone.
    return _FUNCTIONS[formula.by](line, formula.given, frequency)  # type: ignore[arg-type]


def _figures(known: pd.DataFrame, one: Indicator, frequency: str) -> Aligned:
    """Return an indicator's figures, brought to a frequency."""
    rows = known[known["indicator_id"] == one.id]
    own = {period: periods.frequency(period) for period in rows["period"].unique()}
    rows = rows[rows["period"].map(own) == one.frequency]
    rows = rows[[*FIGURE, "value"]].assign(parent_id=one.id, parent_period=rows["period"])
    times = periods.MONTHS_IN[one.frequency] / periods.MONTHS_IN[frequency]
    called = rows["period"].unique()
    if times > 1:
        first = {p: periods.containing(periods.start(p), frequency) for p in called}
        within = {p: [periods.shift(first[p], n) for n in range(int(times))] for p in called}
        rows = rows.assign(period=rows["period"].map(within)).explode("period")
    elif times < 1:
        longer = {p: periods.containing(periods.end(p), frequency) for p in called}
        if one.over_time == "last":
            closing = {p: periods.end(p) == periods.end(longer[p]) for p in called}
            rows = rows[rows["period"].map(closing).astype("bool")]
        rows = rows.assign(period=rows["period"].map(longer))
    rows = rows.astype({"period": "str"})
    values = rows.set_index(FIGURE)["value"]
    if times < 1 and one.over_time != "last":
        count = round(1 / times)
        grouped = values.groupby(level=FIGURE)
        values = grouped.sum(min_count=count)[grouped.size() == count]
        values = values / count if one.over_time == "mean" else values
    return Aligned(values, rows[[*FIGURE, "parent_id", "parent_period"]])


def _operate(by: str, left: Aligned | float, right: Aligned | float) -> Aligned:
    lines = [one for one in (left, right) if isinstance(one, Aligned)]
    both = reduce(pd.Index.intersection, (one.figures.index for one in lines))
    a, b = (one.figures.loc[both] if isinstance(one, Aligned) else one for one in (left, right))
    values = OPERATIONS[by](a, b)
    if by == "/" and isinstance(b, pd.Series):
        values = values.where(b != 0)
    return Aligned(values, pd.concat([one.parts for one in lines]).drop_duplicates())


def _year_before(line: Aligned, given: str | int, frequency: str) -> Aligned:
    return line.moved(_per_year(frequency))


def _at(line: Aligned, given: str | int, frequency: str) -> Aligned:
    """Return the figure of a base period, as that of every period."""
    every, of = line.figures.index.to_frame(index=False), FIGURE[:2]
    base = line.only(lambda period: period == given).figures.rename("value").reset_index()
    base = every.merge(base[[*of, "value"]], on=of, validate="many_to_one")
    parts = line.parts[line.parts["period"] == given].drop(columns="period")
    parts = every.merge(parts, on=of, validate="many_to_many")
    return Aligned(base.set_index(FIGURE)["value"], parts)


def _rolling(line: Aligned, given: str | int, frequency: str, *, mean: bool = False) -> Aligned:
    """Return the sum of so many periods up to each, or their mean."""
    total = reduce(partial(_operate, "+"), [line.moved(n) for n in range(int(given))])
    return _operate("/", total, float(given)) if mean else total


def _year_to_date(line: Aligned, given: str | int, frequency: str) -> Aligned:
    """Return the sum since January, of years whose periods so far are all there."""
    lines = [
        _rolling(line, place, frequency).only(partial(_is_place, place))
        for place in range(1, _per_year(frequency) + 1)
    ]
    return _together(lines)


def _discrete(line: Aligned, given: str | int, frequency: str) -> Aligned:
    """Return what each period added to a total that counts from January."""
    added = _operate("-", line, line.moved(1))
    first = partial(_is_place, 1)
    return _together([line.only(first), added.only(lambda period: not first(period))])


def _is_place(place: int, period: str) -> bool:
    """Say whether a period is the first, the second … of its year."""
    length = periods.MONTHS_IN[periods.frequency(period)]
    return periods.end(period).month == place * length


def _together(lines: list[Aligned]) -> Aligned:
    """Return the figures of lines of which each has other periods."""
    parts = []
    for one in lines:  # each line's parts are those of its own figures only
        here = pd.MultiIndex.from_frame(one.parts[FIGURE]).isin(one.figures.index)
        parts.append(one.parts[here])
    return Aligned(pd.concat([one.figures for one in lines]), pd.concat(parts))


def _per_year(frequency: str) -> int:
    return 12 // periods.MONTHS_IN[frequency]


_FUNCTIONS: Mapping[str, Callable[[Aligned, str | int, str], Aligned]] = {
    "year_before": _year_before,
    "year_to_date": _year_to_date,
    "discrete": _discrete,
    "at": _at,
    "rolling_mean": partial(_rolling, mean=True),
    "rolling_sum": _rolling,
}
