"""Where a declared table is, whatever stands around it, and what each column means."""

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.loading.headings import find
from delivery_analytics.model.sheet_definitions import Keep, Sheet, Wide
from delivery_analytics.parsing.matching import indicator_names, region_names
from tests.support.grids import LONG, grid, like, read, world

SIDE_BY_SIDE = Sheet(
    table="spending",
    columns={"line": ("line", "строка")},
    wide=Wide(by=("period",), values={"plan": ("plan", "план"), "actual": ("actual", "факт")}),
    header=0,
    header_rows=2,
    constants={"unit": "KZT", "reported_on": "2025-01-20"},
)
MERGED = ((0, 1, 0, 2), (0, 3, 0, 4))  # B1:C1 and D1:E1


def found(sheet, drawing, **more):
    registry = world(sheet)
    sector = registry.sectors["health"]
    names = {"region": region_names(registry), "indicator": indicator_names(sector)}
    return find(grid(drawing, **more), sheet, names)


def refused(sheet, drawing, **more):
    with pytest.raises(SourceError) as error:
        found(sheet, drawing, **more)
    return error.value.problems


def gives(layout):
    return {one.column: (one.holds, dict(one.gives)) for one in layout.wide}


@pytest.mark.parametrize(
    "heading",
    [
        "code | region | period | actual",
        "Код | Регион | Период | Факт",
        "коды | өңір | кезең | нақты",
        "CODE  | регион: | Period* | факт 1)",
        "код | region | Период [note 2] | «Факт»",
    ],
)
def test_a_heading_is_known_in_three_languages_whatever_its_case_and_marks(heading):
    assert found(LONG, heading).columns == {
        "indicator": 0,
        "region": 1,
        "period": 2,
        "value": 3,
    }


def test_the_order_of_columns_is_the_senders():
    assert found(LONG, "actual | period | code").columns == {
        "value": 0,
        "period": 1,
        "indicator": 2,
    }


def test_a_heading_below_a_title_is_found_and_that_it_moved_is_told():
    layout = found(LONG, "Отчёт |\n|\n| code | period | actual\n| H-001 | 2024 | 1")

    assert (layout.first_row, layout.data_row) == (2, 3)
    [problem] = layout.problems
    assert (problem.code, problem.cell) == ("structure.header_offset", "B3")


def test_a_heading_anywhere_is_no_remark_where_no_row_was_declared():
    assert found(like(LONG, header=0), "Отчёт\n\ncode | period | actual").problems == ()


def test_what_a_heading_lacks_is_named_with_the_row_that_was_meant():
    [problem] = refused(LONG, "Отчёт\ncode | region | as of\nH-001 | KZ | 2024")

    assert (problem.code, problem.cell) == ("structure.no_header", "A2")
    assert "row 2 looks like the heading, but lacks 'period', 'actual'" in problem.message


def test_where_no_row_is_like_the_heading_all_that_was_looked_for_is_named():
    [problem] = refused(LONG, "a | b\n1 | 2")

    expected = "no row has the headings expected: 'code', 'period', 'actual'"
    assert problem.message == f"{expected}. There are 'a', 'b'"


def test_of_the_headings_there_are_those_near_to_the_expected_are_named():
    [problem] = refused(LONG, "Отчёт\ncodes | years | actuals\nH-001 | 2024 | 1")

    assert "There are 'codes', 'years', 'actuals'" in problem.message
    assert "near: 'codes' to 'code', 'actuals' to 'actual'" in problem.message


def test_a_heading_that_stands_twice_is_refused_with_both_cells():
    problems = refused(LONG, "code | period | actual | факт")

    assert [one.cell for one in problems] == ["C1", "D1"]
    assert {one.code for one in problems} == {"header.duplicate-label"}


def test_a_column_nobody_declared_is_left_unread_with_a_warning():
    [problem] = found(LONG, "code | period | actual | Ответственный").problems

    assert (problem.code, problem.cell, problem.severity) == (
        "header.extra-label",
        "D1",
        "warning",
    )


@pytest.mark.parametrize("ignore", [("*",), ("Ответственный",), ("ответ*",)])
def test_a_column_declared_to_be_ignored_is_no_remark(ignore):
    sheet = like(LONG, ignore=ignore)

    assert found(sheet, "code | period | actual | Ответственный").problems == ()


def test_letters_of_another_alphabet_in_a_heading_are_seen_through_and_told():
    [problem] = found(LONG, "cоde | period | actual").problems  # with a Cyrillic о

    assert (problem.code, problem.cell) == ("header.homoglyph", "A1")
    assert "о U+043E" in problem.message


def test_a_star_stands_for_the_rest_of_a_long_heading_and_for_no_other():
    sheet = like(LONG, columns={**LONG.columns, "value": ("фактическое значение*",)})

    assert found(sheet, "code | period | Фактическое значение за год").columns["value"] == 2
    refused(sheet, "code | period | Плановое и фактическое значение")


def test_periods_across_the_columns_are_read_in_every_form():
    sheet = like(LONG, columns={"indicator": ("code",)}, wide=Wide(by=("period",)))
    layout = found(sheet, "code | 2022 | '2023* | I кв. 2024 | июнь 2024 | 2024 жылғы 2-тоқсан")

    assert [dict(one.gives)["period"] for one in layout.wide] == [
        "2022",
        "2023*",  # as sent: its mark is read with the figures
        "2024-Q1",
        "2024-06",
        "2024-Q2",
    ]


def test_a_period_that_stands_over_two_columns_twice_is_refused():
    sheet = like(LONG, columns={"indicator": ("code",)}, wide=Wide(by=("period",)))
    problems = refused(sheet, "code | I кв. 2024 | 2024-Q1")

    assert [one.cell for one in problems] == ["B1", "C1"]


def test_a_merged_heading_reaches_over_the_columns_it_covers():
    drawing = "line | янв. 2024 | | фев. 2024 |\n| план | факт | план | факт"

    assert gives(found(SIDE_BY_SIDE, drawing, merged=((0, 0, 1, 0), *MERGED))) == {
        1: ("plan", {"period": "2024-01"}),
        2: ("actual", {"period": "2024-01"}),
        3: ("plan", {"period": "2024-02"}),
        4: ("actual", {"period": "2024-02"}),
    }


def test_a_heading_that_was_not_merged_reaches_over_the_blanks_to_its_right():
    drawing = "line | янв. 2024 | | фев. 2024 |\n| план | факт | план | факт"

    assert len(found(SIDE_BY_SIDE, drawing).wide) == 4


def test_a_merged_heading_reaches_no_farther_than_it_is_merged():
    drawing = "line | янв. 2024 | | | \n| план | факт | план | факт"
    layout = found(SIDE_BY_SIDE, drawing, merged=((0, 1, 0, 2),))

    assert set(gives(layout)) == {1, 2}
    assert [(one.code, one.cell) for one in layout.problems] == [
        ("header.extra-label", "D2"),
        ("header.extra-label", "E2"),
    ]


def test_a_quarter_below_its_year_is_that_years():
    sheet = like(
        LONG, columns={"indicator": ("code",)}, wide=Wide(by=("period",)), header_rows=2
    )
    drawing = "code | 2023 год | | 2024 год |\n | I кв. | II кв. | I кв. | II кв."
    layout = found(sheet, drawing, merged=MERGED)

    assert [dict(one.gives)["period"] for one in layout.wide] == [
        "2023-Q1",
        "2023-Q2",
        "2024-Q1",
        "2024-Q2",
    ]


def test_three_rows_of_headings_give_region_period_and_field():
    sheet = Sheet(
        table="spending",
        columns={"line": ("line",)},
        wide=Wide(by=("region", "period"), values={"plan": ("план",), "actual": ("факт",)}),
        header_rows=3,
        constants={"unit": "KZT", "reported_on": "2025-01-20"},
    )
    layout = found(
        sheet,
        """
line | г. Астана |       |          |       | область Абай |
     | 2023      |       | 2024     |       | 2024         |
     | план      | факт  | план     | факт  | план         | факт
""",
        merged=((0, 0, 2, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4), (0, 5, 0, 6)),
    )

    assert gives(layout)[4] == ("actual", {"region": "KZ-71", "period": "2024"})
    assert gives(layout)[5] == ("plan", {"region": "KZ-10", "period": "2024"})
    assert layout.data_row == 3


def test_labels_that_are_neither_period_nor_place_are_declared():
    sheet = Sheet(
        table="judgements",
        columns={"subject": ("id",)},
        wide=Wide(
            by=("assessor",),
            value="rating",
            labels={"assessor": {"unit": ("rating of the unit*",), "owner": ("owner's view",)}},
        ),
    )
    layout = found(sheet, "id | Rating of the unit, 2024 | Owner's view | Remarks")

    assert gives(layout) == {
        1: ("rating", {"assessor": "unit"}),
        2: ("rating", {"assessor": "owner"}),
    }


def test_a_wide_table_without_one_repeated_column_is_no_table():
    sheet = like(LONG, columns={"indicator": ("code",)}, wide=Wide(by=("period",)))
    [problem] = refused(sheet, "code | план | факт")

    assert "lacks its repeated columns" in problem.message


def test_a_rule_for_rows_needs_its_column_unless_it_is_optional():
    level = Keep(column=("level",), among=("1",))
    group = Keep(column=("sex",), among=("",), optional=True)
    sheet = like(LONG, keep=(level, group))

    assert len(found(sheet, "code | period | actual | level").keep) == 1
    assert len(found(sheet, "code | period | actual | level | sex").keep) == 2
    # The optional column must not stand in for the one that is needed.
    refused(sheet, "code | period | actual | sex")


def test_five_hundred_columns_nobody_declared_are_too_many():
    many = " | ".join(f"x{number}" for number in range(501))
    [problem] = refused(LONG, f"code | period | actual | {many}")

    assert (problem.code, problem.cell) == ("structure.too_wide", "D1:SJ1")


def test_a_very_long_heading_is_told_in_short():
    [problem] = found(LONG, f"code | period | actual | {'я' * 5000}").problems

    assert len(problem.message) < 300


def test_a_heading_in_the_last_line_of_a_text_file_is_no_error_of_ours():
    sheet = like(LONG, header=0, header_rows=2)
    layout = found(sheet, "code | period | actual | b", text=True)

    assert [one.cell for one in layout.problems] == ["D1"]


def test_a_table_on_its_side_is_told_by_the_cells_of_the_sheet():
    drawing = "code | H-001\nperiod | 2024\nactual | 5\nactual | 6"
    told = read(like(LONG, transpose=True), drawing)

    assert told.file.outcome == "rejected"
    assert told.cells("header.duplicate-label") == ["A3", "A4"]


def test_years_above_a_heading_of_two_rows_do_not_hide_their_quarters():
    sheet = like(
        LONG,
        columns={"indicator": ("code",)},
        optional=(),
        wide=Wide(by=("period",)),
        header=0,
        header_rows=2,
    )
    told = read(
        sheet,
        """
Отчёт |        |        |
      |        |        |
code  | '2023  |        | '2024
      | I кв.  | II кв. | I кв.
H-002 | 1      | 2      | 3
""",
    )

    values = {period: value for (_, _, period), value in told.figures.items()}
    assert values == {"2023-Q1": 1, "2023-Q2": 2, "2024-Q1": 3}


@pytest.mark.parametrize("plan", ["2024 план", "План на 2024 год", "2024 жыл (жоспар)"])
def test_a_word_beside_a_year_in_one_heading_says_what_stands_under_it(plan):
    values = {"target": ("план", "жоспар"), "value": ("факт",)}
    sheet = like(
        LONG, columns={"region": ("регион",)}, wide=Wide(by=("period",), values=values)
    )
    layout = found(sheet, f"Регион | 2023 факт | {plan} | Факт (2024 г.)")

    assert gives(layout) == {
        1: ("value", {"period": "2023"}),
        2: ("target", {"period": "2024"}),
        3: ("value", {"period": "2024"}),
    }
