"""Collect the records under a heading: a row each, or a figure each where columns repeat."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from delivery_analytics.errors import Problem
from delivery_analytics.loading.headings import Layout
from delivery_analytics.loading.matching import KnownNames, fold
from delivery_analytics.loading.parse import clean, is_unfilled
from delivery_analytics.loading.recompute import ALL, Parts
from delivery_analytics.loading.records import NOWHERE, RecordColumn, Records
from delivery_analytics.loading.remarks import problem
from delivery_analytics.loading.row_kinds import sort_rows
from delivery_analytics.model.registry import Sheet
from delivery_analytics.spreadsheets import Grid


@dataclass(frozen=True)
class Collected:
    """The records under a heading, and what became of the rows that are none.

    Attributes
    ----------
    read, skipped, stray
        Rows met, rows that are no data, and rows far from the table, set aside as well;
        the rest of those read are records.
    """

    records: Records
    read: int
    skipped: int
    stray: int
    problems: list[Problem]


class _Unpivoted(NamedTuple):
    """Records of repeated columns, and how many groups of them were empty."""

    rows: list[int]
    fields: dict[str, RecordColumn]
    empty: int


def collect(
    grid: Grid,
    sheet: Sheet,
    layout: Layout,
    given: Mapping[str, object],
    names: Mapping[str, KnownNames],
    parts: Parts = ALL,
) -> Collected:
    """Return the records under the heading, with the rows that are none told apart.

    Parameters
    ----------
    given
        Fields that the table does not repeat: constants, cells, words of the file's name.
    names
        Field → what its cells may be called. A known name is no total, however it begins.
    parts
        What is no part of a total.
    """
    sorted_rows = sort_rows(grid, sheet, layout, names, given=given, parts=parts)
    cells = _Cells(grid)
    rows, empty = sorted_rows.data, 0
    fields = {
        name: RecordColumn(cells.values(column, rows, fill=name in sheet.fill), column)
        for name, column in layout.columns.items()
    }
    named = _named(fields)
    if layout.wide:
        rows, fields, empty = _unpivoted(cells, layout, rows, fields)
    if sheet.section:
        fields[sheet.section] = _sections(grid, rows, sorted_rows.captions)
    fields = _mapped(_blanks_declared(grid, rows, fields, sheet), sheet)
    beside = {name: RecordColumn([value] * len(rows)) for name, value in given.items()}
    fields = _joined(grid, rows, beside | fields, sheet)
    skipped, stray = sorted_rows.skipped + empty, len({row for row, _, _ in grid.stray})
    return Collected(
        Records(grid, rows, fields, named | _named(fields)),
        read=len(rows) + skipped + stray,
        skipped=skipped,
        stray=stray,
        problems=[*sorted_rows.problems, *_stray_cells(grid)],
    )


class _Cells:
    """A grid's cells by column."""

    def __init__(self, grid: Grid) -> None:
        self.broken = grid.uncached | grid.errors.keys()
        self.columns: list[Sequence[Any]] = list(zip(*grid.rows, strict=True))

    def has(self, row: int, column: int) -> bool:
        """Say whether a cell is no blank; one with an error is none."""
        return self.columns[column][row] is not None or (row, column) in self.broken

    def values(self, column: int, rows: Sequence[int], *, fill: bool = False) -> list[Any]:
        """Return the cells of a column in `rows`, each repeated downwards to `fill` blanks.

        Below a cell with an error is None.
        """
        cells = self.columns[column]
        last: Any = None
        if fill:
            return [last := cells[row] if self.has(row, column) else last for row in rows]
        return [cells[row] for row in rows]


def _unpivoted(
    cells: _Cells, layout: Layout, rows: list[int], fixed: Mapping[str, RecordColumn]
) -> _Unpivoted:
    """Lay the groups of repeated columns under one another; an empty group is no figure."""
    groups: dict[tuple[tuple[str, object], ...], dict[str, int]] = {}
    for repeated in layout.wide:
        groups.setdefault(repeated.gives, {})[repeated.holds] = repeated.column
    filled = {
        gives: [
            index
            for index, row in enumerate(rows)
            if any(cells.has(row, column) for column in columns.values())
        ]
        for gives, columns in groups.items()
    }
    order = [index for indexes in filled.values() for index in indexes]
    fields = {
        name: replace(column, values=[column.values[index] for index in order])
        for name, column in fixed.items()
    }
    for name in dict.fromkeys(repeated.holds for repeated in layout.wide):
        values: list[Any] = []
        places: list[int] = []
        for gives, indexes in filled.items():
            place = groups[gives].get(name, NOWHERE)
            places += [place] * len(indexes)
            values += (
                [None] * len(indexes)
                if place == NOWHERE
                else cells.values(place, [rows[index] for index in indexes])
            )
        fields[name] = RecordColumn(values, places)
    headings = [
        (layout.data_row - 1, next(iter(groups[gives].values())))
        for gives, indexes in filled.items()
        for _ in indexes
    ]
    for number, (name, _) in enumerate(layout.wide[0].gives):
        given = [gives[number][1] for gives, indexes in filled.items() for _ in indexes]
        fields[name] = RecordColumn(given, headings=headings)
    empty = len(rows) * len(groups) - len(order)
    return _Unpivoted([rows[index] for index in order], fields, empty)


def _sections(grid: Grid, rows: Sequence[int], captions: Sequence[int]) -> RecordColumn:
    """Give each record the text of the last caption above it; None above the first."""
    texts: list[Any] = [None]
    for row in captions:
        texts.append(next(value for value in grid.rows[row] if value is not None))
    return RecordColumn([texts[bisect_right(captions, row)] for row in rows])


def _mapped(fields: Mapping[str, RecordColumn], sheet: Sheet) -> dict[str, RecordColumn]:
    """Return the fields, with texts that are to be called otherwise than they were sent."""
    out = dict(fields)
    for name, meanings in sheet.map.items():
        folded = {fold(sent): meant for sent, meant in meanings.items()}
        column = fields.get(name)
        if column and (column.columns != NOWHERE or name == sheet.section):
            values = [folded.get(fold(clean(value)), value) for value in column.values]
            out[name] = replace(column, values=values)
    return out


def _named(fields: Mapping[str, RecordColumn]) -> frozenset[str]:
    """Return the fields that are not blank throughout."""
    return frozenset(
        name for name, column in fields.items() if not all(map(is_unfilled, column.values))
    )


def _blanks_declared(
    grid: Grid, rows: Sequence[int], fields: Mapping[str, RecordColumn], sheet: Sheet
) -> dict[str, RecordColumn]:
    """Return the fields, with what the sheet says that a blank means.

    What a merged cell covers is no blank, nor is a cell with an error.
    """
    out = dict(fields)
    no_blanks = {*grid.uncached, *grid.errors, *grid.covered()} if sheet.blank else set()
    for name, meant in sheet.blank.items():
        if (column := fields.get(name)) is None:
            continue
        places = [(row, column.column(index)) for index, row in enumerate(rows)]
        values = [
            meant if is_unfilled(value) and at not in no_blanks else value
            for at, value in zip(places, column.values, strict=True)
        ]
        out[name] = replace(column, values=values)
    return out


def _joined(
    grid: Grid, rows: Sequence[int], fields: Mapping[str, RecordColumn], sheet: Sheet
) -> dict[str, RecordColumn]:
    """Return the fields, with those made of the texts of several, blank ones left out.

    A part that a merged cell covers is not blank: what would be made without it is None.
    """
    out = dict(fields)
    covered = grid.covered() if sheet.join else {}
    for name, names in sheet.join.items():
        parts = [out[part] for part in names if part in out]
        if parts:
            texts: list[str | None] = []
            for index, row in enumerate(rows):
                values = [clean(part.values[index]) for part in parts]
                shown = [covered.get((row, part.column(index)), (row, 0)) for part in parts]
                lost = any(
                    top != row and not value
                    for (top, _), value in zip(shown, values, strict=True)
                )
                texts.append(None if lost else " ".join(filter(None, values)) or None)
            out[name] = RecordColumn(texts, parts[-1].columns)
    return out


def _stray_cells(grid: Grid) -> list[Problem]:
    code, message = "structure.stray_cell", "a cell far from the table; its row was set aside"
    return [
        problem(grid, code, message, grid.address(row, column), value)
        for row, column, value in grid.stray
    ]
