"""Load a draft in memory as it would be loaded for years, and account for every figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from delivery_analytics.describing.draft import Draft, Option, Question, merged
from delivery_analytics.describing.kinds import Kinds
from delivery_analytics.errors import DefinitionError, Problem, SourceError
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.results import FileResult
from delivery_analytics.loading.sheet import read_sheet
from delivery_analytics.model.building import build_definition
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.model.sheet_checks import check_sheet
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.parsing.heading_words import means
from delivery_analytics.parsing.marks import MARK_WORDS
from delivery_analytics.parsing.matching import bare, fold
from delivery_analytics.parsing.parse import clean
from delivery_analytics.parsing.parse_days import LATEST
from delivery_analytics.spreadsheets import Book
from delivery_analytics.spreadsheets.addresses import Position, letters, position_of

_RIVALS_ROWS = 400  # on which the answers of a question are compared
_RANGE = re.compile(r"([A-Z]+\d+)(?::([A-Z]+\d+))?")
_NOT_A_FIGURE = (
    "region",
    "indicator",
    "period",
    "year",
    "part",
    "unit",
    "reported_on",
    "comment",
)
_NEVER_BLANK = ("value", "target", "plan", "actual", "reported_on", "set_on")
_SKIPPED = ("row.total", "row.section", "row.footnote", "row.duplicate", "row.hidden")
_KEYS = ("indicator_id", "line_id", "region_id", "period", "due_on")
# FoundTable → its figures, each with the column of its own cell.
_FIGURES = {
    "spending": (("plan", "plan_cell"), ("actual", "source_cell")),
    "observations": (("value", "source_cell"),),
    "targets": (("value", "source_cell"),),
}
_RUNNING = (("observations", "value"), ("spending", "actual"))
_RISING = 2  # steps within years, of which none falls, that may be running totals


@dataclass(frozen=True)
class Trial:
    """What came of loading a draft.

    Attributes
    ----------
    cells
        The cells whose figures were kept, with them and their keys.
    """

    sheet: Sheet
    result: FileResult
    cells: Mapping[Position, tuple[Any, ...]]

    @property
    def problems(self) -> list[Problem]:
        return self.result.problems

    @property
    def figures(self) -> frozenset[tuple[Any, ...]]:
        return frozenset(self.cells.values())


def load_draft(registry: Registry, sector: Sector, book: Book, draft: Draft) -> Trial:
    """Return what comes of a draft, its open questions answered by their first option.

    Raises
    ------
    DefinitionError, SourceError
        If no definition can be made of it, or its own table is not found by it.
    """
    body = dict(draft.body)
    for question in draft.questions:
        body = merged(body, _assumed(question).changes or {})
    where = f"draft of {book.file}"
    sheet: Sheet = build_definition(Sheet, body, sector_path(registry, sector), where)
    check_sheet(sheet, where)
    read = read_sheet(registry, book, replace(sector, sheets=(sheet,)), sheet, draft.table.grid)
    # What is wrong with the file as such was told of it, and is not the draft's.
    result = replace(FileResult.of(book, sector.id), problems=[])
    result.add(read)
    combine(registry, [result])
    return Trial(sheet, result, figures_by_cell(read.tables))


def sector_path(registry: Registry, sector: Sector) -> Any:
    """Return the file of a sector's definitions."""
    return registry.workspace.definitions / "sectors" / f"{sector.id}.toml"


def _assumed(question: Question) -> Option:
    for option in question.options:
        if option.changes is not None:
            return option
    if question.own == "day":
        return Option("", "", {"constants": {question.of: LATEST}})
    return Option("", "", {"constants": {question.of: "2024"}} if question.own else {})


def figures_by_cell(tables: Mapping[str, Any]) -> dict[Position, tuple[Any, ...]]:
    """Return each figure that was kept by its cell, with the keys it was kept under."""
    found: dict[Position, tuple[Any, ...]] = {}
    for name, columns in tables.items():
        keys = [n for n in _KEYS if n in columns.held]
        for figure, place_column in _FIGURES.get(name, ()):
            values = np.asarray(columns[figure], dtype="float64")
            own = [columns[key] for key in keys]
            for cell, value, *key in zip(columns[place_column], values, *own, strict=True):
                place = position_of(cell.rpartition("!")[2])
                if place is not None and value == value:
                    found[place] = ((name, figure), *map(str, key), value)
    return found


def accounted(draft: Draft, trial: Trial, kinds: Kinds) -> tuple[list[str], str]:
    """Return the account of the table's figures, and what of them cannot be told.

    Each figure was kept, stands in a total, was set aside with a problem, or lies in a
    column or a row that is left out by name.
    """
    table, sheet = draft.table, trial.sheet
    rows_skipped, cells_aside, rows_aside = _told(trial, table.grid.turned)
    columns = {c for c in table.evidence if _may_hold_figures(draft, trial, c)}
    left = {c: draft.left_out.get(c) or _ignored(draft, sheet, c) for c in columns}
    kept_out = _not_kept(draft, sheet)
    counts: Counter[str] = Counter()
    lost = list[str]()
    for row in range(table.data_row, table.bottom):
        cells = table.grid.rows[row]
        for column in columns:
            value = cells[column]
            if value is None or not {"number", "text number"} & kinds.kinds(value):
                continue
            at = (row, column)
            if at in trial.cells:
                counts["kept"] += 1
            elif reason := left[column]:
                counts[f"left out with {letters(column)}"] += bool(reason)
            elif row in rows_skipped:
                counts["in rows skipped and told"] += 1
            elif at in cells_aside or row in rows_aside:
                counts["set aside"] += 1
            elif row in kept_out:
                counts["in rows not kept"] += 1
            else:
                lost.append(table.grid.address(row, column))
    shown = " + ".join(f"{count} {what}" for what, count in counts.items())
    account = [f"Account: {counts.total() + len(lost)} figures = {shown or 'none kept'}"]
    fault = ""
    if lost:
        fault = (
            f"{len(lost)} figures are neither kept nor told, such as {', '.join(lost[:3])}: "
            "a fault of describe, not of the file"
        )
    return account, fault


def _told(trial: Trial, turned: bool) -> tuple[set[int], set[Position], set[int]]:
    """Return the rows that were skipped, and the cells and rows that were set aside."""
    skipped, cells, rows = set[int](), set[Position](), set[int]()
    across = _wide_columns(trial)
    for problem in trial.problems:
        for place in _places(problem.cell):
            if problem.severity == "error":
                cells.add(place)
                if place[1] not in across:
                    rows.add(place[0])
            elif problem.code in _SKIPPED:
                skipped.add(place[0])
    return skipped, cells, rows


def _wide_columns(trial: Trial) -> set[int]:
    """Return the columns of which each cell is a record of its own."""
    return {column for _, column in trial.cells} if trial.sheet.wide else set()


def _places(cell: str) -> Iterator[Position]:
    match = _RANGE.fullmatch(cell)
    first = position_of(match[1]) if match else None
    if match is None or first is None:
        return
    last = position_of(match[2] or match[1]) or first
    for row in range(first[0], last[0] + 1):
        yield from ((row, column) for column in range(first[1], last[1] + 1))


def _may_hold_figures(draft: Draft, trial: Trial, column: int) -> bool:
    """Say whether a column holds figures rather than names, years and days of rows."""
    parts = draft.table.headings.get(column, [])
    for name, words in trial.sheet.columns.items():
        if name in _NOT_A_FIGURE and means(words, parts):
            return False
    held = draft.table.evidence[column].kinds
    return bool(held["number"] + held["text number"])


def _ignored(draft: Draft, sheet: Sheet, column: int) -> str:
    parts = draft.table.headings.get(column, [])
    return "ignored" if parts and means(sheet.ignore, parts) else ""


def _not_kept(draft: Draft, sheet: Sheet) -> set[int]:
    """Return the rows that the sheet's `keep` leaves out."""
    table, rows = draft.table, set[int]()
    for rule in sheet.keep:
        wanted = {fold(bare(text)) for text in rule.among}
        columns = [c for c, parts in table.headings.items() if means(rule.column, parts)]
        for row in range(table.data_row, table.bottom) if columns else ():
            if fold(bare(clean(table.grid.rows[row][columns[0]]))) not in wanted:
                rows.add(row)
    return rows


def without_vain(
    registry: Registry, sector: Sector, book: Book, draft: Draft
) -> tuple[Question, ...]:
    """Return the questions whose answers load different figures, of small tables."""
    kept = []
    if draft.table.last - draft.table.data_row >= _RIVALS_ROWS:
        return draft.questions  # of the rows that follow nobody knows whether they differ
    for question in draft.questions:
        options = [option for option in question.options if option.changes is not None]
        if len(options) > 1 and question.id.startswith(("column-", "keep-")):
            others = tuple(one for one in draft.questions if one is not question)
            loaded = set()
            for option in options:
                rival = replace(draft, body=merged(draft.body, option.changes or {}))
                loaded.add(_loaded(registry, sector, book, replace(rival, questions=others)))
            if len(loaded) == 1 and any(loaded):
                continue
        kept.append(question)
    return tuple(kept)


def _loaded(registry: Registry, sector: Sector, book: Book, draft: Draft) -> Any:
    try:
        return load_draft(registry, sector, book, draft).figures
    except (DefinitionError, SourceError):
        return None


def asked_by(draft: Draft, trial: Trial, kinds: Kinds, nation: str) -> Iterator[Question]:
    """Yield what the check cannot decide: two readings, words and marks nobody declared."""
    by_code: dict[str, list[Problem]] = {}
    for problem in trial.problems:
        by_code.setdefault(problem.code, []).append(problem)
    yield from _of_numbers(by_code.get("cell.number-ambiguous", []))
    if doubtful := by_code.get("cell.date-ambiguous", []):
        shown = _shown(doubtful)
        options = (
            Option("dmy", "day, month, year", {"date_order": "dmy"}),
            Option("mdy", "month, day, year", {"date_order": "mdy"}),
        )
        yield Question("date_order", f"how is {shown} read?", options, len(doubtful))
    yield from _of_marks(by_code.get("cell.mark-unknown", []), draft)
    yield from _of_words(draft, by_code.get("cell.type-error", []), kinds)
    yield from _of_blanks(draft, by_code.get("cell.missing-key", []), nation)
    if hidden := by_code.get("row.hidden", []) + by_code.get("column.hidden", []):
        rows = [one for one in hidden if one.code == "row.hidden"]
        text = f"{len(hidden)} rows or columns are hidden. Are their figures meant?"
        read = Option("read", "read them all the same", {})
        skip = Option("skip", "skip the hidden rows", {"hidden_rows": "skip"})
        yield Question("hidden", text, (read, skip) if rows else (read,), len(hidden))
    if "cumulative" not in draft.body and (count := _rising(trial)):
        text = (
            f"within each year no figure of {count} series falls. Do they count from 1 January?"
        )
        options = (
            Option("no", "each is of its own period", {}),
            Option("yes", "running totals", {"cumulative": True}),
        )
        yield Question("cumulative", text, options, len(trial.cells))


def _shown(problems: list[Problem]) -> str:
    values = dict.fromkeys(f"'{one.value}' ({one.cell})" for one in problems)
    return ", ".join([*values][:3])


def _of_numbers(doubtful: list[Problem]) -> Iterator[Question]:
    if not doubtful:
        return
    options = (
        Option(",", "the comma is the decimal mark", {"decimal": ","}),
        Option(".", "the point is the decimal mark", {"decimal": "."}),
    )
    text = f"{_shown(doubtful)} can be read two ways. Which is the decimal mark?"
    yield Question("decimal", text, options, len(doubtful))


def _of_blanks(draft: Draft, empty: list[Problem], nation: str) -> Iterator[Question]:
    """Ask what a blank means in a column of names: the one above, or nothing."""
    columns = Counter(at[1] for one in empty for at in _places(one.cell))
    for name, words in draft.body.get("columns", {}).items():
        of_name = [c for c, parts in draft.table.headings.items() if means(tuple(words), parts)]
        count = sum(columns[column] for column in of_name)
        if not count or name in _NEVER_BLANK or name in draft.body.get("fill", ()):
            continue
        text = f"{count} cells of '{words[0]}' are blank beside others. What do they mean?"
        above = Option("above", "the one above", {"fill": [name]})
        aside = Option("aside", "nothing: set these rows aside", {})
        whole = Option(nation, "the whole country", {"blank": {"region": nation}})
        options = (above, whole, aside) if name == "region" else (above, aside)
        yield Question(f"blank-{name}", text, options, count)


def _of_marks(unknown: list[Problem], draft: Draft) -> Iterator[Question]:
    """Ask for each mark that has no meaning; its footnote, where there is one, is quoted."""
    marks: dict[str, list[Problem]] = {}
    for one in unknown:
        if match := re.search(r"what '(.+?)' means", one.message):
            for mark in match[1].split():
                marks.setdefault(mark, []).append(one)
    notes = [clean(value) for _, _, value in draft.table.outside()]
    for mark, problems in marks.items():
        note = next((n for n in notes if n != mark and n.startswith(mark)), "")
        quoted = f" The footnote says '{note}'." if note else ""
        text = f"what does '{mark}' beside {_shown(problems)} mean?{quoted}"
        meanings = ("provisional", "estimated", "revised", "none")
        said = [m for m in meanings if m in MARK_WORDS and MARK_WORDS[m].search(f"1 {note}")]
        ranked = [*said, *(m for m in meanings if m not in said)]
        options = tuple(Option(m, _MEANING[m], {"marks": {mark: m}}) for m in ranked)
        yield Question(f"mark-{mark}", text, options, len(problems))


_MEANING = {
    "provisional": "the figure is provisional",
    "estimated": "the figure is an estimate",
    "revised": "the figure was revised",
    "none": "nothing that matters",
}


def _of_words(draft: Draft, problems: list[Problem], kinds: Kinds) -> Iterator[Question]:
    """Ask of words in columns of figures whether they say that there is none."""
    words = Counter(
        one.value
        for one in problems
        for at in _places(one.cell)
        if at[1] in draft.table.figures and kinds.kinds(one.value) == {"text"}
    )
    if not words:
        return
    shown = ", ".join(f"'{word}' ({count})" for word, count in words.most_common(5))
    options = (
        Option("none", "no figure yet", {"missing": [*words]}),
        Option("aside", "set these cells aside", {}),
    )
    yield Question("missing", f"do these words mean no figure: {shown}?", options, len(words))


def _rising(trial: Trial) -> int:
    """Return in how many series of months or quarters no figure falls within its year."""
    series: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for name, *keys, value in trial.cells.values():
        if name in _RUNNING and len(keys) == 3 and "-" in keys[2]:
            series.setdefault((keys[0], keys[1], keys[2][:4]), []).append((keys[2], value))
    rising = 0
    for figures in series.values():
        values = [value for _, value in sorted(figures)]
        steps = list(pairwise(values))
        if len(steps) >= _RISING and all(a <= b for a, b in steps) and values[0] < values[-1]:
            rising += 1
    many = [one for one in series.values() if len(one) > _RISING]
    return rising if rising >= 0.9 * len(many) else 0
