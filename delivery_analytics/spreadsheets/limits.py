"""How much one file may cost before it is turned away."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class ReadingLimits:
    """How much one file may cost us before it is turned away.

    Generous for anything a person fills in, small for anything made to exhaust us.
    Bytes are of memory unless said otherwise.
    """

    file_bytes: int = 64 * MEBIBYTE  # on disk, workbooks
    text_bytes: int = 512 * MEBIBYTE  # on disk, csv
    part_bytes: int = 128 * MEBIBYTE  # one member of a zip, unpacked
    unpacked_bytes: int = 256 * MEBIBYTE  # all members together
    ratio: int = 200  # unpacked : packed, for members over 1 MiB
    members: int = 4_000
    sheets: int = 1_000
    columns: int = 500  # beyond this a cell is astray; the loader judges full columns
    cells: int = 6_000_000  # with a value, in one sheet
    text_cells: int = 16_000_000  # in a csv
    text_lines: int = 2_000_000  # of a csv: twice as many as Excel has rows
    line_bytes: int = 16 * MEBIBYTE  # one line of a csv
    quoted_characters: int = MEBIBYTE  # a row over several lines; more is an open quote
    sparse_area: int = 1_000_000  # a grid this small is built however empty it is
    sparse_share: int = 20  # cells of grid per cell with a value, above that area
    blank_rows: int = 1_000  # more than so many blank rows end the table
    stray_cells: int = 1_000  # no more than so many cells below them are astray
    memory_bytes: int = 2_048 * MEBIBYTE  # address space of the reading process
    seconds: float = 20.0  # for one file; of processor time, for a csv

    def have_room(self, rows: int, columns: int, *, cells: int) -> bool:
        """Say whether a grid of this size is worth its memory for the cells it holds."""
        return rows * columns <= max(self.sparse_area, self.sparse_share * cells)


STANDARD = ReadingLimits()
