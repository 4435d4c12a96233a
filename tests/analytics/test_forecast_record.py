"""Whether forecasts keep their word: what was said beside what came, worked by hand."""

import functools

import numpy as np
import pandas as pd
import pytest

from benchmarks import reliability
from delivery_analytics.analytics import forecast_record
from delivery_analytics.analytics.forecast import Run
from tests.support.shared import needs_shared


def tried(*figures, horizons=3):
    return forecast_record.trials(
        [Run(np.array(values, dtype=float)) for values in figures], horizons=horizons
    )


def test_every_origin_of_four_figures_or_more_is_tried_at_every_horizon_that_has_a_figure():
    made = tried(np.arange(7))

    assert made[["figures", "horizon"]].to_numpy().tolist() == [
        [4, 1], [4, 2], [4, 3], [5, 1], [5, 2], [6, 1],
    ]  # fmt: skip
    assert made["actual"].tolist() == [4, 5, 6, 5, 6, 6]
    assert made["mean"].tolist() == pytest.approx([4, 5, 6, 5, 6, 6])
    assert made["withheld"].tolist() == ["too_few"] * 3 + [""] * 3


def test_no_change_stands_beside_with_its_usual_changes():
    made = tried([1, 3, 2, 4, 3.9, 3.9])

    # Changes of 2, 1 and 2: the root of 3 on each side of 4, and of 6 two periods on.
    assert made["last"].tolist()[:2] == [4, 4]
    assert made["plain_spread"].tolist()[:2] == pytest.approx([3**0.5, 6**0.5])
    assert made["usual"].iloc[0] == pytest.approx(5 / 3)


def test_four_ways_of_asking_ask_for_levels_worked_by_hand():
    runs = [Run(np.array([0.0, 10, 10, 20, 30]))]
    made = forecast_record.trials(runs, horizons=1)
    # Changes of 10, 0 and 10: usual 20/3, drift 20/3, last 20.
    wanted = {
        "near": [10, 50 / 3, 70 / 3, 30],
        "past": [3, 9, 11, 17],
        "percent": [16, 18.6, 21.4, 24],
        "plan": [40 / 3, 70 / 3, 80 / 3, 100 / 3],
    }
    assert wanted.keys() == reliability.QUESTIONS.keys()
    for question, levels in wanted.items():
        asked = [float(one.iloc[0]) for one in reliability.levels(made, runs, question)]
        assert asked == pytest.approx(levels), question


def test_a_straight_series_comes_out_and_is_not_called_certain():
    told = forecast_record.asked(tried(np.arange(8), horizons=1))
    table = forecast_record.by_class(told)

    # One more each time: the levels at -1.5, -0.5 and 0.5 are passed, the one at 1.5 is not.
    assert told["came"].sum() == 12
    assert table["asked"].sum() == 16
    assert table["came"].iloc[-1] == 1
    assert 0 < table["said"].iloc[-1] < 1


def test_skill_is_what_is_saved_of_the_score_of_no_change():
    told = pd.DataFrame(
        {"said": [0.9, 0.8], "plain": [0.5, 0.5], "came": [1, 1], "horizon": [1, 2]}
    )
    score = forecast_record.brier_scores(told).iloc[0]

    assert score["brier"] == pytest.approx((0.01 + 0.04) / 2)
    assert score["plain"] == 0.25
    assert score["skill"] == pytest.approx(0.9)
    by_horizon = forecast_record.brier_scores(told, by=told["horizon"])
    assert by_horizon["skill"].tolist() == pytest.approx([0.96, 0.84])


def test_an_interval_that_holds_its_figure_is_said_to():
    table = reliability.by_horizon(tried([1, 3, 2, 4, 3.9]))

    assert table[["horizon", "tried", "held", "plain_held"]].to_numpy().tolist() == [
        [1, 1, 1, 1]
    ]
    assert table["plain_error"].tolist() == pytest.approx([0.1 / (5 / 3)])


def test_nothing_to_try_is_no_error():
    made = tried([1.0, 2.0])

    assert made.empty
    assert reliability.by_horizon(made).empty
    assert forecast_record.by_class(forecast_record.asked(made))["asked"].sum() == 0


@functools.cache
def on_published():
    runs = reliability.published()
    return runs, forecast_record.trials(runs)


@needs_shared
@pytest.mark.parametrize("question", reliability.QUESTIONS)
def test_ours_is_never_worse_than_no_change_on_the_published_series(question):
    runs, made = on_published()
    told = forecast_record.asked(made, levels=reliability.levels(made, runs, question))
    parts = [told]
    # Of a plan that is made of the drift itself neither knows more: they differ by 0.0005.
    if question != "plan":
        printed = told[told["withheld"] == ""]
        parts += [printed, *(told[told["horizon"] == step] for step in (1, 2, 3))]

    assert len(told) == 4 * 11417
    for rows in parts:
        score = forecast_record.brier_scores(rows).iloc[0]
        assert score["brier"] <= score["plain"], question


@needs_shared
def test_what_was_found_on_the_published_series_is_found_again():
    _, made = on_published()
    told = forecast_record.asked(made)
    printed = told[told["withheld"] == ""]
    score, shown = (forecast_record.brier_scores(rows).iloc[0] for rows in (told, printed))

    assert round(score["plain"], 3) == 0.172
    assert round(score["brier"], 3) == 0.168
    assert round(shown["brier"], 3) == 0.160
    assert reliability.by_horizon(made)["held"].between(0.78, 0.90).all()
    for rows in (told, printed):
        likely = forecast_record.by_class(rows).set_index("outlook").loc["likely"]
        assert 0.85 <= likely["came"] <= 0.95


@pytest.mark.long
def test_what_is_said_on_noise_about_a_level_comes_as_often_as_said():
    random = np.random.default_rng(7)
    made = tried(*(random.normal(50, 5, 14) for _ in range(150)), horizons=1)
    table = forecast_record.by_class(forecast_record.asked(made))

    assert (table["came"] - table["said"]).abs().max() < 0.12
    assert 0.74 < reliability.by_horizon(made)["held"].iloc[0] < 0.92
