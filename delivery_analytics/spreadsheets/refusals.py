"""What is said of a file: the errors that turn it away whole, and the remarks beside it."""

from __future__ import annotations

from dataclasses import replace

from delivery_analytics.errors import Problem, Severity, SourceError

_SAVE_AS_XLSX = "Open it in Excel, save it as an Excel workbook (.xlsx), and send that."


def rejection(code: str, message: str, *, sheet: str = "", cell: str = "") -> SourceError:
    """Return the error that turns a whole file away. Whoever opened the file names it."""
    return SourceError([Problem(code, message, sheet=sheet, cell=cell)])


def remark(
    code: str, message: str, *, sheet: str = "", cell: str = "", severity: Severity = "warning"
) -> Problem:
    """Return a problem that sets nothing aside. Whoever opened the file names it."""
    return Problem(code, message, sheet=sheet, cell=cell, severity=severity)


def located(error: SourceError, *, file: str = "", sheet: str = "") -> SourceError:
    """Return `error` with the file and sheet on every problem that does not name one yet."""
    return SourceError(
        [replace(p, file=p.file or file, sheet=p.sheet or sheet) for p in error.problems]
    )


def encrypted() -> SourceError:
    """Return the error for a file that asks for a password."""
    return rejection(
        "container.encrypted",
        "The file is encrypted and cannot be read. If Excel asks for a password, remove it "
        "(File, Info, Protect Workbook, Encrypt with Password). If Excel opens it unasked, it "
        "was saved as read-only recommended or with its structure protected, which Excel "
        "encrypts with a password of its own: take that away (Save As, Tools, General "
        "Options; Review, Protect Workbook). Save it and send it again.",
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
    return rejection(
        "container.corrupt",
        f"The file is damaged: {reason}. Open it in Excel, save it again, and send it.",
    )


def damaged_binary(reason: object, *, sheet: str = "") -> SourceError:
    """Return the error for a damaged ``.xls`` or ``.xlsb``, better sent as ``.xlsx``."""
    return rejection(
        "container.corrupt", f"The file is damaged ({reason}). {_SAVE_AS_XLSX}", sheet=sheet
    )


def damaged_sheet(reason: str, *, sheet: str = "", cell: str = "") -> SourceError:
    """Return the error for one sheet that cannot be read."""
    return rejection(
        "container.corrupt",
        f"The sheet cannot be read: {reason}. Open the file in Excel, save it again, and "
        "send it.",
        sheet=sheet,
        cell=cell,
    )


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
