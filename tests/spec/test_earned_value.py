"""Earned value: what was done for the money and the time, and what the rest will cost.

The usual variances, indices and estimates, and the earned schedule, which stays below 1 when a
late project ends. More than the budget cannot be earned; a ratio to nothing is missing. What is
disbursed is not earned: physical percentages or weighted milestones are needed.
"""

from delivery_analytics.methods import earned_value
from tests.support.tables import same, table


def test_half_of_the_work_done_for_more_than_it_should_have_cost():
    # 50 earned for 80, where 40 was due: 30 over, an index of 0.625, so 160 in all.
    project = table("""
        budget | planned | earned | actual
           100 |      40 |     50 |     80
           100 |       0 |      0 |      0
    """)
    same(
        earned_value.measures(project),
        """
        cost_variance | schedule_variance | cost_index | schedule_index | at_completion | to_complete
                  -30 |                10 |      0.625 |           1.25 |           160 |          80
                    0 |                 0 |            |                |               |
        """,
    )
