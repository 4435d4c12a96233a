"""Assessment framework (UK, PMDU): what people judge, and the arithmetic beside it.

The ratings are read from a workbook (`judgements`): challenge, planning, capacity, stage, recent
performance, and the likelihood of delivery. `judgements.priority_ratings` puts a suggestion beside
the likelihood and asks for a reason where they differ; what assessors rate differently and nobody
moderated is left open. `judgements.league` ranks priorities with their rank before, and
`judgements.hits_by_horizon` compares what was said 6, 12 or 24 months before with what happened, by
share and Brier score. The deviation itself, which also orders equals in the league table, is rated
as drawn here.
"""

import numpy as np
import pandas as pd

from delivery_analytics.analytics.status import assess_facts
from delivery_analytics.methods import pmdu
from tests.support.tables import table

USUAL = {
    "direction": "increase",
    "unit_kind": "number",
    "tolerance": 0.0,
    "period_end": pd.Timestamp("2024-12-31"),
    "baseline_on": pd.Timestamp("2019-12-31"),
    "target_on": pd.Timestamp("2029-12-31"),
    "baseline_value": np.nan,
    "expected_value": np.nan,
    "plan_value": np.nan,
    "target_value": np.nan,
    "reported": True,
    "stale": False,
}
NAMES = {"baseline": "baseline_value", "expected": "expected_value", "target": "target_value"}
RESULTS = ["deviation", "distance", "rating", "ahead", "held", "reason"]


def facts_of(drawn):
    rows = drawn.drop(columns=drawn.columns.intersection(RESULTS)).rename(columns=NAMES)
    rows = rows.assign(**{name: one for name, one in USUAL.items() if name not in rows})
    return rows.assign(value=rows["value"].astype("float64"))


def rated(text, **bands):
    """Assert that each drawn row has the drawn results; ``yes`` and blank are flags."""
    drawn = table(text)
    found = pmdu.four_point(facts_of(drawn), **bands)
    shown = [name for name in RESULTS if name in drawn]
    for name in ("ahead", "held"):
        found = found.assign(**{name: found[name].map({True: "yes", False: ""})})
    pd.testing.assert_frame_equal(
        found[shown].fillna({"rating": ""}),
        drawn[shown].fillna({"rating": "", "ahead": "", "held": "", "reason": ""}),
        check_dtype=False,
        rtol=1e-9,
        atol=1e-9,
    )


def test_each_band_holds_its_own_lower_edge():
    # 20 of change are planned by now, so each unit is 5 % of it.
    rated("""
        baseline | expected | target | value | deviation | rating | ahead | reason
              60 |       80 |    100 |    84 |       0.2 | G      | yes   | ahead_of_trajectory
              60 |       80 |    100 |    83 |      0.15 | G      |       | rated_green
              60 |       80 |    100 |    80 |         0 | G      |       | rated_green
              60 |       80 |    100 |  79.9 |    -0.005 | AG     |       | rated_amber_green
              60 |       80 |    100 |    79 |     -0.05 | AG     |       | rated_amber_green
              60 |       80 |    100 |  78.9 |    -0.055 | AR     |       | rated_amber_red
              60 |       80 |    100 |    77 |     -0.15 | AR     |       | rated_amber_red
              60 |       80 |    100 |  76.9 |    -0.155 | R      |       | rated_red
    """)


def test_falling_indicators_are_ahead_below_their_path():
    rated("""
        direction | baseline | expected | target | value | deviation | rating | ahead
        decrease  |       45 |       25 |      5 |    21 |       0.2 | G      | yes
        decrease  |       45 |       25 |      5 |    26 |     -0.05 | AG     |
        decrease  |       45 |       25 |      5 |    29 |      -0.2 | R      |
    """)


def test_early_on_a_tenth_of_the_whole_change_counts_as_planned():
    # 1 of 40 is planned by now; the floor is 4, so one short is a quarter and not the whole.
    rated("""
        baseline | expected | target | value | deviation | rating
              60 |       61 |    100 |    60 |     -0.25 | R
               0 |        0 |     50 |    -1 |      -0.2 | R
               0 |        0 |     50 |     0 |         0 | G
    """)


def test_bands_can_be_agreed_otherwise():
    rated(
        """
        baseline | expected | target | value | deviation | rating | ahead
              60 |       80 |    100 |    78 |      -0.1 | AG     |
              60 |       80 |    100 |    76 |      -0.2 | AR     |
              60 |       80 |    100 |    81 |      0.05 | G      | yes
        """,
        amber_green=-0.1,
        amber_red=-0.2,
        ahead=0.01,
    )


def test_what_is_to_be_kept_is_rated_by_its_distance_in_its_own_unit():
    # Green to the tolerance of 2, amber-green to 3, amber-red to 4.
    rated("""
        direction | target | tolerance | value | distance | deviation | rating | reason
        maintain  |     95 |         2 |    97 |        2 |           | G      | within_tolerance
        maintain  |     95 |         2 |    92 |        3 |           | AG     | outside_tolerance
        maintain  |     95 |         2 |    99 |        4 |           | AR     | outside_tolerance
        maintain  |     95 |         2 |    90 |        5 |           | R      | outside_tolerance
        maintain  |      0 |         0 |     0 |        0 |           | G      | within_tolerance
        maintain  |      0 |         0 |     1 |        1 |           | R      | outside_tolerance
    """)


def test_a_target_that_is_the_baseline_is_one_to_be_kept_on_its_worse_side():
    rated("""
        direction | baseline | expected | target | tolerance | value | distance | rating | ahead | reason
        increase  |       95 |       95 |     95 |         2 |   120 |        0 | G      |       | within_tolerance
        increase  |       95 |       95 |     95 |         2 |    92 |        3 | AG     |       | outside_tolerance
        decrease  |       95 |       95 |     95 |         2 |    98 |        3 | AG     |       | outside_tolerance
        increase  |       95 |       95 |     95 |         0 |    95 |        0 | G      |       | within_tolerance
        increase  |       95 |       95 |     95 |         0 |    94 |        1 |        |       | no_planned_change
        increase  |        0 |        0 |      0 |         0 |    -1 |        1 |        |       | no_planned_change
    """)


def test_what_is_missing_outdated_or_contradictory_is_not_rated():
    rated("""
        direction | baseline | expected | target | reported | stale | value | deviation | rating | reason
        increase  |       60 |       80 |    100 | no       |       |       |           |        | no_observation
        increase  |       60 |       80 |    100 | yes      |       |       |           |        | value_missing
        increase  |       60 |       80 |    100 | yes      | yes   |    84 |       0.2 |        | observation_stale
        increase  |       60 |       80 |        | yes      |       |    84 |           |        | no_target
        increase  |          |       80 |    100 | yes      |       |    84 |           |        | no_baseline
        increase  |       60 |          |    100 | yes      |       |    84 |           |        | no_plan_for_period
        increase  |      100 |       80 |     60 | yes      |       |    84 |       0.2 |        | target_contradicts_direction
        maintain  |          |          |        | yes      |       |    84 |           |        | no_target
    """)


def test_a_rating_stays_where_the_figure_moved_by_common_cause_only():
    rated("""
        baseline | expected | target | value | previous_rating | common_cause | rating | held | reason
              60 |       80 |    100 |    79 | G               |            1 | G      | yes  | common_cause
              60 |       80 |    100 |    79 | G               |            0 | AG     |      | rated_amber_green
              60 |       80 |    100 |    79 | AG              |            1 | AG     |      | rated_amber_green
              60 |       80 |    100 |    80 | R               |            1 | R      | yes  | common_cause
              60 |       80 |    100 |    79 | unknown         |            1 | AG     |      | rated_amber_green
    """)


def test_a_rating_is_not_held_once_the_final_target_is_due():
    facts = facts_of(
        table("""
        baseline | expected | target | value | previous_rating
              60 |      100 |    100 |    92 | G
    """)
    )
    due = facts.assign(common_cause=True, target_on=pd.Timestamp("2024-12-31"))

    assert pmdu.four_point(due)["rating"].tolist() == ["R"]
    assert pmdu.four_point(facts.assign(common_cause=True))["rating"].tolist() == ["G"]


def test_the_rating_and_the_status_of_the_same_facts_never_contradict_each_other():
    rows = [
        (way, base, expected, target, value)
        for way in ("increase", "decrease", "maintain")
        for base in (0.0, 50.0, np.nan)
        for expected in (0.0, 40.0, 60.0, np.nan)
        for target in (0.0, 30.0, 80.0, np.nan)
        for value in (-5.0, 0.0, 39.0, 58.0, 61.0, 90.0, np.nan)
    ]
    names = ["direction", "baseline", "expected", "target", "value"]
    facts = facts_of(pd.DataFrame(rows, columns=names))
    rating = pmdu.four_point(facts)["rating"]
    status = assess_facts(facts, method="pmdu")["status"]

    allowed = {
        "achieved": {"G", "AG", "AR", "R"},  # reached, and yet the path may be beyond it
        "on_track": {"G"},
        "at_risk": {"AG", "AR"},
        "off_track": {"R"},
        "not_judged": {""},
    }
    pairs = pd.DataFrame({"status": status, "rating": rating}).drop_duplicates()
    assert [
        pair for pair in pairs.itertuples() if pair.rating not in allowed[pair.status]
    ] == []
    assert set(pairs["status"]) == set(allowed)
