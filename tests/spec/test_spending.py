"""Spending: plan, actual, execution and what was not spent, counted from 1 January.

A percentage is the quotient of sums over the lines that report both, never a mean of percentages,
and every sum says how many lines it covers. A running total is differenced within its calendar
year only; after a gap the flow is missing, because it would be that of two periods. Regions are
never added to the country's own figure.
"""

from delivery_analytics.analytics import spending
from tests.support.tables import dataset, registry, same


def test_a_percentage_is_the_quotient_of_sums_over_the_lines_that_report_both():
    reported = """
        sector_id | line_id | region_id | period  | plan | actual | cumulative
        health    | clinics | KZ        | 2024-03 |  300 |    240 | yes
        health    | drugs   | KZ        | 2024-03 |  100 |     90 | yes
        health    | late    | KZ        | 2024-03 |  500 |        | yes
        health    | clinics | KZ-71     | 2024-03 |  120 |     90 | yes
    """
    data = dataset("2024-12-31", registry=registry(), spending=reported)
    same(
        spending.execution(data, by="sector_id"),
        """
        sector_id | period  | plan | actual | execution_percent | unspent | lines | lines_reported
        health    | 2024-03 |  400 |    330 |              82.5 |      70 |     3 |              2
        """,
    )
