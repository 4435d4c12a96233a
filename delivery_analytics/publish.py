"""The main job: load, run every notebook for everything it runs per, publish the edition.

What fails is named in the index with the last good report in its place; what succeeded
is published all the same.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from delivery_analytics import edition, journal, record
from delivery_analytics.cluster import Cluster
from delivery_analytics.dataset import open_dataset
from delivery_analytics.edition import Edition, below
from delivery_analytics.errors import ReportError, StorageError
from delivery_analytics.gather import ASSETS, forget_paths, gather, move
from delivery_analytics.index import write_index
from delivery_analytics.jobs import day_of, job_for
from delivery_analytics.journal import Journal
from delivery_analytics.loader import Loaded, load
from delivery_analytics.plan import Planned, plan, plan_one
from delivery_analytics.record import Made
from delivery_analytics.registry import Registry
from delivery_analytics.reuse import Earlier, keep
from delivery_analytics.run import NO_HURRY, Job, Limits, Outcome, run_job, run_jobs
from delivery_analytics.workers import prepare as warm_up
from delivery_analytics.writers import bundle, writer

Progress = Callable[[str, int, int], None]
_FULL = f"[Errno {errno.ENOSPC}]"


def publish(
    registry: Registry,
    *,
    as_of: str | date | None = None,
    languages: Sequence[str] = ("en",),
    formats: Sequence[str] = ("html", "xlsx", "pptx", "pdf"),
    workers: int | None = None,
    limits: Limits = NO_HURRY,
    cluster: Cluster | None = None,
    force: bool = False,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> Edition:
    """Load what was sent, make every report, and put the edition in its place in one move.

    A publish that was killed is continued: what it had finished is not made again.

    Parameters
    ----------
    as_of
        The day to know things by; by default the last day on which anything was received.
    workers, limits
        As `run.run_jobs` takes them.
    cluster
        Where files are read and reports are made instead of here.
    force
        Make every report, also one that an earlier edition has just so.
    wait
        Seconds to wait for another publish to end.
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
    StorageError
        When the disk is full or may not be written to; the editions there are untouched.
    """
    planned = plan(registry, languages)
    for name in formats:
        writer(name)
    reports = registry.workspace / "reports"
    started, clock = datetime.now(UTC), time.perf_counter()
    with (
        _storage(reports),
        edition.lock(reports, wait=wait),
        journal.opened(reports / journal.FOLDER, started) as note,
        edition.building(reports) as folder,
    ):
        note("began", as_of=as_of, languages=languages, formats=formats, reports=len(planned))
        edition.check_room(reports)
        if not cluster:
            warm_up(network=limits.network)
        processed = registry.workspace / "data" / "processed"
        if cluster:
            cluster.stage(registry.workspace, ["data/definitions", "data/raw"])
        loaded = load(
            registry, previous=processed, progress=_turned(progress), executor=cluster
        )
        _note_files(note, loaded)
        day = day_of(loaded.dataset, as_of)
        making = _Making(folder, reports, loaded.save(), day, formats)
        bundle.write_assets(making.root / ASSETS)
        earlier = Earlier(
            reports,
            workspace=registry.workspace,
            stored=processed,
            day=day,
            formats=formats,
            since=edition.day_before(reports, day),
        )
        jobs = {one.place: _job(one, making) for one in planned}
        made = {} if force else _copied(planned, jobs, earlier, making.root)
        for place in made:
            note("report", place=place, outcome="unchanged")
        by_place = {one.place: one for one in planned}

        def finished(outcome: Outcome, count: int, of: int) -> None:
            one = by_place[outcome.job.key]
            _note_report(note, outcome)
            made[one.place] = _finished(one, outcome, making, earlier.fingerprint(one))
            if progress:
                progress(one.place, count, of)

        if cluster:
            cluster.stage(
                registry.workspace, ["data/definitions", "data/processed", "notebooks"]
            )
        outcomes = run_jobs(
            [job for place, job in jobs.items() if place not in made],
            workers,
            limits=limits,
            executor=cluster,
            progress=finished,
        )
        reported = [made[one.place] for one in planned]
        known = loaded.dataset.known_on(day)
        write_index(reported, known, root=making.root, reports=reports, languages=languages)
        content = record.content(reported, known, languages, formats)
        run = record.circumstances(
            outcomes,
            {one.place: earlier.fingerprint(one) for one in planned},
            started=started,
            seconds=time.perf_counter() - clock,
        )
        done = edition.commit(making.root, reports, day, content, run)
        note("published", edition=done.id, fingerprint=done.manifest["fingerprint"])
    _tell_failures(reported, done)
    return done


def _note_files(note: Journal, loaded: Loaded) -> None:
    for one in loaded.files:
        note(
            "file",
            path=one.path,
            sha256=one.sha256,
            outcome=one.outcome,
            rows_read=one.read,
            rows_kept=one.kept,
            rows_quarantined=one.quarantined,
            rows_skipped=one.skipped,
        )


def _note_report(note: Journal, outcome: Outcome) -> None:
    note(
        "report",
        place=outcome.job.key,
        outcome="made" if outcome.ok else "failed",
        seconds=round(outcome.seconds, 3),
        attempts=outcome.attempts,
        error=outcome.error,
    )


def make_one(
    registry: Registry,
    notebook: str,
    *,
    keys: Mapping[str, str],
    as_of: str | date | None = None,
    language: str = "en",
    formats: Sequence[str] = ("html", "xlsx", "pptx", "pdf"),
    out: str | Path = "out",
    limits: Limits = NO_HURRY,
    corporate: str | Path = "",
) -> list[Path]:
    """Make one report from what was loaded, and return its files, in the order of `formats`.

    Parameters
    ----------
    notebook
        Its name below ``notebooks``, with or without ending.
    keys
        ``sector``, ``region``, ``programme`` or ``challenge`` → id, as the notebook runs per.
    corporate
        The presentation that slides are dressed like.

    Raises
    ------
    ReportError
        When the notebook failed: which cell, and what it said. The executed notebook is
        in `out`.
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
            corporate=Path(corporate).resolve() if corporate else None,
        )
        outcome = run_job(job, limits)
        forget_paths(job.output)
        if not outcome.ok:
            error = ReportError(f"{outcome.error}\nThe executed notebook is {job.output}")
            error.add_note(outcome.traceback)
            raise error
        return [move(path, folder / f"{name}{path.suffix}") for path in outcome.files]


@dataclass(frozen=True)
class _Making:
    """An edition in the making: where, from which tables, for which day and formats."""

    folder: Path
    reports: Path
    stored: Path
    day: date
    formats: Sequence[str]

    @property
    def root(self) -> Path:
        return self.folder / "edition"


def _job(one: Planned, making: _Making) -> Job:
    """Return the job of a report; it writes into a folder of its own, beside the edition."""
    scratch = below(making.folder / "work", *one.place.split("/"))
    scratch.mkdir(parents=True)
    name = "_".join(filter(None, [one.notebook.stem, one.key.lower()]))
    return job_for(
        one,
        data_dir=making.stored,
        day=making.day,
        formats=making.formats,
        output_dir=scratch,
        executed=making.root / "evidence" / one.language / f"{name}.ipynb",
        assets="../" * one.place.count("/") + ASSETS,
        since=edition.day_before(making.reports, making.day),
    )


def _copied(
    planned: Sequence[Planned], jobs: Mapping[str, Job], earlier: Earlier, root: Path
) -> dict[str, Made]:
    """Return place → report, for those that an earlier edition has as they would be now."""
    found = {one.place: earlier.copy(one, jobs[one.place].output, root) for one in planned}
    return {place: made for place, made in found.items() if made}


def _finished(one: Planned, outcome: Outcome, making: _Making, fingerprint: str) -> Made:
    """Move what a report's notebook wrote to its place, and note that it is finished.

    Raises
    ------
    StorageError
        When the disk was full: an edition without the reports that it did not take is no
        edition.
    """
    if not outcome.ok and _FULL in outcome.error:
        raise StorageError.of(OSError(errno.ENOSPC, ""), making.reports)
    made = gather(one, outcome, root=making.root, reports=making.reports, day=making.day)
    if outcome.ok:
        keep(
            made,
            outcome.job.output,
            folder=making.folder,
            root=making.root,
            fingerprint=fingerprint,
        )
    return made


@contextmanager
def _storage(reports: Path) -> Iterator[None]:
    """Tell in a sentence what the disk did not do."""
    try:
        yield
    except OSError as error:
        raise StorageError.of(error, reports) from error


def _tell_failures(made: Sequence[Made], done: Edition) -> None:
    failed = [f"{one.planned.place}: {one.error}" for one in made if one.error]
    if failed:
        error = ReportError(
            f"{len(failed)} of {len(made)} reports failed; reports/{done.id} has the "
            "others:\n" + "\n".join(failed)
        )
        error.edition = done
        raise error


def _turned(progress: Progress | None) -> Callable[[int, int, str], None] | None:
    return progress and (lambda done, of, what: progress(what, done, of))
