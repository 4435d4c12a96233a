"""What can go wrong: problems with the data we were sent, and errors we raise."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Any, Literal, get_args

Severity = Literal["error", "warning", "note"]
GRAVEST: tuple[Severity, ...] = get_args(Severity)  # the gravest first


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file we were sent, and the cell to look at.

    Problems are data. The loader collects every one it meets, so a ministry gets the
    whole list in a single reply instead of one complaint per attempt.

    Attributes
    ----------
    code
        What is wrong, as ``family.name`` (``cell.type-error``). `wording` translates it.
    message
        Found, expected, and what to do, in English.
    file, sheet, cell
        Where. `sheet` and `cell` are empty when the whole file or sheet is meant. A cell of
        a text file is called as a spreadsheet shows it; a text that makes no table has only
        lines (``line 5``).
    value
        The text found there.
    severity
        ``error`` set a row or a file aside, ``warning`` did not, ``note`` only says how
        something was read.
    """

    code: str
    message: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    severity: Severity = "error"

    def as_row(self) -> dict[str, str]:
        """Return the problem as one row of the ``problems`` table."""
        return dict(vars(self))

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{', '.join(part for part in (self.file, place) if part)}: {self.message}"


class DeliveryAnalyticsError(Exception):
    """Base of every error raised on purpose. The CLI prints it without a traceback."""

    exit_code = 1


class DefinitionError(DeliveryAnalyticsError):
    """A file under ``data/definitions/``, or a command, does not say what it must."""

    exit_code = 2


class SourceError(DeliveryAnalyticsError):
    """A file under ``data/raw/`` cannot be used. Holds the problems found in it."""

    exit_code = 3

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class ContractError(DeliveryAnalyticsError):
    """A table breaks its own schema. Always a fault in this package, never the data."""

    exit_code = 4


class StorageError(DeliveryAnalyticsError):
    """The disk or the network folder does not take what is to be written."""

    @classmethod
    def of(cls, error: OSError, where: object, done: str = "written") -> StorageError:
        """Return what the system's `error` means to whoever asked to write to `where`.

        `done` is what could not be done there, where it may have been something else.
        """
        # Of a move both ends are named; the one that is open elsewhere is where it led to.
        place = error.filename2 or error.filename or where
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return cls(
                f"The disk is full: {place} could not be {done}. Make room, and try again"
            )
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return cls(
                f"{place} cannot be {done}: {error.strerror}. "
                "If another program such as Excel has it open, close it there; otherwise ask "
                "for the right to it, or name another folder"
            )
        return cls(f"{place} could not be {done}: {error.strerror or error}")


class ReportError(DeliveryAnalyticsError):
    """A report could not be made. Says which notebook, and what it said.

    Attributes
    ----------
    edition
        The `edition.Edition` that was published with the others, if one was.
    """

    exit_code = 5
    edition: Any = None
