import math
import re
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics import periods, phrases, schema, status
from delivery_analytics.errors import DefinitionError
from delivery_analytics.locales.letters import KAZAKH
from delivery_analytics.registry import Unit
from delivery_analytics.wording import open_wording

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


# Languages and texts


def test_an_unknown_language_is_refused_with_the_ones_there_are():
    with pytest.raises(DefinitionError, match="no language 'fr'.*en, kk, ru"):
        open_wording("fr")


def test_a_language_is_never_read_as_a_path():
    with pytest.raises(DefinitionError):
        open_wording("../locales/ru")


def test_the_english_text_is_the_key():
    assert EN("Not reported") == "Not reported"
    assert RU("Not reported") == "Не представлено"
    assert KK("Not reported") == "Ұсынылмаған"


def test_a_text_that_is_not_translated_stays_english_and_is_remembered():
    words = open_wording("kk")

    assert words("A text of {n} nobody translated", n=3) == "A text of 3 nobody translated"
    assert words.missing == {"A text of {n} nobody translated"}
    assert KK("Not reported") not in KK.missing


def test_english_misses_nothing_and_an_empty_text_is_empty_in_every_language():
    words = open_wording("en")
    words("A text nobody translated")

    assert words.missing == set()
    assert [words("") for words in ALL] == ["", "", ""]


def test_a_value_is_put_in_as_it_stands_and_never_read_as_a_pattern():
    assert RU("{n} of {all}", n="{all}", all="{n.__class__}") == "{all} из {n.__class__}"
    assert EN("{n} of {all}", n=2024, all="x") == "2024 of x"


def test_only_plain_names_are_replaced():
    assert EN("{n.real} {0} {n!r} {}", n=1) == "{n.real} {0} {n!r} {}"


def test_a_text_without_its_value_is_a_fault_of_the_caller():
    with pytest.raises(KeyError, match="No value for {all}"):
        RU("{n} of {all}", n=3)


# Plurals


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1 показатель"),
        (2, "2 показателя"),
        (4, "4 показателя"),
        (5, "5 показателей"),
        (11, "11 показателей"),
        (12, "12 показателей"),
        (21, "21 показатель"),
        (22, "22 показателя"),
        (111, "111 показателей"),
        (0, "0 показателей"),
        (1.5, "1,5 показателя"),
        (1234, "1 234 показателя"),
        (np.int64(21), "21 показатель"),
    ],
)
def test_russian_has_four_plural_forms(n, text):
    assert plain(RU.plural("{n} indicator", "{n} indicators", n)) == text


@pytest.mark.parametrize("n", [1, 2, 5, 1.5])
def test_a_kazakh_noun_stays_singular_after_a_number(n):
    said = KK.plural("{n} indicator", "{n} indicators", n)

    assert said == f"{KK.number(n, strip=True)} көрсеткіш"


def test_english_has_two_plural_forms_and_needs_no_translation():
    assert EN.plural("{n} goat of {who}", "{n} goats of {who}", 1, who="A") == "1 goat of A"
    assert EN.plural("{n} goat of {who}", "{n} goats of {who}", 0, who="A") == "0 goats of A"


def test_a_plural_that_is_not_translated_stays_english_and_is_remembered():
    words = open_wording("ru")

    assert words.plural("{n} goat", "{n} goats", 2) == "2 goats"
    assert words.missing == {"{n} goat"}


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
        RU.money(x),
        RU.money_full(x),
        RU.value(x, YEARS),
        RU.change(x, TENGE),
    ]

    assert set(said) == {"–"}


def test_a_signed_number_has_a_plus_or_a_true_minus():
    assert (EN.signed(1.25), RU.signed(-1.25)) == ("+1.3", "\u22121,3")


@pytest.mark.parametrize(("words", "text"), [(EN, "84.5 %"), (RU, "84,5 %"), (KK, "84,5 %")])
def test_a_per_cent_sign_keeps_to_its_number(words, text):
    assert words.percent(84.5) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("words", "text"), [(EN, "−1.2 pp"), (RU, "−1,2 п.п."), (KK, "−1,2 п.т.")]
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
    assert EN.money(amount) == english.replace(" ", "\u00a0")
    assert RU.money(amount) == KK.money(amount) == russian.replace(" ", "\u00a0")


def test_other_currencies_have_their_sign_or_their_code():
    assert plain(EN.money(1.2e9, "GBP")) == "£1.20 bn"
    assert plain(RU.money(1.2e9, "USD")) == "1,20 млрд $"
    assert plain(EN.money(3e6, "CHF")) == "CHF 3.00 m"


def test_money_in_full_has_every_digit():
    assert EN.money_full(15_050_000_000_000) == "₸15,050,000,000,000"
    assert plain(KK.money_full(1234.5, decimals=2)) == "1 234,50 ₸"


def test_a_value_has_the_decimals_and_the_symbol_of_its_unit():
    assert [plain(w.value(75.4, YEARS)) for w in ALL] == ["75.40 years", "75,40 лет", "75,40 жас"]
    assert plain(RU.value(84.5, PERCENT)) == "84,5 %"
    assert EN.value(11.4, RATE) == "11.4"
    assert plain(KK.value(2.1e12, TENGE)) == "2,10 трлн ₸"
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
        (RU, "30 июня 2024 г.", "30.06.2024"),
        (KK, "2024 ж. 30 маусым", "30.06.2024"),
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
    assert {words.date(None), words.date(pd.NaT), words.short_date(""), words.period("")} == {"–"}


RUSSIAN = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
GENITIVE = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
KAZAKH_MONTHS = (
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"
)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_stands_alone_in_a_period_and_is_inflected_in_a_day(month):
    period, day = f"2024-{month:02d}", date(2024, month, 1)
    kazakh = KAZAKH_MONTHS.split()[month - 1]

    assert plain(RU.period(period)) == f"{RUSSIAN.split()[month - 1]} 2024 г."
    assert plain(RU.date(day)) == f"1 {GENITIVE.split()[month - 1]} 2024 г."
    assert plain(KK.period(period)) == f"2024 ж. {kazakh}"
    assert plain(KK.date(day)) == f"2024 ж. 1 {kazakh}"


@pytest.mark.parametrize(
    ("period", "english", "russian", "kazakh"),
    [
        ("2024-Q1", "Q1 2024", "I квартал 2024 г.", "2024 ж. I тоқсан"),
        ("2024-Q2", "Q2 2024", "II квартал 2024 г.", "2024 ж. II тоқсан"),
        ("2024-Q4", "Q4 2024", "IV квартал 2024 г.", "2024 ж. IV тоқсан"),
        ("2024-S1", "first half of 2024", "I полугодие 2024 г.", "2024 ж. I жартыжылдық"),
        ("2024-S2", "second half of 2024", "II полугодие 2024 г.", "2024 ж. II жартыжылдық"),
        ("2024-12", "December 2024", "декабрь 2024 г.", "2024 ж. желтоқсан"),
        ("2024", "2024", "2024 г.", "2024 ж."),
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


def test_the_day_a_figure_is_expected_by_is_in_the_case_the_sentence_needs():
    assert plain(RU.by_end_of("2024-06")) == "к концу июня 2024 г."
    assert plain(RU.by_end_of("2024-Q2")) == "к концу II квартала 2024 г."
    assert plain(KK.by_end_of("2024-06")) == "2024 ж. маусым айының соңына қарай"
    assert plain(KK.by_end_of("2023")) == "2023 ж. соңына қарай"


def test_a_year_keeps_to_its_abbreviation():
    assert RU.date("2024-06-30").endswith("2024\u00a0г.")
    assert KK.period("2024-06").startswith("2024\u00a0ж.")


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
    assert number["currency"] == ["", "\u00a0₸"]
    assert number["minus"] == "−"
    assert EN.vega_locale()["number"]["currency"] == ["₸", ""]


@each_language
def test_a_charts_locale_has_every_key_that_d3_reads(words):
    locale = words.vega_locale()

    assert {*locale["number"]} >= {"decimal", "thousands", "grouping", "currency"}
    assert {*locale["time"]} == {
        *("dateTime", "date", "time", "periods"),
        *("days", "shortDays", "months", "shortMonths"),
    }
    assert [len(locale["time"][key]) for key in ("days", "shortDays")] == [7, 7]


# Lists and order


@pytest.mark.parametrize(
    ("words", "pair", "three"),
    [(EN, "a and b", "a, b and c"), (RU, "a и b", "a, b и c"), (KK, "a және b", "a, b және c")],
)
def test_a_list_ends_with_and(words, pair, three):
    assert [words.join(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        pair,
        three,
    ]


def test_coverage_says_how_many_of_how_many():
    assert [words.coverage(18, 20) for words in ALL] == ["18 of 20", "18 из 20", "20 ішінен 18"]


def test_the_kazakh_alphabet_has_its_42_letters_in_order():
    assert len(KAZAKH) == len(set(KAZAKH)) == 42
    assert sorted(reversed(KAZAKH), key=KK.sort_key) == list(KAZAKH)


def test_regions_are_sorted_by_the_kazakh_alphabet():
    names = ["Шымкент", "Ұлытау", "Қарағанды", "Әулие", "Абай", "Жетісу", "Көкшетау", "Ырғыз"]

    assert sorted(names, key=KK.sort_key) == [
        *("Абай", "Әулие", "Жетісу", "Көкшетау", "Қарағанды", "Ұлытау", "Шымкент", "Ырғыз"),
    ]


def test_yo_is_a_variant_in_russian_and_a_letter_in_kazakh():
    assert sorted(["ёж", "ель", "езда"], key=RU.sort_key) == ["ёж", "езда", "ель"]
    assert sorted(["ёж", "ель", "езда"], key=KK.sort_key) == ["езда", "ель", "ёж"]


def test_accents_case_and_punctuation_count_last():
    names = ["Zug", "zebra", "Éclair", "«eclair»", "eagle"]

    assert sorted(names, key=EN.sort_key) == ["eagle", "«eclair»", "Éclair", "zebra", "Zug"]


def test_numbers_are_sorted_by_size_and_a_space_before_any_letter():
    assert sorted(["Road 10", "Road 9", "Roads", "Road"], key=EN.sort_key) == [
        *("Road", "Road 9", "Road 10", "Roads"),
    ]


def test_cyrillic_goes_first_except_in_english():
    assert sorted(["Apple", "Аист"], key=RU.sort_key) == ["Аист", "Apple"]
    assert sorted(["Аист", "Apple"], key=EN.sort_key) == ["Apple", "Аист"]


# Codes


@each_language
def test_every_status_has_a_word_and_a_letter_of_its_own(words):
    letters = [words.letter(code) for code in schema.STATUSES]
    names = [words.status(code) for code in schema.STATUSES]

    assert len({*letters}) == len({*names}) == 5
    assert all(1 <= len(letter) <= 2 for letter in letters)
    assert not {*names, *letters} & {*schema.STATUSES}


def test_statuses_are_those_of_the_glossary():
    assert [RU.status(code) for code in schema.STATUSES] == [
        *("Достигнуто", "По плану", "Под риском", "С отставанием", "Не оценено"),
    ]
    assert [KK.status(code) for code in schema.STATUSES] == [
        *("Қол жеткізілді", "Жоспар бойынша", "Тәуекелде", "Кестеден кешігуде", "Бағаланбаған"),
    ]


def test_every_status_method_has_a_name():
    assert {*status.METHODS} <= {*phrases.METHOD}


@each_language
def test_every_code_of_the_tables_has_a_name(words):
    columns = {
        ("targets", "kind"): words.kind,
        ("problems", "severity"): words.severity,
        ("observations", "obs_status"): words.obs_status,
    }
    for (table, column), name in columns.items():
        codes = schema.TABLES[table].columns[column].among
        assert len({name(code) for code in codes} - {*codes}) == len(codes)
    assert words.missing <= {"{n} goat"}


def test_codes_have_names():
    assert RU.direction("decrease") == "Снижение"
    assert KK.frequency("quarterly") == "Тоқсан сайын"
    assert KK.kind("final") == "Нысаналы мән"
    assert RU.problem("cell.number-ambiguous") == "Число можно прочитать двояко"
    assert RU.problem("row.total") == "Итог"
    assert EN.reason_name("no_target") == "No target is agreed"


@each_language
def test_a_code_without_a_name_is_printed_as_it_is(words):
    assert words.problem("cell.never-heard-of") == "cell.never-heard-of"
    assert words.status("paused") == words.letter("paused") == "paused"
    assert words.method("a_new_one") == "a_new_one"
    assert words.reason({"reason": "a_new_one"}, RATE) == "a_new_one."


# Reasons

ROW = {
    "as_of": pd.Timestamp("2024-01-31"),
    "period": "2023",
    "value": 11.4,
    "baseline_value": 13.4,
    "expected_value": 10.2,
    "target_value": 8.0,
    "score": 0.625,
    "reason": "below_trajectory",
}


def reason(words=EN, unit=RATE, direction="decrease", **changed):
    return plain(words.reason({**ROW, **changed}, unit, direction))


def test_a_reason_says_what_was_found_expected_and_how_far_apart_they_are():
    assert reason() == (
        "11.4 against 10.2 expected by the end of 2023 (less is better): "
        "1.2 short of the trajectory (share of planned change delivered: 63 %)."
    )
    assert reason(RU) == (
        "11,4 при ожидаемом к концу 2023 г. значении 10,2 (чем меньше, тем лучше): "
        "отставание от траектории — 1,2 (доля выполненного запланированного изменения — 63 %)."
    )
    assert reason(KK) == (
        "Нақты мәні – 11,4; 2023 ж. соңына қарай күтілген мәні – 10,2 "
        "(неғұрлым аз болса, соғұрлым жақсы): траекториядан артта қалу – 1,2 "
        "(жоспарланған өзгерістің орындалған үлесі – 63 %)."
    )


def test_a_row_of_a_table_is_read_like_a_mapping():
    assert EN.reason(pd.Series(ROW), TENGE, "decrease") == EN.reason(ROW, TENGE, "decrease")


def test_more_is_better_needs_no_explanation():
    row = {"value": 9.0, "expected_value": 8.0, "baseline_value": 4.0, "score": 1.25}

    assert reason(direction="increase", reason="ahead_of_trajectory", **row) == (
        "9.0 against 8.0 expected by the end of 2023: 1.0 ahead of the trajectory "
        "(share of planned change delivered: 125 %)."
    )


def test_the_difference_is_that_of_the_printed_figures():
    # 10.25 - 10.15 is 0.1, and prints as 10.3 against 10.2.
    assert "10.3 against 10.2" in reason(value=10.25, expected_value=10.15)
    assert "0.1 short" in reason(value=10.25, expected_value=10.15)
    # 10.24 - 10.16 is 0.08, and prints as 10.2 against 10.2.
    assert "equal at the shown precision" in reason(value=10.24, expected_value=10.16)


def test_equal_figures_are_said_to_be_equal():
    said = reason(value=10.2, score=1.0, reason="on_trajectory")

    assert "level with the trajectory (share of planned change delivered: 100 %)" in said


def test_a_share_below_the_plan_is_never_shown_as_the_whole():
    row = {"value": 11.0, "expected_value": 10.0, "baseline_value": 900.0, "score": 889 / 890}

    assert "1.0 short of the trajectory (share of planned change delivered: 99.9 %)" in reason(
        **row
    )


def test_a_share_that_is_not_the_methods_score_is_left_out():
    assert "share" not in reason(score=-0.4)
    assert "share" in reason(score=None)
    assert "share" not in reason(direction="maintain")
    assert "share" not in reason(expected_value=14.0, reason="on_trajectory")


def test_a_due_promise_is_measured_by_the_target_it_misses():
    row = {"value": 10.0, "expected_value": 10.2, "target_value": 8.0, "score": None}

    assert reason(**row) == "10.0 against a target of 8.0 (less is better): 2.0 short of the target."


def test_a_reason_reads_rightly_whatever_the_code_claims():
    assert "2.0 short of the target" in reason(reason="target_reached", value=10.0)
    assert "3.4 better than the baseline" in reason(reason="against_direction", value=10.0)
    assert "0.2 beyond the plan" in reason(reason="plan_missed", value=10.0)


def test_plans_are_judged_by_their_execution():
    row = {"value": 45.0, "expected_value": 50.0, "period": "2024-Q2", "score": 90.0}

    assert reason(direction="increase", reason="plan_nearly_met", **row) == (
        "45.0 against a plan of 50.0 for Q2 2024: 5.0 short of the plan (execution: 90 %)."
    )
    assert reason(RU, direction="increase", reason="plan_nearly_met", **row) == (
        "45,0 при плане 50,0 на II квартал 2024 г.: отставание от плана — 5,0 "
        "(исполнение — 90 %)."
    )


def test_percentages_differ_by_percentage_points_and_money_keeps_one_scale():
    assert "1.2 pp short of the trajectory" in reason(unit=PERCENT)
    money = {"value": 10e12, "expected_value": 10.05e12, "baseline_value": 9e11, "score": None}
    said = reason(unit=TENGE, direction="increase", **money)
    assert said.startswith("₸10.00 tn against ₸10.05 tn expected")
    assert "₸0.05 tn short" in said


def test_a_level_to_be_kept_is_above_or_below_and_the_code_says_whether_that_is_allowed():
    row = {"value": 9.0, "target_value": 8.0, "direction": "maintain"}

    assert reason(reason="within_tolerance", **row) == (
        "9.0 against 8.0 to be kept: 1.0 above the target (within the agreed tolerance)."
    )
    assert "1.0 ниже целевого" not in reason(RU, reason="outside_tolerance", **row)
    assert "за пределами согласованного допуска" in reason(RU, reason="outside_tolerance", **row)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no_observation", "Nothing is reported."),
        ("value_missing", "The return gives no figure for 2023."),
        ("no_target", "11.4 reported for 2023, but no target is agreed."),
        ("no_baseline", "11.4 reported for 2023, but no baseline is agreed."),
        ("no_planned_change", "11.4 reported for 2023, but the target equals the baseline."),
        (
            "no_plan_for_period",
            "11.4 reported for 2023, but no plan is agreed for that period.",
        ),
        (
            "target_contradicts_direction",
            "The target, 8.0, is below the baseline, 13.4, but the indicator should rise.",
        ),
        (
            "observation_stale",
            "The latest figure, 11.4 for 2023, is too old to be judged on 31 January 2024.",
        ),
        ("before_baseline", "The latest figure, 11.4 for 2023, is older than the baseline."),
        ("zero_plan", "11.4 against a plan of 10.2 for 2023: no percentage can be formed."),
    ],
)
def test_what_is_not_judged_says_why(code, text):
    assert reason(direction="increase", reason=code) == text


CODES = sorted(phrases.REASON)


@each_language
@pytest.mark.parametrize("code", CODES)
def test_without_figures_the_reason_alone_is_given(words, code):
    said = words.reason({"reason": code, "period": "", "value": None}, RATE, "increase")

    assert said == f"{words.reason_name(code)}."
    assert words.reason_name(code) != code


@each_language
@pytest.mark.parametrize("code", CODES)
def test_a_reason_ends_with_one_full_stop_and_has_no_dash_for_a_figure(words, code):
    said = reason(words, reason=code, period="2024-06")

    assert said.endswith(".") and not said.endswith("..")
    assert "{" not in said
    assert not re.search(r"–(?! )", said)


# What each finding claims: 1 better, -1 worse, 0 alike.
CLAIMS = {
    "en": {
        **{"ahead of": 1, "beyond": 1, "better than": 1},
        **{"short of": -1, "worse than": -1},
        **{"equal at the shown": 0, "level with": 0, "exactly": 0, "unchanged": 0},
    },
    "ru": {
        **{"опережение": 1, "перевыполнение": 1, "лучше базового": 1},
        **{"отставание": -1, "хуже базового": -1},
        **{"равны при показанной": 0, "точно ": 0, "без изменений": 0},
    },
    "kk": {
        **{"озу –": 1, "асыра орындау": 1, "жақсырақ –": 1},
        **{"артта қалу": -1, "нашарырақ –": -1},
        **{"көрсетілген дәлдікте тең": 0, "дәл сәйкес": 0, "дәл тең": 0, "өзгеріссіз": 0},
    },
}
figures = st.one_of(
    st.integers(-300, 300).map(lambda n: n / 20),
    st.floats(-1e7, 1e7, allow_nan=False, width=32),
)


def printed(words, sentence):
    """The sentence's numbers in order, read from its text alone."""
    group, mark = (",", ".") if words.language == "en" else ("\u00a0", ",")
    found = re.findall(rf"−?\d+(?:{group}\d{{3}})*(?:\{mark}\d+)?", sentence)
    return [
        Decimal(text.replace(group, "").replace(mark, ".").replace("−", "-")) for text in found
    ]


@each_language
@given(
    value=figures,
    other=figures,
    baseline=figures,
    decimals=st.integers(0, 3),
    direction=st.sampled_from(["increase", "decrease"]),
    code=st.sampled_from(["on_trajectory", "below_trajectory", "target_reached"]),
)
def test_what_a_sentence_claims_agrees_with_the_figures_it_prints(
    words, value, other, baseline, decimals, direction, code
):
    unit = Unit(id="u", name={"en": "u"}, decimals=decimals)
    row = {"value": value, "baseline_value": baseline, "reason": code, "period": "2023"}
    row |= {"expected_value": other, "target_value": other}

    sentence = words.reason(row, unit, direction).replace(words.by_end_of("2023"), "")
    first, second, *rest = printed(words, sentence)
    claims = {claim for text, claim in CLAIMS[words.language].items() if text in sentence}
    side = (first > second) - (first < second)
    better = side if direction == "increase" else -side

    assert claims == {better}
    assert ("(less is better)" in sentence) == (
        words is EN and direction == "decrease" and side != 0
    )
    if side:
        assert rest.pop(0) == abs(first - second)
    if rest and side:
        assert (rest[0] > 100) == (better > 0)


@each_language
@given(value=figures, other=figures, code=st.sampled_from(["against_direction", "plan_missed"]))
def test_plans_and_baselines_are_compared_as_printed_too(words, value, other, code):
    row = {"value": value, "reason": code, "period": ""}
    row |= {"expected_value": other, "baseline_value": other}

    sentence = words.reason(row, RATE, "increase")
    first, second, *rest = printed(words, sentence)
    claims = {claim for text, claim in CLAIMS[words.language].items() if text in sentence}

    assert claims == {(first > second) - (first < second)}
    assert not rest or rest[0] == abs(first - second) or first == second


@given(value=figures, other=figures)
def test_where_no_direction_is_known_only_above_and_below_are_said(value, other):
    row = {"value": value, "expected_value": other, "reason": "on_trajectory"}

    sentence = EN.reason(row, RATE)
    first, second = printed(EN, sentence)[:2]

    assert ("above" in sentence) == (first > second)
    assert ("below" in sentence) == (first < second)
    assert not re.search("short|ahead|better", sentence)
