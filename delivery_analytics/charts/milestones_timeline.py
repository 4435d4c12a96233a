"""Milestones on their way: the day promised, the day done, the day now expected."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import milestones
from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.wording.wording import Wording

_TITLE_WIDTH = 38
_LATE = ("overdue", "forecast_late", "done_late")
_OPEN_LATE = ("overdue", "forecast_late")


def milestones_timeline(data: Dataset, words: Wording, *, top: int = 20) -> Figure:
    """Draw when each milestone was promised, and when it was done or is now expected.

    A diamond is the day promised, a circle the day done, a triangle the day expected; the
    line between them is the delay. An overdue milestone nobody gives a new day for runs on
    to the day of the report. A milestone without any day is in the table only.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    top
        How many rows at most, the most urgent first.
    """
    late = milestones.late(data)
    rows = late.assign(
        done_on=late["completed_on"].where(late["state"].isin(["done", "done_late"])),
        said=[words.code("milestone_mark", state) for state in late["state"]],
        source=data.place(late),
    )
    dated = rows[["due_on", "done_on", "expected_on"]].notna().any(axis=1)
    drawn = rows[dated].head(top).reset_index(drop=True)
    columns = (
        Column("title", words("Milestone")),
        Column("owner", words("Owner")),
        Column("due_on", words("Promised"), "date"),
        Column("expected_on", words("Expected"), "date"),
        Column("done_on", words("Done"), "date"),
        Column("delay_days", words("Delay, days"), "number", 0),
        Column("said", words("State")),
        Column("source", words("Source"), "source"),
    )
    extra = [words("Milestones are illustrative")] if rows["illustrative"].any() else []
    if 0 < len(drawn) < len(rows):
        more = len(rows) - len(drawn)
        extra.append(
            words.plural("{n} more in the table only", "{n} more in the table only", more)
        )
    note = common.source_note(
        words, files=common.files_of(rows["source"]), as_of=data.as_of, extra=extra
    )
    subtitle = words("Days promised, done and expected; a dark line is a delay")
    title = _milestones_title(rows, words)
    if drawn.empty:
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    return common.build(
        _timeline(drawn, words, as_of=pd.Timestamp(str(data.as_of))),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Timeline"), title, _latest_said(rows, words)),
        table=rows[[column.key for column in columns]],
        columns=columns,
    )


def _milestones_title(rows: pd.DataFrame, words: Wording) -> str:
    if rows.empty:
        return words("No milestone is reported")
    total = words.plural("{n} milestone", "{n} milestones", len(rows))
    return words(
        "{total}: overdue {overdue}, expected late {late}, done {done}",
        total=total,
        overdue=int((rows["state"] == "overdue").sum()),
        late=int((rows["state"] == "forecast_late").sum()),
        done=int(rows["state"].isin(["done", "done_late"]).sum()),
    )


def _latest_said(rows: pd.DataFrame, words: Wording) -> str:
    late = rows[rows["state"].isin(_OPEN_LATE) & rows["delay_days"].notna()]
    if late.empty:
        return ""
    worst = late.sort_values("delay_days", kind="stable").iloc[-1]
    return words(
        "The longest delay: {milestone}, {delay}",
        milestone=common.clean(worst["title"]),
        delay=_days(words, worst["delay_days"]),
    )


def _days(words: Wording, days: float) -> str:
    return words.plural("{n} day", "{n} days", int(days))


def _delay(words: Wording, state: str, days: float) -> str:
    """Return what stands at a row's right: the state, and below it how many days late."""
    said = words.code("milestone_mark", state)
    if state in _LATE and days > 0:
        return f"{said}\n{_days(words, days)}"
    return said


def _timeline(drawn: pd.DataFrame, words: Wording, *, as_of: pd.Timestamp) -> Any:
    labels = common.row_labels(drawn["title"], width=_TITLE_WIDTH)
    rows = drawn.assign(row=labels, name=[common.clean(title) for title in drawn["title"]])
    late = rows["state"].isin(_LATE)
    until = rows["done_on"].fillna(rows["expected_on"])
    until = until.mask((rows["state"] == "overdue") & ~(until > as_of), as_of)
    lines = pd.DataFrame(
        {
            "row": labels,
            "since": rows["due_on"],
            "until": until,
            "colour": late.map({True: theme.DARK_PINK, False: theme.MID_GREY}),
        }
    )
    scale = alt.Scale(padding=24, nice=False)
    axis = alt.Axis(title=None, format="%m.%Y", grid=True, tickCount=7, labelOverlap=True)
    y = common.rows_channel(labels)
    rule = alt.Chart(common.records(lines.dropna()))
    layers = [
        rule.mark_rule(strokeWidth=3).encode(
            x=alt.X("since:T", scale=scale, axis=axis),
            x2="until:T",
            y=y,
            stroke=alt.Stroke("colour:N", scale=None),
        ),
        *_as_of_layers(as_of, words),
        _day_marks(rows, words, x=alt.X("day:T", scale=scale, axis=axis), y=y),
        *_states(rows, words, y=y),
        *common.row_names(labels),
    ]
    height = common.row_height(labels, least=34) * len(labels)
    return common.layered(layers, height=height)


def _day_marks(rows: pd.DataFrame, words: Wording, *, x: alt.X, y: alt.Y) -> alt.Chart:
    looks = {
        "due_on": (words("Promised"), theme.ORANGE, "diamond"),
        "done_on": (words("Done"), theme.DARK_BLUE, "circle"),
        "expected_on": (words("Expected"), theme.DARK_GREY, "triangle-right"),
    }
    rows = rows.assign(expected_on=rows["expected_on"].where(rows["done_on"].isna()))
    marks = rows.melt(["row", "name"], list(looks), "what", "day").dropna(subset=["day"])
    looks = {key: look for key, look in looks.items() if key in set(marks["what"])}
    marks = marks.assign(
        series=[looks[what][0] for what in marks["what"]],
        date=[words.date(day) for day in marks["day"]],
    )
    domain = [name for name, _, _ in looks.values()]
    colour = alt.Scale(domain=domain, range=[colour for _, colour, _ in looks.values()])
    shape = alt.Scale(domain=domain, range=[shape for _, _, shape in looks.values()])
    legend = alt.Legend(title=None, offset=26, symbolStrokeWidth=0)
    points = alt.Chart(common.records(marks.drop(columns="what")))
    drawn: alt.Chart = points.mark_point(size=110, filled=True, opacity=1).encode(
        x=x,
        y=y,
        fill=alt.Fill("series:N", scale=colour, legend=legend),
        shape=alt.Shape("series:N", scale=shape, legend=legend),
        tooltip=[
            alt.Tooltip("name:N", title=words("Milestone")),
            alt.Tooltip("series:N", title=words("What")),
            alt.Tooltip("date:N", title=words("Day")),
        ],
    )
    return drawn


def _as_of_layers(as_of: pd.Timestamp, words: Wording) -> list[alt.Chart]:
    point = {
        "day": f"{as_of:%Y-%m-%dT00:00:00}",
        "said": words("As of {date}", date=words.date(as_of)),
    }
    line = alt.Chart(alt.InlineData(values=[point]))
    return [
        line.mark_rule(stroke=theme.DARK_GREY, strokeDash=[2, 3]).encode(x=alt.X("day:T")),
        line.mark_text(baseline="bottom", dy=-5, fill=theme.DARK_GREY).encode(
            x=alt.X("day:T"), y=alt.value(0), text="said:N"
        ),
    ]


def _states(rows: pd.DataFrame, words: Wording, *, y: alt.Y) -> list[alt.Chart]:
    """Return the column at the right that says each milestone's state in words."""
    said = pd.DataFrame(
        {
            "row": rows["row"],
            "label": [
                _delay(words, state, days)
                for state, days in zip(rows["state"], rows["delay_days"], strict=True)
            ],
            "weight": rows["state"].isin(_OPEN_LATE),
        }
    )
    said = said.assign(lines=said["label"].str.count("\n"))
    layers = []
    for _, some in said.groupby(["weight", "lines"]):
        heavy, lines = bool(some["weight"].iloc[0]), int(some["lines"].iloc[0])
        text = alt.Chart(common.records(some[["row", "label"]])).mark_text(
            align="left",
            baseline="middle",
            fontWeight="bold" if heavy else "normal",
            lineHeight=common.LINE,
            dx=10,
            dy=-lines * common.LINE / 2,
        )
        layers.append(text.encode(x=alt.value("width"), y=y, text="label:N"))
    return layers
