"""Four points (UK, PMDU): the deviation from the trajectory as a share of the change planned by now.

Green from 0, amber-green from −0.05, amber-red from −0.15, red below, with the same floor as the
share of planned change. The unit published the four points and no bands; these are ours, and
settings of `[pmdu]`. Green is on track, both ambers are at risk and the reason says which, red is
off track. The unit's overall rating of a priority was a judgement of people, not this number.
"""

from functools import partial

from tests.spec.examples import assessed_as_drawn

judged = partial(assessed_as_drawn, method="pmdu")


def test_green_is_on_the_trajectory_and_red_more_than_15_percent_short_of_it():
    # 20 of change are planned by now, so each unit is 5 % of it.
    judged("""
        direction | baseline | expected | target | value | score | status    | reason
        increase  |       60 |       80 |    100 |    80 |     0 | on_track  | rated_green
        increase  |       60 |       80 |    100 |    82 |   0.1 | on_track  | rated_green
        increase  |       60 |       80 |    100 |    84 |   0.2 | on_track  | ahead_of_trajectory
        increase  |       60 |       80 |    100 |  79.5 | -0.025 | at_risk  | rated_amber_green
        increase  |       60 |       80 |    100 |    79 | -0.05 | at_risk   | rated_amber_green
        increase  |       60 |       80 |    100 |    77 | -0.15 | at_risk   | rated_amber_red
        increase  |       60 |       80 |    100 |    76 |  -0.2 | off_track | rated_red
    """)


def test_falling_indicators_read_the_same():
    judged("""
        direction | baseline | expected | target | value | score | status    | reason
        decrease  |       45 |       25 |      5 |    25 |     0 | on_track  | rated_green
        decrease  |       45 |       25 |      5 |    26 | -0.05 | at_risk   | rated_amber_green
        decrease  |       45 |       25 |      5 |    35 |  -0.5 | off_track | rated_red
    """)


def test_early_on_a_tenth_of_the_whole_change_counts_as_planned():
    # 1 of 40 is planned by now; the floor is 4, so one short is a quarter and not the whole.
    judged("""
        direction | baseline | expected | target | value | score | status    | reason
        increase  |       60 |       61 |    100 |    60 | -0.25 | off_track | rated_red
    """)


def test_what_is_missing_is_not_judged():
    judged("""
        direction | baseline | expected | target | value | score | status     | reason
        increase  |          |       80 |    100 |    80 |       | not_judged | no_baseline
        increase  |       60 |          |    100 |    80 |       | not_judged | no_plan_for_period
        increase  |       60 |       60 |     60 |    50 |       | not_judged | no_planned_change
    """)
