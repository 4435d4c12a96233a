"""Planned actions: which are late, and what they bring of each target by its day."""

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.action_paths import gap, path
from delivery_analytics.analytics.common import known_day, ordered
from delivery_analytics.methods.base import SERIES, coded
from delivery_analytics.model.dataset import Dataset

STATES = ("late", "running", "not_begun", "undated", "done_late", "done")


def activities(data: Dataset) -> pd.DataFrame:
    """Return the planned actions with their state on ``data.as_of``, late ones first.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        The `actions` table with ``state`` of `STATES`: ``late`` is past its end and not
        done, ``running`` past its planned start, as nobody reports beginnings; and
        ``late_days`` of what is or was late. Sorted by state, then by end and id.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    day = known_day(data)
    rows = data.actions
    done = rows["completed_on"] <= day
    late = (rows["completed_on"].where(done, day) - rows["end_on"]).dt.days
    flags = {
        "done_late": done & (late > 0),
        "done": done,
        "late": late > 0,
        "undated": rows["start_on"].isna() & rows["end_on"].isna(),
        "not_begun": rows["start_on"] > day,
    }
    late_days = late.where(late > 0).astype("float64")
    table = rows.assign(state=coded(flags, "running"), late_days=late_days)
    return ordered(table, "state", "end_on", "action_id", state=STATES)


def uncovered(data: Dataset) -> pd.DataFrame:
    """Return what the planned actions bring by each final target's day, and what is missing.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        One row per indicator and region with a planned effect and a final target to come,
        sorted by both: ``value`` and ``period`` last observed, ``due_on``,
        ``target_value``, ``planned_value``, ``not_covered`` and ``margin`` of `gap`,
        ``actions`` that were counted and ``actions_unknown``. Without a figure there is no
        path, and the planned value is missing.

    Raises
    ------
    DefinitionError
        If `data` has no day, or of an action as for `effects`.

    Notes
    -----
    The baseline is the last figure, held flat; what an action had already brought by that
    figure's day is in the figure, and is not added again. METHODS.md, section 1.2.
    """
    day = known_day(data)
    final = trajectory.final(data.targets)
    final = final[final["due_on"] > day][[*SERIES, "due_on", "value"]]
    rows = data.actions[data.actions["effect"].notna()]
    rows = rows.rename(columns={"action_id": "intervention_id"})
    named = final.merge(rows[SERIES].drop_duplicates(), on=SERIES, validate="one_to_one")
    if named.empty:
        return pd.DataFrame(columns=_UNCOVERED)
    seen = data.observations[np.isfinite(data.observations["value"])]
    seen = seen.sort_values("period_end").drop_duplicates(SERIES, keep="last")
    last = seen[[*SERIES, "period", "period_end", "value"]]
    last = last.rename(columns={"value": "observed"})
    named = named.merge(last, on=SERIES, how="left", validate="one_to_one")
    directions = {one.id: one.direction for one in data.registry.indicators.values()}
    named = named.assign(direction=named["indicator_id"].map(directions))
    days = [*named["due_on"], *named["period_end"].dropna()]
    bare = named[[*SERIES, "direction"]].assign(value=0.0)
    effects = path(rows, bare, on=sorted(set(days)))
    by_day = effects.set_index([*SERIES, "on"])["value"]
    due, then = (
        by_day.reindex(pd.MultiIndex.from_frame(named[[*SERIES, on]])).to_numpy()
        for on in ("due_on", "period_end")
    )
    planned = named["observed"] + due - then
    paths = named[SERIES].assign(on=named["due_on"], value=planned)
    table = gap(paths, named[[*SERIES, "due_on", "value", "direction"]])
    counts = effects.drop_duplicates(SERIES)[[*SERIES, "actions", "actions_unknown"]]
    table = table.merge(counts, on=SERIES, validate="one_to_one").merge(
        last, on=SERIES, how="left", validate="one_to_one"
    )
    return table.rename(columns={"observed": "value"})[_UNCOVERED]


_UNCOVERED = [
    *SERIES,
    *("period", "value", "due_on", "target_value", "planned_value"),
    *("not_covered", "margin", "actions", "actions_unknown"),
]
