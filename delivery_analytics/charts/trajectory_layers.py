"""The layers of an indicator's path: the dashed plan, the observed line, marks and labels."""

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import drawing
from delivery_analytics.charts.trajectory_fan import fan_layers
from delivery_analytics.charts.trajectory_subject import UNSETTLED, Subject
from delivery_analytics.model import periods
from delivery_analytics.report import theme
from delivery_analytics.wording.codes import KINDS
from delivery_analytics.wording.wording import Wording

_HEIGHT = 300
_TICKS = 9  # at most, on the axis of time
_MARGIN = 0.08  # of the span of values, below and above
_BELOW = 12  # pixels from the last point to its label
_POINT: dict[str, Any] = {"size": 70, "strokeWidth": 2, "opacity": 1}
_SMALL_POINT = {**_POINT, "size": 14}
_MANY = 40  # points of usual size would run together


def path_chart(subject: Subject, words: Wording, fan: pd.DataFrame) -> Any:
    """Return the chart of one indicator; it has a figure or a target. See `fan.fan_of`."""
    days = _tick_days(subject)
    x = alt.X("day:T", scale=alt.Scale(padding=24), axis=_time_axis(days, words))
    y = _value_channel(subject, words, fan)
    layers = [
        *fan_layers(fan, subject.power),
        *_band(subject),
        *_path(subject),
        *_observed(subject),
        *_marks(subject, words, fan),
        *_status_mark(subject),
        *_labels(subject, words),
    ]
    layers = [layer.encode(x=x, y=y) for layer in layers]
    return drawing.layered(layers, height=_HEIGHT)


def series_names(words: Wording) -> dict[str, str]:
    """Return what each line and mark of the chart is called, by its role."""
    return {role: words.code("series", role) for role in KINDS["series"]}


def _value_channel(subject: Subject, words: Wording, fan: pd.DataFrame) -> alt.Y:
    """Return the axis of values: with room around them, but not past zero for its sake."""
    ends = [subject.seen["value"], subject.targets["value"], fan["low"], fan["high"]]
    ends.append(pd.Series(subject.band or (), dtype="float64"))
    values = pd.concat([end.astype("float64") for end in ends]) / 10**subject.power
    low, high = float(values.min()), float(values.max())
    room = (high - low or abs(high) or 1.0) * _MARGIN
    domain = [low - room, high + room]
    if subject.last is not None and not _is_above(subject):
        last, share = subject.last["value"] / 10**subject.power, _label_share(subject)
        domain[0] = min(domain[0], last - (domain[1] - last) * share / (1 - share))
    if low >= 0:
        domain[0] = max(domain[0], 0.0)
    if high <= 0:
        domain[1] = min(domain[1], 0.0)
    unit = words.name(subject.unit.name)
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=domain, nice=True, zero=False),
        axis=drawing.number_axis(
            drawing.scaled_unit(words, unit, subject.power),
            2 if subject.power else subject.unit.decimals,
        ),
    )


def _tick_days(subject: Subject) -> pd.DataFrame:
    """Return the period ends to be named on the axis, the last figure's among them."""
    every = subject.periods()
    last = subject.last
    anchor = every.index(last["period"]) if last is not None and last["period"] in every else 0
    step = -(-len(every) // _TICKS)
    named = pd.Series(every[anchor % step :: step], dtype="str")
    return pd.DataFrame({"period": named, "day": periods.ends(named)})


def _time_axis(days: pd.DataFrame, words: Wording) -> alt.Axis:
    """Return an axis with ticks at period ends, named as many as there is room for.

    Left to itself the axis would mark 1 January, and the year 2024, whose figure stands
    on 31 December, would seem to be 2025.
    """
    stamps = [f"{day:%Y-%m-%dT00:00:00}" for day in days["day"]]
    named = json.dumps([words.short_period(period) for period in days["period"]])
    place = f"round(datum.index * {len(stamps) - 1})"
    return alt.Axis(
        values=stamps,
        labelExpr=f"{named}[{place}]",
        labelOverlap=True,
        labelSeparation=6,
        title=None,
        tickSize=5,
    )


def _band(subject: Subject) -> list[alt.Chart]:
    """Return the room around a level to be kept, from the first day to the last."""
    if subject.band is None:
        return []
    low, high = (end / 10**subject.power for end in subject.band)
    edges = pd.DataFrame({"day": subject.corners["period_end"], "value": low, "high": high})
    band = alt.Chart(drawing.records(edges)).mark_area(color=theme.BAR, opacity=0.5, aria=False)
    return [band.encode(y2="high:Q")]


def _path(subject: Subject) -> list[alt.Chart]:
    look = theme.SERIES_STYLE["expected"]
    corners = pd.DataFrame(
        {
            "day": subject.corners["period_end"],
            "value": subject.corners["expected_value"] / 10**subject.power,
        }
    )
    line = alt.Chart(drawing.records(corners)).mark_line(
        color=look.colour, strokeDash=list(look.dash), strokeWidth=look.width
    )
    return [line] if len(corners) else []


def _observed(subject: Subject) -> list[alt.Chart]:
    look = theme.SERIES_STYLE["observed"]
    seen = subject.seen
    points = seen.assign(day=seen["period_end"], value=seen["value"] / 10**subject.power)
    points = points[["day", "value", "segment"]]
    line = alt.Chart(drawing.records(points)).mark_line(
        color=look.colour, strokeWidth=look.width
    )
    return [line.encode(detail="segment:N")] if len(points) else []


def role_channels(names: Mapping[str, str]) -> dict[str, Any]:
    """Return the channels of marks by their field ``series``, with one legend of all of them.

    Parameters
    ----------
    names
        Role of `theme.SERIES_STYLE` → what the field calls it; one that no mark has, such
        as a line's, is in the legend too.
    """
    looks = [theme.SERIES_STYLE[role] for role in names]
    legend = alt.Legend(title=None, offset=30)

    def scale(values: list[Any]) -> alt.Scale:
        return alt.Scale(domain=list(names.values()), range=values)

    colour = scale([look.colour for look in looks])
    shape = scale(["stroke" if look.dash else look.shape for look in looks])
    dash = scale([list(look.dash) or [1, 0] for look in looks])
    return {
        "fill": alt.Fill("series:N", scale=colour, legend=legend),
        "stroke": alt.Stroke("series:N", scale=colour, legend=legend),
        "shape": alt.Shape("series:N", scale=shape, legend=legend),
        "strokeDash": alt.StrokeDash("series:N", scale=dash, legend=legend),
    }


def _points(subject: Subject, words: Wording) -> pd.DataFrame:
    """Return every point: each figure, each promise, with what a pointer over it reads."""
    seen, due = subject.seen, subject.targets
    figures = pd.DataFrame(
        {
            "day": seen["period_end"],
            "value": seen["value"],
            "role": "observed",
            "hollow": seen["obs_status"].isin(UNSETTLED),
            "period": [words.period(period) for period in seen["period"]],
        }
    )
    promises = pd.DataFrame(
        {
            "day": due["due_on"],
            "value": due["value"],
            "role": due["kind"].where(due["kind"] == "baseline", "target"),
            "hollow": False,
            "period": [words.date(day) for day in due["due_on"]],
        }
    )
    points = pd.concat([figures, promises], ignore_index=True)
    return points.assign(
        series=points["role"].map(series_names(words)),
        shown=[words.value(value, subject.unit) for value in points["value"]],
        value=points["value"] / 10**subject.power,
    )


def _marks(subject: Subject, words: Wording, fan: pd.DataFrame) -> list[alt.Chart]:
    """Return the points, and the legend of all series, the dashed path among them."""
    points = _points(subject, words)
    names = series_names(words)
    present = {*points["role"], *(["expected"] if len(subject.corners) else [])}
    present |= {"forecast"} if len(fan) else set()
    looks = role_channels({role: name for role, name in names.items() if role in present})
    shown = points[["day", "value", "series", "period", "shown"]]
    look = _SMALL_POINT if len(subject.seen) > _MANY else _POINT
    marks = alt.Chart(drawing.records(shown)).mark_point(**look)
    marks = marks.encode(**looks, tooltip=drawing.tooltip("trajectory", words))
    hollow = points.loc[points["hollow"], ["day", "value"]]
    ring = alt.Chart(drawing.records(hollow)).mark_point(
        **look, fill=theme.PAPER, stroke=theme.role_colour("observed")
    )
    return [marks, ring] if len(hollow) else [marks]


def _status_mark(subject: Subject) -> list[alt.Chart]:
    last = subject.last
    if last is None or subject.verdict is None:
        return []
    look = theme.STATUS_STYLE[subject.status]
    data = alt.InlineData(values=[_place(subject, last["period_end"], last["value"])])
    under = alt.Chart(data).mark_point(size=260, fill=theme.PAPER, opacity=1, strokeWidth=0)
    mark = alt.Chart(data).mark_point(
        shape=look.shape,
        size=230,
        fill=look.colour,
        stroke=theme.PAPER,
        strokeWidth=1.5,
        opacity=1,
    )
    return [under, mark]


def _place(subject: Subject, day: pd.Timestamp, value: float) -> dict[str, Any]:
    return {"day": f"{day:%Y-%m-%dT00:00:00}", "value": float(value) / 10**subject.power}


def _labels(subject: Subject, words: Wording) -> list[alt.Chart]:
    """Return the written values, each over a halo that keeps lines out of its letters."""
    layers = []
    for label in (*_target_labels(subject, words), *_last_label(subject, words)):
        at = ("day", "value", "label")
        data = alt.InlineData(values=[{key: label[key] for key in at}])
        style: dict[str, Any] = {k: v for k, v in label.items() if k not in at}
        style |= {"lineHeight": drawing.LINE}
        halo = alt.Chart(data).mark_text(
            fill=theme.PAPER, stroke=theme.PAPER, strokeWidth=4, strokeJoin="round", **style
        )
        text = alt.Chart(data).mark_text(**style)
        layers += [halo.encode(text="label:N"), text.encode(text="label:N")]
    return layers


def _last_label(subject: Subject, words: Wording) -> list[dict[str, Any]]:
    """Return the last figure with its status, on the side away from the path."""
    last = subject.last
    if last is None:
        return []
    text = drawing.short_value(last["value"], subject.unit, words)
    if subject.verdict:
        text = f"{text}\n{words.status(subject.status)}"
    above = _is_above(subject)
    beside = _is_followed(subject) and above != _has_risen(subject)
    align, dx = ("left", 8) if beside else ("center", 0)
    dy = -_BELOW - drawing.LINE * text.count("\n") if above else _BELOW
    place = _place(subject, last["period_end"], last["value"])
    return [_label(place, text, align, dx=dx, dy=dy, weight="bold")]


def _label(
    place: dict[str, Any], text: str, align: str, *, dx: int, dy: int, weight: str
) -> dict[str, Any]:
    """Return a label at a place, above its point where it is moved up."""
    baseline = "bottom" if dy < 0 else "top"
    style = {"align": align, "baseline": baseline, "dx": dx, "dy": dy, "fontWeight": weight}
    return {**place, "label": text, **style}


def _is_above(subject: Subject) -> bool:
    """Say whether the last figure is written above its point.

    It lies on its path or above it, or has none, or there is no room for the label
    between a small figure and an axis that begins at zero.
    """
    last = subject.last
    if last is None or not last["value"] < last["expected"]:
        return True
    values = pd.concat([subject.seen["value"], subject.targets["value"]])
    small = last["value"] < _label_share(subject) * values.max() * (1 + _MARGIN)
    return bool(values.min() >= 0 and small)


def _label_share(subject: Subject) -> float:
    """Return the share of the height that the last figure's label takes below its point."""
    return (_BELOW + drawing.LINE * (2 if subject.verdict else 1)) / _HEIGHT


def _has_risen(subject: Subject) -> bool:
    """Say whether the line reaches its last point from below."""
    values = subject.seen["value"].tail(2)
    return bool(values.iloc[-1] >= values.iloc[0])


def _is_followed(subject: Subject) -> bool:
    """Say whether there is room to the right of the last figure: a promise is due later."""
    last = subject.last
    return last is not None and bool((subject.targets["due_on"] > last["period_end"]).any())


def _target_labels(subject: Subject, words: Wording) -> list[dict[str, Any]]:
    """Return the next promise and the last one, written clear of the path."""
    goals, last = subject.goals, subject.last
    day = None if last is None else last["period_end"]
    ahead = goals if day is None else goals[goals["due_on"] >= day]
    named = pd.concat([ahead.head(1), goals.tail(1)]).drop_duplicates("due_on")
    start = subject.corners["expected_value"].iloc[0] if len(subject.corners) else 0.0
    labels = []
    for due_on, value in zip(named["due_on"], named["value"], strict=True):
        above = due_on != day or not _is_above(subject)
        left = (value >= start) == above
        align, dx = ("right", 6) if left else ("left", -6)
        text = drawing.short_value(value, subject.unit, words)
        place = _place(subject, due_on, value)
        dy = -8 if above else 8
        labels.append(_label(place, text, align, dx=dx, dy=dy, weight="normal"))
    return labels
