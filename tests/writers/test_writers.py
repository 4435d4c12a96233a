import sys
from types import ModuleType

import pytest

from delivery_analytics import writers
from delivery_analytics.errors import DefinitionError
from delivery_analytics.report.document import Heading, Note, Text
from delivery_analytics.report.figure import NativeChart, Series
from delivery_analytics.writers import office_charts, text_width
from delivery_analytics.writers.outline import outline
from tests.support import office


def test_a_file_s_name_is_its_format(tmp_path, monkeypatch):
    module = ModuleType("delivery_analytics.writers.txt")
    module.write = lambda report, path: path.write_text(report.title)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    paths = writers.write(office.report(), tmp_path / "new", ["txt"], stem="health_2024")

    assert paths == [tmp_path / "new" / "health_2024.txt"]
    assert paths[0].read_text() == "Is it on track?"


def test_every_format_is_written_once_in_the_order_asked_for(tmp_path):
    paths = writers.write(
        office.report(Text("All is well.")), tmp_path, ["xlsx", "pptx", "xlsx"]
    )

    assert [path.name for path in paths] == ["report.xlsx", "report.pptx"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.pptx", "report.xlsx"]


@pytest.mark.parametrize("name", ["docx", "cells", "../xlsx", "XLSX", "", "native"])
def test_a_format_that_is_none_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(DefinitionError, match=r"no format.*html.*pptx.*xlsx"):
        writers.write(office.report(), tmp_path, ["xlsx", name])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stem", ["../up", "a/b", "", ".hidden", "a\\b", "a\nb"])
def test_a_file_name_is_never_a_path(tmp_path, stem):
    with pytest.raises(DefinitionError, match="cannot name a file"):
        writers.write(office.report(), tmp_path, ["xlsx"], stem=stem)


def test_text_speaks_of_what_follows_and_at_the_end_of_a_section_of_what_stood_before():
    figure, table = office.line(), office.table()
    blocks = [
        Heading("One"),
        Text("Before."),
        figure,
        Heading("Two"),
        table,
        Text("After."),
        Heading("Three"),
        Text("Alone."),
    ]

    parts = outline(blocks)

    assert [(p.section, p.block, p.texts) for p in parts] == [
        ("One", figure, ("Before.",)),
        ("Two", table, ("After.",)),
        ("Three", None, ("Alone.",)),
    ]


def test_a_note_right_after_a_table_is_about_that_table():
    table, figure = office.table(), office.line()
    blocks = [Heading("One"), Note("first"), table, Note("about it"), Text("Next:"), figure]

    parts = outline(blocks)

    assert [[note.text for note in part.notes] for part in parts] == [["first", "about it"], []]
    assert parts[1].texts == ("Next:",)


def test_nothing_said_in_a_report_is_lost_between_its_parts():
    blocks = [Note("n0"), Text("t0"), Heading("One"), office.table(), Text("t1"), Note("n1")]
    blocks += [Heading("Two"), Text("t2"), office.table(), Text("t3"), Note("n2"), Note("n3")]

    parts = outline(blocks)

    assert [t for p in parts for t in p.texts] == ["t0", "t1", "t2", "t3"]
    assert [n.text for p in parts for n in p.notes] == ["n0", "n1", "n2", "n3"]


def test_a_status_is_named_in_a_legend_by_shape_and_word():
    look = office_charts.look(Series("Off track", [1.0], "off_track"))

    assert look.name == "■ Off track"
    assert (look.colour, look.text_colour) == ("801650", "FFFFFF")


def test_a_number_format_writes_no_label_for_an_empty_part_of_a_bar():
    assert office_charts.format_code(0) == "#,##0"
    assert office_charts.format_code(2) == "#,##0.00"
    assert office_charts.format_code(1, "▲") == '"▲ "#,##0.0;"▲ "-#,##0.0;;'


def test_bars_share_a_place_only_where_each_category_has_one_value():
    one = [Series("a", [1.0, None]), Series("b", [None, 2.0])]
    two = [Series("a", [1.0, 3.0]), Series("b", [None, 2.0])]

    assert office_charts.takes_turns(NativeChart("bar", ["x", "y"], one))
    assert not office_charts.takes_turns(NativeChart("bar", ["x", "y"], two))


def test_bars_begin_at_zero_unless_a_value_is_negative():
    def chart(kind, value):
        return NativeChart(kind, ["x"], [Series("a", [value])])

    assert office_charts.starts_at_zero(chart("column", 5.0))
    assert not office_charts.starts_at_zero(chart("column", -5.0))
    assert not office_charts.starts_at_zero(chart("line", 5.0))


def test_lines_are_counted_by_whole_words_and_a_hyphen_may_end_one():
    word = text_width.width("сельского", 10)

    assert text_width.count_lines("сельского", word + 0.1, 10) == 1
    assert text_width.count_lines("сельского сельского", word + 0.1, 10) == 2
    assert text_width.count_lines("сельского сельского", 3 * word, 10) == 1
    assert text_width.count_lines("сельского-сельского", 1.2 * word, 10) == 2
    assert text_width.count_lines("one\ntwo", 500, 10) == 2


def test_a_word_longer_than_its_place_is_broken_into_as_many_lines_as_it_needs():
    assert text_width.count_lines("щ" * 30, text_width.width("щ" * 10, 12) + 0.1, 12) == 3


def test_text_is_set_smaller_before_it_is_cut_and_cut_at_a_word():
    text = "Пять регионов отстают по охвату вакцинацией " * 4
    room = text_width.width(text, 20) / 3

    assert text_width.fit_text(text, 2000, 30, (20, 10)) == (text, 20)
    assert text_width.fit_text(text, room, 4 * 12.1, (20, 10)) == (text, 10)
    shown, size = text_width.fit_text(text, room, 12.1, (20, 10))
    assert size == 10 and shown.endswith("…")
    assert text.startswith(shown[:-1]) and text[len(shown) - 1] == " "
    assert text_width.height(shown, room, size) <= 12.1
