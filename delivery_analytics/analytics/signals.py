"""Signal or noise: which series a control chart may judge, and what it may say of them.

`spc.xmr` is the published chart, and is right for figures that vary about a level. Yearly
levels mostly wander or drift; here stands when its verdict is kept back.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import frequencies, lines
from delivery_analytics.methods import spc
from delivery_analytics.methods.base import SERIES, SIGNS, coded
from delivery_analytics.model.dataset import Dataset

SHIFT = 8  # figures on one side of the mean that begin a new stretch
FEWEST_YEARS = 12  # yearly figures that limits need
MOVES = 0.5  # share of the variance that a drift or a straight line may explain
UNJUDGED = ("few_years", "moving", "no_limits")
_LIMITS = ["mean", "lower", "upper", "near_lower", "near_upper"]
_SHOWN = ["period", "value", "lower", "upper", "source_id", "source_cell"]
_GOOD = {"improvement": 1.0, "concern": -1.0}
_ORDER = {"concern": 0, "improvement": 1, "neutral": 2, "common": 3}


def charted(points: pd.DataFrame) -> pd.DataFrame:
    """Return each point with the limits and the signal of its stretch, where they mean much.

    Parameters
    ----------
    points
        One row per point: ``indicator_id, region_id, period, period_end, value`` and
        ``direction``, of one frequency a series.

    Returns
    -------
    DataFrame
        What `spc.xmr` returns, each stretch beginning where eight figures in a row lie on
        one side of the mean of those before (`rebased`); ``moving``, a drift or a straight
        line explains more than half of the stretch; and ``turned``, the figure moved the
        other way than its ``improvement`` or ``concern`` says. Where a stretch gives no
        verdict, ``variation`` is a code of `UNJUDGED` instead, and there are no limits:
        ``few_years`` and ``moving`` of yearly figures, ``no_limits`` where the changes are
        too much alike.

    Notes
    -----
    METHODS.md, Signal or noise, has the formulas and how often the limits held.
    """
    rows = points[np.isfinite(points["value"])].sort_values([*SERIES, "period_end"])
    judged = spc.xmr(rows.assign(rebase=rebased(rows)))
    key = judged.groupby([*SERIES, "rebase"], sort=False).ngroup()
    moving = _moves(judged["value"], key)
    yearly = frequencies(judged["period"]) == "annual"
    few, none = yearly & (judged["n"] < FEWEST_YEARS), judged["upper"].isna()
    why = coded({"few_years": few, "moving": yearly & moving, "no_limits": none})
    kept = why == ""
    variation = judged["variation"].where(kept, why)
    good = variation.map(_GOOD).astype("float64")
    good *= judged["direction"].map(SIGNS).astype("float64")
    return judged.assign(
        variation=variation,
        signal=judged["signal"].where(kept, "common_cause"),
        moving=moving,
        turned=good * judged.groupby(SERIES)["value"].diff() < 0,
        **{name: judged[name].where(kept) for name in _LIMITS},
    )


def rebased(points: pd.DataFrame) -> pd.Series[int]:
    """Return the number of the stretch that each point belongs to, in series sorted by day.

    A stretch of eight figures or more ends where the next eight all lie above the mean of
    its figures so far, or all below it: from there on another level is the usual one.
    """
    numbers = pd.Series(0, points.index, dtype="int64")
    for _, values in points.groupby(SERIES, sort=False)["value"]:
        figures, start = values.to_numpy(dtype=float), 0
        for place in range(SHIFT, len(figures) - SHIFT + 1):
            side = np.sign(figures[place : place + SHIFT] - figures[start:place].mean())
            if place - start >= SHIFT and abs(side.sum()) == SHIFT:
                start = place
                numbers.loc[values.index[place:]] += 1
    return numbers


def _moves(value: pd.Series, key: pd.Series) -> pd.Series[bool]:
    """Return whether the mean change or a straight line explains more than half of a group."""
    change = value.diff().mask(key != key.shift())
    sums = pd.DataFrame({"change": change, "square": change * change}).groupby(key).sum()
    every = change.groupby(key).count() * sums["square"]
    drift = sums["change"] ** 2 / every.where(every > 0)
    line = lines(key.groupby(key).cumcount().astype("float64"), value, key)
    whole = ((value - value.groupby(key).transform("mean")) ** 2).groupby(key).sum()
    straight = line["slope"] ** 2 * line["xx"] / whole.where(whole > 0)
    return key.map((drift > MOVES) | (straight > MOVES)).astype("bool")


def signalled(data: Dataset, *, region_id: str | None = None) -> pd.DataFrame:
    """Return what the control chart of each indicator of a region says of its last figure.

    Parameters
    ----------
    region_id
        Otherwise the nation.

    Returns
    -------
    DataFrame
        One row per indicator with figures of its own frequency, signals first and those
        without a verdict last: ``indicator_id, region_id``; ``variation``, as `spc.icons`
        has it, ``improvement_turned`` or ``concern_turned`` where the last change went the
        other way, or of `UNJUDGED`; ``signal``, whether it stands out; ``assurance``, as
        `spc.icons` has it where the process is stable, else ``no_target``, ``to_keep`` (a
        level), ``unjudged`` or ``not_stable`` (the last figure is a signal, or the figures
        move); ``n`` and ``trial_limits`` of its stretch; ``period, value, lower, upper,
        source_id, source_cell`` of the last point.
    """
    places, known = data.registry.at(region_id), data.registry.indicators
    rows = data.observations[data.observations["region_id"].isin(places)]
    rows = rows[rows["indicator_id"].isin(known)]
    agreed = pd.DataFrame(
        [(one.id, one.frequency, one.direction) for one in known.values()],
        columns=["indicator_id", "frequency", "direction"],
    ).set_index("indicator_id")
    rows = rows[frequencies(rows["period"]) == rows["indicator_id"].map(agreed["frequency"])]
    aims = trajectory.final(data.targets)[[*SERIES, "value"]].set_axis(
        [*SERIES, "target_value"], axis=1
    )
    rows = rows.merge(aims, on=SERIES, how="left", validate="many_to_one")
    judged = charted(rows.assign(direction=rows["indicator_id"].map(agreed["direction"])))
    last = judged.drop_duplicates(SERIES, keep="last").reset_index(drop=True)
    icons = spc.icons(judged)
    unjudged = last["variation"].isin(UNJUDGED)
    kind = last["variation"].str.split("_").str[0]
    withheld = coded(
        {
            "no_target": last["target_value"].isna(),
            "to_keep": last["direction"] == "maintain",
            "unjudged": unjudged,
            "not_stable": (kind != "common") | last["moving"],
        }
    )
    variation = icons["variation"].mask(last["turned"], kind + "_turned")
    table = icons.assign(
        variation=variation.mask(unjudged, last["variation"]),
        signal=~unjudged & (kind != "common"),
        assurance=icons["assurance"].where(withheld == "", withheld),
        place=kind.map(_ORDER).astype("float64").fillna(len(_ORDER)),
        **{name: last[name] for name in _SHOWN},
    )
    table = table.sort_values(["place", "indicator_id"], ignore_index=True)
    return table.drop(columns="place")
