"""Series of regions that were split: where they break.

Source of the rule: a series never crosses a split silently. It is shown with a break.
"""

import pandas as pd

from delivery_analytics.analytics.common import frequencies
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry

_BREAK = [*SERIES, "split_on", "frequency"]


def families(registry: Registry) -> pd.DataFrame:
    """Return every region that was split, one row per region that came out of it.

    Columns ``region_id``, the one that was split, ``new_region_id`` and ``split_on``.
    """
    rows = [
        (region.split_from, region.id, region.valid_from)
        for region in registry.regions.values()
        if region.split_from and region.valid_from
    ]
    table = pd.DataFrame(rows, columns=["region_id", "new_region_id", "split_on"])
    table = table.astype({"region_id": "str", "new_region_id": "str"})
    return table.assign(split_on=pd.to_datetime(table["split_on"]).astype("datetime64[us]"))


def breaks(data: Dataset) -> pd.DataFrame:
    """Return the series that run across a change of their region's borders.

    Returns
    -------
    DataFrame
        One row per indicator, region that was split, day of the split and frequency, for
        series with a value on both sides: ``indicator_id, region_id, split_on,
        frequency``; ``new_regions``, what came out of it, joined by ``+``;
        ``period_before`` and ``value_before``, the last within the old borders, and
        ``period`` and ``value``, the first that ends on or after the day; ``recast``, true
        where a new region has values from before its day, so the sender seems to have
        worked the series out again within the new borders; ``source_id`` and
        ``source_cell`` of the first value after. Sorted by the key.
    """
    split = families(data.registry)
    values = data.observations.drop_duplicates([*SERIES, "period"], keep="last")
    values = values[values["value"].notna()]
    values = values.assign(frequency=frequencies(values["period"]))
    early = values.merge(
        split, left_on="region_id", right_on="new_region_id", validate="many_to_many"
    )
    early = early[early["period_end"] < early["split_on"]]
    cast = pd.MultiIndex.from_frame(early[["indicator_id", "region_id_y", "split_on"]])
    splits = split.groupby(["region_id", "split_on"], as_index=False)
    days = splits.agg(new_regions=("new_region_id", "+".join))
    rows = values.merge(days, on="region_id", validate="many_to_many")
    rows = rows.sort_values([*_BREAK, "period_end"], kind="stable")
    after = rows["period_end"] >= rows["split_on"]
    last = rows[~after].drop_duplicates(_BREAK, keep="last")[[*_BREAK, "period", "value"]]
    first = rows[after].drop_duplicates(_BREAK, keep="first")
    table = first.merge(last, on=_BREAK, suffixes=("", "_before"), validate="one_to_one")
    recast = pd.MultiIndex.from_frame(table[[*SERIES, "split_on"]])
    columns = ["period_before", "value_before", "period", "value", "recast"]
    table = table.assign(recast=recast.isin(cast))
    return table[[*_BREAK, "new_regions", *columns, "source_id", "source_cell"]]
