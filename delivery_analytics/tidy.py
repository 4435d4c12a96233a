"""Read the fields of records into the tidy tables: one function a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics import checks, recount
from delivery_analytics.fields import (
    Context,
    days,
    ends,
    flags,
    keys,
    missing_words,
    numbers,
    optional_names,
    period_ids,
    regions,
    texts,
    unit_kind,
    words,
)
from delivery_analytics.parse import is_missing
from delivery_analytics.records import Records

Frames = dict[str, pd.DataFrame]


def read(records: Records, context: Context) -> Frames:
    """Return the tables that the sheet's records make, bad records left out.

    Every record set aside is in ``records.wrong`` and has a problem.
    """
    if not len(records):
        return {}
    records.refuse_damaged_rows()
    checked = context.sheet.recompute
    records.refuse_broken_cells([name for name in records.fields if name not in checked])
    recount.percentages(records, context.sheet)
    frames = TABLES[context.sheet.table](records, context)
    good = [index for index in range(len(records)) if index not in records.wrong]
    return {name: frame.loc[frame.index.intersection(good)] for name, frame in frames.items()}


def observations(records: Records, context: Context) -> Frames:
    """Return ``observations``, and ``targets`` where a column holds the period's target."""
    indicator = keys(records, context, "indicator")
    known = [context.indicators.get(name) if name else None for name in indicator]
    percent = [one is not None and unit_kind(context, one) == "percent" for one in known]
    frame = pd.DataFrame(
        {
            "indicator_id": indicator,
            "region_id": regions(records, context),
            "reported_on": days(records, context, "reported_on", required=True),
        }
    )
    frame["period"] = period_ids(
        records,
        context,
        [one.frequency if one and not context.sheet.mixed_periods else "" for one in known],
    )
    frame["period_end"] = ends(frame["period"])
    value, status = numbers(records, context, "value", percent)
    frame["value"], frame["obs_status"] = value, status
    checks.units(records, context, known)
    checks.sector(records, context)
    checks.future(records, frame)
    checks.plausible(records, known, value)
    frame["source_id"], frame["source_cell"] = context.source_id, records.cells("value")
    frame["key_cell"] = records.cells("indicator")
    frames = {"observations": frame}
    if "target" in records.fields:
        target, _ = numbers(records, context, "target", percent)
        checks.scale(records, value, target, percent)
        frames["targets"] = _interim(records, frame, target)
    return frames


def targets(records: Records, context: Context) -> Frames:
    """Return ``targets``: a baseline, an interim or a final value and the day it is due."""
    indicator = keys(records, context, "indicator")
    known = [context.indicators.get(name) if name else None for name in indicator]
    percent = [one is not None and unit_kind(context, one) == "percent" for one in known]
    value, _ = numbers(records, context, "value", percent, required=True)
    frame = pd.DataFrame(
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
        }
    )
    checks.units(records, context, known)
    return {"targets": frame}


def milestones(records: Records, context: Context) -> Frames:
    """Return ``milestones``."""
    dates = ("due_on", "expected_on", "completed_on")
    frame = pd.DataFrame(
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
        }
    )
    return {"milestones": frame}


def instructions(records: Records, context: Context) -> Frames:
    """Return ``instructions``."""
    extensions, _ = numbers(records, context, "extensions", [False] * len(records))
    frame = pd.DataFrame(
        {
            "instruction_id": texts(records, "instruction", required=True),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            **{name: texts(records, name) for name in ("act", "text", "executor", "state")},
            "control": words(records, "control", CONTROLS),
            "due_on_original": days(records, context, "due_on_original"),
            "due_on": days(records, context, "due_on"),
            "extensions": np.nan_to_num(extensions),
            "removed_on": days(records, context, "removed_on"),
            "illustrative": flags(records, "illustrative"),
            "source_id": context.source_id,
            "source_cell": records.cells("instruction"),
        }
    )
    return {"instructions": frame}


def spending(records: Records, context: Context) -> Frames:
    """Return ``spending``, in whole currency units."""
    plain = [False] * len(records)
    money = {
        name: numbers(records, context, name, plain)[0]
        for name in ("plan", "actual", "commitment")
    }
    line = _lines(records, context)
    period_id = period_ids(records, context, [""] * len(records))
    frame = pd.DataFrame(
        {
            "line_id": line,
            "region_id": regions(records, context),
            "period": period_id,
            "period_end": ends(pd.Series(period_id, dtype=object)),
            "reported_on": days(records, context, "reported_on", required=True),
            "sector_id": context.sector_id,
            "programme_id": optional_names(records, context, "programme"),
            **money,
            "unit": texts(records, "unit", required=True),
            "cumulative": context.sheet.cumulative,
            "source_id": context.source_id,
            "source_cell": records.cells("actual" if "actual" in records.fields else "plan"),
            "plan_cell": records.cells("plan"),
        }
    )
    return {"spending": frame}


def _lines(records: Records, context: Context) -> list[str | None]:
    """Return ``sector.line``, or ``sector.budget.line`` where budgets share their lines."""
    named = texts(records, "line", required=True)
    budgets = texts(records, "budget")
    return [
        ".".join(filter(None, [context.sector_id, budget, line])) if line else None
        for line, budget in zip(named, budgets, strict=True)
    ]


def judgements(records: Records, context: Context) -> Frames:
    """Return ``judgements``."""
    frame = pd.DataFrame(
        {
            "subject_id": texts(records, "subject", required=True),
            "as_of": days(records, context, "reported_on", required=True),
            "assessor": texts(records, "assessor", required=True),
            "dimension": texts(records, "dimension", required=True),
            "rating": texts(records, "rating"),
            "reason": texts(records, "reason"),
            "source_id": context.source_id,
            "source_cell": records.cells("rating"),
        }
    )
    none = missing_words(context.sheet)
    given = [not is_missing(rating, none) for rating in frame["rating"].fillna("")]
    frame["rating"] = frame["rating"].where(pd.Series(given, dtype=bool), "")
    return {"judgements": frame}


TABLES: dict[str, Callable[[Records, Context], Frames]] = {
    function.__name__: function
    for function in (observations, targets, milestones, instructions, spending, judgements)
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


def _interim(
    records: Records, frame: pd.DataFrame, target: np.ndarray[Any, Any]
) -> pd.DataFrame:
    rows = frame[["indicator_id", "region_id", "source_id"]].assign(
        due_on=frame["period_end"],
        set_on=frame["reported_on"],
        kind="interim",
        value=target,
        illustrative=False,
        source_cell=records.cells("target"),
        beside=True,
    )
    kept: pd.DataFrame = rows.loc[~np.isnan(target)]
    return kept
