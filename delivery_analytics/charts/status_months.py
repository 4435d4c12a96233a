"""How each sector's indicators stood at the end of every month: a grid of counts."""

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.charts import common, drawing
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

MONTHS = 12
_STEPS = ("#F1F1F1", "#DDE7F0", "#AFC7DC", "#7FA3C5", theme.DARK_BLUE)
_INK_FROM = 4


@common.chart(takes=("history",))
def status_months(
    data: Dataset, words: Wording, *, months: int = MONTHS, history: Dataset | None = None
) -> Figure:
    """Draw for each sector and month how many indicators were on track, of how many.

    Every month is judged with what was known at its end. Statuses are counted, and the
    shade is the share of those that could be judged; nothing is averaged.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    months
        How many, the last being that of the report.
    history
        With every revision, as `Dataset.learned_by` the same day; without it, months are
        judged with those revisions that `data` still has.
    """
    rows = monthly_counts(history or data, months=months)
    rows = rows.assign(
        sector=common.named(data.registry.sectors, rows["sector_id"], words),
        good=rows["achieved"] + rows["on_track"],
        month=[words.short_period(period) for period in rows["period"]],
    )
    note = common.source_note(words, files=[], as_of=data.as_of)
    frame = common.framed("status_months", words, rows, note)
    if rows["judged"].sum() == 0:
        return frame.nothing(words("No indicator could be judged in these months"))
    sums = rows.groupby("period", sort=True)[["good", "judged"]].sum()
    title = words(
        "Achieved or on track: {now} of {now_of} now, {then} of {then_of} in {period}",
        now=int(sums["good"].iloc[-1]),
        now_of=int(sums["judged"].iloc[-1]),
        then=int(sums["good"].iloc[0]),
        then_of=int(sums["judged"].iloc[0]),
        period=words.period(str(sums.index[0])),
    )
    ends = [words.short_period(str(period)) for period in sums.index]
    series = [
        (words("Achieved or on track"), sums["good"], "actual"),
        (words("Judged"), sums["judged"], "expected"),
    ]
    return frame.figure(
        _chart(rows, words),
        title,
        native=common.native("line", ends, series, axis=words("Indicators")),
    )


def monthly_counts(history: Dataset, *, months: int = MONTHS) -> pd.DataFrame:
    """Return `rollup.status_counts` by sector at the end of each month, with ``period``.

    The last month is judged on the day of the report.
    """
    if history.as_of is None:
        raise DefinitionError("Choose a day first, such as data.learned_by('2024-12-31')")
    last = periods.containing(history.as_of, periods.MONTHLY)
    ends: dict[str, date] = {}
    for back in range(months - 1, -1, -1):
        period = periods.shift(last, -back)
        ends[period] = min(periods.end(period), history.as_of)
    assessed = status.assess_days(status.one_region(history), list(ends.values()))
    tables = [
        rollup.status_counts(
            assessed[assessed["as_of"] == pd.Timestamp(day)], history.registry, by="sector_id"
        ).assign(period=period)
        for period, day in ends.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _chart(rows: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(list(dict.fromkeys(rows["sector"])))
    names = dict(zip(dict.fromkeys(rows["sector"]), labels, strict=True))
    share = rows["good"] / rows["judged"].where(rows["judged"] > 0)
    steps = (share.fillna(0) * (len(_STEPS) - 1)).round().astype("int64")
    looks = [
        drawing.shade(_STEPS, *look, _INK_FROM)
        for look in zip(steps, share.notna(), strict=True)
    ]
    counts = list(zip(rows["good"].astype(int), rows["judged"].astype(int), strict=True))
    drawn = pd.DataFrame(
        {
            "row": rows["sector"].map(names),
            "full": rows["sector"],
            "month": rows["month"],
            "said": [words.coverage(good, of) if of else "–" for good, of in counts],
            "short": [f"{good}/{of}" if of else "–" for good, of in counts],
            "fill": [fill for fill, _ in looks],
            "ink": [ink for _, ink in looks],
        }
    )
    order = list(dict.fromkeys(rows.sort_values("period")["month"]))
    x = alt.X("month:N", sort=order, axis=alt.Axis(title=None, labelAngle=-45, orient="top"))
    base = alt.Chart(drawing.records(drawn)).encode(x=x, y=drawing.rows_channel(labels))
    layers = [
        base.mark_rect(stroke=theme.PAPER, strokeWidth=2).encode(
            fill=alt.Fill("fill:N", scale=None), tooltip=drawing.tooltip("status_months", words)
        ),
        base.mark_text(baseline="middle").encode(
            text="short:N", fill=alt.Fill("ink:N", scale=None)
        ),
    ]
    return drawing.in_rows(layers, labels)
