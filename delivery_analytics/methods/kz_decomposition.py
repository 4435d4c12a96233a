"""The Kazakhstan decomposition: a national indicator by year, sector and region.

Each target has a value type, and each type its own comparison. A level is divided by its
plan; an index to the previous year is compared in percentage points; of a range, being
inside counts; a milestone is done or not. What cannot be compared has no score, and that
is never the same as a score of nought.
"""

import re

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SERIES, SLACK, WAYS, coded

VALUE_TYPES = ("level", "index", "range", "cumulative", "milestone")
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
    done = targets.get("done", empty).astype("float64")  # missing where nobody says
    met = reached.astype("float64").where(comparable).mask(milestone, done)
    share = targets.get("share_done", empty)
    percent = percent.mask(milestone, 100 * share.mask(done == 1, 1.0))
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
    sign = rows.get("direction", pd.Series("", rows.index)).map(WAYS).astype("float64")
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
