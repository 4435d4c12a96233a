"""Milestone trends: how the day expected moved from report to report."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import slippage
from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_HEIGHT = 300
_MOST = 6  # lines that can be told apart; the table has them all
_COLOURS = [
    theme.DARK_PINK,
    theme.DARK_BLUE,
    theme.ORANGE,
    theme.TURQUOISE,
    theme.DARK_GREY,
    theme.LIGHT_PURPLE,
]


def milestone_slips(history: Dataset, words: Wording, *, top: int = _MOST) -> Figure:
    """Draw how many days behind its first promise each milestone was, report by report.

    A level line holds its date; a rising one slips. Those that slipped most are drawn.

    Parameters
    ----------
    history
        With every revision, as `Dataset.learned_by` the day of the report.
    """
    reports = slippage.history(history)
    trends = slippage.trend(reports).set_index("milestone_id")
    latest = history.milestones.sort_values("reported_on")
    latest = latest.drop_duplicates("milestone_id", keep="last").set_index("milestone_id")
    told = ["title", "owner", "due_on", "illustrative", "source_id", "source_cell"]
    rows = trends.join(latest[told])
    rows = rows.sort_values("slip_days", ascending=False).reset_index()
    rows = rows.assign(
        said=[words.code("slippage", state) for state in rows["state"]],
        source=history.place(rows),
    )
    columns = (
        Column("title", words("Milestone")),
        Column("owner", words("Responsible")),
        Column("due_on", words("Promised"), "date"),
        Column("slip_days", words("Slipped, days"), "number", 0),
        Column("times_due_moved", words("Promise changed"), "number", 0),
        Column("drift", words("Days lost a day"), "number", 2),
        Column("trend_on", words("Where the trend leads"), "date"),
        Column("said", words("Trend")),
        Column("source", words("Source"), "source"),
    )
    note = common.source_note(
        words,
        files=common.files_of(rows["source"]),
        as_of=history.as_of,
        extra=[words("Milestones are illustrative")] if rows["illustrative"].any() else [],
    )
    subtitle = words("Days behind the first promise, by the day of the report")
    slipped = rows[rows["slip_days"] > 0]
    if slipped.empty:
        return common.nothing(
            words,
            title=words("No milestone has slipped"),
            subtitle=subtitle,
            footnote=note,
            columns=columns,
            table=rows,
        )
    worst = slipped.iloc[0]
    title = words(
        "Slipped: {n}, most of all by {days}: {milestone}",
        n=words.plural("{n} milestone", "{n} milestones", len(slipped)),
        days=words.plural("{n} day", "{n} days", int(worst["slip_days"])),
        milestone=common.clean(worst["title"]),
    )
    drawn = slipped.head(top)
    lines = reports[reports["milestone_id"].isin(drawn["milestone_id"])]
    return common.build(
        _chart(lines, drawn, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Line chart"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=_native(lines, drawn, words),
    )


def _chart(lines: pd.DataFrame, drawn: pd.DataFrame, words: Wording) -> Any:
    names = dict(
        zip(drawn["milestone_id"], common.row_labels(drawn["title"], width=40), strict=True)
    )
    days = sorted(lines["reported_on"].unique())
    labels = [words.date(day) for day in days]
    points = lines.assign(
        name=lines["milestone_id"].map(names),
        label=[words.date(day) for day in lines["reported_on"]],
        day=[words.date(day) for day in lines["expected_on"]],
    )
    x = alt.X("label:N", sort=labels, axis=alt.Axis(title=None, labelAngle=0))
    y = alt.Y("slip_days:Q", axis=alt.Axis(title=words("days"), format="d"))
    scale = alt.Scale(domain=list(names.values()), range=_COLOURS[: len(names)])
    shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]
    shape = alt.Scale(domain=list(names.values()), range=shapes[: len(names)])
    legend = alt.Legend(title=None, columns=2, offset=30, labelLimit=330)
    base = alt.Chart(common.records(points[["name", "label", "slip_days", "day"]]))
    layers = [
        base.mark_line().encode(
            x=x, y=y, stroke=alt.Stroke("name:N", scale=scale, legend=legend)
        ),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            x=x,
            y=y,
            fill=alt.Fill("name:N", scale=scale, legend=legend),
            shape=alt.Shape("name:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("name:N", title=words("Milestone")),
                alt.Tooltip("label:N", title=words("Reported")),
                alt.Tooltip("day:N", title=words("Expected")),
                alt.Tooltip("slip_days:Q", title=words("Slipped, days"), format="d"),
            ],
        ),
    ]
    return common.layered(layers, height=_HEIGHT)


def _native(lines: pd.DataFrame, drawn: pd.DataFrame, words: Wording) -> NativeChart:
    wide = lines.pivot_table(index="reported_on", columns="milestone_id", values="slip_days")
    roles = ("highlight", "nation", "observed", "baseline", "region", "plan")
    return NativeChart(
        "line",
        [words.date(day) for day in wide.index],
        [
            Series(common.clean(title), common.optional(wide[key]), role)
            for key, title, role in zip(
                drawn["milestone_id"], drawn["title"], roles, strict=False
            )
        ],
        axis_title=words("days"),
        decimals=0,
    )
