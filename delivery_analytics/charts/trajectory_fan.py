"""Where an indicator's figures lead by themselves, drawn behind its path."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from delivery_analytics.analytics import forecast
from delivery_analytics.charts import drawing
from delivery_analytics.charts.trajectory_subject import Subject
from delivery_analytics.methods import student_t
from delivery_analytics.model import periods
from delivery_analytics.report import theme

MOST = 12  # periods ahead that are drawn


def fan_of(subject: Subject) -> pd.DataFrame:
    """Return the forecast of every period from the last figure to the last target.

    Returns
    -------
    DataFrame
        ``period, day, middle, low, high``, in the indicator's unit, the last figure first;
        without a row where there are too few figures in a row, or no target to come.
    """
    last = subject.last
    none = pd.DataFrame(columns=["period", "day", "middle", "low", "high"])
    if last is None or subject.goals.empty or subject.indicator.direction == "maintain":
        return none
    if subject.verdict and subject.verdict["reason"] == "observation_stale":
        return none  # nobody knows what became of it since
    seen = subject.seen
    values = seen[seen["segment"] == last["segment"]]["value"].to_numpy(float)
    due = periods.containing(
        subject.goals["due_on"].iloc[-1].date(), subject.indicator.frequency
    )
    ahead = periods.span(str(last["period"]), due)[1 : MOST + 1]
    if len(values) < forecast.FEWEST or not ahead:
        return none
    scale = forecast.scale_of(values, subject.unit)
    mean, spread, free = forecast.ahead(scale.to(values), np.arange(1, len(ahead) + 1))
    reach = student_t.reach80(free) * spread
    low, high = (subject.indicator.plausible[n] for n in (0, 1))
    bounds = (-np.inf if low is None else low, np.inf if high is None else high)
    drawn = {
        name: np.clip([scale.back(float(value)) for value in line], *bounds)
        for name, line in (("middle", mean), ("low", mean - reach), ("high", mean + reach))
    }
    start = {
        "period": [str(last["period"])],
        "day": [last["period_end"]],
        **{name: [float(last["value"])] for name in drawn},
    }
    days = [pd.Timestamp(periods.end(period)) for period in ahead]
    return pd.concat(
        [pd.DataFrame(start), pd.DataFrame({"period": ahead, "day": days, **drawn})],
        ignore_index=True,
    )


def fan_layers(fan: pd.DataFrame, power: int) -> list[alt.Chart]:
    """Return the band of 80 % and the line in its middle, to be drawn behind the rest."""
    if fan.empty:
        return []
    scaled = fan.assign(**{name: fan[name] / 10**power for name in ("middle", "low", "high")})
    band = scaled[["day", "low", "high"]].rename(columns={"low": "value"})
    line = scaled[["day", "middle"]].rename(columns={"middle": "value"})
    return [
        alt.Chart(drawing.records(band))
        .mark_area(color=theme.LIGHT_PURPLE, opacity=0.3, aria=False)
        .encode(y2="high:Q"),
        alt.Chart(drawing.records(line)).mark_line(
            color=theme.LIGHT_PURPLE, strokeDash=[1, 3], aria=False
        ),
    ]
