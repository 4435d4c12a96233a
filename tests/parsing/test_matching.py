"""What a name means: never by likeness."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.parsing.matching import (
    KnownNames,
    indicator_names,
    region_names,
    unit_names,
)
from delivery_analytics.parsing.parse import ParseError
from tests.support.grids import CLINICS, COVERAGE, world

REGIONS = KnownNames(
    "region",
    (
        ("KZ-71", "KZ-71"),
        ("Astana", "KZ-71"),
        ("г. Астана", "KZ-71"),
        ("Астана қаласы", "KZ-71"),
        ("Нур-Султан", "KZ-71"),
        ("Налоги", "T"),
        ("H-002", "H"),
        ("007", "B"),
        ("Almaty", "one"),
        ("ALMATY", "other"),
    ),
)


@pytest.mark.parametrize(
    "text",
    ["KZ-71", "Astana", "astana", "г.Астана", "г. астана", "Астана  қаласы", "Нур‑Султан"],
)
def test_a_name_is_found_in_three_languages_and_by_alias(text):
    assert REGIONS.find(text).value == "KZ-71"


def test_composed_and_decomposed_letters_are_the_same_name():
    assert REGIONS.find(unicodedata.normalize("NFD", "Астана қаласы")).value == "KZ-71"


@pytest.mark.parametrize("text", ["H-002\u00a0", "H-\u200b002"])
def test_what_cannot_be_seen_is_no_part_of_a_name(text):
    reading = REGIONS.find(text)

    assert (reading.value, reading.code) == ("H", "cell.trimmed")


def test_letters_that_look_alike_are_seen_through_in_a_name_with_a_note():
    reading = REGIONS.find("Нaлоги")  # with a Latin a

    assert (reading.value, reading.code) == ("T", "cell.name-matched")


def test_letters_that_look_alike_are_refused_in_a_code_with_their_code_points():
    with pytest.raises(ParseError, match=r"U\+041D") as refused:
        REGIONS.find("Н-002")  # with a Cyrillic Н

    assert refused.value.code == "cell.homoglyph"


def test_a_near_miss_is_offered_and_never_taken():
    with pytest.raises(ParseError, match="Did you mean Astana") as refused:
        REGIONS.find("Astanaa")

    assert refused.value.code == "cell.foreign-key"


def test_a_code_that_lost_its_zeros_is_offered_with_them():
    with pytest.raises(ParseError, match="Did you mean 007"):
        REGIONS.find(7.0)


def test_a_name_that_means_two_things_means_none():
    with pytest.raises(ParseError):
        REGIONS.find("almaty")


# The names of a registry.

WORLD = world()
KNOWN = indicator_names(WORLD.sectors["health"])


@pytest.mark.parametrize(
    "text",
    [
        "health.clinics",
        "clinics",
        "H-001",
        "h-001",
        "Clinics",
        "ПОЛИКЛИНИКИ",
        "Емханалар",
        "  Число   поликлиник ",
        "«Поликлиники»",
    ],
)
def test_an_indicator_is_found_by_id_code_name_and_alias(text):
    assert KNOWN.find(text).value == "health.clinics"


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Казахстан", "KZ"),
        ("ҚАЗАҚСТАН", "KZ"),
        ("область  Абай", "KZ-10"),
        ("Абай облысы", "KZ-10"),
        ("абайская", "KZ-10"),
        ("г.Астана", "KZ-71"),
        ("г. Астана", "KZ-71"),
        ("Нур–Султан", "KZ-71"),
    ],
)
def test_a_region_is_found_in_three_languages_whatever_its_dashes_and_spaces(text, region):
    assert region_names(WORLD).find(text).value == region


def test_a_name_as_it_was_agreed_needs_no_remark():
    assert KNOWN.find("H-001") == ("health.clinics", "", "", "normal")
    assert KNOWN.find("h-001").code == "cell.normalised"


def test_yo_and_ye_are_one_letter_as_most_people_type():
    names = KnownNames("line", (("Учёт", "a"),))

    assert names.find("учет").value == names.find("УЧЁТ").value == "a"


def test_a_name_that_two_things_were_given_is_refused_with_both():
    twins = dataclasses.replace(COVERAGE, name=CLINICS.name, code="H-009")
    names = indicator_names(world(indicators=(CLINICS, twins)).sectors["health"])

    with pytest.raises(
        ParseError, match=r"can be health\.clinics or health\.coverage"
    ) as refused:
        names.find("Поликлиники")

    assert refused.value.code == "cell.foreign-key"
    assert names.find("H-009").value == "health.coverage"


def test_names_that_differ_in_case_alone_are_told_apart_as_written_and_refused_otherwise():
    names = KnownNames("unit", (("MW", "mega"), ("mW", "milli")))

    assert names.find("MW").value == "mega"
    assert names.find(" mW ").value == "milli"
    with pytest.raises(ParseError):
        names.find("mw")


def test_every_meaning_of_a_unit_is_known_so_that_the_agreed_one_can_be_among_them():
    units = unit_names(WORLD)

    assert units.meanings("на 100 000") == {"births", "people"}
    assert units.meanings("НА 100\u00a0000") == {"births", "people"}
    assert units.meanings("%") == {"percent"}
    assert units.meanings("попугаев") == frozenset()


@pytest.mark.parametrize("value", [None, "", " ", "\u200b", "\ufeff"])
def test_a_blank_is_no_name(value):
    with pytest.raises(ParseError) as refused:
        KNOWN.find(value)

    assert refused.value.code == "cell.missing-key"


@pytest.mark.parametrize("text", ["H-001\x00", "H-0\ud83d01", "H_x0000_-001"])
def test_a_name_with_what_nobody_can_have_typed_is_refused(text):
    with pytest.raises(ParseError):
        KNOWN.find(text)


@pytest.mark.parametrize("text", ["Поликлиника", "H-0001", "clinic", "Охват вакцинации"])
def test_what_is_nearly_a_name_is_offered_one_and_given_none(text):
    with pytest.raises(ParseError, match="Did you mean") as refused:
        KNOWN.find(text)

    assert refused.value.code == "cell.foreign-key"


LATIN = str.maketrans("аеорсухкнмтв", "aeopcyxkhmtb")


@given(st.sampled_from(KNOWN.listed), st.integers(0, 40))
def test_a_letter_of_another_alphabet_never_changes_what_a_name_means(name, place):
    written, key = name
    letter = written[place % len(written)]
    swapped = written.replace(letter, letter.translate(LATIN), 1)
    try:
        assert KNOWN.find(swapped).value == key
    except ParseError as refused:
        assert refused.code == "cell.homoglyph"


@given(st.text(max_size=20))
def test_any_text_is_a_name_we_know_or_refused(text):
    try:
        assert KNOWN.find(text).value in WORLD.indicators
    except ParseError as refused:
        assert refused.code in ("cell.foreign-key", "cell.missing-key", "cell.homoglyph")


@given(st.sampled_from(KNOWN.listed), st.sampled_from(["NFC", "NFD", "NFKC"]), st.booleans())
def test_a_name_is_the_same_in_every_form_of_its_letters(name, form, upper):
    written, key = name
    text = unicodedata.normalize(form, written.upper() if upper else written)

    assert KNOWN.find(f"\u00a0{text}\u200b ").value == key
