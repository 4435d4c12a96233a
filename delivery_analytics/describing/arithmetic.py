"""What the figures of a table show by themselves: percentages of others, trees."""

from collections.abc import Sequence
from itertools import permutations, product
from typing import Any, NamedTuple

import numpy as np

from delivery_analytics.describing.kinds import tried
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.parsing.parse import number

_ROWS = 200  # of which a rule is found; it is held against all of them on loading
_FEWEST = 5  # rows, or parents, that show a rule
_MOST_COLUMNS = 30
_ROUNDED = 0.5  # per cent, as they are often rounded to whole ones
_LEVELS = 12
_AGREE = 0.9
_TREE_ROWS = 3000

Figures = np.ndarray[Any, Any]


class Percent(NamedTuple):
    """A column that is 100 × `part` / `of`, or the `change` from `of` to `part`, by its row."""

    part: int
    of: int
    change: bool


@np.errstate(all="ignore")
def percents(table: FoundTable, columns: Sequence[int]) -> dict[int, Percent]:
    """Return the columns of figures that are percentages of two others of their row."""
    if not 2 < len(columns) <= _MOST_COLUMNS:
        return {}
    step = max(1, (table.last + 1 - table.data_row) // _ROWS)
    rows = range(table.data_row, table.last + 1, step)
    held = {column: _figures(table, column, rows) for column in columns}
    held = {column: one for column, one in held.items() if np.isfinite(one).any()}
    size = {column: np.nanmean(np.abs(figures)) for column, figures in held.items()}
    found: dict[int, Percent] = {}
    for (part, of), change in product(permutations(held, 2), (False, True)):
        worked = 100 * (held[part] - change * held[of]) / held[of]
        for column, figures in held.items():
            # A plan is no percentage, though it follows from one and the actual.
            if column in found or size[column] >= min(size[part], size[of]):
                continue
            known = np.isfinite(worked) & np.isfinite(figures) & (figures != 0)
            known &= held[part] != 0
            varied = len(np.unique(figures[known])) >= _FEWEST
            if varied and (np.abs(worked - figures) <= _ROUNDED)[known].all():
                found[column] = Percent(part, of, change)
    return found


def tree_levels(table: FoundTable, columns: Sequence[int]) -> tuple[int, str] | None:
    """Return the column of a tree's levels, and how many parents are their children's sum.

    A level is a small whole number; the rows below it of one level more are its children.
    """
    rows = [*range(table.data_row, min(table.last + 1, table.data_row + _TREE_ROWS))]
    for column in columns:
        if not 1 < len(table.evidence[column].values) <= _LEVELS:
            continue
        level = _figures(table, column, rows)
        if not np.isfinite(level).all() or (level % 1).any():
            continue
        others = (_figures(table, other, rows) for other in columns if other != column)
        agree, count = max((_parents(level, one) for one in others), default=(0, 0))
        if agree >= _FEWEST and agree >= _AGREE * count:
            return column, f"{agree} of {count} parents are the sum of their children"
    return None


def _parents(level: Figures, figures: Figures) -> tuple[int, int]:
    """Return how many parents agree with their children's sum, and how many there are."""
    agree = count = 0
    sums: dict[float, list[float]] = {}  # level → its open parent's figure and children's sum
    for at, figure in zip(level, figures, strict=True):
        for deeper in [one for one in sums if one >= at]:
            own, total = sums.pop(deeper)
            if total == total and total and own:
                count += 1
                agree += abs(own - total) <= 1e-6 * abs(own)
        if at - 1 in sums:
            own, total = sums[at - 1]
            sums[at - 1] = [own, figure if total != total else total + figure]
        sums[at] = [figure, float("nan")]
    return agree, count


def _figures(table: FoundTable, column: int, rows: Sequence[int]) -> Figures:
    cells = (table.grid.rows[row][column] for row in rows)
    read = [tried(number, value, decimal="auto", percent=True) for value in cells]
    return np.array(read, dtype="float64")
