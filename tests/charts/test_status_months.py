"""Statuses at the end of each month, worked by hand."""

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.tables import dataset


def test_every_month_is_judged_with_what_was_known_at_its_end(en):
    reported = """
        indicator_id  | period | value | reported_on
        health.births | 2023   |    70 | 2024-11-15
        health.births | 2023   |    50 | 2024-12-15
    """
    targets = """
        indicator_id  | due_on     | kind     | value | set_on
        health.births | 2022-12-31 | baseline |    60 | 2023-01-01
        health.births | 2025-12-31 | final    |    90 | 2023-01-01
    """
    history = dataset(registry=KNOWN, observations=reported, targets=targets)
    figure = charts.status_months(history.learned_by("2025-01-31"), en, months=4)

    births = figure.table[figure.table["sector"] == "health"]
    assert births["period"].tolist() == ["2024-10", "2024-11", "2024-12", "2025-01"]
    assert births["judged"].tolist() == [0, 1, 1, 1]
    assert births["good"].tolist() == [0, 1, 0, 0]
