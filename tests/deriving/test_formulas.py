"""What a formula may say, what it is refused for, and what it makes of figures."""

import math
import operator
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.deriving.derive import derive
from delivery_analytics.deriving.facts import Known
from delivery_analytics.deriving.working_out import work_out
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.formulas import check_formula, read_formula, references
from delivery_analytics.model.registry import open_registry
from tests.support.tables import dataset, registry
from tests.support.workbooks import workspace

KNOWN = registry("""
    indicator_id    | unit    | frequency | over_time | cumulative
    health.births   | cases   | annual    |           |
    health.attended | cases   | annual    |           |
    health.share    | percent | annual    |           |
    health.other    | percent | annual    |           |
    health.stay     | years   | annual    |           |
    health.monthly  | cases   | monthly   | sum       |
    health.stock    | cases   | quarterly | last      |
    health.rate     | percent | quarterly | mean      |
    health.unsaid   | cases   | quarterly |           |
    health.running  | cases   | quarterly |           | yes
""")


def refused(text, unit="", frequency="annual"):
    """Return why a formula of the sector health is refused; "" if it is not."""
    try:
        tree = read_formula(text, "health")
        check_formula(tree, KNOWN.indicators, KNOWN.units, frequency=frequency, unit=unit)
    except DefinitionError as error:
        return str(error)
    return ""


def made(text, drawn, **more):
    """Return what a formula makes of figures: (region, period) → value."""
    rows = derive(dataset(registry=KNOWN, observations=drawn), text, **more)
    latest = rows.drop_duplicates(["region_id", "period"], keep="last")
    keys = zip(latest["region_id"], latest["period"], strict=True)
    return dict(zip(keys, latest["value"], strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "births.__class__",
        "births.a.b",
        "(lambda: births)()",
        "[births for births in births]",
        "births if attended else 1",
        "births[0]",
        "births ** 2",
        "10**10**10 * births",
        "births // 2",
        "births % 2",
        "births < 2",
        "births and attended",
        "f'{births}'",
        "births; attended",
        "(births := 1)",
        "share(births, attended, base=1)",
        "share(*births)",
        "True * births",
        "1j * births",
        "None",
        "eval(births)",
        "births + " * 200 + "births",
        "(" * 300 + "births" + ")" * 300,
        "growth(" * 40 + "births" + ")" * 40,
        "-" * 60 + "births",
        "births * " + "9" * 400,
        "births \x00",
        "",
        "100",
        "births / (1 - 1)",
    ],
)
def test_what_is_no_arithmetic_of_figures_is_refused_with_a_sentence(text):
    assert len(refused(text)) > 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("brths / attended", "no indicator 'health.brths'. Did you mean health.births"),
        ("helth.births", "no indicator 'helth.births'. Did you mean health.births"),
        ("shar(births, attended)", "no function 'shar'. Did you mean share"),
        ("share(births)", "share(…) takes 2 in its brackets. Found 1"),
        ("rolling_mean(births)", "rolling_mean(…) takes 2 in its brackets. Found 1"),
        ("rolling_mean(births, 1)", "expects from 2 to 120 periods. Found 1"),
        ("rolling_mean(births, 2.5)", "Found 2.5"),
        ("index(births, 'summer')", "a period such as '2015'"),
        ("index(births, '2015-Q1')", "no period of annual figures"),
        ("births + share", "cases and percent cannot be added or subtracted"),
        ("births - stay", "cases and years cannot"),
        ("rolling_sum(share, 3)", "rolling_sum: percent counts nothing to sum up"),
        ("unsaid", "health.unsaid is quarterly, and what is made of it annual"),
        ("discrete(births)", "are not declared cumulative"),
    ],
)
def test_a_refusal_names_what_is_wrong_and_what_was_meant(text, told):
    assert told in refused(text)


@pytest.mark.parametrize(
    ("text", "unit", "fits"),
    [
        ("share(attended, births)", "percent", True),
        ("share(attended, births)", "index", True),
        ("per(attended, births, 1000)", "years", True),  # any plain number
        ("share(attended, births)", "cases", False),
        ("births - attended", "cases", True),
        ("births - attended", "percent", False),
        ("100 - share", "percent", True),
        ("share - other", "percent", True),
        ("growth(births)", "percent", True),
        ("difference(births)", "cases", True),
        ("difference(share)", "percent", True),
        ("rolling_mean(share, 3)", "percent", True),
        ("rolling_sum(births, 3)", "cases", True),
        ("births * share / 100", "cases", True),
        ("births / stay", "percent", False),
        ("births * attended", "cases", False),
        ("stay * births", "cases", True),
        ("1000 / births", "years", True),
        ("stay", "cases", False),
    ],
)
def test_the_declared_unit_is_held_against_what_the_formula_makes(text, unit, fits):
    assert (refused(text, unit) == "") == fits


def test_figures_that_count_from_january_are_not_added_to_each_other():
    assert "Write rolling_sum(discrete(…)" in refused(
        "rolling_sum(running, 4)", frequency="quarterly"
    )
    assert refused("rolling_sum(discrete(running), 4)", frequency="quarterly") == ""


def test_an_id_that_is_no_plain_name_stands_in_quotes():
    assert references(read_formula("'births-at-home' / health.births", "water")) == [
        *("water.births-at-home", "health.births")
    ]


FIGURES = """
    indicator_id    | region_id | period | value
    health.births   | KZ-10     | 2020   | 200
    health.births   | KZ-10     | 2021   | 220
    health.births   | KZ-10     | 2022   | 0
    health.births   | KZ-71     | 2021   | 50
    health.attended | KZ-10     | 2020   | 150
    health.attended | KZ-10     | 2021   |
    health.attended | KZ-10     | 2022   | 1
"""


def test_a_share_has_no_value_where_a_figure_has_none_or_would_be_divided_by_nought():
    found = made("share(health.attended, health.births)", FIGURES)

    assert found == pytest.approx(
        {("KZ-10", "2020"): 75, ("KZ-10", "2021"): math.nan, ("KZ-10", "2022"): math.nan},
        nan_ok=True,
    )


def test_growth_and_an_index_need_the_figure_that_they_are_held_against():
    assert made("growth(health.births)", FIGURES) == pytest.approx(
        {("KZ-10", "2021"): 10, ("KZ-10", "2022"): -100}
    )
    assert made("index(health.births, 2020)", FIGURES) == pytest.approx(
        {("KZ-10", "2020"): 100, ("KZ-10", "2021"): 110, ("KZ-10", "2022"): 0}
    )


QUARTERS = """
    indicator_id   | period  | value
    health.running | 2023-Q1 | 10
    health.running | 2023-Q2 | 25
    health.running | 2023-Q4 | 60
    health.running | 2024-Q1 | 5
    health.stock   | 2023-Q3 | 7
    health.stock   | 2023-Q4 | 8
    health.rate    | 2023-Q1 | 10
    health.rate    | 2023-Q2 | 20
    health.rate    | 2023-Q3 | 30
    health.rate    | 2023-Q4 | 60
    health.rate    | 2024-Q1 | 70
    health.births  | 2023    | 400
"""


def test_a_running_total_is_taken_apart_where_the_period_before_was_reported():
    found = made("discrete(health.running)", QUARTERS)

    assert found == {("KZ", "2023-Q1"): 10, ("KZ", "2023-Q2"): 15, ("KZ", "2024-Q1"): 5}
    again = made("year_to_date(discrete(health.running))", QUARTERS)
    assert again == {("KZ", "2023-Q1"): 10, ("KZ", "2023-Q2"): 25, ("KZ", "2024-Q1"): 5}


def test_a_year_is_made_of_its_quarters_once_all_are_there():
    assert made("health.rate", QUARTERS, frequency="annual") == {("KZ", "2023"): 30}
    assert made("health.stock", QUARTERS, frequency="annual") == {("KZ", "2023"): 8}
    assert made("health.stock / health.births", QUARTERS, frequency="annual") == {
        ("KZ", "2023"): 0.02
    }


def test_a_yearly_figure_stands_for_each_quarter_of_its_year():
    assert made("per(health.stock, health.births, 1000)", QUARTERS) == {
        ("KZ", "2023-Q3"): 17.5,
        ("KZ", "2023-Q4"): 20,
    }


NAMES, YEARS, PLACES = ("births", "attended", "stay"), ("2020", "2021", "2022", "2023"), "ab"
LEAVES = st.sampled_from(NAMES) | st.integers(1, 9).map(str) | st.just("0.5")


def grown(inner):
    pair = st.tuples(inner, inner)
    name = st.sampled_from(NAMES)
    return st.one_of(
        pair.flatmap(lambda p: st.sampled_from("+-*/").map(lambda s: f"({p[0]} {s} {p[1]})")),
        inner.map(lambda one: f"-({one})"),
        name.map(lambda one: f"growth({one})"),
        name.map(lambda one: f"difference({one})"),
        name.map(lambda one: f"rolling_mean({one}, 2)"),
        name.map(lambda one: f"rolling_sum({one}, 3)"),
        name.map(lambda one: f"index({one}, '2021')"),
        st.tuples(name, name).map(lambda p: f"share({p[0]}, {p[1]})"),
        st.tuples(name, name).map(lambda p: f"per({p[0]}, {p[1]}, 1000)"),
    )


class Series(dict):
    """The reference: (place, year) → value, worked out one by one."""

    def both(self, other, work):
        if not isinstance(other, Series):
            return Series({key: work(one, other) for key, one in self.items()})
        return Series({key: work(self[key], other[key]) for key in self.keys() & other.keys()})

    def __add__(self, other):
        return self.both(other, operator.add)

    def __mul__(self, other):
        return self.both(other, operator.mul)

    def __sub__(self, other):
        return self.both(other, operator.sub)

    def __truediv__(self, other):
        return self.both(other, divided)

    def __rsub__(self, other):
        return self * -1 + other

    def __rtruediv__(self, other):
        return Series({key: divided(other, one) for key, one in self.items()})

    def __neg__(self):
        return self * -1

    __radd__, __rmul__ = __add__, __mul__

    def back(self, years):
        there = ((p, str(int(year) + years)) for p, year in self)
        return Series(zip(there, self.values(), strict=True))


def divided(a, b):
    return a / b if b else math.nan


REFERENCE = {
    "growth": lambda a: (a - a.back(1)) / a.back(1) * 100,
    "difference": lambda a: a - a.back(1),
    "rolling_mean": lambda a, n: (a + a.back(1)) / n,
    "rolling_sum": lambda a, n: a + a.back(1) + a.back(2),
    "index": lambda a, base: Series(
        {k: divided(v * 100, a[k[0], base]) for k, v in a.items() if (k[0], base) in a}
    ),
    "share": lambda a, b: a / b * 100,
    "per": lambda a, b, n: a / b * n,
}
VALUES = st.none() | st.integers(-3, 9).map(float)


@settings(max_examples=200, deadline=None)
@given(
    text=st.recursive(LEAVES, grown, max_leaves=6).filter(lambda one: re.search("[a-z]", one)),
    drawn=st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(PLACES), st.sampled_from(YEARS)),
        VALUES,
    ),
)
def test_a_formula_makes_what_a_plain_reading_of_it_makes(text, drawn):
    facts = {}
    for (name, place, year), value in drawn.items():
        own = facts.setdefault(f"health.{name}", {})
        own[place, "", year] = Known(None, math.nan if value is None else value, "", "", "")
    try:
        tree = read_formula(text, "health")
    except DefinitionError as error:
        assert "divides by 0" in str(error)
        return
    line = work_out(tree, facts, KNOWN.indicators, "annual")
    series = {name: Series() for name in NAMES}
    for (name, place, year), value in drawn.items():
        series[name][place, year] = math.nan if value is None else value
    expected = eval(text, {"__builtins__": {}}, series | REFERENCE)

    found = {(place, year): one.value for (place, _, year), one in line.items()}
    assert found == pytest.approx(dict(expected), nan_ok=True)
    for (place, _, _), one in line.items():
        cells = {(key.partition(".")[2], fact[0], fact[2]) for key, fact in one.behind}
        assert cells <= {*drawn}
        assert {where for _, where, _ in cells} == {place}


def declared(folder, *indicators):
    """Return why a workspace whose sector has these indicators is refused."""
    keys = 'name = { en = "It" }\ndirection = "increase"\n'
    text = "".join(f"[[indicator]]\n{keys}{one}\n" for one in indicators)
    with pytest.raises(DefinitionError) as refusal:
        open_registry(workspace(folder, indicators=f'name = {{ en = "Health" }}\n{text}'))
    return str(refusal.value)


def test_a_workspace_with_a_circle_says_which_way_it_goes(tmp_path):
    told = declared(
        tmp_path,
        'id = "a"\nunit = "units"\nformula = "b + 1"',
        'id = "b"\nunit = "units"\nformula = "a - 1"',
    )

    assert "health.toml, health." in told
    assert "formula: it is made of itself: " in told
    assert "health.a ← health.b" in told or "health.b ← health.a" in told


def test_a_workspace_whose_formula_is_wrong_names_file_indicator_and_key(tmp_path):
    told = declared(
        tmp_path,
        'id = "births"\nunit = "units"',
        'id = "growth"\nunit = "percent"\nformula = "growth(birth)"',
    )

    assert "health.toml, health.growth, formula: There is no indicator 'health.birth'" in told
    assert "Did you mean health.births" in told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            'unit = "percent"\nover_regions = "sum"',
            "over_regions: figures in 'percent' have no",
        ),
        ('unit = "percent"\naggregation = "sum"', "over_regions: figures in 'percent' have no"),
        ('unit = "units"\nover_regions = "weighted_mean"', "and the weight stand together"),
        ('unit = "units"\nweight = "a"', "and the weight stand together"),
        (
            'unit = "units"\nover_regions = "sum"\ncoverage_at_least = 0.9',
            "coverage_at_least: ",
        ),
        (
            'unit = "units"\nover_regions = "weighted_mean"\nweight = "peple"',
            "There is no indicator 'peple'",
        ),
        (
            'unit = "units"\nfrequency = "monthly"\ncumulative = true\nover_time = "sum"',
            "Say last",
        ),
        ('unit = "units"\nover_regions = "total"', "Input should be 'sum', 'mean'"),
        ('unit = "units"\nover_region = "sum"', "Did you mean over_regions"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_at_its_key(tmp_path, keys, told):
    assert told in declared(tmp_path, f'id = "a"\n{keys}')
