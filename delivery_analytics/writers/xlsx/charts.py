"""A report's charts as Excel draws them, fed by cells of the same workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart, Series
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import office_charts as drawn
from delivery_analytics.writers.xlsx.sheets import BookWriter, cut

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
_LONGEST_NAME = 240
_LIKE_A_REFERENCE = re.compile(r"=?[^!]+!")


@dataclass(frozen=True)
class ChartCells:
    """Where a chart's figures stand: categories in the first column, a column a series."""

    sheet: str
    top: int
    rows: int


def write_cells(book: BookWriter, sheet: Any, native: NativeChart, *, top: int) -> ChartCells:
    """Write the chart's figures from row `top`, one row a category and one column a series."""
    quiet = {"bold": True, "font_color": theme.DARK_GREY, "text_wrap": True, "bottom": 1}
    for place, series in enumerate(native.series, 1):
        head = book.format(**quiet, align="right")
        sheet.write_string(top, place, cut(series.name), head)
    number = book.format(num_format=drawn.format_code(native.decimals))
    for row, category in enumerate(native.categories, top + 1):
        if native.kind == "points":
            sheet.write_number(row, 0, float(category), book.format(align="left"))
        else:
            sheet.write_string(row, 0, cut(category), book.format())
    for place, series in enumerate(native.series, 1):
        for row, value in enumerate(series.values, top + 1):
            if value is not None:
                sheet.write_number(row, place, value, number)
    return ChartCells(sheet.get_name(), top, len(native.categories))


def chart_height(native: NativeChart) -> int:
    """Return how high a chart is drawn, in pixels."""
    alone = drawn.is_stacked(native) or drawn.takes_turns(native)
    rows = len(native.categories) * (1 if alone else len(native.series))
    return min(max(380, 22 * rows + 150), 1200) if drawn.is_horizontal(native) else 400


def draw_chart(book: BookWriter, figure: Figure, native: NativeChart, cells: ChartCells) -> Any:
    """Return an Excel chart of `cells`, to be inserted."""
    chart = book.workbook.add_chart(_TYPES[native.kind])
    for place, series in enumerate(native.series, 1):
        chart.add_series(_series(native, series, cells, place, book.words))
    _dress(chart, figure, native)
    chart.set_size({"width": WIDTH, "height": chart_height(native)})
    return chart


def _series(
    native: NativeChart, series: Series, cells: ChartCells, place: int, words: Wording
) -> dict[str, Any]:
    look = drawn.look(series)
    first, last = cells.top + 1, cells.top + cells.rows
    options: dict[str, Any] = {
        "name": _name(look.name),
        "categories": [cells.sheet, first, 0, last, 0],
        "values": [cells.sheet, first, place, last, place],
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


def _name(text: str) -> str:
    """Return text that XlsxWriter takes as text, and not for a reference to a cell.

    ``Progress!F14`` is one to it, with or without a ``=``; an invisible character that
    joins words keeps the letters apart without a sign.
    """
    text = cut(printable(text), _LONGEST_NAME)
    return text.replace("!", "!\u2060") if _LIKE_A_REFERENCE.match(text) else text
