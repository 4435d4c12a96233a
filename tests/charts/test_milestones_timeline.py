from delivery_analytics import charts
from tests.support.charted import drawn


def test_a_delay_is_a_line_from_the_day_promised(data, en):
    figure = charts.milestones_timeline(data, en)
    lines = drawn(figure, "row", "since", "until")

    assert lines == [
        ("Build clinic", "2024-12-01T00:00:00", "2025-06-01T00:00:00"),
        ("Open school", "2025-03-01T00:00:00", "2025-05-01T00:00:00"),
        ("Train nurses", "2024-06-30T00:00:00", "2024-06-20T00:00:00"),
    ]
    assert figure.title == "4 milestones: overdue 1, expected late 1, done 1"


def test_a_milestone_without_any_day_is_in_the_table_only(data, en):
    figure = charts.milestones_timeline(data, en)

    assert "No day at all" in figure.table["title"].tolist()
    assert "1 more in the table only" in figure.footnote
