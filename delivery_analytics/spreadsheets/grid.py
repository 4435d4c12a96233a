"""What a spreadsheet becomes: sheets as grids of cells that know their own address."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from delivery_analytics.errors import Problem
from delivery_analytics.spreadsheets.addresses import Box, Position, address

# Kinds whose `marshal` form depends on their value alone.
_PLAIN = frozenset({str, float, bool, type(None)})
_CHUNK = 10_000  # rows
_BY_CELL = ("errors", "uncached", "formula_empty", "dde", "external", "not_finite")

Rows = list[list[object]]


@dataclass(frozen=True)
class Grid:
    """One sheet's cells from A1 on. Rows and columns count from zero here.

    Attributes
    ----------
    rows
        ``rows[0]`` is row 1 of the sheet; leading blank rows and columns are kept, and
        all rows are equally wide. A blank cell is None, and so is a cell that holds an
        error or a formula without a value: see `errors` and `uncached`. The others are
        str, float, int, bool, or a date, datetime, time or timedelta.
    merged
        Merged ranges: first row, first column, last row, last column.
    errors
        What an error cell shows, such as ``#REF!``.
    uncached, formula_empty, dde, external
        Cells whose formula has no stored value, gave "", starts a program, or points to
        another file.
    not_finite
        Cells that hold a number such as NaN, with what was written.
    dates
        Per column, one bit per row: is only the ``year``, or the ``month`` and year, of a
        day shown.
    stray
        Cells so far below the table that `rows` ends before them: row, column, value.
    line_cells
        Of a text file, how many cells each row was sent with.
    turned
        The grid is `transposed`: its rows are the sheet's columns.
    """

    file: str
    sheet: str
    rows: Rows = field(repr=False)
    visible: bool = True
    merged: tuple[Box, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: Mapping[Position, str] = field(default_factory=dict)
    uncached: frozenset[Position] = frozenset()
    formula_empty: frozenset[Position] = frozenset()
    dde: Mapping[Position, str] = field(default_factory=dict)
    external: frozenset[Position] = frozenset()
    not_finite: Mapping[Position, str] = field(default_factory=dict)
    percent: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    dates: Mapping[str, Mapping[int, bytes]] = field(default_factory=dict, repr=False)
    stray: tuple[tuple[int, int, object], ...] = ()
    line_cells: Sequence[int] = field(default=(), repr=False)
    text: bool = False
    turned: bool = False

    @property
    def width(self) -> int:
        """How many columns each row has."""
        return len(self.rows[0]) if self.rows else 0

    def address(self, row: int, column: int) -> str:
        """Return the name a reader can type into Excel, which opens text files as well."""
        return address(column, row) if self.turned else address(row, column)

    def is_percent(self, row: int, column: int) -> bool:
        """Say whether the cell shows its number as a percentage, so 0.5 as 50 %."""
        if self.turned:
            row, column = column, row
        return _is_set(self.percent.get(column), row)

    def with_dates_as_shown(self) -> Grid:
        """Return the sheet with the year, or year and month, of which no day is shown.

        A month's last day stays: it is a quarter's or a year's end as well.
        """
        if not self.dates:
            return self
        rows: Rows = [
            [
                self._date_shown(value, row, column) if isinstance(value, date) else value
                for column, value in enumerate(cells)
            ]
            for row, cells in enumerate(self.rows)
        ]
        return replace(self, rows=rows)

    def _date_shown(self, value: date, row: int, column: int) -> object:
        if self.turned:
            row, column = column, row
        if _is_set(self.dates.get("year", {}).get(column), row):
            return f"{value:%Y}"
        is_last = (value + timedelta(days=1)).day == 1
        is_month = not is_last and _is_set(self.dates.get("month", {}).get(column), row)
        return f"{value:%Y-%m}" if is_month else value

    def is_broken(self, row: int) -> bool:
        """Say whether a row has a cell with an error, or a formula without a result."""
        if not self.errors and not self.uncached:
            return False
        places = ((row, column) for column in range(len(self.rows[row])))
        return any(at in self.errors or at in self.uncached for at in places)

    def covered(self) -> dict[Position, Position]:
        """Return the cells that merged ranges hide, each with the cell that is shown.

        Only cells of the grid: a range may reach over whole columns. No program writes
        ranges that overlap; where they do, no more is returned than there are cells.
        """
        height, width = len(self.rows), self.width
        room = height * width
        hidden: dict[Position, Position] = {}
        for top, left, bottom, right in self.merged:
            rows = range(top, min(bottom + 1, height))
            columns = range(left, min(right + 1, width))
            room -= len(rows) * len(columns)
            if room < 0:
                break
            hidden |= {(r, c): (top, left) for r in rows for c in columns}
            hidden.pop((top, left), None)
        return hidden

    def is_cut(self, row: int, heading: int) -> bool:
        """Say whether a line of a text file has fewer cells than its heading."""
        return bool(self.line_cells) and self.line_cells[row] < self.line_cells[heading]

    def transposed(self) -> Grid:
        """Return the sheet on its side. Addresses are still those of the sheet."""
        swapped = {name: _swapped(getattr(self, name)) for name in _BY_CELL}
        return replace(
            self,
            rows=[list(column) for column in zip(*self.rows, strict=True)],
            merged=tuple((c0, r0, c1, r1) for r0, c0, r1, c1 in self.merged),
            hidden_rows=self.hidden_columns,
            hidden_columns=self.hidden_rows,
            stray=tuple((c, r, value) for r, c, value in self.stray),
            line_cells=(),
            turned=not self.turned,
            **swapped,
        )


def _is_set(held: bytes | None, row: int) -> bool:
    return held is not None and row >> 3 < len(held) and bool(held[row >> 3] >> (row & 7) & 1)


def _swapped(places: Any) -> Any:
    if isinstance(places, Mapping):
        return {at[::-1]: text for at, text in places.items()}
    return frozenset(at[::-1] for at in places)


@dataclass(frozen=True)
class Book:
    """One file as it was read.

    Attributes
    ----------
    file
        The name shown to people.
    sha256
        Fingerprint of the bytes.
    table_hash
        Fingerprint of the sheets' names and cells: equal for a copy that was only
        packed again.
    format
        What the bytes are: xlsx, xlsm, xls, xlsb, ods or csv.
    sheets
        Every worksheet, hidden ones too, in the file's order.
    problems
        Warnings and notes about the file as such. None of them set anything aside.
    """

    path: Path
    file: str
    sha256: str
    table_hash: str
    format: str
    sheets: tuple[Grid, ...]
    problems: tuple[Problem, ...] = ()


def table_hash(sheets: Iterable[Grid]) -> str:
    """Return a fingerprint of names and cells, whatever file they came in."""
    digest = hashlib.sha256()
    texts: dict[object, object] = {}
    for grid in sheets:
        digest.update(marshal.dumps((grid.sheet, len(grid.rows), grid.width), 2))
        for start in range(0, len(grid.rows), _CHUNK):
            digest.update(_written(grid.rows[start : start + _CHUNK], texts))
        digest.update(marshal.dumps(sorted((*place, v) for place, v in grid.errors.items()), 2))
        digest.update(_written([list(cell) for cell in grid.stray], texts))
    return digest.hexdigest()


def _written(rows: Rows, texts: dict[object, object]) -> bytes:
    """Return rows as bytes that are equal for equal values: 40 is 40.0, a date its text."""
    plain = [
        [v if v.__class__ in _PLAIN else texts.get(v) or _text(v, texts) for v in row]
        for row in rows
    ]
    return marshal.dumps(plain, 2)


def _text(value: object, texts: dict[object, object]) -> object:
    if isinstance(value, int):
        return float(value)
    texts[value] = text = f"{value.__class__.__name__} {value}"
    return text
