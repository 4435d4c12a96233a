"""Open a spreadsheet of any kind as grids of cells that know their own address."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.spreadsheets import (
    csv_text,
    ods_scan,
    xls_scan,
    xlsb_scan,
    xlsx_parts,
    xlsx_scan,
)
from delivery_analytics.spreadsheets.addresses import Position
from delivery_analytics.spreadsheets.cell_values import damaged, on_sheet, read_grids
from delivery_analytics.spreadsheets.grid import Book, Grid, table_hash
from delivery_analytics.spreadsheets.snapshot import (
    Limits,
    Snapshot,
    extension_remark,
    holds_stream,
    named,
    ole_kind,
    remark,
    sniff,
    take_snapshot,
    without_collector,
    wrong_type,
)
from delivery_analytics.spreadsheets.xlsx_scan import SheetScan
from delivery_analytics.spreadsheets.zip_archive import Archive, encrypted, open_archive

__all__ = ["Book", "Grid", "open_book", "open_snapshot"]

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHER_ZIPS = (
    ("word/", "a Word document (.docx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("visio/", "a Visio drawing (.vsdx)"),
    ("index/", "an Apple Numbers or Pages document"),
    ("meta-inf/manifest.mf", "a Java archive"),
    ("content.xml", "an OpenDocument file other than a spreadsheet"),
)
_MACROS = ("basic/", "scripts/", "xl/macrosheets/")

Opened = tuple[str, list[Grid], list[Problem]]


def open_book(
    path: str | Path, *, name: str | None = None, limits: Limits | None = None
) -> Book:
    """Read a file in this process. `reader.Reader` does it where a crash cannot hurt.

    Parameters
    ----------
    name
        What to call the file in messages; its own name if left out.

    Raises
    ------
    SourceError
        When the file is turned away, with one problem that says why and what to do.
    """
    limits = limits or Limits()
    return open_snapshot(take_snapshot(path, name=name, limits=limits), limits=limits)


def open_snapshot(snapshot: Snapshot, *, limits: Limits) -> Book:
    """Read bytes already taken in. See `open_book`."""
    try:
        with without_collector():
            form, sheets, remarks = _open(snapshot, limits=limits)
            hashed = table_hash(sheets)
    except SourceError as error:
        raise named(error, snapshot.file) from None
    mismatch = extension_remark(snapshot.file, form)
    problems = [*([mismatch] if mismatch else []), *remarks, *_formula_remarks(sheets)]
    return Book(
        path=snapshot.path,
        file=snapshot.file,
        sha256=snapshot.sha256,
        table_hash=hashed,
        format=form,
        sheets=tuple(sheets),
        problems=tuple(replace(problem, file=snapshot.file) for problem in problems),
    )


def _open(snapshot: Snapshot, *, limits: Limits) -> Opened:
    kind = sniff(snapshot.data)
    if kind == "text":
        return _open_text(snapshot, limits=limits)
    if kind == "ole":
        return _open_ole(snapshot, limits=limits)
    if kind == "zip":
        return _open_zip(snapshot, limits=limits)
    raise wrong_type(kind)


def _open_text(snapshot: Snapshot, *, limits: Limits) -> Opened:
    table = csv_text.read_text(snapshot.data, file=snapshot.file, limits=limits)
    grid = Grid(
        snapshot.file,
        "",
        table.rows,
        lines=table.lines,
        short_rows=table.short_rows,
        long_rows=table.long_rows,
        text=True,
    )
    return "csv", [grid], table.problems


def _open_ole(snapshot: Snapshot, *, limits: Limits) -> Opened:
    kind = ole_kind(snapshot.data)
    if kind == "encrypted":
        raise encrypted()
    if kind == "damaged":
        raise damaged("its list of contents is missing; it may have been cut short")
    if kind != "xls":
        raise wrong_type(kind)
    scans = xls_scan.scan_workbook(snapshot.data, limits=limits)
    grids = read_grids(snapshot.data, file=snapshot.file, scans=scans, limits=limits)
    if len(grids) != len(scans):
        raise damaged(f"{len(scans)} sheets are listed, but {len(grids)} can be read")
    return "xls", grids, _macro_remarks(holds_stream(snapshot.data, "_VBA_PROJECT"))


def _open_zip(snapshot: Snapshot, *, limits: Limits) -> Opened:
    archive = open_archive(snapshot.data, limits=limits)
    names = {name.casefold() for name in archive.names}
    macros = any(n.endswith("vbaproject.bin") or n.startswith(_MACROS) for n in names)
    main = xlsx_parts.main_part(archive)
    scans: list[SheetScan | None]
    if _is_ods(archive):
        form, scans = "ods", _scan_ods(archive, limits=limits)
    elif main is None:
        raise _no_workbook(names)
    elif main.lower().endswith(".bin"):
        form, scans = "xlsb", xlsb_scan.scan_workbook(archive, main, limits=limits)
    else:
        form = "xlsm" if macros else "xlsx"
        scans = _scan_xlsx(archive, main, limits=limits)
    data = archive.rebuilt() if archive.altered else snapshot.data
    remarks = [*_macro_remarks(macros), *_link_remarks(archive)]
    archive.parts.clear()  # the largest thing in memory, and read
    return form, read_grids(data, file=snapshot.file, scans=scans, limits=limits), remarks


def _is_ods(archive: Archive) -> bool:
    kind = archive.parts.get("mimetype", b"")
    content = archive.parts.get("content.xml", b"")
    return kind.startswith(_ODS) or (not kind and b"<office:spreadsheet" in content)


def _no_workbook(names: Collection[str]) -> SourceError:
    for start, what in _OTHER_ZIPS:
        if any(name.startswith(start) for name in names):
            return wrong_type(what)
    if any(name.startswith("xl/") for name in names):
        return damaged("the list of its sheets is missing")
    return wrong_type("a zip archive")


def _scan_xlsx(archive: Archive, main: str, *, limits: Limits) -> list[SheetScan | None]:
    texts = xlsx_parts.shared_texts(archive, main)
    percent = xlsx_parts.percent_styles(archive, main)
    scans: list[SheetScan | None] = []
    for sheet in xlsx_parts.list_sheets(archive, main, limits=limits):
        if not sheet.part:
            scans.append(None)
            continue
        try:
            scan = xlsx_scan.scan_sheet(
                archive.parts[sheet.part], texts=texts, percent_styles=percent, limits=limits
            )
        except SourceError as error:
            raise on_sheet(error, sheet.name) from None
        if scan.replacement is not None:
            archive.parts[sheet.part] = scan.replacement
            archive.altered = True
            scan.replacement = None
        scans.append(scan)
    return scans


def _scan_ods(archive: Archive, *, limits: Limits) -> list[SheetScan | None]:
    if b"encryption-data" in archive.parts.get("META-INF/manifest.xml", b""):
        raise encrypted()
    content = archive.parts.get("content.xml")
    if content is None:
        raise damaged("content.xml is missing from it")
    return [*ods_scan.scan_tables(content, limits=limits)]


def _macro_remarks(macros: bool) -> list[Problem]:
    message = "The file holds macros. They were not run; only the stored values were read."
    return [remark("security.macros_ignored", message)] if macros else []


def _link_remarks(archive: Archive) -> list[Problem]:
    linked = any(
        "externallinks/" in name.casefold() and b"ddeLink" in data
        for name, data in archive.parts.items()
    )
    message = "The file is linked to another program (DDE). Nothing was started or fetched."
    return [remark("security.formula_dde", message)] if linked else []


def _formula_remarks(grids: Iterable[Grid]) -> list[Problem]:
    found = []
    for grid in grids:
        for code, places, message in (
            (
                "security.formula_dde",
                grid.dde,
                "A formula asks another program for its value (DDE). It was not run; the "
                "stored value was read. Replace it by the value.",
            ),
            (
                "value.external_link",
                grid.external,
                "A formula takes its value from another file. The stored value was read, "
                "and may be out of date.",
            ),
        ):
            if places:
                cells = _first(grid, places)
                found.append(remark(code, message, sheet=grid.sheet, cell=cells))
    return found


def _first(grid: Grid, places: Iterable[Position], most: int = 10) -> str:
    """Return the first few addresses, as ``A2,A7``."""
    return ",".join(grid.address(*place) for place in sorted(places)[:most])
