"""Files that break spreadsheet readers give their cells, or one clear message."""

import pytest

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.reader import Reader
from tests.support.shared import SHARED, needs_shared

pytestmark = needs_shared
DATA = SHARED / "data"

# Format, sheets, cells with a value, cells with an error. Counted also with openpyxl and
# xlrd, where those can open the file.
CELLS = {
    "excel_torture/calamine": {
        "any_sheets.xlsb": ("xlsb", 3, 7, 0),
        "any_sheets.xlsx": ("xlsx", 3, 7, 0),
        "date.ods": ("ods", 1, 8, 0),
        "date.xls": ("xls", 1, 6, 0),
        "date.xlsx": ("xlsx", 1, 6, 0),
        "date_1904.xlsx": ("xlsx", 1, 6, 0),
        "empty_sheet.xlsx": ("xlsx", 1, 0, 0),
        "formula-date-format.xls": ("xls", 1, 2, 0),
        "has_x000D_.xlsx": ("xlsx", 1, 1, 0),
        "issue221.xlsm": ("xlsx", 1, 4, 0),
        "issues.ods": ("ods", 6, 26, 0),
        "issues.xls": ("xls", 5, 18, 0),
        "issues.xlsb": ("xlsb", 6, 26, 0),
        "malformed_format.xls": ("xls", 1, 683, 0),
        "merge_cells.xls": ("xls", 1, 4, 0),
        "merge_cells.xlsx": ("xlsx", 1, 4, 0),
        "merged_cells.ods": ("ods", 1, 7, 0),
        "merged_range.xls": ("xls", 2, 31, 0),
        "merged_range.xlsx": ("xlsx", 2, 31, 0),
        "minimal_package.xlsx": ("xlsx", 1, 5083, 0),
        "pivots.xlsx": ("xlsx", 6, 274, 4),
        "single-empty.ods": ("ods", 1, 6, 0),
        "strict_iso_paths.xlsx": ("xlsx", 1, 1368, 0),
        "table-multiple.xlsx": ("xlsx", 3, 45, 0),
        "temperature-in-middle.xlsx": ("xlsx", 1, 6, 0),
        "too_small.xls": ("csv", 1, 1, 0),  # a line of text with another name
        "whitespace_trim.xlsx": ("xlsx", 2, 13, 0),
    },
    "excel_torture/messytables": {
        "begrotingsanalyse-2011.csv": ("csv", 1, 435, 0),
        "bian-anal-mca-2005-dols-eng-1011-0312-tab3.xlsm": ("xlsx", 1, 58, 0),
        "blank_line.ods": ("ods", 1, 12, 0),
        "complex.csv": ("csv", 1, 17, 0),
        "example.tsv": ("csv", 1, 2397, 0),
        "large.xlsx": ("xlsx", 3, 46375, 0),
        "libreoffice.xlsx": ("xlsx", 1, 0, 0),
        "long.csv": ("csv", 1, 4000, 0),
        "null.csv": ("csv", 1, 36, 0),
        "simple.xls": ("xls", 1, 21, 0),
        "simple.xlsx": ("xlsx", 1, 21, 0),
        "unicode_sheet_name.xls": ("xls", 1, 1, 0),
        "utf-16le_encoded.csv": ("csv", 1, 6232, 0),
    },
    "ons_excel": {
        "coronavirusandlonelinessreferencetable.xlsx": ("xlsx", 25, 2452, 0),
        "dates-times.ods": ("ods", 3, 5, 0),
        "dates-times.xls": ("xls", 3, 5, 0),
        "dates-times.xlsx": ("xlsx", 1, 5, 0),
        "house-prices.xls": ("xls", 5, 40889, 0),
        "householddebtdataset.xls": ("xls", 22, 3924, 0),
        "service-industry.xls": ("xls", 21, 5067, 0),
        "within-sample.xls": ("xls", 1, 45, 0),
    },
}

# The code of the one problem, and what its message says.
TURNED_AWAY = {
    "excel_torture/calamine/pass_protected.xlsx": ("container.encrypted", "password"),
    "excel_torture/messytables/characters.csv": ("csv.encoding", "save the file as CSV UTF-8"),
    "excel_torture/messytables/simple.unknown": ("container.empty", "0 bytes"),
}

READ = {
    f"{place}/{file}": told for place, files in CELLS.items() for file, told in files.items()
}


@pytest.fixture(scope="module")
def reader():
    with Reader() as one:
        yield one


@pytest.mark.parametrize(("file", "told"), READ.items(), ids=list(READ))
def test_a_file_gives_its_cells(reader, file, told):
    book = reader.open(DATA / file)

    cells = sum(v is not None for grid in book.sheets for row in grid.rows for v in row)
    errors = sum(len(grid.errors) for grid in book.sheets)
    assert (book.format, len(book.sheets), cells, errors) == told


@pytest.mark.parametrize(("file", "told"), TURNED_AWAY.items(), ids=list(TURNED_AWAY))
def test_a_file_that_is_turned_away_says_why_in_one_message(reader, file, told):
    with pytest.raises(SourceError) as caught:
        reader.open(DATA / file)

    (problem,) = caught.value.problems
    assert problem.code == told[0]
    assert told[1] in problem.message
    assert problem.file == file.rpartition("/")[2]


def test_no_file_is_left_out_of_these_tables():
    folders = ("excel_torture/calamine", "excel_torture/messytables", "ons_excel")
    found = {
        path.relative_to(DATA).as_posix()
        for folder in folders
        for path in (DATA / folder).iterdir()
        if path.name != "SOURCES.md"
    }

    assert found == set(READ) | set(TURNED_AWAY)
