import io
import zipfile

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.workbook import open_book
from delivery_analytics.spreadsheets.zip_archive import as_utf8, open_archive, without_remarks
from tests.support import sheetfiles as files


def code(data, **limits):
    with pytest.raises(SourceError) as caught:
        open_archive(data, limits=ReadingLimits(**limits))
    (problem,) = caught.value.problems
    return problem.code


def test_a_wrong_checksum_is_found_though_the_data_unpack():
    data = bytearray(files.packed(files.parts()))
    listing = data.index(b"PK\x01\x02")
    data[listing + 16] ^= 0xFF

    assert code(bytes(data)) == "container.corrupt"


def test_a_cut_file_is_damaged():
    assert code(files.packed(files.parts())[:-100]) == "container.corrupt"


def test_a_part_that_unpacks_to_more_than_it_declares_is_not_unpacked_whole():
    data = bytearray(files.packed({"xl/workbook.xml": "x" * 5_000_000}))
    size = (5_000_000).to_bytes(4, "little")
    while size in data:
        place = data.index(size)
        data[place : place + 4] = (4_096).to_bytes(4, "little")

    assert code(bytes(data)) == "container.corrupt"


def test_bombs_are_refused_by_what_they_declare():
    bomb = files.packed({"xl/workbook.xml": "0" * 3_000_000})

    assert code(bomb) == "security.expanded_size"
    assert code(bomb, ratio=10_000, part_bytes=1_000_000) == "security.expanded_size"
    assert code(bomb, ratio=10_000, unpacked_bytes=1_000_000) == "security.expanded_size"
    assert code(files.packed(files.parts()), members=2) == "security.expanded_size"


@pytest.mark.parametrize(
    "name", ["../escape.xml", "/etc/x.xml", "C:/x.xml", "a\\..\\..\\b.xml"]
)
def test_members_outside_the_file_are_refused(name):
    assert code(files.packed({**files.parts(), name: "<x/>"})) == "container.corrupt"


def test_two_members_of_one_name_are_refused_since_readers_differ_on_which_counts():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bundle:
        for name, data in files.parts().items():
            bundle.writestr(name, data)
        bundle.writestr(files.SHEET.upper(), files.sheet(files.rows(("actual",), (999_999,))))

    assert code(target.getvalue()) == "container.corrupt"


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part_and_encoding(document, encoding):
    data = files.packed({**files.parts(), "docProps/app.xml": document.encode(encoding)})

    assert code(data) == "security.xml_dtd"


def test_a_doctype_that_a_cell_only_quotes_is_text(tmp_path):
    quoted = '<c r="A2" t="inlineStr"><is><t><![CDATA[<!DOCTYPE html>]]></t></is></c>'
    path = files.book(tmp_path, f'{files.rows(("page",))}<row r="2">{quoted}</row>')

    assert open_book(path).sheets[0].rows == [["page"], ["<!DOCTYPE html>"]]


def test_an_unknown_encoding_is_refused_rather_than_misread():
    part = '<?xml version="1.0" encoding="utf-7"?><x/>'

    assert code(files.packed({**files.parts(), "xl/styles.xml": part})) == "container.corrupt"


def test_utf8_stays_the_same_object_and_other_encodings_become_utf8():
    plain = b"<?xml version='1.0'?><x/>"

    assert as_utf8(plain, name="x") is plain
    assert as_utf8("<x>ә</x>".encode("utf-16"), name="x") == "<x>ә</x>".encode()
    declared = "<?xml version='1.0' encoding='windows-1251'?><x>ж</x>".encode("cp1251")
    assert as_utf8(declared, name="x") == "<x>ж</x>".encode()


def test_comments_and_instructions_go_and_cdata_becomes_text():
    xml = b"<?xml version='1.0'?><x><!-- <y/> -->1<?run me?>2<![CDATA[<3>]]></x>"

    assert without_remarks(xml) == b"<x>12&lt;3&gt;</x>"
