"""What an edition says of itself: its first page and its manifest."""

import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.analytics.rollup import status_counts
from delivery_analytics.analytics.status import assess
from delivery_analytics.execution.contract import RUN_PER
from delivery_analytics.execution.jobs import Outcome
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import sha256
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.publishing.assembly import Made
from delivery_analytics.publishing.editions import editions
from delivery_analytics.publishing.reuse import versions
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers.html import index_page

INDEX = "index.html"
# Kind of report → its heading, in the order of the index: what notebooks run per, and what
# else they tell of the nation.
KINDS = {
    "national": RUN_PER["nation"].heading,
    **{run_per: subject.heading for run_per, subject in RUN_PER.items()},
    "instructions": marked("Control of instructions"),
    "quality": marked("Quality of the data"),
    "methods": marked("Comparison of methods"),
}


def write_index(
    made: Sequence[Made], known: Dataset, *, root: Path, reports: Path, languages: Sequence[str]
) -> None:
    """Write the first page of the edition at `root`, in every language.

    Parameters
    ----------
    known
        What the edition was made from, as known on its day.
    reports
        The folder of editions; those up to that day are listed.
    """
    assert known.as_of is not None
    registry, assessed = known.registry, assess(known)
    words = {each: open_wording(each, registry.workspace) for each in languages}
    counted = {key: one.counted_by for key, one in RUN_PER.items() if one.counted_by}
    counts = {key: status_counts(assessed, registry, by=by) for key, by in counted.items()}
    index_page.write_index_pages(
        root / INDEX,
        [_entry(report, counts, words[report.planned.language]) for report in made],
        words=list(words.values()),
        as_of=known.as_of,
        kinds=KINDS,
        statuses=_statuses(counts["region"], registry.country_id),
        editions=[
            index_page.EarlierEdition(one.as_of, f"../{one.id}/{INDEX}", one.revision)
            for one in editions(reports)
            if one.as_of <= known.as_of
        ],
        sources=known.sources,
    )


def _entry(made: Made, counts: dict[str, pd.DataFrame], words: Wording) -> index_page.Entry:
    report = made.planned
    counted = report.run_per in counts
    title = " · ".join([words(report.title), *(f"{k} = {v}" for k, v in report.own.items())])
    statuses = _statuses(counts[report.run_per], report.key) if counted else {}
    about = title, report.kind, report.language, made.files, report.key, report.names
    became = made.error, made.instead, made.instead_as_of
    return index_page.Entry(*about, statuses, made.answer, *became)


def _statuses(counts: pd.DataFrame, key: str) -> dict[str, int]:
    row = counts[counts.iloc[:, 0] == key]
    return {status: int(row[status].sum()) for status in STATUSES}


def content(
    made: Sequence[Made], known: Dataset, languages: Sequence[str], formats: Sequence[str]
) -> dict[str, Any]:
    """Return what the edition was made from and what came of it: no times, no machine."""
    workspace = known.registry.workspace
    agreed = sorted(p for p in (workspace / "data/definitions").rglob("*") if p.is_file())
    notebooks = sorted({report.planned.notebook for report in made})
    sources = known.sources.astype({"received_on": "str"})
    return {
        "as_of": str(known.as_of),
        "languages": list(languages),
        "formats": list(formats),
        "inputs": sources.to_dict("records"),
        "definitions": {p.relative_to(workspace).as_posix(): sha256(p) for p in agreed},
        "notebooks": {path.name: sha256(path) for path in notebooks},
        "problems": known.problems["severity"].value_counts().sort_index().to_dict(),
        "versions": versions(),
        "reports": [*map(_told, made)],
    }


def _told(made: Made) -> dict[str, Any]:
    of = made.planned
    told: dict[str, Any] = {"place": of.place, "notebook": of.notebook.name, of.run_per: of.key}
    told |= {"language": of.language, "parameters": {**of.own}, "files": {**made.files}}
    told |= {"answer": made.answer} if made.answer else {}
    return told | {"error": made.error, "instead": {**made.instead}}


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
    keyed = {outcome.job.key: outcome for outcome in outcomes}
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "machine": platform.platform(),
        "fingerprints": dict(fingerprints),
        "repeated": {key: run.attempts for key, run in keyed.items() if run.attempts > 1},
        "durations": {key: round(run.seconds, 3) for key, run in keyed.items()},
        "tracebacks": {key: run.traceback for key, run in keyed.items() if run.traceback},
    }
