"""What the sender worked out is worked out again, and tables without headings are read."""

import dataclasses
from pathlib import Path

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.columns import as_table
from delivery_analytics.loading.load import read_book
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.sheet_definitions import Recompute, Sheet, Wide
from delivery_analytics.spreadsheets.grid import Book, Grid
from tests.support.tables import registry

PERCENT = Recompute(part="actual", of="plan")
MONEY = Sheet(
    table="spending",
    columns={"line": ("line",), "plan": ("plan",), "actual": ("actual",), "done": ("%",)},
    optional=("done",),
    constants={"unit": "KZT", "period": "2024", "reported_on": "2025-01-31"},
    decimal=".",
    recompute={"done": PERCENT},
)
TOTALS = dataclasses.replace(MONEY, recompute={}, check_totals=True)


def read(sheet, *rows, **grid):
    """Read rows, the first of them in row 1, as the sector's only sheet."""
    width = max(map(len, rows))
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    page = Grid("return.xlsx", "Sheet", cells, **grid)
    book = Book(Path("return.xlsx"), "return.xlsx", "a" * 64, "b", "xlsx", (page,))
    world = registry(
        "indicator_id | frequency\n health.life | annual\n health.beds | quarterly"
    )
    sector = dataclasses.replace(world.sectors["health"], sheets=(sheet,))
    return read_book(world, book, sector)


def told(result, code):
    return {p.cell: p.message for p in result.problems if p.code == code}


HEAD = ("line", "plan", "actual", "%")


@pytest.mark.parametrize(
    ("plan", "actual", "sent"),
    [
        (7.9, 4.2, 53),  # 53.16…
        (8.0, 5.0, 62.5),
        (8.0, 5.0, 63),  # a half may be rounded up or down
        (8.0, 5.0, 62),
        (3.0, 1.0, 33.33),
        (3.0, 1.0, "33,3 %"),
        (3.0, 1.0, 33.333333333333336),
        (0.0, 5.0, 0),  # of nothing no percentage can be formed
        (None, 5.0, 40),
        (8.0, 5.0, None),
        (8.0, 5.0, "x"),
        (-10.0, 5.0, -50),
    ],
)
def test_a_percentage_agrees_within_half_of_the_last_decimal_it_shows(plan, actual, sent):
    result = read(MONEY, HEAD, ("drugs", plan, actual, sent))

    assert told(result, "value.percent-disagrees") == {}


@pytest.mark.parametrize(
    ("plan", "actual", "sent", "made"),
    [
        (7.9, 4.2, 54, "53.16455696"),
        (3.0, 1.0, 33.34, "33.33333333"),
        (3.0, 1.0, "33.0", "33.33333333"),
        (8.0, 5.0, 0.625, "62.5"),  # a share, where a percentage was agreed
    ],
)
def test_a_percentage_that_disagrees_is_named_with_both_numbers(plan, actual, sent, made):
    result = read(MONEY, HEAD, ("drugs", plan, actual, sent), ("beds", 2, 1, 50))

    found = told(result, "value.percent-disagrees")
    assert list(found) == ["D2"]
    assert made in found["D2"]
    assert result.kept == 2
    assert result.outcome == "loaded_with_warnings"


def test_a_cell_shown_as_a_percentage_is_compared_as_it_is_shown():
    styled = {3: bytes([0b110])}  # rows 2 and 3 of column D

    result = read(MONEY, HEAD, ("a", 8, 5, 0.625), ("b", 8, 4, 0.625), percent=styled)

    assert list(told(result, "value.percent-disagrees")) == ["D3"]


def test_a_change_is_recomputed_as_the_difference():
    change = Recompute(part="actual", of="plan", change=True)
    sheet = dataclasses.replace(MONEY, recompute={"done": change})

    result = read(sheet, HEAD, ("a", 7.9, 4.2, -47), ("b", 7.9, 4.2, 53))

    assert list(told(result, "value.percent-disagrees")) == ["D3"]


def test_an_error_in_a_percentage_sets_no_row_aside():
    result = read(MONEY, HEAD, ("a", 0, 4.2, None), errors={(1, 3): "#DIV/0!"})

    assert (result.kept, result.quarantined) == (1, 0)


def test_a_total_is_held_against_the_rows_above_it():
    result = read(
        TOTALS,
        ("line", "plan", "actual"),
        ("drugs", 10, 4),
        ("beds", 20, 5),
        ("Total", 30, 10),
        ("roads", 1, 1),
        ("Итого по дорогам", 1, 2),
        ("Grand total", 31, 12),
    )

    assert told(result, "value.total-disagrees") == {
        "C4": "the total is 10, but its 2 parts make 9",
        "C6": "the total is 2, but its 1 parts make 1",
        "C7": "the total is 12, but its 3 parts make 10",
    }
    assert (result.kept, result.skipped) == (3, 3)


def test_a_total_that_leads_is_held_against_the_rows_below_it():
    result = read(
        TOTALS,
        ("line", "plan", "actual"),
        ("Всего", 31, 10),
        ("Всего по здравоохранению", 30, 8),
        ("drugs", 10, 4),
        ("beds", 20, 5),
        ("Всего по дорогам", 1, 1),
        ("roads", 1, 1),
    )

    assert told(result, "value.total-disagrees") == {
        "C3": "the total is 8, but its 2 parts make 9"
    }


def test_the_words_of_which_do_not_part_a_total_from_its_parts():
    result = read(
        TOTALS,
        ("line", "plan", "actual"),
        ("Всего", 30, 10),
        ("в том числе:", None, None),
        ("drugs", 10, 4),
        ("beds", 20, 5),
    )

    assert told(result, "value.total-disagrees") == {
        "C2": "the total is 10, but its 2 parts make 9"
    }


def test_a_total_is_not_compared_where_a_part_is_no_figure():
    rows = (("line", "plan", "actual"), ("drugs", 10, None), ("beds", 20, 5), ("Total", 31, 5))

    assert list(told(read(TOTALS, *rows), "value.total-disagrees")) == ["B4"]


def test_rounding_of_decimals_is_no_disagreement_and_of_whole_numbers_is():
    rows = (("line", "plan", "actual"), ("a", 1.3, 13), ("b", 2.3, 23), ("Total", 3.7, 37))

    # 1.34 + 2.34 = 3.68; three roundings of at most 0.05 each.
    assert list(told(read(TOTALS, *rows), "value.total-disagrees")) == ["C4"]


def test_totals_are_only_checked_where_the_rows_are_declared_its_parts():
    rows = (("line", "plan", "actual"), ("drugs", 10, 4), ("Total", 30, 10))
    sheet = dataclasses.replace(TOTALS, check_totals=False)

    assert told(read(sheet, *rows), "value.total-disagrees") == {}


BLOCKS = Sheet(
    table="observations",
    header_rows=1,
    section="region",
    at={"year": "A", "quarter": "B"},
    fill=("year",),
    join={"period": ("year", "quarter")},
    constants={"reported_on": "2025-01-31"},
    wide=Wide(by=("indicator",)),
)


def test_captions_name_the_rows_below_them_and_a_year_is_joined_with_its_quarter():
    result = read(
        BLOCKS,
        (None, None, "beds"),
        ("KZ-71",),
        (2023.0, "Q1", 5),
        (None, "Q2", 6),
        (None,),
        ("a subtitle",),
        ("KZ-75",),
        (2024, "Q1", 7),
    )

    rows = as_table(result.tables["observations"])
    kept = rows[["region_id", "period", "value", "source_cell"]].values.tolist()
    assert kept == [
        ["KZ-71", "2023-Q1", 5.0, "Sheet!C3"],
        ["KZ-71", "2023-Q2", 6.0, "Sheet!C4"],
        ["KZ-75", "2024-Q1", 7.0, "Sheet!C8"],
    ]
    assert (result.read, result.kept, result.skipped) == (7, 3, 4)


def test_periods_of_another_length_are_set_aside_unless_they_are_declared():
    rows = ((None, None, "beds"), ("KZ-71",), (2023, None, 20), (2023, "Q1", 5))
    mixed = dataclasses.replace(BLOCKS, mixed_periods=True)

    assert (read(BLOCKS, *rows).kept, read(BLOCKS, *rows).quarantined) == (1, 1)
    assert as_table(read(mixed, *rows).tables["observations"])["period"].tolist() == [
        "2023",
        "2023-Q1",
    ]


def test_a_column_that_is_not_there_is_refused_by_its_letter():
    sheet = dataclasses.replace(BLOCKS, at={"year": "A", "quarter": "Z"})

    result = read(sheet, (None, None, "beds"), (2023, "Q1", 5))

    assert result.outcome == "rejected"
    assert told(result, "structure.column-missing") == {
        "": "there is no column Z, which is the quarter"
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("recompute = { done = { part = 'actual', of = 'plan' } }", "no field 'done'"),
        ("join = { period = ['year', 'quarter'] }", "no field 'year'"),
        ("at = { year = 'b2' }", "at.year"),
    ],
)
def test_a_sheet_that_speaks_of_fields_it_does_not_have_is_refused(tmp_path, line, expected):
    source = Path(__file__).parents[1] / "workspaces" / "corpus" / "data" / "definitions"
    target = tmp_path / "data" / "definitions"
    for path in source.rglob("*.*"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    with (target / "sectors" / "health.toml").open("a", encoding="utf-8") as file:
        given = "unit = 'KZT', reported_on = 2025-01-20, period = '2024', line = 'one'"
        file.write(f"\n[[sheet]]\ntable = 'spending'\nconstants = {{ {given} }}\n{line}\n")

    with pytest.raises(DefinitionError, match=expected):
        open_registry(tmp_path)
