"""Rows of many files put together: the law of rows, repeats, contradictions, resubmissions."""

import dataclasses
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery_analytics.errors import ContractError
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.results import FileResult
from delivery_analytics.model import schema
from delivery_analytics.model.sheet_definitions import Keep, Sheet, Wide
from delivery_analytics.spreadsheets.grid import Grid
from tests.support.cases import common
from tests.support.cases import read as case
from tests.support.grids import LONG, Told, book, grid, like, read, world
from tests.support.shared import needs_shared

ID = "health.clinics"
HEAD = "code | period | actual\n"
DATED = like(LONG, constants={}, columns={**LONG.columns, "reported_on": ("as_of",)})
WITH_TARGET = like(LONG, columns={**LONG.columns, "target": ("план",)})


def files(sheet, *drawings):
    names = (f"{letter}.xlsx" for letter in "abcdefgh")
    books = [
        book(grid(drawing, file=name), file=name)
        for name, drawing in zip(names, drawings, strict=False)
    ]
    return Told(world(sheet), books)


def counts(told):
    return [(one.read, one.kept, one.quarantined, one.skipped) for one in told.files]


def test_a_row_that_stands_twice_in_a_file_counts_once():
    told = files(LONG, HEAD + "H-001 | 2024 | 5\nH-001 | 2024 | 5")

    assert told.figures == {(ID, "KZ", "2024"): 5}
    assert counts(told) == [(2, 1, 0, 1)]
    assert "stands already at a.xlsx, Sheet!A2" in told.message("row.duplicate")


def test_rows_that_contradict_each_other_in_a_file_are_both_set_aside():
    told = files(LONG, HEAD + "H-001 | 2024 | 5\nH-001 | 2024 | 6\nH-001 | 2023 | 4")

    assert told.figures == {(ID, "KZ", "2023"): 4}
    assert counts(told) == [(3, 1, 2, 0)]
    assert told.cells("row.primary-key") == ["A2", "A3"]


def test_the_same_row_in_two_files_counts_in_the_first():
    told = files(
        LONG, HEAD + "H-001 | 2024 | 5", HEAD + "H-001 | 2024 | 5\nH-002 | 2024-Q1 | 80"
    )

    assert counts(told) == [(1, 1, 0, 0), (2, 1, 0, 1)]
    assert told.data.observations["source_id"].nunique() == 2
    assert [p.file for one in told.files for p in one.problems] == ["b.xlsx"]


def contradictions(file):
    """Return what is told of rows; that a file's name may tell of a correction comes beside."""
    return [one for one in file.problems if one.code == "row.primary-key"]


def test_files_that_contradict_each_other_are_both_told_with_the_others_cell():
    told = files(LONG, HEAD + "H-001 | 2024 | 5", HEAD + "H-001 | 2024 | 6")

    assert told.figures == {}
    assert counts(told) == [(1, 0, 1, 0), (1, 0, 1, 0)]
    first, second = (contradictions(one)[0].message for one in told.files)
    named = "health.clinics, KZ, 2024"
    assert first == f"{named}: 5 (Sheet!C2) is contradicted by 6 (b.xlsx, Sheet!C2)"
    assert second == f"{named}: 6 (Sheet!C2) is contradicted by 5 (a.xlsx, Sheet!C2)"
    assert [one.outcome for one in told.files] == ["rows_quarantined"] * 2


def test_contradictions_of_one_series_are_told_once_with_their_count():
    years = range(2015, 2025)
    first, second = (
        HEAD + "\n".join(f"H-001 | {year} | {figure}" for year in years) for figure in (5, 6)
    )
    told = files(LONG, first, second)

    assert counts(told) == [(10, 0, 10, 0), (10, 0, 10, 0)]
    for one, own, other in zip(told.files, (5, 6), (6, 5), strict=True):
        [problem] = contradictions(one)
        assert f"2015: {own} (Sheet!C2) is contradicted by {other} (" in problem.message
        assert "the same for 9 more: 2016, 2017, 2018, 2019, 2020 and 4 more" in problem.message
        assert problem.cell == ",".join(f"A{row}" for row in range(2, 12))


@needs_shared
def test_case_dash():
    regions = common("regions.csv").replace("North,Север,North,", "North,Север,North,Old North")
    sheet = common("water.toml").replace('files = ["rw_*"]', 'files = ["dash*"]')
    found = case("dash", regions=regions, sector=sheet)
    table = found.data.observations

    assert dict(zip(table["region_id"] + table["period"], table["value"], strict=True)) == {
        "FD-012017": 5,
        "FD-012018": 7,
        "FD-022017": 1,
        "FD-022018": 2,
    }
    assert not [p for p in found.problems if p.severity == "error"]
    assert [p.value for p in found.problems if p.code == "row.no-figure"] == ["–", "–"]


SPENT = Sheet(
    table="spending",
    columns={name: (name,) for name in ("line", "plan", "actual")},
    constants={"unit": "KZT", "period": "2024", "reported_on": "2025-01-20"},
)


def test_what_one_row_of_a_line_leaves_open_another_may_say():
    told = files(
        SPENT, "line | plan | actual\nA | 5 | -\nA | - | 7\nA | 5 | 7\nB | 3 |\nB | | 2"
    )
    rows = told.data.spending.set_index("line_id")

    assert rows[["plan", "actual"]].to_numpy().tolist() == [[5, 7], [3, 2]]
    assert rows.loc["health.B", ["plan_cell", "source_cell"]].tolist() == [
        "Sheet!B5",
        "Sheet!C6",
    ]
    assert counts(told) == [(5, 2, 0, 3)]
    said = [p.message for p in told.file.problems if p.code == "row.duplicate"]
    assert [m.partition(" with those at ")[0] for m in said][
        -1
    ] == "its figures were put together"
    assert told.codes() == {}


def test_a_plan_that_two_rows_give_otherwise_is_named_with_both():
    told = files(SPENT, "line | plan | actual\nA | 5 | -\nA | 6 | 7")

    assert told.cells("row.primary-key") == ["B2,C2", "B3,C3"]
    assert "plan 5, actual – (" in told.file.problems[-2].message


def test_of_rows_without_a_figure_one_is_kept():
    told = files(LONG, HEAD + "H-001 | 2024 | -\nH-001 | 2024 | x\nH-001 | 2024 | н/д")

    assert counts(told) == [(3, 1, 0, 2)]
    assert told.codes() == {}


def test_of_a_great_many_equal_rows_a_few_places_are_named():
    told = files(LONG, HEAD + "H-001 | 2024 | 5\n" * 500)

    assert counts(told) == [(500, 1, 0, 499)]
    longest = max(len(problem.message) for problem in told.file.problems)
    assert longest < 250
    assert "and 494 more" in told.file.problems[-1].message


def test_a_later_report_of_the_same_period_is_a_revision_and_no_contradiction():
    told = files(
        DATED,
        "code | period | actual | as_of\nH-001 | 2024 | 5 | 2025-01-20",
        "code | period | actual | as_of\nH-001 | 2024 | 6 | 2025-02-20",
    )

    assert counts(told) == [(1, 1, 0, 0), (1, 1, 0, 0)]
    assert told.data.known_on("2025-02-19").observations["value"].tolist() == [5]
    assert told.data.known_on("2025-02-20").observations["value"].tolist() == [6]


def test_a_target_beside_a_figure_repeats_with_it_and_is_no_row_of_its_own():
    told = files(WITH_TARGET, "code | period | план | actual\nH-001 | 2024 | 40 | 5\n" * 1)
    twice = files(
        WITH_TARGET,
        "code | period | план | actual\nH-001 | 2024 | 40 | 5\nH-001 | 2024 | 40 | 5",
    )

    assert counts(told) == [(1, 1, 0, 0)]
    assert counts(twice) == [(2, 1, 0, 1)]
    assert twice.codes("warning") == {"row.duplicate": 1}


def test_targets_that_contradict_each_other_beside_equal_figures_are_told():
    told = files(
        WITH_TARGET,
        "code | region | period | план | actual\nH-001 | | 2024 | 40 | 5",
        "code | region | period | план | actual\nH-001 | | 2024 | 41 | 5",
    )

    assert told.data.targets.empty
    assert told.figures == {(ID, "KZ", "2024"): 5}
    assert told.codes("warning") == {"row.primary-key": 2, "row.duplicate": 1}
    assert counts(told) == [(1, 1, 0, 0), (1, 0, 0, 1)]


def test_targets_of_their_own_sheet_are_rows_like_any_other():
    targets = Sheet(
        table="targets",
        sheets=("Цели",),
        columns={"indicator": ("code",), "due_on": ("due",), "value": ("value",)},
        constants={"set_on": "2024-01-01", "kind": "final"},
    )
    figures = like(LONG, sheets=("Sheet",))
    twice = "code | due | value\nH-001 | 2025-12-31 | 9\nH-001 | 2025-12-31 | 9"
    against = "code | due | value\nH-001 | 2025-12-31 | 9\nH-001 | 2025-12-31 | 8"
    for drawing, expected in ((twice, (3, 2, 0, 1)), (against, (3, 1, 2, 0))):
        page = grid(drawing, sheet="Цели")
        told = Told(world(figures, targets), [book(grid(HEAD + "H-001 | 2024 | 5"), page)])

        assert told.counts == expected


def test_a_lost_row_is_our_fault_and_stops_the_load():
    lost = FileResult("a.xlsx", "a.xlsx", "loaded", source_id="a" * 12, read=3, kept=2)

    with pytest.raises(ContractError, match=r"a\.xlsx: 3 rows read, but 2 kept"):
        combine(world(), [lost])


def test_every_file_is_a_source_with_the_last_day_it_told_of():
    told = files(
        DATED,
        "code | period | actual | as_of\nH-001 | 2024 | 5 | 2025-01-20\nH-001 | 2023 | 5 | 2025-01-25",
        "a | b",
    )
    sources = told.data.sources.set_index("path")

    assert sources.loc["a.xlsx", "received_on"].date() == date(2025, 1, 25)
    assert sources["received_on"].isna().tolist().count(True) == 1
    assert sources["rows_read"].sum() == 2


def test_problems_carry_file_sheet_cell_and_the_day_the_file_was_received():
    told = files(LONG, HEAD + "H-001 | 2024 | 5\nH-001 | 2023 | много")
    [row] = told.data.problems.to_dict("records")

    assert (row["file"], row["sheet"], row["cell"]) == ("a.xlsx", "Sheet", "C3")
    assert (row["code"], row["severity"], row["value"]) == ("cell.type-error", "error", "много")
    assert row["reported_on"].date() == date(2025, 1, 20)
    assert row["source_id"] == told.file.sha256[:12]


# Whatever stands in a sheet: rows are kept, set aside or skipped, and all are told.

NASTY = [
    None, None, "", " ", "H-001", "H-002", "Н-001", "health.deaths", "x", "н/д", "-", "1,234",
    "1 234,5", "≥5", "10-15", 5.0, -1.0, 1e308, float("inf"), 10**30, True, "2024", "2024-Q1",
    "0000", "9999", "I кв. 2024", "9 мес. 2024", 2024.0, 45000.0, date(2024, 3, 31), time(1),
    timedelta(1), "31.03.2024", "03/04/2024", "KZ-71", "г. Астана", "Итого", "Примечание: a", "*",
    "percent", "%", "код", "actual", "period", "as_of", "region", "план", "baseline", "да",
    "a\x00b", "_x0007_", "\ud83d", "=1+1", "#REF!", "9" * 400, "1\n2", "янв. 2024",
]  # fmt: skip
FIELDS = {
    "observations": "indicator value period reported_on region target unit sector",
    "targets": "indicator value due_on set_on kind region illustrative",
    "milestones": "milestone reported_on title due_on programme illustrative",
    "instructions": "instruction reported_on control extensions due_on",
    "spending": "line budget period reported_on plan actual unit region programme",
    "judgements": "subject reported_on assessor dimension rating",
}


@st.composite
def sheets(draw):
    """A declared sheet and a grid that may, or may not, be like it."""
    chance = draw(st.randoms(use_true_random=False))
    table = chance.choice(list(FIELDS))
    names = FIELDS[table].split()
    used = chance.sample(names, chance.randint(1, len(names)))
    sheet = Sheet(
        table=table,
        columns={name: (name,) for name in used},
        optional=tuple(name for name in used if chance.random() < 0.5),
        header=chance.choice([0, 1, 3]),
        header_rows=chance.choice([1, 1, 2]),
        fill=tuple(name for name in used if chance.random() < 0.2),
        decimal=chance.choice(["auto", ".", ","]),
        transpose=chance.random() < 0.15,
        scale=chance.choice([1.0, 1000.0]),
        cumulative=chance.random() < 0.3,
        fiscal_year_start=chance.choice([1, 1, 4]),
        hidden_rows=chance.choice(["read", "skip"]),
        suffixes=chance.random() < 0.3,
        constants=chance.choice([{}, {"reported_on": "2024-12-31", "unit": "KZT"}]),
        keep=chance.choice([(), (Keep(column=("region",), among=("",), optional=True),)]),
        area=chance.choice(["", "", "", "A2:D9", "B1:"]),
    )
    if chance.random() < 0.4 and table in ("observations", "spending"):
        held = "value" if table == "observations" else "actual"
        rest = {
            name: told for name, told in sheet.columns.items() if name not in (held, "period")
        }
        sheet = dataclasses.replace(sheet, columns=rest, wide=Wide(by=("period",), value=held))
    heading = [*sheet.columns, *chance.sample(["2024", "I кв. 2024", "?", None, 2023.0], 3)]
    width = len(heading)
    rows = [[chance.choice(NASTY) for _ in range(width)] for _ in range(chance.randint(0, 8))]
    rows.insert(chance.randint(0, min(2, len(rows))), heading)
    if sheet.transpose:
        rows = [list(column) for column in zip(*rows, strict=True)]
    broken = {}
    for _ in range(chance.choice([0, 0, 1, 3])):
        at = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        rows[at[0]][at[1]] = None
        broken[at] = "#REF!"
    hidden = frozenset({chance.randrange(len(rows))}) if chance.random() < 0.3 else frozenset()
    page = Grid(
        "return.xlsx",
        chance.choice(["Sheet", ""]),
        rows,
        errors=broken,
        hidden_rows=hidden,
        text=chance.random() < 0.2,
        merged=chance.choice([(), ((0, 0, 1, 1),)]),
    )
    return sheet, page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(sheets())
def test_no_sheet_loses_a_row_or_makes_the_loader_fail(case):
    sheet, page = case
    told = Told(world(sheet), [book(page)])

    read_, kept, aside, skipped = told.counts
    assert read_ == kept + aside + skipped
    assert aside == 0 or told.codes()
    assert told.file.outcome == "rejected" or (told.codes() != {}) == (
        told.file.outcome == "rows_quarantined"
    )
    for name, table in told.data.tables.items():
        schema.check_contract(name, table)
    assert told.data.known_on("2024-12-31").observations["value"].notna().sum() <= kept


def test_a_row_kept_by_a_wide_sheet_is_one_figure():
    sheet = like(LONG, columns={"indicator": ("code",)}, wide=Wide(by=("period",)))
    told = read(sheet, "code | 2022 | 2023 | 2024\nH-001 | 1 | | 3\nИтого | 1 | | 3")

    assert told.counts == (4, 2, 0, 2)  # two figures, a blank, and a total
