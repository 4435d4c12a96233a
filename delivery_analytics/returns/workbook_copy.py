"""A workbook like the one that was sent, to be written into and given back.

The sender's own where it can be loaded and saved, otherwise its values at their addresses.
Text stays text: what was sent as ``=1+1`` in quotation marks becomes no formula.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from delivery_analytics.returns.cell_places import held
from delivery_analytics.spreadsheets import Book, Grid
from delivery_analytics.spreadsheets.addresses import Position, letters
from delivery_analytics.spreadsheets.limits import MEBIBYTE
from delivery_analytics.writers.xlsx.sheets import FORMULA_STARTS, cut, sheet_name

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CELLS = 1_000_000  # with a value, in all sheets; each takes half a kilobyte here
MOST_UNPACKED = 64 * MEBIBYTE  # of a workbook, which may also format cells without a value
_MOST_MERGED = 10_000  # cells of one merged range that is made again
_MEASURED_ROWS, _NARROWEST, _WIDEST = 200, 9, 48
_EARLIEST_YEAR = 1901  # a workbook counts the days before March 1900 wrongly

CopyKind = Literal["own", "rebuilt", "none"]


@dataclass
class Copy:
    """A workbook to write into.

    Attributes
    ----------
    kind
        ``own`` is the sender's own, ``rebuilt`` has its values alone, ``none`` is empty.
    pages
        The sheet of each grid, by the grid's name.
    disarmed
        How many formulas that start a program were replaced by their stored values.
    sent
        The sender's file where the workbook is their own.
    """

    workbook: Workbook
    kind: CopyKind
    pages: dict[str, Worksheet] = field(default_factory=dict)
    disarmed: int = 0
    sent: bytes = field(default=b"", repr=False)


def open_copy(book: Book, data: bytes) -> Copy:
    """Return a copy of `book`, which was read from `data`; an empty one if it is too large."""
    count = sum(len(row) - row.count(None) for grid in book.sheets for row in grid.rows)
    if count > MOST_CELLS:
        return empty_copy()
    own = _own(book, data) if book.format in ("xlsx", "xlsm") else None
    return own or rebuilt(book)


def empty_copy() -> Copy:
    """Return a workbook without any sheet."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return Copy(workbook, "none")


def put_text(cell: Cell, text: str) -> None:
    """Write `text` so that it stays text, whatever it looks like and whoever edits it."""
    cell.value = cut(text)
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def _own(book: Book, data: bytes) -> Copy | None:
    """Load the sender's workbook; None where that loses a sheet or a value, or fails."""
    import openpyxl
    from openpyxl.workbook.properties import CalcProperties

    # Each cell that a merged range covers is made when a book is loaded.
    merged = sum(_area(*box) for grid in book.sheets for box in grid.merged)
    if _unpacked(data) > MOST_UNPACKED or merged > MOST_CELLS:
        return None
    linked = any(problem.code == "security.formula_dde" for problem in book.problems)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it drops; the copy says that
            workbook = openpyxl.load_workbook(io.BytesIO(data), keep_links=not linked)
    except Exception:
        # It raises whatever its parts raise; what reads the figures was content with them.
        return None
    named: dict[str, Worksheet] = {page.title: page for page in workbook.worksheets}
    if any(g.sheet not in named or not _whole(g, named[g.sheet]) for g in book.sheets):
        return None
    pages = {grid.sheet: named[grid.sheet] for grid in book.sheets}
    copy = Copy(workbook, "own", pages, sent=data)
    for grid in book.sheets:
        copy.disarmed += _disarm(grid, named[grid.sheet])
    workbook.template = False
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    return copy


def _unpacked(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        return sum(member.file_size for member in members.infolist())


def _area(top: int, left: int, bottom: int, right: int) -> int:
    return (bottom - top + 1) * (right - left + 1)


def _whole(grid: Grid, page: Worksheet) -> bool:
    """Say whether every value that was read is in the loaded sheet, too."""
    cells: Any = page._cells
    there = {at for at, cell in cells.items() if cell.value is not None}
    cells = ((r, c, v) for r, row in enumerate(grid.rows, 1) for c, v in enumerate(row, 1))
    return there.issuperset((row, column) for row, column, v in cells if v is not None)


def _disarm(grid: Grid, page: Worksheet) -> int:
    for row, column in grid.dde:
        value = grid.rows[row][column] if row < len(grid.rows) else None
        _put(page, (row, column), "" if value is None else value)
    return len(grid.dde)


def rebuilt(book: Book) -> Copy:
    """Return a new workbook with the values of `book` at their addresses."""
    copy = empty_copy()
    copy.kind = "rebuilt"
    for grid in book.sheets:
        taken = [page.title for page in copy.pages.values()]
        page = copy.workbook.create_sheet(sheet_name(grid.sheet or Path(book.file).stem, taken))
        copy.pages[grid.sheet] = page
        _fill(page, grid)
    return copy


def _fill(page: Worksheet, grid: Grid) -> None:
    for row, values in enumerate(grid.rows):
        for column, value in enumerate(values):
            if value is not None:
                _put(page, (row, column), value, percent=grid.is_percent(row, column))
    for row, column, value in grid.stray:
        _put(page, (row, column), value)
    for at, text in grid.errors.items():
        _put(page, at, text)
        page.cell(at[0] + 1, at[1] + 1).data_type = "e"
    for at, text in grid.not_finite.items():
        _put(page, at, text)
    for box in grid.merged:
        top, left, bottom, right = box
        if _area(*box) <= _MOST_MERGED and not any(at != (top, left) for at in held(grid, box)):
            page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    for row in grid.hidden_rows:
        page.row_dimensions[row + 1].hidden = True
    for column in range(grid.width):
        dimension = page.column_dimensions[letters(column)]
        dimension.width = _width(grid, column)
        dimension.hidden = column in grid.hidden_columns
    if not grid.visible:
        page.sheet_state = "hidden"


def _width(grid: Grid, column: int) -> float:
    texts = (str(row[column]) for row in grid.rows[:_MEASURED_ROWS] if row[column] is not None)
    return min(max((len(text) + 2 for text in texts), default=_NARROWEST), _WIDEST)


def _put(page: Worksheet, at: Position, value: object, *, percent: bool = False) -> None:
    cell: Any = page.cell(at[0] + 1, at[1] + 1)
    if isinstance(value, date) and value.year < _EARLIEST_YEAR:
        value = str(value)
    if isinstance(value, bool | int | float | datetime | date | time | timedelta):
        cell.value = value
        if percent and not isinstance(value, bool):
            cell.number_format = "0.00%"
    else:
        put_text(cell, str(value))
