"""A report as an Excel workbook: one table a sheet, charts that Excel can edit."""

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, assert_never

import xlsxwriter
from PIL import Image

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import still, theme
from delivery_analytics.report.document import Brief, Headlines, Note, Picture, Table
from delivery_analytics.report.figure import Column, Figure, NativeChart
from delivery_analytics.report.printable import printable
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import columns_of, table_of
from delivery_analytics.wording.catalogue import native_names
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.office_charts import AUTHOR, created_on, drawable
from delivery_analytics.writers.outline import (
    Part,
    day_line,
    headlines_table,
    illustrative_marks,
    outline,
    table_of_rows,
)
from delivery_analytics.writers.tidy_figures import tidy_figures
from delivery_analytics.writers.xlsx import charts
from delivery_analytics.writers.xlsx.sheets import (
    SAFE,
    BookWriter,
    cut,
    write_data,
    write_lines,
    write_table,
)

LABEL = "Excel"
_ALONE = Part("", None)
_TITLE: dict[str, Any] = {"bold": True, "font_size": 14, "font_color": theme.DARK_BLUE}
_QUIET: dict[str, Any] = {"font_color": theme.DARK_GREY}
_LINK: dict[str, Any] = {"font_color": theme.DARK_BLUE, "underline": 1}
_MARKED: dict[str, Any] = {"bold": True, "font_color": theme.DARK_PINK}


@dataclass
class _Entry:
    """A line of the contents: a sheet, where and what it holds, and how many rows."""

    sheet: str
    section: str
    title: str
    rows: int | None


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. The same report gives the same bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as workbook:
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
    _add_table(book, entries, _notes(parts, entries, words))
    data = report.data
    own = data.where(region_id=report.key) if report.key in data.registry.regions else data
    figures = tidy_figures(own, words)
    headings = {column.key: column.label for column in columns_of("figures_of_book", words)}
    sheet = write_data(book, words("Data"), figures, headings)
    entries.append(_Entry(sheet, "", words("Figures behind this report"), len(figures)))
    sources = data.sources.sort_values("path")
    _add_table(book, entries, table_of("inputs_of_book", sources, words))
    _write_contents(book, contents, report, entries, parts)
    contents.activate()


def _add_part(book: BookWriter, part: Part, entries: list[_Entry]) -> None:
    match part.block:
        case Brief(rows=Table() as shown) as block:
            lines = (block.standfirst, block.money, *block.changes, *block.notes)
            shown = replace(shown, title=block.answer)
            _add_table(book, entries, shown, lines=tuple(filter(None, lines)), part=part)
        case Headlines() as block:
            shown = headlines_table(block, part.section, book.words)
            _add_table(book, entries, shown, part=part)
        case Table() as block:
            _add_table(book, entries, block, lines=(block.note,), part=part)
        case Figure() as block:
            lines = (block.subtitle, block.footnote)
            shown = Table(block.table, block.title, block.columns)
            sheet, top = _add_table(book, entries, shown, lines=lines, part=part)
            if native := drawable(block):
                _insert_chart(book, sheet, block, native, top)
            elif block.native is None and not block.table.empty:
                _insert_picture(sheet, top, len(block.columns), still.png(block), block.alt)
        case Picture() as block:
            title = block.title or part.section or block.alt
            sheet = book.add(title)
            row = _write_head(book, sheet, title, (block.alt,), part.notes)
            _insert_picture(sheet, row, 0, block.content, block.alt)
            entries.append(_Entry(sheet.get_name(), part.section, title, None))
        case None | Brief():
            pass
        case _:
            assert_never(part.block)


def _insert_picture(sheet: Any, row: int, column: int, content: bytes, alt: str) -> None:
    wide, _ = Image.open(io.BytesIO(content)).size
    options = {"image_data": io.BytesIO(content), "description": cut(alt, 1000), "x_offset": 12}
    scale = min(1, charts.WIDTH / wide)
    sheet.insert_image(row, column, "picture", {**options, "x_scale": scale, "y_scale": scale})


def _add_table(
    book: BookWriter,
    entries: list[_Entry],
    table: Table,
    *,
    lines: tuple[str, ...] = (),
    part: Part = _ALONE,
) -> tuple[Any, int]:
    """Add a sheet with a title, what must stand beside the table, and the table.

    Return the sheet, and the row of the headings.
    """
    sheet = book.add(table.title or part.section)
    if table.frame[[column.key for column in table.columns]].isna().any(axis=None):
        lines = (*lines, book.words("An empty cell: no figure."))
    top = _write_head(book, sheet, table.title, lines, part.notes)
    write_table(book, sheet, table.frame, table.columns, top)
    if table.frame.empty and table.empty_text:
        sheet.write_string(top + 1, 0, cut(table.empty_text), book.format(**_QUIET))
    entries.append(_Entry(sheet.get_name(), part.section, table.title, len(table.frame)))
    return sheet, top


def _write_head(
    book: BookWriter, sheet: Any, title: str, lines: tuple[str, ...], notes: tuple[Note, ...]
) -> int:
    """Write a sheet's title, what it says, and the way back; return the row of headings."""
    above = [(title, _TITLE), *((line, _QUIET) for line in lines if line)]
    above += [(n.text, _QUIET if n.kind == "note" else _MARKED) for n in notes]
    row = write_lines(book, sheet, above)
    home = book.workbook.worksheets()[0].get_name()
    back = "← " + book.words("Contents")
    sheet.write_url(row, 0, f"internal:'{home}'!A1", book.format(**_LINK), back)
    return row + 2


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


def _notes(parts: list[Part], entries: list[_Entry], words: Wording) -> Table:
    """Return every sentence of the report that is not in a table, one row each."""
    sheets = iter(entry.sheet for entry in entries)
    rows = []
    for part in parts:
        sheet = next(sheets, "") if part.block else ""
        said = _sentences(part, words) or [("", "")] * (part.block is None)
        rows += [(part.section, kind, text, sheet) for kind, text in said]
    return table_of_rows(words("Notes"), columns_of("notes_of_book", words), rows)


def _sentences(part: Part, words: Wording) -> list[tuple[str, str]]:
    """Return what a part says beside its figures: (what kind of sentence, the sentence)."""
    block = part.block
    sentences = [(words("Text"), text) for text in part.texts]
    sentences += [(words.code("remark", note.kind), note.text) for note in part.notes]
    if isinstance(block, Table):
        sentences.append((words("Note"), block.note))
    if isinstance(block, Figure):
        sentences += [(words("Subtitle"), block.subtitle), (words("Source"), block.footnote)]
        sentences += [(words("Note"), note) for note in block.notes]
        sentences.append((words("Description"), block.alt))
    return [(kind, text) for kind, text in sentences if text]


def _write_contents(
    book: BookWriter, sheet: Any, report: Report, entries: list[_Entry], parts: list[Part]
) -> None:
    words = report.words
    lines = [
        (report.title, {**_TITLE, "font_size": 18}),
        (report.subtitle, _QUIET),
        (day_line(report), _QUIET),
        (f"{words('Language')}: {native_names()[report.language]}", _QUIET),
        *((text, _MARKED) for text in illustrative_marks(parts)),
    ]
    row = write_lines(book, sheet, lines) + 1
    columns = (Column("number", "№"), *columns_of("contents_of_book", words))
    rows = [(str(n), e.sheet, e.section, e.title, e.rows) for n, e in enumerate(entries, 1)]
    write_table(book, sheet, table_of_rows("", columns, rows).frame, columns, row)
    link = book.format(**_LINK, bottom=1, bottom_color=theme.RULE_GREY)
    for place, entry in enumerate(entries, row + 1):
        sheet.write_url(place, 1, f"internal:'{entry.sheet}'!A1", link, entry.sheet)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 34)
