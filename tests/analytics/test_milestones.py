import pandas as pd
import pytest

from delivery_analytics import blocks, charts
from delivery_analytics.analytics import milestones
from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, same

DRAWN = """
    milestone_id | due_on     | expected_on | completed_on
    early        | 2024-03-01 |             | 2024-02-20
    on_the_day   | 2024-03-01 |             | 2024-03-01
    done_late    | 2024-03-01 | 2024-03-20  | 2024-03-11
    overdue      | 2024-06-20 |             |
    overdue_more | 2024-05-31 | 2024-12-31  |
    today        | 2024-06-30 |             |
    slipping     | 2024-08-01 | 2024-09-01  |
    slip_far_off | 2025-08-01 | 2025-08-04  |
    due_soon     | 2024-09-28 | 2024-09-20  |
    not_so_soon  | 2024-09-29 |             |
    no_day       |            | 2024-09-01  |
    done_no_day  |            |             | 2024-01-01
"""


def late(drawn=DRAWN, as_of="2024-06-30", **kwargs):
    data = dataset(as_of, registry=registry(), milestones=drawn)
    return milestones.late(data, **kwargs)


def test_each_milestone_has_a_state_and_the_most_urgent_come_first():
    # 2024-06-30 is 30 days after 2024-05-31 and 10 after 2024-06-20; 90 days on is 09-28.
    same(
        late(),
        """
        milestone_id | state         | delay_days
        overdue_more | overdue       |         30
        overdue      | overdue       |         10
        slipping     | forecast_late |         31
        slip_far_off | forecast_late |          3
        due_soon     | due           |         -8
        today        | due           |
        not_so_soon  | upcoming      |
        no_day       | undated       |
        done_late    | done_late     |         10
        on_the_day   | done          |          0
        early        | done          |        -10
        done_no_day  | done          |
        """,
    )


def test_what_is_due_soon_can_be_agreed_otherwise():
    states = late(within_days=91).set_index("milestone_id")["state"]

    assert states["not_so_soon"] == "due"


def test_a_completion_dated_after_the_day_is_not_done_yet():
    drawn = """
        milestone_id | reported_on | due_on     | expected_on | completed_on
        promised     | 2024-06-01  | 2024-06-15 |             | 2024-07-15
    """

    same(late(drawn), "state | delay_days\n overdue | 15")
    same(late(drawn, as_of="2024-07-15"), "state | delay_days\n done_late | 30")


def test_the_last_report_known_that_day_counts():
    drawn = """
        milestone_id | reported_on | due_on     | expected_on | completed_on
        school       | 2024-01-15  | 2024-08-01 | 2024-09-01  |
        school       | 2024-04-15  | 2024-08-01 | 2024-10-01  |
        school       | 2024-07-15  | 2024-08-01 |             | 2024-07-10
    """

    assert late(drawn, as_of="2024-03-01")["delay_days"].tolist() == [31]
    assert late(drawn, as_of="2024-06-30")["delay_days"].tolist() == [61]
    assert late(drawn, as_of="2024-07-15")["state"].tolist() == ["done"]


def test_without_a_day_nothing_is_late():
    with pytest.raises(DefinitionError, match="known_on"):
        milestones.late(dataset(registry=registry(), milestones=DRAWN))


def test_without_milestones_the_table_is_empty_with_its_columns():
    table = milestones.late(dataset("2024-06-30", registry=registry()))

    assert table.empty
    assert list(table)[-2:] == ["state", "delay_days"]


def test_the_input_is_left_alone():
    data = dataset("2024-06-30", registry=registry(), milestones=DRAWN)
    before = data.milestones.copy()

    milestones.late(data)

    pd.testing.assert_frame_equal(data.milestones, before)


def test_a_day_expected_that_has_passed_is_a_forecast_not_renewed():
    data = dataset("2024-09-25", registry=registry(), milestones=DRAWN)
    rows = milestones.late(data).set_index("milestone_id")

    assert sorted(rows.index[rows["not_renewed"]]) == ["due_soon", "no_day", "slipping"]
    shown = blocks.milestones(data, open_wording("en")).frame.set_index("milestone_id")
    assert shown["state_name"]["slipping"] == "overdue, forecast not renewed"
    assert shown["state_name"]["overdue_more"] == "overdue"
    timeline = charts.milestones_timeline(data, open_wording("en")).table
    assert timeline["said"].str.endswith("forecast not renewed").sum() == 3
