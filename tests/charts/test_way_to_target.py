"""How far on its way an indicator is, worked by hand."""

import pytest

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.tables import dataset


def test_the_way_to_the_target_is_a_share_of_the_whole_way(en):
    data = dataset(
        "2025-01-31",
        registry=KNOWN,
        observations="indicator_id | period | value\n health.births | 2024 | 70\n"
        " health.mortality | 2024 | 20",
        targets="""
            indicator_id     | due_on     | kind     | value
            health.births    | 2023-12-31 | baseline |    60
            health.births    | 2025-12-31 | final    |   100
            health.mortality | 2023-12-31 | baseline |    16
            health.mortality | 2025-12-31 | final    |     8
        """,
    )
    figure = charts.way_to_target(data, en)

    table = figure.table.set_index("name")
    # The worst first, as every list has it.
    assert table["done"].tolist() == [-50, 25]
    assert table.loc["health.births", "planned"] == pytest.approx(100 * 366 / 731)
    assert figure.title.startswith("0 of 2 indicators")
