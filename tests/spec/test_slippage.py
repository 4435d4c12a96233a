"""Milestone trends: where the dates promised are drifting to.

`slippage` fits the day expected to the day of the report, over three reports or more: where the
two meet is the day the trend leads to, and a drift of a day a day never gets there. A promised day
that was changed is told apart from a forecast that moved.
"""

from delivery_analytics.analytics import slippage
from tests.support.tables import dataset, registry, same


def test_half_a_day_lost_a_day_doubles_the_time_that_is_left():
    # Every 20 days the forecast moves 10: on day 0 it is 100 days off, so they meet on day 200.
    reported = """
        milestone_id | reported_on | due_on     | expected_on
        road         | 2024-01-01  | 2024-04-10 | 2024-04-10
        road         | 2024-01-21  | 2024-04-10 | 2024-04-20
        road         | 2024-02-10  | 2024-04-10 | 2024-04-30
        bridge       | 2024-01-01  | 2024-04-10 | 2024-04-10
        bridge       | 2024-01-11  | 2024-04-10 | 2024-04-20
        bridge       | 2024-01-21  | 2024-04-10 | 2024-04-30
    """
    rows = slippage.history(dataset(registry=registry(), milestones=reported))
    found = slippage.trend(rows)
    same(
        found.assign(
            drift=found["drift"].round(6),
            trend=found["trend_on"].dt.strftime("%Y-%m-%d").fillna("never"),
        )[["milestone_id", "drift", "trend"]],
        """
        milestone_id | drift | trend
        bridge       |     1 | never
        road         |   0.5 | 2024-07-19
        """,
    )
