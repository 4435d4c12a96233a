"""Where a cell is: A1 both ways. Rows and columns are counted from zero."""

from __future__ import annotations

import re

Position = tuple[int, int]  # row, column

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # how many of each a sheet has

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def letters(column: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(name: str) -> int:
    """Return the column that letters mean, in either case: A is 0, AA is 26."""
    column = 0
    for letter in name.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def address(row: int, column: int) -> str:
    """Return the name of a cell: row 13, column 5 is F14."""
    return f"{letters(column)}{row + 1}"


def position_of(text: str) -> Position | None:
    """Return the row and column that a name such as ``$F$14`` means; None if it is none."""
    match = _ADDRESS.fullmatch(text)
    return (int(match[2]) - 1, column_of(match[1])) if match else None
