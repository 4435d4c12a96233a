"""Where indicators stand: counted by status, cell by cell, and the furthest behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup
from delivery_analytics.analytics.rollup import CountedBy
from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_LEAST_SPAN = 6  # indicators the axis spans at least: one is no full bar
_FEW_REGIONS = 3  # with room for the value beside its status
_WIDE_COLUMNS = 8
_CELL_WIDTH = 140
_WELL = ("achieved", "on_track")
_ROOM_FOR_COUNT = 15  # px, and for the shape beside it
_ROOM_FOR_SHAPE = 38


def status_grid(
    assessments: pd.DataFrame,
    registry: Registry,
    words: Wording,
    *,
    by: CountedBy = "sector_id",
    region_id: str | None = None,
    data: Dataset | None = None,
) -> Figure:
    """Draw how many indicators of each sector have each status, as stacked bars.

    Parameters
    ----------
    assessments
        Of one method and one day.
    by
        ``sector_id`` or ``programme_id`` of one region; or ``region_id``, without the nation.
    region_id
        Whose rows; by default the nation's.
    data
        What was judged; names the files in the footnote.
    """
    counts = rollup.status_counts(assessments, registry, by=by, region_id=region_id)
    if by == "region_id":
        counts = counts[counts[by] != registry.country_id]
    counts = counts[counts["indicators"] > 0].reset_index(drop=True)
    counts = counts.assign(name=[_group_name(registry, by, g, words) for g in counts[by]])
    columns = (
        Column("name", _GROUPED[by](words)),
        *(Column(s, words.status(s), "number", 0) for s in STATUSES),
        Column("indicators", words("Indicators"), "number", 0),
    )
    subtitle = words("Number of indicators by status")
    note = _note(words, assessments, data)
    if counts.empty:
        title = words("There is no indicator to count")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns
        )
    title = _counts_title(counts, words)
    return common.build(
        _counts_chart(counts, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=_counts_alt(counts, words, title),
        table=counts[[column.key for column in columns]],
        columns=columns,
        native=NativeChart(
            "stacked_bar",
            [common.clean(name) for name in counts["name"]],
            [
                Series(words.status(s), common.optional(counts[s]), s)
                for s in STATUSES
                if counts[s].any()
            ],
            axis_title=words("Indicators"),
            decimals=0,
        ),
    )


_GROUPED = {
    "sector_id": lambda words: words("Sector"),
    "programme_id": lambda words: words("Programme"),
    "region_id": lambda words: words("Region"),
}


def _group_name(registry: Registry, by: CountedBy, group: str, words: Wording) -> str:
    tables: dict[str, Mapping[str, Any]] = {
        "sector_id": registry.sectors,
        "programme_id": registry.programmes,
        "region_id": registry.regions,
    }
    defined = tables[by]
    return words.name(defined[group].name) if group in defined else group


def _note(words: Wording, assessments: pd.DataFrame, data: Dataset | None) -> str:
    files = common.files_of(data.place(assessments)) if data is not None else []
    return common.source_note(words, files=files, as_of=common.latest_day(assessments["as_of"]))


def _counts_title(counts: pd.DataFrame, words: Wording) -> str:
    total = int(counts["indicators"].sum())
    judged = int(counts["judged"].sum())
    if judged == 0:
        return words.plural(
            "The only indicator cannot be judged yet",
            "None of {n} indicators can be judged yet",
            total,
        )
    return words(
        "{well} of {total} indicators are achieved or on track, {off} off track",
        well=int(counts[list(_WELL)].to_numpy().sum()),
        total=total,
        off=int(counts["off_track"].sum()),
    )


def _counts_alt(counts: pd.DataFrame, words: Wording, title: str) -> str:
    totals = {status: int(counts[status].sum()) for status in STATUSES}
    said = "; ".join(f"{words.status(s)}: {n}" for s, n in totals.items() if n)
    return common.sentences(words("Stacked bar chart"), title, said)


def _segments(counts: pd.DataFrame, words: Wording, *, unit_px: float) -> pd.DataFrame:
    """Return one row a segment, with its ends and the text that fits into it."""
    rows = counts.melt(["row", "name"], list(STATUSES), "status", "count")
    rows = rows.assign(order=rows["status"].map(lambda s: theme.STATUS_STYLE[s].order))
    rows = rows.sort_values(["row", "order"], kind="stable")
    until = rows.groupby("row")["count"].cumsum()
    rows = rows.assign(since=until - rows["count"], until=until)[rows["count"] > 0]
    room = rows["count"] * unit_px
    glyphs = rows["status"].map(lambda s: theme.STATUS_STYLE[s].glyph)
    text = rows["count"].astype("str")
    text = (glyphs + " " + text).where(room >= _ROOM_FOR_SHAPE, text)
    return rows.assign(
        middle=(rows["since"] + rows["until"]) / 2,
        text=text.where(room >= _ROOM_FOR_COUNT, ""),
        colour=rows["status"].map(lambda s: theme.STATUS_STYLE[s].colour),
        ink=rows["status"].map(lambda s: theme.STATUS_STYLE[s].text_colour),
        said=[words.status(status) for status in rows["status"]],
    )


def _counts_chart(counts: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(counts["name"])
    counts = counts.assign(row=labels)
    most = max(int(counts["indicators"].max()), _LEAST_SPAN)
    segments = _segments(counts, words, unit_px=(theme.WIDTH - 260) / most)
    y = common.rows_channel(labels)
    x = alt.X(
        "since:Q",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(
            title=None, tickMinStep=1, format="d", grid=True, tickCount=min(most, 10)
        ),
    )
    base = alt.Chart(common.records(segments))
    bars = base.mark_bar(stroke=theme.PAPER, strokeWidth=1.5, height=alt.RelativeBandSize(0.74))
    texts = base.mark_text(fontWeight="bold", baseline="middle")
    bars = bars.encode(
        x=x,
        x2="until:Q",
        y=y,
        fill=alt.Fill("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=words("Name")),
            alt.Tooltip("said:N", title=words("Status")),
            alt.Tooltip("count:Q", title=words("Indicators"), format="d"),
        ],
    )
    texts = texts.encode(x="middle:Q", y=y, text="text:N", color=alt.Color("ink:N", scale=None))
    present = [status for status in STATUSES if counts[status].any()]
    legend = common.status_legend(words, present, x=alt.X(datum=0), y=alt.Y(datum=labels[0]))
    height = common.row_height(labels, least=32) * len(labels)
    return common.layered([bars, texts, legend, *common.row_names(labels)], height=height)


def status_cells(
    assessments: pd.DataFrame,
    registry: Registry,
    words: Wording,
    *,
    data: Dataset | None = None,
) -> Figure:
    """Draw one cell per indicator and region: its colour, shape and letter.

    Rows are indicators in registry order; columns the regions judged, the nation first.
    """
    known = [i for i in registry.indicators if i in set(assessments["indicator_id"])]
    regions = [r for r in registry.regions if r in set(assessments["region_id"])]
    rows = assessments[assessments["indicator_id"].isin(known)]
    rows = rows.assign(
        name=[words.name(registry.indicators[i].name) for i in rows["indicator_id"]],
        place=[
            words.name(registry.regions[r].name) if r in registry.regions else r
            for r in rows["region_id"]
        ],
        shown=[
            words.value(value, registry.units[registry.indicators[i].unit])
            for i, value in zip(rows["indicator_id"], rows["value"], strict=True)
        ],
        source=data.place(rows) if data is not None else rows["source_cell"],
    )
    columns = (
        Column("name", words("Indicator")),
        Column("place", words("Region")),
        Column("period", words("Period"), "period"),
        Column("shown", words("Value"), "number"),
        Column("status", words("Status"), "status"),
        Column("source", words("Source"), "source"),
    )
    subtitle = words("Status of each indicator")
    note = _note(words, assessments, data)
    if rows.empty:
        title = words("There is no indicator to judge")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns
        )
    title = _cells_title(rows, words)
    return common.build(
        _cells_chart(rows, known, regions, registry, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Grid of statuses"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
    )


def _cells_title(rows: pd.DataFrame, words: Wording) -> str:
    return words(
        "{well} of {total} judgements are achieved or on track, {off} off track",
        well=int(rows["status"].isin(_WELL).sum()),
        total=len(rows),
        off=int((rows["status"] == "off_track").sum()),
    )


def _cells_chart(
    rows: pd.DataFrame, known: list[str], regions: list[str], registry: Registry, words: Wording
) -> Any:
    labels = common.row_labels(words.name(registry.indicators[i].name) for i in known)
    few = len(regions) <= _FEW_REGIONS
    places = common.row_labels(
        (words.name(registry.regions[r].name) for r in regions), width=24 if few else 60
    )
    marks = [common.marked(words, status) for status in rows["status"]]
    # In a narrow column shape and letter stand one above the other.
    narrow = len(regions) > _WIDE_COLUMNS
    cells = rows.assign(
        row=rows["indicator_id"].map(dict(zip(known, labels, strict=True))),
        column=rows["region_id"].map(dict(zip(regions, places, strict=True))),
        text=[
            f"{mark} · {value}" if few else mark.replace(" ", "\n") if narrow else mark
            for mark, value in zip(marks, rows["shown"], strict=True)
        ],
        colour=rows["status"].map(lambda s: theme.STATUS_STYLE[s].colour),
        ink=rows["status"].map(lambda s: theme.STATUS_STYLE[s].text_colour),
        said=[words.status(status) for status in rows["status"]],
    )
    shown = ["row", "column", "name", "place", "text", "colour", "ink", "said", "shown"]
    y = common.rows_channel(labels)
    axis = alt.Axis(
        title=None,
        orient="top",
        labelAngle=0 if few else -90,
        domain=False,
        ticks=False,
        labelLimit=0,
    )
    x = alt.X("column:N", sort=places, scale=alt.Scale(domain=places), axis=axis)
    base = alt.Chart(common.records(cells[shown]))
    boxes = base.mark_rect(stroke=theme.PAPER, strokeWidth=2).encode(
        x=x,
        y=y,
        fill=alt.Fill("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=words("Indicator")),
            alt.Tooltip("place:N", title=words("Region")),
            alt.Tooltip("shown:N", title=words("Value")),
            alt.Tooltip("said:N", title=words("Status")),
        ],
    )
    texts = base.mark_text(
        fontWeight="bold",
        baseline="middle",
        lineHeight=common.LINE,
        dy=-common.LINE / 2 if narrow else 0,
    ).encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None))
    legend = common.status_legend(
        words, rows["status"].unique(), x=alt.X(datum=places[0]), y=alt.Y(datum=labels[0])
    )
    layers = [boxes, texts, legend, *common.row_names(labels)]
    height = common.row_height(labels, least=40 if narrow else 26) * len(labels)
    if few:
        return common.layered(layers, height=height, width=alt.Step(_CELL_WIDTH))
    return common.layered(layers, height=height)
