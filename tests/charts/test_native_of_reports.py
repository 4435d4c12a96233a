"""What decks draw natively is what pages draw: every chart of one report of each kind."""

from inspect import signature

import pytest

from delivery_analytics import charts
from delivery_analytics.analytics.returns_due import regional_indicators
from delivery_analytics.analytics.status import assess
from delivery_analytics.wording.wording import open_wording
from tests.support.charted import unlike

KINDS = {
    "nation": {},
    "sector": {"sector_id": "healthcare"},
    "programme": {"programme_id": "human_capital"},
}


@pytest.fixture(scope="module")
def known(example_data):
    return example_data.known_on("2025-01-31")


def drawn_of(data, history, words):
    """Yield every chart that a report of these data may have."""
    judged = {"assessments": assess(data)}
    for chart in charts.CHARTS.values():
        if not chart.subject:
            revised = "history" in signature(chart.draw).parameters
            yield chart.draw(data, words, **({"history": history} if revised else {}))
    for key in data.registry.indicators:
        yield charts.trajectory(data, key, words, **judged)
    for key in regional_indicators(data):
        yield charts.regions_bar(data, key, words, **judged)
        yield charts.small_multiples(data, key, words)


@pytest.mark.parametrize(
    ("kind", "language"), [("nation", "en"), ("sector", "kk"), ("programme", "ru")]
)
def test_every_native_chart_of_a_report_is_what_is_drawn_and_counted(
    kind, language, known, example_data
):
    history = example_data.learned_by("2025-01-31")
    if KINDS[kind]:
        known, history = known.where(**KINDS[kind]), history.where(**KINDS[kind])
    figures = [*drawn_of(known, history, open_wording(language))]

    assert sum(figure.native is not None for figure in figures) > 10
    assert {one.title: told for one in figures if (told := unlike(one))} == {}


def test_every_native_chart_of_a_region_and_of_a_challenge_is_what_is_drawn(known):
    words, place = open_wording("ru"), {"region_id": "KZ-47", "assessments": assess(known)}
    figures = [
        draw(known, key, words, **place)
        for key in regional_indicators(known)
        for draw in (charts.regions_bar, charts.trajectory)
    ]
    figures += [charts.hundred_days(known, key, words) for key in known.registry.challenges]

    assert {one.title: told for one in figures if (told := unlike(one))} == {}
