"""A second opinion on an old workbook (.xls): its error cells and hidden rows, counted.

The reader of values hands over an error as a blank. xlrd reads the same records on its own
and tells them apart.
"""

from __future__ import annotations

import io
from typing import Any

import xlrd

from delivery_analytics.spreadsheets.addresses import address
from delivery_analytics.spreadsheets.snapshot import Limits, rejection
from delivery_analytics.spreadsheets.xlsx_parts import shows_percent
from delivery_analytics.spreadsheets.xlsx_scan import SheetScan, bits, roomy

_EMPTY, _TEXT, _NUMBER, _DATE, _TRUTH, _ERROR, _BLANK = range(7)


def scan_workbook(data: bytes, *, limits: Limits | None = None) -> dict[str, SheetScan]:
    """Scan every worksheet of an ``.xls`` file: one finding per sheet name.

    Raises
    ------
    SourceError
        ``container.corrupt``, ``security.sheet_extent``.
    """
    limits = limits or Limits()
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
        formats = [book.format_map[xf.format_key].format_str for xf in book.xf_list]
        percent = {place for place, text in enumerate(formats) if shows_percent(text)}
        sheets = {sheet.name: _scan(sheet, percent) for sheet in book.sheets()}
    except Exception as error:  # xlrd lets IndexError, struct.error and others through
        raise rejection(
            "container.corrupt",
            f"The file is damaged ({error or type(error).__name__}). Open it in Excel, save "
            "it as an Excel workbook (.xlsx), and send that.",
        ) from None
    for sheet in book.sheets():
        _check_extent(sheet, sheets[sheet.name], limits=limits)
    return sheets


def _scan(sheet: Any, percent: set[int]) -> SheetScan:
    scan = SheetScan()
    shown: dict[int, list[int]] = {}
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
                if percent and sheet.cell_xf_index(row, column) in percent:
                    shown.setdefault(column, []).append(row)
    scan.percent = {column: bits(rows) for column, rows in shown.items()}
    scan.hidden_rows = frozenset(r for r, info in sheet.rowinfo_map.items() if info.hidden)
    scan.hidden_columns = frozenset(c for c, info in sheet.colinfo_map.items() if info.hidden)
    scan.merged = tuple(
        (top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
    )
    return scan


def _check_extent(sheet: Any, scan: SheetScan, *, limits: Limits) -> None:
    if not roomy(sheet.nrows, sheet.ncols, cells=scan.cells, limits=limits):
        last = address(sheet.nrows - 1, sheet.ncols - 1)
        raise rejection(
            "security.sheet_extent",
            f"The sheet reaches to {last}, too large to hold for {scan.cells} filled "
            "cells. Copy the table into a new workbook, save, and send that.",
            sheet=sheet.name,
            cell=last,
        )
