"""Eurostat's two windows: growth a year, against what the target needs or by itself."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import eurostat
from tests.support.tables import table


def progress(drawn, *, direction="increase", target=np.nan, year=np.nan, windows=(5,)):
    history = table(drawn).assign(indicator_id="i", region_id="KZ")
    goals = pd.DataFrame(
        {
            "indicator_id": ["i"],
            "region_id": "KZ",
            "direction": direction,
            "target_value": target,
            "target_year": year,
        }
    )
    return eurostat.window_progress(history, goals, windows=windows)


@pytest.mark.parametrize(
    ("last", "direction", "group"),
    [
        (100 * 1.02**5, "increase", "significant"),
        (100 * 1.01**5, "increase", "significant"),
        (100 * 1.005**5, "increase", "moderate"),
        (100, "increase", "moderate"),
        (100 * 0.995**5, "increase", "moderate_away"),
        (100 * 0.98**5, "increase", "away"),
        (100 * 0.98**5, "decrease", "significant"),
        (100 * 1.02**5, "decrease", "away"),
    ],
)
def test_without_a_target_one_per_cent_a_year_is_significant(last, direction, group):
    found = progress(f"year | value\n 2019 | 100\n 2024 | {last!r}", direction=direction)

    assert found["group"].tolist() == [group]
    assert found["ratio"].isna().all()


@pytest.mark.parametrize(
    ("last", "group", "ratio"),
    [
        (110, "significant", 1.0),
        (107, "moderate", None),
        (103, "insufficient", None),
        (99, "away", None),
    ],
)
def test_with_a_target_growth_is_compared_with_what_the_target_needs(last, group, ratio):
    # 100 to 121 in ten years asks for 10 % in five.
    found = progress(f"year | value\n 2019 | 100\n 2024 | {last}", target=121, year=2029)

    assert found["group"].tolist() == [group]
    if ratio:
        assert found["ratio"].iloc[0] == pytest.approx(ratio)


def test_each_window_begins_with_a_figure_of_its_very_year_or_is_not_available():
    found = progress("year | value\n 2010 | 50\n 2019 | 100\n 2024 | 110", windows=(5, 15))

    assert found["group"].tolist() == ["significant", "not_available"]
    assert found["first_year"].tolist() == [2019, 2009]


@pytest.mark.parametrize(("first", "last"), [(0, 10), (10, -10), (0, 0)])
def test_nothing_is_said_of_a_base_of_nothing_or_a_change_of_sign(first, last):
    found = progress(f"year | value\n 2019 | {first}\n 2024 | {last}")

    assert found["group"].tolist() == ["not_available"]
    assert not np.isinf(found["growth"]).any()


def test_a_target_equal_to_the_base_asks_for_nothing_and_is_not_judged():
    found = progress("year | value\n 2019 | 100\n 2024 | 110", target=100, year=2029)

    assert found["group"].tolist() == ["not_available"]


def test_without_a_figure_there_is_a_row_that_says_so():
    found = progress("year | value\n 2024 |")

    assert found["group"].tolist() == ["not_available"]


def test_two_figures_for_a_year_are_refused():
    with pytest.raises(DefinitionError, match="two figures for a year"):
        progress("year | value\n 2024 | 1\n 2024 | 2")
