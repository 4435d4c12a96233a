"""The way of one file: snapshot → which container → its format's scan → grids → book."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.spreadsheets import csv_text, ods_scan, xls_scan, xlsb_scan, xlsx_scan
from delivery_analytics.spreadsheets.container import extension_remark, identify
from delivery_analytics.spreadsheets.grid import Book, Grid, table_hash
from delivery_analytics.spreadsheets.limits import STANDARD, ReadingLimits
from delivery_analytics.spreadsheets.refusals import located, noted
from delivery_analytics.spreadsheets.snapshot import Snapshot, take_snapshot, without_collector

# What reads each format. All are called alike: (container, limits=…) → grids and problems.
FORMATS = {
    "xlsx": xlsx_scan.read,
    "xlsm": xlsx_scan.read,
    "xlsb": xlsb_scan.read,
    "xls": xls_scan.read,
    "ods": ods_scan.read,
    "csv": csv_text.read,
}


def open_book(
    path: str | Path,
    *,
    name: str | None = None,
    limits: ReadingLimits | None = None,
    encoding: str = "",
) -> Book:
    """Read a file in this process. `reader.Reader` does it where a crash cannot hurt.

    Parameters
    ----------
    name
        What to call the file in messages; its own name if left out.
    encoding
        The codec of a text file, such as ``cp1250``, where it cannot be told.

    Raises
    ------
    SourceError
        When the file is turned away, with one problem that says why and what to do.
    """
    limits = limits or STANDARD
    snapshot = take_snapshot(path, name=name, limits=limits)
    return open_snapshot(snapshot, limits=limits, encoding=encoding)


def open_snapshot(snapshot: Snapshot, *, limits: ReadingLimits, encoding: str = "") -> Book:
    """Read bytes already taken in. See `open_book`."""
    try:
        with without_collector():
            container = identify(snapshot, limits=limits)
            container.encoding = encoding
            grids, problems = FORMATS[container.format](container, limits=limits)
            cells_hash = table_hash(grids)
    except SourceError as error:
        raise located(error, file=snapshot.file) from None
    format_ = container.format
    told = [*extension_remark(snapshot.file, format_), *problems, *_formula_remarks(grids)]
    named = tuple(replace(problem, file=snapshot.file) for problem in told)
    taken = (snapshot.path, snapshot.file, snapshot.sha256)
    return Book(*taken, cells_hash, format_, tuple(grids), named)


def _formula_remarks(grids: Iterable[Grid]) -> list[Problem]:
    remarks = []
    for grid in grids:
        for case, places in (("asks_program", grid.dde), ("from_other_file", grid.external)):
            if places:
                cells = ",".join(grid.address(*place) for place in sorted(places)[:10])
                remarks.append(noted(case, sheet=grid.sheet, cell=cells))
    return remarks
