"""Which figures were to come by a day, and which came, are late, or are overdue."""

from datetime import date, timedelta

import pandas as pd

from delivery_analytics.analytics.common import frequencies, known_day, latest_figures
from delivery_analytics.analytics.trajectory import baseline
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset

DUE_AFTER_DAYS = 30


def returns_received(data: Dataset) -> pd.DataFrame:
    """Return what arrived from each sector, one row per sector in registry order.

    Returns
    -------
    DataFrame
        ``sector_id``; ``sources``, files; ``rows_read, rows_kept, rows_quarantined,
        rows_skipped`` in them; ``received_on``, the latest day, missing when nothing
        came; ``indicators_reported`` of ``indicators``, those with a value anywhere of
        those that are not ``retired``;
        ``period``, the latest with a value, empty when there is none.
    """
    counts = ["rows_read", "rows_kept", "rows_quarantined", "rows_skipped"]
    files = data.sources.groupby("sector_id")
    sums, latest = files[counts].sum(), files["received_on"].max()
    received = sums.assign(sources=files.size(), received_on=latest)
    asked = [one for one in data.registry.indicators.values() if one.is_owed]
    sector_of = {one.id: one.sector_id for one in asked}
    values = latest_figures(data)
    values = values.assign(sector_id=values["indicator_id"].map(sector_of))
    values = values.sort_values(["sector_id", "period_end", "period"])
    reported = values.groupby("sector_id").agg(
        indicators_reported=("indicator_id", "nunique"), period=("period", "last")
    )
    sectors = pd.DataFrame(
        [(key, [*sector_of.values()].count(key)) for key in data.registry.sectors],
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
    region that ever reported the indicator or has a target. Nothing is owed of an indicator
    that is ``retired``, nor for a period
    that a figure of a later one of its frequency covers, nor for one up to the baseline's
    day: the promise itself says how it stood then.

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
    came = data.observations[[*SERIES, "period", "period_end", "obs_status", "value"]]
    answered = came["value"].notna() | (came["obs_status"] == "not_applicable")
    came = came.assign(answered=answered)
    often = {one.id: one.frequency for one in data.registry.indicators.values()}
    own = frequencies(came["period"]) == came["indicator_id"].map(often)
    last = came[answered & own].groupby(SERIES)["period_end"].max().rename("answered_to")
    began = baseline(data.targets).set_index(SERIES)["due_on"].rename("began_on")
    seen = came[[*SERIES, "period", "answered"]]
    table = wanted.merge(seen, on=[*SERIES, "period"], how="left", validate="one_to_one")
    table = table.join(last, on=SERIES).join(began, on=SERIES)
    end = periods.ends(table["period"])
    table = table[~((table["answered_to"] > end) | (table["began_on"] >= end))]
    latest = latest_figures(data).sort_values([*SERIES, "period_end", "period"])
    latest = latest.drop_duplicates(SERIES, keep="last")[[*SERIES, "period"]]
    latest = latest.rename(columns={"period": "latest_period"})
    table = table.merge(latest, on=SERIES, how="left", validate="one_to_one")
    state = table["answered"].map({True: "answered", False: "no_figure"}).fillna("absent")
    table = table.assign(state=state, latest_period=table["latest_period"].fillna(""))
    table = table[table["state"] != "answered"].sort_values(["order", *SERIES])
    columns = ["sector_id", *SERIES, "period", "days_late", "latest_period", "state"]
    return table[columns].reset_index(drop=True)


def on_overdue_figures(assessments: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Return the judgements that rest on a figure whose successor is overdue.

    Parameters
    ----------
    assessments
        Of the day on which `data` is known.

    Returns
    -------
    DataFrame
        The rows of `assessments` that are judged and have a row in `missing_returns`, with
        ``owed``, the period that is overdue.
    """
    judged = assessments[assessments["status"] != "not_judged"]
    late = missing_returns(data).rename(columns={"period": "owed"})[[*SERIES, "owed"]]
    return judged.merge(late, on=SERIES, validate="many_to_one")


def regional_indicators(data: Dataset) -> list[str]:
    """Return the indicators that have a value in any region, in registry order."""
    values = latest_figures(data)
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
            if one.is_owed
        ],
        columns=["order", "sector_id", "indicator_id", "period"],
    )
    named = [rows[SERIES] for rows in (data.observations, data.targets)]
    for place in data.registry.at():
        named.append(indicators[["indicator_id"]].assign(region_id=place))
    subjects = pd.concat(named).drop_duplicates()
    table = subjects.merge(indicators, on="indicator_id", validate="many_to_one")
    late = pd.Timestamp(as_of) - periods.ends(table["period"])
    return table.assign(days_late=late.dt.days - table["period"].map(due))
