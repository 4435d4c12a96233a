"""Collect the records under a heading: a row each, or a figure each where columns repeat."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

from delivery_analytics.errors import Problem
from delivery_analytics.loading.headings import Layout
from delivery_analytics.loading.recompute import ALL, Parts
from delivery_analytics.loading.records import NOWHERE, Fields, RecordColumn, Records
from delivery_analytics.loading.remarks import counted, problem, told
from delivery_analytics.loading.row_kinds import sort_rows
from delivery_analytics.model import schema
from delivery_analytics.model.registry import Sheet
from delivery_analytics.parsing.matching import Names, fold
from delivery_analytics.parsing.parse import clean, is_unfilled
from delivery_analytics.parsing.patterns import search
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Position, position_of


@dataclass(frozen=True)
class Collected:
    """The records under a heading, and what became of the rows that are none.

    Attributes
    ----------
    read, skipped, stray
        Rows met, rows that are no data, and rows far from the table, set aside as well;
        the rest of those read are records.
    held
        The rows of the grid, under the heading, that hold anything: a bit each.
    """

    records: Records
    read: int
    skipped: int
    stray: int
    held: int
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
    names: Names,
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
    cells, shown = _Cells(grid), _Cells(grid.with_dates_as_shown()) if grid.dates else None
    rows, empty = sorted_rows.data, 0
    fields = {
        name: (shown if shown and name == "period" else cells).field(
            column, rows, sorted_rows.keyed.get(name)
        )
        for name, column in layout.columns.items()
    }
    named = _named(fields)
    if layout.wide:
        rows, fields, empty = _unpivoted(cells, layout, rows, fields)
    if sheet.section:
        fields[sheet.section] = _sections(grid, rows, sorted_rows.captions)
    fields = _mapped(_blanks_declared(grid, rows, _parts_meant(fields, sheet), sheet), sheet)
    beside = {
        name: RecordColumn([value] * len(rows), places=_outside(grid, sheet, name, len(rows)))
        for name, value in given.items()
    }
    unmet = [*_unmet(grid, rows, beside | fields, sheet, names)]
    fields = _joined(grid, rows, beside | fields, sheet)
    far = {row for row, _, _ in grid.stray}
    skipped, stray = sorted_rows.skipped + empty, len(far)
    return Collected(
        Records(grid, rows, fields, named | _named(fields), layout.data_row - 1),
        read=len(rows) + skipped + stray,
        skipped=skipped,
        stray=stray,
        held=sorted_rows.held | sum(1 << row for row in far),
        problems=[*sorted_rows.problems, *unmet, *_stray_cells(grid)],
    )


def _outside(
    grid: Grid, sheet: Sheet, name: str, count: int
) -> list[Position | None] | tuple[()]:
    """Return where a field that stands outside the table was typed, once for each record."""
    at = position_of(sheet.cells[name].cell) if name in sheet.cells else None
    if at is None:
        return ()
    return [at[::-1] if grid.turned else at] * count


class _Cells:
    """A grid's cells by column."""

    def __init__(self, grid: Grid) -> None:
        self.broken = grid.uncached | grid.errors.keys()
        self.columns: list[Sequence[Any]] = list(zip(*grid.rows, strict=True))

    def has(self, row: int, column: int) -> bool:
        """Say whether a cell is no blank; one with an error is none."""
        return self.columns[column][row] is not None or (row, column) in self.broken

    def values(self, column: int, rows: Sequence[int]) -> list[Any]:
        """Return the cells of a column in `rows`."""
        cells = self.columns[column]
        return [cells[row] for row in rows]

    def field(
        self, column: int, rows: Sequence[int], keyed: Sequence[int] | None = None
    ) -> RecordColumn:
        """Return a field with its cells in `rows`, each repeated downwards to fill blanks.

        Only those in `keyed` rows are repeated. Below a cell with an error is None.
        """
        if keyed is None:
            return RecordColumn(self.values(column, rows), column)
        held = [row for row in keyed if self.has(row, column)]
        above = (bisect_right(held, row) - 1 for row in rows)
        filled = [held[place] if place >= 0 else None for place in above]
        values = [None if row is None else self.columns[column][row] for row in filled]
        # What is filled from an error is blank, and told of at its own cell.
        places = [
            None if value is None or row is None else (row, column)
            for row, value in zip(filled, values, strict=True)
        ]
        return RecordColumn(values, column, places)


def _unpivoted(cells: _Cells, layout: Layout, rows: list[int], fixed: Fields) -> _Unpivoted:
    """Lay the groups of repeated columns under one another; an empty group is no figure."""
    groups: dict[tuple[tuple[str, object], ...], dict[str, int]] = {}
    for repeated in layout.wide:
        groups.setdefault(repeated.gives, {})[repeated.holds] = repeated.column
    filled = [
        [at for at, row in enumerate(rows) if any(cells.has(row, c) for c in columns.values())]
        for columns in groups.values()
    ]
    order = list(chain.from_iterable(filled))
    kept = [rows[index] for index in order]

    def spread(each: Iterable[Any]) -> list[Any]:
        """Return what is told of each group for every record of it."""
        return [one for one, own in zip(each, filled, strict=True) for _ in own]

    fields = {
        name: replace(
            column,
            values=[column.values[index] for index in order],
            places=[column.places[index] for index in order] if column.places else (),
        )
        for name, column in fixed.items()
    }
    for name in dict.fromkeys(repeated.holds for repeated in layout.wide):
        places = spread(columns.get(name, NOWHERE) for columns in groups.values())
        held = zip(places, kept, strict=True)
        values = [None if at == NOWHERE else cells.columns[at][row] for at, row in held]
        fields[name] = RecordColumn(values, places)
    over = spread((layout.data_row - 1, next(iter(own.values()))) for own in groups.values())
    for number, (name, _) in enumerate(layout.wide[0].gives):
        fields[name] = RecordColumn(spread(gives[number][1] for gives in groups), places=over)
    return _Unpivoted(kept, fields, len(rows) * len(groups) - len(order))


def _sections(grid: Grid, rows: Sequence[int], captions: Sequence[int]) -> RecordColumn:
    """Give each record the text of the last caption above it; None above the first."""
    places: list[Position | None] = [None]
    for row in captions:
        places.append((row, next(c for c, v in enumerate(grid.rows[row]) if v is not None)))
    above = [places[bisect_right(captions, row)] for row in rows]
    texts = [None if at is None else grid.rows[at[0]][at[1]] for at in above]
    return RecordColumn(texts, places=above)


def _parts_meant(fields: Fields, sheet: Sheet) -> dict[str, RecordColumn]:
    """Return the fields, of each text with a pattern the part that is meant."""
    out = dict(fields)
    for name in sheet.patterns.keys() & fields.keys():
        meant = {v: _part_meant(sheet.patterns[name], v) for v in set(fields[name].values)}
        out[name] = replace(fields[name], values=[meant[v] for v in fields[name].values])
    return out


def _part_meant(pattern: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        match = search(pattern, clean(value))
    except TimeoutError:
        return value  # which its reader refuses or keeps whole
    return (match[1] if match.groups() else match[0]) if match else value


def _mapped(fields: Fields, sheet: Sheet) -> dict[str, RecordColumn]:
    """Return the fields, with texts that are to be called otherwise than they were sent."""
    out = dict(fields)
    for name, meanings in sheet.map.items():
        folded = {fold(sent): meant for sent, meant in meanings.items()}
        column = fields.get(name)
        if column and (column.columns != NOWHERE or name == sheet.section):
            values = [folded.get(fold(clean(value)), value) for value in column.values]
            out[name] = replace(column, values=values)
    return out


def _unmet(
    grid: Grid, rows: Sequence[int], fields: Fields, sheet: Sheet, names: Names
) -> Iterator[Problem]:
    """Count the words that no entry of `map` means, and captions that name nothing known."""
    said = dict.fromkeys([*sheet.map, *({sheet.section} & names.keys())])
    for name in (name for name in said if name in fields):
        met, values = {*sheet.map.get(name, {}).values()}, fields[name].values
        texts = Counter(v for v in values if isinstance(v, str) and v not in met)
        for text in [*texts]:
            known = name in names and names[name].meanings(text) | {names[name].key_of(text)}
            if any(known or ()) or not any(map(str.isalpha, text)):
                del texts[text]
        if texts:
            where = "caption" if name == sheet.section else "cell"
            shown = {"where": where, "name": name, "texts": counted(texts)}
            message = told("unmapped", n=texts.total(), **shown)
            # A range: where a row of the sheet is restricted, what it quotes is withheld.
            column = max(fields[name].column(0), 0)
            ends = (grid.address(row, column) for row in (min(rows), max(rows)))
            yield problem(grid, *message, ":".join(ends), severity="note")


def _named(fields: Fields) -> frozenset[str]:
    """Return the fields that are not blank throughout."""
    blank = {name for name, column in fields.items() if all(map(is_unfilled, column.values))}
    return frozenset(fields.keys() - blank)


def _blanks_declared(
    grid: Grid, rows: Sequence[int], fields: Fields, sheet: Sheet
) -> dict[str, RecordColumn]:
    """Return the fields, with what the sheet says that a blank means.

    What a merged cell covers is no blank, nor is a cell with an error.
    """
    out = dict(fields)
    no_blanks = {*grid.uncached, *grid.errors, *grid.covered()} if sheet.blank else set()
    for name, meant in sheet.blank.items():
        if (column := fields.get(name)) is None:
            continue
        blank = {value for value in set(column.values) if is_unfilled(value)}
        values = [
            meant
            if value in blank and (rows[index], column.column(index)) not in no_blanks
            else value
            for index, value in enumerate(column.values)
        ]
        out[name] = replace(column, values=values)
    return out


def _joined(
    grid: Grid, rows: Sequence[int], fields: Fields, sheet: Sheet
) -> dict[str, RecordColumn]:
    """Return the fields, with those made of the texts of several, blank ones left out.

    A part that a merged cell covers is not blank: what would be made without it is None. So
    it is of a key without a part that other rows name; of an observation the indicator's
    own frequency says whether a year without its quarter is one.
    """
    out = dict(fields)
    covered = grid.covered() if sheet.join else {}
    for name, names in sheet.join.items():
        parts = [part for part in names if part in out]
        owed = _named({part: out[part] for part in parts}) - sheet.blank.keys()
        if sheet.table == "observations" or name not in schema.TABLES[sheet.table].needs:
            owed = frozenset()
        if parts:
            texts: list[str | None] = []
            for index, row in enumerate(rows):
                values = {part: clean(out[part].values[index]) for part in parts}
                blank = [part for part, value in values.items() if not value]
                places = [(row, out[part].column(index)) for part in blank]
                under = any(covered.get(at, at)[0] != row for at in places)
                lost = under or not owed.isdisjoint(blank)
                texts.append(None if lost else " ".join(filter(None, values.values())) or None)
            last = out[parts[-1]]
            out[name] = RecordColumn(texts, last.columns, last.places)
    return out


def _stray_cells(grid: Grid) -> list[Problem]:
    message = told("stray_cell")
    return [problem(grid, *message, grid.address(r, c), value) for r, c, value in grid.stray]
