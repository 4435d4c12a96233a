"""Planned actions: which are late, and what they bring of each target by its day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.action_paths import gap, path
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import Dataset

STATES = ("late", "running", "not_begun", "undated", "done_late", "done")
_KEY = ["indicator_id", "region_id"]


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
    day = _day_of(data)
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
    state = np.select(list(flags.values()), list(flags), default="running")
    table = rows.assign(state=state, late_days=late.where(late > 0).astype("float64"))
    order = {name: place for place, name in enumerate(STATES)}
    table = table.assign(place=table["state"].map(order))
    table = table.sort_values(["place", "end_on", "action_id"], ignore_index=True)
    return table.drop(columns="place")


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
    day = _day_of(data)
    final = trajectory.final(data.targets)
    final = final[final["due_on"] > day][[*_KEY, "due_on", "value"]]
    rows = data.actions[data.actions["effect"].notna()]
    rows = rows.rename(columns={"action_id": "intervention_id"})
    named = final.merge(rows[_KEY].drop_duplicates(), on=_KEY, validate="one_to_one")
    if named.empty:
        return pd.DataFrame(columns=_UNCOVERED)
    seen = data.observations[np.isfinite(data.observations["value"])]
    seen = seen.sort_values("period_end").drop_duplicates(_KEY, keep="last")
    last = seen[[*_KEY, "period", "period_end", "value"]]
    last = last.rename(columns={"value": "observed"})
    named = named.merge(last, on=_KEY, how="left", validate="one_to_one")
    directions = {one.id: one.direction for one in data.registry.indicators.values()}
    named = named.assign(direction=named["indicator_id"].map(directions))
    days = [*named["due_on"], *named["period_end"].dropna()]
    bare = named[[*_KEY, "direction"]].assign(value=0.0)
    found = path(rows, bare, on=sorted(set(days)))
    by_day = found.set_index([*_KEY, "on"])["value"]
    keys = [list(map(tuple, named[[*_KEY, on]].to_numpy())) for on in ("due_on", "period_end")]
    due, then = (by_day.reindex(pd.MultiIndex.from_tuples(one)).to_numpy() for one in keys)
    planned = named["observed"] + due - then
    paths = named[_KEY].assign(on=named["due_on"], value=planned)
    table = gap(paths, named[[*_KEY, "due_on", "value", "direction"]])
    counts = found.drop_duplicates(_KEY)[[*_KEY, "actions", "actions_unknown"]]
    table = table.merge(counts, on=_KEY, validate="one_to_one").merge(
        last, on=_KEY, how="left", validate="one_to_one"
    )
    return table.rename(columns={"observed": "value"})[_UNCOVERED]


_UNCOVERED = [
    *_KEY,
    *("period", "value", "due_on", "target_value", "planned_value"),
    *("not_covered", "margin", "actions", "actions_unknown"),
]


def _day_of(data: Dataset) -> pd.Timestamp:
    if data.as_of is None:
        raise DefinitionError("Choose a day first, such as data.known_on('2024-12-31')")
    return pd.Timestamp(data.as_of)
