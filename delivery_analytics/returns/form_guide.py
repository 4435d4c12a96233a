"""What the blank return says about itself: its headings, and how to fill it in."""

from __future__ import annotations

from collections.abc import Sequence

from delivery_analytics.model.registry import LANGUAGES, Registry, Sector
from delivery_analytics.report import theme
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, BookWriter, cut

RETURN = "return"
GUIDE = marked("Instructions", "return")
TABLE = marked("Progress", "return")
# Headings, each one that `loading.sheet.STANDARD` knows in every language.
FIELDS = {
    "indicator": marked("code", "return"),
    "indicator_name": marked("indicator", "return"),
    "unit": marked("unit", "return"),
    "region": marked("region", "return"),
    "period": marked("period", "return"),
    "target": marked("target", "return"),
    "value": marked("actual", "return"),
    "reported_on": marked("as_of", "return"),
    "comment": marked("comment", "return"),
}
_MEANINGS = {
    "indicator": marked("The indicator's code. Do not change it."),
    "indicator_name": marked("The indicator's name."),
    "unit": marked("The agreed unit of the figures."),
    "region": marked("The region. Empty means the whole country."),
    "period": marked("The reporting period, from the list."),
    "target": marked("What was planned for the period."),
    "value": marked("What was reached by the end of the period."),
    "reported_on": marked("The day on which the figure was known."),
    "comment": marked("Anything we should know. It is not read by the program."),
}
_WIDTH = 52
_BIG = 13  # points


def field_note(name: str) -> str:
    """Return what a heading means, in every language."""
    each = [open_wording(language) for language in LANGUAGES]
    return "\n".join(
        f"{words.in_context(RETURN, FIELDS[name])}: {words(_MEANINGS[name])}" for words in each
    )


def add_guide(
    book: BookWriter,
    registry: Registry,
    sector: Sector,
    *,
    send_to: str,
    no_figure: Sequence[str],
    not_applicable: str,
) -> None:
    """Add the sheet of instructions: a language a column, the same step in every row."""
    page = book.workbook.add_worksheet(book.words.in_context(RETURN, GUIDE))
    page.hide_gridlines(2)
    order = dict.fromkeys((book.words.language, *LANGUAGES))
    texts = [
        _steps(open_wording(one), sector, send_to, no_figure, not_applicable) for one in order
    ]
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


def _steps(
    one: Wording, sector: Sector, send_to: str, no_figure: Sequence[str], not_applicable: str
) -> list[str]:
    """Return the instructions in one language, a line each."""
    lead = one.name(sector.lead) if sector.lead else one.name(sector.name)
    office = send_to or one("the office that sent you this form")
    return [
        one("How to fill in this return"),
        one("Sector: {sector}. Sender: {lead}.", sector=one.name(sector.name), lead=lead),
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
            words=", ".join(no_figure),
            x=not_applicable,
        ),
        one("Fill in every row that has a code. A row without a period or a day is refused."),
        one(
            "Do not rename the sheet, do not change its headings, and do not add or hide "
            "columns and rows."
        ),
        one("Save the file as a workbook ({ending}), without a password.", ending=".xlsx"),
        one("Send it to: {office}.", office=office.rstrip(".")),
    ]
