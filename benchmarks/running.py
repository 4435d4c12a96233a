"""How long reports take beside papermill's own engine and beside their bare cells.

    python benchmarks/running.py                # everything, about a quarter of an hour
    python benchmarks/running.py short sector   # parts: short, sector, growth, soak, again

Side by side in one run, each way with the same notebooks and parameters. *Bare* is the
least there is: the cells alone, one report after the other in one process that has
imported everything, divided by the processors.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from delivery_analytics.execution import pool
from delivery_analytics.execution.jobs import Job, run_jobs
from delivery_analytics.loading.load import load
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Registry, open_registry
from delivery_analytics.publishing.editions import verify
from delivery_analytics.publishing.plan import job_for, plan
from delivery_analytics.publishing.publish import publish
from delivery_analytics.writers.html.assets import write_assets

ROOT = Path(__file__).parents[1]
CORES = os.cpu_count() or 1
FORMATS = ["html", "xlsx", "pptx", "pdf"]
SHORT = (
    "import delivery_analytics as da\n\nwords = da.open_wording(language)",
    "data = da.open_dataset(data_dir).known_on(as_of).where(sector_id=sector)",
    "assessments = da.assess(data)\nassessments",
    "chart = da.charts.trajectory(data, assessments['indicator_id'].iloc[0], words)\nchart",
)
SHORT_PARAMETERS = """\
sector: str = ""  # one
as_of: str = ""  # day
language: str = "en"  # language
data_dir: str = ""  # tables
output_dir: str = ""  # nowhere
formats: list = []  # none
"""


@contextlib.contextmanager
def unit() -> Iterator[Registry]:
    """Lend a copy of the example, loaded."""
    with tempfile.TemporaryDirectory(prefix="running-") as folder:
        for name in ("data/definitions", "data/raw", "notebooks"):
            shutil.copytree(ROOT / name, Path(folder, name))
        registry = open_registry(folder)
        load(registry).save()
        yield registry


def jobs_of(registry: Registry, notebook: str, count: int, folder: Path) -> list[Job]:
    """Return jobs of a notebook that runs per sector: sectors, then languages, then days."""
    formats = FORMATS if notebook == "20_sector" else []
    stored = registry.workspace.processed
    last = open_dataset(stored, registry).last_reported_on
    planned = [one for one in plan(registry, LANGUAGES) if one.notebook.stem == notebook]
    jobs = []
    shared = write_assets(registry.workspace / "assets")  # once, as a publish does
    for n in range(count):
        one = planned[n % len(planned)]
        out = folder / str(n)
        out.mkdir(parents=True)
        job = job_for(
            one,
            data_dir=stored,
            day=last,
            formats=formats,
            output_dir=out,
            executed=folder / f"{n}.ipynb",
            assets=os.path.relpath(shared, out),
        )
        jobs.append(job)
    return jobs


def add_short(registry: Registry) -> None:
    """Add a notebook that asks one short question and draws one chart."""
    cells = [nbformat.v4.new_code_cell(SHORT_PARAMETERS)]
    cells[0].metadata.tags = ["parameters"]
    cells += [nbformat.v4.new_code_cell(cell) for cell in SHORT]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata.delivery_analytics = {"run_per": "sector", "kind": "short"}
    book.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "P"}
    nbformat.write(book, registry.workspace.notebooks / "99_short.ipynb")


def papermills(jobs: Sequence[Job]) -> float:
    """Run the jobs in a loop of papermill with its default engine; return the seconds."""
    import papermill

    begun = time.perf_counter()
    for job in jobs:
        os.chdir(job.notebook.parent)
        values = json.loads(json.dumps(dict(job.parameters), default=str))
        papermill.execute_notebook(
            str(job.notebook), str(job.output), parameters=values, progress_bar=False
        )
    return time.perf_counter() - begun


def ours(jobs: Sequence[Job]) -> tuple[float, float]:
    """Run the jobs from cold; return the seconds, and those to the first report."""
    pool.close()
    first: list[float] = []
    begun = time.perf_counter()
    outcomes = run_jobs(
        jobs,
        progress=lambda *_: first.append(time.perf_counter() - begun) if not first else None,
    )
    seconds = time.perf_counter() - begun
    failed = [one.error for one in outcomes if not one.ok]
    assert not failed, failed[:3]
    return seconds, first[0]


BARE = """
import json, os, sys, time
from pathlib import Path
from delivery_analytics.execution.fork_server import preload
preload()
from delivery_analytics.execution.warm_up import rehearse
rehearse()
jobs = json.loads(sys.stdin.read())
begun = time.perf_counter()
for notebook, values in jobs:
    os.chdir(Path(notebook).parent)
    names = {}
    for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names.update(values)
print(time.perf_counter() - begun)
"""


def bare(jobs: Sequence[Job]) -> float:
    """Run the cells alone, one job after the other; return the seconds."""
    told = [
        [str(j.notebook), json.loads(json.dumps(dict(j.parameters), default=str))] for j in jobs
    ]
    done = subprocess.run(
        [sys.executable, "-c", BARE],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return float(done.stdout.splitlines()[-1])


def compared(registry: Registry, notebook: str, count: int) -> str:
    """Time the three ways, in turn, and return a row of the table."""
    folder = registry.workspace / "out" / notebook
    made, first = ours(jobs_of(registry, notebook, count, folder / "ours"))
    least = bare(jobs_of(registry, notebook, count, folder / "bare")) / CORES
    slow = papermills(jobs_of(registry, notebook, count, folder / "papermill"))
    return (
        f"{count} × {notebook}: papermill {slow:.1f} s, ours {made:.1f} s, "
        f"bare/{CORES} {least:.1f} s; {slow / made:.1f} times as fast as papermill, "
        f"{made / least:.2f} of the bare cells; first report after {first:.1f} s"
    )


def short(registry: Registry) -> str:
    """30 notebooks with one question each."""
    add_short(registry)
    return compared(registry, "99_short", 30)


def sector(registry: Registry) -> str:
    """30 sector reports, every format: nine sectors, three languages."""
    return compared(registry, "20_sector", 30)


def growth(registry: Registry) -> str:
    """10, 100 and 1,000 reports: seconds each, memory of the parent, what is left."""
    add_short(registry)
    rows = []
    for count in (10, 100, 1000):
        before = left()
        folder = registry.workspace / "out" / f"growth{count}"
        seconds, first = ours(jobs_of(registry, "99_short", count, folder))
        pool.close()
        after = left()
        extra = {name: after[name] - before[name] for name in after}
        rows.append(
            f"{count}: {1000 * (seconds - first) / count:.0f} ms each after the first "
            f"({first:.1f} s), parent {memory():.0f} MB, left {extra}"
        )
        shutil.rmtree(folder)
    return "\n    ".join(rows)


def soak(registry: Registry, count: int = 300) -> str:
    """300 sector reports in one go: memory of the parent and of the warm process."""
    folder = registry.workspace / "out" / "soak"

    def watch(_: Any, done: int, of: int) -> None:
        if done % 50 == 0 or done == 10:
            warm = [s._process.pid for s in pool._sources.values()]
            held = " + ".join(f"{resident(pid):.0f}" for pid in warm)
            row = f"{done}: parent {resident(os.getpid()):.0f} MB, warm {held} MB"
            print(f"    {row}", flush=True)

    outcomes = run_jobs(jobs_of(registry, "20_sector", count, folder), progress=watch)
    return f"{sum(one.ok for one in outcomes)} of {count} made"


def again(registry: Registry) -> str:
    """The whole publish of the example in one language, and the same with nothing changed."""
    times = []
    for _ in range(2):
        pool.close()
        begun = time.perf_counter()
        made = publish(registry)
        times.append(time.perf_counter() - begun)
    assert not verify(made)
    return f"{times[0]:.1f} s, and {times[1]:.1f} s with nothing changed"


def left() -> dict[str, int]:
    """Count this process's children and handles, and files in the folder for scratch."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return {
        "processes": len(children),
        "handles": len(list(Path("/proc/self/fd").iterdir())),
        "scratch files": sum(1 for _ in Path(tempfile.gettempdir()).iterdir()),
    }


def memory() -> float:
    """Return the most this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident(pid: int) -> float:
    """Return what a process holds now, MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


PARTS: dict[str, Callable[[Registry], str]] = {
    "short": short,
    "sector": sector,
    "growth": growth,
    "soak": soak,
    "again": again,
}


def main(names: Sequence[str]) -> None:
    """Run the parts that are named, or all."""
    for name in names or PARTS:
        with unit() as registry:
            print(f"{name}: {PARTS[name](registry)}", flush=True)
            pool.close()
            os.chdir(ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
