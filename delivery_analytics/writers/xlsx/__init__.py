"""A report as an Excel workbook: one table a sheet, charts that Excel can edit."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import theme
from delivery_analytics.report.document import Headlines, Note, Report, Table
from delivery_analytics.report.figure import Column, Figure, NativeChart
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import note_kind
from delivery_analytics.writers.office_charts import AUTHOR, FONT, created_on, drawable
from delivery_analytics.writers.outline import Part, outline
from delivery_analytics.writers.xlsx import charts
from delivery_analytics.writers.xlsx.sheets import (
    FONT_SIZE,
    BookWriter,
    cut,
    write_lines,
    write_table,
)

LABEL = "Excel"
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
}
_TITLE: dict[str, Any] = {"bold": True, "font_size": 14, "font_color": theme.DARK_BLUE}
_QUIET: dict[str, Any] = {"font_color": theme.DARK_GREY}
_LINK: dict[str, Any] = {"font_color": theme.DARK_BLUE, "underline": 1}
_MARKED: dict[str, Any] = {"bold": True, "font_color": theme.DARK_PINK}


@dataclass
class _Entry:
    """A line of the contents: a sheet, what it holds, and how many rows."""

    sheet: str
    title: str
    rows: int | None


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. The same report gives the same bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _SAFE) as workbook:
        _fill(BookWriter(workbook, report.words), report)
    write_whole(path, stream.getvalue())


def is_whole(path: Path) -> bool:
    """Say whether the file has its directory, which a package has at its end."""
    return zipfile.is_zipfile(path)


def _fill(book: BookWriter, report: Report) -> None:
    words = report.words
    book.workbook.set_properties(
        {
            "title": printable(report.title),
            "subject": printable(report.subtitle),
            "author": AUTHOR,
            "created": created_on(report),
        }
    )
    parts = outline(report.blocks)
    contents = book.add(words("Contents"))
    entries: list[_Entry] = []
    for part in parts:
        _add_part(book, part, entries)
    _add_frame(book, entries, words("Notes"), *_notes(parts, entries, words))
    _add_frame(book, entries, words("Sources"), *_sources(report))
    _write_contents(book, contents, report, entries, parts)
    contents.activate()


def _add_part(book: BookWriter, part: Part, entries: list[_Entry]) -> None:
    words, block = book.words, part.block
    if isinstance(block, Headlines):
        frame, columns = _headlines(block, words)
        title = part.section or words("Key figures")
        _add_frame(book, entries, title, frame, columns, notes=part.notes)
    elif isinstance(block, Table):
        empty = block.empty_text if block.frame.empty else ""
        _add_frame(
            book,
            entries,
            block.title,
            block.frame,
            block.columns,
            lines=(block.note,),
            notes=part.notes,
            empty=empty,
        )
    elif isinstance(block, Figure):
        sheet, top = _add_frame(
            book,
            entries,
            block.title,
            block.table,
            block.columns,
            lines=(block.subtitle, block.footnote),
            notes=part.notes,
        )
        native = drawable(block)
        if native:
            _insert_chart(book, sheet, block, native, top)


def _add_frame(
    book: BookWriter,
    entries: list[_Entry],
    title: str,
    frame: pd.DataFrame,
    columns: tuple[Column, ...],
    *,
    lines: tuple[str, ...] = (),
    notes: tuple[Note, ...] = (),
    empty: str = "",
) -> tuple[Any, int]:
    """Add a sheet with a title, what must stand beside the table, and the table."""
    words = book.words
    sheet = book.add(title)
    above: list[tuple[str, dict[str, Any]]] = [
        (title, _TITLE),
        *((line, _QUIET) for line in lines if line),
    ]
    above += [(n.text, _QUIET if n.kind == "note" else _MARKED) for n in notes]
    missing = frame[[c.key for c in columns]].isna().any(axis=None)
    if missing:
        above.append((words("An empty cell: no figure."), _QUIET))
    row = write_lines(book, sheet, above)
    home = book.workbook.worksheets()[0].get_name()
    sheet.write_url(
        row, 0, f"internal:'{home}'!A1", book.format(**_LINK), "← " + words("Contents")
    )
    top = row + 2
    write_table(book, sheet, frame, columns, top)
    if empty:
        sheet.write_string(top + 1, 0, cut(empty), book.format(**_QUIET))
    entries.append(_Entry(sheet.get_name(), title, len(frame)))
    return sheet, top


def _insert_chart(
    book: BookWriter, sheet: Any, figure: Figure, native: NativeChart, top: int
) -> None:
    """Put the chart beside its table; what else it needs lies to its right, unprinted."""
    column = len(figure.columns)
    block = charts.find_cells(figure, native, sheet.get_name(), top, book.words)
    if block is None:
        left = column + charts.SPAN + 1
        block = charts.write_cells(book, sheet, native, top=top, left=left)
    chart, rows = charts.draw_chart(book, figure, native, block)
    options = {"description": cut(figure.alt, 1000), "x_offset": 12, "object_position": 3}
    sheet.insert_chart(top, column, chart, options)
    last = top + max(len(figure.table), rows)
    sheet.print_area(0, 0, last, column + charts.SPAN - 1)


def _headlines(block: Headlines, words: Wording) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    columns = (
        Column("label", words("Figure")),
        Column("value", words("Value")),
        Column("status", words("Status"), "status"),
        Column("note", words("Note")),
        Column("source", words("Source"), "source"),
    )
    kept = [c for c in columns if any(getattr(item, c.key) for item in block.items)]
    rows = [{c.key: getattr(item, c.key) for c in kept} for item in block.items]
    return pd.DataFrame(rows, columns=[c.key for c in kept]), tuple(kept)


def _notes(
    parts: list[Part], entries: list[_Entry], words: Wording
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return every sentence of the report that is not in a table, one row each."""
    sheets = iter(entry.sheet for entry in entries)
    rows = []
    for part in parts:
        sheet = next(sheets, "") if part.block else ""
        said = [(words("Text"), text) for text in part.texts]
        said += [(note_kind(note.kind, words), note.text) for note in part.notes]
        if isinstance(part.block, Table) and part.block.note:
            said.append((words("Note"), part.block.note))
        if isinstance(part.block, Figure):
            figure = part.block
            said += [(words("Subtitle"), figure.subtitle), (words("Source"), figure.footnote)]
            said += [(words("Note"), note) for note in figure.notes]
            said.append((words("Description"), figure.alt))
        rows += [(part.section, kind, text, sheet) for kind, text in said if text]
    columns = (
        Column("section", words("Section")),
        Column("kind", words("Kind")),
        Column("text", words("Text")),
        Column("sheet", words("Sheet")),
    )
    return pd.DataFrame(rows, columns=[c.key for c in columns]), columns


def _sources(report: Report) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    words = report.words
    columns = (
        Column("path", words("File"), "source"),
        Column("received_on", words("Received"), "date"),
        Column("rows_read", words("Rows read"), "number", decimals=0),
        Column("rows_kept", words("Kept"), "number", decimals=0),
        Column("rows_quarantined", words("Set aside"), "number", decimals=0),
        Column("rows_skipped", words("Not data"), "number", decimals=0),
        Column("sha256", words("Fingerprint")),
    )
    frame = report.data.sources[[c.key for c in columns]].sort_values("path")
    return frame, columns


def _write_contents(
    book: BookWriter, sheet: Any, report: Report, entries: list[_Entry], parts: list[Part]
) -> None:
    words = report.words
    facts: list[tuple[str, dict[str, Any]]] = [
        (report.title, {**_TITLE, "font_size": 18}),
        (report.subtitle, _QUIET),
    ]
    if report.as_of:
        facts.append((words("As known on {day}", day=words.date(report.as_of)), _QUIET))
    facts.append((f"{words('Language')}: {report.language}", _QUIET))
    marks = dict.fromkeys(n.text for p in parts for n in p.notes if n.kind == "illustrative")
    facts += [(text, _MARKED) for text in marks]
    row = write_lines(book, sheet, facts) + 1
    columns = (
        Column("number", "№"),
        Column("sheet", words("Sheet")),
        Column("title", words("What it holds")),
        Column("rows", words("Rows"), "number", decimals=0),
    )
    frame = pd.DataFrame(
        [(str(n), e.sheet, e.title, e.rows) for n, e in enumerate(entries, 1)],
        columns=[c.key for c in columns],
    )
    write_table(book, sheet, frame, columns, row)
    link = book.format(**_LINK, bottom=1, bottom_color=theme.RULE_GREY)
    for place, entry in enumerate(entries, row + 1):
        sheet.write_url(place, 1, f"internal:'{entry.sheet}'!A1", link, entry.sheet)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 34)
