"""What the documents show is what happens: every block is run, or says why it is not."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

import delivery_analytics
from delivery_analytics.cli import main
from delivery_analytics.methods import AGAINST, METHODS
from tests.support import console
from tests.support.walkthrough import blocks, commands, expected

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    *sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts),
]
LINKED = sorted({*ROOT.glob("*.md"), *PAGES})
MARK = re.compile(r"not run: .{8,}|exit \d+|(?:write|append) data/\S+")
# The README is read on its own and bears no marks: what of it is not run, by its beginning.
README_NOT_RUN = (
    "make ",
    "delivery report ",
    "delivery publish",
    "delivery pack ",
    "delivery runs",
    "delivery alerts",
    "delivery schedule",
    "delivery lab",
    "delivery init",
)
FOLLOWED = {
    "own_country.md": "tests/test_wheel.py",
    "your_workbook.md": "tests/cli/test_your_workbook.py",
}
NO_COMMAND = {
    "text",
    "toml",
    "{toctree}",
    "{include}",
    "{commands}",
    "{public}",
    "{charts}",
    "{definitions}",
    "{fields}",
}
# Ordinary jobs between two reports; each stands in the tutorial, and takes three lines.
JOBS = (
    "Filter",
    "Pivot",
    "Compare two days",
    "Forecast one region",
    "Control chart",
    "Spend by region",
    "Join pandas data of your own",
    "An indicator of your own from two others",
    "A chart of your own in the house's theme",
    "A native slide of a chart of your own",
)
NOT_RUN = 11  # blocks of the pages marked so: a new one is counted on purpose


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("documents")
    for name in ("data/definitions", "data/raw", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    with contextlib.chdir(workspace):
        assert run("delivery load")[0] == 3
    return workspace


def run(command):
    """Run a command line in this process; return its exit code and all it said."""
    words = shlex.split(command, comments=True)
    assert words[0] == "delivery", f"only our own command is run: {command}"
    done = console.run(*words[1:])
    # Standard error also tells the progress; it is shown only where it tells a mistake.
    return done.returncode, done.stdout + (done.stderr if done.returncode == 2 else "")


def files(folder):
    """Return every file of a folder that a page may add to."""
    return {one for one in folder.rglob("*") if one.is_file() and "processed" not in one.parts}


def as_it_was(folder, before):
    """Take away what a page wrote: the others begin from the example alone."""
    added = files(folder) - before
    for one in added:
        one.unlink()
    if added:  # or the next load would owe what this page brought
        shutil.rmtree(folder / "processed")
        with contextlib.chdir(folder.parent):
            assert run("delivery load")[0] == 3


@patch.dict(METHODS)  # a method made in a page stays in the page
@patch.dict(AGAINST)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_what_happens(page, folder, monkeypatch, request):
    if page.name in FOLLOWED:
        pytest.skip(f"{page.name} is followed step by step by {FOLLOWED[page.name]}")
    monkeypatch.chdir(folder)
    readme = page.name == "README.md"
    request.addfinalizer(partial(as_it_was, folder / "data", files(folder / "data")))
    found, session = blocks(page), {}
    for block, after in pairwise([*found, None]):
        if block.kind == "toml":
            tomllib.loads(block.text)
        if block.mark.startswith("not run"):
            continue
        if block.mark.startswith(("write ", "append ")):
            how, name = block.mark.split()
            (folder / name).parent.mkdir(exist_ok=True)
            with (folder / name).open(how[0], encoding="utf-8") as file:
                file.write(block.text)
        if block.kind == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(block.text, str(page), "exec"), session)
            if said.getvalue() or (after is not None and after.kind == "text"):
                assert after is not None, "what a snippet prints is shown after it"
                assert expected(after.text).fullmatch(said.getvalue().strip())
        if block.kind != "console" or (readme and block.text.startswith("> ")):
            continue
        codes = {int(block.mark.split()[1])} if block.mark else {0, 3} if readme else {0}
        for command, lines in commands(block.text):
            if readme and command.startswith(README_NOT_RUN):
                continue
            code, said = run(command)
            assert code in codes, f"{command}: {code}\n{said}"
            if lines.strip():
                assert expected(lines).fullmatch(said.strip()), f"{command}:\n{said}"
    pictures = re.findall(r"!\[.*?\]\(\S*pictures/(.+)\)", page.read_text(encoding="utf-8"))
    for name in filter(os.path.exists, pictures):  # a snippet drew it: this is what it shows
        assert Path(name).read_bytes() == (ROOT / "docs" / "pictures" / name).read_bytes()


def test_each_job_of_an_analyst_takes_three_lines_and_shows_what_comes_of_them():
    page = ROOT / "docs" / "tutorials" / "own_questions.md"
    begin, *jobs = blocks(page)
    titles = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.M)

    assert begin.kind == "python"
    assert [one.kind for one in jobs] == ["python", "text"] * len(titles)
    assert {*JOBS} <= {*titles}
    for job, shown in zip(jobs[::2], jobs[1::2], strict=True):
        assert len(job.text.splitlines()) <= 3, job.text
        assert shown.text.strip(" …\n")


def test_no_block_escapes_being_run_in_silence():
    of_pages = [block for page in PAGES[1:] for block in blocks(page)]

    assert [one.mark for one in of_pages if one.mark and not MARK.fullmatch(one.mark)] == []
    assert sum(one.mark.startswith("not run") for one in of_pages) == NOT_RUN
    for one in of_pages:
        run_here = one.kind in {"console", "python"} or one.kind in NO_COMMAND
        assert run_here or one.mark.startswith("not run"), f"{one.page.name}: {one.text}"
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for beginning in README_NOT_RUN:
        assert f"$ {beginning}" in shown, f"the README has no more {beginning}"


def anchors(page):
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)  # an address of the network is broken too: there is no network
    assert broken == []


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_the_pages_built_load_nothing_from_a_network(built):
    loads = re.compile(
        r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^>]*"
    )
    pages = list(built.rglob("*.html"))
    wrong = [hit for page in pages for hit in loads.findall(page.read_text(encoding="utf-8"))]
    sheets = [
        p
        for p in built.rglob("*.css")
        if re.search(r"url\(\s*['\"]?(https?:)?//|@import", p.read_text(encoding="utf-8"))
    ]

    assert len(pages) > len(PAGES)
    assert wrong == []
    assert sheets == []


def test_the_reference_has_every_command_and_every_public_name(built):
    told = (built / "reference" / "commands.html").read_text(encoding="utf-8")
    names = (built / "reference" / "python.html").read_text(encoding="utf-8")
    for command in main.app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"<h2>delivery {name}<" in told
    for name in delivery_analytics.__all__:
        assert re.search(rf"<h2>{name}<", names), name
        home = delivery_analytics._HOME.get(name)
        whole = ".".join(filter(None, ["delivery_analytics", home, name]))
        module = isinstance(getattr(delivery_analytics, name), ModuleType)
        target = f"module-{whole}" if module else whole
        assert f'id="{target}"' in names, name
