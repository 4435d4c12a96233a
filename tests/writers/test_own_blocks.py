"""Whatever an analyst adds is found again in every format, by reading the files."""

import dataclasses
import io
import zipfile
from typing import get_args

import altair as alt
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from delivery_analytics import writers
from delivery_analytics.report.document import (
    Block,
    Brief,
    Bullets,
    Heading,
    Note,
    Picture,
    Table,
    Text,
)
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import open_wording
from tests.support import office, pages

FORMATS = ("html", "xlsx", "pptx", "pdf")
ROWS = pd.DataFrame(
    {
        "region": ["Abai", "Astana", "Ulytau", "Abai", "Astana", "Ulytau"],
        "year": [2023, 2023, 2023, 2024, 2024, 2024],
        "clinics": [41.5, 52.25, 13.75, 44.5, 58.25, 17.75],
    }
)
CHART = alt.Chart(ROWS, title="Ulytau catches up")
MARKDOWN = """## Why it falls

Two **mobile clinics** came, see [the order](https://gov.example/17) <b>now</b>.

- Abai asks for *more*
  1. first inner
- Ulytau does not

3. third point
4. fourth point

> A minister said so

    code stays
"""


def png(colour="#118833"):
    file = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def read(tmp_path):
    """Write a report of what is added in one format, and return its file and all it says."""

    def said(ending, *items, language="en", **beside):
        report = office.report(language=language)
        for item in items:
            report.add(item, **beside)
        path, *_ = writers.write(report, tmp_path, [ending])
        return path, " ".join(texts(path).split())

    return said


def texts(path):
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
        return "\n".join(str(value) for value in cells if value is not None)
    if path.suffix == ".pptx":
        found = []
        for slide in Presentation(str(path)).slides:
            found.append(slide.notes_slide.notes_text_frame.text)
            for shape in slide.shapes:
                found.append(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")
                if shape.has_text_frame:
                    found.append(shape.text_frame.text)
                if shape.has_table:
                    found += [cell.text for cell in shape.table.iter_cells()]
                if shape.has_chart:
                    for series in shape.chart.plots[0].series:
                        found += [series.name, *map(str, series.values)]
                    found += map(str, shape.chart.plots[0].categories)
        return "\n".join(found)
    if path.suffix == ".pdf":
        return "\n".join(one.extract_text() for one in PdfReader(path).pages).replace(
            "\u200b", ""
        )
    found = pages.Elements(path)
    described = (one.get("alt") or one.get("aria-label", "") for _, one in found.tags)
    return found.text + " " + " ".join(described)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_dataframe_is_found_again_with_its_headings_and_numbers(read, ending):
    frame = ROWS.pivot(index="region", columns="year", values="clinics")
    _, text = read(ending, frame, title="Clinics by region")

    for said in ("Clinics by region", "region", "2023", "2024", "Abai", "Ulytau"):
        assert said in text
    for figure in ("41.5", "58.25"):
        assert figure in text


@pytest.mark.parametrize("ending", FORMATS)
def test_a_markdown_text_is_found_again_as_text_and_never_as_markup(read, ending):
    path, text = read(ending, MARKDOWN)

    for said in (
        *("Why it falls", "mobile clinics", "the order (https://gov.example/17) <b>now</b>"),
        *("Abai asks for more", "first inner", "Ulytau does not", "third point"),
        *("fourth point", "A minister said so", "code stays"),
    ):
        assert said in text, said
    if ending == "html":
        assert "mobile clinics" in pages.Elements(path).inside("strong")
        assert {"ul", "ol"} <= {tag for tag, _ in pages.Elements(path).tags}
    if ending == "pptx":
        runs = [
            run
            for slide in Presentation(str(path)).slides
            for shape in slide.shapes
            if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs
            for run in paragraph.runs
        ]
        assert "mobile clinics" in [run.text for run in runs if run.font.bold]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_picture_is_found_again_with_what_it_shows(read, ending, tmp_path):
    (tmp_path / "clinic.png").write_bytes(png())
    path, text = read(ending, tmp_path / "clinic.png", title="The new clinic", alt="A house")

    assert "The new clinic" in text
    if ending != "pdf":  # which has it as a tag
        assert "A house" in text
    if ending == "pdf":
        assert [one.image.size for one in PdfReader(path).pages[0].images] == [(40, 20)]
    elif ending == "html":
        assert "data:image/png;base64," in path.read_text(encoding="utf-8")
    else:
        assert any("media/" in name for name in zipfile.ZipFile(path).namelist())


@pytest.mark.parametrize("ending", FORMATS)
def test_an_altair_chart_is_found_again_with_its_figures(read, ending):
    chart = CHART.mark_bar().encode(x="region:N", y="clinics:Q", color="year:N")
    path, text = read(ending, chart, unit="a million people", source="ministry.xlsx")

    for said in ("Ulytau catches up", "a million people", "ministry.xlsx", "Ulytau", "17.75"):
        assert said in text, said
    if ending in ("xlsx", "pptx"):
        assert any("charts/chart" in name for name in zipfile.ZipFile(path).namelist())


@pytest.mark.parametrize("ending", FORMATS)
def test_a_chart_that_office_cannot_draw_is_a_picture_with_its_figures(read, ending):
    chart = CHART.mark_bar().encode(x="region:N", y="sum(clinics):Q")
    path, text = read(ending, chart)

    assert "Ulytau" in text and "17.75" in text
    if ending in ("xlsx", "pptx"):
        names = zipfile.ZipFile(path).namelist()
        assert any("media/" in name for name in names)
        assert not any("charts/chart" in name for name in names)


def every_kind():
    """Return a block of every kind, each with a word of its own."""
    table = office.table(3, title="tableword")
    cells = {
        "indicator_id": "i",
        "name": "nameword",
        "status": "at_risk",
        "facts": "factword",
        "reason": "whyword",
    }
    rows = pd.DataFrame([{**cells, "who": "whoword", "ask": "askword"}])
    told = table_of("brief", rows, open_wording("en"))
    return {
        Brief: Brief("answerword", "leadword", {"at_risk": 1}, told, money="moneyword"),
        Heading: Heading("headingword"),
        Text: Text("textword"),
        Bullets: Bullets((Text("pointword"), Bullets((Text("innerword"),), 4))),
        Note: Note("noteword"),
        Table: dataclasses.replace(table, note="remarkword"),
        Figure: office.line(title="figureword"),
        Picture: Picture(png(), "pictureword", "altword"),
    }


@pytest.mark.parametrize("ending", writers.available())
@pytest.mark.parametrize("kind", get_args(Block), ids=lambda kind: kind.__name__)
def test_no_kind_of_block_is_dropped_by_any_format(read, kind, ending):
    _, text = read(ending, every_kind()[kind])

    for word in ("headingword", "textword", "pointword", "innerword", "noteword", "labelword",
                 "valueword", "tableword", "remarkword", "figureword", "pictureword", "answerword",
                 "leadword", "nameword", "factword", "whyword", "whoword", "askword",
                 "moneyword"):  # fmt: skip
        if word in repr(every_kind()[kind]):
            assert word in text, word


@pytest.mark.parametrize("ending", writers.available())
def test_headings_and_texts_are_told_wherever_they_stand(read, ending):
    names = [f"word{n}" for n in range(9)]
    items = [Heading(names[0]), Heading(names[1], 3), office.table(2, title=names[2])]
    items += [Heading(names[3]), Text(names[4]), Picture(png(), names[5]), Heading(names[6])]
    items += [office.line(title=names[7]), Heading(names[8])]
    _, text = read(ending, *items)

    assert [name for name in names if name not in text] == []


def dressed():
    frame = ROWS.pivot(index="region", columns="year", values="clinics").reset_index()
    frame["part"] = ["North", "South", "North"]
    return Table(
        frame,
        title="Dressed",
        groups="part",
        columns={
            "region": "Region",
            2023: {"kind": "percent", "spanner": "Clinics built", "bar": True},
            2024: {
                "kind": "percent",
                "spanner": "Clinics built",
                "marks": [("<", 20, "off_track"), ("<", 45, "at_risk")],
            },
        },
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_what_dresses_a_table_is_seen_in_every_format(read, ending):
    path, text = read(ending, dressed())

    for said in ("Clinics built", "North", "South", "2023", "Ulytau"):
        assert said in text
    if ending == "html":
        tags = pages.Elements(path).tags
        heads = [one for tag, one in tags if tag == "th"]
        assert [one["colspan"] for one in heads if one.get("class") == "spanner"] == ["2"]
        assert len([one for one in heads if one.get("class") == "group"]) == 2
        assert len([one for _, one in tags if one.get("class") == "share"]) == 3
        marks = [one["class"] for _, one in tags if one.get("class", "").startswith("chip")]
        assert marks == ["chip status-at_risk", "chip status-off_track"]
    elif ending == "xlsx":
        sheet = openpyxl.load_workbook(path)["Dressed"]
        [merged] = sheet.merged_cells.ranges
        assert sheet[merged.coord.partition(":")[0]].value == "Clinics built"
        kinds = [rule.type for one in sheet.conditional_formatting for rule in one.rules]
        assert sorted(kinds) == ["cellIs", "cellIs", "containsBlanks", "dataBar"]
    elif ending == "pptx":
        [table] = office.tables(Presentation(str(path)))
        [origin] = [one for one in table.iter_cells() if one.is_merge_origin]
        assert (origin.text, origin.span_width) == ("Clinics built", 2)
        bars = [one for one in table.iter_cells() if one._tc.xpath(".//a:gradFill")]
        assert len(bars) == 3
        assert {"▲ 44.50%", "■ 17.75%"} <= {one.text for one in table.iter_cells()}
    else:
        assert "▲" in text and "■" in text
