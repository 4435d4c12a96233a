"""Where a cell is: A1 both ways. Rows and columns are counted from zero."""

import re

Position = tuple[int, int]  # row, column
Box = tuple[int, int, int, int]  # first row, first column, last row, last column

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # how many of each a sheet has

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_PART = re.compile(r"(?:([A-Z]{1,3})([1-9]\d*)|row (\d+)|column ([A-Z]{1,3}))")


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


def boxes_of(text: str) -> list[Box]:
    """Return the ranges that an address names, as ``A2,A7``, ``A2:B9`` and ``row 5`` do.

    Empty where it names none: then the sheet or the file is meant.
    """
    found = []
    for part in text.split(","):
        ends = [_box(end) for end in part.split(":")]
        boxes = [box for box in ends if box is not None]
        if boxes and len(boxes) == len(ends):
            tops, lefts, bottoms, rights = zip(*boxes, strict=True)
            found.append((min(tops), min(lefts), max(bottoms), max(rights)))
    return found


def _box(text: str) -> Box | None:
    match = _PART.fullmatch(text.strip())
    if not match:
        return None
    column, row, number, alone = match.groups()
    if alone:
        at = column_of(alone)
        return (0, at, LAST_ROW - 1, at) if at < LAST_COLUMN else None
    if number:
        at = int(number) - 1
        return (at, 0, at, LAST_COLUMN - 1) if 0 <= at < LAST_ROW else None
    at, beside = int(row) - 1, column_of(column)
    return (at, beside, at, beside) if at < LAST_ROW and beside < LAST_COLUMN else None
