"""Paths built from planned actions, worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.analytics import action_paths
from delivery_analytics.errors import DefinitionError
from tests.support.tables import table

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
    return action_paths.effects(actions(text), on=list(days))["added"].tolist()


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

    up = action_paths.path(actions(text), base(), on=days)
    down = action_paths.path(actions(text), base(direction="decrease"), on=days)
    assert up["value"].tolist() == [58, 62]
    assert down["value"].tolist() == [42, 38]


def test_without_actions_the_baseline_is_held():
    none = actions("intervention_id | start_on | effect\n a | 2024-06-01 | 8").iloc[:0]

    assert action_paths.path(none, base(), on=[JULY])["value"].tolist() == [50]


@pytest.mark.parametrize(
    ("target", "not_covered", "margin"), [(70, 12, 0), (58, 0, 0), (55, 0, 3)]
)
def test_what_no_action_covers_is_said_and_never_scaled_away(target, not_covered, margin):
    text = "intervention_id | start_on | effect\n a | 2024-06-01 | 8"
    paths = action_paths.path(actions(text), base(), on=[YEAR_END])
    due = pd.Timestamp(YEAR_END).as_unit("us")
    targets = base(target).assign(due_on=due)
    found = action_paths.gap(paths, targets).iloc[0]

    assert (found["planned_value"], found["target_value"]) == (58, target)
    assert (found["not_covered"], found["margin"]) == (not_covered, margin)


def test_a_target_without_a_path_has_no_gap_to_tell():
    targets = base(70.0).assign(due_on=pd.Timestamp(YEAR_END).as_unit("us"))
    paths = action_paths.path(
        actions("intervention_id | start_on | effect\n a | 2024-01-01 | 1"), base(), on=[JULY]
    )

    assert action_paths.gap(paths, targets)["not_covered"].isna().tolist() == [True]


def test_simple_paths_half_way():
    facts = pd.DataFrame(
        {"baseline_value": [100.0, 100.0, 0.0, -4.0], "target_value": [400.0, 100.0, 9.0, 4.0]}
    ).assign(elapsed=0.5)

    assert action_paths.simple(facts).tolist() == [250, 100, 4.5, 0]
    assert action_paths.simple(facts, shape="back_loaded").tolist() == [175, 100, 2.25, -2]
    growth = action_paths.simple(facts, shape="constant_growth")
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
    found = action_paths.hockey_stick(paths)

    assert found["hockey_stick"].tolist() == [True, False, False]
    assert np.isnan(found["late_share"].iloc[2])


def test_regions_are_summed_or_weighted_and_the_difference_shown():
    regional = table("""
        indicator_id | region_id | on   | value | people
        births       | KZ-10     | 2024 |    40 |    100
        births       | KZ-71     | 2024 |    70 |    300
    """)
    national = table("indicator_id | on | value\n births | 2024 | 60")

    sums = action_paths.reconciled(regional, national).iloc[0]
    mean = action_paths.reconciled(regional, national, weight="people").iloc[0]
    assert (sums["regional_value"], sums["difference"], sums["regions"]) == (110, 50, 2)
    assert (mean["regional_value"], mean["difference"]) == (62.5, 2.5)


def test_a_step_with_a_ramp_shows_in_full_at_its_end():
    text = "intervention_id | start_on | ramp_days | effect\n a | 2024-06-01 | 30 | 8"

    assert added(text, date(2024, 6, 30), JULY) == [0, 8]


@pytest.mark.parametrize("missing", ["effect", "start_on", "lag_days", "ramp_days", "coverage"])
@pytest.mark.parametrize("ramp", action_paths.RAMPS)
def test_an_action_of_which_something_is_missing_is_counted_and_adds_nothing(missing, ramp):
    both = actions(f"""
        intervention_id | start_on   | effect | ramp
        a               | 2024-06-01 |      8 | {ramp}
        b               | 2024-06-01 |      4 | {ramp}
    """)
    known = both.astype({"lag_days": float, "ramp_days": float})
    known = known.assign(**{missing: known[missing].where(known["intervention_id"] == "b")})

    row = action_paths.path(known, base(), on=[JULY]).iloc[0]
    assert (row["value"], row["actions"], row["actions_unknown"]) == (54, 1, 1)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("ramp", "sudden", "a ramp of step, linear, s_curve"),
        ("coverage", 1.2, "a coverage from 0 to 1"),
        ("coverage", -0.1, "a coverage from 0 to 1"),
        ("ramp_days", -1, "a ramp of 0 days or more"),
    ],
)
def test_an_action_that_cannot_be_is_refused_by_name(column, value, said):
    drawn = actions("intervention_id | start_on | effect\n vans | 2024-06-01 | 8")

    with pytest.raises(DefinitionError, match=f"'vans' does not have {said}"):
        action_paths.effects(drawn.assign(**{column: value}), on=[JULY])


def test_an_indicator_that_keeps_its_level_has_a_path_only_without_actions():
    drawn = actions("intervention_id | start_on | effect\n a | 2024-06-01 | 8")
    held = base(direction="maintain")

    assert action_paths.path(drawn.iloc[:0], held, on=[JULY])["value"].tolist() == [50]
    assert action_paths.path(drawn, held, on=[JULY])["value"].isna().tolist() == [True]


def test_a_baseline_may_move_by_itself_and_is_missing_where_it_is_not_given():
    drawn = actions("intervention_id | start_on | effect\n a | 2024-06-01 | 8")
    moving = base(51.0).assign(on=pd.Timestamp(JULY).as_unit("us"))
    found = action_paths.path(drawn, moving, on=[JULY, YEAR_END])

    assert found["value"].fillna(-1).tolist() == [59, -1]


def test_life_expectancy_of_2024_lies_on_the_straight_line_to_77():
    # 75.09 in 2023 and 77 in 2029: a sixth of 1.91 is 0.318.
    facts = pd.DataFrame(
        {"baseline_value": [75.09], "target_value": [77.0], "elapsed": [1 / 6]}
    )

    assert action_paths.simple(facts).round(2).tolist() == [75.41]


def test_a_shape_or_a_power_that_is_not_one_is_refused():
    facts = pd.DataFrame({"baseline_value": [1.0], "target_value": [2.0], "elapsed": [0.5]})

    with pytest.raises(DefinitionError, match="no shape of a path 'steep'"):
        action_paths.simple(facts, shape="steep")
    with pytest.raises(DefinitionError, match="a power above 1, not 1"):
        action_paths.simple(facts, shape="back_loaded", power=1)


def test_the_plan_of_a_year_holds_from_its_first_day_to_its_last():
    plans = pd.DataFrame(
        {
            "indicator_id": "schools",
            "region_id": "KZ",
            "due_on": pd.to_datetime(["2024-12-31", "2025-12-31"]).as_unit("us"),
            "value": [105.0, 217.0],
        }
    )
    days = [date(2023, 12, 31), date(2024, 1, 1), YEAR_END, date(2025, 1, 1), date(2026, 1, 1)]
    found = action_paths.yearly(plans, on=days)

    assert found["value"].fillna(-1).tolist() == [-1, 105, 105, 217, -1]


def test_half_in_the_last_quarter_is_not_yet_a_hockey_stick():
    days = pd.to_datetime(["2020-01-01", "2020-10-01", "2021-01-01"])
    paths = pd.DataFrame({"indicator_id": "a", "region_id": "KZ", "on": days})
    # 2020 has 366 days: three quarters are 274.5, half a day after 1 October.
    half = action_paths.hockey_stick(
        paths.assign(value=[0.0, 50.0, 100.0]), most=50 * 91.5 / 92 / 100
    )

    assert half["late_share"].iloc[0] == pytest.approx(50 * 91.5 / 92 / 100)
    assert half["hockey_stick"].tolist() == [False]


def test_a_path_of_one_day_or_without_values_is_no_hockey_stick():
    days = pd.to_datetime(["2020-01-01", "2021-01-01"])
    paths = pd.DataFrame({"indicator_id": ["a", "b"], "region_id": "KZ", "on": days})
    found = action_paths.hockey_stick(paths.assign(value=[1.0, np.nan]))

    assert found["hockey_stick"].tolist() == [False, False]
    assert found["late_share"].isna().all()


def test_a_region_without_a_value_or_a_weight_leaves_the_whole_unknown():
    regional = table("""
        indicator_id | region_id | on   | value | people
        births       | KZ-10     | 2024 |    40 |    100
        births       | KZ-71     | 2024 |       |    300
        deaths       | KZ-10     | 2024 |    40 |    100
        deaths       | KZ-71     | 2024 |    70 |
    """)
    national = table("indicator_id | on | value\n births | 2024 | 60\n deaths | 2024 | 110")

    sums = action_paths.reconciled(regional, national)
    assert sums["regional_value"].fillna(-1).tolist() == [-1, 110]
    assert sums["regions_missing"].tolist() == [1, 0]
    means = action_paths.reconciled(regional, national, weight="people")
    assert means["difference"].isna().all()
    assert means["regions_missing"].tolist() == [1, 1]


def test_regions_without_a_country_stay_in_sight_and_weights_of_nothing_make_no_mean():
    regional = table("""
        indicator_id | region_id | on   | value | people
        births       | KZ-10     | 2024 |    40 |      0
        births       | KZ-71     | 2024 |    70 |      0
    """)
    national = table("indicator_id | on | value\n births | 2023 | 60")

    sums = action_paths.reconciled(regional, national)
    assert sums["regional_value"].fillna(-1).tolist() == [-1, 110]
    assert sums["national_value"].fillna(-1).tolist() == [60, -1]
    means = action_paths.reconciled(regional, national, weight="people")
    assert means["regional_value"].isna().all()
