"""Where an indicator is heading: what is expected, its interval, and the chance of the target.

The formula is `drift_echo`; here it meets series, targets, natural ends and the gate before a
chance is printed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import known_day
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import drift_echo
from delivery_analytics.methods.base import SERIES, WAYS, coded, worse
from delivery_analytics.model import periods
from delivery_analytics.model.asking import remembered
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Unit

OUTLOOKS = ("likely", "probable", "even", "doubtful", "unlikely")
STALE = "stale"  # the latest figure is older than its frequency allows
# Why there is no chance, in the place of its class.
NO_CHANCE = (*drift_echo.WITHHELD, STALE)
DISAGREEMENTS = ("slipping", "recovering")  # how a status and its outlook can disagree
_AT_LEAST = (80, 60, 40, 20)  # per cent, as printed
MOST, LEAST = 0.9, 0.1  # beyond these a chance is said in words, not as a figure

Array = np.ndarray


@dataclass(frozen=True)
class Run:
    """The latest figures of a series that follow each other without a gap.

    Attributes
    ----------
    figures
        Oldest first, in the indicator's unit; what is counted from January on is here
        what each period added.
    period
        The last one.
    season
        Figures in a year.
    low, high
        Natural ends: see `natural_ends`.
    counted
        What the year has come to, where figures are counted from January on; else missing.
    """

    figures: Array
    period: str = ""
    season: int = 1
    low: float = -math.inf
    high: float = math.inf
    counted: float = math.nan

    @property
    def _arguments(self) -> dict[str, Any]:
        return {"season": self.season, "low": self.low, "high": self.high}

    @property
    def counts(self) -> bool:
        """Whether figures are counted from January on."""
        return not math.isnan(self.counted)

    @property
    def latest(self) -> float:
        """The last figure as it was reported."""
        return self.counted if self.counts else float(self.figures[-1])

    @property
    def may_be_drawn(self) -> bool:
        """Whether an interval may be shown: of four figures too, but of no shock."""
        enough = len(self.figures) >= drift_echo.FEWEST
        return enough and self.withheld in ("", "too_few")

    @cached_property
    def withheld(self) -> str:
        """Why no chance may be printed; see `drift_echo.withheld`."""
        return drift_echo.withheld(self.figures, **self._arguments)

    @cached_property
    def projection(self) -> drift_echo.Projection:
        """Where it leads; needs four figures."""
        return drift_echo.project(self.figures, **self._arguments)

    def up_to(self, known: int) -> Run:
        """Return what was known of it after so many figures; its year is not counted up."""
        return Run(self.figures[:known], "", self.season, self.low, self.high)

    def at(self, period: str) -> drift_echo.Foretold:
        """Return what is expected of a period to come; needs four figures."""
        first, last, base = self.steps_to(period)
        found = self.projection.ahead(last, first=first)
        moved = {name: getattr(found, name) + base for name in ("mean", "low", "high")}
        return replace(found, **moved)

    def steps_to(self, period: str) -> tuple[int, int, float]:
        """Return which periods on, first and last, make the figure of `period`, and on what.

        One period, on nothing; of what is counted from January, those of its year still
        to come, on what the year has come to.
        """
        last = len(periods.span(self.period, period)) - 1
        if not self.counts:
            return last, last, 0.0
        place = len(periods.span(f"{period[:4]}{_FIRST[periods.frequency(period)]}", period))
        begun = periods.year(period) == periods.year(self.period)
        return max(1, last - place + 1), last, self.counted if begun else 0.0


_FIRST = {periods.HALF_YEARLY: "-S1", periods.QUARTERLY: "-Q1", periods.MONTHLY: "-01"}


def natural_ends(values: Array, indicator: Indicator, unit: Unit) -> tuple[float, float]:
    """Return the least and the most that a figure of this kind can be, infinite if nothing.

    Nought for counts, rates, indices and money, and nought and a hundred for percentages,
    unless a figure or what is `plausible` shows that it can be beyond: a balance falls
    below nought, and the execution of a plan rises above a hundred per cent.
    """
    known = [value for value in (*values, *indicator.plausible) if value is not None]
    low = 0.0 if min(known, default=0.0) >= 0 else -math.inf
    share = unit.kind == "percent" and max(known, default=0.0) <= 100
    return low, 100.0 if share else math.inf


def run_of(own: pd.DataFrame, indicator: Indicator, unit: Unit) -> Run | None:
    """Return the latest unbroken figures of one series, or nothing where there are none.

    Parameters
    ----------
    own
        Rows of `observations` of one indicator and region, one a period.
    """
    rows = own[np.isfinite(own["value"])].sort_values("period_end")
    rows = rows[[periods.frequency(one) == indicator.frequency for one in rows["period"]]]
    if rows.empty:
        return None
    listed = rows["period"].tolist()
    start = len(listed) - 1
    while start > 0 and periods.shift(listed[start], -1) == listed[start - 1]:
        start -= 1
    values, counted = rows["value"].to_numpy(float)[start:], math.nan
    if indicator.cumulative and indicator.frequency in _FIRST:
        opens = np.array([one.endswith(tuple(_FIRST.values())) for one in listed[start:]])
        counted = float(values[-1])
        added = np.where(opens, values, np.diff(values, prepend=0.0))
        values = added if opens[0] else added[1:]
    low, high = natural_ends(values, indicator, unit)
    season = 12 // periods.MONTHS_IN[indicator.frequency]
    return Run(values, listed[-1], season, low, high, counted)


def unbroken_runs(data: Dataset, *, region_id: str | None = None) -> dict[tuple[str, str], Run]:
    """Return the latest unbroken figures of every indicator and region that has figures.

    Parameters
    ----------
    data
        As known on a day.
    region_id
        Only those of one region.
    """
    data.registry.check("region", region_id)
    known, units = data.registry.indicators, data.registry.units
    rows, found = data.observations, {}
    if region_id is not None:
        rows = rows[rows["region_id"] == region_id]
    for key, own in rows.groupby(SERIES, sort=True):
        name, region = map(str, key)
        indicator = known[name]
        run = run_of(own, indicator, units[indicator.unit])
        if run is not None:
            found[name, region] = run
    return found


def printed_percent(probability: float) -> int:
    """Return a chance in whole per cent, as it is printed and classed.

    Raises
    ------
    DefinitionError
        If it is none from 0 to 1.
    """
    if probability < 0 or probability > 1:
        raise DefinitionError(f"A chance is from 0 to 1, and {probability:g} is none")
    return math.floor(100 * probability + 0.5)


def outlook_class(probability: float) -> str:
    """Return the class of a chance as it is printed, one of `OUTLOOKS`."""
    printed = printed_percent(probability)
    for name, least in zip(OUTLOOKS, _AT_LEAST, strict=False):
        if printed >= least:
            return name
    return OUTLOOKS[-1]


class Promise(NamedTuple):
    """A final target in force, with the figures that are to reach it.

    `sign` is 1 where more is better, -1 where less is.
    """

    indicator: Indicator
    run: Run
    value: float
    due_on: pd.Timestamp
    sign: float


def promises(data: Dataset, *, region_id: str | None = None) -> list[Promise]:
    """Return a region's final targets that have figures, indicators in their order.

    Otherwise the nation's. Indicators that are to be kept at a level are left out.
    """
    due, places = trajectory.final(data.targets).set_index(SERIES), data.registry.at(region_id)
    series: dict[Any, Run] = {}
    for place in places:
        series |= unbroken_runs(data, region_id=place)
    return [
        Promise(
            indicator,
            series[name, place],
            float(due["value"][name, place]),
            due["due_on"][name, place],
            WAYS[indicator.direction],
        )
        for place in places
        for name, indicator in data.registry.indicators.items()
        if (name, place) in due.index
        and (name, place) in series
        and indicator.direction in WAYS
    ]


def outlook(data: Dataset, *, region_id: str | None = None) -> pd.DataFrame:
    """Return where each indicator of a region is heading by its final target's day.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    region_id
        Otherwise the nation.

    Returns
    -------
    DataFrame
        One row per indicator with a final target that is not due yet, and a direction:
        ``indicator_id, region_id, period`` (the latest observed), ``target_period``,
        ``value``, ``target_value``, ``figures`` (consecutive, up to the latest),
        ``forecast`` with ``lower`` and ``upper`` of 80 %, ``probability``, ``outlook`` of
        `OUTLOOKS`, or of `NO_CHANCE` where no chance may be printed, ``required_rate``
        (change a period that the target needs) and ``achieved_rate`` (of the last three),
        in the indicator's unit; ``tried`` and ``covered``, how many one-step forecasts of
        its own past there were and how many 80 % intervals held the figure. Missing where
        nothing may be said.

    Raises
    ------
    DefinitionError
        If `data` has no day, or there is no such region.
    """
    found = [_outlooks(data, place) for place in data.registry.at(region_id)]
    return pd.concat(found, ignore_index=True)


@remembered  # asked for by every table and chart that reconciles a status with it
def _outlooks(data: Dataset, place: str) -> pd.DataFrame:
    as_of, limits = known_day(data), data.registry.rules.max_age_days
    rows = []
    for promise in promises(data, region_id=place):
        name, frequency = promise.indicator.id, promise.indicator.frequency
        ended = pd.Timestamp(periods.end(promise.run.period))
        if ended < promise.due_on:
            age = (as_of - ended).days
            row = _outlook(promise, stale=age > limits.get(frequency, age))
            rows.append({"indicator_id": name, "region_id": place, **row})
    return pd.DataFrame(rows, columns=_COLUMNS)


def beside_status(assessments: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Return assessments beside what their figures lead to, and where the two disagree.

    Parameters
    ----------
    data
        What they were assessed from.

    Returns
    -------
    DataFrame
        The assessments, on their index, with ``target_period, lower, upper, probability,
        outlook`` of `outlook`, missing where there is none, and ``disagreement``: empty,
        or of `DISAGREEMENTS`. ``slipping`` is what is achieved or on track and is not
        expected to reach its target: its chance is doubtful or unlikely, or no chance is
        given and its whole interval is short of the target. ``recovering`` is what is at risk
        or off track and is expected to reach it: likely or probable, or the whole interval
        reaches the target.

    Raises
    ------
    DefinitionError
        If `data` has no day.
    """
    judged = assessments[assessments["status"] != "not_judged"]
    found = [outlook(data, region_id=one) for one in judged["region_id"].unique()]
    ahead = pd.concat([one for one in found if len(one)] or [pd.DataFrame(columns=_COLUMNS)])
    ahead = ahead.rename(columns={"target_value": "promised"})
    ahead = ahead[[*SERIES, "target_period", "promised", *_AHEAD]]
    rows = assessments.merge(ahead, on=SERIES, how="left", validate="many_to_one")
    rows = rows.set_index(assessments.index)
    ways = {name: one.direction for name, one in data.registry.indicators.items()}
    rising = rows["indicator_id"].map(ways) == "increase"
    least = rows["lower"].where(rising, -rows["upper"]).astype("float64")
    most = rows["upper"].where(rising, -rows["lower"]).astype("float64")
    target = rows["promised"].where(rising, -rows["promised"]).astype("float64")
    unsaid, sign = rows["probability"].isna(), pd.Series(1.0, rows.index)
    said = rows["outlook"]
    comes = said.isin(OUTLOOKS[:2]) | (unsaid & least.notna() & ~worse(least, target, sign))
    fails = said.isin(OUTLOOKS[3:]) | (unsaid & worse(most, target, sign))
    good = rows["status"].isin(["achieved", "on_track"])
    behind = rows["status"].isin(["at_risk", "off_track"])
    disagreement = coded({"slipping": good & fails, "recovering": behind & comes})
    return rows.drop(columns="promised").assign(disagreement=disagreement)


_AHEAD = ("lower", "upper", "probability", "outlook")
_COLUMNS = [
    *("indicator_id", "region_id", "period", "target_period", "value", "target_value"),
    *("figures", "forecast", *_AHEAD),
    *("required_rate", "achieved_rate", "tried", "covered"),
]


def _outlook(promise: Promise, *, stale: bool) -> dict[str, object]:
    run, values = promise.run, promise.run.figures
    due = periods.containing(promise.due_on.date(), promise.indicator.frequency)
    first, last, base = run.steps_to(due)
    begun, left = (base, last - first + 1) if run.counts else (run.latest, last)
    tried, covered = backtest(run)
    why = STALE if stale else run.withheld
    found: dict[str, object] = {
        "period": run.period,
        "target_period": due,
        "value": run.latest,
        "target_value": promise.value,
        "figures": len(values),
        "outlook": why,
        "required_rate": (promise.value - begun) / left,
        "achieved_rate": _of_late(run),
        "tried": tried,
        "covered": covered,
    }
    if stale or not run.may_be_drawn:
        return found
    outcome = run.at(due)
    lower, upper = outcome.interval
    found |= {"forecast": outcome.mean, "lower": lower, "upper": upper}
    if why:
        return found
    half = drift_echo.half_decimal(values)
    probability = outcome.chance(promise.value, sign=promise.sign, half=half)
    return found | {"probability": probability, "outlook": outlook_class(probability)}


def _of_late(run: Run) -> float:
    """Return the change a period of the last three, or what they added each."""
    if run.counts:
        return float(run.figures[-3:].mean()) if len(run.figures) >= 3 else math.nan
    return float(run.figures[-1] - run.figures[-4]) / 3 if len(run.figures) > 3 else math.nan


def backtest(run: Run) -> tuple[int, int]:
    """Return how often the next figure was forecast from the past, and was in its interval.

    From every origin with four figures or more: what was known then, one step ahead.
    """
    tried = covered = 0
    for origin in range(drift_echo.FEWEST, len(run.figures)):
        low, high = run.up_to(origin).projection.ahead(1).interval
        tried += 1
        covered += low - 1e-12 <= run.figures[origin] <= high + 1e-12
    return tried, covered
