"""What the blank return says about itself: its headings, and how to fill it in."""

from __future__ import annotations

from delivery_analytics.model.forms import GUIDE_TITLE, RETURN, AskedField, BlankReturn
from delivery_analytics.model.registry import LANGUAGES, Sector
from delivery_analytics.report import theme
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, BookWriter, cut

GUIDE = marked("Instructions", "return")
NO_FIGURE = ("н/д", "нет данных", "деректер жоқ", "n/a", "–")
NOT_APPLICABLE = "x"
_WIDTH = 52
_BIG = 13  # points


def field_note(field: AskedField) -> str:
    """Return what a heading means, in every language."""
    each = [open_wording(language) for language in LANGUAGES]
    return "\n".join(
        f"{words.in_context(RETURN, field.heading)}: {words(field.meaning)}" for words in each
    )


def add_guide(book: BookWriter, sector: Sector, form: BlankReturn, *, send_to: str) -> None:
    """Add the sheet of instructions: a language a column, the same step in every row."""
    page = book.workbook.add_worksheet(book.words.in_context(RETURN, GUIDE))
    page.hide_gridlines(2)
    order = dict.fromkeys((book.words.language, *LANGUAGES))
    texts = [_steps(open_wording(one), sector, form, send_to) for one in order]
    page.set_column(0, len(order) - 1, _WIDTH)
    for row, lines in enumerate(zip(*texts, strict=True)):
        bold = row < 2
        size = _BIG if row == 0 else FONT_SIZE
        style = book.format(
            text_wrap=True,
            align="left",
            bold=bold,
            font_size=size,
            font_color=theme.DARK_BLUE if bold else theme.INK,
            indent=1,
            bottom=1,
            bottom_color=theme.RULE_GREY,
        )
        tall = 1
        for place, text in enumerate(lines):
            page.write_string(row, place, cut(text), style)
            room = (_WIDTH - 5) * DIGIT
            tall = max(tall, text_width.count_lines(text, room, size, bold))
        page.set_row(row, tall * size * 1.4 + 6)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _steps(one: Wording, sector: Sector, form: BlankReturn, send_to: str) -> list[str]:
    """Return the instructions in one language, a line each."""
    lead = one.name(sector.lead) if sector.lead else one.name(sector.name)
    office = send_to or one("the office that sent you this form")
    asked = _of_figures(one) if form.table == "observations" else _of_entries(one)
    return [
        one.in_context(RETURN, GUIDE_TITLE),
        one("Sector: {sector}. Sender: {lead}.", sector=one.name(sector.name), lead=lead),
        *asked,
        one(
            "Do not rename the sheet, do not change its headings, and do not add or hide "
            "columns and rows."
        ),
        one("Save the file as a workbook ({ending}), without a password.", ending=".xlsx"),
        one("Send it to: {office}.", office=office.rstrip(".")),
    ]


def _of_figures(one: Wording) -> list[str]:
    """Return how to fill in a row a figure."""
    return [
        one(
            "Fill in the white cells: the region, the period, the figures and the day. What "
            "is grey is fixed and locked."
        ),
        one(
            "One row is one figure: one indicator, one region, one period. For further "
            "regions and periods use the rows below, and choose the code from the list."
        ),
        one("Leave the region empty where the figure is of the whole country."),
        one(
            "Write both the plan and the actual figure, in the unit of the row and as plain "
            "numbers: 85 for 85 per cent, without words or signs."
        ),
        one("The day is the one on which the figure was known, as a date: 31.12.2024."),
        one(
            "Where there is no figure, write one of: {words}. Where the indicator does not "
            "apply, write {x}. Never write 0 for a figure that you do not have.",
            words=", ".join(NO_FIGURE),
            x=NOT_APPLICABLE,
        ),
        one("Fill in every row that has a code. A row without a period or a day is refused."),
    ]


def _of_entries(one: Wording) -> list[str]:
    """Return how to fill in a row of any other table."""
    return [
        one("Fill in the white cells. What is grey is fixed and locked."),
        one("What a column is for stands in the note at its heading."),
        one("Choose from the list where a cell has one."),
        one("Write days as dates, 31.12.2024, and figures as plain numbers."),
        one("Fill in the first and the last column of every row: without them it is refused."),
    ]
