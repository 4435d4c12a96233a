"""What arrived from each sector, and what did not."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_ROOM = 1.75  # times the longest bar: labels stand at its right


def returns_received(
    table: pd.DataFrame, words: Wording, registry: Registry, *, data: Dataset | None = None
) -> Figure:
    """Draw for how many of its indicators each sector has sent a figure.

    Parameters
    ----------
    table
        As `quality.returns_received` returns.
    data
        What was received; names the day in the footnote.
    """
    rows = table.assign(
        name=[
            words.name(registry.sectors[s].name) if s in registry.sectors else s
            for s in table["sector_id"]
        ],
        without=table["indicators"] - table["indicators_reported"],
    )
    columns = (
        Column("name", words("Sector")),
        Column("sources", words("Files"), "number", 0),
        Column("indicators_reported", words("Indicators with a figure"), "number", 0),
        Column("indicators", words("Indicators"), "number", 0),
        Column("period", words("Latest period"), "period"),
        Column("received_on", words("Received"), "date"),
        Column("rows_kept", words("Rows kept"), "number", 0),
        Column("rows_quarantined", words("Rows set aside"), "number", 0),
        Column("rows_skipped", words("Rows skipped"), "number", 0),
    )
    subtitle = words("Number of indicators with and without a figure")
    as_of = data.as_of if data is not None else None
    note = common.source_note(words, files=[], as_of=as_of)
    title = _returns_title(rows, words)
    drawn = rows[rows["indicators"] > 0].reset_index(drop=True)
    if drawn.empty:
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    return common.build(
        _returns_chart(drawn, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Stacked bar chart"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=NativeChart(
            "stacked_bar",
            [common.clean(name) for name in drawn["name"]],
            [
                Series(
                    words("With a figure"),
                    common.optional(drawn["indicators_reported"]),
                    "received",
                ),
                Series(words("Without"), common.optional(drawn["without"]), "outstanding"),
            ],
            axis_title=words("Indicators"),
            decimals=0,
        ),
    )


def _returns_title(rows: pd.DataFrame, words: Wording) -> str:
    total = int(rows["indicators"].sum())
    if not total:
        return words("No indicator is agreed")
    title = words(
        "{n} of {total} indicators have a figure",
        n=int(rows["indicators_reported"].sum()),
        total=total,
    )
    silent = rows[(rows["sources"] == 0) & (rows["indicators_reported"] == 0)]
    if silent.empty:
        return title
    names = words.join(common.clean(name) for name in silent["name"])
    return words("{finding}; nothing came from: {names}", finding=title, names=names)


def _returns_chart(drawn: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(drawn["name"])
    most = int(drawn["indicators"].max())
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": [common.clean(name) for name in drawn["name"]],
            "reported": drawn["indicators_reported"],
            "all": drawn["indicators"],
            "label": [_returns_label(words, row) for row in drawn.to_dict("records")],
        }
    )
    scale = alt.Scale(domain=[0, most * _ROOM], nice=False)
    x = alt.X("all:Q", scale=scale, axis=None)
    y = common.rows_channel(labels)
    base = alt.Chart(common.records(bars))
    tooltip = [
        alt.Tooltip("name:N", title=words("Sector")),
        alt.Tooltip("reported:Q", title=words("With a figure"), format="d"),
        alt.Tooltip("all:Q", title=words("Indicators"), format="d"),
    ]
    received = theme.role_colour("received")
    outline = theme.role_colour("outstanding")
    band = alt.RelativeBandSize(0.6)
    looks = [
        (words("With a figure"), received, "square"),
        (words("Without"), outline, "square"),
    ]
    layers = [
        base.mark_bar(height=band, fill=outline, fillOpacity=0.4).encode(
            x=x, y=y, tooltip=tooltip
        ),
        base.mark_bar(height=band, fill=received).encode(
            x=alt.X("reported:Q", scale=scale, axis=None), y=y, tooltip=tooltip
        ),
        *common.end_labels(bars, x=x, y=y),
        common.legend_layer(looks, x=alt.X(datum=0), y=alt.Y(datum=labels[0])),
        common.zero_line(),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels, least=38) * len(labels))


def _returns_label(words: Wording, row: Mapping[Hashable, Any]) -> str:
    counted = words.coverage(int(row["indicators_reported"]), int(row["indicators"]))
    day, aside = words.short_date(row["received_on"]), int(row["rows_quarantined"])
    if pd.isna(row["received_on"]):
        received = words("Nothing received")
    elif aside:
        received = words("Received {date}, rows set aside: {n}", date=day, n=aside)
    else:
        received = words("Received {date}", date=day)
    return f"{counted}\n{received}"
