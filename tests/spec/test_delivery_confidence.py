"""Delivery confidence: ratings of major projects on five levels or three, never converted.

Until about 2021 there were five levels, since then three; an amber-green went to green or to amber
by definition. Movements are told within a scale, and a change of scale is told as one. What is
exempt by law, not rated or in other words is a category of its own.
"""

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
        ).assign(dimension=delivery_confidence.DIMENSION)
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
