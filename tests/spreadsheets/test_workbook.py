import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.snapshot import Snapshot
from delivery_analytics.spreadsheets.workbook import open_book, open_snapshot
from tests.support import sheetfiles as files

TABLE = [["code", "actual"], ["H-001", 31.0], ["H-002", 84.5]]


def refusal(path, **more):
    with pytest.raises(SourceError) as caught:
        open_book(path, **more)
    (problem,) = caught.value.problems
    return problem


def only_grid(path):
    (grid,) = open_book(path).sheets
    return grid


def test_a_book_knows_its_file_its_format_and_its_sheets(tmp_path):
    book = open_book(files.book(tmp_path), name="Health, Q2.xlsx")

    assert (book.file, book.format) == ("Health, Q2.xlsx", "xlsx")
    assert [(grid.sheet, grid.visible, grid.file) for grid in book.sheets] == [
        ("Progress", True, "Health, Q2.xlsx")
    ]
    assert book.sheets[0].rows == TABLE
    assert book.problems == ()


def test_leading_blank_rows_and_columns_stay_so_that_addresses_hold(tmp_path):
    data = f'<row r="3">{files.cell("C3", "code")}{files.cell("D3", 5)}</row>'
    grid = only_grid(files.book(tmp_path, data))

    assert grid.rows == [[None] * 4, [None] * 4, [None, None, "code", 5.0]]
    assert grid.address(2, 3) == "D3"


def test_a_grid_on_its_side_keeps_the_sheets_own_addresses(tmp_path):
    data = (
        f'<row r="1">{files.cell("A1", "code")}{files.cell("B1", "H-001")}</row>'
        f'<row r="2" hidden="1">{files.cell("A2", "actual")}'
        '<c r="B2" t="e"><v>#N/A</v></c></row>'
    )
    turned = only_grid(files.book(tmp_path, data)).transposed()

    assert turned.rows == [["code", "actual"], ["H-001", None]]
    assert turned.errors == {(1, 1): "#N/A"}
    assert turned.hidden_columns == {1}
    assert turned.address(0, 1) == "A2"
    assert turned.transposed().address(0, 1) == "B1"


def test_a_last_row_that_holds_only_an_error_is_not_lost(tmp_path):
    error = '<row r="4"><c r="C4" t="e"><v>#REF!</v></c></row>'
    grid = only_grid(files.book(tmp_path, files.GOOD + error))

    assert grid.rows[3] == [None, None, None]
    assert grid.errors == {(3, 2): "#REF!"}


def test_numbers_that_are_none_arrive_as_such_even_in_a_date_cell(tmp_path):
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    data = '<row r="1"><c r="A1"><v>NaN</v></c><c r="B1" s="1"><v>NaN</v></c></row>'
    grid = only_grid(files.book(tmp_path, data, styles=styles))

    assert [str(value) for value in grid.rows[0]] == ["nan", "nan"]
    assert grid.not_finite == {(0, 0): "NaN", (0, 1): "NaN"}


def test_a_cell_far_below_the_table_is_set_aside(tmp_path):
    far = f'<row r="5000">{files.cell("B5000", "x")}<c r="C5000" t="e"><v>#N/A</v></c></row>'
    grid = only_grid(files.book(tmp_path, files.GOOD + far))

    assert grid.rows == [[*row, None] for row in TABLE]
    assert grid.stray == ((4_999, 1, "x"), (4_999, 2, "#N/A"))
    assert grid.errors == {}


def test_a_second_table_below_many_blank_rows_stays_in_the_grid(tmp_path):
    second = files.rows(*[("x", 1)] * 501, first=1_200)
    grid = only_grid(files.book(tmp_path, files.GOOD + second))

    assert len(grid.rows) == 1_700
    assert grid.stray == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "windows-1251"])
def test_a_sheet_in_another_encoding_is_read_whole(tmp_path, encoding):
    xml = files.sheet(files.rows(("код", 5))).replace("UTF-8", encoding.removesuffix("-sig"))
    path = files.changed(tmp_path, **{files.SHEET: xml.encode(encoding)})

    assert only_grid(path).rows == [["код", 5.0]]


def test_members_named_with_backslashes_are_found(tmp_path):
    path = tmp_path / "book.xlsx"
    members = {name.replace("/", "\\"): data for name, data in files.parts().items()}
    path.write_bytes(files.packed(members))

    assert only_grid(path).rows == TABLE


def test_missing_or_empty_styles_do_not_matter(tmp_path):
    assert only_grid(files.book(tmp_path, styles="<fills><fill/></fills>")).rows == TABLE


@pytest.mark.parametrize(
    "members",
    [
        {files.SHEET: None},
        {"xl_workbook_xml": "<workbook><sheets/></workbook>"},
        {"xl/_rels/workbook.xml.rels": files.relations(r9=("worksheet", "sheet1.xml"))},
        {files.SHEET: files.sheet(files.GOOD)[:-40]},
    ],
)
def test_a_workbook_that_points_to_nothing_is_refused_by_name(tmp_path, members):
    assert refusal(files.changed(tmp_path, **members)).code == "container.corrupt"


def test_a_sheet_outside_the_file_is_refused(tmp_path):
    outside = files.relations(r1=("worksheet", "http://127.0.0.1:9/s.xml"))
    outside = outside.replace("/></Rel", ' TargetMode="External"/></Rel')
    path = files.changed(tmp_path, **{"xl/_rels/workbook.xml.rels": outside})

    assert refusal(path).code == "container.corrupt"


def test_two_cells_of_one_name_are_refused_since_one_of_them_would_be_lost(tmp_path):
    twice = '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'
    problem = refusal(files.book(tmp_path, twice))

    assert (problem.code, problem.sheet) == ("container.corrupt", "Progress")
    assert "2 filled cells, but 1" in problem.message


def test_a_value_before_its_formula_would_be_lost_and_is_refused(tmp_path):
    data = '<row r="1"><c r="A1" t="str"><v>a</v><f>B1</f></c></row>'

    assert refusal(files.book(tmp_path, data)).code == "container.corrupt"


def test_macros_and_dde_are_warnings_and_hidden_sheets_are_marked(tmp_path):
    listed = files.parts()["xl/workbook.xml"].replace("<sheet ", '<sheet state="hidden" ')
    data = '<row r="1"><c r="A1"><f>cmd|\'/C x\'!A0</f><v>0</v></c></row>'
    path = files.changed(
        tmp_path,
        **{
            "xl/workbook.xml": listed,
            files.SHEET: files.sheet(data),
            "xl/vbaProject.bin": b"macro",
        },
    )
    book = open_book(path)

    assert [(p.code, p.sheet, p.cell) for p in book.problems] == [
        ("security.macros_ignored", "", ""),
        ("security.formula_dde", "Progress", "A1"),
    ]
    assert book.format == "xlsm"
    assert not book.sheets[0].visible


def test_bytes_of_an_old_workbook_under_a_new_name_load_with_a_warning(tmp_path):
    path = tmp_path / "return.xlsx"
    path.write_text("code,actual\nH-001,31\n")
    book = open_book(path)

    assert book.format == "csv"
    assert [p.code for p in book.problems] == ["container.extension_mismatch"]


def test_the_table_hash_sees_cells_and_not_their_packing(tmp_path):
    one = open_book(files.book(tmp_path, name="one.xlsx"))
    same = open_book(files.book(tmp_path, name="same.xlsx", tail="<printOptions/>"))
    other = open_book(files.book(tmp_path, files.GOOD.replace("84.5", "84.6"), name="c.xlsx"))

    assert one.sha256 != same.sha256
    assert one.table_hash == same.table_hash
    assert one.table_hash != other.table_hash


def test_the_table_hash_tells_an_error_from_a_blank(tmp_path):
    blank = files.rows(("a", 1))
    error = blank.replace("</row>", '<c r="C1" t="e"><v>#N/A</v></c></row>')
    books = [
        files.book(tmp_path, data, name=f"{n}.xlsx") for n, data in enumerate((blank, error))
    ]

    assert len({open_book(path).table_hash for path in books}) == 2


def written(cells):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Progress")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for row, column, value in cells:
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write(row, column, value)
    return stream.getvalue()


VALUES = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 3)),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    st.text("abcАБәғ <&\"'", min_size=1, max_size=8).filter(
        lambda s: s.strip() and s[0] != "="
    ),
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 30)), VALUES, max_size=25))
def test_another_reader_sees_the_same_cells_at_the_same_addresses(cells):
    data = written([(*place, value) for place, value in cells.items()])
    snapshot = Snapshot(path=None, file="x.xlsx", data=data, sha256="")
    (grid,) = open_snapshot(snapshot, limits=ReadingLimits()).sheets
    ours = {
        grid.address(r, c): value
        for r, row in enumerate(grid.rows)
        for c, value in enumerate(row)
        if value is not None
    }
    theirs = {
        cell.coordinate: cell.value.date()
        if isinstance(cell.value, dt.datetime)
        else cell.value
        for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()
        for cell in row
        if cell.value is not None
    }

    assert ours == theirs
