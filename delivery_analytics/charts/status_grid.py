"""How many indicators have each status: sectors, programmes or regions beside one another."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.analytics.rollup import CountedBy
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_LEAST_SPAN = 6  # indicators the axis spans at least: one is no full bar
_WELL = ("achieved", "on_track")
_ROOM_FOR_COUNT = 15  # px, and for the shape beside it
_ROOM_FOR_SHAPE = 38


@common.chart(takes=("region_id",))
def status_grid(
    data: Dataset,
    words: Wording,
    *,
    by: CountedBy = "sector_id",
    region_id: str | None = None,
    assessments: pd.DataFrame | None = None,
    legend: bool = True,
) -> Figure:
    """Draw how many indicators of each sector have each status, as stacked bars.

    Parameters
    ----------
    data
        As known on a day, which it must carry; names the files in the footnote.
    by
        ``sector_id`` or ``programme_id`` of one region; or ``region_id``, without the nation.
    region_id
        Whose rows; by default the nation's.
    assessments
        Of one method and one day; otherwise a new judgement.
    legend
        Whether it says what the marks mean.
    """
    if assessments is None:
        assessments = status.assess(data)
    counts = rollup.status_counts(assessments, data.registry, by=by, region_id=region_id)
    if by == "region_id":
        counts = counts[counts[by] != data.registry.country_id]
    counts = counts[counts["indicators"] > 0].reset_index(drop=True)
    counts = counts.assign(name=common.group_names(data.registry, by, counts[by], words))
    note = common.assessed_note(words, data, assessments)
    frame = common.framed("status_grid", words, counts, note, grouped=by)
    if counts.empty:
        return frame.nothing(words("There is no indicator to count"))
    present = [code for code in STATUSES if counts[code].any()]
    series = [(words.status(code), counts[code], code) for code in present]
    return frame.figure(
        _counts_chart(counts, present, words, legend),
        _counts_title(counts, words),
        "; ".join(f"{words.status(code)}: {int(counts[code].sum())}" for code in present),
        native=common.native("stacked_bar", counts["name"], series, axis=words("Indicators")),
    )


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
        "{well} of {judged} indicators judged are achieved or on track, {off} off track",
        well=int(counts[list(_WELL)].to_numpy().sum()),
        judged=judged,
        off=int(counts["off_track"].sum()),
    )


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
        **drawing.status_looks(words, rows["status"]),
    )


def _counts_chart(
    counts: pd.DataFrame, present: list[str], words: Wording, legend: bool
) -> Any:
    labels = common.row_labels(counts["name"])
    counts = counts.assign(row=labels)
    most = max(int(counts["indicators"].max()), _LEAST_SPAN)
    segments = _segments(counts, words, unit_px=(theme.WIDTH - 260) / most)
    y = drawing.rows_channel(labels)
    x = alt.X(
        "since:Q",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(
            title=None, tickMinStep=1, format="d", grid=True, tickCount=min(most, 10)
        ),
    )
    base = alt.Chart(drawing.records(segments)).encode(y=y)
    bars = base.mark_bar(stroke=theme.PAPER, strokeWidth=1.5, height=alt.RelativeBandSize(0.74))
    texts = base.mark_text(fontWeight="bold", baseline="middle")
    bars = bars.encode(
        x=x,
        x2="until:Q",
        fill=alt.Fill("colour:N", scale=None),
        tooltip=drawing.tooltip("status_grid", words),
    )
    texts = texts.encode(alt.Color("ink:N", scale=None), x="middle:Q", text="text:N")
    key = [drawing.status_legend(words, present, labels[0])] if legend else []
    return drawing.in_rows([bars, texts, *key], labels, least=32)
