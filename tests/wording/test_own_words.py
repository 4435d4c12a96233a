"""A workspace's own words: its questions in three languages, and what its unit is called."""

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.wording.catalogue import placeholders
from delivery_analytics.wording.own_words import PLACES, own_words
from delivery_analytics.wording.wording import open_wording
from tests.support.extract import texts


@pytest.fixture
def workspace(tmp_path):
    one = Workspace(tmp_path)
    one.definitions.mkdir(parents=True)
    return one


def words_csv(workspace, text):
    (workspace.definitions / "words.csv").write_text(text, encoding="utf-8-sig")


def test_an_own_question_is_asked_in_every_language_that_it_was_given_in(workspace):
    words_csv(workspace, 'en,ru,kk\n"Who waits, {n} days?","Кто ждёт, {n} дней?",\n')

    asked = {code: open_wording(code, workspace) for code in LANGUAGES}

    assert asked["ru"]("Who waits, {n} days?", n=3) == "Кто ждёт, 3 дней?"
    assert asked["kk"]("Who waits, {n} days?", n=3) == "Who waits, 3 days?"
    assert asked["kk"].missing == {"Who waits, {n} days?"}
    assert asked["ru"]("Status") == "Статус"


def test_a_notebook_has_the_words_of_the_workspace_that_it_lies_in(workspace, monkeypatch):
    words_csv(workspace, "en,ru,kk\nWho waits?,Кто ждёт?,Кім күтеді?\n")
    workspace.notebooks.mkdir()
    monkeypatch.chdir(workspace.notebooks)

    assert open_wording("kk")("Who waits?") == "Кім күтеді?"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("en,ru,kz\nA?,Б?,В?\n", r"no column in .*words\.csv 'kz'\. There are: en, ru, kk"),
        (
            "en,ru\nA?,Б?\nStatus,Состояние\n",
            r"line 3: 'Status' is a text of this library.*adds to",
        ),
        ("en,ru\nA?,Б?\nA?,В?\n", r"line 3: 'A\?' stands twice"),
        ("en,ru\n,Б?\n", r"line 2: there is no text under 'en'"),
        ("en,ru\n{n} days,{m} дней\n", r"line 2: under 'ru' are other names in braces"),
        ("en,ru\nA, b?,Б?\n", r"line 2: more cells than columns"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(workspace, written, said):
    words_csv(workspace, written)

    with pytest.raises(DefinitionError, match=said):
        open_wording("ru", workspace)


@pytest.mark.parametrize("place", PLACES)
def test_a_unit_that_is_no_country_is_called_what_it_is(workspace, place):
    (workspace.definitions / "workspace.toml").write_text(f'place = "{place}"\n')
    spoken = {code: open_wording(code, workspace) for code in LANGUAGES}

    assert spoken["en"]("The nation") == f"The {place}"
    for words in spoken.values():
        said = [
            words.plural(one.one, one.many, 2) if one.many else words(one.one, coverage="2")
            for one in texts().values()
            if one.one in PLACES[place]
        ]
        assert len(said) == len(PLACES[place])
        assert not [
            text
            for text in said
            if any(
                w in text.casefold()
                for w in ("countr", "nation", "стран", "национальн", "ел ", "елд", "елге")
            )
        ]


def test_every_text_that_names_a_country_is_said_of_each_other_unit():
    naming = {
        one.one
        for one in texts().values()
        if {"country", "nation", "country's", "country’s"}
        & {*one.one.casefold().rstrip(".").replace(".", " ").split()}
    }
    for said in PLACES.values():
        assert naming - {*said} == set()
        for text, spoken in said.items():
            for language in LANGUAGES:
                forms = spoken[language]
                for form in [forms] if isinstance(forms, str) else forms:
                    assert placeholders(form) == placeholders(text)


def test_a_workspace_without_words_of_its_own_has_none(workspace):
    assert own_words(workspace) == {code: {} for code in LANGUAGES}
