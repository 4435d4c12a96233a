"""One figure followed: to the cell it was sent in, and through every method."""

from __future__ import annotations

from typing import Any

import pandas as pd

from delivery_analytics.analytics.status import assess
from delivery_analytics.methods import METHODS
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording

_LETTERS = 12  # of a fingerprint: enough to tell two files apart, and to be read out


def traced(
    history: Dataset,
    words: Wording,
    *,
    indicator_id: str,
    region_id: str | None = None,
    period: str | None = None,
) -> Table:
    """Return the file, sheet and cell of each figure, one row a revision, the latest last.

    Parameters
    ----------
    history
        With every revision.
    region_id
        Otherwise the nation.
    period
        Otherwise every one.
    """
    rows = history.trace(indicator_id, region_id, period)
    unit = history.registry.units[history.registry.indicators[indicator_id].unit]
    columns = (
        Column("period", words("Period"), "period"),
        Column("shown", words("Value")),
        Column("reported_on", words("Reported"), "date"),
        Column("path", words("File")),
        Column("source_cell", words("Cell")),
        Column("sha256", words("Fingerprint")),
    )
    return Table(
        words("Where the figure comes from"),
        rows.assign(
            shown=[words.value(one, unit) for one in rows["value"]],
            sha256=rows["sha256"].str[:_LETTERS],
        ),
        columns,
        empty_text=words("Nothing is reported"),
    )


def judged_by_each(data: Dataset, *, indicator_id: str, region_id: str) -> pd.DataFrame:
    """Return how every method judges one indicator in one region, one row a method."""
    one = data.where(indicator_id=indicator_id, region_id=region_id)
    table = pd.concat([assess(one, method=name) for name in METHODS], ignore_index=True)
    rows: pd.DataFrame = table[table["region_id"] == region_id]
    return rows.reset_index(drop=True)


def one_by_method(data: Dataset, words: Wording, *, indicator_id: str, region_id: str) -> Table:
    """Return what every method says of one indicator in one region, and why."""
    rows = judged_by_each(data, indicator_id=indicator_id, region_id=region_id)
    one = data.registry.indicators[indicator_id]
    unit = data.registry.units[one.unit]
    records: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    frame = rows.assign(
        called=[words.method(name) for name in rows["method"]],
        why=[words.reason(row, unit, one.direction) for row in records],
    )
    columns = (
        Column("called", words("Method")),
        Column("period", words("Period"), "period"),
        Column("status", words("Status"), "status"),
        Column("why", words("Why")),
    )
    return Table(
        words("One figure, every method"),
        frame,
        columns,
        empty_text=words("Nothing is reported"),
    )
