"""Every published sentence agrees with the tables that it was made from."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.publish import publish
from tests.conftest import AS_OF, PUBLISHED
from tests.sentences import (  # noqa: F401
    claims_brief,
    claims_challenges,
    claims_changes,
    claims_outlook,
    claims_regions,
    worlds,
)
from tests.sentences.case import CLAIMS, Case, verdict
from tests.sentences.claims_status import FINDINGS
from tests.sentences.grammar import Grammar, templates
from tests.sentences.pages import Sentence, page_sentences, sentences, texts_in
from tests.sentences.truth import Truth

# One page of each kind, each in one language.
SAMPLE = {
    "challenge/building_permits": "en",
    "instructions": "en",
    "region/kz-71": "en",
    "programme/human_capital": "en",
    "sector/water": "ru",
    "quality": "ru",
    "national": "kk",
}


class Checker:
    """Holds sentences against a workspace's tables, and counts how they come out."""

    def __init__(self, root: Path) -> None:
        self.truth = Truth(root, AS_OF)
        self.grammars = {
            language: Grammar(
                language, self.truth.names(language), self.truth.symbols(language)
            )
            for language in PUBLISHED
        }
        self.counts: Counter[str] = Counter()
        self.bad: dict[str, list[str]] = {}

    def case(self, sentence: Sentence) -> Case:
        return Case(sentence, self.truth, self.grammars[sentence.language])

    def check(self, told: list[Sentence]) -> None:
        for one in told:
            found = verdict(self.case(one))
            has_figure = any(map(str.isdigit, one.text))
            self.counts.update(["all", found.outcome, *["figures"] * has_figure])
            self.counts["verified"] += has_figure and found.outcome == "true"
            if found.outcome != "true":
                about = f"{one.language}/{one.page} {one.role}: {one.text} {found.why}"
                self.bad.setdefault(found.outcome, []).append(about)

    def assert_all_true(self) -> None:
        """Say how many came out, and fail on a contradiction or an unexplained figure."""
        count = self.counts
        print(
            f"{count['all'] - count['unread']} of {count['all']} sentences parsed, "
            f"{count['figures']} with figures, {count['verified']} verified, "
            f"{count['wrong']} contradictions"
        )
        print(*self.bad.get("unread", ()), sep="\n")
        assert self.bad.get("wrong", []) == []
        assert self.bad.get("unverified", []) == []
        assert not [one for one in self.bad.get("unread", ()) if any(map(str.isdigit, one))]


@pytest.fixture(scope="module")
def checker(published, example):
    return Checker(example)


def test_the_sentences_of_a_page_of_each_kind_agree_with_the_tables(published, checker):
    for page, language in SAMPLE.items():
        path = published.folder / language / f"{page}.html"
        checker.check(page_sentences(path, page, language))

    assert checker.counts["all"] > 500
    checker.assert_all_true()


# Language, page, a piece of what it says, and what it is made to say instead.
WRONG = (
    # A figure off by one in its last digit.
    ("en", "region/kz-71", "12,003\u00a0people for", "12,004\u00a0people for"),
    ("en", "challenge/building_permits", "forecast 14.5", "forecast 14.6"),
    ("ru", "sector/water", "сбывшихся: 5\u00a0%", "сбывшихся: 6\u00a0%"),
    ("ru", "sector/water", "0,083 против", "0,084 против"),
    ("ru", "sector/water", "75,2\u00a0% при", "75,3\u00a0% при"),
    ("kk", "national", "\u2212112\u00a0мектеп", "\u2212113\u00a0мектеп"),
    # A count, and how many it is of.
    ("en", "instructions", "Overdue: 5 instructions", "Overdue: 6 instructions"),
    ("en", "instructions", "8 of 13 due by now", "8 of 14 due by now"),
    ("ru", "quality", "43 из 51", "42 из 51"),
    ("kk", "national", "33-тен 18", "51-ден 18"),
    ("kk", "national", "айтылмайтыны: 6", "айтылмайтыны: 5"),
    ("kk", "national", "15\u00a0көрсеткіш тәуекел", "16\u00a0көрсеткіш тәуекел"),
    # The direction.
    ("en", "region/kz-71", "7,612 worse than", "7,612 better than"),
    ("ru", "sector/water", "отставание от траектории", "опережение траектории"),
    ("kk", "national", "траекториядан артта қалу", "траекториядан озу"),
    # The status, the period and the day.
    ("en", "region/kz-71", "off track, 5.8", "on track, 5.8"),
    ("en", "programme/human_capital", "by the end of 2022", "by the end of 2023"),
    ("ru", "sector/water", "за 2010\u00a0год", "за 2011\u00a0год"),
    ("en", "challenge/building_permits", "11 March 2025", "12 March 2025"),
    ("ru", "sector/water", "31 декабря 2025", "30 декабря 2025"),
    # The unit and the currency.
    ("en", "programme/human_capital", "655\u00a0facilities", "655\u00a0schools"),
    ("ru", "sector/water", "101,9\u00a0млрд\u00a0тенге из", "101,9\u00a0млрд\u00a0$ из"),
    ("kk", "national", "14,94\u00a0трлн", "14,94\u00a0млрд"),
    # The region and the sector.
    ("en", "region/kz-71", "100.0% in Akmola Region", "100.0% in Abai Region"),
    ("kk", "national", "Өнеркәсіп және құрылыс: 85,7", "Денсаулық сақтау: 85,7"),
)


@pytest.mark.parametrize(("language", "page", "right", "other"), WRONG)
def test_a_sentence_that_is_made_wrong_is_caught(
    published, checker, language, page, right, other
):
    path = published.folder / language / f"{page}.html"
    told = [one for one in page_sentences(path, page, language) if right in one.text]
    assert told
    for one in told:
        assert verdict(checker.case(one)).outcome == "true"
        seeded = replace(one, text=one.text.replace(right, other))
        assert verdict(checker.case(seeded)).outcome != "true", seeded.text


# What tells the direction in each language: the texts themselves are not to be believed.
DIRECTIONS = {
    "ahead of": ("опережение", "озу"),
    "short of": ("отставание", "артта қалу"),
    "beyond the target": ("лучше", "жақсы"),
    "beyond the plan": ("перевыполнение", "асыра орындау"),
    "sectors above their plan": ("сверх", "асырған"),
    "better than the": ("лучше", "жақсы"),
    "worse than the": ("хуже", "нашар"),
    " above the ": ("выше", "жоғары"),
    " below the": ("ниже", "төмен"),
    "is above all": ("выше", "жоғары"),
    "is below all": ("ниже", "төмен"),
    "lower is better": ("меньше, тем лучше", "аз болғаны жақсы"),
    "rose in {up}": ("рост — в {up}", "өскен өңірлер – {up}"),
    "fell in {down}": ("снижение — в {down}", "төмендегендері – {down}"),
    "should rise": ("расти", "өсуге"),
    "should fall": ("снижаться", "төмендеуге"),
}


@pytest.mark.parametrize(("english", "others"), DIRECTIONS.items())
def test_a_word_of_direction_is_the_same_direction_in_every_language(english, others):
    for language, word in zip(("ru", "kk"), others, strict=True):
        told = [
            one.text
            for one in templates(language)
            if english in one.key and one.key in {*CLAIMS, *FINDINGS}
        ]
        assert told
        assert [text for text in told if word not in text] == []


# Names that are written in Latin letters in every language. What was sent in another language, and
# what is wrong with it, which is told in English, say so by `lang`.
LATIN = {
    "HTML",
    "PDF",
    "Excel",
    "PowerPoint",
    "SHA-",
    "English",
    "delivery-analytics",
    "pH",
    "NEET",
}
LATIN |= {"PMDU", "PEMANDU", "Open", "SDG"}  # methods
# Three words of Cyrillic without a Kazakh letter are Russian, but for these.
KAZAKH_ALL_THE_SAME = {
    *("* Шартты деректер, ресми емес.", "Адами капиталды дамыту"),
    *("Деректерге сенуге бола ма?", "Сала жоспары орындалып жатыр ма?"),
}
_FILE = re.compile(
    r"data/raw/.*|^[^,;:]+\.xlsx$|\S*\.(?:xlsx?|xlsm|csv|ods|ipynb|toml)\b\S*|.*![A-Z]+\d+|\b[0-9a-f]{12}\b"
)


def pages_in(folder, language):
    return [*folder.glob(f"{language}/**/*.html"), *folder.glob(f"index.{language}.html")]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_page_has_no_latin_word_but_those_by_name(published, language):
    told = [
        (word, page.stem, text)
        for page in pages_in(published.folder, language)
        for text in texts_in(page, language)
        for word in re.findall(r"[A-Za-z][A-Za-z-]+", _FILE.sub("", text))
        if word not in LATIN and not re.fullmatch("[IVX]+", word)
    ]

    assert len(LATIN) <= 20 and pages_in(published.folder, language)
    assert told == []


def test_a_kazakh_page_has_no_russian_text_that_does_not_say_so(published):
    told = [
        (page.stem, text)
        for page in pages_in(published.folder, "kk")
        for text in texts_in(page, "kk")
        if len(re.findall("[а-яё]{3,}", _FILE.sub("", text.lower()))) > 2
        and not set(text.lower()) & set("әғқңөұүһі")
    ]

    assert [one for one in told if one[1] not in KAZAKH_ALL_THE_SAME] == []


@pytest.mark.long
def test_every_sentence_of_the_example_agrees_with_the_tables_in_every_language(
    example, tmp_path, tally
):
    for name in ("data/definitions", "data/raw", "notebooks"):
        shutil.copytree(example / name, tmp_path / name)
    edition = publish(
        open_registry(tmp_path), languages=list(PUBLISHED), formats=["html"], as_of=AS_OF
    )
    whole = Checker(tmp_path)
    whole.check(sentences(edition.folder))

    count = whole.counts
    tally("published sentences that were read", count["all"] - count["unread"], count["all"])
    tally("sentences with figures worked out once more", count["verified"], count["figures"])
    whole.assert_all_true()


@pytest.mark.long
def test_every_sentence_of_200_random_datasets_agrees_with_its_tables(
    published, example, example_data, tmp_path, tally
):
    drawn = Checker(example)
    for seed in range(200):
        root = tmp_path / str(seed)
        made = worlds.draw(root, example, example_data, seed)
        drawn.truth = Truth(root, AS_OF)
        drawn.check(worlds.page(root, example / "notebooks", made, [*PUBLISHED][seed % 3]))
        shutil.rmtree(root)

    count = drawn.counts
    tally("sentences of random datasets read", count["all"] - count["unread"], count["all"])
    tally("those with figures worked out once more", count["verified"], count["figures"])
    drawn.assert_all_true()
