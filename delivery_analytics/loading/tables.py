"""Read the fields of records into the tidy tables: one function a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from delivery_analytics.loading import checks, recompute, tables_delivery
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.fields import (
    Context,
    days,
    ends,
    flags,
    in_percent,
    keys,
    missing_words,
    numbers,
    optional_names,
    period_ids,
    regions,
    texts,
    words,
)
from delivery_analytics.loading.parse import is_missing
from delivery_analytics.loading.records import Records

Tables = dict[str, Columns]


def read(records: Records, context: Context) -> Tables:
    """Return the tables that the sheet's records make, bad records left out.

    Every record set aside is in ``records.wrong`` and has a problem.
    """
    if not len(records):
        return {}
    records.refuse_damaged_rows()
    checked = context.sheet.recompute
    records.refuse_broken_cells([name for name in records.fields if name not in checked])
    recompute.percentages(records, context.sheet)
    tables = TABLES[context.sheet.table](records, context)
    good: Sequence[int] = range(len(records))
    if records.wrong:
        good = [index for index in good if index not in records.wrong]
    beside = tables.get("targets") if "observations" in tables else None
    kept = {name: columns.take(good) for name, columns in tables.items()}
    if beside is not None:
        given = [index for index in good if not np.isnan(beside["value"][index])]
        kept["targets"] = beside.take(given)  # a blank one is none
    return kept


def observations(records: Records, context: Context) -> Tables:
    """Return ``observations``, and ``targets`` where a column holds the period's target."""
    indicator = keys(records, context, "indicator")
    known = [context.indicators.get(name) if name else None for name in indicator]
    percent = in_percent(context, known)
    region, reported = (
        regions(records, context),
        days(records, context, "reported_on", required=True),
    )
    period = period_ids(
        records,
        context,
        [one.frequency if one and not context.sheet.mixed_periods else "" for one in known],
    )
    value, status = numbers(records, context, "value", percent)
    checks.units(records, context, known)
    checks.sector(records, context)
    checks.future(records, period, reported)
    checks.plausible(records, known, value)
    tables = {
        "observations": Columns(
            len(records),
            {
                "indicator_id": indicator,
                "region_id": region,
                "reported_on": reported,
                "period": period,
                "period_end": ends(period),
                "value": value,
                "obs_status": status,
                "source_id": context.source_id,
                "source_cell": records.cells("value"),
                "key_cell": records.cells("indicator"),
            },
        )
    }
    if "target" in records.fields:
        target, _ = numbers(records, context, "target", percent)
        checks.scale(records, value, target, percent)
        tables["targets"] = _interim(records, tables["observations"], target)
    return tables


def targets(records: Records, context: Context) -> Tables:
    """Return ``targets``: a baseline, an interim or a final value and the day it is due."""
    indicator = keys(records, context, "indicator")
    known = [context.indicators.get(name) if name else None for name in indicator]
    percent = in_percent(context, known)
    value, _ = numbers(records, context, "value", percent, required=True)
    columns = Columns(
        len(records),
        {
            "indicator_id": indicator,
            "region_id": regions(records, context),
            "due_on": days(records, context, "due_on", required=True),
            "set_on": days(records, context, "set_on", required=True),
            "kind": words(records, "kind", KINDS),
            "value": value,
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("value"),
        },
    )
    checks.units(records, context, known)
    return {"targets": columns}


def milestones(records: Records, context: Context) -> Tables:
    """Return ``milestones``."""
    dates = ("due_on", "expected_on", "completed_on")
    columns = Columns(
        len(records),
        {
            "milestone_id": texts(records, "milestone", required=True),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            "programme_id": optional_names(records, context, "programme"),
            "title": texts(records, "title"),
            "owner": texts(records, "owner"),
            **{name: days(records, context, name) for name in dates},
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("milestone"),
        },
    )
    return {"milestones": columns}


def instructions(records: Records, context: Context) -> Tables:
    """Return ``instructions``."""
    plain = [False] * len(records)
    extensions, _ = numbers(records, context, "extensions", plain)
    columns = Columns(
        len(records),
        {
            "instruction_id": texts(records, "instruction", required=True),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            **{name: texts(records, name) for name in ("act", "text", "executor", "state")},
            "control": words(records, "control", CONTROLS),
            "due_on_original": days(records, context, "due_on_original"),
            "due_on": days(records, context, "due_on"),
            "extensions": np.nan_to_num(extensions),
            **{
                name: days(records, context, name)
                for name in ("removed_on", "registered_on", "last_report_on")
            },
            "region_id": regions(records, context),
            **{
                name: numbers(records, context, name, plain, optional=True)[0]
                for name in ("returns", "reopened")
            },
            "secrecy": texts(records, "secrecy"),
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("instruction"),
        },
    )
    return {"instructions": columns}


def spending(records: Records, context: Context) -> Tables:
    """Return ``spending``, in whole currency units."""
    plain = [False] * len(records)
    money = {
        name: numbers(records, context, name, plain)[0]
        for name in ("plan", "actual", "commitment")
    }
    line = _lines(records, context)
    period_id = period_ids(records, context, [""] * len(records))
    columns = Columns(
        len(records),
        {
            "line_id": line,
            "region_id": regions(records, context),
            "period": period_id,
            "period_end": ends(period_id),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            "programme_id": optional_names(records, context, "programme"),
            **money,
            "unit": texts(records, "unit", required=True),
            "cumulative": context.sheet.cumulative,
            "source_id": context.source_id,
            "source_cell": records.cells("actual" if "actual" in records.fields else "plan"),
            "plan_cell": records.cells("plan"),
        },
    )
    return {"spending": columns}


def _lines(records: Records, context: Context) -> list[str | None]:
    """Return ``sector.line``, or ``sector.budget.line`` where budgets share their lines."""
    named = texts(records, "line", required=True)
    budgets = texts(records, "budget")
    return [
        ".".join(filter(None, [context.sector_id, budget, line])) if line else None
        for line, budget in zip(named, budgets, strict=True)
    ]


def judgements(records: Records, context: Context) -> Tables:
    """Return ``judgements``."""
    none = missing_words(context.sheet)
    ratings = texts(records, "rating")
    columns = Columns(
        len(records),
        {
            "subject_id": texts(records, "subject", required=True),
            "as_of": days(records, context, "reported_on", required=True),
            "assessor": texts(records, "assessor", required=True),
            "dimension": texts(records, "dimension", required=True),
            "rating": ["" if is_missing(one or "", none) else one for one in ratings],
            "reason": texts(records, "reason"),
            "moderated_rating": texts(records, "moderated_rating"),
            "moderator": texts(records, "moderator"),
            "sector_id": context.sector_id,
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("rating"),
        },
    )
    return {"judgements": columns}


TABLES: dict[str, Callable[[Records, Context], Tables]] = {
    function.__name__: function
    for function in (
        *(observations, targets, milestones, instructions, spending, judgements),
        *(tables_delivery.actions, tables_delivery.obstacles, tables_delivery.challenges),
    )
}

KINDS = {
    "baseline": "baseline базовое базовый база базалық",
    "interim": "interim промежуточное промежуточный план plan аралық жоспар",
    "final": "final target итоговое конечное целевое цель нысаналы соңғы",
}
CONTROLS = {
    "special": "special особый особом ерекше",
    "ordinary": "ordinary обычный обычном контроль бақылау қалыпты",
}


def _interim(records: Records, observed: Columns, target: np.ndarray[Any, Any]) -> Columns:
    """Return the targets beside the figures; a blank one is none, and sets nothing aside."""
    return Columns(
        len(records),
        {
            "indicator_id": observed["indicator_id"],
            "region_id": observed["region_id"],
            "source_id": observed.held["source_id"],
            "due_on": observed["period_end"],
            "set_on": observed["reported_on"],
            "kind": "interim",
            "value": target,
            "illustrative": False,
            "source_cell": records.cells("target"),
            "beside": True,
        },
    )
