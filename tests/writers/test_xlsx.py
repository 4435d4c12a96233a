import io
import re
import warnings
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.report.document import Heading, Note, Table, Text
from delivery_analytics.report.figure import Column, Series
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import xlsx
from delivery_analytics.writers.xlsx.sheets import LONGEST_TEXT, cut, sheet_name
from tests.support import office

HOSTILE = [
    '=HYPERLINK("http://evil.invalid","x")',
    "+1+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "http://evil.invalid",
    "a\ud800b",
    "c\ufffe\x00d",
    "_x0041_",
    "{=1+1}",
]


def written(tmp_path, report):
    path = tmp_path / "report.xlsx"
    xlsx.write(report, path)
    return openpyxl.load_workbook(path)


def raw(tmp_path):
    with zipfile.ZipFile(tmp_path / "report.xlsx") as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def heading_row(sheet):
    return int(re.match(r"A(\d+)", sheet.auto_filter.ref)[1])


def column(sheet, label):
    top = heading_row(sheet)
    heads = [cell.value for cell in sheet[top]]
    place = heads.index(label) + 1
    last = int(re.search(r"\d+$", sheet.auto_filter.ref)[0])
    return [sheet.cell(row, place) for row in range(top + 1, last + 1)]


def test_numbers_and_dates_are_written_as_such_with_their_formats(tmp_path):
    sheet = written(tmp_path, office.report(office.table()))["Every indicator"]

    def value(label):
        cell = column(sheet, label)[0]
        return cell.value, cell.number_format

    assert value("Value, years") == (1234.5, "#,##0.00")
    assert value("Executed, %") == (47.25, "#,##0.0")
    assert value("Budget, ₸") == (15_050_000_000_000, "#,##0")
    assert value("Due") == (datetime(2024, 12, 31), "d mmm yyyy")
    assert value("Period")[0] == open_wording("en").period("2024-Q2")
    assert value("Source")[0] == "health.xlsx, Progress!F0"


def test_a_missing_value_is_an_empty_cell_and_the_sheet_says_so(tmp_path):
    sheet = written(tmp_path, office.report(office.table()))["Every indicator"]

    assert [c.value for c in column(sheet, "Value, years")[:3]] == [1234.5, None, 1236.5]
    assert "An empty cell: no figure." in [row[0].value for row in sheet.iter_rows()]


def test_a_figure_without_agreed_decimals_shows_those_it_has(tmp_path):
    frame = pd.DataFrame({"v": [12.0, 0.5, 1234.5678]})
    table = Table(frame, "T", (Column("v", "V", "number", decimals=None),))

    cells = column(written(tmp_path, office.report(table))["T"], "V")

    assert [c.number_format for c in cells] == ["#,##0", "#,##0.0", "#,##0.000"]
    assert [c.value for c in cells] == [12, 0.5, 1234.5678]


def test_a_status_is_shape_and_word_and_coloured_by_a_rule_on_that_very_text(tmp_path):
    sheet = written(tmp_path, office.report(office.table()))["Every indicator"]
    texts = [cell.value for cell in column(sheet, "Status")]
    words = open_wording("en")
    assert texts == [f"{theme.STATUS_STYLE[s].glyph} {words.status(s)}" for s in STATUSES]

    colours = {}
    for rules in sheet.conditional_formatting:
        for rule in rules.rules:
            colours[rule.formula[0].strip('"')] = rule.dxf.fill.bgColor.rgb
    assert colours == {
        text: f"FF{theme.STATUS_STYLE[status].colour[1:]}"
        for text, status in zip(texts, STATUSES, strict=True)
    }


def test_headings_are_frozen_filtered_and_repeated_on_every_printed_page(tmp_path):
    sheet = written(tmp_path, office.report(office.table(60)))["Every indicator"]
    top = heading_row(sheet)

    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.auto_filter.ref == f"A{top}:H{top + 60}"
    assert sheet.print_title_rows == f"${top}:${top}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0


def test_long_text_wraps_in_a_column_of_bounded_width_and_its_row_makes_room(tmp_path):
    report = office.report(office.table(3, name=office.LONG * 2), language="ru")
    sheet = written(tmp_path, report)["Every indicator"]
    cell = column(sheet, "Indicator")[0]

    assert cell.alignment.wrap_text
    assert 40 <= sheet.column_dimensions["A"].width <= 62
    assert sheet.row_dimensions[cell.row].height > 2.5 * 10


def test_text_that_was_sent_never_becomes_a_formula_or_a_link(tmp_path):
    frame = pd.DataFrame({"t": pd.Series(HOSTILE, dtype=object), "n": HOSTILE_NUMBERS})
    columns = (Column("t", "=1+1"), Column("n", "@N", "number"))
    title = "=cmd|' /C calc'!A0 [x]/*?"
    blocks = (Heading(title), Text(title), Table(frame, title, columns, note=title))
    book = written(tmp_path, office.report(*blocks, title=title))
    parts = raw(tmp_path)

    assert not [n for n, text in parts.items() if "<f>" in text or "<f " in text]
    assert not [n for n, text in parts.items() if "http://evil" in text and "rels" in n]
    sheet = book[book.sheetnames[1]]
    shown = [cell.value for cell in column(sheet, "=1+1")]
    assert shown[:4] == HOSTILE[:4] and shown[5] == HOSTILE[5]
    assert shown[6:9] == ["a\ufffdb", "c\ufffd\ufffdd", "_x0041_"]
    assert all(c.quotePrefix for c in column(sheet, "=1+1")[:5])
    assert [c.value for c in column(sheet, "@N")][:2] == [1.5, None]


HOSTILE_NUMBERS = [1.5, float("inf"), float("nan"), -2.0, 0, 3, 4, 5, 6, 7]


def test_text_longer_than_a_cell_is_cut_with_a_mark_that_says_how_long_it_was(tmp_path):
    frame = pd.DataFrame({"t": ["щ" * 40_000, "😀" * 20_000, "x" * LONGEST_TEXT]})
    book = written(tmp_path, office.report(Table(frame, "T", (Column("t", "T"),))))
    long, wide, whole = (cell.value for cell in column(book["T"], "T"))

    assert long.endswith("… [cut: 40000 characters in all]")
    assert len(long) <= LONGEST_TEXT
    assert wide.endswith("in all]") and len(wide.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert whole == "x" * LONGEST_TEXT
    assert cut("abcdef", 4) == "abc…"


def test_sheet_names_are_safe_and_differ_in_more_than_case():
    taken = []
    for title in ["Health", "HEALTH", "a/b\\c?*[d]:'e'", "History", "", "'", "😀", "x" * 40]:
        taken.append(sheet_name(title, taken))

    assert taken[:4] == ["Health", "HEALTH 2", "a b c d e", "History 2"]
    assert all(0 < len(name) <= 31 for name in taken)
    assert len({name.casefold() for name in taken}) == len(taken)
    long = "Младенческая смертность снижается медленнее плана"
    names = [sheet_name(long, [])]
    names.append(sheet_name(long, names))
    assert names == ["Младенческая смертность…", "Младенческая смертность… 2"]


def test_the_contents_link_to_every_sheet_and_name_day_and_language(tmp_path):
    blocks = (Note("Targets are invented.", "illustrative"), office.table(), office.line())
    book = written(tmp_path, office.report(*blocks, title="Что обещано?", language="ru"))
    words = open_wording("ru")
    contents = book.worksheets[0]
    links = {
        c.value: c.hyperlink.location for r in contents.iter_rows() for c in r if c.hyperlink
    }
    texts = [row[0].value for row in contents.iter_rows()]

    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    assert texts[0] == "Что обещано?"
    day = words.date(datetime(2024, 12, 31).date())
    assert words("Data as at {day}", day=day) in texts
    assert f"{words('Language')}: ru" in texts
    assert "Targets are invented." in texts
    for sheet in book.worksheets[1:]:
        back = [c for (c,) in sheet.iter_rows(max_col=1) if c.hyperlink]
        assert [c.hyperlink.location for c in back] == [f"'{contents.title}'!A1"]


def test_a_chart_is_drawn_from_the_cells_of_its_own_table_where_they_are_laid_out_so(tmp_path):
    book = written(tmp_path, office.report(office.line()))
    sheet = book["Mortality falls too slowly"]
    top = heading_row(sheet)
    rows = f"{top + 1}:${{}}${top + 4}"
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]

    refs = re.findall(r"<c:f>([^<]+)</c:f>", chart)
    name = "'Mortality falls too slowly'"
    expected = [f"{name}!$A${rows}".format("A"), f"{name}!$B${rows}".format("B")]
    expected += [expected[0], f"{name}!$C${rows}".format("C")]
    assert refs == expected
    # Excel takes for granted that a blank is a gap; filtering the table hides no mark.
    assert "dispBlanksAs" not in chart and "plotVisOnly" not in chart
    values = [[c.value for c in column(sheet, label)] for label in ("Observed", "Expected")]
    assert values == [office.OBSERVED, office.EXPECTED]


def test_a_chart_laid_out_otherwise_has_its_figures_written_beside_it(tmp_path):
    figure = office.bars()
    sheet = written(tmp_path, office.report(figure))["Education is ahead"]
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]
    refs = re.findall(r"<c:val><c:numRef><c:f>'Education is ahead'!([^<]+)</c:f>", chart)

    drawn = [[c.value for (c,) in sheet[ref.replace("$", "")]] for ref in refs]
    assert drawn == [series.values for series in figure.native.series]
    colours = re.findall(r'<c:ser>.*?<a:srgbClr val="(\w+)"', chart)
    assert colours == [theme.STATUS_STYLE[s].colour[1:] for s in STATUSES]


def test_a_chart_has_a_text_alternative_in_the_workbook_too(tmp_path):
    written(tmp_path, office.report(office.line()))
    (drawing,) = [text for name, text in raw(tmp_path).items() if "drawings/drawing" in name]

    assert 'descr="A line falls from 20.5 to 17.0."' in drawing


def test_names_of_series_and_titles_that_look_like_references_stay_text(tmp_path):
    figure = office.line(title="=Sheet1!A1")
    figure.native.series[0] = Series("Progress!F14", office.OBSERVED)
    figure.native.series[1] = Series("=1+1", office.EXPECTED)
    with warnings.catch_warnings(action="error"):
        written(tmp_path, office.report(figure))
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]

    assert len(re.findall("<c:f>", chart)) == 4
    texts = [text.replace("\u2060", "") for text in re.findall("<(?:a:t|c:v)>([^<]+)", chart)]
    assert {"=Sheet1!A1", "Progress!F14", "=1+1"} <= set(texts)


def test_an_empty_chart_and_an_empty_table_are_written_with_what_there_is_to_say(tmp_path):
    figure = office.line()
    figure.native.categories.clear()
    empty = office.table(0, title="Late")
    empty = Table(empty.frame, empty.title, empty.columns, empty_text="Nothing is late.")
    book = written(tmp_path, office.report(figure, empty))

    assert not [name for name in raw(tmp_path) if "charts/" in name]
    assert "Nothing is late." in [row[0].value for row in book["Late"].iter_rows()]


def test_every_word_of_the_report_is_in_the_notes_with_the_sheet_it_is_about(tmp_path):
    blocks = (
        Heading("Regions"),
        Text("Two regions are late."),
        office.line(),
        Note("18 of 20 are counted.", "coverage"),
    )
    sheet = written(tmp_path, office.report(*blocks))["Notes"]
    rows = {
        text.value: (section.value, kind.value, name.value)
        for section, kind, text, name in sheet.iter_rows(min_row=heading_row(sheet) + 1)
    }

    place = "Mortality falls too slowly"
    assert rows["Two regions are late."] == ("Regions", "Text", place)
    assert rows["18 of 20 are counted."] == ("Regions", "What is covered", place)
    assert rows["February was not reported."] == ("Regions", "Note", place)
    assert rows["Source: health.xlsx"] == ("Regions", "Source", place)
    assert rows["A line falls from 20.5 to 17.0."] == ("Regions", "Description", place)


def test_the_sources_say_what_became_of_every_row_that_was_read(tmp_path):
    sheet = written(tmp_path, office.report())["Sources"]
    values = [[c.value for c in row] for row in sheet.iter_rows(min_row=heading_row(sheet))]

    assert values[0][2:6] == ["Rows read", "Accepted", "Not accepted", "Ignored"]
    assert [row[0] for row in values[1:]] == [
        "data/raw/health/clinics.ods",
        "data/raw/health/health_2024Q4.xlsx",
    ]
    assert values[2][1:6] == [datetime(2024, 12, 28), 420, 401, 7, 12]
    assert values[2][6] == "ab12cd34ef56" + "0" * 52
    assert all(row[2] == row[3] + row[4] + row[5] for row in values[1:])


def test_headline_figures_have_a_sheet_of_their_own(tmp_path):
    sheet = written(tmp_path, office.report(office.headlines(2)))["Key figures"]

    assert [cell.value for cell in column(sheet, "Value")] == ["0 / 9", "1 / 9"]
    assert column(sheet, "Note")[0].value == "of those judged"


def test_the_same_report_gives_the_same_bytes_on_any_day(tmp_path):
    report = office.report(office.headlines(), office.table(30), office.line(), office.bars())
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path in paths:
        xlsx.write(report, path)

    one, two = (path.read_bytes() for path in paths)
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", core)) == {"2024-12-31T00:00:00"}
    assert "<dc:creator>delivery_analytics</dc:creator>" in core


def test_a_report_of_every_revision_is_dated_by_the_last_return(tmp_path):
    book = written(tmp_path, office.undated(office.table()))

    assert book.properties.created == datetime(2024, 12, 28)
    assert not [
        row[0].value
        for row in book.worksheets[0].iter_rows()
        if "known on" in str(row[0].value)
    ]


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_workbook_is_written_in_every_language(tmp_path, language):
    blocks = (office.headlines(), office.table(), office.line(), office.bars())
    book = written(tmp_path, office.report(*blocks, language=language))
    words = open_wording(language)

    assert book.sheetnames[0] == words("Contents")
    assert book.sheetnames[-1] == words("Sources")
    assert book.sheetnames[-2] == words("Data")
    assert len(book.sheetnames) == 8
