"""Paths from planned actions: each adds its effect, after a lag, along its ramp.

Each action adds its effect, times the share it reaches, from its start after a lag, at once, in a
line or in an S-curve. What no action covers by the target's day is said and never scaled away
(`actions.uncovered`). A path that leaves over half of its change for the last quarter of its time
is a hockey stick, and regions together are shown beside the country with their difference. Drawn
with days from the first of January 2025, so that day 100 of a ramp of 200 is half way.
"""

from datetime import date, timedelta

import pandas as pd

from delivery_analytics.analytics import action_paths
from tests.support.tables import same, table

START = date(2025, 1, 1)


def path_as_drawn(drawn, *, baseline, direction, by_day):
    """Assert the path over the days of `by_day`: two rows, ``day`` above ``value``."""
    actions = table(drawn).assign(indicator_id="i", region_id="KZ")
    began = pd.to_timedelta(actions.pop("start"), unit="D") + pd.Timestamp(START)
    actions = actions.assign(start_on=began.astype("datetime64[us]"))
    base = pd.DataFrame(
        {"indicator_id": ["i"], "region_id": "KZ", "value": baseline, "direction": direction}
    )
    expected = table(by_day)
    days = [START + timedelta(days=int(day)) for day in expected["day"]]
    same(
        action_paths.path(actions, base, on=days),
        expected[["value"]].to_csv(sep="|", index=False),
    )


def test_one_action_along_each_ramp():
    actions = """
        intervention_id | start | lag_days | ramp_days | ramp    | effect | coverage
        midwives        |    10 |       10 |       200 | {ramp}  |     16 |        1
    """
    for ramp, values in {
        "linear": (50, 50, 54, 58, 66, 66),
        # A quarter through 3/16 - 2/64 = 0.15625 is reached, half way a half.
        "s_curve": (50, 50, 52.5, 58, 66, 66),
        "step": (50, 50, 50, 50, 66, 66),
    }.items():
        drawn = "day | value\n" + "\n".join(
            f"{day} | {value}"
            for day, value in zip((0, 20, 70, 120, 220, 400), values, strict=True)
        )
        path_as_drawn(
            actions.format(ramp=ramp), baseline=50.0, direction="increase", by_day=drawn
        )


def test_actions_add_up_by_whom_they_reach_and_lower_what_should_fall():
    # 20 for half of the people is 10 at day 0; a further 4 by day 100, 2 of it by day 50.
    path_as_drawn(
        """
        intervention_id | start | lag_days | ramp_days | ramp   | effect | coverage
        vans            |     0 |        0 |         0 | step   |     20 |      0.5
        training        |     0 |        0 |       100 | linear |      4 |        1
        """,
        baseline=30.0,
        direction="decrease",
        by_day="""
        day | value
         -1 |    30
          0 |    20
         50 |    18
        100 |    16
        """,
    )


def test_what_is_not_covered_is_the_distance_to_the_target():
    paths = table("""
        indicator_id | region_id | on         | value
        rising       | KZ        | 2025-12-31 |    66
        falling      | KZ        | 2025-12-31 |    16
        beyond       | KZ        | 2025-12-31 |    66
        kept         | KZ        | 2025-12-31 |    66
    """)
    targets = table("""
        indicator_id | region_id | due_on     | value | direction
        rising       | KZ        | 2025-12-31 |    70 | increase
        falling      | KZ        | 2025-12-31 |    10 | decrease
        beyond       | KZ        | 2025-12-31 |    60 | increase
        kept         | KZ        | 2025-12-31 |    66 | maintain
    """)
    paths = paths.assign(on=pd.to_datetime(paths["on"]).astype("datetime64[us]"))

    same(
        action_paths.gap(paths, targets),
        """
        indicator_id | planned_value | target_value | not_covered | margin
        beyond       |            66 |           60 |           0 |      6
        falling      |            16 |           10 |           6 |      0
        kept         |            66 |           66 |             |
        rising       |            66 |           70 |           4 |      0
        """,
    )


def test_simple_paths_at_a_quarter_of_the_time():
    facts = table("""
        baseline_value | target_value | elapsed
                    16 |           81 |    0.25
                    80 |           40 |    0.25
                     0 |           40 |    0.25
                   -10 |           40 |    0.25
                    50 |           50 |    0.25
    """)
    found = facts.assign(
        straight=action_paths.simple(facts),
        back_loaded=action_paths.simple(facts, shape="back_loaded"),
        growth=action_paths.simple(facts, shape="constant_growth").round(4),
    )

    # 81/16 is 1.5 to the fourth, so a quarter of the time is a growth of a half.
    same(
        found,
        """
        baseline_value | straight | back_loaded | growth
                    16 |    32.25 |     20.0625 |     24
                    80 |       70 |        77.5 | 67.2717
                     0 |       10 |         2.5 |
                   -10 |      2.5 |      -6.875 |
                    50 |       50 |          50 |     50
        """,
    )
