"""Hundred-day challenges of the UAE Government Accelerators: pace, day 100, and what lasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

DAYS = 100
REFRESH = 50
REVIEWS = (130, 190, 280)  # days on which it is seen whether the result has lasted
FEWEST = 4  # results that a line needs
WEEK = 7
# Two-sided 80 % quantile of Student's t by degrees of freedom; of the normal beyond.
_T80 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
_NORMAL80 = 1.282


def standing(
    challenges: pd.DataFrame,
    results: pd.DataFrame,
    *,
    as_of: date,
    on_pace: float = 0.9,
    behind: float = 0.6,
) -> pd.DataFrame:
    """Return where each challenge stands on a day.

    Parameters
    ----------
    challenges
        One row per challenge: ``challenge_id, start_on`` (its day 1), ``base``, ``target``.
    results
        The `challenges` table of the dataset: ``challenge_id, day, value``; weekly.
    on_pace, behind
        Lowest projected shares of the goal of those statuses.

    Returns
    -------
    DataFrame
        One row per challenge in the order given: ``challenge_id, day`` (below 1 before the
        start, 101 and more after the end), ``last_day`` and ``value`` of the latest result,
        ``share`` of the way from base to target, ``pace`` (that share over the share of
        days), ``projection`` to day 100 in the challenge's unit with ``lower`` and ``upper``
        of an 80 % interval, ``projected_share``, ``basis`` (``line`` of four results or
        more, ``pace`` of fewer), ``weeks_missing``, ``alert`` (two weeks in a row),
        ``refresh_due`` and ``status``: ``ahead, on_pace, behind, far_behind``, ``met`` or
        ``not_met`` where base and target are the same, ``not_judged`` without a result.

    Notes
    -----
    The choreography of start-up, refresh at day 50 and sustaining; see METHODS.md. Every
    day counts, holidays too.
    """
    rows = [
        _standing(
            challenge, results[results["challenge_id"] == challenge["challenge_id"]], as_of
        )
        for challenge in challenges.to_dict("records")
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    share = table["projected_share"]
    same = (challenges["base"] == challenges["target"]).to_numpy()
    met = same & (table["value"] == challenges["target"].to_numpy())
    status = np.select(
        [
            table["value"].isna(),
            met,
            same,
            share.isna(),
            share >= 1 - 1e-9,
            share >= on_pace - 1e-9,
            share >= behind - 1e-9,
        ],
        ["not_judged", "met", "not_met", "not_judged", "ahead", "on_pace", "behind"],
        default="far_behind",
    )
    return table.assign(status=pd.Series(status, table.index, dtype="str"))


def _standing(
    challenge: Mapping[Any, Any], results: pd.DataFrame, as_of: date
) -> dict[str, Any]:
    start = pd.Timestamp(challenge["start_on"])
    base, target = float(challenge["base"]), float(challenge["target"])
    day = (pd.Timestamp(as_of) - start).days + 1
    seen = results[results["value"].notna() & results["day"].between(1, min(day, DAYS))]
    seen = seen.sort_values("day")
    weeks = max(0, min(day, DAYS)) // WEEK
    filled = {(int(one) - 1) // WEEK for one in seen["day"]}
    gaps = [week not in filled for week in range(weeks)]
    way = target - base
    found = {
        "challenge_id": challenge["challenge_id"],
        "day": day,
        "last_day": int(seen["day"].iloc[-1]) if len(seen) else 0,
        "value": float(seen["value"].iloc[-1]) if len(seen) else np.nan,
        "weeks_missing": sum(gaps),
        "alert": any(a and b for a, b in pairwise(gaps)),
        "refresh_due": REFRESH <= day <= DAYS,
    }
    share = (float(found["value"]) - base) / way if way else np.nan
    pace = share / (found["last_day"] / DAYS) if found["last_day"] else np.nan
    projection, lower, upper, basis = _projected(seen, base, way, share)
    return found | {
        "share": share,
        "pace": pace,
        "projection": projection,
        "lower": lower,
        "upper": upper,
        "basis": basis,
        "projected_share": (projection - base) / way if way else np.nan,
    }


def _projected(
    seen: pd.DataFrame, base: float, way: float, share: float
) -> tuple[float, float, float, str]:
    """Return the value expected on day 100 with its interval, and what it was formed by."""
    if seen.empty:
        return np.nan, np.nan, np.nan, ""
    days, values = seen["day"].to_numpy(float), seen["value"].to_numpy(float)
    if days[-1] >= DAYS:
        return values[-1], values[-1], values[-1], "result"
    if len(days) < FEWEST or np.ptp(days) == 0:
        return base + way * share / (days[-1] / DAYS), np.nan, np.nan, "pace"
    slope, level = np.polyfit(days, values, 1)
    left = values - (level + slope * days)
    free = len(days) - 2
    spread = np.sqrt((left**2).sum() / free)
    far = 1 + 1 / len(days) + (DAYS - days.mean()) ** 2 / ((days - days.mean()) ** 2).sum()
    t = _T80[free - 1] if free <= len(_T80) else _NORMAL80
    middle, half = level + slope * DAYS, t * spread * np.sqrt(far)
    return float(middle), float(middle - half), float(middle + half), "line"


def breached(guards: pd.DataFrame) -> pd.DataFrame:
    """Return the measures beside a challenge that got worse than agreed.

    Never averaged into the challenge's own status.

    Parameters
    ----------
    guards
        ``challenge_id, measure, direction, bound, value``; `direction` says which way is
        better, `bound` what must not be passed the other way.
    """
    sign = guards["direction"].map({"increase": 1.0, "decrease": -1.0})
    worse = sign * guards["value"] < sign * guards["bound"]
    return guards[worse].reset_index(drop=True)


def sustained(
    reviews: pd.DataFrame, *, kept: float = 0.9, eroding: float = 0.5
) -> pd.DataFrame:
    """Return how much of the result of day 100 was left at each review.

    Parameters
    ----------
    reviews
        ``challenge_id, day, base, result`` (on day 100) and ``value`` (at the review).

    Returns
    -------
    DataFrame
        `reviews` with ``retained``, a share, and ``state``: ``kept, eroding, lost``, or
        ``not_judged`` where nothing was gained or nothing is known.
    """
    gained = reviews["result"] - reviews["base"]
    retained = (reviews["value"] - reviews["base"]) / gained.where(gained != 0)
    state = np.select(
        [retained.isna(), retained >= kept - 1e-9, retained >= eroding - 1e-9],
        ["not_judged", "kept", "eroding"],
        default="lost",
    )
    return reviews.assign(retained=retained, state=pd.Series(state, reviews.index, dtype="str"))
