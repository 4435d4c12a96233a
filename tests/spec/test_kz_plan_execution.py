"""Plan execution (Kazakhstan): fact as a percentage of the period's plan.

100 · fact / plan where more is better, 100 · plan / fact where less is and both are above zero;
indices to the previous year by the difference in percentage points. The plan is the value due
within the judged period, else the trajectory. On track from 100 (an index: from 0 points), at risk
from 90 (−1 point). A plan of zero has no percentage: missed it is off track, met it is not judged.
"""

from functools import partial

from tests.spec.examples import assessed_as_drawn

judged = partial(assessed_as_drawn, method="kz_plan_execution")


def test_the_plan_is_met_at_100_percent_and_nearly_met_at_90():
    judged("""
        direction | plan | target | value | score | status    | reason
        increase  |  200 |    400 |   200 |   100 | on_track  | plan_met
        increase  |  200 |    400 |   250 |   125 | on_track  | plan_met
        increase  |  200 |    400 |   199 |  99.5 | at_risk   | plan_nearly_met
        increase  |  200 |    400 |   180 |    90 | at_risk   | plan_nearly_met
        increase  |  200 |    400 |   178 |    89 | off_track | plan_missed
        increase  |  200 |    400 |     0 |     0 | off_track | plan_missed
    """)


def test_where_less_is_better_the_ratio_is_turned_round():
    judged("""
        direction | plan | target | value | score | status    | reason
        decrease  |   20 |     10 |    20 |   100 | on_track  | plan_met
        decrease  |   20 |     10 |    16 |   125 | on_track  | plan_met
        decrease  |   18 |     10 |    20 |    90 | at_risk   | plan_nearly_met
        decrease  |   10 |      5 |    20 |    50 | off_track | plan_missed
    """)


def test_growth_indices_are_compared_in_percentage_points():
    # 105.4 means growth of 5.4 %: a ratio of 104.4 to 105.4 would call it 99 % executed.
    judged("""
        direction | unit_kind | plan  | target | value | score | status    | reason
        increase  | index     | 105.4 |  110.0 | 105.4 |   0.0 | on_track  | plan_met
        increase  | index     | 105.4 |  110.0 | 106.0 |   0.6 | on_track  | plan_met
        increase  | index     | 105.4 |  110.0 | 104.4 |  -1.0 | at_risk   | plan_nearly_met
        increase  | index     | 105.4 |  110.0 | 104.3 |  -1.1 | off_track | plan_missed
        decrease  | index     | 108.0 |  104.0 | 107.5 |   0.5 | on_track  | plan_met
        decrease  | index     | 108.0 |  104.0 | 109.5 |  -1.5 | off_track | plan_missed
    """)


def test_a_plan_that_is_not_above_zero_has_no_percentage():
    judged("""
        direction | plan | target | value | score | status     | reason
        increase  |    0 |    100 |    50 |       | not_judged | zero_plan
        increase  |   -5 |     10 |    -1 |       | not_judged | zero_plan
        decrease  |    0 |     -1 |     0 |       | not_judged | zero_plan
    """)


def test_a_plan_of_zero_can_be_missed_without_a_percentage():
    judged("""
        target_on  | direction | plan | target | value | score | status    | reason
        2025-12-31 | decrease  |    0 |      0 |     3 |       | off_track | plan_missed
        2025-12-31 | increase  |    0 |    100 |    -2 |       | off_track | plan_missed
        2024-12-31 | decrease  |    0 |      0 |     3 |       | off_track | plan_missed
    """)


def test_a_final_target_of_zero_that_was_reached_is_achieved_without_a_percentage():
    judged("""
        target_on  | direction | plan | target | value | score | status   | reason
        2024-12-31 | decrease  |    0 |      0 |     0 |       | achieved | target_reached
        2025-12-31 | decrease  |    0 |      0 |     0 |       | on_track | at_target_level
    """)


def test_where_nothing_is_left_to_reduce_the_plan_is_met_without_a_percentage():
    judged("""
        direction | plan | target | value | score | status   | reason
        decrease  |   20 |    -10 |     0 |       | on_track | plan_met
        decrease  |   20 |    -10 |    -5 |       | on_track | plan_met
    """)


def test_a_met_plan_is_not_the_final_target():
    judged("""
        target_on  | direction | plan | target | value | score | status   | reason
        2025-12-31 | increase  |  200 |    400 |   399 | 199.5 | on_track | plan_met
        2025-12-31 | increase  |  200 |    400 |   400 | 200.0 | on_track | at_target_level
        2024-12-31 | increase  |  400 |    400 |   400 | 100.0 | achieved | target_reached
        2025-12-31 | increase  |  200 |        |   400 | 200.0 | on_track | plan_met
    """)


def test_a_baseline_is_not_needed_and_a_plan_is():
    judged("""
        baseline | plan | target | value | score | status     | reason
                 |  200 |    400 |   200 |   100 | on_track   | plan_met
             100 |      |    400 |   200 |       | not_judged | no_plan_for_period
             100 |      |    400 |   400 |       | not_judged | no_plan_for_period
             100 |  200 |    400 |       |       | not_judged | value_missing
    """)


def test_a_target_against_the_indicators_direction_is_not_judged():
    judged("""
        direction | baseline | plan | target | value | score | status     | reason
        increase  |      100 |   80 |     50 |    90 |       | not_judged | target_contradicts_direction
    """)


def test_thresholds_can_be_agreed_otherwise():
    judged(
        """
        unit_kind | plan  | target | value | score | status    | reason
        number    |   100 |    200 |    95 |    95 | on_track  | plan_met
        number    |   100 |    200 |    85 |    85 | at_risk   | plan_nearly_met
        index     | 105.0 |  110.0 | 104.9 |  -0.1 | on_track  | plan_met
        index     | 105.0 |  110.0 | 104.6 |  -0.4 | off_track | plan_missed
        """,
        rules={"on_track": 95, "at_risk": 85, "index_on_track": -0.1, "index_at_risk": -0.3},
    )


def test_lowered_thresholds_do_not_put_a_missed_final_target_on_track():
    judged(
        """
        target_on  | plan | target | value | score | status  | reason
        2024-12-31 |  100 |    100 |    97 |    97 | at_risk | plan_nearly_met
        """,
        rules={"on_track": 95},
    )
