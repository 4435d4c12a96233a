import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.analytics import status
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import AGAINST, EARLY, METHODS, method
from delivery_analytics.model import schema
from tests.spec.examples import facts_as_drawn
from tests.support.tables import dataset, registry, same, table

LIFE = """
    indicator_id | direction
    health.life  | increase
"""
TARGETS = """
    indicator_id | region_id | due_on     | kind     | value
    health.life  | KZ        | 2019-12-31 | baseline |    60
    health.life  | KZ        | 2029-12-31 | final    |    80
"""


def assessed(observations, *, targets=TARGETS, indicators=LIFE, as_of="2025-01-31", **kwargs):
    asked = {"method": kwargs.pop("method", None), "rules": kwargs.pop("tried", None)}
    data = dataset(
        as_of,
        registry=registry(indicators, **kwargs),
        observations=observations,
        targets=targets,
    )
    return schema.check_contract("assessments", status.assess(data, **asked))


def test_the_latest_figure_is_judged_against_the_trajectory_at_its_own_periods_end():
    # The 3653 days from the end of 2019 to the end of 2029; 1827 of them by the end of 2024.
    judged = assessed("""
        indicator_id | period | value | source_id | source_cell
        health.life  | 2023   |  67.0 | a         | Sheet!B5
        health.life  | 2024   |  70.0 | b         | Sheet!B6
    """)

    assert judged["expected_value"][0] == pytest.approx(60 + 20 * 1827 / 3653)
    assert judged["score"][0] == pytest.approx(10 / (20 * 1827 / 3653))
    same(
        judged,
        """
        indicator_id | region_id | as_of      | method                  | period | value
        health.life  | KZ        | 2025-01-31 | share_of_planned_change | 2024   |    70
        """,
    )
    same(
        judged,
        """
        baseline_value | target_value | status   | reason        | source_id | source_cell
                    60 |           80 | on_track | on_trajectory | b         | Sheet!B6
        """,
    )


def test_every_indicator_has_a_national_row_even_when_nothing_was_reported():
    judged = assessed(
        """
        indicator_id | region_id | period | value
        health.life  | KZ-71     | 2024   |    70
        """,
        indicators="""
        indicator_id    | direction
        health.life     | increase
        health.births   | increase
        education.kinder| increase
        """,
        targets="""
        indicator_id | region_id | due_on     | kind     | value
        health.life  | KZ-75     | 2019-12-31 | baseline |    60
        health.life  | KZ-75     | 2029-12-31 | final    |    80
        """,
    )

    same(
        judged,
        """
        indicator_id     | region_id | period | value | target_value | status     | reason
        education.kinder | KZ        |        |       |              | not_judged | no_observation
        health.births    | KZ        |        |       |              | not_judged | no_observation
        health.life      | KZ        |        |       |              | not_judged | no_observation
        health.life      | KZ-71     | 2024   |    70 |              | not_judged | no_target
        health.life      | KZ-75     |        |       |           80 | not_judged | no_observation
        """,
    )


def test_a_missing_value_is_passed_over_for_the_latest_that_has_one():
    judged = assessed("""
        indicator_id | period | value | obs_status | source_cell
        health.life  | 2023   |    68 | normal     | Sheet!B5
        health.life  | 2024   |       | missing    | Sheet!B6
    """)

    same(judged, "period | value | status   | source_cell\n 2023 | 68 | on_track | Sheet!B5")


def test_rows_without_any_value_say_so_and_point_at_the_empty_cell():
    judged = assessed("""
        indicator_id | period | value | obs_status | source_cell
        health.life  | 2023   |       | missing    | Sheet!B5
        health.life  | 2024   |       | missing    | Sheet!B6
    """)

    same(
        judged,
        """
        period | value | status     | reason        | source_cell
        2024   |       | not_judged | value_missing | Sheet!B6
        """,
    )
    assert judged["value"].isna().all()


def test_a_stale_figure_is_shown_and_not_judged():
    # The test registry calls annual figures stale after 800 days: the last is 2025-03-10.
    observations = "indicator_id | period | value\n health.life | 2022 | 79"

    fresh = assessed(observations, as_of="2025-03-10")
    stale = assessed(observations, as_of="2025-03-11")

    assert fresh["reason"].tolist() == ["ahead_of_trajectory"]
    same(
        stale,
        """
        period | value | target_value | status     | reason
        2022   |    79 |           80 | not_judged | observation_stale
        """,
    )


def test_a_figure_for_a_period_that_has_not_ended_is_not_evidence():
    judged = assessed(
        """
        indicator_id | period | reported_on | value
        health.life  | 2023   | 2024-02-01  |    60
        health.life  | 2024   | 2024-06-30  |    80
        """,
        as_of="2024-12-30",
    )

    same(judged, "period | value | status\n 2023 | 60 | off_track")


def test_of_a_year_and_its_last_quarter_the_indicators_own_frequency_counts():
    observations = """
        indicator_id | period  | value
        health.life  | 2024    |    70
        health.life  | 2024-Q4 |    20
    """
    quarterly = LIFE.replace("direction", "direction | frequency").replace(
        "increase", "increase | quarterly"
    )

    assert assessed(observations)["value"].tolist() == [70]
    assert assessed(observations, indicators=quarterly)["value"].tolist() == [20]


def test_yesterdays_judgement_can_be_repeated_after_a_revision_and_a_moved_target():
    observations = """
        indicator_id | period | reported_on | value
        health.life  | 2024   | 2025-01-10  |    70
        health.life  | 2024   | 2025-03-10  |    64
    """
    targets = """
        indicator_id | due_on     | kind     | value | set_on
        health.life  | 2019-12-31 | baseline |    60 | 2019-06-01
        health.life  | 2029-12-31 | final    |    80 | 2019-06-01
        health.life  | 2029-12-31 | final    |    68 | 2025-06-01
    """

    by_day = {
        day: assessed(observations, targets=targets, as_of=day).iloc[0]
        for day in ("2025-01-31", "2025-03-31", "2025-06-30")
    }

    assert [(row["value"], row["target_value"], row["status"]) for row in by_day.values()] == [
        (70, 80, "on_track"),
        (64, 80, "off_track"),
        (64, 68, "on_track"),
    ]


def test_each_indicator_is_judged_by_its_own_method_and_all_by_one_on_request():
    indicators = """
        indicator_id | direction | method            | trajectory
        health.life  | increase  | kz_plan_execution | stepwise
        health.births| increase  |                   | straight
    """
    targets = """
        indicator_id  | due_on     | kind     | value
        health.life   | 2019-12-31 | baseline |    60
        health.life   | 2024-12-31 | interim  |    75
        health.life   | 2029-12-31 | final    |    80
        health.births | 2019-12-31 | baseline |     0
        health.births | 2024-12-31 | interim  |    50
        health.births | 2029-12-31 | final    |   100
    """
    observations = """
        indicator_id  | period | value
        health.life   | 2024   |    72
        health.births | 2024   |    49
    """

    same(
        assessed(observations, indicators=indicators, targets=targets),
        """
        indicator_id  | method                  | expected_value | score | status   | reason
        health.births | share_of_planned_change |             50 |  0.98 | on_track | on_trajectory
        health.life   | kz_plan_execution       |             75 |    96 | at_risk  | plan_nearly_met
        """,
    )
    same(
        assessed(
            observations, indicators=indicators, targets=targets, method="kz_plan_execution"
        ),
        """
        indicator_id  | method            | score | status
        health.births | kz_plan_execution |    98 | at_risk
        health.life   | kz_plan_execution |    96 | at_risk
        """,
    )


def test_a_rule_can_be_tried_out_and_one_that_no_method_has_is_refused():
    # 9 of the 10.003 planned by then: 0.8998.
    figures = """
        indicator_id | period | value
        health.life  | 2024   |    69
    """

    assert assessed(figures)["status"].tolist() == ["at_risk"]
    assert assessed(figures, tried={"on_track": 0.89})["status"].tolist() == ["on_track"]
    with pytest.raises(DefinitionError, match=r"no rule 'on_trak'\. Did you mean on_track"):
        assessed(figures, tried={"on_trak": 0.9})


def test_the_expected_value_shown_is_the_one_the_method_compared_with():
    # Due in November: the plan of 2024 is 75, the straight path is beyond it by December.
    indicators = "indicator_id | method\n health.life | kz_plan_execution"
    targets = TARGETS + "    health.life | KZ | 2024-11-30 | interim | 75\n"

    judged = assessed(
        "indicator_id | period | value\n health.life | 2024 | 75",
        indicators=indicators,
        targets=targets,
    )

    same(judged, "expected_value | score | reason\n 75 | 100 | plan_met")


def test_levels_to_keep_are_judged_by_their_tolerance():
    judged = assessed(
        """
        indicator_id | region_id | period | value
        health.life  | KZ        | 2024   |  70.4
        health.life  | KZ-71     | 2024   |  71.5
        """,
        indicators="""
        indicator_id | direction | tolerance
        health.life  | maintain  |       0.5
        """,
        targets="""
        indicator_id | region_id | due_on     | kind  | value
        health.life  | KZ        | 2029-12-31 | final |    70
        health.life  | KZ-71     | 2029-12-31 | final |    70
        """,
    )

    same(
        judged,
        """
        region_id | status    | reason            | score
        KZ        | on_track  | within_tolerance  |
        KZ-71     | off_track | outside_tolerance |
        """,
    )


def test_the_rules_of_the_workspace_are_used():
    observations = "indicator_id | period | value\n health.life | 2024 | 68.6"

    assert assessed(observations)["status"].tolist() == ["at_risk"]
    rules = {"share_of_planned_change": {"on_track": 0.8, "at_risk": 0.5}}
    assert assessed(observations, rules=rules)["status"].tolist() == ["on_track"]


def test_an_unknown_method_is_refused_with_those_there_are():
    with pytest.raises(DefinitionError, match="kz_plan_execution"):
        assessed("indicator_id | period | value\n health.life | 2024 | 1", method="guess")


def test_an_unknown_rule_is_refused_with_those_there_are():
    with pytest.raises(
        DefinitionError, match=r"'ontrack'. Did you mean on_track\? Rules: on_track, at_risk"
    ):
        assessed(
            "indicator_id | period | value\n health.life | 2024 | 1",
            rules={"share_of_planned_change": {"ontrack": 1.0}},
        )


def test_without_a_day_nothing_can_be_judged():
    data = dataset(registry=registry(LIFE))

    with pytest.raises(DefinitionError, match="known_on"):
        status.assess(data)


def test_an_empty_workspace_gives_an_empty_table_and_a_silent_one_national_rows():
    assert status.assess(dataset("2025-01-31", registry=registry())).empty
    judged = status.assess(dataset("2025-01-31", registry=registry(LIFE)))
    same(judged, "indicator_id | region_id | reason\n health.life | KZ | no_observation")


def test_figures_of_indicators_outside_the_registry_are_left_alone():
    judged = assessed("indicator_id | period | value\n energy.coal | 2024 | 1")

    assert judged["indicator_id"].tolist() == ["health.life"]


def test_a_new_method_needs_one_function(monkeypatch):
    for known in (METHODS, AGAINST):
        monkeypatch.setitem(known, "half_is_enough", None)  # taken away afterwards

    @method()
    def half_is_enough(facts, *, enough=0.5):
        score = facts["value"] / facts["target_value"]
        codes = np.where(score >= enough, "on_track", "off_track")
        return pd.DataFrame({"score": score, "status": codes, "reason": "on_trajectory"})

    judged = assessed(
        "indicator_id | period | value\n health.life | 2024 | 40", method="half_is_enough"
    )

    same(judged, "method | score | status\n half_is_enough | 0.5 | on_track")


numbers = st.floats(allow_nan=True, allow_infinity=False)
facts = st.fixed_dictionaries(
    {
        "value": numbers,
        "baseline_value": numbers,
        "expected_value": numbers,
        "plan_value": numbers,
        "target_value": numbers,
        "tolerance": st.floats(0, 1e300),
        "direction": st.sampled_from(["increase", "decrease", "maintain"]),
        "unit_kind": st.sampled_from(["number", "index"]),
        "period_end": st.sampled_from(list(pd.to_datetime(["2018-12-31", "2024-12-31", None]))),
        "baseline_on": st.sampled_from(list(pd.to_datetime(["2019-12-31", None]))),
        "target_on": st.sampled_from(list(pd.to_datetime(["2024-12-31", "2029-12-31", None]))),
        "reported": st.booleans(),
        "stale": st.booleans(),
    }
)


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(facts, min_size=1, max_size=6), method=st.sampled_from([*METHODS]))
def test_nothing_is_ever_infinite_or_better_than_its_evidence(rows, method):
    table = pd.DataFrame(rows)

    judged = status.assess_facts(table, method=method)

    assert not np.isinf(judged["score"]).any()
    assert judged["status"].isin(schema.STATUSES).all()
    assert (judged["reason"] != "").all()
    evidence = table["reported"] & ~table["stale"] & table["value"].notna()
    sign = table["direction"].map(status.SIGNS)
    missed = status.worse(table["value"], table["target_value"], sign)
    missed &= table["period_end"] >= table["target_on"]
    behind = judged["status"].isin(["off_track", "at_risk"])
    assert ((judged["status"] == "not_judged") | missed & behind)[~evidence].all()
    told = ~judged["reason"].isin(
        ["no_observation", "before_baseline", "target_contradicts_direction"]
    )
    assert behind[missed & told].all()
    assert judged["score"][judged["status"] == "not_judged"].isna().all()
    sign = table["direction"].map(status.SIGNS)
    missed = status.worse(table["value"], table["target_value"], sign)
    assert (~missed & (sign != 0))[judged["status"] == "achieved"].all()
    early = ~(table["period_end"] >= table["target_on"])
    if method not in EARLY:
        assert not (early & (judged["status"] == "achieved")).any()


@settings(deadline=None, max_examples=60)
@given(
    base=st.integers(-1000, 1000),
    change=st.integers(1, 1000),
    planned=st.floats(0.2, 1),
    delivered=st.floats(-1, 2),
)
def test_turning_every_number_round_changes_no_judgement(base, change, planned, delivered):
    rising = pd.DataFrame(
        {
            "baseline_value": [float(base)],
            "expected_value": [base + planned * change],
            "target_value": [float(base + change)],
            "value": [base + delivered * change],
            "direction": ["increase"],
        }
    )
    falling = rising.drop(columns="direction").mul(-1).assign(direction="decrease")

    up = METHODS["share_of_planned_change"](rising)
    down = METHODS["share_of_planned_change"](falling)

    pd.testing.assert_frame_equal(up, down)
    assert up["score"][0] == pytest.approx(delivered / planned)


@pytest.mark.parametrize("method", METHODS)
def test_a_target_that_is_the_baseline_on_paper_contradicts_no_direction(method):
    # 2.01 thousand is 2009.9999999999998 in binary.
    facts = facts_as_drawn(
        table(
            "direction | baseline | expected | plan | target | value\n"
            "increase | 2010 | 2010 | 2010 | 2009.9999999999998 | 2010\n"
            "decrease | 2009.9999999999998 | 2010 | 2010 | 2010 | 2010"
        )
    ).assign(target_on=pd.Timestamp("2024-12-31"))

    assert set(status.assess_facts(facts, method=method)["status"]) == {"achieved"}
