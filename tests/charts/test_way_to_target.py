"""How far on its way an indicator is, worked by hand."""

import pytest

from delivery_analytics import charts
from delivery_analytics.analytics import rollup, status
from tests.charts.conftest import KNOWN
from tests.support.charted import drawn
from tests.support.tables import dataset, registry


def test_the_way_to_the_target_is_a_share_of_the_whole_way(en):
    data = dataset(
        "2025-01-31",
        registry=KNOWN,
        observations="indicator_id | period | value\n health.births | 2024 | 70\n"
        " health.mortality | 2024 | 20",
        targets="""
            indicator_id     | due_on     | kind     | value
            health.births    | 2023-12-31 | baseline |    60
            health.births    | 2025-12-31 | final    |   100
            health.mortality | 2023-12-31 | baseline |    16
            health.mortality | 2025-12-31 | final    |     8
        """,
    )
    figure = charts.way_to_target(data, en)

    table = figure.table.set_index("name")
    # The worst first, as every list has it.
    assert table["done"].tolist() == [-50, 25]
    assert table.loc["health.births", "planned"] == pytest.approx(100 * 366 / 731)
    assert figure.title.startswith("0 of 2 indicators")


KEPT = """
    indicator_id  | direction | tolerance | unit    | high
    health.ph     | maintain  |       0.3 | cases   |
    health.access | maintain  |         5 | percent | 100
    health.births | increase  |           | percent |
    health.exact  | maintain  |         0 | percent |
"""


def kept(**values):
    """A level to be kept that began off it, as the acidity of a sea: 8.04, to be 8."""
    figures = "indicator_id | period | value\n health.births | 2024 | 70\n"
    figures += "\n".join(f"health.{name} | 2024 | {value}" for name, value in values.items())
    return dataset(
        "2025-01-31",
        registry=registry(KEPT),
        observations=figures,
        targets="""
            indicator_id  | due_on     | kind     | value
            health.births | 2023-12-31 | baseline |    60
            health.births | 2025-12-31 | final    |   100
            health.ph     | 2023-12-31 | baseline |  8.04
            health.ph     | 2025-12-31 | final    |     8
            health.access | 2023-12-31 | baseline |    97
            health.access | 2025-12-31 | final    |    98
            health.exact  | 2025-12-31 | final    |    50
        """,
    )


def test_what_is_to_be_kept_has_no_way_and_no_share_of_a_change(en):
    # As seen: pH 7.82 was "550 % of the way" from 8.04 to 8, and headed the table.
    data = kept(ph=7.22, access=85)
    assessments = status.assess(data)

    table = charts.way_to_target(data, en, assessments=assessments).table
    assert table["name"].tolist() == ["health.births"]
    behind = rollup.deviations(assessments, data)
    assert set(behind["status"]) == {"off_track"} and len(behind) == 3
    assert "gap_share" not in behind


@pytest.mark.parametrize(
    ("name", "value", "title", "band"),
    [
        ("ph", 7.82, "health.ph: on track, 7.8 for 2024; to stay between 7.7 and 8.3", (7.7, 8.3)),
        (
            "access", 85,
            "health.access: off track, 85.0% for 2024; to stay between 93.0% and 100.0%",
            (93, 100),
        ),
        (
            "exact", 49,
            "health.exact: off track, 49.0% for 2024; to stay at 50.0%", (50, 50),
        ),
    ],
)  # fmt: skip
def test_the_picture_of_what_is_to_be_kept_is_its_band(en, name, value, title, band):
    data = kept(**{name: value})
    figure = charts.trajectory(data, f"health.{name}", en)

    assert figure.title == title
    edges = drawn(figure, "value", "high")
    assert edges and all(edge == pytest.approx(band) for edge in edges)
    assert figure.native is not None
    native = {one.name: [*one.values] for one in figure.native.series}
    final = {"ph": 8, "access": 98, "exact": 50}[name]
    lines = zip(native["Lower limit"], native["Expected"], native["Upper limit"], strict=True)
    assert all(line == pytest.approx((band[0], final, band[1])) for line in lines)
    row = status.assess(data).set_index("indicator_id").loc[f"health.{name}"]
    assert row["expected_value"] == final
