import dataclasses

import pandas as pd
import pytest

from delivery_analytics.analytics import rollup
from delivery_analytics.analytics.status import assess
from delivery_analytics.errors import DefinitionError
from tests.support.tables import dataset, registry, rows, same

INDICATORS = """
    indicator_id     | direction | programmes
    health.births    | increase  | rural digital
    health.mortality | decrease  | rural
    health.beds      | maintain  |
    education.kinder | increase  |
    energy.loss      | decrease  | digital
"""
ASSESSED = """
    indicator_id     | region_id | period | value | baseline_value | expected_value | target_value | score | status     | reason
    education.kinder | KZ        |        |       |                |                |           90 |       | not_judged | no_observation
    energy.loss      | KZ        | 2024   |    12 |             20 |             10 |            5 |   0.8 | off_track  | below_trajectory
    health.beds      | KZ        | 2024   |    43 |             40 |             40 |           40 |       | at_risk    | outside_tolerance
    health.births    | KZ        | 2024   |    75 |             60 |             80 |          100 |  0.75 | off_track  | below_trajectory
    health.births    | KZ-71     | 2024   |    99 |             60 |             80 |          100 |  1.95 | on_track   | on_trajectory
    health.births    | KZ-75     | 2024   |    70 |             60 |             80 |          100 |  0.50 | off_track  | below_trajectory
    health.mortality | KZ        | 2024   |     5 |             45 |             25 |            5 |   2.0 | achieved   | target_reached
"""


@pytest.fixture
def assessments():
    return rows("assessments", ASSESSED)


def test_each_sector_is_counted_and_one_without_anything_still_has_its_row(assessments):
    same(
        rollup.status_counts(assessments, registry(INDICATORS)),
        """
        sector_id | achieved | on_track | at_risk | off_track | not_judged | judged | indicators
        health    |        1 |        0 |       1 |         1 |          0 |      3 |          3
        education |        0 |        0 |       0 |         0 |          1 |      0 |          1
        energy    |        0 |        0 |       0 |         1 |          0 |      1 |          1
        silent    |        0 |        0 |       0 |         0 |          0 |      0 |          0
        """,
    )


def test_an_indicator_counts_in_each_programme_it_serves(assessments):
    same(
        rollup.status_counts(assessments, registry(INDICATORS), by="programme_id"),
        """
        programme_id | achieved | off_track | judged | indicators
        rural        |        1 |         1 |      2 |          2
        digital      |        0 |         2 |      2 |          2
        """,
    )


def test_regions_are_counted_by_their_own_rows(assessments):
    same(
        rollup.status_counts(assessments, registry(INDICATORS), by="region_id"),
        """
        region_id | achieved | on_track | at_risk | off_track | judged | indicators
        KZ        |        1 |        0 |       1 |         2 |      4 |          5
        KZ-10     |        0 |        0 |       0 |         0 |      0 |          0
        KZ-71     |        0 |        1 |       0 |         0 |      1 |          1
        KZ-75     |        0 |        0 |       0 |         1 |      1 |          1
        """,
    )


def test_the_sectors_of_one_region_can_be_counted(assessments):
    counts = rollup.status_counts(assessments, registry(INDICATORS), region_id="KZ-75")

    assert counts["off_track"].tolist() == [1, 0, 0, 0]
    assert counts["indicators"].tolist() == [1, 0, 0, 0]


def test_nothing_judged_is_counted_as_nothing():
    counts = rollup.status_counts(rows("assessments", "indicator_id"), registry())

    assert counts["sector_id"].tolist() == ["health", "education", "energy", "silent"]
    assert (counts.drop(columns="sector_id") == 0).all(axis=None)


@pytest.fixture
def known():
    # Mortality and loss move by 1 a year, births by 4; beds never told.
    history = {"energy.loss": (1, 12), "health.births": (4, 75)}
    drawn = "".join(
        f"{name} | {region} | {year} | {last + step * (year - 2024)}\n"
        for name, (step, last) in history.items()
        for region in ("KZ", "KZ-75")
        for year in range(2020, 2025)
    )
    return dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations=f"indicator_id | region_id | period | value\n{drawn}",
    )


def test_deviations_list_what_is_behind_the_largest_shortfall_first(assessments, known):
    # energy.loss is 2 short, two of its usual years; health.births 5, a year and a quarter.
    same(
        rollup.deviations(assessments, known),
        """
        sector_id | indicator_id  | status    | gap | gap_years
        energy    | energy.loss   | off_track |  -2 | -2
        health    | health.births | off_track |  -5 | -1.25
        health    | health.beds   | at_risk   |  -3 |
        """,
    )


def test_deviations_of_the_regions_can_be_listed_too(assessments, known):
    same(
        rollup.deviations(assessments, known, every_region=True),
        """
        indicator_id  | region_id | gap
        health.births | KZ-75     | -10
        energy.loss   | KZ        |  -2
        health.births | KZ        |  -5
        health.beds   | KZ        |  -3
        """,
    )


def test_deviations_of_one_region_can_be_listed(assessments, known):
    same(
        rollup.deviations(assessments, known, region_id="KZ-75"),
        "indicator_id | region_id | gap | gap_years\n health.births | KZ-75 | -10 | -2.5",
    )


def test_equal_deviations_keep_one_order_however_the_table_comes(assessments, known):
    alike = assessments[assessments["status"] == "off_track"].assign(
        value=70.0, expected_value=80.0, baseline_value=60.0, target_value=100.0, score=0.5
    )

    first = rollup.deviations(alike, known, every_region=True)
    last = rollup.deviations(alike[::-1], known, every_region=True)

    pd.testing.assert_frame_equal(first, last)


def ranked(observations, direction="increase", targets=None):
    data = dataset(
        "2025-01-31",
        registry=registry(f"indicator_id | direction\n health.births | {direction}"),
        observations=observations,
        **({"targets": targets} if targets else {}),
    )
    return rollup.ranked_regions(assess(data), data, indicator_id="health.births")


OBSERVED = """
    indicator_id  | region_id | period | value | source_cell
    health.births | KZ        | 2024   |    80 | Sheet!B2
    health.births | KZ-71     | 2024   |    70 | Sheet!B3
    health.births | KZ-75     | 2024   |    90 | Sheet!B4
"""


def test_regions_are_ranked_and_missing_ones_listed_as_missing():
    same(
        ranked(OBSERVED),
        """
        rank | region_id | period | value | status     | reason         | source_cell
           1 | KZ-75     | 2024   |    90 | not_judged | no_target      | Sheet!B4
           2 | KZ-71     | 2024   |    70 | not_judged | no_target      | Sheet!B3
             | KZ-10     |        |       | not_judged | no_observation |
        """,
    )


def test_the_lowest_is_first_where_less_is_better():
    same(ranked(OBSERVED, "decrease"), "rank | region_id\n 1 | KZ-71\n 2 | KZ-75\n | KZ-10")


def test_the_nearest_to_the_target_is_first_where_a_level_should_be_kept():
    targets = """
        indicator_id  | region_id | due_on     | kind  | value
        health.births | KZ-10     | 2029-12-31 | final |    72
        health.births | KZ-71     | 2029-12-31 | final |    72
        health.births | KZ-75     | 2029-12-31 | final |    91
    """

    table = ranked(OBSERVED, "maintain", targets)

    same(table, "rank | region_id\n 1 | KZ-75\n 2 | KZ-71\n | KZ-10")


def test_equal_values_share_a_rank():
    equal = OBSERVED + "    health.births | KZ-10 | 2024 | 90 | Sheet!B5\n"

    assert ranked(equal)["rank"].tolist() == [1, 1, 3]


def test_values_that_are_equal_on_paper_share_a_rank_whatever_binary_makes_of_them():
    # 0.1 + 0.2 is 0.30000000000000004, which is no better than 0.3.
    equal = f"""
        indicator_id  | region_id | period | value | source_cell
        health.births | KZ-10     | 2024   | {0.1 + 0.2!r} | S!B2
        health.births | KZ-71     | 2024   | 0.3           | S!B3
        health.births | KZ-75     | 2024   | 0.2           | S!B4
    """

    assert ranked(equal)["rank"].tolist() == [1, 1, 3]
    assert ranked(equal, "decrease")["rank"].tolist() == [1, 2, 2]


def test_an_older_figure_is_shown_and_not_ranked():
    older = OBSERVED + "    health.births | KZ-10 | 2023 | 99 | Sheet!B5\n"

    same(
        ranked(older),
        """
        rank | region_id | period | value
           1 | KZ-75     | 2024   |    90
           2 | KZ-71     | 2024   |    70
             | KZ-10     | 2023   |    99
        """,
    )


def counted(observations, *, direction="increase", per="", over_regions="none"):
    """Rank "health.deaths", counted in cases, with "health.people" to divide by."""
    known = registry(f"""
        indicator_id  | unit  | direction   | per   | over_regions
        health.deaths | cases | {direction} | {per} | {over_regions}
        health.people | cases | increase    |       | sum
    """)
    if per:
        bases = {"health.deaths": known.indicators["health.people"]}
        known = dataclasses.replace(known, bases=bases)
    data = dataset("2025-01-31", registry=known, observations=observations)
    return rollup.ranked_regions(assess(data), data, indicator_id="health.deaths")


DEATHS = """
    indicator_id  | region_id | period | value
    health.deaths | KZ-10     | 2024   |    60
    health.deaths | KZ-71     | 2024   |    30
    health.deaths | KZ-75     | 2024   |     9
    health.people | KZ-10     | 2024   |  3000
    health.people | KZ-71     | 2024   |  1000
    health.people | KZ-75     | 2024   |   100
"""


def test_totals_are_not_ranked():
    same(
        counted(DEATHS),
        """
        rank | compared | region_id | value
             |          | KZ-10     |    60
             |          | KZ-71     |    30
             |          | KZ-75     |     9
        """,
    )


def test_a_mean_in_the_unit_of_a_count_is_ranked():
    assert counted(DEATHS, over_regions="mean")["rank"].tolist() == [1, 2, 3]


def test_a_total_that_has_a_base_is_ranked_per_head_and_a_few_events_have_no_place():
    # 20, 30 and 90 a thousand; of nine events the rate is luck.
    same(
        counted(DEATHS, direction="decrease", per="people"),
        """
        rank | compared | region_id | value
           1 |     0.02 | KZ-10     |    60
           2 |     0.03 | KZ-71     |    30
             |     0.09 | KZ-75     |     9
        """,
    )


def test_a_base_of_another_period_divides_nothing():
    older = DEATHS.replace(
        "health.people | KZ-71     | 2024", "health.people | KZ-71     | 2023"
    )

    same(
        counted(older, per="people"),
        "rank | compared | region_id\n 1 | 0.02 | KZ-10\n | | KZ-71\n | 0.09 | KZ-75",
    )


def test_no_events_at_all_are_no_first_place():
    nobody = OBSERVED.replace("KZ-71     | 2024   |    70", "KZ-71     | 2024   |     0")

    same(
        ranked(nobody, "decrease"),
        "rank | few | region_id | value\n 1 | no | KZ-75 | 90\n | yes | KZ-71 | 0\n | no | KZ-10 |",
    )
    assert ranked(nobody)["rank"].tolist()[:2] == [1, 2]


def test_an_unknown_indicator_is_refused():
    with pytest.raises(DefinitionError, match="There is no indicator"):
        rollup.ranked_regions(
            rows("assessments", "indicator_id"),
            dataset("2025-01-31", registry=registry()),
            indicator_id="health.nothing",
        )
