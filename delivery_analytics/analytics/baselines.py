"""Baselines at a trough or a peak: part of a change from there is a return to the usual."""

from functools import lru_cache

import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import own_figures, own_usual_changes, yearly_changes
from delivery_analytics.methods.base import SERIES, coded
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset

_NEAR = 3  # years to either side that it is compared with
_FEWEST_BEFORE, _FEWEST_AFTER = 2, 1


@lru_cache(maxsize=2)  # every table and chart of a report asks it of the same dataset
def turning(data: Dataset) -> pd.DataFrame:
    """Return the baselines in force that lie at a turning point of their own series.

    A trough is below every figure of the three years before and the three after, and
    further from their median than the figure usually changes in a year; a peak likewise.
    At least two figures before and one after must be known.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id``; ``turn``, ``trough`` or ``peak``; ``period``, the
        baseline's; ``first`` and ``last``, the periods it was compared with.
    """
    known = data.registry.indicators
    base = trajectory.baseline(data.targets)
    base = base[base["indicator_id"].isin(list(known))]
    own = [
        periods.containing(day.date(), known[one].frequency)
        for one, day in zip(base["indicator_id"], base["due_on"], strict=True)
    ]
    base = base[[*SERIES, "value"]].assign(base_period=pd.Series(own, base.index, dtype="str"))
    base = base.assign(
        part=base["base_period"].str[5:], base_year=base["base_period"].str[:4].astype("int64")
    ).rename(columns={"value": "base_value"})
    rows = yearly_changes(own_figures(data))
    rows = rows.merge(base, on=[*SERIES, "part"], validate="many_to_one")
    away = rows["year"] - rows["base_year"]
    rows = rows.assign(before=away < 0, after=away > 0)[(away != 0) & (away.abs() <= _NEAR)]
    near = rows.sort_values("year").groupby(SERIES)
    table = near.agg(
        before=("before", "sum"),
        after=("after", "sum"),
        low=("value", "min"),
        high=("value", "max"),
        middle=("value", "median"),
        base_value=("base_value", "first"),
        period=("base_period", "first"),
        first=("period", "first"),
        last=("period", "last"),
    ).reset_index()
    table = table.merge(own_usual_changes(data), on=SERIES, validate="one_to_one")
    value = table["base_value"]
    told = (table["before"] >= _FEWEST_BEFORE) & (table["after"] >= _FEWEST_AFTER)
    told &= (value - table["middle"]).abs() > table["usual"]
    low, high = value < table["low"], value > table["high"]
    turn = coded({"trough": told & low, "peak": told & high})
    found = table.assign(turn=turn)[turn != ""]
    return found[[*SERIES, "turn", "period", "first", "last"]].reset_index(drop=True)
