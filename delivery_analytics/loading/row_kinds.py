"""Tell the rows under a heading apart: data, totals, captions, footnotes, blanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice

from delivery_analytics.errors import Problem
from delivery_analytics.loading import form_rows, recompute, remarks
from delivery_analytics.loading.headings import Layout
from delivery_analytics.loading.remarks import UNSAID, RowKind, hidden_row, problem, skipped_row
from delivery_analytics.model.registry import Sheet
from delivery_analytics.parsing.matching import KnownNames, Names, bare, fold
from delivery_analytics.parsing.parse import clean
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.sheet_scan import bits

_NOTE = re.compile(
    r"\*|(?:notes?|sources?|примечани[ея]|источники?|сноск[аи]|ескерту|дереккөз)(?![^\W\d_])"
)
_FIGURE = tuple("0123456789-")  # no word for a total begins so
# What a blank return of ours holds before anybody fills it in.
PRINTED = ("indicator", "indicator_name", "unit", "region", "sector")
Kinds = Mapping[int, RowKind]  # of the rows that are no data
_KEYLESS = ("heading", "numbering", "footnote")


@dataclass(frozen=True)
class SortedRows:
    """The rows under a heading, each list in the sheet's order.

    Attributes
    ----------
    skipped
        How many rows are no data.
    held
        The rows that are not blank, a bit each.
    keyed
        Field of ``fill`` → the rows whose cell the blank ones below may repeat.
    """

    data: list[int]
    captions: list[int]
    skipped: int
    held: int
    problems: list[Problem]
    keyed: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class _Rules:
    """What tells the rows of one sheet apart.

    Attributes
    ----------
    names
        Column → what its cells may be called. A known name is no total, however it begins.
    figures, printed
        The columns of figures, and those that a blank return of ours comes filled in.
    total
        How a total begins.
    kept
        Column → the words by which a rule keeps rows, as a headline called "Total".
    lines
        The column of a budget's lines, which are called freely.
    """

    grid: Grid
    sheet: Sheet
    layout: Layout
    names: Mapping[int, KnownNames]
    figures: Set[int]
    printed: Set[int]
    total: re.Pattern[str]
    kept: Mapping[int, Set[str]]
    lines: int | None

    @classmethod
    def of(cls, grid: Grid, sheet: Sheet, layout: Layout, names: Names) -> _Rules:
        columns = layout.columns
        return cls(
            grid,
            sheet,
            layout,
            {column: names[name] for name, column in columns.items() if name in names},
            recompute.figure_columns(layout),
            {columns[name] for name in PRINTED if name in columns},
            form_rows.total_words(tuple(sheet.totals)),
            {column: {fold(bare(t)) for t in rule.among} for rule, column in layout.keep},
            columns.get("line"),
        )

    def is_total(self, column: int, value: object) -> bool:
        """Say whether a cell has a total's word, and no name that happens to begin with it."""
        if not isinstance(value, str) or value[:1] in _FIGURE:
            return False
        if column == self.layout.columns.get("breakdown"):
            return False  # the whole, and a figure of its own
        if fold(bare(clean(value))) in self.kept.get(column, ()):
            return False
        if column == self.lines and form_rows.is_sum_of_lines(value):
            return True
        if not self.is_total_word(value) and not self._is_total_of_one(column, value):
            return False
        return column not in self.names or not self.names[column].meanings(value)

    def is_total_word(self, value: object) -> bool:
        """Say whether a text is a total's word, whatever else it may be the name of."""
        return isinstance(value, str) and form_rows.is_total_word(value, self.total)

    def _is_total_of_one(self, column: int, value: str) -> bool:
        """Say whether a text is a total's word behind what its column holds elsewhere."""
        if not (part := form_rows.summed_up(value)):
            return False
        if column in self.names and self.names[column].meanings(part):
            return True
        return any(
            isinstance(cells[column], str) and fold(cells[column]) == part
            for cells in self.grid.rows[self.layout.data_row :]
        )

    def of_places(self, rows: Sequence[int], places: Set[str]) -> list[int]:
        """Return the rows that are of one of these places, by their region's cell."""
        column = self.layout.columns.get("region")
        if column is None or column not in self.names or not places:
            return []
        cells = {row: clean(self.grid.rows[row][column]) for row in rows}
        names = self.names[column]
        called = {t: names.meanings(t) or names.meanings(bare(t)) for t in set(cells.values())}
        return [row for row, text in cells.items() if called[text] and called[text] <= places]

    def beside(self, rows: Sequence[int], organisations: Set[str]) -> set[int]:
        """Return the rows that divide others: parts of a whole, organisations of a region."""
        column = self.layout.columns.get("breakdown")
        cells = {} if column is None else {row: self.grid.rows[row][column] for row in rows}
        dividing = {
            row for row, cell in cells.items() if cell and not self.is_total_word(cell)
        } | {*self.of_places(rows, organisations)}
        return dividing if len(dividing) < len(rows) else set()


def sort_rows(
    grid: Grid,
    sheet: Sheet,
    layout: Layout,
    names: Names,
    *,
    given: Mapping[str, object] | None = None,
    parts: recompute.Parts = recompute.ALL,
) -> SortedRows:
    """Tell the rows under the heading apart, and hold totals against their parts.

    Parameters
    ----------
    names
        Field → what its cells may be called.
    given, parts
        Fields that the table does not repeat, and what is no part of a total.
    """
    rules = _Rules.of(grid, sheet, layout, names)
    rows = _rows_under(grid, layout)
    unwanted, problems = _unwanted(rules, rows)
    hidden = {row for row in grid.hidden_rows if row in rows and _holds(grid, row)}
    kinds = _kinds(rules, rows, unwanted, hidden)
    data = [row for row in rows if row not in kinds]
    captions = [row for row, kind in kinds.items() if kind == "caption"]
    problems += _remarks(rules, kinds, hidden)
    if sheet.check_totals:
        totals = [row for row, kind in kinds.items() if kind == "total"]
        # "в том числе:" only announces the parts of the total above.
        parting = [row for row in captions if not _has_total(rules, row)]
        nation = rules.of_places(data, {parts.nation} - {""})
        aside = rules.beside(data, parts.organisations)
        column = layout.columns.get("region", 0)
        # A total's word that is an alias of the nation: its figure, and a total of the parts.
        named = {row for row in nation if rules.is_total_word(grid.rows[row][column])}
        problems += recompute.totals(
            grid,
            sheet,
            layout,
            rows=[row for row in data if row not in named | aside],
            totals=sorted([*totals, *named]),
            captions=parting,
            nation=set(nation),
            is_summed=_summed(rules, names, given or {}, captions, parts),
        )
    blanks = (row for row, kind in kinds.items() if kind == "blank")
    blank = int.from_bytes(bits(blanks), "little")
    held = ((1 << len(rows)) - 1 << rows.start) & ~blank
    keyed = {
        name: [row for row in rows if _may_be_repeated(rules, kinds, row, layout.columns[name])]
        for name in sheet.fill
        if name in layout.columns
    }
    return SortedRows(data, captions, len(kinds), held, problems, keyed)


def _may_be_repeated(rules: _Rules, kinds: Kinds, row: int, column: int) -> bool:
    cell = rules.grid.rows[row][column]
    return row not in kinds or (kinds[row] not in _KEYLESS and not rules.is_total(column, cell))


def _summed(
    rules: _Rules,
    names: Names,
    given: Mapping[str, object],
    captions: Sequence[int],
    parts: recompute.Parts,
) -> Callable[[int, int], bool]:
    """Return what says whether the figure of a row and column may be added to others."""
    columns, known = rules.layout.columns, names.get("indicator")
    across = {wide.column: dict(wide.gives).get("indicator") for wide in rules.layout.wide}

    def is_summed(row: int, column: int) -> bool:
        text: object = across.get(column) or given.get("indicator")
        if "indicator" in columns:
            text = rules.grid.rows[row][columns["indicator"]]
        elif rules.sheet.section == "indicator":
            above = [caption for caption in captions if caption < row]
            cells = rules.grid.rows[above[-1]] if above else ()
            text = next((value for value in cells if value is not None), None)
        return can_be_added(text)

    @cache
    def can_be_added(text: object) -> bool:
        meant = known and (known.meanings(text) or known.meanings(bare(clean(text))))
        return not meant or not meant & parts.unsummed

    return is_summed


def _rows_under(grid: Grid, layout: Layout) -> range:
    """Return the rows from the first below the heading to the last that holds anything."""
    last = len(grid.rows)
    while last > layout.data_row and not _holds(grid, last - 1):
        last -= 1
    return range(layout.data_row, last)


def _unwanted(rules: _Rules, rows: range) -> tuple[set[int], list[Problem]]:
    """Return the rows that the sheet's rules leave out, and how many each of them does.

    A caption that gives the rows below it a field is left to them.
    """
    grid, layout = rules.grid, rules.layout
    unwanted: set[int] = set()
    captions = {row for row in rows if rules.sheet.section and _is_alone(grid.rows[row])}
    problems = []
    for rule, column in layout.keep:
        wanted = {fold(bare(text)) for text in rule.among}
        rest = [row for row in rows if row not in unwanted and row not in captions]
        values = {row: grid.rows[row][column] for row in rest}
        folded = {value: fold(bare(clean(value))) for value in set(values.values())}
        dropped = {row for row, value in values.items() if folded[value] not in wanted}
        unwanted |= dropped
        if dropped:
            others = Counter(clean(values[row]) or "(blank)" for row in dropped)
            unmet = [text for text in rule.among if fold(bare(text)) not in folded.values()]
            _, message = remarks.told(
                "not_kept",
                n=len(dropped),
                column=rule.column[0],
                among=" or ".join(rule.among[:5]),
                others=remarks.counted(others),
                unmet=f"; and in no row {' or '.join(unmet[:5])}" if unmet else "",
            )
            # A range: where a row of the sheet is restricted, what it quotes is withheld.
            where = ":".join(grid.address(row, column) for row in (layout.first_row, rows[-1]))
            problems.append(problem(grid, rule.reason, message, where, severity="note"))
    return unwanted, problems


def _kinds(
    rules: _Rules, rows: range, unwanted: set[int], hidden: set[int]
) -> dict[int, RowKind]:
    """Return what each of `rows` is that is no data, in their order."""
    doubtful = _doubtful(rules, rows)
    skipped = hidden if rules.sheet.hidden_rows == "skip" else set()
    headings = range(rules.layout.first_row, rules.layout.data_row)
    printed = form_rows.printed_rows(rules.grid.rows, headings, rows)
    kinds: dict[int, RowKind] = {}
    for number, row in enumerate(rows):
        if row in printed:
            kinds[row] = printed[row]
        elif row in skipped:
            kinds[row] = "hidden"
        elif row in unwanted and not (rules.sheet.section and _kind(rules, row) == "caption"):
            kinds[row] = "unwanted"
        elif doubtful[number] and (kind := _kind(rules, row)):
            kinds[row] = kind
    last = next((row for row in reversed(rows) if row not in kinds), -1)
    below = [row for row, kind in kinds.items() if kind == "caption" and row > last]
    return kinds | dict.fromkeys(below, "footnote")


def _doubtful(rules: _Rules, rows: range) -> bytearray:
    """Mark the rows that may be no data: with a blank, or a total's word, in a column.

    Whole columns are looked through, because of a hundred thousand rows nearly all are as
    good as they look.
    """
    doubtful = bytearray(len(rows))
    under = rules.grid.rows[rows.start : rows.stop]
    wide = {repeated.column for repeated in rules.layout.wide}
    for column in {0} | (set(rules.layout.columns.values()) - wide):
        values = [cells[column] for cells in under]
        odd = {value for value in set(values) if value is None or rules.is_total(column, value)}
        if odd:
            for number, value in enumerate(values):
                doubtful[number] |= value in odd
    if rules.sheet.section:
        for number, cells in enumerate(under):
            doubtful[number] |= _is_alone(cells)
    return doubtful


def _kind(rules: _Rules, row: int) -> RowKind | None:
    """Return what a doubtful row is, None if data; a text is a caption, wherever it stands."""
    grid, cells = rules.grid, rules.grid.rows[row]
    filled = {column: value for column, value in enumerate(cells) if value is not None}
    if not filled:
        return None if grid.is_broken(row) else "blank"
    if _is_text(rules, filled, len(cells)) and not grid.is_broken(row):
        return "caption"
    untouched = rules.sheet.complete and filled.keys() <= rules.printed
    if untouched and not grid.is_cut(row, rules.layout.data_row - 1):
        return "untouched"
    return _total(rules, row)


def _total(rules: _Rules, row: int) -> RowKind | None:
    """Say whether a row is a total or an average, by a word among its first cells."""
    cells = enumerate(rules.grid.rows[row])
    filled = islice(((column, value) for column, value in cells if value is not None), 3)
    words = [fold(str(value)) for column, value in filled if rules.is_total(column, value)]
    if not words:
        return None
    return "average" if any(map(form_rows.without_sum, words)) else "total"


def _is_text(rules: _Rules, filled: Mapping[int, object], width: int) -> bool:
    """Say whether a row is a caption or a footnote: one text alone, or a note's word."""
    first = next(iter(filled.values()))
    if not isinstance(first, str):
        return False
    if len(filled) == 1:
        return width > 1
    figures = rules.figures & filled.keys()
    return len(filled) == 2 and not figures and _NOTE.match(fold(first)) is not None


def _is_alone(cells: Sequence[object]) -> bool:
    return len(cells) - cells.count(None) == 1


def _has_total(rules: _Rules, row: int) -> bool:
    """Say whether a total's word stands in a row."""
    cells = enumerate(rules.grid.rows[row])
    return any(rules.is_total(column, value) for column, value in cells)


def _holds(grid: Grid, row: int) -> bool:
    return any(value is not None for value in grid.rows[row]) or grid.is_broken(row)


def _remarks(rules: _Rules, kinds: Kinds, hidden: set[int]) -> Iterator[Problem]:
    """Say which hidden rows were met, and what was skipped: texts after all the others."""
    texts = []
    for row in sorted(hidden | kinds.keys()):
        kind = kinds.get(row)
        if row in hidden and kind != "numbering":
            yield hidden_row(rules.grid, rules.sheet, row)
        if kind in ("caption", "footnote"):
            texts.append(skipped_row(rules.grid, rules.sheet, row, kind))
        elif kind and kind not in UNSAID:
            yield skipped_row(rules.grid, rules.sheet, row, kind)
    yield from texts
