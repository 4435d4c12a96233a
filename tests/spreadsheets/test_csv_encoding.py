import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.csv_encoding import detect_encoding

RUSSIAN = "код;показатель\nН-1;Охват вакцинацией детей\nН-2;Ремонт дорог, км\n"
KAZAKH = (
    "коды;көрсеткіш\n1;Балаларды вакцинациялау үлесі, Қазақстан\n2;Жөнделген жолдар ұзындығы\n"
)
SPANISH = "código;año\n1;Educación primaria\n2;Señalización y mantenimiento\n"


def refusal(data):
    with pytest.raises(SourceError) as caught:
        detect_encoding(data)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("text", [RUSSIAN, KAZAKH, SPANISH, "a,b\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_a_file_says_of_its_encoding_is_no_guess(text, codec):
    found, problems = detect_encoding(text.encode(codec))

    assert text.encode(codec).decode(found) == text
    assert problems == []


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN.upper(), "cp1251"),
        (RUSSIAN.upper(), "cp866"),
        (RUSSIAN.upper(), "koi8_r"),
        (RUSSIAN.title(), "cp1251"),
        (RUSSIAN.title(), "koi8_r"),
        ("город,план\nАлматы,5\n", "cp1251"),
        ("город,план\nАлматы,5\n", "cp866"),
        ("x,comment\n1,Нурлы жол\n", "cp1251"),
        ("x,comment\n1,Нурлы жол\n", "cp866"),
        (KAZAKH, "kz1048"),
        (SPANISH, "cp1252"),
        ("«Нұр» № 5 – план", "kz1048"),
    ],
)
def test_an_old_encoding_is_guessed_by_how_the_letters_read(text, codec):
    data = text.encode(codec)

    found, (problem,) = detect_encoding(data)

    assert data.decode(found) == text
    assert (problem.code, problem.severity) == ("csv.encoding-guessed", "warning")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_zeros(codec):
    found, (problem,) = detect_encoding("code,actual\nH-001,31\n".encode(codec))

    assert found == codec
    assert problem.code == "csv.encoding-guessed"


def test_a_line_in_another_encoding_than_the_rest_is_named():
    data = "код,факт\nдороги,1\nшколы,2\n".encode() + "клиники,3\n".encode("cp1251")

    problem = refusal(data)

    assert (problem.code, problem.cell) == ("csv.encoding", "line 4")


def test_lines_are_counted_whatever_ends_them():
    data = "код\rшколы\r".encode() + "дороги\r\n".encode("cp1251") + "да\n".encode()

    assert refusal(data).cell == "line 3"


def test_what_cannot_be_told_is_refused_rather_than_turned_into_other_letters():
    problem = refusal("代碼,數值\n衛生,31\n教育,84\n".encode("big5"))

    assert (problem.code, problem.cell) == ("csv.encoding", "line 1")


def test_broken_utf16_is_refused():
    assert refusal("a,b\n".encode("utf-16") + b"\x00\xd8").code == "csv.encoding"
