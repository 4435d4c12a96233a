"""What a cell's text means, and what is refused because it could mean two things."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics import parse
from delivery_analytics.parse import ParseError

SPACES = [" ", "\u00a0", "\u2009", "\u202f"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234\u202f567", 1234567.0),
        ("1 234", 1234.0),
        ("78,8", 78.8),
        ("78.8", 78.8),
        ("1'234.5", 1234.5),
        ("1.234.567,89", 1234567.89),
        ("1,234,567.89", 1234567.89),
        ("(123)", -123.0),
        ("\u2212123", -123.0),
        ("１２３", 123.0),
        ("'118", 118.0),
        ("+5,1", 5.1),
        (" -3 ", -3.0),
    ],
)
def test_a_number_written_as_text_is_read_in_every_style(text, expected):
    reading = parse.number(text)

    assert reading.value == expected
    assert reading.code == "cell.number-as-text"


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,345", "-1.234"])
def test_a_number_that_can_be_two_numbers_is_refused(text):
    with pytest.raises(ParseError) as refused:
        parse.number(text)

    assert refused.value.code == "cell.number-ambiguous"


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234", ",", 1.234),
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234.0),
        ("1,234", ".", 1234.0),
    ],
)
def test_a_declared_decimal_mark_settles_it(text, decimal, expected):
    assert parse.number(text, decimal=decimal).value == expected


@pytest.mark.parametrize(
    "value",
    [
        "inf",
        "1e3",
        "0x1F",
        "1O5",
        "1_000",
        "12 34",
        "1 23,5",
        "сто",
        "#N/A",
        ">=90",
        True,
    ],
)
def test_what_only_looks_like_a_number_is_refused(value):
    with pytest.raises(ParseError) as refused:
        parse.number(value)

    assert refused.value.code == "cell.type-error"


def test_a_date_in_a_number_cell_is_refused_with_a_hint():
    with pytest.raises(ParseError, match="into a date"):
        parse.number(date(2024, 3, 1))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ParseError) as refused:
        parse.number(value)

    assert refused.value.code == "cell.not-finite"


@pytest.mark.parametrize(
    "text", ["", None, "-", "–", "н/д", "n/a", "…", "...", "д/ж", "нет данных"]
)
def test_words_for_no_figure_are_missing_and_never_zero(text):
    reading = parse.number(text)

    assert math.isnan(reading.value)
    assert (reading.code, reading.status) == ("cell.missing", "missing")


def test_a_sheets_own_words_for_no_figure_may_stand_for_all_that_begin_so():
    words = frozenset({"exempt under section*"})

    assert math.isnan(parse.number("Exempt under Section 43", missing=words).value)


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("78,8*", 78.8, "provisional"),
        ("78,8 1)", 78.8, "provisional"),
        ("~78", 78.0, "estimated"),
        ("≥90", math.nan, "bounded"),
        ("10–15", math.nan, "bounded"),
        ("x", math.nan, "not_applicable"),
    ],
)
def test_marks_beside_a_figure_become_its_observation_status(text, value, status):
    reading = parse.number(text)

    assert reading.status == status
    assert reading.value == value or (math.isnan(value) and math.isnan(reading.value))


def test_a_percent_sign_is_read_only_where_the_unit_is_a_percentage():
    assert parse.number("85 %", percent=True).value == 85.0
    with pytest.raises(ParseError):
        parse.number("85%")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12 500 тыс.", 12.5e6), ("1,5 млрд тенге", 1.5e9), ("2 млн ₸", 2e6), ("3 мың", 3e3)],
)
def test_words_of_size_are_read_only_where_declared(text, expected):
    assert parse.number(text, suffixes=True).value == expected
    with pytest.raises(ParseError):
        parse.number(text)


@given(
    value=st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False),
    mark=st.sampled_from(".,"),
    space=st.sampled_from(SPACES),
)
def test_a_number_survives_being_written_in_any_style(value, mark, space):
    text = f"{value:,.2f}".replace(",", space).replace(".", mark)

    assert parse.number(text, decimal=mark).value == float(value)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_a_cell_gives_a_finite_number_or_a_reason_and_nothing_else(value):
    try:
        reading = parse.number(value)
    except ParseError as refused:
        assert refused.code and str(refused)
    else:
        assert math.isfinite(reading.value) or reading.code in ("cell.missing", "cell.bounded")


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 31),
        datetime(2026, 3, 31, 23, 30),
        "2026-03-31",
        "31.03.2026",
        "31.03.26",
        "31/03/2026",
        "2026-03-31T23:30+05:00",
        "31 марта 2026 г.",
        "«31» марта 2026 года",
        "2026 жылғы 31 наурыз",
        "March 31, 2026",
        "31 March 2026",
        46112.0,
    ],
)
def test_a_day_is_read_in_every_style_of_three_languages_as_written(value):
    assert parse.day(value).value == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("03/04/2026", "cell.date-ambiguous"),
        ("29.02.2025", "cell.type-error"),
        ("31 брюмера 2026", "cell.type-error"),
        (60.0, "value.date-range"),
        (99999999.0, "value.date-range"),
        (date(2206, 1, 1), "value.date-range"),
    ],
)
def test_a_day_that_is_two_days_or_none_is_refused(value, code):
    with pytest.raises(ParseError) as refused:
        parse.day(value)

    assert refused.value.code == code


def test_an_agreed_order_settles_a_slashed_date():
    assert parse.day("03/04/2026", order="dmy").value == date(2026, 4, 3)
    assert parse.day("03/04/2026", order="mdy").value == date(2026, 3, 4)


@given(st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.none()))
def test_no_cell_makes_reading_a_day_fail_otherwise_than_by_refusing(value):
    try:
        parse.day(value)
    except ParseError as refused:
        assert refused.code


def test_text_is_cleaned_of_what_nobody_typed():
    assert parse.clean(" H-\u200b001\u00a0") == "H-001"
    assert parse.clean("a_x0007_b_x000D_c") == "ab c"
    assert parse.has_control("a_xD83D_b")
    assert not parse.has_control("a_x000D_b")
