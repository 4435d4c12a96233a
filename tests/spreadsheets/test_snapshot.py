import os

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.snapshot import take_snapshot
from delivery_analytics.spreadsheets.workbook import open_book
from tests.support import sheetfiles as files


def refusal(path, **more):
    with pytest.raises(SourceError) as caught:
        open_book(path, **more)
    (problem,) = caught.value.problems
    assert problem.file == path.name
    assert problem.severity == "error"
    return problem


def test_a_snapshot_keeps_the_bytes_that_its_fingerprint_is_of(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")

    snapshot = take_snapshot(path)
    path.write_bytes(b"changed since")

    assert snapshot.data == b"abc"
    # The SHA-256 of "abc" is the first example of FIPS 180-2, appendix B.
    assert snapshot.sha256 == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize("name", ["~$return.xlsx", ".~lock.return.ods#"])
def test_lock_files_of_office_programs_are_named_as_such(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"owner")

    assert refusal(path).code == "intake.lock_file"


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.xlsx"
    path.touch()

    assert refusal(path).code == "container.empty"


def test_a_folder_and_a_missing_file_are_refused_without_a_traceback(tmp_path):
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()

    assert refusal(folder).code == "intake.not_a_file"
    assert refusal(tmp_path / "missing.xlsx").code == "intake.unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hang_us_and_a_link_is_not_followed(tmp_path):
    pipe, link, secret = (tmp_path / name for name in ("pipe.csv", "link.csv", "secret.csv"))
    os.mkfifo(pipe)
    secret.write_text("a,b\n")
    link.symlink_to(secret)

    assert refusal(pipe).code == "intake.not_a_file"
    assert refusal(link).code == "intake.not_a_file"


def test_a_file_over_the_limit_is_not_read(tmp_path):
    path = files.book(tmp_path)

    problem = refusal(path, limits=ReadingLimits(file_bytes=100))

    assert problem.code == "security.file_size"
