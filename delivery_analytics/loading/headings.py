"""Find a declared table on a sheet: where its heading is, and what each column means."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import chain

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.as_declared import period_reader
from delivery_analytics.loading.remarks import problem, told
from delivery_analytics.model.registry import Sheet
from delivery_analytics.model.sheet_definitions import Keep
from delivery_analytics.parsing import heading_words
from delivery_analytics.parsing.heading_parts import ColumnHeading, HeadingRows
from delivery_analytics.parsing.heading_words import likeness, means
from delivery_analytics.parsing.matching import Names, bare, fold, foreign
from delivery_analytics.parsing.parse import ParseError, clean, shortened
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import column_of

WIDEST = 500
SEARCHED_ROWS = 200
NEAREST_AMONG = 50  # rows, when none is the heading
_FEWEST_THERE, _MOST_THERE = 2, 12  # texts of a row that may be the heading


@dataclass(frozen=True)
class WideColumn:
    """A column whose heading gives part of a record: its fields, and which field it holds."""

    column: int
    holds: str
    gives: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Layout:
    """A declared table, found: zero-based rows and columns of the grid.

    Attributes
    ----------
    first_row
        The heading's first row; the data begin at `data_row`.
    columns
        Field → column, for fields with a column of their own.
    wide
        The columns that repeat, in sheet order.
    keep
        The sheet's `keep` rules, each with the column it looks at.
    """

    first_row: int
    data_row: int
    columns: dict[str, int]
    wide: tuple[WideColumn, ...]
    keep: tuple[tuple[Keep, int], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Match:
    """What each column means if the heading begins in `row`.

    Attributes
    ----------
    columns
        Field → every column whose heading means it.
    extra, unlike
        The columns of headings that mean nothing, and of those matched only by their look.
    """

    row: int
    columns: dict[str, list[int]]
    wide: list[WideColumn]
    keep: list[tuple[Keep, int]]
    extra: list[int]
    unlike: list[int]


@dataclass(frozen=True)
class _Search:
    """What is looked for, and where.

    Attributes
    ----------
    names
        Field → the names its headings may be, for fields in ``wide.by``.
    at
        Field → its column, where that has no heading.
    above
        What stands over each column.
    """

    grid: Grid
    sheet: Sheet
    names: Names
    at: dict[str, int]
    above: HeadingRows


def find(grid: Grid, sheet: Sheet, names: Names) -> Layout:
    """Find the table that `sheet` declares on `grid`.

    Parameters
    ----------
    names
        Field → the names its headings may be, for fields in ``wide.by``.

    Raises
    ------
    SourceError
        ``structure.no_header``, ``header.duplicate-label`` or ``structure.too_wide``,
        naming the cells.
    """
    shown = grid.with_dates_as_shown()
    at = {name: column_of(letter) for name, letter in sheet.at.items()}
    search = _Search(shown, sheet, names, at, HeadingRows.of(shown, sheet.header_rows))
    declared = sheet.header - 1 if sheet.header else -1
    rows = [declared] if 0 <= declared < len(grid.rows) else []
    rows += [row for row in range(min(len(grid.rows), SEARCHED_ROWS)) if row != declared]
    matches = []
    for row in rows:
        match = _match(search, row)
        if _is_whole(sheet, match):
            match = _fullest(search, match)
            return _layout(search, match, moved=sheet.header > 0 and match.row != declared)
        matches.append(match)
    raise SourceError([_not_found(search, matches[:NEAREST_AMONG])])


def _match(search: _Search, row: int) -> _Match:
    """Return what each column means if the heading began in `row`."""
    sheet, headings = search.sheet, list(search.above.headings(row))
    columns, unlike = _fields(sheet, headings)
    keep = heading_words.keep_columns(sheet, headings)
    used = {*search.at.values(), *chain(*columns.values()), *(column for _, column in keep)}
    rest = [heading for heading in headings if heading.column not in used]
    repeated = [_wide_column(search, heading) for heading in rest] if sheet.wide else []
    wide = [column for column in repeated if column]
    used.update(column.column for column in wide)
    unknown = [heading for heading in rest if heading.column not in used]
    extra = [h.column for h in unknown if not means(sheet.ignore, h.parts)]
    return _Match(row, columns, wide, keep, extra, unlike)


def _fullest(search: _Search, match: _Match) -> _Match:
    """Return the match a row or so lower if years hide their quarters in this one."""
    last = min(match.row + search.sheet.header_rows, len(search.grid.rows))
    lower = (_match(search, row) for row in range(match.row + 1, last))
    whole = [one for one in lower if _is_whole(search.sheet, one)]
    return max([match, *whole], key=lambda one: len({(c.holds, c.gives) for c in one.wide}))


def _fields(
    sheet: Sheet, headings: Sequence[ColumnHeading]
) -> tuple[dict[str, list[int]], list[int]]:
    """Return the columns of each field, and those that only look like its heading."""
    columns: dict[str, list[int]] = {}
    unlike = []
    for column, parts in headings:
        texts = tuple(map(clean, parts))
        for name, words in sheet.columns.items():
            match = likeness(words, texts)
            if match:
                columns.setdefault(name, []).append(column)
            if match == "alike":
                unlike.append(column)
    return columns, unlike


def _wide_column(search: _Search, heading: ColumnHeading) -> WideColumn | None:
    """Return what a repeated column gives, if its heading names all that it must."""
    wide = search.sheet.wide
    assert wide is not None
    gives = []
    named = {fold(word) for words in wide.values.values() for word in words}
    rest = heading_words.parted(heading.parts, named)
    for name in wide.by:
        value, rest = _given(search, name, rest, named)
        if value is None:
            return None
        gives.append((name, value))
    if not wide.values:
        return WideColumn(heading.column, wide.value, tuple(gives))
    words_left = rest or heading.parts
    held = [name for name, words in wide.values.items() if means(words, words_left)]
    return WideColumn(heading.column, held[-1], tuple(gives)) if held else None


def _given(
    search: _Search, name: str, parts: list[object], measures: Set[str] = frozenset()
) -> tuple[object, list[object]]:
    """Return what a heading says of a field, None if nothing, and the parts left over."""
    among = heading_words.unworded(parts, measures)
    for used in (
        heading_words.together(among) if name == "period" else ([part] for part in among)
    ):
        part = used[0] if len(used) == 1 else heading_words.joined(used)
        if (value := _meaning(search, name, part)) is not None:
            return value, [part for part in parts if part not in used]
    return None, parts


def _meaning(search: _Search, name: str, part: object) -> object:
    """Return what a part of a heading means as the field `name`; None if it is none.

    A day, and what gives its figures a status, stay as sent: they are read with the figures.
    """
    sheet = search.sheet
    assert sheet.wide is not None
    for value, words in sheet.wide.labels.get(name, {}).items():
        if means(words, [part]):
            return value
    if name != "period" and name not in search.names:
        return None
    sent = clean(part).rstrip(": ") if isinstance(part, str) else part
    find = search.names[name].find if name in search.names else period_reader(sheet)
    try:
        reading = find(sent, declared=sheet.marks)
    except ParseError:
        return None
    as_sent = isinstance(part, date) or reading.status != "normal"
    return sent if as_sent else str(reading.value)


def _needed(sheet: Sheet) -> list[str]:
    return [name for name in sheet.columns if name not in sheet.optional]


def _is_whole(sheet: Sheet, match: _Match) -> bool:
    """Say whether every heading that must be there is."""
    rules = [rule for rule, _ in match.keep]
    return (
        set(_needed(sheet)) <= match.columns.keys()
        and bool(match.columns or match.wide)
        and (sheet.wide is None or bool(match.wide))
        and all(rule.optional or rule in rules for rule in sheet.keep)
    )


def _layout(search: _Search, match: _Match, *, moved: bool) -> Layout:
    """Return the layout, or refuse headings that stand twice or are too many."""
    _refuse_missing(search)
    _refuse_too_wide(search.grid, match)
    _refuse_double(search, match)
    return Layout(
        first_row=match.row,
        data_row=match.row + search.sheet.header_rows,
        columns={name: columns[0] for name, columns in match.columns.items()} | search.at,
        wide=tuple(match.wide),
        keep=tuple(match.keep),
        problems=tuple(_warnings(search, match, moved=moved)),
    )


def _warnings(search: _Search, match: _Match, *, moved: bool) -> Iterator[Problem]:
    """Warn of a heading that stands elsewhere, looks otherwise, or is not known."""
    grid, sheet, row = search.grid, search.sheet, match.row

    def warn(message: tuple[str, str], at_row: int, column: int) -> Problem:
        return problem(grid, *message, grid.address(at_row, column), severity="warning")

    if moved:
        message = told("heading_moved", row=row + 1, declared=sheet.header)
        yield warn(message, row, heading_words.first_column(grid, row))
    for column in match.unlike:
        label = _label(search, row, column)
        message = told("heading_looks_like", label=label, letters=foreign(label))
        yield warn(message, row, column)
    lowest = min(row + sheet.header_rows, len(grid.rows)) - 1
    parts = dict(search.above.headings(row))
    for column in match.extra:
        label = _label(search, row, column)
        unread = _is_unread_period(search, column, parts[column])
        if unread and heading_words.has_figures(grid, lowest, column):
            message = told("heading_not_understood", label=label)
            yield problem(grid, *message, grid.address(lowest, column))
            continue
        yield warn(told("heading_unknown", label=label), lowest, column)


def _refuse_missing(search: _Search) -> None:
    for name, column in search.at.items():
        if column >= search.grid.width:
            message = told("no_column", column=search.sheet.at[name], name=name)
            raise SourceError([problem(search.grid, *message)])


def _refuse_too_wide(grid: Grid, match: _Match) -> None:
    extra = match.extra
    if len(extra) > WIDEST:
        cells = ":".join(grid.address(match.row, column) for column in (extra[0], extra[-1]))
        raise SourceError([problem(grid, *told("too_wide", n=len(extra)), cells)])


def _refuse_double(search: _Search, match: _Match) -> None:
    double = [columns for columns in match.columns.values() if len(columns) > 1]
    met: dict[tuple[object, ...], int] = {}
    for repeated in match.wide:
        first = met.setdefault((repeated.holds, repeated.gives), repeated.column)
        if first != repeated.column:
            double.append([first, repeated.column])
    problems = []
    for column in double[0] if double else ():
        message = told("heading_twice", label=_label(search, match.row, column))
        where = search.grid.address(match.row, column)
        problems.append(problem(search.grid, *message, where))
    if problems:
        raise SourceError(problems)


def _not_found(search: _Search, matches: Sequence[_Match]) -> Problem:
    """Say which headings were looked for, and what the nearest row lacks."""
    grid, columns, needed = search.grid, search.sheet.columns, _needed(search.sheet)
    expected = ", ".join(f"'{columns[n][0]}'" for n in needed)
    # Of rows that are equally near, the first.
    near = max(matches, key=lambda match: (len(match.columns), -match.row), default=None)
    if near is None or not near.columns:
        there = _headings_there(grid, [columns[name] for name in needed])
        return problem(grid, *told("no_heading", expected=expected, there=there))
    _refuse_double(search, near)
    lacks = ", ".join(f"'{columns[name][0]}'" for name in needed if name not in near.columns)
    unread = [h for h in search.above.headings(near.row) if _is_unread_period(search, *h)]
    labels = [_label(search, near.row, column) for column, _ in unread[:1]]
    more = "".join(f". {told('heading_not_understood', label=label)[1]}" for label in labels)
    said = {"lacks": lacks or "its repeated columns", "expected": expected, "more": more}
    where = grid.address(near.row, heading_words.first_column(grid, near.row))
    return problem(grid, *told("near_heading", row=near.row + 1, **said), where)


def _headings_there(grid: Grid, expected: Sequence[Sequence[str]]) -> str:
    """Return the texts of the row that is most like a heading, and which are near."""
    rows = ([clean(v) for v in row if isinstance(v, str)] for row in grid.rows[:NEAREST_AMONG])
    texts = max(rows, key=len, default=[])
    if len(texts) < _FEWEST_THERE:
        return ""
    shown = ", ".join(f"'{shortened(text, 40)}'" for text in texts[:_MOST_THERE])
    folded = {fold(bare(text)): text for text in texts}
    pairs = (
        (word, get_close_matches(fold(word), folded, 1)) for one in expected for word in one
    )
    near = [f"'{folded[close[0]]}' to '{word}'" for word, close in pairs if close]
    return f". There are {shown}" + (f"; near: {', '.join(near)}" if near else "")


def _is_unread_period(search: _Search, _: int, parts: list[object]) -> bool:
    wide = search.sheet.wide
    is_sought = wide is not None and "period" in wide.by and heading_words.names_year(parts)
    return is_sought and not _given(search, "period", parts)[0]


def _label(search: _Search, row: int, column: int) -> str:
    rows = search.grid.rows[row : row + search.sheet.header_rows]
    texts = (clean(cells[column]) for cells in rows if cells[column] is not None)
    return shortened("' / '".join(texts), heading_words.LONGEST_SHOWN)
