"""Collect the records under a heading, and tell rows of data from totals and captions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from delivery_analytics.errors import Problem, Severity
from delivery_analytics.loading import recompute
from delivery_analytics.loading.headings import Layout, WideColumn
from delivery_analytics.loading.matching import Names, fold
from delivery_analytics.loading.parse import clean
from delivery_analytics.loading.records import Column, Records
from delivery_analytics.model.registry import Sheet
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import letters

TOTAL_WORDS = (
    "итого", "всего", "в том числе", "из них", "total", "subtotal", "grand total", "of which",
    "барлығы", "жиыны", "жалпы", "оның ішінде",
)  # fmt: skip
_NOTE = re.compile(
    r"\*|(?:notes?|sources?|примечани[ея]|источники?|сноск[аи]|ескерту|дереккөз)(?![^\W\d_])"
)
_FIGURE = tuple("0123456789-")  # no word for a total begins so
_FEWEST_NUMBERED = 3  # columns


def collect(
    grid: Grid,
    sheet: Sheet,
    layout: Layout,
    given: Mapping[str, object],
    names: Mapping[str, Names],
) -> Records:
    """Return the records under the heading, with the rows that are none told apart.

    Parameters
    ----------
    given
        Fields that the table does not repeat: constants, cells, words of the file's name.
    names
        Field → what its cells may be called. A known name is no total, however it begins.
    """
    picker = _Picker(grid, sheet, layout, names)
    rows = picker.data_rows()
    if sheet.check_totals:
        parting = [row for row in picker.captions if not picker.is_of_which(row)]
        picker.problems += recompute.totals(
            grid, sheet, layout, rows=rows, totals=picker.totals, captions=parting
        )
    columns: list[Sequence[Any]] = list(zip(*grid.rows, strict=True)) if grid.rows else []

    def column(place: int, name: str) -> list[Any]:
        values = [columns[place][row] for row in rows]
        if name not in sheet.fill:
            return values
        return _filled(values, [_has(grid, columns, row, place) for row in rows])

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
    if sheet.section:
        records.fields[sheet.section] = _sections(records, picker.captions)
    for name, known in sheet.map.items():
        held = name in records.fields and records.fields[name].columns != -1
        if held or name == sheet.section:
            records.fields[name].values = _mapped(records.fields[name].values, known)
    for name, value in given.items():
        if name not in records.fields:
            records.fields[name] = Column([value] * len(records), -1)
    for name, parts in sheet.join.items():
        found = [records.fields[part] for part in parts if part in records.fields]
        if found:
            records.fields[name] = Column(_joined(found), found[-1].columns)
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


def _filled(values: list[Any], there: list[bool]) -> list[Any]:
    """Repeat each value downwards. A cell with an error is no blank: below it is None."""
    last: Any = None
    return [last := value if has else last for value, has in zip(values, there, strict=True)]


def _sections(records: Records, captions: Sequence[int]) -> Column:
    """Give each record the text of the last caption above it; None above the first."""
    texts: list[Any] = [None]
    for row in captions:
        texts.append(next(value for value in records.grid.rows[row] if value is not None))
    return Column([texts[bisect_right(captions, row)] for row in records.rows], -1)


def _joined(found: Sequence[Column]) -> list[Any]:
    """Return the texts of several fields as one, blank ones left out."""
    rows = zip(*(one.values for one in found), strict=True)
    return [" ".join(filter(None, map(clean, cells))) or None for cells in rows]


def _mapped(values: Sequence[Any], known: Mapping[str, str]) -> list[Any]:
    folded = {fold(sent): kept for sent, kept in known.items()}
    return [folded.get(fold(clean(value)), value) for value in values]


# What a blank return of ours holds before anybody fills it in.
PRINTED = ("indicator", "indicator_name", "unit", "region", "sector")


class _Picker:
    """Tell the rows that are data from totals, captions, footnotes and blanks."""

    def __init__(
        self, grid: Grid, sheet: Sheet, layout: Layout, names: Mapping[str, Names]
    ) -> None:
        self.grid = grid
        self.sheet = sheet
        self.layout = layout
        self.names = {c: names[name] for name, c in layout.columns.items() if name in names}
        self.figures = {one.column for one in layout.wide}
        self.figures |= {c for name, c in layout.columns.items() if name in recompute.FIGURES}
        self.skipped = 0
        self.totals: list[int] = []
        self.captions: list[int] = []
        self.problems: list[Problem] = []
        words = "|".join(map(re.escape, (*TOTAL_WORDS, *map(fold, sheet.totals))))
        # "Итого по области" is a total; "Total fertility rate" is an indicator.
        self.total = re.compile(rf"(?:{words})(?:[ ]*[:,.(].*| (?:по|за|for|in|by) .*)?")

    def data_rows(self) -> list[int]:
        grid, first = self.grid, self.layout.data_row
        last = len(grid.rows)
        while last > first and not self._holds(last - 1):
            last -= 1
        kept = self._kept(range(first, last)) if self.layout.keep else None
        doubtful = self._doubtful(first, last)
        rows = []
        texts: list[int] = []
        for row in range(first, last):
            if row == first and _is_numbering(grid.rows[row]):
                self._skip("row.section", "the numbers of the columns, not data", row)
                continue
            if row in grid.hidden_rows and self._holds(row) and not self._read_hidden(row):
                continue
            if kept is not None and row not in kept:
                self.skipped += 1
            elif not doubtful[row]:
                rows.append(row)
            else:
                self._place(row, rows, texts)
        for row in texts:
            after = not rows or row > rows[-1]
            code, what = (
                ("row.footnote", "a footnote") if after else ("row.section", "a caption")
            )
            # Where captions are read, there is nothing to look at.
            told: Severity = "note" if self.sheet.section and not after else "warning"
            self._skip(code, f"{what}, not a row of data", row, told)
            if not after:
                self.captions.append(row)
        return rows

    def _doubtful(self, first: int, last: int) -> bytearray:
        """Mark the rows that may be none: with a blank, or a total's word, in a column.

        Whole columns are looked through, because of a hundred thousand rows nearly all
        are as good as they look.
        """
        doubtful = bytearray(last)
        held = {one.column for one in self.layout.wide}
        named = {c for c in self.layout.columns.values() if c not in held}
        for column in named | {0}:
            values = [cells[column] for cells in self.grid.rows[first:last]]
            totals = {v for v in set(values) if self._says_total(column, v)}
            for row, value in enumerate(values, start=first):
                if value is None or value in totals:
                    doubtful[row] = 1
        if self.sheet.section:
            for row, cells in enumerate(self.grid.rows[first:last], start=first):
                doubtful[row] |= len(cells) - cells.count(None) == 1
        return doubtful

    def is_of_which(self, row: int) -> bool:
        """Say whether a caption only announces the parts of the total above: "в том числе:"."""
        return any(self._says_total(c, value) for c, value in enumerate(self.grid.rows[row]))

    def _says_total(self, column: int, value: object) -> bool:
        if not isinstance(value, str) or value[:1] in _FIGURE:
            return False
        if not self.total.fullmatch(fold(value)):
            return False
        return column not in self.names or not self.names[column].meanings(value)

    def _is_untouched(self, filled: set[int]) -> bool:
        """Whether a row of our own form holds only what was printed in it."""
        columns = self.layout.columns
        printed = {columns[name] for name in PRINTED if name in columns}
        return self.sheet.complete and filled <= printed

    def _place(self, row: int, rows: list[int], texts: list[int]) -> None:
        """Put a doubtful row where it belongs: data, text, a total, or a blank."""
        grid = self.grid
        cells = grid.rows[row]
        filled = [(c, value) for c, value in enumerate(cells) if value is not None]
        if not filled:
            if self._broken(row):
                rows.append(row)
            else:
                self.skipped += 1
        elif self._is_text(filled, len(cells)) and not self._broken(row):
            texts.append(row)
        elif row not in grid.short_rows and self._is_untouched({c for c, _ in filled}):
            self._skip("row.blank", "nothing was filled in", row, "note")
        elif any(self._says_total(c, value) for c, value in filled[:3]):
            self._skip("row.total", "a total, not a figure of its own", row)
            self.totals.append(row)
        else:
            rows.append(row)

    def _is_text(self, filled: list[tuple[int, object]], width: int) -> bool:
        """Say whether a row is a caption or a footnote: one text alone, or a note's word."""
        first = filled[0][1]
        if not isinstance(first, str):
            return False
        if len(filled) == 1:
            return width > 1
        figures = self.figures.intersection(c for c, _ in filled)
        return len(filled) == 2 and not figures and _NOTE.match(fold(first)) is not None

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
        name = f"column {letters(row)}" if self.grid.turned else f"row {row + 1}"
        self.problems.append(
            Problem(
                "row.hidden",
                f"{name} is hidden; it was {what}",
                self.grid.file,
                self.grid.sheet,
                name,
                severity="warning",
            )
        )
        self.skipped += not read
        return read

    def _holds(self, row: int) -> bool:
        return any(v is not None for v in self.grid.rows[row]) or self._broken(row)

    def _broken(self, row: int) -> bool:
        width = range(len(self.grid.rows[row]))
        return any(
            (row, c) in self.grid.errors or (row, c) in self.grid.uncached for c in width
        )

    def _skip(self, code: str, message: str, row: int, severity: Severity = "warning") -> None:
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
                severity,
            )
        )


def _is_numbering(cells: Sequence[object]) -> bool:
    """Say whether the cells count the columns, as the row under many a form's heading does."""
    filled = [clean(value) for value in cells if value is not None]
    counted = [str(number) for number in range(1, len(filled) + 1)]
    return len(filled) >= _FEWEST_NUMBERED and filled == counted
