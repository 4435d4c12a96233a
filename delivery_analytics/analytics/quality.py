"""Figures that parse and are still doubtful, and figures that should be there and are not.

Each rule returns findings and changes nothing: a doubtful figure is published with its
finding beside it, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from delivery_analytics.analytics.boundaries import breaks
from delivery_analytics.analytics.common import frequencies, known_day, placed
from delivery_analytics.analytics.contradictions import COLUMNS as COLUMNS
from delivery_analytics.analytics.contradictions import (
    done_in_vain,
    found_rows,
    moved_targets,
    moved_under_instruction,
)
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset

DUE_AFTER_DAYS = 30
_SEVERITIES = ("error", "warning", "note")
_LINE = ["sector_id", "line_id", "region_id"]
_RUN = [*SERIES, "frequency"]


def findings(data: Dataset) -> pd.DataFrame:
    """Return what the rules of `RULES` find, one row per rule and figure.

    Rules about revisions need every revision: give them the data before `known_on`. The
    others judge the latest revision of each fact, whichever way `data` comes.

    Returns
    -------
    DataFrame
        ``rule``, as ``family.name``; ``severity``, as of a problem; ``subject_id``, the
        indicator or budget line; ``region_id`` and ``period``; ``value``, the figure in
        doubt, and ``compared_with``, the number the rule holds against it (each rule says
        which), both in the subject's unit if not said otherwise; ``source_id`` and
        ``source_cell`` of the figure. Errors first, then by rule and key.
    """
    found = pd.concat([rule(data) for rule in RULES], ignore_index=True)
    order = ["severity", "rule", "subject_id", "region_id", "period", "source_cell"]
    return found.sort_values(order, key=placed(severity=_SEVERITIES), ignore_index=True)


def implausible(data: Dataset) -> pd.DataFrame:
    """Find values outside the indicator's plausible range; compared with the limit."""
    rows = _figures(data)
    indicators = data.registry.indicators
    low = rows["indicator_id"].map({i: one.plausible[0] for i, one in indicators.items()})
    high = rows["indicator_id"].map({i: one.plausible[1] for i, one in indicators.items()})
    low, high = low.astype("float64"), high.astype("float64")
    wrong = (rows["value"] < low) | (rows["value"] > high)
    limit = high.where(rows["value"] > high, low)
    return found_rows(rows[wrong], "value.implausible", "error", limit)


def early(data: Dataset) -> pd.DataFrame:
    """Find values reported before their period ended.

    Compared with the number of days that were still to come.
    """
    rows = _figures(data)
    days = (rows["period_end"] - rows["reported_on"]).dt.days
    return found_rows(rows[days > 0], "value.early", "warning", days.astype("float64"))


def jumps(data: Dataset, *, times: float = 5.0, least: int = 5) -> pd.DataFrame:
    """Find latest values that moved far more than the series usually moves.

    Compared with the value before. A series needs `least` values of one frequency, and
    its last step must exceed `times` the median size of the steps before it. Where `least`
    regions stepped in the same period, a region's step is judged against theirs as well, and
    against theirs alone where its own history is shorter: further from their median than
    `times` the median distance from it. Shares and indices step in points, all else in
    shares of its size.
    """
    rows = _figures(data)
    series = [rows[name] for name in _RUN]
    before = rows.groupby(_RUN)["value"].shift()
    step = rows["value"] - before
    last = rows.groupby(_RUN).cumcount(ascending=False) == 0
    usual = step.abs().mask(last).groupby(series).transform("median")
    # A series that never moved has no usual step; its first step is no evidence.
    alone = (usual > 0) & (step.abs() > times * usual)
    alone &= rows.groupby(_RUN)["value"].transform("size") >= least

    indicators, units = data.registry.indicators, data.registry.units
    points = {i: units[one.unit].kind in ("percent", "index") for i, one in indicators.items()}
    in_points = rows["indicator_id"].map(points).astype("bool")
    size = ((rows["value"].abs() + before.abs()) / 2).mask(in_points, 1.0)
    relative = (step / size.where(size > 0)).fillna(0.0).where(step.notna())
    region = rows["region_id"] != data.registry.country_id
    theirs = [rows["indicator_id"], rows["frequency"], rows["period"]]
    others = relative.where(region).groupby(theirs)
    apart = (relative - others.transform("median")).abs()
    spread = apart.where(region).groupby(theirs).transform("median")
    unlike = (spread > 0) & (apart > times * spread)
    among = region & (others.transform("count") >= least)
    short = rows.groupby(_RUN)["value"].transform("size") < least
    wrong = last & (alone | short & among) & (unlike | ~among)
    return found_rows(rows[wrong], "value.jump", "warning", before)


def factors(data: Dataset, *, times: float = 10.0) -> pd.DataFrame:
    """Find values ten times the one before, or a tenth of it: a slipped unit or comma.

    Compared with the value before.
    """
    rows = _figures(data)
    before = rows.groupby(_RUN)["value"].shift()
    large = np.maximum(rows["value"].abs(), before.abs())
    small = np.minimum(rows["value"].abs(), before.abs())
    wrong = (small > 0) & (large >= times * small)
    return found_rows(rows[wrong], "value.factor", "warning", before)


def copies(data: Dataset, *, least: int = 3) -> pd.DataFrame:
    """Find the same value reported for `least` periods running, one finding a run.

    It names the last of them; compared with how many there are.
    """
    rows = _figures(data)
    before = rows.groupby(_RUN)["value"].shift()
    run = (rows["value"] != before).cumsum()
    length = rows.groupby(run)["value"].transform("size")
    last = rows.groupby(run).cumcount(ascending=False) == 0
    wrong = last & (length >= least)
    return found_rows(rows[wrong], "value.copied", "warning", length.astype("float64"))


def falls(data: Dataset) -> pd.DataFrame:
    """Find running totals of spending below an earlier one of the same year.

    Compared with the highest total reported before it in that year.
    """
    rows = _spent(data)
    rows = rows[rows["cumulative"]]
    year = rows["period_end"].dt.year.rename("year")
    series = [*(rows[name] for name in _LINE), year]
    highest = rows["value"].groupby(series).cummax()
    before = highest.groupby(series).shift()
    return found_rows(rows[rows["value"] < before], "spending.fall", "warning", before)


def overspending(data: Dataset, *, percent: float = 200.0) -> pd.DataFrame:
    """Find spending above `percent` of its plan, or without any plan; with the plan."""
    rows = _spent(data)
    wrong = (rows["value"] > 0) & (rows["value"] > percent / 100 * rows["plan"].clip(lower=0))
    return found_rows(rows[wrong], "spending.over_plan", "warning", rows["plan"])


def revisions(data: Dataset) -> pd.DataFrame:
    """Find values that differ from what was reported before them; with that value.

    Needs every revision of `data`.
    """
    fact = ["subject_id", "region_id", "period"]
    rows = data.observations.rename(columns={"indicator_id": "subject_id"})
    rows = rows[rows["value"].notna()].sort_values([*fact, "reported_on"])
    before = rows.groupby(fact)["value"].shift()
    wrong = before.notna() & (rows["value"] != before)
    return found_rows(rows[wrong], "value.revised", "note", before)


def broken(data: Dataset) -> pd.DataFrame:
    """Find series that run across a change of their region's borders; see `breaks`.

    It names the first value within the new borders; compared with the last within the old
    ones. Series that the sender worked out again are left out.
    """
    rows = breaks(data)
    rows = rows[~rows["recast"]].rename(columns={"indicator_id": "subject_id"})
    return found_rows(rows, "series.break", "note", rows["value_before"])


Rule = Callable[[Dataset], pd.DataFrame]

RULES: tuple[Rule, ...] = (
    implausible,
    early,
    jumps,
    factors,
    copies,
    falls,
    overspending,
    revisions,
    moved_targets,
    broken,
    done_in_vain,
    moved_under_instruction,
)


def returns_received(data: Dataset) -> pd.DataFrame:
    """Return what arrived from each sector, one row per sector in registry order.

    Returns
    -------
    DataFrame
        ``sector_id``; ``sources``, files; ``rows_read, rows_kept, rows_quarantined,
        rows_skipped`` in them; ``received_on``, the latest day, missing when nothing
        came; ``indicators_reported`` of ``indicators``, those with a value anywhere;
        ``period``, the latest with a value, empty when there is none.
    """
    counts = ["rows_read", "rows_kept", "rows_quarantined", "rows_skipped"]
    files = data.sources.groupby("sector_id")
    received = (
        files[counts].sum().assign(sources=files.size(), received_on=files["received_on"].max())
    )
    sector_of = {i: one.sector_id for i, one in data.registry.indicators.items()}
    values = _figures(data)
    values = values.assign(sector_id=values["indicator_id"].map(sector_of))
    values = values.sort_values(["sector_id", "period_end", "period"])
    reported = values.groupby("sector_id").agg(
        indicators_reported=("indicator_id", "nunique"), period=("period", "last")
    )
    sectors = pd.DataFrame(
        [(one.id, len(one.indicators)) for one in data.registry.sectors.values()],
        columns=["sector_id", "indicators"],
    )
    table = sectors.join(received, on="sector_id", validate="one_to_one")
    table = table.join(reported, on="sector_id", validate="one_to_one")
    whole = ["sources", *counts, "indicators_reported"]
    table = table.fillna(dict.fromkeys(whole, 0) | {"period": ""})
    table = table.astype(dict.fromkeys(whole, "int64") | {"period": "str"})
    columns = ["sector_id", "sources", *counts, "received_on"]
    return table[[*columns, "indicators_reported", "indicators", "period"]]


def missing_returns(data: Dataset, *, grace_days: int | None = None) -> pd.DataFrame:
    """Return the figures that should have arrived by ``data.as_of`` and did not.

    Expected is each indicator's latest period that is due: for the nation, and for every
    region that ever reported the indicator or has a target.

    Parameters
    ----------
    grace_days
        How long after its end a period is due; by default as ``due_after_days`` of the
        rules says for the indicator's frequency.

    Returns
    -------
    DataFrame
        One row per indicator and region: ``sector_id, indicator_id, region_id``;
        ``period``, the one expected; ``days_late``, since the day it was due;
        ``latest_period``, the last one with a value, empty when there never was one;
        ``state``, ``absent`` or, where a row came without a figure, ``no_figure``. A row
        marked not applicable is an answer. Sorted by sector, indicator and region.
    """
    wanted = _wanted(data, known_day(data).date(), grace_days)
    came = data.observations[[*SERIES, "period", "obs_status", "value"]]
    answered = came["value"].notna() | (came["obs_status"] == "not_applicable")
    came = came.assign(answered=answered)[[*SERIES, "period", "answered"]]
    table = wanted.merge(came, on=[*SERIES, "period"], how="left", validate="one_to_one")
    latest = _figures(data).sort_values([*SERIES, "period_end", "period"])
    latest = latest.drop_duplicates(SERIES, keep="last")[[*SERIES, "period"]]
    latest = latest.rename(columns={"period": "latest_period"})
    table = table.merge(latest, on=SERIES, how="left", validate="one_to_one")
    state = table["answered"].map({True: "answered", False: "no_figure"}).fillna("absent")
    table = table.assign(state=state, latest_period=table["latest_period"].fillna(""))
    table = table[table["state"] != "answered"].sort_values(["order", *SERIES])
    columns = ["sector_id", *SERIES, "period", "days_late", "latest_period", "state"]
    return table[columns].reset_index(drop=True)


def regional_indicators(data: Dataset) -> list[str]:
    """Return the indicators that have a value in any region, in registry order."""
    values = _figures(data)
    named = set(values.loc[values["region_id"] != data.registry.country_id, "indicator_id"])
    return [name for name in data.registry.indicators if name in named]


def _wanted(data: Dataset, as_of: date, grace_days: int | None) -> pd.DataFrame:
    """Return the last period that was due by `as_of`, one row per indicator and region."""
    ended, due = {}, {}
    for frequency in {one.frequency for one in data.registry.indicators.values()}:
        agreed = data.registry.rules.due_after_days.get(frequency, DUE_AFTER_DAYS)
        days = agreed if grace_days is None else grace_days
        day = as_of - timedelta(days=days)
        period = periods.containing(day, frequency)
        ended[frequency] = period if periods.end(period) <= day else periods.shift(period, -1)
        due[ended[frequency]] = days
    indicators = pd.DataFrame(
        [
            (n, one.sector_id, one.id, ended[one.frequency])
            for n, one in enumerate(data.registry.indicators.values())
        ],
        columns=["order", "sector_id", "indicator_id", "period"],
    )
    nation = data.registry.country_id
    named = [rows[SERIES] for rows in (data.observations, data.targets)]
    national = indicators[["indicator_id"]].assign(region_id=nation)
    subjects = pd.concat([national, *named]).drop_duplicates()
    table = subjects.merge(indicators, on="indicator_id", validate="many_to_one")
    late = pd.Timestamp(as_of) - periods.ends(table["period"])
    return table.assign(days_late=late.dt.days - table["period"].map(due))


def _figures(data: Dataset) -> pd.DataFrame:
    """Return the latest revision of each value, by series and period, with `frequency`."""
    rows = data.observations
    rows = rows[rows["indicator_id"].isin(list(data.registry.indicators))]
    rows = rows.drop_duplicates([*SERIES, "period"], keep="last")
    rows = rows[rows["value"].notna()]
    rows = rows.assign(frequency=frequencies(rows["period"]), subject_id=rows["indicator_id"])
    return rows.sort_values([*_RUN, "period_end"], ignore_index=True)


def _spent(data: Dataset) -> pd.DataFrame:
    """Return the latest revision of each actual amount, by line and period, as `value`."""
    rows = data.spending
    rows = rows.drop_duplicates([*_LINE, "period"], keep="last")
    rows = rows[rows["actual"].notna()]
    rows = rows.assign(value=rows["actual"], subject_id=rows["line_id"])
    return rows.sort_values([*_LINE, "period_end", "period"], ignore_index=True)
