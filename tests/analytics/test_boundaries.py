import dataclasses
from datetime import date
from pathlib import Path

from delivery_analytics.analytics import boundaries, quality
from delivery_analytics.analytics.boundaries import families
from delivery_analytics.model.registry import Region, open_registry
from tests.support import tables
from tests.support.tables import dataset, same

SPLIT = date(2022, 6, 8)
KINDS = """
    indicator_id   | unit    | over_regions
    health.births  | cases   | sum
    health.people  | cases   | sum
"""


def registry():
    """East Kazakhstan, and Abai that was split from it; Turkistan and Shymkent."""
    world = tables.registry(KINDS)
    new = (
        Region("KZ-63", "oblast", {"en": "East Kazakhstan"}),
        Region("KZ-10", "oblast", {"en": "Abai"}, valid_from=SPLIT, split_from="KZ-63"),
        Region("KZ-61", "oblast", {"en": "Turkistan"}, valid_from=date(2018, 6, 19)),
        Region(
            "KZ-79",
            "city",
            {"en": "Shymkent"},
            valid_from=date(2018, 6, 19),
            split_from="KZ-61",
        ),
    )
    regions = world.regions | {one.id: one for one in new}
    return dataclasses.replace(world, regions=regions)


def world(observations):
    return dataset(registry=registry(), observations=observations)


CROSSING = """
    indicator_id  | region_id | period | value | source_cell
    health.births | KZ-63     | 2020   |  1400 | S!B2
    health.births | KZ-63     | 2021   |  1380 | S!B3
    health.births | KZ-63     | 2022   |   720 | S!B4
    health.births | KZ-63     | 2023   |   700 | S!B5
    health.births | KZ-10     | 2022   |   640 | S!B6
    health.births | KZ-10     | 2023   |   630 | S!B7
    health.births | KZ-71     | 2021   |   900 | S!B8
    health.births | KZ-71     | 2023   |   950 | S!B9
    health.people | KZ-63     | 2021   |   100 | S!C1
"""


def test_a_series_across_its_regions_split_has_a_break_between_two_values():
    same(
        boundaries.breaks(world(CROSSING)),
        """
        indicator_id  | region_id | split_on   | frequency | new_regions | period_before | value_before | period | value | source_cell
        health.births | KZ-63     | 2022-06-08 | annual    | KZ-10       | 2021          |         1380 | 2022   |   720 | S!B4
        """,
    )


def test_the_break_is_a_finding_that_names_both_values():
    found = quality.findings(world(CROSSING))

    same(
        found[found["rule"] == "series.break"],
        """
        rule         | severity | subject_id    | region_id | period | value | compared_with | source_cell
        series.break | note     | health.births | KZ-63     | 2022   |   720 |          1380 | S!B4
        """,
    )


def test_a_series_worked_out_again_within_the_new_borders_is_marked_and_no_finding():
    data = world(
        CROSSING
        + """
    health.births | KZ-10     | 2021   |   650 | S!B10
    """
    )

    assert boundaries.breaks(data)["recast"].tolist() == [True]
    assert quality.broken(data).empty


def test_months_break_at_the_month_of_the_split():
    data = world(
        """
        indicator_id  | region_id | period  | value
        health.births | KZ-63     | 2022-05 |   110
        health.births | KZ-63     | 2022-06 |    60
        health.births | KZ-63     | 2022-07 |    58
        health.births | KZ-61     | 2018-05 |   300
        health.births | KZ-61     | 2018-06 |   200
        """
    )

    same(
        boundaries.breaks(data),
        """
        region_id | split_on   | frequency | period_before | period
        KZ-61     | 2018-06-19 | monthly   | 2018-05       | 2018-06
        KZ-63     | 2022-06-08 | monthly   | 2022-05       | 2022-06
        """,
    )


def test_the_splits_of_2018_and_2022_are_those_of_the_regions_file():
    table = families(open_registry(Path(__file__).parents[2]))

    assert sorted(
        zip(table["region_id"], table["new_region_id"], table["split_on"].dt.year, strict=True)
    ) == [
        ("KZ-19", "KZ-33", 2022),
        ("KZ-35", "KZ-62", 2022),
        ("KZ-61", "KZ-79", 2018),
        ("KZ-63", "KZ-10", 2022),
    ]
