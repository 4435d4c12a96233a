"""No sentence that a block or a chart makes contradicts the figures it stands beside."""

import dataclasses

import pandas as pd
import pytest

from delivery_analytics import blocks, charts
from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks import regions
from delivery_analytics.briefing.brief import brief
from delivery_analytics.model.registry import Region
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, rows

EN = open_wording("en")
ONE = "indicator_id | direction\n health.births | increase"


def world(indicators=ONE, **tables):
    return dataset("2025-01-31", registry=registry(indicators), **tables)


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        # Of five one is done and one overdue of the three that were due; two are to come.
        (
            """
            late  | 2024-06-30 |            |            |
            done  | 2024-06-30 | 2024-06-01 |            |
            tardy | 2024-06-30 | 2024-09-01 |            |
            slips | 2025-06-30 |            | 2025-12-31 |
            some  |            |            |            |
            """,
            "Milestones overdue: 1 of 3 due by now.",
        ),
        ("later | 2025-06-30 | | |", ""),
        ("", ""),
    ],
)
def test_overdue_milestones_are_counted_among_those_due_by_now(drawn, said):
    head = "milestone_id | due_on | completed_on | expected_on | title"
    data = world(milestones=f"{head}\n{drawn}") if drawn else world()

    found = brief(data, EN).standfirst

    assert ("Milestones" in found) == bool(said)
    assert said in found


def test_that_nothing_is_urgent_is_not_said_to_be_that_nothing_is_recorded():
    later = "milestone_id | due_on | title\n later | 2026-06-30 | Later"

    assert (
        "recorded" not in blocks.milestones(world(milestones=later), EN, urgent=True).empty_text
    )
    assert "recorded" in blocks.milestones(world(), EN, urgent=True).empty_text


@pytest.mark.parametrize("block", [blocks.league, blocks.ratings])
def test_judgements_that_rate_no_priority_are_not_said_not_to_be_there(block):
    other = """
        subject_id | as_of      | assessor | dimension  | rating
        health     | 2024-12-31 | A        | confidence | AR
        education  | 2024-12-31 | A        | confidence | G
    """

    assert block(world(judgements=other), EN).empty_text.startswith("Ratings known: 2;")
    assert block(world(), EN).empty_text == "There are no assessor ratings."


def behind(**figures):
    row = {"period": "2024", "status": "off_track", "reason": "below_trajectory", **figures}
    text = (
        " | ".join(["indicator_id", *row])
        + "\n"
        + " | ".join(["health.births", *map(str, row.values())])
    )
    return rows("assessments", text)


@pytest.mark.parametrize(
    ("direction", "figures", "short"),
    [
        ("increase", {"value": 7, "expected_value": 9, "target_value": 12}, 2),
        # Seen: "short by −22,363", of which less was better.
        (
            "decrease",
            {"value": 44_141, "expected_value": 21_778, "target_value": 20_000},
            22_363,
        ),
        # On the path to a later promise, and short of the one that is due.
        ("increase", {"value": 10, "expected_value": 9, "target_value": 12}, 2),
        ("maintain", {"value": 7.5, "expected_value": 8, "target_value": 8}, 0.5),
        ("increase", {"value": 13, "expected_value": 9, "target_value": 12}, None),
    ],
)
def test_what_is_short_is_told_above_zero_and_a_surplus_is_no_shortfall(
    direction, figures, short
):
    data = world(f"indicator_id | direction\n health.births | {direction}")

    [found] = blocks.deviations(data, behind(**figures), EN).frame["short"]

    assert found == short or (short is None and pd.isna(found))


def test_that_nothing_is_behind_is_not_said_where_nothing_could_be_judged():
    data = world()

    assert (
        blocks.deviations(data, assess(data), EN).empty_text == "No indicator could be judged."
    )
    assert blocks.unanswered(data, assess(data), EN).empty_text == "No target has been agreed."


def test_that_no_instruction_is_overdue_is_not_said_where_there_is_none():
    given = "instruction_id | due_on | due_on_original | control\n a | 2025-06-30 | 2025-06-30 | ordinary"

    for data, said in ((world(), False), (world(instructions=given), True)):
        texts = [
            blocks.control_ageing(data, EN).empty_text,
            charts.instructions_ageing(data, EN).title,
        ]
        assert ["is overdue" in text for text in texts] == [said, said]


def test_spending_of_regions_alone_is_not_said_to_be_none():
    spent = "line_id | region_id | period | plan | actual\n H-1 | KZ-10 | 2024 | 5 | 4"

    assert "as a whole" in blocks.spending(world(spending=spent), EN).empty_text
    assert (
        blocks.spending(world(), EN).empty_text
        == "No spending reported within the scope of this report."
    )


def test_what_was_spent_beyond_the_plan_is_not_said_to_be_left():
    spent = """
        sector_id | line_id | period | plan | actual
        health    | H-1     | 2024   | 1000 |   1400
        education | E-1     | 2024   | 1000 |    900
    """
    title = charts.spending_waterfall(world(spending=spent), EN).title

    assert title == "₸2,300 spent of ₸2,000 planned; sectors above their plan: 1 of 2"


def test_the_places_at_either_end_say_among_how_many_they_were_looked_for():
    known = registry(
        "indicator_id | direction\n health.births | increase\n health.beds | increase"
    )
    many = {f"KZ-{n}": Region(f"KZ-{n}", "oblast", {"en": f"{n}"}) for n in range(10, 22)}
    known = dataclasses.replace(known, regions={"KZ": known.regions["KZ"], **many})
    figures = "".join(f"health.births | {name} | 2024 | {n}\n" for n, name in enumerate(many))
    few = "health.beds | KZ-10 | 2024 | 5\nhealth.beds | KZ-11 | 2024 | 6\n"
    data = dataset(
        "2025-01-31",
        registry=known,
        observations=f"indicator_id | region_id | period | value\n{figures}{few}",
    )

    found = regions.places(data, assess(data), region_id="KZ-10")

    assert found["last"].sum() == 1
    assert found["first"].sum() == 0
