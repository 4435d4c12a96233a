"""Whether forecasts have kept their word: each origin of the past, forecast and compared.

Beside each stands what "no change" would have said; a forecast that does not beat it is worth
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from delivery_analytics.analytics import forecast
from delivery_analytics.methods import drift_echo
from delivery_analytics.methods.base import SLACK, worse
from delivery_analytics.model.dataset import Dataset

HORIZONS = 3  # periods ahead
_LEVELS = (-1.5, -0.5, 0.5, 1.5)  # usual changes from the last figure
_COLUMNS = [
    *("series", "figures", "horizon", "actual", "mean", "spread", "free", "plain_spread"),
    *("last", "usual", "withheld"),
]


def trials(runs: Iterable[forecast.Run], *, horizons: int = HORIZONS) -> pd.DataFrame:
    """Return every forecast that could have been made, with what came of it.

    Parameters
    ----------
    runs
        Figures of one indicator and region, without a gap, each.
    horizons
        At most so many periods ahead.

    Returns
    -------
    DataFrame
        One row per series, origin of four figures or more, and horizon: ``series,
        figures`` known then, ``horizon, actual``; ``mean, spread, free`` as forecast
        without ends, and ``plain_spread`` of "no change"; of the figures known the
        ``last`` and the ``usual`` size of a change; ``withheld``, why no chance would
        have been printed, or nothing.
    """
    rows = []
    for number, run in enumerate(runs):
        for known in range(drift_echo.FEWEST, len(run.figures)):
            past = run.figures[:known]
            found = drift_echo.project(past, season=run.season)
            plain = drift_echo.no_change(past)
            then = [past[-1], np.abs(np.diff(past)).mean(), run.up_to(known).withheld]
            for step in range(1, min(horizons, len(run.figures) - known) + 1):
                ours, spread = found.ahead(step), plain.ahead(step).spread
                made = [ours.mean, ours.spread, ours.free, spread]
                actual = run.figures[known + step - 1]
                rows.append([number, known, step, actual, *made, *then])
    return pd.DataFrame(rows, columns=_COLUMNS)


def asked(
    tried: pd.DataFrame, *, levels: Iterable[pd.Series[float]] | None = None
) -> pd.DataFrame:
    """Return what was said of levels that each forecast was asked about, and what came.

    Parameters
    ----------
    tried
        What `trials` returned.
    levels
        Of each forecast: will the figure be at least so much? Otherwise half and one and
        a half usual changes below and above the last figure.

    Returns
    -------
    DataFrame
        One row per forecast and level: ``horizon, withheld, said`` and ``plain``, the
        probabilities by the forecast and by "no change", and ``came``, 0 or 1.
    """
    levels = levels or [tried["last"] + level * tried["usual"] for level in _LEVELS]
    parts = [tried.assign(target=level) for level in levels]
    rows = pd.concat(parts, ignore_index=True)
    came = (~worse(rows["actual"], rows["target"], pd.Series(1.0, rows.index))).astype(float)
    said = _chances(rows, "mean", "spread", rows["free"])
    plain = _chances(rows, "last", "plain_spread", rows["figures"] - 1)
    return rows[["horizon", "withheld"]].assign(said=said, plain=plain, came=came)


def _chances(rows: pd.DataFrame, mean: str, spread: str, free: pd.Series) -> list[float]:
    columns = (rows[mean], rows[spread], free, rows["target"])
    outcomes = zip(*(column.tolist() for column in columns), strict=True)
    return [
        drift_echo.Foretold(middle, wide, degrees).chance(target, sign=1.0)
        for middle, wide, degrees, target in outcomes
    ]


@lru_cache(maxsize=2)  # asked for by every table that prints a chance
def against_targets(data: Dataset) -> pd.DataFrame:
    """Return what would have been said of today's final targets, and what came.

    Asked of the nation's at every origin of the past is whether the figure one to three
    periods ahead will have reached the target, with ends and rounding as a chance is printed.

    Parameters
    ----------
    data
        As known on a day.

    Returns
    -------
    DataFrame
        One row per indicator with a target and a direction, origin and horizon; columns
        as of `asked`, and ``indicator_id``.
    """
    rows = []
    for indicator, run, value, _, sign in forecast.promises(data):
        if run.counts:
            continue  # such a target is one of a whole year, and of no period
        for origin in range(drift_echo.FEWEST, len(run.figures)):
            past = run.up_to(origin)
            half = drift_echo.half_decimal(past.figures)
            plain = drift_echo.no_change(past.figures, low=run.low, high=run.high)
            for step in range(1, min(HORIZONS, len(run.figures) - origin) + 1):
                missing = sign * (value - run.figures[origin + step - 1])
                came = missing <= half + SLACK * abs(value)
                said, unchanged = (
                    one.ahead(step).chance(value, sign=sign, half=half)
                    for one in (past.projection, plain)
                )
                made = (step, past.withheld, said, unchanged, float(came))
                rows.append((indicator.id, *made))
    names = ["indicator_id", "horizon", "withheld", "said", "plain", "came"]
    return pd.DataFrame(rows, columns=names)


def brier_scores(told: pd.DataFrame, *, by: pd.Series | None = None) -> pd.DataFrame:
    """Return Brier scores: the mean square of what was said less what came, 0 at best.

    Parameters
    ----------
    told
        What `asked` or `against_targets` returned.
    by
        A key for each row, such as a column of it; all rows together without one.

    Returns
    -------
    DataFrame
        One row per key, or one: ``asked``, how many questions, ``brier`` of the forecasts,
        ``plain`` that of "no change", and ``skill``, the share of the latter that was
        saved; below nought the forecasts were worse.
    """
    errors = pd.DataFrame(
        {name: (told[name] - told["came"]) ** 2 for name in ("said", "plain")}
    )
    groups = errors.groupby(pd.Series(0, index=told.index) if by is None else by)
    means = groups.mean().rename(columns={"said": "brier"})
    skill = 1 - means["brier"] / means["plain"].where(means["plain"] > 0)
    table: pd.DataFrame = means.assign(asked=groups.size(), skill=skill)
    return table


def by_class(told: pd.DataFrame) -> pd.DataFrame:
    """Return for each class of probability how often what was forecast came true.

    Parameters
    ----------
    told
        What `asked` returned; take the rows without ``withheld`` for what is printed.

    Returns
    -------
    DataFrame
        One row per class of `forecast.OUTLOOKS`, from unlikely to likely: ``outlook``,
        ``asked``, how many questions there were, ``said`` and ``plain``, the mean
        probabilities by the forecast and by "no change", and ``came``, the share that
        came true.
    """
    classes = told["said"].map(forecast.outlook_class).astype("str")
    groups = told.groupby(classes)[["said", "plain", "came"]]
    names = [*reversed(forecast.OUTLOOKS)]
    table = groups.mean().reindex(names).rename_axis("outlook").reset_index()
    counts = groups.size().reindex(names).fillna(0).astype("int64")
    return table.assign(asked=counts.to_numpy())
