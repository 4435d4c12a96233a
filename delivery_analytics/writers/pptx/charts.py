"""Charts that PowerPoint can edit: a native chart with its data sheet inside."""

import io
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE as CHART
from pptx.enum.chart import XL_LABEL_POSITION as LABEL
from pptx.enum.chart import XL_LEGEND_POSITION as LEGEND
from pptx.enum.chart import XL_MARKER_STYLE as MARKER
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICK_LABEL
from pptx.enum.chart import XL_TICK_MARK as TICK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.util import Emu, Pt

from delivery_analytics.report import theme
from delivery_analytics.report.figure import NativeChart
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import office_charts as drawn
from delivery_analytics.writers import text_width
from delivery_analytics.writers.pptx.slides import colour

_TYPES = {
    "line": CHART.LINE_MARKERS,
    "points": CHART.XY_SCATTER_LINES,
    "area": CHART.AREA,
    "stacked_area": CHART.AREA_STACKED,
    "bar": CHART.BAR_CLUSTERED,
    "column": CHART.COLUMN_CLUSTERED,
    "stacked_bar": CHART.BAR_STACKED,
    "stacked_column": CHART.COLUMN_STACKED,
}
_MARKERS = {
    shape: MARKER[shape.upper() or "NONE"]
    for shape in ("circle", "square", "triangle", "diamond", "star", "")
}
_CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_TEXT = 12  # points
_THEME_FONT = "+mn-lt"  # of texts, in the theme of the presentation
_MOST_ENDS = 4  # series whose last value is written


def insert(holder: Any, native: NativeChart, words: Wording, created: Any) -> Any:
    """Put `native` into a chart placeholder, and return its frame on the slide."""
    looks = drawn.looks(native)
    data = _data(native, looks, words)
    frame = holder.insert_chart(_TYPES[native.kind], data)
    chart = frame.chart
    _number_axes(chart)
    # The library's own sheet would make a formula of a name that begins with "=".
    chart.part.chart_workbook.update_from_xlsx_blob(_data_sheet(data, created))
    chart.font.size, chart.font.name = Pt(_TEXT), _THEME_FONT
    chart.font.color.rgb = colour(theme.INK)
    chart.has_title = False
    _set_legend(chart, len(looks))
    _set_axes(chart, native, words, Emu(frame.width).pt, Emu(frame.height).pt)
    if drawn.is_bars(native):
        _draw_bars(chart, native, looks, words)
    elif drawn.is_area(native):
        for series, look in zip(chart.plots[0].series, looks, strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour(look.colour)
    else:
        _draw_lines(chart, native, looks, words)
    return frame


def _data(native: NativeChart, looks: list[drawn.SeriesLook], words: Wording) -> Any:
    """Return the figures as the library takes them: by category, or by two numbers."""
    number = drawn.spoken(drawn.format_code(native.decimals), words)
    data: Any = (XyChartData if native.kind == "points" else CategoryChartData)(
        number_format=number
    )
    if native.kind != "points":
        data.categories = [printable(category) for category in native.categories]
    for look, series in zip(looks, native.series, strict=True):
        if native.kind != "points":
            data.add_series(look.name, series.values)
            continue
        points = data.add_series(look.name)
        for category, value in zip(native.categories, series.values, strict=True):
            if value is not None:
                points.add_data_point(float(category), value)
    return data


def _number_axes(chart: Any) -> None:
    """Give the axes numbers that may be theirs; the library's template has negative ones."""
    for named in chart._chartSpace.iter(f"{{{_CHART_NS}}}axId", f"{{{_CHART_NS}}}crossAx"):
        named.set("val", named.get("val").lstrip("-"))


def _data_sheet(data: Any, created: Any) -> bytes:
    """Return the workbook behind the chart, as the library lays it out, without formulas."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"created": created})
        data._workbook_writer._populate_worksheet(workbook, workbook.add_worksheet())
    return stream.getvalue()


def _set_legend(chart: Any, series: int) -> None:
    chart.has_legend = series > 1
    if chart.has_legend:
        chart.legend.position = LEGEND.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(_TEXT)


def _set_axes(
    chart: Any, native: NativeChart, words: Wording, wide: float, tall: float
) -> None:
    values, categories = chart.value_axis, chart.category_axis
    bare = drawn.labelled(native)
    values.has_major_gridlines = not bare
    values.format.line.fill.background()
    values.major_tick_mark = TICK.NONE
    if native.axis_title:
        _set_axis_title(values, printable(native.axis_title))
    if bare:
        values.tick_label_position = TICK_LABEL.NONE
    else:
        values.major_gridlines.format.line.color.rgb = colour(theme.RULE_GREY)
        axis = drawn.value_axis(native)
        values.minimum_scale, values.maximum_scale = axis.low, axis.high
        values.major_unit = axis.step
        values.tick_labels.number_format = drawn.spoken(drawn.format_code(axis.decimals), words)
        values.tick_labels.number_format_is_linked = False
    if bare and drawn.starts_at_zero(native):
        values.minimum_scale = 0
    categories.format.line.color.rgb = colour(theme.MID_GREY)
    categories.major_tick_mark = TICK.NONE
    categories.tick_label_position = TICK_LABEL.LOW
    categories.has_major_gridlines = False
    if drawn.is_horizontal(native):
        categories.reverse_order = True
        room = (tall - 80) / max(len(native.categories), 1)
        longest = max((text_width.width(name, 1) for name in native.categories), default=0.0)
        longest *= text_width.ELSEWHERE
        size = max(7, min(_TEXT, int(room / 1.4), int(wide / 2 / max(longest, 1))))
        categories.tick_labels.font.size = Pt(size)
        _name_every(categories, 1)
        _make_room(chart, min(0.5, (longest * size + 8) / wide))
    elif native.kind != "points":
        _thin_out(categories, native.categories, wide - 60)


def _set_axis_title(axis: Any, text: str) -> None:
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(_TEXT), False
    font.color.rgb = colour(theme.DARK_GREY)


def _thin_out(axis: Any, categories: list[str], wide: float) -> None:
    """Name every second or third category where all do not fit side by side."""
    slot = wide / max(len(categories), 1)
    words = text_width.longest_word(categories, _TEXT)
    lines = max((text_width.width(c, _TEXT) / 2 for c in categories), default=0.0)
    skip = max(1, -int(-max(words, lines) * 1.1 // slot))
    if skip > 1:
        _name_every(axis, skip)


def _make_room(chart: Any, left: float) -> None:
    """Leave the names of lying bars this share of the width."""
    places = {"x": left, "y": 0.1, "w": 0.96 - left, "h": 0.8}
    ends = "".join(f'<c:{one}Mode val="edge"/>' for one in "xy")
    ends += "".join(f'<c:{one} val="{place:.4f}"/>' for one, place in places.items())
    layout = f'<c:layout xmlns:c="{_CHART_NS}"><c:manualLayout><c:layoutTarget val="inner"/>'
    area = chart._chartSpace.chart.plotArea
    for before in area.findall(f"{{{_CHART_NS}}}layout"):
        area.remove(before)
    area.insert(0, parse_xml(f"{layout}{ends}</c:manualLayout></c:layout>"))


def _name_every(axis: Any, step: int) -> None:
    # The library has no word for it, and the schema allows it in this place only.
    for tag in ("tickLblSkip", "tickMarkSkip"):
        element = parse_xml(f'<c:{tag} xmlns:c="{_CHART_NS}" val="{step}"/>')
        axis._element.find(f"{{{_CHART_NS}}}noMultiLvlLbl").addprevious(element)


def _draw_lines(
    chart: Any, native: NativeChart, looks: list[drawn.SeriesLook], words: Wording
) -> None:
    for series, look in zip(chart.plots[0].series, looks, strict=True):
        series.smooth = False
        line = series.format.line
        if look.line:
            line.color.rgb = colour(look.colour)
            line.width = Pt(look.width)
            if look.dashed:
                line.dash_style = MSO_LINE.DASH
        else:
            line.fill.background()
        marker = series.marker
        marker.style = _MARKERS[look.marker]
        if look.marker:
            marker.size = 7 if look.line else 11
            marker.format.fill.solid()
            marker.format.fill.fore_color.rgb = colour(look.colour)
            marker.format.line.color.rgb = colour(look.colour)
    if native.kind == "line":
        _label_ends(chart, native, looks, words)


def _label_ends(
    chart: Any, native: NativeChart, looks: list[drawn.SeriesLook], words: Wording
) -> None:
    """Write each line's last value at its end, away from the other lines there."""
    ends = {}
    for place, series in enumerate(native.series):
        last = drawn.last_point(series)
        if last is not None:
            ends[place] = (last, series.values[last] or 0.0)
    if len(ends) > _MOST_ENDS:
        main = ("observed", "highlight", "nation", "target", *theme.STATUS_STYLE)
        ends = {p: e for p, e in ends.items() if native.series[p].role in main}
    # Where two lines end in one point, one number is enough: that of the last, a status.
    ends = {place: end for end, place in {end: p for p, end in ends.items()}.items()}
    for place, (last, value) in [*ends.items()][:_MOST_ENDS]:
        beside = [one.values[last] for one in native.series]
        others = [one for one in beside if one is not None and one != value]
        below = others and value < sum(others) / len(others)
        label = chart.plots[0].series[place].points[last].data_label
        label.position = LABEL.BELOW if below else LABEL.ABOVE
        label.font.size, label.font.bold = Pt(_TEXT), True
        dark = theme.contrast(f"#{looks[place].colour}", theme.PAPER) >= 4.5
        label.font.color.rgb = colour(looks[place].colour if dark else theme.INK)
        # A label's own number format: the schema wants it right behind the point's number.
        element = label._get_or_add_dLbl()
        code = escape(drawn.label_code(native, looks[place], words), {'"': "&quot;"})
        number = f'<c:numFmt xmlns:c="{_CHART_NS}" formatCode="{code}" sourceLinked="0"/>'
        element.find(f"{{{_CHART_NS}}}idx").addnext(parse_xml(number))


def _draw_bars(
    chart: Any, native: NativeChart, looks: list[drawn.SeriesLook], words: Wording
) -> None:
    plot = chart.plots[0]
    plot.gap_width = 45
    inside = drawn.is_stacked(native)
    plot.overlap = 100 if inside or drawn.takes_turns(native) else -5
    size = 11 if len(native.categories) <= 12 else 10
    for series, look in zip(plot.series, looks, strict=True):
        series.invert_if_negative = False
        fill, line = series.format.fill, series.format.line
        fill.solid()
        fill.fore_color.rgb = colour(theme.PAPER if look.hollow else look.colour)
        line.color.rgb = colour(look.colour if look.hollow else theme.PAPER)
        line.width = Pt(1.5 if look.hollow else 0.75)
        if look.hollow:
            line.dash_style = MSO_LINE.DASH
        if drawn.labelled(native):
            labels = series.data_labels
            labels.show_value = True
            labels.number_format = drawn.label_code(native, look, words)
            labels.number_format_is_linked = False
            labels.position = LABEL.CENTER if inside else LABEL.OUTSIDE_END
            labels.font.size = Pt(size)
            labels.font.color.rgb = colour(look.text_colour if inside else theme.INK)
