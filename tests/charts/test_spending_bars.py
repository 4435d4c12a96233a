from delivery_analytics import charts
from delivery_analytics.analytics import spending
from tests.support.charted import drawn, spec


def test_spending_is_compared_with_the_plan_of_the_same_lines(data, en):
    figure = charts.spending_bars(data, en)

    # 150 of 200 and 110 of 100: 260 of 300.
    assert figure.title == "86.7% of the plan spent; lowest: health, 75.0%"
    assert drawn(figure, "name", "plan", "actual", "percent") == [
        ("health", 200, 150, "75.0%"),
        ("education", 100, 110, "110.0%"),
    ]
    assert "Nothing reported: energy" in figure.footnote
    assert "2 of 4 budget lines" in figure.footnote


def test_bars_of_money_stand_on_zero(data, en):
    figure = charts.spending_bars(data, en)
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec(figure)["layer"]
        if layer["mark"]["type"] == "bar"
    ]

    assert {low for low, _ in domains} == {0}


def test_trillions_are_drawn_and_named_as_such(data, en):
    large = spending.execution(data).assign(plan=2.5e12, actual=1.25e12)

    figure = charts.spending_bars(data, en, execution=large)

    assert {plan for (plan,) in drawn(figure, "plan")} == {2.5}
    assert figure.native.axis_title == "KZT, trillion"
