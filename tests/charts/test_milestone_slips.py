"""How far milestones slipped, worked by hand."""

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.charted import drawn
from tests.support.tables import dataset

MILESTONES = """
    milestone_id | reported_on | title  | owner | due_on     | expected_on
    m1           | 2024-01-01  | Bridge | MoT   | 2024-04-10 | 2024-04-10
    m1           | 2024-02-01  | Bridge | MoT   | 2024-04-10 | 2024-05-10
    m2           | 2024-01-01  | Road   | MoT   | 2024-06-30 | 2024-06-30
    m2           | 2024-02-01  | Road   | MoT   | 2024-06-30 | 2024-06-30
"""


def test_slips_are_counted_from_the_first_promise(en):
    history = dataset(registry=KNOWN, milestones=MILESTONES).learned_by("2025-01-31")
    figure = charts.milestone_slips(history, en)

    assert figure.title == "Slipped: 1 milestone, most of all by 30 days: Bridge"
    assert sorted(drawn(figure, "name", "slip_days")) == [("Bridge", 0), ("Bridge", 30)]
    assert figure.table["slip_days"].tolist() == [30, 0]


def test_where_the_reports_carry_no_date_the_table_says_so(en):
    history = dataset(registry=KNOWN, milestones=MILESTONES).learned_by("2024-05-31")
    table = charts.milestone_slips(history, en).table.set_index("title")

    assert table["said"].to_dict() == {
        "Bridge": "forecast not renewed", "Road": "not enough reports",
    }  # fmt: skip
    assert table["trend_on"].isna().all()
