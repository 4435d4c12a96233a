"""Keeping a level: a band around the target in the indicator's own unit, by any method.

For `maintain`: within the tolerance on track, within twice the tolerance at risk, beyond it off
track. Never achieved: there is nothing left to reach, and everything to keep.

    distance = |value - target|      band = target - tolerance ... target + tolerance

The band ends where the indicator does (`plausible`), and is its picture. What is to be kept has no
way from a baseline and no per cent of a change: what is expected of it on any day is the target.
"""

import pytest

from delivery_analytics.methods import METHODS
from tests.spec.examples import assessed_as_drawn


@pytest.mark.parametrize("method", METHODS)
def test_up_to_the_tolerance_is_on_track_and_up_to_twice_of_it_at_risk(method):
    assessed_as_drawn(
        """
        direction | tolerance | target | value | score | status    | reason
        maintain  |         2 |    100 |   100 |       | on_track  | within_tolerance
        maintain  |         2 |    100 |    98 |       | on_track  | within_tolerance
        maintain  |         2 |    100 |   102 |       | on_track  | within_tolerance
        maintain  |         2 |    100 | 102.1 |       | at_risk   | outside_tolerance
        maintain  |         2 |    100 |    96 |       | at_risk   | outside_tolerance
        maintain  |         2 |    100 |  95.9 |       | off_track | outside_tolerance
        """,
        method=method,
    )


def test_the_band_holds_for_figures_that_are_on_its_edge_on_paper():
    # 3.1 - 3.0 is 0.10000000000000009 in binary.
    assessed_as_drawn(
        """
        direction | tolerance | target | value | score | status   | reason
        maintain  |       0.1 |    3.0 |   3.1 |       | on_track | within_tolerance
        maintain  |       0.1 |    3.0 |   3.2 |       | at_risk  | outside_tolerance
        maintain  |         0 |    3.0 |   3.0 |       | on_track | within_tolerance
        """,
        method="share_of_planned_change",
    )


def test_a_level_planned_for_the_period_is_kept_where_there_is_no_target_for_good():
    assessed_as_drawn(
        """
        direction | tolerance | plan | target | value | score | status     | reason
        maintain  |         5 |   85 |        |    87 |       | on_track   | within_tolerance
        maintain  |         5 |   85 |        |    76 |       | at_risk    | outside_tolerance
        maintain  |         5 |   85 |     95 |    87 |       | at_risk    | outside_tolerance
        maintain  |         5 |      |        |    87 |       | not_judged | no_target
        """,
        method="share_of_planned_change",
    )


def test_without_a_tolerance_any_difference_is_off_track():
    assessed_as_drawn(
        """
        direction | tolerance | target | value | score | status    | reason
        maintain  |         0 |    100 | 100.5 |       | off_track | outside_tolerance
        """,
        method="share_of_planned_change",
    )


def test_a_level_below_the_baseline_is_no_contradiction():
    assessed_as_drawn(
        """
        direction | tolerance | baseline | target | value | score | status     | reason
        maintain  |         2 |      101 |    100 |    99 |       | on_track   | within_tolerance
        maintain  |         2 |      101 |        |    99 |       | not_judged | no_target
        maintain  |         2 |      101 |    100 |       |       | not_judged | value_missing
        """,
        method="share_of_planned_change",
    )
