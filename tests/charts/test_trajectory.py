"""An indicator against its path."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import charts
from delivery_analytics.charts import drawing
from delivery_analytics.model import schema
from delivery_analytics.report import still, theme
from tests.charts.conftest import INDICATORS, TARGETS
from tests.support.charted import drawn, marks, spec, text_of, walk
from tests.support.tables import dataset, registry


def test_the_title_gives_the_judged_figure_and_what_was_expected(data, assessments, en):
    figure = charts.trajectory(data, "health.births", en)

    assert figure.title == ("health.births: off track, 75.0% for 2024, against 80.0% expected")
    assert "75.0" in figure.notes[0] and "80.0" in figure.notes[0]
    assert "Targets are illustrative" in figure.footnote
    assert "As at 31 January 2025" in figure.footnote


def test_a_missing_figure_and_a_period_left_out_break_the_line(data, en):
    births = drawn(charts.trajectory(data, "health.births", en), "day", "segment")
    visits = drawn(charts.trajectory(data, "health.visits", en), "day", "segment")

    assert [day[:4] for day, _ in births] == ["2020", "2021", "2023", "2024"]
    assert births[0][1] == births[1][1] != births[2][1] == births[3][1]
    assert [day[5:7] for day, _ in visits] == ["03", "06", "12"]
    assert visits[0][1] == visits[1][1] != visits[2][1]


def test_the_subtitle_spans_the_figures_that_there_are(en):
    held = dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations="""
            indicator_id  | period | value
            health.births | 2020   |
            health.births | 2021   | 61
            health.births | 2023   | 63
            health.births | 2024   |
        """,
    )
    figure = charts.trajectory(held, "health.births", en)

    assert figure.subtitle.endswith(", 2021 to 2023")


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


def test_the_last_figure_has_the_shape_of_its_status_and_its_word(data, en):
    figure = charts.trajectory(data, "health.births", en)
    shapes = [node.get("shape") for node in walk(spec(figure)) if node.get("type") == "point"]
    labels = [label for (label,) in drawn(figure, "label")]

    assert theme.STATUS_STYLE["off_track"].shape in shapes
    assert "75.0%\nOff track" in labels


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
    assert float(tops[0]) + drawing.LINE < 300


def test_a_target_without_any_figure_is_drawn_and_nothing_is_said_to_be_observed(data, en):
    figure = charts.trajectory(data, "education.kinder", en)

    assert figure.title == "education.kinder: no data reported yet"
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


def fanned(figures, language, *, unit="percent"):
    years = range(2025 - len(figures), 2025)
    one = dataset(
        "2025-01-31",
        registry=registry(f"indicator_id | unit\n health.births | {unit}"),
        observations="indicator_id | period | value\n"
        + "\n".join(f"health.births | {y} | {x}" for y, x in zip(years, figures, strict=True)),
        targets="indicator_id | due_on | kind | value\n"
        " health.births | 2019-12-31 | baseline | 10\n health.births | 2027-12-31 | final | 30",
    )
    return charts.trajectory(one, "health.births", language, fan=True)


def test_a_fan_stays_within_the_natural_ends_and_is_drawn_of_four_figures_too(en):
    for figures in ([9, 7, 6, 4, 3, 1], [9, 6, 4, 1]):
        figure = fanned(figures, en, unit="cases")
        band = drawn(figure, "day", "value", "high")

        assert "Shaded: a forecast" in figure.footnote
        assert [day[:4] for day, *_ in band] == ["2024", "2025", "2026", "2027"]
        assert min(low for _, low, _ in band) == 0
        assert band[0][1:] == (1, 1)


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ([5] * 7, "stood still half of the time or more"),
        ([10, 11, 10, 11, 10, 11, 30], "far from what those before it led to expect"),
        ([10, 11, 12], "fewer than five figures"),
    ],
)
def test_where_no_fan_may_be_drawn_the_note_says_why(en, figures, reason):
    figure = fanned(figures, en)

    assert "The fan is" not in figure.footnote
    assert "No forecast is drawn: " in figure.footnote
    assert reason in figure.footnote
    assert not drawn(figure, "day", "value", "high")


def test_the_native_chart_marks_the_judged_figure_by_a_series_of_its_own(data, en):
    native = charts.trajectory(data, "health.births", en).native
    [status] = [series for series in native.series if series.role in theme.STATUS_STYLE]
    [observed] = [series for series in native.series if series.role == "observed"]

    assert status.name == f"{en.status(status.role)}, 2024"
    [value] = [value for value in status.values if value is not None]
    assert value == observed.values[status.values.index(value)]
