"""Running notebooks: each in a process of its own, all of them to the end.

A notebook has succeeded when nothing was raised, every code cell ran, and the files it
was to write are there and whole. A process that ended well proves none of this:
``sys.exit(0)`` in a cell ends well too.
"""

import contextlib
import json
import os
import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from delivery_analytics import writers
from delivery_analytics.errors import DefinitionError, ReportError
from delivery_analytics.execution.engine import NO_HURRY, Limits, run_notebook
from delivery_analytics.execution.parameters import bind
from delivery_analytics.execution.pool import close as end_all
from delivery_analytics.execution.pool import prepare as warm_up
from delivery_analytics.execution.worker import WorkerError, WorkerLostError

ATTEMPTS = 2  # of a report whose process was lost; its notebook is not to blame
_COLOUR = re.compile("\x1b\\[[0-9;]*[A-Za-z]")


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
    files, answer
        What the notebook wrote, in the order of its formats, and the sentence it opens with.
    attempts
        How often it was begun: more than once when its process was lost.
    """

    job: Job
    seconds: float
    error: str = ""
    traceback: str = ""
    files: tuple[Path, ...] = ()
    attempts: int = 1
    answer: str = ""

    @property
    def ok(self) -> bool:
        """Whether the notebook did all that it was to do."""
        return not self.error


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
        Where the jobs are mapped instead, such as `dask_cluster.Cluster`.
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
            error = f"It could not be run: {_line(str(lost))}"
            return Outcome(job, 0.0, error, trace, attempts=2)


def run_job(job: Job, limits: Limits = NO_HURRY) -> Outcome:
    """Run one job; whatever goes wrong is in the outcome, never raised.

    A job whose process was lost is run again; one whose notebook failed is not.
    """
    started = time.perf_counter()
    attempt, lost = 0, True
    while lost and attempt < ATTEMPTS:
        attempt += 1
        error, trace, lost = "", "", False
        files: tuple[Path, ...] = ()
        answer = ""
        try:
            files, answer = _run(job, limits)
        except (DefinitionError, ReportError) as wrong:
            error = str(wrong)
        except Exception as wrong:
            error = _told(wrong, job, limits, time.perf_counter() - started)
            trace = _COLOUR.sub("", "".join(traceback.format_exception(wrong)))
            lost = _is_infrastructure(wrong)
    return Outcome(job, time.perf_counter() - started, error, trace, files, attempt, answer)


def _run(job: Job, limits: Limits) -> tuple[tuple[Path, ...], str]:
    """Run a job's notebook once, and return the files it wrote and the report's answer.

    Raises
    ------
    ReportError
        When it ended well and has not done what it was to do.
    """
    job.output.parent.mkdir(parents=True, exist_ok=True)
    bound = bind(job.notebook, job.parameters)
    executed = run_notebook(job.notebook, job.output, bound, limits)
    _check_finished(executed)
    shown = [one for cell in executed.cells for one in cell.get("outputs", ())]
    told = [one.data[writers.ANSWER] for one in shown if writers.ANSWER in one.get("data", ())]
    return tuple(_results(job)), "".join(told[-1:])


def _is_infrastructure(wrong: Exception) -> bool:
    """Whether the machine failed and not the notebook: a worker lost, a kernel never up."""
    never_up = isinstance(wrong, RuntimeError) and "before replying" in str(wrong)
    return never_up or isinstance(wrong, (WorkerLostError, WorkerError))


def _check_finished(executed: Any) -> None:
    """Refuse a notebook with a cell that raised or never ran; ``sys.exit(0)`` says no word."""
    for cell in executed.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise ReportError(f"{_place(cell)}: {output.ename}: {output.evalue}")
        if cell.execution_count is None:
            raise ReportError(f"{_place(cell)}: never ran")


def _results(job: Job) -> Iterator[Path]:
    """Yield the files of each format, or say which is not there or not whole."""
    folder = job.parameters.get("output_dir")
    if not folder:
        return
    for ending in job.parameters.get("formats", ()):
        files = (job.notebook.parent / folder).glob(f"*.{ending}")
        mains = (path for path in files if writers.ending_of(path) == ending)
        written = [path for path in mains if path.stat().st_size]
        if len(written) != 1:
            count = len(written) or "no"
            raise ReportError(f"{job.notebook.name} wrote {count} file *.{ending}")
        for path in (written[0], *writers.companions(written[0])):
            if not writers.is_whole(path):
                raise ReportError(f"{job.notebook.name} wrote {path.name}, which is not whole")
            yield path


def _place(cell: Mapping[str, Any]) -> str:
    """Return the cell's number as the executed notebook shows it, and how it begins."""
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    first = (lines or [""])[0].strip()
    return f"In [{cell.get('execution_count') or ' '}] {first[:60]}"


def _told(wrong: Exception, job: Job, limits: Limits, seconds: float) -> str:
    """Return in one line which cell stopped the notebook, and what was raised."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(wrong, PapermillExecutionError):
        cell = {"source": wrong.source, "execution_count": wrong.exec_count}
        return f"{_place(cell)}: {wrong.ename}: {_line(wrong.evalue)}"
    if isinstance(wrong, CellTimeoutError):
        given = (limits.cell_seconds if seconds < limits.seconds else None) or limits.seconds
        return f"{_stopped(job)}: not done after {given:g} seconds, and stopped"
    if isinstance(wrong, DeadKernelError):
        return f"{_stopped(job)}: {_line(str(wrong))}"
    return f"{type(wrong).__name__}: {_line(str(wrong))}"


def _stopped(job: Job) -> str:
    """Return the place of the cell that never came back.

    Papermill's stock engine marks none as failed then; it is the last one that has a number.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
        cells = json.loads(job.output.read_text(encoding="utf-8"))["cells"]
        failed = [cell for cell in cells if cell["metadata"]["papermill"]["status"] == "failed"]
        cell = (failed or [cell for cell in cells if cell.get("execution_count")])[-1]
        return _place({**cell, "source": "".join(cell["source"])})
    return job.notebook.name


def _line(text: str) -> str:
    return " ".join(_COLOUR.sub("", text).split())[:300]
