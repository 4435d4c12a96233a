"""Earned value: what the work done was to cost, against what it cost and when it was due."""

from typing import Literal

import numpy as np
import pandas as pd

Estimate = Literal["pace", "plan", "both", "bottom_up"]


def measures(projects: pd.DataFrame, *, estimate: Estimate = "pace") -> pd.DataFrame:
    """Return the measures of each project on a day.

    Parameters
    ----------
    projects
        One row per project, in one currency: ``budget`` (at completion), ``planned`` (value
        of the work due by now), ``earned`` (budgeted value of the work done) and ``actual``
        (its cost). ``to_complete``, the cost of what is left as estimated by those who do
        it, for `estimate` ``bottom_up``. Money disbursed is not value earned.
    estimate
        How the rest will cost: ``pace`` as so far, ``plan`` as budgeted, ``both`` as so far
        in cost and in time, ``bottom_up`` as estimated.

    Returns
    -------
    DataFrame
        Aligned with `projects`: ``cost_variance, schedule_variance`` (below zero is over
        cost, late), ``cost_index, schedule_index`` (below 1 likewise), ``at_completion``,
        ``to_complete``, ``variance_at_completion`` and ``index_needed``, the cost index
        that the rest must have to keep the budget. Missing where it would be a ratio to
        nothing. ``earned`` counts up to the budget.

    Notes
    -----
    Practice standard of earned value management; formulas in METHODS.md.
    """
    budget, planned, actual = (projects[name] for name in ("budget", "planned", "actual"))
    earned = projects["earned"].clip(upper=budget)
    cost_index = earned / actual.where(actual > 0)
    schedule_index = earned / planned.where(planned > 0)
    left = budget - earned
    pace = cost_index.where(cost_index > 0)
    rest = {
        "pace": lambda: left / pace,
        "plan": lambda: left,
        "both": lambda: left / (pace * schedule_index.where(schedule_index > 0)),
        "bottom_up": lambda: projects["to_complete"],
    }[estimate]()
    at_completion = actual + rest
    remaining = budget - actual
    return pd.DataFrame(
        {
            "cost_variance": earned - actual,
            "schedule_variance": earned - planned,
            "cost_index": cost_index,
            "schedule_index": schedule_index,
            "at_completion": at_completion,
            "to_complete": rest,
            "variance_at_completion": budget - at_completion,
            "index_needed": left / remaining.where(remaining > 0),
        }
    )


def earned_schedule(plan: pd.DataFrame, progress: pd.DataFrame) -> pd.DataFrame:
    """Return for each project how many periods of its plan are done, and its index in time.

    The schedule index of money goes back to 1 at the end of every project, however late;
    this one does not.

    Parameters
    ----------
    plan
        ``project_id, period`` (1, 2, …) and ``planned``, the value due by its end.
    progress
        ``project_id, period`` (the one that has just ended) and ``earned``.

    Returns
    -------
    DataFrame
        `progress` with ``earned_schedule``, in periods, interpolated within a period, and
        ``time_index``, that over the periods passed; missing where there is no plan.
    """
    projects = plan.groupby("project_id", sort=False)
    curves = {name: rows.sort_values("period") for name, rows in projects}

    def done(name: str, earned: float) -> float:
        if name not in curves or np.isnan(earned):
            return np.nan
        curve = curves[name]
        due = np.concatenate([[0.0], np.maximum.accumulate(curve["planned"].to_numpy())])
        periods = np.concatenate([[0.0], curve["period"].to_numpy(dtype=float)])
        # The last period at which no more was due than is earned, and a part of the next.
        at = int(np.searchsorted(due, earned, side="right")) - 1
        if at >= len(due) - 1:
            return float(periods[np.searchsorted(due, due[-1])])
        return float(
            periods[at]
            + (earned - due[at]) / (due[at + 1] - due[at]) * (periods[at + 1] - periods[at])
        )

    pairs = zip(progress["project_id"], progress["earned"], strict=True)
    schedule = pd.Series([done(name, earned) for name, earned in pairs], progress.index)
    passed = progress["period"].where(progress["period"] > 0)
    return progress.assign(earned_schedule=schedule, time_index=schedule / passed)
