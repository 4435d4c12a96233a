"""A report's charts as Excel draws them, fed by cells of the same workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart, Series
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.numbers import exact
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import office_charts as drawn
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import is_blank, is_numeric, shown_text
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, BookWriter, cut

_TYPES = {
    "line": {"type": "line"},
    "points": {"type": "scatter", "subtype": "straight_with_markers"},
    "area": {"type": "area"},
    "stacked_area": {"type": "area", "subtype": "stacked"},
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "stacked_bar": {"type": "bar", "subtype": "stacked"},
    "stacked_column": {"type": "column", "subtype": "stacked"},
}
_SMALL = {"name": drawn.FONT, "size": 9}
WIDTH = 720  # px
SPAN = 12  # columns of the usual width that it covers
_LONGEST_NAME = 240
_LIKE_A_REFERENCE = re.compile(r"=?[^!]+!")


@dataclass(frozen=True)
class ChartCells:
    """Where a chart's figures stand: a sheet, the heading's row, a column a series."""

    sheet: str
    top: int
    rows: int
    categories: int
    series: tuple[int, ...]


def find_cells(
    figure: Figure, native: NativeChart, sheet: str, top: int, words: Wording
) -> ChartCells | None:
    """Return the cells of the figure's own table that hold the chart's series.

    ``None`` where the table is not laid out as the chart is, one row a category and one
    column a series; `write_cells` then writes the chart's figures once more.
    """
    columns = [(place, c, figure.table[c.key]) for place, c in enumerate(figure.columns)]
    texts = [
        (place, [shown_text(value, column, words) for value in values])
        for place, column, values in columns
        if not is_numeric(column)
    ]
    numbers = [(place, _numbers(vs)) for place, column, vs in columns if is_numeric(column)]
    categories = _column_of(native.categories, texts)
    places = [_column_of(_numbers(pd.Series(s.values)), numbers) for s in native.series]
    if categories is None or None in places:
        return None
    series = tuple(place for place in places if place is not None)
    return ChartCells(sheet, top, len(native.categories), categories, series)


def _column_of(wanted: list[Any], among: list[tuple[int, list[Any]]]) -> int | None:
    return next((place for place, values in among if values == wanted), None)


def _numbers(values: pd.Series[Any]) -> list[float | None]:
    figures = (None if is_blank(v) or isinstance(v, str) else v for v in values.tolist())
    return [None if v is None else float(exact(v) or 0) for v in figures]


def write_cells(
    book: BookWriter, sheet: Any, native: NativeChart, *, top: int, left: int
) -> ChartCells:
    """Write the chart's own figures where there is room, one row a category."""
    quiet = {"bold": True, "font_color": theme.DARK_GREY, "text_wrap": True}
    heads = [book.words("Drawn in the chart"), *(series.name for series in native.series)]
    for place, head in enumerate(heads):
        align = "right" if place else "left"
        head_format = book.format(**quiet, valign="bottom", align=align, bottom=1)
        sheet.write_string(top, left + place, cut(head), head_format)
    longest = max(text_width.width(printable(c), FONT_SIZE) for c in native.categories)
    sheet.set_column(left, left, min(max(longest / DIGIT + 2, 12), 40))
    sheet.set_column(left + 1, left + len(native.series), 13)
    number = book.format(num_format=drawn.format_code(native.decimals))
    for row, category in enumerate(native.categories, top + 1):
        if native.kind == "points":
            sheet.write_number(row, left, float(category), book.format())
        else:
            sheet.write_string(row, left, cut(category), book.format())
    for place, series in enumerate(native.series, left + 1):
        for row, value in enumerate(series.values, top + 1):
            if value is not None:
                sheet.write_number(row, place, value, number)
    places = tuple(range(left + 1, left + 1 + len(native.series)))
    return ChartCells(sheet.get_name(), top, len(native.categories), left, places)


def draw_chart(
    book: BookWriter, figure: Figure, native: NativeChart, cells: ChartCells
) -> tuple[Any, int]:
    """Return an Excel chart of `cells`, to be inserted, and how many rows it covers."""
    chart = book.workbook.add_chart(_TYPES[native.kind])
    for place, series in enumerate(native.series):
        chart.add_series(_series(native, series, cells, place, book.words))
    alone = drawn.is_stacked(native) or drawn.takes_turns(native)
    rows = len(native.categories) * (1 if alone else len(native.series))
    height = max(380, 22 * rows + 150) if drawn.is_horizontal(native) else 400
    _dress(chart, figure, native)
    height = min(height, 1200)
    chart.set_size({"width": WIDTH, "height": height})
    return chart, -(-height // 17)


def _series(
    native: NativeChart, series: Series, cells: ChartCells, place: int, words: Wording
) -> dict[str, Any]:
    look = drawn.look(series)
    first, last = cells.top + 1, cells.top + cells.rows
    column = cells.series[place]
    options: dict[str, Any] = {
        "name": _name(look.name),
        "categories": [cells.sheet, first, cells.categories, last, cells.categories],
        "values": [cells.sheet, first, column, last, column],
    }
    colour = f"#{look.colour}"
    if drawn.is_area(native):
        return {**options, "fill": {"color": colour}, "border": {"none": True}}
    if not drawn.is_bars(native):
        dash = "dash" if look.dashed else "solid"
        line = {"color": colour, "width": look.width, "dash_type": dash}
        options["line"] = line if look.line else {"none": True}
        options["marker"] = _marker(look)
        return options
    options["fill"] = {"none": True} if look.hollow else {"color": colour}
    options["border"] = {"color": colour, "width": 1}
    options["gap"] = 45
    inside = drawn.is_stacked(native)
    if inside or drawn.takes_turns(native):
        options["overlap"] = 100
    if drawn.labelled(native):
        options["data_labels"] = {
            "value": True,
            "num_format": drawn.format_code(native.decimals, look.glyph),
            "font": {**_SMALL, "color": f"#{look.text_colour}" if inside else theme.INK},
            "position": "center" if inside else "outside_end",
        }
    return options


def _marker(look: drawn.SeriesLook) -> dict[str, Any]:
    if not look.marker:
        return {"type": "none"}
    colour = {"color": f"#{look.colour}"}
    return {"type": look.marker, "size": 7, "fill": colour, "border": colour}


def _dress(chart: Any, figure: Figure, native: NativeChart) -> None:
    title_font = {**_SMALL, "size": 12, "bold": True, "color": theme.INK}
    chart.set_title({"name": _name(figure.title), "name_font": title_font, "overlay": False})
    bare, axis = drawn.labelled(native), drawn.value_axis(native)
    grid = {"color": theme.RULE_GREY, "width": 0.75}
    values: dict[str, Any] = {
        "name": _name(native.axis_title),
        "name_font": {**_SMALL, "bold": False},
        "num_format": drawn.format_code(axis.decimals),
        "num_font": _SMALL,
        "line": {"none": True},
        "major_gridlines": {"visible": not bare, "line": grid},
    }
    if not bare:
        values |= {"min": axis.low, "max": axis.high, "major_unit": axis.step}
    else:
        values["label_position"] = "none"
        if drawn.starts_at_zero(native):
            values["min"] = 0
    line = {"color": theme.MID_GREY}
    categories = {"line": line, "num_font": _SMALL, "label_position": "low"}
    if drawn.is_horizontal(native):
        # The first category on top, and the values' axis still at the bottom.
        chart.set_y_axis({**categories, "reverse": True})
        chart.set_x_axis({"label_position": "high", **values})
    else:
        chart.set_x_axis(categories)
        chart.set_y_axis(values)
    legend = {"position": "bottom", "font": _SMALL}
    chart.set_legend({"none": True} if len(native.series) == 1 else legend)
    chart.set_plotarea({"fill": {"none": True}})
    chart.show_blanks_as("gap")
    chart.show_hidden_data()


def _name(text: str) -> str:
    """Return text that XlsxWriter takes as text, and not for a reference to a cell.

    ``Progress!F14`` is one to it, with or without a ``=``; an invisible character that
    joins words keeps the letters apart without a sign.
    """
    text = cut(printable(text), _LONGEST_NAME)
    return text.replace("!", "!\u2060") if _LIKE_A_REFERENCE.match(text) else text
