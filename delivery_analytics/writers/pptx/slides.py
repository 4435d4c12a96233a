"""A deck being written: slides of our layouts, their words fitted to their places."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Emu, Inches, Pt

from delivery_analytics.report import theme
from delivery_analytics.report.document import Headline, Text
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.pptx import corporate, template
from delivery_analytics.writers.pptx.template import POINTS, SlideBox

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MOST_NOTES = 30_000  # characters
_WALL = 300  # characters of one paragraph, beyond which a slide is not read
_BETWEEN = 9.0  # points between paragraphs
_SENTENCE_END = re.compile(r"(?<=[.!?…]) ")


@dataclass
class Deck:
    """The presentation, the reader's words, the foot of each slide, and its day."""

    presentation: Any
    words: Wording
    foot: str
    created: datetime

    @classmethod
    def blank(cls, words: Wording, foot: str, created: datetime, theirs: str = "") -> Deck:
        """Return a deck without slides, in the clothes of the presentation `theirs`."""
        content = corporate.dressed(theirs) if theirs else template.blank()
        return cls(Presentation(io.BytesIO(content)), words, foot, created)

    def add(
        self,
        layout: int,
        title: str,
        *,
        kicker: str = "",
        subtitle: str = "",
        footnote: str = "",
        notes: Iterable[str] = (),
    ) -> Any:
        """Add a slide; what a layout has no use for, or is empty, leaves no frame behind.

        A title too long for two lines is cut there, and stands in full in the notes.
        """
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[layout])
        title = one_line(title)
        shown = fill(slide.shapes.title, title, template.TITLE_SIZES, bold=True)
        words = {
            template.IDX_KICKER: kicker,
            template.IDX_SUBTITLE: subtitle,
            template.IDX_FOOTNOTE: footnote,
        }
        shortened = [] if shown == title else [title]
        for holder in list(slide.placeholders):
            idx = holder.placeholder_format.idx
            if idx in words:
                text = one_line(words[idx])
                if text != fill(holder, text, template.SIZES[idx]):
                    shortened.append(text)
        self._add_foot(slide)
        add_notes(slide, [*shortened, *notes])
        return slide

    def finish(self) -> None:
        """Say in which language every text is, so that its spelling is checked in it."""
        for slide in self.presentation.slides:
            for page in (slide, slide.notes_slide):
                for run in page.element.iter("{*}r", "{*}fld"):
                    run.get_or_add_rPr().set("lang", self.words.tag)

    def _add_foot(self, slide: Any) -> None:
        """Copy the footer and the slide number, which a new slide is given without."""
        for holder in slide.slide_layout.placeholders:
            idx = holder.placeholder_format.idx
            if idx not in (template.IDX_FOOTER, template.IDX_NUMBER):
                continue
            copied = copy.deepcopy(holder.element)
            copied.nvSpPr.cNvPr.set("id", str(len(slide.shapes) + 100))
            slide.shapes._spTree.append(copied)
            if idx == template.IDX_FOOTER:
                text = text_width.cut_to(self.foot, *template.FOOTER.room, 10)
                slide.shapes[-1].text_frame.text = text


def one_line(text: str) -> str:
    """Return printable text on a single line."""
    return " ".join(printable(text).split())


def fill(holder: Any, text: str, sizes: Sequence[float], bold: bool = False) -> str:
    """Fill a placeholder, smaller where the text needs it; return the text that stands."""
    if not text:
        holder.element.getparent().remove(holder.element)
        return text
    room, tall = Emu(holder.width).pt, Emu(holder.height).pt
    shown, size = text_width.fit_text(text, room, tall, sizes, bold)
    holder.text_frame.text = shown
    if size != sizes[0]:
        holder.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    return shown


def add_notes(slide: Any, lines: Iterable[str]) -> None:
    """Append lines to the speaker notes, each once."""
    frame = slide.notes_slide.notes_text_frame
    before = [line for line in frame.text.split("\n") if line]
    fresh = (one_line(line) for line in lines)
    each_once = dict.fromkeys([*before, *(line for line in fresh if line)])
    frame.text = "\n".join(each_once)[:_MOST_NOTES]


def describe(shape: Any, text: str) -> None:
    """Give a chart, table or picture its text alternative."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", one_line(text))


def colour(code: str) -> RGBColor:
    """Return the colour of ``#RRGGBB`` or ``RRGGBB``."""
    red, green, blue = bytes.fromhex(code.lstrip("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def add_run(
    paragraph: Any, text: str, size: float, code: str = theme.INK, bold: bool = False
) -> Any:
    """Append text to a paragraph at a size in points."""
    run = paragraph.add_run()
    run.text = one_line(text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = colour(code)
    return run


def add_block(slide: Any, box: SlideBox, code: str, name: str) -> Any:
    """Add a filled rectangle without an outline."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.sides)
    shape.name = name
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(code)
    shape.line.fill.background()
    shape.shadow.inherit = False
    return shape


def write_paragraphs(
    frame: Any, texts: Sequence[Text], box: SlideBox, sizes: Sequence[float]
) -> None:
    """Write paragraphs into a frame at the largest size that fits the box.

    A slide is not read like a page: of a long paragraph its first sentences stand here,
    and of each only the first where even that does not fit. The caller puts the whole
    into the notes.
    """
    room, tall = box.room
    shown = [opening(one_line(text.text), _WALL) for text in texts]
    fitting_sizes = [size for size in sizes if _taken(shown, room, size) <= tall]
    size = fitting_sizes[0] if fitting_sizes else sizes[-1]
    if not fitting_sizes:
        shown = _as_many_as_fit([opening(text) for text in shown], room, tall, size)
    for place, text in enumerate(shown):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _add_runs(paragraph, Text(text, texts[place].strong), size)


def _add_runs(paragraph: Any, text: Text, size: float) -> None:
    for piece, strong in text.runs:
        run = paragraph.add_run()
        run.text = piece
        run.font.size = Pt(size)
        if strong:
            run.font.bold = True


def opening(text: str, limit: int = 0) -> str:
    """Return the first sentence, and those after it up to `limit` characters."""
    sentences = _SENTENCE_END.split(text)
    shown = sentences[0]
    for sentence in sentences[1:]:
        if len(shown) + len(sentence) >= limit:
            break
        shown = f"{shown} {sentence}"
    return shown


def _taken(texts: Sequence[str], room: float, size: float) -> float:
    lines = sum(text_width.count_lines(text, room, size) for text in texts)
    return lines * size * text_width.LINE_HEIGHT * 1.05 + _BETWEEN * (len(texts) - 1)


def _as_many_as_fit(texts: Sequence[str], room: float, tall: float, size: float) -> list[str]:
    shown: list[str] = []
    for text in texts:
        left = tall - _taken(shown, room, size) - _BETWEEN if shown else tall
        if shown and _taken([text], room, size) > left:
            break
        shown.append(text_width.cut_to(text, room, left / 1.05, size))
    return shown


def write_statement(frame: Any, text: Text) -> None:
    """Write one short sentence that is all the slide has to say."""
    paragraph = frame.paragraphs[0]
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(parse_xml(f'<a:buNone xmlns:a="{_A}"/>'))
    for piece, strong in text.runs:
        add_run(paragraph, piece, 28, theme.DARK_GREY, strong)


MOST_CARDS = 8
_VALUE_SIZES = (40, 36, 32, 28, 24, 20, 16, 12)
_CARD_PAD = 0.47  # inches, left and right of a card's text


def cards_down(count: int, *, beside_text: bool) -> int:
    """Return in how many rows `count` cards lie: one, where text needs the rest."""
    return 1 if count <= 3 or (beside_text and count <= 4) else 2


def add_cards(
    slide: Any, items: Sequence[Headline], box: SlideBox, words: Wording, rows: int
) -> None:
    """Lay headline figures out as cards that fill `box`."""
    gap = 0.25
    across = -(-len(items) // rows)
    wide = (box.w - gap * (across - 1)) / across
    tall = (box.h - gap * (rows - 1)) / rows
    room = (wide - _CARD_PAD) * POINTS
    values = [
        text_width.fit_text(one_line(i.value), room, 50, _VALUE_SIZES, True) for i in items
    ]
    size = min(size for _, size in values)  # figures side by side are set alike
    for place, item in enumerate(items):
        row, column = divmod(place, across)
        x, y = box.x + column * (wide + gap), box.y + row * (tall + gap)
        _add_card(slide, item, values[place][0], size, SlideBox(x, y, wide, tall), words)


def _add_card(
    slide: Any, item: Headline, value: str, size: float, box: SlideBox, words: Wording
) -> None:
    """Draw one figure: value, what it is, its status in shape and word, and a remark."""
    style = theme.STATUS_STYLE.get(item.status)
    card = add_block(slide, box, template.CARD, one_line(item.label)[:60])
    stripe = SlideBox(box.x, box.y, 0.09, box.h)
    add_block(slide, stripe, style.colour if style else theme.DARK_BLUE, "Stripe")
    frame = card.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left, frame.margin_right = Inches(0.32), Inches(0.15)
    frame.margin_top, frame.margin_bottom = Inches(0.2), Inches(0.1)
    room, left = (box.w - _CARD_PAD) * POINTS, (box.h - 0.3) * POINTS
    left -= text_width.height(value, room, size, True) + (26 if style else 6)
    _add_line(frame, [(value, size, theme.DARK_BLUE, True)], first=True)
    part = left * (0.6 if item.note else 1)
    label, size = text_width.fit_text(
        one_line(item.label), room, part, (16, 15, 14, 13, 12, 11)
    )
    left -= text_width.height(label, room, size) + 8
    _add_line(frame, [(label, size, theme.INK, False)], before=2)
    if style:
        word = words.status(item.status)
        pair = [(style.glyph, 14.0, style.colour, True), (word, 14.0, theme.INK, True)]
        _add_line(frame, pair, before=5)
    note, size = text_width.fit_text(one_line(item.note), room, max(left, 13), (12, 11, 10))
    if note:
        _add_line(frame, [(note, size, theme.DARK_GREY, False)], before=5)


def _add_line(
    frame: Any,
    runs: Sequence[tuple[str, float, str, bool]],
    *,
    first: bool = False,
    before: float = 0,
) -> None:
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.space_before = Pt(before)
    for place, (text, size, code, bold) in enumerate(runs):
        run = add_run(paragraph, text, size, code, bold)
        if place:
            run.text = f" {run.text}"
