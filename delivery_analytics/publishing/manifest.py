"""What an edition's manifest says: what it was made from, and what came of it."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from delivery_analytics.execution.jobs import Outcome
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import sha256
from delivery_analytics.publishing.plan import Planned

_VERSIONS = (
    "delivery-analytics",
    "altair",
    "babel",
    "pandas",
    "papermill",
    "python-calamine",
    "python-pptx",
    "typst",
    "vl-convert-python",
    "xlsxwriter",
)


@dataclass(frozen=True)
class Made:
    """What became of a planned report.

    Attributes
    ----------
    files
        Format → path below the edition; empty when it failed.
    error
        Why it failed, in one line.
    instead, instead_as_of
        The last good one: format → path from the edition's folder, and its as-of day.
    """

    planned: Planned
    files: Mapping[str, str]
    error: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    instead_as_of: date | None = None


def content(
    made: Sequence[Made], known: Dataset, languages: Sequence[str], formats: Sequence[str]
) -> dict[str, Any]:
    """Return what the edition was made from and what came of it: no times, no machine."""
    workspace = known.registry.workspace
    agreed = sorted(p for p in (workspace / "data/definitions").rglob("*") if p.is_file())
    sources = known.sources.astype({"received_on": "str"})
    return {
        "as_of": str(known.as_of),
        "languages": list(languages),
        "formats": list(formats),
        "inputs": sources.to_dict("records"),
        "definitions": {p.relative_to(workspace).as_posix(): sha256(p) for p in agreed},
        "notebooks": {
            path.name: sha256(path) for path in sorted({one.planned.notebook for one in made})
        },
        "problems": known.problems["severity"].value_counts().sort_index().to_dict(),
        "versions": versions(),
        "reports": [
            {
                "place": one.planned.place,
                "notebook": one.planned.notebook.name,
                one.planned.run_per: one.planned.key,
                "language": one.planned.language,
                "files": dict(one.files),
                "error": one.error,
                "instead": dict(one.instead),
            }
            for one in made
        ],
    }


def versions() -> dict[str, str]:
    """Return what the figures and their drawing depend on, and its version here."""
    out = {"python": platform.python_version()}
    for name in _VERSIONS:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            out[name] = "not installed"
    return out


def circumstances(
    outcomes: Sequence[Outcome],
    fingerprints: Mapping[str, str],
    *,
    started: datetime,
    seconds: float,
) -> dict[str, Any]:
    """Return what differs from run to run.

    A report that has no duration was the same in an earlier edition, and was copied.
    """
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "machine": platform.platform(),
        "fingerprints": dict(fingerprints),
        "repeated": {one.job.key: one.attempts for one in outcomes if one.attempts > 1},
        "durations": {one.job.key: round(one.seconds, 3) for one in outcomes},
        "tracebacks": {one.job.key: one.traceback for one in outcomes if one.traceback},
    }
