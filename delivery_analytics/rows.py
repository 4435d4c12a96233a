"""Collect the records under a heading, and tell rows of data from totals and captions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from delivery_analytics.errors import Problem
from delivery_analytics.grid import Grid
from delivery_analytics.layout import Layout, WideColumn
from delivery_analytics.names import fold
from delivery_analytics.parse import clean, is_missing
from delivery_analytics.records import Column, Records
from delivery_analytics.registry import Sheet

TOTAL_WORDS = (
    "итого", "всего", "в том числе", "total", "subtotal", "grand total", "барлығы", "жиыны",
    "жалпы", "оның ішінде",
)  # fmt: skip
NOTE_WORDS = (
    "примечание", "источник", "note", "source", "ескерту", "дереккөз", "сноска", "*",
)  # fmt: skip
def collect(grid: Grid, sheet: Sheet, layout: Layout, given: Mapping[str, object]) -> Records:
    """Return the records under the heading, with the rows that are none told apart.

    Parameters
    ----------
    given
        Fields that the table does not repeat: constants, cells, words of the file's name.
    """
    picker = _Picker(grid, sheet, layout)
    rows = picker.data_rows()
    columns: list[Sequence[Any]] = list(zip(*grid.rows, strict=True)) if grid.rows else []

    def column(place: int, name: str = "") -> list[Any]:
        values = [columns[place][row] for row in rows]
        return _filled(values) if name in sheet.fill else values

    fixed = {name: column(place, name) for name, place in layout.columns.items()}
    if layout.wide:
        records = _wide(grid, layout, rows, fixed, columns, picker)
    else:
        fields = {name: Column(values, layout.columns[name]) for name, values in fixed.items()}
        records = Records(
            grid, rows, fields, len(rows) + picker.skipped, picker.skipped, picker.problems
        )
    records.stray = len({row for row, _, _ in grid.stray})
    records.read += records.stray
    for row, place, value in grid.stray:
        message = "a cell far from the table; its row was set aside"
        where = grid.address(row, place)
        records.append("structure.stray_cell", message, where, clean(value), "error")
    for name, value in given.items():
        if name not in records.fields:
            records.fields[name] = Column([value] * len(records), -1)
    return records


def _wide(
    grid: Grid,
    layout: Layout,
    rows: list[int],
    fixed: dict[str, list[Any]],
    columns: list[Sequence[Any]],
    picker: _Picker,
) -> Records:
    """Lay the groups of repeated columns under one another; an empty group is no figure."""
    groups: dict[tuple[tuple[str, str], ...], list[WideColumn]] = {}
    for one in layout.wide:
        groups.setdefault(one.gives, []).append(one)
    held = list(dict.fromkeys(one.holds for one in layout.wide))
    out_rows: list[int] = []
    values: dict[str, list[Any]] = {name: [] for name in (*fixed, *held)}
    places: dict[str, list[int]] = {name: [] for name in held}
    given: dict[str, list[str]] = {}
    blank = 0
    for gives, members in groups.items():
        filled = [
            index
            for index, row in enumerate(rows)
            if any(_has(grid, columns, row, one.column) for one in members)
        ]
        blank += len(rows) - len(filled)
        out_rows += [rows[index] for index in filled]
        for name, cells in fixed.items():
            values[name] += [cells[index] for index in filled]
        where = {one.holds: one.column for one in members}
        for name in held:
            place = where.get(name, -1)
            places[name] += [place] * len(filled)
            values[name] += (
                [columns[place][rows[index]] for index in filled]
                if place >= 0
                else [None] * len(filled)
            )
        for name, value in gives:
            given.setdefault(name, []).extend([value] * len(filled))
    fields = {name: Column(values[name], layout.columns[name]) for name in fixed}
    fields |= {name: Column(values[name], places[name]) for name in held}
    fields |= {name: Column(cells, -1) for name, cells in given.items()}
    skipped = picker.skipped + blank
    return Records(grid, out_rows, fields, len(out_rows) + skipped, skipped, picker.problems)


def _has(grid: Grid, columns: list[Sequence[Any]], row: int, column: int) -> bool:
    at = (row, column)
    return columns[column][row] is not None or at in grid.errors or at in grid.uncached


def _filled(values: list[Any]) -> list[Any]:
    last: Any = None
    return [last := value if value is not None else last for value in values]


class _Picker:
    """Tell the rows that are data from totals, captions, footnotes and blanks."""

    def __init__(self, grid: Grid, sheet: Sheet, layout: Layout) -> None:
        self.grid = grid
        self.sheet = sheet
        self.layout = layout
        self.skipped = 0
        self.problems: list[Problem] = []
        words = (*TOTAL_WORDS, *(fold(word) for word in sheet.totals))
        self.total = re.compile("(?:" + "|".join(map(re.escape, words)) + r")(?![^\W\d_])")
        self.notes = tuple(NOTE_WORDS)

    def data_rows(self) -> list[int]:
        grid, first = self.grid, self.layout.data_row
        last = len(grid.rows)
        while last > first and not any(v is not None for v in grid.rows[last - 1]):
            last -= 1
        held = {one.column for one in self.layout.wide}
        named = [c for c in self.layout.columns.values() if c not in held]
        rows = []
        kept = self._kept(range(first, last))
        lone: list[int] = []
        for row in range(first, last):
            cells = grid.rows[row]
            filled = [value for value in cells if value is not None]
            if row in grid.hidden_rows and not self._read_hidden(row):
                continue
            if (not filled and not self._broken(row)) or row not in kept:
                self.skipped += 1
            elif len(filled) == 1 and isinstance(filled[0], str) and len(cells) > 1:
                lone.append(row)
            elif self._is_total(cells, named):
                self._skip("row.total", "a total, not a figure of its own", row)
            else:
                rows.append(row)
        for row in lone:
            after = not rows or row > rows[-1]
            code, what = (
                ("row.footnote", "a footnote") if after else ("row.section", "a caption")
            )
            self._skip(code, f"{what}, not a row of data", row)
        return rows

    def _kept(self, rows: range) -> set[int]:
        kept = set(rows)
        for rule, column in self.layout.keep:
            among = {fold(text) for text in rule.among}
            values = {row: self.grid.rows[row][column] for row in kept}
            folded = {v: fold(clean(v)) for v in set(values.values())}
            dropped = {row for row, value in values.items() if folded[value] not in among}
            kept -= dropped
            if dropped:
                self.problems.append(
                    Problem(
                        rule.reason,
                        f"{len(dropped)} rows are not kept: '{rule.column[0]}' is not "
                        f"{' or '.join(rule.among[:5])}",
                        self.grid.file,
                        self.grid.sheet,
                        self.grid.address(self.layout.first_row, column),
                        severity="note",
                    )
                )
        return kept

    def _read_hidden(self, row: int) -> bool:
        read = self.sheet.hidden_rows == "read"
        what = "read all the same" if read else "skipped"
        self.problems.append(
            Problem(
                "row.hidden",
                f"row {row + 1} is hidden; it was {what}",
                self.grid.file,
                self.grid.sheet,
                f"row {row + 1}",
                severity="warning",
            )
        )
        self.skipped += not read
        return read

    def _is_total(self, cells: Sequence[object], named: list[int]) -> bool:
        texts = [cells[c] for c in named if isinstance(cells[c], str)]
        first = next((v for v in cells if v is not None), None)
        return any(
            isinstance(text, str) and self.total.match(fold(text))
            for text in (*texts[:3], first)
        ) and not is_missing(clean(first))

    def _broken(self, row: int) -> bool:
        width = range(len(self.grid.rows[row]))
        return any(
            (row, c) in self.grid.errors or (row, c) in self.grid.uncached for c in width
        )

    def _skip(self, code: str, message: str, row: int) -> None:
        self.skipped += 1
        cells = self.grid.rows[row]
        column = next(c for c, value in enumerate(cells) if value is not None)
        self.problems.append(
            Problem(
                code,
                f"{message}; it was skipped",
                self.grid.file,
                self.grid.sheet,
                self.grid.address(row, column),
                clean(cells[column])[:200],
                "warning",
            )
        )
