"""What is a total, what its parts are, and what is never summed."""

import dataclasses

import pytest

from tests.loading.test_rows import WIDE
from tests.support import grids
from tests.support.cases import read as case
from tests.support.grids import like, read
from tests.support.shared import needs_shared

CHECKED = like(
    WIDE, columns={"region": ("регион",)}, constants={**WIDE.constants, "indicator": "H-001"}
)
CHECKED = like(CHECKED, check_totals=True)
DISAGREES = "value.total-disagrees"


@needs_shared
def test_the_totals_of_a_pivot_table_are_skipped():
    found = case("pivot-total")
    assert [p.cell for p in found.problems if p.code == "row.total"] == ["A4"]
    assert not [p for p in found.problems if p.severity == "error"]
    assert len(found.data.observations) == 4

    found = case("pivot")
    totals = [p.cell for p in found.problems if p.code == "row.total"]
    assert totals == ["A3", "A6", "A7", "A8", "A9", "A10"]
    assert {p.cell for p in found.problems if p.severity == "error"} == {"A5"}


@needs_shared
def test_percentages_written_as_text_are_not_summed():
    codes = [p.code for p in case("percent-text-total").problems]
    assert "row.total" in codes
    assert DISAGREES not in codes


@pytest.mark.parametrize(
    "word", ["Итог", "Общий итог", "г. Астана Total", "Север Итог", "Среднее", "Average"]
)
def test_a_total_or_an_average_by_any_of_its_words_is_no_figure(word):
    drawn = f"регион | 2023\nСевер | 1\nг. Астана | 5\n{word} | 5"
    found = read(like(CHECKED, check_totals=False), drawn)

    assert found.figures == {("health.clinics", "KZ-71", "2023"): 5}
    assert found.cells("row.total") == ["A4"]


def test_an_average_is_not_held_against_a_sum():
    drawn = "регион | 2023\nг. Астана | 5\nКостанай | 7\nСреднее | 6"
    assert DISAGREES not in read(CHECKED, drawn).codes("warning")


@pytest.mark.parametrize(
    ("nation", "total", "told"), [(12, 12, []), (12, 13, ["B5"]), (13, 12, ["B5"])]
)
def test_the_nations_row_is_compared_with_the_total_and_not_added(nation, total, told):
    drawn = (
        f"регион | 2023\nКазахстан | {nation}\nАбай облысы | 5\nг. Астана | 7\nИтого | {total}"
    )
    found = read(CHECKED, drawn)

    assert found.cells(DISAGREES) == told
    assert found.figures[("health.clinics", "KZ", "2023")] == nation


@pytest.mark.parametrize(("figure", "told"), [(12, []), (99, ["B4"])])
def test_a_total_that_is_called_as_the_nation_is_its_figure_and_checked(
    figure, told, monkeypatch
):
    nation, *others = grids.REGIONS
    nation = dataclasses.replace(nation, aliases=("Всего по стране",))
    monkeypatch.setattr(grids, "REGIONS", (nation, *others))
    drawn = f"регион | 2023\nАбай облысы | 5\nг. Астана | 7\nВсего по стране | {figure}"
    found = read(CHECKED, drawn)

    assert found.cells(DISAGREES) == told
    assert found.figures[("health.clinics", "KZ", "2023")] == figure


@pytest.mark.parametrize("figure", ["44.2", "'44,2%", "'44.2"])
def test_no_percentage_is_summed(figure):
    by_unit = like(CHECKED, constants={**CHECKED.constants, "indicator": "H-002"})
    drawn = f"регион | I кв. 2023\nАбай облысы | 45\nг. Астана | 57\nИтого | {figure}"

    assert DISAGREES not in read(by_unit, drawn).codes("warning")
