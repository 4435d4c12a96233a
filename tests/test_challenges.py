"""Hundred-day challenges: the counter, the pace, the line to day 100, and what lasts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import challenges
from tests.tables import table

START = pd.Timestamp("2025-01-01")


def stands(results, *, base=0.0, target=100.0, day=50):
    goal = pd.DataFrame(
        {"challenge_id": ["c"], "start_on": [START], "base": [base], "target": [target]}
    )
    rows = pd.DataFrame(results, columns=["day", "value"]).assign(challenge_id="c")
    on = date.fromordinal(START.toordinal() + day - 1)
    return challenges.standing(goal, rows, as_of=on).iloc[0]


def test_the_published_row_of_patents_is_150_percent_by_day_70_and_ahead():
    # Five times the earlier rate was the goal, seven times was reached.
    row = stands([(70, 7.0)], base=1.0, target=5.0, day=70)

    assert (row["share"], row["status"], row["day"]) == (1.5, "ahead", 70)


def test_the_first_day_is_day_1_and_every_day_counts():
    assert [stands([], day=day)["day"] for day in (0, 1, 100, 101)] == [0, 1, 100, 101]


def test_pace_is_the_share_done_over_the_share_of_days():
    row = stands([(25, 20.0)], day=30)

    assert (row["share"], row["pace"], row["basis"]) == (0.2, 0.8, "pace")
    assert (row["projection"], row["status"]) == (pytest.approx(80), "behind")


def test_four_results_on_a_line_are_projected_without_doubt():
    row = stands([(7, 7.0), (14, 14.0), (21, 21.0), (28, 28.0)], day=28)

    assert row["basis"] == "line"
    assert row[["projection", "lower", "upper"]].tolist() == pytest.approx([100, 100, 100])
    assert row["status"] == "ahead"


def test_results_that_scatter_have_an_interval_about_the_projection():
    # Fitted by hand: values 1 3 2 4 on days 10 20 30 40 rise 0.08 a day from 0.5; squares
    # left over 1.8, so a spread of sqrt(0.9); t of 2 degrees 1.886;
    # sqrt(1 + 1/4 + 75^2 / 500) = 3.5355.
    row = stands([(10, 1.0), (20, 3.0), (30, 2.0), (40, 4.0)], target=10.0, day=40)

    assert row["projection"] == pytest.approx(8.5)
    assert row["upper"] - row["projection"] == pytest.approx(
        1.886 * 0.9**0.5 * 3.5355, rel=1e-4
    )
    assert row["status"] == "behind"


def test_a_falling_goal_reads_the_same():
    row = stands([(50, 20.0)], base=40.0, target=10.0, day=50)

    assert row["share"] == pytest.approx(2 / 3)
    assert row["status"] == "ahead"


@pytest.mark.parametrize(
    ("value", "status"), [(95.0, "on_pace"), (60.0, "behind"), (59.0, "far_behind")]
)
def test_the_thresholds_of_day_100(value, status):
    assert stands([(100, value)], day=120)["status"] == status


def test_a_goal_that_is_the_baseline_is_met_or_not():
    assert stands([(9, 5.0)], base=5.0, target=5.0)["status"] == "met"
    row = stands([(9, 4.0)], base=5.0, target=5.0)
    assert row["status"] == "not_met"
    assert np.isnan(row["share"])


def test_without_a_result_nothing_is_judged_and_weeks_are_missing():
    row = stands([(5, np.nan)], day=21)

    assert row["status"] == "not_judged"
    assert (row["weeks_missing"], row["alert"]) == (3, True)


def test_one_missing_week_is_counted_and_two_in_a_row_are_an_alert():
    one = stands([(3, 1.0), (17, 2.0)], day=21)
    two = stands([(3, 1.0), (24, 2.0)], day=28)

    assert (one["weeks_missing"], one["alert"]) == (1, False)
    assert (two["weeks_missing"], two["alert"]) == (2, True)


def test_the_refresh_is_due_from_day_50_until_the_end():
    assert [bool(stands([], day=day)["refresh_due"]) for day in (49, 50, 100, 101)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_result_reported_for_a_later_day_is_not_known_yet():
    assert stands([(10, 5.0), (60, 80.0)], day=20)["value"] == 5.0


def test_guard_rails_are_told_apart_and_never_averaged():
    guards = table("""
        challenge_id | measure   | direction | bound | value
        c            | waiting   | decrease  |    30 |    31
        c            | safety    | increase  |    90 |    90
        c            | surveyed  | increase  |    80 |    79
    """)

    assert challenges.breached(guards)["measure"].tolist() == ["waiting", "surveyed"]


def test_what_is_left_of_a_result_is_kept_eroding_or_lost():
    reviews = table("""
        challenge_id | day | base | result | value
        c            | 130 |   10 |     20 |    19
        c            | 190 |   10 |     20 |    15
        c            | 280 |   10 |     20 |    14
        d            | 130 |   10 |     10 |    14
        e            | 130 |   40 |     20 |    22
    """)
    found = challenges.sustained(reviews)

    assert found["state"].tolist() == ["kept", "eroding", "lost", "not_judged", "kept"]
    assert found["retained"].fillna(-1).tolist() == [0.9, 0.5, 0.4, -1, 0.9]
