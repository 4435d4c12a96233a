"""Signal or noise: XmR charts by the rules of NHS England's "Making Data Count"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SERIES, SIGNS, coded, worse

Array = np.ndarray
LIMIT, NEAR, SCREEN = 2.66, 2.66 * 2 / 3, 3.267
RUN = 7  # points in a row, for a run and for a trend
FEWEST_RANGES = 3  # distinct moving ranges that limits need
TRIAL = 13  # points below which limits are for trial


def xmr(
    points: pd.DataFrame,
    *,
    by: Sequence[str] = SERIES,
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
    rows = points[np.isfinite(points["value"])]
    rows = rows.sort_values([*by, "period_end"], ignore_index=True)
    if "rebase" not in rows:
        rows = rows.assign(rebase=0)
    groups = [rows[name] for name in (*by, "rebase")]
    key = pd.Series(rows.groupby(groups, sort=False).ngroup().to_numpy(), rows.index)
    rows = rows.join(_limits(rows["value"], key, screen, fix_after, strict))
    value, mean = rows["value"], rows["mean"]
    outside = ((value > rows["upper"]) | (value < rows["lower"])).to_numpy()
    relative = np.sign((value - mean).to_numpy())
    near = (value > rows["near_upper"]) | (value < rows["near_lower"])
    close = ~outside & near.to_numpy()
    numbers = key.to_numpy()
    step = np.sign(value.diff().mask(key != key.shift(), 0.0).to_numpy())
    trend, run = _trend(step, numbers), _one_side(relative, numbers)
    two = _two_in_three(relative, close, numbers)
    side, way = np.where(relative > 0, 1, -1), step.copy()
    # Where the next point is of the trend as well, the step to it says which way it goes.
    onward = trend[:-1] & trend[1:] & (numbers[:-1] == numbers[1:])
    way[:-1][onward] = step[1:][onward]
    found = [outside, trend, two, run]
    sign = np.select(found, [side, way, side, side], default=0)
    above = ("outside_above", "trend_up", "two_in_three_above", "run_above")
    below = ("outside_below", "trend_down", "two_in_three_below", "run_below")
    # One word of few for each of a million points: their numbers first, the words at the end.
    words = pd.Index([*above, *below, "common_cause"])
    rule = np.select(found, [0, 1, 2, 3], default=8)
    codes = np.where((rule < 8) & (sign <= 0), rule + 4, rule)
    signal = pd.Categorical.from_codes(codes, words)
    better = _way(rows)
    judged: pd.DataFrame = rows.assign(
        relative=relative,
        close=close,
        outside=outside,
        signal=pd.Series(signal, rows.index).astype("str"),
        variation=pd.Series(_variation(sign, better), rows.index).astype("str"),
        n=key.groupby(key).transform("size"),
    )
    return judged


def icons(
    judged: pd.DataFrame, *, by: Sequence[str] = SERIES, target: str = "target_value"
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
    up = pd.Series(1.0, last.index)
    over, under = worse(last["upper"], aim, up), worse(aim, last["lower"], up)
    beyond = over.astype("float64") - under.astype("float64")
    fails, passes = beyond * way > 0, beyond * way < 0
    flags = {"": ~judged_target, "consistent_fail": fails, "consistent_pass": passes}
    assurance = coded(flags, "inconsistent")
    return last[list(by)].assign(
        variation=variation, assurance=assurance, n=last["n"], trial_limits=last["n"] < TRIAL
    )


def _way(rows: pd.DataFrame) -> pd.Series:
    """Return 1 where more is better, -1 where less is, 0 where neither is or none is said."""
    if "direction" not in rows:
        return pd.Series(0.0, rows.index)
    return rows["direction"].map(SIGNS).astype("float64")


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


def _runs(marks: Array, key: Array) -> tuple[Array, Array]:
    """Return of each point whether it begins a run of equal marks, and the run's length."""
    begins = np.ones(len(marks), dtype=bool)
    begins[1:] = (marks[1:] != marks[:-1]) | (key[1:] != key[:-1])
    number = np.cumsum(begins) - 1
    return begins, np.bincount(number, minlength=1)[number] if len(marks) else begins


def _one_side(relative: Array, key: Array) -> Array:
    """Return the points of seven in a row on one side of the mean."""
    _, length = _runs(relative, key)
    return np.asarray((length >= RUN) & (relative != 0))


def _trend(step: Array, key: Array) -> Array:
    """Return the points of seven with six steps the same way; the first has no step into it."""
    begins, length = _runs(step, key)
    stepped = (length >= RUN - 1) & (step != 0)
    found = np.array(stepped)
    found[:-1] |= stepped[1:] & begins[1:]
    return found


def _two_in_three(relative: Array, close: Array, key: Array) -> Array:
    """Return the close ones of three in a row on one side, two of them close to a limit."""
    found = np.zeros(len(relative), dtype=bool)
    if len(relative) < 3:
        return found
    same = (key[2:] == key[:-2]) & (relative[2:] != 0)
    same &= (relative[2:] == relative[1:-1]) & (relative[2:] == relative[:-2])
    ends = same & (close[2:].astype("int8") + close[1:-1] + close[:-2] >= 2)
    for back in range(3):
        found[2 - back : len(found) - back] |= ends
    return np.asarray(found & close)


def _variation(sign: Array, better: pd.Series) -> pd.Categorical[str]:
    judged = sign * better.to_numpy()
    words = pd.Index(["common_cause", "improvement", "concern", "neutral_high", "neutral_low"])
    codes = np.select([sign == 0, judged > 0, judged < 0, sign > 0], [0, 1, 2, 3], default=4)
    return pd.Categorical.from_codes(codes, words)
