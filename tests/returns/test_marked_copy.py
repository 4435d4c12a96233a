"""The sender's workbook comes back with each problem marked at its cell, and listed."""

import csv
import io
import shutil
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from openpyxl.xml.functions import tostring
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError, Problem
from delivery_analytics.loading.load import read_files
from delivery_analytics.model.registry import open_registry
from delivery_analytics.returns import marked_copy, problem_list, workbook_copy
from delivery_analytics.returns.cell_places import cells_of
from delivery_analytics.spreadsheets.grid import Grid
from delivery_analytics.wording import codes
from delivery_analytics.wording.remedies import NAMES, OTHERWISE, REMEDY
from delivery_analytics.wording.wording import open_wording
from tests.support import rich_workbook
from tests.support.readers_check import findings
from tests.support.shared import SHARED, needs_shared
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of", "comment"]
GOOD = ["H-001", "2024", 40, 31, DAY, None]
ALSO = ["H-002", "2024", 90, 84.5, DAY, None]
FILLS = {severity: look.fill for severity, look in marked_copy.LOOKS.items()}
CORPUS = SHARED / "corpus"
CORPUS_WORKSPACE = Path(__file__).parents[1] / "workspaces" / "corpus"


@pytest.fixture
def registry(tmp_path):
    return open_registry(workspace(tmp_path / "workspace"))


def given_back(registry, path, language="en"):
    """What was given back, as an open workbook, beside what was said of it."""
    found = marked_copy.mark(
        registry, path, sector=registry.sectors.get("health"), language=language
    )
    return openpyxl.load_workbook(io.BytesIO(found.content)), found


def sent(tmp_path, *rows, **options):
    return write(tmp_path / "sent.xlsx", HEAD, *rows, **options)


def fill(cell):
    return cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type == "solid" else ""


def cells(sheet):
    """The cells there are: a sheet may have one in its last row."""
    return list(sheet._cells.values())


def painted(sheet):
    """The cells with a colour of a severity, and which."""
    by_fill = {colour: severity for severity, colour in FILLS.items()}
    return {
        cell.coordinate: by_fill[fill(cell)] for cell in cells(sheet) if fill(cell) in by_fill
    }


def commented(sheet):
    return {cell.coordinate: cell.comment.text for cell in cells(sheet) if cell.comment}


def listing(book):
    """The rows of the list, by heading."""
    sheet = book.worksheets[0]
    top = next(row for row in range(1, 20) if sheet.cell(row, 7).value)
    headings = [cell.value for cell in sheet[top]]
    return [
        dict(zip(headings, row, strict=True))
        for row in sheet.iter_rows(min_row=top + 1, values_only=True)
        if any(row)
    ]


def above(book):
    """The lines above the list."""
    sheet = book.worksheets[0]
    return [sheet.cell(row, 1).value for row in range(1, 10) if sheet.cell(row, 1).value]


# Marks


def test_a_problem_is_marked_at_its_cell_by_colour_frame_and_words(registry, tmp_path):
    path = sent(tmp_path, ["H-001", "2024", 40, "много", DAY, None], ALSO)
    book, found = given_back(registry, path)
    sheet = book["Progress"]
    cell = sheet["D2"]

    assert painted(sheet) == {"D2": "error"}
    assert cell.border.left.style == marked_copy.LOOKS["error"].style
    assert cell.comment.text.splitlines() == [
        "■ Error: The wrong kind of value",
        "Found: много",
        "What to do: Enter a number as a number and a date as a date, without other text.",
        "'много' is not a number. Expected digits such as 1234.5",
    ]
    assert (found.kind, found.marks) == ("own", 1)


def test_each_severity_has_a_frame_and_a_shape_of_its_own():
    looks = marked_copy.LOOKS.values()

    assert len({look.style for look in looks}) == len({look.glyph for look in looks}) == 3


def test_the_gravest_problem_of_a_cell_colours_it_and_all_are_told(registry, tmp_path):
    # A code in lower case is a warning, that it stands twice with other figures an error.
    path = sent(
        tmp_path, ["h-001", "2024", 40, 31, DAY, None], [*GOOD[:3], 32, DAY, None], ALSO
    )
    sheet = given_back(registry, path)[0]["Progress"]

    assert painted(sheet) == {"A2": "error", "A3": "error"}
    text = sheet["A2"].comment.text
    assert text.index("■ Error") < text.index("▲ Warning")


def test_what_the_sender_wrote_and_how_it_looks_is_kept(registry, tmp_path):
    path = sent(tmp_path, [*GOOD[:3], "31,5", DAY, "Уточняется"], ALSO)
    own = openpyxl.load_workbook(path)
    sheet = own["Progress"]
    sheet["D2"].comment = Comment("Ask the region", "Sender")
    sheet["D3"] = "=C3-5.5"
    sheet["D3"].number_format = "0.000"
    sheet["A1"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    sheet.column_dimensions["F"].width = 44
    sheet.add_table(Table(displayName="Figures", ref="A1:F3"))
    own.create_sheet("Chart data")["B7"] = 12
    own.save(path)
    book, _ = given_back(registry, path)
    sheet = book["Progress"]

    assert book.sheetnames == ["Problems", "Progress", "Chart data"]
    assert sheet["D3"].value == "=C3-5.5"
    assert (sheet["D3"].data_type, sheet["D3"].number_format) == ("f", "0.000")
    assert sheet["A1"].font.bold and sheet["A1"].font.color.rgb == "00FF0000"
    assert sheet.column_dimensions["F"].width == 44
    assert [*sheet.tables] == ["Figures"]
    assert book["Chart data"]["B7"].value == 12
    assert sheet["D2"].comment.text.startswith("Ask the region\n\n▲ Warning")


def parts_of(content, what):
    """The parts of a workbook whose name has `what`, by name, each as XML says it at its shortest."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = {name: package.read(name) for name in package.namelist() if what in name}
    return {
        name: etree.canonicalize(data.decode()) if name.endswith((".xml", ".rels")) else data
        for name, data in found.items()
    }


def rules_of(content):
    """The conditional formats, the validations and the print setup of a workbook's sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: (
            {
                str(one.sqref): [(r.type, r.priority, r.formula, dressed(r)) for r in one.rules]
                for one in sheet.conditional_formatting
            },
            [
                (str(one.sqref), one.type, one.operator, one.formula1, one.formula2, one.error)
                for one in sheet.data_validations.dataValidation
            ],
            (sheet.print_area, sheet.print_title_rows, sheet.page_setup.orientation),
            sheet.freeze_panes,
        )
        for sheet in book.worksheets
        if sheet.title != "Problems"
    }


def dressed(rule):
    parts = (rule.dxf, rule.colorScale, rule.dataBar, rule.iconSet)
    return [None if part is None else tostring(part.to_tree("x")) for part in parts]


@pytest.mark.parametrize("ending", ["xlsx", "xlsm"])
def test_what_the_sender_drew_and_every_rule_of_theirs_is_kept_part_by_part(
    registry, tmp_path, ending
):
    macros = None
    if ending == "xlsm":
        macros = tmp_path / "vbaProject.bin"
        macros.write_bytes(b"macros of no consequence")
    rows = [[*GOOD[:3], "много", "2025-01-20", ""], [*ALSO[:4], "2025-01-20", ""]]
    path = rich_workbook.write(tmp_path / f"sent.{ending}", HEAD, *rows, macros=macros)
    own = path.read_bytes()
    found = marked_copy.mark(registry, path, sector=registry.sectors["health"])

    assert (found.kind, found.marks > 0) == ("own", True)
    for what in ("xl/charts/", "xl/media/", "xl/drawings/drawing", "xl/drawings/_rels/"):
        before = parts_of(own, what)
        assert before and parts_of(found.content, what) == before
    assert rules_of(found.content) == rules_of(own)
    sheet = openpyxl.load_workbook(io.BytesIO(found.content))["Progress"]
    assert fill(sheet["D2"]) in FILLS.values()
    assert sheet["A2"].comment.text.startswith("Ask the region")
    assert len(sheet._charts) == len(rich_workbook.CHARTS)
    assert not parts_of(found.content, "vba")


def test_the_marked_copy_has_no_finding_that_the_senders_file_had_not(registry, tmp_path):
    rows = [[*GOOD[:3], "много", "2025-01-20", ""], [*ALSO[:4], "2025-01-20", ""]]
    path = rich_workbook.write(tmp_path / "sent.xlsx", HEAD, *rows)
    found = marked_copy.mark(registry, path, sector=registry.sectors["health"])
    copy = tmp_path / "marked.xlsx"
    copy.write_bytes(found.content)

    assert found.kind == "own"
    assert findings(path) == findings(copy) == []


@pytest.mark.parametrize(
    ("content", "kind"), [("code,=1+1\nH-001,много", "rebuilt"), ("", "none")]
)
def test_the_list_of_a_file_that_is_not_copied_is_a_valid_workbook(
    registry, tmp_path, content, kind
):
    path = tmp_path / "sent.csv"
    path.write_text(content)
    found = marked_copy.mark(registry, path, sector=registry.sectors["health"])
    copy = tmp_path / "marked.xlsx"
    copy.write_bytes(found.content)

    assert (found.kind, findings(copy)) == (kind, [])


def test_a_drawing_that_leads_out_of_the_file_is_not_handed_on(registry, tmp_path):
    path = rich_workbook.write(tmp_path / "sent.xlsx", HEAD, [*GOOD[:4], "2025-01-20", ""])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    out = f'<Relationship Id="out" Type="{kind}" Target="http://a.invalid" TargetMode="External"/>'
    _rewrite(
        path,
        "</Relationships>",
        out + "</Relationships>",
        "xl/drawings/_rels/drawing1.xml.rels",
    )
    found = marked_copy.mark(registry, path, sector=registry.sectors["health"])

    assert found.kind == "own"
    assert not parts_of(found.content, "xl/media/")
    assert b"a.invalid" not in b"".join(
        str(one).encode() for one in parts_of(found.content, "").values()
    )


def test_a_hidden_row_is_coloured_and_told_at_the_row_before_it(registry, tmp_path):
    path = sent(tmp_path, GOOD, ALSO, hidden_rows=(3,))
    sheet = given_back(registry, path)[0]["Progress"]

    assert painted(sheet) == {f"{c}3": "warning" for c in "ABCDE"}
    assert [*commented(sheet)] == ["A2"]
    assert "Where: row 3" in sheet["A2"].comment.text
    assert sheet.row_dimensions[3].hidden


def test_a_merged_cell_is_told_where_it_can_be_seen(registry, tmp_path):
    merges = [("A2:A3", "H-001")]
    path = sent(tmp_path, GOOD, [None, *GOOD[1:]], ALSO, merges=merges)
    sheet = given_back(registry, path)[0]["Progress"]

    assert "Merged cells" in sheet["A2"].comment.text
    assert "Where: A3" in sheet["A2"].comment.text


def test_many_equal_warnings_are_marked_as_the_range_they_were_told_as(registry, tmp_path):
    rows = [["H-001", str(year), 40, f"{year},5", DAY, None] for year in range(1995, 2025)]
    sheet = given_back(registry, sent(tmp_path, *rows, ALSO))[0]["Progress"]

    assert painted(sheet) == {f"D{row}": "warning" for row in range(2, 32)}
    assert "Where: D22:D31" in sheet["D22"].comment.text
    assert "D23" not in commented(sheet)


# Addresses


def grid(*rows, **options):
    width = max(len(row) for row in rows)
    return Grid("f", "S", [[*row, *[None] * (width - len(row))] for row in rows], **options)


SHEET = grid(["a", "b", "c"], [1, None, 3], [4, 5, 6], [None, None, None], ["x"])


@pytest.mark.parametrize(
    ("address", "marks", "anchors"),
    [
        ("", [], []),
        ("B3", [[(2, 1)]], [(2, 1)]),
        ("A1,C2", [[(0, 0)], [(1, 2)]], [(0, 0), (1, 2)]),
        ("B1:B3", [[(0, 1), (2, 1)]], [(0, 1)]),
        ("C3:A2", [[(1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]], [(1, 0)]),
        ("row 2", [[(1, 0), (1, 2)]], [(1, 0)]),
        ("row 4", [[(3, 0)]], [(3, 0)]),
        ("column A", [[(0, 0), (1, 0), (2, 0), (4, 0)]], [(0, 0)]),
        ("A1048576", [[(1_048_575, 0)]], [(1_048_575, 0)]),
        ("XFE1", [], []),
        ("A1048577", [], []),
        ("here", [], []),
        ("A1:there", [], []),
    ],
)
def test_an_address_names_its_cells(address, marks, anchors):
    found = cells_of(Problem("a.b", "m", cell=address), SHEET)

    assert [[*place.cells] for place in found] == marks
    assert [place.anchor for place in found] == anchors


@pytest.mark.parametrize(
    ("address", "cells"),
    [
        ("row 2", [(1, 0), (1, 1)]),
        ("B2", [(1, 1)]),
        ("A4", [(3, 0)]),  # below a cell of two lines
        ("A2:B3", [(1, 0), (1, 1), (2, 0), (2, 1)]),
    ],
)
def test_the_address_in_a_text_file_is_the_one_a_spreadsheet_shows(address, cells):
    text = grid(["a", "b"], ["4", "5"], ["long\ntext", "6"], ["z", "6"], text=True)
    [place] = cells_of(Problem("a.b", "m", cell=address), text)

    assert [*place.cells] == cells


def test_what_cannot_be_seen_is_told_by_the_nearest_cell_that_can():
    hidden = grid(
        *[["a", "b", "c"]] * 4, hidden_rows=frozenset({0, 2}), hidden_columns=frozenset({1})
    )
    anchors = {
        cell: cells_of(Problem("a.b", "m", cell=cell), hidden)[0].anchor
        for cell in ("A1", "B2", "C3", "column B")
    }

    assert anchors == {"A1": (1, 0), "B2": (1, 0), "C3": (1, 2), "column B": (1, 0)}


# The list


def test_the_list_leads_to_every_cell_and_can_be_filtered(registry, tmp_path):
    path = sent(
        tmp_path,
        ["H-001", "2024", 40, "много", DAY, None],
        ["H-002", "2024", 90, "84,5", DAY, None],
    )
    book, _ = given_back(registry, path)
    sheet = book.worksheets[0]
    first, _, second = listing(book)

    assert book.active is sheet
    assert (first["Severity"], first["Cell"], first["Found"]) == ("■ Error", "D2", "много")
    assert (second["Severity"], second["Cell"]) == ("▲ Warning", "D3")
    assert second["Problem"] == "A number written as text"
    top = int(sheet.auto_filter.ref.partition(":")[0][1:])
    assert sheet.auto_filter.ref == f"A{top}:G{top + 3}"
    assert sheet.cell(top + 1, 3).hyperlink.location == "'Progress'!D2"
    assert sheet.freeze_panes == f"A{top + 1}"


def test_the_list_says_what_became_of_the_rows_and_what_the_copy_lacks(registry, tmp_path):
    path = sent(tmp_path, ["H-001", "2024", 40, "много", DAY, None], ALSO)
    lines = above(given_back(registry, path)[0])

    assert lines[:3] == [
        "What to correct in sent.xlsx",
        "1 error, 1 warning",
        "Rows read: 2; accepted: 1; not accepted: 1; ignored: 0.",
    ]
    assert any("sparklines" in line and "stored results of formulas" in line for line in lines)


def test_a_clean_file_is_given_back_with_the_word_that_nothing_is_wrong(registry, tmp_path):
    book, found = given_back(registry, sent(tmp_path, GOOD, ALSO))

    assert "No problems were found in this file." in above(book)
    assert found.marks == 0
    assert painted(book["Progress"]) == {}


def test_what_has_no_cell_is_listed_and_leads_to_its_sheet(registry, tmp_path):
    path = sent(tmp_path, GOOD)
    sheet = given_back(registry, path)[0].worksheets[0]
    [row] = [row for row in sheet.iter_rows() if row[3].value == "Not reported"]

    assert (row[4].value, row[2].value) == ("H-002", None)
    assert row[1].hyperlink.location == "'Progress'!A1"


def test_a_sheet_that_is_called_like_the_list_keeps_its_name(registry, tmp_path):
    path = sent(tmp_path, GOOD, ALSO, more=[("Problems", [["mine"]])])
    book, _ = given_back(registry, path)

    assert book.sheetnames == ["Problems 2", "Progress", "Problems"]
    assert book["Problems"]["A1"].value == "mine"


def test_a_quote_in_a_sheets_name_does_not_break_its_links(registry, tmp_path):
    path = sent(tmp_path, GOOD, [*ALSO[:3], "?", DAY, None], sheet="Progress")
    own = openpyxl.load_workbook(path)
    own.create_sheet("It's").sheet_state = "hidden"
    own.save(path)
    sheet = given_back(registry, path)[0].worksheets[0]
    links = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]

    assert "'It''s'!A1" in links


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_sender_is_told_in_their_language(registry, tmp_path, language):
    path = sent(tmp_path, ["H-001", "2024", 40, "много", DAY, None], hidden_rows=(2,))
    words = open_wording(language)
    book, _ = given_back(registry, path, language)
    text = "\n".join(commented(book["Progress"]).values())

    assert book.sheetnames[0] == words("Problems")
    assert words.code("problem", "cell.type-error") in text
    assert words(REMEDY["cell.type-error"], **NAMES) in text
    assert words("row {n}", n="2") in text
    assert words.code("problem", "row.hidden") in [
        row[words("Problem")] for row in listing(book)
    ]
    shown = "\n".join([text.rpartition("\n")[0], *above(book), *listing(book)[0]])
    assert not {"Error", "Found", "Details", "errors"} & set(shown.split())
    assert words.missing == set()


def test_russian_reads_as_russian(registry, tmp_path):
    path = sent(tmp_path, ["H-001", "2024", 40, "много", DAY, None], ALSO)
    book, _ = given_back(registry, path, "ru")

    assert book["Progress"]["D2"].comment.text.startswith("■ Ошибка: ")
    assert "Найдено: много" in book["Progress"]["D2"].comment.text
    assert above(book)[:2] == [
        "Что исправить в файле sent.xlsx",
        "1\u00a0ошибка, 1\u00a0предупреждение",
    ]


def test_every_remedy_is_of_a_problem_there_is_and_fills_in_its_names():
    words = open_wording("ru")

    assert set(REMEDY) <= set(codes.PROBLEM)
    for text in {*REMEDY.values(), OTHERWISE}:
        assert "{" not in words(text, **NAMES)


# Hostile text


FORMULA = '=HYPERLINK("http://127.0.0.1/","ok")'


def test_text_that_looks_like_a_formula_becomes_none_anywhere(registry, tmp_path):
    path = sent(tmp_path, GOOD, ALSO)
    own = openpyxl.load_workbook(path)
    sheet = own["Progress"]
    for cell in ("A2", "F3"):
        sheet[cell].value = FORMULA
        sheet[cell].data_type = "s"
    own.save(path)
    book, _ = given_back(registry, path)

    formulas = [
        c for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"
    ]
    assert formulas == []
    assert book["Progress"]["F3"].value == FORMULA
    assert [row["Found"] for row in listing(book) if row["Cell"] == "A2"] == [FORMULA]
    [found] = [c for row in book.worksheets[0].iter_rows() for c in row if c.value == FORMULA]
    assert found.quotePrefix


@pytest.mark.parametrize("text", [FORMULA, "@SUM(1)", "+1+cmd|' /C calc'!A0", "-2+3", "#N/A"])
def test_text_of_a_text_file_stays_text_in_the_copy(registry, tmp_path, text):
    path = tmp_path / "sent.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEAD, ["H-001", "2024", "40", "31", "2025-01-20", text]])
    book, found = given_back(registry, path)
    cell = book["sent"]["F2"]

    assert found.kind == "rebuilt"
    assert (cell.value, cell.data_type) == (text, "s")


def test_characters_that_no_workbook_may_hold_are_shown_as_such(registry, tmp_path):
    path = tmp_path / "sent.csv"
    lines = (
        ",".join(HEAD) + "\nH-001,2024,40,31,2025-01-20,a\x07b\nH-002,2024,90,84,2025-01-20,\n"
    )
    path.write_text(lines, encoding="utf-8")
    book, _ = given_back(registry, path)

    assert book["sent"]["F2"].value == "a\ufffdb"
    assert painted(book["sent"]) != {}


def test_a_very_long_text_is_cut_where_it_is_told(registry, tmp_path):
    path = sent(tmp_path, ["H-001", "2024", 40, "ж" * 30_000, DAY, None], ALSO)
    sheet = given_back(registry, path)[0]["Progress"]

    assert len(sheet["D2"].comment.text) < 4_000
    assert sheet["D2"].value == "ж" * 30_000


# Files of other kinds


@needs_shared
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsb", "csv"])
def test_a_file_of_another_format_comes_back_with_its_values_at_their_addresses(ending):
    name = f"00_good.{ending}"
    book, found = corpus(name)
    text = ending == "csv"
    sheet = book["00_good" if text else "Progress"]
    plain = openpyxl.load_workbook(CORPUS / "00_good.xlsx")["Progress"]

    assert found.kind == "rebuilt"
    for row in plain.iter_rows():
        for cell in row:
            copied = sheet[cell.coordinate].value
            alike = copied == cell.value or str(copied) == str(cell.value)[:10]
            assert alike or (text and cell.value is not None and copied)
    assert any("same addresses" in line for line in above(book))


def test_a_file_that_cannot_be_opened_gives_the_list_alone(registry, tmp_path):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    book, found = given_back(registry, path)

    assert (found.kind, found.result.outcome) == ("none", "rejected")
    assert book.sheetnames == ["Problems"]
    assert "No figures in this file could be used." in above(book)
    assert any("There is no marked copy" in line for line in above(book))
    assert listing(book)[0]["Severity"] == "■ Error"


def test_a_return_whose_heading_is_not_found_is_marked_all_the_same(registry, tmp_path):
    path = write(tmp_path / "sent.xlsx", ["code", "nothing", "known"], [1, 2, 3])
    book, found = given_back(registry, path)

    assert (found.kind, found.result.outcome) == ("own", "rejected")
    assert painted(book["Progress"]) == {"A1": "error"}


def test_a_book_that_is_too_large_to_copy_is_listed(registry, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_copy, "MOST_CELLS", 5)
    book, found = given_back(registry, sent(tmp_path, GOOD, [*ALSO[:3], "?", DAY, None]))

    assert found.kind == "none"
    assert listing(book)[0]["Cell"] == "D3"


def test_a_book_that_its_own_copy_would_lose_something_of_is_rebuilt(
    registry, tmp_path, monkeypatch
):
    monkeypatch.setattr(workbook_copy, "MOST_UNPACKED", 5)
    path = sent(tmp_path, GOOD, [*ALSO[:3], "?", DAY, None], hidden_rows=(2,))
    book, found = given_back(registry, path)

    assert found.kind == "rebuilt"
    assert book["Progress"]["E2"].value.date() == DAY
    assert book["Progress"].row_dimensions[2].hidden
    assert painted(book["Progress"])["D3"] == "error"


def test_a_book_that_cannot_be_saved_again_is_rebuilt(registry, tmp_path, monkeypatch):
    path = sent(tmp_path, GOOD, [*ALSO[:3], "?", DAY, None])
    save = openpyxl.Workbook.save
    failed = []

    def fails_once(self, target):
        if not failed:
            failed.append(True)
            raise TypeError("a part of it")
        save(self, target)

    monkeypatch.setattr(openpyxl.Workbook, "save", fails_once)
    book, found = given_back(registry, path)

    assert found.kind == "rebuilt"
    assert painted(book["Progress"]) == {"D3": "error"}


def _rewrite(path, old, new, sheet="xl/worksheets/sheet1.xml"):
    """Change a text in the first sheet of a workbook, or in another part."""
    with zipfile.ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    assert old.encode() in members[sheet]
    members[sheet] = members[sheet].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as after:
        for name, data in members.items():
            after.writestr(name, data)


def test_a_merged_range_over_whole_columns_takes_no_memory(registry, tmp_path):
    path = sent(tmp_path, GOOD, ALSO, merges=[("J1:K2", "")])
    _rewrite(path, "J1:K2", "J1:XFD1048576")  # a writer would make each of its cells
    book, found = given_back(registry, path)

    assert found.kind == "rebuilt"
    assert book["Progress"].max_row < 10


def test_lists_and_comments_end_somewhere(registry, tmp_path, monkeypatch):
    monkeypatch.setattr(marked_copy, "MOST_COMMENTS", 2)
    monkeypatch.setattr(problem_list, "MOST_LISTED", 3)
    rows = [["H-001", str(year), 40, "?", DAY, None] for year in range(2010, 2015)]
    book, found = given_back(registry, sent(tmp_path, *rows, ALSO))

    assert len(commented(book["Progress"])) == 2
    assert len(painted(book["Progress"])) == found.marks == 5
    assert len(listing(book)) == 3
    assert "3 more problems are not listed." in above(book)


# The corpus


def shown(sheet, cell):
    """The first cell of the merged range that a cell is part of, or the cell."""
    return next((str(one).split(":")[0] for one in sheet.merged_cells if cell in one), cell)


@cache
def corpus_registry():
    return open_registry(CORPUS_WORKSPACE)


@cache
def corpus(name):
    return given_back(corpus_registry(), CORPUS / name)


def broken():
    if not SHARED.is_dir():
        return []
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return [row["file"] for row in csv.DictReader(lines)]


@needs_shared
@pytest.mark.parametrize("name", broken())
def test_each_problem_of_the_corpus_is_listed_and_marked_at_its_cell(name):
    book, found = corpus(name)
    problems = found.result.problems

    assert len(listing(book)) == len(problems)
    assert (found.kind == "none") == (len(book.sheetnames) == 1)
    if found.kind == "none":
        return
    placed = [one for one in problems if one.cell]
    assert found.marks == len(placed)
    sheet_of = {one.sheet: one.sheet or Path(name).stem for one in placed}
    for problem in placed:
        sheet = book[sheet_of[problem.sheet]]
        said = "\n".join(commented(sheet).values())
        assert problem.message.splitlines()[0][:40] in said
        first = problem.cell.partition(",")[0]
        if first.isalnum() and not found.result.problems[0].cell.startswith("line"):
            assert fill(sheet[shown(sheet, first)]) in FILLS.values()


@needs_shared
def test_a_formula_that_starts_a_program_is_not_handed_on():
    book, found = corpus("13_dde_formula.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

    assert found.kind == "own"
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert fill(book["Progress"]["H2"]) == FILLS["warning"]
    assert any("would start another program" in line for line in above(book))


@needs_shared
def test_macros_do_not_come_back():
    _, found = corpus("11_macros.xlsm")

    assert b"vbaProject" not in found.content


# Round trip


def test_a_corrected_copy_loads_without_a_problem(registry, tmp_path):
    path = sent(tmp_path, ["H-001", "2024", 40, "много", DAY, None], ["Н-002", *ALSO[1:]])
    book, _ = given_back(registry, path)
    book["Progress"]["D2"] = 31
    book["Progress"]["A3"] = "H-002"
    again = tmp_path / "corrected.xlsx"
    book.save(again)
    [result] = read_files(registry, [(again, registry.sectors["health"])])

    assert result.outcome == "loaded"
    assert result.kept == 2
    assert [p.code for p in result.problems] == ["sheet.not-declared"]  # the list


# The command


def run(registry, *words):
    command = ["--workspace", str(registry.workspace), "return", *map(str, words)]
    return CliRunner().invoke(app, command)


@pytest.mark.parametrize(
    ("row", "code"),
    [(ALSO, 0), ([*ALSO[:3], "84,5", DAY, None], 0), ([*ALSO[:3], "?", DAY, None], 3)],
)
def test_the_exit_code_is_that_of_check(registry, tmp_path, monkeypatch, row, code):
    path = sent(tmp_path, GOOD, row)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    done = run(registry, path, "--sector", "health", "--language", "ru")

    assert done.exit_code == code
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(tmp_path / "sent.marked.xlsx")
    assert book.sheetnames == ["Замечания", "Progress"]


def test_the_command_says_that_there_is_no_copy_of_what_cannot_be_opened(registry, tmp_path):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"")
    out = tmp_path / "list.xlsx"
    done = run(registry, path, "--out", out)

    assert done.exit_code == 3
    assert "only the list" in done.stdout
    assert openpyxl.load_workbook(out).sheetnames == ["Problems"]


@pytest.mark.parametrize("same", ["itself", "link"])
def test_the_file_that_was_sent_is_never_written_over(registry, tmp_path, same):
    path = sent(tmp_path, GOOD, ALSO)
    before = path.read_bytes()
    out = path
    if same == "link":
        out = tmp_path / "other.xlsx"
        out.hardlink_to(path)
    done = run(registry, path, "--out", out)

    assert isinstance(done.exception, DefinitionError)
    assert "the file that was sent" in str(done.exception)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.xlsx"], "There is no file"),
        (["sent.xlsx", "--out", "copy.xls"], "Expected .xlsx"),
        (["sent.xlsx", "--out", "no/copy.xlsx"], "There is no folder no"),
        (["sent.xlsx", "--language", "fr"], "no language 'fr'"),
        (["sent.xlsx", "--sector", "wealth"], "no sector 'wealth'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(registry, tmp_path, monkeypatch, words, said):
    sent(tmp_path, GOOD, ALSO)
    monkeypatch.chdir(tmp_path)
    done = run(registry, *words)

    assert isinstance(done.exception, DefinitionError)
    assert done.exception.exit_code == 2
    assert said in str(done.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sent.xlsx", "workspace"]


def test_a_file_under_raw_is_of_its_folders_sector(registry, tmp_path):
    path = sent(tmp_path, GOOD, ALSO)
    raw = registry.workspace / "data" / "raw" / "health" / "sent.xlsx"
    shutil.copy(path, raw)
    done = run(registry, raw, "--out", tmp_path / "out.xlsx")

    assert done.exit_code == 0
    assert "2 rows read = 2 kept" in done.stdout


def test_help_gives_examples():
    done = CliRunner().invoke(app, ["return", "--help"])

    assert "delivery return data/raw" in done.stdout
