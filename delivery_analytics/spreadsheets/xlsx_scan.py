"""One cheap pass over a sheet's XML for what a reader of values hides or trusts.

The reader hands over an error as a blank, a formula without a stored value as nothing,
and reserves memory for whatever address a cell claims. This pass runs first. It walks
the usual row at the speed of one regular expression, and looks closely only at rows
that hold something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.addresses import (
    LAST_COLUMN,
    LAST_ROW,
    Position,
    column_of,
    position_of,
)
from delivery_analytics.spreadsheets.snapshot import Limits, rejection
from delivery_analytics.spreadsheets.xlsx_cells import (
    Cell,
    Row,
    judge,
    rows_of,
    shown_value,
    usual_row,
)
from delivery_analytics.spreadsheets.xlsx_parts import SharedTexts, plain_xml

_DATA = re.compile(rb"<sheetData(?:\s[^<>]*)?>")
_DATA_END = re.compile(rb"</sheetData\s*>")
_MERGE = re.compile(rb"<mergeCell\b[^<>]*?\bref\s*=\s*[\"']([^\"':]*):([^\"']*)[\"']")
_COLUMN = re.compile(rb"<col\b(?=[^<>]*\shidden\s*=\s*[\"'](?:1|true)[\"'])([^<>]*)>")
_HIDDEN_ROW = re.compile(
    rb"<row\b(?=[^<>]*\shidden\s*=\s*[\"'](?:1|true)[\"'])[^<>]*?\sr\s*=\s*[\"']([0-9]{1,7})"
)
_ROW_NUMBER = re.compile(rb"<row\b[^<>]*?\sr\s*=\s*[\"']([0-9]{1,7})[\"']")
_BOUND = re.compile(rb"\b(min|max)\s*=\s*[\"']([0-9]{1,5})[\"']")
_TWO_LETTERS = re.compile(rb'<c r="[A-Z]{2}')
_THREE_LETTERS = re.compile(rb'<c r="[A-Z]{3}')
_LETTERS = re.compile(rb'<c r="([A-Z]{1,3})[0-9]')
_ERROR_VALUE = re.compile(
    rb"(<c\b[^<>]*\st\s*=\s*[\"']e[\"'][^<>]*>(?:<f\b[^<>]*?(?:/>|>[^<]*</f\s*>))?<v\b[^<>]*>)"
    rb"[^<]*(</v)"
)
# The reader knows these and stops at any other, such as the newer #SPILL! and #CALC!.
_OLD_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", ""}


@dataclass
class SheetScan:
    """What one pass over a sheet found. Rows and columns count from zero.

    Attributes
    ----------
    cells, uncertain
        Cells that a reader must hand over, and cells it may hand over as blank
        (white space; readers differ).
    errors, uncached, formula_empty, commands, external, not_finite
        Where a cell holds an error, a formula without a stored value, a formula that
        gave "", a formula that starts a program (DDE), a formula that points to another
        file, a number that is none.
    percent
        Per column, one bit per row: is the cell shown as a percentage.
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
    commands: dict[Position, str] = field(default_factory=dict)
    external: set[Position] = field(default_factory=set)
    not_finite: dict[Position, str] = field(default_factory=dict)
    percent: dict[int, bytes] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    stray: tuple[tuple[int, int, object], ...] = ()
    replacement: bytes | None = None
    reach: int = 0  # the rightmost column that an unusual row fills


def scan_sheet(
    data: bytes,
    *,
    texts: SharedTexts,
    percent_styles: frozenset[int] = frozenset(),
    limits: Limits | None = None,
) -> SheetScan:
    """Scan one worksheet part, which must be UTF-8.

    Raises
    ------
    SourceError
        ``container.corrupt`` for cells that cannot be read at all,
        ``security.sheet_extent`` for a cell so far away that the sheet cannot be held.
    """
    limits = limits or Limits()
    xml = plain_xml(data)
    scan = SheetScan(replacement=None if xml is data else xml)
    start, end = _span(xml)
    body = xml[start:end]
    last_row = _scan_rows(scan, body, texts=texts)
    if scan.cells > limits.cells:
        raise _too_many(scan.cells, limits.cells)
    scan.hidden_columns = _hidden_columns(xml[:start])
    scan.merged = tuple(_merged(xml[end:]))
    scan.hidden_rows = _hidden_rows(body)
    scan.percent = _percent(body, percent_styles)
    if not _fits(scan, body, last_row=last_row, limits=limits):
        body, last_row = _without_blank_end(body, last_row)
    if not _fits(scan, body, last_row=last_row, limits=limits):
        kept = _set_strays_aside(scan, body, texts=texts, limits=limits)
        scan.replacement = xml[:start] + kept + xml[end:]
    if not _OLD_ERRORS.issuperset(scan.errors.values()):
        scan.replacement = _ERROR_VALUE.sub(rb"\1#N/A\2", scan.replacement or xml)
    return scan


def _span(xml: bytes) -> tuple[int, int]:
    """Return where the sheet's cells begin and end; a sheet may have none."""
    opening = _DATA.search(xml)
    if opening is None or opening[0].endswith(b"/>"):
        place = len(xml) if opening is None else opening.end()
        return place, place
    closing = _DATA_END.search(xml, max(opening.end(), xml.rfind(b"</sheetData")))
    if closing is None:
        raise _corrupt("its cells end too early")
    return opening.end(), closing.start()


def _corrupt(reason: str) -> SourceError:
    return rejection(
        "container.corrupt",
        f"The sheet cannot be read: {reason}. Open the file in Excel, save it again, and "
        "send it.",
    )


def _too_many(cells: int, most: int) -> SourceError:
    return rejection(
        "security.sheet_extent",
        f"The sheet holds {cells} cells. Expected at most {most}. Split it.",
    )


def _scan_rows(scan: SheetScan, body: bytes, *, texts: SharedTexts) -> int:
    """Judge the cells of every row, and return the last row's number, from 1."""
    place = last = 0
    held = body.count(b"</v>") + body.count(b"</is>")
    for match in usual_row(texts).finditer(body):
        if match.start() != place:
            odd = body[place : match.start()]
            held -= odd.count(b"</v>") + odd.count(b"</is>")
            last = _scan_odd(scan, odd, after=last, texts=texts)
        number = int(match[1])
        if number <= last or number > LAST_ROW:
            raise _corrupt(f"row {number} comes after row {last}")
        last = number
        place = match.end()
    odd = body[place:]
    held -= odd.count(b"</v>") + odd.count(b"</is>")
    last = _scan_odd(scan, odd, after=last, texts=texts)
    scan.cells += held
    return last


def _scan_odd(scan: SheetScan, xml: bytes, *, after: int, texts: SharedTexts) -> int:
    for row in rows_of(xml, after=after):
        after = row.number
        for cell in row.cells:
            judge(cell, into=scan, texts=texts)
            scan.reach = max(scan.reach, cell.column)
    return after


def _hidden_rows(body: bytes) -> frozenset[int]:
    if b"hidden" not in body:
        return frozenset()
    return frozenset(int(match[1]) - 1 for match in _HIDDEN_ROW.finditer(body))


def _hidden_columns(head: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for match in _COLUMN.finditer(head):
        bounds = {name: int(number) for name, number in _BOUND.findall(match[1])}
        first, last = bounds.get(b"min", 1), min(bounds.get(b"max", 0), LAST_COLUMN)
        hidden.update(range(first - 1, last))
    return frozenset(hidden)


def _merged(tail: bytes) -> Iterator[tuple[int, int, int, int]]:
    for match in _MERGE.finditer(tail):
        first, last = (position_of(text.decode("ascii", "replace")) for text in match.groups())
        if first and last:
            yield (*first, *last)


def _percent(body: bytes, styles: frozenset[int]) -> dict[int, bytes]:
    """Return, per column, a bit per row: set where the cell's style is a percentage."""
    rows: dict[bytes, list[int]] = {}
    for style in styles:
        for match in re.finditer(rb' s="%d"' % style, body):
            # Nothing but the cell's name and type stands before its style.
            start = body.rfind(b'r="', max(match.start() - 60, 0), match.start()) + 3
            name = body[start : body.find(b'"', start)]
            column = name.rstrip(b"0123456789")
            if column.isalpha() and 0 < len(name) - len(column) < 8:
                rows.setdefault(column, []).append(int(name[len(column) :]) - 1)
    found = ((column.decode("ascii"), numbers) for column, numbers in rows.items())
    return {column_of(name): bits(numbers) for name, numbers in found if len(name) <= 3}


def roomy(rows: int, columns: int, *, cells: int, limits: Limits) -> bool:
    """Say whether a grid of this size is worth its memory for the cells it holds."""
    return rows * columns <= max(limits.sparse_area, limits.sparse_share * cells)


def bits(numbers: Iterable[int]) -> bytes:
    """Return a field of bits, one per whole number, set for those given."""
    numbers = list(numbers)
    held = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        held[number >> 3] |= 1 << (number & 7)
    return bytes(held)


def _fits(scan: SheetScan, body: bytes, *, last_row: int, limits: Limits) -> bool:
    """Say whether a grid down to the last row is worth its memory."""
    two = _TWO_LETTERS.search(body) is not None
    three = scan.reach > 25 or (two and _THREE_LETTERS.search(body) is not None)
    most = LAST_COLUMN if three else 702 if two else 26
    if roomy(last_row, most, cells=scan.cells, limits=limits):
        return True
    named = (column_of(text.decode("ascii")) for text in set(_LETTERS.findall(body)))
    widest = max([scan.reach, *named])
    return roomy(last_row, widest + 1, cells=scan.cells, limits=limits)


def _without_blank_end(body: bytes, last_row: int) -> tuple[bytes, int]:
    """Return the rows up to the last that holds anything, and that row's number.

    Whole columns are often formatted down to the end of the sheet.
    """
    last = max(body.rfind(token) for token in (b"</v", b"</is", b"<f", b"<v"))
    if last < 0:
        return b"", 0
    end = body.find(b"</row", last)
    start = body.rfind(b"<row", 0, last)
    number = _ROW_NUMBER.match(body, max(start, 0))
    if end < 0 or number is None:
        return body, last_row
    return body[: body.find(b">", end) + 1], int(number[1])


def _set_strays_aside(
    scan: SheetScan, body: bytes, *, texts: SharedTexts, limits: Limits
) -> bytes:
    """Note the cells far below the table, and return the rows of the table itself."""
    rows = [row for row in rows_of(body) if any(_holds(cell) for cell in row.cells)]
    end = _table_end(rows, limits=limits)
    table, rest = rows[:end], rows[end:]
    far = [cell for row in rest for cell in row.cells if _holds(cell)]
    width = 1 + max((c.column for row in table for c in row.cells if _holds(c)), default=0)
    height = table[-1].number if table else 0
    beyond = [cell for cell in far if cell.column >= limits.columns]
    if not roomy(height, width, cells=scan.cells, limits=limits):
        beyond = [c for row in table for c in row.cells if _holds(c) and c.column == width - 1]
    if beyond or len(far) > limits.stray_cells:
        raise _too_far((beyond or far)[0], table_rows=height)
    _forget(scan, far, texts=texts)
    scan.stray = tuple((c.row, c.column, shown_value(c, texts=texts)) for c in far)
    return b"".join(row.xml for row in table)


def _forget(scan: SheetScan, cells: list[Cell], *, texts: SharedTexts) -> None:
    """Take cells out of the findings: the reader will not be shown them."""
    counted = SheetScan()
    for cell in cells:
        judge(cell, into=counted, texts=texts)
    scan.cells -= counted.cells
    scan.uncertain -= counted.uncertain
    for place in counted.errors.keys() | counted.not_finite.keys():
        scan.errors.pop(place, None)
        scan.not_finite.pop(place, None)
    scan.uncached -= counted.uncached
    scan.formula_empty -= counted.formula_empty


def _holds(cell: Cell) -> bool:
    return bool(cell.content) or cell.formula is not None


def _table_end(rows: list[Row], *, limits: Limits) -> int:
    """Return how many of the rows come before the first long run of blank ones."""
    for place in range(1, len(rows)):
        if rows[place].number - rows[place - 1].number > limits.blank_rows:
            return place
    return len(rows)


def _too_far(cell: Cell, *, table_rows: int) -> SourceError:
    return rejection(
        "security.sheet_extent",
        f"A value stands in {cell.address}, far from the table, which ends in row "
        f"{table_rows}. The sheet is too large to hold. Delete that cell (Ctrl+End shows "
        "the last one), save, and send it again.",
        cell=cell.address,
    )
