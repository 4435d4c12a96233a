"""What is promised against what is done about it: moved targets, milestones done in vain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.analytics.instructions import public
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model.dataset import Dataset

COLUMNS = (
    *("rule", "severity", "subject_id", "region_id", "period", "value", "compared_with"),
    *("source_id", "source_cell", "text"),
)


def moved_targets(data: Dataset) -> pd.DataFrame:
    """Find promises whose value or day was changed; with the value before.

    The period is the day due. A final target moved to another day is found even if its
    value stayed. Needs every revision of `data`.
    """
    rows = data.targets.rename(columns={"indicator_id": "subject_id"})
    rows = rows.assign(period=rows["due_on"].dt.strftime("%Y-%m-%d").astype("str"))
    promise = rows["period"].where(rows["kind"] != "final", "final")
    rows = rows.assign(promise=promise).sort_values(
        ["subject_id", "region_id", "promise", "set_on", "due_on"], kind="stable"
    )
    series = ["subject_id", "region_id", "promise"]
    before = rows.groupby(series)[["value", "due_on", "set_on"]].shift()
    later = rows["set_on"] > before["set_on"]
    changed = (rows["value"] != before["value"]) | (rows["due_on"] != before["due_on"])
    return found_rows(rows[later & changed], "target.moved", "warning", before["value"])


def done_in_vain(data: Dataset) -> pd.DataFrame:
    """Find milestones done while their indicator never had a figure; period: that day."""
    rows = data.milestones.drop_duplicates("milestone_id", keep="last")
    seen = data.observations.loc[data.observations["value"].notna(), "indicator_id"]
    vain = (rows["indicator_id"] != "") & ~rows["indicator_id"].isin(seen)
    rows = rows[vain & rows["completed_on"].notna()]
    return _linked(rows, "milestone.no_figure", rows["completed_on"], data.registry.country_id)


def moved_under_instruction(data: Dataset) -> pd.DataFrame:
    """Find open instructions whose indicator's target was moved while they were in control.

    With the target now and before; the period is its day. Restricted instructions are left
    out. Needs every revision of `data`.
    """
    nation = data.registry.country_id
    rows = public(data.instructions.drop_duplicates("instruction_id", keep="last"))
    rows = rows[rows["removed_on"].isna() & (rows["indicator_id"] != "")]
    rows = rows.assign(region_id=rows["region_id"].where(rows["region_id"] != "", nation))
    moved = moved_targets(data).rename(columns={"subject_id": "indicator_id"})
    moved = moved.merge(
        data.targets[[*SERIES, "set_on", "source_id", "source_cell"]].drop_duplicates(),
        on=["indicator_id", "region_id", "source_id", "source_cell"],
        validate="many_to_many",
    )
    moved = moved.sort_values("set_on").drop_duplicates(SERIES, keep="last")
    keep = [*SERIES, "set_on", "period", "value", "compared_with"]
    rows = rows.merge(moved[keep], on=SERIES, validate="many_to_one")
    rows = rows[~(rows["set_on"] < rows["registered_on"])]
    return _linked(rows, "instruction.target_moved", rows["period"], nation)


def _linked(rows: pd.DataFrame, rule: str, on: pd.Series, nation: str) -> pd.DataFrame:
    """Return findings on what names its indicator, with what `_found` needs."""
    day = on.dt.strftime("%Y-%m-%d") if on.dtype.kind == "M" else on
    none: dict[str, Any] = {"region_id": nation, "value": np.nan, "compared_with": np.nan}
    none = {name: value for name, value in none.items() if name not in rows}
    rows = rows.assign(subject_id=rows["indicator_id"], period=day.astype("str"), **none)
    return found_rows(rows, rule, "warning", rows["compared_with"])


def found_rows(
    rows: pd.DataFrame, rule: str, severity: str, compared_with: pd.Series[float]
) -> pd.DataFrame:
    """Return rows as findings of a rule; see `quality.findings`."""
    text, known = rows.get("text", ""), compared_with.reindex(rows.index)
    found = rows.assign(text=text, rule=rule, severity=severity, compared_with=known)
    return found[list(COLUMNS)]
