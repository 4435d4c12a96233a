"""Hand-made reports for the tests of pages: small, complete, and hostile on request."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import altair as alt
import pandas as pd

from delivery_analytics.model import schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.definitions import StatusRules
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.report.document import Heading, Note, Table, Text
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import key_figures
from delivery_analytics.wording.wording import open_wording

VOID = {"meta", "link", "br", "img", "input", "hr", "rect"}
# Ends a script element, opens another, closes an attribute, closes a title.
PAYLOAD = (
    "</script></title><script>document.title='pwned'</script>\"'><img src=x onerror=alert(1)>"
)
REGIONS = ["Абай", "Астана", "Ұлытау", "Шымкент", "Жетісу"]


def dataset(path: str = "data/raw/health/health_2024Q4.xlsx") -> Dataset:
    """Return a data set that holds nothing but two sources: 500 rows read, 7 set aside."""
    rows = pd.DataFrame(
        {
            "source_id": ["ab12cd34ef56", "bb12cd34ef56"],
            "path": [path, "data/raw/health/clinics.ods"],
            "sha256": ["ab12cd34ef56" + "0" * 52, "bb12cd34ef56" + "0" * 52],
            "sector_id": "health",
            "received_on": [pd.Timestamp("2024-12-28"), pd.NaT],
            "rows_read": [420, 80],
            "rows_kept": [401, 80],
            "rows_quarantined": [7, 0],
            "rows_skipped": [12, 0],
        }
    )
    registry = Registry(Workspace(Path()), "KZ", {}, {}, {}, {}, StatusRules("kz", {}, {}))
    return Dataset({"sources": schema.conform("sources", rows)}, registry, date(2024, 12, 31))


def figure(title: str = "Ulytau is last", regions: list[str] | None = None) -> Figure:
    """Return a bar chart of five regions."""
    table = pd.DataFrame({"region": regions or REGIONS, "value": [8.0, 6.5, 1.25, 4.0, None]})
    chart = (
        alt.Chart(table)
        .mark_bar()
        .encode(y=alt.Y("region:N", sort="-x"), x="value:Q", tooltip=["region:N", "value:Q"])
        .properties(width=600, height=160, title="")
    )
    return Figure(
        chart,
        title=title,
        subtitle="Clinics per 1 000 people, 2024",
        footnote="Source: clinics.ods. As of 31 December 2024.",
        alt="Bars: Abai has the most, Ulytau the fewest.",
        table=table,
        columns=(Column("region", "Region"), Column("value", "Value", "number", decimals=2)),
    )


def table(title: str = "Every indicator") -> Table:
    """Return a table with one row for each status, and a figure that is not known."""
    frame = pd.DataFrame(
        {
            "name": ["Life expectancy", "Clinics", "Mortality", "Beds", "Trust"],
            "value": [75.1, 10.0, 9.5, 1234.5, None],
            "due": [pd.Timestamp(f"2024-{month:02d}-28") for month in (12, 3, 6, 9, 11)],
            "status": list(schema.STATUSES),
            "source": ["a.xlsx, Progress!F14", "", "b.xlsx, 2024!C3", "c.xlsx, C!D4", ""],
        }
    )
    columns = (
        Column("name", "Indicator"),
        Column("value", "Value", "number"),
        Column("due", "Due", "date"),
        Column("status", "Status", "status"),
        Column("source", "Source", "source"),
    )
    return Table(frame, title, columns, note="Beds are counted at the year's end.")


def report(language: str = "en", blocks: tuple[object, ...] | None = None) -> Report:
    """Return a report with `blocks`, or with one of every kind."""
    out = Report(
        "Is this sector on track?", dataset(), open_wording(language), subtitle="Health"
    )
    for block in blocks if blocks is not None else every_block():
        out.add(block)  # type: ignore[type-var]
    return out


def every_block(text: str = "Clinics") -> tuple[object, ...]:
    """Return one block of every kind, each with `text` wherever a reader's text may stand."""
    return (
        key_figures([(text, "75.1 years", text, 75.1)], open_wording("en")),
        Heading(text),
        Text(text),
        Note(text, "illustrative"),
        Note(text, "warning"),
        table(text),
        Heading("By region"),
        figure(text, [text, *REGIONS[1:]]),
        Heading("What is missing"),
        Table(table().frame.iloc[:0], text, table().columns, empty_text=text),
        Heading("What is next"),
    )


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and the text inside each element."""

    def __init__(self, page: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.append((self._open[-1], data))

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element called `tag`."""
        return [attributes for name, attributes in self.tags if name == tag]

    def inside(self, tag: str) -> list[str]:
        """Return the texts that stand directly in elements called `tag`."""
        return [text for name, text in self.texts if name == tag]

    @property
    def text(self) -> str:
        """Everything a reader reads, with single spaces."""
        said = [text for name, text in self.texts if name not in ("script", "style")]
        return re.sub(r"[ \n]+", " ", " ".join(said))
