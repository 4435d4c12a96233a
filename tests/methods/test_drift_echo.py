"""The forecast's formula: every published answer, and what must hold of any figures."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.methods import drift_echo
from tests.support.shared import SHARED, needs_shared

CASES = SHARED / "oracles" / "forecast_cases.csv"


def close(ours, theirs):
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


@needs_shared
def test_every_published_case_comes_out_to_nine_digits(tally):
    good = cases = 0
    for case in pd.read_csv(CASES, keep_default_na=False).itertuples():
        values = np.array([float(one) for one in case.values.split()])
        low, high = float(case.low or -math.inf), float(case.high or math.inf)
        ends = {"season": case.season, "low": low, "high": high}
        found = drift_echo.project(values, **ends)
        outcome = found.ahead(case.steps)
        sign = 1 if case.direction == "increase" else -1
        half = drift_echo.half_decimal(values)
        chance = outcome.chance(case.target, sign=sign, half=half)
        ours = (found.k, found.rho, outcome.spread, outcome.mean, *outcome.interval, chance)
        names = ("k", "rho", "spread", "mean", "lower", "upper", "probability")
        alike = all(close(a, getattr(case, name)) for a, name in zip(ours, names, strict=True))
        alike &= outcome.free == case.free
        alike &= drift_echo.withheld(values, **ends) == case.withheld
        alike &= close(drift_echo.half_decimal(values), 0.5 * 10.0**-case.decimals)
        good += alike
        cases += 1
    tally("Forecasts: k, echo, mean, interval, chance and gate", good, cases)
    assert good == cases == 409


# Figures with one decimal, as they are reported; quarters of three years and more at most.
figures = st.lists(st.integers(-999, 999).map(lambda n: n / 10), min_size=4, max_size=15)
targets = st.integers(-1500, 1500).map(lambda n: n / 10)
horizons = st.integers(1, 9)
seasons = st.sampled_from((1, 4))
signs = st.sampled_from((1, -1))


def chance_of(values, target, step, *, sign=1, season=1, half=0.05):
    outcome = drift_echo.project(np.array(values), season=season).ahead(step)
    return outcome.chance(target, sign=sign, half=half)


@given(figures, targets, targets, horizons, signs, seasons)
def test_a_harder_target_is_never_likelier(values, one, other, step, sign, season):
    easy, hard = sorted((one, other), key=lambda target: sign * target)
    given = {"sign": sign, "season": season}

    assert chance_of(values, hard, step, **given) <= chance_of(values, easy, step, **given)


@given(figures, targets, horizons, seasons)
def test_a_series_turned_round_with_its_direction_has_the_same_chance(
    values, target, step, season
):
    up = chance_of(values, target, step, season=season)
    down = chance_of([-value for value in values], -target, step, sign=-1, season=season)

    assert up == pytest.approx(down, abs=1e-12)


@given(figures, targets, horizons, st.integers(-5000, 5000), seasons)
def test_a_whole_number_added_to_everything_changes_no_chance(
    values, target, step, added, season
):
    before = chance_of(values, target, step, season=season)
    after = chance_of([x + added for x in values], target + added, step, season=season)

    assert before == pytest.approx(after, abs=1e-6)


@given(figures, targets, horizons, seasons)
def test_the_scale_of_money_does_not_matter(values, target, step, season):
    before = chance_of(values, target, step, season=season)
    millions = [value * 1e6 for value in values]
    after = chance_of(millions, target * 1e6, step, season=season, half=0.05e6)

    assert before == pytest.approx(after, abs=1e-6)


@given(figures, horizons, seasons)
def test_what_lies_further_ahead_is_never_surer(values, step, season):
    found = drift_echo.project(np.array(values), season=season)

    assert found.ahead(step).spread <= found.ahead(step + 1).spread


@given(st.integers(-99, 99), st.integers(-99, 99).filter(bool), targets, horizons)
def test_four_figures_on_a_line_are_never_certain(start, change, target, step):
    values = [start + change * n for n in range(4)]
    low, high = drift_echo.project(np.array(values)).ahead(step).interval

    assert low < start + change * (3 + step) < high
    assert 0 < chance_of(values, target, step) < 1


@given(figures, horizons)
def test_no_figure_is_expected_beyond_half_of_the_way_to_an_end(values, step):
    shares = (np.array(values) + 100) / 2
    outcome = drift_echo.project(shares, low=0, high=100).ahead(step)
    low, high = outcome.interval

    assert shares[-1] / 2 <= outcome.mean <= (shares[-1] + 100) / 2
    assert 0 <= low <= outcome.mean <= high <= 100
    assert outcome.chance(100.6, sign=1, half=0.5) == 0
    assert outcome.chance(-0.6, sign=-1, half=0.5) == 0


def test_an_end_that_the_last_figure_is_beyond_is_not_used():
    outcome = drift_echo.project(np.array([99.0, 101, 104, 107]), low=0, high=100).ahead(1)

    assert outcome.mean > 107
    assert (outcome.low, outcome.high) == (0, math.inf)


def test_the_sum_of_two_periods_is_wider_than_two_of_them_thrown_anew():
    found = drift_echo.project(np.array([3.0, 1, 2, 4, 3, 5]))
    one, two, both = found.ahead(1), found.ahead(2), found.ahead(2, first=1)

    assert both.mean == pytest.approx(one.mean + two.mean)
    assert both.spread > math.hypot(one.spread, two.spread)
    # No echo and no drift: errors 2 and 1 times, so the root of 5 usual changes.
    plain = drift_echo.no_change(np.array([1.0, 2, 1, 2, 1]))
    assert plain.ahead(2, first=1).spread == pytest.approx(math.sqrt(5))
    assert plain.ahead(2).spread == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1, 3, 5, 7], "too_few"),
        ([5, 5, 5, 5], "too_few"),  # tested in this order
        ([10, 12, 14, 16, 18], ""),
        ([5, 5, 5, 6, 7], "still"),  # two of four
        ([5, 5, 6, 7, 8, 9], ""),  # one of five
        ([10, 11, 10, 11, 10, 11, 30], "shock"),
        ([10, 11, 10, 11, 10, 11, 12], ""),
    ],
)
def test_no_chance_is_given_of_figures_too_few_still_or_shocked(values, reason):
    assert drift_echo.withheld(np.array(values, dtype=float)) == reason


@pytest.mark.parametrize(
    ("values", "half"),
    [
        ([11.4, 12], 0.05), ([3, 4, 1e9], 0.5), ([99.25], 0.005), ([0.1 + 0.2], 0.05),
        ([1 / 3], 0.0005), ([1.2345], 0.0005), ([], 0.5),
    ],
)  # fmt: skip
def test_half_of_the_finest_decimal_is_told_from_the_figures(values, half):
    assert drift_echo.half_decimal(values) == pytest.approx(half)


@pytest.mark.parametrize("values", [[5.0] * 12, [0.0] * 4, [1e15, 2e15, 1e15, 3e15]])
def test_nothing_is_infinite(values):
    outcome = drift_echo.project(np.array(values), low=0).ahead(30)

    assert np.isfinite([outcome.mean, outcome.spread, *outcome.interval]).all()


def test_figures_that_never_changed_reach_what_they_are_and_nothing_else():
    outcome = drift_echo.project(np.array([5.0] * 7)).ahead(1)

    assert outcome.interval == (5, 5)
    assert [outcome.chance(target, sign=1, half=0.5) for target in (5, 5.5, 6)] == [1, 1, 0]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 3.0], [1.0, 2.0, math.nan, 3.0]])
def test_fewer_than_four_finite_figures_are_not_enough(values):
    with pytest.raises(ValueError, match="four finite figures"):
        drift_echo.project(np.array(values))
