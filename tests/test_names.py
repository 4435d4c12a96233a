"""What a name means: never by likeness."""

import unicodedata

import pytest

from delivery_analytics.names import Names
from delivery_analytics.parse import ParseError

REGIONS = Names(
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
