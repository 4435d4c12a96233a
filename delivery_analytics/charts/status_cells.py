"""Where each indicator stands in each region: a grid of statuses, cell by cell."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import status
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_FEW_REGIONS = 3  # with room for the value beside its status
_CELL_WIDTH = 140


@common.chart()
def status_cells(
    data: Dataset, words: Wording, *, assessments: pd.DataFrame | None = None
) -> Figure:
    """Draw one cell per indicator and region: its colour and shape.

    Rows are indicators in registry order; columns the regions judged, the nation first.

    Parameters
    ----------
    data
        As known on a day, which it must carry; names the places in the table.
    assessments
        Of one method and one day; otherwise a new judgement.
    """
    if assessments is None:
        assessments = status.assess(data)
    registry = data.registry
    known = [i for i in registry.indicators if i in set(assessments["indicator_id"])]
    regions = [r for r in registry.regions if r in set(assessments["region_id"])]
    rows = assessments[assessments["indicator_id"].isin(known)]
    rows = rows.assign(
        name=common.named(registry.indicators, rows["indicator_id"], words),
        place=common.named(registry.regions, rows["region_id"], words),
        shown=[
            words.value(value, registry.units[registry.indicators[key].unit])
            for key, value in zip(rows["indicator_id"], rows["value"], strict=True)
        ],
        source=data.place(rows),
    )
    note = common.assessed_note(words, data, assessments)
    frame = common.framed("status_cells", words, rows, note)
    if rows.empty:
        return frame.nothing(words("There is no indicator to judge"))
    title = words(
        "{well} of {total} ratings are achieved or on track, {off} off track",
        well=int(rows["status"].isin(["achieved", "on_track"]).sum()),
        total=int((rows["status"] != "not_judged").sum()),
        off=int((rows["status"] == "off_track").sum()),
    )
    cells = _cells_chart(rows, known, regions, registry, words)
    return frame.figure(cells, title)


def _cells_chart(
    rows: pd.DataFrame, known: list[str], regions: list[str], registry: Registry, words: Wording
) -> Any:
    labels = common.row_labels(common.named(registry.indicators, known, words))
    few = len(regions) <= _FEW_REGIONS
    names = common.named(registry.regions, regions, words)
    places = common.row_labels(names, width=24 if few else 60)
    marks = [theme.STATUS_STYLE[status].glyph for status in rows["status"]]
    cells = rows.assign(
        row=rows["indicator_id"].map(dict(zip(known, labels, strict=True))),
        column=rows["region_id"].map(dict(zip(regions, places, strict=True))),
        text=[
            f"{mark} {value}" if few else mark
            for mark, value in zip(marks, rows["shown"], strict=True)
        ],
        **drawing.status_looks(words, rows["status"]),
    )
    shown = ["row", "column", "name", "place", "text", "colour", "ink", "said", "shown"]
    axis = alt.Axis(orient="top", labelAngle=0 if few else -90, labelLimit=0, **drawing.BARE)
    x = alt.X("column:N", sort=places, scale=alt.Scale(domain=places), axis=axis)
    base = alt.Chart(drawing.records(cells[shown])).encode(x=x, y=drawing.rows_channel(labels))
    boxes = base.mark_rect(stroke=theme.PAPER, strokeWidth=2).encode(
        fill=alt.Fill("colour:N", scale=None), tooltip=drawing.tooltip("status_cells", words)
    )
    texts = base.mark_text(fontWeight="bold", baseline="middle").encode(
        text="text:N", color=alt.Color("ink:N", scale=None)
    )
    legend = drawing.status_legend(words, rows["status"], labels[0], places[0])
    width = alt.Step(_CELL_WIDTH) if few else theme.WIDTH
    return drawing.in_rows([boxes, texts, legend], labels, width=width)
