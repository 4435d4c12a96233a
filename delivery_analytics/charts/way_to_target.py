"""How far each indicator is on its way to the target, beside how far it should be."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.charts import common, drawing
from delivery_analytics.methods.base import alike
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.numbers import decimals_apart
from delivery_analytics.wording.wording import Wording

_TICK, _RULE = "M-0.2,-1H0.2V1H-0.2Z", "M-0.09,-1H0.09V1H-0.09Z"  # as the legend has them
_LOW, _HIGH = -50.0, 150.0  # per cent of the way that is drawn; the table has every figure


@common.chart(takes=("region_id",))
def way_to_target(
    data: Dataset,
    words: Wording,
    *,
    region_id: str | None = None,
    assessments: pd.DataFrame | None = None,
) -> Figure:
    """Draw for each indicator the share of the way from baseline to target that is done.

    The bar is what is done, the tick what was planned by now, the line at the right the
    target. Only indicators with a baseline, a figure and another target are drawn, in the
    order of `rollup.by_urgency`, and none that are to be kept: they have a band and no way.
    Bars end where the chart does; the labels say the true share.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    region_id
        Otherwise the nation.
    assessments
        Of one day; otherwise a new judgement. See `status.assess`.
    """
    if assessments is None:
        assessments = status.assess(data)
    registry = data.registry
    rows = common.finite(
        assessments[assessments["region_id"].isin(registry.at(region_id))],
        *("value", "baseline_value", "expected_value", "target_value"),
    )
    going = [one.id for one in registry.indicators.values() if one.direction != "maintain"]
    rows = rows[rows["indicator_id"].isin(going)]
    whole = rows["target_value"] - rows["baseline_value"]
    whole = whole.where(whole != 0)
    rows = rows.assign(
        done=100 * (rows["value"] - rows["baseline_value"]) / whole,
        planned=100 * (rows["expected_value"] - rows["baseline_value"]) / whole,
        name=common.named(registry.indicators, rows["indicator_id"], words),
        source=data.place(rows),
    )
    rows = rows[rows["done"].notna() & (rows["status"] != "not_judged")]
    rows = rollup.by_urgency(rows, data)
    note = common.placed_note(words, data, rows["source"])
    frame = common.framed("way_to_target", words, rows, note)
    if rows.empty:
        return frame.nothing(words("No indicator has both a baseline and a target"))
    title = words(
        "{n} of {of} indicators have made at least the planned progress",
        n=int(((rows["done"] >= rows["planned"]) | alike(rows["done"], rows["planned"])).sum()),
        of=len(rows),
    )
    return frame.figure(_chart(rows, words), title)


def _chart(rows: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(rows["name"])
    pairs = [
        [words.percent(share, decimals_apart(both, 0)) for share in both]
        for both in zip(rows["done"], rows["planned"], strict=True)
    ]
    drawn = rows.assign(
        row=labels,
        full=common.cleaned(rows["name"]),
        shown=[done for done, _ in pairs],
        due=[planned for _, planned in pairs],
        bar=rows["done"].clip(_LOW, _HIGH),
        tick=rows["planned"].clip(_LOW, _HIGH),
        colour=[theme.role_colour(code) for code in rows["status"]],
    )
    low = min(0.0, float(drawn["bar"].min()))
    short = drawn[~alike(drawn["bar"], drawn["done"])][["row", "bar"]]
    x = alt.X(
        "bar:Q",
        scale=alt.Scale(domain=[low, max(100.0, float(drawn[["bar", "tick"]].max().max()))]),
        axis=alt.Axis(title=None, values=[0, 50, 100], format="d", grid=True),
    )
    present = [code for code in theme.COUNTED if code in set(rows["status"])]
    keep = ["row", "full", "shown", "due", "bar", "tick", "colour"]
    y = drawing.rows_channel(labels)
    base = alt.Chart(drawing.records(drawn[keep])).encode(y=y)
    goal = alt.Chart(alt.InlineData(values=[{"goal": 100}]))
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.5)).encode(
            x=x,
            fill=alt.Fill("colour:N", scale=None),
            tooltip=drawing.tooltip("way_to_target", words),
        ),
        goal.mark_rule(stroke=theme.role_colour("target"), strokeWidth=2).encode(x="goal:Q"),
        base.mark_tick(thickness=3, color=theme.INK, height=alt.RelativeBandSize(0.8)).encode(
            x="tick:Q"
        ),
        drawing.cut_marks(short, x, y),
        drawing.edge_labels(base, "shown:N"),
        drawing.legend_layer(
            [
                *((words.status(code), theme.role_colour(code), "square") for code in present),
                (words("Expected by now"), theme.INK, _TICK),
                (words("Target"), theme.role_colour("target"), _RULE),
            ],
            labels[0],
        ),
    ]
    return drawing.in_rows(layers, labels)
