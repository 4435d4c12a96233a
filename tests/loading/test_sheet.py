"""One declared sheet: which part of it is read, what stands outside its table, what it lacks."""

import pytest

from delivery_analytics.loading.sheet import STANDARD
from delivery_analytics.model.sheet_definitions import CellField, Sheet
from tests.support.grids import DAY, LONG, Told, book, grid, like, read, world

ID = "health.clinics"
BARE = like(LONG, constants={})
TWO = """
code  | period | actual |  | code  | period | actual
H-001 | 2024   | 1      |  | H-001 | 2024   | 2
H-001 | 2023   | 3      |  | H-001 | 2023   | 4
Таблица 2
code  | period | actual
H-001 | 2024   | 5
"""


def of(region, **changes):
    return like(LONG, constants={**LONG.constants, "region": region}, header=0, **changes)


def test_tables_beside_and_below_one_another_are_read_each_on_its_own():
    told = read(
        [of("KZ", area="A1:C3"), of("KZ-71", area="E1:G3"), of("KZ-10", below="Таблица 2")], TWO
    )

    assert told.figures == {
        (ID, "KZ", "2024"): 1,
        (ID, "KZ", "2023"): 3,
        (ID, "KZ-71", "2024"): 2,
        (ID, "KZ-71", "2023"): 4,
        (ID, "KZ-10", "2024"): 5,
    }
    cells = told.data.observations.set_index("region_id")["source_cell"]
    assert cells["KZ-71"].tolist() == ["Sheet!G3", "Sheet!G2"]
    assert cells["KZ-10"] == "Sheet!C6"
    assert told.counts == (5, 5, 0, 0)


@pytest.mark.parametrize("area", ["A1:C3", ":C3"])
def test_an_error_in_the_table_beside_is_not_this_tables(area):
    blank = TWO.replace("H-001 | 2023   | 3 ", "                     ")
    told = read(of("KZ", area=area), blank, errors={(2, 6): "#REF!"})

    assert told.counts == (2, 1, 0, 1)
    assert not told.codes()


def test_an_area_is_meant_in_the_cells_of_the_sheet_also_of_a_table_on_its_side():
    drawing = """
note   | a     | b     | c
code   | H-001 | H-001 | total
period | 2023  | 2024  | x
actual | 1     | 2     | 3
"""
    told = read(of("KZ", area="A2:C4", transpose=True), drawing)

    assert told.figures == {(ID, "KZ", "2023"): 1, (ID, "KZ", "2024"): 2}
    assert told.data.observations["source_cell"].tolist() == ["Sheet!B4", "Sheet!C4"]


def test_a_stray_cell_below_an_open_area_is_not_lost():
    told = read(of("KZ", area="A5:"), TWO, stray=((9_999, 0, "x"),))

    assert told.counts == (2, 1, 1, 0)


def test_a_marker_that_is_nowhere_refuses_the_sheet():
    told = read(of("KZ", below="Таблица 9"), TWO)

    assert told.file.outcome == "rejected"
    assert "no row has the text 'Таблица 9'" in told.message("structure.marker-missing")


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2025-01-20", ""),
        ("по состоянию на 20.01.2025 г.", r"на ([\d.]+)"),
        ("Отчёт на 20 января 2025 года", r"\d+ \w+ \d{4}"),
    ],
)
def test_the_day_of_the_report_may_stand_in_one_cell(text, pattern):
    sheet = like(BARE, cells={"reported_on": CellField("B1", pattern)})
    told = read(sheet, f"Отчёт | {text}\ncode | period | actual\nH-001 | 2024 | 5")

    assert told.data.observations["reported_on"].dt.date.tolist() == [DAY]


@pytest.mark.parametrize(("cell", "pattern"), [("C1", ""), ("Z99", ""), ("B1", "[0-9]{4}")])
def test_what_should_stand_in_a_cell_and_does_not_refuses_the_sheet(cell, pattern):
    sheet = like(BARE, cells={"reported_on": CellField(cell, pattern)})
    told = read(sheet, "Отчёт | без даты\ncode | period | actual\nH-001 | 2024 | 5")

    assert told.file.outcome == "rejected"
    assert "the reported_on was expected here" in told.message("structure.cell-missing")
    assert told.cells("structure.cell-missing") == [cell]


NAMED = like(
    BARE,
    columns={"indicator": ("code",), "value": ("actual",)},
    optional=(),
    file_name=r"^(?P<region>\w+)_(?P<period>\d{4})_(?P<reported_on>[\d-]+)\.",
)


def test_parts_of_the_files_name_are_data():
    told = read(NAMED, "code | actual\nH-001 | 5", file="Абайская_2024_2025-01-20.xlsx")

    assert told.figures == {(ID, "KZ-10", "2024"): 5}
    assert told.data.observations["reported_on"].dt.date.tolist() == [DAY]


def test_a_file_whose_name_says_less_is_refused_with_what_it_should_say():
    told = read(NAMED, "code | actual\nH-001 | 5", file="отчёт.xlsx")

    assert "says its region, period, reported_on" in told.message("file.name-unknown")


def test_a_name_that_is_no_day_refuses_the_sheet():
    told = read(NAMED, "code | actual\nH-001 | 5", file="Абайская_2024_2025-13-40.xlsx")

    assert told.file.outcome == "rejected"
    assert told.codes() == {"cell.type-error": 1}


def test_words_of_the_name_are_mapped_before_they_are_read():
    sheet = like(NAMED, map={"reported_on": {"2025": "2025-01-20"}})
    told = read(sheet, "code | actual\nH-001 | 5", file="Абайская_2024_2025.xlsx")

    assert told.data.observations["reported_on"].dt.date.tolist() == [DAY]


def test_a_column_of_the_table_counts_more_than_what_is_said_of_it_elsewhere():
    sheet = like(LONG, constants={**LONG.constants, "region": "KZ-10"})
    told = read(sheet, "code | region | period | actual\nH-001 | KZ-71 | 2024 | 5")

    assert list(told.figures) == [(ID, "KZ-71", "2024")]


def test_a_hidden_column_is_read_and_told():
    told = read(LONG, "code | period | actual\nH-001 | 2024 | 5", hidden_columns=frozenset({2}))

    assert told.cells("column.hidden") == ["column C"]
    assert len(told.figures) == 1


def test_a_heading_without_rows_is_no_data_and_not_zero_progress():
    told = read(LONG, "code | period | actual")

    assert told.counts == (0, 0, 0, 0)
    assert told.codes("warning") == {"structure.no_rows": 1}


def test_indicators_that_a_complete_return_lacks_are_named_by_their_codes():
    told = read(like(LONG, complete=True), "code | period | actual\nH-001 | 2024 | 5")
    lacking = [p.value for p in told.file.problems if p.code == "coverage.missing"]

    assert lacking == ["H-002", "H-003"]
    assert "coverage.missing" not in read(
        LONG, "code | period | actual\nH-001 | 2024 | 5"
    ).codes("warning")


def test_columns_without_headings_are_found_by_their_letters():
    sheet = Sheet(
        table="observations",
        columns={"indicator": ("code",)},
        at={"period": "C", "value": "D"},
        constants={"reported_on": DAY},
    )

    assert read(sheet, "code\nH-001 | x | 2024 | 5").figures == {(ID, "KZ", "2024"): 5}
    assert read(sheet, "code\nH-001 | x").codes() == {"structure.column-missing": 1}


@pytest.mark.parametrize(
    "heading",
    [
        "code | indicator | unit | period | target | actual | as_of",
        "код | показатель | ед. изм. | период | план | факт | дата",
        "көрсеткіш коды | көрсеткіш | өлш. бірл. | кезең | жоспар | нақты мән | күні",
    ],
)
@pytest.mark.parametrize("name", ["Progress", "Прогресс", "Орындалу", "PROGRESS "])
def test_the_standard_return_is_read_in_three_languages_undeclared(heading, name):
    row = "H-001 | Clinics | units | 2024 | 40 | 31 | 2025-01-20"
    told = Told(world(), [book(grid(f"{heading}\n{row}", sheet=name))])

    assert told.figures == {(ID, "KZ", "2024"): 31}
    assert told.data.targets["value"].tolist() == [40]


def test_a_return_that_is_neither_declared_nor_standard_says_which_sheet_was_looked_for():
    told = Told(world(), [book(grid("a | b", sheet="Лист1"), grid("", sheet="Лист2"))])

    assert told.file.outcome == "rejected"
    assert "Лист1, Лист2" in told.message("file.not-declared")


def test_a_sheet_of_another_file_is_not_tried():
    told = read(like(LONG, files=("budget_*",)), "code | period | actual\nH-001 | 2024 | 5")

    assert told.file.outcome == "rejected"


def test_a_hidden_sheet_is_listed_and_read_only_where_that_was_agreed():
    shown = grid("code | period | actual\nH-001 | 2024 | 5", sheet="Данные")
    old = grid("code | period | actual\nH-001 | 2023 | 4", sheet="Старые", visible=False)
    skipped = Told(world(LONG), [book(shown, old)])
    taken = Told(world(like(LONG, hidden_sheets="read")), [book(shown, old)])

    assert list(skipped.figures.values()) == [5]
    assert "the hidden sheet 'Старые' was not read" in skipped.message("sheet.hidden")
    assert sorted(taken.figures.values()) == [4, 5]


def test_two_sheets_of_one_name_are_refused_because_one_of_them_is_wrong():
    sheet = like(LONG, sheets=("Данные",))
    one = grid("code | period | actual\nH-001 | 2024 | 5", sheet="Данные")
    other = grid("code | period | actual\nH-001 | 2024 | 6", sheet="данные ")
    told = Told(world(sheet), [book(one, other)])

    assert told.figures == {}
    assert told.codes() == {"structure.ambiguous_sheet": 1}


def test_sheets_that_are_not_declared_are_noted():
    sheet = like(LONG, sheets=("Данные*",))
    one = grid("code | period | actual\nH-001 | 2024 | 5", sheet="Данные 2024")
    told = Told(world(sheet), [book(one, grid("примечания", sheet="Справка"))])

    assert told.codes("note") == {"sheet.not-declared": 1}
    assert told.file.outcome == "loaded"


def test_the_standard_return_needs_what_makes_a_figure_and_nothing_more():
    needed = set(STANDARD["observations"].columns) - set(STANDARD["observations"].optional)

    assert needed == {"indicator", "period", "value", "reported_on"}
