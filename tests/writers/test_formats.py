"""A format is one file or folder under `writers/`, and says a hostile text as the others do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pypdf import PdfReader

import delivery_analytics
from delivery_analytics import writers
from delivery_analytics.charts.common import drawn_text
from delivery_analytics.report import still
from delivery_analytics.report.document import Heading, Table, Text
from delivery_analytics.report.figure import Column
from delivery_analytics.writers import label
from tests.support import office, pages

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
        path, *_ = writers.write(office.report(*office.LONG_BLOCKS), tmp_path, [name])
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


SENT = "North\u2028South\u2029West\x0bEast\x85Centre\ud800Abai\u202eUlytau"
SHOWN = "North\ufffdSouth\ufffdWest\ufffdEast\ufffdCentre\ufffdAbai\ufffdUlytau"


def texts_of(path):
    """Return all that a reader reads in a file, without the spaces."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
        texts = [str(value) for value in cells if value is not None]
    elif path.suffix == ".pptx":
        shapes = [shape for slide in Presentation(str(path)).slides for shape in slide.shapes]
        texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
        tables = [shape.table for shape in shapes if shape.has_table]
        texts += [cell.text for table in tables for cell in table.iter_cells()]
    elif path.suffix == ".pdf":
        texts = [page.extract_text().replace("\u200b", "") for page in PdfReader(path).pages]
    else:
        texts = [pages.Elements(path).text]
    return "".join("".join(texts).split())


@pytest.mark.parametrize("name", writers.available())
def test_every_format_says_a_hostile_text_in_the_same_letters(tmp_path, name):
    table = Table(
        pd.DataFrame({"name": [SENT]}, dtype=object), "Regions", (Column("name", "Name"),)
    )
    blocks = (Heading(SENT), Text(SENT), table)

    [path] = writers.write(office.report(*blocks, title=SENT), tmp_path, [name])

    text = texts_of(path)
    assert text.count(SHOWN) >= 3, text
    assert not set(SENT) - set(SHOWN) & set(text)


def test_a_chart_says_it_in_the_same_letters_as_the_formats():
    assert drawn_text(SENT) == SHOWN
    figure = pages.figure(regions=[drawn_text(SENT), *pages.REGIONS[1:]])
    assert SHOWN in still.svg(figure)
