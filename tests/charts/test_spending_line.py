from delivery_analytics import charts
from delivery_analytics.analytics import spending
from tests.support.charted import drawn


def test_the_plan_of_lines_reported_is_drawn_where_others_are_silent(data, en):
    figure = charts.spending_line(data, en, monthly=spending.monthly(data))

    assert drawn(figure, "label", "series", "amount") == [
        ("Jan 2024", "Plan", 190),
        ("Feb 2024", "Plan", 450),
        ("Jan 2024", "Plan of the lines reported", 150),
        ("Feb 2024", "Plan of the lines reported", 300),
        ("Jan 2024", "Spent", 140),
        ("Feb 2024", "Spent", 260),
    ]
    assert "Spending is reported for 2 of 4 budget lines" in figure.footnote
    assert "86.7" in figure.title
