"""Put the tables of many files together: a row sent twice counts once, and the law of rows.

For every source, rows read = rows kept + rows set aside + rows skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Literal, NamedTuple

import pandas as pd

from delivery_analytics.errors import ContractError, Problem, Severity
from delivery_analytics.loading.columns import Columns, as_table
from delivery_analytics.loading.matching import fold
from delivery_analytics.loading.parse import ParseError, day
from delivery_analytics.loading.sheet import SheetResult
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import STORED, Dataset
from delivery_analytics.model.registry import Registry

NAMED = 5  # places of rows that are alike, in one message
COUNTS = ("read", "kept", "quarantined", "skipped")  # of records
FileOutcome = Literal["loaded", "loaded_with_warnings", "rows_quarantined", "rejected"]


class Submission(NamedTuple):
    """One file of a return: what the return is called, and which of its files this is.

    The first one has 0, a correction its number or its day; one that says neither has 1. A
    file's own time says nothing: copying changes it.
    """

    name: str
    number: int


@dataclass
class FileResult:
    """What became of one file.

    Attributes
    ----------
    reused
        It was taken over from the last load, unread.
    sheet_rows
        How many rows a person can count: those of `held`, by sheet, that two layouts may
        both have read.
    met_others
        A row of it was dropped for a row of another file, or the other way round, or the
        whole of it is a copy: what became of it depends on that file too.
    submission
        Of which return it is, and its place among that return's corrections.
    """

    file: str
    path: str
    outcome: FileOutcome
    source_id: str = ""
    sha256: str = ""
    table_hash: str = ""
    sector_id: str = ""
    read: int = 0
    kept: int = 0
    quarantined: int = 0
    skipped: int = 0
    sheet_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    tables: dict[str, list[Columns | pd.DataFrame]] = field(default_factory=dict)
    reused: bool = False
    met_others: bool = False
    held: dict[str, int] = field(default_factory=dict)
    submission: Submission | None = None

    def add(self, sheet: SheetResult) -> None:
        """Add what one of the file's sheets gave."""
        self.outcome = "loaded"
        self.read += sheet.read
        self.kept += sheet.kept
        self.quarantined += sheet.quarantined
        self.skipped += sheet.skipped
        self.held[sheet.sheet] = self.held.get(sheet.sheet, 0) | sheet.held
        self.sheet_rows = sum(map(int.bit_count, self.held.values()))
        self.problems += sheet.problems
        for name, rows in sheet.tables.items():
            self.tables.setdefault(name, []).append(rows)

    def corrects(self, other: FileResult) -> bool:
        """Say whether this is a later file of the return that `other` is of."""
        mine, its = self.submission, other.submission
        if mine is None or its is None or self.sector_id != other.sector_id:
            return False
        return mine.name == its.name and mine.number > its.number

    def judge(self) -> None:
        """Set the outcome by the worst that happened to the file's rows."""
        severities = {problem.severity for problem in self.problems}
        if self.outcome == "rejected":
            return
        if "error" in severities:
            self.outcome = "rows_quarantined"
        else:
            self.outcome = "loaded_with_warnings" if "warning" in severities else "loaded"


def combine(registry: Registry, results: Sequence[FileResult]) -> Dataset:
    """Put the files' tables together, and hold the law of rows for every source.

    Raises
    ------
    ContractError
        If a row was lost: ours to mend, never the sender's.
    """
    by_source = {result.source_id: result for result in results if result.source_id}
    tables = {}
    for name in STORED:
        parts = [part for r in results for part in r.tables.get(name, []) if len(part)]
        if parts:
            rows = _without_replaced(name, as_table(parts), by_source)
            rows = _without_repeats(name, rows, by_source)
            tables[name] = schema.conform(name, rows)
    for result in results:
        result.judge()
        if result.read != result.kept + result.quarantined + result.skipped:
            raise ContractError(
                f"{result.file}: {result.read} rows read, but {result.kept} kept, "
                f"{result.quarantined} set aside and {result.skipped} skipped"
            )
    tables["sources"] = _sources(results, tables)
    tables["problems"] = _problems(results, tables["sources"])
    return Dataset({n: tables.get(n, schema.empty(n)) for n in STORED}, registry)


def with_problems(data: Dataset, told: Sequence[FileResult]) -> Dataset:
    """Return the tables with problems of files that gave no rows."""
    if not told:
        return data
    both = pd.concat([data.problems, _problems(told, data.sources)])
    both = schema.conform("problems", both.drop_duplicates(list(schema.TABLES["problems"].key)))
    return replace(data, tables={**data.tables, "problems": both})


def _without_repeats(
    name: str, rows: pd.DataFrame, by_source: dict[str, FileResult]
) -> pd.DataFrame:
    """Keep one of identical rows; set aside all of rows that contradict each other."""
    key = list(schema.TABLES[name].key)
    repeated = rows.duplicated(key, keep=False)
    if not repeated.any():
        return rows
    drop: list[int] = []
    for _, same in rows[repeated].groupby(key, sort=True, dropna=False):
        settled = _settle(name, same, by_source)
        if len(settled) == len(same):
            _ask_which(by_source[source_id] for source_id in same["source_id"].unique())
        drop += settled
    return rows.drop(index=drop).reset_index(drop=True)


def submission(pattern: str, file: str) -> Submission | Problem:
    """Return which file of which return a name says it is.

    Parameters
    ----------
    pattern
        What a correction has in its name; a group in it is its number or its day.
    """
    stem = PurePath(file).stem
    match = re.search(pattern, stem)
    if match is None:
        return Submission(fold(stem), 0)
    said = next((group.strip() for group in match.groups() if group and group.strip()), "")
    name = fold(stem[: match.start()] + stem[match.end() :])
    if not said or said.isdecimal():
        return Submission(name, int(said or 1))
    try:
        return Submission(name, day(said).value.toordinal())
    except ParseError as error:
        what = f"'{said}' in the file's name is no number and no day of a correction: {error}"
        return Problem("file.name-unknown", what, file)


def _ask_which(files: Iterable[FileResult]) -> None:
    """Say what to declare where files that contradict each other may be corrections."""
    first, *others = files
    for one, other in ((one, first) for one in others):
        what = (
            f"it contradicts {other.file}. If one corrects the other, let their names tell by "
            "a number or a day, and declare how in the sector's definition: for a_v2.xlsx, "
            r"which corrects a.xlsx, resubmitted = '_v(\d+)'"
        )
        problem = Problem("file.correction-undeclared", what, one.file)
        if problem not in one.problems:
            one.problems.append(problem)


def _without_replaced(
    name: str, rows: pd.DataFrame, by_source: dict[str, FileResult]
) -> pd.DataFrame:
    """Leave out the rows of returns that a correction with the same day has replaced."""
    order = {key: one.submission for key, one in by_source.items() if one.submission}
    if not order:
        return rows
    learned = schema.TABLES[name].learned_on
    number = rows["source_id"].map({key: one.number for key, one in order.items()})
    called = {key: f"{by_source[key].sector_id}/{one.name}" for key, one in order.items()}
    by = [rows["source_id"].map(called), *([rows[learned]] if learned else [])]
    lost = number < number.groupby(by).transform("max")
    for source_id, replaced in rows[lost].groupby("source_id", sort=False):
        result = by_source[str(source_id)]
        later = [one for one in by_source.values() if one.corrects(result)]
        for one in (result, *later):
            one.met_others = True
        by_whom = ", ".join(one.file for one in later)
        counted = [not _is_beside(row, result, name) for row in replaced.itertuples()]
        result.kept -= sum(counted)
        result.skipped += sum(counted)
        cells = replaced.get("key_cell", replaced["source_cell"]).fillna(
            replaced["source_cell"]
        )
        for cell in [c for c, counts in zip(cells, counted, strict=True) if counts]:
            what = f"replaced by the correction of the same day: {by_whom}"
            place = (result.file, *str(cell).rpartition("!")[::2])
            result.problems.append(Problem("row.superseded", what, *place, severity="warning"))
    return rows[~lost].reset_index(drop=True)


def _is_beside(row: object, result: FileResult, name: str) -> bool:
    """Say whether a target stands beside a figure, and is no row of the sheet's own."""
    return getattr(row, "beside", False) is True or (
        result.reused and name == "targets" and "observations" in result.tables
    )


def _settle(name: str, same: pd.DataFrame, by_source: dict[str, FileResult]) -> list[int]:
    """Return which of the rows with one key to leave out, each counted and told in its file."""
    places = ("source_id", "source_cell", "plan_cell", "key_cell", "beside")
    alike = len(same.drop(columns=[n for n in places if n in same]).drop_duplicates()) == 1
    cells = same.get("key_cell", same["source_cell"]).fillna(same["source_cell"]).tolist()
    files = [by_source[source_id] for source_id in same["source_id"]]
    where = [f"{result.file}, {cell}" for result, cell in zip(files, cells, strict=True)]
    key = ", ".join(schema.TABLES[name].key[:3])
    code, what = "row.primary-key", "is contradicted by"
    if alike:
        code, what = "row.duplicate", "stands already at"
    for number, (row, result) in enumerate(zip(same.itertuples(), files, strict=True)):
        result.met_others = True
        if alike and number == 0:
            continue
        beside = _is_beside(row, result, name)  # it repeats with its figure
        if beside and alike:
            continue
        if not beside:
            result.kept -= 1
            result.skipped += alike
            result.quarantined += not alike
        place = (result.file, *str(cells[number]).rpartition("!")[::2])
        message = f"the same {key} {what} {_others(where, number)}"
        severity: Severity = "warning" if alike or beside else "error"
        value = _shown_value(row, name)
        result.problems.append(Problem(code, message, *place, value, severity))
    return list(same.index[1:] if alike else same.index)


def _others(places: Sequence[str], number: int) -> str:
    """Name the places of the other rows, the first few where they are many."""
    near = [place for n, place in enumerate(places[: NAMED + 1]) if n != number][:NAMED]
    more = len(places) - 1 - len(near)
    return "; ".join(near) + (f" and {more} more" if more else "")


def _shown_value(row: object, name: str) -> str:
    value = getattr(row, "actual" if name == "spending" else "value", "")
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _sources(results: Sequence[FileResult], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    received: dict[str, pd.Timestamp] = {}
    for name, rows in tables.items():
        learned = schema.TABLES[name].learned_on
        if learned and "source_id" in rows:
            for source_id, latest in rows.groupby("source_id")[learned].max().items():
                known = received.get(str(source_id))
                received[str(source_id)] = latest if known is None else max(known, latest)
    rows = pd.DataFrame(
        [
            {
                "source_id": result.source_id,
                "path": result.path,
                "sha256": result.sha256,
                "sector_id": result.sector_id,
                "received_on": received.get(result.source_id, pd.NaT),
                **{f"rows_{count}": getattr(result, count) for count in COUNTS},
                "sheet_rows": result.sheet_rows,
            }
            for result in results
            if result.source_id
        ]
    )
    return schema.conform("sources", rows)


def _problems(results: Sequence[FileResult], sources: pd.DataFrame) -> pd.DataFrame:
    received = dict(
        zip(sources.get("source_id", []), sources.get("received_on", []), strict=True)
    )
    rows = [
        {
            **problem.as_row(),
            "file": result.path,
            "source_id": result.source_id,
            "sector_id": result.sector_id,
            "reported_on": received.get(result.source_id, pd.NaT),
        }
        for result in results
        for problem in result.problems
    ]
    if not rows:
        return schema.empty("problems")
    return schema.conform("problems", pd.DataFrame(rows)).drop_duplicates(
        list(schema.TABLES["problems"].key), ignore_index=True
    )
