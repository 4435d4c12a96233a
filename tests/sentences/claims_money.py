"""What is said of plans and of what was spent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd

from tests.sentences.case import Case, UnreadError, claim
from tests.sentences.claims_status import is_count, of_period
from tests.sentences.grammar import Said
from tests.sentences.truth import Truth


@dataclass(frozen=True)
class Spent:
    """What was planned and spent to a day, by the lines that say both."""

    period: str
    plan: float
    actual: float
    reported: int
    lines: int

    @property
    def percent(self) -> float:
        return 100 * self.actual / self.plan


def spending_rows(truth: Truth, page: str) -> pd.DataFrame:
    """Return the rows of a page's spending: of its sector, programme, region or the nation."""
    kind, _, key = page.partition("/")
    rows = truth.known["spending"]
    rows = rows[rows["region_id"] == truth.region_of(page)]
    if kind in ("sector", "programme"):
        rows = rows[rows[f"{kind}_id"] == key]
    return rows[rows["period_end"] <= truth.as_of]


def spent(rows: pd.DataFrame, everywhere: pd.DataFrame) -> Spent:
    """Return the sums of the latest period for which any line says what was spent.

    Its lines are all that appear in the year, `everywhere`.
    """
    if not rows["cumulative"].all():
        raise UnreadError("only running totals are summed here")
    end = rows.loc[rows["actual"].notna(), "period_end"].max()
    year = rows[rows["period_end"].dt.year == end.year]
    day = year[year["period_end"] == end]
    both = day[day["plan"].notna() & day["actual"].notna()]
    return Spent(
        day["period"].iloc[0],
        both["plan"].sum(),
        both["actual"].sum(),
        both["line_id"].nunique(),
        everywhere[everywhere["period_end"].dt.year == end.year]["line_id"].nunique(),
    )


def whole(case: Case) -> Spent:
    """Return what a page's subject spent."""
    page = case.sentence.page
    everywhere = case.truth.known["spending"]
    kind, _, key = page.partition("/")
    if kind in ("sector", "programme"):
        everywhere = everywhere[everywhere[f"{kind}_id"] == key]
    elif kind == "region":
        everywhere = everywhere[everywhere["region_id"] == case.region]
    return spent(spending_rows(case.truth, page), everywhere)


def is_money(case: Case, said: Said, true: float) -> Iterator[str]:
    printed = case.number(said)
    units = set(spending_rows(case.truth, case.sentence.page)["unit"])
    if {printed.unit} != units:
        yield f"{said.text}: the currency is {units}"
    if not printed.is_(true):
        yield f"{said.text}: it is {true}"


def is_percent(case: Case, said: Said, true: float) -> Iterator[str]:
    printed = case.number(said)
    if printed.unit != "%" or not printed.is_(true):
        yield f"{said.text}: it is {true} %"


@claim(
    "{actual} of {plan} planned by the end of {period}; {lines} budget lines",
    "{actual} spent {period}, {percent} of the plan",
)
def executed(case: Case, said: Said) -> Iterator[str]:
    true = whole(case)
    parts = said.parts
    yield from is_money(case, parts["actual"], true.actual)
    yield from of_period(case, parts["period"], true.period)
    if "plan" in parts:
        yield from is_money(case, parts["plan"], true.plan)
    if "percent" in parts:
        yield from is_percent(case, parts["percent"], true.percent)
    if "lines" in parts and case.both(parts["lines"]) != (true.reported, true.lines):
        yield f"{said.text}: {true.reported} of {true.lines} lines"


def by_sector(case: Case) -> dict[str, Spent]:
    """Return what each sector spent to the day to which the nation's sums go."""
    return _by_sector(case.truth, case.sentence.page)


@cache  # a chart's text asks it of every sector
def _by_sector(truth: Truth, page: str) -> dict[str, Spent]:
    rows = spending_rows(truth, page)
    end = rows.loc[rows["actual"].notna(), "period_end"].max()
    rows = rows[rows["period_end"] <= end]
    return {str(key): spent(own, own) for key, own in rows.groupby("sector_id")}


@claim("{percent} of the plan spent; lowest: {name}, {least}")
def least(case: Case, said: Said) -> Iterator[str]:
    nation = whole(case)
    sectors = by_sector(case)
    yield from is_percent(case, said.parts["percent"], nation.percent)
    key = case.id_of(case.truth.sectors, said.parts["name"].text)
    if key != (lowest := min(sectors, key=lambda one: sectors[one].percent)):
        yield f"{said.text}: least is {lowest}"
    yield from is_percent(case, said.parts["least"], sectors[key].percent)


@claim("{percent} of the plan spent")
def of_the_plan(case: Case, said: Said) -> Iterator[str]:
    yield from is_percent(case, said.parts["percent"], whole(case).percent)


@claim("{unspent} not spent; largest part: {sector}, {amount}")
def unspent(case: Case, said: Said) -> Iterator[str]:
    nation = whole(case)
    left = {key: one.plan - one.actual for key, one in by_sector(case).items()}
    yield from is_money(case, said.parts["unspent"], nation.plan - nation.actual)
    key = case.id_of(case.truth.sectors, said.parts["sector"].text)
    if key != max(left, key=lambda one: left[one]):
        yield f"{said.text}: most is not in {key}"
    yield from is_money(case, said.parts["amount"], left[key])


@claim("{spent} spent of {planned} planned; sectors above their plan: {over} of {n}")
def beyond_plan(case: Case, said: Said) -> Iterator[str]:
    nation, sectors = whole(case), by_sector(case)
    over = sum(one.actual > one.plan for one in sectors.values())
    yield from is_money(case, said.parts["spent"], nation.actual)
    yield from is_money(case, said.parts["planned"], nation.plan)
    for place, number in (("over", over), ("n", len(sectors))):
        yield from is_count(said, case.count(said.parts[place]), number)


@claim("Regions that reported: {coverage}. The country's row is its own figure, not their sum.")
def regions_reported(case: Case, said: Said) -> Iterator[str]:
    rows = case.truth.known["spending"]
    end = spending_rows(case.truth, case.sentence.page)["period_end"].max()
    some = rows[
        (rows["period_end"] == end) & rows["actual"].notna() & (rows["region_id"] != "KZ")
    ]
    true = (some["region_id"].nunique(), len(case.truth.regions) - 1)
    if case.both(said.parts["coverage"]) != true:
        yield f"{said.text}: {true}"


@claim(
    "Plan and spending of {counted} budget lines",
    "Spending is reported for {counted} budget lines",
)
def lines_reported(case: Case, said: Said) -> Iterator[str]:
    true = whole(case)
    if case.both(said.parts["counted"]) != (true.reported, true.lines):
        yield f"{said.text}: {true.reported} of {true.lines}"


@claim("Spending is reported for {n} region, not for the country")
def of_regions_alone(case: Case, said: Said) -> Iterator[str]:
    rows = case.truth.known["spending"]
    kind, _, key = case.sentence.page.partition("/")
    if kind in ("sector", "programme"):
        rows = rows[rows[f"{kind}_id"] == key]
    rows = rows[rows["actual"].notna() & (rows["period_end"] <= case.truth.as_of)]
    places = set(rows["region_id"])
    if "KZ" in places:
        yield f"{said.text}: the country reported"
    yield from is_count(said, case.count(said), len(places))
