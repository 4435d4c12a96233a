"""Rows with one key: those that agree count once, those that contradict are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from delivery_analytics.errors import Problem, Severity
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.results import BySource, FileResult
from delivery_analytics.model import schema

NAMED = 5  # places of rows that are alike, in one message
# What a row is, not what it says.
_PLACES = ("index", "source_id", "source_cell", "plan_cell", "key_cell", "beside", "restricted")
_FIGURES = {"observations": ("value",), "spending": ("plan", "actual", "commitment")}


@dataclass(frozen=True)
class _Row:
    """A row whose key others have as well.

    Attributes
    ----------
    says
        What it says; a figure that is missing says nothing, nor why it is missing.
    cell, cells, at
        Where the row is known by: its key's cell, or else its figures'; and where they stand.
    beside
        A target beside a figure, which repeats with it and is no row of the sheet's own.
    """

    index: int
    result: FileResult
    says: dict[str, Any]
    given: dict[str, Any]
    cells: tuple[str, ...]
    at: str
    has_figure: bool
    beside: bool

    @property
    def cell(self) -> str:
        return self.cells[-1]

    @classmethod
    def of(cls, name: str, row: dict[Any, Any], by_source: BySource) -> _Row:
        result = by_source[row["source_id"]]
        given = {column: None if pd.isna(value) else value for column, value in row.items()}
        silent = {column for column in _FIGURES.get(name, ()) if given.get(column) is None}
        has_figure = not silent or len(silent) < len(_FIGURES[name])
        unsaid = {*_PLACES, *silent} | (set() if has_figure else {"obs_status"})
        own = filter(None, (given.get("plan_cell"), given["source_cell"]))
        figures = tuple(dict.fromkeys(map(str, own)))
        known_by = given.get("key_cell")
        return cls(
            row["index"],
            result,
            {column: value for column, value in given.items() if column not in unsaid},
            given,
            (str(known_by),) if known_by else figures,
            ", ".join((figures[0], *(cell.rpartition("!")[2] for cell in figures[1:]))),
            has_figure,
            result.is_beside(name, given.get("beside")),
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
    is_whole = row.says.items() <= near[0].says.items()
    case = "row_again" if is_whole else "row_put_together"
    places = [f"{other.result.file}, {other.cell}" for other in near if other is not row]
    place = (row.result.file, *row.cell.rpartition("!")[::2])
    case = case if row.has_figure else "row_without_figure"
    message = told(case, places=_first_named(places, others))
    problem = Problem(*message, *place, _shown(row.given.get("value")), "warning")
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
    is_restricted = any(row.given.get("restricted") for row in rows)  # nothing is quoted
    for number, row in enumerate(rows):
        if not row.beside:
            row.result.kept -= 1
            row.result.quarantined += 1
        near = [other for other in rows[: NAMED + 1] if other is not row]
        theirs = [f"{_say(other, differ)} ({other.result.file}, {other.at})" for other in near]
        own = f"{named}: {_say(row, differ)} ({row.at})"
        if is_restricted:
            own, theirs = row.at, [f"{other.result.file}, {other.at}" for other in near]
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
        named = (cell for clash in (first, *more) for cell in clash.row.cells)
        cells = dict.fromkeys(cell.rpartition("!")[2] for cell in named)
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


def without_repeats(name: str, rows: pd.DataFrame, by_source: BySource) -> pd.DataFrame:
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
            if any(row.given.get("restricted") for row in alike):
                filled[best.index]["restricted"] = True
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


def _ask_which(files: Iterable[FileResult]) -> None:
    """Say what to declare where files that contradict each other may be corrections."""
    first, *others = files
    for one, other in ((one, first) for one in others):
        problem = Problem(*told("correction_undeclared", other=other.file), one.file)
        if problem not in one.problems:
            one.problems.append(problem)
