import os

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.snapshot import (
    Limits,
    extension_remark,
    ole_kind,
    sniff,
    take_snapshot,
)
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

    problem = refusal(path, limits=Limits(file_bytes=100))

    assert problem.code == "security.file_size"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"code,actual\n", "text"),
        ("код;факт\n".encode("cp1251"), "text"),
        ("код\tфакт\n".encode("utf-16"), "text"),
        (b"<5,>10\n", "text"),
        (b"MZ_code,PAR1\n", "text"),
        (b"MZ\x90\0\3\0\0\0", "a Windows program"),
        (b"\xef\xbb\xbf<html><body><table>", "a web page"),
        (b"\r\n <TABLE border=1>", "a web page"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:"
            b"spreadsheet'>",
            "an XML spreadsheet of 2003",
        ),
        (b"%PDF-1.7", "a PDF document"),
        (bytes(range(256)) * 8, "a binary file of an unknown kind"),
    ],
)
def test_the_bytes_say_what_a_file_is(data, what):
    assert sniff(data) == what


def test_the_message_for_a_web_page_says_how_to_turn_it_into_a_spreadsheet(tmp_path):
    path = tmp_path / "portal.xls"
    path.write_text("<html><table><tr><td>1</td></tr></table></html>")

    problem = refusal(path)

    assert problem.code == "container.wrong_type"
    assert "web page" in problem.message
    assert "Excel Workbook (.xlsx)" in problem.message


def test_a_word_document_and_a_plain_zip_are_told_apart(tmp_path):
    word, plain = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    word.write_bytes(files.packed({"word/document.xml": "<document/>"}))
    plain.write_bytes(files.packed({"hello.txt": "hello"}))

    assert "Word document" in refusal(word).message
    assert "zip archive" in refusal(plain).message


@pytest.mark.parametrize(
    ("part", "root", "what"),
    [
        ("word/document.xml", "document", "Word document"),
        ("ppt/presentation.xml", "presentation", "PowerPoint"),
        ("other/x.xml", "x", "zip archive"),
    ],
)
def test_other_office_files_are_called_what_they_are(tmp_path, part, root, what):
    path = tmp_path / "report.xlsx"
    start = files.relations(r1=("officeDocument", part))
    path.write_bytes(files.packed({"_rels/.rels": start, part: f"<{root}/>"}))
    problem = refusal(path)

    assert problem.code == "container.wrong_type"
    assert what in problem.message


def test_a_workbook_whose_list_of_sheets_is_missing_is_damaged(tmp_path):
    path = files.changed(tmp_path, **{"xl/workbook.xml": "<nothing/>"})

    assert refusal(path).code == "container.corrupt"


def directory_entry(name):
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes(62)


@pytest.mark.parametrize(
    ("streams", "kind"),
    [
        (["Root Entry", "Workbook"], "xls"),
        (["Root Entry", "Book"], "xls"),
        (["Root Entry", "EncryptionInfo", "EncryptedPackage"], "encrypted"),
        (["Root Entry", "WordDocument", "Workbook"], "a Word document (.doc)"),
        (["Root Entry", "Workbook", "WordDocument"], "xls"),
        (["Root Entry"], "damaged"),
    ],
)
def test_an_old_office_file_is_what_its_first_stream_says(streams, kind):
    assert ole_kind(b"".join(map(directory_entry, streams))) == kind


def test_the_word_workbook_in_a_text_does_not_make_a_workbook():
    assert ole_kind("Workbook, Book".encode("utf-16-le")) == "damaged"


def test_a_name_that_promises_another_format_is_a_warning():
    problem = extension_remark("return.xlsx", "xls")

    assert problem is not None
    assert problem.severity == "warning"
    assert ".xls" in problem.message
    assert extension_remark("RETURN.XLSX", "xlsm") is None
    assert extension_remark("return.tsv", "csv") is None
