"""Read one declared sheet: what stands outside its table, the table, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.fields import Context
from delivery_analytics.loading.headings import Layout, find
from delivery_analytics.loading.matching import (
    Names,
    challenge_names,
    fold,
    guard_names,
    indicator_names,
    programme_names,
    region_names,
    sector_names,
)
from delivery_analytics.loading.parse import ParseError, clean, day
from delivery_analytics.loading.records import LISTED, Records
from delivery_analytics.loading.rows import collect
from delivery_analytics.loading.tables import read
from delivery_analytics.model.languages import in_each
from delivery_analytics.model.registry import Registry, Sector, Sheet
from delivery_analytics.spreadsheets import Book, Grid
from delivery_analytics.spreadsheets.addresses import Position, letters, position_of

WHOLE = 10**6  # beyond the last column and row of any sheet


# The heading of the blank return, which the languages translate, and what else it may be.
_HEADINGS = {
    "indicator": ("code", "indicator code", "код показателя", "көрсеткіш коды"),
    "indicator_name": ("indicator", "name"),
    "unit": ("unit", "единица измерения", "өлш. бірл."),
    "region": ("region", "область", "облыс"),
    "period": ("period",),
    "target": ("target", "целевое значение", "нысаналы мән"),
    "value": ("actual", "фактическое значение", "value"),
    "reported_on": ("as_of", "as of", "reported on", "дата"),
    "comment": ("comment", "примечание"),
    "sector": ("sector", "сектор", "отрасль", "сала"),
}
# The return that `delivery template` writes: every sector may send it undeclared.
STANDARD = Sheet(
    table="observations",
    sheets=in_each("return", "Progress"),
    columns={
        name: (*in_each("return", heading), *others)
        for name, (heading, *others) in _HEADINGS.items()
    },
    optional=("indicator_name", "unit", "region", "target", "comment", "sector"),
    complete=True,
)


@dataclass(frozen=True)
class SheetResult:
    """What one sheet gave: tables, counts of rows, problems."""

    tables: Mapping[str, Columns]
    read: int
    kept: int
    quarantined: int
    skipped: int
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
    layout = find(area, sheet, names)
    records = collect(area, sheet, layout, given, names)
    context = Context(
        registry=registry,
        sheet=sheet,
        names=names,
        indicators={one.id: one for one in sector.indicators},
        sector_id=sector.id,
        source_id=book.sha256[:12],
    )
    tables = read(records, context)
    records.close()
    remarks = _remarks(area, sheet, sector, layout, records, tables)
    return SheetResult(
        tables=tables,
        read=records.read,
        kept=len(records) - len(records.wrong),
        quarantined=len(records.wrong) + records.stray,
        skipped=records.skipped,
        problems=[*layout.problems, *records.problems, *remarks],
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
def _names(registry: _Same, sector: _Same) -> Mapping[str, Names]:
    return _named(registry.thing, sector.thing)  # type: ignore[arg-type]


def _named(registry: Registry, sector: Sector) -> dict[str, Names]:
    return {
        "indicator": indicator_names(sector),
        "region": region_names(registry),
        "programme": programme_names(registry),
        "sector": sector_names(registry),
        "challenge": challenge_names(registry),
        "measure": guard_names(registry),
    }


def _given(book: Book, grid: Grid, sheet: Sheet) -> dict[str, object]:
    """Return the fields that stand outside the table."""
    given: dict[str, object] = dict(sheet.constants)
    if sheet.file_name:
        match = re.search(sheet.file_name, book.file)
        if not match:
            raise SourceError(
                [
                    Problem(
                        "file.name-unknown",
                        f"the file's name does not follow '{sheet.file_name}', which says "
                        f"its {', '.join(re.compile(sheet.file_name).groupindex)}",
                        book.file,
                    )
                ]
            )
        given |= {name: text for name, text in match.groupdict().items() if text}
    for name, where in sheet.cells.items():
        given[name] = _outside(grid, name, where.cell, where.pattern)
    for name, known in sheet.map.items():
        if isinstance(given.get(name), str):
            given[name] = known.get(str(given[name]), given[name])
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
        match = re.search(pattern, clean(value))
        value = (match[1] if match.groups() else match[0]) if match else None
    if value is None:
        raise SourceError(
            [
                Problem(
                    "structure.cell-missing",
                    f"the {name} was expected here" + (f", as '{pattern}'" if pattern else ""),
                    grid.file,
                    grid.sheet,
                    cell,
                )
            ]
        )
    return value


def _position(cell: str) -> Position:
    found = position_of(cell)
    if found is None:
        raise SourceError([Problem("structure.cell-missing", f"'{cell}' is no cell")])
    return found


def _area(grid: Grid, sheet: Sheet) -> Grid:
    """Blank what lies outside the declared part, so that addresses stay as they are."""
    top, left, bottom, right = 0, 0, WHOLE, WHOLE
    if sheet.area:
        first, _, last = sheet.area.partition(":")
        top, left = _position(first) if first else (top, left)
        bottom, right = _position(last) if last else (bottom, right)
    if sheet.below:
        marker = fold(sheet.below)
        rows = [
            number
            for number, cells in enumerate(grid.rows)
            if any(isinstance(v, str) and fold(clean(v)).startswith(marker) for v in cells)
        ]
        if not rows:
            raise SourceError(
                [
                    Problem(
                        "structure.marker-missing",
                        f"no row has the text '{sheet.below}' that the table stands under",
                        grid.file,
                        grid.sheet,
                    )
                ]
            )
        top = rows[0] + 1
    if (top, left, bottom, right) == (0, 0, WHOLE, WHOLE):
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
        stray=tuple(one for one in grid.stray if inside(*one[:2])),
    )


def _remarks(
    grid: Grid,
    sheet: Sheet,
    sector: Sector,
    layout: Layout,
    records: Records,
    tables: Mapping[str, Columns],
) -> Iterable[Problem]:
    """Remark what no single row shows: nothing received, hidden columns, gaps."""
    place = {"file": grid.file, "sheet": grid.sheet, "severity": "warning"}
    if not len(records):
        yield Problem("structure.no_rows", "the table has a heading and no data", **place)  # type: ignore[arg-type]
        return
    for name, column in layout.columns.items():
        if column in grid.hidden_columns:
            line = f"row {column + 1}" if grid.turned else f"column {letters(column)}"
            yield Problem(
                "column.hidden",
                f"{line} ({name}) is hidden; it was read all the same",
                cell=line,
                **place,  # type: ignore[arg-type]
            )
    if sheet.complete and "observations" in tables:
        yield from _absent(sector, set(tables["observations"]["indicator_id"]), place)


def _absent(sector: Sector, sent: set[str], place: dict[str, str]) -> Iterable[Problem]:
    """Name the indicators that a complete return lacks, of the sectors it is of."""
    sectors = {indicator_id.partition(".")[0] for indicator_id in sent}
    codes = [
        one.code or one.id
        for one in sector.indicators
        if one.id not in sent and one.sector_id in sectors
    ]
    for code in codes[:LISTED]:
        message = f"{code} is not in the return"
        yield Problem("coverage.missing", message, value=code, **place)  # type: ignore[arg-type]
    if (more := len(codes) - LISTED) > 0:
        message = f"{more} more indicators are not in the return"
        yield Problem("coverage.missing", message, value=str(more), **place)  # type: ignore[arg-type]
