"""The Kazakhstan decomposition: a national indicator by year, sector and region.

Each target has a value type, and each type its own comparison. A level is divided by its
plan; an index to the previous year is compared in percentage points; of a range, being
inside counts; a milestone is done or not. What cannot be compared has no score, and that
is never the same as a score of nought.
"""

import re

import numpy as np
import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES, SLACK, WAYS, coded
from delivery_analytics.model import periods

VALUE_TYPES = ("level", "index", "range", "cumulative", "milestone")
AGGREGATIONS = ("sum", "mean", "weighted", "none")
_NUMBER = r"[-−]?\d+(?:\.\d+)?"
_LEVEL = re.compile(_NUMBER)
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|—|\.\.|…)\s*({_NUMBER})")
_TARGET = [*SERIES, "due_on"]


def read_targets(texts: pd.Series) -> pd.DataFrame:
    """Return targets as they were published, taken apart by what kind of target they are.

    Parameters
    ----------
    texts
        As published: ``77``, ``6-7``, ``complete``. Decimals have a point; text with a
        comma between digits is not guessed at.

    Returns
    -------
    DataFrame
        Aligned with `texts`: ``value_type`` (``level``, ``range``, ``milestone`` where
        there are words without digits, empty where there is nothing, or where digits and
        other things are mixed), ``target``, the level or the lower end of the range,
        ``target_upper``, the upper end, and ``readable``.
    """
    words = texts.fillna("").astype("str").str.strip()
    plain = words.str.replace("−", "-")
    ends = plain.str.extract(f"^{_RANGE.pattern}$").astype("float64")
    level = plain.where(plain.str.fullmatch(_LEVEL.pattern)).astype("float64")
    # A range that runs backwards is a slip, or a difference; nobody knows which.
    in_order = ends[0] <= ends[1]
    milestone = (words != "") & ~words.str.contains(r"\d")
    kind = coded({"level": level.notna(), "range": in_order, "milestone": milestone})
    return pd.DataFrame(
        {
            "value_type": kind,
            "target": level.fillna(ends[0].where(in_order)),
            "target_upper": ends[1].where(in_order),
            "readable": (words == "") | (kind != ""),
        }
    )


def target_execution(targets: pd.DataFrame) -> pd.DataFrame:
    """Return how far each target was met, by the comparison of its value type.

    Parameters
    ----------
    targets
        One row per target: ``value_type`` of `VALUE_TYPES`, ``direction`` (``increase`` or
        ``decrease``), ``target``, ``target_upper`` of ranges, ``actual``; of milestones
        ``done``, true or missing, and ``share_done``, 0 to 1, as declared, where they are told.

    Returns
    -------
    DataFrame
        Aligned with `targets`. ``execution_percent`` of levels and running totals: actual
        of target, or target of actual where less is better. ``difference``: actual less
        target in the indicator's unit; of an index in percentage points; of a range the
        way to its nearer end, 0 inside, below zero under it. ``met``: 1, 0 or missing.
        ``reason`` why there is no execution percentage, a code, or empty: ``no_target,
        no_value, no_direction, zero_or_negative, in_points, in_range, below_range,
        above_range, milestone, unknown_type``.

    Notes
    -----
    METHODS.md, section 4.3. Outside a range on its better side the range is not met: it
    was drawn with two ends. A milestone that nobody declared done is missing, not failed.
    """
    kind, target, actual = targets["value_type"], targets["target"], targets["actual"]
    empty = pd.Series(np.nan, targets.index)
    sign = targets["direction"].map(WAYS).astype("float64")
    ranged, index, milestone = (kind == name for name in ("range", "index", "milestone"))
    plain = kind.isin(["level", "cumulative"])
    difference = (actual - target).where(plain | index)
    upper = targets.get("target_upper", empty)
    outside = (actual - upper).clip(lower=0) + (actual - target).clip(upper=0)
    difference = difference.mask(ranged, outside)
    positive = (target > 0) & (actual >= 0) & ((sign > 0) | (actual > 0))
    ratio = (actual / target.where(positive)).mask(sign < 0, target / actual.where(positive))
    percent = 100 * ratio.where(plain & sign.notna())
    slack = SLACK * target.abs()
    reached = (sign * difference >= -slack).mask(ranged, difference == 0)
    comparable = difference.notna() & (ranged | sign.notna())
    met = reached.astype("float64").where(comparable).mask(milestone, _done(targets))
    share = targets.get("share_done", empty)
    percent = percent.mask(milestone, 100 * share.mask(_done(targets) == 1, 1.0))
    reasons = {
        "milestone": milestone,
        "no_target": target.isna() | (ranged & upper.isna()),
        "unknown_type": ~kind.isin(VALUE_TYPES),
        "no_value": actual.isna(),
        "in_range": ranged & (difference == 0),
        "below_range": ranged & (difference < 0),
        "above_range": ranged & (difference > 0),
        "no_direction": sign.isna(),
        "in_points": index,
        "zero_or_negative": percent.isna(),
    }
    return pd.DataFrame(
        {
            "execution_percent": percent,
            "difference": difference,
            "met": met,
            "reason": coded(reasons).mask(percent.notna(), ""),
        }
    )


def _done(targets: pd.DataFrame) -> pd.Series:
    """Return 1 for milestones declared done, 0 for not done, missing where nobody says."""
    if "done" not in targets:
        return pd.Series(np.nan, targets.index)
    return targets["done"].astype("float64")


def target_versions(targets: pd.DataFrame) -> pd.DataFrame:
    """Return every version of each target, in the order in which they were agreed.

    Parameters
    ----------
    targets
        The `targets` table with all its days of agreement: ``indicator_id, region_id,
        due_on, set_on, value``. With ``direction``, whether a revision made it easier.

    Returns
    -------
    DataFrame
        One row per target and day of agreement, sorted by both: the columns given,
        ``version`` from 1, ``versions``, how many there are, ``previous_value``,
        ``change`` and ``change_percent`` of it (missing where that is 0), ``eased``,
        ``in_force``, true of the latest one, and ``after_start``, true of a revision
        agreed on or after 1 January of the year it is due.
    """
    rows = targets.sort_values([*_TARGET, "set_on"], kind="stable", ignore_index=True)
    groups = rows.groupby(_TARGET, dropna=False)
    previous = groups["value"].shift()
    version = groups.cumcount() + 1
    versions = groups["set_on"].transform("size")
    change = rows["value"] - previous
    sign = pd.Series(np.nan, rows.index)
    if "direction" in rows:
        sign = rows["direction"].map(WAYS).astype("float64")
    year = rows["due_on"].dt.to_period("Y").dt.start_time
    return rows.assign(
        version=version,
        versions=versions,
        previous_value=previous,
        change=change,
        change_percent=100 * change / previous.abs().where(previous != 0),
        eased=sign * change < 0,
        in_force=version == versions,
        after_start=(version > 1) & (rows["set_on"] >= year),
    )


def reconcile(
    plans: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    across: str,
    whole: str = "",
    tolerance: float = 0.0,
) -> pd.DataFrame:
    """Return the nation's plan beside that of its parts together; nothing is made to fit.

    Parameters
    ----------
    plans
        ``indicator_id, period, value`` and the column `across`; ``weight`` for means with
        weights. Rows of one decomposition only: the regions', or the sectors'.
    structure
        One row per indicator: ``indicator_id``, ``aggregation`` of `AGGREGATIONS` and
        ``value_type`` of `VALUE_TYPES`.
    across
        ``region_id`` or ``sector_id``.
    whole
        What `across` says in the nation's own rows, such as ``KZ``.
    tolerance
        By how much, in the indicator's unit, figures may differ that were rounded.

    Returns
    -------
    DataFrame
        One row per indicator and period, sorted by both: ``national_value, parts_value,
        parts, parts_missing`` (those that have a plan for another period, or a row without
        a value, or lack a weight), ``difference``, parts less nation; ``agrees``, 1, 0 or
        missing; ``reason`` why there is no difference, a code: ``not_additive`` (an
        index, a range, a milestone, or no aggregation), ``no_parts, part_missing,
        no_national_value``, or empty.

    Raises
    ------
    DefinitionError
        If a part, or the nation, has two plans of one period.

    Notes
    -----
    An index to the previous year adds up to nothing, and has a mean only with weights.
    """
    rows = plans.merge(structure, on="indicator_id", how="left", validate="many_to_one")
    weights = rows["weight"] if "weight" in rows else pd.Series(np.nan, rows.index)
    weighed = rows["aggregation"] == "weighted"
    weights = weights.where(weights >= 0).where(weighed, 1.0)
    rows = rows.assign(weight=weights, total=rows["value"] * weights)
    cell = ["indicator_id", "period"]
    twice = rows.duplicated([*cell, across])
    if twice.any():
        first = rows[twice].iloc[0]
        raise DefinitionError(
            f"{first['indicator_id']} has two plans of '{first[across]}' for {first['period']}"
        )
    national = rows[rows[across] == whole].set_index(cell)["value"]
    parts = rows[rows[across] != whole]
    ever = parts.groupby("indicator_id")[across].nunique()
    known = parts.assign(weight=parts["weight"].where(parts["total"].notna()))
    sums: pd.DataFrame = known.groupby(cell).agg(
        total=("total", "sum"), weights=("weight", "sum"), parts=("total", "count")
    )
    table = pd.DataFrame({"national_value": national}).join(sums, how="outer").reset_index()
    table = table.merge(structure, on="indicator_id", how="left", validate="many_to_one")
    count = table["parts"].fillna(0)
    expected = table["indicator_id"].map(ever).fillna(0)
    table = table.assign(parts=count.astype("int64"), parts_missing=expected - count)
    return _compared(table, tolerance).sort_values(cell, ignore_index=True)


def _compared(table: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    how, kind = table["aggregation"], table["value_type"]
    mean = table["total"] / table["weights"].where(table["weights"] > 0)
    together = table["total"].where(how == "sum", mean)
    adds = how.isin(["sum", "mean", "weighted"]) & kind.isin(["level", "cumulative", "index"])
    adds &= (kind != "index") | (how == "weighted")
    reasons = {
        "not_additive": ~adds,
        "no_parts": table["parts"] + table["parts_missing"] == 0,
        "part_missing": (table["parts_missing"] > 0) | together.isna(),
        "no_national_value": table["national_value"].isna(),
    }
    whole = adds & (table["parts"] > 0) & (table["parts_missing"] == 0)
    parts_value = together.where(whole)
    difference = parts_value - table["national_value"]
    slack = tolerance + SLACK * table["national_value"].abs()
    agrees = (difference.abs() <= slack).where(difference.notna()).astype("float64")
    return table[["indicator_id", "period", "national_value"]].assign(
        parts_value=parts_value,
        parts=table["parts"],
        parts_missing=table["parts_missing"].astype("int64"),
        difference=difference,
        agrees=agrees,
        reason=coded(reasons),
    )


def within_year(values: pd.DataFrame) -> pd.DataFrame:
    """Return what each period added to a running total that begins each January.

    Parameters
    ----------
    values
        ``indicator_id, region_id, period, value, value_type``; running totals since
        1 January.

    Returns
    -------
    DataFrame
        `values` with ``added``, one row per indicator, region and period, sorted by them:
        the total less the one of the period before in its year, or the total itself of the
        year's first period. Missing where the period before was not reported, and for every
        value type but ``cumulative``: an index differenced is no quantity. Years, quarters
        and months are told apart.

    Notes
    -----
    METHODS.md, section 4.3: never across the turn of a year.
    """
    known = {
        name: (periods.year(name), periods.frequency(name), periods.end(name).month)
        for name in values["period"].unique()
    }
    parts = pd.DataFrame.from_dict(known, orient="index", columns=["year", "often", "month"])
    rows = values.sort_values([*SERIES, "period"], ignore_index=True)
    placed = parts.reindex(rows["period"]).reset_index(drop=True)
    length = placed["often"].map(periods.MONTHS_IN)
    key = [rows["indicator_id"], rows["region_id"], placed["often"], placed["year"]]
    earlier = placed.assign(value=rows["value"]).groupby(key)[["month", "value"]].shift()
    follows = earlier["month"] == placed["month"] - length
    added = (rows["value"] - earlier["value"]).where(follows)
    added = added.mask(placed["month"] == length, rows["value"])
    return rows.assign(added=added.where(rows["value_type"] == "cumulative"))
