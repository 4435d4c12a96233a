"""Read what is to be done, and by whom: milestones, instructions, actions, obstacles …"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from delivery_analytics.loading import checks
from delivery_analytics.loading.context import Field
from delivery_analytics.loading.fields import FieldReader, Tables
from delivery_analytics.loading.remarks import Remark, told
from delivery_analytics.loading.units import currencies, other_currency
from delivery_analytics.model import registers
from delivery_analytics.model.schema import LONGEST_ASK, spoken_columns
from delivery_analytics.parsing.parse import ParseError, Reading, clean, is_unfilled
from delivery_analytics.parsing.vocabulary import VOCABULARY

MOST = {"lag_days": math.inf, "ramp_days": math.inf, "coverage": 1.0}


def milestones(read: FieldReader) -> Tables:
    """Return ``milestones``."""
    dates = {name: read.days(name) for name in ("due_on", "expected_on", "completed_on")}
    reported = read.days("reported_on", required=True)
    if read.has("done_or_expected_on"):
        day = read.days("done_or_expected_on")
        is_done = day.values <= reported.values
        for name, holds in (("completed_on", is_done), ("expected_on", ~is_done)):
            own, remarks = dates[name].values, [*dates[name].remarks, *day.remarks]
            filled = np.where(np.isnat(own) & holds, day.values, own)
            dates[name] = replace(day, values=filled, remarks=remarks)
            day = replace(day, remarks=[])
    columns = {
        "milestone_id": read.texts("milestone", required=True),
        "reported_on": reported,
        "indicator_id": read.optional_names("indicator"),
        "programme_id": read.optional_names("programme"),
        **_spoken(read, "title"),
        **_registered(read, "owner"),
        **dates,
    }
    return read.table("milestones", "milestone", columns)


def instructions(read: FieldReader) -> Tables:
    """Return ``instructions``."""
    extensions = read.numbers("extensions")
    dates = ("removed_on", "registered_on", "last_report_on")
    columns = {
        "extensions": replace(extensions, values=np.nan_to_num(extensions.values)),
        "instruction_id": read.texts("instruction", required=True),
        "reported_on": read.days("reported_on", required=True),
        "indicator_id": read.optional_names("indicator"),
        **_registered(read, "act"),
        **_spoken(read, "text"),
        **_registered(read, "executor"),
        "state": read.texts("state"),
        "control": read.coded("control", VOCABULARY["controls"]),
        "due_on_original": read.days("due_on_original"),
        "due_on": read.days("due_on"),
        **{name: read.days(name) for name in dates},
        "region_id": read.regions(),
        **{name: read.numbers(name, optional=True) for name in ("returns", "reopened")},
        "secrecy": read.texts("secrecy"),
    }
    return read.table("instructions", "instruction", columns)


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
        "indicator_id": read.keys("indicator"),
        "region_id": read.regions(),
        **_spoken(read, "title"),
        **_registered(read, "owner"),
        "unit": unit,
        **{name: read.days(name) for name in ("start_on", "end_on", "completed_on")},
        "ramp": read.coded("ramp", VOCABULARY["ramps"], optional=True),
    }
    own = other_currency(read, ["cost"], unit.values)
    return read.table("actions", "action", columns, checks=own)


def obstacles(read: FieldReader) -> Tables:
    """Return ``obstacles``: the weekly log of problems, and how far each was escalated."""
    asked = _spoken(read, "ask")
    columns = {
        "obstacle_id": read.texts("obstacle", required=True),
        "reported_on": read.days("reported_on", required=True),
        "indicator_id": read.optional_names("indicator"),
        **_spoken(read, "text"),
        **asked,
        **_registered(read, "owner"),
        "level": read.coded("level", VOCABULARY["levels"]),
        **{name: read.days(name) for name in ("raised_on", "resolved_on")},
    }
    sent = ((name, field) for name, field in asked.items() if read.has(name))
    long = checks.brief_enough(sent, LONGEST_ASK)
    return read.table("obstacles", "obstacle", columns, checks=long)


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
    }
    foreign = _foreign_guards(read, challenge, on, measure)
    return read.table("challenges", "value", columns, checks=foreign)


def _spoken(read: FieldReader, name: str) -> dict[str, Field]:
    """Read a text in each language it was sent in, and the first of them where it was not."""
    sent = read.texts(name)
    told = {one: read.texts(one) for one in spoken_columns(name) if read.has(one)}
    each = zip(sent.values, *(field.values for field in told.values()), strict=True)
    first = [next(filter(None, texts), "") for texts in each]
    return {name: replace(sent, values=first), **told}


def _registered(read: FieldReader, name: str) -> dict[str, Field]:
    """Read a body or an act as sent, with its id; "" where none is registered so.

    What nearly is a name of one is told, and never taken for it. Of several both are divided
    by ``;``, each name with its own id.
    """
    names, marks = read.context.names[name], read.context.sheet.marks
    divided = {}

    def find(value: Any, _: Any) -> Reading:
        text = clean(value)
        if is_unfilled(text):
            return Reading("")
        try:
            return names.find(text, marks)
        except ParseError:
            each = names.several(value)
            divided[text] = registers.JOINED.join(each) or text
            ids = ";".join(each.values())
            for one in [one for one, key in (each or {text: ""}).items() if not key]:
                if near := names.slip(one):
                    said = told("stays_as_sent", text=one, what=names.what, near=near)
                    return Reading(ids, *said)
            return Reading(ids)

    ids = read.field(name, find, note="note") if names.listed else Field([""] * len(read))
    sent = read.texts(name)
    texts = [divided.get(text, text) for text in sent.values]
    return {name: replace(sent, values=texts), f"{name}_id": ids}


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
            message = told("foreign_guard", challenge=name, guard=guard)
            yield Remark(*message, "measure", index)
