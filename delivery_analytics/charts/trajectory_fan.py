"""Where an indicator's figures lead by themselves, drawn behind its path."""

import altair as alt
import pandas as pd

from delivery_analytics.analytics import forecast
from delivery_analytics.charts import drawing
from delivery_analytics.charts.trajectory_subject import Subject
from delivery_analytics.model import periods
from delivery_analytics.report import theme

MOST = 12  # periods ahead that are drawn


def fan_of(subject: Subject) -> tuple[pd.DataFrame, str]:
    """Return the forecast of every period from the last figure to the last target.

    Returns
    -------
    DataFrame
        ``period, day, middle, low, high``, in the indicator's unit, the last figure first;
        without a row where none may be drawn, or there is no target to come.
    str
        Why none may be drawn, of `forecast.NO_CHANCE`, or nothing.
    """
    none = pd.DataFrame(columns=["period", "day", "middle", "low", "high"])
    run = forecast.run_of(subject.seen, subject.indicator, subject.unit)
    if run is None or subject.goals.empty or subject.indicator.direction == "maintain":
        return none, ""
    due_on, frequency = subject.goals["due_on"].iloc[-1], subject.indicator.frequency
    ended = pd.Timestamp(periods.end(run.period))
    if ended >= due_on:
        return none, ""
    if subject.verdict and subject.verdict["reason"] == "observation_stale":
        return none, forecast.STALE  # nobody knows what became of it since
    if not run.may_be_drawn:
        return none, run.withheld
    due = periods.containing(due_on.date(), frequency)
    rows = [(run.period, ended, *[run.latest] * 3)]
    for period in periods.span(run.period, due)[1 : MOST + 1]:
        outcome = run.at(period)
        day = pd.Timestamp(periods.end(period))
        rows.append((period, day, outcome.mean, *outcome.interval))
    return pd.DataFrame(rows, columns=none.columns), ""


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
