"""Outlooks: the chance of a target in words, why none is given, and where figures end."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import blocks, charts
from delivery_analytics.analytics import forecast, forecast_record
from delivery_analytics.blocks.common import chance
from delivery_analytics.methods import drift_echo, student_t
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, rows


@pytest.mark.parametrize(
    ("free", "quantile"),
    [(0, 1.2815516), (1, 3.0776835), (2, 1.8856181), (3, 1.6377444), (5, 1.4758840)],
)
def test_the_quantiles_are_those_of_the_printed_tables(free, quantile):
    assert student_t.reach80(free) == pytest.approx(quantile, abs=1e-6)


@pytest.mark.parametrize(
    ("free", "z"), [(1, 3.0776835), (2, 1.8856181), (3, 1.6377444), (5, 1.4758840)]
)
def test_the_tails_are_those_of_the_printed_tables(free, z):
    assert student_t.share_below(-z, free) == pytest.approx(0.1, abs=1e-7)
    assert student_t.share_below(z, free) == pytest.approx(0.9, abs=1e-7)
    assert student_t.share_below(0, free) == 0.5


@pytest.mark.parametrize("z", [10.0, 1e3, 1e6])
def test_a_small_tail_keeps_its_digits(z):
    # Of two degrees of freedom it is known in full: half of 1 - z / sqrt(2 + z2).
    root = math.sqrt(2 + z * z)
    assert student_t.share_below(-z, 2) == pytest.approx(1 / (root * (root + z)), rel=1e-12)


def test_the_chance_is_even_at_the_target_and_turns_with_the_direction():
    outcome = drift_echo.Foretold(7.0, 2.0, free=0)

    assert outcome.chance(7.0, sign=1) == 0.5
    # One standard deviation beyond it: 0.8413447 by the printed table.
    assert outcome.chance(5.0, sign=1) == pytest.approx(0.8413447, abs=1e-7)
    assert outcome.chance(5.0, sign=-1) == pytest.approx(0.1586553, abs=1e-7)
    assert drift_echo.Foretold(7.0, 0.0, free=0).chance(5.0, sign=1) == 1.0


@pytest.mark.parametrize(
    ("probability", "name", "printed"),
    [
        (0.95, "likely", "over 90%"), (0.9004, "likely", "over 90%"),
        (0.9, "likely", "90%"), (0.8, "likely", "80%"),
        # Printed as 80 %, so called what 80 % is called.
        (0.7964, "likely", "80%"), (0.7949, "probable", "79%"),
        (0.595, "probable", "60%"), (0.4, "even", "40%"),
        (0.2, "doubtful", "20%"), (0.19, "unlikely", "19%"),
        (0.1, "unlikely", "10%"), (0.0999, "unlikely", "under 10%"),
        (0.0, "unlikely", "under 10%"), (math.nan, None, ""),
    ],
)  # fmt: skip
def test_a_chance_has_the_word_of_the_per_cent_that_is_printed(probability, name, printed):
    assert chance(probability, open_wording("en")) == printed
    if name:
        assert forecast.outlook_class(probability) == name


def drawn(figures, *, direction="increase", target=100, unit="percent"):
    observations = "indicator_id | period | value\n" + "\n".join(
        f"health.births | {year} | {value}" for year, value in figures
    )
    return dataset(
        "2025-01-31",
        registry=registry(
            f"indicator_id | unit | direction\n health.births | {unit} | {direction}"
        ),
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

    assert row["outlook"] == "too_few"
    assert pd.isna(row["probability"])
    assert row["required_rate"] == pytest.approx(0.2)


def test_old_figures_are_said_to_be_old_and_nothing_is_forecast_from_them():
    data = drawn([(year, year - 2000) for year in range(2008, 2022)])
    row = forecast.outlook(data).iloc[0]

    assert row["outlook"] == forecast.STALE
    assert row[["forecast", "lower", "upper", "probability"]].isna().all()
    shown = blocks.outlook(data, open_wording("ru")).frame.iloc[0]
    assert shown["chance"] == "вероятность не приводится: данные слишком старые"


def test_figures_before_a_gap_are_not_used():
    row = forecast.outlook(drawn([(2015, 5), (2016, 6), (2023, 7), (2024, 8)])).iloc[0]

    assert (row["figures"], row["outlook"]) == (2, "too_few")


def test_a_falling_indicator_is_likely_where_it_falls():
    years = range(2011, 2025)
    data = drawn([(year, 2100 - year) for year in years], direction="decrease", target=75)

    assert forecast.outlook(data)["outlook"].tolist() == ["likely"]


def test_a_fall_to_less_than_half_is_no_longer_called_probable():
    # People in unsafe houses, as seen: 61 % was said, with an upper limit of 42,305.
    figures = [63912, 60102, 52214, 49321, 44890, 44141]
    years = range(2018, 2024)
    data = drawn(
        list(zip(years, figures, strict=True)), direction="decrease", target=20000, unit="cases"
    )
    row = forecast.outlook(data).iloc[0]

    assert row["outlook"] in ("doubtful", "even")
    assert 0 <= row["lower"] < row["forecast"] < row["upper"]
    assert row["forecast"] >= 44141 / 2


@pytest.mark.parametrize(
    ("unit", "low", "high", "figures", "ends"),
    [
        ("cases", None, None, [9, 3], (0, math.inf)),
        ("cases", 5, 500, [9, 30], (0, math.inf)),  # what is plausible is no end
        ("years", None, None, [9, 3], (0, math.inf)),
        ("years", None, None, [9, -3], (-math.inf, math.inf)),  # a balance
        ("years", -10, 10, [9, 3], (-math.inf, math.inf)),
        ("index", None, None, [105, 98], (0, math.inf)),
        ("percent", None, None, [97, 99], (0, 100)),
        ("percent", 60, 100, [97, 99], (0, 100)),
        ("percent", None, None, [97, 104], (0, math.inf)),  # of a plan
        ("percent", 0, 200, [97, 99], (0, math.inf)),
        ("percent", -20, 100, [1, 4], (-math.inf, 100)),
    ],
)
def test_natural_ends_are_those_of_the_kind_of_unit(unit, low, high, figures, ends):
    known = registry(
        "indicator_id | unit | low | high\n"
        f"health.births | {unit} | {'' if low is None else low} | {'' if high is None else high}"
    )
    indicator = known.indicators["health.births"]

    assert forecast.natural_ends(np.array(figures), indicator, known.units[unit]) == ends


def test_no_share_is_forecast_beyond_what_it_can_be():
    data = drawn([(year, year - 1926) for year in range(2012, 2025)], target=100)
    row = forecast.outlook(data).iloc[0]

    assert row["forecast"] == 99  # half of the way from 98
    assert row["upper"] == 100


def quarters(figures, *, target, due="2025-12-31", cumulative=True):
    known = registry(
        "indicator_id | unit | frequency | cumulative\n"
        f"health.births | cases | quarterly | {'yes' if cumulative else ''}"
    )
    places = [f"{year}-Q{place}" for year in range(2022, 2026) for place in range(1, 5)]
    return dataset(
        "2025-08-31",
        registry=known,
        observations="indicator_id | period | value\n"
        + "\n".join(
            f"health.births | {place} | {value}"
            for place, value in zip(places, figures, strict=False)
        ),
        targets="indicator_id | due_on | kind | value\n"
        f" health.births | {due} | final | {target}",
    )


def test_figures_counted_since_january_are_forecast_by_what_each_period_adds():
    # Ten a quarter, give or take one, for three years and a half; 20 by the middle of 2025.
    added = [10, 11, 9, 10, 10, 9, 11, 10, 10, 11, 10, 9, 10, 10]
    counted = [sum(added[4 * (n // 4) : n + 1]) for n in range(len(added))]
    row = forecast.outlook(quarters(counted, target=60)).iloc[0]

    assert (row["period"], row["value"], row["figures"]) == ("2025-Q2", 20, 14)
    assert row["forecast"] == pytest.approx(40, abs=1)
    assert 20 < row["lower"] < row["forecast"] < row["upper"] < 60
    assert row["required_rate"] == 20  # (60 - 20) in two quarters
    assert row["achieved_rate"] == pytest.approx(29 / 3)
    assert row["outlook"] == "unlikely"
    next_year = forecast.outlook(quarters(counted, target=60, due="2026-06-30")).iloc[0]
    assert next_year["forecast"] == pytest.approx(20, abs=1)
    assert next_year["required_rate"] == 30  # 60 in two quarters


def test_a_year_that_is_counted_from_the_middle_begins_with_the_first_known_addition():
    half = quarters([5, 10, 15, 20], target=9)
    half = dataclasses.replace(
        half,
        tables=half.tables
        | {"observations": half.observations[half.observations["period"] > "2022-Q1"]},
    )
    assert forecast.outlook(half)["figures"].tolist() == [2]


def test_why_no_chance_is_given_is_said_in_three_languages():
    still = drawn([(year, 5) for year in range(2018, 2025)])
    shock = drawn([(2018 + n, x) for n, x in enumerate([10, 11, 10, 11, 10, 11, 30])])
    few = drawn([(2021, 5), (2022, 6), (2023, 7), (2024, 9)])
    for language in ("en", "ru", "kk"):
        words = open_wording(language)
        said = set()
        for data in (still, shock, few):
            row = blocks.outlook(data, words).frame.iloc[0]
            assert row["percent"] == ""
            said.add(row["chance"])
        assert len(said) == 3
        assert all(":" in one for one in said)
        assert not words.missing


def test_a_printed_chance_carries_how_such_chances_came_out_in_the_past():
    # A target above all of them: it was never reached, and "no change" said so more surely.
    figures = [50, 52, 53, 55, 58, 57, 61, 63, 62, 66]
    data = drawn([(2015 + n, x) for n, x in enumerate(figures)], target=68)
    told = forecast_record.against_targets(data)
    note = blocks.outlook(data, open_wording("en")).note

    assert len(told) == 15
    assert "today’s final targets: " in note
    assert "‘No change’ forecast better" in note
    assert "came true: 0%" in note


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
    assert few["record"] == ""
    assert few["chance"] == "no chance is given: fewer than five figures follow each other"


def wavering(target, status, region="KZ"):
    """An indicator that wavers between 9 and 10, and a judgement on it."""
    head = "indicator_id | region_id | "
    data = dataset(
        "2025-01-31",
        registry=registry("indicator_id | direction\n health.births | increase"),
        observations=f"{head} period | value\n"
        + "\n".join(f"health.births | {region} | {2017 + n} | {9 + n % 2}" for n in range(8)),
        targets=f"{head} due_on | kind | value\n"
        f"health.births | {region} | 2029-12-31 | final | {target}",
    )
    judged = f"""{head} period | value | target_value | status | reason
        health.births | {region} | 2024 | 10 | {target} | {status} | no_target"""
    return data, rows("assessments", judged)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize(
    ("target", "status", "disagrees"),
    [(20, "on_track", "slipping"), (5, "off_track", "recovering"), (20, "off_track", "")],
)
def test_a_status_and_an_outlook_that_disagree_are_reconciled_wherever_the_status_stands(
    target, status, disagrees, language
):
    data, judged = wavering(target, status)
    regional = wavering(target, status, region="KZ-10")
    words = open_wording(language)
    said = words.disagreement(disagrees, "2029") if disagrees else ""
    texts = [
        *blocks.statuses(data, judged, words).frame["reason_text"],
        *blocks.region_table(*regional, words, region_id="KZ-10").frame["outlook"],
        charts.trajectory(data, "health.births", words, assessments=judged).title,
    ]
    if status == "off_track":
        texts += blocks.deviations(data, judged, words).frame["outlook"].tolist()

    unsaid = [
        words.disagreement(one, "2029") for one in {*forecast.DISAGREEMENTS} - {disagrees}
    ]
    assert all(said in text for text in texts)
    assert not any(other in text for other in unsaid for text in texts)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_slips_and_what_recovers_are_two_tables_and_an_empty_one_says_so(language):
    words = open_wording(language)
    slips, recovers = wavering(20, "on_track"), wavering(5, "off_track")

    assert blocks.slipping(*slips, words).frame["chance"].tolist() == [chance(0, words)]
    assert blocks.recovering(*recovers, words).frame["chance"].tolist() == [chance(1, words)]
    for empty in (blocks.recovering(*slips, words), blocks.slipping(*recovers, words)):
        assert empty.frame.empty
        assert empty.empty_text.endswith(".")


def test_a_printed_chance_carries_its_record_and_says_where_there_is_none():
    words = open_wording("en")
    told = blocks.slipping(*wavering(20, "on_track"), words)
    assert "Brier score" in told.note
    assert "Brier score" not in blocks.recovering(*wavering(20, "on_track"), words).note

    new = drawn([(2020, 5), (2021, 9), (2022, 4), (2023, 9), (2024, 6)])
    assert forecast.outlook(new)["probability"].notna().all()
    assert "no record yet" in blocks.outlook(new, words).note
