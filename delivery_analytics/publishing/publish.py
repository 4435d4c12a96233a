"""The main job: load, run every notebook for everything it runs per, publish the edition.

What is planned (`plan`) is made or reused (`assembly`, `reuse`), says of itself what it is
(`contents`), and is filed (`filing`). What fails is named in the index with the last good
report in its place; what succeeded is published all the same.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

from delivery_analytics.errors import ReportError, StorageError
from delivery_analytics.execution.dask_cluster import Cluster
from delivery_analytics.execution.engine import NO_HURRY, Limits
from delivery_analytics.execution.jobs import Outcome, run_jobs
from delivery_analytics.execution.pool import prepare as warm_up
from delivery_analytics.loading.load import Loaded, load
from delivery_analytics.loading.results import COUNTS
from delivery_analytics.model.dataset import as_of_day
from delivery_analytics.model.registry import Registry
from delivery_analytics.publishing import audit_log, contents, filing
from delivery_analytics.publishing.assembly import Assembly, Made
from delivery_analytics.publishing.audit_log import Journal
from delivery_analytics.publishing.editions import Edition
from delivery_analytics.publishing.plan import Choice, plan
from delivery_analytics.writers import available, writer

Progress = Callable[[str, int, int], None]


def publish(
    registry: Registry,
    *,
    as_of: str | date | None = None,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    only: Choice | None = None,
    parameters: Mapping[str, str] = MappingProxyType({}),
    loaded: Loaded | None = None,
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
    languages, formats
        By default those the unit prefers, and every format there is.
    only
        Which of the planned reports to make, such as ``lambda report: report.kind ==
        "sector"``; the edition holds these and no others.
    parameters
        Notebooks' own, as text: each is told to every notebook that declares it.
    loaded
        What was loaded already; otherwise what was sent is loaded first.
    workers, limits
        As `jobs.run_jobs` takes them.
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
        When a notebook, a language, a parameter or the day is not what it must be, or `only`
        leaves no report; nothing was written.
    StorageError
        When the disk is full or may not be written to; the editions there are untouched.
    """
    languages, formats = languages or registry.prefers.languages, formats or available()
    planned = plan(registry, languages, only, parameters)
    for name in formats:
        writer(name)
    reports = registry.workspace.reports
    started, clock = datetime.now(UTC), time.perf_counter()
    with (
        _storage(reports),
        filing.lock(reports, wait=wait),
        audit_log.opened(reports / audit_log.FOLDER, started) as note,
        filing.building(reports) as folder,
    ):
        note("began", as_of=as_of, languages=languages, formats=formats, reports=len(planned))
        filing.check_room(reports)
        loaded = loaded or _load(registry, cluster, limits, progress)
        _note_files(note, loaded)
        told = replace(loaded.dataset, registry=registry)
        whole = told.read_as(breakdown="", within="")
        data, stored = whole.withheld(), loaded.save()
        day = as_of_day(data, as_of)
        parts = Assembly(planned, folder, data, stored, day=day, formats=formats, note=note)
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
        made, known = parts.made, data.known_on(day)
        contents.write_index(made, known, root=parts.root, reports=reports, languages=languages)
        seconds, prints = time.perf_counter() - clock, parts.fingerprints()
        run = contents.circumstances(outcomes, prints, started=started, seconds=seconds)
        content = contents.content(made, known, languages, formats)
        edition = filing.commit(parts.root, reports, day, content, run)
        note("published", edition=edition.id, fingerprint=edition.manifest["fingerprint"])
    _tell_failures(made, edition)
    return edition


def _load(
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
    for file in loaded.files:
        rows = {f"rows_{count}": getattr(file, count) for count in COUNTS}
        note("file", path=file.path, sha256=file.sha256, outcome=file.outcome, **rows)


@contextmanager
def _storage(reports: Path) -> Iterator[None]:
    """Tell in a sentence what the disk did not do."""
    try:
        yield
    except OSError as error:
        raise StorageError.of(error, reports) from error


def _tell_failures(made: Sequence[Made], edition: Edition) -> None:
    failed = [f"{report.planned.place}: {report.error}" for report in made if report.error]
    if failed:
        told = f"{len(failed)} of {len(made)} reports failed"
        named = [f"{told}; reports/{edition.id} has the others:", *failed]
        error = ReportError("\n".join(named))
        error.edition = edition
        raise error
