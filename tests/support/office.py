"""Hand-made reports for the tests of workbooks and slides: native charts, long names."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
from pptx import Presentation

from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report.document import Heading, Table, Text
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import key_figures
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import pptx
from tests.support import pages

PERIODS = ["2024-01", "2024-02", "2024-03", "2024-04"]
OBSERVED = [20.5, None, 18.25, 17.0]
EXPECTED = [20.0, 19.0, 18.0, 17.0]
LONG = "Доля населения, охваченного обязательным социальным медицинским страхованием"


def report(*blocks: object, language: str = "en", title: str = "Is it on track?") -> Report:
    """Return a report of `blocks` as known on 31 December 2024."""
    out = pages.report(language, blocks)
    out.title = title
    return out


def undated(*blocks: object) -> Report:
    """Return a report that keeps every revision and so has no day of its own."""
    out = report(*blocks)
    out.data = dataclasses.replace(out.data, as_of=None)
    return out


def line(native: bool = True, title: str = "Mortality falls too slowly") -> Figure:
    """Return a line chart of four months; the second was not reported."""
    table = pd.DataFrame({"month": PERIODS, "observed": OBSERVED, "expected": EXPECTED})
    table["place"] = [f"health.xlsx, Progress!F{row}" for row in range(5, 9)]
    chart = alt.Chart(table).mark_line().encode(x="month:N", y="observed:Q")
    drawn = NativeChart(
        "line",
        list(PERIODS),
        [Series("Observed", list(OBSERVED)), Series("Expected", list(EXPECTED), "expected")],
        axis_title="per 1 000",
        decimals=2,
    )
    return Figure(
        chart,
        title=title,
        subtitle="Infant deaths per 1 000 live births",
        footnote="Source: health.xlsx",
        alt="A line falls from 20.5 to 17.0.",
        table=table,
        columns=(
            Column("month", "Month"),
            Column("observed", "Observed", "number", decimals=2),
            Column("expected", "Expected", "number", decimals=2),
            Column("place", "Source", "source"),
        ),
        native=drawn if native else None,
        notes=("February was not reported.",),
    )


def bars(kind: str = "stacked_bar", names: list[str] | None = None) -> Figure:
    """Return counts of statuses for two sectors, long in the table and wide in the chart."""
    names = names or ["Health", "Education"]
    counts = {status: [place, place + 1] for place, status in enumerate(STATUSES)}
    rows = [
        (name, status, counts[status][i]) for i, name in enumerate(names) for status in counts
    ]
    table = pd.DataFrame(rows, columns=["sector", "status", "n"])
    series = [Series(s, [float(n) for n in values], s) for s, values in counts.items()]
    return dataclasses.replace(
        line(),
        title="Education is ahead",
        table=table,
        columns=(
            Column("sector", "Sector"),
            Column("status", "Status", "status"),
            Column("n", "Indicators", "number", decimals=0),
        ),
        native=NativeChart(kind, names, series, "indicators", 0),  # type: ignore[arg-type]
        notes=(),
    )


def table(rows: int = 5, title: str = "Every indicator", name: str = "Indicator") -> Table:
    """Return a table with a column of every kind."""
    frame = pd.DataFrame(
        {
            "name": [f"{name} {n}" for n in range(rows)],
            "value": [1234.5 + n if n != 1 else None for n in range(rows)],
            "share": [47.25 + n for n in range(rows)],
            "money": [15_050_000_000_000.0 + n for n in range(rows)],
            "due": pd.to_datetime(["2024-12-31"] * rows),
            "period": ["2024-Q2"] * rows,
            "status": [STATUSES[n % 5] for n in range(rows)],
            "place": [f"health.xlsx, Progress!F{n}" for n in range(rows)],
        }
    )
    columns = (
        Column("name", "Indicator"),
        Column("value", "Value", "number", decimals=2, unit="years"),
        Column("share", "Executed", "percent"),
        Column("money", "Budget", "money", unit="KZT"),
        Column("due", "Due", "date"),
        Column("period", "Period", "period"),
        Column("status", "Status", "status"),
        Column("place", "Source", "source"),
    )
    return Table(frame, title, columns, note="As sent.")


def headlines(count: int = 4, text: str = "Indicators on track") -> Table:
    """Return `count` key figures."""
    figures = [(text, f"{n} / 9", "of those judged", n) for n in range(count)]
    return key_figures(figures, open_wording("en"))


def deck(tmp_path: Path, *blocks: object, **options: str) -> Any:
    """Write a report of `blocks` as slides, and open those that are presented."""
    path = tmp_path / "report.pptx"
    pptx.write(report(*blocks, **options), path)
    return Presentation(str(path))


def appendix(tmp_path: Path) -> Any:
    """Open the appendix of the deck that was written last."""
    return Presentation(str(tmp_path / "report.appendix.pptx"))


def titles(slides: Any) -> list[str]:
    """Return the titles of a deck's slides."""
    return [slide.shapes.title.text_frame.text for slide in slides.slides]


def titled(slides: Any, title: str) -> Any:
    """Return the slide of that title."""
    return next(s for s in slides.slides if s.shapes.title.text_frame.text == title)


def is_empty(slide: Any) -> bool:
    """Say whether a slide has no chart, no picture, no table of two rows and few words."""
    letters = sum(map(len, texts(slide)))
    rows = [len(shape.table.rows) - 1 for shape in slide.shapes if shape.has_table]
    drawn = [shape for shape in slide.shapes if shape.has_chart or shape.shape_type == 13]
    return not drawn and max(rows, default=0) < 2 and letters < 220


def titled_table(book: Any, title: str) -> list[Any]:
    """Return the rows of a workbook's table, as its contents lead there, headings first."""
    rows = book.worksheets[0].iter_rows(max_col=3)
    place = next(row[2].hyperlink.location for row in rows if row[0].value == title)
    name, _, row = place.rpartition("!A")
    sheet = book[name.strip("'")]
    refs = {sheet[one.ref][0][0].row: one.ref for one in sheet.tables.values()}
    return list(sheet[refs[min(top for top in refs if top > int(row))]])


def unreadable(sheet: Any) -> list[str]:
    """Return the cells of a sheet whose number is wider than their column: ``####``."""
    found, widths = [], {}
    for one in sheet.column_dimensions.values():
        widths |= dict.fromkeys(range(one.min or 1, (one.max or 1) + 1), one.width)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                decimals = cell.number_format.partition(".")[2].count("0")
                text = f"{cell.value:,.{decimals}f}" if "#" in cell.number_format else ""
                found += [cell.coordinate] * (len(text) >= widths.get(cell.column, 8.43))
    return found


def cells(slides: Any) -> set[str]:
    """Return the texts of the cells, of the frames and of the notes of a deck."""
    found = set()
    for slide in slides.slides:
        found |= {
            cell.text for s in slide.shapes if s.has_table for cell in s.table.iter_cells()
        }
        found |= {*texts(slide), slide.notes_slide.notes_text_frame.text}
    return found


def texts(slide: Any) -> list[str]:
    """Return the texts of a slide, one a frame."""
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def tables(slides: Any) -> list[Any]:
    """Return the tables of a deck but the last, which lists its sources."""
    return [s.table for slide in slides.slides for s in slide.shapes if s.has_table][:-1]


# As long as names get in Russian, and longer.
LONG_BLOCKS = (
    Heading(LONG * 3),
    headlines(8, LONG),
    Text(LONG),
    line(title=f"{LONG} {LONG} {LONG}"),
    table(25, title=LONG * 2, name=LONG * 3),
    table(3, name="Поручить министерству совместно с акиматами " * 60),
)
