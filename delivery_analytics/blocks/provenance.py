"""One figure followed: to the cell it was sent in, and through every method."""

from __future__ import annotations

from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
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
    frame = rows.assign(
        shown=[words.value(one, unit) for one in rows["value"]],
        sha256=rows["sha256"].str[:_LETTERS],
    )
    return table_of("traced", frame, words)
