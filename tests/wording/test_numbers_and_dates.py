import math
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.model import periods
from delivery_analytics.model.registry import Unit, open_registry
from delivery_analytics.wording.wording import open_wording

EN, RU, KK = open_wording("en"), open_wording("ru"), open_wording("kk")
ALL = [EN, RU, KK]
each_language = pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)

RATE = Unit(id="per_1000", name={"en": "per 1,000 births"})
PERCENT = Unit(id="percent", name={"en": "per cent"}, kind="percent")
TENGE = Unit(id="kzt", name={"en": "tenge"}, kind="money", decimals=0)
YEARS = Unit(
    id="years",
    name={"en": "years"},
    symbol={"en": "years", "ru": "лет", "kk": "жас"},
    decimals=2,
)


def plain(text):
    """With ordinary spaces: where a line may break is a test of its own."""
    return text.replace("\u00a0", " ")


# Numbers


@pytest.mark.parametrize(
    ("words", "text"), [(EN, "1,234,567.5"), (RU, "1 234 567,5"), (KK, "1 234 567,5")]
)
def test_thousands_are_parted_and_the_decimal_mark_is_the_languages(words, text):
    assert words.number(1234567.5) == text.replace(" ", "\u00a0")


def test_halves_go_away_from_zero_as_in_a_spreadsheet():
    assert [EN.number(x) for x in (84.25, 84.35, -84.25)] == ["84.3", "84.4", "−84.3"]
    assert EN.number(2.675, 2) == "2.68"
    assert EN.number(84.499999999999986, 0) == "85"


def test_what_rounds_to_zero_has_no_sign():
    assert EN.number(-0.04) == "0.0"
    assert EN.signed(-0.04) == EN.signed(0.04) == "0.0"


def test_zeros_at_the_end_are_dropped_on_demand():
    assert EN.number(12.5, 3, strip=True) == "12.5"
    assert EN.number(1200, 1, strip=True) == "1,200"


@pytest.mark.parametrize("x", [None, float("nan"), pd.NA, pd.NaT, np.nan, math.inf])
def test_a_missing_number_is_a_dash_with_nothing_behind_it(x):
    said = [
        RU.number(x),
        RU.signed(x),
        RU.percent(x),
        RU.points(x),
        RU.money(x, "KZT"),
        RU.value(x, YEARS),
        RU.change(x, TENGE),
    ]

    assert set(said) == {"–"}


def test_a_signed_number_has_a_plus_or_a_true_minus():
    assert (EN.signed(1.25), RU.signed(-1.25)) == ("+1.3", "\u22121,3")


@pytest.mark.parametrize(("words", "text"), [(EN, "84.5%"), (RU, "84,5 %"), (KK, "84,5 %")])
def test_a_per_cent_sign_keeps_to_its_number(words, text):
    assert words.percent(84.5) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("words", "text"), [(EN, "−1.2 percentage points"), (RU, "−1,2 п.п."), (KK, "−1,2 п.т.")]
)
def test_a_difference_of_percentages_is_in_percentage_points(words, text):
    assert plain(words.points(-1.2)) == plain(words.change(-1.2, PERCENT)) == text
    assert words.points(1.2, sign=True).startswith("+")


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 4))
def test_a_number_reads_back_within_half_of_its_last_digit(x, decimals):
    for words, group, mark in ((EN, ",", "."), (RU, "\u00a0", ",")):
        said = words.number(x, decimals).replace(group, "").replace(mark, ".")
        back = Decimal(said.replace("−", "-"))

        assert abs(back - Decimal(f"{x:.15g}")) <= Decimal(5).scaleb(-decimals - 1)


# Money and units


@pytest.mark.parametrize(
    ("amount", "english", "russian"),
    [
        (15_050_000_000_000, "₸15.05 tn", "15,05 трлн ₸"),
        (254_310_000_000, "₸254.3 bn", "254,3 млрд ₸"),
        (1_234_567, "₸1.23 m", "1,23 млн ₸"),
        (950_000, "₸950,000", "950 000 ₸"),
        (12.5, "₸12.50", "12,50 ₸"),
        (0, "₸0", "0 ₸"),
        (-5_200_000_000, "−₸5.20 bn", "−5,20 млрд ₸"),
        (999_996_000_000, "₸1.00 tn", "1,00 трлн ₸"),
    ],
)
def test_money_is_told_in_trillions_billions_and_millions(amount, english, russian):
    assert plain(EN.money(amount, "KZT", short=True)) == english
    assert plain(RU.money(amount, "KZT", short=True)) == russian
    assert plain(KK.money(amount, "KZT", short=True)) == russian

    for short, long in {" tn": " trillion", " bn": " billion", " m": " million"}.items():
        english = english.removesuffix(short) + long * english.endswith(short)
    assert plain(EN.money(amount, "KZT")) == english
    assert plain(RU.money(amount, "KZT")) == russian.replace("₸", "тенге")
    assert plain(KK.money(amount, "KZT")) == russian.replace("₸", "теңге")


def test_other_currencies_have_their_sign_or_their_code():
    assert plain(EN.money(1.2e9, "GBP")) == "£1.20 billion"
    assert plain(RU.money(1.2e9, "USD")) == "1,20 млрд $"
    assert plain(EN.money(3e6, "CHF")) == "CHF 3.00 million"


def test_a_value_has_the_decimals_and_the_symbol_of_its_unit():
    assert [plain(w.value(75.4, YEARS)) for w in ALL] == [
        "75.40 years",
        "75,40 лет",
        "75,40 жас",
    ]
    assert plain(RU.value(84.5, PERCENT)) == "84,5 %"
    assert EN.value(11.4, RATE) == "11.4"
    assert plain(KK.value(2.1e12, TENGE)) == "2,10 трлн теңге"
    assert plain(EN.change(0.4, YEARS)) == "+0.40 years"


def test_a_name_falls_back_to_english_and_then_to_any():
    assert RU.name({"en": "Health", "ru": "Здравоохранение"}) == "Здравоохранение"
    assert KK.name({"en": "Health", "kk": ""}) == "Health"
    assert EN.name({"kk": "Денсаулық"}) == "Денсаулық"
    assert EN.name({}) == ""


# Days and periods


@pytest.mark.parametrize(
    ("words", "full", "short"),
    [
        (EN, "30 June 2024", "30 Jun 2024"),
        (RU, "30 июня 2024 года", "30.06.2024"),
        (KK, "2024 жылғы 30 маусым", "30.06.2024"),
    ],
)
@pytest.mark.parametrize(
    "day",
    [
        date(2024, 6, 30),
        datetime(2024, 6, 30, 23, 59),
        pd.Timestamp("2024-06-30"),
        np.datetime64("2024-06-30"),
        "2024-06-30",
    ],
)
def test_a_day_is_written_as_the_language_does(words, full, short, day):
    assert plain(words.date(day)) == full
    assert words.short_date(day) == short


@each_language
def test_a_missing_day_or_period_is_a_dash(words):
    assert {words.date(None), words.date(pd.NaT), words.short_date(""), words.period("")} == {
        "–"
    }


RUSSIAN = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
GENITIVE = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
KAZAKH_MONTHS = (
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"
)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_stands_alone_in_a_period_and_is_inflected_in_a_day(month):
    period, day = f"2024-{month:02d}", date(2024, month, 1)
    kazakh = KAZAKH_MONTHS.split()[month - 1]

    assert plain(RU.period(period)) == f"{RUSSIAN.split()[month - 1]} 2024 года"
    assert plain(RU.date(day)) == f"1 {GENITIVE.split()[month - 1]} 2024 года"
    assert plain(KK.period(period)) == f"2024 жылғы {kazakh}"
    assert plain(KK.date(day)) == f"2024 жылғы 1 {kazakh}"


@pytest.mark.parametrize(
    ("period", "english", "russian", "kazakh"),
    [
        ("2024-Q1", "Q1 2024", "I квартал 2024 года", "2024 жылғы I тоқсан"),
        ("2024-Q2", "Q2 2024", "II квартал 2024 года", "2024 жылғы II тоқсан"),
        ("2024-Q4", "Q4 2024", "IV квартал 2024 года", "2024 жылғы IV тоқсан"),
        ("2024-S1", "first half of 2024", "I полугодие 2024 года", "2024 жылғы I жартыжылдық"),
        (
            "2024-S2",
            "second half of 2024",
            "II полугодие 2024 года",
            "2024 жылғы II жартыжылдық",
        ),
        ("2024-12", "December 2024", "декабрь 2024 года", "2024 жылғы желтоқсан"),
        ("2024", "2024", "2024 год", "2024 жыл"),
    ],
)
def test_a_period_is_written_as_the_language_does(period, english, russian, kazakh):
    assert [plain(words.period(period)) for words in ALL] == [english, russian, kazakh]


@pytest.mark.parametrize(
    ("period", "english", "russian", "kazakh"),
    [
        ("2024-06", "Jun 2024", "июн 2024", "2024 мау"),
        ("2024-05", "May 2024", "май 2024", "2024 мам"),
        ("2024-Q3", "Q3 2024", "III кв. 2024", "2024 III тқс."),
        ("2024-S2", "H2 2024", "II п/г 2024", "2024 II ж/ж"),
        ("2024", "2024", "2024", "2024"),
    ],
)
def test_a_period_on_an_axis_is_short(period, english, russian, kazakh):
    assert [words.short_period(period) for words in ALL] == [english, russian, kazakh]


@each_language
@pytest.mark.parametrize("freq", ["annual", "half_yearly", "quarterly", "monthly"])
def test_no_two_periods_of_a_year_are_written_alike(words, freq):
    first = periods.containing(date(2023, 1, 1), freq)
    last = periods.containing(date(2024, 12, 31), freq)
    span = periods.span(first, last)

    for write in (words.period, words.short_period, words.by_end_of):
        assert len({write(period) for period in span}) == len(span)
        assert all(period[:4] in write(period) for period in span)


def test_years_are_a_span_and_other_periods_stand_whole():
    assert [plain(words.span("2010", "2023")) for words in ALL] == [
        *("2010 to 2023", "2010–2023 годы", "2010–2023 жылдар")
    ]
    assert plain(RU.span("2024", "2024")) == "2024 год"
    assert plain(RU.span("2023-Q4", "2024-Q1")) == "IV квартал 2023 года – I квартал 2024 года"


def test_the_day_a_figure_is_expected_by_is_in_the_case_the_sentence_needs():
    assert plain(RU.by_end_of("2024-06")) == "к концу июня 2024 года"
    assert plain(RU.by_end_of("2024-Q2")) == "к концу II квартала 2024 года"
    assert plain(KK.by_end_of("2024-06")) == "2024 жылғы маусым айының соңына қарай"
    assert plain(KK.by_end_of("2023")) == "2023 жылдың соңына қарай"


def test_a_year_keeps_to_its_word():
    assert RU.date("2024-06-30").endswith("2024\u00a0года")
    assert KK.period("2024-06").startswith("2024\u00a0жылғы")


# Charts


@pytest.mark.parametrize(
    ("words", "months"), [(RU, RUSSIAN), (KK, KAZAKH_MONTHS)], ids=["ru", "kk"]
)
def test_months_of_a_chart_stand_alone(words, months):
    time = words.vega_locale()["time"]

    assert time["months"] == months.split()
    assert time["shortMonths"] == [name[:3] for name in months.split()]
    assert "%B" not in time["date"] + time["dateTime"]


def test_weeks_of_a_chart_begin_with_sunday():
    assert [words.vega_locale()["time"]["days"][0] for words in ALL] == [
        "Sunday",
        "воскресенье",
        "жексенбі",
    ]


def test_numbers_of_a_chart_are_written_like_all_others():
    number = KK.vega_locale()["number"]

    assert (number["decimal"], number["thousands"]) == (",", "\u00a0")
    assert number["minus"] == "−"


@each_language
def test_a_charts_locale_has_every_key_that_d3_reads(words):
    locale = words.vega_locale()

    assert {*locale["number"]} >= {"decimal", "thousands", "grouping", "currency"}
    assert {*locale["time"]} == {
        *("dateTime", "date", "time", "periods"),
        *("days", "shortDays", "months", "shortMonths"),
    }
    assert [len(locale["time"][key]) for key in ("days", "shortDays")] == [7, 7]


SCHOOLS = Unit(
    id="schools",
    name={"en": "schools"},
    symbol={"en": "schools", "ru": "школ", "kk": "мектеп"},
    template={
        "en": ("{n} school", "{n} schools"),
        "ru": ("{n} школа", "{n} школы", "{n} школ", "{n} школы"),
    },
    kind="count",
    decimals=0,
)
RATIO = Unit(
    id="deaths",
    name={"en": "per 100,000"},
    symbol={"en": "per 100,000", "kk": "(100 000-ға)"},
    template={"kk": ("100 000 тірі туғанға шаққанда {n}",)},
)


def test_a_unit_with_a_template_agrees_with_its_figure():
    assert [plain(RU.value(n, SCHOOLS)) for n in (1, 2, 5, 21)] == [
        *("1 школа", "2 школы", "5 школ", "21 школа")
    ]
    assert plain(RU.value(1.5, SCHOOLS, 1)) == "1,5 школы"
    assert [EN.value(n, SCHOOLS).split("\u00a0")[1] for n in (1, 0)] == ["school", "schools"]
    assert plain(RU.change(-112, SCHOOLS)) == "−112 школ"
    assert plain(KK.value(1, SCHOOLS)) == "1 мектеп"  # no template: its symbol
    assert RU.value(None, SCHOOLS) == "–"


def test_two_numbers_never_stand_side_by_side():
    assert KK.value(9.1, RATIO) == "100 000 тірі туғанға шаққанда\u00a09,1"
    assert plain(EN.value(9.1, RATIO)) == "9.1 per 100,000"


@pytest.mark.parametrize("words", ALL, ids=["en", "ru", "kk"])
def test_units_of_the_example_have_a_template_with_a_form_for_each_plural_or_one_for_all(words):
    units = [one for one in open_registry().units.values() if one.id not in ("percent", "kzt")]
    forms = [one.template[words.language] for one in units]

    assert {*map(len, forms)} <= {1, len(words.plural_categories)}
    assert all(form.count("{n}") == 1 for each in forms for form in each)


def russian_form(text):
    """Return the place of the form that a written number asks for, by the school's rule."""
    whole, _, fraction = text.partition(",")
    if fraction:
        return 3
    tens, ones = int(whole[-2:]), int(whole[-1])
    if 11 <= tens <= 14 or ones == 0 or ones > 4:
        return 2
    return 0 if ones == 1 else 1


@given(
    st.one_of(st.integers(-300, 300), st.floats(-1e6, 1e6, allow_nan=False)),
    st.integers(0, 3),
    st.sampled_from(["days", "years", "schools", "people", "jobs"]),
)
def test_every_number_has_the_form_that_it_asks_for(number, decimals, unit):
    forms = open_registry().units[unit].template
    one = Unit(id=unit, name={"en": unit}, template=forms)

    digits = plain(RU.number(number, decimals)).lstrip("−")
    said = plain(RU.value(number, one, decimals)).lstrip("−").removeprefix(digits)
    assert said == forms["ru"][russian_form(digits.replace(" ", ""))].removeprefix("{n}")
    alone = digits.replace(" ", "") == "1"
    spoken = plain(EN.value(number, one, decimals)).split(" ", 1)[1]
    assert spoken == forms["en"][not alone].removeprefix("{n} ")
