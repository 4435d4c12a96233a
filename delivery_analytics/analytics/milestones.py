"""Where each milestone stands on a day, and how many days late it is."""

from __future__ import annotations

import pandas as pd

from delivery_analytics.analytics.common import known_day, ordered
from delivery_analytics.methods.base import coded
from delivery_analytics.model.dataset import Dataset

STATES = ("overdue", "forecast_late", "due", "upcoming", "undated", "done_late", "done")


def late(data: Dataset, *, within_days: int = 90) -> pd.DataFrame:
    """Return the state of each milestone on ``data.as_of``, the most urgent first.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    within_days
        How many days ahead a milestone counts as ``due``.

    Returns
    -------
    DataFrame
        The `milestones` table, one row per milestone, with

        ``state``: ``done`` or ``done_late`` once completed; ``overdue`` when its day has
        passed; ``forecast_late`` when its owner expects it after its day; ``due`` within
        `within_days`; ``upcoming``; ``undated`` when no day was promised.

        ``delay_days``: days after the promised day, below zero for earlier. Of the
        completion where there is one, of ``as_of`` when overdue, and otherwise of the day
        its owner expects. Missing where nothing was promised or nothing is expected.

        ``not_renewed``: it is not done, and the day its owner expects has passed.

    Sorted by state in the order of `STATES`, then the longest delay, then the day due.
    """
    as_of = known_day(data)
    rows = data.milestones
    due, expected = rows["due_on"], rows["expected_on"]
    # A completion dated after the day of the report is a forecast that was put in the
    # wrong column, not a thing done.
    completed = rows["completed_on"].where(rows["completed_on"] <= as_of)
    done = completed.notna()
    state = coded(
        {
            "done_late": done & (completed > due),
            "done": done,
            "undated": due.isna(),
            "overdue": due < as_of,
            "forecast_late": expected > due,
            "due": due <= as_of + pd.Timedelta(days=within_days),
        },
        "upcoming",
    )
    reference = expected.mask(state == "overdue", as_of).mask(done, completed)
    delay = (reference - due).dt.days.astype("float64")
    stale = ~done & (expected < as_of)
    table = rows.assign(not_renewed=stale, state=state, delay_days=delay)
    return ordered(table, "state", "-delay_days", "due_on", "milestone_id", state=STATES)


def due_by_now(states: pd.DataFrame, data: Dataset) -> pd.Series[bool]:
    """Say which milestones of `late` had to be done by now: shares overdue are of these."""
    due: pd.Series[bool] = states["due_on"] < known_day(data)
    return due
