import dataclasses
from datetime import date

from delivery_analytics import charts
from tests.charts.conftest import INDICATORS
from tests.support.charted import drawn
from tests.support.tables import dataset, registry


def test_a_region_without_a_figure_is_named_and_never_drawn_as_zero(data, en):
    figure = charts.regions_bar(data, "health.births", en)

    assert drawn(figure, "row", "value") == [("KZ-71", 81)]
    assert "No figure: KZ-10" in figure.footnote
    assert "Earlier figures, not drawn: KZ-75 (2023)" in figure.footnote
    assert figure.title == "health.births: only KZ-71 has a figure, 81.0\u00a0%"


def test_a_region_founded_later_is_not_missing(data, en):
    regions = dict(data.registry.regions)
    regions["KZ-10"] = dataclasses.replace(regions["KZ-10"], valid_from=date(2025, 1, 1))
    later = dataclasses.replace(data.registry, regions=regions)

    figure = charts.regions_bar(dataclasses.replace(data, registry=later), "health.births", en)

    assert "No figure" not in figure.footnote


def test_the_nation_is_a_line_at_its_own_figure(data, en):
    figure = charts.regions_bar(data, "health.births", en)

    assert drawn(figure, "nation", "said") == [(75, "KZ: 75.0\u00a0%")]


def test_where_less_is_better_the_lowest_region_is_on_top(en):
    data = dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations="""
            indicator_id     | region_id | period | value
            health.mortality | KZ-10     | 2024   |    14
            health.mortality | KZ-71     | 2024   |     9
            health.mortality | KZ-75     | 2024   |    11
        """,
    )

    figure = charts.regions_bar(data, "health.mortality", en)

    assert [row for row, _ in drawn(figure, "row", "value")] == ["KZ-71", "KZ-75", "KZ-10"]
    assert figure.title == "health.mortality: from 9.0 in KZ-71 to 14.0 in KZ-10"
