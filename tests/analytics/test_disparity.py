"""How far regions lie apart, and their order with its noise, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.analytics import disparity
from delivery_analytics.errors import DefinitionError
from tests.support.tables import same, table


def spread(text, **kwargs):
    return disparity.spread(observed(text), country_id="KZ", **kwargs)


def observed(text):
    drawn = table(text)
    usual = {"indicator_id": "births", "period": "2024"}
    drawn = drawn.assign(**{name: one for name, one in usual.items() if name not in drawn})
    return drawn.astype({"value": "float64"})


def history(**series):
    """One indicator's values by region, one a year, the last of 2024; None is a gap."""
    rows = [
        ("births", region.replace("_", "-"), str(2025 - len(values) + n), value)
        for region, values in series.items()
        for n, value in enumerate(values)
    ]
    frame = pd.DataFrame(rows, columns=["indicator_id", "region_id", "period", "value"])
    return frame.astype({"value": "float64"})


def ranked(rows, direction="increase", period="2024", totals=()):
    found = disparity.ranking(
        rows, country_id="KZ", period=period, directions={"births": direction}, totals=totals
    )
    return found.set_index("region_id")


def test_range_ratio_and_variation_of_three_regions_without_the_country():
    # The mean is 20; 10, 0 and 10 away from it: the root of 200/3 is 8.165, by 20 is 0.4082.
    same(
        spread("""
        region_id | value
        KZ        |   500
        KZ-10     |    10
        KZ-71     |    20
        KZ-75     |    30
        """).round(4),
        """
        regions | mean | lowest | lowest_region | highest | highest_region | range | ratio | variation
              3 |   20 |     10 | KZ-10         |      30 | KZ-75          |    20 |     3 |    0.4082
        """,
    )


def test_weights_move_the_mean_and_the_variation_to_the_larger_regions():
    # Nine people with 10 and one with 20: a mean of 11; squares 9 * 1 + 81 = 90 over 10 is 9.
    drawn = """
        region_id | value | people
        KZ-10     |    10 |      9
        KZ-71     |    20 |      1
    """
    found = spread(drawn, weight="people").iloc[0]

    assert (found["mean"], found["weighted"]) == (11, True)
    assert found["variation"] == pytest.approx(3 / 11)
    assert spread(drawn).iloc[0]["variation"] == pytest.approx(5 / 15)


def test_a_region_without_a_weight_leaves_no_weighted_measure_but_the_others():
    found = spread(
        "region_id | value | people\n KZ-10 | 10 | 9\n KZ-71 | 20 |", weight="people"
    ).iloc[0]

    assert found[["mean", "variation"]].isna().all()
    assert (found["range"], found["ratio"]) == (10, 2)


@pytest.mark.parametrize(
    ("values", "ratio", "variation"),
    [
        ((0, 10), None, 1),  # nothing divides by nought; 5 away from 5 on both sides
        ((-10, 10), None, None),
        ((-10, -20), None, None),
        ((0, 0), None, None),
        ((5, 5), 1, 0),
    ],
)
def test_ratio_and_variation_are_missing_where_they_say_nothing(values, ratio, variation):
    found = spread("region_id | value\n KZ-10 | {}\n KZ-71 | {}".format(*values)).iloc[0]

    assert [
        None if np.isnan(found[name]) else found[name] for name in ("ratio", "variation")
    ] == [ratio, variation]
    assert found["range"] == abs(values[0] - values[1])


def test_one_region_lies_apart_from_nobody():
    found = spread("region_id | value\n KZ | 10\n KZ-10 | 20\n KZ-71 |").iloc[0]

    assert found["regions"] == 1
    assert found[["mean", "lowest", "highest", "range", "ratio", "variation"]].isna().all()
    assert (found["lowest_region"], found["highest_region"]) == ("", "")


def test_regions_missing_in_a_period_are_counted_and_equal_ones_named_by_id():
    found = spread("""
        region_id | period | value
        KZ-75     | 2023   |     1
        KZ-10     | 2023   |     1
        KZ-71     | 2023   |     1
        KZ-10     | 2024   |     3
        KZ-71     | 2024   |     4
    """)

    assert found["regions_missing"].tolist() == [0, 1]
    assert found.loc[0, ["lowest_region", "highest_region"]].tolist() == ["KZ-10", "KZ-10"]


def test_two_values_of_a_region_for_a_period_are_refused():
    with pytest.raises(DefinitionError, match="two values of KZ-10 for 2024"):
        spread("region_id | value\n KZ-10 | 10\n KZ-10 | 11")


def test_a_period_that_is_none_is_refused():
    with pytest.raises(DefinitionError, match="'FY24' is not a reporting period"):
        spread("region_id | period | value\n KZ-10 | FY24 | 10")


def noise(rows):
    return disparity.noise(rows, country_id="KZ").set_index("region_id")


def test_noise_is_what_the_changes_leave_beside_the_regions_own_trend():
    # Changes 1 3 1 3 0: a mean of 1.6, squares .36 + 1.96 + .36 + 1.96 + 2.56 = 7.2 over
    # four is 1.8; over the root of two, the root of 0.9. Student's t of four is 1.5332.
    found = noise(history(KZ_10=[10, 11, 14, 15, 18, 18])).loc["KZ-10"]

    assert found["changes"] == 5
    assert found["spread"] == pytest.approx(0.9**0.5)
    assert found["half"] == pytest.approx(1.5332 * 0.9**0.5, rel=1e-4)


def test_a_trend_is_no_noise_however_steep():
    slow = noise(history(KZ_10=[10, 11, 14, 15, 18, 18]))["half"]
    steep = noise(history(KZ_10=[10, 111, 214, 315, 418, 518]))["half"]

    assert steep.iloc[0] == pytest.approx(slow.iloc[0])


@pytest.mark.parametrize(
    "values",
    [
        [10, 11, 14, 15],  # three changes
        [10, 11, 14, None, 18, 18],  # a gap of a year makes none: three again
        [10, 10, 10, 10, 10, 10],
        [10, 11, 12, 13, 14, 20],  # four equal steps and one other: interpolated
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],  # equal but for the last digits of binary
    ],
)
def test_a_history_too_short_or_too_smooth_tells_no_noise(values):
    assert noise(history(KZ_10=values))["half"].isna().tolist() == [True]


def test_a_figure_after_a_change_of_borders_is_compared_with_none_before():
    rows = history(KZ_10=[10, 11, 14, 15, 18, 18, 90])
    broken = rows.assign(breaks_before=rows["period"] == "2024")

    assert noise(broken).loc["KZ-10", ["changes", "spread"]].tolist() == pytest.approx(
        [5, 0.9**0.5]
    )


def test_quarters_are_compared_with_the_same_quarter_a_year_before():
    rows = [
        ("births", "KZ-10", f"{year}-Q{quarter}", value + 100 * quarter)
        for quarter in (1, 4)
        for year, value in zip(range(2019, 2025), (10, 11, 14, 15, 18, 18), strict=True)
    ]
    found = disparity.noise(
        pd.DataFrame(rows, columns=["indicator_id", "region_id", "period", "value"]),
        country_id="KZ",
    )

    assert found["part"].tolist() == ["Q1", "Q4"]
    assert found["spread"].tolist() == pytest.approx([0.9**0.5] * 2)


# Each of these moves as in the test of noise: half an interval of 1.4545, and of two that
# are compared 2.057.
A, B, C = ([base + one for one in (10, 11, 14, 15, 18, 18)] for base in (0, 2, 10))


def test_places_that_the_noise_cannot_tell_apart_are_shown_as_an_interval():
    found = ranked(history(KZ_10=A, KZ_71=B, KZ_75=C))

    assert found.index.tolist() == ["KZ-75", "KZ-71", "KZ-10"]
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["rank_best"].tolist() == [1, 2, 2]
    assert found["rank_worst"].tolist() == [1, 3, 3]
    assert found.loc["KZ-75", "lower"] == pytest.approx(28 - 1.4545, abs=1e-3)
    assert found.loc["KZ-75", "upper"] == pytest.approx(28 + 1.4545, abs=1e-3)


def test_where_less_is_better_the_least_is_first():
    found = ranked(history(KZ_10=A, KZ_71=B, KZ_75=C), direction="decrease")

    assert found["rank"].to_dict() == {"KZ-10": 1, "KZ-71": 2, "KZ-75": 3}
    assert found["rank_worst"].to_dict() == {"KZ-10": 2, "KZ-71": 2, "KZ-75": 3}


def test_a_region_without_a_history_has_a_rank_without_places_and_tells_nobody_apart():
    found = ranked(history(KZ_10=A, KZ_33=[1000], KZ_75=C))

    assert found["rank"].to_dict() == {"KZ-33": 1, "KZ-75": 2, "KZ-10": 3}
    assert found["noise_known"].to_dict() == {"KZ-33": False, "KZ-75": True, "KZ-10": True}
    assert found.loc["KZ-33", ["lower", "upper", "rank_best", "rank_worst"]].isna().all()
    assert found.loc["KZ-75", ["rank_best", "rank_worst"]].tolist() == [1, 2]
    assert found.loc["KZ-10", ["rank_best", "rank_worst"]].tolist() == [2, 3]


def test_no_region_with_a_known_noise_has_a_rank_without_its_places():
    chance = np.random.default_rng(5)
    rows = history(**{f"R_{n:02}": chance.normal(50, 5, 1 + n % 9) for n in range(20)})
    found = ranked(rows)
    known = found[found["noise_known"]]

    assert 0 < len(known) < len(found)
    assert (known["rank_best"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_worst"]).all()


def test_equal_values_share_a_rank_and_what_keeps_its_level_has_none():
    rows = history(KZ_10=A, KZ_71=A, KZ_75=C)

    assert ranked(rows)["rank"].to_dict() == {"KZ-75": 1, "KZ-10": 2, "KZ-71": 2}
    dust = ranked(history(KZ_10=A, KZ_71=[one * (1 + 2e-16) for one in A], KZ_75=C))
    assert dust["rank"].to_dict() == {"KZ-75": 1, "KZ-10": 2, "KZ-71": 2}
    kept = ranked(rows, direction="maintain")
    assert kept[["rank", "rank_best", "rank_worst"]].isna().all(axis=None)
    assert kept["lower"].notna().all()


def test_a_total_has_neither_rank_nor_places_since_it_grows_with_its_region():
    found = ranked(history(KZ_10=A, KZ_71=B), totals=["births"])

    assert found[["rank", "rank_best", "rank_worst"]].isna().all(axis=None)
    assert found["value"].notna().all()


def test_years_after_the_period_are_not_looked_at():
    rows = history(KZ_10=A, KZ_71=B)
    later = pd.concat(
        [rows, rows.assign(period="2025", value=[1e6] * len(rows)).drop_duplicates("region_id")]
    )

    pd.testing.assert_frame_equal(ranked(later), ranked(rows))


def test_each_indicator_is_ranked_in_its_own_period_and_without_one_not_at_all():
    rows = history(KZ_10=A, KZ_71=B)
    rows = pd.concat([rows, rows.assign(indicator_id="deaths"), rows.assign(indicator_id="x")])
    found = disparity.ranking(
        rows,
        country_id="KZ",
        period={"births": "2024", "deaths": "2023"},
        directions={"births": "increase", "deaths": "decrease"},
        totals=(),
    )

    assert found[["indicator_id", "period", "region_id", "rank"]].to_numpy().tolist() == [
        ["births", "2024", "KZ-71", 1],
        ["births", "2024", "KZ-10", 2],
        ["deaths", "2023", "KZ-10", 1],
        ["deaths", "2023", "KZ-71", 2],
    ]


def test_without_observations_the_tables_are_empty_with_their_columns():
    none = history(KZ_10=A).iloc[:0]

    assert list(spread("region_id | value\n KZ | 1"))[:3] == [
        "indicator_id",
        "period",
        "regions",
    ]
    assert disparity.spread(none, country_id="KZ").empty
    assert "rank_worst" in ranked(none)


def test_the_input_is_left_alone():
    rows = history(KZ_10=A, KZ_71=B)
    before = rows.copy()

    ranked(rows)
    disparity.spread(rows, country_id="KZ")
    pd.testing.assert_frame_equal(rows, before)
