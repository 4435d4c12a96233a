"""The main job: load, run every notebook for everything it runs per, publish the edition.

What fails is named in the index with the last good report in its place; what succeeded
is published all the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from delivery_analytics import edition, record
from delivery_analytics.dataset import Dataset, open_dataset
from delivery_analytics.edition import Edition, below
from delivery_analytics.errors import ReportError
from delivery_analytics.jobs import day_of, job_for
from delivery_analytics.loader import load
from delivery_analytics.plan import Planned, plan, plan_one
from delivery_analytics.record import Made
from delivery_analytics.registry import Registry
from delivery_analytics.reuse import Earlier
from delivery_analytics.rollup import status_counts
from delivery_analytics.run import TIMEOUT, Job, Outcome, run_job, run_jobs
from delivery_analytics.schema import STATUSES
from delivery_analytics.status import assess
from delivery_analytics.wording import open_wording
from delivery_analytics.workers import prepare as warm_up
from delivery_analytics.writers import bundle, portal, writer

Progress = Callable[[str, int, int], None]

ASSETS, EVIDENCE, INDEX = "assets", "evidence", "index.html"


def publish(
    registry: Registry,
    *,
    as_of: str | date | None = None,
    languages: Sequence[str] = ("en",),
    formats: Sequence[str] = ("html", "xlsx", "pptx"),
    workers: int | None = None,
    timeout: float = TIMEOUT,
    executor: Executor | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Edition:
    """Load what was sent, make every report, and put the edition in its place in one move.

    Parameters
    ----------
    as_of
        The day to know things by; by default the last day on which anything was received.
    workers, timeout, executor
        As `run.run_jobs` takes them.
    force
        Make every report, also one that an earlier edition has just so.
    progress
        Called with the file read or the report made, how many are done, and of how many.

    Returns
    -------
    Edition
        The new one, or the day's latest if it already holds exactly this.

    Raises
    ------
    ReportError
        After publishing, when a report failed; names each.
    BusyError
        When another publish holds the reports folder; nothing was written.
    DefinitionError
        When a notebook, a language or the day is not what it must be; nothing was written.
    """
    planned = plan(registry, languages)
    for name in formats:
        writer(name)
    reports = registry.workspace / "reports"
    started, clock = datetime.now(UTC), time.perf_counter()
    with edition.lock(reports), edition.building(reports) as folder:
        warm_up()
        processed = registry.workspace / "data" / "processed"
        loaded = load(registry, previous=processed, progress=_turned(progress))
        stored = loaded.save()
        known = loaded.dataset.known_on(day_of(loaded.dataset, as_of))
        root = folder / "edition"
        bundle.write_assets(root / ASSETS)
        earlier = Earlier(
            reports,
            workspace=registry.workspace,
            stored=stored,
            day=_as_of(known),
            formats=formats,
        )
        jobs = [_job(one, folder, stored, known, formats) for one in planned]
        copied = {} if force else _copied(planned, jobs, earlier, root)
        outcomes = run_jobs(
            [job for job in jobs if job.key not in copied],
            workers,
            timeout=timeout,
            executor=executor,
            progress=progress and (lambda one, done, of: progress(one.job.key, done, of)),
        )
        came = {outcome.job.key: outcome for outcome in outcomes}
        made = [
            copied.get(one.place) or _gather(one, came[one.place], root, reports, known)
            for one in planned
        ]
        _index(made, known, root, reports, languages)
        done = edition.commit(
            root,
            reports,
            _as_of(known),
            record.content(made, known, languages, formats),
            record.circumstances(
                outcomes,
                {one.place: earlier.fingerprint(one) for one in planned},
                started=started,
                seconds=time.perf_counter() - clock,
            ),
        )
    failed = [f"{one.planned.place}: {one.error}" for one in made if one.error]
    if failed:
        raise ReportError(
            f"{len(failed)} of {len(made)} reports failed; reports/{done.id} has the "
            "others:\n" + "\n".join(failed)
        )
    return done


def make_one(
    registry: Registry,
    notebook: str,
    *,
    keys: Mapping[str, str],
    as_of: str | date | None = None,
    language: str = "en",
    formats: Sequence[str] = ("html", "xlsx", "pptx"),
    out: str | Path = "out",
    timeout: float = TIMEOUT,
) -> list[Path]:
    """Make one report from what was loaded, and return its files, in the order of `formats`.

    Parameters
    ----------
    notebook
        Its name below ``notebooks``, with or without ending.
    keys
        ``sector``, ``region`` or ``programme`` → id, as the notebook runs per.

    Raises
    ------
    ReportError
        When the notebook failed, with the cell and the traceback. The executed notebook
        is in `out`.
    DefinitionError
        When there is no such notebook or key.
    """
    one = plan_one(registry, notebook, keys, language)
    for name in formats:
        writer(name)
    stored = registry.workspace / "data" / "processed"
    day = day_of(open_dataset(stored, registry), as_of)
    folder = Path(out).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    name = "_".join(filter(None, [one.notebook.stem, one.key.lower(), language]))
    with TemporaryDirectory(dir=folder, prefix=".making-") as scratch:
        job = job_for(
            one,
            data_dir=stored,
            day=day,
            formats=formats,
            output_dir=Path(scratch),
            executed=folder / f"{name}.ipynb",
        )
        outcome = run_job(job, timeout)
        _forget_paths(job.output)
        if not outcome.ok:
            raise ReportError("\n".join(filter(None, [outcome.error, outcome.traceback])))
        return [_into(path, folder / f"{name}{path.suffix}") for path in outcome.files]


def _copied(
    planned: Sequence[Planned], jobs: Sequence[Job], earlier: Earlier, root: Path
) -> dict[str, Made]:
    """Return place → report, for those that an earlier edition has as they would be now."""
    found = {
        one.place: earlier.copy(one, job.output, root)
        for one, job in zip(planned, jobs, strict=True)
    }
    return {place: made for place, made in found.items() if made}


def _turned(progress: Progress | None) -> Callable[[int, int, str], None] | None:
    return progress and (lambda done, of, what: progress(what, done, of))


def _as_of(known: Dataset) -> date:
    assert known.as_of is not None
    return known.as_of


def _job(
    one: Planned, folder: Path, stored: Path, known: Dataset, formats: Sequence[str]
) -> Job:
    scratch = below(folder / "work", *one.place.split("/"))
    scratch.mkdir(parents=True)
    name = "_".join(filter(None, [one.notebook.stem, one.key.lower()]))
    return job_for(
        one,
        data_dir=stored,
        day=_as_of(known),
        formats=formats,
        output_dir=scratch,
        executed=folder / "edition" / EVIDENCE / one.language / f"{name}.ipynb",
        assets="../" * one.place.count("/") + ASSETS,
    )


def _gather(one: Planned, outcome: Outcome, root: Path, reports: Path, known: Dataset) -> Made:
    """Move a report's files to their place, or find the last good one instead."""
    _forget_paths(outcome.job.output)
    if not outcome.ok:
        instead, day = _last_good(one, reports, _as_of(known))
        return Made(one, {}, outcome.error, instead, day)
    files = {}
    for path in outcome.files:
        name = f"{one.place}{path.suffix}"
        _into(path, root / name)
        files[path.suffix[1:]] = name
    return Made(one, files)


def _into(path: Path, place: Path) -> Path:
    """Move a file to its place, with the shared folder that a page may have beside it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shared = path.parent / ASSETS
    if shared.is_dir() and not (place.parent / ASSETS).exists():
        shared.rename(place.parent / ASSETS)
    return path.replace(place)


def _forget_paths(executed: Path) -> None:
    """Leave only the names of the paths that papermill notes in an executed notebook."""
    if not executed.exists():
        return
    content = json.loads(executed.read_text(encoding="utf-8"))
    noted = content["metadata"].get("papermill", {})
    for key in ("input_path", "output_path"):
        noted[key] = Path(noted.get(key) or "").name
    executed.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _last_good(one: Planned, reports: Path, day: date) -> tuple[dict[str, str], date | None]:
    for before in reversed(edition.editions(reports)):
        if before.as_of > day:
            continue
        for report in before.manifest["content"]["reports"]:
            if report["place"] == one.place and report["files"]:
                files = {end: f"../{before.id}/{name}" for end, name in report["files"].items()}
                return files, before.as_of
    return {}, None


def _index(
    made: Sequence[Made],
    known: Dataset,
    root: Path,
    reports: Path,
    languages: Sequence[str],
) -> None:
    assessed = assess(known)
    counts = {
        "sector": status_counts(assessed, known.registry, by="sector_id"),
        "programme": status_counts(assessed, known.registry, by="programme_id"),
        "region": status_counts(assessed, known.registry, by="region_id"),
    }
    words = {language: open_wording(language) for language in dict.fromkeys(languages)}
    nation = _statuses(counts["region"], known.registry.country_id)
    entries = [
        portal.Entry(
            title=words[one.planned.language](one.planned.title),
            kind=one.planned.kind,
            language=one.planned.language,
            files=one.files,
            key=one.planned.key,
            names=one.planned.names,
            statuses=_statuses(counts[one.planned.run_per], one.planned.key)
            if one.planned.key
            else {},
            error=one.error,
            instead=one.instead,
            instead_as_of=one.instead_as_of,
        )
        for one in made
    ]
    earlier = [
        portal.EarlierEdition(one.as_of, f"../{one.id}/{INDEX}", one.revision)
        for one in edition.editions(reports)
        if one.as_of <= _as_of(known)
    ]
    portal.write_index(
        root / INDEX,
        entries,
        words=list(words.values()),
        as_of=_as_of(known),
        statuses=nation,
        editions=earlier,
        sources=known.sources,
    )


def _statuses(counts: pd.DataFrame, key: str) -> dict[str, int]:
    row = counts[counts.iloc[:, 0] == key]
    return {status: int(row[status].sum()) for status in STATUSES}
