"""Forecasts: published damped trends, the chance of a target, and what is not enough."""

import dataclasses
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import blocks
from delivery_analytics.analytics import forecast
from delivery_analytics.methods import student_t
from delivery_analytics.wording.wording import open_wording
from tests.support.shared import SHARED, needs_shared
from tests.support.tables import dataset, registry

Z95 = 1.959963984540054


def oracle():
    folder = SHARED / "oracles"
    series = pd.read_csv(folder / "ets_damped_series.csv").sort_values("t")
    shown = pd.read_csv(folder / "ets_damped_forecasts.csv").sort_values("h")
    for case in pd.read_csv(folder / "ets_damped_params.csv").itertuples():
        values = series[series["series"] == case.series]["y"].to_numpy()
        yield case, values, shown[shown["id"] == case.id]


@needs_shared
def test_every_published_mean_and_limit_is_reproduced_with_its_parameters(tally):
    good = cases = 0
    for case, values, shown in oracle():
        found = forecast.follow(
            values, alpha=case.alpha, beta=case.beta, phi=case.phi, level=case.l0, trend=case.b0
        )
        steps = shown["h"].to_numpy()
        mean, spread = found.mean(steps), found.spread(steps)
        ours = [
            mean,
            mean - student_t.Z80 * spread,
            mean + student_t.Z80 * spread,
            mean - Z95 * spread,
            mean + Z95 * spread,
        ]
        theirs = [shown[name] for name in ("mean", "lo80", "hi80", "lo95", "hi95")]
        alike = all(np.allclose(a, b, rtol=1e-9) for a, b in zip(ours, theirs, strict=True))
        good += alike and math.isclose(found.squares, case.sse, rel_tol=1e-9)
        cases += 1
    tally("ETS: series, means and limits", good, cases)
    assert good == cases == 18


@needs_shared
def test_estimated_parameters_leave_no_larger_errors_than_the_published_ones():
    cases = 0
    for case, values, _ in oracle():
        if case.estimated:
            found = forecast.fit_damped(values)
            assert found.squares <= case.sse * (1 + 1e-6)
            assert 0.8 <= found.phi <= 0.98
            assert 0 <= found.beta <= found.alpha <= 1
            cases += 1
    assert cases == 6


def test_a_straight_line_of_few_figures_has_the_interval_of_student():
    # 1 3 2 4 on 0 1 2 3: slope 0.8, level 1.3, squares left 1.8, spread sqrt(0.9); two steps
    # on is 1.3 + 0.8 * 5 = 5.3, 1 + 1/4 + 3.5^2 / 5 = 3.7, and 1.6 times that two periods on.
    mean, spread, free = forecast.ahead(np.array([1.0, 3.0, 2.0, 4.0]), np.array([2]))

    assert mean[0] == pytest.approx(5.3)
    assert spread[0] == pytest.approx(math.sqrt(0.9 * 3.7 * 1.6))
    assert free == 2


@pytest.mark.parametrize(
    ("free", "quantile"),
    [(0, 1.2815516), (1, 3.0776835), (2, 1.8856181), (3, 1.6377444), (5, 1.4758840)],
)
def test_the_quantiles_are_those_of_the_printed_tables(free, quantile):
    assert student_t.reach80(free) == pytest.approx(quantile, abs=1e-6)


def test_the_chance_is_even_at_the_target_and_turns_with_the_direction():
    assert forecast.chance(5.0, 2.0, 5.0, sign=1) == 0.5
    # One standard deviation beyond it: 0.8413447 by the printed table.
    assert forecast.chance(7.0, 2.0, 5.0, sign=1) == pytest.approx(0.8413447, abs=1e-7)
    assert forecast.chance(7.0, 2.0, 5.0, sign=-1) == pytest.approx(0.1586553, abs=1e-7)
    assert forecast.chance(7.0, 0.0, 5.0, sign=1) == 1.0


@pytest.mark.parametrize(
    ("probability", "name"),
    [
        (0.8, "likely"), (0.79, "probable"), (0.6, "probable"), (0.4, "even"), (0.2, "doubtful"),
        (0.19, "unlikely"), (0.0, "unlikely"), (math.nan, "not_enough_data"),
    ],
)  # fmt: skip
def test_probabilities_have_words(probability, name):
    assert forecast.outlook_class(probability) == name


@pytest.mark.parametrize("values", [[5.0] * 12, [5.0] * 4, [0.0] * 9, list(range(12))])
def test_constant_and_straight_series_are_continued_and_nothing_is_infinite(values):
    mean, spread, _ = forecast.ahead(np.array(values, dtype=float), np.array([1, 4]))

    assert np.isfinite(mean).all()
    assert np.isfinite(spread).all()
    if len(set(values)) == 1:
        assert mean.tolist() == pytest.approx([values[0]] * 2, abs=1e-6)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 3.0]])
def test_three_figures_are_not_enough(values):
    with pytest.raises(ValueError, match="four figures"):
        forecast.ahead(np.array(values), np.array([1]))


def drawn(figures, *, direction="increase", target=100):
    observations = "indicator_id | period | value\n" + "\n".join(
        f"health.births | {year} | {value}" for year, value in figures
    )
    return dataset(
        "2025-01-31",
        registry=registry(f"indicator_id | direction\n health.births | {direction}"),
        observations=observations,
        targets=f"indicator_id | due_on | kind | value\n health.births | 2029-12-31 | final | {target}",
    )


def test_an_indicator_has_its_chance_its_rates_and_its_record():
    row = forecast.outlook(drawn([(year, year - 2000) for year in range(2013, 2025)])).iloc[0]

    # 13 to 24, one a year; 76 are left in 5 years.
    assert (row["period"], row["target_period"], row["figures"]) == ("2024", "2029", 12)
    assert row["required_rate"] == pytest.approx(76 / 5)
    assert row["achieved_rate"] == pytest.approx(1)
    assert row["outlook"] == "unlikely"
    assert row["tried"] == 8
    assert row["lower"] <= row["forecast"] <= row["upper"]


def test_too_few_figures_are_said_to_be_too_few_and_never_judged():
    row = forecast.outlook(drawn([(2023, 5), (2024, 99)])).iloc[0]

    assert row["outlook"] == "not_enough_data"
    assert pd.isna(row["probability"])
    assert row["required_rate"] == pytest.approx(0.2)


def test_old_figures_are_said_to_be_old_and_nothing_is_forecast_from_them():
    data = drawn([(year, year - 2000) for year in range(2008, 2022)])
    row = forecast.outlook(data).iloc[0]

    assert row["outlook"] == forecast.STALE
    assert row[["forecast", "lower", "upper", "probability"]].isna().all()
    shown = blocks.outlook(data, open_wording("ru")).frame.iloc[0]
    assert shown["chance"] == "данные слишком старые"


def test_figures_before_a_gap_are_not_used():
    row = forecast.outlook(drawn([(2015, 5), (2016, 6), (2023, 7), (2024, 8)])).iloc[0]

    assert (row["figures"], row["outlook"]) == (2, "not_enough_data")


def test_a_falling_indicator_is_likely_where_it_falls():
    years = range(2011, 2025)
    data = drawn([(year, 2100 - year) for year in years], direction="decrease", target=75)

    assert forecast.outlook(data)["outlook"].tolist() == ["likely"]


def test_one_shock_in_the_middle_is_not_foretold_again():
    # Maternal mortality by year, with the epidemic in it.
    values = [12.5, 12.3, 12.8, 13.7, 13.0, 14.1, 13.7, 13.9, 36.5, 44.7, 17.0, 12.0, 11.4]
    years = range(2012, 2025)
    data = drawn(list(zip(years, values, strict=True)), direction="decrease", target=10)
    free = forecast.fit_damped(np.array(values)).mean(np.array([5]))[0]

    assert abs(forecast.outlook(data)["forecast"].iloc[0] - 11.4) < abs(free - 11.4)


def test_a_share_near_its_limit_is_forecast_by_its_odds():
    # Odds that double every year: 80 %, 88.9 %, 94.1 %, 97.0 %, and so on to 99.95 %.
    values = [100 * 2**n / (1 + 2**n) for n in range(2, 11)]
    years = range(2016, 2025)
    data = drawn(list(zip(years, values, strict=True)), target=100)
    row = forecast.outlook(data).iloc[0]

    assert 99.9 < row["lower"] < row["forecast"] < row["upper"] < 100
    # A target of 100 is reached when 100.0 is printed.
    assert row["outlook"] == "likely"


def test_a_share_that_is_all_for_years_stays_a_number():
    row = forecast.outlook(
        drawn([(year, 100.0) for year in range(2012, 2025)], target=100)
    ).iloc[0]

    assert row["forecast"] == pytest.approx(99.95)
    assert row["outlook"] == "likely"


def test_no_share_is_forecast_beyond_what_it_can_be():
    data = drawn([(year, year - 1926) for year in range(2008, 2021)], target=100)
    data = dataclasses.replace(data, as_of=date(2021, 6, 30))
    indicator = dataclasses.replace(
        data.registry.indicators["health.births"], plausible=(0, 100)
    )
    sector = dataclasses.replace(data.registry.sectors["health"], indicators=(indicator,))
    known = dataclasses.replace(
        data.registry, sectors=data.registry.sectors | {"health": sector}
    )
    row = forecast.outlook(dataclasses.replace(data, registry=known)).iloc[0]

    assert row["upper"] == row["forecast"] == 100


def test_a_level_to_be_kept_and_a_target_that_is_due_have_no_outlook():
    assert forecast.outlook(drawn([(2024, 5)], direction="maintain")).empty
    assert forecast.outlook(drawn([(2029, 5)])).empty


def test_the_table_says_the_chance_in_words_and_how_the_past_was_forecast():
    words = open_wording("en")
    data = drawn([(year, year - 2000) for year in range(2013, 2025)])
    row = blocks.outlook(data, words).frame.iloc[0]

    assert row["chance"] == "unlikely"
    assert row["record"] == "8 of 8"
    few = blocks.outlook(drawn([(2023, 5), (2024, 9)]), words).frame.iloc[0]
    assert (few["chance"], few["record"]) == ("not enough data", "")
