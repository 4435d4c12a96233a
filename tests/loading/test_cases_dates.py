"""A day in a heading or a cell is the period that its number format shows."""

from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import xlwt

from delivery_analytics.model.sheet_definitions import Wide
from delivery_analytics.spreadsheets import open_book
from delivery_analytics.spreadsheets.ods_scan import _date_shown
from delivery_analytics.spreadsheets.xlsx_parts import shown_by
from tests.support.grids import DAY, INDICATORS, LONG, Told, like, world

YEARS = like(
    LONG,
    columns={"region": ("region",)},
    wide=Wide(by=("period",)),
    constants={"reported_on": DAY, "indicator": "health.clinics"},
)


def clinics(frequency):
    return (replace(INDICATORS[0], frequency=frequency),)


def sent(folder, rows, formats, kind="xlsx"):
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    for cell, number_format in formats.items():
        book.active[cell].number_format = number_format
    path = folder / f"sent.{kind}"
    book.save(path)
    return open_book(path)


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("yyyy", "year"),
        ('yyyy"г."', "year"),
        ("[$-419]yyyy;@", "year"),
        ("mmm-yy", "month"),
        ("[$-419]mmmm yyyy;@", "month"),
        ("mm.yyyy", "month"),
        ("dd.mm.yyyy", ""),
        ("mmm", ""),
        ("yyyy hh:mm", ""),
        ("General", ""),
        ("0.0%", "percent"),
    ],
)
def test_a_number_format_says_what_of_a_day_is_shown(number_format, shown):
    assert shown_by(number_format) == shown


@pytest.mark.parametrize(
    ("day", "number_format", "frequency", "period"),
    [
        (date(2022, 1, 1), "yyyy", "annual", "2022"),
        (date(2022, 6, 30), "yyyy", "annual", "2022"),
        (date(2022, 1, 1), "yyyy", "monthly", None),
        (date(2022, 1, 1), "mmm yy", "monthly", "2022-01"),
        (date(2022, 6, 15), "[$-419]mmmm yyyy;@", "monthly", "2022-06"),
        (date(2022, 1, 1), "mmm yy", "annual", None),
        (date(2022, 12, 31), "mmm yy", "annual", "2022"),
        (date(2022, 6, 30), "mmm yy", "quarterly", "2022-Q2"),
        (date(2022, 1, 1), "dd.mm.yyyy", "annual", "2022"),
    ],
)
def test_the_shown_format_decides_in_a_heading_and_in_a_cell(
    tmp_path, day, number_format, frequency, period
):
    known = clinics(frequency)
    wide = sent(tmp_path, [["region", day], ["Astana", 5]], {"B1": number_format})
    tidy = [["code", "region", "period", "actual"], ["H-001", "Astana", day, 5]]
    long = sent(tmp_path, tidy, {"C2": number_format})
    figures = {("health.clinics", "KZ-71", period): 5} if period else {}

    assert Told(world(YEARS, indicators=known), [wide]).figures == figures
    assert Told(world(LONG, indicators=known), [long]).figures == figures


def test_a_table_on_its_side_has_its_years_as_shown(tmp_path):
    rows = [["region", "Astana"], [date(2022, 1, 1), 5], [date(2023, 1, 1), 6]]
    book = sent(tmp_path, rows, {"A2": "yyyy", "A3": "yyyy"})
    told = Told(world(like(YEARS, transpose=True), indicators=clinics("annual")), [book])

    assert [period for _, _, period in told.figures] == ["2022", "2023"]


def test_the_day_of_a_report_stays_a_day_however_it_is_shown(tmp_path):
    sheet = like(LONG, columns={**LONG.columns, "reported_on": ("on",)}, constants={})
    head = ["code", "region", "period", "actual", "on"]
    rows = [head, ["H-001", "Astana", 2024, 5, date(2025, 1, 20)]]
    told = Told(world(sheet), [sent(tmp_path, rows, {"E2": "mmm yy"})])

    assert told.data.observations["reported_on"].dt.date.tolist() == [date(2025, 1, 20)]


@pytest.mark.parametrize(
    ("number_format", "period"), [("yyyy", "2022"), ("mmm yy", "2022-01"), ("dd.mm.yyyy", None)]
)
def test_old_workbooks_show_their_days_so_too(tmp_path, number_format, period):
    book = xlwt.Workbook()
    page = book.add_sheet("S")
    for column, value in enumerate(["code", "region", "period", "actual"]):
        page.write(0, column, value)
    for column, value in {0: "H-001", 1: "Astana", 3: 5}.items():
        page.write(1, column, value)
    page.write(1, 2, date(2022, 1, 1), xlwt.easyxf(num_format_str=number_format))
    book.save(str(tmp_path / "sent.xls"))
    opened = open_book(tmp_path / "sent.xls")

    shown = opened.sheets[0].with_dates_as_shown().rows[1][2]
    assert shown == (period or opened.sheets[0].rows[1][2])


@pytest.mark.parametrize(
    ("day", "words", "shown"),
    [
        ("2022-01-01", "2022", "year"),
        ("2022-01-01", "янв. 2022", "month"),
        ("2022-01-01", "01.2022", "month"),
        ("2022-01-01", "01.01.2022", ""),
        ("2022-01-01", "1 января 2022", ""),
        ("2022-01-01", "Jan-22", "month"),
    ],
)
def test_in_opendocument_the_words_say_what_is_shown(day, words, shown):
    assert _date_shown({"date-value": day}, words) == shown
