"""Read what teams do between returns: planned actions, obstacles, hundred-day results."""

from __future__ import annotations

from typing import Any

import numpy as np

from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.fields import (
    Context,
    days,
    flags,
    keys,
    numbers,
    optional_names,
    regions,
    texts,
    words,
)
from delivery_analytics.loading.records import Records

Tables = dict[str, Columns]

RAMPS = {
    "step": "step сразу скачком бірден",
    "linear": "linear равномерно линейно біркелкі",
    "s_curve": "s_curve s-curve s-образно s-тәрізді",
}
LEVELS = {
    "working": "working рабочий рабочая жұмыс",
    "ministry": "ministry министерство министр министрлік",
    "centre": "centre center pm президент центр орталық правительство үкімет",
}


def actions(records: Records, context: Context) -> Tables:
    """Return ``actions``: who does what, by when, at what cost, and to what effect."""
    plain = [False] * len(records)
    figures = {
        name: numbers(records, context, name, plain, optional=True)[0]
        for name in ("cost", "effect", "lag_days", "ramp_days", "coverage")
    }
    for name, most in (("lag_days", np.inf), ("ramp_days", np.inf), ("coverage", 1.0)):
        _within(records, name, figures[name], most)
    columns = Columns(
        len(records),
        {
            "action_id": texts(records, "action", required=True),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            "indicator_id": keys(records, context, "indicator"),
            "region_id": regions(records, context),
            **{name: texts(records, name) for name in ("title", "owner", "unit")},
            **{
                name: days(records, context, name)
                for name in ("start_on", "end_on", "completed_on")
            },
            **figures,
            "ramp": words(records, "ramp", RAMPS, optional=True),
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("action"),
        },
    )
    return {"actions": columns}


def _within(records: Records, name: str, figures: np.ndarray[Any, Any], most: float) -> None:
    """Set aside the rows whose figure cannot be true, from nought to `most`."""
    for index in np.flatnonzero((figures < 0) | (figures > most)):
        wanted = "0 or more" if np.isinf(most) else f"from 0 to {most:g}"
        message = f"{figures[index]:.10g} cannot be; {name} is {wanted}"
        records.tell("cell.out-of-range", message, name, int(index), "error")


def obstacles(records: Records, context: Context) -> Tables:
    """Return ``obstacles``: the weekly log of problems, and how far each was escalated."""
    columns = Columns(
        len(records),
        {
            "obstacle_id": texts(records, "obstacle", required=True),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            "indicator_id": optional_names(records, context, "indicator"),
            "text": texts(records, "text"),
            "owner": texts(records, "owner"),
            "level": words(records, "level", LEVELS),
            "raised_on": days(records, context, "raised_on"),
            "resolved_on": days(records, context, "resolved_on"),
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("obstacle"),
        },
    )
    return {"obstacles": columns}


def challenges(records: Records, context: Context) -> Tables:
    """Return ``challenges``: results and guard-rails, by the day of the challenge.

    A date before the start counts too: its day is below 1, and says where it stood.
    """
    known = context.registry.challenges
    challenge = keys(records, context, "challenge")
    on = days(records, context, "on", required=True)
    measure = optional_names(records, context, "measure")
    value, _ = numbers(records, context, "value", [False] * len(records), required=True)
    day = []
    for index, (name, at, what) in enumerate(zip(challenge, on, measure, strict=True)):
        if not name or np.isnat(at):
            day.append(0)
            continue
        start = np.datetime64(known[name].start_on, "D")
        day.append(int((at.astype("datetime64[D]") - start).astype(int)) + 1)
        if what and what not in {guard.id for guard in known[name].guards}:
            message = f"{name} has no guard-rail '{what}'"
            records.tell("cell.foreign-key", message, "measure", index, "error")
    columns = Columns(
        len(records),
        {
            "challenge_id": challenge,
            "measure": measure,
            "day": day,
            "value": value,
            "sector_id": context.sector_id,
            "source_id": context.source_id,
            "source_cell": records.cells("value"),
        },
    )
    return {"challenges": columns}
