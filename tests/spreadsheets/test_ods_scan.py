import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.workbook import open_book
from tests.support import sheetfiles as files


def grid(tmp_path, *rows, **more):
    (only,) = open_book(files.opendocument(tmp_path, "".join(rows), **more)).sheets
    return only


def refusal(tmp_path, *rows, limits=None, **more):
    with pytest.raises(SourceError) as caught:
        open_book(files.opendocument(tmp_path, "".join(rows), **more), limits=limits)
    (problem,) = caught.value.problems
    return problem


def test_an_error_cell_is_blank_and_says_which_error(tmp_path):
    by_formula = files.odf_cell("#DIV/0!", more=' table:formula="of:=1/0"')
    by_kind = files.odf_cell("Err:502", more=' calcext:value-type="error"')
    typed = files.odf_cell("#N/A")
    found = grid(tmp_path, files.odf_row("a", by_formula, by_kind, typed))

    assert found.rows == [["a", None, None, "#N/A"]]
    assert found.errors == {(0, 1): "#DIV/0!", (0, 2): "Err:502"}


def test_a_formula_that_gives_nothing_is_told_from_one_never_computed(tmp_path):
    formula = 'table:formula="of:=LOWER([.A9])"'
    empty = f"<table:table-cell {formula}><text:p/></table:table-cell>"
    found = grid(tmp_path, files.odf_row(1, empty, f"<table:table-cell {formula}/>"))

    assert found.formula_empty == {(0, 1)}
    assert found.uncached == {(0, 2)}


def test_a_cell_of_spaces_alone_may_be_handed_over_or_not(tmp_path):
    spaces = (
        '<table:table-cell office:value-type="string"><text:p><text:s text:c="2"/></text:p>'
        "</table:table-cell>"
    )

    assert grid(tmp_path, files.odf_row("a", spaces)).rows[0][0] == "a"


def test_percentages_are_known_by_their_kind(tmp_path):
    found = grid(tmp_path, files.odf_row(1, files.odf_cell(0.31, kind="percentage")))

    assert found.rows == [[1.0, 0.31]]
    assert [found.is_percent(0, column) for column in (0, 1, 2)] == [False, True, False]


def test_repeated_rows_and_cells_count_as_often_as_they_stand_there(tmp_path):
    twice = files.odf_cell(7, more=' table:number-columns-repeated="2"')
    found = grid(tmp_path, files.odf_row(twice, more=' table:number-rows-repeated="3"'))

    assert found.rows == [[7.0, 7.0]] * 3


def test_hidden_rows_and_columns_and_merged_cells_are_found(tmp_path):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    wide = files.odf_cell("a", more=' table:number-columns-spanned="2"')
    found = grid(
        tmp_path,
        columns,
        files.odf_row(wide, "<table:covered-table-cell/>"),
        files.odf_row(1, 2, more=' table:visibility="filter"'),
    )

    assert found.hidden_columns == {1}
    assert found.hidden_rows == {1}
    assert found.merged == ((0, 0, 0, 1),)


def test_blank_rows_to_the_end_of_the_sheet_cost_nothing(tmp_path):
    blank = (
        '<table:table-row table:number-rows-repeated="1048575">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )

    assert grid(tmp_path, files.odf_row("a", 1), blank).rows == [["a", 1.0]]


def test_a_repeated_value_that_fills_the_sheet_is_refused(tmp_path):
    bomb = files.odf_cell(1, more=' table:number-columns-repeated="16384"')
    problem = refusal(
        tmp_path, files.odf_row(bomb, more=' table:number-rows-repeated="1048570"')
    )

    assert (problem.code, problem.cell) == ("security.sheet_extent", "XFD1048570")


def test_entities_are_refused(tmp_path):
    before = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

    assert refusal(tmp_path, files.odf_row("a"), before=before).code == "security.xml_dtd"


def test_broken_xml_is_one_message(tmp_path):
    assert refusal(tmp_path, "<table:table-row>").code == "container.corrupt"


def test_a_comment_on_a_cell_is_no_part_of_its_text(tmp_path):
    noted = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>see mail'
        "</text:p></office:annotation><text:p>on track</text:p></table:table-cell>"
    )

    assert grid(tmp_path, files.odf_row(noted)).errors == {}


def test_a_formula_that_asks_another_program_is_a_warning(tmp_path):
    asking = files.odf_cell(
        0, more=' table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;)"'
    )
    book = open_book(files.opendocument(tmp_path, files.odf_row(asking)))

    assert [(p.code, p.cell, p.severity) for p in book.problems] == [
        ("security.formula_dde", "A1", "warning")
    ]


def test_a_password_is_asked_for_by_the_manifest(tmp_path):
    path = tmp_path / "secret.ods"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>'
    members = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": "<x/>"}
    path.write_bytes(files.packed(members))

    with pytest.raises(SourceError, match="password"):
        open_book(path)


def test_too_many_cells_are_refused(tmp_path):
    problem = refusal(tmp_path, files.odf_row(1, 2, 3), limits=ReadingLimits(cells=2))

    assert problem.code == "security.sheet_extent"
