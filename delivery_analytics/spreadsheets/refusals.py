"""What is said of a file: the errors that turn it away whole, and the remarks beside it."""

import tomllib
from dataclasses import replace
from pathlib import Path

from delivery_analytics.errors import Problem, Severity, SourceError

_CASES = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text(encoding="utf-8"))
_SAID = {case: (code, text) for code, texts in _CASES.items() for case, text in texts.items()}


def rejection(code: str, message: str, *, sheet: str = "", cell: str = "") -> SourceError:
    """Return the error that turns a whole file away. Whoever opened the file names it."""
    return SourceError([Problem(code, message, sheet=sheet, cell=cell)])


def remark(
    code: str, message: str, *, sheet: str = "", cell: str = "", severity: Severity = "warning"
) -> Problem:
    """Return a problem that sets nothing aside. Whoever opened the file names it."""
    return Problem(code, message, sheet=sheet, cell=cell, severity=severity)


def refusal(case: str, *, sheet: str = "", cell: str = "", **values: object) -> SourceError:
    """Return the `rejection` of a case of ``refusals.toml``, with what its text names."""
    code, text = _SAID[case]
    return rejection(code, text.format(**values), sheet=sheet, cell=cell)


def noted(case: str, *, cell: str = "", **values: object) -> Problem:
    """Return the `remark` of a case of ``refusals.toml``, with what its text names."""
    code, text = _SAID[case]
    return remark(code, text.format(**values), cell=cell)


def located(error: SourceError, *, file: str = "", sheet: str = "") -> SourceError:
    """Return `error` with the file and sheet on every problem that does not name one yet."""
    return SourceError(
        [replace(p, file=p.file or file, sheet=p.sheet or sheet) for p in error.problems]
    )


def wrong_type(what: str) -> SourceError:
    """Return the error for a file that is no spreadsheet, saying what it is instead."""
    remedy = "Send the spreadsheet itself (.xlsx, .xls, .xlsb, .ods or .csv)."
    if what in ("a web page", "an XML spreadsheet of 2003"):
        remedy = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and send that."
    elif what == "a zip archive":
        remedy = "Unpack it and send the spreadsheet inside."
    return rejection("container.wrong_type", f"This is {what}, not a spreadsheet. {remedy}")


def damaged(reason: str) -> SourceError:
    """Return the error for a file that breaks the rules of its own format."""
    return refusal("damaged", reason=reason)


def damaged_binary(reason: object, *, sheet: str = "") -> SourceError:
    """Return the error for a damaged ``.xls`` or ``.xlsb``, better sent as ``.xlsx``."""
    return refusal("damaged_binary", sheet=sheet, reason=reason)


def damaged_sheet(reason: str, *, sheet: str = "", cell: str = "") -> SourceError:
    """Return the error for one sheet that cannot be read."""
    return refusal("damaged_sheet", sheet=sheet, cell=cell, reason=reason)


def too_far(
    last: str,
    *,
    sheet: str,
    holding: str = "",
    remedy: str = "Copy the table into a new workbook, save, and send that.",
) -> SourceError:
    """Return the error for a sheet whose `last` cell makes its grid too large."""
    message = f"The sheet reaches to {last}, too large to hold{holding}. {remedy}"
    return rejection("security.sheet_extent", message, sheet=sheet, cell=last)
