"""What was planned and what was spent, by sector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import pandas as pd

from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

By = Literal["sector_id", "programme_id", "region_id", "line_id"]

_LABEL_ROOM = 1.3  # times the longest bar: labels stand at its right


def spending_bars(
    execution: pd.DataFrame,
    words: Wording,
    registry: Registry,
    *,
    by: By = "sector_id",
    data: Dataset | None = None,
) -> Figure:
    """Draw plan and spending to date as bars, one pair per sector, largest plan on top.

    Both are sums over the lines for which both are known; a bar's label says where these
    are not all. Of several currencies only the one with most lines is shown.

    Parameters
    ----------
    execution
        As `spending.execution` returns.
    data
        What it was computed from; names the files and the day in the footnote.
    """
    table = execution.assign(
        name=[_called(registry, by, key, words) for key in execution[by]]
    ).sort_values(["plan", by], ascending=[False, True], na_position="last")
    unit = common.main_unit(table)
    rows = common.finite(table[table["unit"] == unit], "plan", "actual", "execution_percent")
    rows = rows.reset_index(drop=True)
    drawn = rows[rows["plan"].notna()].reset_index(drop=True)
    columns = _execution_columns(words, unit)
    period = str(rows["period"].iloc[0]) if len(rows) else ""
    counted_in = common.currency_name(registry, unit, words)
    subtitle = words("Plan and spending since 1 January, {unit}", unit=counted_in)
    if period:
        subtitle = f"{subtitle}; {words.period(period)}"
    extra = [
        *_coverage(rows, words),
        *_unreported(rows, words),
        *common.other_units(table, unit, words),
    ]
    note = common.spending_note(words, data, extra)
    if drawn.empty:
        title = words("No spending is reported")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    title = _bars_title(drawn, words)
    power = common.power_of([*drawn["plan"], *drawn["actual"]])
    return common.build(
        _bars(drawn, words, unit=unit, currency=counted_in, power=power),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Bar chart"), title, _listed(drawn, words)),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=NativeChart(
            "bar",
            [common.clean(name) for name in drawn["name"]],
            [
                Series(words("Plan"), common.optional(drawn["plan"] / 10**power), "plan"),
                Series(words("Spent"), common.optional(drawn["actual"] / 10**power), "actual"),
            ],
            axis_title=common.scaled_unit(words, counted_in, power),
            decimals=2 if power else 0,
        ),
    )


def _called(registry: Registry, by: By, key: str, words: Wording) -> str:
    tables: dict[str, Mapping[str, Any]] = {
        "sector_id": registry.sectors,
        "programme_id": registry.programmes,
        "region_id": registry.regions,
    }
    defined = tables.get(by, {})
    if by == "programme_id" and not key:
        return words("No programme")
    return words.name(defined[key].name) if key in defined else key


def _execution_columns(words: Wording, unit: str) -> tuple[Column, ...]:
    return (
        Column("name", words("Name")),
        Column("plan", words("Plan"), "money", unit=unit),
        Column("actual", words("Spent"), "money", unit=unit),
        Column("execution_percent", words("Spent, % of the plan"), "percent"),
        Column("unspent", words("Not spent"), "money", unit=unit),
        Column("lines_reported", words("Budget lines reported"), "number", 0),
        Column("lines", words("Budget lines"), "number", 0),
    )


def _coverage(rows: pd.DataFrame, words: Wording) -> list[str]:
    """Return how many lines the sums cover, where it is not all of them."""
    reported, lines = int(rows["lines_reported"].sum()), int(rows["lines"].sum())
    if reported == lines:
        return []
    counted = words.coverage(reported, lines)
    return [words("Plan and spending of {counted} budget lines", counted=counted)]


def _unreported(rows: pd.DataFrame, words: Wording) -> list[str]:
    names = rows.loc[rows["plan"].isna(), "name"]
    if names.empty:
        return []
    listed = words.join(sorted(map(common.clean, names), key=words.sort_key))
    return [words("Nothing reported: {names}", names=listed)]


def _bars_title(drawn: pd.DataFrame, words: Wording) -> str:
    plan, actual = drawn["plan"].sum(), drawn["actual"].sum()
    known = drawn[drawn["execution_percent"].notna()]
    if not plan > 0:
        return words("{actual} is spent, and nothing was planned", actual=words.money(actual))
    percent = words.percent(100 * actual / plan)
    if len(known) < 2:
        return words("{percent} of the plan is spent", percent=percent)
    least = known.sort_values("execution_percent", kind="stable").iloc[0]
    return words(
        "{percent} of the plan is spent, least in {name}: {least}",
        percent=percent,
        name=least["name"],
        least=words.percent(least["execution_percent"]),
    )


def _listed(drawn: pd.DataFrame, words: Wording) -> str:
    return "; ".join(
        f"{name}: {words.percent(percent)}"
        for name, percent in zip(drawn["name"], drawn["execution_percent"], strict=True)
    )


def _bars(drawn: pd.DataFrame, words: Wording, *, unit: str, currency: str, power: int) -> Any:
    labels = common.row_labels(drawn["name"])
    money: dict[str, Any] = {"unit": unit, "power": power, "decimals": 2 if power else 0}
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": [common.clean(name) for name in drawn["name"]],
            "plan": drawn["plan"] / 10**power,
            "actual": drawn["actual"] / 10**power,
            "planned": [words.money(value, **money) for value in drawn["plan"]],
            "spent": [words.money(value, **money) for value in drawn["actual"]],
            "percent": [words.percent(value) for value in drawn["execution_percent"]],
            "coverage": [
                "" if reported == lines else words.coverage(int(reported), int(lines))
                for reported, lines in zip(drawn["lines_reported"], drawn["lines"], strict=True)
            ],
        }
    )
    bars = bars.assign(
        end=bars[["plan", "actual"]].max(axis=1).clip(lower=0),
        label=[
            percent + "\n" + words("{n} lines", n=coverage) if coverage else percent
            for percent, coverage in zip(bars["percent"], bars["coverage"], strict=True)
        ],
    )
    y = common.rows_channel(labels)
    low, high = min(0.0, bars["actual"].min(), bars["plan"].min()), float(bars["end"].max())
    scale = alt.Scale(domain=[low, high * _LABEL_ROOM or 1.0], nice=False)
    axis = alt.Axis(
        title=common.scaled_unit(words, currency, power),
        format=common.tick_format(2),
        grid=True,
        tickCount=6,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(common.records(bars))
    tooltip = [
        alt.Tooltip("name:N", title=words("Name")),
        alt.Tooltip("planned:N", title=words("Plan")),
        alt.Tooltip("spent:N", title=words("Spent")),
        alt.Tooltip("percent:N", title=words("Spent, % of the plan")),
    ]
    plan, spent = theme.role_colour("plan"), theme.role_colour("actual")
    looks = [(words("Plan"), plan, "square"), (words("Spent"), spent, "square")]
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.72), fill=plan, fillOpacity=0.55).encode(
            x=x("plan"), y=y, tooltip=tooltip
        ),
        base.mark_bar(height=alt.RelativeBandSize(0.36), fill=spent).encode(
            x=x("actual"), y=y, tooltip=tooltip
        ),
        *common.end_labels(bars, x=x("end"), y=y),
        common.legend_layer(looks, x=alt.X(datum=0), y=alt.Y(datum=labels[0])),
        common.zero_line(),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels, least=38) * len(labels))
