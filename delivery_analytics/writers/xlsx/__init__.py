"""A report as an Excel workbook of at most ten sheets, whose charts Excel can edit.

The longest tables have a sheet of their own where their titles can name one whole; the
others stand one under another, as the charts do.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
from PIL import Image

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import still, theme
from delivery_analytics.report.document import Brief, Picture, Table
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
    illustrative_marks,
    outline,
    table_of_rows,
)
from delivery_analytics.writers.tidy_figures import tidy_figures
from delivery_analytics.writers.xlsx import charts
from delivery_analytics.writers.xlsx.precision import settled
from delivery_analytics.writers.xlsx.sheets import (
    ROW,
    SAFE,
    BookWriter,
    column_widths,
    cut,
    print_in_parts,
    sheet_name,
    write_data,
    write_lines,
    write_table,
)

LABEL = "Excel"
_MOST_SHEETS = 10
_ALONE = Part("", None)
_TITLE: dict[str, Any] = {"bold": True, "font_size": 14, "font_color": theme.DARK_BLUE}
_QUIET: dict[str, Any] = {"font_color": theme.DARK_GREY}
_LINK: dict[str, Any] = {"font_color": theme.DARK_BLUE, "underline": 1}
_MARKED: dict[str, Any] = {"bold": True, "font_color": theme.DARK_PINK}


@dataclass(eq=False)
class _Item:
    """What stands on a sheet: a table, what is said beside it, and what is drawn over it.

    `sheet` and `row` are where it came to stand, `drawing` where its chart does.
    """

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    part: Part = _ALONE
    picture: bytes = b""
    sheet: str = ""
    row: int = 0
    drawing: int = 0

    @property
    def rows(self) -> int | None:
        """How many rows its table has."""
        return None if self.table is None else len(self.table.frame)


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
    words, data = report.words, report.data
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
    items = [item for part in parts for item in _items(part, words)]
    for name, those in _sheets(items, words).items():
        _write_sheet(book, name, those)
    if drawn := [(item, native) for item in items if (native := _native(item))]:
        _draw(book, drawn)
    own = data.where(region_id=report.key) if report.key in data.registry.regions else data
    figures = tidy_figures(own, words)
    headings = {column.key: column.label for column in columns_of("figures_of_book", words)}
    sheet = write_data(book, words("Data"), figures, headings)
    every = _Item(words("Figures behind this report"), sheet=sheet)
    every.table = Table(figures, every.title)
    table = table_of("inputs_of_book", data.sources.sort_values("path"), words)
    sources = _Item(table.title, (), table)
    _write_sheet(book, words("Sources"), [sources])
    _write_contents(book, contents, report, [*items, every, sources], parts)
    contents.activate()


def _items(part: Part, words: Wording) -> list[_Item]:
    """Return what a part shows; of a brief its counts and its rows."""
    match part.block:
        case Brief(rows=Table() as rows) as block:
            lines = (*part.texts, block.standfirst, block.money, *block.changes)
            counts: dict[str, float] = {words.status(one): n for one, n in block.counts.items()}
            columns = [Column(name, name, "number", 0) for name in counts]
            if block.spent is not None:
                columns.append(Column("", words("Spent, % of the plan"), "number", 1))
                counts[""] = 100 * block.spent
            table = table_of_rows(block.answer, columns, [[*counts.values()]])
            first = _Item(block.answer, lines, table if columns else None, part)
            return [first, _Item(rows.title, block.notes, rows, replace(part, notes=()))]
        case Table(name="key_figures") as block:
            numbers = replace(block, columns=columns_of("numbers_of_book", words))
            return [_Item(block.title, part.texts, numbers, part)]
        case Table() as block:
            lines = (*part.texts, block.note)
            return [_Item(block.title or part.section, lines, block, part)]
        case Figure() as block:
            table = Table(block.table, block.title, block.columns)
            bare = block.native is None and not block.table.empty
            picture = still.png(block) if bare else b""
            lines = (*part.texts, block.subtitle, block.footnote, *block.notes)
            return [_Item(block.title, lines, table, part, picture)]
        case Picture() as block:
            title = block.title or part.section or block.alt
            return [_Item(title, (*part.texts, block.alt), None, part, block.content)]
    return [_Item(part.section, part.texts, None, part)]


def _native(item: _Item) -> NativeChart | None:
    """Return what Excel draws of an item."""
    return drawable(item.part.block) if isinstance(item.part.block, Figure) else None


def _sheets(items: Iterable[_Item], words: Wording) -> dict[str, list[_Item]]:
    """Return what stands on which sheet, in their order.

    Names are whole and numbered nowhere, so that formulas of a reader's own find the same
    sheet in the next edition.
    """
    key, many, drawn = words("Key figures"), words("Tables"), words("Charts")
    sheets: dict[str, list[_Item]] = {key: [], many: [], drawn: []}
    for item in items:
        first = item.table is not None and item.table.name == "key_figures"
        first = first or isinstance(item.part.block, Brief)
        chart = isinstance(item.part.block, Figure | Picture)
        sheets[key if first else drawn if chart else many].append(item)
    others = [words("Contents"), words("Data"), words("Sources")]
    others += [words("Data of the charts")] * bool(sheets[drawn])
    tables, named = sheets.pop(many), dict[str, _Item]()
    for item in sorted(tables, key=lambda one: -(one.rows or 0)):
        if item.table and sheet_name(item.title, [many, *others, *sheets]) == item.title:
            named.setdefault(item.title.casefold(), item)
    room = _MOST_SHEETS - len(others) - sum(map(bool, sheets.values()))
    room -= not len(named) == len(tables) <= room
    alone = [*named.values()][:room]
    found = {key: sheets[key], **{one.title: [one] for one in tables if one in alone}}
    found |= {many: [one for one in tables if one not in alone], drawn: sheets[drawn]}
    return {name: those for name, those in found.items() if those}


def _begin(book: BookWriter, name: str) -> Any:
    """Add a sheet with the way back to the contents."""
    sheet, back = book.add(name), "← " + book.words("Contents")
    home = book.workbook.worksheets()[0].get_name()
    sheet.write_url(0, 0, f"internal:'{home}'!A1", book.format(**_LINK), back)
    return sheet


def _widen(sheet: Any, tables: Iterable[Table], words: Wording) -> list[float]:
    """Make the columns of a sheet as wide as the tables need that share them."""
    widths = column_widths([*tables], words)
    for place, wide in enumerate(widths):
        sheet.set_column(place, place, wide)
    return widths


def _write_sheet(book: BookWriter, name: str, items: list[_Item]) -> None:
    """Write items one under another, each with its title and what must stand beside it."""
    sheet, words = _begin(book, name), book.words
    for item in items:
        item.table = item.table and settled(item.table, words)
    widths = _widen(sheet, (item.table for item in items if item.table), words)
    row = first = heads = 1
    for item in items:
        item.sheet, item.row = sheet.get_name(), row
        row = _write_head(book, sheet, item, row)
        row = _insert_drawing(sheet, item, row)
        if item.table:
            first, heads = row, row + any(one.spanner for one in item.table.columns)
            row = write_table(book, sheet, item.table, heads, widths) + 1
            if item.table.frame.empty:
                said = cut(item.table.empty_text)
                sheet.write_string(row - 1, 0, said, book.format(**_QUIET))
        row += 2
    if len(items) == 1 and not isinstance(items[0].part.block, Figure | Picture):
        sheet.freeze_panes(heads + 1, 1 if len(widths) > 3 else 0)
        sheet.repeat_rows(first, heads)
    else:
        sheet.freeze_panes(1, 0)
        pixels = sum(7 * wide + 5 for wide in widths)
        print_in_parts(sheet, [item.row for item in items], row, max(pixels, charts.WIDTH))


def _write_head(book: BookWriter, sheet: Any, item: _Item, row: int) -> int:
    """Write an item's title and what it says; return the next free row."""
    lines = [line for line in item.lines if line]
    table = item.table
    if table and table.frame[[one.key for one in table.columns]].isna().any(axis=None):
        lines.append(book.words("An empty cell: no figure."))
    above = [(item.title, _TITLE), *((line, _QUIET) for line in lines)]
    above += [(n.text, _QUIET if n.kind == "note" else _MARKED) for n in item.part.notes]
    return write_lines(book, sheet, above, row)


def _insert_drawing(sheet: Any, item: _Item, row: int) -> int:
    """Insert a picture, or leave room for a chart; return the next free row."""
    if native := _native(item):
        item.drawing = row
        return row + -(-charts.chart_height(native) // ROW) + 1
    if not item.picture:
        return row + 1
    wide, high = Image.open(io.BytesIO(item.picture)).size
    scale = min(1, charts.WIDTH / wide)
    alt = getattr(item.part.block, "alt", "")
    options = {"image_data": io.BytesIO(item.picture), "description": cut(alt, 1000)}
    sheet.insert_image(row, 0, "picture", {**options, "x_scale": scale, "y_scale": scale})
    return row + int(high * scale / ROW) + 2


def _draw(book: BookWriter, drawn: list[tuple[_Item, NativeChart]]) -> None:
    """Write what the charts are drawn from on a sheet of its own, and draw them."""
    sheet, row = _begin(book, book.words("Data of the charts")), 2
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 40, 13)
    for item, native in drawn:
        figure: Any = item.part.block
        row = write_lines(book, sheet, [(item.title, {"bold": True})], row)
        cells = charts.write_cells(book, sheet, native, top=row)
        chart = charts.draw_chart(book, figure, native, cells)
        options = {"description": cut(figure.alt, 1000), "object_position": 3}
        on = book.workbook.get_worksheet_by_name(item.sheet)
        on.insert_chart(item.drawing, 0, chart, options)
        row += cells.rows + 2


def _write_contents(
    book: BookWriter, sheet: Any, report: Report, items: list[_Item], parts: list[Part]
) -> None:
    words = report.words
    lines = [
        (report.title, {**_TITLE, "font_size": 18}),
        (report.subtitle, _QUIET),
        (day_line(report), _QUIET),
        (f"{words('Language')}: {native_names()[report.language]}", _QUIET),
        *((text, _MARKED) for text in illustrative_marks(parts)),
    ]
    top = write_lines(book, sheet, lines) + 1
    columns = columns_of("contents_of_book", words)
    rows = [(one.title, one.part.section, one.sheet, one.rows) for one in items]
    table = table_of_rows("", columns, rows)
    widths = _widen(sheet, [table], words)
    write_table(book, sheet, settled(table, words), top, widths)
    link = book.format(**_LINK, bottom=1, bottom_color=theme.RULE_GREY, indent=1)
    for place, item in enumerate(items, top + 1):
        target = f"internal:'{item.sheet}'!A{item.row + 1}"
        sheet.write_url(place, 2, target, link, item.sheet)
    sheet.freeze_panes(top + 1, 0)
