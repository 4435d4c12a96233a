"""A path built from planned actions, as the UK's PMDU asked for: what each adds, and when."""

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES, SLACK, WAYS, alike

PathShape = Literal["straight", "constant_growth", "back_loaded"]
RAMPS = ("step", "linear", "s_curve")


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
        One row per action and day, sorted by both: the keys, ``on`` and ``added``, in the
        indicator's unit. Missing where anything of the action is: what is not known is not
        counted as nothing.

    Raises
    ------
    DefinitionError
        If a ramp is not one of `RAMPS`, a coverage is not from 0 to 1, or a ramp ends
        before it begins.

    Notes
    -----
    METHODS.md, section 1.2. With ``u`` the share of the ramp that has passed, an S-curve
    has reached ``3u² - 2u³``. A ramp of no days is a step, whatever its shape.
    """
    _checked(interventions)
    days = pd.DataFrame({"on": pd.to_datetime(on).astype("datetime64[us]")})
    rows = interventions.merge(days, how="cross")
    since = (rows["on"] - rows["start_on"]).dt.days - rows["lag_days"]
    gradual = (rows["ramp_days"] > 0) & (rows["ramp"] != "step")
    part = (since / rows["ramp_days"].where(gradual)).clip(0, 1)
    curved = part.where(rows["ramp"] == "linear", 3 * part**2 - 2 * part**3)
    # A step that was given a ramp shows in full at its end.
    step = (since >= rows["ramp_days"]).astype("float64")
    shape = curved.where(gradual, step.where(rows["ramp_days"].notna() & since.notna()))
    added = rows["coverage"] * rows["effect"] * shape
    table = rows[[*SERIES, "intervention_id", "on"]].assign(added=added)
    return table.sort_values([*SERIES, "intervention_id", "on"], ignore_index=True)


def _checked(interventions: pd.DataFrame) -> None:
    wrong = {
        f"a ramp of {', '.join(RAMPS)}": ~interventions["ramp"].isin(RAMPS),
        "a coverage from 0 to 1": (interventions["coverage"] < 0)
        | (interventions["coverage"] > 1),
        "a ramp of 0 days or more": interventions["ramp_days"] < 0,
    }
    for expected, rows in wrong.items():
        if rows.any():
            name = interventions.loc[rows, "intervention_id"].iloc[0]
            raise DefinitionError(f"The planned action '{name}' does not have {expected}")


def path(
    interventions: pd.DataFrame, baselines: pd.DataFrame, *, on: list[date]
) -> pd.DataFrame:
    """Return the value planned for each day: the baseline, held, and all that is added to it.

    Parameters
    ----------
    baselines
        ``indicator_id, region_id, value`` and ``direction``, one row per indicator and
        region: without a planned action it stays where it is. With a column ``on``, one
        row per day too: a baseline that moves by itself, such as a trend or a season.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, on, value``; ``actions``, how many were added up, and
        ``actions_unknown``, how many could not be, as something of them is missing. An
        action of an indicator without a baseline has no path; an action of an indicator
        that is to keep its level makes the path missing, as neither way is better.
    """
    known = baselines[[*SERIES, "value", "direction", *baselines.columns.intersection(["on"])]]
    days = pd.DataFrame({"on": pd.to_datetime(on).astype("datetime64[us]")})
    # A path for each of the days, with or without a baseline for it.
    rows = known.drop(columns=["on", "value"], errors="ignore").drop_duplicates()
    shared = [*SERIES, *known.columns.intersection(["on"])]
    rows = rows.merge(days, how="cross").merge(
        known.drop(columns="direction"), on=shared, how="left", validate="many_to_one"
    )
    groups = effects(interventions, on=on).groupby([*SERIES, "on"])["added"]
    sums = groups.agg(["sum", "count", "size"]).reset_index()
    rows = rows.merge(sums, on=[*SERIES, "on"], how="left", validate="one_to_one")
    rows = rows.fillna({"sum": 0.0, "count": 0, "size": 0})
    sign = rows["direction"].map(WAYS).astype("float64")
    sign = sign.where((rows["sum"] != 0) | sign.notna(), 0.0)
    counts = rows[["count", "size"]].astype("int64")
    table = rows[[*SERIES, "on"]].assign(
        value=rows["value"] + sign * rows["sum"],
        actions=counts["count"],
        actions_unknown=counts["size"] - counts["count"],
    )
    return table.sort_values([*SERIES, "on"], ignore_index=True)


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
        the target. Both are missing where there is no path, and for an indicator that is
        to keep its level.
    """
    named = {"on": "due_on", "value": "planned_value"}
    planned = paths[[*SERIES, "on", "value"]].rename(columns=named)
    wanted = targets.rename(columns={"value": "target_value"})
    rows = wanted.merge(planned, on=[*SERIES, "due_on"], how="left", validate="one_to_one")
    sign = rows["direction"].map(WAYS).astype("float64")
    short = sign * (rows["target_value"] - rows["planned_value"])
    short = short.mask(alike(rows["target_value"], rows["planned_value"]), 0.0 * sign)
    columns = [*SERIES, "due_on", "planned_value", "target_value"]
    rows = rows[columns].assign(not_covered=short.clip(lower=0), margin=(-short).clip(lower=0))
    return rows.sort_values([*SERIES, "due_on"], ignore_index=True)


def simple(
    facts: pd.DataFrame, *, shape: PathShape = "straight", power: float = 2.0
) -> pd.Series:
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

    Raises
    ------
    DefinitionError
        If the shape is none of these, or a back-loaded path has a power of 1 or less.
    """
    if shape not in ("straight", "constant_growth", "back_loaded"):
        raise DefinitionError(f"There is no shape of a path '{shape}'")
    if shape == "back_loaded" and not power > 1:
        raise DefinitionError(f"A back-loaded path has a power above 1, not {power}")
    base, target = facts["baseline_value"], facts["target_value"]
    elapsed = facts["elapsed"].clip(0, 1)
    if shape == "constant_growth":
        ratio = (target / base.where(base != 0)).where(lambda quotient: quotient > 0)
        grown: pd.Series = base * ratio**elapsed
        return grown.where(ratio.notna())
    share = elapsed**power if shape == "back_loaded" else elapsed
    return base + (target - base) * share


def yearly(plans: pd.DataFrame, *, on: list[date]) -> pd.DataFrame:
    """Return the path of values published year by year: each holds until its day is past.

    Parameters
    ----------
    plans
        ``indicator_id, region_id, due_on, value``: the plan of a year is due at its end.
    on
        The days.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, on, value``, in the indicator's unit. Missing before
        the year of the first plan and after the last one.

    Notes
    -----
    The Kazakhstan decomposition; the same steps as the stepwise trajectory of `trajectory`.
    """
    days = pd.DataFrame({"period_end": pd.to_datetime(on).astype("datetime64[us]")})
    points = plans[SERIES].drop_duplicates().merge(days, how="cross")
    promises = plans.assign(kind="interim", set_on=pd.Timestamp(0))
    steps = dict.fromkeys(points["indicator_id"].unique(), "stepwise")
    value = trajectory.expected(points, promises, kinds=steps)
    table = points.rename(columns={"period_end": "on"}).assign(value=value)
    return table.sort_values([*SERIES, "on"], ignore_index=True)


def hockey_stick(paths: pd.DataFrame, *, most: float = 0.5) -> pd.DataFrame:
    """Return whether too much of the change is promised for the last quarter of the time.

    Parameters
    ----------
    paths
        ``indicator_id, region_id, on, value``, from the first day to the last. Days
        without a value are passed over.
    most
        The share of the whole change that may fall into it.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, late_share, hockey_stick``. The share is missing, and
        nothing is flagged, where no change is planned; between two days of the path the
        value is read off a straight line.
    """
    rows = paths[np.isfinite(paths["value"])].sort_values([*SERIES, "on"], ignore_index=True)
    days = (rows["on"] - pd.Timestamp(0)) / pd.Timedelta(days=1)
    rows = rows[[*SERIES, "value"]].assign(day=days)
    ends = rows.groupby(SERIES)[["day", "value"]].transform
    first, last = ends("first"), ends("last")
    cut = first["day"] + 0.75 * (last["day"] - first["day"])
    # The stretch of the path that the last quarter begins in: its two ends are neighbours.
    before = rows.groupby(SERIES)[["day", "value"]].shift()
    begins = (before["day"] < cut) & (cut <= rows["day"])
    share = (cut - before["day"]) / (rows["day"] - before["day"])
    at = before["value"] + (rows["value"] - before["value"]) * share
    whole = last["value"] - first["value"]
    late = (last["value"] - at) / whole.where(whole != 0)
    shares = rows[SERIES].assign(late_share=late)[begins]
    table = paths[SERIES].drop_duplicates()
    table = table.merge(shares, on=SERIES, how="left", validate="one_to_one")
    table = table.assign(hockey_stick=table["late_share"] > most + SLACK)
    return table.sort_values(SERIES, ignore_index=True)


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
        ``indicator_id, on, national_value, regional_value, regions``, those with a value,
        ``regions_missing``, those without one, or without a weight, and ``difference``
        (regions less country). The regions together are missing where any of them is, or
        where their weights are nothing in all.
    """
    weights = regional[weight] if weight else pd.Series(1.0, regional.index)
    weights = weights.where(weights >= 0)
    rows = regional.assign(weighted=regional["value"] * weights, weights=weights)
    sums = rows.groupby(["indicator_id", "on"], as_index=False).agg(
        total=("weighted", "sum"),
        weights=("weights", "sum"),
        regions=("value", "count"),
        given=("weighted", "count"),
        size=("weighted", "size"),
    )
    shared = sums["weights"].where(sums["weights"] > 0)
    together = sums["total"] / shared if weight else sums["total"]
    sums = sums.assign(
        regional_value=together.where(sums["given"] == sums["size"]),
        regions_missing=sums["size"] - sums["given"],
    )
    day = ["indicator_id", "on"]
    counts = ["regions", "regions_missing"]
    both = national.rename(columns={"value": "national_value"}).merge(
        sums[[*day, "regional_value", *counts]], on=day, how="outer", validate="one_to_one"
    )
    both = both.assign(difference=both["regional_value"] - both["national_value"])
    both = both.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64"))
    columns = [*day, "national_value", "regional_value", *counts, "difference"]
    return both[columns].sort_values(day, ignore_index=True)
