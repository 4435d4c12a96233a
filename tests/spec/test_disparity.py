"""Regions compared: how far they lie apart, and which places can be told from each other.

The range, the ratio of highest to lowest and the coefficient of variation (weighted by population,
Williamson's index). A rank stands with the best and the worst place that the region's own noise
allows: clearly better is what lies further apart than the root of both half intervals squared. The
noise is that of the changes from year to year, of four changes or more; a region whose history
does not tell it has a rank and no places. Where neither more nor less is better there is no rank.
"""

from delivery_analytics.analytics import disparity
from tests.support.tables import same, table


def test_the_range_the_ratio_and_the_variation_without_the_country():
    # The mean is 20; 10, 0 and 10 away from it: the root of 200/3 is 8.165, by 20 is 0.4082.
    drawn = table("""
        indicator_id | region_id | period | value
        births       | KZ        | 2024   |   500
        births       | KZ-10     | 2024   |    10
        births       | KZ-71     | 2024   |    20
        births       | KZ-75     | 2024   |    30
    """)
    same(
        disparity.spread(drawn.astype({"value": "float64"}), country_id="KZ").round(4),
        """
        regions | mean | lowest | lowest_region | highest | highest_region | range | ratio | variation
              3 |   20 |     10 | KZ-10         |      30 | KZ-75          |    20 |     3 |    0.4082
        """,
    )
