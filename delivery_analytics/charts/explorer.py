"""Two charts that answer to clicks: the regions over time, and in one period."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from delivery_analytics.charts import common, drawing
from delivery_analytics.charts.small_multiples import own_figures
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Unit
from delivery_analytics.report import theme
from delivery_analytics.wording.wording import Wording

REGION, PERIOD = "region", "period"  # the selections' names
_WIDTH, _BARS, _ROW = 430, 210, 17  # px
_CLOUD, _FEWEST = (_WIDTH + _BARS, 360), 3  # its px, and its points
_LETTER, _LINE = 6, 12  # px of the names beside them
_NATION: dict[str, Any] = {
    "stroke": theme.role_colour("nation"),
    "strokeWidth": 2,
    "strokeDash": [4, 3],
}


@dataclass(frozen=True)
class _Picks:
    """What a click chooses, and what tells the nation's rows."""

    region: Any
    period: Any
    nation: Any


def linked(
    data: Dataset, indicator_id: str, words: Wording, *, region_id: str, period: str
) -> Any:
    """Return every region's line with the chosen one in front, and the regions in one period.

    A click on a bar chooses its region, one on a point of the line its period; each chart
    follows the other. Regions without a figure for the period have no bar.

    Parameters
    ----------
    data
        As known on a day.
    region_id, period
        What is chosen to begin with.
    """
    indicator = data.registry.indicators[indicator_id]
    unit = data.registry.units[indicator.unit]
    rows = own_figures(data, indicator)
    power = drawing.power_of(rows["value"])
    drawn = _drawn(data, rows, words, unit=unit, power=power)
    base = alt.Chart(drawing.records(drawn))
    picks = _Picks(
        _selection(REGION, {"region_id": region_id}),
        _selection(PERIOD, {"period": period}),
        alt.datum["region_id"] == data.registry.country_id,
    )
    regional = drawn[drawn["region_id"] != data.registry.country_id]
    height = max(260, _ROW * regional["region_id"].nunique())
    named = drawing.scaled_unit(words, words.name(unit.name), power)
    decimals = 2 if power else unit.decimals
    lines = _lines(base, drawn, words, picks, drawing.number_axis(named, decimals))
    charts = [lines.properties(width=_WIDTH, height=height)]
    if len(regional):
        axis, up = drawing.number_axis(None, decimals), indicator.direction == "decrease"
        bars = _bars(base, words, picks, axis, ascending=up)
        charts.append(bars.properties(width=_BARS, height=height))
    else:  # a line is filtered by the region, so one of them has to be able to choose it
        charts[0] = charts[0].add_params(picks.region)
    return alt.hconcat(*charts, spacing=24).properties(
        description=common.drawn_text(f"{words.name(indicator.name)}, {words.name(unit.name)}"),
        usermeta=common.embedded(words),
    )


def heat(data: Dataset, indicator_id: str, words: Wording) -> Any:
    """Return a tile for each region and period, the darker the higher; a gap has none."""
    unit, drawn = _of(data, indicator_id, words)
    order = list(dict.fromkeys(drawn.sort_values("day")["label"]))
    listed = [words.name(region.name) for region in data.registry.regions.values()]
    chart = alt.Chart(drawing.records(drawn)).mark_rect(stroke=theme.PAPER)
    return chart.encode(
        x=alt.X("label:O", sort=order, axis=alt.Axis(title=None, labelOverlap=True)),
        y=alt.Y("name:N", sort=listed, axis=alt.Axis(title=None, labelLimit=200)),
        color=alt.Color(
            "value:Q",
            title=words.name(unit.name),
            scale=alt.Scale(range=[theme.LIGHT_PURPLE, theme.DARK_BLUE]),
        ),
        tooltip=drawing.tooltip("explorer", words),
    ).properties(width=_WIDTH, usermeta=common.embedded(words))


def scatter(
    data: Dataset, indicator_id: str, other_id: str, words: Wording, *, region_id: str
) -> Any:
    """Return two indicators against each other: the regions in the latest period of both, or
    the periods of one region where too few regions have both.

    Raises
    ------
    DefinitionError
        Of fewer than three points.
    """
    pairs = [_of(data, one, words) for one in (indicator_id, other_id)]
    same = ["region_id", "name", "period", "label", "day"]
    both = pairs[0][1].merge(pairs[1][1], on=same, suffixes=("", "_other"))
    points = both[both["region_id"] != data.registry.country_id]
    points, point = points[points["day"] == points["day"].max()], "name"
    if len(points) < _FEWEST:
        points, point = both[both["region_id"] == region_id], "label"
    if len(points) < _FEWEST:
        raise DefinitionError(
            words(
                "Fewer than three figures of both indicators are of one period or one region."
            )
        )
    points = points.assign(named=_with_room(points, point, region_id))
    titles = [
        f"{words.name(data.registry.indicators[one].name)}, {words.name(unit.name)}"
        for one, (unit, _) in zip((indicator_id, other_id), pairs, strict=True)
    ]
    base = alt.Chart(drawing.records(points)).encode(
        x=alt.X("value:Q", title=titles[0], scale=alt.Scale(zero=False)),
        y=alt.Y("value_other:Q", title=titles[1], scale=alt.Scale(zero=False)),
    )
    here = alt.datum["region_id"] == region_id
    marks = base.mark_point(filled=True, size=90, opacity=0.9).encode(
        color=alt.condition(here, alt.value(theme.LIGHT_PURPLE), alt.value(theme.DARK_BLUE)),
        tooltip=[
            *drawing.tooltip("explorer", words)[:2],
            alt.Tooltip("shown:N", title=titles[0]),
            alt.Tooltip("shown_other:N", title=titles[1]),
        ],
    )
    named = base.mark_text(align="left", dx=6, dy=-6, fontSize=10).encode(text="named:N")
    return (marks + named).properties(
        title=points["label"].iloc[0] if point == "name" else points["name"].iloc[0],
        width=_CLOUD[0],
        height=_CLOUD[1],
        usermeta=common.embedded(words),
    )


def _of(data: Dataset, indicator_id: str, words: Wording) -> tuple[Unit, pd.DataFrame]:
    """Return an indicator's unit, and its figures as they are drawn."""
    indicator = data.registry.indicators[indicator_id]
    unit = data.registry.units[indicator.unit]
    return unit, _drawn(data, own_figures(data, indicator), words, unit=unit, power=0)


def _with_room(points: pd.DataFrame, name: str, region_id: str) -> pd.Series:
    """Return the names no other point stands in the way of; a pointer reads the others."""
    right, up = (
        np.subtract.outer(at, at) * size / (np.ptp(at) or 1)
        for at, size in zip(points[["value", "value_other"]].to_numpy().T, _CLOUD, strict=True)
    )
    reach = points[name].str.len().to_numpy() * _LETTER
    stands = (right >= 0) & (right < reach) & (abs(up) < _LINE)
    alone = stands.sum(axis=0) == 1  # the point itself
    return points[name].where(alone | (points["region_id"] == region_id), "")


def _selection(name: str, begin: dict[str, str]) -> alt.Parameter:
    """Return what one click chooses, in place of what was chosen before."""
    return alt.selection_point(
        name=name, fields=list(begin), value=[begin], toggle=False, clear=False, empty=False
    )


def _drawn(
    data: Dataset, rows: pd.DataFrame, words: Wording, *, unit: Unit, power: int
) -> pd.DataFrame:
    """Return one row a mark; a line's segment ends where the next period is missing."""
    rows = rows.sort_values(["region_id", "period_end"], ignore_index=True)
    before = rows.groupby("region_id", sort=False)["period"].shift()
    return pd.DataFrame(
        {
            "region_id": rows["region_id"],
            "name": common.cleaned(
                common.named(data.registry.regions, rows["region_id"], words)
            ),
            "period": rows["period"].astype("str"),
            "label": [words.short_period(period) for period in rows["period"]],
            "day": rows["period_end"],
            "value": rows["value"] / 10**power,
            "shown": [words.value(value, unit) for value in rows["value"]],
            "source": common.cleaned(data.place(rows)),
            "segment": common.line_breaks(rows["period"], before).cumsum(),
        }
    )


def _lines(
    base: alt.Chart, drawn: pd.DataFrame, words: Wording, picks: _Picks, axis: alt.Axis
) -> Any:
    order = list(dict.fromkeys(drawn.sort_values("day")["label"]))
    lines = base.mark_line().encode(
        x=alt.X(
            "label:O", sort=order, axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)
        ),
        y=alt.Y("value:Q", scale=alt.Scale(zero=False), axis=axis),
        detail=[alt.Detail("region_id:N"), alt.Detail("segment:N")],
    )
    chosen = theme.DARK_BLUE
    points = lines.transform_filter(picks.region).mark_point(
        filled=True, fill=chosen, opacity=1, cursor="pointer", stroke=theme.PAPER
    )
    return alt.layer(
        lines.mark_line(stroke=theme.MID_GREY, strokeWidth=1.2, opacity=0.4),
        lines.transform_filter(picks.nation).mark_line(**_NATION),
        lines.transform_filter(picks.region).mark_line(stroke=chosen, strokeWidth=2.5),
        points.encode(
            size=alt.condition(picks.period, alt.value(190), alt.value(70)),
            tooltip=drawing.tooltip("explorer", words),
        ).add_params(picks.period),
        _said(
            base.transform_filter(picks.nation).transform_filter(~picks.region),
            *("name", _WIDTH, "right", _NATION["stroke"]),
        ),
        _said(base.transform_filter(picks.region), "name", 0, "left", chosen),
    )


def _bars(
    base: alt.Chart, words: Wording, picks: _Picks, axis: alt.Axis, *, ascending: bool
) -> Any:
    """Return the regions of the chosen period, the best on top, the nation as a line."""
    chosen = base.transform_filter(picks.period)
    order = alt.EncodingSortField("value", order="ascending" if ascending else "descending")
    names = alt.Axis(labelLimit=200, **drawing.BARE)
    regions = chosen.transform_filter(~picks.nation).encode(
        y=alt.Y("name:N", sort=order, axis=names)
    )
    x = alt.X("value:Q", axis=axis)
    return alt.layer(
        regions.mark_bar(cursor="pointer", height=_ROW - 5)
        .encode(
            x=x,
            fill=alt.condition(
                picks.region, alt.value(theme.DARK_BLUE), alt.value(theme.LIGHT_PURPLE)
            ),
            tooltip=drawing.tooltip("explorer", words),
        )
        .add_params(picks.region),
        chosen.transform_filter(picks.nation).mark_rule(**_NATION).encode(x=x),
        _said(chosen, "label", 0, "left", theme.INK),
    )


def _said(base: alt.Chart, field: str, x: int, align: Any, fill: str) -> alt.Chart:
    """Return what is chosen, written above a chart; once, however many marks it has."""
    text = base.transform_aggregate(count="count()", groupby=[field]).mark_text(
        align=align, baseline="bottom", fontWeight="bold", fontSize=13, fill=fill
    )
    said: alt.Chart = text.encode(drawing.at_x(x), drawing.at_y(-24), text=f"{field}:N")
    return said
