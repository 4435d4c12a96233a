"""Control of instructions: what is overdue, by which deadline, and what extensions hide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.dataset import Dataset
from delivery_analytics.errors import DefinitionError

STATES = ("overdue", "due_3", "due_10", "due_30", "later", "undated", "closed_late", "closed")
AGES = ((0, "not_late"), (10, "to_10"), (30, "to_30"), (90, "to_90"))  # days late, at most
OLDER = "over_90"


def control(data: Dataset) -> pd.DataFrame:
    """Return the state of each instruction on ``data.as_of``, the most urgent first.

    States follow from the dates; what the sender calls the state stays as sent.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        The `instructions` table, one row per instruction, with ``derived`` of `STATES`:
        closed once control ended by the day, ``closed_late`` after the deadline then in
        force, ``overdue`` past it, otherwise due within 3, 10 or 30 days, or later.
        ``late_days`` and ``late_days_original`` by the deadline in force and by the first
        one: to the day control ended, or to ``as_of``; below zero while there is time.
        ``overdue_original``: past the first deadline and not closed, however often it was
        moved. ``age``: a bucket of days late. ``silent_days`` since its last report.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    if data.as_of is None:
        raise DefinitionError(
            "These tables hold what was known on every day. "
            "Choose one first, such as data.known_on('2024-12-31')"
        )
    as_of = pd.Timestamp(data.as_of)
    rows = data.instructions
    ended = rows["removed_on"].where(rows["removed_on"] <= as_of)
    closed = ended.notna()
    until = ended.fillna(as_of)
    first = rows["due_on_original"].fillna(rows["due_on"])
    due = rows["due_on"].fillna(first)
    late = (until - due).dt.days.astype("float64")
    derived = np.select(
        [
            closed & (late > 0),
            closed,
            due.isna(),
            late > 0,
            late >= -3,
            late >= -10,
            late >= -30,
        ],
        ["closed_late", "closed", "undated", "overdue", "due_3", "due_10", "due_30"],
        default="later",
    )
    late_original = (until - first).dt.days.astype("float64")
    buckets = [(late <= most) for most, _ in AGES]
    age = np.select([late.isna(), *buckets], ["", *(name for _, name in AGES)], default=OLDER)
    table = rows.assign(
        derived=pd.Series(derived, rows.index, dtype="str"),
        late_days=late,
        late_days_original=late_original,
        overdue_original=~closed & (late_original > 0),
        age=pd.Series(age, rows.index, dtype="str"),
        silent_days=(as_of - rows["reported_on"]).dt.days.where(~closed).astype("float64"),
    )
    order = {name: place for place, name in enumerate(STATES)}
    table = table.assign(place=table["derived"].map(order))
    table = table.sort_values(
        ["place", "late_days", "instruction_id"],
        ascending=[True, False, True],
        ignore_index=True,
    )
    return table.drop(columns="place")


def measures(controlled: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return how each body, sector or act keeps its deadlines.

    Parameters
    ----------
    controlled
        What `control` returned.
    by
        ``executor``, ``sector_id``, ``act`` or any other column.

    Returns
    -------
    DataFrame
        ``[by], instructions, closed, overdue, overdue_original``; of those closed
        ``on_time_share`` by the deadline in force and ``on_time_original_share`` by the
        first one, and ``extension_effect``, what moving deadlines added to the first;
        ``median_late_days`` and ``p90_late_days`` of those that are or ended late;
        ``extensions`` on average. Shares are missing where nothing is closed.
    """
    closed = controlled["derived"].isin(["closed", "closed_late"])
    late = controlled["late_days"].where(controlled["late_days"] > 0)
    dated = closed & controlled["late_days"].notna()
    rows = controlled.assign(
        closed=closed,
        overdue=controlled["derived"] == "overdue",
        late=late,
        in_time=(controlled["late_days"] <= 0).where(dated).astype("float64"),
        in_time_original=(controlled["late_days_original"] <= 0).where(dated).astype("float64"),
    )
    groups = rows.groupby(by, sort=True)
    table = groups.agg(
        instructions=("instruction_id", "size"),
        closed=("closed", "sum"),
        overdue=("overdue", "sum"),
        overdue_original=("overdue_original", "sum"),
        on_time_share=("in_time", "mean"),
        on_time_original_share=("in_time_original", "mean"),
        median_late_days=("late", "median"),
        extensions=("extensions", "mean"),
    )
    table = table.assign(
        extension_effect=table["on_time_share"] - table["on_time_original_share"],
        p90_late_days=groups["late"].quantile(0.9),
    )
    return table.reset_index()
