"""What is said of milestones, instructions and returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.sentences.case import Case, claim
from tests.sentences.claims_money import is_percent
from tests.sentences.claims_status import counted, is_count
from tests.sentences.grammar import Said
from tests.sentences.headlines import value


def linked(case: Case, table: str) -> pd.DataFrame:
    """Return the rows of a page's milestones or instructions."""
    kind, _, key = case.sentence.page.partition("/")
    rows = case.truth.known[table]
    if kind in ("sector", "programme") and f"{kind}_id" in rows:
        rows = rows[rows[f"{kind}_id"] == key]
    return rows


def milestone_states(case: Case) -> pd.Series[Any]:
    rows, today = linked(case, "milestones"), case.truth.as_of

    def state(row: Any) -> str:
        if row.completed_on <= today:
            return "done"
        if pd.isna(row.due_on):
            return "undated"
        return (
            "overdue" if row.due_on < today else "late" if row.expected_on > row.due_on else ""
        )

    return pd.Series([state(row) for row in rows.itertuples()], dtype="str")


@claim("Slipped: {n}, most of all by {days}: {milestone}")
def slipped(case: Case, said: Said) -> Iterator[str]:
    """Hold the slips against the days last expected, less the first that were promised."""
    history, today = case.truth.history["milestones"], case.truth.as_of
    own = linked(case, "milestones")
    first = history[history["reported_on"] <= today].sort_values("reported_on", kind="stable")
    first = (
        first[first["due_on"].notna()].drop_duplicates("milestone_id").set_index("milestone_id")
    )
    done = own["completed_on"].where(own["completed_on"] <= today)
    reference = done.fillna(own["expected_on"]).fillna(own["due_on"])
    slips = (reference - own["milestone_id"].map(first["due_on"])).dt.days
    yield from is_count(said, case.count(said.parts["n"]), int((slips > 0).sum()))
    yield from is_count(said, case.count(said.parts["days"]), int(slips.max()))
    most = own[slips == slips.max()]
    titles = most[f"title_{case.language}"]
    if said.parts["milestone"].text not in set(titles.where(titles != "", most["title"])):
        yield f"{said.text}: it is another one"


@dataclass(frozen=True)
class Controlled:
    """How many instructions are what, by either deadline."""

    overdue: int
    overdue_first: int
    soon: int
    due: int
    kept: int
    due_first: int
    kept_first: int
    closed: int
    longest: int
    late: pd.DataFrame


def controlled(case: Case) -> Controlled:
    rows, today = linked(case, "instructions"), case.truth.as_of
    closed = rows["removed_on"] <= today
    due, first = rows["due_on"], rows["due_on_original"]
    late = rows[~closed & (due < today)]
    return Controlled(
        overdue=len(late),
        overdue_first=int((~closed & (first < today)).sum()),
        soon=int((~closed & due.between(today, today + pd.Timedelta(days=10))).sum()),
        due=int((due < today).sum()),
        kept=int(((due < today) & closed & (rows["removed_on"] <= due)).sum()),
        due_first=int((first < today).sum()),
        kept_first=int(((first < today) & closed & (rows["removed_on"] <= first)).sum()),
        closed=int(((due < today) & closed).sum()),
        longest=int((today - late["due_on"]).dt.days.max()) if len(late) else 0,
        late=late,
    )


@claim("Overdue: {n}, the longest for {days}: {executor}")
def overdue(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    yield from is_count(said, case.count(said.parts["n"]), true.overdue)
    yield from is_count(said, case.count(said.parts["days"]), true.longest)
    since = case.truth.as_of - pd.Timedelta(days=true.longest)
    longest = true.late[true.late["due_on"] == since]
    named = case.truth.bodies
    called = {named[key][f"name_{case.language}"] for key in longest["executor_id"] if key}
    called |= set(longest.loc[longest["executor_id"] == "", "executor"])
    if said.parts["executor"].text not in called:
        yield f"{said.text}: it is another one"


@claim("of those due by now; {n} by the first deadline, before extensions")
def by_first(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(said, case.count(said), controlled(case).overdue_first)


@claim("{n} due by now; of closed instructions alone {share}")
def due_by_now(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    if case.both(said.parts["n"]) != (true.kept, true.due):
        yield f"{said.text}: {true.kept} of {true.due}"
    yield from is_percent(case, said.parts["share"], 100 * true.kept / true.closed)


@claim("{n} due by it; the difference shows the effect of extensions")
def due_by_first(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    if case.both(said.parts["n"]) != (true.kept_first, true.due_first):
        yield f"{said.text}: {true.kept_first} of {true.due_first}"


def sources(case: Case) -> pd.DataFrame:
    """Return the files that were received by the day, of the page's sector."""
    kind, _, key = case.sentence.page.partition("/")
    rows = case.truth.known["sources"]
    return rows[rows["sector_id"] == key] if kind == "sector" else rows


@claim("{n} row not accepted")
def set_aside(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(said, case.count(said), int(sources(case)["rows_quarantined"].sum()))


@claim("Source: {files} and {n} more")
def files(case: Case, said: Said) -> Iterator[str]:
    """Verify that there are so many files; of milestones and instructions, exactly so many."""
    named = [one.text for one in said.parts["files"].every() if one.key == "name"]
    number = len(named) + case.count(said.parts["n"])
    known = sources(case).set_index("source_id")["path"].str.rpartition("/")[2]
    if not set(named) <= set(known):
        yield f"{said.text}: {set(named) - set(known)} were not received"
    titles = {one.key for one in case.grammar.readings(case.sentence.above)}
    if any(key.startswith("Overdue: ") for key in titles):
        true = controlled(case).late["source_id"].nunique()
    elif any(key.startswith("Slipped: ") for key in titles):
        history = case.truth.history["milestones"]
        true = history[history["reported_on"] <= case.truth.as_of]["source_id"].nunique()
    else:
        true = min(number, len(known))
    yield from is_count(said, number, true)


@claim("{n} more in the table only")
def table_only(case: Case, said: Said) -> Iterator[str]:
    """Verify what the chart of ten bars leaves out."""
    true = counted(case)
    yield from is_count(said, case.count(said), true["at_risk"] + true["off_track"] - 10)


@claim("{n} file read")
def files_read(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(said, case.count(said), len(sources(case)))


@value("Overdue")
def _overdue(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    if case.both(said) != (true.overdue, true.due):
        yield f"{said.text}: {true.overdue} of {true.due}"


@value("Due within 10 days")
def _soon(case: Case, said: Said) -> Iterator[str]:
    yield from is_count(said, case.count(said), controlled(case).soon)


@value("Closed in time")
def _kept(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    yield from is_percent(case, said, 100 * true.kept / true.due)


@value("By the first deadline")
def _kept_first(case: Case, said: Said) -> Iterator[str]:
    true = controlled(case)
    yield from is_percent(case, said, 100 * true.kept_first / true.due_first)
