"""Plan and execution of the budget: what was to be spent by a day, and what was.

Everything is counted from 1 January. A line reported month by month is summed over its
year, and only when none of its months is missing; a line reported as a running total is
taken as it is. The nation is what was reported for the nation: regions are never added to
it. A line with nothing for the period is counted as not reported, never as zero.
"""

from collections.abc import Sequence

import pandas as pd

from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry

LINE_KEY = ["sector_id", "line_id", "region_id"]
AMOUNTS = ["plan", "actual"]


def execution(
    data: Dataset, *, by: str | Sequence[str] = "sector_id", period: str | None = None
) -> pd.DataFrame:
    """Return plan and execution to date, one row per group and currency.

    Parameters
    ----------
    by
        Any of ``sector_id``, ``programme_id``, ``line_id``, ``region_id``. Without
        ``region_id``, the rows reported for the nation count and no others.
    period
        To the end of which period. By default the latest one that ended by
        ``data.as_of`` and for which any of the lines that count says what was spent.

    Returns
    -------
    DataFrame
        ``[by…], period, unit, plan, actual, execution_percent, unspent, lines,
        lines_reported``, sorted by group. `plan`, `actual` and `unspent` (plan less
        actual) are in `unit`, over the lines for which both are known, and missing where
        there is none. `execution_percent` is 0-100 and above, missing where the plan is
        not above zero. `lines_reported` of `lines` says how much of the group the sums
        cover; `lines` are those that appear anywhere in that calendar year.
    """
    by = _names(by)
    to_date = year_to_date(data)
    end = pd.Timestamp(periods.end(period)) if period else _latest(to_date, data, by)
    year = to_date[to_date["period_end"].dt.year == end.year]
    return _summed(_at(year, end, period), by, data.registry)[_shown(by)]


def monthly(
    data: Dataset, *, by: str | Sequence[str] = "sector_id", year: int | None = None
) -> pd.DataFrame:
    """Return plan and execution to the end of each period, one row per group and period.

    Parameters
    ----------
    year
        The calendar year; by default that of the period `execution` takes.

    Returns
    -------
    DataFrame
        As `execution` returns, for every period of the year that any line has, with
        ``period_end``, and with ``planned``: the plan of all lines that have one, the
        ``lines_planned``, so that the plan goes on where spending is not reported yet.
        Where fewer lines report than a period before, sums may fall: `lines_reported`
        says so.
    """
    by = _names(by)
    to_date = year_to_date(data)
    year = year or _latest(to_date, data, by).year
    rows = to_date[to_date["period_end"].dt.year == year]
    sums = [
        _summed(_at(rows, end), by, data.registry).assign(period_end=end)
        for end in sorted(rows["period_end"].unique())
    ]
    if not sums:
        sums = [_summed(rows, by, data.registry).assign(period_end=rows["period_end"])]
    columns = [*_shown(by), "period_end", "planned", "lines_planned"]
    table = pd.concat(sums)[columns]
    return table.sort_values([*by, "unit", "period_end"], ignore_index=True)


def flows(data: Dataset) -> pd.DataFrame:
    """Return what was planned and spent within each period, one row per line and period.

    A running total is differenced within its calendar year only: the first period's flow
    is its total, and a flow is missing where the period before it was not reported, as it
    would be the sum of two.

    Returns
    -------
    DataFrame
        ``sector_id, line_id, region_id, period, period_end, programme_id, unit, plan,
        actual``; the last two in `unit`. A negative flow is a correction or a mistake.
    """
    rows = _placed(data.spending)
    series = [*LINE_KEY, "frequency", "year", "cumulative"]
    before = rows.groupby(series)[[*AMOUNTS, "place"]].shift()
    follows = before["place"] == rows["place"] - 1
    earlier = before[AMOUNTS].where(follows, axis=0).mask(rows["place"] == 1, 0.0)
    totals = rows[AMOUNTS]
    rows[AMOUNTS] = (totals - earlier).where(rows["cumulative"], totals, axis=0)
    columns = [*LINE_KEY, "period", "period_end", "programme_id", "unit", *AMOUNTS]
    return rows[columns].sort_values([*LINE_KEY, "period_end", "period"], ignore_index=True)


def year_to_date(data: Dataset) -> pd.DataFrame:
    """Return what each line planned and spent since 1 January, one row per line and day.

    Returns
    -------
    DataFrame
        ``sector_id, line_id, region_id, period_end, period, programme_id, unit, plan,
        actual, periods, periods_reported``. The amounts are in `unit`; each is missing
        where any period it consists of is. `periods_reported` of `periods` says how many
        of these are there with both amounts. Of two rows for the same day, such as June
        and the second quarter, the one with both amounts, or else of the shorter period.
    """
    rows = _placed(data.spending)
    running = rows["cumulative"]
    series = [*LINE_KEY, "frequency", "year", "cumulative"]
    added = rows.groupby(series)
    whole = running | (added.cumcount() + 1 == rows["place"])
    sums = added[AMOUNTS].cumsum(skipna=False).where(whole, axis=0)
    known = rows[AMOUNTS].notna().all(axis=1)
    reported = known.groupby([rows[name] for name in series]).cumsum()
    rows = rows.assign(
        **{name: rows[name].where(running, sums[name]) for name in AMOUNTS},
        periods=rows["place"].mask(running, 1),
        periods_reported=reported.astype("int64").mask(running, known.astype("int64")),
    )
    rows = rows.assign(whole=rows[AMOUNTS].notna().all(axis=1))
    day = [*LINE_KEY, "period_end"]
    rows = rows.sort_values(
        [*day, "whole", "months"], ascending=[True] * 4 + [False, True]
    ).drop_duplicates(day, ignore_index=True)
    columns = ["period", "programme_id", "unit", *AMOUNTS, "periods", "periods_reported"]
    return rows[[*day, *columns]]


def main_currency(table: pd.DataFrame) -> str:
    """Return the currency of most lines of what `execution` or `monthly` returns, or nothing.

    Amounts of several currencies are never added: what shows one sum shows this one's.
    """
    lines = table.groupby("unit")["lines"].sum().sort_values(kind="stable")
    return str(lines.index[-1]) if len(lines) else ""


def _placed(spending: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with year, frequency and place in the year, earliest first."""
    names = spending["period"].unique()
    parts = [(name, periods.year(name), periods.frequency(name)) for name in names]
    known = pd.DataFrame(parts, columns=["period", "year", "frequency"])
    months = known["frequency"].map(periods.MONTHS_IN).astype("int64")
    month = pd.Series([periods.end(name).month for name in names], dtype="int64")
    known = known.assign(place=month // months, months=months)
    rows = spending.merge(known, on="period", how="left", validate="many_to_one")
    return rows.sort_values([*LINE_KEY, "period_end", "period"], ignore_index=True)


def _names(by: str | Sequence[str]) -> list[str]:
    return [by] if isinstance(by, str) else list(by)


def _shown(by: list[str]) -> list[str]:
    amounts = ["plan", "actual", "execution_percent", "unspent"]
    return [*by, "period", "unit", *amounts, "lines", "lines_reported"]


def _latest(to_date: pd.DataFrame, data: Dataset, by: list[str]) -> pd.Timestamp:
    """Return the latest day for which any line says what was spent, or else planned.

    Where only the nation's rows count, a region that is ahead of it does not set the day,
    unless nothing else does. It is `NaT` where there is none.
    """
    day = pd.Timestamp.max if data.as_of is None else pd.Timestamp(data.as_of)
    ended = to_date[to_date["period_end"] <= day]
    counted = ended
    if "region_id" not in by:
        counted = ended[ended["region_id"].isin(data.registry.at())]
    for rows, amount in ((counted, "actual"), (ended, "actual"), (ended, "plan")):
        known = rows.loc[rows[amount].notna(), "period_end"]
        if len(known):
            break
    latest: pd.Timestamp = known.max()
    return latest


def _at(year: pd.DataFrame, end: pd.Timestamp, period: str | None = None) -> pd.DataFrame:
    """Return every line of the year with its amounts on the day `end`, missing or not."""
    there = year["period_end"] == end
    if period is None:
        names = year.loc[there, "period"].value_counts()
        period = str(names.index[0]) if len(names) else ""
    rows = year.assign(there=there, period=period)
    rows[AMOUNTS] = rows[AMOUNTS].where(there, axis=0)
    rows = rows.sort_values([*LINE_KEY, "there", "period_end"])
    return rows.drop_duplicates(LINE_KEY, keep="last", ignore_index=True)


def _summed(lines: pd.DataFrame, by: list[str], registry: Registry) -> pd.DataFrame:
    """Return sums and coverage by group and currency, over lines with both amounts."""
    if "region_id" not in by and registry.country_id in registry.regions:
        national = lines["region_id"] == registry.country_id
        lines = lines.assign(national=national)
        lines[AMOUNTS] = lines[AMOUNTS].where(national, axis=0)
        lines = lines.sort_values([*LINE_KEY[:2], "national"], kind="stable")
        lines = lines.drop_duplicates(LINE_KEY[:2], keep="last")
    elif "region_id" not in by:
        told = lines["region_id"].isin(registry.at())
        own = told.groupby([lines[name] for name in LINE_KEY[:2]]).transform("any")
        lines = lines[told | ~own]  # of a programme the nation's row, where no region has one
    both = lines[AMOUNTS].notna().all(axis=1)
    groups = lines.assign(
        planned=lines["plan"],
        lines_planned=lines["plan"].notna(),
        lines_reported=both,
        lines=1,
        **{name: lines[name].where(both) for name in AMOUNTS},
    ).groupby([*by, "period", "unit"])
    counts = groups[["lines", "lines_reported", "lines_planned"]].sum().astype("int64")
    sums = groups[["plan", "actual", "planned"]].sum(min_count=1).astype("float64")
    table = sums.join(counts, validate="one_to_one").reset_index()
    percent = 100 * table["actual"] / table["plan"].where(table["plan"] > 0)
    return table.assign(execution_percent=percent, unspent=table["plan"] - table["actual"])
