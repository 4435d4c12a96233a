"""From what was planned to what was spent: which sectors left how much of it."""

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


def spending_waterfall(
    execution: pd.DataFrame, words: Wording, registry: Registry, *, data: Dataset | None = None
) -> Figure:
    """Draw the plan, what each sector did not spend of it, and what was spent, as steps.

    Only lines that report both plan and actual are in it, so that the steps add up.

    Parameters
    ----------
    execution
        As `spending.execution` returns, by ``sector_id``.
    data
        What it was computed from; names the files and the day in the footnote.
    """
    unit = common.main_unit(execution)
    rows = common.finite(execution[execution["unit"] == unit], "plan", "actual", "unspent")
    rows = rows[rows["unspent"].notna()].sort_values("unspent", ascending=False)
    rows = rows.assign(
        name=[words.name(registry.sectors[one].name) for one in rows["sector_id"]]
    ).reset_index(drop=True)
    columns = (
        Column("name", words("Sector")),
        Column("plan", words("Planned"), "money", unit=unit),
        Column("actual", words("Spent"), "money", unit=unit),
        Column("unspent", words("Not spent"), "money", unit=unit),
    )
    currency = common.currency_name(registry, unit, words)
    subtitle = words("From plan to spending since 1 January, {unit}", unit=currency)
    note = common.spending_note(words, data, common.other_units(execution, unit, words))
    if rows.empty:
        title = words("No spending is reported")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    most, left = rows.iloc[0], float(rows["unspent"].sum())
    title = words(
        "{unspent} was not spent, most of it in {sector}: {amount}",
        unspent=words.money(left, unit),
        sector=most["name"],
        amount=words.money(most["unspent"], unit),
    )
    power = common.power_of([rows["plan"].sum()])
    steps = _steps(rows, words, unit=unit, power=power)
    return common.build(
        _chart(
            steps,
            words(
                "{unit}; the axis does not begin at zero",
                unit=common.scaled_unit(words, currency, power),
            ),
            words,
        ),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Waterfall chart"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=NativeChart(
            "bar",
            [common.clean(one) for one in rows["name"]],
            [
                Series(
                    words("Not spent"), common.optional(rows["unspent"] / 10**power), "actual"
                )
            ],
            axis_title=common.scaled_unit(words, currency, power),
            decimals=2 if power else 0,
        ),
    )


def _steps(rows: pd.DataFrame, words: Wording, *, unit: str, power: int) -> pd.DataFrame:
    plan, spent = float(rows["plan"].sum()), float(rows["actual"].sum())
    after = plan - rows["unspent"].cumsum()
    steps = pd.DataFrame(
        {
            "name": [words("Planned"), *rows["name"], words("Spent")],
            "start": [0.0, *(after + rows["unspent"]), 0.0],
            "end": [plan, *after, spent],
            "colour": [
                theme.role_colour("plan"),
                *(theme.DARK_PINK if one >= 0 else theme.TURQUOISE for one in rows["unspent"]),
                theme.role_colour("actual"),
            ],
            "amount": [plan, *-rows["unspent"], spent],
        }
    )
    return steps.assign(
        shown=[words.money(one, unit) for one in steps["amount"]],
        start=steps["start"] / 10**power,
        end=steps["end"] / 10**power,
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
        axis=alt.Axis(title=axis, format=common.tick_format(2), grid=True, tickCount=5),
    )
    y = common.rows_channel(labels)
    base = alt.Chart(common.records(bars))
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.66)).encode(
            x=x,
            x2="end:Q",
            y=y,
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("name:N", title=words("Sector")),
                alt.Tooltip("shown:N", title=words("Amount")),
            ],
        ),
        base.mark_text(align="left", baseline="middle", dx=6).encode(
            x=alt.X("right:Q"), y=y, text="shown:N"
        ),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels) * len(labels))
