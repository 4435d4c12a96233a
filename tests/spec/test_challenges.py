"""Hundred-day challenges: the counter, the pace, day 100, and what lasts.

Every day counts from day 1. Weekly results are projected to day 100 by a line with an 80 %
interval, of fewer than four by their pace: ahead when the goal is reached, on pace from 0.9 of the
way, behind from 0.6, far behind below. Past its last day a challenge is met or missed by its last
result:

    met = d · (value − goal) ≥ −10⁻⁹ · max(|value|, |goal|)

Guard-rails stand beside the status and never change it; a
week without a result is counted, two in a row are an alert, and from day 50 the refresh is due.
After day 100 a review says how much of the gain is left: kept from 0.9, eroding from 0.5, lost.
"""

from datetime import date

import pandas as pd

from delivery_analytics.analytics import challenge_reviews, challenges
from tests.support.tables import same, table


def test_where_a_challenge_stands_on_day_50():
    goals = table("""
        challenge_id | base | target
        patents      |    1 |      5
        queue        |   40 |     10
        slow         |    0 |    100
        silent       |    0 |    100
    """).assign(start_on=pd.Timestamp("2025-01-01"))
    results = table("""
        challenge_id | day | value
        patents      |  50 |     7
        queue        |  50 |    20
        slow         |  50 |    25
    """)
    found = challenges.standing(goals, results, as_of=date(2025, 2, 19))
    same(
        found.assign(share=found["share"].round(4), pace=found["pace"].round(4))[
            ["challenge_id", "day", "share", "pace", "projection", "status", "reason"]
        ],
        """
        challenge_id | day | share  | pace   | projection | status      | reason
        patents      |  50 |    1.5 |      3 |         13 | ahead       |
        queue        |  50 | 0.6667 | 1.3333 |          0 | ahead       |
        slow         |  50 |   0.25 |    0.5 |         50 | far_behind  |
        silent       |  50 |        |        |            | not_judged  | no_result
        """,
    )


def test_past_its_last_day_a_challenge_is_met_or_missed():
    goals = table("""
        challenge_id | base | target
        reached      |    0 |    100
        nearly       |    0 |    100
        silent       |    0 |    100
    """).assign(start_on=pd.Timestamp("2025-01-01"))
    results = table("""
        challenge_id | day | value
        reached      |  98 |   100
        nearly       | 100 |    99
    """)
    same(
        challenges.standing(goals, results, as_of=date(2025, 5, 1))[
            ["challenge_id", "day", "basis", "status"]
        ],
        """
        challenge_id | day | basis  | status
        reached      | 121 | result | met
        nearly       | 121 | result | not_met
        silent       | 121 |        | not_judged
        """,
    )


def test_what_is_left_of_the_gain_at_a_review():
    reviews = table("""
        base | result | value
          10 |     30 |    29
          10 |     30 |    22
          10 |     30 |    15
          10 |     10 |    15
    """)
    same(
        challenge_reviews.sustained(reviews)[["retained", "state"]].rename(
            columns={"state": "left"}
        ),
        """
        retained | left
            0.95 | kept
             0.6 | eroding
            0.25 | lost
                 | not_judged
        """,
    )
