"""Marks of restricted texts: where an office writes them, and what only looks like one."""

import pandas as pd
import pytest

from delivery_analytics.model import schema
from delivery_analytics.model.secrecy import is_mark_heading, is_open, is_restricted
from delivery_analytics.model.withholding import BLACK, blacked_out

MARKED = [
    "ДСП", "дсп", "Д.С.П.", "Д. С. П.", "д с п", "ДCП", "Д\u200bСП", "Д\xadСП", "«ДСП»", "[ДСП]",
    "Act No. 12-5/123 ДСП", "№ 12-5/123дсп", "123/ДСП", "Протокол № 5 ДСП от 12 мая",
    "Протокол № 12-5/123дсп от 3 мая 2024 года", "Письмо ДСП № 45 направлено", "sx-03дсп",
    "Министерство (ДСП)", "Акт 17 ДCП-экз.1", 'Акт 19 "ДСП"', "ДСП экз. 3", "ДСП\nЭкз. № 1\nТекст",
    "ДСП: подготовить доклад", "Подготовить доклад ДСП", "Акт 12 / ДСП", "ДСП / Акт 12", "гриф: ДСП",
    "water_ДСП_2024", "ДСП water 2024", "water 2024 ДСП",
    "для служебного пользования", "Доклад (для служебного пользования)", "(для служ. пользования)",
    "Для сл. польз.", "Только для служебного пользования", "Для служебного пользования. О воде",
    "О водохранилищах — для служебного пользования", "Текст\nДля служебного пользования",
    "Секретно", "секретно экз. № 2", "Сов. секретно", "СОВЕРШЕННО СЕКРЕТНО", "№ 7 секретно",
    "Подготовить доклад, секретно", "Отчёт (секретно) направлен", "Гриф «секретно»",
    "Особой важности", "Акт 15 особой важности", "Ограниченного распространения",
    "ҚБПҮ", "КБПУ", "қ.б.п.ү.", "№ 123-ҚБПҮ хаттама", "Құпия", "Өте құпия", "Аса маңызды",
    "4-тармақ (құпия)", "Қызмет бабында пайдалану үшін", "Мәтін. Қызмет бабында пайдалану үшін",
    "Қызметте пайдалану үшін", "For official use only", "Top secret", "Water report - restricted",
    "SECRET", "Confidential",
]  # fmt: skip
INNOCENT = [
    "Плиты из ДСП", "Производство ДСП", "ДСП и МДФ: 5 000 м³", "Завод ДСП в Костанае",
    "Построить завод по выпуску ДСП", "Импорт ДСП", "ЛДСП", "древесно-стружечная плита (ДСП)",
    "Мебель ДСП, 300 шт.", "Закупить 100 листов ДСП", "ДСП-плиты для школ", "Ввести 5 т ДСП в год",
    "Объект особой важности", "Особой важности задача: вода", "Провести три совещания особой важности",
    "Дело особой важности передано", "Автомобили для служебного пользования", "несекретно",
    "не секретно", "Құпия сөзді ауыстыру", "Коммерциялық құпия", "құпиясыз", "секретариат",
    "Secretariat of the council", "Secret ballot in schools", "Restricted access road",
    "Confidential helpline opened", "Open access, not restricted", "Провести медспецосмотр", "",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_counts_wherever_an_office_writes_one(text):
    assert is_restricted(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_words_that_look_like_a_mark_restrict_nothing(text):
    assert not is_restricted(text)


def test_an_office_adds_marks_of_its_own_and_lifts_those_that_mean_something_else():
    assert is_restricted("Протокол (К-1)", also=("К-1",))
    assert not is_restricted("Протокол (К-1)")
    assert not is_restricted("ДСП", lifted=("ДСП",))
    assert is_restricted("№ 5 ДСП", lifted=("ДСП",))


def test_in_a_column_of_marks_any_word_restricts_that_does_not_say_open():
    assert all(map(is_mark_heading, ["Гриф", "ГРИФ секретности", "Құпиялылық белгісі"]))
    assert [is_open(text) for text in ("", "нет", "Открыто", "для внутреннего")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_a_row_is_blacked_out_in_every_version_when_one_is_restricted_and_its_days_stay():
    rows = pd.DataFrame(
        {
            "milestone_id": ["a", "a", "b"],
            "reported_on": pd.to_datetime(["2024-07-01", "2025-01-01", "2025-01-01"]),
            "title": ["Plan of the base", "Plan of the base", "School"],
            "due_on": pd.to_datetime(["2025-02-01"] * 3),
            "restricted": [True, False, False],
        }
    )

    shown = blacked_out("milestones", schema.conform("milestones", rows))

    assert shown["title"].tolist() == [BLACK, BLACK, "School"]
    assert shown["restricted"].tolist() == [True, True, False]
    assert shown["milestone_id"].nunique() == 2
    assert "a" not in set(shown["milestone_id"])
    assert shown["due_on"].notna().all()


def test_tables_stored_before_rows_were_marked_are_searched_for_marks():
    rows = schema.conform(
        "instructions",
        pd.DataFrame({"instruction_id": ["a", "№ 5 ДСП", "c"], "secrecy": ["", "", "ҚБПҮ"]}),
    )

    shown = blacked_out("instructions", rows.drop(columns="restricted"))

    assert shown["restricted"].sum() == 2
    assert list(shown.columns) == list(rows.columns)
