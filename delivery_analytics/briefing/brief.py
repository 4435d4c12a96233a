"""The brief of a report: chosen by `choice`, worded in the reader's language.

METHODS.md, The brief: which answer, rows and picture each kind of report has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from delivery_analytics.analytics import instructions, milestones, spending
from delivery_analytics.analytics.returns_due import on_overdue_figures
from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks import common
from delivery_analytics.blocks.changes import revised, turned
from delivery_analytics.briefing.choice import ROWS, choose
from delivery_analytics.charts.regions_bar import regions_bar
from delivery_analytics.charts.status_grid import status_grid
from delivery_analytics.charts.trajectory import trajectory
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import LONGEST_ASK
from delivery_analytics.report import theme
from delivery_analytics.report.document import Brief, Table
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.reasons import facts
from delivery_analytics.wording.wording import Wording

_SERIES, _MOVES = 4, 4  # figures that a line is drawn through; changes of status that are told
_NEARLY_ALL, _MOST = 95.0, 0.5  # of a plan spent; of what is left, in one sector


def brief(
    data: Dataset,
    words: Wording,
    *,
    assessments: pd.DataFrame | None = None,
    region_id: str | None = None,
    history: Dataset | None = None,
    since: str = "",
    finding: Figure | None = None,
) -> Brief:
    """Return the one page of a report.

    Parameters
    ----------
    data
        As known on a day: of a sector or a programme what `Dataset.where` keeps of it.
    assessments
        What `assess` returned of it; otherwise a new judgement.
    region_id
        The brief of a region, of all of the nation's data; otherwise the nation's.
    history, since
        With every revision up to that day, and the earlier day from which changes are told.
    finding
        Of a report that judges no indicators: the chart whose title is the answer.
    """
    if finding is not None:
        beside = common.sentences(*finding.notes)
        exhibit = None if finding.is_empty else finding
        return Brief(finding.title, beside, exhibit=exhibit, notes=(finding.footnote,))
    told = data.named(words.language)
    assessments = assess(data) if assessments is None else assessments
    here = assessments[assessments["region_id"].isin(data.registry.at(region_id))]
    chosen = choose(told, assessments, region_id=region_id, top=None)
    first, every = chosen.head(ROWS), _table(told, chosen, words)
    asked = table_of("asked", every.frame.drop(columns=["facts", "reason"]), words)
    money, spent, unspent = _money(data, words, region_id)
    changes, moves = _changes(history, words, since, region_id) if history else ((), None)
    counts = here["status"].value_counts()
    return Brief(
        answer=_answer(data, here, chosen, words, unspent),
        standfirst=_standfirst(data, here, chosen, words, region_id),
        counts={code: int(counts.get(code, 0)) for code in theme.COUNTED},
        rows=replace(every, frame=every.frame.head(ROWS)),
        asked=(asked,) * (len(chosen) > ROWS),
        money=money,
        spent=spent,
        exhibit=_exhibit(data, assessments, chosen, words, region_id),
        changes=changes,
        moves=moves,
        notes=_notes(first, words),
        sources="; ".join(dict.fromkeys(filter(None, data.place(first)))),
    )


def _answer(
    data: Dataset, here: pd.DataFrame, chosen: pd.DataFrame, words: Wording, unspent: str
) -> str:
    counts = here["status"].value_counts()
    good, silent = (
        int(counts.reindex(codes, fill_value=0).sum())
        for codes in (["achieved", "on_track"], ["not_judged"])
    )
    judged = len(here) - silent
    parts = [
        words("{n} judged indicators are achieved or on track", n=words.coverage(good, judged))
        if judged
        else words("None of {n} indicators can be judged", n=len(here))
    ]
    if len(chosen):
        worst = chosen.iloc[0]
        called = words.short_name(data.registry.indicators[worst["indicator_id"]])
        called = called.replace("«", "„").replace("»", "“")  # it is quoted itself
        alike = int((chosen["status"] == worst["status"]).sum())
        parts.append(_clause(str(worst["status"]), alike, called, words))
    return "; ".join(filter(None, [*parts, unspent]))


def _clause(status: str, n: int, name: str, words: Wording) -> str:
    if status == "off_track":
        return words.plural(
            "{n} is off track: ‘{name}’", "{n} are off track, first ‘{name}’", n, name=name
        )
    if status == "at_risk":
        return words.plural(
            "{n} is at risk: ‘{name}’", "{n} are at risk, first ‘{name}’", n, name=name
        )
    return words.plural(
        "{n} lacks a figure: ‘{name}’", "{n} lack a figure, first ‘{name}’", n, name=name
    )


def _table(data: Dataset, rows: pd.DataFrame, words: Wording) -> Table:
    behind = int(rows["behind"].sum())
    title = words("First {n} of {all} behind", n=ROWS, all=behind) if behind > ROWS else ""
    known = data.registry
    units = [known.units[one.unit] for one in common.indicators_of(data, rows)]
    records: Any = rows.to_dict("records")
    frame = pd.DataFrame(
        {
            "indicator_id": rows["indicator_id"],
            "status": rows["status"],
            "name": [
                words.short_name(known.indicators[row["indicator_id"]])
                + (common.MARK if row["illustrative"] else "")
                for row in records
            ],
            "facts": [
                facts(words, row, unit) for row, unit in zip(records, units, strict=True)
            ],
            "reason": [_reason(data, row, words) for row in records],
            "who": [_who(data, row, words) for row in records],
            "ask": [_ask(row, words) for row in records],
        }
    )
    return table_of("brief", frame, words, title=title)


def _standfirst(
    data: Dataset,
    here: pd.DataFrame,
    chosen: pd.DataFrame,
    words: Wording,
    region_id: str | None,
) -> str:
    silent = here[here["status"] == "not_judged"]
    owed = chosen[(chosen["owed"] == "first_figure") & ~chosen["illustrative"]]
    unseen = [
        words.short_name(data.registry.indicators[key])
        for key in owed["indicator_id"]
        if key not in set(chosen.head(ROWS)["indicator_id"])
    ]
    late_figures = len(on_overdue_figures(here, data))
    late = milestones.late(data)
    control = instructions.control(data)
    if region_id:
        late, control = late.iloc[:0], control[control["region_id"] == region_id]
    due = int(milestones.due_by_now(late, data).sum())
    passed = int(control["passed"].sum())
    parts = [
        words(
            "Not judged: {n} indicators; without any figure: {m}.",
            n=words.coverage(len(silent), len(here)),
            m=int(silent["value"].isna().sum()),
        )
        if len(silent)
        else "",
        words("Judged on overdue figures: {n}.", n=late_figures) if late_figures else "",
        words("An official target has no figure: ‘{name}’.", name=unseen[0]) if unseen else "",
        words(
            "Milestones overdue: {n} due by now.",
            n=words.coverage(int((late["state"] == "overdue").sum()), due),
        )
        if due
        else "",
        words(
            "Instructions overdue: {n} due by now.",
            n=words.coverage(int((control["derived"] == "overdue").sum()), passed),
        )
        if passed
        else "",
    ]
    return common.sentences(*parts)


def _who(data: Dataset, row: Any, words: Wording) -> str:
    """Return who answers: the indicator's body or the region, and who holds the obstacle."""
    one = data.registry.indicators[row["indicator_id"]]
    body = words.name(one.owner) or words.name(data.registry.sectors[one.sector_id].lead)
    if row["region_id"] != data.registry.country_id:
        body = words.name(data.registry.regions[row["region_id"]].name)
    if row["obstacle_owner"] in ("", body):
        return body
    return words("{body}; the obstacle: {other}", body=body, other=row["obstacle_owner"])


def _reason(data: Dataset, row: Any, words: Wording) -> str:
    days, text = row["days_open"], row["obstacle"].rstrip(".")
    if not text:
        return words("No reason reported")
    if days == days:
        text = words.plural(
            "{text}; open for {n} day", "{text}; open for {n} days", days, text=text
        )
    text += common.MARK if row["obstacle_illustrative"] else ""
    nation = words.name(data.registry.country.name)
    return f"{nation}: {text}" if row["elsewhere"] else text


def _ask(row: Any, words: Wording) -> str:
    """Return what is asked: the team's own words where they fit, else what the case asks."""
    asks = [words.code("ask", row["owed"])] if row["owed"] else []
    if level := row["level"]:
        mark = common.MARK if row["obstacle_illustrative"] else ""
        own = row["ask"].rstrip(".") + mark if 0 < len(row["ask"]) <= LONGEST_ASK else ""
        asks.insert(0, f"{words.code('level', level)}: {own or words.code('ask', level)}")
    if not pd.isna(row["instruction_due"]):
        day = words.date(row["instruction_due"])
        asks.append(words("an instruction on it is overdue since {date}", date=day))
    text = "; ".join(asks) or words.code("ask", "explain")
    return text[:1].upper() + text[1:]


def _money(
    data: Dataset, words: Wording, region_id: str | None
) -> tuple[str, float | None, str]:
    """Return the sentence, the share that is spent, and what the answer says of it."""
    sums = spending.execution(data, by="region_id" if region_id else ())
    if region_id:
        sums = sums[sums["region_id"] == region_id]
    unit = spending.main_currency(sums)
    others = sorted(set(sums["unit"]) - {unit})
    sums = sums[sums["unit"] == unit]
    if sums["execution_percent"].isna().all():
        return words("No spending reported within the scope of this report."), None, ""
    total = sums.iloc[0]
    actual, plan, left = words.amounts([total["actual"], total["plan"], total["unspent"]], unit)
    percent = total["execution_percent"]
    said = words(
        "{percent} spent: {facts}.",
        percent=words.percent(percent),
        facts=words(
            "{actual} of {plan} planned by the end of {period}; {lines} budget lines",
            actual=actual,
            plan=plan,
            period=words.period(total["period"]),
            lines=words.coverage(int(total["lines_reported"]), int(total["lines"])),
        ),
    )
    if total["unspent"] > 0:
        said = common.sentences(
            said, _left(data, words, unit, left, total["unspent"], region_id)
        )
    if others:
        others_said = words("Not counted: amounts in {units}.", units=words.join(others))
        said = common.sentences(said, others_said)
    missed = words("{percent} of the budget is not spent", percent=words.percent(100 - percent))
    return said, min(percent / 100, 1.0), missed if percent < _NEARLY_ALL else ""


def _left(
    data: Dataset, words: Wording, unit: str, left: str, unspent: float, region_id: str | None
) -> str:
    sectors = spending.execution(data, by="sector_id")
    sectors = sectors[(sectors["unit"] == unit) & (sectors["unspent"] > _MOST * unspent)]
    if region_id or sectors.empty or len(data.registry.sectors) < 2:
        return words("{amount} is not spent.", amount=left)
    [most] = sectors.to_dict("records")
    called = common.names(data.registry.sectors, words)
    return words(
        "{amount} is not spent, {percent} of it in ‘{name}’.",
        amount=left,
        percent=words.percent(100 * most["unspent"] / unspent, 0),
        name=called.get(most["sector_id"], most["sector_id"]),
    )


def _exhibit(
    data: Dataset,
    assessments: pd.DataFrame,
    chosen: pd.DataFrame,
    words: Wording,
    region_id: str | None,
) -> Figure | None:
    """Return the picture: of all sectors, else of the first row that has a series."""
    sectors = [one for one in data.registry.sectors.values() if one.indicators]
    if not region_id and data.whole is None and len(sectors) > 1:
        # The strip above says what the marks mean.
        return status_grid(data, words, assessments=assessments, legend=False)
    seen, nation = data.observations.dropna(subset="value"), data.registry.country_id
    for key in chosen["indicator_id"]:
        own = seen[seen["indicator_id"] == key]
        regions = set(own["region_id"]) - {nation}
        if region_id and len(regions) > 1:
            return regions_bar(data, key, words, region_id=region_id, assessments=assessments)
        if not region_id and len(set(own.loc[own["region_id"] == nation, "period"])) >= _SERIES:
            return trajectory(data, key, words, assessments=assessments)
    return None


def _changes(
    history: Dataset, words: Wording, since: str, region_id: str | None
) -> tuple[tuple[str, ...], Table | None]:
    found = turned(history, words, since=since, region_id=region_id)
    values = revised(history, words, since=since, region_id=region_id)
    worst = found.frame["status"].map(theme.COUNTED.index).sort_values(kind="stable").index
    more, n = len(found.frame) - _MOVES, len(values.frame)
    told = [
        found.empty_text
        if found.frame.empty
        else words("Status changes since {date}", date=words.date(since)),
        words("and {n} more", n=more) if more > 0 else "",
        words("Figures revised and targets changed: {n}.", n=n) if n else values.empty_text,
    ]
    return tuple(filter(None, told)), replace(found, frame=found.frame.loc[worst[:_MOVES]])


def _notes(rows: pd.DataFrame, words: Wording) -> tuple[str, ...]:
    marked = rows["illustrative"].any() or rows["obstacle_illustrative"].any()
    told = [
        words.code("mark", "illustrative", mark=common.MARK) if marked else "",
        words("How the rows are chosen: Methods, “The brief”."),
    ]
    return tuple(filter(None, told))
