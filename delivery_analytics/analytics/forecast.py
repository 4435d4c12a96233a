"""Where an indicator is heading: a damped trend, its interval, and the chance of the target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import known_day
from delivery_analytics.methods import student_t
from delivery_analytics.methods.base import SERIES, WAYS
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Unit

FEWEST, FEWEST_DAMPED = 4, 8  # figures for a straight line, and for a damped trend
OUTLOOKS = ("likely", "probable", "even", "doubtful", "unlikely", "not_enough_data")
STALE = "stale"  # instead of a class: the latest figure is older than its frequency allows
_AT_LEAST = (0.8, 0.6, 0.4, 0.2)
_PHI = (0.8, 0.98)
_SMALL = 1e-4
# A level that follows less than a fifth of each error stays where it was a decade ago; in
# twelve yearly figures with one shock that can fit best, and foretells the shock again.
_SLOWEST = 0.2
# A straight line supposes that errors do not follow each other. Of few figures they do:
# without this, intervals three periods on held 64 % of the figures where 80 % was said.
_WIDER = 0.3  # of the variance, for each period ahead
_NEAR_LIMIT = (5.0, 95.0)  # per cent: beyond, a share cannot move both ways alike
_REFINED = 7  # times that the grid of parameters is made finer around its best point

Array = np.ndarray


@dataclass(frozen=True)
class Damped:
    """A damped additive trend, ETS(A,Ad,N), at the end of its series.

    Attributes
    ----------
    alpha, beta, phi
        How fast the level and the trend follow, and how much of a trend is left a period on.
    level, trend
        After the last figure, in the indicator's unit.
    variance
        Of one step's error: the sum of squares over the figures less five.
    """

    alpha: float
    beta: float
    phi: float
    level: float
    trend: float
    variance: float
    squares: float

    def mean(self, steps: Array) -> Array:
        """Return the figures expected so many periods on."""
        damped = self.phi * (1 - self.phi**steps) / (1 - self.phi)
        return np.asarray(self.level + self.trend * damped)

    def spread(self, steps: Array) -> Array:
        """Return the standard deviations of those forecasts."""
        most = int(steps.max())
        powers = self.phi ** np.arange(1, most + 1)
        weights = self.alpha + self.beta * np.cumsum(powers)
        grown = np.concatenate([[0.0], np.cumsum(weights**2)])
        return np.asarray(np.sqrt(self.variance * (1 + grown[steps - 1])))


def follow(
    values: Array, *, alpha: float, beta: float, phi: float, level: float, trend: float
) -> Damped:
    """Return the state after `values`, from a given start with given parameters."""
    squares = 0.0
    for value in values:
        expected = level + phi * trend
        error = value - expected
        level, trend = expected + alpha * error, phi * trend + beta * error
        squares += error * error
    free = max(len(values) - 5, 1)
    return Damped(alpha, beta, phi, level, trend, squares / free, squares)


def fit_damped(values: Array, *, slowest: float = _SMALL) -> Damped:
    """Return the damped trend with the least squares of one-step errors.

    For given parameters the errors are linear in the first level and trend, so those two
    have a solution of their own; the parameters are found on a grid that is made finer
    around its best point. Numpy does for one series what takes a library that weighs
    seconds to import, and it is held to the same published fits.

    Parameters
    ----------
    slowest
        The least that `Damped.alpha` may be.

    Raises
    ------
    ValueError
        If there are fewer than eight figures, or one is not finite.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < FEWEST_DAMPED or not np.isfinite(values).all():
        raise ValueError("a damped trend needs eight finite figures")
    centre, span = np.array([0.5, 0.5, 0.89]), np.array([0.5, 0.5, 0.09])
    best = (math.inf, centre, np.zeros(2))
    for _ in range(_REFINED):
        grid = _grid(best[1], span, slowest)
        squares, starts = _errors(values, grid)
        at = int(np.argmin(squares))
        if squares[at] <= best[0]:
            best = (float(squares[at]), grid[at], starts[at])
        span = span * 0.4
    (alpha, beta, phi), (level, trend) = best[1], best[2]
    return follow(values, alpha=alpha, beta=beta, phi=phi, level=level, trend=trend)


def _grid(centre: Array, span: Array, slowest: float) -> Array:
    marks = np.linspace(-1, 1, 9)
    points = np.array(list(product(marks, repeat=3))) * span + centre
    points[:, 0] = points[:, 0].clip(slowest, 1 - _SMALL)
    points[:, 1] = np.minimum(points[:, 1].clip(_SMALL), points[:, 0])
    points[:, 2] = points[:, 2].clip(*_PHI)
    return np.unique(points, axis=0)


def _errors(values: Array, grid: Array) -> tuple[Array, Array]:
    """Return the least sum of squares at each point of the grid, and the start it needs."""
    alpha, beta, phi = grid.T
    # Errors of three worlds at once: the figures from a start of nought, and what a unit of
    # first level, and of first trend, adds to every error.
    level = np.zeros((3, len(grid)))
    trend = np.zeros((3, len(grid)))
    level[1], trend[2] = 1.0, 1.0
    shown = np.array([1.0, 0.0, 0.0])[:, None]
    moments = np.zeros((3, 3, len(grid)))
    for value in values:
        expected = level + phi * trend
        error = shown * value - expected
        level, trend = expected + alpha * error, phi * trend + beta * error
        moments += error[:, None] * error[None]
    a, b, c = moments[1, 1], moments[1, 2], moments[2, 2]
    p, q = moments[0, 1], moments[0, 2]
    determinant = a * c - b * b
    sound = np.abs(determinant) > 1e-12 * np.maximum(a * c, 1e-300)
    safe = np.where(sound, determinant, np.nan)
    starts = np.stack([(b * q - c * p) / safe, (b * p - a * q) / safe], axis=1)
    squares = moments[0, 0] + starts[:, 0] * p + starts[:, 1] * q
    return np.where(np.isfinite(squares), np.maximum(squares, 0.0), np.inf), starts


def ahead(values: Array, steps: Array) -> tuple[Array, Array, int]:
    """Return the figures expected, their standard deviations, and the degrees of freedom.

    A damped trend of eight figures or more, a straight line of four to seven. Degrees of
    freedom are those of Student's distribution: figures less what was fitted to them.

    Raises
    ------
    ValueError
        If there are fewer than four figures.
    """
    values = np.asarray(values, dtype=float)
    if len(values) >= FEWEST_DAMPED:
        found = fit_damped(values, slowest=_SLOWEST)
        return found.mean(steps), found.spread(steps), len(values) - 5
    if len(values) < FEWEST:
        raise ValueError("a line needs four figures")
    place = np.arange(len(values), dtype=float)
    slope, level = np.polyfit(place, values, 1)
    free = len(values) - 2
    left = values - level - slope * place
    off = place[-1] + steps - place.mean()
    far = 1 + 1 / len(values) + off**2 / ((place - place.mean()) ** 2).sum()
    spread = np.sqrt((left**2).sum() / free * far * (1 + _WIDER * steps))
    return level + slope * (place[-1] + steps), spread, free


def chance(mean: float, spread: float, target: float, *, sign: float, free: int = 0) -> float:
    """Return the probability that the target is reached, `sign` 1 where more is better."""
    gap = sign * (mean - target)
    dust = 1e-9 * max(1.0, abs(mean), abs(target))  # what binary leaves of nothing
    if spread <= dust:
        return float(gap >= -dust)
    return student_t.share_below(gap / spread, free)


def outlook_class(probability: float) -> str:
    """Return the class of a probability, one of `OUTLOOKS`."""
    if math.isnan(probability):
        return OUTLOOKS[-1]
    for name, least in zip(OUTLOOKS, _AT_LEAST, strict=False):
        if probability >= least:
            return name
    return OUTLOOKS[4]


def outlook(data: Dataset) -> pd.DataFrame:
    """Return where each indicator of the nation is heading by its final target's day.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        One row per indicator with a final target that is not due yet, and a direction:
        ``indicator_id, region_id, period`` (the latest observed), ``target_period``,
        ``value``, ``target_value``, ``figures`` (consecutive, up to the latest),
        ``forecast`` with ``lower`` and ``upper`` of 80 %, ``probability``, ``outlook`` of
        `OUTLOOKS` or `STALE`, ``required_rate`` (change a period that the target needs) and
        ``achieved_rate`` (of the last three), in the indicator's unit; ``tried`` and
        ``covered``, how many one-step forecasts of its own past there were and how many
        80 % intervals held the figure. Missing where there are too few figures.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    as_of = known_day(data)
    nation = data.registry.country_id
    final = trajectory.final(data.targets)
    final = final[final["region_id"] == nation].set_index("indicator_id")
    observed = data.observations[data.observations["region_id"] == nation]
    rows = []
    for name, indicator in data.registry.indicators.items():
        own = observed[observed["indicator_id"] == name]
        if name not in final.index or indicator.direction == "maintain":
            continue
        promise: Any = final.loc[name]
        target, due_on = float(promise["value"]), promise["due_on"]
        run = _run(own, indicator.frequency)
        if run.empty or run["period_end"].iloc[-1] >= due_on:
            continue
        sign = WAYS[indicator.direction]
        scale = scale_of(run["value"].to_numpy(float), data.registry.units[indicator.unit])
        found = _outlook(run, target, due_on, indicator.frequency, sign, scale)
        age = (as_of - run["period_end"].iloc[-1]).days
        if age > data.registry.rules.max_age_days.get(indicator.frequency, age):
            found |= dict.fromkeys(("forecast", "lower", "upper", "probability"), math.nan)
            found |= {"outlook": STALE}
        known = {"indicator_id": name, "region_id": nation, "plausible": indicator.plausible}
        rows.append(known | found)
    return _bounded(pd.DataFrame(rows, columns=[*_COLUMNS, "plausible"]))[_COLUMNS]


def _bounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts within what each indicator can be: no share beyond 100 %."""
    low = table["plausible"].str[0].astype("float64").fillna(-np.inf)
    high = table["plausible"].str[1].astype("float64").fillna(np.inf)
    shown = table[["forecast", "lower", "upper"]].astype("float64")
    return table.assign(**shown.clip(low, high, axis=0))


_COLUMNS = [
    *("indicator_id", "region_id", "period", "target_period", "value", "target_value"),
    *("figures", "forecast", "lower", "upper", "probability", "outlook"),
    *("required_rate", "achieved_rate", "tried", "covered"),
]


def _run(own: pd.DataFrame, frequency: str) -> pd.DataFrame:
    """Return the latest figures that follow each other without a gap."""
    rows = own[np.isfinite(own["value"])].sort_values("period_end")
    own_kind = [periods.frequency(one) == frequency for one in rows["period"]]
    rows = rows[np.array(own_kind, dtype=bool)]
    listed = rows["period"].tolist()
    start = len(listed) - 1
    while start > 0 and periods.shift(listed[start], -1) == listed[start - 1]:
        start -= 1
    run: pd.DataFrame = rows.iloc[max(start, 0) :]
    return run


@dataclass(frozen=True)
class Scale:
    """What figures are turned into before a line is laid through them, and back."""

    to: Callable[[Array], Array]
    back: Callable[[float], float]


_PLAIN = Scale(lambda values: values, lambda value: value)


def scale_of(values: Array, unit: Unit) -> Scale:
    """Return the scale to forecast on: the logit for a share that is near nought or all.

    There a share cannot move both ways alike. What is printed as 100 is half of its last
    decimal less at the least, and a target of 100 is reached when it is printed so.
    """
    low, high = _NEAR_LIMIT
    if unit.kind != "percent" or not ((values < low) | (values > high)).any():
        return _PLAIN
    if ((values < 0) | (values > 100)).any():
        return _PLAIN  # a percentage of something, such as a plan, and no share
    half = 0.5 * 10.0**-unit.decimals

    def logit(percent: Array) -> Array:
        share = np.asarray(percent, dtype=float).clip(half, 100 - half) / 100
        return np.asarray(np.log(share / (1 - share)))

    return Scale(logit, lambda value: 100 / (1 + math.exp(-value)))


def unbroken_runs(data: Dataset) -> list[Array]:
    """Return the latest figures without a gap of every indicator and region, oldest first.

    Parameters
    ----------
    data
        As known on a day.
    """
    known = data.registry.indicators
    groups = data.observations.groupby(SERIES, sort=True)
    unbroken = [
        (_run(own, known[str(key[0])].frequency)["value"].to_numpy(float))
        for key, own in groups
        if isinstance(key, tuple)
    ]
    return [values for values in unbroken if len(values)]


def _outlook(
    run: pd.DataFrame,
    target: float,
    due_on: pd.Timestamp,
    frequency: str,
    sign: float,
    scale: Scale,
) -> dict[str, object]:
    values, last = run["value"].to_numpy(float), str(run["period"].iloc[-1])
    due = periods.containing(due_on.date(), frequency)
    left = len(periods.span(last, due)) - 1
    found: dict[str, object] = {
        "period": last,
        "target_period": due,
        "value": values[-1],
        "target_value": target,
        "figures": len(values),
        "required_rate": (target - values[-1]) / left if left > 0 else math.nan,
        "achieved_rate": (values[-1] - values[-4]) / 3 if len(values) > 3 else math.nan,
    }
    if len(values) < FEWEST or left < 1:
        return found | {"outlook": OUTLOOKS[-1], "tried": 0, "covered": 0}
    scaled = scale.to(values)
    mean, spread, free = ahead(scaled, np.array([left]))
    middle, wide = float(mean[0]), float(spread[0])
    reach = student_t.reach80(free) * wide
    goal = float(scale.to(np.array([target]))[0])
    probability = chance(middle, wide, goal, sign=sign, free=free)
    tried, covered = backtest(scaled)
    return found | {
        "forecast": scale.back(middle),
        "lower": scale.back(middle - reach),
        "upper": scale.back(middle + reach),
        "probability": probability,
        "outlook": outlook_class(probability),
        "tried": tried,
        "covered": covered,
    }


def backtest(values: Array) -> tuple[int, int]:
    """Return how often the next figure was forecast from the past, and was in its interval.

    From every origin with four figures or more: what was known then, one step ahead.
    """
    tried = covered = 0
    for origin in range(FEWEST, len(values)):
        mean, spread, free = ahead(values[:origin], np.array([1]))
        tried += 1
        covered += abs(values[origin] - mean[0]) <= student_t.reach80(free) * spread[0] + 1e-12
    return tried, covered
