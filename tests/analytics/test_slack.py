"""Figures that are equal on paper are equal everywhere they meet a target, a plan or a bound."""

import pandas as pd
import pytest

from delivery_analytics import charts
from delivery_analytics.analytics import action_paths, challenges, forecast_record, quality
from delivery_analytics.methods.drift_echo import Foretold
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

BINARY = 0.1 + 0.2  # 0.30000000000000004
EN = open_wording("en")


@pytest.mark.parametrize(("value", "target"), [(BINARY, 0.3), (0.3, BINARY)])
@pytest.mark.parametrize("direction", ["increase", "decrease"])
def test_what_is_planned_to_be_the_target_leaves_nothing_uncovered_and_nothing_to_spare(
    value, target, direction
):
    key = {"indicator_id": ["births"], "region_id": ["KZ"]}
    path = pd.DataFrame({**key, "on": pd.to_datetime(["2025-12-31"]), "value": [value]})
    aim = pd.DataFrame(
        {**key, "due_on": path["on"], "value": [target], "direction": [direction]}
    )

    found = action_paths.gap(path, aim).iloc[0]

    assert (found["not_covered"], found["margin"]) == (0.0, 0.0)


@pytest.mark.parametrize("direction", ["increase", "decrease"])
def test_a_challenge_that_ends_at_its_goal_is_met(direction):
    declared = pd.DataFrame(
        {
            "challenge_id": ["permits"],
            "start_on": pd.to_datetime(["2024-01-01"]),
            "base": [0.3],
            "target": [BINARY],
            "direction": [direction],
        }
    )
    results = pd.DataFrame(
        {"challenge_id": ["permits"], "date": pd.to_datetime(["2024-04-01"]), "value": [0.3]}
    ).assign(day=92)

    found = challenges.standing(declared, results, as_of=pd.Timestamp("2024-12-31").date())

    assert found["status"].tolist() == ["met"]


def test_a_figure_that_came_to_what_was_asked_came():
    tried = pd.DataFrame(
        {
            "series": [0], "figures": [4], "horizon": [1], "actual": [0.3], "mean": [0.2],
            "spread": [0.1], "free": [3], "plain_spread": [0.1], "last": [0.2], "usual": [0.1],
            "withheld": [""],
        }
    )  # fmt: skip

    assert forecast_record.asked(tried, levels=[pd.Series([BINARY])])["came"].tolist() == [1.0]


def test_a_target_at_the_natural_end_can_be_reached():
    assert Foretold(99.0, 1.0, free=4, high=0.3).chance(BINARY, sign=1) > 0


def test_a_figure_at_the_end_of_what_is_plausible_is_not_beyond_it():
    known = registry("indicator_id | low | high\n health.births | 0 | 0.3")
    figures = f"indicator_id | period | value\n health.births | 2024 | {BINARY!r}"

    assert quality.implausible(
        dataset("2025-01-31", registry=known, observations=figures)
    ).empty


def test_spending_that_is_its_plan_is_not_beyond_it():
    spent = f"line_id | period | plan | actual\n H-1 | 2024 | {0.3e9!r} | {BINARY * 1e9!r}"
    data = dataset("2025-01-31", registry=registry(), spending=spent)

    assert "beyond its plan" not in charts.spending_waterfall(data, EN).title
