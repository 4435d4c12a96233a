"""Share of planned change: how much of the change planned by now has been delivered.

    score = 1 + d · (value − expected) / max(|expected − baseline|, 0.10 · |target − baseline|)

with d = +1 where more is better and −1 where less is. Where the floor does not bind this is
(value − baseline) / (expected − baseline). The floor keeps an early, nearly flat trajectory from
making wild scores of small differences. On track from 0.95, at risk from 0.60 (the thresholds of
Eurostat's and Open SDG's progress measures, set in `status.toml`; the examples here show the
method's own defaults where nothing is set). Not judged: nothing reported, no baseline or target, no
planned change, a target against the indicator's direction, a figure too old (`max_age_days`). What
is due and missed is judged all the same, whatever the method: plan 0, target equal to the baseline,
no baseline, an old figure of the day it was due.

    reached  = d · (value − target) ≥ −10⁻⁹ · max(|value|, |target|)
    achieved = reached and (period end ≥ day due or the indicator is a `running_total`)
    on track, at target level = reached and not achieved

    missed   = period end ≥ day due and not reached: at best at risk; off track without a score

A level can slip back until the day it was promised for; a running total, declared as `running_total`,
cannot. Plan execution is read alike; PMDU, PEMANDU and Open SDG call achieved what is reached,
whenever it is.
"""

from functools import partial

import pandas as pd

from delivery_analytics.methods import METHODS
from tests.spec.examples import assessed_as_drawn
from tests.support.tables import table

judged = partial(assessed_as_drawn, method="share_of_planned_change")


def test_reads_the_same_for_indicators_that_rise_and_that_fall():
    judged("""
        example          | direction | baseline | expected | target | value | score | status    | reason
        skilled births   | increase  |       60 |       80 |    100 |    75 |  0.75 | off_track | below_trajectory
        infant mortality | decrease  |       45 |       25 |      5 |    30 |  0.75 | off_track | below_trajectory
    """)


def test_bands_begin_at_85_and_95_hundredths_and_ahead_lies_above_115():
    judged("""
        value | baseline | expected | target | score | status    | reason
           84 |        0 |      100 |    200 |  0.84 | off_track | below_trajectory
           85 |        0 |      100 |    200 |  0.85 | at_risk   | below_trajectory
           94 |        0 |      100 |    200 |  0.94 | at_risk   | below_trajectory
           95 |        0 |      100 |    200 |  0.95 | on_track  | on_trajectory
          100 |        0 |      100 |    200 |  1.00 | on_track  | on_trajectory
          115 |        0 |      100 |    200 |  1.15 | on_track  | on_trajectory
          116 |        0 |      100 |    200 |  1.16 | on_track  | ahead_of_trajectory
    """)


def test_thresholds_are_met_by_figures_that_meet_them_on_paper():
    # 2.09 of 2.2 is 0.95 in decimals and 0.9499999999999998 in binary.
    judged("""
        value | baseline | expected | target | score | status   | reason
         2.09 |        0 |      2.2 |      9 |  0.95 | on_track | on_trajectory
    """)


def test_movement_the_wrong_way_is_below_zero_and_named():
    judged("""
        direction | baseline | expected | target | value | score | status    | reason
        decrease  |       45 |       25 |      5 |    50 | -0.25 | off_track | against_direction
        increase  |       45 |       65 |     85 |    40 | -0.25 | off_track | against_direction
        increase  |       45 |       65 |     85 |    45 |  0.00 | off_track | below_trajectory
    """)


def test_zero_baselines_zero_targets_and_negative_values_need_no_special_case():
    judged("""
        example         | direction | baseline | expected | target | value | score | status    | reason
        zero baseline   | increase  |        0 |       50 |    100 |    50 |   1.0 | on_track  | on_trajectory
        zero target     | decrease  |       80 |       40 |      0 |    44 |   0.9 | at_risk   | below_trajectory
        zero expected   | increase  |      -20 |        0 |     20 |   -10 |   0.5 | off_track | below_trajectory
        all below zero  | increase  |      -50 |      -30 |    -10 |   -30 |   1.0 | on_track  | on_trajectory
    """)


def test_on_a_flat_or_early_stretch_a_tenth_of_the_whole_change_counts_as_planned():
    # The whole change is 40, so at least 4 count as planned.
    judged("""
        example            | baseline | expected | target | value | score | status    | reason
        flat, kept         |       60 |       60 |    100 |    60 |  1.00 | on_track  | on_trajectory
        flat, 0.1 below    |       60 |       60 |    100 |  59.9 | 0.975 | on_track  | on_trajectory
        flat, 4 below      |       60 |       60 |    100 |    56 |  0.00 | off_track | against_direction
        flat, 2 above      |       60 |       60 |    100 |    62 |  1.50 | on_track  | ahead_of_trajectory
        just begun         |       60 |       61 |    100 |    60 |  0.75 | off_track | below_trajectory
        floor does not bind|       60 |       65 |    100 |    60 |  0.00 | off_track | below_trajectory
    """)


def test_a_path_that_first_leads_the_wrong_way_is_not_punished_for_following_it():
    judged("""
        example        | baseline | expected | target | value | score | status    | reason
        as planned     |       60 |       50 |    100 |    50 |  1.00 | on_track  | on_trajectory
        better         |       60 |       50 |    100 |    60 |  2.00 | on_track  | ahead_of_trajectory
        worse          |       60 |       50 |    100 |    45 |  0.50 | off_track | against_direction
    """)


def test_achieved_means_that_the_final_target_was_reached_on_its_day():
    judged("""
        target_on  | direction | baseline | expected | target | value | score | status   | reason
        2024-12-31 | increase  |       60 |      100 |    100 |   100 |  1.00 | achieved | target_reached
        2023-12-31 | decrease  |       45 |        5 |      5 |     4 | 1.025 | achieved | target_reached
        2029-12-31 | increase  |       60 |       80 |    100 |  99.9 | 1.995 | on_track | ahead_of_trajectory
    """)


def test_a_level_at_its_target_before_the_day_is_on_track_and_not_ticked_off():
    # Tuberculosis in 2023: 34.7 of the 35 that are due in 2025.
    judged("""
        target_on  | direction | baseline | expected | target | value | score | status   | reason
        2025-12-31 | increase  |       60 |       80 |    100 |   100 |  2.00 | on_track | at_target_level
        2025-12-31 | decrease  |       45 |       25 |      5 |     5 |  2.00 | on_track | at_target_level
        2025-12-31 | decrease  |       45 |       25 |      0 |     0 |  2.25 | on_track | at_target_level
    """)


def test_a_running_total_is_achieved_once_it_is_reached():
    judged("""
        target_on  | running_total | baseline | expected | target | value | score | status   | reason
        2025-12-31 | yes        |        0 |      100 |    217 |   217 |  2.17 | achieved | target_reached
        2025-12-31 | no         |        0 |      100 |    217 |   217 |  2.17 | on_track | at_target_level
        2025-12-31 | yes        |        0 |      100 |    217 |   216 |  2.16 | on_track | ahead_of_trajectory
    """)


def test_a_target_is_reached_by_a_figure_that_reaches_it_on_paper():
    # 2.01 thousand is 2009.9999999999998 in binary.
    judged("""
        target_on  | baseline | expected | target | value              | score | status   | reason
        2024-12-31 |     1000 |     2010 |   2010 | 2009.9999999999998 |  1.00 | achieved | target_reached
        2024-12-31 |     2010 |     2010 |   2010 | 2009.9999999999998 |       | achieved | target_reached
        2024-12-31 |     1000 |     2010 |   2010 |            2009.99 | 0.99999009900990 | at_risk  | below_trajectory
    """)


def test_a_promise_that_is_due_and_not_quite_kept_is_not_on_track():
    judged("""
        target_on  | baseline | expected | target | value | score | status    | reason
        2024-12-31 |        0 |      100 |    100 |    99 |  0.99 | at_risk   | below_trajectory
        2023-12-31 |        0 |      100 |    100 |    99 |  0.99 | at_risk   | below_trajectory
        2024-12-31 |        0 |      100 |    100 |    50 |  0.50 | off_track | below_trajectory
        2024-12-31 |        0 |      100 |    100 |   100 |  1.00 | achieved  | target_reached
        2025-12-31 |        0 |      100 |    110 |    99 |  0.99 | on_track  | on_trajectory
    """)


def test_due_and_missed_is_never_without_a_judgement():
    # "Schools with water stay at 100 %" fell to 90; "no deaths" became 3.
    judged("""
        target_on  | stale | direction | baseline | expected | target | value | score | status     | reason
        2024-12-31 | no    | increase  |      100 |      100 |    100 |    90 |       | off_track  | target_missed
        2024-12-31 | no    | decrease  |        0 |        0 |      0 |     3 |       | off_track  | target_missed
        2024-12-31 | no    | increase  |          |          |    100 |    90 |       | off_track  | target_missed
        2024-12-31 | no    | increase  |          |          |    100 |   100 |       | achieved   | target_reached
        2024-12-31 | yes   | increase  |        0 |      100 |    100 |    50 |  0.50 | off_track  | below_trajectory
        2024-12-31 | yes   | increase  |        0 |      100 |    100 |   100 |       | not_judged | observation_stale
        2025-12-31 | no    | increase  |      100 |      100 |    100 |    90 |       | not_judged | no_planned_change
    """)


def test_a_target_against_the_indicators_direction_is_not_judged_even_when_reached():
    judged("""
        direction | baseline | expected | target | value | score | status     | reason
        increase  |       60 |       50 |     40 |    45 |       | not_judged | target_contradicts_direction
        decrease  |        5 |       10 |     20 |     4 |       | not_judged | target_contradicts_direction
    """)


def test_without_a_change_to_make_there_is_no_share_of_it():
    judged("""
        direction | baseline | expected | target | value | score | status     | reason
        increase  |       98 |       98 |     98 |    97 |       | not_judged | no_planned_change
        increase  |       98 |       98 |     98 |    98 |       | on_track   | at_target_level
        decrease  |        0 |        0 |      0 |     1 |       | not_judged | no_planned_change
    """)
    # Without the floor, the same holds while the path is still flat.
    judged(
        """
        baseline | expected | target | value | score | status     | reason
              60 |       60 |    100 |    59 |       | not_judged | no_planned_change
        """,
        rules={"floor": 0.0},
    )


def test_what_is_missing_is_named_and_never_judged():
    judged("""
        reported | stale | baseline | expected | target | value | score | status     | reason
        yes      | no    |          |          |        |    70 |       | not_judged | no_target
        yes      | no    |          |          |    100 |   100 |       | not_judged | no_baseline
        yes      | no    |       60 |          |    100 |   100 |       | not_judged | no_plan_for_period
        yes      | no    |       60 |       80 |    100 |       |       | not_judged | value_missing
        no       | no    |       60 |          |    100 |       |       | not_judged | no_observation
        no       | no    |          |          |        |       |       | not_judged | no_observation
        yes      | yes   |       60 |       80 |    100 |   100 |       | not_judged | observation_stale
    """)


def test_a_figure_up_to_the_baselines_day_is_no_evidence_of_progress_since():
    judged("""
        period_end | baseline_on | baseline | expected | target | value | score | status     | reason
        2018-12-31 | 2019-12-31  |       60 |          |    100 |    60 |       | not_judged | before_baseline
        2019-12-31 | 2019-12-31  |       60 |       60 |    100 |    60 |       | not_judged | no_plan_for_period
        2020-12-31 | 2019-12-31  |       60 |       64 |    100 |    64 | 1.0   | on_track   | on_trajectory
    """)


def test_thresholds_can_be_agreed_otherwise():
    judged(
        """
        value | baseline | expected | target | score | status    | reason
           80 |        0 |      100 |    200 |  0.80 | on_track  | on_trajectory
           60 |        0 |      100 |    200 |  0.60 | at_risk   | below_trajectory
           59 |        0 |      100 |    200 |  0.59 | off_track | below_trajectory
        """,
        rules={"on_track": 0.8, "at_risk": 0.6},
    )


def test_leaves_its_input_alone():
    facts = table("""
        direction | baseline_value | expected_value | target_value | value
        decrease  |             45 |             25 |            5 |    30
    """)
    before = facts.copy()

    METHODS["share_of_planned_change"](facts)

    pd.testing.assert_frame_equal(facts, before)
