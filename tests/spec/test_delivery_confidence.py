"""Delivery confidence: ratings of major projects on five levels or three, never converted.

Until about 2021 there were five levels, since then three; an amber-green went to green or to amber
by definition. Which scale a day has is told by the sender, or by the day from which there are three;
otherwise

    five      :  an amber-red or an amber-green on that day or later
    three     :  20 ratings or more of that day, or of an earlier one, and neither of them since
    not told  :  any other day

A few ratings without amber-red are no evidence of three levels: of those on five, three in five are
red, amber or green as well, so that of five ratings (3/5)^5 = 8 % of days have none, of twenty
0.004 %. Movements are told within a scale, and a change of scale is told as one. What is exempt by
law or not rated is a category of its own; a word that is no rating is told among the figures to look
at, and under the tables of ratings.
"""

from datetime import date

from delivery_analytics.methods import delivery_confidence
from tests.support.tables import rows, same


def test_a_movement_is_told_within_a_scale_only():
    rated = delivery_confidence.levels(
        rows(
            "judgements",
            """
            subject_id | as_of      | assessor | rating
            railway    | 2019-03-31 | IPA      | Amber/Green
            railway    | 2020-03-31 | IPA      | Green
            harbour    | 2020-03-31 | IPA      | Amber/Red
            railway    | 2023-03-31 | IPA      | Amber
            railway    | 2024-03-31 | IPA      | Red
            """,
        ).assign(dimension=delivery_confidence.DIMENSION),
        three_since=date(2021, 4, 1),
    )
    same(
        delivery_confidence.movements(rated)[["before", "level", "moved", "reason"]].rename(
            columns={"before": "was", "level": "now", "reason": "why"}
        ),
        """
        was | now | moved | why
        AG  | G   |     1 |
        G   | A   |       | scale_changed
        A   | R   |    -1 |
        """,
    )


def test_a_day_without_amber_red_is_not_thereby_one_of_three_levels():
    rated = delivery_confidence.levels(
        rows(
            "judgements",
            """
            subject_id | as_of      | assessor | rating
            railway    | 2018-03-31 | IPA      | Red
            railway    | 2019-03-31 | IPA      | Amber/Red
            railway    | 2020-03-31 | IPA      | Green
            harbour    | 2020-03-31 | IPA      | Purple
            """,
        ).assign(dimension=delivery_confidence.DIMENSION)
    )
    same(
        rated,
        """
        subject_id | as_of      | level   | scale
        harbour    | 2020-03-31 | unknown | not_told
        railway    | 2018-03-31 | R       | five
        railway    | 2019-03-31 | AR      | five
        railway    | 2020-03-31 | G       | not_told
        """,
    )
