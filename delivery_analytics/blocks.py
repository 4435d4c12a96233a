"""What a report says beside its charts: one function a block, tables in, block out.

Every figure stands with its unit, its period and its source; every sum with its coverage;
what is illustrative is marked. A table that would be empty says why it is.
"""

from __future__ import annotations

import pandas as pd

from delivery_analytics import milestones as milestone_states
from delivery_analytics import quality, rollup
from delivery_analytics import spending as money
from delivery_analytics.dataset import Dataset
from delivery_analytics.figures import Column
from delivery_analytics.report import Headline, Headlines, Note, Table
from delivery_analytics.wording import Wording

MARK = "*"


def headlines(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Headlines:
    """Return the figures that are read first: status, spending, returns, milestones."""
    counts = rollup.status_counts(assessments, data.registry).sum(numeric_only=True)
    good = int(counts["achieved"] + counts["on_track"])
    judged, of = int(counts["judged"]), int(counts["indicators"])
    items = [
        Headline(
            words("Achieved or on track"),
            words.coverage(good, judged),
            words("{judged} of {n} indicators could be judged", judged=judged, n=of),
        ),
        Headline(
            words("Off track"),
            str(int(counts["off_track"])),
            words("and {n} at risk", n=int(counts["at_risk"])),
        ),
        _spent(data, words),
        _late(data, words),
        _received(data, words),
    ]
    return Headlines(tuple(items))


def _spent(data: Dataset, words: Wording) -> Headline:
    label = words("Budget execution")
    sums = money.execution(data, by=())
    if sums.empty or pd.isna(sums["execution_percent"][0]):
        return Headline(label, words("no data"))
    total = sums.iloc[0]
    note = words(
        "{actual} of {plan} planned by the end of {period}; {lines} budget lines",
        actual=words.money(total["actual"], total["unit"]),
        plan=words.money(total["plan"], total["unit"]),
        period=words.period(total["period"]),
        lines=words.coverage(int(total["lines_reported"]), int(total["lines"])),
    )
    return Headline(label, words.percent(total["execution_percent"]), note)


def _late(data: Dataset, words: Wording) -> Headline:
    states = milestone_states.late(data)["state"]
    overdue, of = int((states == "overdue").sum()), len(states)
    return Headline(
        words("Milestones overdue"),
        words.coverage(overdue, of),
        words("and {n} expected late", n=int((states == "forecast_late").sum())),
    )


def _received(data: Dataset, words: Wording) -> Headline:
    received = quality.returns_received(data)
    reported, of = int(received["indicators_reported"].sum()), int(received["indicators"].sum())
    aside = int(received["rows_quarantined"].sum())
    return Headline(
        words("Indicators reported"),
        words.coverage(reported, of),
        words.plural("{n} row set aside", "{n} rows set aside", aside),
    )


def sector_counts(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return how many indicators of each sector have each status."""
    counts = rollup.status_counts(assessments, data.registry)
    names = {s.id: words.name(s.name) for s in data.registry.sectors.values()}
    leads = {s.id: words.name(s.lead) for s in data.registry.sectors.values()}
    frame = counts.assign(
        sector=counts["sector_id"].map(names), lead=counts["sector_id"].map(leads)
    )
    statuses = ("achieved", "on_track", "at_risk", "off_track", "not_judged")
    columns = (
        Column("sector", words("Sector")),
        *(Column(s, words.status(s), "number", decimals=0) for s in statuses),
        Column("judged", words("Judged"), "number", decimals=0),
        Column("indicators", words("Indicators"), "number", decimals=0),
        Column("lead", words("Responsible")),
    )
    return Table(
        words("Indicators by sector and status"),
        frame,
        columns,
        note=words("Counts of indicators for the whole country. Statuses are never averaged."),
    )


def statuses(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return every indicator's figure, plan and status, with the reason in a sentence."""
    national = assessments[assessments["region_id"] == data.registry.country_id]
    indicators = data.registry.indicators
    frame = _readable(data, national, words)
    frame["reason_text"] = [
        words.reason(row, data.registry.units[indicators[str(row["indicator_id"])].unit],
                     indicators[str(row["indicator_id"])].direction)
        for row in national.to_dict("records")
    ]  # fmt: skip
    columns = (
        Column("indicator", words("Indicator")),
        Column("unit_name", words("Unit")),
        Column("period", words("Period"), "period"),
        Column("value", words("Observed"), "number", decimals=None),
        Column("expected_value", words("Expected"), "number", decimals=None),
        Column("target_value", words("Target"), "number", decimals=None),
        Column("status", words("Status"), "status"),
        Column("reason_text", words("Why")),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Every indicator"),
        frame,
        columns,
        note=_illustrative_note(data, words),
        empty_text=words("No indicator is defined here."),
    )


def deviations(
    data: Dataset, assessments: pd.DataFrame, words: Wording, *, top: int = 15
) -> Table:
    """Return what is late: by how much, against what, and who answers for it."""
    behind = rollup.deviations(assessments, data.registry)
    frame = _readable(data, behind.head(top), words)
    frame["gap"] = behind.head(top)["gap"].to_numpy()
    columns = (
        Column("indicator", words("Indicator")),
        Column("sector", words("Sector")),
        Column("unit_name", words("Unit")),
        Column("period", words("Period"), "period"),
        Column("value", words("Observed"), "number", decimals=None),
        Column("expected_value", words("Expected"), "number", decimals=None),
        Column("gap", words("Short by"), "number", decimals=None),
        Column("status", words("Status"), "status"),
        Column("owner", words("Responsible")),
        Column("source", words("Source"), "source"),
    )
    note = words("“Short by” is in the indicator's unit, below zero when behind the plan.")
    if len(behind) > top:
        note += " " + words("The first {n} of {m}.", n=top, m=len(behind))
    return Table(
        words("Largest deviations"),
        frame,
        columns,
        note=" ".join(filter(None, [note, _illustrative_note(data, words)])),
        empty_text=words("No indicator that could be judged is at risk or off track."),
    )


def _readable(data: Dataset, rows: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """Return assessments with names instead of ids, and the mark of illustrative targets."""
    registry, indicators = data.registry, data.registry.indicators
    invented = illustrative_targets(data)

    def name(row: pd.Series[str]) -> str:
        mark = MARK if (row["indicator_id"], row["region_id"]) in invented else ""
        return words.name(indicators[row["indicator_id"]].name) + mark

    keys = rows[["indicator_id", "region_id"]].to_dict("records")
    of = [indicators[str(key["indicator_id"])] for key in keys]
    return rows.assign(
        indicator=[name(key) for key in keys],  # type: ignore[arg-type]
        sector=[words.name(registry.sectors[one.sector_id].name) for one in of],
        owner=[
            words.name(one.owner) or words.name(registry.sectors[one.sector_id].lead)
            for one in of
        ],
        unit_name=[words.name(registry.units[one.unit].name) for one in of],
        source=data.place(rows),
    ).reset_index(drop=True)


def illustrative_targets(data: Dataset) -> set[tuple[str, str]]:
    """Return the indicator and region of every target that is illustrative."""
    rows = data.targets[data.targets["illustrative"]]
    return set(zip(rows["indicator_id"], rows["region_id"], strict=True))


def _illustrative_note(data: Dataset, words: Wording) -> str:
    if not illustrative_targets(data):
        return ""
    return words("{mark} The target is illustrative, not an official one.", mark=MARK)


def illustrative(data: Dataset, words: Wording) -> Note:
    """Return the note that says what in the report is invented for the example."""
    parts = [
        (len(illustrative_targets(data)), words("targets")),
        (int(data.milestones["illustrative"].sum()), words("milestones")),
        (int(data.instructions["illustrative"].sum()), words("instructions")),
    ]
    said = [f"{what}: {n}" for n, what in parts if n]
    if not said:
        return Note(words("Nothing in this report is illustrative."))
    text = words(
        "Illustrative, made for the example and not official ({what}). Marked {mark}. "
        "Observed figures and spending are published facts.",
        what=", ".join(said),
        mark=MARK,
    )
    return Note(text, "illustrative")


def spending(
    data: Dataset, words: Wording, *, by: str = "sector_id", period: str | None = None
) -> Table:
    """Return plan, actual, execution and what was not spent, with the coverage of each."""
    sums = money.execution(data, by=(by,), period=period)
    names = {
        "sector_id": {s.id: words.name(s.name) for s in data.registry.sectors.values()},
        "region_id": {r.id: words.name(r.name) for r in data.registry.regions.values()},
        "programme_id": {
            "": words("Outside programmes"),
            **{p.id: words.name(p.name) for p in data.registry.programmes.values()},
        },
        "line_id": {},
    }[by]
    labels = {"sector_id": "Sector", "region_id": "Region", "programme_id": "Programme"}
    frame = sums.assign(
        name=sums[by].map(lambda key: names.get(key, key)),
        coverage=[
            words.coverage(int(n), int(of))
            for n, of in zip(sums["lines_reported"], sums["lines"], strict=True)
        ],
    )
    unit = sums["unit"].iloc[0] if len(sums) else ""
    columns = (
        Column("name", {"Sector": words("Sector"), "Region": words("Region"),
                        "Programme": words("Programme")}.get(labels.get(by, ""),
                                                             words("Budget line"))),
        Column("period", words("By the end of"), "period"),
        Column("plan", words("Planned"), "money", unit=unit),
        Column("actual", words("Spent"), "money", unit=unit),
        Column("execution_percent", words("Execution"), "percent"),
        Column("unspent", words("Not spent"), "money", unit=unit),
        Column("coverage", words("Lines reported")),
    )  # fmt: skip
    return Table(
        words("Spending"),
        frame,
        columns,
        note=words(
            "Counted from 1 January. Execution is the quotient of the sums, over the lines "
            "that report both plan and actual."
        ),
        empty_text=words("No spending was reported."),
    )


def spending_lines(data: Dataset, words: Wording) -> Table:
    """Return each budget line's latest plan and actual with the cell it was sent in."""
    latest = data.spending.sort_values("period_end").drop_duplicates(
        ["line_id", "region_id"], keep="last"
    )
    frame = latest.assign(
        region=latest["region_id"].map(
            {r.id: words.name(r.name) for r in data.registry.regions.values()}
        ),
        line=latest["line_id"].str.split(".", n=1).str[-1],
        source=data.place(latest),
    ).sort_values(["line_id", "region_id"])
    unit = frame["unit"].iloc[0] if len(frame) else ""
    columns = (
        Column("line", words("Budget line")),
        Column("region", words("Region")),
        Column("period", words("By the end of"), "period"),
        Column("plan", words("Planned"), "money", unit=unit),
        Column("actual", words("Spent"), "money", unit=unit),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Spending by budget line"),
        frame.reset_index(drop=True),
        columns,
        empty_text=words("No spending was reported."),
    )


def milestones(data: Dataset, words: Wording) -> Table:
    """Return the milestones, the most urgent first."""
    states = milestone_states.late(data)
    frame = states.assign(
        state_name=[state_name(state, words) for state in states["state"]],
        title_marked=states["title"] + states["illustrative"].map({True: MARK, False: ""}),
        source=data.place(states),
    )
    columns = (
        Column("title_marked", words("Milestone")),
        Column("owner", words("Responsible")),
        Column("due_on", words("Due"), "date"),
        Column("expected_on", words("Expected"), "date"),
        Column("completed_on", words("Completed"), "date"),
        Column("state_name", words("State")),
        Column("delay_days", words("Delay"), "number", decimals=0, unit=words("days")),
        Column("source", words("Source"), "source"),
    )
    marked = bool(frame["illustrative"].any())
    return Table(
        words("Milestones"),
        frame,
        columns,
        note=words("{mark} Illustrative, not official.", mark=MARK) if marked else "",
        empty_text=words("No milestone is recorded."),
    )


def state_name(state: str, words: Wording) -> str:
    """Return a milestone's state in the reader's language."""
    return {
        "overdue": words("overdue"),
        "forecast_late": words("expected late"),
        "due": words("due soon"),
        "upcoming": words("later"),
        "undated": words("no date promised"),
        "done_late": words("done late"),
        "done": words("done"),
    }[state]


def instructions(data: Dataset, words: Wording) -> Table:
    """Return the instructions under control, overdue ones first."""
    rows = data.instructions.sort_values(["due_on", "instruction_id"], ignore_index=True)
    frame = rows.assign(
        text_marked=rows["text"] + rows["illustrative"].map({True: MARK, False: ""}),
        source=data.place(rows),
    )
    columns = (
        Column("text_marked", words("Instruction")),
        Column("act", words("Act")),
        Column("executor", words("Responsible")),
        Column("due_on_original", words("First deadline"), "date"),
        Column("due_on", words("Deadline"), "date"),
        Column("extensions", words("Extensions"), "number", decimals=0),
        Column("state", words("State")),
        Column("source", words("Source"), "source"),
    )
    marked = bool(frame["illustrative"].any())
    return Table(
        words("Instructions under control"),
        frame,
        columns,
        note=words("{mark} Illustrative, not official.", mark=MARK) if marked else "",
        empty_text=words("No instruction is under control here."),
    )


def returns(data: Dataset, words: Wording) -> Table:
    """Return what arrived from each sector, and what did not."""
    received = quality.returns_received(data)
    names = {s.id: words.name(s.name) for s in data.registry.sectors.values()}
    frame = received.assign(
        sector=received["sector_id"].map(names),
        reported=[
            words.coverage(int(n), int(of))
            for n, of in zip(
                received["indicators_reported"], received["indicators"], strict=True
            )
        ],
    )
    columns = (
        Column("sector", words("Sector")),
        Column("sources", words("Files"), "number", decimals=0),
        Column("received_on", words("Last received"), "date"),
        Column("reported", words("Indicators reported")),
        Column("rows_read", words("Rows read"), "number", decimals=0),
        Column("rows_kept", words("Kept"), "number", decimals=0),
        Column("rows_quarantined", words("Set aside"), "number", decimals=0),
        Column("rows_skipped", words("Skipped"), "number", decimals=0),
    )
    return Table(
        words("What was and was not received"),
        frame,
        columns,
        note=words("Rows read = kept + set aside + skipped, for every file."),
    )


def problems(data: Dataset, words: Wording, *, notes: bool = False) -> Table:
    """Return what was wrong in the returns, with the cell to look at."""
    rows = data.problems
    rows = rows if notes else rows[rows["severity"] != "note"]
    order = {"error": 0, "warning": 1, "note": 2}
    rows = rows.assign(order=rows["severity"].map(order)).sort_values(
        ["order", "file", "sheet", "cell"], ignore_index=True
    )
    frame = rows.assign(
        file_name=rows["file"].str.rsplit("/", n=1).str[-1],
        where=rows["sheet"] + ("!" + rows["cell"]).where(rows["cell"] != "", ""),
        what=[words.problem(code) for code in rows["code"]],
        severity_name=[words.severity(severity) for severity in rows["severity"]],
    )
    columns = (
        Column("file_name", words("File")),
        Column("where", words("Cell")),
        Column("severity_name", words("Severity")),
        Column("what", words("What is wrong")),
        Column("value", words("Found")),
        Column("message", words("Details")),
    )
    return Table(
        words("Problems in the returns"),
        frame,
        columns,
        empty_text=words("Nothing was wrong in the returns."),
    )


def findings(data: Dataset, words: Wording) -> Table:
    """Return figures that were read well and are still doubtful."""
    found = quality.findings(data)
    called = {i.id: words.name(i.name) for i in data.registry.indicators.values()}
    regions = {r.id: words.name(r.name) for r in data.registry.regions.values()}
    frame = found.assign(
        subject=found["subject_id"].map(lambda key: called.get(key, key)),
        region=found["region_id"].map(lambda key: regions.get(key, key)),
        what=[words.problem(rule) for rule in found["rule"]],
        source=data.place(found),
    )
    columns = (
        Column("what", words("Finding")),
        Column("subject", words("Indicator or budget line")),
        Column("region", words("Region")),
        Column("period", words("Period")),
        Column("value", words("Figure"), "number", decimals=None),
        Column("compared_with", words("Compared with"), "number", decimals=None),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Figures to look at"),
        frame,
        columns,
        empty_text=words("No figure is doubtful by the rules."),
    )


def missing(data: Dataset, words: Wording) -> Table:
    """Return the figures that were due and did not arrive."""
    absent = quality.missing_returns(data)
    indicators = data.registry.indicators
    sectors = data.registry.sectors
    regions = {r.id: words.name(r.name) for r in data.registry.regions.values()}
    frame = absent.assign(
        indicator=[words.name(indicators[i].name) for i in absent["indicator_id"]],
        sector=[
            words.name(sectors[indicators[i].sector_id].name) for i in absent["indicator_id"]
        ],
        region=absent["region_id"].map(regions),
    )
    columns = (
        Column("sector", words("Sector")),
        Column("indicator", words("Indicator")),
        Column("region", words("Region")),
        Column("period", words("Period"), "period"),
    )
    return Table(
        words("Figures not received"),
        frame,
        columns,
        empty_text=words("Every figure that was due has arrived."),
    )
