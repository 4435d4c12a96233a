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


def table_cells(sheet, number=0):
    """Return the rows of a table of the sheet, its headings first."""
    return list(sheet[list(sheet.tables.values())[number].ref])


def heading_row(sheet):
    return table_cells(sheet)[0][0].row


def column(sheet, label, number=0):
    heads, *rows = table_cells(sheet, number)
    place = [cell.value for cell in heads].index(label)
    return [row[place] for row in rows]


def drawn_from(tmp_path, sheet, cells):
    """Return the cells that a chart's formula names, once it names those of its sheet."""
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]
    refs = re.findall(rf"<c:{cells}><c:\w+><c:f>'{sheet.title}'!([^<]+)</c:f>", chart)
    return [[cell.value for (cell,) in sheet[ref.replace("$", "")]] for ref in refs]


def test_numbers_and_dates_are_written_as_such_with_their_formats(tmp_path):
    sheet = written(tmp_path, office.report(office.table()))["Every indicator"]

    def value(label):
        cell = column(sheet, label)[0]
        return cell.value, cell.number_format

    assert value("Value, years") == (1234.5, "#,##0.00")
    assert value("Executed, %") == (47.25, "#,##0.0")
    assert value("Budget, ₸ bn") == (15_050, "#,##0.000")
    assert value("Due") == (datetime(2024, 12, 31), "d mmm yyyy")
    assert value("Period")[0] == open_wording("en").period("2024-Q2")
    assert value("Source")[0] == "health.xlsx, Progress!F0"


def test_a_missing_value_is_an_empty_cell_and_the_sheet_says_so(tmp_path):
    sheet = written(tmp_path, office.report(office.table()))["Every indicator"]

    assert [c.value for c in column(sheet, "Value, years")[:3]] == [1234.5, None, 1236.5]
    assert "An empty cell: no figure." in [row[0].value for row in sheet.iter_rows()]


def test_a_column_without_agreed_decimals_shows_those_of_its_finest_figure(tmp_path):
    frame = pd.DataFrame({"v": [12.0, 0.5, 1234.5678]})
    table = Table(frame, "T", (Column("v", "V", "number", decimals=None),))

    cells = column(written(tmp_path, office.report(table))["T"], "V")

    assert [c.number_format for c in cells] == ["#,##0.000"] * 3
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
    assert [one.autoFilter.ref for one in sheet.tables.values()] == [f"A{top}:H{top + 60}"]
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
    rows = [row for row in contents.iter_rows(max_col=3) if row[2].hyperlink]
    links = {title.value: link.hyperlink.location for title, _, link in rows}
    led_to = {
        book[sheet.strip("'")][cell].value
        for sheet, cell in (place.split("!") for place in links.values())
    }
    texts = [row[0].value for row in contents.iter_rows()]

    shown = {"Every indicator", "Mortality falls too slowly", words("Sources")}
    assert set(links) == {*shown, words("Figures behind this report")}
    assert led_to >= shown
    assert texts[0] == "Что обещано?"
    day = words.date(datetime(2024, 12, 31).date())
    assert words("Data as at {day}", day=day) in texts
    assert f"{words('Language')}: Русский" in texts
    assert "Targets are invented." in texts
    for sheet in book.worksheets[1:]:
        back = [c for (c,) in sheet.iter_rows(max_col=1) if c.hyperlink]
        assert [c.hyperlink.location for c in back] == [f"'{contents.title}'!A1"]


@pytest.mark.parametrize("figure", [office.line(), office.bars()], ids=["line", "bars"])
def test_a_chart_is_drawn_from_a_sheet_of_its_own_and_not_from_beside_a_table(tmp_path, figure):
    book = written(tmp_path, office.report(figure))
    charts, data = book["Charts"], book["Data of the charts"]
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]

    assert drawn_from(tmp_path, data, "val") == [one.values for one in figure.native.series]
    places = drawn_from(tmp_path, data, "cat")
    assert places == [figure.native.categories] * len(figure.native.series)
    # Excel takes for granted that a blank is a gap; filtering a table hides no mark.
    assert "dispBlanksAs" not in chart
    assert charts.max_column == len(figure.columns)


def test_the_colours_of_a_charts_statuses_are_theirs(tmp_path):
    written(tmp_path, office.report(office.bars()))
    (chart,) = [text for name, text in raw(tmp_path).items() if "charts/chart" in name]

    colours = re.findall(r'<c:ser>.*?<a:srgbClr val="(\w+)"', chart)
    assert colours == [theme.STATUS_STYLE[s].colour[1:] for s in STATUSES]


def test_a_chart_and_its_table_stand_one_over_the_other_and_no_cell_is_behind_it(tmp_path):
    book = written(tmp_path, office.report(office.line(), office.bars()))
    sheet = book["Charts"]

    for chart, table in zip(sheet._charts, sheet.tables.values(), strict=True):
        top = chart.anchor._from.row
        bottom = chart.anchor.to.row
        assert bottom < sheet[table.ref][0][0].row - 1
        behind = sheet.iter_rows(min_row=top + 1, max_row=bottom + 1, values_only=True)
        assert not any(any(row) for row in behind)


def test_no_workbook_has_more_than_ten_sheets_and_all_names_are_whole(tmp_path):
    """The longest tables have sheets of their own; the others stand one under another."""
    tables = [office.table(rows, title=f"Table {rows}") for rows in range(1, 13)]
    long = office.table(90, title="A title that no sheet can be called by, for it is too long")
    book = written(
        tmp_path, office.report(office.headlines(), *tables, long, office.line(), office.bars())
    )

    own = ["Table 10", "Table 11", "Table 12"]
    assert book.sheetnames == [
        "Contents", "Key figures", *own, "Tables", "Charts",
        "Data of the charts", "Data", "Sources",
    ]  # fmt: skip
    assert len(book["Tables"].tables) == 10
    assert len(column(book["Tables"], "Indicator", 9)) == 90


def test_money_is_in_one_scale_that_every_heading_declares(tmp_path):
    frame = pd.DataFrame(
        {"plan": [2.5e12, 45e6], "actual": [2.1e12, None], "small": [5.0, 7.0]}
    )
    kzt = {"kind": "money", "unit": "KZT"}
    columns = (
        Column("plan", "Plan", **kzt),
        Column("actual", "Spent", **kzt),
        Column("small", "Price", kind="money", unit="EUR"),
    )
    for language, heads in (
        ("en", ["Plan, ₸ bn", "Spent, ₸ bn", "Price, €"]),
        ("ru", ["Plan, млрд ₸", "Spent, млрд ₸", "Price, €"]),
        ("kk", ["Plan, млрд ₸", "Spent, млрд ₸", "Price, €"]),
    ):
        table = Table(frame, "Money", columns)
        sheet = written(tmp_path, office.report(table, language=language))["Money"]

        cells = table_cells(sheet)
        assert [c.value for c in cells[0]] == heads
        assert [[c.value for c in row] for row in cells[1:]] == [
            [2500, 2100, 5],
            [0.045, None, 7],
        ]
        assert {c.number_format for row in cells[1:] for c in row[:2]} == {"#,##0.000"}


def test_a_column_has_one_number_format_and_its_sheet_is_wide_enough_for_its_numbers(tmp_path):
    frame = pd.DataFrame({"v": [12003.0, 75.4, 0.013, -1e9], "w": [5.0, 75.41, None, 1.0]})
    columns = (Column("v", "V", "number", decimals=None), Column("w", "W", "number", 1))
    wide = office.table(3, title="Wide", name=office.LONG)
    blocks = (Table(frame, "First", columns), wide, *[office.table(9)] * 2)
    book = written(tmp_path, office.report(*blocks, *[office.line()] * 2))

    for sheet in book:
        for number in range(len(sheet.tables) if sheet.title != "Data" else 0):
            for cells in zip(*table_cells(sheet, number)[1:], strict=True):
                numbers = [c for c in cells if isinstance(c.value, int | float)]
                assert len({c.number_format for c in numbers}) <= 1
                for cell in numbers:
                    letters = cell.column_letter
                    decimals = len(cell.number_format.partition(".")[2])
                    shown = f"{cell.value:,.{decimals}f}"
                    assert sheet.column_dimensions[letters].width > len(shown)


def test_headings_that_are_alike_or_empty_do_not_break_the_workbook(tmp_path):
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=["a", "b", "c", "d"])
    columns = [
        Column(key, label) for key, label in zip("abcd", ["V", "v", "", "V"], strict=True)
    ]
    with warnings.catch_warnings(action="error"):
        sheet = written(tmp_path, office.report(Table(frame, "T", tuple(columns))))["T"]

    heads = [cell.value for cell in table_cells(sheet)[0]]
    assert [head.strip("\u00a0") for head in heads] == ["V", "v", "", "V"]
    assert len({head.casefold() for head in heads}) == 4


def test_a_sheet_of_several_tables_is_printed_so_that_none_is_cut_that_fits_a_page(tmp_path):
    sheet = written(tmp_path, office.report(*[office.line()] * 5))["Charts"]
    titles = [
        r[0].row - 1 for r in sheet.iter_rows(max_col=1) if r[0].value == office.line().title
    ]

    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks and set(breaks) <= set(titles)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0


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


def test_every_word_of_the_report_stands_beside_what_it_is_about(tmp_path):
    long = " ".join(f"Sentence {n} of a long account." for n in range(200))
    blocks = (
        Heading("Regions"),
        Text("Two regions are late."),
        Text(long),
        office.line(),
        Note("18 of 20 are counted.", "coverage"),
        Heading("Nothing else"),
    )
    book = written(tmp_path, office.report(*blocks))
    table = table_cells(book["Charts"])
    above = [r[0] for r in book["Charts"].iter_rows(max_row=table[0][0].row, values_only=True)]
    said = " ".join(filter(None, above))

    for words in (
        "Two regions are late.",
        long,
        "18 of 20 are counted.",
        "February was not reported.",
        "Source: health.xlsx",
    ):
        assert words in said
    assert "Nothing else" in [row[0].value for row in book["Tables"].iter_rows()]


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

    assert [cell.value for cell in column(sheet, "Value")] == [0, 1]
    assert [cell.value for cell in column(sheet, "In the report")] == ["0 / 9", "1 / 9"]
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
    assert len(book.sheetnames) == 7
