"""The contract of every tidy table: its key, its columns, their types, units and meaning.

Tables are plain long DataFrames. Their contract is checked where data enter and leave
the package (`check`), never inside an analytic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from delivery_analytics.errors import ContractError

if TYPE_CHECKING:
    import pandera.pandas as pa

TEXT, NUMBER, DAY, FLAG, COUNT = "text", "number", "day", "flag", "count"
_DTYPES = {TEXT: "str", NUMBER: "float64", DAY: "datetime64[us]", FLAG: "bool", COUNT: "int64"}


@dataclass(frozen=True)
class Column:
    """One column: its kind, what it means with its unit, and whether it may be missing."""

    kind: str
    meaning: str
    missing: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table's contract: one row per what, the key that makes a row unique, the columns.

    `needs` are the fields that a row of a return must have; none where no return fills it.
    """

    name: str
    one_row_per: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    needs: tuple[str, ...] = ()

    @property
    def revisions(self) -> tuple[str, ...]:
        """The key without the day it was reported: what a revision is a revision of."""
        return tuple(name for name in self.key if name not in ("reported_on", "set_on"))

    @property
    def learned_on(self) -> str | None:
        """The column that says when we learned a row, if the table has one."""
        days = ("reported_on", "set_on", "received_on", "as_of")
        return next((name for name in days if name in self.columns), None)


_SOURCE = {
    "source_id": Column(TEXT, "the file, a key of `sources`"),
    "source_cell": Column(TEXT, "the cell, as `Sheet!F14`"),
}
_INDICATOR = Column(TEXT, "`sector.indicator`, as in the sector's file")
_REGION = Column(TEXT, "ISO 3166-2 code; the country's own code for the nation")
_PERIOD = Column(TEXT, "SDMX text: 2026, 2026-S1, 2026-Q2, 2026-06")
_PERIOD_END = Column(DAY, "last day of the period")
_REPORTED = Column(DAY, "the day we learned it")
_ILLUSTRATIVE = Column(FLAG, "invented for the example; every report says so beside it")
_SECTOR = Column(TEXT, "a file under data/definitions/sectors, without .toml")
_PROGRAMME = Column(TEXT, "cross-cutting programme; empty when it belongs to none")

STATUSES = ("achieved", "on_track", "at_risk", "off_track", "not_judged")
OBS_STATUSES = ("normal", "missing", "not_applicable", "provisional", "estimated", "bounded")
LEVELS = ("working", "ministry", "centre")  # of escalation, from below


def _table(name: str, per: str, key: str, columns: dict[str, Column], needs: str = "") -> Table:
    return Table(name, per, tuple(key.split()), columns, tuple(needs.split()))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "observations",
            "figure reported for an indicator, a region and a period",
            "indicator_id region_id period reported_on",
            {
                "indicator_id": _INDICATOR,
                "region_id": _REGION,
                "period": _PERIOD,
                "period_end": _PERIOD_END,
                "reported_on": _REPORTED,
                "value": Column(NUMBER, "in the indicator's unit", missing=True),
                "obs_status": Column(
                    TEXT, "why a value is missing or marked", among=OBS_STATUSES
                ),
                **_SOURCE,
            },
            needs="indicator period value reported_on",
        ),
        _table(
            "targets",
            "value promised for a day, as agreed on a day",
            "indicator_id region_id due_on set_on",
            {
                "indicator_id": _INDICATOR,
                "region_id": _REGION,
                "due_on": Column(DAY, "the day the value is due"),
                "set_on": Column(DAY, "the day it was agreed; a moved target is a new row"),
                "kind": Column(TEXT, "which promise", among=("baseline", "interim", "final")),
                "value": Column(NUMBER, "in the indicator's unit"),
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="indicator value kind due_on set_on",
        ),
        _table(
            "milestones",
            "milestone, as reported on a day",
            "milestone_id reported_on",
            {
                "milestone_id": Column(TEXT, "unique in the workspace"),
                "reported_on": _REPORTED,
                "sector_id": _SECTOR,
                "programme_id": _PROGRAMME,
                "title": Column(TEXT, "as sent"),
                "owner": Column(TEXT, "the body that answers for it, as sent"),
                "due_on": Column(DAY, "the day promised", missing=True),
                "expected_on": Column(DAY, "the day now expected", missing=True),
                "completed_on": Column(DAY, "the day it was done", missing=True),
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="milestone reported_on",
        ),
        _table(
            "instructions",
            "instruction under control, as reported on a day",
            "instruction_id reported_on",
            {
                "instruction_id": Column(TEXT, "unique in the workspace"),
                "reported_on": _REPORTED,
                "sector_id": _SECTOR,
                "act": Column(TEXT, "the act it stems from, as sent"),
                "text": Column(TEXT, "what was instructed, as sent"),
                "executor": Column(TEXT, "the body that answers for it, as sent"),
                "control": Column(TEXT, "ordinary or special", among=("ordinary", "special")),
                "due_on_original": Column(DAY, "the first deadline", missing=True),
                "due_on": Column(DAY, "the deadline now in force", missing=True),
                "extensions": Column(COUNT, "how often the deadline was moved"),
                "state": Column(TEXT, "state of control, as sent"),
                "removed_on": Column(DAY, "the day control ended", missing=True),
                "region_id": _REGION,
                "registered_on": Column(DAY, "the day control began", missing=True),
                "last_report_on": Column(
                    DAY, "the day of the executor's last report", missing=True
                ),
                "returns": Column(NUMBER, "how often a report was sent back", missing=True),
                "reopened": Column(NUMBER, "how often control began again", missing=True),
                "secrecy": Column(TEXT, "the mark on the document; empty when it is open"),
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="instruction control reported_on",
        ),
        _table(
            "spending",
            "budget line, region and period, as reported on a day",
            "line_id region_id period reported_on",
            {
                "line_id": Column(TEXT, "budget line, unique in its sector"),
                "region_id": _REGION,
                "period": _PERIOD,
                "period_end": _PERIOD_END,
                "reported_on": _REPORTED,
                "sector_id": _SECTOR,
                "programme_id": _PROGRAMME,
                "plan": Column(
                    NUMBER, "planned by the end of the period, in `unit`", missing=True
                ),
                "actual": Column(NUMBER, "spent by then, in `unit`", missing=True),
                "commitment": Column(NUMBER, "committed by then, in `unit`", missing=True),
                "unit": Column(TEXT, "currency, as ISO 4217"),
                "cumulative": Column(FLAG, "counted from 1 January, not since the last period"),
                **_SOURCE,
                "plan_cell": Column(TEXT, "the plan's own cell; `source_cell` is the actual's"),
            },
            needs="line period unit reported_on",
        ),
        _table(
            "judgements",
            "rating an assessor gave on a day",
            "subject_id as_of assessor dimension",
            {
                "subject_id": Column(TEXT, "the indicator, project or priority that was rated"),
                "as_of": Column(DAY, "the day of the judgement"),
                "assessor": Column(TEXT, "who judged"),
                "dimension": Column(TEXT, "what was judged, such as `delivery_confidence`"),
                "rating": Column(TEXT, "in the words of the scale; empty where none was given"),
                "reason": Column(TEXT, "as given; empty where none was"),
                "moderated_rating": Column(TEXT, "what a moderator made of it; mostly empty"),
                "moderator": Column(TEXT, "who moderated"),
                "sector_id": _SECTOR,
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="subject assessor dimension reported_on",
        ),
        _table(
            "actions",
            "planned action under an indicator, as reported on a day",
            "action_id reported_on",
            {
                "action_id": Column(TEXT, "unique in the workspace"),
                "reported_on": _REPORTED,
                "sector_id": _SECTOR,
                "indicator_id": Column(TEXT, "the indicator that it is to move"),
                "region_id": _REGION,
                "title": Column(TEXT, "as sent"),
                "owner": Column(TEXT, "the body that answers for it, as sent"),
                "start_on": Column(DAY, "the day it is to begin", missing=True),
                "end_on": Column(DAY, "the day it is to be done", missing=True),
                "completed_on": Column(DAY, "the day it was done", missing=True),
                "cost": Column(NUMBER, "what it is to cost, in `unit`", missing=True),
                "unit": Column(TEXT, "currency, as ISO 4217; empty without a cost"),
                "effect": Column(
                    NUMBER, "improvement at full scale, in the indicator's unit", missing=True
                ),
                "lag_days": Column(NUMBER, "days from its start to any effect", missing=True),
                "ramp": Column(TEXT, "how the effect grows: step, linear, s_curve"),
                "ramp_days": Column(NUMBER, "days until the effect is full", missing=True),
                "coverage": Column(NUMBER, "share that it reaches, 0 to 1", missing=True),
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="action indicator reported_on",
        ),
        _table(
            "obstacles",
            "problem in the way of delivery, as logged on a day",
            "obstacle_id reported_on",
            {
                "obstacle_id": Column(TEXT, "unique in the workspace"),
                "reported_on": _REPORTED,
                "sector_id": _SECTOR,
                "indicator_id": Column(TEXT, "the indicator it holds up; empty for none"),
                "text": Column(TEXT, "as sent"),
                "owner": Column(TEXT, "who is to solve it, as sent"),
                "level": Column(TEXT, "how far it was escalated", among=LEVELS),
                "raised_on": Column(DAY, "the day it was raised", missing=True),
                "resolved_on": Column(DAY, "the day it was solved", missing=True),
                "illustrative": _ILLUSTRATIVE,
                **_SOURCE,
            },
            needs="obstacle level reported_on",
        ),
        _table(
            "challenges",
            "value a 100-day challenge reported for a day",
            "challenge_id measure day",
            {
                "challenge_id": Column(TEXT, "as in challenges.toml"),
                "measure": Column(TEXT, "a guard-rail of it; empty for its result"),
                "day": Column(COUNT, "day of the challenge; its first day is 1"),
                "value": Column(NUMBER, "in the unit of the challenge or guard-rail"),
                "sector_id": _SECTOR,
                **_SOURCE,
            },
            needs="challenge on value",
        ),
        _table(
            "sources",
            "file that was sent",
            "source_id",
            {
                "source_id": Column(TEXT, "first 12 hexadecimal digits of its SHA-256"),
                "path": Column(TEXT, "below the workspace, with forward slashes"),
                "sha256": Column(TEXT, "fingerprint of the bytes"),
                "sector_id": _SECTOR,
                "received_on": Column(DAY, "latest day its rows were reported", missing=True),
                "rows_read": Column(COUNT, "rows met: a figure of a wide sheet is a row"),
                "rows_kept": Column(COUNT, "rows that reached a table"),
                "rows_quarantined": Column(COUNT, "rows set aside with a problem"),
                "rows_skipped": Column(COUNT, "totals, captions, blanks, repeats: not data"),
            },
        ),
        _table(
            "problems",
            "thing wrong at a cell",
            "source_id file sheet cell code",
            {
                "source_id": Column(TEXT, "the file, a key of `sources`"),
                "sector_id": _SECTOR,
                "file": Column(TEXT, "below the workspace"),
                "sheet": Column(TEXT, "empty when the file itself is meant"),
                "cell": Column(TEXT, "empty when the sheet itself is meant"),
                "code": Column(TEXT, "what is wrong, as `family.name`"),
                "severity": Column(
                    TEXT, "error sets rows aside", among=("error", "warning", "note")
                ),
                "value": Column(TEXT, "the text found"),
                "message": Column(TEXT, "found, expected, what to do; English"),
                "reported_on": Column(DAY, "when its file was received", missing=True),
            },
        ),
        _table(
            "assessments",
            "indicator and region judged by a method on a day",
            "indicator_id region_id as_of method",
            {
                "indicator_id": _INDICATOR,
                "region_id": _REGION,
                "as_of": Column(DAY, "judged with what was known this day"),
                "method": Column(TEXT, "a function of `status`"),
                "period": Column(TEXT, "the period judged; empty when nothing was reported"),
                "value": Column(NUMBER, "observed, in the indicator's unit", missing=True),
                "baseline_value": Column(NUMBER, "where it started", missing=True),
                "expected_value": Column(
                    NUMBER, "the trajectory at the period's end", missing=True
                ),
                "target_value": Column(NUMBER, "the final target", missing=True),
                "score": Column(NUMBER, "in the method's own scale", missing=True),
                "status": Column(TEXT, "never better than the evidence", among=STATUSES),
                "reason": Column(TEXT, "a code that `wording` turns into a sentence"),
                **_SOURCE,
            },
        ),
    )
}
SENT = tuple(name for name, table in TABLES.items() if table.needs)  # what returns can fill


@cache
def _contract(name: str) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    table = TABLES[name]
    return pa.DataFrameSchema(
        {
            column: pa.Column(
                _DTYPES[spec.kind],
                nullable=spec.missing,
                checks=[pa.Check.isin(spec.among)] if spec.among else [],
            )
            for column, spec in table.columns.items()
        },
        unique=list(table.key),
        strict=True,
        ordered=True,
    )


def empty(name: str) -> pd.DataFrame:
    """Return the table called `name` with its columns and types, and no rows."""
    return conform(name, pd.DataFrame())


def conform(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the table's columns, order, types and sort, missing ones empty.

    Types are set, never judged: text that is not a number must have been set aside long
    before. The contract itself is `check`.
    """
    table = TABLES[name]
    out = {}
    for column, spec in table.columns.items():
        values = rows[column] if column in rows else pd.Series(index=rows.index, dtype=object)
        if spec.kind == TEXT:
            values = values.astype("str").where(values.notna(), "")
        elif spec.kind in (FLAG, COUNT):
            values = values.where(values.notna(), 0)
        out[column] = values.astype(_DTYPES[spec.kind])  # type: ignore[call-overload]
    frame = pd.DataFrame(out, columns=list(table.columns))
    return frame.sort_values(list(table.key), kind="stable", ignore_index=True)


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` unchanged if it keeps the contract of the table called `name`.

    Raises
    ------
    ContractError
        Naming the column, the rule and the first values that break it.
    """
    import pandera.errors

    try:
        # Labels of rows mean nothing here, and equal ones would break the naming of cases.
        _contract(name).validate(frame.reset_index(drop=True), lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check", "failure_case"]].head(5)
        raise ContractError(
            f"The table '{name}' breaks its contract:\n{cases.to_string(index=False)}"
        ) from None
    return frame
