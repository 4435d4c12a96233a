import pytest
import xlwt

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.workbook import open_book


def old_book(tmp_path, fill):
    book = xlwt.Workbook()
    fill(book.add_sheet("Progress"))
    path = tmp_path / "book.xls"
    book.save(str(path))
    return path


def test_errors_hidden_parts_percentages_and_merges_of_an_old_workbook_are_found(tmp_path):
    percent = xlwt.easyxf(num_format_str="0.0%")

    def fill(sheet):
        sheet.write(0, 0, "code")
        sheet.write(1, 0, 31.5)
        sheet.write(1, 1, 0.5, percent)
        sheet.row(1).set_cell_error(2, 0x17)
        sheet.row(2).write(0, True)
        sheet.row(2).hidden = True
        sheet.col(1).hidden = True
        sheet.merge(0, 0, 0, 1)

    (grid,) = open_book(old_book(tmp_path, fill)).sheets

    assert grid.rows == [["code", None, None], [31.5, 0.5, None], [True, None, None]]
    assert grid.errors == {(1, 2): "#REF!"}
    assert grid.hidden_rows == {2}
    assert grid.hidden_columns == {1}
    assert grid.merged == ((0, 0, 0, 1),)
    assert grid.is_percent(1, 1)
    assert not grid.is_percent(1, 0)


def test_a_far_cell_of_an_old_workbook_is_refused_by_name(tmp_path):
    path = old_book(tmp_path, lambda sheet: sheet.write(65_535, 255, 1))

    with pytest.raises(SourceError) as caught:
        open_book(path)

    (problem,) = caught.value.problems
    assert (problem.code, problem.cell) == ("security.sheet_extent", "IV65536")


def test_an_old_workbook_cut_short_is_damaged(tmp_path):
    path = old_book(
        tmp_path, lambda sheet: [sheet.write(row, 0, "x" * 50) for row in range(500)]
    )
    path.write_bytes(path.read_bytes()[:-3_000])

    with pytest.raises(SourceError) as caught:
        open_book(path, limits=ReadingLimits())

    assert caught.value.problems[0].code == "container.corrupt"
