"""What a scan finds in one sheet, whatever format the sheet is in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from delivery_analytics.spreadsheets.addresses import Position

_KEPT = (
    *("errors", "uncached", "formula_empty", "dde", "external", "not_finite"),
    *("hidden_rows", "hidden_columns", "stray"),
)


@dataclass
class SheetScan:
    """What one pass over a sheet found. Rows and columns count from zero.

    Attributes
    ----------
    cells, uncertain
        Cells that a reader must hand over, and cells it may hand over as blank
        (white space; readers differ).
    errors, uncached, formula_empty, dde, external, not_finite
        Where a cell holds an error, a formula without a stored value, a formula that
        gave "", a formula that starts a program (DDE), a formula that points to another
        file, a number that is none.
    shown
        What is shown → column → the rows that show it: a number as ``percent``, of a day the
        ``year`` alone, or the ``month`` and year.
    merged
        Merged ranges: first row, first column, last row, last column.
    stray
        Cells far below the table: (row, column, value).
    replacement
        The sheet's XML as the reader of values must see it, where that differs from
        what was sent: without the stray cells, and without what it stops at.
    """

    cells: int = 0
    uncertain: int = 0
    errors: dict[Position, str] = field(default_factory=dict)
    uncached: set[Position] = field(default_factory=set)
    formula_empty: set[Position] = field(default_factory=set)
    dde: dict[Position, str] = field(default_factory=dict)
    external: set[Position] = field(default_factory=set)
    not_finite: dict[Position, str] = field(default_factory=dict)
    shown: dict[str, dict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    stray: tuple[tuple[int, int, object], ...] = ()
    replacement: bytes | None = None
    reach: int = 0  # the rightmost column that an unusual row fills

    def findings(self) -> dict[str, Any]:
        """Return what a `Grid` keeps of it, by the names of its fields."""
        sent = {name: getattr(self, name) for name in _KEPT}
        found = {n: frozenset(v) if isinstance(v, set) else v for n, v in sent.items()}
        bits_of = {
            kind: {column: bits(numbers) for column, numbers in rows.items()}
            for kind, rows in self.shown.items()
            if rows
        }
        percent = bits_of.pop("percent", {})
        return {**found, "merged": tuple(self.merged), "percent": percent, "dates": bits_of}

    @property
    def marked(self) -> set[Position]:
        """Where a cell shows something, or should, although it has no value."""
        return {*self.errors, *self.uncached, *self.formula_empty}

    def forget(self, places: set[Position]) -> None:
        """Take cells out of the findings: they will not be part of the grid."""
        for texts in (self.errors, self.not_finite):
            for place in places & texts.keys():
                del texts[place]
        self.uncached -= places
        self.formula_empty -= places


# By the sheet's place in the file (None for one that holds no cells), or by its name.
Scans = Sequence[SheetScan | None] | Mapping[str, SheetScan]


def bits(numbers: Iterable[int]) -> bytes:
    """Return a field of bits, one per whole number, set for those given."""
    numbers = list(numbers)
    held = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        held[number >> 3] |= 1 << (number & 7)
    return bytes(held)
