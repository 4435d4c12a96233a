"""Which rows of a sheet are restricted, and what may be said of what is wrong there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from delivery_analytics.errors import Problem
from delivery_analytics.loading.headings import Layout
from delivery_analytics.model.secrecy import is_mark_heading, is_open, is_restricted
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.parsing.parse import clean
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import position_of

WITHHELD = "what stands here is marked as restricted and is not quoted; see the cell"


@dataclass(frozen=True)
class Restricted:
    """The restricted rows of a sheet; all of them, where its table, name or file is.

    Attributes
    ----------
    rows
        Rows as the table has them: columns of the sheet where it is transposed.
    """

    grid: Grid
    rows: frozenset[int]
    whole: bool

    def __contains__(self, row: object) -> bool:
        return self.whole or row in self.rows

    def withhold(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems, what they quote left out where it is restricted."""
        return [self._withheld(problem) for problem in problems]

    def _withheld(self, problem: Problem) -> Problem:
        if not (self.whole or self.rows):
            return problem
        at = position_of(problem.cell)
        if at and at[self.grid.turned] not in self:
            return problem
        return replace(problem, message=WITHHELD, value="")


def restricted_rows(grid: Grid, sheet: Sheet, layout: Layout | None) -> Restricted:
    """Find the marks of a sheet: in any cell, title or footnote, its name or its file's.

    Parameters
    ----------
    grid
        All of the sheet, also what lies outside the declared area; on its side as `layout`.
    layout
        Where its table is; without one, a mark anywhere restricts the whole sheet.
    """
    first, data = (layout.first_row, layout.data_row) if layout else (len(grid.rows), 0)
    texts = {value for value in set().union(*grid.rows) if isinstance(value, str)}
    own = {"also": sheet.restricted, "lifted": sheet.unrestricted}
    marked = {text for text in texts if is_restricted(text, **own)}
    if is_restricted(Path(grid.file).stem, **own) or is_restricted(grid.sheet, **own):
        return Restricted(grid, frozenset(), whole=True)
    columns = {layout.columns["secrecy"]} if layout and "secrecy" in layout.columns else set()
    for cells in grid.rows[first:data]:
        columns |= {
            place
            for place, value in enumerate(cells)
            if isinstance(value, str) and (value in marked or is_mark_heading(value))
        }
    if not marked and not columns:
        return Restricted(grid, frozenset(), whole=False)
    shown = grid.covered()  # a mark that is merged over rows marks each of them
    rows = set()
    for number, cells in enumerate(grid.rows):
        if first <= number < data:
            continue
        places = [shown.get((number, place), (number, place)) for place in range(len(cells))]
        values = [grid.rows[row][column] for row, column in places]
        has_mark = any(isinstance(value, str) and value in marked for value in values)
        if has_mark and (number < first or sum(cell is not None for cell in cells) == 1):
            return Restricted(grid, frozenset(), whole=True)
        if has_mark or any(not is_open(clean(values[place])) for place in columns):
            rows.add(number)
    return Restricted(grid, frozenset(row for row in rows if row >= data), whole=False)
