"""Milestones on their way: the day promised, the day done, the day now expected."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import milestones
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_TITLE_WIDTH = 38
_LATE = ("overdue", "forecast_late", "done_late")
_OPEN_LATE = ("overdue", "forecast_late")


@common.chart()
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
    late = milestones.late(data.named(words.language))
    rows = late.assign(
        done_on=late["completed_on"].where(late["state"].isin(["done", "done_late"])),
        said=[
            words("{state}, forecast not renewed", state=said) if stale else said
            for said, stale in zip(
                (words.code("milestone_mark", state) for state in late["state"]),
                late["not_renewed"],
                strict=True,
            )
        ],
        source=data.place(late),
    )
    dated = rows[["due_on", "done_on", "expected_on"]].notna().any(axis=1)
    drawn = rows[dated].head(top).reset_index(drop=True)
    remarks = [words("Milestones are illustrative")] if rows["illustrative"].any() else []
    if len(drawn):
        remarks += common.in_table_only(len(rows) - len(drawn), words)
    note = common.placed_note(words, data, rows["source"], remarks)
    frame = common.framed("milestones_timeline", words, rows, note)
    title = _milestones_title(rows, words)
    if drawn.empty:
        return frame.nothing(title)
    timeline = _timeline(drawn, words, as_of=pd.Timestamp(str(data.as_of)))
    return frame.figure(timeline, title, _longest_delay(rows, words))


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


def _longest_delay(rows: pd.DataFrame, words: Wording) -> str:
    late = rows[rows["state"].isin(_OPEN_LATE) & rows["delay_days"].notna()]
    if late.empty:
        return ""
    worst = late.sort_values("delay_days", kind="stable").iloc[-1]
    return words(
        "The longest delay: {milestone}, {delay}",
        milestone=common.drawn_text(worst["title"]),
        delay=_days(words, worst["delay_days"]),
    )


def _days(words: Wording, days: float) -> str:
    return words.plural("{n} day", "{n} days", int(days))


def _delay(words: Wording, state: str, days: float) -> str:
    """Return what stands at a row's right: the state, and below it how many days late."""
    named = words.code("milestone_mark", state)
    if state in _LATE and days > 0:
        return f"{named}\n{_days(words, days)}"
    return named


def _timeline(drawn: pd.DataFrame, words: Wording, *, as_of: pd.Timestamp) -> Any:
    labels = common.row_labels(drawn["title"], width=_TITLE_WIDTH)
    rows = drawn.assign(row=labels, name=common.cleaned(drawn["title"]))
    late = rows["state"].isin(_LATE)
    until = rows["done_on"].fillna(rows["expected_on"])
    until = until.mask((rows["state"] == "overdue") & ~(until > as_of), as_of)
    lines = pd.DataFrame(
        {
            "row": labels,
            "since": rows["due_on"],
            "until": until,
            "colour": late.map({True: theme.INK, False: theme.MID_GREY}),
        }
    )
    scale = alt.Scale(padding=24, nice=False)
    axis = alt.Axis(title=None, format="%m.%Y", grid=True, tickCount=7, labelOverlap=True)
    y = drawing.rows_channel(labels)
    rule = alt.Chart(drawing.records(lines.dropna()))
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
    ]
    return drawing.in_rows(layers, labels, least=34)


def _day_marks(rows: pd.DataFrame, words: Wording, *, x: alt.X, y: alt.Y) -> alt.Chart:
    looks = {
        "due_on": (words("Deadline"), theme.MID_BLUE, "diamond"),
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
    legend = alt.Legend(title=None, offset=26, symbolStrokeWidth=0)
    points = alt.Chart(drawing.records(marks.drop(columns="what")))
    drawn: alt.Chart = points.mark_point(size=110, filled=True, opacity=1).encode(
        x=x,
        y=y,
        **drawing.look_channels("series", looks.values(), legend),
        tooltip=drawing.tooltip("milestones_timeline", words),
    )
    return drawn


def _as_of_layers(as_of: pd.Timestamp, words: Wording) -> list[alt.Chart]:
    point = {
        "day": f"{as_of:%Y-%m-%dT00:00:00}",
        "said": words("As at {date}", date=words.date(as_of)),
    }
    line = alt.Chart(alt.InlineData(values=[point]))
    return [
        line.mark_rule(stroke=theme.DARK_GREY, strokeDash=[2, 3]).encode(x="day:T"),
        line.mark_text(baseline="bottom", dy=-5, fill=theme.DARK_GREY).encode(
            x="day:T", y=drawing.at_y(0), text="said:N"
        ),
    ]


def _states(rows: pd.DataFrame, words: Wording, *, y: alt.Y) -> list[alt.Chart]:
    """Return the column at the right that says each milestone's state in words."""
    states = pd.DataFrame(
        {
            "row": rows["row"],
            "label": [
                _delay(words, state, days)
                for state, days in zip(rows["state"], rows["delay_days"], strict=True)
            ],
            "weight": rows["state"].isin(_OPEN_LATE),
        }
    )
    look: dict[str, Any] = {"align": "left", "dx": 10}
    layers = []
    for heavy, rows_alike in states.groupby("weight"):
        look["fontWeight"] = "bold" if heavy else "normal"
        shown = rows_alike[["row", "label"]]
        layers += drawing.centred(shown, "label", x=drawing.at_x("width"), y=y, **look)
    return layers
