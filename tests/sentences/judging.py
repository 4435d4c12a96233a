"""How an indicator stands, one at a time, by the formulas of METHODS.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from tests.sentences.truth import Truth

_SIGNS = {"increase": 1, "decrease": -1, "maintain": 0}
_NEAR = 1e-9


@dataclass(frozen=True)
class Judged:
    """An indicator in a region on a day; what is not known is missing."""

    status: str
    value: float | None = None
    period: str = ""
    baseline: float | None = None
    expected: float | None = None  # by the path; by the plan for who is judged by its plan
    target: float | None = None
    due: pd.Timestamp | None = None
    score: float | None = None


def frequency(period: str) -> str:
    """Return how often a figure of such a period comes."""
    return {"": "annual", "S": "half_yearly", "Q": "quarterly"}.get(period[5:6], "monthly")


def start(period: str) -> pd.Timestamp:
    """Return the first day of a period."""
    part, place = period[5:6], int(period[-1:])
    month = {"": 1, "S": 6 * place - 5, "Q": 3 * place - 2}.get(part) or int(period[5:7] or 1)
    return pd.Timestamp(int(period[:4]), month, 1)


def judge(truth: Truth, indicator: str, figure: Any, promises: list[Any]) -> Judged:
    """Return the status of a figure, `promises` being sorted by the day they were set."""
    agreed = truth.indicators[indicator]
    sign = _SIGNS[agreed["direction"]]
    base = _last(promises, "baseline")
    final = _last(promises, "final")
    known: dict[str, Any] = {
        "baseline": base and base.value,
        "target": final and final.value,
        "due": final and final.due_on,
    }
    if figure is None:
        return Judged("not_judged", **known)
    stepwise = agreed.get("trajectory") == "stepwise"
    by_plan = _method(truth, indicator) == "kz_plan_execution"
    path = way(promises, base, final)
    end = figure["period_end"]
    expected = at(path, end, stepwise=stepwise)
    if by_plan and sign:
        within = [one for one in path if start(figure["period"]) <= one.due_on <= end]
        within = [one for one in within if one.kind != "baseline"]
        expected = within[-1].value if within else expected
        if base and base.due_on == end:
            expected = None
    if not sign:
        expected = final.value if final else expected
    known |= {"value": figure["value"], "period": figure["period"], "expected": expected}
    score, status = _grade(truth, indicator, known, by_plan=by_plan)
    value, target = known["value"], known["target"]
    reached = missed = False
    if sign and target is not None:
        reached = sign * (value - target) >= -_NEAR * max(abs(value), abs(target))
        missed = end >= final.due_on and not reached
    # Where no ratio can be formed, value and target can still be compared.
    needed = [expected] if by_plan else [known["baseline"], target, expected]
    no_ratio = score is None and None not in needed
    if reached and (status != "not_judged" or no_ratio or end >= final.due_on):
        running = agreed.get("running_total", agreed.get("cumulative", False))
        status = "achieved" if end >= final.due_on or running else "on_track"
    if missed:
        status = {"on_track": "at_risk", "not_judged": "off_track"}.get(status, status)
    age = (truth.as_of - end).days
    limit = truth.definition("status.toml")["max_age_days"][agreed.get("frequency", "annual")]
    barred = (age > limit and not missed) or (base is not None and end < base.due_on)
    barred |= base is not None and end == base.due_on and not missed
    if base is not None and final is not None and sign * (final.value - base.value) < 0:
        barred = True
    return Judged("not_judged" if barred else status, score=score, **known)


def way(promises: list[Any], base: Any, final: Any) -> list[Any]:
    """Return the promises that the path goes through, by the day they are due."""
    on_day = {one.due_on: one for one in promises}  # what was set last stays
    out = []
    for one in sorted(on_day.values(), key=lambda one: one.due_on):
        inside = (base is None or one.due_on >= base.due_on) and (
            final is None or one.due_on <= final.due_on
        )
        old_base = one.kind == "baseline" and one.due_on != base.due_on
        earlier = final is not None and one.set_on < final.set_on
        outdone = False
        if earlier and one.kind == "interim" and base is not None:
            rise = final.value - base.value
            outdone = (one.value - final.value) * (1 if rise > 0 else -1 if rise < 0 else 0) > 0
        if inside and not old_base and not (one.kind == "final" and earlier) and not outdone:
            out.append(one)
    return out


def at(path: list[Any], day: pd.Timestamp, *, stepwise: bool) -> float | None:
    """Return what the path expects on a day."""
    before = [one for one in path if one.due_on < day]
    after = [one for one in path if one.due_on >= day]
    if after and after[0].due_on == day:
        return float(after[0].value)
    if not after:
        return float(before[-1].value) if before and before[-1].kind == "final" else None
    if stepwise:
        opening = (
            not before and after[0].kind != "baseline" and after[0].due_on.year == day.year
        )
        return float(after[0].value) if before or opening else None
    if not before:
        return None
    (left, right) = (before[-1], after[0])
    share = (day - left.due_on) / (right.due_on - left.due_on)
    return float(left.value + (right.value - left.value) * share)


def _last(promises: list[Any], kind: str) -> Any:
    among = [one for one in promises if one.kind == kind]
    return max(among, key=lambda one: (one.set_on, one.due_on)) if among else None


def _method(truth: Truth, indicator: str) -> str:
    rules = truth.definition("status.toml")
    return str(truth.indicators[indicator].get("method", rules["default_method"]))


def _grade(
    truth: Truth, indicator: str, known: dict[str, Any], *, by_plan: bool
) -> tuple[float | None, str]:
    agreed = truth.indicators[indicator]
    rules = truth.definition("status.toml")
    sign = _SIGNS[agreed["direction"]]
    value, base, expected, target = (
        known[name] for name in ("value", "baseline", "expected", "target")
    )
    if not sign:
        level = target if target is not None else expected
        if level is None:
            return None, "not_judged"
        room, away = agreed.get("tolerance", 0), abs(value - level)
        slack = _NEAR * max(abs(value), abs(level))
        return None, _banded(-away, -room - slack, -2 * room - slack)
    if by_plan:
        limits = rules["kz_plan_execution"]
        if expected is None:
            return None, "not_judged"
        if truth.units[agreed["unit"]].get("kind") == "index":
            return sign * (value - expected), _banded(sign * (value - expected), 0, -1)
        if expected <= 0:
            return None, "not_judged"
        score = 100 * (value / expected if sign > 0 else expected / value)
        return score, _banded(score, limits["on_track"], limits["at_risk"])
    if base is None or target is None or expected is None:
        return None, "not_judged"
    limits = rules["share_of_planned_change"]
    planned = max(abs(expected - base), limits["floor"] * abs(target - base))
    if not planned:
        return None, "not_judged"
    score = 1 + sign * (value - expected) / planned
    return score, _banded(score, limits["on_track"], limits["at_risk"])


def _banded(score: float, on_track: float, at_risk: float) -> str:
    if score >= on_track - _NEAR:
        return "on_track"
    return "at_risk" if score >= at_risk - _NEAR else "off_track"
