"""Regions compared: how far they lie apart, and which places can be told from each other.

The range, the ratio of highest to lowest and the coefficient of variation (weighted by population,
Williamson's index). A rank stands with the best and the worst place that the region's own noise
allows: clearly better is what lies further apart than the root of both half intervals squared. The
noise is that of the changes from year to year, of four changes or more; a region whose history
does not tell it has a rank and no places. Where neither more nor less is better there is no rank.

What is compared is a rate, a share or a mean. A total (a unit of kind `count` or `money`, unless
`over_regions = "mean"`, or `over_regions = "sum"`) grows with its region:

    compared = value, of a rate, share or mean
             = value / value of the indicator named by `per`, same region and period, of a total
             = nothing, of a total without `per`: neither ranked nor beside the country's

Not ranked for being luck: nought where less is better, and fewer than ten events of a count that is
divided by its base. "First five" and "last five" are told of ten ranked regions or more.
A region's jump is found beside the other regions' of the same period, of five or more:

    |step − median of all steps| > 5 · median |step − median of all steps|

in points of shares and indices, else in shares of the mean of both figures; and, of five figures or
more, as for the nation: |step| > 5 · median |step before|.
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
