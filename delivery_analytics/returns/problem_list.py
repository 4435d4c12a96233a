"""The sheet that lists the problems of a return, each with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from delivery_analytics.errors import Severity
from delivery_analytics.report import theme
from delivery_analytics.report.tables import columns_of
from delivery_analytics.returns.workbook_copy import put_text
from delivery_analytics.spreadsheets.addresses import Position, address, letters
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.office_charts import FONT
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, sheet_name

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_LISTED = 50_000
_WIDTHS = (20, 18, 15, 32, 24, 40, 52)
_LINKED = (1, 2)
_TALLEST = 400  # points


@dataclass(frozen=True)
class Look:
    """How a severity is marked: a light fill, and a line that tells it without colour."""

    fill: str
    line: str
    style: str
    glyph: str


LOOKS: dict[Severity, Look] = {
    "error": Look("F3CBDA", theme.DARK_PINK.lstrip("#"), "medium", "■"),
    "warning": Look("FDE3CF", theme.ORANGE.lstrip("#"), "mediumDashed", "▲"),
    "note": Look("DCE7F3", theme.DARK_BLUE.lstrip("#"), "dotted", "●"),
}


def marks() -> dict[Severity, tuple[Any, Any]]:
    """Return the fill and the border of each severity, as openpyxl has them."""
    from openpyxl.styles import Border, PatternFill, Side

    styles = {}
    for severity, look in LOOKS.items():
        side: Any = Side(style=look.style, color=look.line)  # type: ignore[arg-type]
        border = Border(left=side, right=side, top=side, bottom=side)
        styles[severity] = PatternFill("solid", fgColor=look.fill), border
    return styles


@dataclass(frozen=True)
class Item:
    """One problem, in the reader's words.

    Attributes
    ----------
    cell
        The address as the reader calls it.
    at
        The cell to go to, counted from zero; None where no sheet has it.
    """

    severity: Severity
    sheet: str
    cell: str
    at: Position | None
    what: str
    found: str
    remedy: str
    details: str


def add_list(
    workbook: Workbook, items: Sequence[Item], *, lines: Sequence[str], words: Wording
) -> None:
    """Put the list before the sheets of `workbook`, under `lines`, the first a title."""
    title = sheet_name(words("Problems"), workbook.sheetnames)
    page: Worksheet = workbook.create_sheet(title, 0)
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = theme.DARK_PINK.lstrip("#")
    for place, width in enumerate(_WIDTHS):
        page.column_dimensions[letters(place)].width = width
    top = _write_lines(page, _with_rest(lines, items, words))
    headings = [column.label for column in columns_of("problem_list", words)]
    if words.language == "en":
        headings[-1] = words("Details")
    writer = _Rows(page, words)
    writer.head(top, headings)
    for row, item in enumerate(items[:MOST_LISTED], top + 1):
        writer.item(row, item)
    last = top + min(len(items), MOST_LISTED)
    page.freeze_panes = f"A{top + 1}"
    page.auto_filter.ref = f"A{top}:{letters(len(headings) - 1)}{max(last, top + 1)}"
    _print_wide(page, top)
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is page
    workbook.active = 0


def _with_rest(lines: Sequence[str], items: Sequence[Item], words: Wording) -> list[str]:
    if len(items) <= MOST_LISTED:
        return list(lines)
    more = words.number(len(items) - MOST_LISTED, 0)
    return [*lines, words("{n} more problems are not listed.", n=more)]


def _write_lines(page: Worksheet, lines: Sequence[str]) -> int:
    """Write lines over the whole width, and return the row below them and a blank one."""
    from openpyxl.styles import Alignment, Font

    room = sum(_WIDTHS) * DIGIT
    for row, text in enumerate(lines, 1):
        size, colour = (14, theme.DARK_BLUE) if row == 1 else (FONT_SIZE, theme.INK)
        cell: Any = page.cell(row, 1)
        put_text(cell, text)
        cell.font = Font(FONT, size, bold=row <= 2, color=colour.lstrip("#"))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.merge_cells(None, row, 1, row, len(_WIDTHS))
        height = text_width.count_lines(text, room, size, bold=row <= 2) * size * 1.45
        page.row_dimensions[row].height = height
    return len(lines) + 2


class _Rows:
    """Writes the rows of the list, with the few styles they need."""

    def __init__(self, page: Worksheet, words: Wording) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self.page, self.words = page, words
        blue = theme.DARK_BLUE.lstrip("#")
        self.text = Font(FONT, FONT_SIZE)
        self.link = Font(FONT, FONT_SIZE, underline="single", color=blue)
        self.bold = Font(FONT, FONT_SIZE, bold=True)
        self.light = Font(FONT, FONT_SIZE, bold=True, color="FFFFFF")
        self.dark = PatternFill("solid", fgColor=blue)
        self.wrapped = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
        self.rule = Border(bottom=Side(style="thin", color=theme.RULE_GREY.lstrip("#")))
        self.marks = marks()

    def head(self, row: int, headings: Sequence[str]) -> None:
        """Write the headings."""
        for column, text in enumerate(headings, 1):
            cell: Any = self.page.cell(row, column)
            put_text(cell, text)
            cell.font, cell.fill, cell.alignment = self.light, self.dark, self.wrapped

    def item(self, row: int, item: Item) -> None:
        """Write one problem."""
        severity = f"{LOOKS[item.severity].glyph} {self.words.code('severity', item.severity)}"
        placed = (severity, item.sheet, item.cell)
        texts = (*placed, item.what, item.found, item.remedy, item.details)
        lines = 1
        for column, text in enumerate(texts):
            cell: Any = self.page.cell(row, column + 1)
            put_text(cell, text)
            cell.font, cell.alignment, cell.border = self.text, self.wrapped, self.rule
            room = (_WIDTHS[column] - 3) * DIGIT
            lines = max(lines, text_width.count_lines(text[:4000], room, FONT_SIZE))
            if column in _LINKED and item.at is not None and text:
                self._link(cell, item)
        first: Any = self.page.cell(row, 1)
        first.font = self.bold
        first.fill, first.border = self.marks[item.severity]
        self.page.row_dimensions[row].height = min(lines * FONT_SIZE * 1.4 + 2, _TALLEST)

    def _link(self, cell: Any, item: Item) -> None:
        from openpyxl.worksheet.hyperlink import Hyperlink

        assert item.at is not None
        sheet = item.sheet.replace("'", "''")
        target = f"'{sheet}'!{address(*item.at)}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
        cell.font = self.link


def _print_wide(page: Worksheet, top: int) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    setup = page.page_setup
    setup.orientation, setup.paperSize, setup.fitToHeight = "landscape", 9, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{top}:{top}"
