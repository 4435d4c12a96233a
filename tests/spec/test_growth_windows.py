"""Progress (Eurostat, UNESCAP): by windows of years, and by where it is heading.

Eurostat: growth a year over the last 5 and 15 years, against what the target needs (significant
from 0.95, moderate from 0.60, insufficient from 0, else moving away) or by itself (1 % a year is
significant, 0 to -1 % a moderate movement away). UNESCAP: `current_status_index` is the share of
the way from baseline to target, 10 being the target; `anticipated` continues a line on which recent
years weigh more (weights 1, 2, 3 and so on: ours, as none are published) and says whether the target's
year asks to maintain, accelerate or reverse.
"""

import pandas as pd

from delivery_analytics.methods import eurostat, unescap
from tests.support.tables import same, table


def test_growth_over_five_years_against_what_the_target_needs():
    # 100 to 121 in ten years asks for 1.92 % a year; 3 % in five years is 0.59 % a year.
    history = table("""
        indicator_id | region_id | year | value
        enough       | KZ        | 2019 |   100
        enough       | KZ        | 2024 |   110
        slow         | KZ        | 2019 |   100
        slow         | KZ        | 2024 |   103
        falls        | KZ        | 2019 |   100
        falls        | KZ        | 2024 |    99
        short        | KZ        | 2021 |   100
        short        | KZ        | 2024 |   110
    """)
    goals = history.drop_duplicates("indicator_id")[["indicator_id", "region_id"]]
    goals = goals.assign(direction="increase", target_value=121.0, target_year=2029)
    found = eurostat.window_progress(history, goals, windows=(5,))
    same(
        found.assign(ratio=found["ratio"].round(4))[["indicator_id", "ratio", "group"]],
        """
        indicator_id | ratio   | group
        enough       |       1 | significant
        slow         |  0.3081 | insufficient
        falls        | -0.1043 | away
        short        |         | not_available
        """,
    )


def test_a_line_to_the_target_year_says_what_is_asked_for():
    history = table("""
        indicator_id | region_id | year | value
        steady       | KZ        | 2020 |     0
        steady       | KZ        | 2021 |     1
        steady       | KZ        | 2022 |     2
        back         | KZ        | 2020 |     0
        back         | KZ        | 2021 |    -1
        back         | KZ        | 2022 |    -2
    """)
    goals = pd.DataFrame(
        {
            "indicator_id": ["steady", "back"],
            "region_id": "KZ",
            "baseline_value": 0.0,
            "target_value": 20.0,
            "target_year": 2030,
            "direction": "increase",
        }
    )
    found = unescap.anticipated(history, goals).round(6)
    same(
        found[["indicator_id", "predicted", "gap", "anticipated"]],
        """
        indicator_id | predicted | gap | anticipated
        steady       |        10 | 0.5 | accelerate
        back         |       -10 | 1.5 | reverse
        """,
    )
