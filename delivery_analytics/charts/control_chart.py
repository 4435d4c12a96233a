"""A control chart: whether a figure moved by more than it always does."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import signals
from delivery_analytics.charts import common, drawing
from delivery_analytics.charts.trajectory_subject import Subject, subject_of
from delivery_analytics.methods import spc
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.wording.wording import Wording

_HEIGHT = 280
_TICKS = 9  # at most, on the axis of time
# Two hues, as NHS England has them, and neither that of a status.
_LOOKS = {
    "common_cause": (theme.MID_GREY, "circle"),
    "improvement": (theme.MID_BLUE, "diamond"),
    "concern": (theme.INK, "cross"),
    "neutral_high": (theme.LIGHT_PURPLE, "triangle-down"),
    "neutral_low": (theme.LIGHT_PURPLE, "triangle-down"),
    **dict.fromkeys(signals.UNJUDGED, (theme.MID_GREY, "circle")),
}


@common.chart("indicator_id", takes=("region_id",))
def control_chart(
    data: Dataset, indicator_id: str, words: Wording, *, region_id: str | None = None
) -> Figure:
    """Draw an indicator's figures with the limits of what is usual for it.

    Points are coloured and shaped by the signal they give. Where there is no verdict (see
    `signals.charted`) there are no limits, and the title says why.

    Parameters
    ----------
    data
        As known on a day.
    region_id
        Otherwise the nation.
    """
    subject = subject_of(data, indicator_id, region_id=region_id, assessments=None)
    rows = signals.charted(subject.seen.assign(direction=subject.indicator.direction))
    rows = rows.assign(
        said=[words.code("variation", variation) for variation in rows["variation"]],
        source=data.place(rows),
    )
    place = words.name(data.registry.regions[subject.region].name)
    name = words.name(subject.indicator.name)
    measure = f"{name}, {words.name(subject.unit.name)}"
    note = common.placed_note(words, data, rows["source"], _remarks(rows, words))
    subtitle = f"{measure}; {place}"
    frame = common.framed(
        "control_chart", words, rows, note, subtitle=subtitle, unit=subject.unit
    )
    if rows.empty:
        return frame.nothing(words("{indicator}: no data reported yet", indicator=name))
    return frame.figure(
        _chart(rows, subject, words),
        _title(subject, rows, words),
        native=_native(rows, subject, words),
    )


def _remarks(rows: pd.DataFrame, words: Wording) -> list[str]:
    if rows.empty or rows["upper"].isna().all():
        return []
    remarks = [words("Limits: the mean plus or minus 2.66 times the mean moving range")]
    if int(rows["n"].iloc[-1]) < spc.TRIAL:
        remarks.append(words("Provisional: fewer than {n} figures", n=spc.TRIAL))
    return remarks


def _title(subject: Subject, rows: pd.DataFrame, words: Wording) -> str:
    last = rows.iloc[-1]
    values = {
        "indicator": words.name(subject.indicator.name),
        "value": words.value(last["value"], subject.unit),
        "period": words.period(last["period"]),
    }
    code = str(last["variation"]) + ("_turned" if last["turned"] else "")
    signalled = words.code("variation", code)
    return words("{indicator}: {value} for {period}, {signal}", signal=signalled, **values)


def _chart(rows: pd.DataFrame, subject: Subject, words: Wording) -> Any:
    labels = [words.short_period(period) for period in rows["period"]]
    step = -(-len(labels) // _TICKS)
    points = rows.assign(
        label=labels, shown=[words.value(value, subject.unit) for value in rows["value"]]
    )
    x = alt.X(
        "label:N",
        sort=labels,
        scale=alt.Scale(domain=labels),
        axis=alt.Axis(title=None, values=labels[::-1][::step], labelAngle=0),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=False, nice=True, padding=14),
        axis=drawing.number_axis(words.name(subject.unit.name), subject.unit.decimals),
    )
    lines = pd.concat(
        [
            points[["label", name]].rename(columns={name: "value"}).assign(what=name)
            for name in ("mean", "lower", "upper")
        ]
    ).dropna()
    dash = alt.Scale(domain=["mean", "lower", "upper"], range=[[1, 0], [5, 4], [5, 4]])
    base = alt.Chart(drawing.records(points[["label", "value", "shown", "said"]]))
    present = [variation for variation in _LOOKS if variation in set(rows["variation"])]
    looks = [(words.code("variation", variation), *_LOOKS[variation]) for variation in present]
    legend = alt.Legend(title=None, offset=30, symbolStrokeWidth=0)
    layers = [
        alt.Chart(drawing.records(lines))
        .mark_line(stroke=theme.DARK_GREY, strokeWidth=1.2)
        .encode(x=x, y=y, strokeDash=alt.StrokeDash("what:N", scale=dash, legend=None)),
        base.mark_line(color=theme.MID_GREY, strokeWidth=1.5).encode(x=x, y=y),
        base.mark_point(size=95, filled=True, opacity=1).encode(
            x=x,
            y=y,
            **drawing.look_channels("said", looks, legend),
            tooltip=drawing.tooltip("control_chart", words),
        ),
    ]
    return drawing.layered(layers, height=_HEIGHT)


def _native(rows: pd.DataFrame, subject: Subject, words: Wording) -> NativeChart:
    names = {
        "value": (words("Observed"), "observed"),
        "mean": (words("Mean"), "expected"),
        "lower": (words("Lower limit"), "region"),
        "upper": (words("Upper limit"), "region"),
    }
    return common.native(
        "line",
        [words.short_period(period) for period in rows["period"]],
        [
            (name, rows[key], role)
            for key, (name, role) in names.items()
            if rows[key].notna().any()
        ],
        axis=words.name(subject.unit.name),
        decimals=subject.unit.decimals,
    )
