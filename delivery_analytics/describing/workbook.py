"""Look at a whole file: what is known already, which sheets hold tables, a draft of each."""

import fnmatch
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from delivery_analytics.describing import registers
from delivery_analytics.describing.draft import Draft, Option, Question, as_toml, comment
from delivery_analytics.describing.given import complete
from delivery_analytics.describing.kinds import Kinds, Sent
from delivery_analytics.describing.maker import Maker
from delivery_analytics.describing.roles import Roles, roles_of
from delivery_analytics.describing.tables import FoundTable, find_tables, no_table
from delivery_analytics.describing.trial import accounted, asked_by, load_draft
from delivery_analytics.errors import DefinitionError, Problem, SourceError
from delivery_analytics.loading.read_book import read_book
from delivery_analytics.loading.results import COUNTS
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.parsing.parse import clean, shortened
from delivery_analytics.spreadsheets import Book, Grid, Reader
from delivery_analytics.spreadsheets.csv_encoding import readings

_ENCODING = "csv.encoding"
_ROUNDS = 3  # of loading and asking
_MANY = 20_000  # rows, of which the answers are tried out once
_TOLD = 5  # kinds of problems that a draft's check names

# One answer: `question` and `answer`, and `file` and `sheet` as patterns where it is for some.
Answer = Mapping[str, str]


@dataclass(frozen=True)
class Description:
    """What a file holds, and how it may be read.

    Attributes
    ----------
    known
        Which declared layout reads it already; then there is no draft.
    left_out
        Sheet → why nothing is read of it.
    container
        What the file as such is: format, encoding, delimiter.
    """

    file: str
    sector_id: str
    drafts: tuple[Draft, ...] = ()
    known: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)
    container: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Say whether there is a draft, and nothing is asked of any that can be read."""
        good = [draft for draft in self.drafts if not draft.refused]
        return bool(good) and all(draft.is_ready for draft in good)

    @property
    def open(self) -> int:
        """How many questions are open."""
        return sum(len(draft.questions) for draft in self.drafts)

    def toml(self) -> str:
        """Return the drafts as a sector's definition has them, evidence as comments."""
        lines = [f"{self.file}. {' '.join(self.container)}".rstrip()]
        lines += [self.known] if self.known else []
        lines += [f"Sheet '{name}' is left out: {why}" for name, why in self.left_out.items()]
        told = (f"\n{as_toml(draft)}" for draft in self.drafts)
        return "\n".join([*map(comment, lines), *told]) + "\n"


def open_file(path: str | Path, *, encoding: str = "", asks: bool = False) -> Book:
    """Return a file's sheets; safe against hostile files.

    Parameters
    ----------
    asks
        A text file whose encoding cannot be told is opened in the likeliest; its problem says
        so, and `describe_book` asks which it is.

    Raises
    ------
    SourceError
        If it cannot be read at all.
    """
    with Reader(workers=1) as reader:
        try:
            return reader.open(path, encoding=encoding)
        except SourceError as error:
            untold = asks and error.problems[0].code == _ENCODING
            found = readings(Path(path).read_bytes()) if untold else {}
            if not found:
                raise
            book = reader.open(path, encoding=next(iter(found)))
            return replace(book, problems=(*error.problems, *book.problems))


def _in_its_encoding(
    book: Book, answers: Sequence[Answer]
) -> tuple[Book, tuple[Question, ...]]:
    """Return a book as its encoding was answered, and the question that was asked of it."""
    if _ENCODING not in {one.code for one in book.problems}:
        return book, ()
    options = tuple(
        Option(codec, f"'{shortened(clean(line), 60)}'", {"encoding": codec})
        for codec, line in readings(book.path.read_bytes()).items()
    )
    text = "in which encoding are its letters right?"
    lines = sum(len(grid.rows) for grid in book.sheets)
    asked = Question("encoding", text, options, lines, "encoding by its name", "encoding")
    if answer := _known(book, book.sheets[0], answers).get(asked.id):
        book = open_file(book.path, encoding=asked.answered(answer).name)
    return book, (asked,)


def describe_book(
    registry: Registry, sector: Sector, book: Book, answers: Sequence[Answer] = ()
) -> Description:
    """Return what a file holds, and a draft of each of its tables, checked by loading it.

    Parameters
    ----------
    answers
        What was answered before, to this file or to others of its kind.

    Raises
    ------
    DefinitionError
        If an answer is none of those there are.
    """
    book, asked = _in_its_encoding(book, answers)
    told = (problem.message.removesuffix(".") for problem in book.problems[:3])
    container = tuple(f"{text}." for text in (book.format, *told))
    result = read_book(registry, book, sector)
    if result.outcome != "rejected":
        declared = f"A declared layout reads it: {result.kept} of {result.read} rows are kept"
        return Description(book.file, sector.id, known=declared, container=container)
    sent = Sent(registry, sector, book, Kinds.of(registry, sector))
    drafts, left_out = list[Draft](), dict[str, str]()
    for grid in book.sheets:
        reason = no_table(book, grid, sent.kinds)
        tables = [] if reason else find_tables(grid, sent.kinds)
        if reason or not tables:
            reason = reason or "no row of figures under a heading"
            count = sum(type(value) in (int, float) for row in grid.rows for value in row)
            left_out[grid.sheet] = f"{reason}; {count} figures lie on it" if count else reason
        known = _known(book, grid, answers)
        for table in tables:
            alone = len(tables) == 1
            proposed = _proposed(sent, table, known, alone=alone)
            drafts += [_checked(sent, draft.asking(asked), known) for draft in proposed]
    return Description(book.file, sector.id, tuple(drafts), "", left_out, container)


def _proposed(
    sent: Sent, table: FoundTable, known: Mapping[str, str], *, alone: bool
) -> Iterator[Draft]:
    """Yield the drafts of a table: its layout, and what has to be asked of it.

    A register with a column of ratings beside its days gives two. `alone` says whether it is
    the only table of its sheet.
    """
    roles = roles_of(table, sent.kinds, known)
    register = registers.register_of(roles)
    if register == "?":
        yield Draft(table, questions=(registers.table_question(roles),))
        return
    second = ["judgements"] if register and registers.rated_columns(roles) else []
    for name in dict.fromkeys([register, *second]):
        if name:
            roles = Roles(table, sent.kinds, known)
            registers.take_register(roles, name)
        elif not any(table.evidence[column].has_figures for column in table.figures):
            yield Draft(table, refused="it has days, and no heading says what they are of")
            return
        maker = Maker(sent, roles, name)
        maker.place(alone=alone)
        maker.wide()
        maker.columns()
        complete(maker)
        maker.left_over()
        maker.decimal()
        yield maker.draft()


def _known(book: Book, grid: Grid, answers: Sequence[Answer]) -> dict[str, str]:
    """Return the answers to questions of one sheet; the first one given holds."""
    known: dict[str, str] = {}
    for one in answers:
        of_file = fnmatch.fnmatch(book.file, one.get("file", "*"))
        if of_file and fnmatch.fnmatchcase(grid.sheet, one.get("sheet", "*")):
            name, told = one.get("question", ""), str(one.get("answer", ""))
            # Each file may have had other marks: what was said of them is put together.
            if name == "marks" and name in known:
                known[name] = f"{told}, {known[name]}"
            known.setdefault(name, told)
    return known


def _checked(sent: Sent, draft: Draft, known: Mapping[str, str]) -> Draft:
    """Load a draft, ask what that brings up, and say what became of its figures."""
    if draft.refused:
        return draft
    draft = draft.answer(known)
    if not draft.body:
        return draft
    for _ in range(_ROUNDS):
        if draft.refused:
            return draft
        try:
            trial = load_draft(*sent[:3], draft)
        except (DefinitionError, SourceError) as error:
            message = str(error).partition(": ")[2]
            if draft.questions:
                return replace(draft, told=(f"not checked before it is answered: {message}",))
            return replace(draft, refused=message)
        asked = asked_by(draft, trial, sent)
        asking = draft.asking(asked).answer(known)
        if asking.questions == draft.questions and asking.body == draft.body:
            break
        draft = asking
        if len(draft.table.grid.rows) > _MANY:
            break
    account, fault = accounted(draft, trial, sent.kinds)
    if not trial.cells and draft.questions:
        return replace(draft, told=("not checked: nothing loads before it is answered",))
    if not trial.cells:
        errors = [str(p) for p in trial.problems if p.severity == "error"]
        why = f"no figure could be kept: {[*errors, 'no row is left'][0]}"
        return replace(draft, refused=why, questions=())
    read, kept, aside, skipped = (getattr(trial.result, name) for name in COUNTS)
    check = f"Check: {read} rows read = {kept} kept + {aside} set aside + {skipped} skipped"
    told = (*account, check, *_told(trial.problems))
    return replace(draft, told=told, refused=fault)


def _told(problems: Sequence[Problem]) -> list[str]:
    """Return the kinds of problems that the check met, errors first, each with an example."""
    kinds = Counter((p.severity, p.code) for p in problems if p.severity != "note")
    lines = []
    for (severity, code), count in sorted(kinds.items())[:_TOLD]:
        first = next(p for p in problems if (p.severity, p.code) == (severity, code))
        message = shortened(f"{first.cell}: {first.message}", 300)
        lines.append(f"{severity} {code}, {count} times, such as {message}")
    return lines
