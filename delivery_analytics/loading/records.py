"""Turn the rows under a heading into records whose every value knows its cell.

A record is one row of a long sheet, or one figure (one group of figures) of a wide one.
Each is kept, set aside with a problem, or skipped and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

from delivery_analytics.errors import Problem, Severity
from delivery_analytics.loading.parse import ParseError, Reading, clean, has_control
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import letters

# In a text file nothing else can be: that a figure is text is no remark there.
_NO_FIGURE = ("cell.missing", "cell.bounded")
_TYPED_AS_TEXT = ("cell.number-as-text", "cell.date-as-text")
LONGEST = 600  # characters of a message
_CHUNK = 10_000  # rows
LISTED = 20  # of one warning in one column, before the rest are told as a range


@dataclass
class Column:
    """One field of all records: raw values, and the row and column of each.

    `columns` is a single number where the whole field lies in one column, ``-1`` where the
    sheet does not hold it at all (a constant, a word of the file's name).
    """

    values: Sequence[Any]
    columns: int | Sequence[int]

    def column(self, index: int) -> int:
        return self.columns if isinstance(self.columns, int) else self.columns[index]


@dataclass
class Records:
    """Records of one sheet, column by column, with what became of each.

    Attributes
    ----------
    rows
        The grid row of each record.
    fields
        Field → its raw values.
    wrong
        Records to set aside.
    read, skipped, stray
        Rows met, rows that are no data, and rows far from the table, set aside as well;
        the rest of those read are records.
    """

    grid: Grid
    rows: Sequence[int]
    fields: dict[str, Column]
    read: int
    skipped: int
    problems: list[Problem]
    stray: int = 0
    wrong: set[int] = field(default_factory=set)
    _damaged: set[int] = field(default_factory=set)
    _told: dict[tuple[str, int, Severity], list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def cell(self, name: str, index: int) -> str:
        """Return the address of a record's field; its row's, where the field has none."""
        column = self.fields[name].column(index) if name in self.fields else -1
        return self.grid.address(self.rows[index], max(column, 0))

    def cells(self, name: str) -> list[str]:
        """Return ``Sheet!F14`` for every record's field; a text file's is as Excel opens it."""
        prefix = f"{self.grid.sheet}!" if self.grid.sheet else ""
        spot = self.fields.get(name)
        columns = spot.columns if spot else 0
        if self.grid.turned:
            place = replace(self.grid, text=False).address
            at = repeat(columns) if isinstance(columns, int) else columns
            return [
                prefix + place(row, max(c, 0)) for row, c in zip(self.rows, at, strict=False)
            ]
        if isinstance(columns, int):
            start = prefix + letters(max(columns, 0))
            return [f"{start}{row + 1}" for row in self.rows]
        starts = {column: prefix + letters(max(column, 0)) for column in set(columns)}
        return [f"{starts[c]}{row + 1}" for row, c in zip(self.rows, columns, strict=True)]

    def tell(self, code: str, message: str, name: str, index: int, severity: Severity) -> None:
        """Note a problem at a record's field; an error sets the record aside."""
        if index in self._damaged:
            return
        if severity == "error":
            self.wrong.add(index)
        else:
            column = self.fields[name].column(index) if name in self.fields else -1
            told = self._told.setdefault((code, column, severity), [])
            told.append(index)
            if len(told) > LISTED:
                return
        column_values = self.fields.get(name)
        value = clean(column_values.values[index]) if column_values else ""
        self.append(code, message, self.cell(name, index), value, severity)

    def close(self) -> None:
        """Say how often a warning was given beyond those listed one by one."""
        for (code, column, severity), told in self._told.items():
            if len(told) > LISTED:
                more = told[LISTED:]
                first, last = self.rows[more[0]], self.rows[more[-1]]
                where = (
                    f"{self.grid.address(min(first, last), max(column, 0))}:"
                    f"{self.grid.address(max(first, last), max(column, 0))}"
                )
                message = f"the same for {len(more)} more cells of this column"
                self.append(code, message, where, "", severity)

    def read_field(
        self,
        name: str,
        reader: Callable[[Any, Any], Reading],
        *,
        variants: Iterable[Any] = repeat(None),
        note: Severity = "warning",
    ) -> list[Reading | None]:
        """Read a field of every record, once for every distinct content.

        Parameters
        ----------
        reader
            Called with the raw value and the record's variant; raises `ParseError`.
        variants
            What the reading depends on beside the value, such as a frequency.
        note
            The severity of a reading that had to be interpreted.

        Returns
        -------
        list
            Aligned with the records; ``None`` where the value could not be read.
        """
        place = self.fields[name]
        keys = list(zip(map(type, place.values), place.values, variants, strict=False))
        known = {key: _attempt(reader, key) for key in set(keys)}
        broken = self.grid.errors.keys() | self.grid.uncached
        if not broken and not any(_remarkable(one) for one in known.values()):
            return [known[key] for key in keys]  # type: ignore[misc]
        out: list[Reading | None] = []
        for index, key in enumerate(keys):
            doubtful = broken and key[1] is None and index in self.wrong
            if doubtful and (self.rows[index], place.column(index)) in broken:
                out.append(None)  # told already, as the error that the cell holds
                continue
            reading = known[key]
            if isinstance(reading, ParseError):
                self.tell(reading.code, str(reading), name, index, "error")
                out.append(None)
                continue
            if reading.code and not (self.grid.text and reading.code in _TYPED_AS_TEXT):
                severity = "warning" if reading.code in _NO_FIGURE else note
                self.tell(reading.code, reading.message, name, index, severity)
            out.append(reading)
        return out

    def refuse_damaged_rows(self) -> None:
        """Set aside rows of a text file with a cell too few or too many, or damaged."""
        grid = self.grid
        uneven = grid.short_rows or grid.long_rows
        for index, row in enumerate(self.rows if uneven else ()):
            for rows, code, what in (
                (grid.short_rows, "cell.missing-cell", "fewer"),
                (grid.long_rows, "cell.extra-cell", "more"),
            ):
                if row in rows:
                    self.wrong.add(index)
                    message = f"the line has {rows[row]} cells, {what} than its heading"
                    self.append(code, message, grid.address(row, 0), "", "error")
        self._tell_control_characters()
        self._damaged |= self.wrong

    def _tell_control_characters(self) -> None:
        """In a text file they mean damaged bytes; in a workbook, a careless export."""
        severity: Severity = "error" if self.grid.text else "warning"
        used, rows = list(set(self.rows)), self.grid.rows
        texts: set[object] = set()
        for start in range(0, len(used), _CHUNK):
            chunk = [rows[row] for row in used[start : start + _CHUNK]]
            for cells in zip(*chunk, strict=True):
                texts.update(cells)
        odd = {value for value in texts if has_control(value)}
        if not odd:
            return
        for index, row in enumerate(self.rows):
            for column, value in enumerate(rows[row]):
                if isinstance(value, str) and value in odd:
                    if severity == "error":
                        self.wrong.add(index)
                    message = f"{ascii(value)[:80]} holds characters that no one can have typed"
                    where = self.grid.address(row, column)
                    self.append("cell.control-char", message, where, clean(value), severity)

    def append(
        self, code: str, message: str, cell: str, value: str, severity: Severity
    ) -> None:
        """Note a problem at any cell of the sheet; of a very long message, both ends."""
        if len(message) > LONGEST:
            message = f"{message[: LONGEST // 2]} … {message[-LONGEST // 2 :]}"
        self.problems.append(
            Problem(code, message, self.grid.file, self.grid.sheet, cell, value[:200], severity)
        )

    def refuse_broken_cells(self, names: Iterable[str]) -> None:
        """Set aside records with an error value or a formula without a result."""
        grid = self.grid
        if not grid.errors and not grid.uncached and not grid.not_finite:
            return
        for name in names:
            spot = self.fields.get(name)
            if spot is None:
                continue
            for index, row in enumerate(self.rows):
                at = (row, spot.column(index))
                if at in grid.errors:
                    self.tell(
                        "cell.excel-error",
                        f"the cell holds the error {grid.errors[at]}; correct its formula",
                        name,
                        index,
                        "error",
                    )
                elif at in grid.not_finite:
                    self.tell(
                        "cell.not-finite",
                        f"{grid.not_finite[at]} is not a finite number",
                        name,
                        index,
                        "error",
                    )
                elif at in grid.uncached:
                    self.tell(
                        "cell.formula-uncached",
                        "the formula has no stored result: open the file in Excel, save it "
                        "and send it again",
                        name,
                        index,
                        "error",
                    )


def _attempt(
    reader: Callable[[Any, Any], Reading], key: tuple[type, Any, Any]
) -> Reading | ParseError:
    try:
        return reader(key[1], key[2])
    except ParseError as error:
        return error


def _remarkable(reading: Reading | ParseError) -> bool:
    return isinstance(reading, ParseError) or bool(reading.code)
