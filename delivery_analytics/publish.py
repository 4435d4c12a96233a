"""The main job: load, run every notebook for everything it runs per, publish the edition.

What fails is named in the index with the last good report in its place; what succeeded
is published all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from delivery_analytics import edition, record
from delivery_analytics.dataset import open_dataset
from delivery_analytics.edition import Edition, below
from delivery_analytics.errors import ReportError
from delivery_analytics.gather import ASSETS, forget_paths, gather, move
from delivery_analytics.index import write_index
from delivery_analytics.jobs import day_of, job_for
from delivery_analytics.loader import load
from delivery_analytics.plan import Planned, plan, plan_one
from delivery_analytics.record import Made
from delivery_analytics.registry import Registry
from delivery_analytics.reuse import Earlier
from delivery_analytics.run import TIMEOUT, Job, Outcome, run_job, run_jobs
from delivery_analytics.workers import prepare as warm_up
from delivery_analytics.writers import bundle, writer

Progress = Callable[[str, int, int], None]


def publish(
    registry: Registry,
    *,
    as_of: str | date | None = None,
    languages: Sequence[str] = ("en",),
    formats: Sequence[str] = ("html", "xlsx", "pptx", "pdf"),
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
        copied = {} if force else _copied(planned, jobs, earlier, making.root)
        outcomes = run_jobs(
            [job for place, job in jobs.items() if place not in copied],
            workers,
            timeout=timeout,
            executor=executor,
            progress=progress and (lambda one, done, of: progress(one.job.key, done, of)),
        )
        made = _gathered(planned, copied, outcomes, making)
        known = loaded.dataset.known_on(day)
        write_index(made, known, root=making.root, reports=reports, languages=languages)
        content = record.content(made, known, languages, formats)
        run = record.circumstances(
            outcomes,
            {one.place: earlier.fingerprint(one) for one in planned},
            started=started,
            seconds=time.perf_counter() - clock,
        )
        done = edition.commit(making.root, reports, day, content, run)
    _tell_failures(made, done)
    return done


def make_one(
    registry: Registry,
    notebook: str,
    *,
    keys: Mapping[str, str],
    as_of: str | date | None = None,
    language: str = "en",
    formats: Sequence[str] = ("html", "xlsx", "pptx", "pdf"),
    out: str | Path = "out",
    timeout: float = TIMEOUT,
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
        outcome = run_job(job, timeout)
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


def _gathered(
    planned: Sequence[Planned],
    copied: Mapping[str, Made],
    outcomes: Sequence[Outcome],
    making: _Making,
) -> list[Made]:
    came = {outcome.job.key: outcome for outcome in outcomes}
    root, reports, day = making.root, making.reports, making.day
    return [
        copied.get(one.place)
        or gather(one, came[one.place], root=root, reports=reports, day=day)
        for one in planned
    ]


def _tell_failures(made: Sequence[Made], done: Edition) -> None:
    failed = [f"{one.planned.place}: {one.error}" for one in made if one.error]
    if failed:
        raise ReportError(
            f"{len(failed)} of {len(made)} reports failed; reports/{done.id} has the "
            "others:\n" + "\n".join(failed)
        )


def _turned(progress: Progress | None) -> Callable[[int, int, str], None] | None:
    return progress and (lambda done, of, what: progress(what, done, of))
