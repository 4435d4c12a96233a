import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets import Reader, open_book
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


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Project,Cost\r\nAlpha – one,£5\r\nBeta – two,£7.20\r\n", "cp1252"),
        ("Project,Cost\nAlpha – one,£5\nBeta – two,£7.20\n", "mac_roman"),
        ("Project,Cost\nAlpha,€5\nBeta,€7\n", "cp1252"),
        ("Project,Cost\nAlpha,€5\nBeta,€7\n", "mac_roman"),
        ("Project,Cost\nAlpha – one,€5\n", "cp1250"),
        ("name,note\n«Alpha»,and so on…\n", "cp1252"),
        ("Проект,Цена\n«Альфа» – один,€5\n", "cp1251"),
        ("Проект,Цена\nДороги № 5,7\n", "cp866"),
        ("kod,nazwa\n1,Kraków: żłobki, szkoły, książki\n", "cp1250"),
    ],
)
def test_signs_are_told_by_what_the_encodings_would_give(text, codec):
    data = text.encode(codec)
    found, _ = detect_encoding(data)

    assert data.decode(found) == text


def test_what_cannot_be_told_is_shown_in_two_readings():
    problem = refusal("代碼,數值\n衛生,31\n教育,84\n".encode("big5"))

    assert " or " in problem.message
    assert problem.message.count(" in ") >= 2


def test_a_declared_encoding_is_followed_unless_the_file_says_another(tmp_path):
    text = "obec;počet\nŘíčany;5\n"
    path = tmp_path / "return.csv"
    path.write_bytes(text.encode("cp1250"))
    with Reader() as reader:
        book = reader.open(path, encoding="cp1250")

    assert book.sheets[0].rows[1] == ["Říčany", "5"]
    assert "csv.encoding-guessed" not in [problem.code for problem in book.problems]
    assert open_book(path, encoding="cp1250") == book
    assert detect_encoding(text.encode("utf-8-sig"), declared="cp1250") == ("utf-8-sig", [])
    with pytest.raises(SourceError, match="Line 1 is not ASCII"):
        detect_encoding(text.encode("cp1250"), declared="ascii")
