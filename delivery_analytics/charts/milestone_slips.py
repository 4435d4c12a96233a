"""Milestone trends: how the day expected moved from report to report."""

from itertools import cycle
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import slippage
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.wording.wording import Wording

_HEIGHT = 300
_MOST = 6  # lines that can be told apart; the table has them all
_COLOURS = [
    theme.DARK_BLUE,
    theme.LIGHT_PURPLE,
    theme.DARK_GREY,
    theme.MID_BLUE,
    theme.MID_GREY,
    theme.INK,
]
_SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]


@common.chart(takes=("history",))
def milestone_slips(
    data: Dataset, words: Wording, *, top: int = _MOST, history: Dataset | None = None
) -> Figure:
    """Draw how many days behind its first promise each milestone was, report by report.

    A level line holds its date; a rising one slips. Those that slipped most are drawn.

    Parameters
    ----------
    data
        As known on a day.
    top
        How many lines at most; the table has every milestone.
    history
        With every revision, as `Dataset.learned_by` the same day; without it, those reports
        count that `data` still has.
    """
    history = (history or data).named(words.language)
    reports = slippage.history(history)
    trends = slippage.trend(reports, as_of=data.as_of).set_index("milestone_id")
    latest = history.milestones.sort_values("reported_on")
    latest = latest.drop_duplicates("milestone_id", keep="last").set_index("milestone_id")
    asked = ["title", "owner", "due_on", "illustrative", "source_id", "source_cell"]
    rows = trends.join(latest[asked])
    rows = rows.sort_values("slip_days", ascending=False).reset_index()
    rows = rows.assign(
        said=[words.code("slippage", code) for code in rows["state"]],
        source=history.place(rows),
    )
    remarks = [words("Milestones are illustrative")] if rows["illustrative"].any() else []
    note = common.placed_note(words, history, rows["source"], remarks)
    frame = common.framed("milestone_slips", words, rows, note)
    slipped = rows[rows["slip_days"] > 0]
    if slipped.empty:
        return frame.nothing(words("No milestone has slipped"))
    worst = slipped.iloc[0]
    title = words(
        "Slipped: {n}, most of all by {days}: {milestone}",
        n=words.plural("{n} milestone", "{n} milestones", len(slipped)),
        days=words.plural("{n} day", "{n} days", int(worst["slip_days"])),
        milestone=common.drawn_text(worst["title"]),
    )
    drawn = slipped.head(top)
    lines = reports[reports["milestone_id"].isin(drawn["milestone_id"])]
    return frame.figure(_chart(lines, drawn, words), title, native=_native(lines, drawn, words))


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
    legend = alt.Legend(title=None, columns=2, offset=30, labelLimit=330)
    looks = zip(names.values(), cycle(_COLOURS), cycle(_SHAPES), strict=False)
    base = alt.Chart(drawing.records(points[["name", "label", "slip_days", "day"]]))
    base = base.encode(x=x, y=y)
    channels = drawing.look_channels("name", looks, legend)
    stroke = alt.Stroke("name:N", scale=channels["fill"]["scale"], legend=legend)
    layers = [
        base.mark_line().encode(stroke=stroke),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            **channels, tooltip=drawing.tooltip("milestone_slips", words)
        ),
    ]
    return drawing.layered(layers, height=_HEIGHT)


def _native(lines: pd.DataFrame, drawn: pd.DataFrame, words: Wording) -> NativeChart:
    wide = lines.pivot_table(index="reported_on", columns="milestone_id", values="slip_days")
    roles = ("highlight", "plan", "baseline", "forecast", "region", "observed")
    milestones = zip(drawn["milestone_id"], drawn["title"], roles, strict=False)
    return common.native(
        "line",
        [words.date(day) for day in wide.index],
        [(common.drawn_text(title), wide[key], role) for key, title, role in milestones],
        axis=words("days"),
    )
