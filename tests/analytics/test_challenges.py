"""Hundred-day challenges: the counter, the pace, the line to day 100, and what lasts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.analytics import challenge_reviews, challenges
from tests.support.shared import SHARED, needs_shared
from tests.support.tables import table

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
    # left over 1.8, so a spread of sqrt(0.9); t of 2 degrees 1.8856;
    # sqrt(1 + 1/4 + 75^2 / 500) = 3.5355.
    row = stands([(10, 1.0), (20, 3.0), (30, 2.0), (40, 4.0)], target=10.0, day=40)

    assert row["projection"] == pytest.approx(8.5)
    assert row["upper"] - row["projection"] == pytest.approx(
        1.8856 * 0.9**0.5 * 3.5355, rel=1e-4
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
    assert stands([(50, value / 2)], day=60)["status"] == status


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([(100, 100.0)], "met"),
        ([(100, 99.99999999999999)], "met"),
        ([(100, 95.0)], "not_met"),
        ([(85, 101.0)], "met"),
        ([(40, 60.0), (85, 84.0)], "not_met"),
        ([], "not_judged"),
    ],
)
def test_past_its_last_day_a_challenge_is_met_or_missed_and_leads_nowhere(results, status):
    row = stands(results, day=101)

    assert row["status"] == status
    if results:
        assert row["basis"] == "result"
        assert row["projection"] == row["lower"] == row["upper"] == results[-1][1]


def test_a_challenge_that_is_over_is_met_or_missed_without_a_base_too():
    goals = pd.DataFrame(
        {"challenge_id": ["c"], "start_on": [pd.Timestamp(START)], "base": [np.nan]}
    ).assign(target=10.0, direction="decrease")
    results = pd.DataFrame({"challenge_id": ["c"], "day": [98], "value": [12.0]})
    on = date.fromordinal(START.toordinal() + 200)

    assert challenges.standing(goals, results, as_of=on)["status"].tolist() == ["not_met"]


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
    found = challenge_reviews.sustained(reviews)

    assert found["state"].tolist() == ["kept", "eroding", "lost", "not_judged", "kept"]
    assert found["retained"].fillna(-1).tolist() == [0.9, 0.5, 0.4, -1, 0.9]


def many(definitions, results, *, as_of="2025-02-19", **kwargs):
    """Challenges that began on the first of January; 19 February is day 50."""
    goals = table(definitions)
    numbers = {name: goals[name].astype("float64") for name in ("base", "target")}
    goals = goals.assign(start_on=START, **numbers)
    return challenges.standing(
        goals, table(results), as_of=date.fromisoformat(as_of), **kwargs
    ).set_index("challenge_id")


def test_many_challenges_are_told_apart_in_the_order_given():
    found = many(
        """
        challenge_id | base | target
        z            |    0 |    100
        a            |   40 |     20
        none         |    0 |     10
        """,
        """
        challenge_id | day | value
        a            |  50 |    25
        z            |  50 |    40
        other        |  50 |    99
        a            |   1 |    40
        """,
    )

    assert found.index.tolist() == ["z", "a", "none"]
    assert found["share"].fillna(-1).tolist() == [0.4, 0.75, -1]
    assert found["pace"].fillna(-1).tolist() == [0.8, 1.5, -1]
    assert found["status"].tolist() == ["behind", "ahead", "not_judged"]


def test_what_cannot_be_judged_says_why():
    found = many(
        """
        challenge_id | base | target | direction
        silent       |    0 |     10 | increase
        no_target    |    0 |        | increase
        no_base      |      |     10 | increase
        contrary     |    0 |     10 | decrease
        neither      |    0 |     10 | maintain
        kept         |   10 |     10 | increase
        """,
        """
        challenge_id | day | value
        silent       |  20 |
        no_target    |  20 |     5
        no_base      |  20 |     5
        contrary     |  20 |     5
        neither      |  20 |     5
        kept         |  20 |    11
        """,
    )

    assert found["reason"].to_dict() == {
        "silent": "no_result",
        "no_target": "no_target",
        "no_base": "no_baseline",
        "contrary": "target_contradicts_direction",
        "neither": "no_direction",
        "kept": "",
    }
    assert found["status"].tolist() == ["not_judged"] * 5 + ["met"]


def test_a_team_may_plan_its_own_curve():
    # Half of the days are over; the team planned a fifth by now and did a tenth of the way.
    results = "challenge_id | day | value | planned_share\n c | 50 | 10 | {}"
    goal = "challenge_id | base | target\n c | 0 | 100"

    slow = many(goal, results.format(0.2)).loc["c"]
    assert (slow["pace"], slow["projection"], slow["status"]) == (0.5, 50, "far_behind")
    nothing = many(goal, results.format(0)).loc["c"]
    assert (nothing["status"], nothing["reason"]) == ("not_judged", "no_projection")


def test_guard_rails_are_counted_beside_the_status_and_do_not_change_it():
    guards = table("""
        challenge_id | measure | direction | bound | value
        a            | waiting | decrease  |    30 |    31
        a            | safety  | increase  |    90 |    89
        a            | costs   | decrease  |    10 |
        b            | waiting | decrease  |    30 |    30
    """)
    found = many(
        "challenge_id | base | target\n a | 0 | 10\n b | 0 | 10\n c | 0 | 10",
        "challenge_id | day | value\n a | 50 | 5\n b | 50 | 5\n c | 50 | 5",
        guards=guards,
    )

    assert found["guard_breached"].to_dict() == {"a": True, "b": False, "c": False}
    assert found["guards_breached"].tolist() == [2, 0, 0]
    assert found["guards_unknown"].tolist() == [1, 0, 0]
    assert found["status"].tolist() == ["ahead"] * 3


def test_a_refresh_that_was_held_is_not_due_any_more():
    goals = pd.DataFrame(
        {
            "challenge_id": ["held", "planned", "not_yet"],
            "start_on": START,
            "base": 0.0,
            "target": 1.0,
            "refreshed_on": pd.to_datetime(["2025-02-19", "2025-02-21", None]),
        }
    )
    none = pd.DataFrame({"challenge_id": [], "day": [], "value": []})
    found = challenges.standing(goals, none, as_of=date(2025, 2, 20))

    assert found["refresh_due"].tolist() == [False, True, True]


def test_results_of_one_day_make_no_line():
    found = stands([(50, 10.0), (50, 20.0), (50, 30.0), (50, 40.0)], day=50)

    assert found["basis"] == "pace"


def test_constant_results_foretell_themselves_and_never_reach_the_goal():
    row = stands([(7, 5.0), (14, 5.0), (21, 5.0), (28, 5.0)], day=28)

    assert row[["projection", "lower", "upper"]].tolist() == [5, 5, 5]
    assert row["status"] == "far_behind"


def test_without_challenges_the_table_is_empty_with_its_columns():
    goals = table("challenge_id | base | target").assign(start_on=START)
    goals = goals.astype({"base": float, "target": float, "challenge_id": "str"})
    goals = goals.assign(start_on=pd.to_datetime(goals["start_on"]))
    none = pd.DataFrame({"challenge_id": [], "day": [], "value": []})
    found = challenges.standing(goals, none, as_of=date(2025, 2, 20))

    assert found.empty
    assert {"status", "share", "pace", "projection", "guard_breached"} <= set(found)


@pytest.mark.parametrize(
    ("free", "reach"), [(1, 3.0777), (2, 1.8856), (10, 1.3722), (11, 1.3634), (30, 1.3104)]
)
def test_students_quantiles_are_those_of_the_printed_tables(free, reach):
    assert challenges.student80(pd.Series([free])).iloc[0] == pytest.approx(reach, abs=1e-4)


def test_the_first_month_stands_in_for_a_baseline_that_was_not_measured():
    goals = table("""
        challenge_id | base | target
        given        |    7 |     20
        measured     |      |     20
        silent       |      |     20
    """)
    results = table("""
        challenge_id | day | value
        given        |   5 |     9
        measured     |   1 |     4
        measured     |  30 |     6
        measured     |  31 |   100
        silent       |  31 |     5
    """)
    found = challenges.surrogate_baselines(goals, results)

    assert found["base"].fillna(-1).tolist() == [7, 5, -1]
    assert found["base_is_surrogate"].tolist() == [False, True, False]


def reviews(results, *, as_of, target=100.0):
    goal = pd.DataFrame(
        {"challenge_id": ["c"], "start_on": [START], "base": [0.0], "target": [target]}
    )
    return challenge_reviews.sustain_reviews(
        goal, table(results).assign(challenge_id="c"), as_of=date.fromisoformat(as_of)
    )


def test_each_review_takes_the_first_result_from_its_day_on():
    # Day 130 is 10 May, day 190 is 9 July, day 280 is 7 October 2025.
    found = reviews(
        """
        day | value
         90 |    70
        100 |    80
        120 |    10
        133 |    76
        150 |    10
        190 |    48
        """,
        as_of="2025-10-06",
    )

    assert found["review_on"].dt.strftime("%m-%d").tolist() == ["05-10", "07-09", "10-07"]
    assert found["result"].tolist() == [80, 80, 80]
    assert found["day"].fillna(0).tolist() == [133, 190, 0]
    assert found["retained"].fillna(-1).tolist() == pytest.approx([0.95, 0.6, -1])
    assert found["state"].tolist() == ["kept", "eroding", "upcoming"]


def test_a_review_without_a_result_is_due_from_its_day_on():
    drawn = "day | value\n 100 | 80"

    assert reviews(drawn, as_of="2025-05-09")["state"].tolist()[0] == "upcoming"
    assert reviews(drawn, as_of="2025-05-10")["state"].tolist()[0] == "due"


def test_a_result_reported_for_a_day_to_come_reviews_nothing():
    drawn = "day | value\n 100 | 80\n 130 | 80"

    assert reviews(drawn, as_of="2025-05-09")["state"].tolist()[0] == "upcoming"


def test_a_result_that_went_the_wrong_way_is_never_kept():
    drawn = "day | value\n 100 | -20\n 130 | -20"
    found = reviews(drawn, as_of="2025-05-10").iloc[0]

    assert (found["state"], bool(np.isnan(found["retained"]))) == ("not_judged", True)


@needs_shared
def test_the_published_challenges_are_read_and_only_the_full_one_is_judged(tally):
    published = pd.read_csv(SHARED / "oracles" / "uae_challenges.csv")
    goals = published.rename(columns={"challenge": "challenge_id", "baseline": "base"})
    goals = goals.assign(start_on=START)
    results = goals.rename(columns={"result_day": "day", "result": "value"})
    found = challenges.standing(goals, results, as_of=date(2025, 3, 11))

    patents = found[found["status"] != "not_judged"]
    tally("UAE: published challenges judged that can be", len(patents), 1)
    assert patents["challenge_id"].tolist() == ["Patent applications rate"]
    assert patents[["day", "share", "status"]].to_numpy().tolist() == [[70, 1.5, "ahead"]]
