"""Milestone trends: where the dates promised are drifting to.

`slippage` fits the day expected to the day of the report, over three reports or more. A promised
day that was changed is told apart from a forecast that moved.

    expected = level + drift * reported          (days; least squares; n reports before it is done)
    interval = drift +- t * sqrt(left / (n - 2) / sum (reported - mean)^2)      (80 %, n - 2 degrees)
    the day the trend leads to = level / (1 - drift), where they meet

    forecast not renewed :  the day last expected, or the one the trend leads to, has passed
    no credible date     :  drift > 0.7, or an interval that includes 1

At a drift of 0.9 a day more or less in one forecast moves the day by ten, so no day is printed.
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
        found.assign(drift=found["drift"].round(6)),
        """
        milestone_id | drift | trend_on   | state
        bridge       |     1 |            | no_credible_date
        road         |   0.5 | 2024-07-19 | converges
        """,
    )


def test_a_date_is_printed_only_where_the_reports_carry_one():
    reported = """
        milestone_id | reported_on | due_on     | expected_on
        steep        | 2024-01-01  | 2024-06-30 | 2024-06-30
        steep        | 2024-02-01  | 2024-06-30 | 2024-07-24
        steep        | 2024-03-03  | 2024-06-30 | 2024-08-17
        wavering     | 2024-01-01  | 2024-06-30 | 2024-06-30
        wavering     | 2024-02-01  | 2024-06-30 | 2024-06-30
        wavering     | 2024-03-03  | 2024-06-30 | 2024-07-31
        silent       | 2024-01-01  | 2024-02-28 | 2024-02-28
        silent       | 2024-02-01  | 2024-02-28 | 2024-02-28
        silent       | 2024-03-03  | 2024-02-28 | 2024-02-28
    """
    # Steep: 24 days in 31. Wavering: 0 and 31 days, so 0.5 a day; residuals 5.17, 10.33, 5.17
    # are 160.2 squared, over 1 and 1922 0.2887; t of one degree 3.078: half 0.888.
    rows = slippage.history(dataset(registry=registry(), milestones=reported))
    found = slippage.trend(rows)
    numbers = ["drift", "drift_low", "drift_high"]
    same(
        found.assign(**found[numbers].round(3)),
        """
        milestone_id | drift | drift_low | drift_high | trend_on | state
        silent       |     0 |         0 |          0 |          | not_renewed
        steep        | 0.774 |     0.774 |      0.774 |          | no_credible_date
        wavering     |   0.5 |    -0.388 |      1.388 |          | no_credible_date
        """,
    )
