"""What was planned and what was spent, by sector."""

from typing import Any, Literal

import altair as alt
import pandas as pd

from delivery_analytics.analytics import spending
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording

By = Literal["sector_id", "programme_id", "region_id", "line_id"]

_LABEL_ROOM = 1.3  # times the longest bar: labels stand at its right


@common.chart()
def spending_bars(
    data: Dataset,
    words: Wording,
    *,
    by: By = "sector_id",
    execution: pd.DataFrame | None = None,
) -> Figure:
    """Draw plan and spending to date as bars, one pair per sector, largest plan on top.

    Both are sums over the lines for which both are known; a bar's label says where these
    are not all. Of several currencies only the one with most lines is shown.

    Parameters
    ----------
    data
        As known on a day; names the files and the day in the footnote.
    by
        What has a pair of bars.
    execution
        As `spending.execution` returns, by the same; otherwise that of `data`.
    """
    if execution is None:
        execution = spending.execution(data, by=by)
    table = execution.assign(name=common.group_names(data.registry, by, execution[by], words))
    table = table.sort_values(["plan", by], ascending=[False, True], na_position="last")
    unit = spending.main_currency(table)
    rows = common.finite(table[table["unit"] == unit], "plan", "actual", "execution_percent")
    rows = rows.reset_index(drop=True)
    drawn = rows[rows["plan"].notna()].reset_index(drop=True)
    amounts = drawing.Money.of(data.registry, unit, words, [*drawn["plan"], *drawn["actual"]])
    subtitle = amounts.under(marked("Plan and spending since 1 January, {unit}"))
    if period := str(rows["period"].iloc[0]) if len(rows) else "":
        subtitle = f"{subtitle}; {words.period(period)}"
    remarks = [
        *_coverage(rows, words),
        *_unreported(rows, words),
        *drawing.other_units(table, unit, words),
    ]
    note = drawing.spending_note(words, data, remarks)
    frame = common.framed(
        "spending_bars", words, rows, note, subtitle=subtitle, currencies=[unit]
    )
    if drawn.empty:
        return frame.nothing(drawing.no_spending(data, words))
    title = _bars_title(drawn, words, unit)
    return frame.figure(
        _bars(drawn, words, amounts),
        title,
        common.listed(drawn["name"], map(words.percent, drawn["execution_percent"])),
        native=amounts.native(
            "bar",
            [
                name if pd.isna(share) else f"{name}, {words.percent(share)}"
                for name, share in zip(drawn["name"], drawn["execution_percent"], strict=True)
            ],
            [
                (words("Plan"), drawn["plan"], "plan"),
                (words("Spent"), drawn["actual"], "actual"),
            ],
        ),
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
    listed = words.join(sorted(map(common.drawn_text, names), key=words.sort_key))
    return [words("Nothing reported: {names}", names=listed)]


def _bars_title(drawn: pd.DataFrame, words: Wording, unit: str) -> str:
    plan, actual = drawn["plan"].sum(), drawn["actual"].sum()
    known = drawn[drawn["execution_percent"].notna()]
    if not plan > 0:
        return words("{actual} spent with no plan", actual=words.money(actual, unit))
    percent = words.percent(100 * actual / plan)
    if len(known) < 2:
        return words("{percent} of the plan spent", percent=percent)
    least = known.sort_values("execution_percent", kind="stable").iloc[0]
    return words(
        "{percent} of the plan spent; lowest: {name}, {least}",
        percent=percent,
        name=least["name"],
        least=words.percent(least["execution_percent"]),
    )


def _bars(drawn: pd.DataFrame, words: Wording, amounts: drawing.Money) -> Any:
    labels = common.row_labels(drawn["name"])
    percents = [*map(words.percent, drawn["execution_percent"])]
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": common.cleaned(drawn["name"]),
            "plan": amounts.scaled(drawn["plan"]),
            "actual": amounts.scaled(drawn["actual"]),
            "planned": amounts.written(drawn["plan"]),
            "spent": amounts.written(drawn["actual"]),
            "percent": percents,
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
            for percent, coverage in zip(percents, bars["coverage"], strict=True)
        ],
    )
    y = drawing.rows_channel(labels)
    low, high = min(0.0, bars["actual"].min(), bars["plan"].min()), float(bars["end"].max())
    scale = alt.Scale(domain=[low, high * _LABEL_ROOM or 1.0], nice=False)
    axis = drawing.number_axis(amounts.axis, 2, grid=True, tickCount=6)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(drawing.records(bars)).encode(
        y=y, tooltip=drawing.tooltip("spending_bars", words)
    )
    plan, spent = theme.role_colour("plan"), theme.role_colour("actual")
    looks = [(words("Plan"), plan, "square"), (words("Spent"), spent, "square")]
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.72), fill=plan, fillOpacity=0.55).encode(
            x=x("plan")
        ),
        base.mark_bar(height=alt.RelativeBandSize(0.36), fill=spent).encode(x=x("actual")),
        *drawing.end_labels(bars, x=x("end"), y=y),
        drawing.legend_layer(looks, labels[0]),
        drawing.zero_line(),
    ]
    return drawing.in_rows(layers, labels, least=38)
