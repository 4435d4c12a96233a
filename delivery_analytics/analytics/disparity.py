"""How far regions lie apart, and their order with the noise of their figures beside it.

A place in a ranking is a comparison with every other region. Where a region's figure moves
by more from year to year than regions lie apart, its place says little, so none is given
without the places that its noise allows, as far as its history tells the noise.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from delivery_analytics.analytics.challenges import student80
from delivery_analytics.analytics.common import yearly_changes
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES, WAYS, ranked_places
from delivery_analytics.model import periods

FEWEST = 4  # changes from year to year, and of these so many different ones as follows
_FEWEST_DIFFERENT = 3
_CELL = ["indicator_id", "period"]


def spread(
    observations: pd.DataFrame, *, country_id: str, weight: str | None = None
) -> pd.DataFrame:
    """Return how far the regions lie apart in each period.

    Parameters
    ----------
    observations
        As known on a day: ``indicator_id, region_id, period, value``, and the column
        `weight`, such as the population, for weighted measures.
    country_id
        Whose rows are no region's.
    weight
        By default every region weighs the same.

    Returns
    -------
    DataFrame
        One row per indicator and period, sorted by both: ``regions``, those with a value,
        and ``regions_missing``, those that have one in another period only; ``mean``
        (weighted), ``lowest, highest`` with ``lowest_region, highest_region``, the first by
        id of equal ones; ``range``, in the indicator's unit; ``ratio``, highest by lowest,
        missing unless both are above zero; ``variation``, the coefficient of variation
        (standard deviation of all regions by the mean, weighted), missing where a value is
        below zero or the mean is not above it; ``weighted``. All are missing of fewer than
        two regions, and the weighted ones where a region with a value has no weight.

    Raises
    ------
    DefinitionError
        If a region has two values for a period.

    Notes
    -----
    Weighted by population the coefficient of variation is Williamson's index.
    """
    rows = _regions(observations, country_id)
    weights = rows[weight].where(rows[weight] >= 0) if weight else pd.Series(1.0, rows.index)
    rows = rows.assign(weight=weights)
    rows = rows.sort_values([*_CELL, "value", "region_id"], ignore_index=True)
    rows = rows.assign(total=rows["value"] * rows["weight"])
    groups = rows.groupby(_CELL)
    weighed = groups["weight"].transform("sum")
    mean = groups["total"].transform("sum") / weighed.where(weighed > 0)
    squares = rows["weight"] * (rows["value"] - mean) ** 2 / weighed
    rows = rows.assign(mean=mean, squares=squares)
    table = rows.groupby(_CELL).agg(
        regions=("value", "size"),
        weights=("weight", "count"),
        mean=("mean", "first"),
        variance=("squares", "sum"),
        lowest=("value", "first"),
        lowest_region=("region_id", "first"),
        highest=("value", "last"),
    )
    top = rows.sort_values([*_CELL, "value", "region_id"], ascending=[True, True, False, True])
    highest = top.drop_duplicates(_CELL).set_index(_CELL)["region_id"]
    table = table.assign(highest_region=highest)
    return _apart(table, rows, weighted=weight is not None)


def _apart(table: pd.DataFrame, rows: pd.DataFrame, *, weighted: bool) -> pd.DataFrame:
    """Return the measures, missing where they would say nothing or something wrong."""
    enough = table["regions"] >= 2
    whole = enough & (table["weights"] == table["regions"])
    low, high = table["lowest"].where(enough), table["highest"].where(enough)
    mean = table["mean"].where(whole)
    sensible = (mean > 0) & (low >= 0)
    ever = rows.groupby("indicator_id")["region_id"].nunique()
    indicator = table.index.get_level_values("indicator_id")
    table = table.assign(
        regions_missing=ever.reindex(indicator).to_numpy() - table["regions"],
        mean=mean,
        lowest=low,
        highest=high,
        lowest_region=table["lowest_region"].where(enough, ""),
        highest_region=table["highest_region"].where(enough, ""),
        range=high - low,
        ratio=high / low.where(low > 0),
        variation=np.sqrt(table["variance"]) / mean.where(sensible),
        weighted=weighted,
    )
    names = ["regions", "regions_missing", "mean", "lowest", "lowest_region", "highest"]
    names += ["highest_region", "range", "ratio", "variation", "weighted"]
    return table[names].reset_index()


def noise(observations: pd.DataFrame, *, country_id: str) -> pd.DataFrame:
    """Return how much each region's figure moves from year to year beside its own trend.

    Parameters
    ----------
    observations
        As for `spread`. Years are compared with years, and a quarter or a month with the
        same one of the year before; ``breaks_before``, true where a figure cannot be
        compared with the one before it, such as after a change of borders.

    Returns
    -------
    DataFrame
        One row per indicator, region and ``part`` of the year (empty for years, else
        ``Q4`` or ``06``): ``changes``, how many there are from one year to the next;
        ``spread``, the standard deviation of one figure about the region's straight line,
        in the indicator's unit; ``half``, half of an 80 % interval. Both are missing of
        fewer than `FEWEST` changes, or fewer than three different ones: copied and
        interpolated figures have no noise that could be seen.

    Notes
    -----
    The changes about their mean, divided by the root of two: independent errors about a
    line make changes of twice their variance. Student's t has one degree of freedom less
    than there are changes. A gap of a year makes no change.
    """
    rows = yearly_changes(_regions(observations, country_id))
    key = [*SERIES, "part"]
    change = rows["change"].where(rows["years"] == 1)
    if "breaks_before" in rows:
        change = change.mask(rows["breaks_before"].astype("bool"))
    # Binary makes equal steps unequal in their last digits.
    rounded = change.round(9)
    changes = rows[key].assign(change=change, rounded=rounded).groupby(key)
    count = changes["change"].count()
    told = (count >= FEWEST) & (changes["rounded"].nunique() >= _FEWEST_DIFFERENT)
    table = pd.DataFrame({"changes": count, "spread": changes["change"].std() / np.sqrt(2)})
    table = table.assign(spread=table["spread"].where(told))
    return table.assign(half=table["spread"] * student80(count - 1)).reset_index()


def ranking(
    observations: pd.DataFrame,
    *,
    country_id: str,
    period: str | Mapping[str, str],
    directions: Mapping[str, str],
    totals: Collection[str],
) -> pd.DataFrame:
    """Return the order of the regions in a period, and the places their noise allows.

    Parameters
    ----------
    observations
        As for `noise`, with the years before; later ones are not looked at.
    period
        The period, or indicator → period. Indicators without one have no row.
    directions
        Indicator → ``increase``, ``decrease`` or ``maintain``. Where neither more nor less
        is better there is no rank.
    totals
        Indicators whose values grow with their region, see `Registry.is_total`: they have
        neither rank nor places.

    Returns
    -------
    DataFrame
        One row per indicator and region with a value, sorted by indicator, rank and
        region: ``indicator_id, region_id, period, value``; ``lower, upper``, an 80 %
        interval by the region's own noise; ``rank``, 1 the best, equal values alike;
        ``rank_best, rank_worst``, the places that cannot be told apart from it: it is
        below every region that is clearly better and above every one that is clearly
        worse; ``regions``, how many; ``noise_known``. Interval and places are missing where
        the region's history does not tell its noise. Against such a region nobody is
        clearly better or worse.

    Raises
    ------
    DefinitionError
        If a region has two values for a period.

    Notes
    -----
    Clearly: further apart than the root of the sum of the squares of both half intervals,
    an 80 % interval of the difference. Nothing is corrected for the number of
    comparisons: ours, see METHODS.md.
    """
    names = observations["indicator_id"]
    named = names.map(period) if isinstance(period, Mapping) else names.map(lambda _: period)
    chosen = named.astype("str")
    past = observations[observations["period"].str[:4] <= chosen.str[:4]]
    now = _regions(observations[observations["period"] == chosen], country_id)
    now = now[[*SERIES, "period", "value"]].assign(part=now["period"].str[5:])
    known = noise(past, country_id=country_id)[[*SERIES, "part", "half"]]
    rows = now.merge(known, on=[*SERIES, "part"], how="left", validate="one_to_one")
    sign = rows["indicator_id"].map(directions).map(WAYS).astype("float64")
    better = (sign * rows["value"]).mask(rows["indicator_id"].isin(list(totals)))
    rows = rows.assign(better=better)
    groups = rows.groupby("indicator_id")["better"]
    rows = rows.assign(
        lower=rows["value"] - rows["half"],
        upper=rows["value"] + rows["half"],
        rank=groups.transform(ranked_places),
        regions=groups.transform("size").astype("int64"),
        noise_known=rows["half"].notna(),
    )
    rows = rows.merge(_places(rows), on=SERIES, how="left", validate="one_to_one")
    columns = [*SERIES, "period", "value", "lower", "upper", "rank", "rank_best"]
    columns += ["rank_worst", "regions", "noise_known"]
    return rows.sort_values(["indicator_id", "rank", "region_id"], ignore_index=True)[columns]


def _places(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the best and the worst place of each region that is not clearly another's."""
    one = rows[[*SERIES, "better", "half", "regions"]]
    pairs = one.merge(one, on="indicator_id", suffixes=("", "_other"), validate="many_to_many")
    apart = pairs["better_other"] - pairs["better"]
    clear = np.sqrt(pairs["half"] ** 2 + pairs["half_other"] ** 2)
    pairs = pairs.assign(above=apart > clear, below=-apart > clear)
    sums = pairs.groupby(SERIES, as_index=False)[["above", "below"]].sum()
    table = one.merge(sums, on=SERIES, validate="one_to_one")
    told = table["half"].notna() & table["better"].notna()
    return table[SERIES].assign(
        rank_best=(1 + table["above"]).where(told).astype("float64"),
        rank_worst=(table["regions"] - table["below"]).where(told).astype("float64"),
    )


def _regions(observations: pd.DataFrame, country_id: str) -> pd.DataFrame:
    """Return the regions' rows that have a value."""
    region = observations["region_id"] != country_id
    rows: pd.DataFrame = observations[region & np.isfinite(observations["value"])]
    rows = rows.reset_index(drop=True)
    twice = rows.duplicated([*SERIES, "period"])
    if twice.any():
        first = rows[twice].iloc[0]
        raise DefinitionError(
            f"{first['indicator_id']} has two values of {first['region_id']} for "
            f"{first['period']}. Choose a day first, such as data.known_on('2024-12-31')"
        )
    odd = [name for name in rows["period"].unique() if not periods.is_period(name)]
    if odd:
        raise DefinitionError(f"'{odd[0]}' is not a reporting period")
    return rows
