"""Regions as tiles that stand about where they lie, each as large as the others."""

import math
import warnings
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import common, drawing
from delivery_analytics.charts.regions_bar import Ranked, ranked
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_TILE = 84  # px
_STEPS = ("#DDE7F0", "#AFC7DC", "#7FA3C5", "#4A7AA8", theme.DARK_BLUE)  # five fifths
_INK_FROM = 3  # the step from which text is white


@common.chart("indicator_id")
def tile_map(
    data: Dataset, indicator_id: str, words: Wording, *, assessments: pd.DataFrame | None = None
) -> Figure:
    """Draw an indicator's figure in every region as a map of tiles, the darker the higher.

    Every tile is as large as the others, so that a vast region does not seem to weigh more,
    and as light where totals are drawn, which do not compare.
    A region without a figure for the period is an empty tile. Regions without a place in
    ``regions.csv`` stand in a row below. Under the map each figure is a mark on one scale:
    a click on a tile or on a mark picks the region in both, with shift several, and a
    double click lets go.

    Parameters
    ----------
    data, indicator_id, assessments
        As for `regions_bar`.
    """
    ranking = ranked(data, indicator_id, words, assessments=assessments)
    if ranking.drawn.empty:
        return ranking.frame.nothing(ranking.title)
    frame = replace(ranking.frame, kind=words("Map of tiles"))
    if ranking.total:
        return frame.figure(_linked(data, ranking, words), ranking.title)
    values = ranking.drawn["value"]
    low, high = words.values([values.min(), values.max()], ranking.unit)
    title = words(
        "{indicator} on the map: from {low} to {high}",
        indicator=words.name(data.registry.indicators[indicator_id].name),
        low=low,
        high=high,
    )
    return frame.figure(_linked(data, ranking, words), title)


def _places(data: Dataset) -> pd.DataFrame:
    """Return the column and row of every region; those without one in rows below."""
    nation = data.registry.country_id
    regions = [one for one in data.registry.regions.values() if one.id != nation]
    lowest = max((region.tile[1] for region in regions if region.tile), default=-1)
    rows, spare = [], 0
    for region in regions:
        if region.tile:
            rows.append((region.id, *region.tile))
        else:
            rows.append((region.id, spare % 7, lowest + 1 + spare // 7))
            spare += 1
    return pd.DataFrame(rows, columns=["region_id", "column", "row"])


def _linked(data: Dataset, ranking: Ranked, words: Wording) -> Any:
    """Return the map above the strip of all figures, one selection for both."""
    pick = alt.selection_point(name="pick", fields=["region_id"], toggle="event.shiftKey")
    tiles = _tiles(data, ranking, words)
    wide = int(tiles["column"].max()) + 1
    both = alt.vconcat(
        _map(tiles, pick, words),
        _strip(tiles, ranking, pick, words, width=_TILE * wide),
        spacing=12,
    )
    with warnings.catch_warnings():
        # That both views have the same selection is what is wanted.
        warnings.filterwarnings("ignore", "Automatically deduplicated selection", UserWarning)
        return both.add_params(pick)


def _strip(
    tiles: pd.DataFrame, ranking: Ranked, pick: alt.Parameter, words: Wording, *, width: int
) -> Any:
    """Return every region's figure as a tick on one line, named when it is picked."""
    ticks = tiles[tiles["value"].notna()][["region_id", "full", "shown", "value"]]
    base = alt.Chart(drawing.records(ticks))
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=_around(ticks["value"]), nice=False, zero=False),
        axis=drawing.number_axis(
            words.name(ranking.unit.name), ranking.unit.decimals, grid=False
        ),
    )
    chosen = alt.condition(pick, alt.value(1), alt.value(0.15), empty=True)
    layers = [
        base.mark_tick(thickness=4, height=26, color=theme.DARK_BLUE, aria=False).encode(
            x=x, opacity=chosen, tooltip=drawing.tooltip("tile_map", words)
        ),
        base.mark_text(dy=-22, fontSize=11, aria=False).encode(
            x=x,
            text="full:N",
            opacity=alt.condition(pick, alt.value(1), alt.value(0), empty=False),
        ),
    ]
    return alt.layer(*layers, width=width, height=58)


def _around(values: pd.Series) -> list[float]:
    """Return the ends of a scale with room about the values, but not past zero for its sake."""
    low, high = float(values.min()), float(values.max())
    room = (high - low or abs(high) or 1.0) * 0.05
    return [max(low - room, 0.0) if low >= 0 else low - room, high + room]


def _tiles(data: Dataset, ranking: Ranked, words: Wording) -> pd.DataFrame:
    """Return a row a region: its place, its figure as written, and its shade."""
    tiles = _places(data).merge(
        ranking.drawn[["region_id", "value"]], on="region_id", how="left", validate="one_to_one"
    )
    fifths = tiles["value"].rank(pct=True).mul(len(_STEPS)).fillna(1.0)
    shades = [0 if ranking.total else math.ceil(fifth) - 1 for fifth in fifths]
    known = tiles["value"].notna()
    names = common.named(data.registry.regions, tiles["region_id"], words)
    looks = [
        drawing.shade(_STEPS, *look, _INK_FROM) for look in zip(shades, known, strict=True)
    ]
    return tiles.assign(
        name=[common.wrapped(name, width=14, lines=3, hyphens=True) for name in names],
        full=names,
        shown=[
            words.number(value, ranking.unit.decimals) if has else "–"
            for value, has in zip(tiles["value"], known, strict=True)
        ],
        fill=[fill for fill, _ in looks],
        ink=[ink for _, ink in looks],
    )


def _map(tiles: pd.DataFrame, pick: alt.Parameter, words: Wording) -> Any:
    wide, tall = int(tiles["column"].max()) + 1, int(tiles["row"].max()) + 1
    across, down = (
        alt.Scale(domain=list(range(count)), paddingInner=0.04) for count in (wide, tall)
    )
    drawn = tiles[["region_id", "column", "row", "name", "full", "shown", "fill", "ink"]]
    base = alt.Chart(drawing.records(drawn)).encode(
        x=alt.X("column:O", axis=None, scale=across), y=alt.Y("row:O", axis=None, scale=down)
    )
    ink = alt.Fill("ink:N", scale=None)
    layers = [
        base.mark_rect(stroke=theme.MID_GREY, strokeWidth=0.8, aria=False).encode(
            fill=alt.Fill("fill:N", scale=None),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.25), empty=True),
            tooltip=drawing.tooltip("tile_map", words),
        ),
        base.mark_text(baseline="top", dy=-34, fontSize=9.5, lineHeight=11).encode(
            text="name:N", fill=ink
        ),
        base.mark_text(baseline="bottom", dy=36, fontSize=14, fontWeight="bold").encode(
            text="shown:N", fill=ink
        ),
    ]
    return alt.layer(*layers, height=_TILE * tall, width=_TILE * wide)
