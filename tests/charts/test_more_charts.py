"""What the charts of signals, slips, steps and places draw, worked by hand."""

import dataclasses
from itertools import pairwise

import pytest

from delivery_analytics import charts
from delivery_analytics.analytics import spending, status
from delivery_analytics.wording.wording import open_wording
from tests.support.charted import drawn
from tests.support.tables import dataset, registry

KNOWN = registry("""
    indicator_id     | direction | unit    | frequency
    health.births    | increase  | percent | annual
    health.mortality | decrease  | cases   | annual
""")


@pytest.fixture(scope="module")
def en():
    return open_wording("en")


def births(*values, first=2013):
    return "indicator_id | region_id | period | value\n" + "\n".join(
        f"health.births | KZ | {first + n} | {value}" for n, value in enumerate(values)
    )


def test_a_control_chart_says_what_the_last_figure_signals_and_where_the_limits_are(en):
    # Ranges of 1, 3, 2, 2 in turn, and 20 at the end: that one is screened out of the limits.
    figures = (50, 51, 54, 52, 50, 51, 54, 52, 50, 51, 54, 74)
    data = dataset("2025-01-31", registry=KNOWN, observations=births(*figures))
    figure = charts.control_chart(data, "health.births", en)

    assert figure.title == "health.births: 74.0\u00a0% for 2024, improvement"
    last = figure.table.iloc[-1]
    mean = sum(figures) / len(figures)
    ranges = [abs(b - a) for a, b in pairwise(figures[:-1])]
    assert last["mean"] == pytest.approx(mean)
    assert last["upper"] == pytest.approx(mean + 2.66 * sum(ranges) / len(ranges))
    assert "For trial: fewer than 13 figures" in figure.footnote
    assert figure.native is not None
    assert [one.name for one in figure.native.series] == [
        "Observed", "Mean", "Lower limit", "Upper limit",
    ]  # fmt: skip


def test_a_constant_series_has_no_limits_and_the_title_says_so(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=births(*[50] * 12))
    figure = charts.control_chart(data, "health.births", en)

    assert "too few different changes for limits" in figure.title
    assert figure.table["upper"].isna().all()


INSTRUCTIONS = """
    instruction_id | executor | due_on_original | due_on     | extensions | control | act
    i1             | MoH      | 2024-12-31      | 2024-12-31 |          0 | special | a
    i2             | MoH      | 2024-12-31      | 2025-01-26 |          1 | special | a
    i3             | MoE      | 2024-06-30      | 2024-06-30 |          0 | special | a
    secret         | MoD      | 2020-06-30      | 2020-06-30 |          0 | special | 12-5/123дсп
"""


def test_the_ageing_counts_each_overdue_instruction_once_and_no_restricted_one(en):
    data = dataset("2025-01-31", registry=KNOWN, instructions=INSTRUCTIONS)
    figure = charts.instructions_ageing(data, en)

    assert figure.title == "Overdue: 3 instructions, the longest for 215 days: MoE"
    table = figure.table.set_index("executor")
    assert table.loc["MoH", ["to_10", "to_30", "to_90", "over_90"]].tolist() == [1, 0, 1, 0]
    assert table.loc["MoE", "over_90"] == 1
    assert "MoD" not in table.index
    marks = drawn(figure, "name", "bucket", "n")
    assert sorted(marks) == [
        ("MoE", "over 90 days", 1), ("MoH", "1 to 10 days", 1), ("MoH", "31 to 90 days", 1),
    ]  # fmt: skip


MILESTONES = """
    milestone_id | reported_on | title  | owner | due_on     | expected_on
    m1           | 2024-01-01  | Bridge | MoT   | 2024-04-10 | 2024-04-10
    m1           | 2024-02-01  | Bridge | MoT   | 2024-04-10 | 2024-05-10
    m2           | 2024-01-01  | Road   | MoT   | 2024-06-30 | 2024-06-30
    m2           | 2024-02-01  | Road   | MoT   | 2024-06-30 | 2024-06-30
"""


def test_slips_are_counted_from_the_first_promise(en):
    history = dataset(registry=KNOWN, milestones=MILESTONES).learned_by("2025-01-31")
    figure = charts.milestone_slips(history, en)

    assert figure.title == "Slipped: 1 milestone, most of all by 30 days: Bridge"
    assert sorted(drawn(figure, "name", "slip_days")) == [("Bridge", 0), ("Bridge", 30)]
    assert figure.table["slip_days"].tolist() == [30, 0]


def test_the_steps_from_plan_to_spending_add_up(en):
    spent = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | h1      | 2024-02 |  200 |    150 | yes
        education | e1      | 2024-02 |  100 |    110 | yes
        energy    | x1      | 2024-02 |   70 |        | yes
    """
    data = dataset("2024-12-31", registry=KNOWN, spending=spent)
    figure = charts.spending_waterfall(spending.execution(data), en, data.registry, data=data)

    steps = {name: (start, end) for name, start, end in drawn(figure, "name", "start", "end")}
    assert steps["health"] == (300, 250)
    assert steps["education"] == (250, 260)
    assert steps["Spent"][1] == 260
    assert "energy" not in steps  # it did not report, and is not a saving
    assert figure.title == "₸40 was not spent, most of it in health: ₸50"


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
    figure = charts.way_to_target(status.assess(data), data.registry, en, data=data)

    table = figure.table.set_index("name")
    assert table["done"].tolist() == [25, -50]
    assert table.loc["health.births", "planned"] == pytest.approx(100 * 366 / 731)
    assert figure.title.startswith("0 of 2 indicators")


def test_every_month_is_judged_with_what_was_known_at_its_end(en):
    reported = """
        indicator_id  | period | value | reported_on
        health.births | 2023   |    70 | 2024-11-15
        health.births | 2023   |    50 | 2024-12-15
    """
    targets = """
        indicator_id  | due_on     | kind     | value | set_on
        health.births | 2022-12-31 | baseline |    60 | 2023-01-01
        health.births | 2025-12-31 | final    |    90 | 2023-01-01
    """
    history = dataset(registry=KNOWN, observations=reported, targets=targets)
    figure = charts.status_months(history.learned_by("2025-01-31"), en, months=4)

    births = figure.table[figure.table["sector"] == "health"]
    assert births["period"].tolist() == ["2024-10", "2024-11", "2024-12", "2025-01"]
    assert births["judged"].tolist() == [0, 1, 1, 1]
    assert births["good"].tolist() == [0, 1, 0, 0]


REGIONS = """
    indicator_id  | region_id | period | value
    health.births | KZ        | 2022   |    60
    health.births | KZ        | 2023   |    61
    health.births | KZ        | 2024   |    62
    health.births | KZ-10     | 2022   |    50
    health.births | KZ-10     | 2023   |    51
    health.births | KZ-10     | 2024   |    52
    health.births | KZ-71     | 2022   |    80
    health.births | KZ-71     | 2024   |    70
"""


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


def test_small_multiples_have_a_line_a_region_with_the_country_behind(en):
    data = dataset("2025-01-31", registry=KNOWN, observations=REGIONS)
    figure = charts.small_multiples(data, "health.births", en)

    assert charts.has_lines(data, "health.births")
    assert figure.title == "health.births: rose in 1 and fell in 1 of 2 regions since 2022"
    assert figure.native is not None
    names = [one.name for one in figure.native.series]
    assert names == ["KZ-10", "KZ-71", "The country"]
    assert figure.native.series[1].values == [80, None, 70]
