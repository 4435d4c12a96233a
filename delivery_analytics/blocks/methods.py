"""The same indicators judged by every method, with why the methods disagree."""

from collections.abc import Mapping

import pandas as pd

from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks import common
from delivery_analytics.methods import METHODS
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording

_LEVEL = ("kz_plan_execution", "pemandu_1", "pemandu_2", "pemandu_3")
_CHANGE = ("share_of_planned_change", "pmdu")
_RANK = {"achieved": 2, "on_track": 2, "at_risk": 1, "off_track": 0}


def by_method(data: Dataset) -> pd.DataFrame:
    """Return the nation's indicators with the status that each method gives.

    Returns
    -------
    DataFrame
        One row per indicator: ``indicator_id, period, value``, a column of statuses for
        each of `METHODS`, ``source_id, source_cell``.
    """
    nation = data.registry.country_id
    table = pd.DataFrame()
    for name in METHODS:
        rows = assess(data, method=name)
        rows = rows[rows["region_id"] == nation].set_index("indicator_id")
        if table.empty:
            table = rows[["period", "value", "source_id", "source_cell"]]
        table = table.assign(**{name: rows["status"]})
    return table.reset_index()


def side_by_side(data: Dataset, words: Wording) -> Table:
    """Return every indicator with its status by each method, and why they disagree."""
    table = by_method(data)
    statuses = table[list(METHODS)].to_dict("records")
    why = [_explained({str(k): str(v) for k, v in row.items()}, words) for row in statuses]
    return common.table("side_by_side", table.assign(why=why), data, words)


def method_counts(data: Dataset, words: Wording) -> Table:
    """Return how many of the nation's indicators have which status by each method."""
    table = by_method(data)
    counts = [table[name].value_counts().reindex(STATUSES, fill_value=0) for name in METHODS]
    frame = pd.DataFrame(counts).reset_index(drop=True)
    frame.insert(0, "method", [words.code("method", name) for name in METHODS])
    return table_of("method_counts", frame, words)


def _explained(statuses: Mapping[str, str], words: Wording) -> str:
    """Return in a sentence or two why the methods disagree on an indicator."""
    rank = {name: _RANK[one] for name, one in statuses.items() if one in _RANK}
    if not rank:
        return words("No method applies.")
    if len(set(rank.values())) == 1:
        return words("All methods that apply agree.")
    level = [rank[name] for name in _LEVEL if name in rank]
    change = [rank[name] for name in _CHANGE if name in rank]
    why = {
        "level_or_change": level and change and set(level) != set(change),
        "levels": len(set(level)) > 1,
        "changes": len(set(change)) > 1,
        "growth": "open_sdg" in rank and change and rank["open_sdg"] not in change,
    }
    said = [words.code("methods_differ", code) for code, holds in why.items() if holds]
    return " ".join(said) or words.code("methods_differ", "thresholds")


def assessed_by_each(data: Dataset, *, indicator_id: str, region_id: str) -> pd.DataFrame:
    """Return how every method judges one indicator in one region, one row a method."""
    one = data.where(indicator_id=indicator_id, region_id=region_id)
    table = pd.concat([assess(one, method=name) for name in METHODS], ignore_index=True)
    rows: pd.DataFrame = table[table["region_id"] == region_id]
    return rows.reset_index(drop=True)


def one_by_method(data: Dataset, words: Wording, *, indicator_id: str, region_id: str) -> Table:
    """Return what every method says of one indicator in one region, and why."""
    rows = assessed_by_each(data, indicator_id=indicator_id, region_id=region_id)
    frame = rows.assign(
        called=[words.code("method", name) for name in rows["method"]],
        why=common.reasons(data, rows, words),
    )
    return table_of("one_by_method", frame, words)
