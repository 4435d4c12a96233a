"""A key that is missing is never filled by a default: the inputs of ``../shared/cases``."""

import pytest

from tests.loading.test_rows import MONEY, WIDE
from tests.support.cases import read as case
from tests.support.grids import LONG, like, read
from tests.support.shared import needs_shared

CLINICS = "health.clinics"


def told(name):
    found = case(name)
    return [(p.code, p.cell) for p in found.problems if p.severity == "error"]


@needs_shared
@pytest.mark.parametrize(
    ("name", "kept", "aside"),
    [
        ("region-merged", 1, [("cell.merged-key", "A3")]),
        ("region-outline", 1, [("cell.missing-key", "A3"), ("cell.missing-key", "A4")]),
        ("total-unlabelled", 4, [("cell.missing-key", "A4")]),
    ],
)
def test_a_blank_region_among_regions_is_set_aside_and_told(name, kept, aside):
    assert told(name) == aside
    rows = case(name).data.observations
    assert len(rows) == kept
    assert set(rows["region_id"]) <= {"FD-01", "FD-02"}


@needs_shared
def test_a_merged_region_of_a_budget_is_set_aside():
    assert told("budget-region-merged") == [("cell.merged-key", "A3")]
    assert case("budget-region-merged").data.spending["region_id"].tolist() == ["FD-01"]


OUTLINE = """
code  | region | period | actual
H-001 | KZ-71  | 2023   | 5
H-001 |        | 2024   | 6
"""


def test_a_blank_under_a_region_says_where_it_is_and_what_to_declare():
    found = read(LONG, OUTLINE)

    assert found.figures == {(CLINICS, "KZ-71", "2023"): 5}
    assert found.cells("cell.missing-key") == ["B3"]
    assert 'blank = { region = "KZ" }' in found.file.problems[0].message


@pytest.mark.parametrize(
    ("declared", "region"),
    [({"blank": {"region": "KZ"}}, "KZ"), ({"fill": ("region",)}, "KZ-71")],
)
def test_a_blank_region_is_what_the_sheet_says(declared, region):
    found = read(like(LONG, **declared), OUTLINE)

    assert found.figures == {(CLINICS, "KZ-71", "2023"): 5, (CLINICS, region, "2024"): 6}


def test_no_row_that_names_a_region_is_the_nation():
    found = read(
        LONG, "code | region | period | actual\nH-001 | | 2023 | 5\nH-001 | | 2024 | 6"
    )

    assert found.figures == {(CLINICS, "KZ", "2023"): 5, (CLINICS, "KZ", "2024"): 6}


def test_what_a_merged_cell_covers_is_no_blank_even_where_blank_is_declared():
    found = read(like(LONG, blank={"region": "KZ"}), OUTLINE, merged=((1, 1, 2, 1),))

    assert found.figures == {(CLINICS, "KZ-71", "2023"): 5}
    assert found.cells("cell.merged-key") == ["B3"]


def test_a_region_without_figures_still_shows_that_a_blank_is_none():
    found = read(WIDE, "показатель | регион | 2023\nH-001 | KZ-71 |\nH-001 | | 7")

    assert found.figures == {}
    assert found.cells("cell.missing-key") == ["B3"]


@pytest.mark.parametrize("field", ["region", "budget", "period", "unit", "line", "reported_on"])
def test_no_part_of_a_spending_lines_key_is_taken_from_a_merged_cell(field):
    names = ("line", "region", "budget", "period", "unit", "reported_on")
    sheet = like(
        MONEY, columns={name: (name,) for name in (*names, "plan", "actual")}, constants={}
    )
    rows = [
        ["A", "KZ-71", "РБ", "'2024", "KZT", "2025-01-20"],
        ["B", "KZ-10", "МБ", "'2024", "KZT", "2025-01-20"],
    ]
    rows[1][names.index(field)] = ""
    drawn = "\n".join(" | ".join([*row, "1", "2"]) for row in rows)
    at = names.index(field)
    found = read(
        sheet, f"{' | '.join(names)} | plan | actual\n{drawn}", merged=((1, at, 2, at),)
    )

    assert found.data.spending["line_id"].tolist() == ["health.РБ.A"]
    assert found.cells("cell.merged-key") == [f"{'ABCDEF'[at]}3"]


def test_a_unit_that_one_row_lacks_is_set_aside_and_none_at_all_is_as_agreed():
    sheet = like(LONG, columns={**LONG.columns, "unit": ("unit",)})
    heading = "code | period | actual | unit\n"

    some = read(sheet, f"{heading}H-001 | 2023 | 5 | единиц\nH-001 | 2024 | 6 |")
    none = read(sheet, f"{heading}H-001 | 2023 | 5 |\nH-001 | 2024 | 6 |")

    assert some.figures == {(CLINICS, "KZ", "2023"): 5}
    assert some.cells("cell.missing-key") == ["D3"]
    assert len(none.figures) == 2


def test_a_period_is_not_made_of_what_is_left_beside_a_merged_part():
    sheet = like(
        LONG,
        columns={"indicator": ("code",), "year": ("year",), "q": ("q",), "value": ("actual",)},
        join={"period": ("year", "q")},
        mixed_periods=True,
        optional=(),
    )
    drawn = "code | year | q | actual\nH-001 | '2024 | I кв. | 5\nH-001 | '2024 | | 6"

    assert len(read(sheet, drawn).figures) == 2
    assert read(sheet, drawn, merged=((1, 2, 2, 2),)).figures == {(CLINICS, "KZ", "2024-Q1"): 5}
