"""A deck being written: slides of our layouts, their words fitted to their places."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Emu, Pt

from delivery_analytics.report.document import Text
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.pptx import template
from delivery_analytics.writers.pptx.corporate import House, dressed
from delivery_analytics.writers.pptx.template import SlideBox

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MOST_NOTES = 30_000  # characters
WALL = 300  # characters of one paragraph, beyond which a slide is not read
_BETWEEN = 9.0  # points between paragraphs
_SENTENCE_END = re.compile(r"(?<=[.!?…]) ")


@dataclass
class Deck:
    """The presentation, the reader's words, the day it was made, and its foot.

    At the foot of each slide stand whom the deck is about, its section, and the day it knows.
    """

    presentation: Any
    words: Wording
    created: datetime
    house: House
    about: str = ""
    day: str = ""

    @classmethod
    def blank(
        cls, words: Wording, created: datetime, theirs: str = "", *, about: str, day: str = ""
    ) -> Deck:
        """Return a deck without slides, in the clothes of the presentation `theirs`."""
        content, house = dressed(theirs) if theirs else (template.blank(), House())
        opened = Presentation(io.BytesIO(content))
        return cls(opened, words, created, house, one_line(about), day)

    @property
    def count(self) -> int:
        """How many slides there are."""
        return len(self.presentation.slides)

    def add(
        self,
        layout: int,
        title: str,
        *,
        section: str = "",
        subtitle: str = "",
        footnote: str = "",
        notes: Iterable[str] = (),
    ) -> Any:
        """Add a slide; what a layout has no use for, or is empty, leaves no frame behind.

        The notes begin with the title, which is the sentence to say; what is too long for its
        place is cut there, and stands in full in them.
        """
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[layout])
        title = one_line(title)
        fill(slide.shapes.title, title, self.house.title_sizes, bold=True)
        words = {template.IDX_SUBTITLE: subtitle, template.IDX_FOOTNOTE: footnote}
        shortened = [title]
        for holder in list(slide.placeholders):
            idx = holder.placeholder_format.idx
            if idx in words:
                text = one_line(words[idx])
                if text != fill(holder, text, template.SIZES[idx]):
                    shortened.append(text)
        self._add_foot(slide, one_line(section))
        add_notes(slide, [*shortened, *notes])
        return slide

    def finish(self) -> None:
        """Draw in the house's colours, and say in which language every text is."""
        for slide in self.presentation.slides:
            self.house.colour_in(slide.element)
            for shape in slide.shapes:
                if shape.has_chart:
                    self.house.colour_in(shape.chart._chartSpace)
            for page in (slide, slide.notes_slide):
                for run in page.element.iter("{*}r", "{*}fld"):
                    run.get_or_add_rPr().set("lang", self.words.tag)

    def _add_foot(self, slide: Any, section: str) -> None:
        """Copy the footer and the slide number, which a new slide is given without."""
        for holder in slide.slide_layout.placeholders:
            idx = holder.placeholder_format.idx
            if idx not in (template.IDX_FOOTER, template.IDX_NUMBER):
                continue
            copied = copy.deepcopy(holder.element)
            copied.nvSpPr.cNvPr.set("id", str(len(slide.shapes) + 100))
            slide.shapes._spTree.append(copied)
            if idx == template.IDX_FOOTER:
                rest = " · ".join(filter(None, [section, self.day]))
                text = " · ".join(filter(None, [self.about, rest]))
                text = text_width.cut_to(text, *self.house.place(template.FOOTER).room, 10)
                frame = slide.shapes[-1].text_frame
                frame.text = ""
                strong = (self.about,) if text.startswith(self.about) else ()
                _add_runs(frame.paragraphs[0], Text(text, strong), 10)


def one_line(text: str) -> str:
    """Return printable text on a single line."""
    return " ".join(printable(text).split())


def fill(holder: Any, text: str, sizes: Sequence[float], bold: bool = False) -> str:
    """Fill a placeholder, smaller where the text needs it; return the text that stands."""
    if not text:
        holder.element.getparent().remove(holder.element)
        return text
    frame = holder._base_placeholder.text_frame  # the layout sets it
    beside, above = frame.margin_left + frame.margin_right, frame.margin_top
    room = Emu(holder.width - beside).pt / text_width.ELSEWHERE
    tall = Emu(holder.height - above - frame.margin_bottom).pt
    shown, size = text_width.fit_text(text, room, tall, sizes, bold)
    if shown != text:  # whole sentences of it, if there are some
        sentences = _SENTENCE_END.split(text)
        fewer = (" ".join(sentences[:n]) for n in range(len(sentences) - 1, 0, -1))
        fits = (one for one in fewer if text_width.height(one, room, size, bold) <= tall)
        shown = next(fits, shown)
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


def write_paragraphs(
    frame: Any, texts: Sequence[Text], box: SlideBox, sizes: Sequence[float], wall: int = WALL
) -> None:
    """Write paragraphs into a frame at the largest size that fits the box.

    A slide is not read like a page: of a long paragraph its first sentences stand here,
    and of many those that fit. The caller puts the whole into the notes.
    """
    room, tall = box.room
    room /= text_width.ELSEWHERE
    shown = [opening(one_line(text.text), wall) for text in texts]
    size = next((one for one in sizes if _taken(shown, room, one) <= tall), sizes[-1])
    while len(shown) > 1 and _taken(shown, room, size) > tall:
        shown.pop()
    shown[-1:] = [text_width.cut_to(one, room, tall / 1.05, size) for one in shown[-1:]]
    for place, text in enumerate(shown):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _add_runs(paragraph, Text(text, texts[place].strong), size)


def paged(
    texts: Sequence[Text], box: SlideBox, size: float, wall: int = WALL
) -> Iterator[Sequence[Text]]:
    """Yield as many paragraphs as fit the box at `size`, and so on; at least one each."""
    room, tall = box.room
    first = 0
    for last in range(1, len(texts) + 1):
        shown = [opening(one_line(text.text), wall) for text in texts[first : last + 1]]
        if last == len(texts) or _taken(shown, room / text_width.ELSEWHERE, size) > tall:
            yield texts[first:last]
            first = last


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
