"""From what was planned to what was spent: which sectors left how much of it."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import spending
from delivery_analytics.charts import common, drawing
from delivery_analytics.methods.base import alike
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording


@common.chart()
def spending_waterfall(
    data: Dataset, words: Wording, *, execution: pd.DataFrame | None = None
) -> Figure:
    """Draw the plan, what each sector did not spend of it, and what was spent, as steps.

    Only lines that report both plan and actual are in it, so that the steps add up.

    Parameters
    ----------
    data
        As known on a day; names the files and the day in the footnote.
    execution
        As `spending.execution` returns, by ``sector_id``; otherwise that of `data`.
    """
    if execution is None:
        execution = spending.execution(data, by="sector_id")
    unit = spending.main_currency(execution)
    rows = common.finite(execution[execution["unit"] == unit], "plan", "actual", "unspent")
    rows = rows[rows["unspent"].notna()].sort_values(
        "unspent", ascending=False, ignore_index=True
    )
    rows = rows.assign(name=common.named(data.registry.sectors, rows["sector_id"], words))
    amounts = drawing.Money.of(data.registry, unit, words, [rows["plan"].sum()])
    subtitle = amounts.under(marked("From plan to spending since 1 January, {unit}"))
    note = drawing.spending_note(words, data, drawing.other_units(execution, unit, words))
    frame = common.framed(
        "spending_waterfall", words, rows, note, subtitle=subtitle, currencies=[unit]
    )
    if rows.empty:
        return frame.nothing(drawing.no_spending(data, words))
    most, left = rows.iloc[0], float(rows["unspent"].sum())
    unspent, amount = words.amounts([left, most["unspent"]], unit)
    title = words(
        "{unspent} not spent; largest part: {sector}, {amount}",
        unspent=unspent,
        sector=most["name"],
        amount=amount,
    )
    beyond = (rows["unspent"] < 0) & ~alike(rows["plan"], rows["actual"])
    if beyond.any():
        sums = [rows["actual"].sum(), rows["plan"].sum()]
        spent, planned = words.amounts(sums, unit)
        title = words(
            "{spent} spent of {planned} planned; sectors above their plan: {over} of {n}",
            spent=spent,
            planned=planned,
            over=int(beyond.sum()),
            n=len(rows),
        )
    axis = words("{unit}; the axis does not start at zero", unit=amounts.axis)
    return frame.figure(_chart(_steps(rows, words, amounts), axis, words), title)


def _steps(rows: pd.DataFrame, words: Wording, amounts: drawing.Money) -> pd.DataFrame:
    plan, spent = float(rows["plan"].sum()), float(rows["actual"].sum())
    after = plan - rows["unspent"].cumsum()
    steps = pd.DataFrame(
        {
            "name": [words("Planned"), *rows["name"], words("Spent")],
            "start": [0.0, *(after + rows["unspent"]), 0.0],
            "end": [plan, *after, spent],
            "colour": [
                theme.role_colour("plan"),
                *(
                    theme.LIGHT_PURPLE if left >= 0 else theme.MID_BLUE
                    for left in rows["unspent"]
                ),
                theme.role_colour("actual"),
            ],
            "amount": [plan, *-rows["unspent"], spent],
        }
    )
    return steps.assign(
        shown=[words.money(one, amounts.unit, short=True) for one in steps["amount"]],
        start=amounts.scaled(steps["start"]),
        end=amounts.scaled(steps["end"]),
    )


def _chart(steps: pd.DataFrame, axis: str, words: Wording) -> Any:
    labels = common.row_labels(steps["name"])
    low = float(steps["end"].iloc[1:].min())
    high = float(steps["end"].iloc[0])
    # The steps are small beside the plan: the axis begins where they do, and says so.
    begin = max(0.0, low - (high - low) * 0.6)
    bars = steps.assign(row=labels, start=steps["start"].clip(lower=begin))
    bars = bars.assign(right=bars[["start", "end"]].max(axis=1))
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[begin, high + (high - begin) * 0.2], nice=False, zero=False),
        axis=drawing.number_axis(axis, 2, grid=True, tickCount=5),
    )
    y = drawing.rows_channel(labels)
    base = alt.Chart(drawing.records(bars))
    from_nought = bars.loc[(steps["start"] == 0) & (begin > 0), ["row"]]
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.66)).encode(
            x=x,
            x2="end:Q",
            y=y,
            fill=alt.Fill("colour:N", scale=None),
            tooltip=drawing.tooltip("spending_waterfall", words),
        ),
        base.mark_text(align="left", baseline="middle", dx=6).encode(
            x="right:Q", y=y, text="shown:N"
        ),
        drawing.cut_marks(from_nought.assign(start=begin + (high - begin) * 0.05), x, y),
    ]
    return drawing.in_rows(layers, labels)
