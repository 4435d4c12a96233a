"""Which rows under a heading are data, and what becomes of the others."""

import pytest

from delivery_analytics.model.sheet_definitions import Keep, Sheet, Wide
from tests.support.grids import DEATHS, INDICATORS, LONG, like, read

WIDE = like(
    LONG,
    columns={"indicator": ("показатель",), "region": ("регион",)},
    wide=Wide(by=("period",)),
)
MONEY = Sheet(
    table="spending",
    columns={"line": ("строка",), "plan": ("план",), "actual": ("факт",)},
    constants={"unit": "KZT", "period": "2024", "reported_on": "2025-01-20"},
)
CLINICS = "health.clinics"


def lines(told):
    rows = told.data.spending
    return dict(zip(rows["line_id"], rows["actual"], strict=True))


def test_title_above_captions_between_and_footnotes_below_are_no_data():
    told = read(
        like(LONG, header=0),
        """
Отчёт министерства
за 2024 год

code  | region | period | actual
Север
H-001 | KZ-71  | 2024   | 5
Юг
H-001 | KZ-10  | 2024   | 6

* предварительные данные
""",
    )

    assert list(told.figures.values()) == [6, 5]
    assert told.codes("warning") == {"row.section": 2, "row.footnote": 1}
    assert told.cells("row.section") == ["A5", "A7"]
    assert told.cells("row.footnote") == ["A10"]
    assert told.counts == (6, 2, 0, 4)


@pytest.mark.parametrize(
    "first",
    [
        "Итого",
        "ИТОГО:",
        "Всего",
        "Всего по Республике Казахстан",
        "в том числе:",
        "Total",
        "Grand total",
        "Барлығы",
        "оның ішінде",
        "Жиыны",
    ],
)
def test_a_total_is_skipped_and_listed_wherever_it_stands(first):
    told = read(MONEY, f"строка | план | факт\n{first} | 30 | 25\nA | 10 | 9\nB | 20 | 16")

    assert lines(told) == {"health.A": 9, "health.B": 16}
    assert told.cells("row.total") == ["A2"]
    assert told.counts == (3, 2, 0, 1)


@pytest.mark.parametrize(
    "line",
    [
        "Итоговая аттестация",
        "Всеобуч",
        "Total fertility rate",
        "Жалпы сипаттағы мемлекеттік қызметтер",
        "Источник финансирования",
        "Notebooks for schools",
    ],
)
def test_a_name_that_only_begins_like_a_total_or_a_note_is_data(line):
    told = read(MONEY, f"строка | план | факт\n{line} | | 9")

    assert lines(told) == {f"health.{line}": 9}


def test_a_sheets_own_words_for_a_total_are_added_to_the_usual_ones():
    sheet = like(MONEY, totals=("Сводно",))

    assert lines(read(sheet, "строка | план | факт\nсводно | 1 | 9\nA | 1 | 9")) == {
        "health.A": 9
    }


def test_a_known_indicator_is_no_total_however_it_begins():
    total = like_indicator(DEATHS, name={"en": "Total, all causes"})
    told = read(
        like(LONG, columns={**LONG.columns, "indicator": ("indicator",)}),
        "indicator | period | actual\nTotal, all causes | 2024 | 12\nTotal | 2024 | 40",
        indicators=(*INDICATORS[:2], total),
    )

    assert told.figures == {("health.deaths", "KZ", "2024"): 12}
    assert told.cells("row.total") == ["A3"]


def like_indicator(one, **changes):
    return type(one)(**{**one.__dict__, **changes})


def test_the_row_of_column_numbers_under_a_forms_heading_is_skipped():
    told = read(MONEY, "строка | план | факт\n1 | 2 | 3\nA | 10 | 9")

    assert lines(told) == {"health.A": 9}
    assert told.cells("row.section") == ["A2"]


def test_one_level_of_a_tree_is_kept_so_that_nothing_is_counted_twice():
    sheet = like(MONEY, keep=(Keep(column=("уровень",), among=("1",)),))
    told = read(
        sheet,
        """
уровень | строка    | план | факт
0       | Здоровье  | 100  | 90
1       | Больницы  | 70   | 65
2       | Ремонт    | 30   | 25
2       | Зарплата  | 40   | 40
1       | Аптеки    | 30   | 25
""",
    )

    assert lines(told) == {"health.Больницы": 65, "health.Аптеки": 25}
    assert sum(lines(told).values()) == 90
    assert told.counts == (5, 2, 0, 3)
    assert told.message("row.child").endswith(
        "3 rows are not kept: 'уровень' is not 1. It is '2' (2), '0' (1)"
    )


def test_words_to_keep_that_no_row_has_are_named_beside_those_there_are():
    sheet = like(MONEY, keep=(Keep(column=("уровень",), among=("1", "первый")),))
    told = read(sheet, "уровень | строка | план | факт\n1 | A | 1 | 9\n2 | B | 1 | 9")

    assert told.message("row.child").endswith(
        "'уровень' is not 1 or первый. It is '2' (1); and in no row первый"
    )


def test_what_is_not_kept_of_a_restricted_sheet_is_not_quoted():
    sheet = like(MONEY, keep=(Keep(column=("уровень",), among=("1",)),))
    told = read(sheet, "уровень | строка | план | факт\n1 | A | 1 | 9\nтайна | ДСП | 1 | 9")

    assert "тайна" not in told.message("row.child")


def test_words_that_a_map_does_not_meet_are_counted_and_known_names_are_none():
    sheet = like(LONG, map={"region": {"Столица": "KZ-71"}})
    table = "code | region | period | actual\n" + "\n".join(
        f"H-001 | {name} | 202{year} | {year}"
        for year, name in enumerate(("Столица", "KZ-10", "Фабрика", "Фабрика", "Завод"))
    )
    told = read(sheet, table)

    assert told.message("cell.unmapped").endswith(
        "3 records have a cell of 'region' that the layout gives no meaning: "
        "'Фабрика' (2), 'Завод' (1)"
    )
    assert told.codes("note") == {"cell.unmapped": 1}


def test_a_free_text_that_a_map_does_not_meet_is_told_and_kept_as_it_was_sent():
    sheet = like(MONEY, map={"line": {"Больн.": "Больницы"}})
    told = read(sheet, "строка | план | факт\nБольн. | 1 | 9\nАптеки | 1 | 8")

    assert lines(told) == {"health.Больницы": 9, "health.Аптеки": 8}
    assert told.message("cell.unmapped").endswith("no meaning: 'Аптеки' (1)")


def test_captions_that_name_nothing_known_are_told_with_the_rows_under_them():
    sheet = like(LONG, columns={k: v for k, v in LONG.columns.items() if k != "region"})
    told = read(
        like(sheet, section="region", optional=()),
        """
code  | period | actual
KZ-71
H-001 | 2023   | 5
Город
H-001 | 2023   | 6
H-001 | 2024   | 7
""",
    )

    assert told.message("cell.unmapped").endswith(
        "2 records have a caption of 'region' that the layout gives no meaning: 'Город' (2)"
    )


def test_words_without_meaning_of_a_restricted_sheet_are_not_quoted():
    sheet = like(MONEY, map={"line": {"A": "B"}})
    told = read(sheet, "строка | план | факт\nтайна | 1 | 9\nДСП | 1 | 9")

    assert "тайна" not in told.message("cell.unmapped")


def test_a_rule_whose_column_is_not_there_is_dropped_when_it_is_optional():
    groups = Keep(column=("пол",), among=("",), reason="row.group", optional=True)
    sheet = like(MONEY, keep=(groups,))

    assert lines(read(sheet, "строка | план | факт\nA | 1 | 9")) == {"health.A": 9}
    told = read(sheet, "строка | пол | план | факт\nA | | 1 | 9\nA | муж | 1 | 4")
    assert lines(told) == {"health.A": 9}


HIDDEN = "code | period | actual\nH-001 | 2024 | 5\nH-001 | 2023 | 4\n| |"


def test_a_hidden_row_is_read_and_told():
    told = read(LONG, HIDDEN, hidden_rows=frozenset({2, 3}))

    assert len(told.figures) == 2
    assert told.cells("row.hidden") == ["row 3"]  # the blank one is no remark


def test_a_hidden_row_is_skipped_and_told_where_that_was_agreed():
    told = read(like(LONG, hidden_rows="skip"), HIDDEN, hidden_rows=frozenset({2}))

    assert told.figures == {(CLINICS, "KZ", "2024"): 5}
    assert "it was skipped" in told.message("row.hidden")
    assert told.counts == (2, 1, 0, 1)


def test_in_a_table_on_its_side_it_is_a_column_that_is_hidden():
    drawing = "code | H-001 | H-001\nperiod | 2023 | 2024\nactual | 4 | 5"
    told = read(
        like(LONG, transpose=True), drawing, hidden_columns=frozenset({2}), hidden_rows={1}
    )

    assert told.cells("row.hidden") == ["column C"]
    assert told.cells("column.hidden") == ["row 2"]


def test_merged_names_are_repeated_downwards_where_that_was_declared():
    sheet = like(LONG, fill=("region",))
    told = read(
        sheet,
        """
region | code  | period | actual
KZ-71  | H-001 | 2023   | 1
       | H-001 | 2024   | 2
Итого  |       |        | 3
KZ-10  | H-001 | 2023   | 4
       | H-001 | 2024   | 5
""",
    )

    assert told.figures == {
        (CLINICS, "KZ-71", "2023"): 1,
        (CLINICS, "KZ-71", "2024"): 2,
        (CLINICS, "KZ-10", "2023"): 4,
        (CLINICS, "KZ-10", "2024"): 5,
    }


def test_a_broken_name_is_not_filled_over_by_the_one_above():
    sheet = like(LONG, fill=("indicator",))
    drawing = "code | period | actual\nH-001 | 2023 | 1\n | 2023 | 2\n | 2024 | 3"
    told = read(sheet, drawing, errors={(2, 0): "#REF!"})

    assert told.figures == {(CLINICS, "KZ", "2023"): 1}
    assert told.cells("cell.excel-error") == ["A3"]
    assert told.cells("cell.missing-key") == ["A4"]


def test_a_merged_name_is_refused_where_filling_was_not_declared():
    drawing = "code | period | actual\nH-001 | 2023 | 1\n | 2024 | 2"
    told = read(LONG, drawing, merged=((1, 0, 2, 0),))

    assert len(told.figures) == 1
    assert told.cells("cell.merged-key") == ["A3"]


def test_each_figure_of_a_wide_row_is_a_row_of_its_own_and_a_blank_is_none():
    told = read(
        WIDE,
        """
показатель  | регион    | 2022 | 2023 | 2024
Поликлиники | г. Астана | 5    |      | 7
Емханалар   | Абай облысы | x  | н/д  | много
""",
    )

    assert told.counts == (6, 4, 1, 1)
    statuses = told.data.observations.set_index(["region_id", "period"])["obs_status"]
    assert statuses.to_dict() == {
        ("KZ-10", "2022"): "not_applicable",
        ("KZ-10", "2023"): "missing",
        ("KZ-71", "2022"): "normal",
        ("KZ-71", "2024"): "normal",
    }
    assert told.cells("cell.type-error") == ["E3"]


def test_a_last_row_that_holds_nothing_but_an_error_is_not_lost():
    drawing = "code | period | actual\nH-001 | 2023 | 1\n | |"
    told = read(LONG, drawing, errors={(2, 2): "#DIV/0!"})

    assert told.counts == (2, 1, 1, 0)
    assert told.cells("cell.excel-error") == ["C3"]


def test_a_cell_far_from_the_table_is_set_aside_and_counted():
    told = read(LONG, "code | period | actual\nH-001 | 2024 | 5", stray=((5000, 7, "x"),))

    assert told.counts == (2, 1, 1, 0)
    assert told.cells("structure.stray_cell") == ["H5001"]


def test_captions_are_read_as_a_field_where_that_was_declared():
    sheet = like(LONG, columns={k: v for k, v in LONG.columns.items() if k != "region"})
    told = read(
        like(sheet, section="region", optional=()),
        """
code  | period | actual
Астана қаласы
H-001 | 2024   | 5
Абай облысы
H-001 | 2024   | 6
""",
    )

    assert told.figures == {(CLINICS, "KZ-71", "2024"): 5, (CLINICS, "KZ-10", "2024"): 6}
    assert not told.codes("warning")


def test_words_are_mapped_to_what_they_are_kept_as():
    sheet = like(LONG, map={"region": {"Столица": "KZ-71"}, "indicator": {"пок. 1": "H-001"}})
    told = read(sheet, "code | region | period | actual\nПОК. 1 | столица | 2024 | 5")

    assert told.figures == {(CLINICS, "KZ-71", "2024"): 5}


def test_a_name_beside_an_error_is_a_broken_row_and_no_caption():
    drawing = "code | period | actual\nH-001 | 2024 | 5\nH-003 | |\nH-001 | 2023 | 4"
    told = read(LONG, drawing, errors={(2, 2): "#REF!"})

    assert told.counts == (3, 2, 1, 0)
    assert told.cells("cell.excel-error") == ["C3"]


FILLED = like(LONG, columns={**LONG.columns, "value": ("actual",)}, fill=("region",))
BLOCKS = """
region | code  | period | actual
KZ-71  | H-001 | 2022   | 1
       | H-001 | 2023   | 2
KZ-10  | {first}
       | H-001 | 2023   | 4
"""


def test_a_name_is_repeated_from_the_first_row_of_its_block_though_that_is_hidden():
    told = read(
        like(FILLED, hidden_rows="skip"),
        BLOCKS.format(first="H-001 | 2022 | 3"),
        hidden_rows=frozenset({3}),
    )

    assert told.figures[CLINICS, "KZ-10", "2023"] == 4


@pytest.mark.parametrize("first", ["Итого | | 7", " | | "], ids=["total", "caption"])
def test_a_name_is_repeated_from_a_total_or_a_caption_at_the_head_of_its_block(first):
    told = read(FILLED, BLOCKS.format(first=first))

    assert told.figures[CLINICS, "KZ-10", "2023"] == 4
    assert told.figures[CLINICS, "KZ-71", "2023"] == 2


def test_a_name_is_repeated_from_a_row_that_is_not_kept():
    sheet = like(FILLED, keep=(Keep(("level",), ("2",)),))
    told = read(
        sheet,
        """
level | region | code  | period | actual
'2    | KZ-71  | H-001 | 2022   | 1
'1    | KZ-10  | H-001 | 2023   | 9
'2    |        | H-001 | 2023   | 4
""",
    )

    assert told.figures == {(CLINICS, "KZ-71", "2022"): 1, (CLINICS, "KZ-10", "2023"): 4}


def test_a_totals_word_is_repeated_by_no_row_below():
    told = read(
        FILLED,
        """
region | code  | period | actual
KZ-71  | H-001 | 2022   | 1
Итого  |       |        | 1
       | H-001 | 2023   | 2
""",
    )

    assert told.figures[CLINICS, "KZ-71", "2023"] == 2


def test_a_caption_that_names_a_section_stays_one_where_levels_are_kept():
    sheet = like(
        LONG,
        columns={name: LONG.columns[name] for name in ("indicator", "period", "value")},
        optional=(),
        section="region",
        keep=(Keep(("level",), ("1",)),),
    )
    told = read(
        sheet,
        """
code  | period | actual | level
KZ-71 |        |        |
H-001 | 2023   | 1      | '1
H-001 | 2023   | 9      | '2
KZ-10 |        |        |
H-001 | 2023   | 2      | '1
""",
    )

    assert told.figures == {(CLINICS, "KZ-71", "2023"): 1, (CLINICS, "KZ-10", "2023"): 2}


def test_a_heading_again_is_no_data_though_its_merged_cell_is_written_out():
    sheet = like(
        MONEY,
        columns={"line": ("строка",)},
        constants={"unit": "KZT", "reported_on": "2025-01-20"},
        wide=Wide(by=("period",), value="actual"),
        header_rows=2,
    )
    told = read(
        sheet,
        """
строка | 2023   |
       | январь | февраль
A      | 10     | 20
строка | 2023   | 2023
       | январь | февраль
B      | 30     | 40
""",
        merged=((0, 1, 0, 2),),
    )

    assert set(told.data.spending["line_id"]) == {"health.A", "health.B"}


def test_a_year_without_its_quarter_is_no_budget_period_where_others_name_theirs():
    sheet = like(
        MONEY,
        columns={**MONEY.columns, "year": ("год",), "quarter": ("квартал",)},
        constants={"unit": "KZT", "reported_on": "2025-01-20"},
        join={"period": ("year", "quarter")},
    )
    told = read(
        sheet,
        """
строка | год   | квартал | план | факт
A      | '2023 | I кв.   | 1    | 1
B      | '2023 |         | 2    | 2
""",
    )

    assert told.data.spending["line_id"].tolist() == ["health.A"]
    assert told.cells("cell.missing-key") == ["C3"]


@pytest.mark.parametrize(
    "row", ["(1) | (2) | (3)", "А | 1 | 2=1*3", "1. | 2. | 3.", "a | (1) | (2)"]
)
def test_numbers_of_columns_are_no_budget_line_in_any_form_nor_on_a_second_page(row):
    told = read(
        MONEY,
        f"""
строка | план | факт
       |      |
{row}
A      | 10   | 20
{row}
B      | 30   | 40
""",
    )

    assert lines(told) == {"health.A": 20, "health.B": 40}


def test_a_total_of_a_kazakh_phrase_is_no_budget_line():
    told = read(
        MONEY, "строка | план | факт\nA | 10 | 20\nРеспублика бойынша барлығы | 10 | 20"
    )

    assert lines(told) == {"health.A": 20}


@pytest.mark.parametrize("field", ["owner", "programme", "title"])
def test_an_owner_or_a_programme_is_not_blank_because_a_merged_cell_covers_it(field):
    names = ("milestone", "owner", "programme", "title")
    sheet = Sheet(
        table="milestones",
        columns={name: (name,) for name in names},
        constants={"reported_on": "2025-01-20"},
    )
    rows = [["M-1", "МЗ", "rural", "Bridge"], ["M-2", "МЗ", "rural", "Road"]]
    rows[1][names.index(field)] = ""
    drawn = "\n".join(" | ".join(row) for row in (names, *rows))
    at = names.index(field)
    told = read(sheet, drawn, merged=((1, at, 2, at),))
    filled = read(like(sheet, fill=(field,)), drawn, merged=((1, at, 2, at),))

    assert told.data.milestones["milestone_id"].tolist() == ["M-1"]
    assert told.cells("cell.merged-key") == [f"{'ABCD'[at]}3"]
    assert len(filled.data.milestones) == 2
    assert len(read(sheet, drawn).data.milestones) == 2
