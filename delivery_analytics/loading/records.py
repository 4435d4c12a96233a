"""The records of a sheet, field by field, where every value knows its cell.

A record is one row of a long sheet, or one figure (one group of figures) of a wide one.
Nothing is written here once `rows.collect` has made it: a reader returns what it read, and
what there is to remark (`remarks`).
"""

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
    the table's rows do not hold it (a heading, a constant, a word of the file's name).
    `places` are the cells of a field that stands elsewhere, one a record: in a heading, a
    caption, above a blank that repeats it.
    """

    values: Sequence[Any]
    columns: int | Sequence[int] = NOWHERE
    places: Sequence[Position | None] = ()

    def column(self, index: int) -> int:
        return self.columns if isinstance(self.columns, int) else self.columns[index]


Fields = Mapping[str, RecordColumn]


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
    heading
        The grid row above the first, where there is one: its heading's last.
    """

    grid: Grid
    rows: Sequence[int]
    fields: Fields
    named: frozenset[str] = frozenset()
    heading: int = -1

    def __len__(self) -> int:
        return len(self.rows)

    def field(self, name: str) -> RecordColumn:
        """Return a field's column; one that the sheet does not have is blank throughout."""
        return self.fields[name] if name in self.fields else RecordColumn([None] * len(self))

    def column(self, name: str, index: int) -> int:
        """Return the column of a record's field."""
        return self.fields[name].column(index) if name in self.fields else NOWHERE

    def place(self, name: str, index: int) -> Position | None:
        """Return the cell that a record's field was typed into; None where none was."""
        column = self.column(name, index)
        own = None if column == NOWHERE else (self.rows[index], column)
        return self.shared_place(name, index) or own

    def shared_place(self, name: str, index: int) -> Position | None:
        """Return the cell of a record's field, where others may have theirs from it too."""
        places = self.fields[name].places if name in self.fields else ()
        return places[index] if places else None

    def cell(self, name: str, index: int) -> str:
        """Return the address of a record's field; its row's, where the field has none."""
        place = self.place(name, index)
        return self.grid.address(*(place or (self.rows[index], 0)))

    def typed(self, name: str, index: int) -> object:
        """Return what the cell of a record's field holds, whatever was made of it."""
        place = self.place(name, index)
        return None if place is None else self.grid.rows[place[0]][place[1]]

    def shown_as_percent(self, name: str) -> list[bool]:
        """Say of each record whether its cell shows a number as a percentage."""
        column = self.field(name)
        if not self.grid.percent:
            return [False] * len(self)
        places = ((row, column.column(index)) for index, row in enumerate(self.rows))
        return [place >= 0 and self.grid.is_percent(row, place) for row, place in places]

    def in_percent_style(self, name: str) -> list[bool]:
        """Say of each record whether its figure is shown, or written, as a percentage."""
        return [
            value.rstrip().endswith("%") if isinstance(value, str) else styled
            for value, styled in zip(
                self.field(name).values, self.shown_as_percent(name), strict=True
            )
        ]

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
