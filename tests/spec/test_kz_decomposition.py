"""Decomposition (Kazakhstan): each kind of target has its own comparison.

A level is divided by its plan, or the plan by it where less is better; an index to the previous
year is compared in percentage points; of a range being inside counts; a milestone is done or not.
What cannot be compared has no score, which is never a score of nought. What the parts of
a nation's figure make is told beside it where they differ: see `over_regions`.
"""

from delivery_analytics.methods import kz_decomposition
from tests.support.tables import same, table


def test_each_kind_of_target_is_compared_in_its_own_way():
    drawn = table("""
        value_type | direction | target | target_upper | actual | done | share_done
        level      | increase  |    217 |              |  108.5 |      |
        level      | decrease  |     10 |              |     20 |      |
        level      | increase  |      0 |              |      5 |      |
        index      | increase  |    106 |              |  105.4 |      |
        range      | increase  |      6 |            7 |    6.2 |      |
        range      | increase  |      6 |            7 |    4.5 |      |
        milestone  | increase  |        |              |        |    1 |
    """)
    found = kz_decomposition.target_execution(drawn)
    same(
        found.assign(difference=found["difference"].round(6))[
            ["execution_percent", "difference", "met"]
        ],
        """
        execution_percent | difference | met
                       50 |     -108.5 |   0
                       50 |         10 |   0
                          |          5 |   1
                          |       -0.6 |   0
                          |          0 |   1
                          |       -1.5 |   0
                      100 |            |   1
        """,
    )
