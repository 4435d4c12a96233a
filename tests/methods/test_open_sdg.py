"""Progress by growth, as Open SDG publishes it, and UNESCAP's status index."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.methods import open_sdg, unescap
from tests.support.shared import SHARED, needs_shared
from tests.support.tables import table


def drawn(text):
    rows = table(text)
    for name in ("base_value", "current_value", "target", "limit"):
        if name not in rows:
            rows[name] = np.nan
    return rows.assign(
        **{
            name: rows.get(name, year)
            for name, year in (
                ("base_year", 2015),
                ("current_year", 2025),
                ("target_year", 2030),
            )
        }
    )


@needs_shared
def test_every_published_series_of_statistics_canada_is_reproduced(tally):
    published = pd.read_csv(SHARED / "oracles" / "opensdg_progress_canada_sdg.csv")
    found = open_sdg.progress_score(published)

    alike = pd.DataFrame(
        {
            "progress": np.isclose(
                found["progress"],
                published["progress_value"],
                rtol=1e-9,
                atol=0,
                equal_nan=True,
            ),
            "status": found["status"] == published["status"],
            "score": np.isclose(found["score"], published["score"], rtol=1e-9, equal_nan=True),
        }
    ).all(axis=1)
    tally("Open SDG: series, value, status and score", alike.sum(), len(published))
    assert (alike.sum(), len(published)) == (247, 247)


@needs_shared
def test_the_published_indicators_are_the_means_of_their_series(tally):
    published = pd.read_csv(SHARED / "oracles" / "opensdg_progress_canada_sdg.csv")
    found = open_sdg.indicator_score(
        open_sdg.progress_score(published).assign(indicator=published["indicator"]),
        by="indicator",
    )
    first = published.drop_duplicates("indicator").set_index("indicator")
    both = found.set_index("indicator").join(first[["indicator_status", "indicator_score"]])
    alike = np.isclose(both["score"], both["indicator_score"], equal_nan=True)

    # Several of the publisher's series share one label and overwrite each other.
    tally("Open SDG: indicator means, some labels overwritten", alike.sum(), len(both))
    assert alike.mean() > 0.9
    assert (both["status"] == both["indicator_status"])[alike].mean() == 1


def test_growth_is_compared_with_the_growth_that_the_target_needs():
    # 100 to 400 in 15 years doubles every 7.5; in 10 years, 100 to 200 is 0.75 of the growth
    # a year: (2^0.1 - 1) / (4^(1/15) - 1) = 0.0717735 / 0.0968250.
    rows = open_sdg.progress_score(
        drawn("""
        direction | base_value | current_value | target
        1         |        100 |           200 |    400
        1         |        100 |           400 |    400
        1         |        100 |            90 |    400
        """)
    )

    assert rows["progress"].tolist()[0] == pytest.approx(0.0717735 / 0.0968250, rel=1e-5)
    assert rows["status"].tolist() == ["moderate_progress", "target_achieved", "deterioration"]
    assert rows["score"].tolist()[1] == 5


def test_without_a_target_growth_a_year_is_judged_by_itself():
    # 1.02^10 = 1.21899442, 1.01^10 = 1.10462213, 1.001^10 = 1.01004512
    rows = open_sdg.progress_score(
        drawn("""
        direction | base_value | current_value
        1         |        100 |    121.899442
        1         |        100 |    110.462213
        1         |        100 |    101.004512
        -1        |        100 |    101.004512
        """)
    )

    assert rows["progress"].round(6).tolist() == [0.02, 0.01, 0.001, -0.001]
    assert rows["status"].tolist() == [
        "substantial_progress",
        "moderate_progress",
        "limited_progress",
        "deterioration",
    ]
    assert rows["score"].round(4).tolist() == [5.0, 1.25, -2.0, -2.625]


def test_near_a_natural_limit_less_growth_is_asked_for_and_at_it_none():
    rows = open_sdg.progress_score(
        drawn("""
        direction | base_value | current_value | limit
        1         |         99 |          99.5 |   100
        1         |        100 |           100 |   100
        """)
    )

    # 0.05 % a year is little, but 4.4 % of the usual growth is left to expect at 99.
    assert rows["status"].tolist() == ["moderate_progress", "substantial_progress"]
    assert rows["score"].tolist()[1] == 5


@pytest.mark.parametrize(
    ("base", "current", "target"),
    [(None, 5, 9), (5, None, 9), (5, -5, 9), (-5, 5, 9), (0, 0, 0), (5, 5, 5), (0, 3, 0)],
)
def test_nothing_is_infinite_and_what_cannot_be_formed_is_not_available(base, current, target):
    rows = pd.DataFrame(
        {
            "base_value": [base] * 2,
            "current_value": [current] * 2,
            "target": [target, None],
            "limit": np.nan,
            "direction": 1,
            "base_year": 2015,
            "current_year": 2020,
            "target_year": 2030,
        }
    ).astype({"base_value": float, "current_value": float, "target": float})
    found = open_sdg.progress_score(rows)

    assert not np.isinf(found[["progress", "score"]]).any(axis=None)
    if base is None or current is None or base * current < 0:
        assert (found["status"] == "not_available").all()
        assert found["score"].isna().all()


def test_a_series_of_less_than_a_year_says_nothing():
    rows = drawn("direction | base_value | current_value\n 1 | 5 | 50").assign(
        current_year=2015
    )

    assert open_sdg.progress_score(rows)["status"].tolist() == ["not_available"]


def test_the_status_index_is_ten_at_the_target_and_nought_at_the_baseline():
    facts = table("""
        direction | baseline_value | value | target_value
        increase  |             20 |    20 |           60
        increase  |             20 |    50 |           60
        increase  |             20 |    99 |           60
        decrease  |             60 |    50 |           20
        decrease  |             60 |    70 |           20
        increase  |             20 |    30 |           20
    """)

    assert unescap.current_status_index(facts).fillna(-99).tolist() == [
        0, 7.5, 10, 2.5, -2.5, -99,
    ]  # fmt: skip
