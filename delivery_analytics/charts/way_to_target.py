"""How far each indicator is on its way to the target, beside how far it should be."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_MOST_NATIVE = 12  # bars of a slide, the farthest behind
_LOW, _HIGH = -50.0, 150.0  # per cent of the way that is drawn; the table has every figure


def way_to_target(
    assessments: pd.DataFrame,
    registry: Registry,
    words: Wording,
    *,
    data: Dataset,
    region_id: str | None = None,
) -> Figure:
    """Draw for each indicator the share of the way from baseline to target that is done.

    The bar is what is done, the tick what was planned by now, the line at the right the
    target. Only indicators with a baseline, a figure and another target are drawn. Bars
    end where the chart does; the labels say the true share.

    Parameters
    ----------
    assessments
        Of one day; see `status.assess`.
    region_id
        Otherwise the nation.
    """
    registry.check("region", region_id)
    rows = common.finite(
        assessments[assessments["region_id"] == (region_id or registry.country_id)],
        *("value", "baseline_value", "expected_value", "target_value"),
    )
    rows = rows[rows["indicator_id"].isin(registry.indicators)]
    whole = rows["target_value"] - rows["baseline_value"]
    whole = whole.where(whole != 0)
    rows = rows.assign(
        done=100 * (rows["value"] - rows["baseline_value"]) / whole,
        planned=100 * (rows["expected_value"] - rows["baseline_value"]) / whole,
        name=[words.name(registry.indicators[one].name) for one in rows["indicator_id"]],
        source=data.place(rows),
    )
    rows = rows[rows["done"].notna() & (rows["status"] != "not_judged")]
    rows = rows.sort_values("done", ascending=False, ignore_index=True)
    columns = (
        Column("name", words("Indicator")),
        Column("period", words("Period"), "period"),
        Column("done", words("Of the way to the target"), "percent", 0),
        Column("planned", words("Planned by now"), "percent", 0),
        Column("status", words("Status"), "status"),
        Column("source", words("Source"), "source"),
    )
    subtitle = words("Share of the way from baseline to final target, per cent")
    note = common.source_note(words, files=common.files_of(rows["source"]), as_of=data.as_of)
    if rows.empty:
        title = words("No indicator has a way from a baseline to a target")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    title = words(
        "{n} of {of} indicators are as far on their way as was planned, or farther",
        n=int((rows["done"] >= rows["planned"] - 1e-9).sum()),
        of=len(rows),
    )
    return common.build(
        _chart(rows, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Bullet chart"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=_native(rows, words),
    )


def _native(rows: pd.DataFrame, words: Wording) -> NativeChart:
    """Return those farthest behind their plan, as many as a slide can hold; none is cut."""
    behind = (rows["done"] - rows["planned"]).sort_values(kind="stable").index[:_MOST_NATIVE]
    shown = rows.loc[behind]
    return NativeChart(
        "bar",
        [common.clean(one) for one in shown["name"]],
        [
            Series(words("Done"), common.optional(shown["done"]), "actual"),
            Series(words("Planned by now"), common.optional(shown["planned"]), "plan"),
        ],
        axis_title=words("per cent of the way"),
        decimals=0,
    )


def _chart(rows: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(rows["name"])
    drawn = rows.assign(
        row=labels,
        full=[common.clean(one) for one in rows["name"]],
        shown=[words.percent(one, 0) for one in rows["done"]],
        due=["" if pd.isna(one) else words.percent(one, 0) for one in rows["planned"]],
        bar=rows["done"].clip(_LOW, _HIGH),
        tick=rows["planned"].clip(_LOW, _HIGH),
        colour=[theme.STATUS_STYLE[one].colour for one in rows["status"]],
    )
    low = min(0.0, float(drawn["bar"].min()))
    x = alt.X(
        "bar:Q",
        scale=alt.Scale(domain=[low, _HIGH + 24], nice=False),
        axis=alt.Axis(title=None, values=[0, 50, 100], format="d", grid=True),
    )
    y = common.rows_channel(labels)
    keep = ["row", "full", "shown", "due", "bar", "tick", "colour"]
    base = alt.Chart(common.records(drawn[keep]))
    goal = alt.Chart(alt.InlineData(values=[{"goal": 100}]))
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.5)).encode(
            x=x,
            y=y,
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("full:N", title=words("Indicator")),
                alt.Tooltip("shown:N", title=words("Of the way to the target")),
                alt.Tooltip("due:N", title=words("Planned by now")),
            ],
        ),
        goal.mark_rule(stroke=theme.role_colour("target"), strokeWidth=2).encode(
            x=alt.X("goal:Q")
        ),
        base.mark_tick(thickness=3, color=theme.INK, height=alt.RelativeBandSize(0.8)).encode(
            x=alt.X("tick:Q"), y=y
        ),
        # At the edge and not at the bar's end, where ticks and the target would cross them.
        base.mark_text(align="right", baseline="middle").encode(
            x=alt.value("width"), y=y, text="shown:N"
        ),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels) * len(labels))
