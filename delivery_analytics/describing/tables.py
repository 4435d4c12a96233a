"""Find the tables of a sheet nobody has declared: the body first, then what stands over it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from delivery_analytics.describing.kinds import FIGURES, Evidence, Kinds
from delivery_analytics.loading.form_rows import headings_again, is_numbering
from delivery_analytics.loading.sheet import only_within
from delivery_analytics.parsing.heading_parts import HeadingRows
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import clean
from delivery_analytics.spreadsheets import Book, Grid

SAMPLE = 400  # rows, of which the structure is told
_NEAR = 15  # rows above the body among which its heading stands
_COVERED = 0.3  # of the columns of figures, by a row of the heading
_MATCHED = 0.25  # of them, by a row of the body
_HEADING_ROWS = 6
_LABELLED = 3  # columns among which names of fields may stand, of a table on its side
_FEWEST_NAMED = 3
_KEYS = {"region", "indicator", "period", "year", "reported_on", "due_on", "key"}
_LONG = 120  # characters of a text that is no heading
_PERIODS = ("year", "period")
_LABELS = ("region", "indicator", "year", "period", "part", "day")


@dataclass(frozen=True)
class FoundTable:
    """One table as it lies on its sheet; rows and columns count from zero.

    Attributes
    ----------
    top, bottom, left, right
        The part of the sheet that is looked at for it: first row, and the row after the last;
        first and last column.
    heading, heading_rows
        Its heading's first row, and how many it has.
    last
        The last row of the body.
    headings, evidence
        Column → what stands over it, and what it holds.
    figures
        The columns of figures, and of days where there are no others.
    """

    grid: Grid
    top: int
    bottom: int
    heading: int
    heading_rows: int
    last: int
    headings: Mapping[int, list[object]]
    evidence: Mapping[int, Evidence]
    figures: tuple[int, ...]
    left: int
    right: int

    @property
    def data_row(self) -> int:
        return self.heading + self.heading_rows

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """The rows of the body."""
        return self.grid.rows[self.data_row : self.last + 1]

    def label(self, column: int) -> str:
        """Return a column's heading as one text."""
        return " / ".join(map(clean, self.headings.get(column, ())))

    def cells(self, column: int) -> list[object]:
        """Return a column's cells under the heading, to the last row of the body."""
        return [cells[column] for cells in self.rows]

    def outside(self) -> list[tuple[int, int, object]]:
        """Return the filled cells above the heading and below the body."""
        rows = [*range(self.top, self.heading), *range(self.last + 1, self.bottom)]
        cells = ((row, c, value) for row in rows for c, value in enumerate(self.grid.rows[row]))
        return [cell for cell in cells if cell[2] is not None]

    def texts_outside(self) -> list[str]:
        """Return what stands in those cells as texts."""
        return [clean(value) for _, _, value in self.outside()]


class _Look:
    """A part of a sheet while its table is looked for."""

    def __init__(self, grid: Grid, kinds: Kinds, top: int) -> None:
        self.grid, self.kinds, self.top = grid, kinds, top
        self.above = HeadingRows.of(grid, 2)
        self.sample = range(top, min(top + SAMPLE, len(grid.rows)))
        columns = list(zip(*(grid.rows[row] for row in self.sample), strict=True))
        self.evidence = [Evidence.of(kinds, cells) for cells in columns]
        held = enumerate(self.evidence)
        days = [column for column, one in held if one.kinds["day"] > one.filled / 2]
        fitting = (
            [c for c, cells in enumerate(columns) if self._is_figures(c, cells, fewest)]
            for fewest in (2, 1)
        )
        self.figures = next(filter(None, fitting), days)
        self.mains = dict[int, str]()  # column of labels → what most of them are
        for column, one in enumerate(self.evidence):
            kind = max(_LABELS, key=lambda kind: one.kinds[kind])
            if column not in self.figures and one.kinds[kind] >= max(2, 0.5 * one.filled):
                self.mains[column] = kind

    def _is_figures(self, column: int, cells: Sequence[object], fewest: int) -> bool:
        held = self.evidence[column]
        numbers = [value for value in cells if self.is_figure(value, column)]
        if is_running(numbers) or (held.share(*_PERIODS) >= 0.8 and held.filled > 1):
            return False
        own = [v for v in held.values if self.is_figure(v, column) and not self.is_period(v)]
        count = sum(held.values[value] for value in own)
        return count >= max(fewest, 0.3 * (held.filled - held.kinds["none"]))

    def is_figure(self, value: object, column: int) -> bool:
        """Say whether a cell is a figure, written as those of its column mostly are."""
        counted, kinds = self.evidence[column].kinds, self.kinds.kinds(value)
        cells, texts = (counted[kind] for kind in FIGURES)
        if not cells and not texts:
            return "day" in kinds
        # A few texts among number cells are codes and numbers of columns.
        return "number" in kinds or ("text number" in kinds and texts >= 0.2 * (cells + texts))

    def is_period(self, value: object) -> bool:
        return any(kind in _PERIODS for kind in self.kinds.kinds(value))

    def filled(self, row: int) -> dict[int, object]:
        return {c: v for c, v in enumerate(self.grid.rows[row]) if v is not None}

    def is_axis(self, row: int) -> bool:
        """Say whether all that could be figures in a row are periods, and no name is beside."""
        cells = self.filled(row)
        over = {c: self.is_period(v) for c, v in cells.items() if c in self.figures}
        is_other = any(self.is_figure(cells[c], c) for c, is_one in over.items() if not is_one)
        return any(over.values()) and not is_other and not self.has_name(row)

    def has_name(self, row: int) -> bool:
        """Say whether a label of a row is what its column's labels mostly are."""
        cells = self.grid.rows[row]
        return any(kind in self.kinds.kinds(cells[c]) for c, kind in self.mains.items())

    def is_body(self, row: int) -> bool:
        cells = self.filled(row)
        held = [c for c, v in cells.items() if c in self.figures and self.is_figure(v, c)]
        if len(held) < max(1.0, _MATCHED * len(self.figures)) or self.is_axis(row):
            return False
        return not is_numbering([*cells.values()])

    def covers(self, row: int, lowest: int) -> bool:
        """Say whether a row of texts stands over enough of the columns of figures."""
        shown = self.above.reaching(row, lowest) if row < lowest else self.above.shown(row)
        over = [c for c in self.figures if shown[c] is not None]
        over = [c for c in over if "none" not in self.kinds.kinds(shown[c])]
        texts = {clean(shown[c]) for c in over}
        if any(len(text) > _LONG for text in texts):
            return False
        return len(over) >= max(1, _COVERED * len(self.figures))


def is_running(cells: Iterable[object]) -> bool:
    """Say whether the numbers of a column only count its rows: 1, 2, 3 …, or again from 1."""
    counted = 0
    texts = (clean(value) for value in cells if value is not None)
    for text in (text.removesuffix(".0").rstrip(".") for text in texts):
        if text not in (str(counted + 1), "1"):
            return False
        counted = int(text)
    return counted > 1


def no_table(book: Book, grid: Grid, kinds: Kinds) -> str:
    """Say why a sheet cannot hold a table; "" where it may."""
    if not grid.visible:
        return "it is hidden"
    if sum(any(value is not None for value in cells) for cells in grid.rows) < 2:
        return "fewer than two rows are filled"
    if len(book.sheets) < 3 or len(grid.rows) > SAMPLE:
        return ""
    others = [fold(one.sheet) for one in book.sheets if one is not grid]
    called = {*others, *(name.split(" ")[0] for name in others)}
    values = Counter(value for cells in grid.rows for value in cells if value is not None)
    figures = [v for v in values if not kinds.kinds(v).isdisjoint({*FIGURES, "day"})]
    listed = called & {fold(clean(value)) for value in values}
    # In a list of sheets a number is the name of one, and stands there once.
    is_list = all(fold(clean(v)) in called and values[v] == 1 for v in figures)
    return f"it lists {len(listed)} other sheets" if is_list and len(listed) > 1 else ""


def find_tables(grid: Grid, kinds: Kinds) -> list[FoundTable]:
    """Return the tables of a sheet from the top down; none where no row has figures.

    Of those that stand side by side each is its own; one whose fields are named in a column
    lies on its side.
    """
    found, top = list[FoundTable](), 0
    grid = grid.transposed() if _is_turned(grid, kinds) else grid
    while (table := _table(grid, kinds, top)) is not None:
        parts = list[FoundTable]()
        for left, right in _beside(table):
            box = (top, left, table.bottom - 1, right)
            if part := _table(only_within(grid, box), kinds, top):
                parts.append(replace(part, bottom=table.bottom, left=left, right=right))
        found += parts if parts and len(parts) == len(_beside(table)) else [table]
        top = table.bottom
    return found


def _is_turned(grid: Grid, kinds: Kinds) -> bool:
    """Say whether fields are named in a column: several, and more than in any row."""

    def named(cells: Iterable[object]) -> int:
        fields = {v: kinds.names_field(v) for v in cells if isinstance(v, str)}
        # Plan and actual may stand in a column of any table, the names of keys hardly.
        has_key = not _KEYS.isdisjoint(set().union(*fields.values()))
        return has_key * len([*filter(None, fields.values())])

    near = grid.rows[:_NEAR]
    columns = max(map(named, list(zip(*near, strict=True))[:_LABELLED]), default=0)
    return columns >= _FEWEST_NAMED and columns > max(map(named, near), default=0)


def _beside(table: FoundTable) -> list[tuple[int, int]]:
    """Return the first and last columns of tables that stand side by side; [] for one.

    Between them is a blank column, and their headings begin alike.
    """
    filled = [c for c, held in table.evidence.items() if held.filled or table.label(c)]
    starts = [c for c in filled if c - 1 not in filled]
    ends = [c for c in filled if c + 1 not in filled]
    begins = {table.label(column) for column in starts}
    is_split = len(starts) > 1 and len(begins) == 1 and begins != {""}
    return list(zip(starts, ends, strict=True)) if is_split else []


def _table(grid: Grid, kinds: Kinds, top: int) -> FoundTable | None:
    if top >= len(grid.rows):
        return None
    look = _Look(grid, kinds, top)
    start = _start(look)
    if start is None or (heading := _heading(look, start)) is None:
        return None
    first, lowest = heading
    bottom = _bottom(look, first, lowest, start)
    last = next((row for row in range(bottom - 1, start, -1) if look.is_body(row)), start)
    count = lowest - first + 1
    parts = dict(HeadingRows.of(grid.with_dates_as_shown(), count).headings(first))
    rows = range(lowest + 1, last + 1)
    again = headings_again(grid.rows, range(first, lowest + 1), rows)
    body = [grid.rows[row] for row in rows if row not in again]
    columns = enumerate(zip(*body, strict=True))
    evidence = {column: Evidence.of(kinds, cells) for column, cells in columns}
    figures, right = tuple(look.figures), grid.width - 1
    return FoundTable(grid, top, bottom, first, count, last, parts, evidence, figures, 0, right)


def _start(look: _Look) -> int | None:
    """Return the first row of the body: most of the rows that follow it are body too."""
    filled = [row for row in look.sample if look.filled(row)]
    for place, row in enumerate(filled):
        next_rows = filled[place + 1 : place + 6]
        body = sum(map(look.is_body, next_rows))
        is_most = 5 * body >= 2 * len(next_rows)
        if look.is_body(row) and (is_most or _is_headed(look, filled[place - 1 : place + 2])):
            break
    else:
        return None
    while place and _continues(look, filled[place - 1]):
        place -= 1
    return filled[place]


def _is_headed(look: _Look, rows: Sequence[int]) -> bool:
    """Say whether two rows of figures follow a heading: a short table with notes under it."""
    if len(rows) < 3 or not look.is_body(rows[2]):
        return False
    return _may_head(look, rows[0]) and look.covers(rows[0], rows[0])


def _continues(look: _Look, row: int) -> bool:
    """Say whether a row above the first of the body is body as well, though few are filled."""
    if look.is_axis(row) or is_numbering([*look.filled(row).values()]):
        return False
    return look.is_body(row) or (look.has_name(row) and len(look.filled(row)) > 1)


def _heading(look: _Look, start: int) -> tuple[int, int] | None:
    """Return the first and the lowest row of the heading over the body."""
    above = range(start - 1, max(look.top - 1, start - 1 - _NEAR), -1)
    heads = (row for row in above if _may_head(look, row) and look.covers(row, row))
    if (lowest := next(heads, None)) is None:
        return None
    first = lowest
    while first > look.top and lowest - first + 1 < _HEADING_ROWS:
        row = first - 1
        if not _may_head(look, row) or not look.covers(row, lowest) or _is_title(look, row):
            break
        first = row
    return first, lowest


def _may_head(look: _Look, row: int) -> bool:
    cells = look.filled(row)
    return bool(cells) and not is_numbering([*cells.values()]) and not look.is_body(row)


def _is_title(look: _Look, row: int) -> bool:
    """Say whether a row above the lowest of a heading is a title, a day, a unit in a corner."""
    cells = look.filled(row)
    if any("day" in look.kinds.kinds(value) for value in cells.values()):
        return not look.is_axis(row)
    if len(cells) > 1 or any(map(look.is_period, cells.values())):
        return False
    [column] = cells
    right = look.above.reach.get((row, column), column)
    is_merged_over_part = right > column and column > 0
    return not is_merged_over_part


def _bottom(look: _Look, first: int, lowest: int, start: int) -> int:
    """Return where the next table's part begins: its heading again, or another's texts."""
    rows = look.grid.rows
    again = headings_again(rows, range(first, lowest + 1), range(start, len(rows)))
    fewest = max(2, 0.5 * len(look.figures))
    below = [row for row in look.sample if row > start and row not in again]
    ends = [row for row in below if _is_new(look, row, fewest)]
    ends += [row for row in again if not look.is_body(row - 1) and row - 1 > start]
    if not ends:
        return len(rows)
    end = min(ends)
    while end - 1 > start and not look.is_body(end - 1):
        end -= 1
    return end


def _is_new(look: _Look, row: int, fewest: float) -> bool:
    """Say whether a row under the body is another heading: texts or periods over figures."""
    cells = look.filled(row)
    over = {c: v for c, v in cells.items() if c in look.figures}
    if len(over) < fewest or look.has_name(row) or is_numbering([*cells.values()]):
        return False
    figures = (look.is_figure(v, c) or "none" in look.kinds.kinds(v) for c, v in over.items())
    plain = not any(figures)
    distinct = len({clean(value) for value in over.values()}) > 1
    return (plain and distinct) or (look.is_axis(row) and len(over) > 1)
