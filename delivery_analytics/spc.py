"""Signal or noise: XmR charts by the rules of NHS England's "Making Data Count"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LIMIT, NEAR, SCREEN = 2.66, 2.66 * 2 / 3, 3.267
RUN = 7  # points in a row, for a run and for a trend
FEWEST_RANGES = 3  # distinct moving ranges that limits need
TRIAL = 13  # points below which limits are for trial
_KEY = ("indicator_id", "region_id")
_IMPROVES = {"increase": 1.0, "decrease": -1.0, "maintain": 0.0}


def xmr(
    points: pd.DataFrame,
    *,
    by: Sequence[str] = _KEY,
    screen: bool = True,
    fix_after: int | None = None,
    strict: bool = False,
) -> pd.DataFrame:
    """Return each point with the limits of its series and the signal it gives.

    Parameters
    ----------
    points
        One row per point: the columns `by`, ``period_end`` and ``value``; ``direction``
        (`increase`, `decrease` or `maintain`), and ``rebase``, the number of the stretch of
        the series that the point belongs to, where limits were set anew. Cumulative
        figures must be differenced first, and gaps are not filled.
    screen
        Leave moving ranges of 3.267 times their mean or more out of the limits, once.
    fix_after
        Set the limits by the first so many points of each stretch.
    strict
        Give limits as the reference does even where hardly any range differs. By default
        there are none where fewer than three distinct moving ranges remain.

    Returns
    -------
    DataFrame
        `points` in order of series and day, with ``mean, lower, upper, near_lower,
        near_upper, relative`` (-1, 0, 1), ``close``, ``outside``; ``signal``:
        ``outside_above, outside_below, trend_up, trend_down, two_in_three_above,
        two_in_three_below, run_above, run_below`` or ``common_cause``; ``variation``:
        ``common_cause, improvement, concern, neutral_high, neutral_low``; and ``n``, the
        points of its stretch. Points without a value are dropped.

    Notes
    -----
    The limits and rules of NHSRplotthedots. The value of a screened range stays in the
    mean. A later rule never overrules an earlier one, in the order of the list above.
    """
    rows = points[np.isfinite(points["value"])].sort_values(
        [*by, "period_end"], ignore_index=True
    )
    if "rebase" not in rows:
        rows = rows.assign(rebase=0)
    groups = [rows[name] for name in (*by, "rebase")]
    key = pd.Series(rows.groupby(groups, sort=False).ngroup().to_numpy(), rows.index)
    rows = rows.join(_limits(rows["value"], key, screen, fix_after, strict))
    value, mean = rows["value"], rows["mean"]
    outside = (value > rows["upper"]) | (value < rows["lower"])
    relative = np.sign(value - mean)
    close = ~outside & ((value > rows["near_upper"]) | (value < rows["near_lower"]))
    step = np.sign(value.diff().mask(key != key.shift(), 0.0))
    trend = _trend(step, key)
    run = _all_of_seven(relative == 1, key) | _all_of_seven(relative == -1, key)
    two = _two_in_three(relative, close, key)
    after = step.shift(-1).where(key == key.shift(-1))
    way = step.where(~(trend & trend.shift(-1, fill_value=False) & after.notna()), after)
    side = np.where(relative > 0, 1, -1)
    found = [outside, trend, two, run]
    sign = np.select(found, [side, way, side, side], default=0)
    above = ("outside_above", "trend_up", "two_in_three_above", "run_above")
    below = ("outside_below", "trend_down", "two_in_three_below", "run_below")
    names = [np.where(sign > 0, a, b) for a, b in zip(above, below, strict=True)]
    signal = np.select(found, names, default="common_cause")
    better = _way(rows)
    judged: pd.DataFrame = rows.assign(
        relative=relative,
        close=close,
        outside=outside,
        signal=pd.Series(signal, rows.index, dtype="str"),
        variation=pd.Series(_variation(sign, better), rows.index, dtype="str"),
        n=key.groupby(key).transform("size"),
    )
    return judged


def icons(
    judged: pd.DataFrame, *, by: Sequence[str] = _KEY, target: str = "target_value"
) -> pd.DataFrame:
    """Return the two icons of each series: what its last point says, and what can be relied on.

    Parameters
    ----------
    judged
        What `xmr` returned; the column `target`, where there is one, holds the target of
        the last point.

    Returns
    -------
    DataFrame
        The columns `by`; ``variation``: ``common_cause``, or ``improvement``, ``concern`` or
        ``neutral`` with ``_high`` or ``_low``; ``assurance``: ``consistent_pass``,
        ``consistent_fail``, ``inconsistent``, or empty without a target, limits or a
        direction; ``n`` and ``trial_limits``.
    """
    last = judged.drop_duplicates(list(by), keep="last").reset_index(drop=True)
    high = last["signal"].str.contains("above|up", regex=True)
    kind = last["variation"].str.replace("_high|_low", "", regex=True)
    ending = pd.Series(np.where(high, "_high", "_low"), last.index, dtype="str")
    variation = kind.where(kind == "common_cause", kind + ending)
    aim = last[target] if target in last else pd.Series(np.nan, last.index)
    way = _way(last)
    judged_target = aim.notna() & last["upper"].notna() & (way != 0)
    beyond = pd.Series(
        np.select([aim > last["upper"], aim < last["lower"]], [1.0, -1.0], 0.0), last.index
    )
    assurance = np.select(
        [~judged_target, beyond * way > 0, beyond * way < 0],
        ["", "consistent_fail", "consistent_pass"],
        default="inconsistent",
    )
    return last[list(by)].assign(
        variation=variation,
        assurance=pd.Series(assurance, last.index, dtype="str"),
        n=last["n"],
        trial_limits=last["n"] < TRIAL,
    )


def _way(rows: pd.DataFrame) -> pd.Series:
    """Return 1 where more is better, -1 where less is, 0 where neither is or none is said."""
    if "direction" not in rows:
        return pd.Series(0.0, rows.index)
    return rows["direction"].map(_IMPROVES).astype("float64")


def _limits(
    value: pd.Series, key: pd.Series, screen: bool, fix_after: int | None, strict: bool
) -> pd.DataFrame:
    place = key.groupby(key).cumcount()
    counted = place < fix_after if fix_after else pd.Series(True, value.index)
    ranges = value.diff().abs().mask(key != key.shift())
    mean = value.where(counted).groupby(key).transform("mean")
    used = ranges.where(counted)
    average = used.groupby(key).transform("mean")
    if screen:
        used = used.where(used < SCREEN * average)
        average = used.groupby(key).transform("mean")
    if not strict:
        average = average.where(used.groupby(key).transform("nunique") >= FEWEST_RANGES)
    return pd.DataFrame(
        {
            "mean": mean,
            "lower": mean - LIMIT * average,
            "upper": mean + LIMIT * average,
            "near_lower": mean - NEAR * average,
            "near_upper": mean + NEAR * average,
        }
    )


def _spread_back(ends: pd.Series, key: pd.Series, width: int) -> pd.Series:
    """Return the points of every window of `width` whose last point is in `ends`."""
    found = ends.copy()
    for back in range(1, width):
        found |= ends.shift(-back, fill_value=False) & (key == key.shift(-back))
    return found


def _window_sum(flags: pd.Series, key: pd.Series, width: int) -> pd.Series:
    """Return how many of the last `width` points of the series have the flag; 0 too early."""
    total = flags.astype("int64")
    same = pd.Series(True, flags.index)
    summed = total.copy()
    for back in range(1, width):
        same = key == key.shift(back)
        summed = summed + total.shift(back, fill_value=0)
    return summed.where(same, 0)


def _all_of_seven(flags: pd.Series, key: pd.Series) -> pd.Series:
    return _spread_back(_window_sum(flags, key, RUN) == RUN, key, RUN)


def _trend(step: pd.Series, key: pd.Series) -> pd.Series:
    """Return the points of seven with six steps the same way; the first has no step into it."""
    whole = key == key.shift(RUN - 1)
    found = pd.Series(False, step.index)
    for way in (1, -1):
        ends = (_window_sum(step == way, key, RUN - 1) == RUN - 1) & whole
        found |= _spread_back(ends, key, RUN)
    return found


def _two_in_three(relative: pd.Series, close: pd.Series, key: pd.Series) -> pd.Series:
    found = pd.Series(False, relative.index)
    for side in (1, -1):
        on_side = relative == side
        ends = (_window_sum(on_side, key, 3) == 3) & (_window_sum(on_side & close, key, 3) >= 2)
        found |= _spread_back(ends, key, 3)
    return found & close


def _variation(sign: np.ndarray, better: pd.Series) -> np.ndarray:
    judged = sign * better
    return np.select(
        [sign == 0, judged > 0, judged < 0, sign > 0],
        ["common_cause", "improvement", "concern", "neutral_high"],
        default="neutral_low",
    )
