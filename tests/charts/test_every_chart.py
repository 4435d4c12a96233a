"""What holds for every chart, of whatever it is drawn."""

import dataclasses
import json
from datetime import date

import pandas as pd
import pytest

from delivery_analytics import charts
from delivery_analytics.model import schema
from delivery_analytics.model.definitions import Challenge
from delivery_analytics.report import still, theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import open_wording
from tests.support.charted import drawn, fields, spec, text_of, unlike, walk
from tests.support.tables import dataset, registry, rows

HOSTILE = '</script><img src=x onerror="alert(1)">\u202e{datum.x}\ufffe'


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


def draw(name, data, words):
    """Draw a chart as its entry in the table says, and as every chart is called."""
    chart = charts.CHARTS[name]
    about = {"indicator_id": "health.births", "challenge_id": "c"}
    return chart.draw(data, *(about[key] for key in chart.subject), words)


NAMES = sorted(charts.CHARTS)


@pytest.fixture(scope="module")
def figures(data, en):
    return {name: draw(name, challenged(data), en) for name in NAMES}


@pytest.fixture(params=NAMES)
def figure(request, figures):
    return figures[request.param]


@pytest.fixture(scope="module", params=NAMES)
def empty_figure(request, en):
    about_one = "indicator_id" in charts.CHARTS[request.param].subject
    agreed = registry("indicator_id\nhealth.births") if about_one else registry()
    nothing = dataclasses.replace(
        challenged(dataset("2025-01-31", registry=agreed)),
        tables={"challenges": schema.empty("challenges")},
    )
    return draw(request.param, nothing, en)


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

    for name in NAMES:
        figure = draw(name, challenged(data), words)
        options = spec(figure)["usermeta"]["embedOptions"]
        assert options["formatLocale"]["decimal"] == ","
        assert options["timeFormatLocale"] == words.vega_locale()["time"]


def test_every_native_chart_has_a_value_for_every_category(figure):
    if figure.native is not None:
        sizes = {len(series.values) for series in figure.native.series}
        assert sizes == {len(figure.native.categories)}


def test_every_native_chart_holds_what_is_drawn_and_counted(figure):
    """What a title counts is in the chart, and no bar says what the table does not."""
    assert not unlike(figure)


def test_only_a_status_has_the_colour_of_one(figure):
    mean = {one.colour for one in theme.STATUS_STYLE.values()} - {
        theme.DARK_BLUE,
        theme.MID_GREY,
    }
    for series in figure.native.series if figure.native else ():
        assert series.role in theme.STATUS_STYLE or theme.role_colour(series.role) not in mean


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
