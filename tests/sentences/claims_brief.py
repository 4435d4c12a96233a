"""What a brief says: its answer, what stands under it, its rows and its money."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sentences.case import Case, claim, wrong
from tests.sentences.claims_changes import owed, since
from tests.sentences.claims_delivery import controlled, linked, milestone_states
from tests.sentences.claims_money import by_sector, is_money, is_percent, whole
from tests.sentences.claims_status import counted, is_count
from tests.sentences.grammar import Said


@claim("{n} judged indicators are achieved or on track")
def well(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    pair = (true["achieved"] + true["on_track"], sum(true.values()) - true["not_judged"])
    if case.both(said.parts["n"]) != pair:
        yield f"{said.text}: {pair}"


@claim("None of {n} indicators can be judged")
def none(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    yield from is_count(said, case.count(said.parts["n"]), sum(true.values()))
    yield from is_count(said, true["not_judged"], sum(true.values()))


def behind(case: Case, status: str) -> list[str]:
    """Return the indicators that are chosen for a status."""
    judged = {
        one: case.truth.judged(one, case.region)
        for one in case.truth.indicators_of(case.sentence.page)
    }
    return [
        name
        for name, true in judged.items()
        if true.status == status and (status != "not_judged" or true.target is not None)
    ]


@claim("{n} is off track: ‘{name}’", "{n} is at risk: ‘{name}’", "{n} lacks a figure: ‘{name}’")
def first(case: Case, said: Said) -> Iterator[str]:
    told = {"off": "off_track", "at": "at_risk", "lacks": "not_judged"}
    status = next(code for word, code in told.items() if f" {word} " in said.key)
    name = case.indicator(said.parts["name"])
    among = behind(case, status)
    if name not in among:
        yield f"{said.text}: {name} is not among {among}"
    number = case.count(said.parts["n"])
    if status != "not_judged":
        yield from is_count(said, number, len(among))
    elif number > len(among):
        yield f"{said.text}: {len(among)} at most"
    worse = {"off_track": (), "at_risk": ("off_track",)}
    for other in worse.get(status, ("off_track", "at_risk")):
        if behind(case, other):
            yield f"{said.text}: some are {other}"


@claim("First {n} of {all} behind")
def three(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    yield from is_count(said, case.count(said.parts["n"]), 3)
    late = true["off_track"] + true["at_risk"]
    yield from is_count(said, case.count(said.parts["all"]), late)


@claim("Not judged: {n} indicators; without any figure: {m}.")
def silent(case: Case, said: Said) -> Iterator[str]:
    true = counted(case)
    if case.both(said.parts["n"]) != (true["not_judged"], sum(true.values())):
        yield f"{said.text}: {true}"
    names = case.truth.indicators_of(case.sentence.page)
    empty = sum(case.truth.judged(one, case.region).value is None for one in names)
    yield from is_count(said, case.count(said.parts["m"]), empty)


@claim("Judged on overdue figures: {n}.")
def on_overdue(case: Case, said: Said) -> Iterator[str]:
    names = case.truth.indicators_of(case.sentence.page)
    late = [
        one
        for one in names
        if case.truth.judged(one, case.region).status != "not_judged"
        and owed(case, one, case.region)
    ]
    yield from is_count(said, case.count(said.parts["n"]), len(late))


@claim("An official target has no figure: ‘{name}’.")
def unseen(case: Case, said: Said) -> Iterator[str]:
    true = case.truth.judged(case.indicator(said.parts["name"]), case.region)
    if true.value is not None or true.target is None:
        yield f"{said.text}: {true}"


@claim("Milestones overdue: {n} due by now.")
def milestones(case: Case, said: Said) -> Iterator[str]:
    due = linked(case, "milestones")["due_on"] < case.truth.as_of
    pair = (int((milestone_states(case) == "overdue").sum()), int(due.sum()))
    if case.both(said.parts["n"]) != pair:
        yield f"{said.text}: {pair}"


@claim("Instructions overdue: {n} due by now.")
def instructions(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    if case.both(said.parts["n"]) != (true.overdue, true.due):
        yield f"{said.text}: {true.overdue} of {true.due}"


@claim("{percent} spent: {facts}.")
def money(case: Case, said: Said) -> Iterator[str]:
    yield from is_percent(case, said.parts["percent"], whole(case).percent)
    yield from wrong(case, said.parts["facts"])


@claim("{percent} of the budget is not spent")
def missed(case: Case, said: Said) -> Iterator[str]:
    yield from is_percent(case, said.parts["percent"], 100 - whole(case).percent)


@claim("{amount} is not spent.", "{amount} is not spent, {percent} of it in ‘{name}’.")
def left(case: Case, said: Said) -> Iterator[str]:
    total = whole(case).plan - whole(case).actual
    yield from is_money(case, said.parts["amount"], total)
    if "name" in said.parts:
        key = case.id_of(case.truth.sectors, said.parts["name"].text)
        own = by_sector(case)[key]
        yield from is_percent(
            case, said.parts["percent"], 100 * (own.plan - own.actual) / total
        )


@claim("an instruction on it is overdue since {date}")
def overdue(case: Case, said: Said) -> Iterator[str]:
    if case.day(said.parts["date"]) not in set(controlled(case).late["due_on"]):
        yield f"{said.text}: none is, since {since(case)}"
