"""What was planned and what was spent, along the year."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import spending
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording

_HEIGHT = 280
_TICKS = 8  # at most, on the axis of time


@common.chart()
def spending_line(
    data: Dataset, words: Wording, *, monthly: pd.DataFrame | None = None
) -> Figure:
    """Draw plan and spending since 1 January, month after month, over all groups given.

    The plan is that of every line that has one, and goes on past the last month reported.
    Spending is that of the lines reported; where they are fewer, their own plan is drawn
    too, so that what was not reported does not look unspent. A period in which no line is
    reported breaks the line.

    Parameters
    ----------
    data
        As known on a day; names the files and the day in the footnote.
    monthly
        As `spending.monthly` returns, grouped by anything; otherwise that of `data` by
        ``sector_id``.
    """
    if monthly is None:
        monthly = spending.monthly(data, by="sector_id")
    unit = spending.main_currency(monthly)
    rows = _by_period(
        common.finite(monthly[monthly["unit"] == unit], "plan", "actual", "planned")
    )
    amounts = drawing.Money.of(data.registry, unit, words, [*rows["planned"], *rows["actual"]])
    only = [key for key in data.registry.sectors if _is_only(monthly, key)]
    subtitle = amounts.under(marked("Plan and spending since 1 January, {unit}"))
    subtitle = "; ".join([subtitle, *common.named(data.registry.sectors, only, words)])
    seen = rows[rows["actual"].notna()]
    remarks = [*_lines_coverage(seen, words), *drawing.other_units(monthly, unit, words)]
    note = drawing.spending_note(words, data, remarks)
    frame = common.framed(
        "spending_line", words, rows, note, subtitle=subtitle, currencies=[unit]
    )
    if rows["planned"].isna().all() and seen.empty:
        return frame.nothing(drawing.no_spending(data, words))
    title = _line_title(seen, words, unit)
    series = [(name, rows[key], _ROLES[key]) for key, name in _line_names(rows, words).items()]
    periods = [words.short_period(period) for period in rows["period"]]
    return frame.figure(
        _lines(rows, words, amounts), title, native=amounts.native("line", periods, series)
    )


def _is_only(monthly: pd.DataFrame, sector_id: str) -> bool:
    return "sector_id" in monthly and set(monthly["sector_id"]) == {sector_id}


def _by_period(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return the sums over all groups, one row a period; missing where every group is."""
    groups = monthly.groupby(["period_end", "period"])
    sums = groups[["planned", "plan", "actual"]].sum(min_count=1)
    counts = groups[["lines", "lines_reported", "lines_planned"]].sum()
    rows = sums.join(counts, validate="one_to_one").reset_index()
    percent = 100 * rows["actual"] / rows["plan"].where(rows["plan"] > 0)
    return rows.assign(execution_percent=percent)


def _lines_coverage(seen: pd.DataFrame, words: Wording) -> list[str]:
    if seen.empty or seen["lines_reported"].iloc[-1] == seen["lines"].iloc[-1]:
        return []
    last = seen.iloc[-1]
    counted = words.coverage(int(last["lines_reported"]), int(last["lines"]))
    return [words("Spending is reported for {counted} budget lines", counted=counted)]


_ROLES = {"planned": "expected", "plan": "plan", "actual": "actual"}


def _line_names(rows: pd.DataFrame, words: Wording) -> dict[str, str]:
    """Return the series to draw: the plan of the lines reported only where it differs."""
    partial = (rows["plan"].notna() & (rows["plan"] != rows["planned"])).any()
    own = {"plan": words("Plan of the lines reported")} if partial else {}
    return {"planned": words("Plan"), **own, "actual": words("Spent")}


def _line_title(seen: pd.DataFrame, words: Wording, unit: str) -> str:
    if seen.empty:
        return words("A plan has been agreed, but no spending has been reported yet")
    last = seen.iloc[-1]
    values = {
        "actual": words.money(last["actual"], unit),
        "period": words.by_end_of(last["period"]),
    }
    if pd.isna(last["execution_percent"]):
        return words("{actual} spent {period}", **values)
    percent = words.percent(last["execution_percent"])
    return words("{actual} spent {period}, {percent} of the plan", percent=percent, **values)


def _lines(rows: pd.DataFrame, words: Wording, amounts: drawing.Money) -> Any:
    names = _line_names(rows, words)
    labels = [words.short_period(period) for period in rows["period"]]
    points = rows.assign(label=labels, segment=rows["actual"].isna().cumsum())
    points = points.melt(["label", "segment"], list(names), "role", "amount")
    points = points[points["amount"].notna()]
    points = points.assign(
        series=points["role"].map(names),
        segment=points["segment"].mask(points["role"] == "planned", 0),
        shown=amounts.written(points["amount"]),
        amount=amounts.scaled(points["amount"]),
    )
    step = -(-len(labels) // _TICKS)
    x = alt.X(
        "label:O",
        sort=labels,
        scale=alt.Scale(domain=labels),
        axis=alt.Axis(
            title=None, labelAngle=0, values=labels[(len(labels) - 1) % step :: step]
        ),
    )
    y = alt.Y(
        "amount:Q",
        scale=alt.Scale(zero=True, nice=True),
        axis=drawing.number_axis(amounts.axis, 2),
    )
    looks = [theme.SERIES_STYLE[_ROLES[key]] for key in names]
    domain = list(names.values())
    legend = alt.Legend(title=None, offset=30)
    colour = alt.Scale(domain=domain, range=[look.colour for look in looks])
    dash = alt.Scale(domain=domain, range=[list(look.dash) or [1, 0] for look in looks])
    base = alt.Chart(drawing.records(points))
    line = base.mark_line().encode(
        x=x,
        y=y,
        detail="segment:N",
        color=alt.Color("series:N", scale=colour, legend=legend),
        strokeDash=alt.StrokeDash("series:N", scale=dash, legend=legend),
    )
    seen = points[points["role"] == "actual"]
    dots = alt.Chart(drawing.records(seen)).mark_point(
        filled=True, fill=theme.role_colour("actual"), size=60, opacity=1
    )
    last = alt.Chart(drawing.records(seen.tail(1))).mark_text(
        align="left", baseline="top", dx=4, dy=8, fontWeight="bold"
    )
    layers = [
        line,
        dots.encode(x, y, tooltip=drawing.tooltip("spending_line", words)),
        last.encode(x, y, text="shown:N"),
    ]
    return drawing.layered(layers, height=_HEIGHT)
