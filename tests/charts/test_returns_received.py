from delivery_analytics import charts
from tests.support.charted import drawn


def test_returns_count_indicators_with_a_figure(data, en):
    figure = charts.returns_received(data, en)

    assert figure.title == (
        "3 of 5 indicators reported; nothing received from: education, energy and silent"
    )
    assert drawn(figure, "name", "reported", "all") == [("health", 3, 4), ("education", 0, 1)]
