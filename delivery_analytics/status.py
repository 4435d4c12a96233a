"""Judge whether delivery is on track: one function per method.

`assess` has the facts of every indicator and region gathered and hands them to `judge`.
`judge` lets the method compare the numbers, and keeps the rules that no method may bend:
nothing missing, outdated or contradictory is judged, `achieved` means that the final
target itself was reached, and a promise that is due and not kept is not on track.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics import schema
from delivery_analytics.dataset import Dataset
from delivery_analytics.errors import DefinitionError
from delivery_analytics.facts import gather
from delivery_analytics.registry import Registry

Method = Callable[..., pd.DataFrame]

METHODS: dict[str, Method] = {}
AGAINST: dict[str, str] = {}

SIGNS = {"increase": 1.0, "decrease": -1.0, "maintain": 0.0}

# A threshold of 0.95 must hold for a score that is 0.95 on paper and 0.9499999999999998
# in binary.
_SLACK = 1e-9

# Reasons for which a ratio has no value although value and target can be compared.
_NO_RATIO = ("no_planned_change", "zero_plan")


def method(*, against: str = "expected_value") -> Callable[[Method], Method]:
    """Make a function a status method, known to sector files by its own name.

    The function takes the facts (see `judge`), and its thresholds by keyword, whose
    defaults stand where ``status.toml`` says nothing. It returns ``score``, ``status``
    and ``reason``, aligned with the facts. `against` is the column of the facts that it
    compares the value with; assessments show it as the expected value.
    """

    def register(function: Method) -> Method:
        METHODS[function.__name__] = function
        AGAINST[function.__name__] = against
        return function

    return register


@method()
def share_of_planned_change(
    facts: pd.DataFrame,
    *,
    on_track: float = 0.95,
    at_risk: float = 0.85,
    ahead: float = 1.15,
    floor: float = 0.1,
) -> pd.DataFrame:
    """Judge by the share of the change planned by now that has been delivered.

    The score is 1.0 exactly on the trajectory, 0.0 without movement from the baseline,
    and below zero for movement the wrong way; it reads the same whether an indicator
    should rise or fall. It is missing where a number is missing, and where baseline and
    target are the same: there is no share of nothing.

    Parameters
    ----------
    on_track, at_risk, ahead
        Lowest scores of the statuses; above `ahead` delivery is ahead of the trajectory.
    floor
        Share of the whole change, baseline to target, that counts as planned at least, so
        that an early or flat stretch does not turn a small difference into a large score.

    Notes
    -----
    ``1 + direction * (value - expected) / max(|expected - baseline|, floor * |target -
    baseline|)``. Where the floor does not bind and the path leads in the indicator's
    direction this is delivered over planned change, the linear form of the
    compound-growth ratio in Open SDG's progress measure,
    https://open-sdg.readthedocs.io/en/latest/progress/. Being linear, it needs no special
    case for a baseline or target of zero. Floor and bands: METHODS.md.
    """
    sign = facts["direction"].map(SIGNS).astype("float64")
    base, expected, target = (
        facts[f"{name}_value"] for name in ("baseline", "expected", "target")
    )
    planned = pd.Series(
        np.maximum((expected - base).abs(), floor * (target - base).abs()), index=facts.index
    )
    changes = (target != base) & (planned > 0) & np.isfinite(planned)
    score = 1 + sign * (facts["value"] - expected) / planned.where(changes)
    status = _banded(score, on_track=on_track, at_risk=at_risk)
    reason = np.select(
        [
            target.isna(),
            base.isna(),
            expected.isna(),
            score.isna(),
            score > ahead + _SLACK,
            status == "on_track",
            sign * (facts["value"] - base) < 0,
        ],
        [
            "no_target",
            "no_baseline",
            "no_plan_for_period",
            "no_planned_change",
            "ahead_of_trajectory",
            "on_trajectory",
            "against_direction",
        ],
        default="below_trajectory",
    )
    return _graded(score, status, reason)


@method(against="plan_value")
def kz_plan_execution(
    facts: pd.DataFrame,
    *,
    on_track: float = 100.0,
    at_risk: float = 90.0,
    index_on_track: float = 0.0,
    index_at_risk: float = -1.0,
) -> pd.DataFrame:
    """Judge by the execution of the period's plan, as Kazakhstan's programmes report it.

    The score is a percentage, ``100 * fact / plan`` where more is better and ``100 * plan
    / fact`` where less is. Growth indices (a unit of kind ``index``, 105.4 meaning +5.4 %)
    are compared by difference: their score is in percentage points, fact less plan, the
    sign turned where less is better. It is missing where the plan is missing, zero or
    negative, and where less is better and nothing is left to reduce: that plan is met.

    Parameters
    ----------
    on_track, at_risk
        Lowest percentages of the statuses.
    index_on_track, index_at_risk
        The same for indices, in percentage points.

    Notes
    -----
    METHODS.md, indicator decomposition.
    """
    sign = facts["direction"].map(SIGNS).astype("float64")
    fact, plan = facts["value"], facts["plan_value"]
    index = facts["unit_kind"] == "index"
    nothing_left = (sign < 0) & (fact <= 0) & (plan > 0) & ~index
    percent = (100 * fact / plan.where(plan > 0)).where(
        sign > 0, 100 * plan.where(plan > 0) / fact.where(fact > 0)
    )
    score = percent.mask(index, sign * (fact - plan))
    status = _banded(score, on_track=on_track, at_risk=at_risk)
    status = np.where(
        index, _banded(score, on_track=index_on_track, at_risk=index_at_risk), status
    )
    status = np.where(nothing_left, "on_track", status)
    reason = np.select(
        [plan.isna(), status == "not_judged", status == "on_track", status == "at_risk"],
        ["no_plan_for_period", "zero_plan", "plan_met", "plan_nearly_met"],
        default="plan_missed",
    )
    return _graded(score, status, reason)


def within_tolerance(facts: pd.DataFrame) -> pd.DataFrame:
    """Judge indicators that should keep their level, whichever method judges the others.

    On track up to the tolerance from the target, at risk up to twice the tolerance, in
    the indicator's own unit. There is no score.
    """
    value, target, tolerance = facts["value"], facts["target_value"], facts["tolerance"]
    distance = (value - target).abs()
    slack = _SLACK * np.maximum(value.abs(), target.abs())
    status = np.select(
        [distance.isna(), distance <= tolerance + slack, distance <= 2 * tolerance + slack],
        ["not_judged", "on_track", "at_risk"],
        default="off_track",
    )
    reason = np.select(
        [target.isna(), status == "on_track"],
        ["no_target", "within_tolerance"],
        default="outside_tolerance",
    )
    return _graded(pd.Series(np.nan, index=facts.index), status, reason)


def judge(
    facts: pd.DataFrame, *, method: str, rules: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the judgement on each row of `facts`.

    Parameters
    ----------
    facts
        One row per indicator and region, on a unique index; see `facts.gather`.
    method
        One of `METHODS`.
    rules
        Thresholds of the method by name; its own defaults where left out.

    Returns
    -------
    DataFrame
        ``score`` in the method's scale, finite or missing; ``status`` of
        `schema.STATUSES`; ``reason``, a code. Aligned with `facts`.
    """
    keeps = facts["direction"] == "maintain"
    graded = pd.concat(
        [METHODS[method](facts[~keeps], **(rules or {})), within_tolerance(facts[keeps])]
    ).loc[facts.index]
    score, status, reason = graded["score"], graded["status"], graded["reason"]

    sign = facts["direction"].map(SIGNS).astype("float64")
    reached = (sign != 0) & (sign * facts["value"] >= sign * facts["target_value"])
    achieved = reached & ((status != "not_judged") | reason.isin(_NO_RATIO))
    due = (facts["period_end"] >= facts["target_on"]) & (sign != 0) & ~reached
    missed = due & (status == "on_track")
    status = status.mask(achieved, "achieved").mask(missed, "at_risk")
    short = reason.map({"plan_met": "plan_nearly_met"}).fillna("below_trajectory")
    reason = reason.mask(achieved, "target_reached").mask(missed, short)

    barred = _barred(facts)
    status = status.mask(barred != "", "not_judged")
    reason = reason.mask(barred != "", barred)
    score = score.where((status != "not_judged") & np.isfinite(score))
    return pd.DataFrame({"score": score, "status": status, "reason": reason})


def assess(data: Dataset, *, method: str | None = None) -> pd.DataFrame:
    """Judge the latest figure of every indicator and region.

    The figure is the latest one with a value whose period has ended by ``data.as_of``.
    Every indicator of the registry has a row for the nation, whether or not anything was
    reported; other regions have one where they have a figure or a target.

    Parameters
    ----------
    data
        As known on a day; see `Dataset.known_on`.
    method
        Judge everything by this method instead of each indicator's own.

    Returns
    -------
    DataFrame
        `schema` table ``assessments``. Source and cell are those of the figure judged.

    Raises
    ------
    DefinitionError
        If a method is unknown, a rule in ``status.toml`` is not one of its method's, a
        frequency has no greatest age there, or `data` has no day.
    """
    facts = gather(data, method=method)
    rules = {name: _rules(data.registry, name) for name in facts["method"].unique()}
    judged = [
        judge(rows, method=str(name), rules=rules[str(name)])
        for name, rows in facts.groupby("method", sort=True)
    ]
    if not judged:
        return schema.empty("assessments")
    by_plan = facts["method"].map(AGAINST) == "plan_value"
    by_plan &= facts["direction"] != "maintain"
    compared = facts["expected_value"].mask(by_plan, facts["plan_value"])
    shown = facts.assign(expected_value=compared).join(pd.concat(judged))
    return schema.conform("assessments", shown)


def _graded(score: pd.Series[float], status: Any, reason: Any) -> pd.DataFrame:
    codes = pd.DataFrame({"status": status, "reason": reason}, index=score.index, dtype="str")
    return codes.assign(score=score)


def _banded(score: pd.Series[float], *, on_track: float, at_risk: float) -> Any:
    return np.select(
        [score.isna(), score >= on_track - _SLACK, score >= at_risk - _SLACK],
        ["not_judged", "on_track", "at_risk"],
        default="off_track",
    )


def _barred(facts: pd.DataFrame) -> pd.Series[str]:
    """Return why a row may not be judged by any method, empty where it may."""
    sign = facts["direction"].map(SIGNS).astype("float64")
    planned = facts["target_value"] - facts["baseline_value"]
    reasons = np.select(
        [
            ~facts["reported"],
            facts["value"].isna(),
            facts["stale"],
            facts["period_end"] < facts["baseline_on"],
            facts["period_end"] == facts["baseline_on"],
            sign * planned < 0,
        ],
        [
            "no_observation",
            "value_missing",
            "observation_stale",
            "before_baseline",
            "no_plan_for_period",
            "target_contradicts_direction",
        ],
        default="",
    )
    return pd.Series(reasons, index=facts.index, dtype="str")


def _rules(registry: Registry, method: str) -> dict[str, float]:
    if method not in METHODS:
        raise DefinitionError(
            f"There is no status method '{method}'. Methods: {', '.join(METHODS)}"
        )
    rules = registry.rules.methods.get(method, {})
    known = [name for name in inspect.signature(METHODS[method]).parameters if name != "facts"]
    for name in rules:
        if name not in known:
            raise DefinitionError(
                f"status.toml, {method}: there is no rule '{name}'. Rules: {', '.join(known)}"
            )
    return rules
