import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.container import Container
from delivery_analytics.spreadsheets.csv_text import read
from delivery_analytics.spreadsheets.limits import STANDARD, ReadingLimits


def contents(text, *, file="return.csv", limits=STANDARD):
    data = text if isinstance(text, bytes) else text.encode()
    (grid,), problems = read(Container("csv", file, data), limits=limits)
    return grid, problems


def table(text, **more):
    return contents(text, **more)[0]


def refusal(text, **more):
    with pytest.raises(SourceError) as caught:
        table(text, **more)
    (problem,) = caught.value.problems
    return problem


def codes(problems):
    return [(problem.code, problem.severity) for problem in problems]


def test_every_cell_is_text_and_an_empty_one_is_none():
    found, problems = contents("code,actual\n007,1e3\nNA,\n")

    assert found.rows == [["code", "actual"], ["007", "1e3"], ["NA", None]]
    assert problems == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_the_last_need_not_end(ending):
    assert table(f"a,b{ending}1,2{ending}3,4").rows == [["a", "b"], ["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("delimiter", "file", "said"),
    [
        (",", "x.csv", []),
        (";", "x.csv", [("csv.dialect", "note")]),
        ("\t", "x.csv", [("csv.dialect", "warning")]),
        ("|", "x.csv", [("csv.dialect", "warning")]),
        ("\t", "x.tsv", []),
        (",", "x.tsv", [("csv.dialect", "warning")]),
        ("|", "x.txt", []),
    ],
)
def test_the_delimiter_is_found_and_an_unusual_one_is_told(delimiter, file, said):
    text = "code;факт\nH-1;1,5\nH-2;2,5\n".replace(";", delimiter)
    text = text.replace("1,5", "1.5").replace("2,5", "2.5") if delimiter == "," else text
    found, problems = contents(text, file=file)

    assert [len(row) for row in found.rows] == [2, 2, 2]
    assert codes(problems) == said


def test_decimal_commas_do_not_pass_for_delimiters():
    found = table("plan;actual\n" + "1,5;2,5\n" * 300)

    assert found.rows[1] == ["1,5", "2,5"]


def test_a_semicolon_in_every_row_of_a_text_column_does_not_pass_for_a_delimiter():
    found = table("region;district,plan,actual\nA;B,1,2\nC;D,3,4\n")

    assert found.rows[1] == ["A;B", "1", "2"]


def test_a_first_line_may_declare_the_delimiter_and_is_no_row():
    found, problems = contents("sep=;\r\ncode;actual\r\nH-1;1,5\r\n")

    assert found.rows == [["code", "actual"], ["H-1", "1,5"]]
    assert codes(problems) == [("csv.dialect", "warning")]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks():
    found = table('a,b\n"x, ""y""\nz",2\n3,4\n')

    assert found.rows == [["a", "b"], ['x, "y"\nz', "2"], ["3", "4"]]
    assert found.address(2, 1) == "B3"  # as a spreadsheet shows it, in line 4 of the text


def test_blank_lines_are_rows_so_that_lines_keep_their_numbers():
    assert table("a,b\n\n,\n1,2\n").rows == [["a", "b"], [None, None], [None, None], ["1", "2"]]


def test_rows_with_cells_too_few_or_too_many_are_noted_and_none_is_cut():
    found = table("a,b,c\n1,2,3\n1,2\n1,2,3,4\n\n1,2,3\n")

    assert found.line_cells == [3, 3, 2, 4, 0, 3]
    assert found.rows[2] == ["1", "2", None, None]
    assert found.rows[3] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,"x\n2,y\n3,z\n', "line 2"),
        ('a,b\n1,x\n2,"y', "line 3"),
        ('a,b,c\n1,2,"x\n2,3,y\n3,4,"z"\n', "line 2"),
        ('a,b,c\n1,2,"x\n2,3,y\n3,4,z"\n', "line 2"),
        ('a,b\n"1\n2",x\n3,"y\n4,z\n', "line 4"),
    ],
)
def test_a_quote_left_open_is_named_by_its_line(text, line):
    problem = refusal(text)

    assert (problem.code, problem.cell) == ("csv.unclosed-quote", line)


def test_a_quote_left_open_in_a_large_file_does_not_swallow_it():
    text = 'a,b\n1,"x\n' + "2,yyyyyyyyyy\n" * 30_000

    assert refusal(text).cell == "line 2"


def test_quotes_out_of_place_within_one_line_are_kept_as_they_stand():
    found = table('a,b\n5" pipe,1\n"ТОО "Нур",2\n3,4\n')

    assert found.rows[1] == ['5" pipe', "1"]
    assert found.rows[3] == ["3", "4"]


def test_a_long_comment_of_several_lines_with_commas_is_no_open_quote():
    comment = "In May, June and July,\nwork stood still, as agreed;\nsince August, it goes on."
    found = table(f'code,plan,actual,comment\n1,2,3,"{comment}"\n4,5,6,x\n')

    assert found.rows[1][3] == comment


def test_a_control_character_is_left_for_the_loader_to_see():
    assert table("a,b\non\0track,2\n").rows[1] == ["on\0track", "2"]


def test_a_single_column_is_a_table_too():
    assert table("code\nH-1\nH-2\n").rows == [["code"], ["H-1"], ["H-2"]]


def test_a_file_of_delimiters_alone_cannot_fill_the_memory():
    problem = refusal("," * 2_000, limits=ReadingLimits(text_cells=1_000))
    one_long = refusal("a\n" * 500 + "," * 500, limits=ReadingLimits(text_cells=1_000))

    assert problem.code == one_long.code == "security.sheet_extent"


def test_a_file_of_too_many_lines_is_refused_before_they_are_read():
    limits = ReadingLimits(text_lines=1_000)

    for line in (b"\n", b"\r", b"\r\n", b"1\n", b"\xe9\n"):
        problem = refusal(line * 1_001, limits=limits)
        assert problem.code == "security.sheet_extent"
        assert "1,001 lines" in problem.message
    assert len(table("1\r\n" * 1_000, limits=limits).rows) == 1_000


def test_a_line_too_long_to_hold_is_refused():
    limits = ReadingLimits(line_bytes=100)
    problem = refusal("a,b\n" + "x" * 101 + "\n1,2\n", limits=limits)

    assert problem.code == "security.sheet_extent"
    assert len(table("a,b\r" + "x" * 80 + "\r1,2\r", limits=limits).rows) == 3


def test_a_file_that_takes_too_long_is_given_up():
    problem = refusal("a,b\n" * 20_001, limits=ReadingLimits(seconds=0))

    assert problem.code == "security.sheet_extent"


@pytest.mark.parametrize(
    "cell", ["x" * 131_073, f'"{"x" * 131_073}"', '"x\n' + "y" * 131_071 + '"']
)
def test_a_cell_longer_than_pythons_reader_takes_is_read_and_told(cell):
    found, (problem,) = contents(f"code,note\n1,{cell}\n2,z\n")

    assert found.rows[1] == ["1", cell.strip('"')]
    assert found.rows[2] == ["2", "z"]
    assert (problem.code, problem.cell) == ("cell.too-long", "B2")
    assert problem.severity == "warning"


def test_a_quote_left_open_does_not_take_in_a_whole_file():
    text = 'a,b\n1,"x\n' + "2,yyyyyyyyyy\n" * 1_000

    assert (
        refusal(text, limits=ReadingLimits(quoted_characters=500)).code == "csv.unclosed-quote"
    )


def test_repeated_texts_are_held_once():
    text = "unit\n" + "people\n" * 20_001
    found = table(text)

    assert found.rows[1][0] is found.rows[20_001][0]


CELL = st.text(st.sampled_from('ab,;"\n\r|\té '), max_size=6)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=3, max_size=6))
def test_what_python_writes_as_csv_is_read_back(cells):
    cells = [["code", "name", "note"], *cells]
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(cells)
    try:
        found = table(stream.getvalue())
    except SourceError as error:
        assert error.problems[0].code == "csv.unclosed-quote"  # a row drawn inside a cell
        assert any(piece.count(",") == 2 for row in cells for c in row for piece in c.split())
        return

    assert found.rows == [[cell or None for cell in row] for row in cells]
