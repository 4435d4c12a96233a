"""What several subjects do alike: the day asked about, the order of codes, a straight line,
and how much a figure usually changes in a year."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset

_FEWEST_CHANGES = 3

RUN = [*SERIES, "frequency"]  # what one series of figures is


def known_day(data: Dataset) -> pd.Timestamp:
    """Return the day on which `data` is known.

    Raises
    ------
    DefinitionError
        If it holds what was known on every day.
    """
    if data.as_of is None:
        raise DefinitionError(
            "These tables hold what was known on every day. "
            "Choose a day first, such as data.known_on('2024-12-31')"
        )
    return pd.Timestamp(data.as_of)


def ordered(rows: pd.DataFrame, *names: str, **orders: Iterable[str]) -> pd.DataFrame:
    """Return rows in order, codes by their places.

    Parameters
    ----------
    names
        The columns to sort by; ``-late_days`` from the largest.
    orders
        For a column of codes these in their order. Other columns are sorted as they are.
    """
    places = {name: {code: n for n, code in enumerate(codes)} for name, codes in orders.items()}
    return rows.sort_values(
        [name.removeprefix("-") for name in names],
        ascending=[not name.startswith("-") for name in names],
        key=lambda column: column.map(places[column.name]) if column.name in places else column,
        ignore_index=True,
    )


def frequencies(names: pd.Series) -> pd.Series[str]:
    """Return the frequency of each period, such as ``annual`` of 2024."""
    return names.map({name: periods.frequency(name) for name in names.unique()}).astype("str")


def latest_figures(data: Dataset) -> pd.DataFrame:
    """Return the latest revision of each value, by series and period, with `frequency`."""
    rows = data.observations
    rows = rows[rows["indicator_id"].isin(list(data.registry.indicators))]
    rows = rows.drop_duplicates([*SERIES, "period"], keep="last")
    rows = rows[rows["value"].notna()]
    rows = rows.assign(frequency=frequencies(rows["period"]), subject_id=rows["indicator_id"])
    return rows.sort_values([*RUN, "period_end"], ignore_index=True)


def own_figures(data: Dataset) -> pd.DataFrame:
    """Return the figures of each indicator's own frequency that are numbers, as known last."""
    own = {name: one.frequency for name, one in data.registry.indicators.items()}
    rows = data.observations
    rows = rows[np.isfinite(rows["value"])]
    rows = rows[frequencies(rows["period"]) == rows["indicator_id"].map(own)]
    figures: pd.DataFrame = rows.drop_duplicates([*SERIES, "period"], keep="last")
    return figures


def yearly_changes(figures: pd.DataFrame) -> pd.DataFrame:
    """Return each figure with the same part of the year before it.

    Parameters
    ----------
    figures
        ``indicator_id, region_id, period, value``, one row per series and period.

    Returns
    -------
    DataFrame
        The rows by series, ``part`` of the year (empty for years, else ``Q4`` or ``06``) and
        ``year``, with ``value_before``, ``period_before``, ``change`` from it, and ``years``
        that lie between; all missing for the first of a series.
    """
    rows = figures.assign(
        year=figures["period"].str[:4].astype("int64"), part=figures["period"].str[5:]
    ).sort_values([*SERIES, "part", "year"], ignore_index=True)
    before = rows.groupby([*SERIES, "part"])[["year", "value", "period"]].shift()
    return rows.assign(
        value_before=before["value"],
        period_before=before["period"],
        change=rows["value"] - before["value"],
        years=rows["year"] - before["year"],
    )


def usual_changes(figures: pd.DataFrame) -> pd.DataFrame:
    """Return how much each series usually changes in a year.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, usual``: the median size of its changes a year, the mean
        where most were none; missing of fewer than three changes, and where nothing moved.
    """
    rows = yearly_changes(figures)
    sizes = (rows["change"] / rows["years"]).abs().groupby([rows[name] for name in SERIES])
    usual = sizes.median().where(lambda size: size > 0, sizes.mean())
    told = (sizes.count() >= _FEWEST_CHANGES) & (usual > 0)
    return usual.where(told).rename("usual").reset_index()


@lru_cache(maxsize=2)  # every list of a report is put in order by it
def own_usual_changes(data: Dataset) -> pd.DataFrame:
    """Return the `usual_changes` of the `own_figures` of a dataset."""
    return usual_changes(own_figures(data))


def lines(x: pd.Series, y: pd.Series, key: pd.Series) -> pd.DataFrame:
    """Return the least-squares line of each group of points.

    Parameters
    ----------
    x, y, key
        Aligned; `key` says which group a point belongs to.

    Returns
    -------
    DataFrame
        One row per group, on the key: ``points``, how many; ``x`` and ``y``, their means;
        ``xx``, the sum of squares about the mean, and ``slope``, missing where `x` is the
        same everywhere.
    """
    means = pd.DataFrame({"x": x, "y": y}).groupby(key)
    off_x, off_y = x - means["x"].transform("mean"), y - means["y"].transform("mean")
    sums = pd.DataFrame({"xx": off_x * off_x, "xy": off_x * off_y}).groupby(key).sum()
    slope = sums["xy"] / sums["xx"].where(sums["xx"] > 0)
    return means.mean().assign(points=means.size(), xx=sums["xx"], slope=slope)
