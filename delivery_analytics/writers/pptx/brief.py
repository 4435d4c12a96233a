"""A brief as one slide: the answer, a strip of statuses, what needs attention, the money."""

from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Pt

from delivery_analytics.report import theme
from delivery_analytics.report.document import Brief, Text
from delivery_analytics.writers.outline import Part
from delivery_analytics.writers.pptx import choice, slides, tables, template
from delivery_analytics.writers.pptx.drawn_table import draw_table
from delivery_analytics.writers.pptx.template import SlideBox

_X, _WIDE = template.BODY.x, template.BODY.w
_STRIP, _COUNTS = (SlideBox(_X, top, _WIDE, tall) for top, tall in ((1.76, 0.3), (2.12, 0.42)))
_TABLE, _BELOW = SlideBox(_X, 2.6, _WIDE, 3.1), SlideBox(_X, 5.8, _WIDE, 0.7)
_SIZES = (14, 13, 12, 11, 10, 9)


def add_brief(deck: slides.Deck, brief: Brief) -> Any:
    """Add the slide; what does not fit it is whole in its notes."""
    changed = _changed(brief, deck)
    said = [brief.standfirst, brief.money, changed]
    said += [one.text for one in choice.in_words([Part("", brief.rows)], deck.words)]
    slide = deck.add(
        template.OPEN,
        brief.answer,
        section=deck.words("Brief"),
        footnote="  ".join(brief.notes[:1]),
        notes=[brief.answer, *said, *brief.notes],
    )
    _add_counts(slide, brief, deck)
    place, below = deck.house.place(_TABLE), deck.house.place(_BELOW)
    rows = brief.rows
    if rows and len(rows.frame):
        told = zip(rows.frame["name"], rows.frame["facts"], strict=True)
        frame = rows.frame.assign(name=[f"{name}: {facts}" for name, facts in told])
        columns = [column for column in rows.columns if column.key != "facts"]
        shown = (frame, columns, place, deck.words)
        pages = tables.paginate(*shown)
        for page in pages if len(pages) == 1 else tables.paginate(*shown, alone=True):
            slides.describe(draw_table(slide, page, place), rows.title)
    frame = slide.shapes.add_textbox(*below.sides).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    nothing = rows.empty_text if rows and rows.frame.empty else ""
    texts = [Text(text) for text in (nothing, brief.money, changed) if text]
    slides.write_paragraphs(frame, texts, below, _SIZES)
    return slide


def _changed(brief: Brief, deck: slides.Deck) -> str:
    """Return what changed as sentences, each move of a status behind what they all are."""
    moves, status = brief.moves, deck.words.status
    told = [
        f"{row['indicator']}: {status(row['status_before'])} → {status(row['status'])}"
        for row in (moves.frame.to_dict("records") if moves else ())
    ]
    first = [": ".join(filter(None, [*brief.changes[:1], "; ".join(told)])) + "." * bool(told)]
    return " ".join(filter(None, [*first, *brief.changes[1:]]))


def _add_counts(slide: Any, brief: Brief, deck: slides.Deck) -> None:
    """Draw each status as long as its share, and below it its mark, its count and its word."""
    strip, counts = deck.house.place(_STRIP), deck.house.place(_COUNTS)
    at, unit = strip.x, strip.w / max(sum(brief.counts.values()), 1)
    for place, (code, n) in enumerate(brief.counts.items()):
        style, word = theme.STATUS_STYLE[code], deck.words.status(code)
        if n:
            box = SlideBox(at, strip.y, n * unit - 0.03, strip.h)
            shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.sides)
            shape.name = word
            shape.fill.solid()
            shape.fill.fore_color.rgb = slides.colour(style.colour)
            shape.line.fill.background()
            shape.shadow.inherit = False
        at += n * unit
        each = counts.w / len(brief.counts)
        box = SlideBox(counts.x + place * each, counts.y, each, counts.h)
        line = slide.shapes.add_textbox(*box.sides).text_frame.paragraphs[0]
        for text, size, colour, bold in (
            (f"{style.glyph} ", 16, style.colour, True),
            (f"{deck.words.number(n, 0)} ", 18, theme.INK, n > 0),
            (word, 12, theme.INK if n else theme.DARK_GREY, False),
        ):
            run = line.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = slides.colour(colour)
