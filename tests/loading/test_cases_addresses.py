"""One address for a cell everywhere, and no text quoted that nobody typed."""

from datetime import datetime

import pytest

from delivery_analytics.model.sheet_definitions import CellField, Wide
from delivery_analytics.parsing.parse import clean
from tests.support.cases import read as case
from tests.support.grids import DAY, LONG, grid, like, read
from tests.support.shared import needs_shared


@needs_shared
def test_case_line_addresses():
    given = case("line-addresses")

    assert [(p.cell, p.value) for p in given.problems if p.code == "cell.type-error"] == [
        ("C3", "oops")
    ]
    assert given.data.sources[["rows_read", "sheet_rows"]].values.tolist() == [[4, 4]]


def test_problem_and_trace_of_a_text_file_say_one_address():
    drawing = "code | period | actual\nH-001 | 2023 | 5\nH-001 | 2024 | oops"
    told = read(LONG, drawing, text=True, kind="csv", sheet="")

    assert told.data.observations["source_cell"].tolist() == ["C2"]
    assert told.cells("cell.type-error") == ["C3"]


def test_what_a_message_quotes_is_what_its_cell_holds():
    plain = {name: words for name, words in LONG.columns.items() if name != "region"}
    heading = like(
        LONG,
        columns={"region": ("region",)},
        wide=Wide(by=("period",)),
        constants={"reported_on": DAY, "indicator": "health.clinics"},
    )
    halves = {"year": ("year",), "part": ("part",)}
    joined = like(
        LONG,
        columns={n: w for n, w in LONG.columns.items() if n != "period"} | halves,
        join={"period": ("year", "part")},
    )
    mapped = like(LONG, map={"region": {"X": "Atlantis"}})
    filled = like(LONG, fill=("region",))
    section = like(LONG, section="region", columns=plain, optional=())
    outside = like(
        LONG, cells={"region": CellField("A1")}, header=2, columns=plain, optional=()
    )
    head = "code | region | period | actual"
    for sheet, drawing, code, cell in (
        (heading, "region | I кв. 2024\nAstana | 5", "cell.period-length", "B1"),
        (
            joined,
            "code|region|year|part|actual\nH-001||2024|V кв.|5",
            "cell.period-unknown",
            "D2",
        ),
        (mapped, f"{head}\nH-001 | X | 2024 | 5", "cell.foreign-key", "B2"),
        (filled, f"{head}\nH-001|Xyz|2024|5\nH-001||2023|6", "cell.foreign-key", "B2"),
        (
            section,
            "code|period|actual\nXyz||\nH-001|2024|5\nH-001|2023|5",
            "cell.foreign-key",
            "A2",
        ),
        (outside, "Xyz||\ncode|period|actual\nH-001|2024|5", "cell.foreign-key", "A1"),
    ):
        told = read(sheet, drawing)
        [problem] = [one for one in told.file.problems if one.code == code]
        row, column = int(cell[1:]) - 1, "ABCDE".index(cell[0])
        typed = clean(grid(drawing).rows[row][column])
        assert (problem.cell, problem.value) == (cell, typed)
        assert f"'{typed}'" in problem.message
        assert told.figures == {}


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1.1, "1.1"),
        (12.0, "12"),
        (True, "TRUE"),
        (datetime(2024, 6, 30), "2024-06-30"),
        (datetime(2024, 6, 30, 7, 30), "2024-06-30 07:30:00"),
        ("Ночь  в\u200b пути", "Ночь в пути"),
    ],
)
def test_a_cells_text_is_what_a_spreadsheet_shows_of_it(held, shown):
    assert clean(held) == shown


def test_names_are_quoted_as_they_were_typed_and_never_as_codes_of_letters():
    told = read(LONG, "code|region|period|actual\nH-001| Астана|2024|5\nН-001|Astana|2023|5")

    assert "\\u" not in "".join(one.message for one in told.file.problems)
    assert "Н U+041D" in told.message("cell.homoglyph")


def test_a_long_text_that_is_cut_says_so():
    [problem] = read(LONG, f"code|period|actual\nH-001|2024|{'я' * 500}").file.problems

    assert len(problem.value) == 200
    assert problem.value.endswith("…")


def test_sheet_rows_counts_what_a_person_can_count():
    wide = like(
        LONG,
        columns={"region": ("region",)},
        wide=Wide(by=("period",)),
        constants={"reported_on": DAY, "indicator": "health.clinics"},
    )
    drawing = "region | 2023 | 2024\nAstana | 1 | 2\n | |\nAbai Region | 3 |\nTotal | 4 | 2"
    told = read(wide, drawing)

    assert told.counts == (6, 3, 0, 3)
    assert told.data.sources["sheet_rows"].tolist() == [3]


def test_a_sheet_that_two_layouts_read_is_counted_once():
    other = like(LONG, columns={**LONG.columns, "value": ("plan",)}, table="targets")
    other = like(other, columns={k: v for k, v in other.columns.items() if k != "period"})
    other = like(other, constants={"set_on": DAY, "kind": "final", "due_on": DAY})
    told = read([LONG, other], "code|region|period|actual|plan\nH-001|Astana|2024|5|6")

    assert told.data.sources[["rows_kept", "sheet_rows"]].values.tolist() == [[2, 1]]


def test_two_things_said_of_one_place_with_one_code_are_both_kept():
    plans = [like(LONG, sheets=(name,)) for name in ("Plan", "Budget")]
    told = read([LONG, *plans], "code | period | actual\nH-001 | 2024 | 5")
    kept = told.data.problems["message"]

    assert (
        kept.str.contains("called Plan").sum() == kept.str.contains("called Budget").sum() == 1
    )
