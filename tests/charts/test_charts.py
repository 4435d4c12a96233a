import dataclasses
import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import charts
from delivery_analytics.analytics import quality, spending, status
from delivery_analytics.charts import common
from delivery_analytics.model import schema
from delivery_analytics.model.registry import Challenge
from delivery_analytics.report import still, theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import open_wording
from tests.support.charted import drawn, fields, marks, spec, text_of, walk
from tests.support.tables import dataset, registry, rows

INDICATORS = """
    indicator_id     | direction | unit    | frequency
    health.births    | increase  | percent | annual
    health.mortality | decrease  | cases   | annual
    health.visits    | increase  | cases   | quarterly
    health.silent    | increase  | percent | annual
    education.kinder | increase  | percent | annual
"""
OBSERVED = """
    indicator_id     | region_id | period  | value | obs_status
    health.births    | KZ        | 2020    |    62 | normal
    health.births    | KZ        | 2021    |    64 | normal
    health.births    | KZ        | 2022    |       | missing
    health.births    | KZ        | 2023    |    70 | provisional
    health.births    | KZ        | 2024    |    75 | normal
    health.births    | KZ-10     | 2024    |       | missing
    health.births    | KZ-71     | 2024    |    81 | normal
    health.births    | KZ-75     | 2023    |    66 | normal
    health.mortality | KZ        | 2024    |    12 | normal
    health.visits    | KZ        | 2024-Q1 |   900 | normal
    health.visits    | KZ        | 2024-Q2 |  1000 | normal
    health.visits    | KZ        | 2024-Q4 |  1250 | normal
"""
TARGETS = """
    indicator_id     | due_on     | kind     | value | illustrative
    health.births    | 2020-12-31 | baseline |    60 | no
    health.births    | 2024-12-31 | interim  |    80 | no
    health.births    | 2030-12-31 | final    |   100 | yes
    health.mortality | 2020-12-31 | baseline |    20 | no
    health.mortality | 2028-12-31 | final    |     8 | no
    education.kinder | 2020-12-31 | baseline |    50 | no
    education.kinder | 2030-12-31 | final    |    90 | no
"""
SPENT = """
    sector_id | line_id | period  | plan | actual | cumulative
    health    | h1      | 2024-01 |  100 |     90 | yes
    health    | h1      | 2024-02 |  200 |    150 | yes
    health    | h2      | 2024-01 |   40 |        | yes
    health    | h2      | 2024-02 |   80 |        | yes
    education | e1      | 2024-01 |   50 |     50 | yes
    education | e1      | 2024-02 |  100 |    110 | yes
    energy    | x1      | 2024-02 |   70 |        | yes
"""
MILESTONES = """
    milestone_id | title        | owner | due_on     | expected_on | completed_on
    m1           | Build clinic | MoH   | 2024-12-01 | 2025-06-01  |
    m2           | Train nurses | MoH   | 2024-06-30 |             | 2024-06-20
    m3           | Open school  | MoE   | 2025-03-01 | 2025-05-01  |
    m4           | No day at all| MoE   |            |             |
"""
INSTRUCTIONS = """
    instruction_id | executor | due_on_original | due_on     | extensions | control
    i1             | MoH      | 2024-12-31      | 2024-12-31 |          0 | special
    i2             | MoH      | 2024-12-31      | 2025-01-26 |          1 | special
    i3             | MoE      | 2024-06-30      | 2024-06-30 |          0 | special
    i4             | MoE      | 2025-06-30      | 2025-06-30 |          0 | special
"""
HOSTILE = '</script><img src=x onerror="alert(1)">\u202e{datum.x}\ufffe'


@pytest.fixture(scope="module")
def en():
    return open_wording("en")


@pytest.fixture(scope="module")
def data():
    return dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations=OBSERVED,
        targets=TARGETS,
        spending=SPENT,
        milestones=MILESTONES,
        instructions=INSTRUCTIONS,
    )


@pytest.fixture(scope="module")
def assessments(data):
    return status.assess(data)


def challenged(data, results="challenge_id | day | value"):
    """Return `data` with one challenge that began on the first of January 2025."""
    if not len(data.challenges):
        drawn = results + "\n c | 1 | 40\n c | 8 | 36\n c | 15 | 35\n c | 22 | 30"
        data = dataclasses.replace(
            data, tables={**data.tables, "challenges": rows("challenges", drawn)}
        )
    one = Challenge(
        "c", "health", {"en": "Days to wait"}, {"en": "At most ten"}, "years", "decrease",
        date(2025, 1, 1), 10.0, base=40.0,
    )  # fmt: skip
    known = dataclasses.replace(data.registry, challenges={"c": one})
    return dataclasses.replace(data, registry=known)


def every_chart(data, words):
    """Return each chart there is, drawn from the same data."""
    registry, judged = data.registry, status.assess(data)
    return {
        "trajectory": charts.trajectory(data, "health.births", words),
        "status_grid": charts.status_grid(judged, registry, words, data=data),
        "status_cells": charts.status_cells(judged, registry, words, data=data),
        "deviations": charts.deviations(judged, registry, words, data=data),
        "regions_bar": charts.regions_bar(data, "health.births", words),
        "spending_bars": charts.spending_bars(spending.execution(data), words, registry),
        "spending_line": charts.spending_line(spending.monthly(data), words, registry),
        "milestones_timeline": charts.milestones_timeline(data, words),
        "hundred_days": charts.hundred_days(challenged(data), "c", words),
        "control_chart": charts.control_chart(data, "health.births", words),
        "instructions_ageing": charts.instructions_ageing(data, words),
        "milestone_slips": charts.milestone_slips(data, words),
        "small_multiples": charts.small_multiples(data, "health.births", words),
        "spending_waterfall": charts.spending_waterfall(
            spending.execution(data), words, registry, data=data
        ),
        "status_months": charts.status_months(data, words, months=2),
        "tile_map": charts.tile_map(data, "health.births", words),
        "way_to_target": charts.way_to_target(judged, registry, words, data=data),
        "returns_received": charts.returns_received(
            quality.returns_received(data), words, registry, data=data
        ),
    }


NAMES = sorted({*charts.__all__} - {"has_lines"})


@pytest.fixture(scope="module")
def figures(data, en):
    return every_chart(data, en)


@pytest.fixture(params=NAMES)
def figure(request, figures):
    return figures[request.param]


@pytest.fixture(scope="module", params=NAMES)
def empty_figure(request, en):
    nothing = dataset("2025-01-31", registry=registry())
    about_one = ("trajectory", "regions_bar", "control_chart", "small_multiples", "tile_map")
    if request.param in about_one:
        agreed = registry("indicator_id\nhealth.births")
        nothing = dataclasses.replace(nothing, registry=agreed)
        return getattr(charts, request.param)(nothing, "health.births", en)
    empty = schema.empty("assessments")
    unheard = dataclasses.replace(
        challenged(nothing), tables={"challenges": schema.empty("challenges")}
    )
    tables = {
        "status_grid": (empty, nothing.registry, en),
        "status_cells": (empty, nothing.registry, en),
        "deviations": (empty, nothing.registry, en),
        "spending_bars": (spending.execution(nothing), en, nothing.registry),
        "spending_line": (spending.monthly(nothing), en, nothing.registry),
        "milestones_timeline": (nothing, en),
        "hundred_days": (unheard, "c", en),
        "instructions_ageing": (nothing, en),
        "milestone_slips": (nothing, en),
        "spending_waterfall": (spending.execution(nothing), en, nothing.registry),
        "status_months": (nothing, en),
        "returns_received": (quality.returns_received(nothing), en, nothing.registry),
    }
    if request.param == "way_to_target":
        return charts.way_to_target(empty, nothing.registry, en, data=nothing)
    return getattr(charts, request.param)(*tables[request.param])


# What holds for every chart


def test_every_chart_has_all_its_words_and_a_table_with_the_columns_it_describes(figure):
    assert isinstance(figure, Figure)
    assert figure.title and figure.subtitle
    assert figure.title.rstrip(".") in figure.alt
    assert list(figure.table.columns) == [column.key for column in figure.columns]
    assert len(figure.table) > 0


def test_every_chart_encodes_plain_fields_and_refers_to_nothing(figure):
    assert all(name.replace("_", "").isalnum() and name.islower() for name in fields(figure))
    for node in walk(spec(figure)):
        assert not {"href", "url", "expr", "transform", "bind"} & set(node)
        # A reader may pick marks; nothing else may be set from outside.
        assert all(set(one) <= {"name", "select", "views"} for one in node.get("params", []))
        assert node.get("type") != "image"


def test_every_chart_is_drawn_as_a_picture_without_style_or_script_or_id(figure):
    svg = still.svg(figure)

    assert text_of(svg)
    for hole in (" style=", " id=", "<script", "<style", "href=", "<image"):
        assert hole not in svg


def test_every_chart_carries_the_numbers_and_months_of_its_language(data):
    words = open_wording("ru")

    for figure in every_chart(data, words).values():
        options = spec(figure)["usermeta"]["embedOptions"]
        assert options["formatLocale"]["decimal"] == ","
        assert options["timeFormatLocale"] == words.vega_locale()["time"]


def test_every_native_chart_has_a_value_for_every_category(figure):
    if figure.native is not None:
        sizes = {len(series.values) for series in figure.native.series}
        assert sizes == {len(figure.native.categories)}


def test_every_chart_without_data_says_so_and_is_still_a_picture(empty_figure):
    columns = [column.key for column in empty_figure.columns]
    assert list(empty_figure.table.columns) == columns
    assert empty_figure.alt
    assert still.png(empty_figure, scale=1).startswith(b"\x89PNG")
    (said,) = drawn(empty_figure, "said")
    assert said[0] in ("No data", "No indicator is at risk or off track")


def test_what_was_sent_is_text_and_never_markup_or_an_expression(data, en):
    sent = data.milestones.assign(title=HOSTILE, owner=HOSTILE)
    sources = schema.conform(
        "sources", pd.DataFrame({"source_id": ["source"], "path": [f"data/raw/{HOSTILE}"]})
    )
    hostile = dataclasses.replace(
        data, tables={**data.tables, "milestones": sent, "sources": sources}
    )

    figure = charts.milestones_timeline(hostile, en)
    svg = still.svg(figure)

    assert "<img" not in svg and "</script" not in svg
    assert "&lt;img" in svg
    assert "\u202e" not in svg and "\ufffd" in svg
    json.dumps(spec(figure), ensure_ascii=False).encode("utf-8")
    (figure.footnote + figure.alt).encode("utf-8")


# An indicator against its path


def test_the_title_gives_the_judged_figure_and_what_was_expected(data, assessments, en):
    figure = charts.trajectory(data, "health.births", en)

    assert figure.title == (
        "health.births: off track, 75.0\u00a0% for 2024 against 80.0\u00a0% expected"
    )
    assert "75.0" in figure.notes[0] and "80.0" in figure.notes[0]
    assert "Targets are illustrative" in figure.footnote
    assert "As of 31 January 2025" in figure.footnote


def test_a_missing_figure_and_a_period_left_out_break_the_line(data, en):
    births = drawn(charts.trajectory(data, "health.births", en), "day", "segment")
    visits = drawn(charts.trajectory(data, "health.visits", en), "day", "segment")

    assert [day[:4] for day, _ in births] == ["2020", "2021", "2023", "2024"]
    assert births[0][1] == births[1][1] != births[2][1] == births[3][1]
    assert [day[5:7] for day, _ in visits] == ["03", "06", "12"]
    assert visits[0][1] == visits[1][1] != visits[2][1]


def test_the_path_runs_through_the_promises_and_each_of_them_is_a_diamond(data, en):
    figure = charts.trajectory(data, "health.births", en)
    points = drawn(figure, "day", "value", "series")

    assert [point[1:] for point in points if point[2] != "Observed"] == [
        (60, "Baseline"),
        (80, "Target"),
        (100, "Target"),
    ]
    expected = {row[:4]: value for row, value in drawn(figure, "day", "value")}
    assert expected["2030"] == 100


def test_the_last_figure_has_the_shape_of_its_status_and_its_letter_and_word(data, en):
    figure = charts.trajectory(data, "health.births", en)
    shapes = [node.get("shape") for node in walk(spec(figure)) if node.get("type") == "point"]
    labels = [label for (label,) in drawn(figure, "label")]

    assert theme.STATUS_STYLE["off_track"].shape in shapes
    assert "75.0\u00a0%\nF – Off track" in labels


@pytest.mark.parametrize("value", [1, 4, 30, 61, 62])
def test_the_last_figures_label_lies_on_no_axis(en, value):
    before = min(value, 60)
    one = dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations=f"""
            indicator_id  | period | value
            health.births | 2023   | {before}
            health.births | 2024   | {value}
        """,
        targets=TARGETS.replace("|    60 | no", f"|    {before} | no"),
    )
    svg = still.svg(charts.trajectory(one, "health.births", en))
    tops = re.findall(r"Off track\"[^>]*translate\([\d.]+,([\d.]+)\)", svg)

    assert len(tops) == 2  # the letters and their halo
    assert float(tops[0]) + common.LINE < 300


def test_a_target_without_any_figure_is_drawn_and_nothing_is_said_to_be_observed(data, en):
    figure = charts.trajectory(data, "education.kinder", en)

    assert figure.title == "education.kinder: nothing is reported yet"
    assert {row["series"] for row in marks(figure, "series")} == {"Baseline", "Target"}
    assert "observed" not in {series.role for series in figure.native.series}


def test_figures_without_a_target_are_drawn_and_not_judged(data, en):
    figure = charts.trajectory(data, "health.visits", en)

    assert figure.title == "health.visits: not judged, 1,250.0 for Q4 2024"
    assert {row["series"] for row in marks(figure, "series")} == {"Observed"}


def test_a_region_is_drawn_by_its_own_rows(data, en):
    figure = charts.trajectory(data, "health.births", en, region_id="KZ-71")

    assert figure.table["value"].tolist() == [81]
    assert "KZ-71" in figure.subtitle


def test_a_single_figure_is_a_point(en):
    one = dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations="indicator_id|period|value\nhealth.births|2024|75",
    )

    figure = charts.trajectory(one, "health.births", en)

    assert drawn(figure, "day", "segment") == [("2024-12-31T00:00:00", 1)]
    assert any("75.0" in text for text in text_of(still.svg(figure)))


def test_infinity_is_no_figure(en):
    data = dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations="indicator_id|period|value\nhealth.births|2023|70\nhealth.births|2024|75",
    )
    broken = data.observations.assign(value=[70, np.inf])
    data = dataclasses.replace(data, tables={**data.tables, "observations": broken})

    figure = charts.trajectory(data, "health.births", en)

    assert [day[:4] for day, _ in drawn(figure, "day", "segment")] == ["2023"]
    assert "70.0" in figure.title


def test_the_native_chart_has_a_gap_where_nothing_was_reported(data, en):
    native = charts.trajectory(data, "health.births", en).native
    lines = {series.role: series.values for series in native.series}

    assert native.categories == [str(year) for year in range(2020, 2031)]
    assert lines["observed"] == [62, 64, None, 70, 75, *[None] * 6]
    assert lines["expected"][0] == 60
    assert lines["expected"][4] == 80
    assert lines["target"] == [*[None] * 4, 80, *[None] * 5, 100]


def test_each_figure_names_its_cell(data, en):
    sources = pd.DataFrame({"source_id": ["source"], "path": ["data/raw/health/h.xlsx"]})
    tables = {**data.tables, "sources": schema.conform("sources", sources)}

    figure = charts.trajectory(dataclasses.replace(data, tables=tables), "health.births", en)

    assert figure.table["source"].iloc[0].startswith("h.xlsx, Sheet!B")
    assert figure.footnote.startswith("Source: h.xlsx")


def test_the_axis_names_the_year_of_a_figure_at_the_day_it_stands_on(data, en):
    ticks = drawn(charts.trajectory(data, "health.births", en), "day", "label")

    assert ("2024-12-31T00:00:00", "2024") in ticks


# Where indicators stand


def test_statuses_are_counted_per_sector_and_the_title_adds_them_up(assessments, data, en):
    figure = charts.status_grid(assessments, data.registry, en)

    assert figure.title == "1 of 5 indicators are achieved or on track, 1 off track"
    assert figure.table.loc[0, ["name", "on_track", "off_track", "indicators"]].tolist() == [
        "health", 1, 1, 4,
    ]  # fmt: skip
    assert set(drawn(figure, "name", "said", "count")) == {
        ("health", "On track", 1),
        ("health", "Off track", 1),
        ("health", "Not judged", 2),
        ("education", "Not judged", 1),
    }


def test_segments_lie_side_by_side_from_zero_best_first(assessments, data, en):
    figure = charts.status_grid(assessments, data.registry, en)
    health = [
        row for row in drawn(figure, "name", "since", "until", "text") if row[0] == "health"
    ]

    assert health == [
        ("health", 0, 1, "● 1"),
        ("health", 1, 2, "■ 1"),
        ("health", 2, 4, "○ 2"),
    ]


def test_a_legend_names_every_status_present_by_letter_and_word(assessments, data, en):
    figure = charts.status_grid(assessments, data.registry, en)

    assert [label for (label,) in drawn(figure, "legend")] == [
        "T – On track",
        "F – Off track",
        "N – Not judged",
    ]


def test_a_cell_holds_the_shape_and_the_letter_of_its_status(assessments, data, en):
    figure = charts.status_cells(assessments, data.registry, en, data=data)
    cells = {
        (name, place): text for name, place, text in drawn(figure, "name", "place", "text")
    }

    assert cells["health.births", "KZ"].startswith("■ F")
    assert cells["health.mortality", "KZ"].startswith("● T")
    assert figure.table["status"].isin(schema.STATUSES).all()


def test_the_furthest_behind_is_first_with_its_gap_in_its_own_unit(assessments, data, en):
    figure = charts.deviations(assessments, data.registry, en)

    assert figure.title == (
        "1 indicator is at risk or off track; first in line: health.births, "
        "−5.0\u00a0pp from what was expected"
    )
    # Five of the forty points promised from 60 to 100.
    assert drawn(figure, "name", "missing", "percent") == [("health.births", 12.5, "13\u00a0%")]


def test_only_the_top_is_drawn_and_the_others_are_in_the_table(data, en):
    judged = rows(
        "assessments",
        """
        indicator_id     | period | value | baseline_value | expected_value | target_value | score | status    | reason
        education.kinder | 2024   |    60 |             50 |             70 |           90 |   0.5 | off_track | below_trajectory
        health.births    | 2024   |    75 |             60 |             80 |          100 |  0.75 | off_track | below_trajectory
        health.mortality | 2024   |    15 |             20 |             14 |            8 |   0.9 | at_risk   | below_trajectory
        """,
    )

    figure = charts.deviations(judged, data.registry, en, top=1)

    assert drawn(figure, "name", "missing") == [("education.kinder", 25)]
    assert len(figure.table) == 3
    assert "2 more in the table only" in figure.footnote


# Regions


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


# Money


def test_spending_is_compared_with_the_plan_of_the_same_lines(data, en):
    figure = charts.spending_bars(spending.execution(data), en, data.registry)

    # 150 of 200 and 110 of 100: 260 of 300.
    assert figure.title == "86.7\u00a0% of the plan is spent, least in health: 75.0\u00a0%"
    assert drawn(figure, "name", "plan", "actual", "percent") == [
        ("health", 200, 150, "75.0\u00a0%"),
        ("education", 100, 110, "110.0\u00a0%"),
    ]
    assert "Nothing reported: energy" in figure.footnote
    assert "2 of 4 budget lines" in figure.footnote


def test_bars_of_money_stand_on_zero(data, en):
    figure = charts.spending_bars(spending.execution(data), en, data.registry)
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec(figure)["layer"]
        if layer["mark"]["type"] == "bar"
    ]

    assert {low for low, _ in domains} == {0}


def test_the_plan_of_lines_reported_is_drawn_where_others_are_silent(data, en):
    figure = charts.spending_line(spending.monthly(data), en, data.registry)

    assert drawn(figure, "label", "series", "amount") == [
        ("Jan 2024", "Plan", 190),
        ("Feb 2024", "Plan", 450),
        ("Jan 2024", "Plan of the lines reported", 150),
        ("Feb 2024", "Plan of the lines reported", 300),
        ("Jan 2024", "Spent", 140),
        ("Feb 2024", "Spent", 260),
    ]
    assert "Spending is reported for 2 of 4 budget lines" in figure.footnote
    assert "86.7" in figure.title


def test_trillions_are_drawn_and_named_as_such(data, en):
    large = spending.execution(data).assign(plan=2.5e12, actual=1.25e12)

    figure = charts.spending_bars(large, en, data.registry)

    assert {plan for (plan,) in drawn(figure, "plan")} == {2.5}
    assert figure.native.axis_title == "KZT, trillion"


# Milestones and returns


def test_a_delay_is_a_line_from_the_day_promised(data, en):
    figure = charts.milestones_timeline(data, en)
    lines = drawn(figure, "row", "since", "until")

    assert lines == [
        ("Build clinic", "2024-12-01T00:00:00", "2025-06-01T00:00:00"),
        ("Open school", "2025-03-01T00:00:00", "2025-05-01T00:00:00"),
        ("Train nurses", "2024-06-30T00:00:00", "2024-06-20T00:00:00"),
    ]
    assert figure.title == "4 milestones: overdue 1, expected late 1, done 1"


def test_a_milestone_without_any_day_is_in_the_table_only(data, en):
    figure = charts.milestones_timeline(data, en)

    assert "No day at all" in figure.table["title"].tolist()
    assert "1 more in the table only" in figure.footnote


def test_returns_count_indicators_with_a_figure(data, en):
    figure = charts.returns_received(quality.returns_received(data), en, data.registry)

    assert figure.title == (
        "3 of 5 indicators have a figure; nothing came from: education, energy and silent"
    )
    assert drawn(figure, "name", "reported", "all") == [("health", 3, 4), ("education", 0, 1)]


# Parts


def test_rows_of_one_name_stay_apart():
    labels = common.row_labels(["Clinics", "Clinics", ""])

    assert len(set(labels)) == 3
    assert labels[0] == "Clinics"
    assert labels[1].strip("\u200b") == "Clinics"


def test_text_no_document_can_hold_is_replaced_and_a_number_keeps_its_no_break_space():
    assert common.clean("a\ud800b\x00c\n d") == "a\ufffdb\ufffdc d"
    assert common.clean("70.3\u00a0%") == "70.3\u00a0%"


def test_a_long_name_wraps_at_words_and_a_cut_shows():
    text = "Доля автомобильных дорог республиканского значения в нормативном состоянии"

    assert common.wrapped(text, width=34).split("\n") == [
        "Доля автомобильных дорог",
        "республиканского значения в …",
    ]


def test_a_footnote_names_three_files_and_counts_the_others(en):
    files = [f"data/raw/health/{letter}.xlsx" for letter in "edcba"]

    assert common.source_note(en, files=files, as_of=None) == (
        "Source: a.xlsx, b.xlsx, c.xlsx and 2 more"
    )
