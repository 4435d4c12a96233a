"""What is said of hundred-day challenges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.sentences.case import Case, UnreadError, claim
from tests.sentences.claims_money import is_percent
from tests.sentences.claims_status import is_count
from tests.sentences.grammar import Said
from tests.sentences.headlines import value


@dataclass(frozen=True)
class Challenge:
    """A hundred-day challenge on a day."""

    agreed: dict[str, Any]
    results: pd.DataFrame
    day: int

    @property
    def start(self) -> pd.Timestamp:
        return pd.Timestamp(self.agreed["start_on"])

    @property
    def over(self) -> bool:
        return self.day > 100

    @property
    def last(self) -> Any:
        """The latest result within the hundred days."""
        return self.results[self.results["day"] <= 100].iloc[-1]

    @property
    def met(self) -> bool:
        sign = 1 if self.agreed["direction"] == "increase" else -1
        return bool(sign * (self.last["value"] - self.agreed["target"]) >= 0)


def challenge_of(case: Case) -> Challenge:
    key = case.sentence.page.partition("/")[2]
    agreed = case.truth.definition("challenges.toml")[key]
    rows = case.truth.known["challenges"]
    rows = rows[(rows["challenge_id"] == key) & (rows["measure"] == "")].sort_values("day")
    day = (case.truth.as_of - pd.Timestamp(agreed["start_on"])).days + 1
    return Challenge(agreed, rows[rows["value"].notna() & (rows["day"] <= day)], day)


def in_challenge(case: Case, said: Said, true: float) -> Iterator[str]:
    printed = case.number(said)
    unit = case.truth.units[challenge_of(case).agreed["unit"]]
    if printed.decimals != unit.get("decimals", 1) or not printed.is_(true):
        yield f"{said.text}: it is {true}"


@claim(
    "{name}: {state}; {value} on day {day}, goal {goal}",
    "{name}: {value} on day {day}, forecast {projection}, goal {goal}",
)
def challenged(case: Case, said: Said) -> Iterator[str]:
    true = challenge_of(case)
    yield from in_challenge(case, said.parts["value"], true.last["value"])
    yield from in_challenge(case, said.parts["goal"], true.agreed["target"])
    yield from is_count(said, case.count(said.parts["day"]), int(true.last["day"]))
    if "state" in said.parts:
        if not true.over or (said.parts["state"].key == "goal met") != true.met:
            yield f"{said.text}: {true}"
    else:
        yield from in_challenge(case, said.parts["projection"], projection(true)[0])


# Student's t for an 80 % interval by degrees of freedom, as tables print it.
_T80 = (
    3.078,
    1.886,
    1.638,
    1.533,
    1.476,
    1.440,
    1.415,
    1.397,
    1.383,
    1.372,
    1.363,
    1.356,
    1.350,
)


def projection(true: Challenge) -> tuple[float, float, float]:
    """Return the line through the results at day 100, and the ends of its 80 % interval."""
    days, values = true.results["day"].astype(float), true.results["value"]
    mean, n = days.mean(), len(days)
    if n < 4:
        raise UnreadError("fewer than four results are projected by their pace")
    square = ((days - mean) ** 2).sum()
    slope = ((days - mean) * (values - values.mean())).sum() / square
    middle = values.mean() + slope * (100 - mean)
    left = ((values - values.mean() - slope * (days - mean)) ** 2).sum()
    spread = (left / (n - 2)) ** 0.5 * (1 + 1 / n + (100 - mean) ** 2 / square) ** 0.5
    return middle, middle - _T80[n - 3] * spread, middle + _T80[n - 3] * spread


@claim("80% interval: {low} to {high}")
def interval(case: Case, said: Said) -> Iterator[str]:
    _, low, high = projection(challenge_of(case))
    yield from in_challenge(case, said.parts["low"], low)
    yield from in_challenge(case, said.parts["high"], high)


@claim("of 100; day 100 is {date}", "ended on {date}")
def last_day(case: Case, said: Said) -> Iterator[str]:
    true = challenge_of(case)
    day = true.start + pd.Timedelta(days=99)
    if case.day(said.parts["date"]) != day or said.key.startswith("over") != true.over:
        yield f"{said.text}: it is {day}"


@claim("Result of day {day}")
def result_of(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(
        said, case.count(said.parts["day"]), int(challenge_of(case).last["day"])
    )


@claim("goal: {value}")
def goal(case: Case, said: Said) -> Iterator[str]:
    yield from in_challenge(case, said.parts["value"], challenge_of(case).agreed["target"])


@claim("{n} week has no result.")
def weeks(case: Case, said: Said) -> Iterator[str]:
    true = challenge_of(case)
    told = set((true.results["day"] + 6) // 7)
    last = min(true.day, 100) // 7
    yield from is_count(said, case.count(said), len(set(range(1, last + 1)) - told))


@value("Day")
def _day(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(said, case.count(said), challenge_of(case).day)


@value("Progress from baseline to goal")
def _way(case: Case, said: Said) -> Iterator[str]:
    true = challenge_of(case)
    base, target = true.agreed["base"], true.agreed["target"]
    yield from is_percent(case, said, 100 * (true.last["value"] - base) / (target - base))


@value("Result of day {day}")
def _result(case: Case, said: Said) -> Iterator[str]:
    yield from in_challenge(case, said, challenge_of(case).last["value"])


@value("Projected for day 100")
def _projected(case: Case, said: Said) -> Iterator[str]:
    yield from in_challenge(case, said, projection(challenge_of(case))[0])


@value("Safeguards met")
def _guards(case: Case, said: Said) -> Iterator[str]:
    key = case.sentence.page.partition("/")[2]
    true, rows = challenge_of(case), case.truth.known["challenges"]
    held = []
    for guard in true.agreed.get("guards", ()):
        own = rows[(rows["challenge_id"] == key) & (rows["measure"] == guard["id"])]
        own = own[own["value"].notna() & (own["day"] <= min(true.day, 100))].sort_values("day")
        sign = 1 if guard["direction"] == "increase" else -1
        held.append(sign * (own["value"].iloc[-1] - guard["bound"]) >= 0)
    if case.both(said) != (sum(held), len(held)):
        yield f"{said.text}: {sum(held)} of {len(held)}"
