"""Scores (Malaysia, PEMANDU): per cent of the period's target, three ways.

Score 1 is 100 · actual / target and is not capped; score 2 stops at 100; score 3 is 1 when the
target is met, 0.5 from half of it, else 0. Where less is better it is the share of the way from the
baseline, or target / actual without one; `pemandu.scores` says which. The light is green from 90
and yellow above 50 (the usual cut-offs); `pemandu.light` also has those of the Economic
Transformation Programme's report of 2012, green from 100 and yellow from 50. A target of zero is
met or not. A missing or negative figure has no score, and counts in `scored of total`. 395 of 300
gives 132, 100 and 1, as published.
"""

import pytest

from tests.spec.examples import assessed_as_drawn


def test_method_1_is_not_capped():
    assessed_as_drawn(
        """
        direction | plan | target | value | score | status    | reason
        increase  |  300 |    900 |   395 | 131.666666667 | on_track | plan_met
        increase  |  100 |    900 |   100 |   100 | on_track  | plan_met
        increase  |  100 |    900 |    90 |    90 | on_track  | plan_nearly_met
        increase  |  100 |    900 |    89 |    89 | at_risk   | plan_nearly_met
        increase  |  100 |    900 |    51 |    51 | at_risk   | plan_nearly_met
        increase  |  100 |    900 |    50 |    50 | off_track | plan_missed
        increase  |  100 |    900 |     0 |     0 | off_track | plan_missed
        """,
        method="pemandu_1",
    )


def test_method_2_is_capped_and_method_3_knows_three_values():
    rows = """
        direction | plan | target | value | score | status    | reason
        increase  |  300 |    900 |   395 | {0} | on_track  | plan_met
        increase  |  100 |    900 |    89 | {1} | at_risk   | plan_nearly_met
        increase  |  100 |    900 |    49 | {2} | off_track | plan_missed
    """
    assessed_as_drawn(rows.format(100, 89, 49), method="pemandu_2")
    assessed_as_drawn(rows.format(1, 0.5, 0), method="pemandu_3")


def test_where_less_is_better_the_way_from_the_baseline_counts():
    assessed_as_drawn(
        """
        direction | baseline | plan | target | value | score | status    | reason
        decrease  |       50 |   30 |     10 |    30 |   100 | on_track  | plan_met
        decrease  |       50 |   30 |     10 |    40 |    50 | off_track | plan_missed
        decrease  |       50 |   30 |     10 |    60 |     0 | off_track | plan_missed
        """,
        method="pemandu_1",
    )


@pytest.mark.parametrize("method", ["pemandu_1", "pemandu_2", "pemandu_3"])
def test_without_a_plan_or_with_a_negative_figure_nothing_is_judged(method):
    assessed_as_drawn(
        """
        direction | plan | target | value | score | status     | reason
        increase  |      |    900 |    50 |       | not_judged | no_plan_for_period
        increase  |  100 |    900 |    -5 |       | not_judged | zero_plan
        """,
        method=method,
    )
