"""What became of each file, and of which return it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal, NamedTuple

import pandas as pd

from delivery_analytics.errors import Problem
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.sheet import SheetResult
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import ParseError
from delivery_analytics.parsing.parse_days import day
from delivery_analytics.parsing.patterns import search
from delivery_analytics.spreadsheets import Book

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

    @classmethod
    def of(cls, book: Book, sector_id: str) -> FileResult:
        """Return the result of a file of which nothing was read yet."""
        return cls(
            book.file,
            str(book.path),
            "rejected",
            source_id=book.sha256[:12],
            sha256=book.sha256,
            table_hash=book.table_hash,
            sector_id=sector_id,
            problems=list(book.problems),
        )

    def add(self, sheet: SheetResult) -> None:
        """Add what one of the file's sheets gave."""
        self.outcome = "loaded"
        for count in COUNTS:
            setattr(self, count, getattr(self, count) + getattr(sheet, count))
        self.held[sheet.sheet] = self.held.get(sheet.sheet, 0) | sheet.held
        self.sheet_rows = sum(map(int.bit_count, self.held.values()))
        self.problems += sheet.problems
        for name, rows in sheet.tables.items():
            self.tables.setdefault(name, []).append(rows)

    def is_beside(self, name: str, mark: object) -> bool:
        """Say whether a row of a table is a target beside a figure, and no row of its own.

        Parameters
        ----------
        mark
            The row's ``beside``, which a file that was taken over has no more.
        """
        both = self.reused and name == "targets" and "observations" in self.tables
        return mark is True or both

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


BySource = dict[str, FileResult]


def submission(pattern: str, file: str) -> Submission | Problem:
    """Return which file of which return a name says it is.

    Parameters
    ----------
    pattern
        What a correction has in its name; a group in it is its number or its day.
    """
    stem = PurePath(file).stem
    try:
        match = search(pattern, stem)
    except TimeoutError as error:
        return Problem("file.name-unknown", str(error), file)
    if match is None:
        return Submission(fold(stem), 0)
    said = next((group.strip() for group in match.groups() if group and group.strip()), "")
    name = fold(stem[: match.start()] + stem[match.end() :])
    if not said or said.isdecimal():
        return Submission(name, int(said or 1))
    try:
        return Submission(name, day(said).value.toordinal())
    except ParseError as error:
        return Problem(*told("no_correction", text=said, why=error), file)
