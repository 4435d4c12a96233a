"""What is different on Windows, brought about here: no forks, old code pages, locked files."""

import os
import subprocess
import sys
import threading
from pathlib import Path, PureWindowsPath

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli import main
from delivery_analytics.errors import StorageError
from delivery_analytics.execution import pool
from delivery_analytics.execution.parameters import plain
from delivery_analytics.loading.load import read_files
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.editions import latest, verify
from tests.publishing.test_publish import published, registry, texts

__all__ = ["registry"]
LOCKED = "The process cannot access the file because it is being used by another process"


def delivery(workspace, *command):
    """Run the command line as a console of Windows does that knows Russian and no Kazakh."""
    env = {name: one for name, one in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-m", "delivery_analytics", "--workspace", str(workspace), *command],
        capture_output=True,
        check=False,
        env={
            **env,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONIOENCODING": "cp1251",
            "PYTHONUTF8": "0",
            "LC_ALL": "C",
        },
    )


def test_a_console_that_lacks_kazakh_letters_shows_them_escaped(example):
    checked = delivery(example, "check", str(example / "data" / "raw" / "digital"))
    said = checked.stdout.decode("cp1251")

    assert checked.returncode == 3, checked.stderr
    assert "Семей облысы" in said
    assert r"\u04e8\u04a3\u0456\u0440\u043b\u0435\u0440".replace(r"\u0456", "і")[:12] in said
    assert b"Traceback" not in checked.stderr


def test_a_file_is_written_in_utf_8_whatever_the_console_knows(example, tmp_path):
    out = tmp_path / "форма.xlsx"
    made = delivery(example, "template", "water", "--language", "kk", "--out", str(out))

    assert made.returncode == 0, made.stderr
    assert out.stat().st_size > 5_000


def test_without_forks_an_edition_is_the_same(registry, monkeypatch):
    forked = published(registry)
    pool.close()
    monkeypatch.setattr(pool, "kinds", lambda: [pool.Spawns])

    assert published(registry, force=True, workers=2) == forked
    pool.close()


def test_an_edition_that_cannot_be_moved_while_it_is_open_is_told_and_nothing_is_torn(
    registry, monkeypatch
):
    good = published(registry)

    def locked(self, *_):
        raise PermissionError(13, LOCKED, str(self))

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(StorageError, match="If another program such as Excel has it open"):
        published(registry, as_of="2025-03-31")

    assert latest(registry.workspace / "reports") == good
    assert verify(good) == []
    assert len(texts(good)) == 3


def test_a_workbook_that_is_open_in_excel_is_named_when_it_is_to_be_written(
    example, tmp_path, monkeypatch, capsys
):
    def locked(self, target):
        # As Windows says it: what is moved first, where it should lead to last.
        raise PermissionError(13, LOCKED, str(self), 32, str(target))

    monkeypatch.setattr(Path, "replace", locked)
    out = tmp_path / "water.xlsx"
    line = ["delivery", "--workspace", str(example), "template", "water", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as left:
        main.main()
    said = capsys.readouterr().err

    assert left.value.code == 1
    assert said.startswith(f"{out} cannot be")
    assert "Excel" in said
    assert "Traceback" not in said


def test_a_return_that_is_open_in_excel_is_named_and_the_others_are_read(example, monkeypatch):
    opened, held = os.open, "water_plan_2024.xlsx"

    def locked(path, *rest, **more):
        if Path(os.fsdecode(path)).name == held:
            raise PermissionError(13, LOCKED, os.fsdecode(path))
        return opened(path, *rest, **more)

    monkeypatch.setattr("delivery_analytics.spreadsheets.snapshot.os.open", locked)
    for name, code in ((held, "intake.unreadable"), ("water_milestones.xlsx", None)):
        [read] = read_files(open_registry(example), [(example / "data/raw/water" / name, None)])
        found = [one for one in read.problems if one.code == "intake.unreadable"]
        assert [one.code for one in found] == [code] * bool(code)
        assert all(
            one.file == held and "If another program such as Excel" in str(one) for one in found
        )


WAITS = """
import sys
from delivery_analytics.execution.fork_server import end_with_input
end_with_input()
print(repr(sys.stdin.read()), flush=True)
while True:
    pass
"""


def test_a_process_that_is_told_of_no_death_ends_with_its_input_also_amid_a_cell():
    spawned = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        assert spawned.stdout.readline().strip() == b"''"  # a cell sees no input at all
        assert spawned.poll() is None
        spawned.stdin.close()
        assert spawned.wait(10) == 1
    finally:
        spawned.kill()
        spawned.wait()


def test_a_spawned_worker_serves_again_though_the_thread_that_asked_for_it_is_gone(tmp_path):
    spawns, seen = pool.Spawns(), []

    def run():
        with spawns.worker() as lent:
            lent.begin(tmp_path)
            seen.append(list(lent.run("import os; print(os.getpid())", None)))

    try:
        for _ in range(2):
            thread = threading.Thread(target=run)
            thread.start()
            thread.join(60)
    finally:
        spawns.close()
    assert len(seen) == 2
    assert printed(seen[0]) == printed(seen[1]) != ""


def printed(messages):
    return "".join(content.get("text", "") for kind, content in messages if kind == "stream")


def test_a_path_with_backslashes_reaches_a_notebook_as_one_it_can_open():
    assert plain(PureWindowsPath(r"C:\Отчёты\data\processed")) == "C:/Отчёты/data/processed"


def test_a_returns_folder_may_be_named_in_the_systems_own_way(example):
    shown = CliRunner().invoke(
        main.app, ["--workspace", str(example), "check", str(Path("data") / "raw" / "none")]
    )

    assert "There is no file" in str(shown.exception)
