"""How long overdue instructions have been overdue, by the body that answers for them."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import instructions
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

# The longer overdue, the darker; each bucket is written in its bar.
_COLOURS = dict(zip(("to_10", "to_30", "to_90", "over_90"), theme.DARKER, strict=True))


@common.chart()
def instructions_ageing(data: Dataset, words: Wording) -> Figure:
    """Draw each body's overdue instructions by how many days they are late.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    """
    controlled = instructions.control(data.named(words.language))
    table = instructions.ageing(controlled, by="executor")
    table = table[table["overdue"] > 0].sort_values(
        ["over_90", "to_90", "to_30", "overdue"], ascending=False, ignore_index=True
    )
    names = {bucket: words.code("overdue", bucket) for bucket in _COLOURS}
    late = controlled[controlled["derived"] == "overdue"]
    remarks = [words("Instructions are illustrative")] if late["illustrative"].any() else []
    note = common.placed_note(words, data, data.place(late), remarks)
    frame = common.framed("instructions_ageing", words, table, note)
    if table.empty:
        none = words("No instruction is overdue")
        return frame.nothing(none if len(controlled) else words("No instruction is recorded"))
    longest = late.sort_values("late_days").iloc[-1]
    title = words(
        "Overdue: {n}, the longest for {days}: {executor}",
        n=words.plural("{n} instruction", "{n} instructions", len(late)),
        days=words.plural("{n} day", "{n} days", int(longest["late_days"])),
        executor=common.drawn_text(longest["executor"]),
    )
    series = [
        (name, table[key], role)
        for (key, name), role in zip(names.items(), _ROLES, strict=True)
        if table[key].any()
    ]
    return frame.figure(
        _chart(table, names, words),
        title,
        native=common.native(
            "stacked_bar", table["executor"], series, axis=words("Instructions")
        ),
    )


_ROLES = ("region", "plan", "highlight", "baseline")


def _chart(table: pd.DataFrame, names: dict[str, str], words: Wording) -> Any:
    labels = common.row_labels(table["executor"])
    bars = table.assign(row=labels, name=common.cleaned(table["executor"]))
    bars = bars.melt(["row", "name"], list(names), "key", "n")
    bars = bars[bars["n"] > 0]
    order = {key: place for place, key in enumerate(names)}
    bars = bars.assign(
        bucket=bars["key"].map(names),
        place=bars["key"].map(order),
        ink=bars["key"].isin(["to_10", "to_30"]).map({True: theme.INK, False: theme.PAPER}),
    ).sort_values(["row", "place"])
    ends = bars.groupby("row")["n"].cumsum()
    bars = bars.assign(start=ends - bars["n"], end=ends, middle=ends - bars["n"] / 2)
    scale = alt.Scale(domain=list(names.values()), range=[_COLOURS[key] for key in names])
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, float(ends.max())], nice=False))
    drawn = bars[["row", "name", "bucket", "n", "start", "end", "middle", "ink"]]
    base = alt.Chart(drawing.records(drawn)).encode(y=drawing.rows_channel(labels))
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.7), stroke=theme.PAPER).encode(
            x=x,
            x2="end:Q",
            fill=alt.Fill("bucket:N", scale=scale, legend=alt.Legend(title=None)),
            tooltip=drawing.tooltip("instructions_ageing", words),
        ),
        base.mark_text(baseline="middle").encode(
            x="middle:Q", text="n:Q", fill=alt.Fill("ink:N", scale=None)
        ),
    ]
    return drawing.in_rows(layers, labels)
