"""A unit in thousands is scaled and told; one that nobody knows sets its row aside."""

import pytest

from tests.support.cases import read as case
from tests.support.grids import LONG, like, read
from tests.support.shared import needs_shared

UNITS = like(LONG, columns={**LONG.columns, "unit": ("unit",)})


def one(unit, figure="2.01", *, sheet=UNITS, code="H-001", period="'2023"):
    heading = "code | period | actual | unit"
    return read(sheet, f"{heading}\n{code} | {period} | {figure} | {unit}")


@pytest.mark.parametrize(
    ("unit", "figure"),
    [
        ("единиц", 2.01),
        ("тыс. единиц", 2010),
        ("тысяч единиц", 2010),
        ("тыс.единиц", 2010),
        ("мың бірлік", 2010),
        ("thousand units", 2010),
        ("Thousands of units", 2010),
        ("units, thousand", 2010),
        ("единиц (тыс.)", 2010),
        ("млн единиц", 2010000),
        ("mln units", 2010000),
        ("млрд единиц", 2.01e9),
    ],
)
def test_thousands_of_the_agreed_unit_are_scaled_and_told(unit, figure):
    found = one(unit)

    assert list(found.figures.values()) == [figure]  # 2009.9999999999998 it is not
    told = [] if unit == "единиц" else ["D2"]
    assert found.cells("cell.unit-mismatch") == told
    assert not [p for p in found.file.problems if p.severity == "error"]


@pytest.mark.parametrize(
    "unit", ["тыс. попугаев", "попугаев", "тыс.", "тыс. процентов", "тысячник единиц"]
)
def test_a_unit_that_is_not_known_sets_its_row_aside(unit):
    found = one(unit)

    assert found.figures == {}
    assert [p.cell for p in found.file.problems if p.severity == "error"] == ["D2"]


def test_thousands_of_a_percentage_are_none():
    assert one("тыс. процент", "5", code="H-002", period="I кв. 2023").figures == {}


def test_a_declared_scale_holds_and_the_word_is_not_counted_again():
    found = one("тыс. единиц", sheet=like(UNITS, scale=1000.0))

    assert list(found.figures.values()) == [2010]
    assert found.cells("cell.unit-mismatch") == ["D2"]


def test_a_target_beside_a_figure_is_scaled_with_it():
    sheet = like(UNITS, columns={**UNITS.columns, "target": ("plan",)})
    found = read(
        sheet, "code | period | plan | actual | unit\nH-001 | '2023 | 2 | 1.5 | тыс. единиц"
    )

    assert list(found.figures.values()) == [1500]
    assert found.data.targets["value"].tolist() == [2000]


@needs_shared
def test_a_scaled_figure_is_the_target_it_meets():
    found = case("target-met").data
    pipes = found.observations.query("indicator_id == 'water.pipes'")["value"].tolist()
    assert pipes == [2010.0]


def test_a_small_figure_beside_percent_style_is_set_aside_and_told():
    drawn = "code | period | actual\nH-002 | I кв. 2023 | 0.848\nH-002 | II кв. 2023 | 0.9"
    styled = read(LONG, drawn, percent={2: bytes([0b10])})
    plain = read(LONG, drawn)

    assert styled.figures == {("health.coverage", "KZ", "2023-Q1"): 84.8}
    assert styled.cells("value.percent-ambiguous") == ["C3"]
    assert len(plain.figures) == 2
