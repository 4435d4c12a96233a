"""The tutorial that begins with one's own workbook is followed, from an empty folder."""

import os
import shlex
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.support.walkthrough import blocks, commands, expected

PAGES = ["your_workbook.md", "ru/your_workbook.md"]


def run(command, folder):
    python, *words = shlex.split(command)
    assert python == "delivery", command
    return subprocess.run(
        [sys.executable, "-m", "delivery_analytics", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
def test_the_tutorial_is_followed_step_by_step_from_an_empty_folder(tmp_path, page):
    folder, done = tmp_path, 0
    for block in blocks(ROOT / "docs" / "tutorials" / page):
        if block.kind == "toml":
            head, _, body = block.text.partition("\n")
            (folder / head.removeprefix("# ")).write_text(body, encoding="utf-8")
        elif block.kind == "python":
            subprocess.run([sys.executable, "-c", block.text], cwd=folder, check=True)
        for command, shown in commands(block.text) if block.kind == "console" else ():
            if command.startswith("cd "):
                folder = folder / command.removeprefix("cd ")
                continue
            told = run(command, folder)
            assert told.returncode == int(block.mark.removeprefix("exit ") or 0), told.stderr
            assert expected(shown).fullmatch(told.stdout.strip()), (command, told.stdout)
            done += 1
    assert done == 5
    assert (folder / "reports" / "latest" / "index.html").exists()
