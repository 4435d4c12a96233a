"""Load a draft in memory as it would be loaded for years, and account for every figure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from delivery_analytics.describing.draft import Draft, Option, Question, merged, question_of
from delivery_analytics.describing.kinds import FIGURES, QUESTIONS, ROLE_NAMES, Kinds, Sent
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.errors import Problem
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.headings import Layout
from delivery_analytics.loading.results import FileResult
from delivery_analytics.loading.sheet import read_sheet
from delivery_analytics.model.building import build_definition
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.model.schema import TABLES
from delivery_analytics.model.sheet_checks import check_sheet
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.parsing.heading_words import means
from delivery_analytics.parsing.marks import MARK_WORDS, taken_off
from delivery_analytics.parsing.matching import bare, fold
from delivery_analytics.parsing.parse import clean
from delivery_analytics.parsing.parse_days import LATEST
from delivery_analytics.spreadsheets import Book
from delivery_analytics.spreadsheets.addresses import Position, boxes_of, letters, position_of

# What can be read in two ways → the key that says how.
_TWO_WAYS = {"cell.number-ambiguous": "decimal", "cell.date-ambiguous": "date_order"}
_NEVER_BLANK = ("value", "target", "plan", "actual", "reported_on", "set_on")
_SKIPPED = ("row.total", "row.section", "row.footnote", "row.duplicate", "row.hidden")
# Of a table of figures each with the column of its own cell; of others, the whole record.
_OWN_CELLS = ROLE_NAMES["cells"]
_FIGURE_FIELDS = ("value", "target", "plan", "actual", "commitment", "cost", "effect")
# Of keys, what a person answers, and what no draft divides figures by.
_ANSWERED = ("reported_on", "set_on", "as_of", "breakdown")
_UNTOLD = (*_ANSWERED, "source_cell", "source_id", "key_cell", "restricted", "beside")
_RUNNING = (("observations", "value"), ("spending", "actual"))
_RISING = 2  # steps within years, of which none falls, that may be running totals


@dataclass(frozen=True)
class Trial:
    """What came of loading a draft.

    Attributes
    ----------
    cells
        The cells whose figures were kept, as they lie in the draft's grid, with them and
        their keys.
    """

    sheet: Sheet
    layout: Layout
    result: FileResult
    cells: Mapping[Position, tuple[Any, ...]]

    @property
    def problems(self) -> list[Problem]:
        return self.result.problems


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
    grid = next(one for one in book.sheets if one.sheet == draft.table.grid.sheet)
    read = read_sheet(registry, book, replace(sector, sheets=(sheet,)), sheet, grid)
    # What is wrong with the file as such was told of it, and is not the draft's.
    result = replace(FileResult.of(book, sector.id), problems=[])
    result.add(read)
    combine(registry, [result])
    cells = figures_by_cell(read.tables)
    if sheet.transpose:
        cells = {at[::-1]: held for at, held in cells.items()}
    return Trial(sheet, read.layout, result, cells)


def sector_path(registry: Registry, sector: Sector) -> Any:
    """Return the file of a sector's definitions."""
    return registry.workspace.definitions / "sectors" / f"{sector.id}.toml"


def _assumed(question: Question) -> Option:
    for option in question.options:
        if option.changes is not None:
            return option
    said = {"day": LATEST, "": None}.get(question.own, "2024")
    return Option("", "", {"constants": {question.of: said}} if said else {})


def figures_by_cell(tables: Mapping[str, Any]) -> dict[Position, tuple[Any, ...]]:
    """Return each figure that was kept by its cell, with the keys it was kept under.

    Of a table without figures the whole record, at the cell of its key.
    """
    found: dict[Position, tuple[Any, ...]] = {}
    for name, columns in tables.items():
        keys = [key for key in TABLES[name].key if key in columns.held and key not in _ANSWERED]
        own = [columns[key] for key in keys]
        if name not in _OWN_CELLS:
            told = [columns[field] for field in columns.held if field not in _UNTOLD]
            for cell, *record in zip(columns["source_cell"], *told, strict=True):
                if place := position_of(cell.rpartition("!")[2]):
                    found[place] = ((name, ""), *map(str, record))
        for figure, place_column in _OWN_CELLS.get(name, {}).items():
            values = np.asarray(columns[figure], dtype="float64")
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
    table, layout = draft.table, trial.layout
    across, ignored = {one.column for one in layout.wide}, trial.sheet.ignore
    kept: dict[int, set[int]] = {}
    for row, column in trial.cells:
        kept.setdefault(column, set()).add(row)
    rows_kept = set[int]().union(*kept.values())
    skipped, aside, rows_aside = _told(trial, table)
    unwanted = _unwanted(table, layout)
    counts: Counter[str] = Counter()
    lost = list[str]()
    columns = [*zip(*table.grid.rows[table.data_row : table.bottom], strict=True)]
    for column in _columns_of_figures(table, layout):
        filled = (
            (n, v) for n, v in enumerate(columns[column], table.data_row) if v is not None
        )
        rows = {row for row, value in filled if not kinds.kinds(value).isdisjoint(FIGURES)}
        if column in across:  # each of its cells is a record of its own
            told = {"kept": kept.get(column, set()), "set aside": aside.get(column, set())}
        elif column in layout.columns.values():
            told = {"kept": rows_kept, "set aside": rows_aside}
        elif column in draft.left_out or means(ignored, table.headings.get(column, [])):
            told = {f"left out with {letters(column)}": rows}
        else:
            told = {}
        told |= {"in rows skipped and told": skipped, "in rows not kept": unwanted}
        for what, met in told.items():
            counts[what] += len(rows & met)
            rows = rows - met
        lost += [table.grid.address(row, column) for row in sorted(rows)]
    shown = " + ".join(f"{count} {what}" for what, count in counts.items() if count)
    account = [f"Account: {counts.total() + len(lost)} figures = {shown or 'none kept'}"]
    above = (cell for cell in table.outside() if cell[0] < table.heading)
    beside = [(row, column) for row, column, v in above if {"number"} == kinds.kinds(v)]
    if beside:
        shown = ", ".join(table.grid.address(*place) for place in beside[:5])
        account.append(f"Above the heading stand {len(beside)} figures, not read: {shown}")
    lack = f"{len(lost)} figures are neither kept nor told, such as {', '.join(lost[:3])}"
    return account, f"{lack}: a fault of describe, not of the file" if lost else ""


def _columns_of_figures(table: FoundTable, layout: Layout) -> list[int]:
    """Return the columns that may hold figures, rather than names, years and days of rows."""
    names = {c for n, c in layout.columns.items() if n not in _FIGURE_FIELDS}
    names |= {column for _, column in layout.keep}
    return [c for c, held in table.evidence.items() if c not in names and held.has_figures]


def _told(trial: Trial, table: FoundTable) -> tuple[set[int], dict[int, set[int]], set[int]]:
    """Return the rows that were skipped, the cells set aside by column, and their rows."""
    skipped, cells = set[int](), dict[int, set[int]]()
    for problem in trial.problems:
        if problem.severity != "error" and problem.code not in _SKIPPED:
            continue
        for box in boxes_of(problem.cell):
            top, left, bottom, right = box
            if table.grid.turned:
                top, left, bottom, right = left, top, right, bottom
            rows = range(top, min(bottom + 1, table.bottom))
            if problem.severity != "error":
                skipped.update(rows)
                continue
            for column in range(left, min(right + 1, table.grid.width)):
                cells.setdefault(column, set()).update(rows)
    # A name that is not known sets the whole row aside, a figure under a heading itself.
    across = {one.column for one in trial.layout.wide}
    rows_aside = set[int]().union(*(rows for c, rows in cells.items() if c not in across))
    whole = {column: rows_aside | cells.get(column, set()) for column in across}
    return skipped, whole, rows_aside


def _unwanted(table: FoundTable, layout: Layout) -> set[int]:
    """Return the rows that the sheet's `keep` leaves out."""
    rows = set[int]()
    for rule, column in layout.keep:
        wanted = {fold(bare(text)) for text in rule.among}
        for row in range(table.data_row, table.bottom):
            if fold(bare(clean(table.grid.rows[row][column]))) not in wanted:
                rows.add(row)
    return rows


def asked_by(draft: Draft, trial: Trial, sent: Sent) -> Iterator[Question]:
    """Yield what the check cannot decide: two readings, words and marks nobody declared."""
    if any(question.id == "column-value" for question in draft.questions):
        return  # of columns that may be left out nothing is asked
    by_code: dict[str, list[Problem]] = {}
    for problem in trial.problems:
        by_code.setdefault(problem.code, []).append(problem)
    for code, key in _TWO_WAYS.items():
        if doubtful := by_code.get(code):
            changes = {one: {key: one} for one in QUESTIONS[key]["options"]}
            yield question_of(key, len(doubtful), changes, shown=_shown(doubtful))
    yield from _of_marks(by_code.get("cell.mark-unknown", []), draft)
    yield from _of_words(draft, by_code.get("cell.type-error", []), sent.kinds)
    yield from _of_blanks(draft, trial, by_code.get("cell.missing-key", []), sent)
    if hidden := by_code.get("row.hidden", []) + by_code.get("column.hidden", []):
        skipping = {"skip": {"hidden_rows": "skip"}} if "row.hidden" in by_code else {}
        yield question_of("hidden", len(hidden), {"read": {}, **skipping}, n=len(hidden))
    if "cumulative" not in draft.body and (count := _rising(trial)):
        changes = {"no": {}, "yes": {"cumulative": True}}
        yield question_of("cumulative", len(trial.cells), changes, n=count)


def _shown(problems: list[Problem]) -> str:
    values = dict.fromkeys(f"'{one.value}' ({one.cell})" for one in problems)
    return ", ".join([*values][:3])


def _of_blanks(
    draft: Draft, trial: Trial, empty: list[Problem], sent: Sent
) -> Iterator[Question]:
    """Ask what a blank means in a column of names: the one above, or nothing."""
    nation = sent.registry.country_id
    columns = Counter(_column(one, draft.table) for one in empty)
    for name, column in trial.layout.columns.items():
        count = columns[column]
        if not count or name in _NEVER_BLANK or name in draft.body.get("fill", ()):
            continue
        label = draft.table.label(column) or letters(column)
        text = f"{count} cells of '{label}' are blank beside others. What do they mean?"
        above = Option("above", "the one above", {"fill": [name]})
        aside = Option("aside", "nothing: set these rows aside", {})
        whole = Option(nation, "the whole country", {"blank": {"region": nation}})
        options = (above, whole, aside) if name == "region" else (above, aside)
        yield Question(f"blank-{name}", text, options, count)


def _of_marks(unknown: list[Problem], draft: Draft) -> Iterator[Question]:
    """Ask once for the marks that have no meaning; their footnotes, if any, are quoted."""
    marks: dict[str, list[Problem]] = {}
    for one in unknown:
        of_name = taken_off(one.value, of_name=True).unknown
        for mark in (of_name or taken_off(one.value).unknown).split():
            marks.setdefault(mark, []).append(one)
    if not marks:
        return
    notes = dict[str, str]()
    for note in draft.table.texts_outside():
        mark = max((m for m in marks if note.startswith(m)), key=len, default=note)
        if mark != note:
            notes.setdefault(mark, note)
    quoted = [f"The footnote says '{note}'" for note in notes.values()]
    shown = "; ".join(f"'{mark}' beside {_shown(met)}" for mark, met in marks.items())
    own = dict.fromkeys(marks, "none")
    for mark, note in notes.items():
        words = (meant for meant, one in MARK_WORDS.items() if one.search(f"1 {note}"))
        own[mark] = next(words, "none")
    options, meanings = dict[str, Option](), QUESTIONS["marks"]["options"]
    for each in [own, *(dict.fromkeys(marks, meant) for meant in meanings)]:
        name = ", ".join(f"{mark} = {each[mark]}" for mark in marks)
        meaning = "; ".join(dict.fromkeys(meanings[meant] for meant in each.values()))
        options[name] = Option(name, meaning, {"marks": each})
    text = ". ".join([f"what do these marks mean: {shown}?", *quoted]).replace("?.", "?")
    form = f"of {', '.join(f'{mark} = …' for mark in marks)}"
    yield Question("marks", text, (*options.values(),), len(unknown), form, "marks")


def _of_words(draft: Draft, problems: list[Problem], kinds: Kinds) -> Iterator[Question]:
    """Ask of words in columns of figures whether they say that there is none."""
    among = (one for one in problems if _column(one, draft.table) in draft.table.figures)
    words = Counter(one.value for one in among if kinds.kinds(one.value) == {"text"})
    if words:
        shown = ", ".join(f"'{word}' ({count})" for word, count in words.most_common(5))
        changes = {"none": {"missing": [*words]}, "aside": {}}
        yield question_of("missing", len(words), changes, shown=shown)


def _column(problem: Problem, table: FoundTable) -> int:
    """Return the column that a problem is of, as the draft's grid has it; -1 for none."""
    boxes = boxes_of(problem.cell)
    return boxes[0][0 if table.grid.turned else 1] if boxes else -1


def _rising(trial: Trial) -> int:
    """Return in how many series of months or quarters no figure falls within its year."""
    years: dict[tuple[str, ...], dict[str, float]] = {}
    for name, *keys, value in trial.cells.values():
        if name in _RUNNING and len(keys) == 3 and "-" in keys[2]:
            years.setdefault((keys[0], keys[1], keys[2][:4]), {})[keys[2]] = value
    long = [[one[at] for at in sorted(one)] for one in years.values() if len(one) > _RISING]
    rising = [one for one in long if one == sorted(one) and one[0] < one[-1]]
    return len(rising) if len(rising) >= 0.9 * len(long) else 0
