import datetime as dt
import os
import pickle
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from delivery_analytics.errors import DeliveryAnalyticsError, SourceError
from delivery_analytics.spreadsheets import reader as reading
from delivery_analytics.spreadsheets.grid import Book
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.reader import Reader
from delivery_analytics.spreadsheets.workbook import open_book
from tests.support import cases
from tests.support import sheetfiles as files
from tests.support.shared import needs_shared

POSIX = pytest.mark.skipif(os.name != "posix", reason="limits need a POSIX system")


@pytest.fixture
def reader():
    with Reader() as made:
        yield made


def large_book(folder, rows=20_000):
    lines = [("code", "actual"), *((f"H-{n}", n) for n in range(rows))]
    return files.book(folder, files.rows(*lines), name="large.xlsx")


def refusal(reader, path):
    with pytest.raises(SourceError) as caught:
        reader.open(path)
    (problem,) = caught.value.problems
    return problem


def test_a_book_from_the_child_is_the_book_read_here(tmp_path, reader):
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    data = (
        '<row r="1"><c r="A1" s="1"><v>46112</v></c><c r="B1" t="b"><v>1</v></c>'
        '<c r="C1" t="e"><v>#REF!</v></c><c r="D1"><f>A1</f></c></row>'
    )
    path = files.book(tmp_path, data, styles=styles)
    book = reader.open(path, name="Health.xlsx")

    assert book == open_book(path, name="Health.xlsx")
    assert book.sheets[0].rows == [[dt.date(2026, 3, 31), True, None, None]]
    assert book.path == path


def test_one_child_reads_file_after_file(tmp_path, reader):
    path = files.book(tmp_path)
    reader.open(path)
    first = reader._child.process.pid
    reader.open(path)

    assert reader._child.process.pid == first


def test_a_refusal_in_the_child_arrives_with_its_cell(tmp_path, reader):
    path = files.book(tmp_path, '<row r="1"><c r="A1" t="s"><v>7</v></c></row>')
    problem = refusal(reader, path)

    assert (problem.code, problem.file, problem.sheet, problem.cell) == (
        "container.corrupt",
        "book.xlsx",
        "Progress",
        "A1",
    )


def test_a_text_file_needs_no_child(tmp_path, reader):
    path = tmp_path / "a.csv"
    path.write_text("code,actual\nH-1,5\n")

    assert reader.open(path).sheets[0].rows == [["code", "actual"], ["H-1", "5"]]
    assert reader._child is None


MEASURED = """
import resource, sys
from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets import Reader
with Reader() as reader:
    try:
        reader.open(sys.argv[1])
    except SourceError as error:
        print(len(error.problems))
# Of this process as Linux counts it: `getrusage` begins with what the tests' process had.
status = open("/proc/self/status").read()
own = int(status.partition("VmHWM:")[2].split()[0])
print((own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's count")
@pytest.mark.parametrize("line", [b"\n", b"1\n", b"\r", b""], ids=["lf", "1lf", "cr", "hole"])
def test_a_text_file_made_to_exhaust_us_costs_little_and_is_one_message(tmp_path, line):
    path = tmp_path / "return.csv"
    with path.open("wb") as stream:
        if line:
            for _ in range(60):
                stream.write(line * (1_000_000 // len(line)))
        else:
            stream.truncate(2 << 30)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    messages, megabytes = done.stdout.split()

    assert int(messages) == 1
    assert time.monotonic() - start < 20
    assert float(megabytes) < 700


def test_a_file_of_zeros_is_no_spreadsheet_and_needs_no_child(tmp_path, reader):
    path = tmp_path / "hole.csv"
    path.write_bytes(bytes(100_000))

    assert refusal(reader, path).code == "container.wrong_type"
    assert reader._child is None


DYING = (
    "import json, os, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from delivery_analytics.spreadsheets import reader; reader._answer = lambda *request: {how}; "
    "reader.serve(json.loads(sys.argv[2]))"
)


@pytest.mark.parametrize("how", ["os.abort()", "os._exit(0)", "1 / 0", "b'no answer at all'"])
def test_the_death_of_the_child_costs_one_file_and_not_the_next(
    tmp_path, reader, monkeypatch, how
):
    path = files.book(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_START", DYING.format(how=how))
        problem = refusal(reader, path)

    assert (problem.code, problem.file) == ("container.corrupt", "book.xlsx")
    assert reader.open(path).sheets[0].rows


def test_a_child_that_died_between_two_files_costs_none(tmp_path, reader):
    path = files.book(tmp_path)
    reader.open(path)
    reader._child.process.kill()
    reader._child.process.wait()

    assert reader.open(path).sheets[0].rows


def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    with Reader(limits=ReadingLimits(seconds=0.005)) as reader:
        problem = refusal(reader, large_book(tmp_path))

    assert problem.code == "container.corrupt"
    assert "took more than 0.005 seconds" in problem.message


@POSIX
def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path):
    with Reader(limits=ReadingLimits(memory_bytes=80 << 20)) as reader:
        problem = refusal(reader, large_book(tmp_path, rows=120_000))

    assert problem.code == "container.corrupt"


@POSIX
def test_no_child_is_left_behind(tmp_path):
    path = files.book(tmp_path)
    with Reader() as reader:
        reader.open(path)
        process = reader._child.process

    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


@POSIX
def test_the_child_ends_when_its_parent_is_killed(tmp_path):
    path = files.book(tmp_path)
    script = (
        "import sys, time; from delivery_analytics.spreadsheets.reader import Reader; r = Reader(); "
        f"r.open({str(path)!r}); print(r._child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("the child outlived its parent")


@POSIX
def test_a_forked_process_starts_a_child_of_its_own(tmp_path, reader):
    path = files.book(tmp_path)
    reader.open(path)
    pid = os.fork()
    if pid == 0:
        parents = reader._child
        read = reader.open(path).sheets[0].rows
        fresh = reader._child is not parents
        reader.close()
        os._exit(0 if fresh and read else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert reader.open(path).sheets[0].rows


def test_a_child_that_cannot_start_is_our_fault_and_no_files(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_START", "raise SystemExit(3)")

    with pytest.raises(DeliveryAnalyticsError, match="could not be started") as caught:
        Reader().open(files.book(tmp_path))
    assert not isinstance(caught.value, SourceError)


class Spiteful:
    def __reduce__(self):
        return (os.mkdir, ("pwned",))


def test_an_answer_that_names_anything_but_a_book_is_not_carried_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(reading._ChildDiedError, match="mkdir is not allowed"):
        reading._unpack(pickle.dumps(([Spiteful()], None)))
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("workers", [1, 3])
def test_files_come_back_in_order_each_with_its_book_or_its_error(
    tmp_path, workers, monkeypatch
):
    monkeypatch.setattr(reading, "_FILES_PER_CHILD", 2)
    good, bad = files.book(tmp_path), tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 and no more")
    paths = [good, bad, good, good, bad, good, good]
    with Reader(workers=workers) as reader:
        found = list(reader.open_all(paths))

    assert [path for path, _ in found] == paths
    assert [isinstance(result, Book) for _, result in found] == [path is good for path in paths]


def test_reading_many_files_can_be_broken_off(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_FILES_PER_CHILD", 2)
    path = files.book(tmp_path)
    before = threading.active_count()
    with Reader(workers=2) as reader:
        for _, book in reader.open_all([path] * 50):
            assert book.sheets
            break

    assert threading.active_count() <= before + 1


def test_a_mutated_file_is_a_book_or_a_refusal_and_never_anything_else(tmp_path, reader):
    good = files.packed({**files.parts(), "xl/styles.xml": "<styleSheet/>"})
    for place in range(0, len(good), 23):
        for byte in (0x00, 0xFF, good[place] ^ 0x01):
            path = tmp_path / "mutated.xlsx"
            path.write_bytes(good[:place] + bytes([byte]) + good[place + 1 :])
            try:
                book = reader.open(path)
            except SourceError as error:
                assert all(problem.file == "mutated.xlsx" for problem in error.problems)
            else:
                assert all(len(row) == g.width for g in book.sheets for row in g.rows)


@pytest.mark.parametrize(
    "change", ["<v>x", "</c>", "<c/>", 'r="A9"', "<f>", "<!--", "&", "<row>", "\x00", "</row>"]
)
def test_a_sheet_with_a_stray_piece_of_xml_is_a_book_or_a_refusal(tmp_path, reader, change):
    xml = files.sheet(files.GOOD)
    for place in range(100, len(xml), 17):
        path = files.changed(tmp_path, **{files.SHEET: xml[:place] + change + xml[place:]})
        try:
            book = reader.open(path)
        except SourceError:
            continue
        assert all(len(row) == g.width for g in book.sheets for row in g.rows)


def test_limits_reach_the_child(tmp_path):
    path = files.book(tmp_path)
    with Reader(limits=replace(ReadingLimits(), cells=3)) as reader:
        assert refusal(reader, path).code == "security.sheet_extent"


@needs_shared
def test_case_read_only_recommended_says_why_a_file_without_a_password_is_encrypted():
    path = cases.path("read-only-recommended") / "t_readonly_recommended.xlsx"
    with Reader() as reader, pytest.raises(SourceError) as error:
        reader.open(path)
    [problem] = error.value.problems

    assert problem.code == "container.encrypted"
    assert "opens it unasked, it was saved as read-only recommended" in problem.message
