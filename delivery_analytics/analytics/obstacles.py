"""The weekly log of problems: how long each has been open, and how far it was escalated.

PEMANDU's problem-solving works from below: what a working team cannot solve goes to the
ministry, and from there to the centre. METHODS.md, section 2.3.
"""

import pandas as pd

from delivery_analytics.analytics.common import known_day, ordered
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import LEVELS


def log(data: Dataset) -> pd.DataFrame:
    """Return every obstacle with how long it has been open, the most pressing first.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        The `obstacles` table with ``open`` and ``days_open``, to the day it was solved or
        to ``data.as_of``, missing where nobody says when it was raised, or where it would
        be below zero. Open ones first, the highest level first, then the longest open.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    day = known_day(data)
    rows = data.obstacles
    solved = rows["resolved_on"].where(rows["resolved_on"] <= day)
    days = (solved.fillna(day) - rows["raised_on"]).dt.days.astype("float64")
    table = rows.assign(open=solved.isna(), days_open=days.where(days >= 0))
    return ordered(table, "-open", "-level", "-days_open", "obstacle_id", level=LEVELS)


def by_level(logged: pd.DataFrame) -> pd.DataFrame:
    """Return for each level of escalation how many are open, for how long, and solved.

    Parameters
    ----------
    logged
        What `log` returned.

    Returns
    -------
    DataFrame
        One row per level of `schema.LEVELS`, from below: ``level, open, solved``, and
        ``median_days_open`` of the open ones, missing where there is none.
    """
    groups = logged.assign(
        solved=~logged["open"], waiting=logged["days_open"].where(logged["open"])
    ).groupby("level")
    table = groups.agg(
        open=("open", "sum"), solved=("solved", "sum"), median_days_open=("waiting", "median")
    ).reindex(list(LEVELS))
    counts = {"open": "int64", "solved": "int64"}
    return table.fillna({"open": 0, "solved": 0}).astype(counts).reset_index()
