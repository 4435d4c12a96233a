"""What the figures led to expect, by METHODS.md, Forecast: plain numbers, without the library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.sentences.judging import frequency, start

if TYPE_CHECKING:
    from tests.sentences.truth import Truth

_SIGNS = {"increase": 1, "decrease": -1}
_MONTHS = {"annual": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}


@dataclass(frozen=True)
class Series:
    """The latest figures that follow each other, their natural ends and their target."""

    figures: tuple[float, ...]
    period_end: pd.Timestamp
    season: int
    low: float
    high: float
    counted: bool  # from January on: `figures` are what each period added
    sign: int
    target: float
    due: pd.Timestamp
    steps: int  # periods from the last figure to the one that the target is due in


def series(truth: Truth, indicator: str) -> Series | None:
    """Return the nation's figures of an indicator that has a final target and a direction."""
    agreed = truth.indicators[indicator]
    promised = truth.judged(indicator, "KZ")
    rows = truth.known["observations"]
    rows = rows[(rows["indicator_id"] == indicator) & (rows["region_id"] == "KZ")]
    often = agreed.get("frequency", "annual")
    rows = rows[rows["value"].notna() & (rows["period"].map(frequency) == often)]
    if promised.target is None or agreed["direction"] not in _SIGNS or rows.empty:
        return None
    rows = rows.sort_values("period_end")
    places = [one.year * 12 + one.month for one in rows["period_end"]]
    first = len(rows) - 1
    while first and places[first] - places[first - 1] == _MONTHS[often]:
        first -= 1
    values = [float(one) for one in rows["value"]][first:]
    counted = bool(agreed.get("cumulative")) and often != "annual"
    if counted:
        opens = [start(one).month == 1 for one in rows["period"]][first:]
        added = [now - then for then, now in pairwise(values)]
        added = [
            one if new else step
            for one, new, step in zip(values[1:], opens[1:], added, strict=True)
        ]
        figures = [values[0], *added] if opens[0] else added
    else:
        figures = values
    known = [*values, *(one for one in agreed.get("plausible", ()) if one is not None)]
    share = truth.units[agreed["unit"]].get("kind") == "percent" and max(known) <= 100
    end = rows["period_end"].iloc[-1]
    assert promised.due is not None
    ahead = (promised.due.year - end.year) * 12 + promised.due.month - end.month
    return Series(
        tuple(figures),
        end,
        12 // _MONTHS[often],
        0.0 if min(known) >= 0 else -math.inf,
        100.0 if share else math.inf,
        counted,
        _SIGNS[agreed["direction"]],
        promised.target,
        promised.due,
        -(-ahead // _MONTHS[often]),
    )


def share_below(t: float, free: int) -> float:
    """Return Student's distribution by Simpson's rule, t being √n·tan of an angle."""
    angle, pieces = math.atan(t / math.sqrt(free)), 400
    step = angle / pieces
    weights = [1, *[4, 2] * (pieces // 2 - 1), 4, 1]
    area = sum(w * math.cos(i * step) ** (free - 1) for i, w in enumerate(weights)) * step / 3
    whole = math.sqrt(math.pi) * math.gamma(free / 2) / math.gamma((free + 1) / 2)
    return 0.5 + area / whole


@dataclass(frozen=True)
class Outlook:
    """A distribution of Student's around what is expected, with the ends that hold."""

    mean: float
    spread: float
    free: int
    low: float
    high: float

    def chance(self, target: float, sign: int, half: float) -> float:
        slack = half + 1e-9 * abs(target)
        beyond = target - slack > self.high if sign > 0 else target + slack < self.low
        gap = sign * (self.mean - target) + half
        if beyond or not self.spread:
            return float(not beyond and gap >= -1e-9 * abs(target))
        return share_below(gap / self.spread, self.free)


def _seasons(changes: list[float], season: int) -> list[float]:
    """Return what each season adds to a change; nothing where there is no pattern."""
    m = len(changes)
    if season not in (4, 12) or m + 1 < 2 * season + 2:
        return []
    mean = sum(changes) / m
    off = {
        q: [changes[i] - mean for i in range(m) if (i + 1) % season == q] for q in range(season)
    }
    level = {q: sum(of) / len(of) for q, of in off.items()}
    between = sum(len(off[q]) * level[q] ** 2 for q in off) / (season - 1)
    within = sum((one - level[q]) ** 2 for q in off for one in off[q]) / (m - season)
    if between <= 1.5 * within:
        return []
    middle = sum(level.values()) / season
    return [(level[q] - middle) * (1 - within / between) for q in range(season)]


def ahead(
    figures: tuple[float, ...], steps: int, *, season: int, low: float, high: float
) -> Outlook:
    """Return what is expected so many periods on: no change, and what has been earned."""
    changes = [now - then for then, now in pairwise(figures)]
    added = _seasons(changes, season)
    changes = [one - (added[(i + 1) % season] if added else 0) for i, one in enumerate(changes)]
    m, lost = len(changes), season - 1 if added else 0
    b = sum(changes) / m
    error = sum((one - b) ** 2 for one in changes) / (m - 1) / m
    k = b**2 / (b**2 + 6 * error) if b else 0.0
    rest = [one - k * b for one in changes]
    squares, usual = sum(one**2 for one in rest), sum(one**2 for one in changes) / m
    rho = 0.0
    if squares > 1e-18 * usual * m:
        rho = sum(x * y for x, y in pairwise(rest)) / squares * m / (m + 6)
        rho = max(-0.5, min(0.5, rho))
    mean = figures[-1] + k * b * steps
    mean += rest[-1] * sum(rho**i for i in range(1, steps + 1))
    mean += sum(added[(m + i) % season] for i in range(1, steps + 1)) if added else 0
    noise = (1 - rho**2) * sum(sum(rho**i for i in range(j + 1)) ** 2 for j in range(steps))
    variance = (squares + 4 * usual) / (m + 4 - lost)
    spread = math.sqrt(variance * (noise + 2 * k * steps**2 / m))
    return _ended(mean, spread, m - lost, figures[-1], low, high)


def unchanged(figures: tuple[float, ...], steps: int, *, low: float, high: float) -> Outlook:
    """Return "stays as it was", with the changes that are usual."""
    changes = [now - then for then, now in pairwise(figures)]
    usual = sum(one**2 for one in changes) / len(changes)
    return _ended(figures[-1], math.sqrt(usual * steps), len(changes), figures[-1], low, high)


def _ended(
    mean: float, spread: float, free: int, last: float, low: float, high: float
) -> Outlook:
    low, high = (low if last >= low else -math.inf), (high if last <= high else math.inf)
    mean = min(max(mean, (last + low) / 2), (last + high) / 2)
    return Outlook(mean, spread, free, low, high)


def withheld(figures: tuple[float, ...], **how: Any) -> bool:
    """Say whether no chance of such figures is printed: few, still, or after a shock."""
    if len(figures) < 5:
        return True
    nought = 1e-9 * max(1.0, *map(abs, figures))
    still = sum(abs(now - then) <= nought for then, now in pairwise(figures))
    if 2 * still >= len(figures) - 1:
        return True
    before = ahead(figures[:-1], 1, **how)
    return abs(figures[-1] - before.mean) >= 3 * before.spread


def half_of(figures: tuple[float, ...]) -> float:
    """Return half of the last decimal, of nought to three, that figures are written with."""
    for decimals in range(3):
        if all(abs(x - round(x, decimals)) <= 1e-9 * max(1, abs(x)) for x in figures):
            return float(0.5 * 10.0**-decimals)
    return 0.5e-3


def chance(truth: Truth, indicator: str) -> float | None:
    """Return the chance of the nation's final target; nothing where none is printed."""
    own = series(truth, indicator)
    if own is None or own.period_end >= own.due:
        return None
    limit = truth.definition("status.toml")["max_age_days"]
    often = truth.indicators[indicator].get("frequency", "annual")
    if (truth.as_of - own.period_end).days > limit[often]:
        return None
    how = {"season": own.season, "low": own.low, "high": own.high}
    if withheld(own.figures, **how):
        return None
    if own.counted:
        return math.nan  # one is printed, and is not worked out here
    found = ahead(own.figures, own.steps, **how)
    return found.chance(own.target, own.sign, half_of(own.figures))


@cache
def record(truth: Truth) -> pd.DataFrame:
    """Return what would have been said of today's final targets, of the nation, and what came."""
    rows = []
    for name in truth.indicators:
        own = series(truth, name)
        if own is None or own.counted:
            continue
        ends = {"low": own.low, "high": own.high}
        for known in range(4, len(own.figures)):
            past = own.figures[:known]
            if withheld(past, season=own.season, **ends):
                continue
            half = half_of(past)
            for step in range(1, min(3, len(own.figures) - known) + 1):
                missing = own.sign * (own.target - own.figures[known + step - 1])
                came = missing <= half + 1e-9 * abs(own.target)
                said, plain = (
                    one.chance(own.target, own.sign, half)
                    for one in (
                        ahead(past, step, season=own.season, **ends),
                        unchanged(past, step, **ends),
                    )
                )
                rows.append((said, plain, float(came)))
    return pd.DataFrame(rows, columns=["said", "plain", "came"])
