"""Put the tables of many files together: a row sent twice counts once, and the law of rows.

For every source, rows read = rows kept + rows set aside + rows skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

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
    """Keep one of rows that agree; set aside all of rows that contradict each other."""
    key = list(schema.TABLES[name].key)
    repeated = rows.duplicated(key, keep=False)
    if not repeated.any():
        return rows
    drop: list[int] = []
    clashes: list[_Clash] = []
    filled: dict[int, dict[str, Any]] = {}
    for _, same in rows[repeated].groupby(key, sort=True, dropna=False):
        alike = [_Row.of(name, row, by_source) for row in same.reset_index().to_dict("records")]
        for row in alike:
            row.result.met_others = True
        telling = [row for row in alike if row.has_figure] or alike[:1]
        whole = {part: value for row in telling for part, value in row.says.items()}
        agree = all(row.says.items() <= whole.items() for row in telling)
        best = max(telling, key=lambda row: len(row.says))
        at_one = len({row.result.source_id for row in telling}) == 1
        if agree and (at_one or best.says == whole):
            filled[best.index] = _put_together(best, telling)
            out = [row for row in alike if row is not best]
        else:
            out = [row for row in alike if not row.has_figure and row is not telling[0]]
            clashes += _clashes(name, telling)
            _ask_which({row.result.source_id: row.result for row in telling}.values())
            drop += [row.index for row in telling]
        drop += [row.index for row in out]
        near = [best, *(row for row in alike[: NAMED + 1] if row is not best)]
        for row in out:
            _leave_out(row, near, len(alike) - 1)
    _tell(clashes)
    rows = rows.copy()
    for index, values in filled.items():
        for column, value in values.items():
            rows.loc[index, column] = value
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


_PLACES = ("index", "source_id", "source_cell", "plan_cell", "key_cell", "beside")
_FIGURES = {"observations": ("value",), "spending": ("plan", "actual", "commitment")}


@dataclass(frozen=True)
class _Row:
    """A row whose key others have as well.

    Attributes
    ----------
    says
        What it says; a figure that is missing says nothing, nor why it is missing.
    cell, at
        Where the row is known by, and where its figure stands.
    beside
        A target beside a figure, which repeats with it and is no row of the sheet's own.
    """

    index: int
    result: FileResult
    says: dict[str, Any]
    given: dict[str, Any]
    cell: str
    at: str
    has_figure: bool
    beside: bool

    @classmethod
    def of(cls, name: str, row: dict[Any, Any], by_source: dict[str, FileResult]) -> _Row:
        result = by_source[row["source_id"]]
        given = {column: None if pd.isna(value) else value for column, value in row.items()}
        silent = {column for column in _FIGURES.get(name, ()) if given.get(column) is None}
        has_figure = not silent or len(silent) < len(_FIGURES[name])
        unsaid = {*_PLACES, *silent} | (set() if has_figure else {"obs_status"})
        is_reused = result.reused and name == "targets" and "observations" in result.tables
        return cls(
            row["index"],
            result,
            {column: value for column, value in given.items() if column not in unsaid},
            given,
            str(given.get("key_cell") or given["source_cell"]),
            str(given["source_cell"]),
            has_figure,
            given.get("beside") is True or is_reused,
        )


class _Clash(NamedTuple):
    """A row set aside, and what it and the others say; `alike` ones are told once."""

    row: _Row
    alike: tuple[object, ...]
    period: str
    said: str


def _put_together(best: _Row, rows: Sequence[_Row]) -> dict[str, Any]:
    """Return what `best` lacks of the figures of its line, each with its own cell."""
    lacks: dict[str, Any] = {}
    for row in rows:
        for column in row.says.keys() - best.says.keys():
            place = "plan_cell" if column == "plan" else "source_cell"
            lacks |= {column: row.says[column]}
            lacks |= {} if column == "commitment" else {place: row.given[place]}
    return lacks


def _leave_out(row: _Row, near: Sequence[_Row], others: int) -> None:
    """Count and tell a row that says nothing that the `others` do not say as well."""
    if row.beside:
        return
    row.result.kept -= 1
    row.result.skipped += 1
    code, what = "row.duplicate", "the same row stands already at"
    if not row.has_figure:
        code, what = "row.no-figure", "no figure is given here; the row is given as well at"
    elif not row.says.items() <= near[0].says.items():
        what = "its figures were put together with those at"
    places = [f"{other.result.file}, {other.cell}" for other in near if other is not row]
    place = (row.result.file, *row.cell.rpartition("!")[::2])
    message = f"{what} {_first_named(places, others)}"
    problem = Problem(code, message, *place, _shown(row.given.get("value")), "warning")
    row.result.problems.append(problem)


def _clashes(name: str, rows: Sequence[_Row]) -> Iterator[_Clash]:
    """Yield each of rows that contradict each other, counted as set aside."""
    columns = dict.fromkeys(column for row in rows for column in row.says)
    differ = [column for column in columns if len({row.given[column] for row in rows}) > 1]
    times = ("period", "due_on")
    key = schema.TABLES[name].key
    series = tuple(_shown(rows[0].given[part]) for part in key if part not in times)
    period = next((_shown(rows[0].given[part]) for part in times if part in key), "")
    named = ", ".join(filter(None, (*series[:2], period)))
    sources = tuple(sorted({row.result.source_id for row in rows}))
    for number, row in enumerate(rows):
        if not row.beside:
            row.result.kept -= 1
            row.result.quarantined += 1
        near = [other for other in rows[: NAMED + 1] if other is not row]
        theirs = [f"{_say(other, differ)} ({other.result.file}, {other.at})" for other in near]
        own = f"{named}: {_say(row, differ)} ({row.at})"
        said = f"{own} is contradicted by {_first_named(theirs, len(rows) - 1)}"
        alike = (row.result.source_id, number, row.cell.rpartition("!")[0], sources, series)
        yield _Clash(row, alike, period, said)


def _tell(clashes: Sequence[_Clash]) -> None:
    """Tell contradictions, those of one series with the same files once, with their count."""
    alike: dict[tuple[object, ...], list[_Clash]] = {}
    for clash in clashes:
        alike.setdefault((*clash.alike, clash.row.beside), []).append(clash)
    for first, *more in alike.values():
        message = first.said
        if more:
            periods = ", ".join(clash.period for clash in more[:NAMED])
            rest = f" and {len(more) - NAMED} more" if len(more) > NAMED else ""
            message += f"; the same for {len(more)} more: {periods}{rest}"
        sheet, _, _ = first.row.cell.rpartition("!")
        cells = dict.fromkeys(clash.row.cell.rpartition("!")[2] for clash in (first, *more))
        place = (first.row.result.file, sheet, ",".join(cells))
        value = _shown(first.row.given.get("value", first.row.given.get("actual")))
        severity: Severity = "warning" if first.row.beside else "error"
        problem = Problem("row.primary-key", message, *place, value, severity)
        first.row.result.problems.append(problem)


def _say(row: _Row, columns: Sequence[str]) -> str:
    """Return what a row says in the columns in which it is contradicted."""
    said = (
        f"{'' if column == 'value' else column + ' '}{_shown(row.given[column])}"
        for column in columns[:NAMED]
    )
    return ", ".join(said)


def _first_named(places: Sequence[str], count: int) -> str:
    """Name the first few of `count` places."""
    named = places[:NAMED]
    more = count - len(named)
    return "; ".join(named) + (f" and {more} more" if more > 0 else "")


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
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
