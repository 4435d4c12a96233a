"""Read the values of a workbook's cells, and prove that none of them was lost.

The law: for every sheet, the reader must hand over as many filled cells as an independent
scan of the same bytes counted. Otherwise the file is turned away whole.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import python_calamine as calamine

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.grid import Grid, Rows
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.refusals import damaged, located, refusal
from delivery_analytics.spreadsheets.sheet_scan import Scans, SheetScan


def read_grids(container: Container, scans: Scans, *, limits: ReadingLimits) -> Contents:
    """Return every worksheet's grid, in the file's order, and the remarks on the container.

    Raises
    ------
    SourceError
        ``container.corrupt`` when a sheet cannot be read, or not whole;
        ``container.encrypted``.
    """
    with _damage_named():
        book = calamine.load_workbook(io.BytesIO(container.bytes_for_values()))
    listed = list(book.sheets_metadata)
    if not isinstance(scans, Mapping) and len(listed) != len(scans):
        raise damaged(f"{len(scans)} sheets are listed, but {len(listed)} can be read")
    grids = []
    for place, sheet in enumerate(listed):
        scan = scans.get(sheet.name) if isinstance(scans, Mapping) else scans[place]
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet or scan is None:
            continue
        try:
            rows = _checked_rows(book, place, scan)
        except SourceError as error:
            raise located(error, sheet=sheet.name) from None
        _stretch(rows, scan)
        _set_far_rows_aside(rows, scan, limits=limits)
        visible = sheet.visible == calamine.SheetVisibleEnum.Visible
        grids.append(_grid(container.file, sheet.name, rows, visible=visible, scan=scan))
    if isinstance(scans, Mapping) and len(grids) != len(scans):
        raise damaged(f"{len(scans)} sheets are listed, but {len(grids)} can be read")
    return grids, container.remarks


@contextmanager
def _damage_named() -> Iterator[None]:
    """Turn whatever the reader of values raises into the one error for damage."""
    try:
        yield
    except calamine.PasswordError:
        raise refusal("encrypted") from None
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise damaged(str(error) or type(error).__name__) from None
    except BaseException as error:
        # A panic in the reader's Rust code comes as no kind of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged("the reader of its values gave up") from None


def _checked_rows(book: calamine.CalamineWorkbook, place: int, scan: SheetScan) -> Rows:
    with _damage_named():
        rows = _rows(book.get_sheet_by_index(place))
    filled = sum(len(row) - row.count(None) for row in rows)
    if not scan.cells <= filled <= scan.cells + scan.uncertain:
        raise refusal("cells_lost", held=scan.cells, read=filled)
    return rows


def _rows(source: calamine.CalamineSheet) -> Rows:
    """Return the sheet's rows from A1, with None for blanks.

    Equal texts become one object, which makes a sheet of labels several times smaller.
    """
    once: dict[object, object] = {"": None}
    seen = once.setdefault
    return [
        [seen(value, value) if value.__class__ is str else value for value in row]
        for row in source.to_python(skip_empty_area=False)
    ]


def _grid(file: str, name: str, rows: Rows, *, visible: bool, scan: SheetScan) -> Grid:
    # An ods error may arrive as the text it shows.
    for row, column in scan.errors:
        rows[row][column] = None
    for (row, column), text in scan.not_finite.items():
        rows[row][column] = float(text)
    return Grid(file, name, rows, visible, **scan.findings())


def _stretch(rows: Rows, scan: SheetScan) -> None:
    """Widen the grid to the cells that the reader left out because they show no value."""
    marked = scan.marked
    if not marked:
        return
    width = max(len(rows[0]) if rows else 0, *(column + 1 for _, column in marked))
    height = max(row + 1 for row, _ in marked)
    rows.extend([] for _ in range(height - len(rows)))
    for row in rows:
        row.extend([None] * (width - len(row)))


def _set_far_rows_aside(rows: Rows, scan: SheetScan, *, limits: ReadingLimits) -> None:
    """Move the few cells below a long run of blank rows from the grid to the stray ones."""
    end = _table_end(rows, scan, limits=limits)
    far = [
        (row, column, scan.errors.get((row, column), value))
        for row in range(end, len(rows))
        for column, value in enumerate(rows[row])
        if value is not None or (row, column) in scan.errors
    ]
    if not far or len(far) > limits.stray_cells:
        return
    scan.stray = (*far, *scan.stray)
    del rows[end:]
    scan.forget({place for place in {*scan.marked, *scan.not_finite} if place[0] >= end})


def _table_end(rows: Rows, scan: SheetScan, *, limits: ReadingLimits) -> int:
    """Return how many rows come before the first long run of blank ones."""
    if len(rows) <= limits.blank_rows:
        return len(rows)
    marked = {row for row, _ in scan.marked}
    last = -1
    for place, row in enumerate(rows):
        if row.count(None) < len(row) or place in marked:
            if place - last > limits.blank_rows and last >= 0:
                return last + 1
            last = place
    return len(rows)
