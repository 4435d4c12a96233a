"""What the blank return says about itself: its headings, and how to fill it in."""

from delivery_analytics.model.forms import GUIDE_TITLE, RETURN, AskedField, BlankReturn
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.registry import Sector
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.report import theme
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.codes import KINDS
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, BookWriter, cut

GUIDE = marked("Instructions", "return")
NO_FIGURE = ("н/д", "нет данных", "деректер жоқ", "n/a", "–")
NOT_APPLICABLE = "x"
_WIDTH = 52
_BIG = 13  # points


def field_note(field: AskedField, workspace: Workspace) -> str:
    """Return what a heading means, in every language, in the words of a workspace."""
    each = [open_wording(language, workspace) for language in LANGUAGES]
    told = (f"{one.in_context(RETURN, field.heading)}: {one(field.meaning)}" for one in each)
    return "\n".join(told)


def add_guide(
    book: BookWriter, sector: Sector, form: BlankReturn, workspace: Workspace, *, send_to: str
) -> None:
    """Add the sheet of instructions: a language a column, the same step in every row."""
    page = book.workbook.add_worksheet(book.words.in_context(RETURN, GUIDE))
    page.hide_gridlines(2)
    order = dict.fromkeys((book.words.language, *LANGUAGES))
    texts = [_steps(open_wording(one, workspace), sector, form, send_to) for one in order]
    page.set_column(0, len(order) - 1, _WIDTH)
    for row, lines in enumerate(zip(*texts, strict=True)):
        bold = row < 2
        size = _BIG if row == 0 else FONT_SIZE
        colours = {"font_color": theme.DARK_BLUE if bold else theme.INK}
        colours |= {"bottom_color": theme.RULE_GREY}
        lines_up = {"text_wrap": True, "align": "left", "indent": 1, "bottom": 1}
        style = book.format(**lines_up, bold=bold, font_size=size, **colours)
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
    asked = "figure_steps" if form.table == "observations" else "entry_steps"
    words = {"words": ", ".join(NO_FIGURE), "x": NOT_APPLICABLE}
    return [
        one.in_context(RETURN, GUIDE_TITLE),
        one("Sector: {sector}. Sender: {lead}.", sector=one.name(sector.name), lead=lead),
        *(one.code(asked, step, **words) for step in KINDS[asked]),
        one.code("form", "unchanged"),
        one("Save the file as a workbook ({ending}), without a password.", ending=".xlsx"),
        one("Send it to: {office}.", office=office.rstrip(".")),
    ]
