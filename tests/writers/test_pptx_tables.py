import pandas as pd
from pptx.util import Emu

from delivery_analytics.report import theme
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.writers import text_width
from tests.support import office


def test_a_long_table_goes_on_with_its_headings_and_twelve_rows_at_most(tmp_path):
    deck = office.deck(tmp_path, office.table(30))
    tables = office.tables(deck)
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    first = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]

    assert first == [f"Indicator {n}" for n in range(30)]
    assert all(len(table.rows) <= 13 for table in tables)
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


def test_a_table_that_would_take_too_many_slides_says_where_the_rest_is(tmp_path):
    deck = office.deck(tmp_path, office.table(500))
    slides = [slide for slide in deck.slides if any(s.has_table for s in slide.shapes)][:-1]

    assert len(slides) <= 9
    assert any("All 500 rows are in the workbook" in text for text in office.texts(slides[0]))
    assert any(text.endswith("of 500") for text in office.texts(slides[-1]))


def test_columns_that_do_not_fit_go_to_further_slides_behind_the_first_column(tmp_path):
    keys = [f"c{n}" for n in range(14)]
    frame = pd.DataFrame({key: [f"{key} длинное значение ячейки"] * 3 for key in keys})
    columns = tuple(Column(key, f"Название столбца {key}") for key in keys)
    deck = office.deck(tmp_path, Table(frame, "Wide", columns))
    tables = office.tables(deck)
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]

    assert len(tables) > 1
    assert {head[0] for head in heads} == {"Название столбца c0"}
    shown = [name for head in heads for name in head[1:]]
    assert shown == [f"Название столбца {key}" for key in keys[1:]]


def test_a_status_in_a_table_is_a_coloured_shape_and_its_word(tmp_path):
    slide = office.titled(office.deck(tmp_path, office.table(5)), "Every indicator")
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    cell = table.cell(4, 6)

    assert cell.text == "■ Off track"
    assert str(cell.text_frame.paragraphs[0].runs[0].font.color.rgb) == theme.DARK_PINK[1:]


def test_an_empty_table_says_so_in_one_sentence(tmp_path):
    table = office.table(0, title="Late milestones")
    table = Table(table.frame, table.title, table.columns, empty_text="Nothing is late.")

    slide = office.titled(office.deck(tmp_path, table), "Late milestones")

    assert "Nothing is late." in office.texts(slide)


def test_no_table_is_taller_or_wider_than_its_place_however_long_the_names(tmp_path):
    deck = office.deck(tmp_path, *office.LONG_BLOCKS, language="ru", title=office.LONG * 4)
    frames = [s for slide in deck.slides for s in slide.shapes if s.has_table]

    assert len(frames) > 4
    for frame in frames:
        rows = sum(row.height for row in frame.table.rows)
        columns = sum(column.width for column in frame.table.columns)
        assert Emu(frame.top + rows).inches <= 6.42
        assert Emu(frame.left + columns).inches <= 12.75
        for row in frame.table.rows:
            for cell, column in zip(row.cells, frame.table.columns, strict=True):
                (paragraph,) = cell.text_frame.paragraphs
                size = paragraph.runs[0].font.size.pt
                room = Emu(column.width - cell.margin_left - cell.margin_right).pt
                assert size >= 10
                assert text_width.height(cell.text, room, size) <= Emu(row.height).pt
