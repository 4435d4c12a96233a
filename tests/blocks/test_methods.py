"""One figure judged by every method, and why the methods disagree."""

import pytest

from delivery_analytics import blocks
from delivery_analytics.blocks.methods import _explained as explained
from delivery_analytics.methods import METHODS
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

WORDS = open_wording("en")


def data():
    # 75 of 60 to 80 by now: three quarters of the change, 94 per cent of the level.
    return dataset(
        "2025-01-31",
        registry=registry(
            "indicator_id | direction\n health.births | increase\n health.beds |"
        ),
        observations="indicator_id | period | value\n health.births | 2024 | 75",
        targets="""
            indicator_id  | due_on     | kind     | value
            health.births | 2019-12-31 | baseline |    60
            health.births | 2024-12-31 | interim  |    80
            health.births | 2029-12-31 | final    |   100
        """,
    )


def test_each_method_judges_the_same_figure_in_its_own_way():
    rows = blocks.by_method(data()).set_index("indicator_id")

    assert rows.loc["health.births", list(METHODS)].to_dict() == {
        "share_of_planned_change": "off_track",  # 0.75, and 0.85 is asked for at least
        "kz_plan_execution": "at_risk",  # 93.75 per cent
        "pmdu": "off_track",  # a quarter of the planned change short
        "pemandu_1": "on_track",  # green from 90
        "pemandu_2": "on_track",
        "pemandu_3": "on_track",
        # (75/60)^(1/5) - 1 = 4.56 % a year of the 5.24 % that the target needs: 0.87
        "open_sdg": "at_risk",
    }
    assert set(rows.loc["health.beds", list(METHODS)]) == {"not_judged"}


def test_the_table_explains_the_disagreement_in_sentences():
    frame = blocks.side_by_side(data(), WORDS).frame.set_index("indicator_id")

    said = frame.loc["health.births", "why"]
    assert "compare the figure with the level in the plan" in said
    assert "a score is green from 90 per cent" in said
    assert "yearly growth towards the final target" in said
    assert frame.loc["health.beds", "why"] == "No method applies."


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ({"pmdu": "on_track", "pemandu_2": "achieved"}, "All methods that apply agree."),
        ({"pmdu": "not_judged", "pemandu_2": "off_track"}, "All methods that apply agree."),
        (
            {"pmdu": "at_risk", "share_of_planned_change": "on_track"},
            "Four points allows nothing below the trajectory.",
        ),
    ],
)
def test_agreement_and_a_single_difference_are_said_shortly(statuses, said):
    assert explained(statuses, WORDS) == said


def test_methods_are_counted_and_never_averaged():
    frame = blocks.method_counts(data(), WORDS).frame

    counts = frame.drop(columns="method")
    assert (counts.sum(axis=1) == 2).all()
    assert len(frame) == len(METHODS)
