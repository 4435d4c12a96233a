"""Every job has an outcome, whatever its notebook does, and nothing outlives it."""

import errno
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from delivery_analytics.execution import jobs as run
from delivery_analytics.execution import pool, sandbox
from delivery_analytics.execution.engine import run_notebook
from delivery_analytics.execution.jobs import Job, Limits, run_job, run_jobs
from delivery_analytics.execution.worker import WorkerLostError
from tests.support.notebooks import WRITE, write_notebook
from tests.support.plain_workers import plain_workers

__all__ = ["plain_workers"]


@pytest.fixture
def job(tmp_path):
    def make(*cells, key="health", write=True, formats=("txt",)):
        out = tmp_path / "out" / key
        out.mkdir(parents=True)
        cells = [*cells, WRITE] if write else cells
        return Job(
            write_notebook(tmp_path / "notebooks" / f"{key}.ipynb", *cells),
            key,
            {"sector": key, "output_dir": out, "formats": list(formats)},
            tmp_path / "evidence" / f"{key}.ipynb",
        )

    return make


def test_a_notebook_that_wrote_its_files_has_succeeded(job):
    outcome = run_job(job(formats=("txt", "csv")))

    assert outcome.ok, outcome.traceback
    assert [path.name for path in outcome.files] == ["report.txt", "report.csv"]
    assert outcome.files[0].read_text() == "health"
    assert 0 < outcome.seconds < 60


def test_the_answer_of_a_report_travels_with_its_outcome_whatever_it_is_written_as(job):
    tell = "from types import SimpleNamespace; from delivery_analytics import writers\n"
    tell += "writers._tell(SimpleNamespace(answer='4 of 5 are on track'))"

    assert run_job(job(tell)).answer == "4 of 5 are on track"
    assert run_job(job(key="silent")).answer == ""


FAULTS = {
    "an exception": ("1 / 0", "1 / 0: ZeroDivisionError: division by zero"),
    "a wrong exit": ("import sys; sys.exit(3)", "sys.exit(3): SystemExit: 3"),
    "a right exit": ("import sys; sys.exit(0)", "sys.exit(0): SystemExit: 0"),
    "a syntax error": ("a b", "a b: SyntaxError: invalid syntax"),
    "death": ("import os; os._exit(0)", "The process ended by itself with exit code 0"),
    "a crash": ("import os; os.kill(os.getpid(), 11)", "The process was ended by SIGSEGV"),
    "quit": ("quit()", "The process ended by itself with exit code 0"),
    "a question": ("input('why?')", "StdinNotImplementedError: Nobody is there to answer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_cell_in_one_line(job, fault):
    code, said = FAULTS[fault]

    outcome = run_job(job(code))

    assert not outcome.ok
    assert said in outcome.error
    assert outcome.error.startswith("In [3] " if fault != "quit" else "In [ ] from pathlib")
    assert "\n" not in outcome.error


def test_a_cell_that_hangs_is_stopped_with_all_it_started(job):
    started = time.monotonic()
    outcome = run_job(
        job(
            "import subprocess, time\n"
            "child = subprocess.Popen(['sleep', '600'])\n"
            "print(child.pid, flush=True)",
            "while True: time.sleep(1)",
        ),
        limits=Limits(seconds=2),
    )

    assert time.monotonic() - started < 20
    assert outcome.error == (
        "In [4] while True: time.sleep(1): not done after 2 seconds, and stopped"
    )
    executed = nbformat.read(outcome.job.output, 4)
    child = int(executed.cells[3].outputs[0].text)
    assert _gone(child)
    states = [cell.metadata.papermill.status for cell in executed.cells]
    assert states == ["completed"] * 4 + ["failed", "pending"]


def test_a_cell_may_have_a_limit_of_its_own(job):
    outcome = run_job(job("import time\ntime.sleep(60)"), Limits(seconds=60, cell_seconds=1))

    assert outcome.error == ("In [3] import time: not done after 1 seconds, and stopped")
    assert outcome.seconds < 20


def test_a_notebook_that_wants_all_memory_is_told_so_and_nothing_else_suffers(job):
    fill = "import numpy as np\nheld = [np.empty(2**27) for _ in range(32)]"
    outcomes = run_jobs([job(fill, key="a"), job(key="b")], workers=1)

    assert "MemoryError" in outcomes[0].error
    assert outcomes[1].ok


def test_what_a_notebook_leaves_running_ends_with_it(job):
    outcome = run_job(
        job("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid, flush=True)")
    )

    assert outcome.ok
    assert _gone(int(nbformat.read(outcome.job.output, 4).cells[3].outputs[0].text))


def test_a_child_that_holds_the_pipe_does_not_hide_its_parents_death(job):
    outcome = run_job(
        job("import os, time\nif os.fork() == 0:\n    time.sleep(600)\nos._exit(5)"),
        limits=Limits(seconds=30),
    )

    assert "exit code 5" in outcome.error
    assert outcome.seconds < 20


def test_missing_and_empty_files_are_a_failure(job):
    missing = run_job(job("", write=False, key="a"))
    empty = run_job(job("open(output_dir + '/x.txt', 'w').close()", write=False, key="b"))

    assert missing.error == "a.ipynb wrote no file *.txt"
    assert empty.error == "b.ipynb wrote no file *.txt"


def test_an_unknown_parameter_stops_the_job_before_it_starts(job):
    one = job()
    wrong = Job(one.notebook, one.key, {**one.parameters, "sectr": "x"}, one.output)

    outcome = run_job(wrong)

    assert "has no parameter 'sectr'" in outcome.error
    assert not one.output.exists()


def test_one_failure_stops_no_other_and_outcomes_keep_their_order(job):
    faults = ["", "1/0", "", "import os; os._exit(1)", ""]
    jobs = [job(fault, key=f"k{n}") for n, fault in enumerate(faults)]
    seen = []

    outcomes = run_jobs(
        jobs, workers=2, progress=lambda o, n, of: seen.append((o.job.key, n, of))
    )

    assert [one.ok for one in outcomes] == [True, False, True, False, True]
    assert [one.job.key for one in outcomes] == [f"k{n}" for n in range(5)]
    assert [n for _, n, _ in seen] == [1, 2, 3, 4, 5]
    assert {key for key, _, _ in seen} == {f"k{n}" for n in range(5)}


def test_jobs_can_be_mapped_by_another_executor(job):
    with ThreadPoolExecutor(1, thread_name_prefix="cluster") as executor:
        outcomes = run_jobs([job(key="a"), job("1/0", key="b")], executor=executor)

    assert [one.ok for one in outcomes] == [True, False]
    assert pickle.loads(pickle.dumps(outcomes)) == outcomes


def test_no_notebook_sees_what_another_changed(job):
    change = "import math, os\nmath.pi = 3\nos.environ['SEEN'] = 'yes'\nleft = 1"
    ask = "import math, os\nassert math.pi > 3\nassert 'SEEN' not in os.environ\nleft"

    outcomes = run_jobs([job(change, key="a"), job(ask, key="b")], workers=1)

    assert outcomes[0].ok
    assert "NameError: name 'left' is not defined" in outcomes[1].error


def test_numbers_drawn_at_random_differ_between_notebooks(job):
    draw = "import numpy as np, random\nnp.random.rand(), random.random()"

    outcomes = run_jobs([job(draw, key="a"), job(draw, key="b")], workers=1)
    drawn = [nbformat.read(o.job.output, 4).cells[3].outputs[0].data for o in outcomes]

    assert drawn[0] != drawn[1]


def test_what_a_cell_prints_is_cut_at_a_million_characters(job):
    outcome = run_job(job("print('x' * 50_000_000)\nprint('more')"))

    text = nbformat.read(outcome.job.output, 4).cells[3].outputs[0].text
    assert outcome.ok
    assert len(text) < 1_000_200
    assert "cut" in text[-80:]


def test_the_warm_process_being_killed_is_made_good(job):
    assert run_job(job(key="a")).ok
    warm = pool._source(pool.Forks)
    os.kill(warm._process.pid, signal.SIGKILL)

    assert run_job(job(key="b")).ok


def test_a_report_whose_process_was_lost_is_run_again_and_one_that_failed_is_not(
    job, monkeypatch
):
    begun = []

    def lose_the_first(*args, **options):
        begun.append(args[0].stem)
        if begun == ["a"]:
            raise WorkerLostError("was lost")
        return run_notebook(*args, **options)

    monkeypatch.setattr(run, "run_notebook", lose_the_first)
    lost, failed = run_job(job(key="a")), run_job(job("1 / 0", key="b"))

    assert (lost.ok, lost.attempts) == (True, 2)
    assert (failed.ok, failed.attempts) == (False, 1)
    assert begun == ["a", "a", "b"]


def test_the_warm_process_being_killed_while_a_report_runs_is_made_good(job):
    # The first time it kills the process that forked it, and so itself; then it runs.
    kill = (
        "import os\nfrom pathlib import Path\nonce = Path(output_dir, 'once')\n"
        "if not once.exists():\n    once.touch()\n    os.kill(os.getppid(), 9)\n"
        "    import time; time.sleep(60)"
    )
    outcome = run_job(job(kill))

    assert (outcome.ok, outcome.attempts) == (True, 2)


NET = """\
import socket
with socket.socket() as free:
    free.settimeout(2)
    print(free.connect_ex(("127.0.0.1", 9)))
"""


@pytest.mark.skipif(not sandbox.can_cut_off(), reason="this system cannot cut off a process")
def test_a_notebook_can_be_cut_off_from_every_network(job):
    apart, usual = job(NET, key="a"), job(NET, key="b")
    outcomes = [run_job(apart, Limits(network=False)), run_job(usual)]
    said = [nbformat.read(o.job.output, 4).cells[3].outputs[0].text for o in outcomes]

    assert all(one.ok for one in outcomes)
    assert said == [f"{errno.ENETUNREACH}\n", f"{errno.ECONNREFUSED}\n"]


def test_where_a_notebook_cannot_be_cut_off_it_does_not_run(job, monkeypatch):
    monkeypatch.setattr(pool, "kinds", lambda: [])
    outcome = run_job(job(), Limits(network=False))

    assert "no warm worker could be started" in outcome.error
    assert not list(Path(outcome.job.parameters["output_dir"]).iterdir())


@pytest.mark.parametrize(
    ("ending", "written"),
    [("html", "<html>half"), ("pdf", "%PDF-1.7 half"), ("xlsx", "PK half"), ("pptx", "PK")],
)
def test_a_file_that_is_cut_short_is_a_failure(job, ending, written):
    write = f"open(output_dir + '/r.{ending}', 'w').write({written!r})"
    outcome = run_job(job(write, write=False, formats=[ending]))

    assert outcome.error == f"health.ipynb wrote r.{ending}, which is not whole"


RUNNER = """
import sys
from pathlib import Path
from delivery_analytics.execution import pool
from delivery_analytics.execution.pool import worker
from tests.support.plain_workers import dask_setup
dask_setup()
if sys.argv.pop(1) == "spawn":
    pool.kinds = lambda: [pool.Spawns]
with worker(Path.cwd()) as lent:
    for cell in sys.argv[1:]:
        list(lent.run(cell, None))
"""


def test_nothing_outlives_the_runner_however_it_ends(tmp_path, request):
    # Three runners at once, since each takes seconds to warm up.
    ways = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
    told = [tmp_path / how.name for how in ways]
    runners = [_runner(path) for path in told]
    request.addfinalizer(lambda: [runner.kill() for runner in runners])
    for how, runner, path in zip(ways, runners, told, strict=True):
        deadline = time.monotonic() + 60
        while not (path.exists() and path.read_text().endswith(".")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        runner.send_signal(how)
        runner.wait(20)

        assert all(_gone(int(pid)) for pid in path.read_text().strip(".").split())


def test_a_spawned_worker_does_not_outlive_a_killed_runner(tmp_path, request):
    told = tmp_path / "told"
    runner = _runner(told, "spawn")
    request.addfinalizer(runner.kill)
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text().endswith(".")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    worker, _, child = told.read_text().strip(".").split()
    # What a cell has started is ended by the runner; here there is none left to do it.
    request.addfinalizer(lambda: os.kill(int(child), signal.SIGKILL))
    runner.kill()
    runner.wait(20)

    assert _gone(int(worker))


def _runner(path, how="fork"):
    cells = (
        "import os, subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"Path({str(path)!r}).write_text(f'{{os.getpid()}} {{os.getppid()}} {{child.pid}}.')",
        # A search that never ends holds the interpreter inside C.
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    )
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, how, *cells],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stderr=subprocess.DEVNULL,
        # A shell that runs the tests behind itself has them ignore an interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _gone(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split(")")[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
