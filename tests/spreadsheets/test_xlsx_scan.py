"""What a pass over a sheet's XML finds, on sheets written by hand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.addresses import letters, position_of
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.sheet_scan import bits
from delivery_analytics.spreadsheets.xlsx_cells import below, rows_of, usual_row
from delivery_analytics.spreadsheets.xlsx_parts import SharedTexts, shown_by
from delivery_analytics.spreadsheets.xlsx_scan import scan_sheet
from tests.support import sheetfiles as files

THREE_TEXTS = SharedTexts(3, frozenset({1}))


def scan(data, *, texts=THREE_TEXTS, **more):
    return scan_sheet(files.sheet(data).encode(), texts=texts, **more)


def row(cells, number=1):
    return f'<row r="{number}">{cells}</row>'


def refusal(data, **more):
    with pytest.raises(SourceError) as caught:
        scan(data, **more)
    (problem,) = caught.value.problems
    return problem


def test_columns_are_named_as_in_excel():
    assert [letters(n) for n in (0, 25, 26, 51, 701, 702, 16_383)] == (
        ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]
    )


def test_a_cell_name_is_read_back_with_or_without_dollar_signs():
    assert position_of("F14") == (13, 5)
    assert position_of("$XFD$1048576") == (1_048_575, 16_383)
    assert position_of("14F") is None


@pytest.mark.parametrize("count", [1, 7, 10, 11, 100, 109, 1234])
def test_the_pattern_for_numbers_below_a_count_takes_those_and_no_others(count):
    pattern = re.compile(below(count))
    taken = [n for n in range(3 * count) if pattern.fullmatch(str(n).encode())]

    assert taken == list(range(count))


def test_no_number_is_below_nought():
    assert re.fullmatch(below(0), b"0") is None


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("0%", True),
        ("0.0 %;[Red]-0.0 %", True),
        ('0.0"%"', False),
        (r"0.0\%", False),
        ("[$%-419]0", False),
        ("# ##0.00", False),
    ],
)
def test_a_percentage_is_a_percent_sign_that_multiplies(number_format, expected):
    assert (shown_by(number_format) == "percent") is expected


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1"><v>31</v></c>',
        '<c r="A1" s="3"><v>-8.45E-2</v></c>',
        '<c r="A1" t="s"><v>2</v></c>',
        '<c r="A1" t="s" s="3"><v>0</v></c>',
        '<c r="A1" t="inlineStr"><is><t xml:space="preserve">on track</t></is></c>',
        '<c r="A1" t="b"><v>1</v></c>',
        '<c r="A1" t="str"><f>LOWER(B1)</f><v>yes</v></c>',
        '<c r="A1"><f t="shared" si="0"/><v>4</v></c>',
        '<c r="A1"><f>SUM(Table1[Plan])</f><v>4</v></c>',
        '<c r="A1" s="1"/>',
    ],
)
def test_usual_cells_are_walked_without_a_closer_look(cells):
    assert usual_row(THREE_TEXTS).fullmatch(row(cells).encode())


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A2"><v>31</v></c>',
        '<c r="AAA1"><v>31</v></c>',
        '<c r="A1" t="e"><v>#REF!</v></c>',
        '<c r="A1"><f>B1</f></c>',
        '<c r="A1"><f>B1</f><v/></c>',
        '<c r="A1" t="s"><v>1</v></c>',
        '<c r="A1" t="s"><v>3</v></c>',
        '<c r="A1" t="s"><v>03</v></c>',
        '<c r="A1"><v>NaN</v></c>',
        '<c r="A1"><v>1e400</v></c>',
        '<c r="A1"><f>cmd|A0</f><v>1</v></c>',
        '<c r="A1"><f>[1]Sheet1!A1</f><v>1</v></c>',
        '<c r="A1" t="inlineStr"><is><t> </t></is></c>',
    ],
)
def test_unusual_cells_get_a_closer_look(cells):
    assert usual_row(THREE_TEXTS).fullmatch(row(cells).encode()) is None


def test_errors_and_formulas_without_a_value_are_told_from_blanks():
    found = scan(
        row(
            '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
            '<c r="B1"><f>SUM(C1)</f></c>'
            '<c r="C1" t="str"><f>IF(1,"","x")</f><v></v></c>'
            '<c r="D1" s="1"/>'
            '<c r="E1"><v>5</v></c>'
        )
    )

    assert found.errors == {(0, 0): "#DIV/0!"}
    assert found.uncached == {(0, 1)}
    assert found.formula_empty == {(0, 2)}
    assert (found.cells, found.uncertain) == (1, 0)


def test_numbers_that_are_none_are_kept_with_what_was_written():
    found = scan(row('<c r="A1"><v>NaN</v></c><c r="B1"><v>-1e400</v></c>'))

    assert found.not_finite == {(0, 0): "NaN", (0, 1): "-1e400"}
    assert found.cells == 2


def test_formulas_that_start_programs_or_read_other_files_are_told_apart():
    found = scan(
        row(
            "<c r=\"A1\"><f>cmd|'/C calc'!A0</f><v>0</v></c>"
            "<c r=\"B1\"><f>'[2]plan 2026'!C4*2</f><v>4</v></c>"
            '<c r="C1"><f>IF(A1="a|b",1,2)</f><v>2</v></c>'
        )
    )

    assert found.dde == {(0, 0): "cmd|'/C calc'!A0"}
    assert found.external == {(0, 1)}


def test_white_space_may_be_handed_over_or_not():
    found = scan(row('<c r="A1" t="s"><v>1</v></c><c r="B1" t="str"><v> </v></c>'))

    assert (found.cells, found.uncertain) == (0, 2)


def test_hidden_rows_and_columns_and_merged_ranges_count_from_zero():
    data = files.sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/>'
        '<row r="4" spans="1:2" hidden="true"/><row r="5" hidden="0"/>',
        head='<cols><col min="2" max="3" width="0" hidden="1"/><col min="5" max="5"/></cols>',
        tail='<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>',
    )
    found = scan_sheet(data.encode(), texts=SharedTexts())

    assert found.hidden_rows == {1, 3}
    assert found.hidden_columns == {1, 2}
    assert found.merged == [(1, 0, 2, 1)]


def test_percentages_are_kept_as_one_bit_a_cell():
    cells = "".join(
        row(f'<c r="F{n}" s="{1 if n % 2 else 2}"><v>0.5</v></c>', n) for n in range(1, 20)
    )
    found = scan(cells, styles={1: "percent"})

    percent = found.findings()["percent"]
    (column,) = percent
    shown = [n for n in range(24) if percent[column][n >> 3] >> (n & 7) & 1]
    assert column == 5
    assert shown == list(range(0, 19, 2))  # sheet rows 1, 3, … 19


def test_a_shared_text_out_of_range_names_the_cell():
    problem = refusal(row('<c r="B3" t="s"><v>99</v></c>', 3))

    assert (problem.code, problem.cell) == ("container.corrupt", "B3")
    assert "99" in problem.message


@pytest.mark.parametrize(
    "data",
    [
        row('<c r="A5"><v>1</v></c>', 3),
        row('<c r="A2"><v>1</v></c>', 2) + row('<c r="A1"><v>1</v></c>', 1),
        row('<c r="XFE1"><v>1</v></c>'),
        row('<c r="A1"><v>1</v></c>', 1_048_577),
        row('<c r="A1"><v>1</v></c>') + "</sheetData><sheetData>" + row("", 2),
        row('<c r="A1"><v>1</v></c>stray text'),
    ],
)
def test_cells_out_of_their_place_are_refused_as_excel_would(data):
    assert refusal(data).code == "container.corrupt"


def test_a_far_cell_is_refused_by_name_before_any_reader_reserves_memory_for_it():
    problem = refusal(files.GOOD + row('<c r="XFD1048576"><v>1</v></c>', 1_048_576))

    assert (problem.code, problem.cell) == ("security.sheet_extent", "XFD1048576")


def test_a_far_column_is_refused_when_the_rows_are_many():
    many = "".join(row(files.cell(f"A{n}", n), n) for n in range(1, 1_000))
    problem = refusal(many + row('<c r="XFD1000"><v>1</v></c>', 1_000))

    assert (problem.code, problem.cell) == ("security.sheet_extent", "XFD1000")


def test_a_far_row_is_set_aside_and_the_table_stays():
    far = row(files.cell("A1048576", "x"), 1_048_576)
    found = scan(files.GOOD + far)

    assert found.stray == ((1_048_575, 0, "x"),)
    assert found.cells == 6
    assert found.replacement is not None
    assert b"1048576" not in found.replacement


def test_a_stray_shared_text_error_and_truth_value_are_read_as_what_they_are():
    texts = SharedTexts(2, frozenset(), b"<si><t>no</t></si><si><r><t>y</t></r><t>es</t></si>")
    cells = (
        '<c r="A900000" t="s"><v>1</v></c><c r="B900000" t="e"><v>#N/A</v></c>'
        '<c r="C900000" t="b"><v>0</v></c><c r="D900000"><v>2.5</v></c>'
    )
    found = scan(files.GOOD + row(cells, 900_000), texts=texts)

    assert [value for _, _, value in found.stray] == ["yes", "#N/A", False, 2.5]
    assert found.errors == {}


def test_columns_formatted_to_the_end_of_the_sheet_cost_nothing_and_change_nothing():
    blank = "".join(row(f'<c r="H{n}" s="1"/>', n) for n in range(4, 200_000))
    found = scan(files.GOOD + blank)

    assert found.stray == ()
    assert found.replacement is None
    assert found.cells == 6


def test_a_thousand_and_one_far_cells_are_a_second_table_and_not_astray():
    far = "".join(row(files.cell(f"C{n}", n), n) for n in range(900_000, 901_001))

    assert refusal(files.GOOD + far).code == "security.sheet_extent"


def test_too_many_cells_are_refused():
    assert refusal(files.GOOD, limits=ReadingLimits(cells=5)).code == "security.sheet_extent"


def test_newer_errors_are_known_though_the_reader_of_values_stops_at_them():
    found = scan(row('<c r="A1" t="e"><f>SEQUENCE(9)</f><v>#SPILL!</v></c>'))

    assert found.errors == {(0, 0): "#SPILL!"}
    assert found.replacement is not None
    assert b"<v>#N/A</v>" in found.replacement


def test_rows_without_numbers_follow_one_another():
    data = '<row><c><v>1</v></c><c><v>2</v></c></row><row><c r="C2"><v>3</v></c></row>'
    places = [(c.row, c.column) for one in rows_of(data.encode()) for c in one.cells]

    assert places == [(0, 0), (0, 1), (1, 2)]
    assert scan(data).cells == 3


def test_a_prefix_before_every_element_is_understood():
    data = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" t="e">'
        "<x:v>#REF!</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )

    assert scan_sheet(data.encode(), texts=SharedTexts()).errors == {(0, 0): "#REF!"}


def test_bits_are_set_for_the_numbers_given_and_no_others():
    assert bits([0, 9]) == bytes([0b0000_0001, 0b0000_0010])


ANY_CELL = st.sampled_from(
    [
        "",
        '<c r="{0}" s="1"/>',
        '<c r="{0}"><v>4.5</v></c>',
        "<c r='{0}' t='n'><v>4.5</v></c>",
        '<c r="{0}" t="s"><v>0</v></c>',
        '<c r="{0}" t="s"><v>1</v></c>',
        '<c r="{0}" t="e"><v>#REF!</v></c>',
        '<c r="{0}"><f>A9</f></c>',
        '<c r="{0}" t="str"><f>A9</f><v>x</v></c>',
        '<c r="{0}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ANY_CELL, max_size=5), max_size=6))
def test_the_fast_walk_and_the_close_look_agree(table):
    data = "".join(
        row("".join(text.format(f"{letters(c)}{r}") for c, text in enumerate(cells)), r)
        for r, cells in enumerate(table, start=1)
    )
    flat = [text for cells in table for text in cells]
    found = scan(data)

    held = ("4.5", "<v>0", "<v>x", "<t>a")
    assert found.cells == sum(any(mark in text for mark in held) for text in flat)
    assert found.uncertain == sum("<v>1" in text for text in flat)
    assert len(found.errors) == sum("#REF!" in text for text in flat)
    assert len(found.uncached) == sum(text.endswith("</f></c>") for text in flat)
