"""Rows gathered column by column become one table."""

from datetime import date, datetime

import numpy as np
import pandas as pd

from delivery_analytics.loading.columns import Columns, as_table, moments
from delivery_analytics.spreadsheets.grid import Grid


def rows(**held):
    return Columns(2, held)


def test_parts_follow_one_another_and_a_single_value_is_that_of_all_rows():
    first = rows(name=["a", "b"], value=np.array([1.0, np.nan]), source="s1")
    second = rows(name=["c", None], value=np.array([3.0, 4.0]), source="s2")

    table = as_table([first, second])

    assert table["name"].tolist()[:3] == ["a", "b", "c"]
    assert table["name"].isna().tolist() == [False, False, False, True]
    assert table["value"].fillna(-1).tolist() == [1.0, -1.0, 3.0, 4.0]
    assert table["source"].tolist() == ["s1", "s1", "s2", "s2"]


def test_parts_of_other_columns_and_tables_of_an_earlier_load_keep_their_place():
    earlier = pd.DataFrame({"name": ["x"], "value": [9.0]}, index=[7])
    parts = [rows(name=["a", "b"]), earlier, rows(name=["c", "d"], beside=True)]

    table = as_table(parts)

    assert table.index.tolist() == [0, 1, 2, 3, 4]
    assert table["name"].tolist() == ["a", "b", "x", "c", "d"]
    assert table["value"].isna().tolist() == [True, True, False, True, True]
    assert (table["beside"] == True).tolist() == [False, False, False, True, True]  # noqa: E712


def test_rows_are_taken_in_the_order_asked_for():
    part = Columns(3, {"name": ["a", "b", "c"], "value": np.arange(3.0), "kind": "k"})
    taken = part.take([2, 0])

    assert (taken["name"], taken["value"].tolist()) == (["c", "a"], [2.0, 0.0])
    assert taken["kind"] == ["k", "k"]
    assert part.take([]).rows == 0


def test_days_moments_and_none_become_an_array_of_one_kind():
    found = moments([date(2024, 2, 29), None, datetime(2024, 2, 29, 12), date(2, 1, 1)])

    assert found.dtype == "datetime64[us]"
    assert np.isnat(found).tolist() == [False, True, False, False]
    assert found[0] == np.datetime64("2024-02-29")
    assert found[2] == np.datetime64("2024-02-29T12:00")
    assert found[3] == np.datetime64("0002-01-01")


def test_a_merged_range_covers_cells_of_the_grid_alone():
    cells = [["a", None, None], [None, None, None]]
    grid = Grid("f.xlsx", "S", cells, merged=((0, 0, 1_048_575, 1), (0, 2, 0, 2)))

    assert grid.covered() == {(0, 1): (0, 0), (1, 0): (0, 0), (1, 1): (0, 0)}


def test_ranges_that_overlap_end_after_as_many_cells_as_there_are():
    grid = Grid("f.xlsx", "S", [[None] * 10] * 10, merged=((0, 0, 9, 9),) * 1_000)

    assert len(grid.covered()) == 99
