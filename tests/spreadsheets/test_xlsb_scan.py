"""Binary workbooks written record by record, with the numbers of [MS-XLSB]."""

import struct

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.workbook import open_book
from tests.support import sheetfiles as files

REAL, ERROR, TEXT = 5, 3, 6
FORMULA_TEXT, FORMULA_ERROR = 8, 11
NO_FORMULA = struct.pack("<HII", 0, 0, 0)


def real(column, value, **more):
    return files.binary_cell(REAL, column, struct.pack("<d", value), **more)


def text(column, value):
    return files.binary_cell(TEXT, column, files.wide(value))


def grid(tmp_path, records, **more):
    (only,) = open_book(files.binary_book(tmp_path, records, **more)).sheets
    return only


def test_errors_are_told_from_blanks(tmp_path):
    found = grid(
        tmp_path,
        files.binary_row(0)
        + text(0, "a")
        + files.binary_cell(ERROR, 1, b"\x17")
        + files.binary_cell(FORMULA_ERROR, 2, b"\x07" + NO_FORMULA)
        + real(3, 4.5),
    )

    assert found.rows == [["a", None, None, 4.5]]
    assert found.errors == {(0, 1): "#REF!", (0, 2): "#DIV/0!"}


def test_a_formula_that_gives_an_empty_text_is_known(tmp_path):
    empty = files.binary_cell(FORMULA_TEXT, 1, files.wide("") + NO_FORMULA)
    found = grid(tmp_path, files.binary_row(0) + real(0, 1.0) + empty)

    assert found.formula_empty == {(0, 1)}


def test_hidden_rows_and_columns_and_merged_cells_are_found(tmp_path):
    hidden = files.record(60, struct.pack("<IIIIH", 1, 2, 0, 0, 1))
    merged = files.record(176, struct.pack("<IIII", 0, 1, 0, 0))
    found = grid(
        tmp_path,
        hidden
        + files.binary_row(0)
        + real(0, 1.0)
        + files.binary_row(1, hidden=True)
        + real(0, 2.0)
        + merged,
    )

    assert found.rows == [[1.0], [2.0]]
    assert found.hidden_columns == {1, 2}
    assert found.hidden_rows == {1}
    assert found.merged == ((0, 0, 1, 0),)


def test_percentages_are_known_by_their_style(tmp_path):
    count = struct.pack("<I", 1)
    own_format = files.record(44, struct.pack("<H", 164) + files.wide("0.0%"))
    cell_styles = b"".join(
        files.record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 9, 164)
    )
    styles = (
        files.record(615, count)
        + own_format
        + files.record(616)
        + files.record(617, struct.pack("<I", 3))
        + cell_styles
        + files.record(618)
    )
    found = grid(
        tmp_path,
        files.binary_row(0) + real(0, 0.5) + real(1, 0.5, style=1) + real(2, 0.5, style=2),
        styles=styles,
    )

    assert [found.is_percent(0, column) for column in range(3)] == [False, True, True]


def test_a_far_cell_is_refused_by_name(tmp_path):
    far = files.binary_row(0) + real(0, 1.0) + files.binary_row(1_048_575) + real(16_383, 1.0)

    with pytest.raises(SourceError) as caught:
        grid(tmp_path, far)

    (problem,) = caught.value.problems
    assert (problem.code, problem.sheet, problem.cell) == (
        "security.sheet_extent",
        "Progress",
        "XFD1048576",
    )


def test_a_record_cut_short_is_damage(tmp_path):
    with pytest.raises(SourceError, match="cut short"):
        grid(tmp_path, files.binary_row(0) + b"\x05\x7f\x00")
