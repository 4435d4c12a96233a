"""One cheap pass over a sheet's XML for what a reader of values hides or trusts.

The reader hands over an error as a blank, a formula without a stored value as nothing,
and reserves memory for whatever address a cell claims. This pass runs first. It walks
the usual row at the speed of one regular expression, and looks closely only at rows
that hold something else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets import addresses, xlsx_cells, xlsx_parts
from delivery_analytics.spreadsheets.cell_values import read_grids
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.limits import STANDARD, ReadingLimits
from delivery_analytics.spreadsheets.raised_runs import with_raised_runs
from delivery_analytics.spreadsheets.refusals import damaged_sheet, located, refusal
from delivery_analytics.spreadsheets.sheet_scan import SheetScan
from delivery_analytics.spreadsheets.xlsx_parts import SharedTexts, plain_xml
from delivery_analytics.spreadsheets.zip_archive import Archive

_DATA = re.compile(rb"<sheetData(?:\s[^<>]*)?>")
_DATA_END = re.compile(rb"</sheetData\s*>")
_MERGE = re.compile(rb"<mergeCell\b[^<>]*?\bref\s*=\s*[\"']([^\"':]*):([^\"']*)[\"']")
_COLUMN = re.compile(rb"<col\b(?=[^<>]*\shidden\s*=\s*[\"'](?:1|true)[\"'])([^<>]*)>")
# The look-ahead takes the two attributes in either order.
_HIDDEN_ROW = re.compile(
    rb"<row\b(?=[^<>]*\shidden\s*=\s*[\"'](?:1|true)[\"'])[^<>]*?\sr\s*=\s*[\"']([0-9]{1,7})"
)
_ROW_NUMBER = re.compile(rb"<row\b[^<>]*?\sr\s*=\s*[\"']([0-9]{1,7})[\"']")
_BOUND = re.compile(rb"\b(min|max)\s*=\s*[\"']([0-9]{1,5})[\"']")
_TWO_LETTERS = re.compile(rb'<c r="[A-Z]{2}')
_THREE_LETTERS = re.compile(rb'<c r="[A-Z]{3}')
_LETTERS = re.compile(rb'<c r="([A-Z]{1,3})[0-9]')
# What stands in an error cell's <v>, after a formula if there is one.
_ERROR_VALUE = re.compile(
    rb"(<c\b[^<>]*\st\s*=\s*[\"']e[\"'][^<>]*>(?:<f\b[^<>]*?(?:/>|>[^<]*</f\s*>))?<v\b[^<>]*>)"
    rb"[^<]*(</v)"
)
# The reader knows these and stops at any other, such as the newer #SPILL! and #CALC!.
_OLD_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", ""}


def read(container: Container, *, limits: ReadingLimits) -> Contents:
    """Read an ``.xlsx`` file, or an ``.xlsm`` file without its macros.

    Raises
    ------
    SourceError
        ``container.corrupt``, ``security.sheet_extent``, ``structure.many_sheets``.
    """
    scans = _scan_workbook(container.archive, container.main, limits=limits)
    return read_grids(container, scans, limits=limits)


def _scan_workbook(
    archive: Archive, main: str, *, limits: ReadingLimits
) -> list[SheetScan | None]:
    """Scan the sheets in order, and put the repaired ones in the place of those sent."""
    texts = xlsx_parts.shared_texts(archive, main)
    styles = xlsx_parts.shown_styles(archive, main)
    scans: list[SheetScan | None] = []
    for sheet in xlsx_parts.list_sheets(archive, main, limits=limits):
        if not sheet.part:
            scans.append(None)
            continue
        xml = archive.parts[sheet.part]
        try:
            scan = scan_sheet(xml, texts=texts, styles=styles, limits=limits)
        except SourceError as error:
            raise located(error, sheet=sheet.name) from None
        if scan.replacement is not None:
            archive.parts[sheet.part] = scan.replacement
            archive.altered = True
            scan.replacement = None
        scans.append(scan)
    return scans


def scan_sheet(
    data: bytes,
    *,
    texts: SharedTexts,
    styles: Mapping[int, str] = MappingProxyType({}),
    limits: ReadingLimits = STANDARD,
) -> SheetScan:
    """Scan one worksheet part, which must be UTF-8. `styles` show what they say.

    Raises
    ------
    SourceError
        ``container.corrupt`` for cells that cannot be read at all,
        ``security.sheet_extent`` for a cell so far away that the sheet cannot be held.
    """
    xml = with_raised_runs(plain_xml(data))
    scan = SheetScan(replacement=None if xml is data else xml)
    start, end = _span(xml)
    body = xml[start:end]
    last_row = _scan_rows(scan, body, texts=texts)
    if scan.cells > limits.cells:
        raise refusal("too_many_cells", n=scan.cells, most=limits.cells)
    scan.hidden_columns = _hidden_columns(xml[:start])
    scan.merged = list(_merged(xml[end:]))
    scan.hidden_rows = _hidden_rows(body)
    for kind in sorted(set(styles.values())):
        scan.shown[kind] = _styled_rows(body, [n for n, it in styles.items() if it == kind])
    if not _fits(scan, body, last_row=last_row, limits=limits):
        body, last_row = _without_blank_end(body, last_row)
    if not _fits(scan, body, last_row=last_row, limits=limits):
        table = _set_strays_aside(scan, body, texts=texts, limits=limits)
        scan.replacement = xml[:start] + table + xml[end:]
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
        raise damaged_sheet("its cells end too early")
    return opening.end(), closing.start()


def _scan_rows(scan: SheetScan, body: bytes, *, texts: SharedTexts) -> int:
    """Judge the cells of every row, and return the last row's number, from 1."""
    place = last = 0
    scan.cells += _stored(body)
    for match in xlsx_cells.usual_row(texts).finditer(body):
        if match.start() != place:
            last = _scan_odd(scan, body[place : match.start()], after=last, texts=texts)
        number = int(match[1])
        if number <= last or number > addresses.LAST_ROW:
            raise damaged_sheet(f"row {number} comes after row {last}")
        last = number
        place = match.end()
    return _scan_odd(scan, body[place:], after=last, texts=texts)


def _stored(xml: bytes) -> int:
    """Return how many values there are. Each cell of a usual row has one at most."""
    return xml.count(b"</v>") + xml.count(b"</is>")


def _scan_odd(scan: SheetScan, xml: bytes, *, after: int, texts: SharedTexts) -> int:
    scan.cells -= _stored(xml)  # counted one by one instead
    for row in xlsx_cells.rows_of(xml, after=after):
        after = row.number
        for cell in row.cells:
            xlsx_cells.judge(cell, into=scan, texts=texts)
            scan.reach = max(scan.reach, cell.column)
    return after


def _hidden_rows(body: bytes) -> set[int]:
    if b"hidden" not in body:  # a plain search is far quicker than the pattern's
        return set()
    return {int(match[1]) - 1 for match in _HIDDEN_ROW.finditer(body)}


def _hidden_columns(head: bytes) -> set[int]:
    hidden: set[int] = set()
    for match in _COLUMN.finditer(head):
        bounds = {name: int(number) for name, number in _BOUND.findall(match[1])}
        first, last = bounds.get(b"min", 1), min(bounds.get(b"max", 0), addresses.LAST_COLUMN)
        hidden.update(range(first - 1, last))
    return hidden


def _merged(tail: bytes) -> Iterator[tuple[int, int, int, int]]:
    for match in _MERGE.finditer(tail):
        ends = (text.decode("ascii", "replace") for text in match.groups())
        first, last = map(addresses.position_of, ends)
        if first and last:
            yield (*first, *last)


def _styled_rows(body: bytes, styles: Iterable[int]) -> dict[int, list[int]]:
    """Return, per column, the rows whose cell has one of `styles`."""
    rows: dict[bytes, list[int]] = {}
    # On the raw bytes, once a style: such cells are few, and cells are many.
    for style in styles:
        for match in re.finditer(rb' s="%d"' % style, body):
            # Nothing but the cell's name and type stands before its style.
            start = body.rfind(b'r="', max(match.start() - 60, 0), match.start()) + 3
            name = body[start : body.find(b'"', start)]
            column = name.rstrip(b"0123456789")
            if column.isalpha() and 0 < len(name) - len(column) < 8:
                rows.setdefault(column, []).append(int(name[len(column) :]) - 1)
    named = {name.decode("ascii"): held for name, held in rows.items() if len(name) <= 3}
    return {addresses.column_of(name): held for name, held in named.items()}


def _fits(scan: SheetScan, body: bytes, *, last_row: int, limits: ReadingLimits) -> bool:
    """Say whether a grid down to the last row is worth its memory."""
    # At first roughly, by how many letters a column has: that is one quick search.
    two = _TWO_LETTERS.search(body) is not None
    three = scan.reach > 25 or (two and _THREE_LETTERS.search(body) is not None)
    most = addresses.LAST_COLUMN if three else 702 if two else 26
    if limits.have_room(last_row, most, cells=scan.cells):
        return True
    named = (addresses.column_of(text.decode("ascii")) for text in set(_LETTERS.findall(body)))
    widest = max([scan.reach, *named])
    return limits.have_room(last_row, widest + 1, cells=scan.cells)


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
    scan: SheetScan, body: bytes, *, texts: SharedTexts, limits: ReadingLimits
) -> bytes:
    """Note the cells far below the table, and return the rows of the table itself."""
    rows = [row for row in xlsx_cells.rows_of(body) if any(_holds(cell) for cell in row.cells)]
    end = _table_end(rows, limits=limits)
    table, rest = rows[:end], rows[end:]
    far = [cell for row in rest for cell in row.cells if _holds(cell)]
    width = 1 + max((c.column for row in table for c in row.cells if _holds(c)), default=0)
    height = table[-1].number if table else 0
    beyond = [cell for cell in far if cell.column >= limits.columns]
    if not limits.have_room(height, width, cells=scan.cells):
        beyond = [c for row in table for c in row.cells if _holds(c) and c.column == width - 1]
    if beyond or len(far) > limits.stray_cells:
        place = (beyond or far)[0].address
        raise refusal("far_cell", cell=place, place=place, height=height)
    # The reader will not be shown them.
    counted = SheetScan()
    for cell in far:
        xlsx_cells.judge(cell, into=counted, texts=texts)
    scan.cells -= counted.cells
    scan.uncertain -= counted.uncertain
    scan.forget({(cell.row, cell.column) for cell in far})
    scan.stray = tuple((c.row, c.column, xlsx_cells.shown_value(c, texts=texts)) for c in far)
    return b"".join(row.xml for row in table)


def _holds(cell: xlsx_cells.Cell) -> bool:
    return bool(cell.content) or cell.formula is not None


def _table_end(rows: list[xlsx_cells.Row], *, limits: ReadingLimits) -> int:
    """Return how many of the rows come before the first long run of blank ones."""
    for place in range(1, len(rows)):
        if rows[place].number - rows[place - 1].number > limits.blank_rows:
            return place
    return len(rows)
