"""A line a region, worked by hand."""

from delivery_analytics import charts
from tests.charts.conftest import KNOWN, REGIONS
from tests.support.tables import dataset


def test_small_multiples_have_a_line_a_region_with_the_country_behind(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=REGIONS)
    figure = charts.small_multiples(data, "health.births", en)

    assert charts.has_lines(data, "health.births")
    assert figure.title == "health.births: rose in 1 and fell in 1 of 2 regions since 2022"
    assert figure.native is not None
    names = [one.name for one in figure.native.series]
    assert names == ["KZ-10", "KZ-71", "The country"]
    assert figure.native.series[1].values == [80, None, 70]


def test_small_multiples_of_totals_leave_the_country_out(en):
    data = dataset(
        "2025-01-31", registry=KNOWN, observations=REGIONS.replace("births", "mortality")
    )
    figure = charts.small_multiples(data, "health.mortality", en)

    assert figure.native is not None
    assert [one.name for one in figure.native.series] == ["KZ-10", "KZ-71"]


def test_only_regions_that_have_a_figure_of_both_periods_rose_or_fell(en):
    data = dataset(
        "2025-01-31",
        registry=KNOWN,
        observations="""
            indicator_id  | region_id | period | value
            health.births | KZ-10     | 2021   | 50
            health.births | KZ-10     | 2022   | 55
            health.births | KZ-10     | 2023   | 60
            health.births | KZ-71     | 2022   | 70
            health.births | KZ-71     | 2023   | 65
            health.births | KZ-75     | 2022   | 80
        """,
    )
    figure = charts.small_multiples(data, "health.births", en)

    assert figure.title == "health.births: rose in 1 and fell in 1 of 2 regions since 2022"


def test_regions_with_one_figure_each_have_no_lines_to_speak_of(en):
    data = dataset(
        "2025-01-31",
        registry=KNOWN,
        observations="""
            indicator_id  | region_id | period | value
            health.births | KZ-10     | 2021   | 50
            health.births | KZ-71     | 2022   | 70
            health.births | KZ-75     | 2023   | 80
        """,
    )
    figure = charts.small_multiples(data, "health.births", en)

    assert figure.title == "health.births: too few periods by region for lines"
