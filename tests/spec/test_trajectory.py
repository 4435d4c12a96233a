"""Trajectory: what an indicator is expected to be on a day.

The path goes through the agreed values: the baseline, the interim targets and the final target,
each with the day it is due. `straight` is piecewise linear in days; in `stepwise` a value holds
for the whole stretch that ends on its day, as in a yearly decomposition. Before the baseline there
is no plan; after the final target it stays. The expected value is the trajectory on the last day
of the period that was observed, not on the day of the report. A final target that was lowered
overrides an interim one set before it that asks for more:

    dropped = set before the final target and sign(final − baseline) · (interim − final) > 0
"""

import pandas as pd
import pytest

from delivery_analytics.analytics import trajectory
from tests.support.tables import rows, table

PROMISED = """
    indicator_id | due_on     | kind     | value
    health.life  | 2023-12-31 | baseline |    70
    health.life  | 2025-12-31 | interim  |    72
    health.life  | 2027-12-31 | final    |    76
"""


def expected_as_drawn(text, *, kind, promised=PROMISED):
    drawn = table(text)
    points = pd.DataFrame(
        {
            "indicator_id": "health.life",
            "region_id": "KZ",
            "period_end": pd.to_datetime(drawn["on"]),
        }
    )
    found = trajectory.expected(points, rows("targets", promised), kinds={"health.life": kind})
    assert found.tolist() == pytest.approx(drawn["expected"].tolist(), nan_ok=True)


def test_a_straight_path_runs_from_promise_to_promise_by_days():
    # 2024 has 366 of the 731 days of the first stretch; 2026 half of the second.
    expected_as_drawn(
        """
        on         | expected
        2022-12-31 |
        2023-12-31 |       70
        2024-12-31 | 71.0013679890561
        2025-12-31 |       72
        2026-12-31 |       74
        2027-12-31 |       76
        2030-12-31 |       76
        """,
        kind="straight",
    )


def test_a_stepwise_value_holds_for_the_whole_stretch_that_ends_on_its_day():
    expected_as_drawn(
        """
        on         | expected
        2022-12-31 |
        2024-06-30 |       72
        2025-12-31 |       72
        2026-01-31 |       76
        2027-12-31 |       76
        """,
        kind="stepwise",
    )


@pytest.mark.parametrize("kind", ["straight", "stepwise"])
def test_a_target_that_was_revised_counts_as_it_was_agreed_last(kind):
    promised = """
        indicator_id | due_on     | set_on     | kind     | value
        health.life  | 2023-12-31 | 2023-01-01 | baseline |    70
        health.life  | 2027-12-31 | 2023-01-01 | final    |    80
        health.life  | 2027-12-31 | 2024-06-01 | final    |    76
    """
    expected_as_drawn("on | expected\n 2027-12-31 | 76", kind=kind, promised=promised)


def test_a_final_target_that_was_lowered_overrides_a_higher_interim_one_set_before_it():
    promised = """
        indicator_id | due_on     | set_on     | kind     | value
        health.life  | 2023-12-31 | 2023-01-01 | baseline |    70
        health.life  | 2025-12-31 | 2023-01-01 | interim  |    78
        health.life  | 2027-12-31 | 2023-01-01 | final    |    80
        health.life  | 2027-12-31 | 2024-06-01 | final    |    76
    """
    # Half of the way from 70 to 76, by days: 731 of 1461.
    expected_as_drawn(
        "on | expected\n 2025-12-31 | 73.00205338809035", kind="straight", promised=promised
    )
