"""A second opinion on an old workbook (.xls): its error cells and hidden rows, counted.

The reader of values hands over an error as a blank. xlrd reads the same records on its own
and tells them apart.
"""

import io
from collections.abc import Mapping
from typing import Any

import xlrd

from delivery_analytics.spreadsheets.addresses import address
from delivery_analytics.spreadsheets.cell_values import read_grids
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.refusals import damaged_binary, too_far
from delivery_analytics.spreadsheets.sheet_scan import SheetScan
from delivery_analytics.spreadsheets.xlsx_parts import shown_by

_EMPTY, _TEXT, _NUMBER, _DATE, _TRUTH, _ERROR, _BLANK = range(7)


def read(container: Container, *, limits: ReadingLimits) -> Contents:
    """Read an ``.xls`` file.

    Raises
    ------
    SourceError
        ``container.corrupt``, ``security.sheet_extent``.
    """
    scans = _scan_workbook(container.data, limits=limits)
    return read_grids(container, scans, limits=limits)


def _scan_workbook(data: bytes, *, limits: ReadingLimits) -> dict[str, SheetScan]:
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        formats = [book.format_map[xf.format_key].format_str for xf in book.xf_list]
        styles = {place: kind for place, text in enumerate(formats) if (kind := shown_by(text))}
        sheets = {sheet.name: _scan(sheet, styles) for sheet in book.sheets()}
    except Exception as error:  # xlrd lets IndexError, struct.error and others through
        raise damaged_binary(error or type(error).__name__) from None
    for sheet in book.sheets():
        cells = sheets[sheet.name].cells
        if not limits.have_room(sheet.nrows, sheet.ncols, cells=cells):
            last = address(sheet.nrows - 1, sheet.ncols - 1)
            raise too_far(last, sheet=sheet.name, holding=f" for {cells} filled cells")
    return sheets


def _scan(sheet: Any, styles: Mapping[int, str]) -> SheetScan:
    scan = SheetScan()
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        for column, kind in enumerate(kinds):
            if kind in (_EMPTY, _BLANK):
                continue
            if kind == _ERROR:
                code = sheet.cell_value(row, column)
                scan.errors[row, column] = xlrd.error_text_from_code.get(code, "#ERROR")
            elif kind == _TEXT and not sheet.cell_value(row, column).strip():
                scan.uncertain += 1
            else:
                scan.cells += 1
                if styles and (how := styles.get(sheet.cell_xf_index(row, column))):
                    scan.shown[how][column].append(row)
    scan.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    scan.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    boxes = sheet.merged_cells
    scan.merged = [(top, left, low - 1, right - 1) for top, low, left, right in boxes]
    return scan
