"""What is a total, what its parts are, and what is never summed."""

import dataclasses

import pytest

from delivery_analytics.model.sheet_definitions import Keep, Sheet
from tests.loading.test_rows import WIDE
from tests.support import grids
from tests.support.cases import common
from tests.support.cases import path as folder
from tests.support.cases import read as case
from tests.support.grids import like, read
from tests.support.shared import needs_shared

CHECKED = like(
    WIDE, columns={"region": ("регион",)}, constants={**WIDE.constants, "indicator": "H-001"}
)
CHECKED = like(CHECKED, check_totals=True)
DISAGREES = "value.total-disagrees"


@needs_shared
def test_the_totals_of_a_pivot_table_are_skipped():
    found = case("pivot-total")
    assert [p.cell for p in found.problems if p.code == "row.total"] == ["A4"]
    assert not [p for p in found.problems if p.severity == "error"]
    assert len(found.data.observations) == 4

    found = case("pivot")
    totals = [p.cell for p in found.problems if p.code == "row.total"]
    assert totals == ["A3", "A6", "A7", "A8", "A9", "A10"]
    [blank] = [p for p in found.problems if p.severity == "error"]
    assert (blank.code, blank.cell, blank.value) == ("cell.missing-key", "A5", "(blank)")


@needs_shared
def test_percentages_written_as_text_are_not_summed():
    codes = [p.code for p in case("percent-text-total").problems]
    assert "row.total" in codes
    assert DISAGREES not in codes


@pytest.mark.parametrize(
    "word",
    [
        *("Итог", "Общий итог", "г. Астана Total", "Север Итог", "Среднее", "Average"),
        *("Жалпы жиыны", "Астана қаласы Қорытынды", "Орташа", "Grand Average", "Общее среднее"),
        *("Grand Count", "Север Количество", "г. Астана Max", "Общий максимум", "Жалпы саны"),
    ],
)
def test_a_total_or_an_average_by_any_of_its_words_is_no_figure(word):
    drawn = f"регион | 2023\nСевер | 1\nг. Астана | 5\n{word} | 5"
    found = read(like(CHECKED, check_totals=False), drawn)

    assert found.figures == {("health.clinics", "KZ-71", "2023"): 5}
    assert found.cells("row.total") == ["A4"]


@pytest.mark.parametrize(
    "word", ["Среднее", "г. Астана Average", "Grand Count", "Общее среднее"]
)
def test_an_average_is_not_held_against_a_sum(word):
    drawn = f"регион | 2023\nг. Астана | 5\nАбай облысы | 7\n{word} | 6"
    assert DISAGREES not in read(CHECKED, drawn).codes("warning")


@pytest.mark.parametrize(
    ("nation", "total", "told"), [(12, 12, []), (12, 13, ["B5"]), (13, 12, ["B5"])]
)
def test_the_nations_row_is_compared_with_the_total_and_not_added(nation, total, told):
    drawn = (
        f"регион | 2023\nКазахстан | {nation}\nАбай облысы | 5\nг. Астана | 7\nИтого | {total}"
    )
    found = read(CHECKED, drawn)

    assert found.cells(DISAGREES) == told
    assert found.figures[("health.clinics", "KZ", "2023")] == nation


@pytest.mark.parametrize(("figure", "told"), [(12, []), (99, ["B4"])])
def test_a_total_that_is_called_as_the_nation_is_its_figure_and_checked(
    figure, told, monkeypatch
):
    nation, *others = grids.REGIONS
    nation = dataclasses.replace(nation, aliases=("Всего по стране",))
    monkeypatch.setattr(grids, "REGIONS", (nation, *others))
    drawn = f"регион | 2023\nАбай облысы | 5\nг. Астана | 7\nВсего по стране | {figure}"
    found = read(CHECKED, drawn)

    assert found.cells(DISAGREES) == told
    assert found.figures[("health.clinics", "KZ", "2023")] == figure


@pytest.mark.parametrize("figure", ["44.2", "'44,2%", "'44.2"])
def test_no_percentage_is_summed(figure):
    by_unit = like(CHECKED, constants={**CHECKED.constants, "indicator": "H-002"})
    drawn = f"регион | I кв. 2023\nАбай облысы | 45\nг. Астана | 57\nИтого | {figure}"

    assert DISAGREES not in read(by_unit, drawn).codes("warning")


@pytest.mark.parametrize("word", ["(blank)", "(пусто)", "(Бос)"])
def test_what_a_pivot_table_calls_a_blank_is_one(word):
    drawn = f"регион | 2023\nг. Астана | 5\n{word} | 1\n{word} Total | 1"
    found = read(CHECKED, drawn)
    declared = read(like(CHECKED, blank={"region": "KZ"}), drawn)
    figures = read(CHECKED, f"регион | 2023\nг. Астана | {word}")

    assert found.figures == {("health.clinics", "KZ-71", "2023"): 5}
    assert found.cells("cell.missing-key") == ["A3"]
    assert declared.figures[("health.clinics", "KZ", "2023")] == 1
    assert found.cells("row.total") == ["A4"]
    assert figures.codes("warning") == {"cell.missing": 1}


HEADLINE = 'keep = [{ column = ["Показатель"], among = ["Всего"], reason = "row.group" }]\n'


@needs_shared
def test_case_headline_total():
    given = (folder("headline-total") / "sector.toml").read_text(encoding="utf-8")
    found = case("headline-total", sector=given + HEADLINE)

    assert found.data.observations["value"].tolist() == [72.1, 73.2]
    assert set(found.data.observations["region_id"]) == {"FD"}
    assert not [p for p in found.problems if p.severity == "error"]
    assert [p.message for p in found.problems if p.code == "row.group"] == [
        "2 rows are not kept: 'Показатель' is not Всего. It is 'Мужчины' (1), 'Женщины' (1)"
    ]
    undeclared = case("headline-total")
    assert undeclared.data.observations.empty  # which of the groups is meant, nobody said
    assert {p.code for p in undeclared.problems if p.severity == "error"} == {"row.primary-key"}


@pytest.mark.parametrize(
    ("headline", "groups"),
    [("Всего", "Мужчины Женщины"), ("Барлығы", "Ерлер Әйелдер"), ("Total:", "Men Women")],
)
def test_a_headline_under_each_caption_is_its_figure_where_declared(headline, groups):
    sheet = like(
        WIDE,
        section="indicator",
        columns={"label": ("показатель",)},
        keep=(Keep(column=("показатель",), among=(headline,), reason="row.group"),),
    )
    men, women = groups.split()
    block = f"{headline} | 5 | 6\n{men} | 3 | 2\n{women} | 2 | 4"
    found = read(sheet, f"показатель | 2022 | 2023\nH-001\n{block}\nH-003\n{block}")

    assert found.figures == {
        (f"health.{name}", "KZ", year): figure
        for name in ("clinics", "deaths")
        for year, figure in (("2022", 5), ("2023", 6))
    }
    assert found.codes() == {}
    assert found.cells("row.total") == []


KILOMETRES = """
[kilometres]
name = { en = "kilometres", ru = "км" }
kind = "number"
"""
ROADS = """region_id,kind,name_en,name_ru,name_kk,aliases
KZ,country,Kazakhstan,Республика Казахстан,,
KZ-10,oblast,Abai,область Абай,,
KZ-11,oblast,Akmola,Акмолинская область,,
KZ-19,oblast,Almaty,Алматинская область,,
KZ-61,oblast,Turkistan,Туркестанская область,,
"""


@needs_shared
def test_case_nation_in_total():
    found = case("nation-in-total", regions=ROADS, units=common("units.toml") + KILOMETRES)
    table = found.data.observations.query("period == '2024'").set_index("region_id")["value"]

    assert dict(table) == {
        "KZ": 29000, "KZ-10": 2200, "KZ-11": 5300, "KZ-19": 9200, "KZ-61": 12300,
    }  # fmt: skip
    told = {p.cell: p.message for p in found.problems if p.code == DISAGREES}
    assert not [said for said in told.values() if "5 parts" in said]
    assert {p.cell for p in found.problems if p.severity == "error"} == set()


CITY = """region_id,kind,name_en,name_ru,name_kk,aliases
FD,country,Freedonia,Freedonia,Freedonia,Всего по городу
FD-01,oblast,A,Алмалинский р-н,,
FD-02,oblast,B,Бостандыкский район,,
FD-03,oblast,C,Медеуский,,
FD-04,oblast,D,Наурызбайский район,,
FD-05,oblast,E,Турксибский р-н,,
FD-06,oblast,F,Алатауский,,
"""


@needs_shared
def test_case_total_behind_alias():
    found = case("total-behind-alias", regions=CITY)
    nation = found.data.observations.query("region_id == 'FD'").set_index("period")["value"]

    assert nation["2023-01"] == 99_999_000
    assert len(nation) == 24
    [told] = [p for p in found.problems if p.code == DISAGREES]
    assert told.cell == "B11"
    assert "99999, but its 6 parts make 6230.2" in told.message


BUDGET = Sheet(
    table="spending",
    columns={"line": ("line",), "plan": ("plan",), "actual": ("actual",)},
    constants={"period": "2024", "unit": "KZT", "reported_on": grids.DAY, "region": "KZ"},
)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Всего расходов",
            "ВСЕГО РАСХОДОВ",
            "Итого расходы",
            "Итого доходы:",
            "Итого по разделу I",
        ),
        *("Барлық шығыстар", "Total expenditure", "Нарастающим итогом", "в т.ч.", "в т. ч.:"),
        *(
            "A, итого",
            "A - всего",
            "Grand total of lines",
            "Общая сумма расходов",
            "Жалпы шығындар",
        ),
    ],
)
def test_the_sum_of_a_budgets_lines_is_no_line(words):
    found = read(BUDGET, f"line | plan | actual\nA | 5 | 4\nB | 6 | 5\n{words} | 11 | 9")

    assert found.counts == (3, 2, 0, 1)
    assert found.cells("row.total") == ["A4"]


@pytest.mark.parametrize(
    "line", ["Totalisator", "Итоговая аттестация школ", "Всеобуч", "Total quality programme"]
)
def test_a_line_whose_name_begins_like_a_total_is_a_line(line):
    found = read(BUDGET, f"line | plan | actual\nA | 5 | 4\n{line} | 6 | 5")

    assert found.counts == (2, 2, 0, 0)
