"""How each sector's indicators stood at the end of every month: a grid of counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.charts import common
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

MONTHS = 12
_STEPS = ("#F6E3EC", "#DDE7F0", "#AFC7DC", "#7FA3C5", theme.DARK_BLUE)
_INK_FROM = 4


def status_months(history: Dataset, words: Wording, *, months: int = MONTHS) -> Figure:
    """Draw for each sector and month how many indicators were on track, of how many.

    Every month is judged with what was known at its end. Statuses are counted, and the
    shade is the share of those that could be judged; nothing is averaged.

    Parameters
    ----------
    history
        With every revision, as `Dataset.learned_by` the day of the report.
    months
        How many, the last being that of the report.
    """
    rows = monthly_counts(history, months=months)
    rows = rows.assign(
        sector=[words.name(history.registry.sectors[one].name) for one in rows["sector_id"]],
        good=rows["achieved"] + rows["on_track"],
        month=[words.short_period(one) for one in rows["period"]],
    )
    columns = (
        Column("sector", words("Sector")),
        Column("period", words("By the end of"), "period"),
        Column("good", words("Achieved or on track"), "number", 0),
        Column("at_risk", words.status("at_risk"), "number", 0),
        Column("off_track", words.status("off_track"), "number", 0),
        Column("judged", words("Judged"), "number", 0),
        Column("indicators", words("Indicators"), "number", 0),
    )
    note = common.source_note(words, files=[], as_of=history.as_of)
    subtitle = words("Achieved or on track, of the indicators judged, by sector and month")
    if rows["judged"].sum() == 0:
        title = words("No indicator could be judged in these months")
        return common.nothing(
            words, title=title, subtitle=subtitle, footnote=note, columns=columns, table=rows
        )
    sums = rows.groupby("period", sort=True)[["good", "judged"]].sum()
    title = words(
        "Achieved or on track: {now} of {now_of} now, {then} of {then_of} in {period}",
        now=int(sums["good"].iloc[-1]),
        now_of=int(sums["judged"].iloc[-1]),
        then=int(sums["good"].iloc[0]),
        then_of=int(sums["judged"].iloc[0]),
        period=words.period(str(sums.index[0])),
    )
    wide = rows.pivot_table(index="period", columns="sector", values="good").sort_index()
    return common.build(
        _chart(rows, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Grid of counts"), title),
        table=rows[[column.key for column in columns]],
        columns=columns,
        native=NativeChart(
            "line",
            [words.short_period(str(one)) for one in wide.index],
            [
                Series(words("Achieved or on track"), common.optional(sums["good"]), "actual"),
                Series(words("Judged"), common.optional(sums["judged"]), "expected"),
            ],
            axis_title=words("Indicators"),
            decimals=0,
        ),
    )


def monthly_counts(history: Dataset, *, months: int = MONTHS) -> pd.DataFrame:
    """Return `rollup.status_counts` by sector at the end of each month, with ``period``.

    The last month is judged on the day of the report.
    """
    if history.as_of is None:
        raise DefinitionError("Choose a day first, such as data.learned_by('2024-12-31')")
    last = periods.containing(history.as_of, periods.MONTHLY)
    tables = []
    for back in range(months - 1, -1, -1):
        period = periods.shift(last, -back)
        day: date = min(periods.end(period), history.as_of)
        assessed = status.assess(history.known_on(day))
        counts = rollup.status_counts(assessed, history.registry, by="sector_id")
        tables.append(counts.assign(period=period))
    return pd.concat(tables, ignore_index=True)


def _chart(rows: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(list(dict.fromkeys(rows["sector"])))
    names = dict(zip(dict.fromkeys(rows["sector"]), labels, strict=True))
    share = rows["good"] / rows["judged"].where(rows["judged"] > 0)
    step = (share.fillna(0) * (len(_STEPS) - 1)).round().astype("int64")
    known = share.notna()
    drawn = pd.DataFrame(
        {
            "row": rows["sector"].map(names),
            "full": rows["sector"],
            "month": rows["month"],
            "said": [
                words.coverage(int(good), int(of)) if of else "–"
                for good, of in zip(rows["good"], rows["judged"], strict=True)
            ],
            "short": [
                f"{int(good)}/{int(of)}" if of else "–"
                for good, of in zip(rows["good"], rows["judged"], strict=True)
            ],
            "fill": [
                _STEPS[one] if has else theme.PAPER
                for one, has in zip(step, known, strict=True)
            ],
            "ink": [
                theme.PAPER if has and one >= _INK_FROM else theme.INK
                for one, has in zip(step, known, strict=True)
            ],
        }
    )
    order = list(dict.fromkeys(rows.sort_values("period")["month"]))
    x = alt.X("month:N", sort=order, axis=alt.Axis(title=None, labelAngle=-45, orient="top"))
    y = common.rows_channel(labels)
    base = alt.Chart(common.records(drawn))
    layers = [
        base.mark_rect(stroke=theme.PAPER, strokeWidth=2).encode(
            x=x,
            y=y,
            fill=alt.Fill("fill:N", scale=None),
            tooltip=[
                alt.Tooltip("full:N", title=words("Sector")),
                alt.Tooltip("month:N", title=words("Month")),
                alt.Tooltip("said:N", title=words("Achieved or on track")),
            ],
        ),
        base.mark_text(baseline="middle").encode(
            x=x, y=y, text="short:N", fill=alt.Fill("ink:N", scale=None)
        ),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels) * len(labels))
