"""The main job: load, run every notebook for everything it runs per, publish the edition.

What fails is named in the index with the last good report in its place; what succeeded
is published all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from delivery_analytics.errors import ReportError, StorageError
from delivery_analytics.execution.dask_cluster import Cluster
from delivery_analytics.execution.jobs import NO_HURRY, Limits, Outcome, run_job, run_jobs
from delivery_analytics.execution.pool import prepare as warm_up
from delivery_analytics.loading.load import Loaded, load
from delivery_analytics.model.dataset import as_of_day, open_dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.publishing import audit_log, editions, manifest
from delivery_analytics.publishing.assembly import Assembly
from delivery_analytics.publishing.audit_log import Journal
from delivery_analytics.publishing.collect import forget_paths, move
from delivery_analytics.publishing.editions import Edition
from delivery_analytics.publishing.job_parameters import job_for
from delivery_analytics.publishing.manifest import Made
from delivery_analytics.publishing.plan import plan, plan_one
from delivery_analytics.writers import writer

Progress = Callable[[str, int, int], None]


def publish(
    registry: Registry,
    *,
    as_of: str | date | None = None,
    languages: Sequence[str] = (),
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
        Called with what was read or made, how many are done, and of how many.

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
    languages = languages or registry.prefers.languages
    planned = plan(registry, languages)
    for name in formats:
        writer(name)
    reports = registry.workspace.reports
    started, clock = datetime.now(UTC), time.perf_counter()
    with (
        _storage(reports),
        editions.lock(reports, wait=wait),
        audit_log.opened(reports / audit_log.FOLDER, started) as note,
        editions.building(reports) as folder,
    ):
        note("began", as_of=as_of, languages=languages, formats=formats, reports=len(planned))
        editions.check_room(reports)
        loaded = _loaded(registry, cluster, limits, progress)
        _note_files(note, loaded)
        day = as_of_day(loaded.dataset, as_of)
        parts = Assembly(
            planned,
            folder,
            loaded.dataset,
            loaded.save(),
            day=day,
            formats=formats,
            note=note,
        )
        if not force:
            parts.reuse()

        def finished(outcome: Outcome, count: int, of: int) -> None:
            parts.finish(outcome)
            if progress:
                progress(outcome.job.key, count, of)

        if cluster:
            needed = ["data/definitions", "data/processed", "notebooks"]
            cluster.stage(registry.workspace.root, needed)
        outcomes = run_jobs(
            parts.missing, workers, limits=limits, executor=cluster, progress=finished
        )
        content = parts.content(languages)
        run = manifest.circumstances(
            outcomes,
            parts.fingerprints(),
            started=started,
            seconds=time.perf_counter() - clock,
        )
        done = editions.commit(parts.root, reports, day, content, run)
        note("published", edition=done.id, fingerprint=done.manifest["fingerprint"])
    _tell_failures(parts.made, done)
    return done


def _loaded(
    registry: Registry, cluster: Cluster | None, limits: Limits, progress: Progress | None
) -> Loaded:
    """Load what was sent, here or on the cluster; here the workers warm up meanwhile."""
    if cluster:
        cluster.stage(registry.workspace.root, ["data/definitions", "data/raw"])
    else:
        warm_up(network=limits.network)
    return load(
        registry,
        previous=registry.workspace.processed,
        progress=progress and (lambda done, of, what: progress(f"reading {what}", done, of)),
        executor=cluster,
    )


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
    stored = registry.workspace.processed
    day = as_of_day(open_dataset(stored, registry), as_of)
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
