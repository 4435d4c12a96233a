"""The bad-input corpus, as far as a file can be judged without knowing what it is for.

The corpus stands beside the project where it is worked on, and is not part of it.
"""

import csv
import subprocess
import sys
import time
from pathlib import Path

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.reader import Reader

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = SHARED / "corpus"
FAMILIES = ("container", "security", "csv", "intake")
# Known only once all files of a load are side by side.
LATER = {"intake.duplicate_content", "intake.duplicate_table", "export.neutralised"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def cases():
    listing = CORPUS / "expected.csv"
    if not listing.is_file():
        return []
    with listing.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def reader():
    with Reader() as made:
        yield made


def opened(reader, path):
    try:
        book = reader.open(path)
    except SourceError as error:
        return None, error.problems
    return book, list(book.problems)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["file"])
def test_each_file_of_the_corpus_opens_or_is_refused_for_the_reason_expected(case, reader):
    start = time.monotonic()
    book, problems = opened(reader, CORPUS / case["file"])
    codes = {problem.code for problem in problems}
    ours = case["issue_code"].split(".")[0] in FAMILIES and case["issue_code"] not in LATER

    assert time.monotonic() - start < 20
    if ours:
        assert case["issue_code"] in codes
        named = {f"{p.sheet}!{p.cell}".lstrip("!") for p in problems}
        assert {case["cells_named"]} - {""} <= named
    if ours and case["expected_outcome"] == "rejected":
        assert book is None
    elif case["expected_outcome"] != "rejected":
        assert book is not None
        assert case["rows_in"] == "0" or any(grid.rows for grid in book.sheets)
    if case["expected_outcome"] == "loaded":
        assert codes == set()


def test_copies_are_known_by_their_fingerprints(reader):
    good, copy, packed = (
        reader.open(CORPUS / name)
        for name in ("00_good.xlsx", "12_dup_name_2.xlsx", "12_dup_rezipped.xlsx")
    )

    assert copy.sha256 == good.sha256
    assert packed.table_hash == good.table_hash


def test_the_same_table_reads_the_same_from_every_format(reader):
    formats = ("xlsx", "xls", "xlsb", "ods", "csv")
    tables = [reader.open(CORPUS / f"00_good.{form}").sheets[0].rows for form in formats]
    texts = [[[plain(value) for value in row] for row in rows] for rows in tables]

    assert all(text == texts[0] for text in texts)


def plain(value):
    return str(float(value)) if is_number(value) else str(value)


def is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("folder", ["excel_torture", "ons_excel"])
def test_real_and_torturous_workbooks_open_or_give_one_clear_message(folder, reader):
    paths = [p for p in (SHARED / "data" / folder).rglob("*") if p.suffix not in ("", ".md")]
    for path in (path for path in paths if path.is_file()):
        book, problems = opened(reader, path)
        if book is None:
            (problem,) = problems
            assert problem.message.count(". ") >= 1, "says what to do as well"
        else:
            assert all(len(row) == g.width for g in book.sheets for row in g.rows)


MEASURED = """
import resource, sys
from pathlib import Path
from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.reader import Reader
with Reader() as reader:
    for name in sys.stdin.read().splitlines():
        try:
            reader.open(Path(sys.argv[1], name))
        except SourceError:
            pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_reading_the_corpus_takes_little_memory():
    # In an interpreter of its own: Linux counts to a child what its parent had when it
    # was started, and this one has what all tests before had.
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(CORPUS)],
        input="\n".join(case["file"] for case in cases()),
        capture_output=True,
        text=True,
        check=True,
    )

    assert 0 < float(done.stdout) < 512
