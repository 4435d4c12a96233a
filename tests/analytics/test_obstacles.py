"""The log of problems: open or solved, for how long, and at which level."""

import pytest

from delivery_analytics.analytics import obstacles
from delivery_analytics.errors import DefinitionError
from tests.support.tables import dataset, registry, same

LOG = """
    obstacle_id | level    | raised_on  | resolved_on
    a           | working  | 2024-12-01 |
    b           | centre   | 2025-01-20 |
    c           | ministry | 2024-11-01 | 2024-11-11
    d           | ministry | 2024-11-01 | 2025-02-28
    e           | working  |            |
    f           | working  | 2025-02-10 |
"""


def log(as_of="2025-01-31"):
    return obstacles.log(dataset(as_of, registry=registry(), obstacles=LOG))


def test_open_ones_come_first_the_highest_level_before_all_then_the_longest():
    same(
        log()[["obstacle_id", "days_open"]].assign(
            still=log()["open"].map({True: "y", False: "n"})
        ),
        """
        obstacle_id | days_open | still
        b           |        11 | y
        d           |        91 | y
        a           |        61 | y
        e           |           | y
        f           |           | y
        c           |        10 | n
        """,
    )


def test_each_level_says_how_many_are_open_how_long_and_solved():
    same(
        obstacles.by_level(log()).rename(columns={"open": "unsolved"}),
        """
        level    | unsolved | solved | median_days_open
        working  |        3 |      0 |               61
        ministry |        1 |      1 |               91
        centre   |        1 |      0 |               11
        """,
    )


def test_without_a_day_nothing_is_said():
    with pytest.raises(DefinitionError, match="day first"):
        log(as_of=None)
