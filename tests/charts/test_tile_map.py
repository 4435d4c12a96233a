"""Regions as tiles, worked by hand."""

import dataclasses

from delivery_analytics import charts
from tests.charts.conftest import KNOWN, REGIONS
from tests.support.charted import drawn
from tests.support.tables import dataset


def test_a_map_of_tiles_has_a_tile_for_every_region_and_a_dash_without_a_figure(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=REGIONS)
    tiled = {
        key: dataclasses.replace(one, tile=(n, 0)) if one.kind != "country" else one
        for n, (key, one) in enumerate(data.registry.regions.items())
    }
    data = dataclasses.replace(data, registry=dataclasses.replace(data.registry, regions=tiled))
    tiles = drawn(charts.tile_map(data, "health.births", en), "full", "shown", "column", "row")

    assert sorted(tiles) == [
        ("KZ-10", "52.0", 1, 0), ("KZ-71", "70.0", 2, 0), ("KZ-75", "–", 3, 0),
    ]  # fmt: skip
