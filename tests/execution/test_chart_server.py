"""Workers draw through painters, and by themselves when theirs is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from delivery_analytics.execution import chart_server as painting
from delivery_analytics.execution import pool

SPEC = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a"}}}
ASK = f"import vl_convert\nspec = {SPEC!r}\n"


@pytest.fixture
def run():
    """Run cells in one worker and return what they print."""

    def printed(*cells):
        with pool.worker(Path.cwd()) as lent:
            return [
                content["text"]
                for cell in cells
                for kind, content in lent.run(cell, time.monotonic() + 90)
                if kind == "stream"
            ]

    return printed


def painters():
    """Return the painters' process ids, from their parent, the process that forks."""
    forks = pool._source(pool.Forks)
    children = Path(f"/proc/{forks._process.pid}/task/{forks._process.pid}/children")
    return [
        int(pid)
        for pid in children.read_text().split()
        if "paint" in Path(f"/proc/{pid}/cmdline").read_text()
    ]


def test_a_worker_draws_without_starting_the_engine_itself(run):
    svg, png, where = run(
        ASK + "print(vl_convert.vegalite_to_svg(spec)[:4])",
        "print(vl_convert.vegalite_to_png(spec)[:4])",
        "import os; print(len(os.listdir('/proc/self/task')))",
    )

    assert (svg, png, where) == ("<svg\n", "b'\\x89PNG'\n", "1\n")


def test_the_painters_picture_is_the_one_the_module_itself_draws(run):
    import vl_convert

    drawn = "".join(run(ASK + "print(vl_convert.vegalite_to_svg(spec))"))

    assert drawn.strip() == vl_convert.vegalite_to_svg(SPEC).strip()


def test_a_refused_chart_is_told_and_breaks_no_other(run):
    refused, good = run(
        ASK + "try:\n    vl_convert.vegalite_to_svg({'mark': 'nonsense'})\n"
        "except ValueError as error:\n    print(str(error)[:20])",
        "print(vl_convert.vegalite_to_svg(spec)[:4])",
    )

    assert refused == "Vega-Lite to SVG con\n"
    assert good == "<svg\n"


def test_a_painter_that_is_gone_is_replaced_for_the_next_notebook(run):
    assert run(ASK + "print(vl_convert.vegalite_to_svg(spec)[:4])") == ["<svg\n"]
    before = painters()
    kill = f"import os; [os.kill(one, {int(signal.SIGKILL)}) for one in {before}]"

    assert run(kill, ASK + "print(vl_convert.vegalite_to_svg(spec)[:4])") == ["<svg\n"]
    assert run(ASK + "print(vl_convert.vegalite_to_svg(spec)[:4])") == ["<svg\n"]
    assert painters()
    assert not set(painters()) & set(before)


def test_the_painter_ends_with_the_process_that_forks(run):
    run("1")
    pids = painters()
    pool.close()

    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(map(_runs, pids)):
        time.sleep(0.05)
    assert pids
    assert not any(map(_runs, pids))


def _runs(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_painter_whose_owner_is_gone_before_it_starts_ends(tmp_path):
    (tmp_path / "painter").mkdir()
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from delivery_analytics.execution.fork_server import main; main(sys.argv[1:])",
            "paint",
            str(tmp_path / "painter" / "s"),
            "1",
            "",
        ],
        timeout=60,
        check=False,
    )

    assert ended.returncode == 0
    assert not (tmp_path / "painter").exists()


def test_two_notebooks_at_once_have_a_painter_each_and_the_next_takes_the_free_one(tmp_path):
    began = [sys.executable, "-c", "import sys; sys.exit()"]
    painters = painting.Painters(began)
    try:
        first = painters.free([])
        second = painters.free([first])
        crowd = [first, second] * painting.MOST_PAINTERS

        assert second is not first
        assert second.address != first.address
        assert painters.free([second]) is first
        assert painters.free([]) is first
        for _ in range(2 * painting.MOST_PAINTERS):
            crowd.append(painters.free(crowd))
        assert len({id(one) for one in crowd}) == painting.MOST_PAINTERS
    finally:
        painters.close()
    assert not Path(first.address).parent.exists()
