"""The steps from plan to spending, worked by hand."""

import pytest

from delivery_analytics import charts
from delivery_analytics.wording.wording import open_wording
from tests.charts.conftest import KNOWN
from tests.support.charted import drawn
from tests.support.tables import dataset


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("chart", ["spending_waterfall", "spending_bars", "spending_line"])
def test_where_nothing_was_spent_no_currency_is_named_and_no_comma_is_left(chart, language):
    data = dataset("2024-12-31", registry=KNOWN)

    figure = getattr(charts, chart)(data, open_wording(language))

    assert figure.subtitle
    assert not figure.subtitle.strip().endswith((",", "{unit}"))


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
    assert figure.title == "₸260 spent of ₸300 planned; sectors above their plan: 1 of 2"


def test_what_is_left_is_told_in_its_own_scale_on_a_slide_too(en):
    # Of trillions planned, millions are left: "0.00" would say that nothing is. Office programs
    # have no such steps, so a slide shows the picture.
    spent = """
        sector_id | line_id | period  | plan          | actual        | cumulative
        health    | h1      | 2024-02 | 4000000000000 | 3999400000000 | yes
        education | e1      | 2024-02 | 1000000000000 |  999980000000 | yes
    """
    figure = charts.spending_waterfall(
        dataset("2024-12-31", registry=KNOWN, spending=spent), en
    )

    assert figure.native is None
    shown = dict(drawn(figure, "name", "shown"))
    assert shown["health"] == "−₸600.0\u00a0m"
    assert shown["education"] == "−₸20.00\u00a0m"
