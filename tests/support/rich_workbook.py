"""A return as a sender may dress it: charts, pictures, shapes, formats, lists, comments."""

import io
from pathlib import Path
from typing import Any

import xlsxwriter
from PIL import Image

CHARTS = ("column", "line", "pie", "scatter", "area", "doughnut", "radar", "bar")


def write(path: Path, *rows: list[object], macros: Path | None = None) -> Path:
    """Write `rows`, the first of headings, dressed with whatever Excel's users like."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Progress")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        for kind in CHARTS:
            sheet.insert_chart(10, 8, _chart(book, kind))
        for kind in ("PNG", "JPEG"):
            content = io.BytesIO()
            Image.new("RGB", (40, 30), "red").save(content, kind)
            options = {"image_data": content, "description": f"A logo as {kind}"}
            sheet.insert_image(20, 1, f"logo.{kind.lower()}", options)
        _dress(book, sheet)
        book.add_worksheet("Lists").write_column(0, 0, ["a", "b"])
        book.define_name("answers", "=Lists!$A$1:$A$2")
        alone: Any = book.add_chartsheet("A chart alone")
        alone.set_chart(_chart(book, "column"))
        if macros:
            book.add_vba_project(str(macros))
    return path


def _chart(book: Any, kind: str) -> Any:
    chart = book.add_chart({"type": kind})
    chart.add_series(
        {
            "name": "=Progress!$C$1",
            "categories": "=Progress!$A$2:$A$3",
            "values": "=Progress!$C$2:$C$3",
            "fill": {"color": "#FF0000"},
            "data_labels": {"value": True, "num_format": "0.0"},
        }
    )
    chart.set_title({"name": f"As {kind}", "name_font": {"name": "Arial", "size": 12}})
    if kind not in ("pie", "doughnut"):
        chart.set_y_axis({"name": "per cent", "min": 0, "max": 100, "num_format": "0"})
    return chart


def _dress(book: Any, sheet: Any) -> None:
    red, bold = book.add_format({"bg_color": "#FFC7CE"}), book.add_format({"bold": True})
    rules = (
        {"type": "cell", "criteria": ">", "value": 50, "format": red},
        {"type": "data_bar"},
        {"type": "icon_set", "icon_style": "3_traffic_lights"},
        {"type": "2_color_scale"},
        {"type": "formula", "criteria": "=LEN(A2)>5", "format": bold},
    )
    for rule in rules:
        sheet.conditional_format("C2:C9", rule)
    lists = {"validate": "list", "source": ["2023", "2024"], "error_message": "A year, please"}
    sheet.data_validation("B2:B9", lists)
    sheet.data_validation("F2:F9", {"validate": "list", "source": "=Lists!$A$1:$A$2"})
    between = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    sheet.data_validation("C2:C9", between)
    sheet.write_comment("A2", "Ask the region")
    sheet.insert_textbox("J30", "A shape that says something")
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.print_area("A1:F9")
