"""Periods as people write them in three languages, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics import periods
from delivery_analytics.parse import ParseError
from delivery_analytics.periodtext import period

ROMAN = ["I", "II", "III", "IV"]
RU = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

YEARS = st.integers(1990, 2079)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 кв. 2026", "2026-Q1"),
        ("I квартал 2026 года", "2026-Q1"),
        ("2025 жылғы 1-тоқсан", "2025-Q1"),
        ("2026Q1", "2026-Q1"),
        ("Q1 2026", "2026-Q1"),
        ("1Q26", "2026-Q1"),
        ("янв-март 2026", "2026-Q1"),
        ("июнь 2024", "2024-06"),
        ("06.2024", "2024-06"),
        ("2024-06", "2024-06"),
        ("Jan-26", "2026-01"),
        ("2024", "2024"),
        ("2024 г.", "2024"),
        ("20142)", "2014"),
        ("2024*", "2024"),
        ("I полугодие 2024", "2024-S1"),
        ("H2 2026", "2026-S2"),
        (2024.0, "2024"),
    ],
)
def test_a_period_is_read_as_it_is_written(text, expected):
    assert period(text).value == expected


@given(YEARS, st.integers(1, 4))
def test_a_quarter_is_read_in_three_languages(year, quarter):
    for text in (
        f"{ROMAN[quarter - 1]} квартал {year} года",
        f"{quarter} кв. {year}",
        f"{year} жылғы {quarter}-тоқсан",
        f"{ROMAN[quarter - 1]} тоқсан {year}",
        f"Q{quarter} {year}",
        f"{year}-Q{quarter}",
    ):
        assert period(text).value == f"{year}-Q{quarter}"


@given(YEARS, st.integers(1, 12))
def test_a_month_is_read_in_three_languages(year, month):
    for text in (
        f"{RU[month - 1]} {year} г.",
        f"{year} жылғы {KK[month - 1]}",
        f"{EN[month - 1]} {year}",
        f"{month:02}.{year}",
        f"{year}-{month:02}",
    ):
        assert period(text, frequency=periods.MONTHLY).value == f"{year}-{month:02}"


@given(YEARS, st.integers(1, 12))
def test_months_since_january_are_a_month_of_a_cumulative_series_only(year, months):
    texts = [f"{months} мес. {year}"]
    if months > 1:
        texts += [
            f"январь–{RU[months - 1]} {year} года",
            f"{year} жылғы қаңтар-{KK[months - 1]}",
        ]
    for text in texts:
        read = period(text, frequency=periods.MONTHLY, cumulative=True)
        assert read.value == f"{year}-{months:02}"
        if months > 1:
            with pytest.raises(ParseError) as refused:
                period(text, frequency=periods.MONTHLY)
            assert refused.value.code == "cell.period-length"


@pytest.mark.parametrize(
    "text", ["1 квартал", "FY26 Q1", "2025/26 Q3", "13.2024", "Маршрут 2024", "весна 2024", ""]
)
def test_a_period_that_cannot_be_placed_is_refused(text):
    with pytest.raises(ParseError) as refused:
        period(text)

    assert refused.value.code == "cell.period-unknown"


def test_a_fiscal_year_is_read_only_where_its_first_month_is_declared():
    assert period("ФГ 2024/25", fiscal_year_start=7).value == "2025"
    with pytest.raises(ParseError):
        period("ФГ 2024/25")


def test_a_period_of_another_length_than_the_indicators_is_refused():
    with pytest.raises(ParseError) as refused:
        period("2024-Q1", frequency=periods.ANNUAL)

    assert refused.value.code == "cell.period-length"


@given(st.text(max_size=25))
def test_any_text_is_a_period_or_refused(text):
    try:
        assert periods.is_period(period(text).value)
    except ParseError as refused:
        assert refused.code.startswith("cell.period")
