from itertools import product

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.analytics import status
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import METHODS
from delivery_analytics.model import schema
from delivery_analytics.model.registry import Unit
from delivery_analytics.wording import codes as phrases
from delivery_analytics.wording.wording import open_wording

EN, RU, KK = open_wording("en"), open_wording("ru"), open_wording("kk")
ALL = [EN, RU, KK]
each_language = pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)

RATE = Unit(id="per_1000", name={"en": "per 1,000 births"})


def plain(text):
    """With ordinary spaces: where a line may break is a test of its own."""
    return text.replace("\u00a0", " ")


# Languages and texts


def test_an_unknown_language_is_refused_with_the_ones_there_are():
    with pytest.raises(DefinitionError, match=r"no language 'fr'.*en, ru, kk"):
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
    with pytest.raises(KeyError, match=r"No value for \{all\}"):
        RU("{n} of {all}", n=3)


# Plurals


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1 отчёт"),
        (2, "2 отчёта"),
        (4, "4 отчёта"),
        (5, "5 отчётов"),
        (11, "11 отчётов"),
        (12, "12 отчётов"),
        (21, "21 отчёт"),
        (22, "22 отчёта"),
        (111, "111 отчётов"),
        (0, "0 отчётов"),
        (1.5, "1,5 отчёта"),
        (1234, "1 234 отчёта"),
        (np.int64(21), "21 отчёт"),
    ],
)
def test_russian_has_four_plural_forms(n, text):
    assert plain(RU.plural("{n} report", "{n} reports", n)) == text


@pytest.mark.parametrize("n", [1, 2, 5, 1.5])
def test_a_kazakh_noun_stays_singular_after_a_number(n):
    said = KK.plural("{n} report", "{n} reports", n)

    assert said == f"{KK.number(n, strip=True)} есеп"


def test_english_has_two_plural_forms_and_needs_no_translation():
    assert EN.plural("{n} goat of {who}", "{n} goats of {who}", 1, who="A") == "1 goat of A"
    assert EN.plural("{n} goat of {who}", "{n} goats of {who}", 0, who="A") == "0 goats of A"


def test_a_plural_that_is_not_translated_stays_english_and_is_remembered():
    words = open_wording("ru")

    assert words.plural("{n} goat", "{n} goats", 2) == "2 goats"
    assert words.missing == {"{n} goat"}


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
    assert [words.coverage(18, 20) for words in ALL] == ["18 of 20", "18 из 20", "20-дан 18"]


def test_the_kazakh_alphabet_has_its_42_letters_in_order():
    order = (
        "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я"
    )

    assert len(order.split()) == 42
    assert sorted(set(order.replace(" ", "")), key=KK.sort_key) == order.split()


def test_regions_are_sorted_by_the_kazakh_alphabet():
    names = ["Шымкент", "Ұлытау", "Қарағанды", "Әулие", "Абай", "Жетісу", "Көкшетау", "Ырғыз"]

    assert sorted(names, key=KK.sort_key) == [
        *("Абай", "Әулие", "Жетісу", "Көкшетау", "Қарағанды", "Ұлытау", "Шымкент", "Ырғыз")
    ]


def test_yo_is_a_variant_in_russian_and_a_letter_in_kazakh():
    assert sorted(["ёж", "ель", "езда"], key=RU.sort_key) == ["ёж", "езда", "ель"]
    assert sorted(["ёж", "ель", "езда"], key=KK.sort_key) == ["езда", "ель", "ёж"]


def test_accents_case_and_punctuation_count_last():
    names = ["Zug", "zebra", "Éclair", "«eclair»", "eagle"]

    assert sorted(names, key=EN.sort_key) == ["eagle", "«eclair»", "Éclair", "zebra", "Zug"]


def test_numbers_are_sorted_by_size_and_a_space_before_any_letter():
    assert sorted(["Road 10", "Road 9", "Roads", "Road"], key=EN.sort_key) == [
        *("Road", "Road 9", "Road 10", "Roads")
    ]


def test_cyrillic_goes_first_except_in_english():
    assert sorted(["Apple", "Аист"], key=RU.sort_key) == ["Аист", "Apple"]
    assert sorted(["Аист", "Apple"], key=EN.sort_key) == ["Apple", "Аист"]


# Codes


@each_language
def test_every_status_has_a_word_of_its_own(words):
    names = [words.status(code) for code in schema.STATUSES]

    assert len({*names}) == 5
    assert not {*names} & {*schema.STATUSES}


def test_statuses_are_those_of_the_glossary():
    assert [RU.status(code) for code in schema.STATUSES] == [
        *("Достигнуто", "По плану", "В зоне риска", "С отставанием", "Не оценено")
    ]
    assert [KK.status(code) for code in schema.STATUSES] == [
        *(
            "Қол жеткізілді",
            "Жоспарға сәйкес",
            "Тәуекел аймағында",
            "Артта қалуда",
            "Бағаланбаған",
        )
    ]


def test_every_status_method_has_a_name():
    assert {*METHODS} <= {*phrases.METHOD}


def facts_of_every_kind():
    """Facts to judge: each direction, order of figures, age and gap there can be."""
    cases = {
        "direction": ["increase", "decrease", "maintain"],
        "value": [np.nan, 0.0, 5.0, 9.6, 9.9, 10.0, 20.0],
        "baseline_value": [np.nan, 5.0, 10.0],
        "target_value": [np.nan, 5.0, 10.0],
        "plan_value": [np.nan, 0.0, 10.0],
        "unit_kind": ["count", "index"],
        "reported": [True, False],
        "stale": [True, False],
        "baseline_on": [pd.Timestamp("2023-12-31"), pd.Timestamp("2025-12-31")],
        "target_on": [pd.Timestamp("2024-12-31"), pd.Timestamp("2030-12-31")],
    }
    facts = pd.DataFrame(product(*cases.values()), columns=[*cases])
    return facts.assign(
        previous_rating="R",
        common_cause=facts["value"] == 9.9,
        expected_value=facts["plan_value"],
        tolerance=1.0,
        period_end=pd.Timestamp("2024-12-31"),
    )


def test_reasons_have_a_text_for_each_that_judging_gives_and_for_no_other():
    facts = facts_of_every_kind()
    given = {
        reason
        for name in METHODS
        for reason in status.assess_facts(facts, method=name)["reason"]
    }

    assert given == {*phrases.REASON}


@each_language
def test_every_code_of_the_tables_has_a_name(words):
    columns = {"kind": "targets", "severity": "problems", "obs_status": "observations"}
    for column, table in columns.items():
        codes = schema.TABLES[table].columns[column].among
        assert len({words.code(column, code) for code in codes} - {*codes}) == len(codes)
    assert words.missing <= {"{n} goat"}


def test_codes_have_names():
    assert RU.code("direction", "decrease") == "Снижение"
    assert KK.code("frequency", "quarterly") == "Тоқсан сайын"
    assert KK.code("kind", "final") == "Нысаналы мән"
    assert RU.code("problem", "cell.number-ambiguous") == "Число можно прочитать двояко"
    assert RU.code("problem", "row.total") == "Итог"
    assert EN.code("reason", "no_target") == "No target has been agreed"


@each_language
def test_a_code_without_a_name_is_printed_as_it_is(words):
    assert words.code("problem", "cell.never-heard-of") == "cell.never-heard-of"
    assert words.status("paused") == "paused"
    assert words.code("method", "a_new_one") == "a_new_one"
    assert words.reason({"reason": "a_new_one"}, RATE) == "a_new_one."
