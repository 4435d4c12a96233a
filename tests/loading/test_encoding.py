"""Which encoding a text file is read in where a definition says one, and what is refused."""

import dataclasses

import pytest

from delivery_analytics.errors import DefinitionError, SourceError
from delivery_analytics.loading.load import read_alone, read_files
from delivery_analytics.model.sheet_checks import check_sheet
from delivery_analytics.returns.marked_copy import mark
from delivery_analytics.spreadsheets.csv_encoding import detect_encoding
from tests.support.grids import LONG, like, world

SHORT = "code;region;period;actual\nH-001;Абай;2024;5\n"


def declared(codec, *, files=("*",)):
    return like(LONG, encoding=codec, files=files)


def written(folder, data, name="return.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


def regions(result):
    return [list(table["region_id"]) for table in result.tables.get("observations", [])]


def test_an_encoding_that_is_declared_reaches_every_way_of_opening(tmp_path):
    abai = like(declared("cp866"), map={"region": {"Абай": "KZ-10"}})
    registry = world(abai)
    paths = [written(tmp_path, SHORT.encode("cp866"), f"{n}.csv") for n in range(25)]
    health = registry.sectors["health"]

    alone = read_alone(registry, paths[0], health)
    together = read_files(registry, [(path, health) for path in paths])
    of_any = read_files(registry, [(paths[0], None)])
    copy = mark(registry, paths[0], sector=health)

    assert regions(alone) == regions(together[0]) == regions(of_any[0]) == [["KZ-10"]]
    assert copy.result.kept == 1
    assert not any("csv.encoding" in p.code for one in together for p in one.problems)


def test_layouts_that_say_two_encodings_of_one_file_are_told(tmp_path):
    registry = world(declared("cp866"), declared("cp1251"))
    path = written(tmp_path, SHORT.encode("cp866"))

    [problem] = read_alone(registry, path, registry.sectors["health"]).problems

    assert problem.code == "csv.encoding"
    assert "cp1251 and cp866" in problem.message


def test_what_reads_as_utf8_is_read_so_and_told_whatever_is_declared():
    codec, [problem] = detect_encoding(SHORT.encode(), declared="cp1251")

    assert (codec, problem.code) == ("utf-8", "csv.encoding-guessed")
    assert "encoding = 'cp1251' is declared" in problem.message
    assert detect_encoding(SHORT.encode(), declared="UTF-8") == ("utf-8", [])
    assert detect_encoding(b"a,b\n", declared="cp1251") == ("cp1251", [])


def test_what_cannot_be_told_names_two_readings_of_one_line_and_the_key():
    data = "代碼,數值\n衛生,31\n教育,84\n".encode("big5")
    with pytest.raises(SourceError) as error:
        detect_encoding(data)
    [problem] = error.value.problems
    codecs = [part.split('"')[0] for part in problem.message.split('encoding = "')[1:]]

    assert len(set(codecs)) == 2
    for codec in codecs:
        assert f"'{data.splitlines()[0].decode(codec, 'replace').strip()}'" in problem.message
    assert detect_encoding(data, declared="big5") == ("big5", [])


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("cp1215", "no encoding 'cp1215'. Did you mean .*cp125"),
        ("windows-1215", "Did you mean .*windows_125"),
        ("cyrillic windows please", "There are, for one: .*cp1251"),
        ("rot13", "there is no encoding"),
        ("base64", "there is no encoding"),
        ("unicode_escape", "there is no encoding"),
    ],
)
def test_an_encoding_that_there_is_not_is_refused_with_the_near_miss(codec, said):
    with pytest.raises(DefinitionError, match=f"here, encoding: .*{said}"):
        check_sheet(declared(codec), "here")


def test_an_encoding_has_no_effect_on_workbooks():
    with pytest.raises(DefinitionError, match=r"has no effect on \*\.xlsx"):
        check_sheet(declared("cp1251", files=("*.xlsx",)), "here")


@pytest.mark.parametrize("codec", ["cp1251", "windows-1251", "UTF-8", "utf-8-sig", "MacRoman"])
def test_an_encoding_may_be_called_as_people_call_it(codec):
    check_sheet(dataclasses.replace(declared(codec)), "here")
