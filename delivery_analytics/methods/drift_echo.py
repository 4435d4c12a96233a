"""No change, plus as much of the drift and of the echo of the past as they have earned.

Ours, and one closed formula. Its constants were chosen on half of the published yearly series
of Kazakhstan's SDG indicators and on the yearly series of the M1 and M3 competitions, and held
on the others: `docs/reliability.md` shows it beside "no change", which smoothing, Theta and the
damped trend do not beat on such series. `METHODS.md` has the formulas, under Forecast.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from delivery_analytics.methods import student_t

FEWEST = 4  # figures
SEASONS = (4, 12)  # figures in a year that may repeat itself
WITHHELD = ("too_few", "still", "shock")  # why no chance may be printed, in the order tested
_FEWEST_PRINTED = 5
_SHOCK = 3  # spreads from what was forecast
_DOUBT = 6  # half of a drift is believed at the root of so many standard errors
_USUAL = 4  # changes of usual size that are added: a smooth past is not yet certain
_MOST_ECHO = 0.5
_SEASONAL = 1.5  # between the seasons, of what is within them

Array = np.ndarray


@dataclass(frozen=True)
class Foretold:
    """What is expected, and how far it may be off: Student's distribution around `mean`.

    Attributes
    ----------
    mean, spread, free
        The figure expected, its standard deviation, and the degrees of freedom.
    low, high
        The natural ends that hold, infinite where there are none.
    """

    mean: float
    spread: float
    free: int
    low: float = -math.inf
    high: float = math.inf

    @property
    def interval(self) -> tuple[float, float]:
        """Where four of five figures should lie, within the ends."""
        reach = student_t.reach80(self.free) * self.spread
        return max(self.mean - reach, self.low), min(self.mean + reach, self.high)

    def chance(self, target: float, *, sign: float, half: float = 0.0) -> float:
        """Return the probability that the target is reached.

        Parameters
        ----------
        sign
            1 where more is better, -1 where less is.
        half
            Half of the last decimal that figures are written with: a figure that is
            printed as the target has reached it.
        """
        slack = half + 1e-9 * abs(target)  # what binary leaves of nothing
        if (target - slack > self.high) if sign > 0 else (target + slack < self.low):
            return 0.0
        gap = sign * (self.mean - target) + half
        if self.spread == 0:
            return float(gap >= -1e-9 * abs(target))  # what binary leaves of nothing
        return student_t.share_below(gap / self.spread, self.free)


@dataclass(frozen=True)
class Projection:
    """Where a series leads from its last figure.

    Attributes
    ----------
    last, drift, rest
        The last figure, the drift a period that is believed, and what the last change was
        beside it; in the unit of the series.
    k, rho
        How much of the drift is believed, 0 to 1, and of each change comes back in the next.
    variance
        Of a change, in the square of the unit.
    changes, free
        How many changes there were, and the degrees of freedom of Student's distribution.
    seasons
        What each season adds to a change, by its place in the year; one nought without.
    low, high
        The natural ends that hold, infinite where there are none.
    """

    last: float
    drift: float
    rest: float
    k: float
    rho: float
    variance: float
    changes: int
    free: int
    seasons: Array
    low: float = -math.inf
    high: float = math.inf

    def expected(self, step: int) -> float:
        """Return the figure expected so many periods on: at most half of the way to an end."""
        steps = np.arange(1, step + 1)
        echo = self.rest * (self.rho**steps).sum()
        season = self.seasons[(self.changes + steps) % len(self.seasons)].sum()
        mean = self.last + self.drift * step + echo + season
        ends = (self.last + self.low) / 2, (self.last + self.high) / 2
        return float(min(max(mean, ends[0]), ends[1]))

    def ahead(self, last: int, *, first: int = 0) -> Foretold:
        """Return what is expected `last` periods on, or of all from `first` to it together.

        The errors of one period are in all that follow it, so their sum is wider than if
        they were thrown anew each time.
        """
        steps = range(first or last, last + 1)
        grown = np.concatenate([[0.0], np.cumsum(np.cumsum(self.rho ** np.arange(last)))])
        left = np.arange(1, last + 1)  # periods that an error is in, from the last one back
        weights = grown[left] - grown[np.maximum(left - len(steps), 0)]
        noise = (1 - self.rho**2) * (weights**2).sum()
        doubt = 2 * self.k * sum(steps) ** 2 / self.changes
        return Foretold(
            mean=sum(self.expected(step) for step in steps),
            spread=math.sqrt(self.variance * (noise + doubt)),
            free=self.free,
            low=self.low * len(steps),
            high=self.high * len(steps),
        )


def project(
    values: Array, *, season: int = 1, low: float = -math.inf, high: float = math.inf
) -> Projection:
    """Return where `values` lead.

    Parameters
    ----------
    values
        Four figures or more of one frequency, consecutive, oldest first.
    season
        Figures in a year; a pattern is looked for in quarters and months.
    low, high
        Natural ends; one that the last figure is beyond is not used.

    Raises
    ------
    ValueError
        If there are fewer than four figures, or one is not finite.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < FEWEST or not np.isfinite(values).all():
        raise ValueError("a forecast needs four finite figures")
    changes, seasons, lost = _deseasoned(np.diff(values), season)
    m = len(changes)
    b = changes.mean()
    error = ((changes - b) ** 2).sum() / (m - 1) / m
    k = b**2 / (b**2 + _DOUBT * error) if b else 0.0
    rest = changes - k * b
    squares, usual = (rest**2).sum(), (changes**2).mean()
    rho = 0.0
    if squares > 1e-18 * usual * m:
        rho = (rest[1:] * rest[:-1]).sum() / squares * m / (m + _DOUBT)
    return Projection(
        last=float(values[-1]),
        drift=float(k * b),
        rest=float(rest[-1]),
        k=float(k),
        rho=float(min(max(rho, -_MOST_ECHO), _MOST_ECHO)),
        variance=float((squares + _USUAL * usual) / (m + _USUAL - lost)),
        changes=m,
        free=m - lost,
        seasons=seasons,
        low=low if values[-1] >= low else -math.inf,
        high=high if values[-1] <= high else math.inf,
    )


def no_change(values: Array, *, low: float = -math.inf, high: float = math.inf) -> Projection:
    """Return "stays as it was", with usual changes: what a forecast must beat.

    Arguments as for `project`.
    """
    found = project(values, low=low, high=high)
    usual = float((np.diff(np.asarray(values, dtype=float)) ** 2).mean())
    return replace(found, drift=0.0, rest=0.0, k=0.0, rho=0.0, variance=usual)


def withheld(
    values: Array, *, season: int = 1, low: float = -math.inf, high: float = math.inf
) -> str:
    """Return why no chance of these figures may be printed, of `WITHHELD`, or nothing.

    Fewer than five figures; half or more of the changes nought; a last figure three
    spreads or more from what those before it led to expect. Arguments as for `project`.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < _FEWEST_PRINTED:
        return "too_few"
    nought = np.abs(np.diff(values)) <= 1e-9 * max(1.0, np.abs(values).max())
    if 2 * nought.sum() >= len(nought):
        return "still"
    foreseen = project(values[:-1], season=season, low=low, high=high).ahead(1)
    return "shock" if abs(values[-1] - foreseen.mean) >= _SHOCK * foreseen.spread else ""


def half_decimal(values: Array) -> float:
    """Return half of the finest decimal that `values` are written with, of nought to three."""
    values = np.asarray(values, dtype=float)
    dust = 1e-9 * np.maximum(1.0, np.abs(values))
    for decimals in range(3):
        if (np.abs(values - values.round(decimals)) <= dust).all():
            return 0.5 * 10.0**-decimals
    return 0.5e-3


def _deseasoned(changes: Array, season: int) -> tuple[Array, Array, int]:
    """Return the changes without their seasons, what each adds, and the degrees it cost."""
    m = len(changes)
    if season not in SEASONS or m + 1 < 2 * season + 2:
        return changes, np.zeros(1), 0
    off = changes - changes.mean()
    phase = np.arange(1, m + 1) % season
    counts = np.bincount(phase, minlength=season)
    added = np.bincount(phase, off, minlength=season) / counts
    between = (counts * added**2).sum() / (season - 1)
    within = ((off - added[phase]) ** 2).sum() / (m - season)
    if between <= _SEASONAL * within:
        return changes, np.zeros(1), 0
    added = (added - added.mean()) * (1 - within / between)
    return changes - added[phase], added, season - 1
