"""What a cell's text means, and what is refused because it could mean two things."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.parsing import parse, parse_days
from delivery_analytics.parsing.parse import ParseError

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
    ["inf", "1e3", "0x1F", "1O5", "1_000", "12 34", "1 23,5", "сто", "#N/A", ">=90", True],
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
        ("78,8*", 78.8, "marked"),
        ("78,8 1)", 78.8, "marked"),
        ("78,8 [p]", 78.8, "provisional"),
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
    assert parse_days.day(value).value == date(2026, 3, 31)


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
        parse_days.day(value)

    assert refused.value.code == code


def test_an_agreed_order_settles_a_slashed_date():
    assert parse_days.day("03/04/2026", order="dmy").value == date(2026, 4, 3)
    assert parse_days.day("03/04/2026", order="mdy").value == date(2026, 3, 4)


@given(st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.none()))
def test_no_cell_makes_reading_a_day_fail_otherwise_than_by_refusing(value):
    try:
        parse_days.day(value)
    except ParseError as refused:
        assert refused.code


def test_text_is_cleaned_of_what_nobody_typed():
    assert parse.clean(" H-\u200b001\u00a0") == "H-001"
    assert parse.clean("a_x0007_b_x000D_c") == "ab c"
    assert parse.has_control("a_xD83D_b")
    assert not parse.has_control("a_x000D_b")


# What a mark, a space or a sign can mean, one rule a test.


@pytest.mark.parametrize(
    "space", list(" \u00a0\u1680\u2000\u2002\u2003\u2007\u2009\u200a\u202f\u205f\u3000\t")
)
def test_any_kind_of_space_may_part_thousands(space):
    assert parse.number(f"12{space}345{space}678,9").value == 12345678.9


@pytest.mark.parametrize(
    "text", ["1 2345", "12 34", "1234 567", "1 234 5", "1,23,456", "1 234.567.8"]
)
def test_groups_that_are_not_of_three_digits_are_no_thousands(text):
    with pytest.raises(ParseError) as refused:
        parse.number(text)

    assert refused.value.code == "cell.type-error"


@pytest.mark.parametrize("text", ["1,234,5", "1.234.5", "12.345.6", "1 234 567 8"])
def test_one_mark_is_never_both_the_thousands_and_the_decimal_mark(text):
    with pytest.raises(ParseError):
        parse.number(text)


@pytest.mark.parametrize(
    ("text", "value"), [("0,845", 0.845), ("0.845", 0.845), ("-0,123", -0.123)]
)
def test_nobody_leads_thousands_with_a_nought_so_a_share_is_read(text, value):
    assert parse.number(text).value == value


@pytest.mark.parametrize("text", ["0 123", "01 234", "0,123,456", "012,345", "00,123"])
def test_thousands_that_begin_with_a_nought_are_refused(text):
    with pytest.raises(ParseError):
        parse.number(text)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("1 234,5", "."),
        ("1 234.5", ","),
        ("1'234,567", "."),
        ("12.5", ","),
        ("12,5", "."),
        ("0,845", "."),
        ("1.234,5", "."),
        ("1,234.5", ","),
        ("1.234.567", "."),
    ],
)
def test_a_mark_other_than_the_declared_one_is_refused(text, decimal):
    with pytest.raises(ParseError):
        parse.number(text, decimal=decimal)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\u0661\u0662\u0663", 123),  # Arabic-Indic digits
        ("\u0967\u0968", 12),  # Devanagari
        ("\uff11\uff12\uff0c\uff15", 12.5),  # full-width, with its comma
        ("\U0001d7d3", 5),  # a bold five
    ],
)
def test_the_digits_of_any_script_are_digits(text, value):
    assert parse.number(text).value == value


@pytest.mark.parametrize(
    "text", ["\u00bd", "\u2167", "\u2464", "\u0661\u066b\u0665", "1/2", "5\u00b11"]
)
def test_signs_that_are_more_than_digits_are_refused(text):
    with pytest.raises(ParseError):
        parse.number(text)


@pytest.mark.parametrize("value", ["12\n345", "1\r\n234", "40\u2028 31", "план 40\nфакт 31"])
def test_two_figures_on_two_lines_of_a_cell_are_not_one(value):
    with pytest.raises(ParseError) as refused:
        parse.number(value)

    assert refused.value.code == "cell.type-error"


def test_a_word_for_no_figure_may_run_over_two_lines():
    assert parse.number("нет\nданных").code == "cell.missing"
    assert parse.number("5\n").value == 5


@pytest.mark.parametrize("value", ["9" * 400, 10**400, "9" * 300 + " трлн"])
def test_a_figure_too_large_for_a_number_is_refused(value):
    with pytest.raises(ParseError) as refused:
        parse.number(value, suffixes=True)

    assert refused.value.code == "cell.not-finite"
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    "text", ["(123", "123)", "(-5)", "5-", "- 5", "--5", "+-5", "%5", "5%%", ",5", "5,", "."]
)
def test_half_a_sign_is_refused(text):
    with pytest.raises(ParseError):
        parse.number(text, percent=True)


@pytest.mark.parametrize("text", ["85%", "85 %", "85％", "+85%", "85 %*"])
def test_every_way_to_write_a_percentage_is_the_same(text):
    assert parse.number(text, percent=True).value == 85


@pytest.mark.parametrize("text", ["≥90%", "> 90 %", "90–95 %", "≤1,5", "1,5-2,5", "10 - 15"])
def test_a_bound_or_a_range_is_kept_as_said_and_is_no_figure(text):
    reading = parse.number(text, percent=True)

    assert math.isnan(reading.value)
    assert (reading.code, reading.status) == ("cell.bounded", "bounded")


@pytest.mark.parametrize(
    "text", ["5*", "5 **", "5†", "5¹", "5[1]", "5 [note 12]", "5 2)", "5 12)"]
)
def test_a_footnotes_mark_is_no_part_of_the_figure(text):
    reading = parse.number(text)

    assert (reading.value, reading.status) == (5, "marked")
    assert reading.code == "cell.mark-unknown"


@pytest.mark.parametrize(
    "text",
    [
        "1 млн 200",
        "5 тыс. 300 тенге",
        "5 тыс. млн",
        "5тг6",
        "1$2",
        "12 тыс. чел.",
        "5 млнов",
        "млн 5",
        "5 метров",
    ],
)
def test_words_beside_a_size_are_never_dropped_to_make_a_figure(text):
    with pytest.raises(ParseError):
        parse.number(text, suffixes=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-5 млн", -5e6),
        ("$5 bn", 5e9),
        ("£1.5m", 1.5e6),
        ("5k", 5e3),
        ("0,5 трлн тенге", 5e11),
        ("5 mln KZT", 5e6),
        ("7 тг.", 7),
        ("-£2.60m", -2.6e6),
        ("(£2.60m)", -2.6e6),
        ("−12,5 млн тг", -12.5e6),
        ("€1.2bn", 1.2e9),
        ("USD 5m", 5e6),
        ("1 234,50 ₽", 1234.5),
        ("1 234 тыс.", 1.234e6),
        ("12", 12),
    ],
)
def test_a_size_and_a_currency_stand_at_the_ends(text, value):
    assert parse.number(text, suffixes=True).value == value


def test_a_size_leaves_what_is_ambiguous_ambiguous():
    with pytest.raises(ParseError) as refused:
        parse.number("1,234 млн", suffixes=True)

    assert refused.value.code == "cell.number-ambiguous"


STYLES = [
    (group, mark)
    for group in ["", " ", "\u00a0", "\u202f", "'", "’", ",", "."]
    for mark in ".,"
    if group != mark
]


@given(
    value=st.floats(allow_nan=False, allow_infinity=False, width=64),
    style=st.sampled_from(STYLES),
    minus=st.sampled_from("-\u2212\u2013"),
)
def test_every_float_survives_every_style_of_grouping_and_decimal_mark(value, style, minus):
    group, mark = style
    text = f"{value:,f}" if abs(value) < 1e15 else f"{value:,.1f}"
    expected = float(text.replace(",", ""))
    text = text.replace(",", "G").replace(".", mark).replace("G", group).replace("-", minus)

    assert parse.number(text, decimal=mark).value == expected


def readings(text):
    """Return what `text` is to people who write ``.``, and to people who write ``,``."""
    found = set()
    for group, mark in ((",", "."), (".", ",")):
        whole, _, rest = text.partition(mark)
        head, *groups = whole.split(group)
        fits = rest.isdigit() or mark not in text
        grouped = all(len(one) == 3 and one.isdigit() for one in groups) and 1 <= len(head) <= 3
        if head.isdigit() and fits and ((grouped and head[0] != "0") or not groups):
            found.add(float(f"{head}{''.join(groups)}.{rest or 0}"))
    return found


@given(st.text("0123,.", min_size=1, max_size=10))
def test_what_two_countries_read_as_two_numbers_is_never_guessed(text):
    meant = readings(text)
    try:
        value = parse.number(text).value
    except ParseError as refused:
        if len(meant) > 1:
            assert refused.code == "cell.number-ambiguous"
        return
    if not math.isnan(value):
        assert meant == {value}


@given(
    st.one_of(
        st.text(max_size=20), st.text("0123456789 ,.-%()'*≥~[]\n\u00a0тысмлн", max_size=14)
    ),
    st.sampled_from(["auto", ".", ","]),
    st.booleans(),
    st.booleans(),
)
def test_no_text_makes_reading_a_number_fail_otherwise_than_by_refusing(
    text, decimal, percent, suffixes
):
    try:
        reading = parse.number(text, decimal=decimal, percent=percent, suffixes=suffixes)
    except ParseError as refused:
        assert refused.code
        return
    assert math.isfinite(reading.value) or reading.code in ("cell.missing", "cell.bounded")


# Days.


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["en", "en_GB", "ru", "kk"]),
    st.sampled_from(["medium", "long"]),
)
def test_a_day_that_babel_writes_in_any_of_our_languages_is_read_back(day, locale, form):
    from babel.dates import format_date

    assert parse_days.day(format_date(day, form, locale=locale)).value == day


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["dmy", "mdy"]))
def test_a_day_survives_every_plain_form(day, order):
    slashed = f"{day:%d/%m/%Y}" if order == "dmy" else f"{day:%m/%d/%Y}"
    serial = (day - date(1899, 12, 30)).days
    forms = [
        f"{day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y.%m.%d}",
        slashed,
        serial,
        float(serial),
    ]

    assert {parse_days.day(form, order=order).value for form in forms} == {day}


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_slashed_date_is_read_without_an_order_only_where_it_is_one_day(day):
    text = f"{day:%d/%m/%Y}"
    if day.day > 12 or day.day == day.month:
        assert parse_days.day(text).value == day
    else:
        with pytest.raises(ParseError) as refused:
            parse_days.day(text)
        assert refused.value.code == "cell.date-ambiguous"


@pytest.mark.parametrize(
    ("text", "year"), [("05.03.24", 2024), ("05.03.00", 2000), ("05.03.89", 2089)]
)
def test_two_digits_are_a_year_of_this_century(text, year):
    assert parse_days.day(text).value == date(year, 3, 5)


@pytest.mark.parametrize("text", ["05.03.95", "31.12.99", "01.01.90"])
def test_two_digits_that_can_be_of_either_century_are_refused(text):
    with pytest.raises(ParseError, match="Write the year in full") as refused:
        parse_days.day(text)

    assert refused.value.code == "cell.date-ambiguous"


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 план 2024-06-01",
        "05.03.2024 05.04.2024",
        "до 05.03.2024",
        "05.03.2024-10.03.2024",
        "март 2024",
        "5 марта",
        "2024-03",
        "46112",
        "истина",
    ],
)
def test_a_day_with_anything_more_or_less_beside_it_is_refused(text):
    with pytest.raises(ParseError) as refused:
        parse_days.day(text)

    assert refused.value.code == "cell.type-error"


@pytest.mark.parametrize(
    "text", ["31.12.2024 0:00:00", "2024-12-31T23:59:59.9Z", "2024-12-31 23:30 +05:00"]
)
def test_an_hour_beside_a_day_never_moves_it(text):
    assert parse_days.day(text).value == date(2024, 12, 31)


@pytest.mark.parametrize("value", [45000.5, -1, 0, 1e300, math.nan, math.inf])
def test_a_number_that_is_no_day_is_refused(value):
    with pytest.raises(ParseError) as refused:
        parse_days.day(value)

    assert refused.value.code == "value.date-range"


@given(
    st.text("0123456789./-: ТtzZ«»мартжылгnd,", max_size=20),
    st.sampled_from(["", "dmy", "mdy"]),
)
def test_no_text_makes_reading_a_day_fail_otherwise_than_by_refusing(text, order):
    try:
        value = parse_days.day(text, order=order).value
    except ParseError as refused:
        assert refused.code
        return
    assert value is None or parse_days.EARLIEST <= value <= parse_days.LATEST


@given(st.one_of(st.text(max_size=10), st.booleans(), st.floats(), st.none(), st.dates()))
def test_a_cell_says_yes_or_no_or_is_refused(value):
    try:
        assert parse.flag(value).value in (True, False)
    except ParseError as refused:
        assert refused.code == "cell.type-error"
