"""Paths built from planned actions, worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import interventions
from tests.tables import table

JULY, YEAR_END = date(2024, 7, 1), date(2024, 12, 31)


def actions(text):
    rows = table(text)
    usual = {
        "indicator_id": "health.births",
        "region_id": "KZ",
        "lag_days": 0,
        "ramp_days": 0,
        "ramp": "step",
        "coverage": 1.0,
    }
    rows = rows.assign(**{name: value for name, value in usual.items() if name not in rows})
    return rows.assign(start_on=pd.to_datetime(rows["start_on"]).astype("datetime64[us]"))


def base(value=50.0, direction="increase"):
    return pd.DataFrame(
        {
            "indicator_id": ["health.births"],
            "region_id": "KZ",
            "value": value,
            "direction": direction,
        }
    )


def added(text, *days):
    return interventions.effects(actions(text), on=list(days))["added"].tolist()


def test_a_step_adds_all_from_its_day_on_after_its_lag():
    text = "intervention_id | start_on | lag_days | effect\n a | 2024-06-01 | 30 | 8"

    assert added(text, date(2024, 6, 30), date(2024, 7, 1)) == [0, 8]


def test_a_linear_ramp_is_half_way_at_half_time_and_an_s_curve_is_slow_at_both_ends():
    text = """
        intervention_id | start_on   | ramp    | ramp_days | effect
        a               | 2024-06-01 | linear  |       100 |      8
        b               | 2024-06-01 | s_curve |       100 |      8
    """
    days = [date(2024, 6, 1), date(2024, 6, 26), date(2024, 7, 21), date(2024, 12, 31)]

    # A quarter through, the curve is at 3/16 - 2/64 = 0.15625 of its effect.
    assert added(text, *days) == pytest.approx([0, 2, 4, 8, 0, 1.25, 4, 8])


def test_what_reaches_half_adds_half():
    text = "intervention_id | start_on | coverage | effect\n a | 2024-06-01 | 0.5 | 8"

    assert added(text, JULY) == [4]


def test_the_path_is_the_baseline_and_all_that_is_added_whichever_way_is_better():
    text = """
        intervention_id | start_on   | effect
        a               | 2024-06-01 |      8
        b               | 2024-10-01 |      4
    """
    days = [JULY, YEAR_END]

    up = interventions.path(actions(text), base(), on=days)
    down = interventions.path(actions(text), base(direction="decrease"), on=days)
    assert up["value"].tolist() == [58, 62]
    assert down["value"].tolist() == [42, 38]


def test_without_actions_the_baseline_is_held():
    none = actions("intervention_id | start_on | effect\n a | 2024-06-01 | 8").iloc[:0]

    assert interventions.path(none, base(), on=[JULY])["value"].tolist() == [50]


@pytest.mark.parametrize(
    ("target", "not_covered", "margin"), [(70, 12, 0), (58, 0, 0), (55, 0, 3)]
)
def test_what_no_action_covers_is_said_and_never_scaled_away(target, not_covered, margin):
    text = "intervention_id | start_on | effect\n a | 2024-06-01 | 8"
    paths = interventions.path(actions(text), base(), on=[YEAR_END])
    due = pd.Timestamp(YEAR_END).as_unit("us")
    targets = base(target).assign(due_on=due)
    found = interventions.gap(paths, targets).iloc[0]

    assert (found["planned_value"], found["target_value"]) == (58, target)
    assert (found["not_covered"], found["margin"]) == (not_covered, margin)


def test_a_target_without_a_path_has_no_gap_to_tell():
    targets = base(70.0).assign(due_on=pd.Timestamp(YEAR_END).as_unit("us"))
    paths = interventions.path(
        actions("intervention_id | start_on | effect\n a | 2024-01-01 | 1"), base(), on=[JULY]
    )

    assert interventions.gap(paths, targets)["not_covered"].isna().tolist() == [True]


def test_simple_paths_half_way():
    facts = pd.DataFrame(
        {"baseline_value": [100.0, 100.0, 0.0, -4.0], "target_value": [400.0, 100.0, 9.0, 4.0]}
    ).assign(elapsed=0.5)

    assert interventions.simple(facts).tolist() == [250, 100, 4.5, 0]
    assert interventions.simple(facts, shape="back_loaded").tolist() == [175, 100, 2.25, -2]
    growth = interventions.simple(facts, shape="constant_growth")
    assert growth.fillna(-1).tolist() == pytest.approx([200, 100, -1, -1])


def test_a_path_that_leaves_most_for_the_last_quarter_is_flagged():
    days = pd.to_datetime(["2020-01-01", "2020-10-01", "2021-01-01"])
    late, even, none = ([50.0, 52, 60], [50.0, 57.5, 60], [50.0, 50, 50])
    paths = pd.concat(
        [
            pd.DataFrame({"indicator_id": name, "region_id": "KZ", "on": days, "value": values})
            for name, values in (("a", late), ("b", even), ("c", none))
        ]
    )
    found = interventions.hockey_stick(paths)

    assert found["hockey_stick"].tolist() == [True, False, False]
    assert np.isnan(found["late_share"].iloc[2])


def test_regions_are_summed_or_weighted_and_the_difference_shown():
    regional = table("""
        indicator_id | region_id | on   | value | people
        births       | KZ-10     | 2024 |    40 |    100
        births       | KZ-71     | 2024 |    70 |    300
    """)
    national = table("indicator_id | on | value\n births | 2024 | 60")

    sums = interventions.reconciled(regional, national).iloc[0]
    mean = interventions.reconciled(regional, national, weight="people").iloc[0]
    assert (sums["regional_value"], sums["difference"], sums["regions"]) == (110, 50, 2)
    assert (mean["regional_value"], mean["difference"]) == (62.5, 2.5)
