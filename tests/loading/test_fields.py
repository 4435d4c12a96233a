"""What each field of a row says, and that a row with a bad one is set aside by its cell."""

from datetime import date

import pandas as pd
import pytest

from delivery_analytics.model.sheet_definitions import Sheet
from tests.support.grids import DAY, LONG, like, read

CLINICS, COVERAGE, DEATHS = "health.clinics", "health.coverage", "health.deaths"


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ("1 квартал", "cell.period-unknown"),
        ("2024-Q1", "cell.period-length"),
        ("0000", "cell.period-unknown"),
        ("", "cell.missing-key"),
        ("2030", "value.date-future"),
    ],
)
def test_a_period_that_cannot_be_is_set_aside_even_where_it_is_the_only_one(period, code):
    told = read(LONG, f"code | period | actual\nH-001 | '{period} | 5")

    assert told.figures == {}
    assert told.cells(code) == ["B2"]
    assert told.counts == (1, 0, 1, 0)


def test_a_period_that_began_before_the_report_may_be_reported_unfinished():
    assert read(LONG, "code | period | actual\nH-001 | 2025 | 5").codes() == {}


@pytest.mark.parametrize("code", ["H-009", "H-0O1", "Н-001", ""])
def test_an_indicator_that_is_not_known_is_set_aside_and_never_guessed(code):
    told = read(LONG, f"code | period | actual\n{code} | 2024 | 5")

    assert told.figures == {}
    assert sum(told.codes().values()) == 1
    assert [p.cell for p in told.file.problems if p.severity == "error"] == ["A2"]


def test_a_blank_region_is_the_nation_where_declared_and_an_unknown_one_is_set_aside():
    told = read(
        like(LONG, blank={"region": "KZ"}),
        """
code  | region   | period | actual
H-001 |          | 2024   | 5
H-001 | Астана   | 2024   | 6
H-001 | Атлантида | 2024  | 7
""",
    )

    assert told.figures == {(CLINICS, "KZ", "2024"): 5}
    assert told.codes() == {"cell.foreign-key": 2}
    assert "Did you mean" in told.file.problems[0].message  # г. Астана, offered


@pytest.mark.parametrize(
    ("unit", "indicator", "code"),
    [
        ("%", "H-002", ""),
        ("процент", "H-002", ""),
        ("единиц", "H-002", "cell.unit-mismatch"),
        ("попугаев", "H-002", "cell.unit-unknown"),
        ("", "H-002", ""),
        ("на 100 000", "H-003", ""),  # of births or of people: as was agreed
        ("на 100 000", "H-001", "cell.unit-mismatch"),
    ],
)
def test_a_unit_must_be_the_agreed_one_where_it_is_known(unit, indicator, code):
    sheet = like(LONG, columns={**LONG.columns, "unit": ("unit",)})
    period = "2024-Q1" if indicator == "H-002" else "2024"
    told = read(sheet, f"code | unit | period | actual\n{indicator} | {unit} | {period} | 5")

    known = {p.code for p in told.file.problems if p.code.startswith("cell.unit")}
    assert known == ({code} if code else set())
    assert bool(told.figures) == (code == "")


def test_a_figure_outside_what_can_be_is_set_aside():
    told = read(LONG, "code | period | actual\nH-001 | 2024 | -1\nH-002 | 2024-Q1 | 101")

    assert told.codes() == {"cell.constraint-error": 2}
    assert told.cells("cell.constraint-error") == ["C2", "C3"]


def test_a_cell_shown_as_a_percentage_is_read_as_it_is_shown():
    drawing = "code | period | actual\nH-002 | 2024-Q1 | 0.845"
    told = read(LONG, drawing, percent={2: b"\xff"})

    assert told.figures == {(COVERAGE, "KZ", "2024-Q1"): 84.5}


def test_a_cell_shown_as_a_percentage_is_refused_where_the_unit_is_none():
    drawing = "code | period | actual\nH-001 | 2024 | 0.5"
    told = read(LONG, drawing, percent={2: b"\xff"})

    assert "0.5 is shown as a percentage" in told.message("cell.type-error")


def test_thousands_are_scaled_and_what_grows_beyond_a_number_is_set_aside():
    sheet = like(LONG, scale=1000.0)
    told = read(sheet, f"code | period | actual\nH-001 | 2023 | 1.5\nH-001 | 2024 | {10**307}")

    assert told.figures == {(CLINICS, "KZ", "2023"): 1500}
    assert told.cells("cell.not-finite") == ["C3"]


def test_a_column_of_numbers_and_one_of_text_are_read_alike():
    numbers = read(LONG, "code | period | actual\nH-001 | 2023 | 1234.5\nH-001 | 2024 | 7")
    texts = read(LONG, "code | period | actual\nH-001 | '2023 | '1 234,5\nH-001 | '2024 | '7,0")

    assert numbers.figures == texts.figures
    assert texts.codes("warning")["cell.number-as-text"] == 2


def test_the_same_warning_is_told_twenty_times_and_then_as_one_range():
    many = "\n".join(f"H-001 | {1990 + n} | '1,5" for n in range(30))
    told = read(LONG, f"code | period | actual\n{many}")

    cells = told.cells("cell.number-as-text")
    assert len(cells) == 21
    assert cells[-1] == "C22:C31"


def test_errors_are_all_told_however_many():
    many = "\n".join(f"H-001 | {1990 + n} | много" for n in range(30))
    told = read(LONG, f"code | period | actual\n{many}")

    assert told.codes() == {"cell.type-error": 30}
    assert told.counts == (30, 0, 30, 0)


def test_an_error_in_a_cell_is_told_once_and_not_as_a_blank_too():
    told = read(LONG, "code | period | actual\nH-001 | 2024 |", errors={(1, 2): "#DIV/0!"})

    assert told.codes() == {"cell.excel-error": 1}
    assert not told.codes("warning")


def test_a_formula_without_a_stored_result_is_set_aside_with_what_to_do():
    told = read(LONG, "code | period | actual\nH-001 | 2024 |", uncached=frozenset({(1, 2)}))

    assert "save it and send it again" in told.message("cell.formula-uncached")


def test_a_very_long_text_makes_no_very_long_message():
    told = read(LONG, f"code | period | actual\n{'я' * 100_000} | 2024 | 5")
    [problem] = [one for one in told.file.problems if one.severity == "error"]

    assert len(problem.message) < 700
    assert len(problem.value) == 200


WITH_DAY = like(LONG, constants={}, columns={**LONG.columns, "reported_on": ("as_of",)})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-01-20", DAY),
        ("'20.01.2025", DAY),
        ("'20 января 2025 г.", DAY),
        ("45677", DAY),
        ("'2025-01-20T23:59:00+05:00", DAY),
    ],
)
def test_the_day_of_a_report_is_read_as_written(day, expected):
    told = read(WITH_DAY, f"code | period | actual | as_of\nH-001 | 2024 | 5 | {day}")

    assert told.data.observations["reported_on"].dt.date.tolist() == [expected]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("", "cell.missing-key"),
        ("н/д", "cell.missing-key"),
        ("03/04/2025", "cell.date-ambiguous"),
        ("29.02.2025", "cell.type-error"),
    ],
)
def test_a_row_without_a_day_is_set_aside(day, code):
    told = read(WITH_DAY, f"code | period | actual | as_of\nH-001 | 2024 | 5 | {day}")

    assert told.cells(code) == ["D2"]
    assert told.data.observations.empty


def test_an_agreed_order_of_day_and_month_is_kept_to():
    drawing = "code | period | actual | as_of\nH-001 | 2024 | 5 | 03/04/2025"
    dmy = read(like(WITH_DAY, date_order="dmy"), drawing).data.observations
    mdy = read(like(WITH_DAY, date_order="mdy"), drawing).data.observations

    assert dmy["reported_on"].dt.date.tolist() == [date(2025, 4, 3)]
    assert mdy["reported_on"].dt.date.tolist() == [date(2025, 3, 4)]


def test_a_line_of_a_text_file_with_a_cell_too_few_or_too_many_is_set_aside():
    told = read(
        LONG,
        "code | period | actual\nH-001 | 2023 |\nH-001 | 2024 | 5",
        text=True,
        kind="csv",
        line_cells=[3, 2, 4],
    )

    assert told.counts == (2, 0, 2, 0)
    assert told.cells("cell.missing-cell") == ["row 2"]
    assert told.cells("cell.extra-cell") == ["row 3"]


def test_each_table_of_a_text_file_has_the_width_of_its_own_heading():
    drawing = "code | period | actual\nH-001 | 2023 | 4\nH-001 | 2024 |"
    narrow = read(LONG, drawing, text=True, kind="csv", line_cells=[3, 3, 2] + [7] * 40)

    assert narrow.counts == (2, 1, 1, 0)
    assert narrow.cells("cell.missing-cell") == ["row 3"]


def test_control_characters_are_damage_in_a_text_file_and_a_careless_export_in_a_workbook():
    sheet = like(LONG, columns={**LONG.columns, "comment": ("note",)})
    drawing = "code | period | actual | note\nH-001 | 2024 | 5 | a\x07b"

    assert read(sheet, drawing).codes("warning") == {"cell.control-char": 1}
    assert read(sheet, drawing, text=True, kind="csv").counts == (1, 0, 1, 0)


TARGETS = Sheet(
    table="targets",
    columns={
        "indicator": ("code",),
        "due_on": ("due",),
        "kind": ("kind",),
        "value": ("value",),
    },
    constants={"set_on": "2024-01-01"},
)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("baseline", "baseline"),
        ("Базовое значение", "baseline"),
        ("базалық", "baseline"),
        ("План", "interim"),
        ("аралық", "interim"),
        ("Target", "final"),
        ("целевое", "final"),
        ("нысаналы мән", "final"),
    ],
)
def test_which_promise_a_target_is_is_said_in_three_languages(word, kind):
    told = read(TARGETS, f"code | due | kind | value\nH-001 | 2025-12-31 | {word} | 9")

    assert told.data.targets["kind"].tolist() == [kind]


def test_a_target_without_a_value_or_of_an_unknown_kind_is_set_aside():
    drawing = (
        "code | due | kind | value\nH-001 | 2025-12-31 | план |\nH-001 | 2024-12-31 | мечта | 5"
    )
    told = read(TARGETS, drawing)

    assert told.codes() == {"cell.missing-key": 1, "cell.type-error": 1}
    assert "'мечта' is none of baseline, interim, final" in told.message("cell.type-error")


def test_yes_and_no_are_read_in_three_languages_and_blank_is_no():
    sheet = like(TARGETS, columns={**TARGETS.columns, "illustrative": ("example",)})
    words = ["да", "иә", "Yes", "1", "нет", "жоқ", "no", ""]
    lines = "\n".join(
        f"H-001 | {2000 + n}-12-31 | план | {n} | {w}" for n, w in enumerate(words)
    )
    told = read(sheet, f"code | due | kind | value | example\n{lines}")

    assert told.data.targets["illustrative"].tolist() == [True] * 4 + [False] * 4


def test_observations_without_one_readable_row_are_an_empty_table():
    told = read(LONG, "code | period | actual\nx | y | z")

    assert told.data.observations.empty
    assert told.data.observations["period_end"].dtype == "datetime64[us]"
    assert isinstance(told.data.observations, pd.DataFrame)
