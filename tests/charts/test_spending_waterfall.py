"""The steps from plan to spending, worked by hand."""

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.charted import drawn
from tests.support.tables import dataset


def test_the_steps_from_plan_to_spending_add_up(en):
    spent = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | h1      | 2024-02 |  200 |    150 | yes
        education | e1      | 2024-02 |  100 |    110 | yes
        energy    | x1      | 2024-02 |   70 |        | yes
    """
    data = dataset("2024-12-31", registry=KNOWN, spending=spent)
    figure = charts.spending_waterfall(data, en)

    steps = {name: (start, end) for name, start, end in drawn(figure, "name", "start", "end")}
    assert steps["health"] == (300, 250)
    assert steps["education"] == (250, 260)
    assert steps["Spent"][1] == 260
    assert "energy" not in steps  # it did not report, and is not a saving
    # What one sector saved is more than the whole, because another spent beyond its plan.
    assert figure.title == "₸260 is spent of ₸300 planned; beyond its plan: 1 of 2 sectors"
