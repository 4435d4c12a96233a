"""Read one declared sheet: what stands outside its table, the table, and what it lacks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.context import Context
from delivery_analytics.loading.headings import Layout, find
from delivery_analytics.loading.recompute import Parts
from delivery_analytics.loading.remarks import LISTED, problem, told
from delivery_analytics.loading.restricted import restricted_rows
from delivery_analytics.loading.rows import collect
from delivery_analytics.loading.tables import read_tables as read_tables
from delivery_analytics.model.forms import FORMS, RETURN, BlankReturn
from delivery_analytics.model.languages import in_each
from delivery_analytics.model.registry import Registry, Sector, Sheet
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing.matching import Names, field_names, fold
from delivery_analytics.parsing.parse import ParseError, clean
from delivery_analytics.parsing.parse_days import day
from delivery_analytics.parsing.patterns import search
from delivery_analytics.spreadsheets import Book, Grid
from delivery_analytics.spreadsheets.addresses import Box, Position, letters, position_of

WHOLE = 10**6  # beyond the last column and row of any sheet


def _layout_of(form: BlankReturn) -> Sheet:
    return Sheet(
        table=form.table,
        sheets=(*in_each(RETURN, form.sheet), *form.former),
        columns={
            name: (*in_each(RETURN, one.heading), *one.also)
            for name, one in form.fields.items()
        },
        optional=tuple(one for one in form.fields if one not in TABLES[form.table].needs),
        complete=form.table == "observations",
    )


# The returns that `delivery template` writes: every sector may send them undeclared.
STANDARD = {table: _layout_of(form) for table, form in FORMS.items()}


def standard(registry: Registry, book: Book) -> tuple[Sheet, ...]:
    """Return the layouts of `STANDARD` whose sheets a file has; of figures, where it has none.

    They say that no region is the whole country, and no unit of a figure the agreed one.
    """
    there = {fold(grid.sheet) for grid in book.sheets}
    found = [one for one in STANDARD.values() if not there.isdisjoint(map(fold, one.sheets))]
    blanks = {"region": registry.country_id, "unit": ""}
    return tuple(
        replace(one, blank={name: blanks[name] for name in blanks if name in one.optional})
        for one in found or [STANDARD["observations"]]
    )


@dataclass(frozen=True)
class SheetResult:
    """What one sheet gave: tables, counts of rows, problems.

    `held` has a bit for each row that holds anything.
    """

    sheet: str
    layout: Layout
    tables: Mapping[str, Columns]
    read: int
    kept: int
    quarantined: int
    skipped: int
    held: int
    problems: list[Problem]


def read_sheet(
    registry: Registry, book: Book, sector: Sector, sheet: Sheet, grid: Grid
) -> SheetResult:
    """Read the table that `sheet` declares on `grid`.

    Raises
    ------
    SourceError
        If the table is not there, or is not what was declared.
    """
    names = _names(_Same(registry), _Same(sector))
    given = _given(book, grid, sheet)
    area = _area(grid, sheet)
    if sheet.transpose:
        area = area.transposed()
    layout = find(area, _counted_within(grid, sheet), names)
    organisations = frozenset(key for key, one in registry.regions.items() if one.parent)
    parts = Parts(registry.country_id, organisations, _unsummed(registry, sector))
    rows = collect(area, sheet, layout, given, names, parts)
    context = Context.of(registry, sector, sheet, names, book.sha256[:12])
    whole = grid.transposed() if sheet.transpose else grid  # titles stand outside the area
    restricted = restricted_rows(whole, sheet, layout)
    read = read_tables(rows.records, context, restricted)
    remarks = _remarks(area, sheet, sector, layout, read.tables)
    if not rows.records:
        remarks = iter([problem(area, *told("no_rows"), severity="warning")])
    return SheetResult(
        sheet=grid.sheet,
        layout=layout,
        tables=read.tables,
        read=rows.read,
        kept=len(rows.records) - len(read.refused),
        quarantined=len(read.refused) + rows.stray,
        skipped=rows.skipped,
        held=rows.held,
        problems=restricted.withhold(
            chain(layout.problems, rows.problems, read.problems, remarks)
        ),
    )


def _unsummed(registry: Registry, sector: Sector) -> frozenset[str]:
    """Return the indicators of which a total is no sum: percentages, indices, means."""
    return frozenset(
        indicator.id
        for indicator in sector.indicators
        if indicator.over_regions not in ("sum", "none")
        or registry.units[indicator.unit].kind in ("percent", "index")
    )


class _Same:
    """A thing that is equal to itself alone: what is defined once need not be compared."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.thing is other.thing


@lru_cache(maxsize=64)
def _names(registry: _Same, sector: _Same) -> Names:
    return field_names(registry.thing, sector.thing)  # type: ignore[arg-type]


def _given(book: Book, grid: Grid, sheet: Sheet) -> dict[str, object]:
    """Return the fields that stand outside the table."""
    given: dict[str, object] = dict(sheet.constants)
    if sheet.file_name:
        try:
            match = search(sheet.file_name, book.file)
        except TimeoutError as error:
            raise SourceError([Problem("file.name-unknown", str(error), book.file)]) from None
        if not match:
            names = ", ".join(re.compile(sheet.file_name).groupindex)
            message = told("name_unlike", pattern=sheet.file_name, names=names)
            raise SourceError([Problem(*message, book.file)])
        given |= {name: text for name, text in match.groupdict().items() if text}
    for name, where in sheet.cells.items():
        given[name] = _outside(grid, name, where.cell, where.pattern)
    for name, meanings in sheet.map.items():
        if isinstance(given.get(name), str):
            given[name] = meanings.get(str(given[name]), given[name])
    if isinstance(given.get("reported_on"), str):
        try:
            given["reported_on"] = day(given["reported_on"], order=sheet.date_order).value
        except ParseError as error:
            raise SourceError([Problem(error.code, str(error), book.file)]) from None
    return given


def _outside(grid: Grid, name: str, cell: str, pattern: str) -> object:
    row, column = _position(cell)
    inside = row < len(grid.rows) and column < len(grid.rows[row])
    value = grid.rows[row][column] if inside else None
    if value is not None and pattern:
        try:
            match = search(pattern, clean(value))
        except TimeoutError as error:
            slow = problem(grid, "structure.cell-missing", str(error), cell)
            raise SourceError([slow]) from None
        value = (match[1] if match.groups() else match[0]) if match else None
    if value is None:
        message = told("expected_here", name=name, how=f", as '{pattern}'" if pattern else "")
        raise SourceError([problem(grid, *message, cell)])
    return value


def _position(cell: str) -> Position:
    position = position_of(cell)
    if position is None:
        raise SourceError([Problem(*told("no_cell", text=cell))])
    return position


def _area(grid: Grid, sheet: Sheet) -> Grid:
    """Blank what lies outside the declared part."""
    top, left, bottom, right = 0, 0, WHOLE, WHOLE
    if sheet.area:
        first, _, last = sheet.area.partition(":")
        top, left = _position(first) if first else (top, left)
        bottom, right = _position(last) if last else (bottom, right)
    if sheet.below:
        top = _row_of_text(grid, sheet.below) + 1
    return only_within(grid, (top, left, bottom, right))


def only_within(grid: Grid, box: Box) -> Grid:
    """Return a grid with nothing outside a box; addresses stay as they are."""
    top, left, bottom, right = box
    if box == (0, 0, WHOLE, WHOLE):
        return grid

    def inside(row: int, column: int) -> bool:
        return top <= row <= bottom and left <= column <= right

    return replace(
        grid,
        rows=[
            [value if inside(row, column) else None for column, value in enumerate(cells)]
            for row, cells in enumerate(grid.rows)
        ],
        errors={at: text for at, text in grid.errors.items() if inside(*at)},
        uncached=frozenset(at for at in grid.uncached if inside(*at)),
        not_finite={at: text for at, text in grid.not_finite.items() if inside(*at)},
        stray=tuple(cell for cell in grid.stray if inside(*cell[:2])),
    )


def _counted_within(grid: Grid, sheet: Sheet) -> Sheet:
    """Return the sheet with its header counted from the sheet's first row, not the area's."""
    first = position_of(sheet.area.partition(":")[0])
    top = _row_of_text(grid, sheet.below) + 1 if sheet.below else first[0] if first else 0
    is_above = 0 < sheet.header <= top and not sheet.transpose
    return replace(sheet, header=sheet.header + top) if is_above else sheet


def _row_of_text(grid: Grid, text: str) -> int:
    """Return the first row with a cell that begins with `text`."""
    marker = fold(text)
    for number, cells in enumerate(grid.rows):
        if any(isinstance(v, str) and fold(clean(v)).startswith(marker) for v in cells):
            return number
    raise SourceError([problem(grid, *told("no_marker", text=text))])


def _remarks(
    grid: Grid, sheet: Sheet, sector: Sector, layout: Layout, tables: Mapping[str, Columns]
) -> Iterator[Problem]:
    """Remark what no single row shows: hidden columns, indicators that were not sent."""
    repeated = [(" ".join(str(v) for _, v in c.gives), c.column) for c in layout.wide]
    for name, column in [*layout.columns.items(), *repeated]:
        if column in grid.hidden_columns:
            line = f"row {column + 1}" if grid.turned else f"column {letters(column)}"
            message = told("hidden_column", line=line, name=name)
            yield problem(grid, *message, line, severity="warning")
    if sheet.complete and "observations" in tables:
        sent = set(tables["observations"]["indicator_id"])
        codes = _absent(sector, sent)
        for code in codes[:LISTED]:
            yield problem(grid, *told("absent", code=code), "", code, "warning")
        if (more := len(codes) - LISTED) > 0:
            yield problem(grid, *told("more_absent", n=more), "", more, "warning")


def _absent(sector: Sector, sent: set[str]) -> list[str]:
    """Return the indicators that a complete return lacks, of the sectors it is of."""
    sectors = {indicator_id.partition(".")[0] for indicator_id in sent}
    return [
        indicator.code or indicator.id
        for indicator in sector.indicators
        if indicator.id not in sent and indicator.sector_id in sectors and indicator.is_owed
    ]
