"""Kazakh endings after days, periods and numbers, against the tables of the language's guide."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.wording.catalogue import filled, in_case
from delivery_analytics.wording.wording import open_wording

KK = open_wording("kk")
MODEL = Path(__file__).parents[3] / "shared" / "language" / "kazakh_cases.py"


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture(scope="module")
def model():
    if not MODEL.exists():
        pytest.skip("the model of the endings does not stand beside the project")
    spec = importlib.util.spec_from_file_location("kazakh_cases", MODEL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


whole = st.integers(0, 10**12 - 1) | st.builds(
    lambda digits, zeros: digits * 10**zeros, st.integers(1, 99), st.integers(0, 10)
)


@given(n=whole, case=st.sampled_from(["abl", "dat", "loc", "gen", "poss"]))
def test_a_number_takes_the_ending_of_its_last_spoken_word(model, n, case):
    assert in_case(KK.number(n, 0), case, "kk") == model.number(n, case)


@given(
    day=st.dates(date(1991, 1, 1), date(2100, 1, 1)),
    case=st.sampled_from(["abl", "dat", "loc", "attr"]),
)
def test_a_day_takes_the_ending_of_its_month(model, day, case):
    told = in_case(KK.date(day), case, "kk")

    assert plain(told) == model.day(day.year, day.month, day.day, case)


@pytest.mark.parametrize("case", ["abl", "dat", "loc", "attr"])
def test_a_period_takes_the_ending_of_its_last_word(model, case):
    kinds = [("year", "2024", 0)]
    kinds += [("half", f"2024-S{k}", k) for k in (1, 2)]
    kinds += [("quarter", f"2024-Q{k}", k) for k in (1, 2, 3, 4)]
    kinds += [("month", f"2024-{k:02d}", k) for k in range(1, 13)]
    for kind, period, place in kinds:
        told = in_case(KK.period(period), case, "kk")

        assert plain(told) == model.period(2024, kind, place, case)


def test_a_million_million_is_spoken_as_a_trillion():
    assert in_case(KK.number(15 * 10**12, 0), "abl", "kk").endswith("-нан")


def test_a_per_cent_sign_and_tenge_take_the_ending_of_their_word():
    assert in_case("12,2\u00a0%", "dat", "kk") == "12,2\u00a0%-ға"
    assert in_case("15,4\u00a0трлн\u00a0теңге", "abl", "kk") == "15,4\u00a0трлн\u00a0теңгеден"


@pytest.mark.parametrize(
    "text", ["4,5", "1.2", "–", "", "Абай облысы", "15,05\u00a0трлн\u00a0₸"]
)
def test_no_ending_is_guessed(text):
    assert in_case(text, "abl", "kk") == text


def test_english_and_russian_do_not_look_at_the_case():
    assert filled("{n:abl}", {"n": "9"}, "ru") == filled("{n:abl}", {"n": "9"}) == "9"
    assert filled("{n:abl} 5", {"n": "9"}, "kk") == "9-дан 5"
