"""Planned actions by their dates, and what they leave uncovered of a target."""

import pytest

from delivery_analytics.analytics import actions
from delivery_analytics.errors import DefinitionError
from tests.support.tables import dataset, registry, same

KNOWN = registry(
    "indicator_id | direction\n health.births | decrease\n health.vaccines | increase"
)


def world(
    planned, *, observations="indicator_id | period | value", targets="", as_of="2025-01-01"
):
    targets = targets or "indicator_id | due_on | kind | value"
    return dataset(
        as_of, registry=KNOWN, actions=planned, observations=observations, targets=targets
    )


def test_an_action_is_late_past_its_end_unless_it_is_done():
    data = world("""
        action_id | start_on   | end_on     | completed_on
        a         | 2024-01-01 | 2024-12-31 |
        b         | 2024-01-01 | 2024-12-31 | 2024-12-20
        c         | 2024-01-01 | 2024-11-30 | 2024-12-20
        d         | 2025-02-01 | 2025-12-31 |
        e         | 2024-06-01 | 2025-12-31 |
        f         |            |            |
        g         | 2024-01-01 | 2024-12-30 | 2025-03-01
    """)

    same(
        actions.activities(data)[["action_id", "state", "late_days"]].rename(
            columns={"state": "found"}
        ),
        """
        action_id | found     | late_days
        g         | late      |         2
        a         | late      |         1
        e         | running   |
        d         | not_begun |
        f         | undated   |
        c         | done_late |        20
        b         | done      |
        """,
    )


def test_what_no_action_covers_is_the_gap_and_never_scaled_away():
    # 11.4 falls by 0.85 * 0.8 = 0.68 of the first action, in full by the end of 2025, and by
    # none of the second, that begins after it: 10.72, and 0.72 are missing.
    data = world(
        """
        action_id | indicator_id  | start_on   | effect | lag_days | ramp   | ramp_days | coverage
        a         | health.births | 2024-01-01 |    0.8 |       90 | linear |       270 | 0.85
        b         | health.births | 2026-01-01 |    5.0 |        0 | step   |         0 | 1
        """,
        observations="indicator_id | period | value\n health.births | 2023 | 11.4",
        targets="indicator_id | due_on | kind | value\n health.births | 2025-12-31 | final | 10",
    )
    row = actions.uncovered(data).iloc[0]

    assert row["planned_value"] == pytest.approx(10.72)
    assert row["not_covered"] == pytest.approx(0.72)
    assert (row["margin"], row["actions"], row["actions_unknown"]) == (0, 2, 0)


def test_what_an_action_had_brought_by_the_last_figure_is_not_added_again():
    # Half of its ramp had passed when the figure was taken; the other half is to come.
    data = world(
        """
        action_id | indicator_id    | start_on   | effect | lag_days | ramp   | ramp_days | coverage
        a         | health.vaccines | 2023-12-31 |     10 |        0 | linear |       732 | 1
        """,
        observations="indicator_id | period | value\n health.vaccines | 2024 | 60",
        targets="indicator_id | due_on | kind | value\n health.vaccines | 2026-12-31 | final | 65",
    )
    row = actions.uncovered(data).iloc[0]

    assert row["planned_value"] == pytest.approx(65)
    assert row["not_covered"] == pytest.approx(0)


def test_an_unknown_effect_leaves_the_planned_value_as_it_is_and_is_counted():
    data = world(
        """
        action_id | indicator_id    | start_on   | effect | lag_days | ramp | ramp_days | coverage
        a         | health.vaccines | 2025-01-01 |      4 |        0 | step |         0 | 1
        b         | health.vaccines | 2025-01-01 |      4 |        0 | step |         0 |
        """,
        observations="indicator_id | period | value\n health.vaccines | 2024 | 60",
        targets="indicator_id | due_on | kind | value\n health.vaccines | 2026-12-31 | final | 65",
    )
    row = actions.uncovered(data).iloc[0]

    assert (row["planned_value"], row["actions"], row["actions_unknown"]) == (64, 1, 1)


def test_without_a_figure_there_is_no_planned_value_and_without_a_target_no_row():
    effect = """
        action_id | indicator_id    | start_on   | effect | lag_days | ramp | ramp_days | coverage
        a         | health.vaccines | 2025-01-01 |      4 |        0 | step |         0 | 1
    """
    target = "indicator_id | due_on | kind | value\n health.vaccines | 2026-12-31 | final | 65"

    row = actions.uncovered(world(effect, targets=target)).iloc[0]
    assert row[["planned_value", "not_covered", "margin"]].isna().all()
    assert actions.uncovered(world(effect)).empty


def test_without_a_day_nothing_is_said():
    with pytest.raises(DefinitionError, match="day first"):
        actions.activities(world("action_id | start_on", as_of=None))
