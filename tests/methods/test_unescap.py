"""UNESCAP's anticipated progress: a line on which recent years weigh more."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import unescap
from tests.support.tables import table


def anticipated(drawn, *, base=0.0, target=20.0, direction="increase", year=2030):
    history = table(drawn).assign(indicator_id="i", region_id="KZ")
    goal = pd.DataFrame(
        {
            "indicator_id": ["i"],
            "region_id": "KZ",
            "baseline_value": base,
            "target_value": target,
            "target_year": year,
            "direction": direction,
        }
    )
    return unescap.anticipated(history, goal).iloc[0]


def test_a_straight_line_is_continued_whatever_its_years_weigh():
    row = anticipated("year | value\n 2020 | 0\n 2021 | 1\n 2022 | 2")

    assert (row["predicted"], row["gap"], row["anticipated"]) == (
        pytest.approx(10), pytest.approx(0.5), "accelerate",
    )  # fmt: skip


def test_recent_years_weigh_more():
    # Weights 1 2 3 of 2020 2021 2022 at 0 0 3: means 2021 1/3 and 1.5; xx = 16/9 + 2/9 + 12/9
    # = 10/3; xy = (-4/3)(-1.5) + 2(-1/3)(-1.5) + 3(2/3)(1.5) = 6; slope 1.8.
    row = anticipated("year | value\n 2020 | 0\n 2021 | 0\n 2022 | 3")

    assert row["predicted"] == pytest.approx(1.5 + 1.8 * (2030 - 2021 - 1 / 3))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (10, "maintain"),
        (9, "maintain"),
        (11, "maintain"),
        (12, "accelerate"),
        (20, "accelerate"),
    ],
)
def test_a_gap_of_a_tenth_of_the_way_counts_as_none(target, name):
    row = anticipated("year | value\n 2020 | 0\n 2021 | 1\n 2022 | 2", target=target)

    assert row["anticipated"] == name


def test_what_moves_the_wrong_way_is_to_be_reversed():
    row = anticipated("year | value\n 2020 | 0\n 2021 | -1\n 2022 | -2")

    assert (row["gap"], row["anticipated"]) == (pytest.approx(1.5), "reverse")


def test_a_falling_indicator_reads_the_same():
    row = anticipated(
        "year | value\n 2020 | 30\n 2021 | 29\n 2022 | 28",
        base=30,
        target=20,
        direction="decrease",
    )

    assert (row["predicted"], row["gap"], row["anticipated"]) == (
        pytest.approx(20),
        0,
        "maintain",
    )


@pytest.mark.parametrize(
    ("drawn", "options"),
    [
        ("year | value\n 2024 | 5", {}),
        ("year | value\n 2024 |", {}),
        ("year | value\n 2023 | 4\n 2024 | 5", {"base": 20.0}),
        ("year | value\n 2023 | 4\n 2024 | 5", {"direction": "maintain"}),
        ("year | value\n 2023 | 4\n 2024 | 5", {"target": np.nan}),
    ],
)
def test_too_few_figures_or_no_planned_way_is_not_available(drawn, options):
    row = anticipated(drawn, **options)

    assert row["anticipated"] == "not_available"
    assert np.isnan(row["gap"])


def test_a_constant_series_stays_where_it_is():
    row = anticipated("year | value\n 2020 | 5\n 2021 | 5\n 2022 | 5")

    assert (row["predicted"], row["gap"]) == (5, pytest.approx(0.75))


def test_two_figures_for_a_year_are_refused():
    with pytest.raises(DefinitionError, match="two figures for a year"):
        anticipated("year | value\n 2024 | 1\n 2024 | 2")
