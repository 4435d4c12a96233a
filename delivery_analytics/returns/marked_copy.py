"""The sender's own workbook, each problem marked at its cell and all of them listed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery_analytics.errors import GRAVEST, DefinitionError, Problem, Severity, SourceError
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.load import declared_encoding, read_book
from delivery_analytics.loading.results import FileResult
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.report.printable import printable
from delivery_analytics.returns import workbook_copy
from delivery_analytics.returns.cell_places import Place, cells_of
from delivery_analytics.returns.problem_list import LOOKS, Item, add_list, marks
from delivery_analytics.returns.sender_parts import put_back
from delivery_analytics.returns.workbook_copy import Copy
from delivery_analytics.spreadsheets import Book, Grid, Reader
from delivery_analytics.spreadsheets.addresses import Position
from delivery_analytics.spreadsheets.snapshot import take_snapshot
from delivery_analytics.wording.codes import KINDS
from delivery_analytics.wording.remedies import NAMES, OTHERWISE, REMEDY
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.office_charts import AUTHOR

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_MARKED = 20_000  # problems; more are listed without a mark
MOST_COMMENTS = 3_000  # each is a drawing, and slow to open
_COMMENT_WIDTH, _COMMENT_SIZE = 240, 9  # points
PIXELS = 4 / 3  # to a point
_LONGEST_COMMENT = 3_000  # characters


@dataclass(frozen=True)
class Marked:
    """A workbook to give back, as bytes, and what became of the file that was sent.

    `kind` says what of the sender's it holds: see `copies.Copy`. `marks` counts problems
    that have a cell.
    """

    content: bytes = field(repr=False)
    result: FileResult
    kind: workbook_copy.CopyKind
    marks: int


def mark(
    registry: Registry, path: Path, *, sector: Sector | None = None, language: str = "en"
) -> Marked:
    """Return the workbook at `path` with what is wrong marked, in the sender's language.

    A file that cannot be opened gives a workbook with the list alone.

    Raises
    ------
    DefinitionError
        If there is no such language.
    """
    words = open_wording(language, registry.workspace)
    result, book, copy = _read(registry, path, sector)
    if copy.kind == "own" and book:
        try:
            return _write(result, book, copy, words)
        except Exception:
            # What was loaded cannot always be saved; then its values are given back alone.
            copy = workbook_copy.rebuilt(book)
    return _write(result, book, copy, words)


def _write(result: FileResult, book: Book | None, copy: Copy, words: Wording) -> Marked:
    """Mark the copy, list the problems, and return it as bytes."""
    grids = {grid.sheet: grid for grid in book.sheets} if book and copy.pages else {}
    items = []
    painter = _Painter(copy, words)
    for problem, cells in _placed(result.problems, grids):
        items.append(_item(problem, copy, cells, words))
        if cells:
            painter.mark(problem, cells, items[-1])
    painter.finish()
    lines = [*_summary(result, words), *_about(copy, painter, words)]
    add_list(copy.workbook, items, lines=lines, words=words)
    stream = io.BytesIO()
    copy.workbook.save(stream)
    content = put_back(stream.getvalue(), copy.sent)
    return Marked(content, result, copy.kind, painter.marked)


def give_back(
    registry: Registry,
    path: Path,
    *,
    out: Path,
    sector: Sector | None = None,
    language: str = "en",
) -> Marked:
    """Write the marked workbook of `path` to `out`, which is never the file itself.

    Raises
    ------
    DefinitionError
        If it is, if there is no such file or folder, or `out` is not called a workbook.
    """
    if not path.exists() and not path.is_symlink():
        raise DefinitionError(f"There is no file {path}")
    if out.suffix.lower() != ".xlsx":
        raise DefinitionError(f"{out}: the marked copy is a workbook. Expected .xlsx")
    if out.exists() and path.exists() and out.samefile(path):
        raise DefinitionError(f"{out} is the file that was sent. Name another with --out")
    if not out.parent.is_dir():
        raise DefinitionError(f"There is no folder {out.parent}")
    marked = mark(registry, path, sector=sector, language=language)
    write_whole(out, marked.content)
    return marked


def _read(
    registry: Registry, path: Path, sector: Sector | None
) -> tuple[FileResult, Book | None, Copy]:
    """Read a file as `check` does, and return what to write into as well."""
    try:
        snapshot = take_snapshot(path)
        with Reader(workers=1) as reader:
            book = reader.open(path, encoding=declared_encoding(registry, path, sector))
        if book.sha256 != snapshot.sha256:
            message = "The file changed while it was read. Try again once it is fully copied."
            raise SourceError([Problem("intake.changing", message, path.name)])
    except SourceError as error:
        problems = [replace(problem, file=path.name) for problem in error.problems]
        result = FileResult(path.name, path.name, "rejected", problems=problems)
        return result, None, workbook_copy.empty_copy()
    result = read_book(registry, book, sector)
    combine(registry, [result])
    return result, book, workbook_copy.open_copy(book, snapshot.data)


def _placed(
    problems: Iterable[Problem], grids: Mapping[str, Grid]
) -> list[tuple[Problem, list[Place]]]:
    """Return problems with their places: the gravest first, then as they stand in the file."""
    order = {name: number for number, name in enumerate(grids)}
    placed = []
    for number, problem in enumerate(sorted(problems, key=_gravity)):
        grid = grids.get(problem.sheet) if number < MOST_MARKED else None
        placed.append((problem, cells_of(problem, grid) if grid else []))

    def rank(problem_and_places: tuple[Problem, list[Place]]) -> tuple[int, int, Position]:
        problem, where = problem_and_places
        at = where[0].anchor if where else (-1, -1)
        return _gravity(problem), order.get(problem.sheet, -1), at

    return sorted(placed, key=rank)


def _gravity(problem: Problem) -> int:
    return GRAVEST.index(problem.severity)


def _item(problem: Problem, copy: Copy, found: list[Place], words: Wording) -> Item:
    page = copy.pages.get(problem.sheet)
    at = found[0].anchor if found else (0, 0) if page else None
    where = page.title if page else problem.sheet, _where(problem.cell, words), at
    remedy = words(REMEDY.get(problem.code, OTHERWISE), **NAMES)
    told = words.code("problem", problem.code), problem.value, remedy, problem.message
    return Item(problem.severity, *where, *told)


def _where(cell: str, words: Wording) -> str:
    """Return an address as the reader calls it: ``row 4`` has a word in it."""
    kind, _, number = cell.partition(" ")
    is_one = kind in KINDS["place"] and number and ":" not in cell
    return words.code("place", kind, n=number) if is_one else cell


class _Painter:
    """Marks cells. The gravest problem of a cell colours it, and all of them are told."""

    def __init__(self, copy: Copy, words: Wording) -> None:
        self.copy = copy
        self.words = words
        self.gravest: dict[tuple[str, int, int], Severity] = {}
        self.said: dict[tuple[str, int, int], list[str]] = {}
        self.marked = 0
        self.unsaid = 0

    def mark(self, problem: Problem, found: Sequence[Place], item: Item) -> None:
        """Note a problem at its places; the gravest must come first."""
        self.marked += 1
        for place in found:
            for row, column in place.cells:
                self.gravest.setdefault((problem.sheet, row, column), problem.severity)
            # A hidden cell cannot be seen: the one that stands for it bears words, no colour.
            at = (problem.sheet, *place.anchor)
            if at in self.said or len(self.said) < MOST_COMMENTS:
                self.said.setdefault(at, []).append(_comment(item, place, self.words))
            else:
                self.unsaid += 1

    def finish(self) -> None:
        """Colour the cells and write the comments."""
        styles = marks()
        for (sheet, row, column), severity in self.gravest.items():
            cell: Any = self.copy.pages[sheet].cell(row + 1, column + 1)
            cell.fill, cell.border = styles[severity]
        for (sheet, row, column), texts in self.said.items():
            _comment_on(self.copy.pages[sheet], row, column, texts)


def _comment(item: Item, place: Place, words: Wording) -> str:
    look = LOOKS[item.severity]
    lines = [f"{look.glyph} {words.code('severity', item.severity)}: {item.what}"]
    if place.whole or place.anchor not in place.cells:
        lines.append(words("Where: {cells}", cells=item.cell))
    if item.found:
        lines.append(words("Found: {value}", value=item.found))
    lines += [words("What to do: {remedy}", remedy=item.remedy), item.details]
    return printable("\n".join(lines))


def _comment_on(page: Worksheet, row: int, column: int, texts: Iterable[str]) -> None:
    """Write the texts as one comment, under what the sender has said there."""
    from openpyxl.comments import Comment

    cell: Any = page.cell(row + 1, column + 1)
    own = [cell.comment.text] if cell.comment else []
    text = "\n\n".join([*own, *texts])
    if len(text) > _LONGEST_COMMENT:
        text = text[:_LONGEST_COMMENT] + "…"
    lines = text_width.count_lines(text, _COMMENT_WIDTH - 12, _COMMENT_SIZE)
    height = min(round((lines + 1) * _COMMENT_SIZE * 1.75), 480)
    cell.comment = Comment(text, AUTHOR, height, round(_COMMENT_WIDTH * PIXELS))


def _summary(result: FileResult, words: Wording) -> list[str]:
    """Return what became of the file: its name, how many problems, how many rows."""
    if not result.problems:
        said = words("No problems were found in this file.")
    else:
        counts = Counter(problem.severity for problem in result.problems)
        told = {
            "error": words.plural("{n} error", "{n} errors", counts["error"]),
            "warning": words.plural("{n} warning", "{n} warnings", counts["warning"]),
            "note": words.plural("{n} note", "{n} notes", counts["note"]),
        }
        said = ", ".join(told[severity] for severity in GRAVEST if counts[severity])
    became = words("No figures in this file could be used.")
    if result.outcome != "rejected":
        sizes = result.read, result.kept, result.quarantined, result.skipped
        names = "read", "kept", "aside", "skipped"
        rows = {name: words.number(n, 0) for name, n in zip(names, sizes, strict=True)}
        became = words(
            "Rows read: {read}; accepted: {kept}; not accepted: {aside}; ignored: {skipped}.",
            **rows,
        )
    return [words("What to correct in {file}", file=result.file), said, became]


def _about(copy: Copy, painter: _Painter, words: Wording) -> list[str]:
    """Return what the copy is, and what it lacks that was in the file."""
    told = ["none"] if copy.kind == "none" else ["marked", copy.kind]
    told += ["disarmed"] if copy.disarmed else []
    told += ["unsaid"] if painter.unsaid else []
    values = {"program": NAMES["program"], "n": words.number(MOST_COMMENTS, 0)}
    return [words.code("marked_copy", one, **values) for one in told]
