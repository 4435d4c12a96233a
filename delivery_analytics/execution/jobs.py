"""Running notebooks: each in a process of its own, all of them to the end.

A notebook has succeeded when nothing was raised, every code cell ran, and the files it
was to write are there and whole. A process that ended well proves none of this:
``sys.exit(0)`` in a cell ends well too.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from delivery_analytics import writers
from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.engine import run_notebook
from delivery_analytics.execution.parameters import bind
from delivery_analytics.execution.pool import close as end_all
from delivery_analytics.execution.pool import prepare as warm_up
from delivery_analytics.execution.worker import WorkerError, WorkerLostError

ATTEMPTS = 2  # of a report whose process was lost; its notebook is not to blame
_COLOUR = re.compile("\x1b\\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Limits:
    """What one report may take.

    Attributes
    ----------
    seconds, cell_seconds
        For the whole report, and for one of its cells; then it is killed with all it
        started. ``cell_seconds`` is ``None`` where only the whole counts.
    network
        Whether its notebook may reach one. Without, it fails where the system cannot see
        to that.
    """

    seconds: float = 600.0
    cell_seconds: float | None = None
    network: bool = True


NO_HURRY = Limits()


@dataclass(frozen=True)
class Job:
    """One notebook to run for one key.

    Attributes
    ----------
    key
        What it runs for, as people are told: ``en/sector/health``.
    parameters
        As the notebook declares them. Its ``formats`` are expected as files in its
        ``output_dir``, unless that is empty.
    output
        Where the executed notebook goes, kept as evidence.
    """

    notebook: Path
    key: str
    parameters: Mapping[str, Any]
    output: Path


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    error
        One line: the cell and what it said; empty when all went well.
    traceback
        The whole of it, for whoever mends the notebook.
    files
        What the notebook wrote, in the order of its formats.
    attempts
        How often it was begun: more than once when its process was lost.
    """

    job: Job
    ok: bool
    seconds: float
    error: str = ""
    traceback: str = ""
    files: tuple[Path, ...] = field(default=())
    attempts: int = 1


Progress = Callable[[Outcome, int, int], None]


def run_jobs(
    jobs: Sequence[Job],
    workers: int | None = None,
    *,
    limits: Limits = NO_HURRY,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> list[Outcome]:
    """Run every job and return an outcome for each, in the order of `jobs`.

    A job that fails, hangs or dies stops no other.

    Parameters
    ----------
    workers
        How many run at once; one a processor unless said.
    limits
        What one job may take.
    progress
        Called after each job, here and not in a thread of its own, with its outcome, how
        many are done, and of how many.
    executor
        Where the jobs are mapped instead, such as `cluster.Cluster`.
    """
    if not executor:
        warm_up(network=limits.network)
    own = None if executor else ThreadPoolExecutor(workers or os.cpu_count() or 1, "report")
    pool = executor or own
    assert pool is not None
    futures = {pool.submit(run_job, job, limits): n for n, job in enumerate(jobs)}
    outcomes: dict[int, Outcome] = {}
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            number = futures[future]
            outcomes[number] = _outcome(future, jobs[number], limits, pool)
            if progress:
                progress(outcomes[number], done, len(jobs))
    except BaseException:
        for future in futures:
            future.cancel()
        end_all()
        raise
    finally:
        if own:
            own.shutdown()
    return [outcomes[number] for number in range(len(jobs))]


def _outcome(future: Future[Outcome], job: Job, limits: Limits, pool: Executor) -> Outcome:
    """Return what came of a job, also when the machine that was to run it is gone.

    Jobs wait in line, and whichever of them killed a machine, those behind it are lost
    too. So a lost one is run again.
    """
    try:
        return future.result()
    except Exception:
        try:
            return replace(pool.submit(run_job, job, limits).result(), attempts=2)
        except Exception as lost:
            trace = "".join(traceback.format_exception(lost))
            said = f"It could not be run: {_line(str(lost))}"
            return Outcome(job, False, 0.0, said, trace, attempts=2)


def run_job(job: Job, limits: Limits = NO_HURRY) -> Outcome:
    """Run one job; whatever goes wrong is in the outcome, never raised.

    A job whose process was lost is run again; one whose notebook failed is not.
    """
    started = time.perf_counter()
    for attempt in range(1, ATTEMPTS + 1):
        outcome, lost = _tried(job, limits, started, attempt)
        if not lost:
            break
    return outcome


def _tried(job: Job, limits: Limits, started: float, attempt: int) -> tuple[Outcome, bool]:
    """Run a job once; say also whether its process was lost."""
    error, trace, lost = "", "", False
    files: tuple[Path, ...] = ()
    try:
        job.output.parent.mkdir(parents=True, exist_ok=True)
        executed = run_notebook(
            job.notebook,
            job.output,
            bind(job.notebook, job.parameters),
            timeout=limits.seconds,
            cell_timeout=limits.cell_seconds,
            network=limits.network,
        )
        error = _unfinished(executed)
        if not error:
            files, error = _results(job)
    except DefinitionError as wrong:
        error = str(wrong)
    except Exception as wrong:
        error = _said(wrong, job, limits, time.perf_counter() - started)
        trace = _COLOUR.sub("", "".join(traceback.format_exception(wrong)))
        lost = _is_infrastructure(wrong)
    seconds = time.perf_counter() - started
    kept = files if not error else ()
    return Outcome(job, not error, seconds, error, trace, kept, attempt), lost


def _is_infrastructure(wrong: Exception) -> bool:
    """Whether the machine failed and not the notebook: a worker lost, a kernel never up."""
    never_up = isinstance(wrong, RuntimeError) and "before replying" in str(wrong)
    return never_up or isinstance(wrong, (WorkerLostError, WorkerError))


def _unfinished(executed: Any) -> str:
    """Say which code cell raised or never ran; ``sys.exit(0)`` stops without a word."""
    for cell in executed.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return f"{_place(cell)}: {output.ename}: {output.evalue}"
        if cell.execution_count is None:
            return f"{_place(cell)}: never ran"
    return ""


def _results(job: Job) -> tuple[tuple[Path, ...], str]:
    folder = job.parameters.get("output_dir")
    if not folder:
        return (), ""
    root = job.notebook.parent / folder
    files = []
    for ending in job.parameters.get("formats", ()):
        found = [path for path in sorted(root.glob(f"*.{ending}")) if path.stat().st_size]
        if len(found) != 1:
            return (), f"{job.notebook.name} wrote {len(found) or 'no'} file *.{ending}"
        if not writers.is_whole(found[0]):
            return (), f"{job.notebook.name} wrote {found[0].name}, which is not whole"
        files += found
    return tuple(files), ""


def _place(cell: Mapping[str, Any]) -> str:
    """Return the cell's number as the executed notebook shows it, and how it begins."""
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    first = (lines or [""])[0].strip()
    return f"In [{cell.get('execution_count') or ' '}] {first[:60]}"


def _said(wrong: Exception, job: Job, limits: Limits, seconds: float) -> str:
    """Return in one line which cell stopped the notebook, and what was raised."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(wrong, PapermillExecutionError):
        cell = {"source": wrong.source, "execution_count": wrong.exec_count}
        return f"{_place(cell)}: {wrong.ename}: {_line(wrong.evalue)}"
    if isinstance(wrong, CellTimeoutError):
        given = limits.cell_seconds if seconds < limits.seconds else None
        return (
            f"{_stopped(job)}: not done after {given or limits.seconds:g} seconds, and stopped"
        )
    if isinstance(wrong, DeadKernelError):
        return f"{_stopped(job)}: {_line(str(wrong))}"
    return f"{type(wrong).__name__}: {_line(str(wrong))}"


def _stopped(job: Job) -> str:
    """Return the place of the cell that never came back."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        executed = json.loads(job.output.read_text(encoding="utf-8"))
        for cell in executed["cells"]:
            if cell["metadata"]["papermill"]["status"] == "failed":
                return _place({**cell, "source": "".join(cell["source"])})
    return job.notebook.name


def _line(text: str) -> str:
    return " ".join(_COLOUR.sub("", text).split())[:300]
