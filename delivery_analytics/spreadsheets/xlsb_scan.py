"""One pass over a binary workbook (.xlsb) for what a reader of values hides or trusts.

The format is a run of records, each a number, a length and that many bytes; the numbers
are those of Microsoft's [MS-XLSB], section 2.3.
"""

import struct
from collections.abc import Iterator

import xlrd

from delivery_analytics.spreadsheets.addresses import LAST_COLUMN, Position, address
from delivery_analytics.spreadsheets.cell_values import read_grids
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.refusals import damaged_binary, too_far
from delivery_analytics.spreadsheets.sheet_scan import SheetScan
from delivery_analytics.spreadsheets.xlsx_parts import BUILT_IN, shown_by
from delivery_analytics.spreadsheets.zip_archive import Archive, related, relations

_ROW, _BLANK, _ERROR, _INLINE, _SHARED = 0, 1, 3, 6, 7
_FORMULA_TEXT, _FORMULA_ERROR, _RICH = 8, 11, 62
_CELLS = {*range(1, 12), _RICH}
_SHEET, _TEXT, _FORMAT, _STYLE, _COLUMN, _MERGED = 156, 19, 44, 47, 60, 176
_STYLES_BEGIN, _STYLES_END = 617, 618
_HIDDEN_ROW = 0x10
_WHOLE = struct.Struct("<I")
_FOUR = struct.Struct("<IIII")
_PAIR = struct.Struct("<II")


def read(container: Container, *, limits: ReadingLimits) -> Contents:
    """Read an ``.xlsb`` file.

    Raises
    ------
    SourceError
        ``container.corrupt``, ``security.sheet_extent``.
    """
    scans = _scan_workbook(container.archive, container.main, limits=limits)
    return read_grids(container, scans, limits=limits)


def _scan_workbook(
    archive: Archive, main: str, *, limits: ReadingLimits
) -> list[SheetScan | None]:
    """Scan the sheets in order. None stands for other kinds of sheet."""
    targets = relations(archive, main)
    try:
        styles = _shown_styles(_part(archive, related(archive, main, "styles")))
        blank = _blank_texts(_part(archive, related(archive, main, "sharedStrings")))
        scans: list[SheetScan | None] = []
        for kind, record in _records(archive.parts[main]):
            if kind == _SHEET:
                target = targets.get(_wide_text(record, 8)[0], {})
                if target.get("Type") != "worksheet":
                    scans.append(None)
                    continue
                name = _wide_text(record, _wide_text(record, 8)[1])[0]
                part = archive.find(target["Target"])
                if part is None or target.get("TargetMode") == "External":
                    raise damaged_binary(f"{target['Target']} is missing", sheet=name)
                scans.append(_scan(archive.parts[part], name, styles, blank, limits))
    except (struct.error, IndexError) as error:
        raise damaged_binary(error) from None
    return scans


def _part(archive: Archive, name: str | None) -> bytes:
    return archive.parts[name] if name else b""


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place, end = 0, len(data)
    while place < end:
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        if place + size > end:
            raise damaged_binary("a record is cut short")
        yield kind, data[place : place + size]
        place += size


def _wide_text(record: bytes, place: int) -> tuple[str, int]:
    """Return a length-prefixed UTF-16 text, and where it ends."""
    end = place + 4 + 2 * _WHOLE.unpack_from(record, place)[0]
    return record[place + 4 : end].decode("utf-16-le", "replace"), end


def _shown_styles(data: bytes) -> dict[int, str]:
    formats, styles = dict(BUILT_IN), []
    inside = False
    for kind, record in _records(data):
        if kind == _FORMAT:
            shows = shown_by(_wide_text(record, 2)[0])
            formats[int.from_bytes(record[:2], "little")] = shows
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            styles.append(int.from_bytes(record[2:4], "little"))
    shown = ((place, formats.get(number, "")) for place, number in enumerate(styles))
    return {place: shows for place, shows in shown if shows}


def _blank_texts(data: bytes) -> set[int]:
    texts = (record for kind, record in _records(data) if kind == _TEXT)
    return {place for place, text in enumerate(texts) if not _wide_text(text, 1)[0].strip()}


def _scan(
    data: bytes, name: str, styles: dict[int, str], blank: set[int], limits: ReadingLimits
) -> SheetScan:
    scan = SheetScan()
    row = last_row = last_column = 0
    for kind, record in _records(data):
        if kind == _ROW:
            row = _WHOLE.unpack_from(record)[0]
            if record[11] & _HIDDEN_ROW:
                scan.hidden_rows.add(row)
        elif kind in _CELLS:
            if kind == _BLANK:
                continue
            column, style = _PAIR.unpack_from(record)
            last_row, last_column = max(last_row, row), max(last_column, column)
            _judge(scan, kind, record, (row, column), blank)
            if styles and (how := styles.get(style & 0xFFFFFF)):
                scan.shown[how][column].append(row)
        elif kind == _COLUMN:
            first, last = _PAIR.unpack_from(record)
            if record[16] & 1:
                scan.hidden_columns.update(range(first, min(last + 1, LAST_COLUMN)))
        elif kind == _MERGED:
            top, bottom, left, right = _FOUR.unpack_from(record)
            scan.merged.append((top, left, bottom, right))
    if not limits.have_room(last_row + 1, last_column + 1, cells=scan.cells):
        raise too_far(address(last_row, min(last_column, LAST_COLUMN - 1)), sheet=name)
    return scan


def _judge(scan: SheetScan, kind: int, record: bytes, place: Position, blank: set[int]) -> None:
    if kind in (_ERROR, _FORMULA_ERROR):
        scan.errors[place] = xlrd.error_text_from_code.get(record[8], "#ERROR")
    elif kind in (_INLINE, _FORMULA_TEXT, _RICH):
        text = _wide_text(record, 9 if kind == _RICH else 8)[0]
        if text.strip():
            scan.cells += 1
        elif kind == _FORMULA_TEXT:
            scan.formula_empty.add(place)
            scan.uncertain += bool(text)
        else:
            scan.uncertain += 1
    elif kind == _SHARED and _WHOLE.unpack_from(record, 8)[0] in blank:
        scan.uncertain += 1
    else:
        scan.cells += 1
