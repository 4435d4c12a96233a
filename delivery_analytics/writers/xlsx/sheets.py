"""The parts of a generated workbook: sheet names, formats, and a table on a sheet."""

import math
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from delivery_analytics.errors import ReportError
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.numbers import exact
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import (
    decimals_of,
    is_blank,
    is_numeric,
    longest,
    shown_text,
    spanners,
    told_apart,
)
from delivery_analytics.writers.office_charts import FONT, format_code

FONT_SIZE = 10
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
}
DIGIT = 5.25  # points, the unit of a column's width
LONGEST_TEXT = 32_767  # characters a cell can hold
SHEET_ROWS = 1_048_576
_LONGEST_NAME = 31
_NARROWEST, _WIDEST, _WIDEST_SOURCE, _WIDEST_WORD = 9, 60, 44, 84
_MOST_LINES = 30  # Excel's rows are at most 409 points high
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_HEADING: dict[str, Any] = {
    "bold": True,
    "text_wrap": True,
    "valign": "bottom",
    "font_color": theme.PAPER,
    "bg_color": theme.DARK_BLUE,
}
_TITLE_WIDTH = 110  # characters of a title's line; a title is not wrapped by its narrow cell


@dataclass
class BookWriter:
    """A workbook being written, and the formats it has so far."""

    workbook: xlsxwriter.Workbook
    words: Wording
    names: set[str] = field(default_factory=set)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties; the same ones are one format."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self.formats[key]

    def add(self, title: str) -> Any:
        """Add a sheet for printing on landscape A4, one page wide, named after `title`."""
        name = sheet_name(title, self.names)
        self.names.add(name.casefold())
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{cut(title, 120).replace('&', '&&')}&R&8&P / &N")
        return sheet


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Return a name Excel accepts, that no other sheet has in any spelling of case.

    Without ``[]:*?/\\'`` and characters outside the basic plane, at most 31 long.
    """
    name = re.sub(r"[\[\]:*?/\\'\ufffd\U00010000-\U0010ffff]|\s", " ", printable(title))
    name = " ".join(name.split()) or "-"
    used = {other.casefold() for other in taken} | {"history"}
    short = _shorten(name, _LONGEST_NAME)
    count = 1
    while short.casefold() in used:
        count += 1
        mark = f" {count}"
        short = _shorten(name, _LONGEST_NAME - len(mark)) + mark
    return short


def _shorten(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    whole = name[: limit - 1].rsplit(" ", 1)[0]
    return (whole if len(whole) > limit // 2 else name[: limit - 1]).rstrip() + "…"


def cut(text: str, limit: int = LONGEST_TEXT, words: Wording | None = None) -> str:
    """Return printable `text`, cut with a visible mark where a cell cannot hold it."""
    text = printable(text)
    length = len(text.encode("utf-16-le")) // 2
    if length <= limit:
        return text
    mark = "…"
    if words:
        mark += " [" + words("cut: {n} characters in all", n=length) + "]"
    # Excel counts in halves of UTF-16: half a letter at the cut is left out.
    start = text.encode("utf-16-le")[: 2 * (limit - len(mark))]
    return start.decode("utf-16-le", errors="ignore") + mark


def sheet_heading(column: Column) -> str:
    """Return a column's heading with the unit of its bare numbers."""
    unit = {"percent": column.unit or "%", "number": column.unit}.get(column.kind, "")
    if column.kind == "money":
        unit = "₸" if column.unit == "KZT" else column.unit
    if not unit or column.label.endswith(unit):
        return printable(column.label)
    return printable(f"{column.label}, {unit}")


def status_text(code: str, words: Wording) -> str:
    """Return a status as its shape and its word, so that it is never colour alone."""
    style = theme.STATUS_STYLE.get(code)
    return printable(f"{style.glyph} {words.status(code)}" if style else code)


def cell_text(value: Any, column: Column, words: Wording) -> str:
    """Return what a cell shows, to measure it by."""
    if is_blank(value):
        return ""
    if column.kind == "status":
        return status_text(str(value), words)
    if is_numeric(column) and not isinstance(value, str):
        return f"{float(value):,.{_shown_decimals(value, column)}f}"
    return shown_text(value, column, words)


def _shown_decimals(value: Any, column: Column) -> int:
    """Return how many decimals a number is shown with; money has none."""
    if column.kind == "money" or isinstance(value, str):
        return 0
    return decimals_of(float(value), column)


def write_lines(
    book: BookWriter, sheet: Any, lines: Iterable[tuple[str, dict[str, Any]]], row: int = 0
) -> int:
    """Write lines of text under one another from `row`; return the next free row.

    Long ones are broken into rows: a cell that wraps would be as narrow as its column.
    """
    for text, properties in lines:
        size = properties.get("font_size", FONT_SIZE)
        for line in textwrap.wrap(printable(text), _TITLE_WIDTH * FONT_SIZE // size)[:12]:
            sheet.set_row(row, size * 1.5)
            sheet.write_string(row, 0, line, book.format(**properties))
            row += 1
    return row


def write_table(
    book: BookWriter, sheet: Any, frame: pd.DataFrame, columns: tuple[Column, ...], top: int
) -> None:
    """Write a table whose headings stand in row `top`: frozen, filtered, repeated in print.

    Numbers and dates are written as such. A missing one is an empty cell, so that it
    neither counts as zero nor as text.

    Raises
    ------
    ReportError
        If the table has more rows than a sheet.
    """
    if top + len(frame) >= SHEET_ROWS:
        raise ReportError(f"A table of {len(frame)} rows does not fit a sheet")
    heights = [1] * (len(frame) + 1)
    rows = frame[[column.key for column in columns]].itertuples(index=False, name=None)
    styles = [told_apart(row, columns) for row in rows]
    for place, column in enumerate(columns):
        values = frame[column.key].tolist()
        shown = [style[place] for style in styles]
        texts = [cell_text(v, one, book.words) for v, one in zip(values, shown, strict=True)]
        wide = _width(texts, column)
        sheet.set_column(place, place, wide)
        lines = [_lines(sheet_heading(column), wide - 2, bold=True)]
        if not is_numeric(column):
            lines += [_lines(text, wide) for text in texts]
            heights = [max(pair) for pair in zip(heights, lines, strict=True)]
        else:
            heights[0] = max(heights[0], lines[0])
        align = "right" if is_numeric(column) else "left"
        sheet.write_string(top, place, sheet_heading(column), _heading_format(book, align))
        for row, (value, one) in enumerate(zip(values, shown, strict=True), top + 1):
            _write_cell(book, sheet, row, place, value, one)
        cells = (top + 1, place, top + max(len(values), 1), place)
        _mark(book, sheet, cells, column)
        if column.bar:
            ends = {"min_type": "num", "min_value": 0, "max_type": "num"}
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": theme.BAR, **ends}
            bar["max_value"] = longest(frame, column)
            sheet.conditional_format(top + 1, place, top + len(values), place, bar)
    for row, count in enumerate(heights, top):
        if count > 1:
            sheet.set_row(row, min(count, _MOST_LINES) * FONT_SIZE * 1.35)
    _dress(sheet, top, top + max(len(frame), 1), len(columns))
    _write_spanners(book, sheet, top - 1, columns)


def write_data(
    book: BookWriter, title: str, frame: pd.DataFrame, headings: Mapping[str, str]
) -> str:
    """Add a sheet that holds columns of `frame` alone, as an Excel table from its first cell.

    Figures are as exact as they were sent, for a pivot table or another program.

    Returns
    -------
    str
        What the sheet is called.
    """
    sheet = book.add(title)
    day, quoted = book.format(num_format="yyyy-mm-dd"), book.format(quote_prefix=True)
    for place, name in enumerate(headings):
        for row, value in enumerate(frame[name].tolist(), 1):
            if isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, datetime) and not is_blank(value):
                sheet.write_datetime(row, place, value, day)
            elif isinstance(value, str):
                fmt = quoted if value.startswith(FORMULA_STARTS) else None
                sheet.write_string(row, place, cut(value), fmt)
            elif not is_blank(value):
                sheet.write_number(row, place, float(value))
    columns = [{"header": printable(heading)} for heading in headings.values()]
    size = max(len(frame), 1), len(headings) - 1
    sheet.add_table(0, 0, *size, {"columns": columns, "style": "Table Style Light 1"})
    if home := next((one for one in book.workbook.worksheets() if one is not sheet), None):
        # Beside the table the way back would be a column of it to whoever reads the sheet.
        link, back = f"internal:'{home.get_name()}'!A1", "← " + book.words("Contents")
        sheet.write_url(0, 0, link, None, columns[0]["header"], back)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofit(300)
    return str(sheet.get_name())


def _dress(sheet: Any, top: int, last: int, columns: int) -> None:
    """Freeze and repeat the headings, filter by them, and quiet Excel's remarks."""
    sheet.freeze_panes(top + 1, 1 if columns > 3 else 0)
    sheet.autofilter(top, 0, last, columns - 1)
    sheet.repeat_rows(top)
    sheet.ignore_errors({"number_stored_as_text": f"A{top + 2}:XFD{last + 1}"})


def _heading_format(book: BookWriter, align: str) -> Any:
    return book.format(**_HEADING, align=align, indent=1 if align == "left" else 0)


def _cell_format(book: BookWriter, column: Column, value: Any, quoted: bool = False) -> Any:
    properties: dict[str, Any] = {"bottom": 1, "bottom_color": theme.RULE_GREY}
    if quoted:  # or Excel makes a formula of it when somebody edits the cell
        properties["quote_prefix"] = True
    if is_numeric(column):
        code = format_code(0 if is_blank(value) else _shown_decimals(value, column))
        return book.format(**properties, align="right", num_format=code)
    if column.kind == "date":
        code = book.words.office_date
        return book.format(**properties, align="left", indent=1, num_format=code)
    return book.format(**properties, align="left", indent=1, text_wrap=True)


def _write_cell(
    book: BookWriter, sheet: Any, row: int, place: int, value: Any, column: Column
) -> None:
    fmt, words = _cell_format(book, column, value), book.words
    if is_blank(value):
        sheet.write_blank(row, place, None, fmt)
    elif is_numeric(column) and not isinstance(value, str):
        sheet.write_number(row, place, float(exact(value) or 0), fmt)
    elif column.kind == "status":
        sheet.write_string(row, place, cut(status_text(str(value), words)), fmt)
    elif column.kind == "date" and (day := _day(value)):
        sheet.write_datetime(row, place, day, fmt)
    else:
        text = cut(shown_text(value, column, words), words=words)
        if text.startswith(FORMULA_STARTS):
            fmt = _cell_format(book, column, value, quoted=True)
        sheet.write_string(row, place, text, fmt)


def _day(value: Any) -> datetime | None:
    """Return the day as Excel counts days, which it does from 1900; text stays text."""
    if isinstance(value, str):
        return None
    day = pd.Timestamp(value)
    return datetime(day.year, day.month, day.day) if day.year >= 1900 else None  # noqa: DTZ001


def _mark(
    book: BookWriter, sheet: Any, place: tuple[int, int, int, int], column: Column
) -> None:
    """Let Excel colour statuses, and the figures that a column's marks are about."""
    rules: list[tuple[str, Any, str]] = [*column.marks]
    if column.kind == "status":
        rules = [("==", status_text(code, book.words), code) for code in theme.STATUS_STYLE]
    if column.marks:  # an empty cell is nought to Excel
        bare = {"type": "blanks", "format": book.format(), "stop_if_true": True}
        sheet.conditional_format(*place, bare)
    for comparison, value, code in rules:
        style = theme.STATUS_STYLE[code]
        coloured = {"bg_color": style.colour, "font_color": style.text_colour}
        if not isinstance(value, str):
            coloured["num_format"] = format_code(_shown_decimals(value, column), style.glyph)
        rule = {
            "type": "cell",
            "criteria": comparison,
            "value": _quoted(value) if isinstance(value, str) else value,
            "format": book.format(**coloured),
            "stop_if_true": True,
        }
        sheet.conditional_format(*place, rule)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _write_spanners(
    book: BookWriter, sheet: Any, row: int, columns: tuple[Column, ...]
) -> None:
    """Write what stands over several headings into merged cells."""
    place, found = 0, spanners(columns)
    over = book.format(**_HEADING, align="center")
    if found:
        sheet.repeat_rows(row, row + 1)
    for text, count in found:
        if text and count > 1:
            sheet.merge_range(row, place, row, place + count - 1, cut(text), over)
        elif text:
            sheet.write_string(row, place, cut(text), over)
        place += count


def _width(texts: list[str], column: Column) -> float:
    """Return the column's width in Excel's unit, a digit of the default font."""
    label = sheet_heading(column)
    widest_word = max((len(word) for word in label.split()), default=0) + 3
    lines = (line for text in texts for line in text[:4000].splitlines())
    longest = max((text_width.width(line, FONT_SIZE) for line in lines), default=0.0) / DIGIT
    if column.kind == "date":
        longest = 12.0
    word = text_width.longest_word((text[:4000] for text in texts), FONT_SIZE) / DIGIT + 3
    cap: float = _WIDEST_SOURCE if column.kind == "source" else _WIDEST
    cap = max(cap, min(word, _WIDEST_WORD))
    wanted = max(longest + 3, math.ceil(len(label) / 3) + 2, widest_word, _NARROWEST)
    return min(wanted, cap)


def _lines(text: str, wide: float, bold: bool = False) -> int:
    """Return the lines a wrapped cell takes: not every program makes room by itself."""
    if len(text) < wide * 0.7 and "\n" not in text:
        return 1
    return text_width.count_lines(text[:4000], (wide - 2) * DIGIT, FONT_SIZE, bold)
