import dataclasses
import io
import re
import time
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_TICK_LABEL_POSITION
from pptx.util import Emu

from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.report.document import Brief, Heading, Note, Table, Text
from delivery_analytics.report.figure import Column, NativeChart, Series
from delivery_analytics.wording.codes import TABLES
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import pptx, text_width
from delivery_analytics.writers.pptx import choice
from tests.support import office

BLOCKS = (
    Heading("At a glance"),
    office.headlines(),
    Heading("Trajectories"),
    office.line(),
    office.bars(),
    Heading("Everything"),
    office.table(30),
)


def chart_of(slide):
    return next(shape for shape in slide.shapes if shape.has_chart).chart


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


def description(shape):
    return shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_a_deck_is_16_by_9_in_fonts_and_colours_of_its_own(tmp_path):
    deck = office.deck(tmp_path, *BLOCKS)
    with zipfile.ZipFile(tmp_path / "report.pptx") as package:
        theme_xml = package.read("ppt/theme/theme1.xml").decode()
        size = re.search("<p:sldSz[^>]*>", package.read("ppt/presentation.xml").decode())[0]

    assert round(deck.slide_width / deck.slide_height, 3) == 1.778
    assert "4x3" not in size
    assert re.findall(r'<a:latin typeface="(\w+)"', theme_xml) == ["Arial", "Arial"]
    assert f'<a:accent1><a:srgbClr val="{theme.DARK_BLUE[1:]}"' in theme_xml
    assert [one.name for one in deck.slide_layouts] == [
        "Chart",
        "Chart and text",
        "Open",
        "Text",
    ]


def test_one_slide_says_one_thing_and_its_title_is_the_finding(tmp_path):
    deck = office.deck(tmp_path, *BLOCKS)

    assert office.titles(deck) == [
        "Key figures",
        "Mortality falls too slowly",
        "Education is ahead",
        "Every indicator (first 14 of 30)",
        "2 files were read; 7 rows not accepted",
    ]
    assert office.titles(office.appendix(tmp_path)) == [
        "Every indicator (1/2)",
        "Every indicator (2/2)",
        "2 files were read; 7 rows not accepted",
    ]


def test_every_row_of_every_table_is_in_the_deck_or_in_its_appendix(tmp_path):
    tables = [office.table(n, title=f"Of {n}", name=f"{n} rows,") for n in (1, 2, 13, 45, 70)]
    wide = Table(
        pd.DataFrame({f"c{n}": [f"wide {n}-{row}" for row in range(3)] for n in range(20)})
    )
    deck = office.deck(tmp_path, *tables, wide, office.headlines(9))
    shown = office.cells(deck) | office.cells(office.appendix(tmp_path))

    told = "\n".join(shown)
    for n in (1, 2, 13, 45, 70):
        assert all(f"{n} rows, {row}" in told for row in range(n))
    assert all(f"wide {n}-{row}" in told for n in range(20) for row in range(3))
    assert not [one for one in shown if one.endswith("…")]


def test_a_deck_has_twelve_slides_at_most_and_none_is_empty(tmp_path):
    blocks = [office.line(title=f"Finding {n}") for n in range(20)]
    deck = office.deck(tmp_path, Text("Few words."), office.table(1), *blocks, office.table(40))
    appendix = office.appendix(tmp_path)

    assert len(deck.slides) <= 12
    assert not [slide for slide in [*deck.slides, *appendix.slides] if office.is_empty(slide)]
    found = [
        one for one in [*office.titles(deck), *office.titles(appendix)] if "Finding" in one
    ]
    assert sorted(found) == sorted(f"Finding {n}" for n in range(20))


def test_a_report_of_a_few_words_is_one_slide_and_no_appendix(tmp_path):
    deck = office.deck(tmp_path, Text("All is well."))

    assert office.titles(deck)[0] == "Is it on track?"
    assert not (tmp_path / "report.appendix.pptx").exists()


def test_a_chart_is_native_and_holds_the_values_of_the_frame_with_gaps_as_gaps(tmp_path):
    chart = chart_of(
        office.titled(office.deck(tmp_path, *BLOCKS), "Mortality falls too slowly")
    )
    figure = office.line()

    assert list(chart.plots[0].categories) == office.PERIODS
    drawn = {series.name: list(series.values) for series in chart.plots[0].series}
    assert drawn["Expected"] == figure.table["expected"].tolist()
    assert drawn["Observed"] == office.OBSERVED
    assert '<c:dispBlanksAs val="gap"/>' in chart.part.blob.decode()
    assert "#,##0.00" in chart.part.blob.decode()


def test_the_data_behind_a_chart_can_be_edited_and_hold_no_formula(tmp_path):
    figure = office.bars(names=["=1+1", "@cmd"])
    figure.native.series[0] = Series("=HYPERLINK(1)", [1.0, 2.0], "actual")
    chart = chart_of(office.titled(office.deck(tmp_path, figure), "Education is ahead"))
    blob = chart.part.chart_workbook.xlsx_part.blob

    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        sheet_xml = package.read("xl/worksheets/sheet1.xml").decode()
        assert "2024-12-31T00:00:00Z" in package.read("docProps/core.xml").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(blob))["Sheet1"]
    assert "<f>" not in sheet_xml
    assert [sheet["A2"].value, sheet["A3"].value] == ["=1+1", "@cmd"]
    assert [sheet["B1"].value, sheet["B2"].value] == ["=HYPERLINK(1)", 1]
    assert "Sheet1!$B$2:$B$3" in chart.part.blob.decode()


def test_a_status_in_a_chart_is_colour_shape_and_word(tmp_path):
    chart = chart_of(office.titled(office.deck(tmp_path, *BLOCKS), "Education is ahead"))

    for status, series in zip(STATUSES, chart.plots[0].series, strict=True):
        style = theme.STATUS_STYLE[status]
        assert series.name == f"{style.glyph} {status}"
        assert str(series.format.fill.fore_color.rgb) == style.colour[1:]
        assert series.data_labels.number_format.startswith(f'[$-809]"{style.glyph} "')
        assert str(series.data_labels.font.color.rgb) == style.text_colour[1:]
    assert chart.has_legend


def test_the_first_bar_stands_on_top_and_bars_begin_at_zero(tmp_path):
    for kind in ("bar", "column", "stacked_column"):
        chart = chart_of(
            office.titled(office.deck(tmp_path, office.bars(kind)), "Education is ahead")
        )
        assert chart.category_axis.reverse_order == (kind == "bar")
        assert chart.value_axis.minimum_scale == 0


def test_only_the_last_value_of_a_line_is_written_at_it(tmp_path):
    chart = chart_of(
        office.titled(office.deck(tmp_path, office.line()), "Mortality falls too slowly")
    )
    labels = re.findall(r'<c:dLbl><c:idx val="(\d+)"/>', chart.part.blob.decode())

    # Both lines end in one point, where one number is enough.
    assert labels == ["3"]
    assert not re.search(
        r"</c:dLbl><c:showLegendKey[^>]*><c:showVal val=.1", chart.part.blob.decode()
    )


def test_every_chart_table_and_picture_has_a_text_alternative(tmp_path):
    deck = office.deck(tmp_path, *BLOCKS, office.line(native=False, title="A picture"))
    slides = [*deck.slides, *office.appendix(tmp_path).slides]
    shapes = [shape for slide in slides for shape in slide.shapes]
    drawn = [s for s in shapes if s.has_chart or s.has_table or s.shape_type == 13]

    assert len(drawn) == 9
    assert all(description(shape) for shape in drawn)
    alt = [description(shape) for shape in drawn if shape.has_chart]
    assert alt == ["A line falls from 20.5 to 17.0."] * 2


def test_a_chart_without_a_native_kind_is_a_picture_with_its_figures_in_the_notes(tmp_path):
    slide = office.titled(
        office.deck(tmp_path, office.line(native=False)), "Mortality falls too slowly"
    )
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]

    assert picture.image.content_type == "image/png"
    assert picture.left + picture.width <= Emu(12192000)
    assert "2024-03 | 18.25 | 18.00 | health.xlsx, Progress!F7" in notes(slide)
    assert "2024-02 | – | 19.00" in notes(slide)


def test_a_chart_with_nothing_to_draw_breaks_no_deck(tmp_path):
    figure = office.line()
    figure.native.categories.clear()
    odd = office.bars("column")
    odd.native.series[0] = Series("odd", [float("nan"), float("inf")])

    deck = office.deck(tmp_path, figure, odd)

    chart = chart_of(office.titled(deck, "Education is ahead"))
    assert list(chart.plots[0].series[0].values) == [None, None]


def test_every_slide_has_notes_a_number_and_the_day_it_is_known_by(tmp_path):
    deck = office.deck(tmp_path, *BLOCKS)
    words = open_wording("en")
    day = words("Data as at {day}", day=words.date(datetime(2024, 12, 31).date()))
    sections = ["At a glance", "Trajectories", "Trajectories", "Everything", "Sources"]

    for slide, section in zip(deck.slides, sections, strict=True):
        assert notes(slide).startswith(slide.shapes.title.text_frame.text)
        assert 'type="slidenum"' in slide.part.blob.decode()
        [foot] = [one for one in slide.placeholders if one.placeholder_format.idx == 20]
        assert foot.text_frame.text == f"Health · {section} · {day}"
        assert [run.font.bold for run in foot.text_frame.paragraphs[0].runs] == [True, None]


def test_the_notes_say_where_figures_come_from_one_line_a_file(tmp_path):
    deck = office.deck(tmp_path, *BLOCKS)
    said = notes(office.titled(deck, "Mortality falls too slowly"))

    assert "health.xlsx: Progress!F5; Progress!F6; Progress!F7; Progress!F8" in said
    assert "February was not reported." in said
    appendix = office.appendix(tmp_path)
    assert "Progress!F16" not in notes(office.titled(appendix, "Every indicator (1/2)"))
    assert "Progress!F16" in notes(office.titled(appendix, "Every indicator (2/2)"))
    assert f"clinics.ods – SHA-256 bb12cd34ef56{'0' * 52}" in notes(deck.slides[-1])


def test_text_beside_a_chart_stands_on_its_slide_and_a_wall_of_text_in_the_notes(tmp_path):
    wall = "The fall has slowed. " + "Three regions explain most of it. " * 40
    deck = office.deck(tmp_path, Text("It slowed."), office.line(), Heading("Next"), Text(wall))

    assert "It slowed." in office.texts(office.titled(deck, "Mortality falls too slowly"))
    slide = office.titled(deck, "Next")
    (shown,) = [
        text for text in office.texts(slide) if text.startswith("The fall has slowed. Three")
    ]
    assert len(shown) <= 300 and shown.endswith("explain most of it.")
    assert wall.strip() in notes(slide)


def test_what_is_illustrative_is_said_beside_the_figure(tmp_path):
    mark = "The targets are invented for the example."
    deck = office.deck(tmp_path, office.line(), Note(mark, "illustrative"))

    assert any(
        mark in text for text in office.texts(office.titled(deck, "Mortality falls too slowly"))
    )


def test_key_figures_are_a_table_with_label_value_and_note(tmp_path):
    slide = office.titled(office.deck(tmp_path, office.headlines(9)), "Key figures")
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert len(rows) == 10
    assert rows[4] == ["Indicators on track", "3 / 9", "of those judged"]


HOSTILE = "=cmd|' /C calc'!A0 \ud800\ufffe\x00\x0b<a:t>&\u202e \n\t\r" + "Ж" * 300


def test_hostile_text_breaks_no_slide(tmp_path):
    figure = office.line(title=HOSTILE)
    figure.native.categories[0] = HOSTILE
    frame = pd.DataFrame({"t": pd.Series([HOSTILE, "x" * 50_000], dtype=object)})
    table = Table(frame, HOSTILE, (Column("t", HOSTILE),), note=HOSTILE)
    blocks = (Heading(HOSTILE), Text(HOSTILE), figure, table, office.headlines(2, HOSTILE))

    deck = office.deck(tmp_path, *blocks, Note(HOSTILE, "warning"), title=HOSTILE)

    assert len(deck.slides) + len(office.appendix(tmp_path).slides) >= 5
    [(number, chart)] = [
        (number, chart_of(slide))
        for number, slide in enumerate(deck.slides, 1)
        if any(shape.has_chart for shape in slide.shapes)
    ]
    assert "\ufffd" in chart.plots[0].categories[0]
    with zipfile.ZipFile(tmp_path / "report.pptx") as package:
        slide = package.read(f"ppt/slides/slide{number}.xml").decode()
    assert "&lt;a:t&gt;&amp;" in slide and "\u202e" not in slide


def test_no_text_is_taller_than_its_frame_however_long_it_is(tmp_path):
    deck = office.deck(tmp_path, *office.LONG_BLOCKS, language="ru", title=office.LONG * 4)

    for slide in deck.slides:
        for holder in slide.placeholders:
            if not holder.has_text_frame or not holder.text_frame.text:
                continue
            sizes = [r.font.size for p in holder.text_frame.paragraphs for r in p.runs]
            size = sizes[0].pt if sizes and sizes[0] else 10
            room, tall = Emu(holder.width).pt, Emu(holder.height).pt
            assert text_width.height(holder.text_frame.text, room, size) <= tall, holder.name


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_run_of_text_says_its_language(tmp_path, language):
    office.deck(tmp_path, *BLOCKS, language=language)
    with zipfile.ZipFile(tmp_path / "report.pptx") as package:
        slides = [
            package.read(name).decode()
            for name in package.namelist()
            if re.fullmatch(r"ppt/(slides|notesSlides)/\w+\.xml", name)
        ]

    found = {lang for text in slides for lang in re.findall(r'<a:rPr lang="(\w\w)-', text)}
    assert found == {language}


def test_the_same_report_gives_the_same_bytes_on_any_day(tmp_path, monkeypatch):
    report = office.report(*BLOCKS, office.line(native=False))
    paths = [tmp_path / "one.pptx", tmp_path / "two.pptx"]
    pptx.write(report, paths[0])
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
    pptx.write(report, paths[1])

    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", core)) == {"2024-12-31T00:00:00"}


def test_the_deck_names_its_title_and_no_author_but_this_package(tmp_path):
    core = office.deck(tmp_path, *BLOCKS).core_properties

    assert (core.title, core.subject) == ("Is it on track?", "Health")
    assert core.author == core.last_modified_by == "delivery_analytics"
    assert core.created == datetime(2024, 12, 31) == core.modified.replace(tzinfo=None)
    assert core.comments == ""
    with zipfile.ZipFile(tmp_path / "report.pptx") as package:
        assert not [n for n in package.namelist() if "thumbnail" in n or "printer" in n]


def test_a_native_chart_of_one_series_needs_no_legend(tmp_path):
    figure = office.bars("column")
    series = [Series("Spent", [1.0, 2.0], "actual")]
    figure = type(figure)(
        **{**vars(figure), "native": NativeChart("column", ["a", "b"], series)}
    )

    chart = chart_of(office.titled(office.deck(tmp_path, figure), "Education is ahead"))

    assert not chart.has_legend
    # Each value stands at its bar, and the axis says in which unit.
    assert chart.value_axis.tick_label_position == XL_TICK_LABEL_POSITION.NONE


def test_a_table_without_a_sentence_says_its_figures_in_its_title(tmp_path):
    words = open_wording("en")
    frame = pd.DataFrame({"name": ["Health", "Roads"], "execution_percent": [97.2, 85.7]})
    columns = (Column("name", "Sector"), Column("execution_percent", "Execution", "percent"))
    spent = Table(frame, "Spending by sector", columns, name="spending")
    states = Table(
        pd.DataFrame({"state_name": ["overdue", "later", "overdue"]}),
        "Milestones",
        (Column("state_name", "State"),),
        name="milestones",
    )

    assert choice.finding(spent, words) == ("Spending by sector: Roads, execution 85.7%")
    assert choice.finding(states, words) == "Milestones: overdue 2, later 1"


def test_what_titles_of_tables_are_made_of_are_columns_of_theirs():
    for name, how in choice._FINDINGS.items():
        columns = TABLES[name]["columns"]
        assert {*how.get("first", ()), *how.get("sums", ())} <= {*columns}, name
        assert how.get("counts", next(iter(columns))) in columns, name


def test_an_indicator_nothing_was_promised_of_is_no_exhibit_of_a_judged_report(tmp_path):
    keys = ["health.promised", "health.not"]
    lines = (
        dataclasses.replace(office.line(title=key), name="trajectory", about=key)
        for key in keys
    )
    rows = pd.DataFrame({"indicator_id": keys[:1], "name": "P", "facts": "1", "status": ""})
    brief = Brief("One is at risk", rows=Table(rows, "", (Column("name", "Indicator"),)))
    report = office.report(brief, *lines)
    tables = {**report.data.tables, "targets": rows[["indicator_id"]]}
    report.data = dataclasses.replace(report.data, tables=tables)
    pptx.write(report, tmp_path / "report.pptx")

    deck = Presentation(str(tmp_path / "report.pptx"))
    assert "health.not" not in office.titles(deck)
    assert "health.promised" in office.titles(deck)
    assert "health.not" in office.titles(office.appendix(tmp_path))
