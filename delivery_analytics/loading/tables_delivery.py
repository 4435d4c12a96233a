"""Read what teams do between returns: planned actions, obstacles, hundred-day results."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from delivery_analytics.loading import checks
from delivery_analytics.loading.context import Field
from delivery_analytics.loading.fields import FieldReader, Tables
from delivery_analytics.loading.remarks import Remark
from delivery_analytics.loading.units import currencies, other_currency
from delivery_analytics.parsing.vocabulary import VOCABULARY

MOST = {"lag_days": math.inf, "ramp_days": math.inf, "coverage": 1.0}


def actions(read: FieldReader) -> Tables:
    """Return ``actions``: who does what, by when, at what cost, and to what effect."""
    unit, units = currencies(read)
    figures = {name: read.numbers(name, optional=True) for name in ("effect", *MOST)}
    figures["cost"] = read.numbers("cost", optional=True, factors=units.factors)
    for name, most in MOST.items():
        outside = checks.within(figures[name], name, most)
        figures[name] = replace(figures[name], remarks=[*figures[name].remarks, *outside])
    columns = {
        **figures,
        "action_id": read.texts("action", required=True),
        "reported_on": read.days("reported_on", required=True),
        "sector_id": read.context.sector_id,
        "indicator_id": read.keys("indicator"),
        "region_id": read.regions(),
        **{name: read.texts(name) for name in ("title", "owner")},
        "unit": unit,
        **{name: read.days(name) for name in ("start_on", "end_on", "completed_on")},
        "ramp": read.coded("ramp", VOCABULARY["ramps"], optional=True),
        "illustrative": read.flags("illustrative"),
    }
    own = other_currency(read, ["cost"], unit.values)
    return read.table("actions", "action", columns, checks=own)


def obstacles(read: FieldReader) -> Tables:
    """Return ``obstacles``: the weekly log of problems, and how far each was escalated."""
    columns = {
        "obstacle_id": read.texts("obstacle", required=True),
        "reported_on": read.days("reported_on", required=True),
        "sector_id": read.context.sector_id,
        "indicator_id": read.optional_names("indicator"),
        **{name: read.texts(name) for name in ("text", "owner")},
        "level": read.coded("level", VOCABULARY["levels"]),
        **{name: read.days(name) for name in ("raised_on", "resolved_on")},
        "illustrative": read.flags("illustrative"),
    }
    return read.table("obstacles", "obstacle", columns)


def challenges(read: FieldReader) -> Tables:
    """Return ``challenges``: results and guard-rails, by the day of the challenge.

    A date before the start counts too: its day is below 1, and says where it stood.
    """
    challenge = read.keys("challenge")
    on = read.days("on", required=True)
    measure = read.optional_names("measure")
    columns = {
        "challenge_id": challenge,
        "day": replace(on, values=_days_of(read, challenge, on)),
        "measure": measure,
        "value": read.numbers("value", required=True),
        "sector_id": read.context.sector_id,
    }
    foreign = _foreign_guards(read, challenge, on, measure)
    return read.table("challenges", "value", columns, checks=foreign)


def _days_of(read: FieldReader, challenge: Field, on: Field) -> list[int]:
    """Count the days of each challenge from 1; 0 where it, or the date, is not known."""
    starts = {
        name: np.datetime64(known.start_on, "D")
        for name, known in read.context.registry.challenges.items()
    }
    days = on.values.astype("datetime64[D]")
    return [
        0 if not name or np.isnat(day) else int((day - starts[name]).astype(int)) + 1
        for name, day in zip(challenge.values, days, strict=True)
    ]


def _foreign_guards(
    read: FieldReader, challenge: Field, on: Field, measure: Field
) -> Iterator[Remark]:
    """Refuse the guard-rails of another challenge."""
    known = read.context.registry.challenges
    rows = zip(challenge.values, on.values, measure.values, strict=True)
    for index, (name, at, guard) in enumerate(rows):
        if not name or np.isnat(at) or not guard:
            continue
        if guard not in {own.id for own in known[name].guards}:
            message = f"{name} has no guard-rail '{guard}'"
            yield Remark("cell.foreign-key", message, "measure", index)
