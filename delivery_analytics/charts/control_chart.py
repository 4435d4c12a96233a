"""A control chart: whether a figure moved by more than it always does."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import common
from delivery_analytics.charts.trajectory_subject import Subject, subject_of
from delivery_analytics.methods import spc
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_HEIGHT = 280
_TICKS = 9  # at most, on the axis of time
# Blue and orange, as NHS England draws them, from the palette of the house.
_LOOKS = {
    "common_cause": (theme.MID_GREY, "circle"),
    "improvement": (theme.TURQUOISE, "triangle-up"),
    "concern": (theme.ORANGE, "square"),
    "neutral_high": (theme.LIGHT_PURPLE, "diamond"),
    "neutral_low": (theme.LIGHT_PURPLE, "diamond"),
}


def control_chart(
    data: Dataset, indicator_id: str, words: Wording, *, region_id: str | None = None
) -> Figure:
    """Draw an indicator's figures with the limits of what is usual for it.

    Points are coloured and shaped by the signal they give. Without three different moving
    ranges there are no limits, and the title says so.

    Parameters
    ----------
    data
        As known on a day.
    region_id
        Otherwise the nation.
    """
    subject = subject_of(data, indicator_id, region_id=region_id, assessments=None)
    rows = charted(subject)
    columns = (
        Column("period", words("Period"), "period"),
        common.number_column("value", words("Value"), subject.unit, words),
        common.number_column("mean", words("Mean"), subject.unit, words),
        common.number_column("lower", words("Lower limit"), subject.unit, words),
        common.number_column("upper", words("Upper limit"), subject.unit, words),
        Column("said", words("Signal")),
        Column("source", words("Source"), "source"),
    )
    rows = rows.assign(
        said=[words.code("variation", one) for one in rows["variation"]],
        source=data.place(rows),
    )
    place = words.name(data.registry.regions[subject.region].name)
    name = words.name(subject.indicator.name)
    measure = f"{name}, {words.name(subject.unit.name)}"
    note = common.source_note(
        words,
        files=common.files_of(rows["source"]),
        as_of=data.as_of,
        extra=_remarks(rows, words),
    )
    if rows.empty:
        return common.nothing(
            words,
            title=words("{indicator}: nothing is reported yet", indicator=name),
            subtitle=f"{measure}; {place}",
            footnote=note,
            columns=columns,
            table=rows,
        )
    title = _title(subject, rows, words)
    return common.build(
        _chart(rows, subject, words),
        words=words,
        title=title,
        subtitle=f"{measure}; {place}",
        footnote=note,
        alt_text=common.sentences(words("Control chart"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=_native(rows, subject, words),
    )


def charted(subject: Subject) -> pd.DataFrame:
    """Return the subject's figures with limits and signals, as `spc.xmr` has them."""
    seen = subject.seen.assign(direction=subject.indicator.direction)
    return spc.xmr(seen)


def _remarks(rows: pd.DataFrame, words: Wording) -> list[str]:
    if rows.empty or rows["upper"].isna().all():
        return []
    said = [words("Limits: 2.66 mean moving ranges from the mean")]
    if int(rows["n"].iloc[-1]) < spc.TRIAL:
        said.append(words("For trial: fewer than {n} figures", n=spc.TRIAL))
    return said


def _title(subject: Subject, rows: pd.DataFrame, words: Wording) -> str:
    last = rows.iloc[-1]
    values = {
        "indicator": words.name(subject.indicator.name),
        "value": words.value(last["value"], subject.unit),
        "period": words.period(last["period"]),
    }
    if pd.isna(last["upper"]):
        return words(
            "{indicator}: {value} for {period}; too few different changes for limits", **values
        )
    said = words.code("variation", str(last["variation"]))
    return words("{indicator}: {value} for {period}, {signal}", signal=said, **values)


def _chart(rows: pd.DataFrame, subject: Subject, words: Wording) -> Any:
    labels = [words.short_period(period) for period in rows["period"]]
    step = -(-len(labels) // _TICKS)
    shown = [label for n, label in enumerate(reversed(labels)) if n % step == 0]
    points = rows.assign(
        label=labels,
        shown=[words.value(value, subject.unit) for value in rows["value"]],
    )
    x = alt.X(
        "label:N",
        sort=labels,
        scale=alt.Scale(domain=labels),
        axis=alt.Axis(title=None, values=shown, labelAngle=0),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=False, nice=True, padding=14),
        axis=alt.Axis(
            title=words.name(subject.unit.name),
            format=common.tick_format(subject.unit.decimals),
        ),
    )
    lines = pd.concat(
        [
            points[["label", name]].rename(columns={name: "value"}).assign(what=name)
            for name in ("mean", "lower", "upper")
        ]
    ).dropna()
    dash = alt.Scale(domain=["mean", "lower", "upper"], range=[[1, 0], [5, 4], [5, 4]])
    base = alt.Chart(common.records(points[["label", "value", "shown", "said"]]))
    present = [one for one in _LOOKS if one in set(rows["variation"])]
    named = dict.fromkeys(words.code("variation", one) for one in present)
    looks = {words.code("variation", one): _LOOKS[one] for one in present}
    legend = alt.Legend(title=None, offset=30, symbolStrokeWidth=0)
    colour = alt.Scale(domain=list(named), range=[looks[one][0] for one in named])
    shape = alt.Scale(domain=list(named), range=[looks[one][1] for one in named])
    layers = [
        alt.Chart(common.records(lines))
        .mark_line(stroke=theme.DARK_GREY, strokeWidth=1.2)
        .encode(x=x, y=y, strokeDash=alt.StrokeDash("what:N", scale=dash, legend=None)),
        base.mark_line(color=theme.MID_GREY, strokeWidth=1.5).encode(x=x, y=y),
        base.mark_point(size=95, filled=True, opacity=1).encode(
            x=x,
            y=y,
            fill=alt.Fill("said:N", scale=colour, legend=legend),
            shape=alt.Shape("said:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("label:N", title=words("Period")),
                alt.Tooltip("shown:N", title=words("Value")),
                alt.Tooltip("said:N", title=words("Signal")),
            ],
        ),
    ]
    return common.layered(layers, height=_HEIGHT)


def _native(rows: pd.DataFrame, subject: Subject, words: Wording) -> NativeChart:
    names = {
        "value": (words("Observed"), "observed"),
        "mean": (words("Mean"), "expected"),
        "lower": (words("Lower limit"), "region"),
        "upper": (words("Upper limit"), "region"),
    }
    return NativeChart(
        "line",
        [words.short_period(period) for period in rows["period"]],
        [
            Series(name, common.optional(rows[key]), role)
            for key, (name, role) in names.items()
            if rows[key].notna().any()
        ],
        axis_title=words.name(subject.unit.name),
        decimals=subject.unit.decimals,
    )
