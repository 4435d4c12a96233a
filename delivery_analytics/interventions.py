"""A path built from planned actions, as the UK's PMDU asked for: what each adds, and when."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

Shape = Literal["straight", "constant_growth", "back_loaded"]
RAMPS = ("step", "linear", "s_curve")
_KEY = ["indicator_id", "region_id"]
_SIGNS = {"increase": 1.0, "decrease": -1.0}


def effects(interventions: pd.DataFrame, *, on: list[date]) -> pd.DataFrame:
    """Return what each planned action is to have added by each day.

    Parameters
    ----------
    interventions
        One row per action: ``indicator_id, region_id, intervention_id``; ``effect`` at full
        scale in the indicator's unit, above zero for an improvement; ``start_on``,
        ``lag_days`` until it shows at all, ``ramp_days`` until it shows in full, ``ramp``
        of `RAMPS`, and ``coverage``, the share from 0 to 1 of those whom it reaches.
    on
        The days.

    Returns
    -------
    DataFrame
        One row per action and day, sorted by both: the keys, ``on`` and ``added``.
    """
    days = pd.DataFrame({"on": pd.to_datetime(on).astype("datetime64[us]")})
    rows = interventions.merge(days, how="cross")
    since = (rows["on"] - rows["start_on"]).dt.days - rows["lag_days"]
    whole = rows["ramp_days"].where(rows["ramp_days"] > 0)
    part = (since / whole).clip(0, 1).fillna((since >= 0).astype("float64"))
    shape = np.select(
        [rows["ramp"] == "linear", rows["ramp"] == "s_curve"],
        [part, 3 * part**2 - 2 * part**3],
        default=(part >= 1).astype("float64"),
    )
    added = rows["coverage"].clip(0, 1) * rows["effect"] * shape
    table = rows[[*_KEY, "intervention_id", "on"]].assign(added=added)
    return table.sort_values([*_KEY, "intervention_id", "on"], ignore_index=True)


def path(
    interventions: pd.DataFrame, baselines: pd.DataFrame, *, on: list[date]
) -> pd.DataFrame:
    """Return the value planned for each day: the baseline, held, and all that is added to it.

    Parameters
    ----------
    baselines
        ``indicator_id, region_id, value`` and ``direction``, one row per indicator and
        region; without a planned action it stays where it is.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, on, value``. An action of an indicator without a
        baseline has no path.
    """
    days = pd.DataFrame({"on": pd.to_datetime(on).astype("datetime64[us]")})
    rows = baselines[[*_KEY, "value", "direction"]].merge(days, how="cross")
    sums = effects(interventions, on=on).groupby([*_KEY, "on"], as_index=False)["added"].sum()
    rows = rows.merge(sums, on=[*_KEY, "on"], how="left", validate="one_to_one")
    sign = rows["direction"].map(_SIGNS).astype("float64")
    value = rows["value"] + sign * rows["added"].fillna(0.0)
    return rows[[*_KEY, "on"]].assign(value=value).sort_values([*_KEY, "on"], ignore_index=True)


def gap(paths: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each target no planned action covers; nothing is scaled to fit.

    Parameters
    ----------
    paths
        What `path` returned, with the targets' days among them.
    targets
        ``indicator_id, region_id, due_on, value, direction``.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, due_on, planned_value, target_value, not_covered``, in
        the indicator's unit, 0 where all is covered, and ``margin``, what is planned beyond
        the target. Both are missing where there is no path.
    """
    planned = paths.rename(columns={"on": "due_on", "value": "planned_value"})
    wanted = targets.rename(columns={"value": "target_value"})
    rows = wanted.merge(planned, on=[*_KEY, "due_on"], how="left", validate="one_to_one")
    sign = rows["direction"].map(_SIGNS).astype("float64")
    short = sign * (rows["target_value"] - rows["planned_value"])
    columns = [*_KEY, "due_on", "planned_value", "target_value"]
    rows = rows[columns].assign(not_covered=short.clip(lower=0), margin=(-short).clip(lower=0))
    return rows.sort_values([*_KEY, "due_on"], ignore_index=True)


def simple(facts: pd.DataFrame, *, shape: Shape = "straight", power: float = 2.0) -> pd.Series:
    """Return the value of a path without planned actions.

    Parameters
    ----------
    facts
        ``baseline_value, target_value`` and ``elapsed``, the share of the time from 0 to 1.
    shape
        ``straight``; ``constant_growth``, the same per cent a period, which needs a
        baseline and a target of the same sign that are not zero; ``back_loaded``, slow at
        first, by `power` above 1.

    Returns
    -------
    Series
        In the indicator's unit; missing where the shape cannot be.
    """
    base, target = facts["baseline_value"], facts["target_value"]
    elapsed = facts["elapsed"].clip(0, 1)
    if shape == "constant_growth":
        ratio = (target / base.where(base != 0)).where(lambda one: one > 0)
        grown: pd.Series = base * ratio**elapsed
        return grown.where(ratio.notna())
    share = elapsed**power if shape == "back_loaded" else elapsed
    return base + (target - base) * share


def hockey_stick(paths: pd.DataFrame, *, most: float = 0.5) -> pd.DataFrame:
    """Return whether too much of the change is promised for the last quarter of the time.

    Parameters
    ----------
    paths
        ``indicator_id, region_id, on, value``, from the first day to the last.
    most
        The share of the whole change that may fall into it.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, late_share, hockey_stick``. The share is missing, and
        nothing is flagged, where no change is planned; between two days of the path the
        value is read off a straight line.
    """
    rows = []
    for key, one in paths.sort_values("on").groupby(_KEY, sort=True):
        days = one["on"].to_numpy().astype("datetime64[D]").astype(float)
        values = one["value"].to_numpy(float)
        whole = values[-1] - values[0]
        at = np.interp(days[0] + 0.75 * (days[-1] - days[0]), days, values)
        share = (values[-1] - at) / whole if whole and np.isfinite(whole) else np.nan
        rows.append((*key, share, bool(share > most)))
    return pd.DataFrame(rows, columns=[*_KEY, "late_share", "hockey_stick"])


def reconciled(
    regional: pd.DataFrame, national: pd.DataFrame, *, weight: str | None = None
) -> pd.DataFrame:
    """Return the country's path beside that of its regions together; the gap stays in sight.

    Parameters
    ----------
    regional
        ``indicator_id, region_id, on, value``, and the column `weight` for rates.
    national
        ``indicator_id, on, value``.
    weight
        Whose weighted mean the country is to be; by default it is the regions' sum.

    Returns
    -------
    DataFrame
        ``indicator_id, on, national_value, regional_value, regions, difference`` (regions
        less country).
    """
    weights = regional[weight] if weight else pd.Series(1.0, regional.index)
    rows = regional.assign(weighted=regional["value"] * weights, weights=weights)
    sums = rows.groupby(["indicator_id", "on"], as_index=False).agg(
        total=("weighted", "sum"), weights=("weights", "sum"), regions=("value", "count")
    )
    shared = sums["weights"].where(sums["weights"] != 0)
    sums = sums.assign(regional_value=sums["total"] / shared if weight else sums["total"])
    both = national.rename(columns={"value": "national_value"}).merge(
        sums[["indicator_id", "on", "regional_value", "regions"]],
        on=["indicator_id", "on"],
        how="left",
        validate="one_to_one",
    )
    both = both.assign(difference=both["regional_value"] - both["national_value"])
    columns = [
        "indicator_id",
        "on",
        "national_value",
        "regional_value",
        "regions",
        "difference",
    ]
    return both[columns].sort_values(["indicator_id", "on"], ignore_index=True)
