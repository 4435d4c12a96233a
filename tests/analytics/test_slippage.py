"""Milestone trend analysis, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from delivery_analytics.analytics import slippage
from tests.support.tables import dataset, registry


def reported(text):
    drawn = "milestone_id | reported_on | due_on | expected_on | completed_on\n" + text
    return slippage.history(dataset(registry=registry(), milestones=drawn))


def one(text):
    return slippage.trend(reported(text)).iloc[0]


def test_slip_is_counted_from_the_first_day_promised_and_movement_from_the_report_before():
    rows = reported("""
        road | 2024-01-01 | 2024-06-30 | 2024-06-30 |
        road | 2024-02-01 | 2024-06-30 | 2024-07-10 |
        road | 2024-03-01 | 2024-07-31 | 2024-07-31 |
    """)

    assert rows["slip_days"].tolist() == [0, 10, 31]
    assert rows["moved_days"].fillna(-1).tolist() == [-1, 10, 21]
    assert rows["due_moved"].tolist() == [False, False, True]


def test_a_date_that_holds_does_not_drift_and_is_where_the_trend_leads():
    row = one("""
        road | 2024-01-01 | 2024-06-30 | 2024-06-30 |
        road | 2024-02-01 | 2024-06-30 | 2024-06-30 |
        road | 2024-03-01 | 2024-06-30 | 2024-06-30 |
    """)

    assert (row["drift"], row["state"]) == (pytest.approx(0), "converges")
    assert row["trend_on"] == pd.Timestamp("2024-06-30")


def test_half_a_day_lost_a_day_doubles_the_time_that_is_left():
    # Every 20 days the forecast moves 10: on day 0 it is 100 days off, so they meet on 200.
    row = one("""
        road | 2024-01-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-01-21 | 2024-04-10 | 2024-04-20 |
        road | 2024-02-10 | 2024-04-10 | 2024-04-30 |
    """)

    assert row["drift"] == pytest.approx(0.5)
    assert row["trend_on"] == pd.Timestamp("2024-01-01") + pd.Timedelta(days=200)


def test_a_date_that_recedes_as_fast_as_time_passes_is_never_met():
    row = one("""
        road | 2024-01-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-01-11 | 2024-04-10 | 2024-04-20 |
        road | 2024-01-21 | 2024-04-10 | 2024-04-30 |
    """)

    assert row["state"] == "no_credible_date"
    assert pd.isna(row["trend_on"])


def test_a_date_of_decades_ahead_is_none():
    # As seen: 0.977 days lost a day, and "7 July 2046, gets there" printed of it.
    row = one("""
        centres | 2024-07-01 | 2024-10-31 | 2024-10-31 |
        centres | 2024-08-01 | 2024-10-31 | 2024-12-01 |
        centres | 2024-09-01 | 2024-10-31 | 2024-12-31 |
        centres | 2024-10-01 | 2024-10-31 | 2025-01-28 |
    """)

    assert (row["state"], pd.isna(row["trend_on"])) == ("no_credible_date", True)


@pytest.mark.parametrize(
    ("as_of", "state"), [("2024-04-10", "converges"), ("2024-04-11", "not_renewed")]
)
def test_a_forecast_for_a_day_that_has_passed_was_not_renewed(as_of, state):
    reports = reported("""
        road | 2024-01-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-02-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-03-01 | 2024-04-10 | 2024-04-10 |
    """)
    row = slippage.trend(reports, as_of=date.fromisoformat(as_of)).iloc[0]

    assert (row["state"], pd.notna(row["trend_on"])) == (state, state == "converges")


def test_a_trend_that_led_to_a_day_that_has_passed_was_not_renewed():
    # The forecast comes nearer by a day a day: on paper they met in February.
    reports = reported("""
        road | 2024-01-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-01-11 | 2024-04-10 | 2024-03-31 |
        road | 2024-01-21 | 2024-04-10 | 2024-03-21 |
    """)
    row = slippage.trend(reports, as_of=date(2024, 3, 1)).iloc[0]

    assert (row["drift"], row["state"]) == (pytest.approx(-1), "not_renewed")


def test_two_reports_are_too_few_and_one_day_alone_makes_no_trend():
    row = one(
        "road | 2024-01-01 | 2024-04-10 | 2024-04-10 |\n road | 2024-02-01 | 2024-04-10 | 2024-05-10 |"
    )

    assert (row["state"], row["reports"], row["slip_days"]) == ("too_few", 2, 30)
    assert pd.isna(row["drift"])


def test_what_is_done_leaves_the_fit_and_keeps_its_slip():
    row = one("""
        road | 2024-01-01 | 2024-04-10 | 2024-04-10 |
        road | 2024-02-01 | 2024-04-10 | 2024-04-20 |
        road | 2024-03-01 | 2024-04-10 | 2024-04-30 |
        road | 2024-05-05 | 2024-04-10 |            | 2024-05-02
    """)

    assert (row["state"], row["reports"], row["slip_days"]) == ("done", 3, 22)


def test_a_milestone_without_any_day_is_left_out_of_the_trend():
    assert slippage.trend(reported("road | 2024-01-01 | | |")).empty


def test_no_trend_of_the_example_leads_into_another_decade(example_data):
    history = example_data.learned_by("2025-01-31")
    found = slippage.trend(slippage.history(history), as_of=history.as_of)

    assert found["trend_on"].max() < pd.Timestamp("2027-01-01")
    assert (found["state"] == "no_credible_date").sum() == 5
