"""What is said of where figures lead, and of how such forecasts have come out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.sentences.case import Case, claim
from tests.sentences.claims_money import is_percent
from tests.sentences.claims_status import is_count
from tests.sentences.foretelling import chance, record
from tests.sentences.grammar import Said

_GOOD, _BEHIND = ("achieved", "on_track"), ("at_risk", "off_track")


@claim(
    "At risk or off track: {n}; for {unsaid} of them no chance can be given.",
    "On track or achieved: {n}; for {unsaid} of them no chance can be given.",
)
def without_chance(case: Case, said: Said) -> Iterator[str]:
    among = _GOOD if said.key.startswith("On track") else _BEHIND
    truth = case.truth
    names = [one for one in truth.indicators if truth.judged(one, "KZ").status in among]
    unsaid = sum(chance(truth, one) is None for one in names)
    yield from is_count(said, case.count(said.parts["n"]), len(names))
    yield from is_count(said, case.count(said.parts["unsaid"]), unsaid)


@claim(
    "Past forecasts of this kind for today’s final targets: {n}. Average stated chance: "
    "{said}; share that came true: {came}."
)
def such_forecasts(case: Case, said: Said) -> Iterator[str]:
    told = record(case.truth)
    yield from is_count(said, case.count(said.parts["n"]), len(told))
    for name in ("said", "came"):
        yield from is_percent(case, said.parts[name], 100 * told[name].mean())


@claim("On average these chances were too high.")
def too_high(case: Case, said: Said) -> Iterator[str]:
    told = record(case.truth)
    if told["said"].mean() <= told["came"].mean():
        yield f"{said.text}: {told['said'].mean()} and {told['came'].mean()} came"


@claim("Chances of meeting today’s final targets have no record yet.")
def no_record(case: Case, said: Said) -> Iterator[str]:
    if len(record(case.truth)):
        yield f"{said.text}: {len(record(case.truth))} were made"


@claim(
    "‘No change’ forecast better: Brier score {plain}, against {ours}; 0 is best.",
    "They were no worse than ‘no change’: Brier score {ours}, against {plain}; 0 is best.",
)
def against_no_change(case: Case, said: Said) -> Iterator[str]:
    told = record(case.truth)
    scores = {
        name: float(((told[column] - told["came"]) ** 2).mean())
        for name, column in (("ours", "said"), ("plain", "plain"))
    }
    printed = {name: case.number(said.parts[name]) for name in scores}
    for name, score in scores.items():
        if not printed[name].is_(score):
            yield f"{said.parts[name].text}: {name} is {score}"
    if (printed["ours"].value > printed["plain"].value) != said.key.startswith("‘No"):
        yield f"{said.text}: {scores}"


@claim(
    "but on its figures alone expected to meet its target {by}",
    "but on its figures alone not expected to meet its target {by}",
)
def foretold(case: Case, said: Said) -> Iterator[str]:
    """Verify the target's period, that the outlook disagrees, and the nation's chance."""
    true = case.truth.judged(case.subject, case.region)
    fails = " not " in said.key
    if (true.status in _BEHIND) == fails:
        yield f"{said.text}: {true.status}"
    year = str(true.due.year) if true.due is not None else ""
    if case.period(said.parts["by"])[:4] != year:
        yield f"{said.text}: it is due on {true.due}"
    found = chance(case.truth, case.subject) if case.region == "KZ" else None
    if found is not None and not math.isnan(found):
        printed = math.floor(100 * found + 0.5)
        if printed >= 40 if fails else printed < 60:
            yield f"{said.text}: its chance is {printed} %"
