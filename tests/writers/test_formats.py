"""A format is one file or folder under `writers/`, and nothing else names it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import delivery_analytics
from delivery_analytics import writers
from delivery_analytics.writers import label
from tests.support import office

PACKAGE = Path(delivery_analytics.__file__).parent
TXT = '''"""A report as plain text."""
from delivery_analytics.report.document import Text

def write(report, path):
    texts = [block.text for block in report.blocks if isinstance(block, Text)]
    path.write_text("\\n".join([report.title, *texts, "END"]))

def is_whole(path):
    return path.read_text().endswith("END")
'''
USED = """
import sys
from pathlib import Path
import delivery_analytics
from delivery_analytics import writers
from delivery_analytics.report.document import Text
from tests.support import office

assert delivery_analytics.__file__.startswith(sys.argv[1])
[path] = writers.write(office.report(Text("All is well.")), sys.argv[1], ["txt"])
print(writers.available(), path.read_text().split("\\n"), writers.is_whole(path))
path.write_text("Is it on tr")
print(writers.is_whole(path))
"""


@pytest.fixture
def written(tmp_path):
    def make(name):
        [path] = writers.write(office.report(*office.LONG_BLOCKS), tmp_path, [name])
        return path

    return make


@pytest.mark.parametrize("name", writers.available())
def test_a_format_knows_a_whole_file_from_one_that_was_cut_short(written, name):
    path = written(name)
    assert writers.is_whole(path)

    content = path.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 100):
        path.write_bytes(content[:length])
        assert not writers.is_whole(path)


def test_of_a_file_in_no_format_of_ours_only_an_empty_one_is_refused(tmp_path):
    for name in ("report.csv", "report", "report.cell_text", "report.single_chart"):
        (tmp_path / name).write_text("x")
        assert writers.is_whole(tmp_path / name)
        (tmp_path / name).write_text("")
        assert not writers.is_whole(tmp_path / name)


def test_readers_know_a_format_by_its_label():
    assert {name: label(name) for name in writers.available()} == {
        "html": "HTML",
        "pdf": "PDF",
        "pptx": "PowerPoint",
        "xlsx": "Excel",
    }
    assert label("csv") == "csv"


def test_a_plain_text_format_is_added_by_one_file(tmp_path):
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__", "example")
    shutil.copytree(PACKAGE, copy / PACKAGE.name, ignore=ignored)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    (copy / PACKAGE.name / "writers" / "txt.py").write_text(TXT)

    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(copy), str(root)])
    ran = subprocess.run(
        [sys.executable, "-c", USED, str(copy)],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "['html', 'pdf', 'pptx', 'txt', 'xlsx'] ['Is it on track?', 'All is well.', 'END'] True",
        "False",
    ]
    assert {path: path.read_bytes() for path in before} == before
