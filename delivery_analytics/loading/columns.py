"""Rows of a table while they are read, column by column.

Making a pandas table of every sheet took most of the time of a small file. So sheets give
columns, and the tables are made once, of all files together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.model import periods

Figures = np.ndarray[Any, Any]  # or days, one a row


@dataclass(frozen=True)
class Columns:
    """Rows of one table.

    Attributes
    ----------
    rows
        How many there are.
    held
        Column → a list or array with a value a row, or one value that all rows share.
    """

    rows: int
    held: Mapping[str, Any]

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, name: str) -> Any:
        """Return a column with a value a row."""
        held = self.held[name]
        return held if isinstance(held, list | np.ndarray) else [held] * self.rows

    def take(self, places: Sequence[int]) -> Columns:
        """Return the rows at `places`, in that order."""
        if len(places) == self.rows:
            return self

        def taken(held: Any) -> Any:
            if isinstance(held, np.ndarray):
                return held[np.asarray(places, dtype=int)]
            return [held[place] for place in places] if isinstance(held, list) else held

        return Columns(len(places), {name: taken(held) for name, held in self.held.items()})


def moments(values: Iterable[date | None]) -> Figures:
    """Return days or moments as an array; there are few of them, each many times."""
    listed = list(values)
    known = {day: np.datetime64(day, "us").astype("int64") for day in set(listed)}
    return np.array([known[day] for day in listed], dtype="int64").view("datetime64[us]")


def period_ends(period_ids: list[Any]) -> Figures:
    """Return each period's last day; none where there is no period."""
    last = {period: periods.end(period) for period in set(period_ids) if period}
    return moments(map(last.get, period_ids))


def to_15_digits(figures: Figures, scale: Figures) -> Figures:
    """Return scaled figures without the noise of binary fractions: 2.01 thousand is 2010.

    And a sum that was sent as 2009.9999999999998.
    """
    with np.errstate(all="ignore"):
        long = (scale != 1) | (figures != np.round(figures, 6))
        noisy = np.flatnonzero(long & np.isfinite(figures) & (figures != np.rint(figures)))
    out = figures.copy()
    out[noisy] = [float(f"{figure:.15g}") for figure in figures[noisy]]
    return out


def as_table(parts: Iterable[Columns | pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts as one table, in order; what a part lacks is missing."""
    frames: list[pd.DataFrame] = []
    for shape, alike in groupby(parts, key=_shape):
        same: list[Any] = list(alike)
        frames += [_joined(same)] if shape else same
    return pd.concat(frames, ignore_index=True) if len(frames) != 1 else frames[0]


def _shape(part: Columns | pd.DataFrame) -> tuple[str, ...]:
    return tuple(part.held) if isinstance(part, Columns) else ()


def _joined(parts: list[Any]) -> pd.DataFrame:
    def column(name: str) -> Any:
        values = [part[name] for part in parts]
        if all(isinstance(part, np.ndarray) for part in values):
            return np.concatenate(values)
        return list(chain.from_iterable(values))

    return pd.DataFrame({name: column(name) for name in parts[0].held})
