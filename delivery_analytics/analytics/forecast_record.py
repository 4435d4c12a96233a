"""Whether forecasts have kept their word: each origin of the past, forecast and compared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from delivery_analytics.analytics import forecast
from delivery_analytics.methods import student_t

HORIZONS = 3  # periods ahead
# Levels asked about, as changes from the last figure in multiples of the usual change.
_LEVELS = (-1.5, -0.5, 0.5, 1.5)
_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_NAMES = tuple(reversed(forecast.OUTLOOKS[:5]))  # from unlikely to likely


def trials(series: Iterable[np.ndarray], *, horizons: int = HORIZONS) -> pd.DataFrame:
    """Return every forecast that could have been made, with what came of it.

    Parameters
    ----------
    series
        Figures of one indicator and region, without a gap, each.
    horizons
        At most so many periods ahead.

    Returns
    -------
    DataFrame
        One row per series, origin of four figures or more, and horizon: ``series,
        figures`` known then, ``horizon, mean, spread, free, actual``, ``last``, the figure
        before, and ``usual``, the mean size of a change until then.
    """
    rows = []
    for number, values in enumerate(series):
        for known in range(forecast.FEWEST, len(values)):
            past = np.asarray(values[:known], dtype=float)
            steps = np.arange(1, min(horizons, len(values) - known) + 1)
            mean, spread, free = forecast.ahead(past, steps)
            usual = float(np.abs(np.diff(past)).mean())
            for step, m, s in zip(steps, mean, spread, strict=True):
                actual = values[known + step - 1]
                rows.append((number, known, int(step), m, s, free, actual, past[-1], usual))
    names = ["series", "figures", "horizon", "mean", "spread", "free", "actual", "last"]
    return pd.DataFrame(rows, columns=[*names, "usual"])


def by_class(tried: pd.DataFrame) -> pd.DataFrame:
    """Return for each class of probability how often what was forecast came true.

    Parameters
    ----------
    tried
        What `trials` returned.

    Returns
    -------
    DataFrame
        One row per class of `forecast.OUTLOOKS`, from unlikely to likely: ``outlook``,
        ``asked``, how many questions there were, ``said``, the mean probability, ``came``,
        the share that came true, and ``brier`` over all classes. Asked is whether the
        figure will be at least a level near the last one.
    """
    asked = tried.merge(pd.DataFrame({"level": _LEVELS}), how="cross")
    asked = asked.assign(target=asked["last"] + asked["level"] * asked["usual"])
    columns = (asked[name].tolist() for name in ("mean", "spread", "target", "free"))
    said = np.array(
        [
            forecast.chance(mean, spread, target, sign=1.0, free=free)
            for mean, spread, target, free in zip(*columns, strict=True)
        ]
    )
    came = (asked["actual"] >= asked["target"]).to_numpy(float)
    place = np.digitize(said, _EDGES[1:-1])
    table = pd.DataFrame({"place": place, "said": said, "came": came})
    groups = table.groupby("place").agg(
        asked=("said", "size"), said=("said", "mean"), came=("came", "mean")
    )
    groups = groups.reindex(range(len(_NAMES)))
    return pd.DataFrame(
        {
            "outlook": list(_NAMES),
            "asked": groups["asked"].fillna(0).astype("int64").to_numpy(),
            "said": groups["said"].to_numpy(),
            "came": groups["came"].to_numpy(),
            "brier": float(((said - came) ** 2).mean()) if len(said) else np.nan,
        }
    )


def by_horizon(tried: pd.DataFrame) -> pd.DataFrame:
    """Return for each horizon how many figures fell into their 80 % interval.

    Returns
    -------
    DataFrame
        ``horizon, tried, held`` and ``held_share``, 0.8 being what was said.
    """
    reach = tried["free"].map(lambda free: student_t.reach80(int(free)))
    held = (tried["actual"] - tried["mean"]).abs() <= reach * tried["spread"] + 1e-12
    groups = held.groupby(tried["horizon"])
    table = pd.DataFrame({"tried": groups.size(), "held": groups.sum()}).reset_index()
    return table.assign(held_share=table["held"] / table["tried"])
