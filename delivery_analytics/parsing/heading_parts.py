"""What stands over each column: the rows of a heading, merged and blank cells spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Position

_FAR = 10**6  # beyond the last column of any sheet


class ColumnHeading(NamedTuple):
    """What stands over one column, from the top down."""

    column: int
    parts: list[object]


@dataclass(frozen=True)
class HeadingRows:
    """Reads headings of `count` rows off a grid.

    Attributes
    ----------
    covered, reach
        Of merged cells: hidden cell → the cell shown; first cell → the last column.
    """

    grid: Grid
    count: int
    covered: Mapping[Position, Position]
    reach: Mapping[Position, int]

    @classmethod
    def of(cls, grid: Grid, count: int) -> HeadingRows:
        covered = grid.covered() if count > 1 else {}
        reach = {(top, left): right for top, left, _, right in grid.merged}
        return cls(grid, count, covered, reach)

    def headings(self, row: int) -> Iterator[ColumnHeading]:
        """Yield each column that has a heading, where that begins in `row`."""
        count = min(self.count, len(self.grid.rows) - row)
        lowest = row + count - 1
        uppers = [self.reaching(upper, lowest) for upper in range(row, lowest)]
        for column, cells in enumerate(zip(*uppers, self.shown(lowest), strict=True)):
            parts = list(dict.fromkeys(value for value in cells if value is not None))
            if parts:
                yield ColumnHeading(column, parts)

    def shown(self, row: int) -> list[object]:
        """Return what a row's cells show: the cells of a merged range all show its first."""
        rows, covered = self.grid.rows, self.covered
        if not covered:
            return rows[row]
        places = (covered.get((row, column), (row, column)) for column in range(len(rows[row])))
        return [
            value if value is not None else rows[top][left]
            for value, (top, left) in zip(rows[row], places, strict=True)
        ]

    def reaching(self, row: int, lowest: int) -> list[object]:
        """Return an upper row of the heading with each cell's text where it reaches to.

        It reaches over the blank cells to its right that have a heading below; where it is
        merged, as far as it is merged.
        """
        rows, reaching = self.grid.rows, list[object]()
        carried: object = None
        end = _FAR
        for column, value in enumerate(self.shown(row)):
            if value is None and rows[lowest][column] is not None and column <= end:
                reaching.append(carried)
                continue
            if rows[row][column] is not None or value is None:
                carried, end = value, self.reach.get((row, column), _FAR)
            reaching.append(value)
        return reaching
