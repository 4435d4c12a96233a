"""Headings, periods, marks and codes as people send them: the shared cases, and our own."""

from datetime import date

import pytest
import xlsxwriter

from delivery_analytics.model.sheet_definitions import Wide
from delivery_analytics.parsing.matching import KnownNames
from delivery_analytics.parsing.parse import ParseError
from delivery_analytics.spreadsheets import Reader
from delivery_analytics.spreadsheets.raised_runs import with_raised_runs
from delivery_analytics.spreadsheets.xlsx_parts import item_text
from tests.support.cases import read as case
from tests.support.grids import DAY, LONG, Told, like, read, world
from tests.support.shared import needs_shared

YEARS = like(
    LONG,
    columns={"region": ("region",)},
    wide=Wide(by=("period",), value="value"),
    constants={"reported_on": DAY, "indicator": "health.clinics"},
)


def told(given, code):
    """Return where a case's problems with a code are, and what they say."""
    return [(one.cell, one.message) for one in given.problems if one.code == code]


def figures(given):
    """Return region and period → figure and status, of a case."""
    table = given.data.observations
    keys = zip(table["region_id"].astype(str), table["period"], strict=True)
    held = zip(table["value"], table["obs_status"].astype(str), strict=True)
    return dict(zip(keys, held, strict=True))


def written(folder, rows, *, sheet):
    """Return what the loader makes of a workbook; a tuple is a text and its raised end."""
    path = folder / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        high = book.add_format({"font_script": 1})
        page = book.add_worksheet("S")
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, tuple):
                    page.write_rich_string(
                        row, column, value[0], high, value[1], book.add_format()
                    )
                else:
                    page.write(row, column, value)
    registry = world(sheet)
    with Reader(workers=1) as reader:
        [(_, opened)] = reader.open_all([path])
    return Told(registry, [opened])


@needs_shared
def test_case_superscript():
    given = case("superscript")
    assert {key: value for key, (value, _) in figures(given).items()} == {
        ("FD-01", "2023"): 31.0,
        ("FD-02", "2023"): 6.4,
    }
    assert [one.cell for one in given.problems] == ["D2", "D3"]


def test_a_raised_run_is_a_footnote_mark_in_figures_years_and_names(tmp_path):
    rows = [["region", ("2023", "1"), 2024], [("Abai Region", "2"), ("12,5", "1)"), 7]]
    assert written(tmp_path, rows, sheet=YEARS).figures == {
        ("health.clinics", "KZ-10", "2023"): 12.5,
        ("health.clinics", "KZ-10", "2024"): 7,
    }


@pytest.mark.parametrize("kind", ["si", "is"])
def test_runs_are_raised_in_shared_and_in_inline_texts(kind):
    run = "<r><t>{}</t></r><r><rPr><vertAlign val='{}script'/></rPr><t>{}</t></r>"
    for level, shift, end, shown in [
        ("31", "super", "1", "31¹"),
        ("6,4", "super", "2)", "6,4²⁾"),
        ("12.4", "super", "p", "12.4ᵖ"),
        ("12", "sub", "3", "12₃"),
        ("CO", "sub", "2", "CO2"),
        ("1", "super", "st", "1ˢᵗ"),
        ("км", "super", "2", "км²"),
    ]:
        xml = f"<{kind}>{run.format(level, shift, end)}</{kind}>".encode()
        assert item_text(with_raised_runs(xml)) == shown


@needs_shared
def test_case_date_headings():
    given = case("date-headings")
    assert figures(given) == {
        ("FD-01", "2022"): (5.0, "normal"),
        ("FD-01", "2023"): (6.0, "normal"),
    }


@pytest.mark.parametrize(
    ("heading", "indicator", "period"),
    [
        ("2022-01-01", "health.clinics", "2022"),
        ("2023-12-31", "health.clinics", "2023"),
        ("2024-06-30", "health.coverage", "2024-Q2"),
        ("2024-07-01", "health.coverage", "2024-Q3"),
    ],
)
def test_a_day_in_a_heading_is_read_as_it_is_in_a_cell(heading, indicator, period):
    sheet = like(YEARS, constants={"reported_on": DAY, "indicator": indicator})
    assert read(sheet, f"region | {heading}\nAstana | 5").figures == {
        (indicator, "KZ-71", period): 5
    }


def test_a_day_that_is_no_period_is_told_at_its_heading():
    given = read(YEARS, "region | 2024-06-30\nAstana | 5\nAbai Region | 6")
    assert given.cells("cell.period-unknown") == ["B1"]
    assert given.figures == {}


@needs_shared
def test_case_school_years():
    assert [(key[1], held) for key, held in figures(case("school-years")).items()] == [
        ("2023", (81.0, "normal")),
        ("2024", (82.0, "normal")),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "2022–2023",
        "2022/2023 учебный год",
        "2022-2023 уч.г.",
        "2022—2023 уч. год",
        "2022/23 оқу жылы",
        "2022/2023 academic year",
        "2022 - 2023 гг.",
        "2022/2023 ж. оқу жылы",
        "2022/2023 жж. оқу жылдары",
        "2022/2023 оқу жылында",
        "в 2022/2023 учебном году",
        "AY 2022/23",
        "SY 2022-23",
        "учебный год 2022/23",
        "academic year 2022/23",
        "2022/23 у.г.",
    ],
)
def test_a_school_year_is_read_under_the_year_it_ends_in(heading):
    school = like(YEARS, fiscal_year_start=9)
    assert read(school, f"region | {heading}\nAstana | 5").figures == {
        ("health.clinics", "KZ-71", "2023"): 5
    }


@needs_shared
def test_case_form_letters():
    given = case("form-letters")
    assert figures(given) == {("FD-01", "2023"): (31.0, "normal")}
    assert [one.severity for one in given.problems if one.severity == "error"] == []


@pytest.mark.parametrize("numbers", ["А|Б|В|1", "A|B|C|1", "А|Б|1|2", "A|Б|B|1", "1|2|3|4"])
def test_the_row_that_counts_a_forms_columns_is_skipped(numbers):
    given = read(LONG, f"code|region|period|actual\n{numbers}\nH-001|Astana|2023|5")
    assert given.figures == {("health.clinics", "KZ-71", "2023"): 5}
    assert given.cells("row.section") == ["A2"]


@needs_shared
def test_case_repeated_heading():
    given = case("repeated-heading")
    assert figures(given) == {
        ("FD-01", "2023"): (31.0, "normal"),
        ("FD-02", "2023"): (32.0, "normal"),
    }
    assert told(given, "row.section") == [("A3", "the heading again, not data; it was skipped")]


def test_a_heading_again_is_skipped_with_the_numbers_under_it():
    given = read(YEARS, "region|2023|2024\nAstana|1|2\nRegion:|2023|2024\n1|2|3\nАбайская|3|4")
    assert given.codes() == {}
    assert given.cells("row.section") == ["A3", "A4"]
    assert len(given.figures) == 4


@needs_shared
def test_case_hidden_year():
    [(cell, message)] = told(case("hidden-year"), "column.hidden")
    assert cell == "column C"
    assert message == "column C (2023) is hidden; it was read all the same"


def test_hidden_columns_that_repeat_are_told():
    given = read(YEARS, "region|2023|2024\nAstana|1|2", hidden_columns=frozenset({1, 2}))
    assert given.cells("column.hidden") == ["column B", "column C"]


@needs_shared
def test_case_code_as_number():
    given = case("code-as-number")
    assert figures(given) == {}
    [(cell, message)] = told(given, "cell.foreign-key")
    assert cell == "B2"
    assert "1.1 or 1.10" in message


def test_a_number_that_is_two_codes_and_a_code_made_a_date_are_refused():
    two = KnownNames(
        "thing", (("1.1", "a"), ("1.10", "b"), ("2", "c"), ("02", "c"), ("7", "d"))
    )
    assert two.find(2.0).value == "c"
    assert two.find(7).value == "d"
    assert two.find("1.10").value == "b"
    with pytest.raises(ParseError, match=r"can be the code 1\.1 or 1\.10"):
        two.find(1.1)
    with pytest.raises(ParseError, match=r"a date \(01\.02\.2025\).*format the cell as text"):
        two.find(date(2025, 2, 1))


@needs_shared
def test_case_year_words():
    given = case("year-words")
    assert {period: held for (_, period), held in figures(given).items()} == {
        "2012": (13.0, "provisional"),
        "2013": (15.0, "normal"),
        "2015": (1.0, "normal"),
        "2016": (2.0, "normal"),
        "2017": (3.0, "estimated"),
        "2019": (5.0, "marked"),
        "2020": (6.0, "provisional"),
        "2021": (7.0, "normal"),
        "2022": (8.0, "normal"),
        "2023": (9.0, "normal"),
        "2024": (11.0, "provisional"),
        "2025": (12.0, "estimated"),
    }
    unread = [one for one in given.problems if one.code == "header.extra-label"]
    assert {one.cell: one.severity for one in unread} == dict.fromkeys(
        ("E1", "K1", "O1"), "error"
    )


@pytest.mark.parametrize(
    ("heading", "period", "status"),
    [
        ("2022 (факт)", "2022", "normal"),
        ("за 2022 год", "2022", "normal"),
        ("2022 г. (предварительные данные)", "2022", "provisional"),
        ("2022 ж. (алдын ала)", "2022", "provisional"),
        ("2022 год, оценка", "2022", "estimated"),
        ("2022 actual", "2022", "normal"),
        ("2022е", "2022", "estimated"),
    ],
)
def test_words_around_a_year_are_read_with_their_mark(heading, period, status):
    for given in (
        read(YEARS, f"region | {heading}\nAstana | 5"),
        read(LONG, f"code | region | period | actual\nH-001 | Astana | {heading} | 5"),
    ):
        assert given.figures == {("health.clinics", "KZ-71", period): 5}
        assert [*given.data.observations["obs_status"]] == [status]


@pytest.mark.parametrize("heading", ["2023 план", "прогноз на 2023", "на 01.01.2024", "2023f"])
def test_a_column_of_figures_under_a_year_that_is_not_read_is_an_error(heading):
    given = read(YEARS, f"region | 2022 | {heading}\nAstana | 5 | 6")
    assert given.codes() == {"header.extra-label": 1}
    assert given.cells("header.extra-label") == ["C1"]
    assert heading in given.message("header.extra-label")
    empty = read(YEARS, f"region | 2022 | {heading}\nAstana | 5 |")
    assert empty.codes() == {}


def test_a_heading_that_looks_like_a_period_is_named_where_no_column_is_read():
    given = read(YEARS, "region | 2022–2023\nAstana | 5")
    assert "'2022–2023' looks like a period" in given.message("structure.no_header")


@needs_shared
def test_case_lost_table():
    given = case("lost-table")
    assert len(figures(given)) == 2
    [lost] = [one for one in given.problems if one.code == "structure.no_header"]
    assert (lost.severity, lost.cell) == ("error", "A1")
    assert "lacks 'Y'" in lost.message


def test_a_declared_table_that_a_read_file_lacks_is_an_error():
    other = like(LONG, columns={**LONG.columns, "value": ("plan",)})
    given = read([LONG, other], "code | region | period | actual\nH-001 | Astana | 2023 | 5")
    assert given.figures == {("health.clinics", "KZ-71", "2023"): 5}
    assert given.codes() == {"structure.no_header": 1}


def test_a_layout_whose_named_sheets_are_not_in_a_file_that_was_read_is_owed():
    plan = like(LONG, sheets=("Plan", "План"))
    told = read([LONG, plan], "code | period | actual\nH-001 | 2024 | 5", sheet="Fact")

    assert told.codes() == {"file.not-declared": 1}
    assert "called Plan or План" in told.message("file.not-declared")
    assert "There are: Fact" in told.message("file.not-declared")
    assert told.file.outcome == "rows_quarantined"
    assert len(told.figures) == 1
    assert not read(
        [LONG, plan], "code | period | actual\nH-001 | 2024 | 5", sheet="ПЛАН"
    ).codes()
