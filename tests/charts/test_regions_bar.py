import dataclasses
from datetime import date

import pytest

from delivery_analytics import charts
from tests.charts.conftest import INDICATORS
from tests.support.charted import drawn
from tests.support.tables import dataset, registry

MORTALITY = """
    indicator_id     | region_id | period | value
    health.mortality | KZ        | 2024   |    34
    health.mortality | KZ-10     | 2024   |    14
    health.mortality | KZ-71     | 2024   |     9
    health.mortality | KZ-75     | 2024   |    11
    health.visits    | KZ        | 2024   |  1700
    health.visits    | KZ-10     | 2024   |   700
    health.visits    | KZ-71     | 2024   |   900
    health.visits    | KZ-75     | 2024   |   100
"""


def test_a_region_without_a_figure_is_named_and_never_drawn_as_zero(data, en):
    figure = charts.regions_bar(data, "health.births", en)

    assert drawn(figure, "row", "value") == [("KZ-71", 81)]
    assert "No figure: KZ-10" in figure.footnote
    assert "Earlier figures, not drawn: KZ-75 (2023)" in figure.footnote
    assert figure.title == "health.births: only KZ-71 reported a figure, 81.0%"


def test_a_region_founded_later_is_not_missing(data, en):
    regions = dict(data.registry.regions)
    regions["KZ-10"] = dataclasses.replace(regions["KZ-10"], valid_from=date(2025, 1, 1))
    later = dataclasses.replace(data.registry, regions=regions)

    figure = charts.regions_bar(dataclasses.replace(data, registry=later), "health.births", en)

    assert "No figure" not in figure.footnote


def test_the_nation_is_a_line_at_its_own_figure(data, en):
    figure = charts.regions_bar(data, "health.births", en)

    assert drawn(figure, "nation", "said") == [(75, "KZ: 75.0%")]


def test_on_a_slide_the_nation_is_a_bar_in_its_place_and_the_region_stands_out(en):
    rates = INDICATORS.replace("decrease  | cases", "decrease  | years")
    known = dataset("2025-01-31", registry=registry(rates), observations=MORTALITY)
    native = charts.regions_bar(known, "health.mortality", en, region_id="KZ-75").native

    assert native.categories == ["KZ", "KZ-10", "KZ-75", "KZ-71"]  # the worst first
    assert {one.role: one.values for one in native.series} == {
        "region": [None, 14, None, 9],
        "highlight": [None, None, 11, None],
        "nation": [34, None, None, None],
    }


def test_where_less_is_better_the_lowest_region_is_on_top(en):
    rates = INDICATORS.replace("decrease  | cases", "decrease  | years")
    data = dataset("2025-01-31", registry=registry(rates), observations=MORTALITY)

    figure = charts.regions_bar(data, "health.mortality", en)

    assert [row for row, _ in drawn(figure, "row", "value")] == ["KZ-71", "KZ-75", "KZ-10"]
    assert figure.title == "health.mortality: from 9.0 in KZ-71 to 14.0 in KZ-10"


def test_totals_stand_in_the_order_of_the_regions_without_place_or_nation(en):
    data = dataset("2025-01-31", registry=registry(INDICATORS), observations=MORTALITY)

    figure = charts.regions_bar(data, "health.mortality", en)

    assert drawn(figure, "row", "value") == [("KZ-10", 14), ("KZ-71", 9), ("KZ-75", 11)]
    assert drawn(figure, "nation", "said") == []
    assert figure.table["rank"].isna().all()
    assert figure.title == "health.mortality: by region, without places"
    assert "Totals depend on the size of the region and are not ranked" in figure.footnote


@pytest.mark.parametrize(
    ("targets", "title"),
    [
        ("health.mortality | KZ-71 | 2030-12-31 | final | 10", "by region, without places"),
        (
            """health.mortality | KZ-71 | 2030-12-31 | final | 10
            health.mortality | KZ-75 | 2030-12-31 | final | 15""",
            "from 9.0% in KZ-71 to 11.0% in KZ-75",
        ),
    ],
)
def test_a_single_place_is_no_span_of_places(en, targets, title):
    kept = registry("indicator_id | direction | unit\n health.mortality | maintain | percent")
    drawn_targets = f"indicator_id | region_id | due_on | kind | value\n{targets}"
    data = dataset("2025-01-31", registry=kept, observations=MORTALITY, targets=drawn_targets)

    figure = charts.regions_bar(data, "health.mortality", en)

    assert figure.title == f"health.mortality: {title}"


def test_totals_with_a_base_are_compared_per_head_with_the_nation(en):
    known = registry(INDICATORS)
    known = dataclasses.replace(
        known, bases={"health.mortality": known.indicators["health.visits"]}
    )
    data = dataset("2025-01-31", registry=known, observations=MORTALITY)

    # Fourteen of 700, 34 of 1,700 and 11 of 100; nine of 900 are too few for a place.
    figure = charts.regions_bar(data.where(sector_id="health"), "health.mortality", en)

    assert drawn(figure, "row", "value") == [
        ("KZ-10", 20),
        ("KZ-75", pytest.approx(110)),
        ("KZ-71", 10),
    ]
    assert drawn(figure, "nation", "said") == [(20, "KZ: 20.0")]  # the subtitle has the unit
    assert "Too few events for a place: KZ-71" in figure.footnote


def test_the_map_of_totals_has_one_shade(en):
    data = dataset("2025-01-31", registry=registry(INDICATORS), observations=MORTALITY)
    figure = charts.tile_map(data, "health.mortality", en)

    assert {fill for _, fill in drawn(figure, "full", "fill")} == {"#DDE7F0"}
    assert figure.title == "health.mortality: by region, without places"
