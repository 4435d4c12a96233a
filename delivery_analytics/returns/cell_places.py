"""Where on a sheet a problem is: the cells that its address names."""

from collections.abc import Iterator
from dataclasses import dataclass

from delivery_analytics.errors import Problem
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Box, Position, boxes_of


@dataclass(frozen=True)
class Place:
    """One part of an address. Rows and columns count from zero.

    Attributes
    ----------
    cells
        What to mark: of a range, row or column, the cells that hold something; for
        a covered cell of a merged range, the range's first.
    anchor
        The cell that can be seen and that bears the words.
    whole
        More than the marked cell is meant: a range, row or column.
    """

    cells: tuple[Position, ...]
    anchor: Position
    whole: bool = False


def cells_of(problem: Problem, grid: Grid) -> list[Place]:
    """Return the places on `grid` that a problem's cell names, as ``A2,A7`` names two.

    Empty where it names none: then the sheet or the file is meant.
    """
    return [_place(box, grid) for box in boxes_of(problem.cell)]


def _place(box: Box, grid: Grid) -> Place:
    top, left, bottom, right = box
    if (top, left) == (bottom, right):
        first = covering(grid, (top, left))
        return Place((first,), shown(grid, first), whole=first != (top, left))
    cells = tuple(held(grid, box))
    first = cells[0] if cells else (top, left)
    return Place(cells or (first,), shown(grid, first), whole=True)


def held(grid: Grid, box: Box) -> Iterator[Position]:
    """Yield the cells of a box that hold a value, an error or a formula, row by row."""
    top, left, bottom, right = box
    for row in range(top, min(bottom + 1, len(grid.rows))):
        cells = grid.rows[row]
        for column in range(left, min(right + 1, len(cells))):
            at = (row, column)
            if cells[column] is not None or at in grid.errors or at in grid.uncached:
                yield at


def shown(grid: Grid, at: Position) -> Position:
    """Return the cell itself, or the nearest one before it that a reader can see.

    A covered cell of a merged range is seen as the range's first. Where a row or column
    is hidden, the one before it stands for it; at the sheet's edge, the one after it.
    """
    row, column = covering(grid, at)
    return _seen(row, grid.hidden_rows), _seen(column, grid.hidden_columns)


def covering(grid: Grid, at: Position) -> Position:
    """Return the first cell of the merged range that a cell is part of, or the cell."""
    for top, left, bottom, right in grid.merged:
        if top <= at[0] <= bottom and left <= at[1] <= right:
            return top, left
    return at


def _seen(place: int, hidden: frozenset[int]) -> int:
    before = place
    while before in hidden:
        before -= 1
    while before < 0 or before in hidden:
        before += 1
    return before
