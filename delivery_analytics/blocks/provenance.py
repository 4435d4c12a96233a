"""One figure followed: to the cell it was sent in, and through every method."""

from delivery_analytics.blocks import common
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

    What a figure was made of follows it, down to the cells.

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
    known = (history.whole or history).registry
    units = rows["indicator_id"].map(lambda key: known.units[known.indicators[key].unit])
    frame = rows.assign(
        figure="",
        shown=[words.value(one, unit) for one, unit in zip(rows["value"], units, strict=True)],
        sha256=rows["sha256"].str[:_LETTERS],
    )
    if "level" in rows:
        what = rows["indicator_id"].map(common.names(known.indicators, words))
        where = rows["region_id"].map(common.names(known.regions, words))
        steps = rows["level"].map("– ".__mul__)
        frame["figure"] = steps + what + ", " + where.fillna(rows["region_id"])
    return table_of("traced", frame, words)
