"""Whether forecasts keep their word: what was said beside what came, worked by hand."""

import numpy as np
import pytest

from delivery_analytics.analytics import forecast_record


def test_every_origin_of_four_figures_or_more_is_tried_at_every_horizon_that_has_a_figure():
    tried = forecast_record.trials([np.arange(7.0)])

    assert tried[["figures", "horizon"]].to_numpy().tolist() == [
        [4, 1], [4, 2], [4, 3], [5, 1], [5, 2], [6, 1],
    ]  # fmt: skip
    assert tried["actual"].tolist() == [4, 5, 6, 5, 6, 6]
    assert tried["mean"].tolist() == pytest.approx([4, 5, 6, 5, 6, 6])


def test_a_straight_series_comes_out_as_said():
    table = forecast_record.by_class(forecast_record.trials([np.arange(8.0)], horizons=1))

    # One more each time: the levels at -1.5, -0.5 and 0.5 are passed, the one at 1.5 is not.
    assert table["asked"].tolist() == [4, 0, 0, 0, 12]
    assert table["came"].tolist()[0] == 0
    assert table["came"].tolist()[4] == 1
    assert table["brier"].iloc[0] == 0


def test_an_interval_that_holds_four_of_five_is_said_to():
    tried = forecast_record.trials([np.array([1.0, 3.0, 2.0, 4.0, 3.9])])
    assert forecast_record.by_horizon(tried)[
        ["horizon", "tried", "held"]
    ].to_numpy().tolist() == [[1, 1, 1]]


def test_nothing_to_try_is_no_error():
    tried = forecast_record.trials([np.array([1.0, 2.0])])

    assert tried.empty
    assert forecast_record.by_horizon(tried).empty
    assert forecast_record.by_class(tried)["asked"].sum() == 0


@pytest.mark.long
def test_what_is_said_on_noise_about_a_level_comes_as_often_as_said():
    random = np.random.default_rng(7)
    series = [random.normal(50, 5, 14) for _ in range(150)]
    tried = forecast_record.trials(series, horizons=1)
    table = forecast_record.by_class(tried)

    assert (table["came"] - table["said"]).abs().max() < 0.12
    assert 0.74 < forecast_record.by_horizon(tried)["held_share"].iloc[0] < 0.88
