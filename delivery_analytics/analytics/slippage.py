"""Milestone trend analysis: how each milestone's expected day moved from report to report."""

from datetime import date

import numpy as np
import pandas as pd

from delivery_analytics.analytics.challenges import student80
from delivery_analytics.analytics.common import lines
from delivery_analytics.methods.base import coded
from delivery_analytics.model.dataset import Dataset

FEWEST = 3  # reports that a trend needs
FASTEST = 0.7  # days lost a day beyond which the date it leads to is none


def history(data: Dataset) -> pd.DataFrame:
    """Return every report of every milestone, the matrix that the chart draws.

    Parameters
    ----------
    data
        With all revisions: what `Dataset.learned_by` returns, not `known_on`.

    Returns
    -------
    DataFrame
        One row per milestone and report: ``milestone_id, reported_on, due_on``,
        ``expected_on`` (the completion once there is one, else the forecast, else the day
        promised), ``completed``, ``slip_days`` behind the first day promised, ``moved_days``
        since the report before, and ``due_moved``: the promise itself was changed, which
        is no slip.
    """
    data.check_revisions()
    rows = data.milestones.sort_values(["milestone_id", "reported_on"], ignore_index=True)
    done = rows["completed_on"].where(rows["completed_on"] <= rows["reported_on"])
    expected = done.fillna(rows["expected_on"]).fillna(rows["due_on"])
    by = rows["milestone_id"]
    first_due = rows.groupby("milestone_id")["due_on"].transform("first")
    before = rows["due_on"].groupby(by).shift()
    table = rows[["milestone_id", "reported_on", "due_on"]].assign(
        expected_on=expected,
        completed=done.notna(),
        slip_days=(expected - first_due).dt.days.astype("float64"),
        due_moved=before.notna() & rows["due_on"].notna() & (before != rows["due_on"]),
    )
    moved = (expected - expected.groupby(by).shift()).dt.days.astype("float64")
    return table.assign(moved_days=moved)


def trend(reports: pd.DataFrame, *, as_of: date | None = None) -> pd.DataFrame:
    """Return for each milestone how fast its expected day recedes, and where that leads.

    Parameters
    ----------
    reports
        What `history` returned.
    as_of
        The day asked about; otherwise that of the latest report of any milestone.

    Returns
    -------
    DataFrame
        One row per milestone: ``milestone_id, reports`` (without those after completion),
        ``slip_days`` of the latest, ``times_due_moved``, ``drift`` in days a day, 0 for a
        date that holds and 1 for one that recedes as fast as time passes, ``drift_low`` and
        ``drift_high`` of its 80 % interval, and ``state``: ``done``; ``not_renewed``, the
        day last expected, or the one the trend leads to, has passed; ``too_few`` reports;
        ``no_credible_date``, a drift above `FASTEST`, or one that may as well be 1;
        ``converges``. ``trend_on`` is the day on which the forecasts meet the calendar, of
        what converges only.

    Notes
    -----
    Least squares of the expected day on the day of the report; they meet where both are
    the same, at level / (1 - drift), which near a drift of 1 is any day at all. Reports of
    a milestone that is done leave the fit.
    """
    rows = reports[reports["expected_on"].notna()]
    last = rows.drop_duplicates("milestone_id", keep="last").set_index("milestone_id")
    moved = reports.groupby("milestone_id")["due_moved"].sum()
    still = rows[~rows["completed"]]
    key = still["milestone_id"]
    day = (still["reported_on"] - pd.Timestamp(0)).dt.days.astype("float64")
    expected = (still["expected_on"] - pd.Timestamp(0)).dt.days.astype("float64")
    line = lines(day, expected, key).reindex(last.index)
    slope, count = line["slope"], line["points"].fillna(0).astype("int64")
    level = line["y"] - slope * line["x"]
    fitted = key.map(level).astype("float64") + key.map(slope).astype("float64") * day
    left = ((expected - fitted) ** 2).groupby(key).sum().reindex(last.index)
    free = (count - 2).where(count >= FEWEST)
    half = student80(free) * np.sqrt(left / free / line["xx"])
    today = pd.Timestamp(as_of) if as_of else reports["reported_on"].max()
    meets = (level / (1 - slope).where(slope < 1)).where(count >= FEWEST)
    credible = (slope <= FASTEST) & (slope + half < 1)
    passed = credible & (meets < (today - pd.Timestamp(0)).days)
    flags = {
        "done": last["completed"],
        "not_renewed": (last["expected_on"] < today) | passed,
        "too_few": (count < FEWEST) | slope.isna(),
        "no_credible_date": ~credible,
    }
    state = coded(flags, "converges")
    shown = meets.where(state == "converges").round()
    return pd.DataFrame(
        {
            "reports": count,
            "slip_days": last["slip_days"],
            "times_due_moved": moved.reindex(last.index),
            "drift": slope.where(count >= FEWEST),
            "drift_low": slope - half,
            "drift_high": slope + half,
            "trend_on": pd.to_datetime(shown, unit="D").astype("datetime64[us]"),
            "state": state,
        }
    ).reset_index()
