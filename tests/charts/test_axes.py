"""No number stands twice on an axis, however narrow its range."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from delivery_analytics import charts
from delivery_analytics.report import still
from tests.support.tables import dataset, registry

NAMESPACE = "{http://www.w3.org/2000/svg}"


def tick_labels(figure):
    """Return the labels of each axis of a drawn chart."""
    root = ElementTree.fromstring(still.svg(figure))
    groups = (g for g in root.iter(f"{NAMESPACE}g") if "role-axis-label" in g.get("class", ""))
    return [
        ["".join(text.itertext()) for text in group.iter(f"{NAMESPACE}text")]
        for group in groups
    ]


@pytest.mark.parametrize(
    ("first", "step"), [(4.78, 0.02), (4.99, 0.004), (11, 0.5), (44_141, 0.2), (97.5, 0.01)]
)
@pytest.mark.parametrize("name", ["trajectory", "control_chart"])
@pytest.mark.parametrize("unit", ["percent", "cases"])
def test_no_tick_of_an_axis_reads_like_another(name, unit, first, step, en):
    years = "\n".join(
        f"health.births | KZ | {year} | {first + step * (n % 5):.4f}"
        for n, year in enumerate(range(2010, 2025))
    )
    data = dataset(
        "2025-01-31",
        registry=registry(f"indicator_id | unit\nhealth.births | {unit}"),
        observations=f"indicator_id | region_id | period | value\n{years}",
    )

    labels = tick_labels(charts.CHARTS[name].draw(data, "health.births", en))

    assert labels
    for axis in labels:
        numbers = Counter(label for label in axis if re.fullmatch(r"[\d.,\u2212]+", label))
        assert max(numbers.values(), default=1) == 1, axis
