"""A hundred-day challenge as a run chart: its results, its goal, and where they lead."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from delivery_analytics.analytics import challenge_reviews
from delivery_analytics.analytics import challenges as hundred
from delivery_analytics.charts import common, drawing, trajectory_layers
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.definitions import Challenge
from delivery_analytics.model.registry import Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.wording.codes import KINDS
from delivery_analytics.wording.wording import Wording

_HEIGHT = 300
_LAST = 280  # the last review; results beyond it are in the table only


@common.chart("challenge_id")
def hundred_days(data: Dataset, challenge_id: str, words: Wording) -> Figure:
    """Draw the results of a challenge by its days, beside the straight way to its goal.

    The band is an 80 % interval of the result of day 100. Results after day 100 are those
    of the reviews: they show whether it lasts.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    """
    challenge = data.registry.challenges[challenge_id]
    unit = data.registry.units[challenge.unit]
    as_of = pd.Timestamp(str(data.as_of)).date()
    declared = hundred.declared_challenges(data)
    table = hundred.standing(declared, hundred.results(data), as_of=as_of)
    row = _one(table, challenge_id)
    base = float(_one(declared, challenge_id)["base"])
    seen = _seen(data, challenge_id, today=int(row["day"]))
    table = seen.assign(
        date=_on(challenge, 1) + pd.to_timedelta(seen["day"] - 1, unit="D"),
        expected=_way(seen["day"], base, challenge.target),
        source=data.place(seen),
    )
    name = words.name(challenge.name)
    subtitle = f"{words.name(challenge.goal)}; {words.name(unit.name)}"
    remarks = _remarks(challenge, row, words)
    note = common.placed_note(words, data, table["source"], remarks)
    frame = common.framed("hundred_days", words, table, note, subtitle=subtitle, unit=unit)
    if table.empty or np.isnan(base):
        return frame.nothing(words("{indicator}: no data reported yet", indicator=name))
    return frame.figure(
        _chart(table, challenge, row, base, unit, words),
        _title(challenge, row, unit, words),
        native=_native(table, challenge, base, words, words.name(unit.name)),
    )


def _remarks(challenge: Challenge, row: dict[str, Any], words: Wording) -> list[str]:
    remarks = []
    if row["lower"] < row["upper"]:
        remarks.append(words("The band is an 80% interval"))
    if challenge.illustrative:
        remarks.append(words("The challenge is illustrative"))
    return remarks


def _one(table: pd.DataFrame, challenge_id: str) -> dict[str, Any]:
    row = table[table["challenge_id"] == challenge_id].iloc[0]
    return {str(name): value for name, value in row.items()}


def _seen(data: Dataset, challenge_id: str, *, today: int) -> pd.DataFrame:
    rows = hundred.results(data)
    rows = rows[rows["challenge_id"] == challenge_id]
    rows = rows[rows["day"].between(1, min(today, _LAST))]
    ordered: pd.DataFrame = rows.sort_values("day").reset_index(drop=True)
    return ordered


def _way(day: Any, base: float, target: float) -> Any:
    """Return the straight way from base to goal, level after day 100."""
    return base + (target - base) * np.minimum(day, hundred.DAYS) / hundred.DAYS


def _title(challenge: Challenge, row: dict[str, Any], unit: Unit, words: Wording) -> str:
    figures = [row["value"], challenge.target, row["projection"]]
    value, goal, projection = words.values(figures, unit)
    values: dict[str, Any] = {"name": words.name(challenge.name), "goal": goal}
    values |= {"value": value, "day": int(row["last_day"])}
    if row["status"] in ("met", "not_met"):
        state = words.code("challenge", row["status"])
        return words(
            "{name}: {state}; {value} on day {day}, goal {goal}", state=state, **values
        )
    if pd.isna(row["projection"]):
        return words("{name}: {value} on day {day}, goal {goal}", **values)
    return words(
        "{name}: {value} on day {day}, forecast {projection}, goal {goal}",
        projection=projection,
        **values,
    )


def _chart(
    table: pd.DataFrame,
    challenge: Challenge,
    row: dict[str, Any],
    base: float,
    unit: Unit,
    words: Wording,
) -> Any:
    last = max(hundred.DAYS, int(table["day"].max()))
    shown = table.assign(
        shown=[words.value(value, unit) for value in table["value"]],
        when=[words.date(day) for day in table["date"]],
    )
    marks = sorted(
        {1, hundred.REFRESH, hundred.DAYS} | {d for d in challenge_reviews.REVIEWS if d <= last}
    )
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[0, last + 4], nice=False),
        axis=alt.Axis(title=words("Day"), values=marks, format="d", grid=True),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=False, nice=True, padding=14),
        axis=drawing.number_axis(words.name(unit.name), unit.decimals),
    )
    way = pd.DataFrame({"day": [0, hundred.DAYS, last]})
    way = way.assign(value=_way(way["day"], base, challenge.target)).drop_duplicates()
    expected, observed = theme.SERIES_STYLE["expected"], theme.SERIES_STYLE["observed"]
    # Over a week without a result nothing is drawn: nobody knows what was in it.
    apart = (shown["day"].diff() > 2 * hundred.WEEK) & (shown["day"] <= hundred.DAYS)
    line = alt.Chart(
        drawing.records(shown.assign(segment=apart.cumsum())[["day", "value", "segment"]])
    )
    layers = [
        *_ahead(table, row),
        alt.Chart(drawing.records(way)).mark_line(
            color=expected.colour, strokeDash=list(expected.dash)
        ),
        line.mark_line(color=observed.colour).encode(detail="segment:N"),
        _points(shown, challenge, words, words.value(challenge.target, unit)),
    ]
    return drawing.layered([layer.encode(x=x, y=y) for layer in layers], height=_HEIGHT)


def _names(words: Wording) -> dict[str, str]:
    return {role: words.code("challenge_series", role) for role in KINDS["challenge_series"]}


def _points(shown: pd.DataFrame, challenge: Challenge, words: Wording, goal: str) -> alt.Chart:
    """Return every result and the goal, with the legend of all series."""
    names = _names(words)
    end = pd.DataFrame(
        {
            "day": [hundred.DAYS],
            "value": [challenge.target],
            "shown": [goal],
            "when": [words.date(_on(challenge, hundred.DAYS))],
            "series": [names["target"]],
        }
    )
    marks = pd.concat([shown.assign(series=names["observed"])[list(end)], end])
    points: alt.Chart = (
        alt.Chart(drawing.records(marks))
        .mark_point(size=70, strokeWidth=2, opacity=1)
        .encode(
            **trajectory_layers.role_channels(names),
            tooltip=drawing.tooltip("hundred_days", words),
        )
    )
    return points


def _on(challenge: Challenge, day: int) -> pd.Timestamp:
    """Return the date of a day of the challenge."""
    return pd.Timestamp(challenge.start_on) + pd.Timedelta(days=day - 1)


def _ahead(table: pd.DataFrame, row: dict[str, Any]) -> list[alt.Chart]:
    """Return the line from the last result to day 100, with the interval at its end."""
    if row["basis"] == "result" or pd.isna(row["projection"]):
        return []
    last = table.iloc[-1]
    line = pd.DataFrame(
        {
            "day": [last["day"], hundred.DAYS],
            "value": [last["value"], row["projection"]],
            "low": [last["value"], row["lower"]],
            "high": [last["value"], row["upper"]],
        }
    )
    drawn = [
        alt.Chart(drawing.records(line[["day", "value"]])).mark_line(
            color=theme.DARK_BLUE, strokeDash=[1, 3]
        )
    ]
    if row["lower"] < row["upper"]:
        band = line.rename(columns={"low": "value", "value": "middle"})
        area = alt.Chart(drawing.records(band[["day", "value", "high"]])).mark_area(
            color=theme.LIGHT_PURPLE, opacity=0.35
        )
        drawn.insert(0, area.encode(y2="high:Q"))
    return drawn


def _native(
    table: pd.DataFrame, challenge: Challenge, base: float, words: Wording, unit: str
) -> NativeChart:
    """Return the lines over the days that have a result, with day 100 among them."""
    days = sorted({*table["day"], hundred.DAYS})
    seen = dict(zip(table["day"], table["value"], strict=True))
    lines = {
        "observed": [seen.get(day) for day in days],
        "expected": _way(np.array(days, dtype=float), base, challenge.target),
        "target": [challenge.target if day == hundred.DAYS else None for day in days],
    }
    return common.native(
        "line",
        [words("day {n}", n=day) for day in days],
        [(name, lines[role], role) for role, name in _names(words).items()],
        axis=unit,
        decimals=1,
    )
