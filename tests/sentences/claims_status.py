"""What is said of an indicator: its figure, promise, status and the reason; counts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from tests.sentences.case import NEARLY, Case, UnreadError, claim, wrong
from tests.sentences.grammar import Said
from tests.sentences.judging import Judged

_STATUSES = {
    "Achieved": "achieved",
    "On track": "on_track",
    "At risk": "at_risk",
    "Off track": "off_track",
    "Not judged": "not_judged",
}
_SIGNS = {"increase": 1, "decrease": -1, "maintain": 0}


def shows(case: Case, said: Said, true: float | None, indicator: str) -> Iterator[str]:
    """Yield what is wrong where a value in an indicator's unit is printed, with it or bare."""
    printed, unit = case.number(said), case.unit(indicator)
    if unit.get("kind") != "money" and printed.decimals < unit.get("decimals", 1):
        yield f"{said.text}: {printed.decimals} decimals"
    if printed.unit not in ("", case.symbol(indicator), "%"):
        yield f"{said.text}: the unit is {case.symbol(indicator)}"
    if not printed.is_(true):
        yield f"{said.text}: it is {true}"


def nearly(one: Said, true: float | None, beside: float | None) -> Iterator[str]:
    """Yield what is wrong where one figure reads as another that it stands against."""
    known = true is not None and beside is not None
    if one.key in NEARLY and (not known or (true < beside) != ("less" in one.key)):  # type: ignore[operator]
        yield f"{one.text}: {true} beside {beside}"


def of_period(case: Case, said: Said, period: str) -> Iterator[str]:
    """Yield what is wrong where a period is said."""
    if case.period(said) != period:
        yield f"{said.text}: it is {period}"


def has_status(said: Said, status: str) -> Iterator[str]:
    if said.key not in _STATUSES:
        raise UnreadError(f"{said.text!r} is no status")
    if _STATUSES[said.key] != status:
        yield f"{said.text}: it is {status}"


@claim(
    "{indicator}: {status}, {value} for {period}",
    "{indicator}: {status}, {value} for {period}, against {expected} expected",
    "{indicator}: {status}, {value} for {period}; to stay between {low} and {high}",
    "{indicator}: {status}, {value} for {period}; to stay at {level}",
)
def title(case: Case, said: Said) -> Iterator[str]:
    parts, name = said.parts, case.indicator(said.parts["indicator"])
    true = case.truth.judged(name, case.region)
    yield from has_status(parts["status"], true.status)
    yield from shows(case, parts["value"], true.value, name)
    yield from of_period(case, parts["period"], true.period)
    if "expected" in parts:
        yield from shows(case, parts["expected"], true.expected, name)
        yield from nearly(parts["value"], true.value, true.expected)
    if "level" in parts:
        yield from shows(case, parts["level"], true.target, name)
    if "low" in parts and true.target is not None:
        agreed = case.truth.indicators[name]
        room = agreed.get("tolerance", 0)
        low, high = agreed.get("plausible", (-1e99, 1e99))
        yield from shows(case, parts["low"], max(low, true.target - room), name)
        yield from shows(case, parts["high"], min(high, true.target + room), name)


@claim("{indicator}: no data reported yet", "{indicator}: there is no figure and no target")
def nothing(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.indicator(said.parts["indicator"]), case.region)
    if true.value is not None or ("no target" in said.key) != (true.target is None):
        yield f"{said.text}: {true}"


@claim("The line begins at {value} for {period}")
def begins(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator()
    seen = case.truth.figures(name, case.region)
    yield from shows(case, said.parts["value"], seen["value"].iloc[0], name)
    yield from of_period(case, said.parts["period"], seen["period"].iloc[0])


@claim("The last target is {value}, due on {date}")
def last_target(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator()
    true = case.truth.judged(name, case.region)
    yield from shows(case, said.parts["value"], true.target, name)
    if case.day(said.parts["date"]) != true.due:
        yield f"{said.text}: it is due on {true.due}"


# Reasons: facts first, then a finding that must follow from the printed facts.
_FACTS = {
    "{value}, against an expected {expected}": ("expected",),
    "{value}, against {expected} expected {by}": ("expected",),
    "{value}, against a target of {target}": ("target",),
    "{value}, against a baseline of {baseline}": ("baseline",),
    "{value}, from a baseline of {baseline} towards a target of {target}": (
        "baseline",
        "target",
    ),
    "{value}, against a plan of {plan}": ("plan",),
    "{value}, against a plan of {plan} for {period}": ("plan",),
    "{value}, against {target} to be maintained": ("target",),
}
_BETTER = ("ahead of", "beyond", "better than")
_WORSE = ("short of", "behind", "worse than")


FINDINGS = [
    f"{{gap}} {way} the {promise}"
    for way in ("ahead of", "beyond", "better than", *_WORSE, "above", "below")
    for promise in ("trajectory", "target", "plan", "baseline")
] + [f"{{facts}}, but the indicator should {way}" for way in ("rise", "fall")]


def _true(true: Judged, name: str) -> float | None:
    return true.expected if name == "plan" else getattr(true, name)


@claim(*_FACTS)
def facts(case: Case, said: Said) -> Iterator[str]:
    name = case.subject
    true = case.truth.judged(name, case.region)
    yield from shows(case, said.parts["value"], true.value, name)
    symbol = case.symbol(name)
    if symbol and case.number(said.parts["value"]).unit != symbol:
        yield f"{said.text}: its unit is {symbol}"
    for one in _FACTS[said.key]:
        yield from shows(case, said.parts[one], _true(true, one), name)
    beside = _true(true, _FACTS[said.key][-1])
    yield from nearly(said.parts["value"], true.value, beside)
    for place in ("by", "period"):
        if place in said.parts:
            yield from of_period(case, said.parts[place], true.period)


@claim("{facts} (lower is better)")
def less(case: Case, said: Said) -> Iterator[str]:
    if case.truth.indicators[case.subject]["direction"] != "decrease":
        yield "more is better"
    yield from wrong(case, said.parts["facts"])


@claim("{facts}, due {due}")
def due(case: Case, said: Said) -> Iterator[str]:
    yield from _is_due(case, said.parts["due"])
    yield from wrong(case, said.parts["facts"])


@claim("{facts}; target {target}, due {due}")
def promised(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    if true.value is not None:
        yield f"a figure is known: {true.value}"
    yield from shows(case, said.parts["target"], true.target, case.subject)
    yield from _is_due(case, said.parts["due"])
    yield from wrong(case, said.parts["facts"])


@claim("at target level, due {due}")
def level(case: Case, said: Said) -> Iterator[str]:
    yield from _is_due(case, said.parts["due"])


def _is_due(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    if case.due(said) != true.due:
        yield f"{said.text}: it is due on {true.due}"


@claim("{facts}: {finding}")
def found(case: Case, said: Said) -> Iterator[str]:
    """Hold the finding against the two figures that the reader has just read."""
    inner = said.parts["facts"]
    inner = inner.parts.get("facts", inner)
    inner = inner.parts.get("facts", inner)
    finding = said.parts["finding"]
    detail = finding.parts.get("detail")
    finding = finding.parts.get("finding", finding)
    if inner.key not in _FACTS:
        raise UnreadError(f"{inner.text!r} are no facts")
    yield from wrong(case, said.parts["facts"])
    name = case.subject
    agreed = case.truth.indicators[name]
    value = case.number(inner.parts["value"])
    other = case.number(inner.parts[_FACTS[inner.key][0]])
    gap = value.value - other.value
    sign = _SIGNS[agreed["direction"]]
    if "gap" in finding.parts:
        told = finding.parts["gap"]
        hidden = told.key == "less than {figure}"
        printed = case.number(told.parts["figure"] if hidden else told)
        if hidden:  # which is more is said of the value, and held with its facts
            gap = Decimal(-1 if "less" in inner.parts["value"].key else 1)
            if value.value != other.value or inner.parts["value"].key not in NEARLY:
                yield f"{finding.text}: {value.value} and {other.value}"
        elif printed.value != abs(gap):
            yield f"{finding.text}: it is {abs(gap)}"
        points = "%" in case.symbol(name)
        if (printed.unit == "") == points:
            yield f"{finding.text}: the unit of a difference"
        better = sign * gap
        ok = (
            better > 0
            if any(word in finding.key for word in _BETTER)
            else better < 0
            if any(word in finding.key for word in _WORSE)
            else gap > 0
            if "above" in finding.key
            else gap < 0
        )
        if not ok:
            yield f"{finding.text}: the other way"
    elif finding.key in (
        "equal to the target",
        "equal to the plan",
        "on the trajectory",
        "unchanged from the baseline",
        "the same after rounding",
    ):
        if gap:
            yield f"{finding.text}: they differ by {gap}"
    else:
        raise UnreadError(f"{finding.text!r} is no finding")
    if detail is not None:
        yield from wrong(case, detail)


@claim("{percent} of the planned change delivered")
def delivered(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    assert true.value is not None and true.baseline is not None and true.expected is not None
    share = 100 * (true.value - true.baseline) / (true.expected - true.baseline)
    if not case.number(said.parts["percent"]).is_(share):
        yield f"{said.text}: it is {share}"


@claim("execution: {percent}")
def executed(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    assert true.value is not None and true.expected is not None
    share = 100 * true.value / true.expected
    if case.truth.indicators[case.subject]["direction"] == "decrease":
        share = 1e4 / share
    if not case.number(said.parts["percent"]).is_(share):
        yield f"{said.text}: it is {share}"


@claim("within the agreed tolerance", "outside the agreed tolerance")
def kept(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    if (true.status == "on_track") != said.key.startswith("within"):
        yield f"{said.text}: {true.status}"


@claim("The latest figure, {value} for {period}, is too old to be judged on {date}")
def stale(case: Case, said: Said) -> Iterator[str]:
    name = case.subject
    true = case.truth.judged(name, case.region)
    yield from shows(case, said.parts["value"], true.value, name)
    yield from of_period(case, said.parts["period"], true.period)
    yield from today(case, said)


@claim(
    "{value} reported for {period}, but no target has been agreed",
    "{value} reported for {period}, but no baseline has been agreed",
    "{value} reported for {period}, but the target equals the baseline",
    "{value} reported for {period}, but no plan has been agreed for that period",
    "The latest figure, {value} for {period}, is older than the baseline",
)
def unjudged(case: Case, said: Said) -> Iterator[str]:
    name = case.subject
    true = case.truth.judged(name, case.region)
    yield from shows(case, said.parts["value"], true.value, name)
    yield from of_period(case, said.parts["period"], true.period)
    holds = {
        "no target has": true.target is None,
        "no baseline has": true.baseline is None,
        "equals the baseline": true.target == true.baseline,
        "no plan has": true.expected in (None, true.baseline),  # or it is the baseline's own
        "is older": true.baseline is not None,
    }
    if not next(holds[part] for part in holds if part in said.key):
        yield f"{said.text}: {true}"


@claim(
    "The target, {target}, is above the baseline, {baseline}",
    "The target, {target}, is below the baseline, {baseline}",
)
def contradicting(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.subject, case.region)
    assert true.target is not None and true.baseline is not None
    for name in ("target", "baseline"):
        yield from shows(case, said.parts[name], getattr(true, name), case.subject)
    if (true.target > true.baseline) != ("above" in said.key):
        yield f"{said.text}: {true}"


@claim(
    "{facts}, but the indicator should rise",
    "{facts}, but the indicator should fall",
    "{facts}, but the indicator should hold",
)
def should(case: Case, said: Said) -> Iterator[str]:
    way = {"rise": "increase", "fall": "decrease", "hold": "maintain"}[said.key.split(" ")[-1]]
    if case.truth.indicators[case.subject]["direction"] != way:
        yield f"{said.text}: it should not {way}"
    yield from wrong(case, said.parts["facts"])


@claim("Data as at {day}", "As at {date}")
def today(case: Case, said: Said) -> Iterator[str]:
    day = said.parts.get("day") or said.parts["date"]
    if case.day(day) != case.truth.as_of:
        yield f"{day.text}: it is {case.truth.as_of}"


# Counts


def counted(case: Case, day: str | None = None) -> Counter[str]:
    """Return how many of a page's indicators have each status."""
    truth = case.truth if day is None else case.truth.on(day)
    names = truth.indicators_of(case.sentence.page)
    return Counter(truth.judged(one, case.region).status for one in names)


def is_count(said: Said, printed: int, true: int) -> Iterator[str]:
    if printed != true:
        yield f"{said.text}: it is {true}"


@claim("{well} of {judged} indicators judged are achieved or on track, {off} off track")
def national(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    judged = sum(true.values()) - true["not_judged"]
    for name, number in (
        ("well", true["achieved"] + true["on_track"]),
        ("judged", judged),
        ("off", true["off_track"]),
    ):
        yield from is_count(said, case.count(said.parts[name]), number)


@claim("Achieved or on track: {now} of {now_of} now, {then} of {then_of} in {period}")
def before(case: Case, said: Said) -> Iterator[str]:
    month = pd.Period(case.period(said.parts["period"]), "M")
    for when, day in (("now", None), ("then", str(month.end_time.date()))):
        true = counted(case, day)
        well = true["achieved"] + true["on_track"]
        judged = sum(true.values()) - true["not_judged"]
        yield from is_count(said, case.count(said.parts[when]), well)
        yield from is_count(said, case.count(said.parts[f"{when}_of"]), judged)


def sent(case: Case) -> list[str]:
    """Return the page's indicators that returns are to bring: none that a formula makes."""
    names = case.truth.indicators_of(case.sentence.page)
    return [one for one in names if not case.truth.indicators[one].get("formula")]


@claim("{n} of {total} indicators reported")
def have_a_figure(case: Case, said: Said) -> Iterator[str]:
    names = sent(case)
    some = set(names) & set(
        case.truth.known["observations"].dropna(subset="value")["indicator_id"]
    )
    yield from is_count(said, case.count(said.parts["n"]), len(some))
    yield from is_count(said, case.count(said.parts["total"]), len(names))


@claim("{n} indicator is at risk or off track")
def behind(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    yield from is_count(said, case.count(said), true["at_risk"] + true["off_track"])


@claim("{counted}; furthest behind: {indicator}, {difference} from the expected value")
def first_in_line(case: Case, said: Said) -> Iterator[str]:
    yield from wrong(case, said.parts["counted"])
    yield from _difference(
        case, said.parts["difference"], case.indicator(said.parts["indicator"])
    )


def _difference(case: Case, said: Said, name: str) -> Iterator[str]:
    true = case.truth.judged(name, case.region)
    assert true.value is not None and true.expected is not None
    if said.key == "less than {figure}":
        if abs(true.value - true.expected) >= case.number(said.parts["figure"]).value:
            yield f"{said.text}: it is {true.value - true.expected}"
    elif not case.number(said).is_(Decimal(str(true.value)) - Decimal(str(true.expected))):
        yield f"{said.text}: it is {true.value - true.expected}"


@claim("labelled")
def labelled(case: Case, said: Said) -> Iterator[str]:
    """Verify what stands behind a name and a colon in a chart's text."""
    label, value = said.parts["label"], said.parts["value"]
    if label.key in _STATUSES:
        yield from is_count(said, case.count(value), counted(case)[_STATUSES[label.key]])
    elif label.text in {one["name"][case.language] for one in case.truth.indicators.values()}:
        yield from _difference(case, value, case.indicator(label))
    elif label.text in {one["name"][case.language] for one in case.truth.sectors.values()}:
        from tests.sentences.claims_money import by_sector, is_percent

        key = case.id_of(case.truth.sectors, label.text)
        yield from is_percent(case, value, by_sector(case)[key].percent)
    elif label.text == case.truth.regions["KZ"][f"name_{case.language}"]:
        yield from shows(case, value, _of_nation(case), case.subject)
    else:
        raise UnreadError(f"{said.text!r}: nothing is known of {label.text!r}")


def _of_nation(case: Case) -> float | None:
    """Return the nation's figure of the period that its regions are compared in."""
    from tests.sentences.claims_regions import latest

    seen = case.truth.figures(case.subject, "KZ")
    same = seen[seen["period"].isin(latest(case, case.subject)["period"])]
    return float(same["value"].iloc[-1]) if len(same) else None


@claim("The only indicator cannot be judged yet")
def none_judged(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    if "n" in said.parts:
        yield from is_count(said, case.count(said.parts["n"]), sum(true.values()))
    if sum(true.values()) != true["not_judged"]:
        yield f"{said.text}: {true}"
