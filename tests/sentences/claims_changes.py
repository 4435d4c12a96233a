"""What is said of changes, of figures owed, and of where the judged stand."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tests.sentences.case import Case, claim
from tests.sentences.claims_delivery import linked
from tests.sentences.claims_status import is_count, of_period
from tests.sentences.grammar import Said
from tests.sentences.judging import frequency, start


def since(case: Case) -> pd.Timestamp:
    """Return the day from which changes are told: the end of the month before."""
    return case.truth.as_of - pd.offsets.MonthEnd(1)


@claim(
    "Status changes since {date}",
    "Figures revised and targets changed since {date}",
    "No status has changed since {date}.",
)
def since_when(case: Case, said: Said) -> Iterator[str]:
    if case.day(said.parts["date"]) != since(case):
        yield f"{said.text}: it is {since(case)}"
    if said.key.startswith("No") and _turned(case)[1]:
        yield f"{said.text}: {_turned(case)[1]} are"


@claim(
    "Both dates use the same rules and the data known at the time. {same} of {n} indicators"
    " have not changed."
)
def same(case: Case, said: Said) -> Iterator[str]:
    number, other = _turned(case)
    yield from is_count(said, case.count(said.parts["n"]), number)
    yield from is_count(said, case.count(said.parts["same"]), number - other)


def _turned(case: Case) -> tuple[int, int]:
    names = case.truth.indicators_of(case.sentence.page)
    before = case.truth.on(str(since(case).date()))
    turned = [
        case.truth.judged(one, case.region).status != before.judged(one, case.region).status
        for one in names
    ]
    return len(names), sum(turned)


@claim("Illustrative data made for this example, not official: {what}. They are marked "
       "{mark}. Observed figures and spending come from published data.")  # fmt: skip
def illustrative(case: Case, said: Said) -> Iterator[str]:
    for one in said.parts["what"].every():
        if one.key == "labelled":
            table = one.parts["label"].key.lower()
            rows = linked(case, table)
            rows = rows[rows["illustrative"]]
            if table == "targets":  # counted once for an indicator in a region
                rows = rows[
                    rows["indicator_id"].isin(case.truth.indicators_of(case.sentence.page))
                ]
                if case.sentence.page.startswith("region"):
                    rows = rows[rows["region_id"] == case.region]
                rows = rows.drop_duplicates(["indicator_id", "region_id"])
            yield from is_count(one, case.count(one.parts["value"]), len(rows))


def owed(case: Case, indicator: str, region: str) -> str:
    """Return the period of an indicator that is overdue; empty where none is."""
    truth = case.truth
    often = truth.indicators[indicator].get("frequency", "annual")
    grace = truth.definition("status.toml")["due_after_days"][often]
    period = last_ended(truth.as_of - pd.Timedelta(days=grace), often)
    rows = truth.known["observations"]
    rows = rows[(rows["indicator_id"] == indicator) & (rows["region_id"] == region)]
    told = rows[rows["value"].notna() | (rows["obs_status"] == "not_applicable")]
    covered = any(frequency(one) == often and one >= period for one in told["period"])
    promises = truth.known["targets"]
    promises = promises[
        (promises["indicator_id"] == indicator)
        & (promises["region_id"] == region)
        & (promises["kind"] == "baseline")
    ].sort_values(["set_on", "due_on"])
    end = start(period) + pd.offsets.MonthEnd(_MONTHS[often])
    before = len(promises) and end <= promises["due_on"].iloc[-1]
    return "" if covered or before else period


_MONTHS = {"annual": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}


def last_ended(day: pd.Timestamp, often: str) -> str:
    """Return the last period of a frequency that had ended on a day."""
    months = _MONTHS[often]
    opening = pd.Timestamp(day.year, (day.month - 1) // months * months + 1, 1)
    if (opening + pd.offsets.MonthEnd(months)) > day:
        opening -= pd.DateOffset(months=months)
    place = (opening.month - 1) // months + 1
    part = {12: "", 6: f"-S{place}", 3: f"-Q{place}", 1: f"-{place:02d}"}[months]
    return f"{opening.year}{part}"


@claim("The figure for {period} is overdue.")
def is_overdue(case: Case, said: Said) -> Iterator[str]:
    yield from of_period(case, said.parts["period"], owed(case, case.subject, case.region))


@claim("New figures and targets since then: {n}.")
def news(case: Case, said: Said) -> Iterator[str]:
    """Count what is known now and was not then: figures, plans and sums, promises."""
    truth, then = case.truth, case.truth.on(str(since(case).date()))
    names = set(truth.indicators_of(case.sentence.page))
    kind, _, key = case.sentence.page.partition("/")
    number = 0
    for table, fact, values in (
        ("observations", ["indicator_id", "region_id", "period"], ["value"]),
        ("targets", ["indicator_id", "region_id", "kind", "due_on"], ["value"]),
        ("spending", ["line_id", "region_id", "period"], ["plan", "actual"]),
    ):
        for value in values:
            sets = []
            for one in (truth, then):
                rows = one.known[table].dropna(subset=value)
                if kind == "region":
                    rows = rows[rows["region_id"] == case.region]
                elif kind != "national" and "indicator_id" in rows:
                    rows = rows[rows["indicator_id"].isin(names)]
                elif kind != "national":
                    rows = rows[rows[f"{kind}_id"] == key]
                sets.append(set(map(tuple, rows[fact].astype(str).to_numpy())))
            number += len(sets[0] - sets[1])
    yield from is_count(said, case.count(said), number)


@claim("{n} of {of} indicators have made at least the planned progress")
def on_their_way(case: Case, said: Said) -> Iterator[str]:
    true = [
        (case.truth.judged(one, case.region), case.truth.indicators[one]["direction"])
        for one in case.truth.indicators_of(case.sentence.page)
    ]
    ways = [
        ((one.value - one.baseline) / way, (one.expected - one.baseline) / way)
        for one, direction in true
        if direction != "maintain" and one.status != "not_judged" and one.value is not None
        if None not in (one.baseline, one.expected, one.target)
        if (way := one.target - one.baseline)  # type: ignore[operator]
    ]
    yield from is_count(said, case.count(said.parts["n"]), sum(a >= b - 1e-9 for a, b in ways))
    yield from is_count(said, case.count(said.parts["of"]), len(ways))


@claim("Judged on {date}")
def judged_on(case: Case, said: Said) -> Iterator[str]:
    rows = case.truth.known["judgements"]
    if case.day(said.parts["date"]) != rows["as_of"].max():
        yield f"{said.text}: it was on {rows['as_of'].max()}"
