"""What is said of a file: the errors that turn it away whole, and the remarks beside it."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from delivery_analytics.errors import Problem, Severity, SourceError


def declarations(name: str) -> dict[str, Any]:
    """Return a ``.toml`` file of this package."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


_CASES = declarations("refusals.toml")
_SAID = {case: (code, text) for code, texts in _CASES.items() for case, text in texts.items()}
# What a file can be that is no spreadsheet, where it is not simply the wrong file.
_WRONG = {
    **dict.fromkeys(("a web page", "an XML spreadsheet of 2003"), "not_saved_as_workbook"),
    "a zip archive": "still_zipped",
}


def refusal(case: str, *, sheet: str = "", cell: str = "", **values: object) -> SourceError:
    """Return the error that turns a whole file away, with what its text names.

    Parameters
    ----------
    case
        Of ``refusals.toml``. Whoever opened the file names it.
    """
    return SourceError([noted(case, "error", sheet=sheet, cell=cell, **values)])


def noted(
    case: str,
    severity: Severity = "warning",
    *,
    sheet: str = "",
    cell: str = "",
    **values: object,
) -> Problem:
    """Return a problem that sets nothing aside; see `refusal`."""
    code, text = _SAID[case]
    return Problem(code, text.format(**values), sheet=sheet, cell=cell, severity=severity)


def located(error: SourceError, *, file: str = "", sheet: str = "") -> SourceError:
    """Return `error` with the file and sheet on every problem that does not name one yet."""
    named = [replace(p, file=p.file or file, sheet=p.sheet or sheet) for p in error.problems]
    return SourceError(named)


def wrong_type(what: str) -> SourceError:
    """Return the error for a file that is no spreadsheet, saying what it is instead."""
    return refusal(_WRONG.get(what, "wrong_type"), what=what)


def damaged(reason: str) -> SourceError:
    """Return the error for a file that breaks the rules of its own format."""
    return refusal("damaged", reason=reason)


def damaged_binary(reason: object, *, sheet: str = "") -> SourceError:
    """Return the error for a damaged ``.xls`` or ``.xlsb``, better sent as ``.xlsx``."""
    return refusal("damaged_binary", sheet=sheet, reason=reason)


def damaged_sheet(reason: str, *, sheet: str = "", cell: str = "") -> SourceError:
    """Return the error for one sheet that cannot be read."""
    return refusal("damaged_sheet", sheet=sheet, cell=cell, reason=reason)


def too_far(last: str, *, sheet: str, case: str = "too_far", holding: str = "") -> SourceError:
    """Return the error for a sheet whose `last` cell makes its grid too large."""
    return refusal(case, sheet=sheet, cell=last, last=last, holding=holding)
