"""What arrived from each sector, and what did not."""

from collections.abc import Hashable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import returns_due
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_ROOM = 1.75  # times the longest bar: labels stand at its right


@common.chart()
def returns_received(
    data: Dataset, words: Wording, *, received: pd.DataFrame | None = None
) -> Figure:
    """Draw for how many of its indicators each sector has sent a figure.

    Parameters
    ----------
    data
        What was received, as known on a day.
    received
        As `returns_due.returns_received` returns, of a day that the footnote does not name;
        otherwise that of `data`, with its day.
    """
    day = data.as_of if received is None else None
    if received is None:
        received = returns_due.returns_received(data)
    rows = received.assign(
        name=common.named(data.registry.sectors, received["sector_id"], words),
        without=received["indicators"] - received["indicators_reported"],
    )
    note = common.source_note(words, files=[], as_of=day)
    frame = common.framed("returns_received", words, rows, note)
    title = _returns_title(rows, words)
    drawn = rows[rows["indicators"] > 0].reset_index(drop=True)
    if drawn.empty:
        return frame.nothing(title)
    series = [
        (words("Reported"), drawn["indicators_reported"], "received"),
        (words("Not reported"), drawn["without"], "outstanding"),
    ]
    return frame.figure(
        _returns_chart(drawn, words),
        title,
        native=common.native("stacked_bar", drawn["name"], series, axis=words("Indicators")),
    )


def _returns_title(rows: pd.DataFrame, words: Wording) -> str:
    total = int(rows["indicators"].sum())
    if not total:
        return words("No indicator is agreed")
    n = int(rows["indicators_reported"].sum())
    title = words("{n} of {total} indicators reported", n=n, total=total)
    silent = rows[(rows["sources"] == 0) & (rows["indicators_reported"] == 0)]
    if silent.empty:
        return title
    names = words.join(common.cleaned(silent["name"]))
    return words("{finding}; nothing received from: {names}", finding=title, names=names)


def _returns_chart(drawn: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(drawn["name"])
    most = int(drawn["indicators"].max())
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": common.cleaned(drawn["name"]),
            "reported": drawn["indicators_reported"],
            "all": drawn["indicators"],
            "label": [_returns_label(words, row) for row in drawn.to_dict("records")],
        }
    )
    scale = alt.Scale(domain=[0, most * _ROOM], nice=False)
    x = alt.X("all:Q", scale=scale, axis=None)
    y = drawing.rows_channel(labels)
    base = alt.Chart(drawing.records(bars)).encode(
        y=y, tooltip=drawing.tooltip("returns_received", words)
    )
    received = theme.role_colour("received")
    outline = theme.role_colour("outstanding")
    band = alt.RelativeBandSize(0.6)
    looks = [
        (words("Reported"), received, "square"),
        (words("Not reported"), outline, "square"),
    ]
    layers = [
        base.mark_bar(height=band, fill=outline, fillOpacity=0.4).encode(x=x),
        base.mark_bar(height=band, fill=received).encode(
            x=alt.X("reported:Q", scale=scale, axis=None)
        ),
        *drawing.end_labels(bars, x=x, y=y),
        drawing.legend_layer(looks, labels[0]),
        drawing.zero_line(),
    ]
    return drawing.in_rows(layers, labels, least=38)


def _returns_label(words: Wording, row: Mapping[Hashable, Any]) -> str:
    counted = words.coverage(int(row["indicators_reported"]), int(row["indicators"]))
    day, aside = words.short_date(row["received_on"]), int(row["rows_quarantined"])
    if pd.isna(row["received_on"]):
        received = words("Nothing received")
    elif aside:
        received = words("Received {date}, rows not accepted: {n}", date=day, n=aside)
    else:
        received = words("Received {date}", date=day)
    return f"{counted}\n{received}"
