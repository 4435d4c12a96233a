import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.container import extension_remark, ole_kind, sniff
from delivery_analytics.spreadsheets.workbook import open_book
from tests.support import sheetfiles as files


def refusal(path):
    with pytest.raises(SourceError) as caught:
        open_book(path)
    (problem,) = caught.value.problems
    assert problem.file == path.name
    assert problem.severity == "error"
    return problem


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
    (problem,) = extension_remark("return.xlsx", "xls")

    assert problem.severity == "warning"
    assert ".xls" in problem.message
    assert extension_remark("RETURN.XLSX", "xlsm") == []
    assert extension_remark("return.tsv", "csv") == []
