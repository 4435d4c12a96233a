"""Find a declared table on a sheet: where its heading is, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from delivery_analytics.errors import Problem, Severity, SourceError
from delivery_analytics.loading.matching import Names, fold, skeleton
from delivery_analytics.loading.parse import ParseError, clean
from delivery_analytics.loading.parse_periods import period
from delivery_analytics.model.registry import Keep, Sheet
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Position, column_of

WIDEST = 500
FAR = 10**6  # beyond the last column of any sheet
SEARCHED_ROWS = 200
LONGEST_SHOWN = 200  # characters of a heading, in a message
_MARKS = re.compile(r"(?:[¹²³⁰⁴-⁹*†‡:]+|\s*\[note \d+\]|\s+\d{1,2}\))$")


@dataclass(frozen=True)
class WideColumn:
    """A column whose heading gives part of a record: its fields, and which field it holds."""

    column: int
    holds: str
    gives: tuple[tuple[str, str], ...]


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


@dataclass
class _Match:
    columns: dict[str, list[int]] = field(default_factory=dict)
    wide: list[WideColumn] = field(default_factory=list)
    keep: list[tuple[Keep, int]] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)
    unlike: list[int] = field(default_factory=list)


def find(grid: Grid, sheet: Sheet, names: Mapping[str, Names]) -> Layout:
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
    finder = _Finder(grid, sheet, names)
    declared = sheet.header - 1 if sheet.header else -1
    rows = [declared] if 0 <= declared < len(grid.rows) else []
    rows += [row for row in range(min(len(grid.rows), SEARCHED_ROWS)) if row != declared]
    for row in rows:
        match = finder.match(row)
        if finder.whole(match):
            return finder.layout(row, match, moved=sheet.header > 0 and row != declared)
    raise SourceError([finder.not_found(rows)])


class _Finder:
    def __init__(self, grid: Grid, sheet: Sheet, names: Mapping[str, Names]) -> None:
        self.grid = grid
        self.sheet = sheet
        self.names = names
        self.aliases = {name: _aliases(texts) for name, texts in sheet.columns.items()}
        self.ignored = _aliases(sheet.ignore)
        self.at = {name: column_of(letter) for name, letter in sheet.at.items()}
        self.covered = grid.covered() if sheet.header_rows > 1 else {}
        self.reach = {(top, left): right for top, left, _, right in grid.merged}

    def match(self, row: int) -> _Match:
        """Return what each column means if the heading began in `row`."""
        found = _Match()
        used = set(self.at.values())
        headings = list(self.headings(row))
        for column, parts in headings:
            texts = tuple(clean(part) for part in parts)
            for name, aliases in self.aliases.items():
                alike = _match_of(aliases, texts)
                if alike:
                    found.columns.setdefault(name, []).append(column)
                    used.add(column)
                    if alike != "exact":
                        found.unlike.append(column)
        for rule in self.sheet.keep:
            aliases = _aliases(rule.column)
            found.keep += [(rule, c) for c, parts in headings if _any(aliases, parts)][:1]
        used.update(column for _, column in found.keep)
        for column, parts in headings:
            if column in used:
                continue
            repeated = self.wide_column(column, parts) if self.sheet.wide else None
            if repeated:
                found.wide.append(repeated)
            elif not _any(self.ignored, parts):
                found.extra.append(column)
        return found

    def headings(self, row: int) -> Iterator[tuple[int, list[object]]]:
        """Yield each column with the parts of its heading, from the top down."""
        rows = self.grid.rows[row : row + self.sheet.header_rows]
        carried: list[object] = [None] * len(rows)
        ends = [FAR] * len(rows)
        for column in range(len(rows[0]) if rows else 0):
            parts: list[object] = []
            lowest = rows[-1][column]
            for depth, cells in enumerate(rows):
                value = cells[column]
                if value is None:
                    value = self.shown((row + depth, column))
                # An upper heading reaches over the blank cells to its right; where it is
                # merged, as far as it is merged.
                if depth < len(rows) - 1:
                    if value is None and lowest is not None and column <= ends[depth]:
                        value = carried[depth]
                    elif cells[column] is not None or value is None:
                        carried[depth] = value
                        ends[depth] = self.reach.get((row + depth, column), FAR)
                if value is not None and value not in parts:
                    parts.append(value)
            if parts:
                yield column, parts

    def shown(self, at: Position) -> object:
        """Return the value that a covered cell of a merged range shows."""
        if at not in self.covered:
            return None
        row, column = self.covered[at]
        return self.grid.rows[row][column]

    def wide_column(self, column: int, parts: Sequence[object]) -> WideColumn | None:
        """Return what a repeated column gives, if its heading names all that it must."""
        wide = self.sheet.wide
        assert wide is not None
        gives = {}
        rest = list(parts)
        for name in wide.by:
            for used in _together(rest) if name == "period" else ([part] for part in rest):
                value = self.heading_value(name, used[0] if len(used) == 1 else _joined(used))
                if value:
                    gives[name] = value
                    rest = [part for part in rest if part not in used]
                    break
        if len(gives) < len(wide.by):
            return None
        holds = wide.value if not wide.values else ""
        for name, texts in wide.values.items():
            if _any(_aliases(texts), rest or parts):
                holds = name
        return WideColumn(column, holds, tuple(gives.items())) if holds else None

    def heading_value(self, name: str, part: object) -> str:
        assert self.sheet.wide is not None
        for value, texts in self.sheet.wide.labels.get(name, {}).items():
            if any(_Alias(text).matches([clean(part)]) for text in texts):
                return value
        try:
            if name == "period":
                return str(
                    period(
                        part if not isinstance(part, str) else _bare(clean(part)),
                        cumulative=self.sheet.cumulative,
                        fiscal_year_start=self.sheet.fiscal_year_start,
                    ).value
                )
            return str(self.names[name].find(part).value) if name in self.names else ""
        except ParseError:
            return ""

    def whole(self, match: _Match) -> bool:
        """Say whether every heading that must be there is."""
        needed = set(self.aliases) - set(self.sheet.optional)
        kept = [rule for rule, _ in match.keep]
        return (
            needed <= set(match.columns)
            and bool(match.columns or match.wide)
            and (self.sheet.wide is None or bool(match.wide))
            and all(rule.optional or rule in kept for rule in self.sheet.keep)
        )

    def layout(self, row: int, match: _Match, *, moved: bool) -> Layout:
        """Return the layout, or refuse headings that stand twice or are too many."""
        self.refuse_missing()
        self.refuse_too_wide(row, match)
        self.refuse_double(row, match)
        problems = []
        if moved:
            problems.append(
                self.problem(
                    "structure.header_offset",
                    f"the heading stands in row {row + 1}, not in row {self.sheet.header}",
                    row,
                    self.first_column(row),
                    "warning",
                )
            )
        for column in match.unlike:
            shown = self.label(row, column)
            problems.append(
                self.problem(
                    "header.homoglyph",
                    f"the heading '{shown}' has letters of another alphabet: {shown!a}",
                    row,
                    column,
                    "warning",
                )
            )
        for column in match.extra:
            problems.append(
                self.problem(
                    "header.extra-label",
                    f"'{self.label(row, column)}' is not a heading we know; its column was "
                    "not read",
                    min(row + self.sheet.header_rows, len(self.grid.rows)) - 1,
                    column,
                    "warning",
                )
            )
        return Layout(
            first_row=row,
            data_row=row + self.sheet.header_rows,
            columns={name: found[0] for name, found in match.columns.items()} | self.at,
            wide=tuple(match.wide),
            keep=tuple(match.keep),
            problems=tuple(problems),
        )

    def refuse_missing(self) -> None:
        for name, column in self.at.items():
            if column >= self.grid.width:
                message = f"there is no column {self.sheet.at[name]}, which is the {name}"
                raise SourceError([self.at_cell("structure.column-missing", message, "")])

    def refuse_too_wide(self, row: int, match: _Match) -> None:
        if len(match.extra) <= WIDEST:
            return
        first = self.grid.address(row, match.extra[0])
        last = self.grid.address(row, match.extra[-1])
        message = f"{len(match.extra)} columns are not in the return's layout"
        raise SourceError([self.at_cell("structure.too_wide", message, f"{first}:{last}")])

    def refuse_double(self, row: int, match: _Match) -> None:
        double = [columns for columns in match.columns.values() if len(columns) > 1]
        seen: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
        for one in match.wide:
            first = seen.setdefault((one.holds, one.gives), one.column)
            if first != one.column:
                double.append([first, one.column])
        if double:
            raise SourceError(
                [
                    self.problem(
                        "header.duplicate-label",
                        f"'{self.label(row, column)}' is a heading twice; leave one",
                        row,
                        column,
                        "error",
                    )
                    for column in double[0]
                ]
            )

    def not_found(self, rows: Sequence[int]) -> Problem:
        """Say which headings were looked for, and what the nearest row lacks."""
        needed = [name for name in self.aliases if name not in self.sheet.optional]
        wanted = ", ".join(f"'{self.sheet.columns[name][0]}'" for name in needed)
        best = max(((len(self.match(row).columns), -row) for row in rows[:50]), default=(0, 0))
        if not best[0]:
            return self.at_cell(
                "structure.no_header", f"no row has the headings expected: {wanted}", ""
            )
        row = -best[1]
        self.refuse_double(row, self.match(row))
        lacks = [name for name in needed if name not in self.match(row).columns]
        names = ", ".join(f"'{self.sheet.columns[name][0]}'" for name in lacks)
        return self.at_cell(
            "structure.no_header",
            f"row {row + 1} looks like the heading, but lacks {names or 'its repeated columns'}"
            f". Expected: {wanted}",
            self.grid.address(row, self.first_column(row)),
        )

    def first_column(self, row: int) -> int:
        return next((c for c, v in enumerate(self.grid.rows[row]) if v is not None), 0)

    def label(self, row: int, column: int) -> str:
        rows = self.grid.rows[row : row + self.sheet.header_rows]
        texts = (clean(cells[column]) for cells in rows if cells[column] is not None)
        return " / ".join(texts)[:LONGEST_SHOWN]

    def problem(
        self, code: str, message: str, row: int, column: int, severity: Severity
    ) -> Problem:
        return self.at_cell(code, message, self.grid.address(row, column), severity)

    def at_cell(
        self, code: str, message: str, cell: str, severity: Severity = "error"
    ) -> Problem:
        return Problem(code, message, self.grid.file, self.grid.sheet, cell, severity=severity)


class _Alias:
    """A heading's words; ``*`` at the end stands for the rest of a long one."""

    def __init__(self, text: str) -> None:
        self.open = text.endswith("*")
        self.exact, self.alike = _compared(text.rstrip("*"))

    def matches(self, parts: Sequence[str]) -> str:
        """Return ``exact``, ``alike`` (letters of another alphabet) or nothing."""
        shown = [_compared(text) for text in (" / ".join(parts), *parts[-1:])]
        if any(self._same(exact, self.exact) for exact, _ in shown):
            return "exact"
        return "alike" if any(self._same(alike, self.alike) for _, alike in shown) else ""

    def _same(self, text: str, wanted: str) -> bool:
        return text.startswith(wanted) if self.open else text == wanted


# Of hundreds of returns nearly all have the same headings.


@lru_cache(maxsize=4096)
def _aliases(texts: tuple[str, ...]) -> tuple[_Alias, ...]:
    return tuple(map(_Alias, texts))


@lru_cache(maxsize=65536)
def _match_of(aliases: tuple[_Alias, ...], parts: tuple[str, ...]) -> str:
    """Return how well any alias matches: ``exact``, ``alike`` or nothing."""
    found = {alias.matches(parts) for alias in aliases}
    return "exact" if "exact" in found else "alike" if "alike" in found else ""


@lru_cache(maxsize=65536)
def _compared(text: str) -> tuple[str, str]:
    """Return a heading as it is compared: folded, and with look-alike letters made one."""
    bare = _bare(text)
    return fold(bare), skeleton(bare)


def _together(parts: Sequence[object]) -> Iterator[list[object]]:
    """Yield a lower heading with one above it, as a quarter under its year, then each alone."""
    for depth, upper in enumerate(parts):
        yield from ([lower, upper] for lower in parts[depth + 1 :])
    yield from ([part] for part in parts)


def _joined(parts: Sequence[object]) -> str:
    return " ".join(clean(part) for part in parts)


def _any(aliases: tuple[_Alias, ...], parts: Sequence[object]) -> bool:
    return bool(_match_of(aliases, tuple(map(clean, parts))))


def _bare(text: str) -> str:
    """Return a heading without footnote marks and a closing colon."""
    return _MARKS.sub("", text).strip()
