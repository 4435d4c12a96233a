"""What several subjects do alike: the day asked about, the order of codes, a straight line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset


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


def placed(**orders: Iterable[str]) -> Callable[[pd.Series], pd.Series]:
    """Return a key for `DataFrame.sort_values`: columns of codes by the codes' places.

    Parameters
    ----------
    orders
        For a column of codes these in their order. Other columns are sorted as they are.
    """
    places = {
        name: {code: place for place, code in enumerate(codes)}
        for name, codes in orders.items()
    }
    return lambda column: (
        column.map(places[str(column.name)]) if column.name in places else column
    )


def frequencies(names: pd.Series) -> pd.Series[str]:
    """Return the frequency of each period, such as ``annual`` of 2024."""
    return names.map({name: periods.frequency(name) for name in names.unique()}).astype("str")


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
