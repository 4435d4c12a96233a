"""Why an assessment came out as it did, as a sentence that agrees with its own figures."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from delivery_analytics.model.registry import Unit
from delivery_analytics.wording.codes import KINDS, REASON
from delivery_analytics.wording.compared_figures import (
    ABOVE,
    BELOW,
    BETTER,
    EQUAL,
    WORSE,
    Case,
    sign,
)
from delivery_analytics.wording.dates import as_day
from delivery_analytics.wording.language import Language
from delivery_analytics.wording.numbers import FINER, exact, rounded

_ON_THE_WAY = [code for code in REASON if "trajectory" in code or code.startswith("rated_")]
_PACES = [code for code in REASON if code.startswith("progress_")]


def sentence(
    words: Language, assessment: Mapping[str, Any], unit: Unit, direction: str = ""
) -> str:
    """Return the reason of one row of `assessments` as a sentence with its figures.

    Where a figure that the sentence needs is missing, the reason alone is given; a
    reason without a text here is printed as its code.
    """
    case = Case(words, assessment, unit, direction)
    code = case.code
    said = _SENTENCES[code](case) if code in _SENTENCES else ""
    said = said or (words(REASON[code]) if code in REASON else code)
    return said if said.endswith(".") or not said else f"{said}."


def facts(
    words: Language, assessment: Mapping[str, Any], unit: Unit, direction: str = ""
) -> str:
    """Return the figure and what it is held against; of what is not judged, why it is not."""
    case = Case(words, assessment, unit, direction)
    if assessment["status"] == "not_judged":
        return sentence(words, assessment, unit, direction)
    held = _expected(case) if case.has("value", "expected_value") else ""
    held = held or (_target_facts(case) if case.has("value", "target_value") else "")
    return f"{held}." if held else sentence(words, assessment, unit, direction)


def _compared(case: Case, facts: str, name: str, against: str, detail: str = "") -> str:
    words = case.words
    side = case.against(name)
    finding = words(KINDS[f"against_{against}"][side], gap=case.gap(name))
    if case.rising() < 0 and side in (BETTER, WORSE):
        facts = words("{facts} (lower is better)", facts=facts)
    if detail:
        finding = words("{finding} ({detail})", finding=finding, detail=detail)
    return words("{facts}: {finding}", facts=facts, finding=finding)


def _trajectory(case: Case) -> str:
    """Return how the value stands to the trajectory; to the target if that is what is missed.

    A promise that is due can be missed by a value that is on the path to a later one.
    """
    if not case.has("value", "expected_value"):
        return ""
    ahead = case.rising() * ((case.raw("value") or 0) - (case.raw("expected_value") or 0)) >= 0
    missed = case.has("target_value") and case.against("target_value") == WORSE
    if case.code == "below_trajectory" and ahead and missed:
        return _target(case)
    detail = _share_delivered(case)
    return _compared(case, _expected(case), "expected_value", "trajectory", detail)


def _expected(case: Case) -> str:
    words = case.words
    said = dict(zip(("value", "expected"), case.pair("expected_value"), strict=True))
    if not case.period:
        return words("{value}, against an expected {expected}", **said)
    by = words.by_end_of(case.period)
    return words("{value}, against {expected} expected {by}", **said, by=by)


def _target(case: Case) -> str:
    """Return how the value stands to the target, with its day where that is what matters."""
    if not case.has("value", "target_value"):
        return ""
    words, facts, detail = case.words, _target_facts(case), ""
    if as_day(case.row.get("target_on")) is not None:
        if case.code == "at_target_level":
            detail = words("at target level, due {due}", due=_due(case))
        elif case.code == "target_missed":
            facts = words("{facts}, due {due}", facts=facts, due=_due(case))
    return _compared(case, facts, "target_value", "target", detail)


def _target_facts(case: Case) -> str:
    value, target = case.pair("target_value")
    return case.words("{value}, against a target of {target}", value=value, target=target)


def _due(case: Case) -> str:
    """Return when the target is due: a year where it is the year's last day."""
    day = as_day(case.row.get("target_on"))
    if day is not None and (day.month, day.day) == (12, 31):
        return case.words.period(str(day.year))
    return case.words.date(day)


def _against_direction(case: Case) -> str:
    if not case.has("value", "baseline_value"):
        return ""
    value, base = case.pair("baseline_value")
    facts = case.words("{value}, against a baseline of {baseline}", value=value, baseline=base)
    return _compared(case, facts, "baseline_value", "baseline")


def _paced(case: Case) -> str:
    """Return how far it came, and whether that is fast enough."""
    if not case.has("baseline_value", "value", "target_value"):
        return ""
    said = dict(zip(("value", "target"), case.pair("target_value"), strict=True))
    said["baseline"] = case.write("baseline_value", bare=True)
    facts = case.words(
        "{value}, from a baseline of {baseline} towards a target of {target}", **said
    )
    return case.words("{facts}. {finding}", facts=facts, finding=case.words(REASON[case.code]))


def _plan_name(case: Case) -> str:
    return "expected_value" if case.has("expected_value") else "target_value"


def _plan_facts(case: Case) -> str:
    words = case.words
    said = dict(zip(("value", "plan"), case.pair(_plan_name(case)), strict=True))
    if not case.period:
        return words("{value}, against a plan of {plan}", **said)
    period = words.period(case.period)
    return words("{value}, against a plan of {plan} for {period}", **said, period=period)


def _plan(case: Case) -> str:
    name = _plan_name(case)
    if not case.has("value", name):
        return ""
    facts = _plan_facts(case)
    if case.code == "zero_plan":
        return case.words("{facts}: the percentage cannot be calculated", facts=facts)
    return _compared(case, facts, name, "plan", _execution(case, name))


def _maintained(case: Case) -> str:
    name = "target_value" if case.has("target_value") else "expected_value"
    if not case.has("value", name):
        return ""
    value, target = case.pair(name)
    facts = case.words("{value}, against {target} to be maintained", value=value, target=target)
    return _compared(case, facts, name, "target", case.words(KINDS["kept"][case.code]))


def _reported(case: Case) -> str:
    """Return what was reported, and why it cannot be judged."""
    if not (case.period and case.has("value")):
        return case.words(REASON[case.code])
    text, period = KINDS["reported"][case.code], case.words.period(case.period)
    return case.words(text, value=case.write("value"), period=period)


def _no_figure(case: Case) -> str:
    """Return that nothing came, or came without a figure, and what is promised all the same."""
    words = case.words
    facts = words(REASON[case.code])
    if case.code == "value_missing" and case.period:
        period = words.period(case.period)
        facts = words("The return gives no figure for {period}", period=period)
    if not case.has("target_value") or as_day(case.row.get("target_on")) is None:
        return facts
    target = case.write("target_value")
    due = _due(case)
    return words("{facts}; target {target}, due {due}", facts=facts, target=target, due=due)


def _stale(case: Case) -> str:
    as_of = case.row.get("as_of")
    if not case.period or not case.has("value") or as_day(as_of) is None:
        return ""
    return case.words(
        "The latest figure, {value} for {period}, is too old to be judged on {date}",
        value=case.write("value"),
        period=case.words.period(case.period),
        date=case.words.date(as_of),
    )


def _contradicts(case: Case) -> str:
    words = case.words
    if not case.has("target_value", "baseline_value"):
        return ""
    target, baseline = case.pair("baseline_value", of="target_value")
    wanted, stands = KINDS["wanted"], KINDS["target_stands"]
    side = ABOVE if case.side("target_value", "baseline_value") > 0 else BELOW
    facts = words(stands[side], target=target, baseline=baseline)
    return words(wanted[case.direction], facts=facts) if case.direction in wanted else facts


def _share_delivered(case: Case) -> str:
    """Return the share of the planned change that is delivered, where it is the score.

    It is left out where the plan asks for no change, or for one the wrong way: there is
    no share of that.
    """
    if not case.has("baseline_value", "value", "expected_value") or not case.rising():
        return ""
    base, value, expected = (
        float(case.raw(name) or 0) for name in ("baseline_value", "value", "expected_value")
    )
    if sign(expected - base) != case.rising():
        return ""
    percent = 100 * (value - base) / (expected - base)
    text = _agreeing(case, percent, "expected_value")
    if not text:
        return ""
    return case.words("{percent} of the planned change delivered", percent=text)


def _execution(case: Case, name: str) -> str:
    """Return the plan's execution as a percentage, where it is the score."""
    value, plan = float(case.raw("value") or 0), float(case.raw(name) or 0)
    above, below = (value, plan) if case.rising() > 0 else (plan, value)
    if not case.rising() or below <= 0 or above < 0:
        return ""
    text = _agreeing(case, 100 * above / below, name)
    return case.words("execution: {percent}", percent=text) if text else ""


def _agreeing(case: Case, percent: float, name: str) -> str:
    """Return `percent` with as many decimals as keep it on its own side of 100.

    Empty where `FINER` do not suffice, and where the method's score is another figure.
    """
    score = case.raw("score")
    if exact(percent) is None:
        return ""
    if score is not None and not (_near(score, percent) or _near(100 * score, percent)):
        return ""
    side = case.against(name)
    if side == EQUAL:
        return case.words.percent(percent, 0)
    for decimals in range(FINER + 1):
        shown = rounded(percent, decimals) or Decimal(0)
        if (shown > 100) if side == BETTER else (shown < 100):
            return case.words.percent(percent, decimals)
    return ""


def _near(score: Decimal, percent: float) -> bool:
    return abs(float(score) - percent) < 1e-6 * max(1.0, abs(percent))


_SENTENCES: dict[str, Callable[[Case], str]] = {
    **dict.fromkeys(("target_reached", "at_target_level", "target_missed"), _target),
    **dict.fromkeys(_ON_THE_WAY, _trajectory),
    **dict.fromkeys(_PACES, _paced),
    "against_direction": _against_direction,
    **dict.fromkeys(("plan_met", "plan_nearly_met", "plan_missed", "zero_plan"), _plan),
    **dict.fromkeys(KINDS["kept"], _maintained),
    **dict.fromkeys(("no_observation", "value_missing"), _no_figure),
    **dict.fromkeys(KINDS["reported"], _reported),
    "observation_stale": _stale,
    "target_contradicts_direction": _contradicts,
}
