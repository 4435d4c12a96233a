import pandas as pd
from pptx.util import Emu

from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks.status import statuses
from delivery_analytics.report import theme
from delivery_analytics.report.document import Heading, Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.outline import Part
from delivery_analytics.writers.pptx import choice
from delivery_analytics.writers.pptx.tables import paginate
from delivery_analytics.writers.pptx.template import BODY
from tests.support import office


def rows_of(slides):
    """The rows of a deck's tables, the last of which lists its sources."""
    return [[cell.text for cell in row.cells] for t in office.tables(slides) for row in t.rows]


def test_a_long_table_goes_on_in_the_appendix_each_slide_with_its_headings(tmp_path):
    office.deck(tmp_path, office.table(30))
    tables = office.tables(office.appendix(tmp_path))
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    first = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]

    assert first == [f"Indicator {n}" for n in range(30)]
    assert len(tables) == 2
    assert all(head == heads[0] for head in heads)
    assert heads[0] == [
        "Indicator",
        "Value, years",
        "Executed",
        "Budget",
        "Due",
        "Period",
        "Status",
    ]


def test_a_table_that_is_not_drawn_whole_says_so_and_where_the_rest_is(tmp_path):
    deck = office.deck(tmp_path, office.table(500))
    appendix = office.appendix(tmp_path)
    shown = len(rows_of(deck)) - 1

    slide = office.titled(deck, f"Every indicator (first {shown} of 500)")
    assert any("All 500 rows are in the appendix." in text for text in office.texts(slide))
    assert any(text.endswith("of 500") for text in office.texts(appendix.slides[-2]))
    assert len({row[0] for row in rows_of(appendix)}) == 501


def test_a_row_stands_on_one_slide_however_many_columns_it_has(tmp_path):
    keys = [f"c{n}" for n in range(14)]
    frame = pd.DataFrame({key: [f"{key} длинное значение ячейки"] * 3 for key in keys})
    columns = tuple(Column(key, f"Название столбца {key}") for key in keys)
    deck = office.deck(tmp_path, Table(frame, "Wide", columns))
    [table] = office.tables(deck)
    head, *rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert head[:2] == ["Название столбца c0", "Название столбца c1"]
    assert head[-1] == "Details"
    assert rows[0][-1].endswith("; Название столбца c13: c13 длинное значение ячейки")
    assert all(any(key in cell for cell in rows[2]) for key in keys)


def test_all_rows_without_the_wordiest_column_come_before_some_rows_with_it(tmp_path):
    table = office.table(8)
    frame = table.frame.assign(why="The figure is behind, since nothing was built. " * 6)
    columns = [column for column in table.columns if column.key != "place"]
    deck = office.deck(tmp_path, Table(frame, "Every one", (*columns, Column("why", "Why"))))

    slide = office.titled(deck, "Every one")
    assert len(rows_of(deck)) == 9
    assert any("Why: in the appendix." in text for text in office.texts(slide))
    assert rows_of(office.appendix(tmp_path))[1][-1].startswith("The figure is behind")


def test_no_number_and_no_word_of_a_heading_breaks_in_whatever_font_there_is(tmp_path):
    """DejaVu Sans, which stands in for a font that is not there, is wider than ours."""
    frame = pd.DataFrame({"n": ["Ана өлім-жітімінің коэффициенті"] * 4})
    keys = [f"c{n}" for n in range(9)]
    frame = frame.assign(**dict.fromkeys(keys, 3_635_400_000.0))
    columns = [Column(key, "Қамтылмағаны", "number", 0) for key in keys]
    deck = office.deck(tmp_path, Table(frame, "Wide", (Column("n", "Көрсеткіш"), *columns)))
    [table] = office.tables(deck)

    assert len(table.columns) < 9
    for column, cells in zip(
        table.columns, zip(*(row.cells for row in table.rows), strict=True), strict=True
    ):
        for cell in cells:
            room = Emu(column.width - cell.margin_left - cell.margin_right).pt
            [run] = cell.text_frame.paragraphs[0].runs
            widest = text_width.longest_word([cell.text], run.font.size.pt, bool(run.font.bold))
            assert widest * text_width.ELSEWHERE <= room, cell.text


def test_a_status_in_a_table_is_a_coloured_shape_and_its_word(tmp_path):
    slide = office.titled(office.deck(tmp_path, office.table(5)), "Every indicator")
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    cell = table.cell(4, 6)

    assert cell.text == "■ Off track"
    assert str(cell.text_frame.paragraphs[0].runs[0].font.color.rgb) == theme.DARK_PINK[1:]


def test_an_empty_table_and_one_of_a_row_make_no_slide_but_a_sentence(tmp_path):
    table = office.table(0, title="Late milestones")
    table = Table(table.frame, table.title, table.columns, empty_text="Nothing is late.")
    one, other = office.table(1, title="Revised"), office.table(1, title="Moved")
    blocks = (Heading("What changed"), office.line(), table, one, other)

    deck = office.deck(tmp_path, *blocks)

    slide = office.titled(office.appendix(tmp_path), "In short")
    [said] = [text for text in office.texts(slide) if "Late milestones" in text]
    assert said.split("\n")[0] == "Late milestones: Nothing is late."
    assert "Revised: Indicator: Indicator 0; Value, years: 1,234.50; Executed: 47.3%" in said
    assert office.titles(deck) == [
        "Mortality falls too slowly",
        "2 files were read; 7 rows not accepted",
    ]


def test_no_table_is_taller_or_wider_than_its_place_however_long_the_names(tmp_path):
    deck = office.deck(tmp_path, *office.LONG_BLOCKS, language="ru", title=office.LONG * 4)
    slides = [*deck.slides, *office.appendix(tmp_path).slides]
    frames = [s for slide in slides for s in slide.shapes if s.has_table]

    assert len(frames) > 4
    for frame in frames:
        rows = sum(row.height for row in frame.table.rows)
        columns = sum(column.width for column in frame.table.columns)
        assert Emu(frame.top + rows).inches <= 6.5
        assert Emu(frame.left + columns).inches <= 12.75
        for row in frame.table.rows:
            for cell, column in zip(row.cells, frame.table.columns, strict=True):
                (paragraph,) = cell.text_frame.paragraphs
                size = paragraph.runs[0].font.size.pt
                room = Emu(column.width - cell.margin_left - cell.margin_right).pt
                assert size >= 9  # a step below English, of whose length it is not
                assert text_width.height(cell.text, room, size) <= Emu(row.height).pt


def test_a_table_takes_as_many_slides_in_kazakh_and_russian_as_in_english(example_data):
    """With the longest real names, and all that is said of statuses and reasons."""
    data = example_data.known_on("2025-01-31")
    assessments, pages = assess(data), {}
    for language in ("en", "ru", "kk"):
        words = open_wording(language)
        table = statuses(data, assessments, words)
        part = choice.with_short_names(Part("", table), data, words)
        longest = sorted(part.block.frame["indicator"], key=len)[-40:]
        frame = part.block.frame.head(40).assign(indicator=longest)
        columns = [one for one in table.columns if one.key != "reason_text"]
        pages[language] = [len(paginate(frame, columns, BODY, words))]
        found = paginate(part.block.frame, table.columns, BODY, words)
        pages[language].append(len(found))
        assert not any(page.cut for page in found)

    assert pages["kk"] == pages["en"]
    assert pages["ru"][0] == pages["en"][0] and pages["ru"][1] <= pages["en"][1] + 1
