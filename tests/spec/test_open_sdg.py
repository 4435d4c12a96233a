"""Progress (Open SDG): growth a year against the growth a year that the final target needs.

From 0.95 substantial (on track), from 0.60 moderate (at risk), from 0 limited, below deterioration
(off track). The score, −5 to 5, is Open SDG's. Reproduces the 247 series of Statistics Canada's
report to nine digits.
"""

from functools import partial

from tests.spec.examples import assessed_as_drawn

judged = partial(assessed_as_drawn, method="open_sdg")


def test_progress_is_substantial_moderate_limited_or_backwards():
    # From 2019 to 2024 are 5 of the 10 years to 2029. 100 to 400 needs 14.87 % a year, so
    # doubling every five years: 200 is just enough, 180 is 0.84 of the pace, 120 a quarter.
    judged("""
        direction | baseline | target | value | score | status    | reason
        increase  |      100 |    400 |   200 | 2.8572 | on_track | progress_substantial
        increase  |      100 |    400 |   180 | 1.70662595129 | at_risk | progress_moderate
        increase  |      100 |    400 |   120 | -1.45937017271 | off_track | progress_limited
        increase  |      100 |    400 |    90 | -3.08428701885 | off_track | progress_deterioration
    """)


def test_reaching_the_final_target_is_achieved_whatever_the_pace():
    judged("""
        direction | baseline | target | value | score | status   | reason
        increase  |      100 |    110 |   115 |     5 | achieved | target_reached
        decrease  |       10 |      5 |     4 |     5 | achieved | target_reached
    """)


def test_what_changed_its_sign_has_no_growth():
    judged("""
        direction | baseline | target | value | score | status     | reason
        increase  |      -10 |     10 |     5 |       | not_judged | no_growth
        increase  |          |     10 |     5 |       | not_judged | no_baseline
    """)
