"""A unit in thousands is scaled and told; one that nobody knows sets its row aside."""

from dataclasses import replace

import pytest

from delivery_analytics.model.sheet_definitions import Wide
from delivery_analytics.spreadsheets import open_book
from tests.support.cases import path as case_folder
from tests.support.cases import read as case
from tests.support.grids import DAY, INDICATORS, LONG, Told, like, read, world
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


def styled(*rows):
    """Return the style of the fourth column, C, where these rows of the grid are percent."""
    return {2: bytes([sum(1 << row for row in rows)])}


QUARTERS = "code | period | actual\nH-002 | I кв. 2023 | {}\nH-002 | II кв. 2023 | {}"


@needs_shared
def test_case_percent_mixed():
    # No layout of the common definitions is for its name.
    years = like(
        LONG,
        columns={"region": ("Region",)},
        wide=Wide(by=("period",)),
        map={"region": {"North": "KZ-10", "South": "KZ-71"}},
        constants={"reported_on": DAY, "indicator": "health.coverage"},
    )
    annual = tuple(replace(one, frequency="annual") for one in INDICATORS)
    book = open_book(case_folder("percent-mixed") / "percent_mixed.xlsx")
    told = Told(world(years, indicators=annual), [book])

    assert sorted(told.figures.values()) == [84.8, 86]
    doubtful = [p for p in told.file.problems if p.code == "value.percent-ambiguous"]
    assert [(p.severity, p.cell, p.value) for p in doubtful] == [
        ("error", "B3", "0.9"),
        ("error", "C3", "0.91"),
    ]


@pytest.mark.parametrize("small", ["0.9", "1", "1.05", "'0.9", "-0.5"])
def test_a_small_figure_beside_percent_style_is_set_aside_and_told(small):
    drawn = QUARTERS.format("0.848", small)
    told, plain = read(LONG, drawn, percent=styled(1)), read(LONG, drawn)

    assert told.figures == {("health.coverage", "KZ", "2023-Q1"): 84.8}
    assert told.cells("value.percent-ambiguous") == ["C3"]
    assert len(plain.figures) == (1 if small == "-0.5" else 2)  # from 0 to 100 it can be


def test_a_percentage_written_as_text_is_percent_style_too():
    told = read(LONG, QUARTERS.format("'84.8%", "0.9"))

    assert told.figures == {("health.coverage", "KZ", "2023-Q1"): 84.8}
    assert told.cells("value.percent-ambiguous") == ["C3"]


def test_percent_style_beside_plain_percentages_is_told_and_kept():
    told = read(LONG, QUARTERS.format("0.9", "84.8"), percent=styled(1))

    assert list(told.figures.values()) == [90, 84.8]
    assert told.codes("warning")["value.percent-ambiguous"] == 1
    assert told.codes() == {}


def test_a_percentage_that_was_styled_afterwards_is_set_aside():
    wide = tuple(replace(one, plausible=(None, None)) for one in INDICATORS)
    drawn = QUARTERS.format("84.8", "83")
    told = read(LONG, drawn, percent=styled(1), indicators=wide)

    assert list(told.figures.values()) == [83]
    assert told.codes() == {"value.percent-ambiguous": 1}


def test_a_plain_target_beside_figures_in_percent_style_is_doubtful_too():
    sheet = like(LONG, columns={**LONG.columns, "target": ("plan",)})
    drawn = "code | period | actual | plan\nH-002 | I кв. 2023 | 0.848 | 0.9"

    assert read(sheet, drawn, percent=styled(1)).cells("value.percent-ambiguous") == ["D2"]


@pytest.mark.parametrize("figure", ["0.848", "'84.8%"])
def test_a_scale_and_percent_style_never_multiply(figure):
    sheet = like(LONG, scale=100.0)
    style = {} if "%" in figure else {"percent": styled(1)}
    told = read(sheet, QUARTERS.format(figure, "0.9"), **style)

    assert [*told.figures.values()] == [84.8, 90]
    [scaled] = [one for one in told.file.problems if "scale was not applied" in one.message]
    assert (scaled.cell, scaled.severity) == ("C2", "warning")


BUDGET = like(
    LONG,
    table="spending",
    columns={"line": ("line",), "period": ("period",), "plan": ("plan",), "unit": ("unit",)},
    optional=(),
)


def spent(unit, *, sheet=BUDGET):
    return read(sheet, f"line | period | plan | unit\nroads | 2024 | 2.01 | {unit}")


@pytest.mark.parametrize(
    ("unit", "plan", "stored"),
    [
        ("KZT", 2.01, "KZT"),
        ("₸", 2.01, "₸"),
        ("тыс. тенге", 2010, "тенге"),
        ("тысяч тенге", 2010, "тенге"),
        ("мың теңге", 2010, "теңге"),
        ("млн ₸", 2010000, "₸"),
        ("млн. тг.", 2010000, "тг."),
        ("thousand KZT", 2010, "KZT"),
        ("mln KZT", 2010000, "KZT"),
        ("KZT, thousand", 2010, "KZT"),
        ("тенге (млрд)", 2.01e9, "тенге"),
        ("трлн тенге", 2.01e12, "тенге"),
    ],
)
def test_money_in_thousands_is_scaled_and_told(unit, plan, stored):
    told = spent(unit)

    assert told.data.spending[["plan", "unit"]].values.tolist() == [[plan, stored]]
    assert told.cells("cell.unit-mismatch") == ([] if plan == 2.01 else ["D2"])
    assert told.codes() == {}


@pytest.mark.parametrize("unit", ["тыс. попугаев", "попугаев", "тыс.", "mln", "KZT'000"])
def test_a_unit_that_is_no_money_we_know_sets_its_row_aside(unit):
    told = spent(unit)

    assert told.data.spending.empty
    assert told.cells("cell.unit-unknown") == ["D2"]


def test_of_money_too_a_declared_scale_holds_and_the_word_is_not_counted_again():
    told = spent("тыс. тенге", sheet=like(BUDGET, scale=1000.0))

    assert told.data.spending["plan"].tolist() == [2010]
    assert "scale = 1000 holds" in told.message("cell.unit-mismatch")


def test_a_constants_word_for_thousands_is_scaled_as_a_cells():
    columns = {name: words for name, words in BUDGET.columns.items() if name != "unit"}
    constants = {"reported_on": DAY, "unit": "тыс. тенге"}
    told = read(
        like(BUDGET, columns=columns, constants=constants), "line|period|plan\nroads|2024|2.01"
    )

    assert told.data.spending["plan"].tolist() == [2010]
    assert len(told.codes("warning")) == 1


@pytest.mark.parametrize("changes", [{}, {"scale": 1e6}])
def test_a_figure_with_a_word_for_its_size_is_not_multiplied_again(changes):
    sheet = like(BUDGET, suffixes=True, **changes)
    heading = "line | period | plan | unit"
    unit = "KZT" if changes else "млн тенге"
    told = read(sheet, f"{heading}\nroads|2024|12 млн|{unit}\nrails|2024|3|{unit}")
    plain = read(like(BUDGET, suffixes=True), f"{heading}\nroads|2024|12 млн|KZT")

    assert told.data.spending["plan"].tolist() == [3e6]
    assert told.cells("cell.number-ambiguous") == ["C2"]
    assert plain.data.spending["plan"].tolist() == [12e6]


@pytest.mark.parametrize("figure", ["$12 млн", "12 млн руб.", "€12m", "USD 12", "12 евро"])
def test_a_figure_in_another_currency_than_its_row_is_refused(figure):
    sheet = like(BUDGET, suffixes=True)
    told = read(
        sheet, f"line | period | plan | unit\nroads|2024|{figure}|тенге\nrails|2024|5|KZT"
    )

    assert told.data.spending["plan"].tolist() == [5]
    assert told.cells("cell.unit-mismatch") == ["C2"]


@pytest.mark.parametrize("figure", ["12 млн тенге", "KZT 12 млн", "12 млн ₸", "12 млн"])
def test_a_figure_in_its_rows_own_currency_is_read(figure):
    sheet = like(BUDGET, suffixes=True)
    told = read(sheet, f"line | period | plan | unit\nroads|2024|{figure}|тенге")

    assert told.data.spending["plan"].tolist() == [12e6]


def test_money_is_no_count_of_clinics():
    sheet = like(LONG, suffixes=True)
    told = read(sheet, "code|region|period|actual\nH-001|Astana|2023|5 тг\nH-001|Astana|2024|5")

    assert told.figures == {("health.clinics", "KZ-71", "2024"): 5}
    assert told.cells("cell.unit-mismatch") == ["D2"]


@pytest.mark.parametrize("unit", ["единиц¹", "единиц²⁾", "units*", "единиц 1)", "тыс. единиц¹"])
def test_a_footnotes_mark_behind_a_unit_is_no_part_of_it(unit):
    [figure] = one(unit, "5").figures.values()

    assert figure == (5000 if "тыс" in unit else 5)


@pytest.mark.parametrize("unit", ["units²", "единиц³"])
def test_a_power_behind_a_unit_is_no_footnote(unit):
    assert one(unit).cells("cell.unit-unknown") == ["D2"]
