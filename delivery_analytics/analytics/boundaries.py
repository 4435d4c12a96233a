"""Series of regions that were split: where they break, and the former region rebuilt.

Source of the rules: a series never crosses a split silently. It is shown with a break, or
the former region is put together again from its parts, which are added up where the
indicator is a count and weighed where it is a rate.
"""

from typing import Literal

import pandas as pd

from delivery_analytics.analytics.common import frequencies
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import check
from delivery_analytics.model.registry import Registry

Aggregation = Literal["sum", "mean", "none"]
_GROUP = [*SERIES, "period", "period_end"]
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
    values = data.observations.drop_duplicates(_GROUP[:3], keep="last")
    values = values[values["value"].notna()]
    values = values.assign(frequency=frequencies(values["period"]))
    early = values.merge(
        split, left_on="region_id", right_on="new_region_id", validate="many_to_many"
    )
    early = early[early["period_end"] < early["split_on"]]
    cast = pd.MultiIndex.from_frame(early[["indicator_id", "region_id_y", "split_on"]])
    days = split.groupby(["region_id", "split_on"], as_index=False).agg(
        new_regions=("new_region_id", "+".join)
    )
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


def rebuilt_parent(
    observations: pd.DataFrame,
    registry: Registry,
    aggregation: Aggregation | None = None,
    *,
    weighted_by: str = "",
) -> pd.DataFrame:
    """Return regions that were split within their former borders.

    Parameters
    ----------
    observations
        As known on a day: one row per indicator, region and period.
    aggregation
        How the parts make the whole; by default as each indicator defines it.
    weighted_by
        The indicator whose values weigh those of the parts, such as the population, for
        what is aggregated by ``mean``.

    Returns
    -------
    DataFrame
        One row per indicator, region that was split and period: ``indicator_id,
        region_id, period, period_end``; ``parts``, the regions it takes, joined by ``+``;
        ``value``, in the indicator's unit, and where it is missing the ``reason``:
        ``part_missing``, ``no_weights``, ``weight_missing`` or ``not_additive``, else
        empty; ``weighted_by``. Sorted by the key.

    Raises
    ------
    DefinitionError
        If there is no indicator `weighted_by`.

    Notes
    -----
    A new region is a part from the day of the split on, and before it where it has a value
    for the period: then the old region's value is one within the new borders too. A period
    that ends after the day needs every part; a mean of rates without weights is never made.
    """
    check("indicator", weighted_by or None, registry.indicators)
    rows = _parts(observations, registry)
    weights = observations[observations["indicator_id"] == weighted_by]
    weights = weights.rename(columns={"region_id": "part_id", "value": "weight"})
    rows = rows.merge(
        weights[["part_id", "period", "weight"]],
        on=["part_id", "period"],
        how="left",
        validate="many_to_one",
    )
    rows = rows.assign(weighed=rows["value"] * rows["weight"])
    table = rows.groupby(_GROUP, as_index=False).agg(
        parts=("part_id", "+".join),
        size=("part_id", "size"),
        given=("value", "count"),
        total=("value", "sum"),
        weights=("weight", "sum"),
        weighed=("weighed", "sum"),
        weighable=("weighed", "count"),
    )
    kinds = {name: one.over_regions for name, one in registry.indicators.items()}
    how = table["indicator_id"].map(kinds).astype("str")
    if aggregation:
        how = pd.Series(aggregation, index=table.index, dtype="str")
    rate, alone = how == "mean", table["size"] == 1
    reason = pd.Series("", index=table.index, dtype="str")
    reason = reason.mask((how == "none") & ~alone, "not_additive")
    if not weighted_by:
        reason = reason.mask(rate & ~alone, "no_weights")
    weighable = (table["weighable"] == table["size"]) & (table["weights"] > 0)
    reason = reason.mask(rate & ~alone & ~weighable & (reason == ""), "weight_missing")
    reason = reason.mask(table["given"] < table["size"], "part_missing")
    value = table["total"].mask(rate & ~alone, table["weighed"] / table["weights"])
    used = pd.Series(weighted_by, index=table.index, dtype="str").where(rate & ~alone, "")
    table = table.assign(value=value.where(reason == ""), reason=reason, weighted_by=used)
    return table[[*_GROUP, "parts", "value", "reason", "weighted_by"]]


def _parts(observations: pd.DataFrame, registry: Registry) -> pd.DataFrame:
    """Return what makes each former region in each period, one row a part.

    The region itself first; a part that ought to be there and is not has no value.
    """
    split = families(registry)
    own = split.drop_duplicates("region_id").drop(columns="split_on")
    own = own.assign(new_region_id=own["region_id"])
    family = pd.concat([own, split.sort_values("new_region_id")], ignore_index=True)
    family = family.rename(columns={"new_region_id": "part_id"})
    family = family.assign(order=range(len(family)))
    values = observations[observations["indicator_id"].isin(list(registry.indicators))]
    values = values[[*_GROUP, "value"]]
    values = values.rename(columns={"region_id": "part_id"})
    reported = values.merge(family[["region_id", "part_id"]], on="part_id")
    spans = reported[_GROUP].drop_duplicates()
    wanted = spans.merge(family, on="region_id")
    rows = wanted.merge(
        values,
        on=["indicator_id", "part_id", "period", "period_end"],
        how="left",
        validate="many_to_one",
    )
    due = rows["split_on"].isna() | (rows["split_on"] <= rows["period_end"])
    rows = rows[due | rows["value"].notna()]
    return rows.sort_values([*_GROUP, "order"], ignore_index=True)
