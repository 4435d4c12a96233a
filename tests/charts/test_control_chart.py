"""Whether a figure moved by more than it always does, worked by hand."""

from itertools import pairwise

import pytest

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.tables import dataset


def births(*values, first=2013):
    return "indicator_id | region_id | period | value\n" + "\n".join(
        f"health.births | KZ | {first + n} | {value}" for n, value in enumerate(values)
    )


def test_a_control_chart_says_what_the_last_figure_signals_and_where_the_limits_are(en):
    # Ranges of 1, 3, 2, 2 in turn, and 20 at the end: that one is screened out of the limits.
    figures = (50, 51, 54, 52, 50, 51, 54, 52, 50, 51, 54, 74)
    data = dataset("2025-01-31", registry=KNOWN, observations=births(*figures))
    figure = charts.control_chart(data, "health.births", en)

    assert figure.title == "health.births: 74.0% for 2024, better than usual"
    last = figure.table.iloc[-1]
    mean = sum(figures) / len(figures)
    ranges = [abs(b - a) for a, b in pairwise(figures[:-1])]
    assert last["mean"] == pytest.approx(mean)
    assert last["upper"] == pytest.approx(mean + 2.66 * sum(ranges) / len(ranges))
    assert "Provisional: fewer than 13 figures" in figure.footnote
    assert figure.native is not None
    assert [one.name for one in figure.native.series] == [
        "Observed", "Mean", "Lower limit", "Upper limit",
    ]  # fmt: skip


def test_a_constant_series_has_no_limits_and_the_title_says_so(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=births(*[50] * 12))
    figure = charts.control_chart(data, "health.births", en)

    assert figure.title.endswith("not judged: its changes are too much alike")
    assert figure.table["upper"].isna().all()


def test_a_yearly_series_that_trends_is_drawn_without_limits_and_the_title_says_so(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=births(*range(50, 62)))
    figure = charts.control_chart(data, "health.births", en)

    assert figure.title.endswith("for 2024, not judged: the figures follow a trend")
    assert figure.table[["lower", "upper"]].isna().all(axis=None)
    assert figure.native is not None
    assert [one.name for one in figure.native.series] == ["Observed"]
