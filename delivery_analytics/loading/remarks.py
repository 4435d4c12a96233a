"""What there is to remark of records, and the problems that become of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from delivery_analytics.errors import Problem, Severity
from delivery_analytics.loading.records import Records
from delivery_analytics.model.registry import Sheet
from delivery_analytics.parsing.messages import told_by
from delivery_analytics.parsing.parse import clean, has_control, shortened
from delivery_analytics.spreadsheets import Grid
from delivery_analytics.spreadsheets.addresses import Position, letters

LONGEST = 600  # characters of a message
LONGEST_VALUE = 200
_COUNTED = 5  # words that a rule of the sheet does not meet
LISTED = 20  # of one warning in one column, before the rest are told as a range
_CHUNK = 10_000  # rows
told = told_by(__file__)  # the code and the text of a case


RowKind = Literal[
    "blank", "hidden", "unwanted", "numbering", "heading", "untouched", "total", "average",
    "caption", "footnote",
]  # fmt: skip
UNSAID: tuple[RowKind, ...] = ("blank", "hidden", "unwanted")  # rows of which nothing is said


class Remark(NamedTuple):
    """Something to say of one field of one record; an error sets the record aside."""

    code: str
    message: str
    field: str
    record: int
    severity: Severity = "error"


class Damage(NamedTuple):
    """What is wrong with whole rows, and the records to set aside for it."""

    problems: list[Problem]
    records: frozenset[int]


def problem(
    grid: Grid,
    code: str,
    message: str,
    cell: str = "",
    value: object = "",
    severity: Severity = "error",
) -> Problem:
    """Return what is wrong at a cell of `grid`, or with the whole of it."""
    shown = shortened(clean(value), LONGEST_VALUE)
    return Problem(code, message, grid.file, grid.sheet, cell, shown, severity)


def counted(words: Counter[str]) -> str:
    """Return the commonest of some words, each with its count."""
    commonest = words.most_common(_COUNTED)
    return ", ".join(f"'{shortened(clean(text), 40)}' ({n})" for text, n in commonest)


def hidden_row(grid: Grid, sheet: Sheet, row: int) -> Problem:
    """Return what is said of a hidden row."""
    done = "read all the same" if sheet.hidden_rows == "read" else "skipped"
    name = f"column {letters(row)}" if grid.turned else f"row {row + 1}"
    message = told("hidden_row", name=name, done=done)
    return problem(grid, *message, name, severity="warning")


def skipped_row(grid: Grid, sheet: Sheet, row: int, kind: RowKind) -> Problem:
    """Return what is said of a row that is no data, of a kind not in `UNSAID`."""
    # Where captions are read, there is nothing to look at.
    is_plain = kind == "untouched" or (kind == "caption" and sheet.section)
    severity: Severity = "note" if is_plain else "warning"
    column, value = next((c, v) for c, v in enumerate(grid.rows[row]) if v is not None)
    return problem(grid, *told(kind), grid.address(row, column), value, severity)


def refused(remarks: Iterable[Remark]) -> frozenset[int]:
    """Return the records that a remark sets aside."""
    return frozenset(remark.record for remark in remarks if remark.severity == "error")


def as_problems(
    records: Records, remarks: Iterable[Remark], damaged: frozenset[int]
) -> list[Problem]:
    """Return the remarks as problems, alike ones of a column beyond `LISTED` as one range.

    Of a `damaged` record nothing is said beside its damage. What was typed once for many
    records is told once, with their count.
    """
    single: list[Remark] = []
    shared: dict[tuple[str, str, Position], Remark] = {}
    holds = Counter[Remark]()
    alike: dict[tuple[str, int, Severity], list[int]] = {}
    for remark in remarks:
        if remark.record in damaged:
            continue
        place = records.shared_place(remark.field, remark.record)
        if place is not None:
            first = shared.setdefault((remark.code, remark.message, place), remark)
            holds[first] += 1
            if first is not remark:
                continue
        elif remark.severity != "error":
            column = records.column(remark.field, remark.record)
            indexes = alike.setdefault((remark.code, column, remark.severity), [])
            indexes.append(remark.record)
            if len(indexes) > LISTED:
                continue
        single.append(remark)
    problems = [_at_record(records, remark, holds[remark]) for remark in single]
    for (code, column, severity), indexes in alike.items():
        if more := indexes[LISTED:]:
            problems.append(_range(records, code, column, more, severity))
    return problems


def _at_record(records: Records, remark: Remark, count: int) -> Problem:
    code, message, name, index, severity = remark
    if count > 1:
        message += f" (so in {count} records)"
    if len(message) > LONGEST:
        message = f"{message[: LONGEST // 2]} … {message[-LONGEST // 2 :]}"
    typed = records.typed(name, index)
    if typed is not None:  # of a joined, mapped or heading's text, what was typed there
        read = clean(records.fields[name].values[index])
        message = message.replace(f"'{read}'", f"'{clean(typed)}'")
    return problem(records.grid, code, message, records.cell(name, index), typed, severity)


def _range(
    records: Records, code: str, column: int, indexes: list[int], severity: Severity
) -> Problem:
    ends = sorted((records.rows[indexes[0]], records.rows[indexes[-1]]))
    where = ":".join(records.grid.address(row, max(column, 0)) for row in ends)
    message = f"the same for {len(indexes)} more cells of this column"
    return problem(records.grid, code, message, where, severity=severity)


def damage(records: Records) -> Damage:
    """Find the lines with a cell too few or too many, and characters that no one typed."""
    by_record = [*_uneven_lines(records), *_control_characters(records)]
    wrong = frozenset(index for index, what in by_record if what.severity == "error")
    return Damage([what for _, what in by_record], wrong)


def _uneven_lines(records: Records) -> Iterator[tuple[int, Problem]]:
    """Find lines unlike most of their table: several tables of a file differ in width."""
    grid, sent = records.grid, records.grid.line_cells
    if not sent:
        return
    rows = {row: sent[row] for row in (records.heading, *records.rows) if row >= 0}
    widths = Counter(rows.values())  # of two as common the heading's, which is first
    usual = max(widths, key=widths.__getitem__, default=0)
    for index, row in enumerate(records.rows if len(widths) > 1 else ()):
        if (cells := sent[row]) != usual:
            message = told("more_cells" if cells > usual else "fewer_cells", n=cells)
            yield index, problem(grid, *message, f"row {row + 1}")


def _control_characters(records: Records) -> Iterator[tuple[int, Problem]]:
    """In a text file they mean damaged bytes; in a workbook, a careless export."""
    grid = records.grid
    severity: Severity = "error" if grid.text else "warning"
    odd = {value for value in _distinct(records) if has_control(value)}
    for index, row in enumerate(records.rows if odd else ()):
        for column, value in enumerate(grid.rows[row]):
            if isinstance(value, str) and value in odd:
                message = told("no_one_typed", text=shortened(clean(value), 80))
                where = grid.address(row, column)
                yield index, problem(grid, *message, where, value, severity)


def _distinct(records: Records) -> set[object]:
    """Return what the records' rows hold; column by column, which is quicker than by cell."""
    rows, values = list(set(records.rows)), set[object]()
    for start in range(0, len(rows), _CHUNK):
        chunk = [records.grid.rows[row] for row in rows[start : start + _CHUNK]]
        for cells in zip(*chunk, strict=True):
            values.update(cells)
    return values


def broken_cells(records: Records, names: Iterable[str]) -> Iterator[Remark]:
    """Refuse error values, formulas without a result, and what is no finite number."""
    grid = records.grid
    broken = dict.fromkeys(grid.uncached, told("uncached"))
    for at, text in grid.not_finite.items():
        broken[at] = told("not_finite", text=text)
    for at, text in grid.errors.items():
        broken[at] = told("error_cell", text=text)
    for name in names if broken else ():
        column = records.fields[name]
        for index, row in enumerate(records.rows):
            if message := broken.get((row, column.column(index))):
                yield Remark(*message, name, index)
