import ast
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from delivery_analytics.model import schema
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.wording import codes as phrases
from delivery_analytics.wording.catalogue import placeholders, spoken_in, translations
from delivery_analytics.wording.collation import KAZAKH
from delivery_analytics.wording.wording import open_wording
from tests.support import extract

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in LANGUAGES if language != "en"]
each_other = pytest.mark.parametrize("language", OTHERS)


@pytest.fixture(scope="module", autouse=True)
def sources_are_searched_once():
    search, own = extract.texts, cache(extract.texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extract, "texts", lambda *of: search(*of) if of else own())
        yield


def catalogue(language):
    path = files("delivery_analytics") / "locales" / f"{language}.po"
    with path.open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


def words_of(text):
    """The words of a translation, without the names in braces."""
    return re.findall(r"[^\W\d_]+", re.sub(r"\{[a-z0-9_:]+\}", " ", text))


def script(letter):
    return unicodedata.name(letter).split()[0]


def test_the_languages_are_english_and_those_with_a_file():
    assert LANGUAGES == ("en", "ru", "kk")


@each_other
def test_every_text_that_a_reader_sees_is_translated(language):
    lacking = extract.untranslated(language)

    assert not lacking, "\n".join(extract.as_entry(text, 1) for text in lacking)


@each_other
def test_no_file_keeps_a_text_that_nobody_asks_for(language):
    assert translations(language).keys() - extract.texts().keys() == set()


@each_other
def test_a_translation_has_the_names_of_its_text(language):
    for message in catalogue(language):
        said = message.id if message.pluralizable else (message.id,)
        forms = message.string if message.pluralizable else (message.string,)
        for form in forms if message.id else ():
            assert placeholders(form) in map(placeholders, said), (said, form)


@each_other
def test_a_plural_has_a_form_for_each_category_of_the_language(language):
    categories = open_wording(language).plural_categories
    plurals = [text for text in extract.texts().values() if text.many]

    assert plurals
    for text in plurals:
        assert len(translations(language)[text.key]) == len(categories), text.one
        assert placeholders(text.one) in (placeholders(text.many), []), text.one


def test_plural_categories_are_those_of_unicode():
    assert open_wording("ru").plural_categories == ["one", "few", "many", "other"]
    assert open_wording("kk").plural_categories == ["one", "other"]


@each_other
def test_no_word_mixes_alphabets(language):
    for (_, text), forms in translations(language).items():
        for word in words_of(" ".join(forms)):
            assert len({script(letter) for letter in word}) == 1, (text, word)


@each_other
def test_words_are_written_in_the_letters_of_their_language(language):
    letters = set(KAZAKH) if language == "kk" else set(KAZAKH) - set("әғқңөұүһі")
    for forms in translations(language).values():
        for word in words_of(" ".join(forms)):
            if script(word[0]) == "CYRILLIC":
                assert set(word.lower()) <= letters, word


@each_other
def test_latin_words_are_names_and_roman_numerals_only(language):
    names = {"CSV", "SHA", "I", "II", "III", "IV", "PMDU", "PEMANDU", "Open", "SDG"}
    for forms in translations(language).values():
        for word in words_of(" ".join(forms)):
            assert script(word[0]) == "CYRILLIC" or word in names, word


@each_other
def test_a_translation_ends_as_its_text_does(language):
    for (context, text), forms in translations(language).items():
        for form in forms:
            assert form == form.strip() and "  " not in form, form
            if context != "axis" and len(words_of(text)) > 2 and "{year}" not in text:
                assert (form[-1] in ".?:") == (text[-1] in ".?:"), (text, form)


@each_other
def test_a_texts_first_letter_has_the_case_of_the_english_one(language):
    for (context, text), forms in translations(language).items():
        first = forms[0][0]
        if context or not text[0].isalpha() or not first.isalpha() or first.isascii():
            continue
        assert text[0].isupper() == first.isupper(), (text, forms[0])


@each_other
def test_a_file_has_no_text_twice_and_says_its_language_and_plurals(language):
    path = files("delivery_analytics") / "locales" / f"{language}.po"
    lines = path.read_text(encoding="utf-8").splitlines()
    entries = catalogue(language)
    stated = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']

    assert entries.locale_identifier == language
    assert entries.num_plurals == len(open_wording(language).plural_categories)
    assert len(entries) == len(stated)
    assert len(translations(language)) == len(entries)


@each_other
def test_years_keep_to_their_word(language):
    for forms in translations(language).values():
        for form in forms:
            assert "{year} г" not in form and "{year} ж" not in form, form


def test_every_code_of_a_problem_in_the_package_has_a_text():
    families = {code.split(".")[0] for code in phrases.PROBLEM}
    code = re.compile(rf'"((?:{"|".join(sorted(families))})\.[a-z]+(?:[_-][a-z]+)*)"')
    places = [*extract.PACKAGE.rglob("*.py"), *extract.PACKAGE.rglob("refusals.toml")]
    places += extract.PACKAGE.rglob("messages.toml")
    found = {
        match for path in places for match in code.findall(path.read_text(encoding="utf-8"))
    }

    assert len(found) > 50
    assert found <= {*phrases.PROBLEM}


# What takes the code of a problem as an argument.
TELLERS = {
    *("Problem", "ParseError", "Reading", "rejection", "remark", "tell"),
    *("append", "problem", "at_cell", "_found", "_skip"),
}


def literals(node):
    """The texts that an expression written out may be: one, or one on each side."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [node.value] if isinstance(getattr(node, "value", None), str) else []


def codes_told(code):
    """Texts in the shape of a problem's code that are handed to a teller."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        for text in [said for arg in given for said in literals(arg)]:
            if name in TELLERS and re.fullmatch(r"[a-z]+\.[a-z]+([_-][a-z]+)*", text):
                yield text


def test_a_code_of_a_family_not_seen_before_has_a_text_too():
    assert [*codes_told('Problem("new.one", m); tell(code="a.b" if x else "c.d")')] == [
        *("new.one", "a.b", "c.d")
    ]

    told = {
        code
        for path in extract.PACKAGE.rglob("*.py")
        for code in codes_told(path.read_text(encoding="utf-8"))
    }
    for name in ("refusals.toml", "messages.toml"):
        for path in extract.PACKAGE.rglob(name):
            told |= tomllib.loads(path.read_text(encoding="utf-8")).keys()

    assert len(told) > 50
    assert told <= {*phrases.PROBLEM}


def test_every_reason_that_definitions_give_for_skipping_a_row_has_a_text():
    sectors = [*ROOT.glob("data/definitions/sectors/*.toml")]
    sectors += ROOT.glob("tests/workspaces/*/data/definitions/sectors/*.toml")
    reasons = {
        rule["reason"]
        for path in sectors
        for sheet in tomllib.loads(path.read_text(encoding="utf-8")).get("sheet", [])
        for rule in sheet.get("keep", [])
        if "reason" in rule
    }

    assert {"row.group", "row.other"} <= reasons <= {*phrases.PROBLEM}


def test_every_code_of_the_shared_corpus_has_a_text():
    expected = ROOT.parent / "shared" / "corpus" / "expected.csv"
    if not expected.exists():
        pytest.skip("the corpus does not stand beside the project")
    rows = expected.read_text(encoding="utf-8")
    codes = {*re.findall(r",([a-z]+\.[a-z_-]+),", rows)}

    assert codes
    assert codes <= {*phrases.PROBLEM}


@pytest.mark.parametrize(
    ("text", "reader", "said"),
    [
        ("Two of the last three slipped", "ru", "en"), ("Всего", "kk", "ru"), ("Всего", "en", "ru"),
        ("Өңірлер", "ru", "kk"), ("Өңірлер", "kk", ""), ("Всего", "ru", ""), ("Nation", "en", ""),
        ("97.1", "kk", ""), ("", "ru", ""),
    ],
)  # fmt: skip
def test_a_text_that_was_sent_tells_its_language_by_its_letters(text, reader, said):
    assert spoken_in(text, reader) == said


# How texts are found


def test_texts_are_found_wherever_they_are_written_out(tmp_path):
    def found(code):
        (tmp_path / "a.py").write_text(code)
        return [(*key, text.many) for key, text in extract.texts(tmp_path).items()]

    assert found('words("A {n}", n=3)') == [("", "A {n}", "")]
    assert found('report.words("A")') == found('one("A")') == [("", "A", "")]
    assert found('words.plural("{n} row", "{n} rows", n)') == [("", "{n} row", "{n} rows")]
    assert found('X = {"a": marked("A", "letter")}') == [("letter", "A", "")]
    assert found('words("A") if x else words("B")') == [("", "A", ""), ("", "B", "")]
    assert found('words("{a}", a=words("B"))') == [("", "B", ""), ("", "{a}", "")]
    assert found('words("A " "long one")') == [("", "A long one", "")]
    assert found("words(text)") == found('words[1]("A")') == found('other("A")') == []


def test_no_text_is_written_where_it_is_not_found():
    """Babel joins the two sides of a condition, and does not look into an f-string."""
    for path in extract.PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in extract._CALLED:
                for text in literals(call.args[0]):
                    assert text in {one for _, one in extract.texts()}, (path.name, text)


def test_texts_are_found_in_templates_and_notebooks(tmp_path):
    (tmp_path / "page.html.j2").write_text("<p>\n{{ words('B {n}', n=1) }}</p>")
    (tmp_path / "one.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["words(\'no\')"]},'
        '{"cell_type": "code", "source": ["%matplotlib inline\\n", "words(\'C\')"]}]}'
    )

    texts = extract.texts(tmp_path, tmp_path)

    assert list(texts) == [("", "C"), ("", "B {n}")]
    assert texts["", "B {n}"].places == ("page.html.j2:2",)


def test_a_missing_text_is_listed_as_an_entry_to_fill_in():
    text = extract.Message("axis", 'A "b"', "", ("a.py:1", "b.py:2"))
    plural = extract.Message("", "{n} row", "{n} rows", ("a.py:1",))

    assert extract.as_entry(text, 4) == (
        '#: a.py:1 b.py:2\nmsgctxt "axis"\nmsgid "A \\"b\\""\nmsgstr ""\n'
    )
    assert extract.as_entry(plural, 2) == (
        '#: a.py:1\nmsgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )


def test_the_list_is_printed(capsys):
    extract.main([])
    assert "The plan is missed\n" in capsys.readouterr().out
    extract.main(["en"])
    assert 'msgid "The plan is missed"\nmsgstr ""\n' in capsys.readouterr().out


# The glossary


def glossary():
    """Rows of the tables of GLOSSARY.md as lists of cells."""
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line
    ]
    return [row for row in rows if not set(row[0]) <= {"-", ":"}]


@pytest.mark.parametrize("code", schema.STATUSES)
def test_the_glossary_calls_statuses_what_readers_are_told(code):
    [row] = [row for row in glossary() if row[0] == f"`{code}`"]

    assert row[1:4] == [open_wording(language).status(code) for language in ("en", "ru", "kk")]


def test_every_term_of_the_glossary_has_three_languages_and_a_meaning():
    rows = glossary()

    assert len(rows) > 60
    assert {len(row) for row in rows} == {5}
    assert all(all(row) for row in rows)


def test_kazakh_and_russian_terms_of_the_glossary_mix_no_alphabets():
    for row in glossary():
        for word in words_of(" ".join(row[2:4])):
            assert len({script(letter) for letter in word}) == 1, word
