"""Control of instructions: what is overdue, by which deadline, and what extensions hide.

States follow from the dates; what a sender calls the state stays as sent. Beside the
columns that every return has, these are used where they are told: ``region_id``;
``registered_on``, the day control began; ``last_report_on``, the day of the executor's last
report, else the day we last heard of the instruction; ``returns``, how often a report was
sent back; ``reopened``, how often control began again; ``secrecy``, the mark on the
document. Where one is not told, what follows from it is missing, never nought.
"""

from datetime import date

import numpy as np
import pandas as pd

from delivery_analytics.analytics.common import known_day, ordered
from delivery_analytics.methods.base import coded
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registers import each_named

STATES = ("overdue", "due_3", "due_10", "due_30", "later", "undated", "closed_late", "closed")
AGES = ((0, "not_late"), (10, "to_10"), (30, "to_30"), (90, "to_90"))  # days late, at most
OLDER = "over_90"
SILENT_AFTER = 30  # days without a report
_CLOSED = ("closed", "closed_late")
_OPTIONAL = ("returns", "reopened")


def public(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the instructions that may be shown, without those that are restricted."""
    return rows[~rows["restricted"]].reset_index(drop=True)


def control(data: Dataset) -> pd.DataFrame:
    """Return the state of each instruction on ``data.as_of``, the most urgent first.

    Those that are restricted are left out: what reads from here is shown and exported.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        What `states` returns of the `public` rows of the `instructions` table.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    return states(public(data.instructions), as_of=known_day(data))


def states(
    rows: pd.DataFrame, *, as_of: date, silent_after: int = SILENT_AFTER
) -> pd.DataFrame:
    """Return the state of each instruction on a day, the most urgent first.

    Parameters
    ----------
    rows
        The `instructions` table as known on the day, one row per instruction.
    as_of
        The day.
    silent_after
        More than so many days without a report are silence.

    Returns
    -------
    DataFrame
        `rows` with ``derived`` of `STATES`: closed once control ended by the day,
        ``closed_late`` after the deadline then in force, ``overdue`` past it, otherwise due
        within 3, 10 or 30 days, or later.

        ``late_days`` and ``late_days_original`` by the deadline in force and by the first
        one: to the day control ended, or to ``as_of``; below zero while there is time.
        A deadline that is not given is the other one if it was never moved, and else not
        known.

        ``passed`` and ``passed_original``: that deadline lies before the day, whether or
        not control has ended. ``overdue_original``: past the first deadline and not closed,
        however often it was moved. ``age``: a bucket of days late. ``silent_days`` since its
        last report, and ``silent``; both of what is not closed. ``contradiction``: a code
        where the dates cannot be, ``closed_before_registered`` or
        ``moved_without_extension``; a closing before the registration is not counted as one.

    Sorted by state in the order of `STATES`, then the most days late, then the key.
    """
    day = pd.Timestamp(as_of)
    ended = rows["removed_on"].where(rows["removed_on"] <= day)
    began = rows["registered_on"] if "registered_on" in rows else rows["removed_on"]
    impossible = ended < began
    ended = ended.mask(impossible)
    closed, until = ended.notna(), ended.fillna(day)
    unmoved = rows["extensions"] == 0
    first = rows["due_on_original"].fillna(rows["due_on"].where(unmoved))
    due = rows["due_on"].fillna(rows["due_on_original"].where(unmoved))
    late = (until - due).dt.days.astype("float64")
    late_original = (until - first).dt.days.astype("float64")
    reported = rows.get("last_report_on", rows["reported_on"]).fillna(rows["reported_on"])
    silent = (day - reported).dt.days.where(~closed).astype("float64")
    moved = (rows["due_on"] > rows["due_on_original"]) & unmoved
    table = rows.assign(
        derived=_derived(closed, late),
        late_days=late,
        late_days_original=late_original,
        passed=due < day,
        passed_original=first < day,
        overdue_original=~closed & (late_original > 0),
        age=coded({"": late.isna()} | {age: late <= most for most, age in AGES}, OLDER),
        silent_days=silent,
        silent=silent > silent_after,
        contradiction=coded(
            {"closed_before_registered": impossible, "moved_without_extension": moved}
        ),
    )
    return ordered(table, "derived", "-late_days", "instruction_id", derived=STATES)


def _derived(closed: pd.Series, late: pd.Series) -> pd.Series:
    return coded(
        {
            "closed_late": closed & (late > 0),
            "closed": closed,
            "undated": late.isna(),
            "overdue": late > 0,
            "due_3": late >= -3,
            "due_10": late >= -10,
            "due_30": late >= -30,
        },
        default="later",
    )


def discipline(controlled: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return how each body, sector, region or act keeps its deadlines.

    Parameters
    ----------
    controlled
        What `control` or `states` returned.
    by
        ``executor``, ``sector_id``, ``region_id``, ``act`` or any other column. What
        several bodies are to do counts for each.

    Returns
    -------
    DataFrame
        ``[by], instructions, closed, overdue, overdue_original``; ``due``, those whose
        deadline in force has passed, closed or not, ``kept``, those of them that were closed
        by it, and ``on_time_share``, the quotient; ``due_original, kept_original`` and
        ``on_time_original_share`` by the first deadline; ``extension_effect``, what moving
        deadlines added to the first share, of those of which both are known;
        ``closed_on_time_share``, of those closed alone, which leaves out what is overdue;
        ``median_late_days`` and ``p90_late_days`` of those that are or ended late;
        ``extensions`` on average; ``extended``, how many were; ``silent``;
        ``returns_per_closure`` and ``reopened_share``, of those that are or were closed.
        Shares of nothing are missing.
    """
    rows = _counted(each_named(controlled, by), by)
    groups = rows.groupby(by, sort=True)
    table = groups.agg(
        instructions=("instruction_id", "size"),
        closed=("closed", "sum"),
        overdue=("overdue", "sum"),
        overdue_original=("overdue_original", "sum"),
        due=("in_time", "count"),
        kept=("in_time", "sum"),
        on_time_share=("in_time", "mean"),
        due_original=("in_time_first", "count"),
        kept_original=("in_time_first", "sum"),
        on_time_original_share=("in_time_first", "mean"),
        closed_on_time_share=("closed_in_time", "mean"),
        median_late_days=("late", "median"),
        extensions=("extensions", "mean"),
        extended=("extended", "sum"),
        silent=("silent", "sum"),
        reopened_share=("reopened", "mean"),
    )
    sent_back, of = groups["returns"].sum(), groups["returned_of"].sum()
    both = rows[rows["both"]].groupby(by)[["in_time", "in_time_first"]].mean()
    table = table.astype({"kept": "int64", "kept_original": "int64"}).assign(
        extension_effect=both["in_time"] - both["in_time_first"],
        p90_late_days=groups["late"].quantile(0.9),
        returns_per_closure=sent_back / of.where(of > 0),
    )
    return table.reset_index()


def _counted(controlled: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return what is counted and averaged of each instruction."""
    closed = controlled["derived"].isin(_CLOSED)
    late, original = controlled["late_days"], controlled["late_days_original"]
    in_time, in_time_first = closed & (late <= 0), closed & (original <= 0)
    none = pd.Series(np.nan, controlled.index)
    returns, reopened = (controlled.get(one, none).astype("float64") for one in _OPTIONAL)
    was_closed = closed | (reopened > 0)
    return controlled[[by, "instruction_id", "overdue_original", "extensions"]].assign(
        closed=closed,
        overdue=controlled["derived"] == "overdue",
        late=late.where(late > 0),
        in_time=in_time.where(controlled["passed"]).astype("float64"),
        in_time_first=in_time_first.where(controlled["passed_original"]).astype("float64"),
        closed_in_time=in_time.where(closed & late.notna()).astype("float64"),
        both=late.notna() & original.notna(),
        extended=controlled["extensions"] > 0,
        silent=controlled["silent"],
        returns=returns,
        returned_of=closed & returns.notna(),
        reopened=(reopened > 0).where(was_closed & reopened.notna()).astype("float64"),
    )


def ageing(controlled: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Return how many overdue instructions there are in each bucket of days late.

    Parameters
    ----------
    controlled
        What `control` or `states` returned.
    by
        A row for each value of this column; by default one row in all.

    Returns
    -------
    DataFrame
        ``[by]``, a count for each bucket (over 0 to 10 days, over 10 to 30, over 30 to 90,
        over 90), and ``overdue``, their sum. Whoever has instructions has a row.
    """
    buckets = [name for _, name in AGES[1:]] + [OLDER]
    controlled = each_named(controlled, by) if by else controlled
    late = controlled["derived"] == "overdue"
    flags = pd.DataFrame({name: late & (controlled["age"] == name) for name in buckets})
    flags = flags.assign(overdue=late).astype("int64")
    if by is None:
        return flags.sum().to_frame().T
    return flags.groupby(controlled[by]).sum().reset_index()
