"""The records of a sheet, field by field, where every value knows its cell.

A record is one row of a long sheet, or one figure (one group of figures) of a wide one.
Nothing is written here once `rows.collect` has made it: a reader returns what it read, and
what there is to remark (`remarks`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Position, letters

NOWHERE = -1  # the column of what no column of the sheet holds


@dataclass(frozen=True)
class RecordColumn:
    """One field of all records: raw values, and the column of each.

    `columns` is a single number where the whole field lies in one column, `NOWHERE` where
    the sheet does not hold it at all (a constant, a word of the file's name). `headings`
    are the cells of a field that stands in headings, one a record.
    """

    values: Sequence[Any]
    columns: int | Sequence[int] = NOWHERE
    headings: Sequence[Position] = ()

    def column(self, index: int) -> int:
        return self.columns if isinstance(self.columns, int) else self.columns[index]


@dataclass(frozen=True)
class Records:
    """Records of one sheet, column by column.

    Attributes
    ----------
    rows
        The grid row of each record.
    fields
        Field → its raw values.
    named
        The fields that some row of the sheet fills in; a blank in one of them is a gap.
    """

    grid: Grid
    rows: Sequence[int]
    fields: Mapping[str, RecordColumn]
    named: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def field(self, name: str) -> RecordColumn:
        """Return a field's column; one that the sheet does not have is blank throughout."""
        return self.fields[name] if name in self.fields else RecordColumn([None] * len(self))

    def column(self, name: str, index: int) -> int:
        """Return the column of a record's field."""
        return self.fields[name].column(index) if name in self.fields else NOWHERE

    def cell(self, name: str, index: int) -> str:
        """Return the address of a record's field; its row's, where the field has none."""
        if name in self.fields and self.fields[name].headings:
            return self.grid.address(*self.fields[name].headings[index])
        return self.grid.address(self.rows[index], max(self.column(name, index), 0))

    def cells(self, name: str) -> list[str]:
        """Return ``Sheet!F14`` for every record's field; a text file's is as Excel opens it."""
        columns = self.fields[name].columns if name in self.fields else NOWHERE
        if isinstance(columns, int):
            columns = [columns] * len(self)
        across: Sequence[int] = [max(column, 0) for column in columns]
        down = self.rows
        if self.grid.turned:
            across, down = down, across
        prefix = f"{self.grid.sheet}!" if self.grid.sheet else ""
        starts = {column: prefix + letters(column) for column in set(across)}
        return [f"{starts[c]}{row + 1}" for row, c in zip(down, across, strict=True)]
