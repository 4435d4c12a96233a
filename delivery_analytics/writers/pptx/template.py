"""The slides' own master and layouts: where things stand, fonts and colours.

Everything is a placeholder of a layout where it can be, so that a presenter who changes
the master changes every slide. The page is 16:9; places are in inches.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Inches

from delivery_analytics.report import theme
from delivery_analytics.writers.office_charts import FONT

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = f'xmlns:a="{_A}" xmlns:p="{_P}" xmlns:r="{_R}"'
POINTS = 72  # of an inch
_ID = "{id}"  # of a shape, until its page is put together
CARD = "#F1F4F7"
_DEEP = "#0D3355"


@dataclass(frozen=True)
class SlideBox:
    """A place on the page, in inches."""

    x: float
    y: float
    w: float
    h: float

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, width and height as office programs count them."""
        x, y, w, h = (int(Inches(side)) for side in (self.x, self.y, self.w, self.h))
        return x, y, w, h

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in points, to measure text by."""
        return self.w * POINTS, self.h * POINTS


PAGE = SlideBox(0, 0, 13.333, 7.5)
_LEFT, _WIDE = 0.65, 12.05
KICKER = SlideBox(_LEFT, 0.38, _WIDE, 0.28)
TITLE = SlideBox(_LEFT, 0.66, _WIDE, 0.98)
SUBTITLE = SlideBox(_LEFT, 1.68, _WIDE, 0.36)
BODY = SlideBox(_LEFT, 2.16, _WIDE, 4.26)
WIDE_CHART = SlideBox(_LEFT - 0.1, 2.1, _WIDE + 0.1, 4.36)
NARROW_CHART = SlideBox(_LEFT - 0.1, 2.1, 8.35, 4.36)
ASIDE = SlideBox(9.25, 2.24, 3.45, 4.1)
FOOTNOTE = SlideBox(_LEFT, 6.46, _WIDE, 0.44)
FOOTER = SlideBox(_LEFT, 7.03, 10.9, 0.27)
NUMBER = SlideBox(11.7, 7.03, 1.0, 0.27)
COVER_TITLE = SlideBox(0.9, 1.55, 8.3, 2.45)
COVER_SUBTITLE = SlideBox(0.9, 4.25, 8.3, 1.0)
COVER_DAY = SlideBox(0.9, 5.6, 8.0, 1.2)

# The layouts' indices, and those of their placeholders.
COVER, CHART, CHART_AND_TEXT, OPEN, TEXT = range(5)
IDX_KICKER, IDX_SUBTITLE, IDX_MAIN, IDX_FOOTNOTE, IDX_ASIDE = 10, 11, 12, 13, 14
IDX_FOOTER, IDX_NUMBER = 20, 21
SIZES = {
    IDX_KICKER: (11, 10),
    IDX_SUBTITLE: (14, 13, 12, 11, 10),
    IDX_FOOTNOTE: (11, 10),
    IDX_FOOTER: (10,),
}
TITLE_SIZES = (26, 24, 22, 20, 18)


@cache
def blank() -> bytes:
    """Return a deck without slides: the master, its theme and the five layouts."""
    deck = Presentation()
    deck.part._element.sldSz.attrib.pop("type", None)  # says 4:3
    deck.slide_width, deck.slide_height = Inches(PAGE.w), Inches(PAGE.h)
    master = deck.slide_master
    _set_theme(master.part.part_related_by(RT.THEME))
    _replace_shapes(master, _master_shapes())
    _set_text_styles(master.element)
    layouts = list(deck.slide_layouts)
    for layout in layouts[len(_LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for layout, (name, shapes, dark) in zip(layouts, _LAYOUTS, strict=False):
        layout.element.cSld.set("name", name)
        layout.element.attrib.pop("type", None)  # of the library's layout that this was
        _replace_shapes(layout, shapes())
        if dark:
            layout.element.set("showMasterSp", "0")
            _set_background(layout.element, "tx2")
    _widen_notes(deck)
    _drop_leftovers(deck)
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _set_theme(part: Any) -> None:
    root = etree.fromstring(part.blob)
    root.set("name", "Delivery")
    ns = {"a": _A}
    colours = {
        "dk1": theme.INK,
        "lt1": theme.PAPER,
        "dk2": theme.DARK_BLUE,
        "lt2": CARD,
        "accent1": theme.DARK_BLUE,
        "accent2": theme.TURQUOISE,
        "accent3": theme.ORANGE,
        "accent4": theme.DARK_PINK,
        "accent5": theme.LIGHT_PURPLE,
        "accent6": theme.DARK_GREY,
        "hlink": theme.DARK_BLUE,
        "folHlink": theme.DARK_PINK,
    }
    root.find(".//a:clrScheme", ns).set("name", "Delivery")
    for name, colour in colours.items():
        slot = root.find(f".//a:clrScheme/a:{name}", ns)
        slot[:] = [etree.Element(f"{{{_A}}}srgbClr", val=colour[1:])]
    for kind in ("majorFont", "minorFont"):
        fonts = root.find(f".//a:{kind}", ns)
        fonts.find("a:latin", ns).set("typeface", FONT)
        for other in fonts.findall("a:font", ns):
            fonts.remove(other)
    part.blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_text_styles(master: Any) -> None:
    old = master.find(f"{{{_P}}}txStyles")
    master.replace(old, parse_xml(_xml("text_styles.xml")))


def _xml(file: str, **values: object) -> str:
    """Return the text of a file of ``assets/slides`` with values in place of its ``$names``.

    What the slides' library cannot make is written there as it stands in a presentation.
    """
    text = files("delivery_analytics").joinpath("assets", "slides", file).read_text("utf-8")
    return Template(text).substitute(namespaces=_NS, **values)


def _set_background(element: Any, colour: str) -> None:
    slide = element.cSld
    for old in slide.findall(f"{{{_P}}}bg"):
        slide.remove(old)
    fill = f"<a:solidFill><a:schemeClr val='{colour}'/></a:solidFill>"
    slide.insert(0, parse_xml(f"<p:bg {_NS}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"))


def _replace_shapes(page: Any, shapes: list[str]) -> None:
    tree = page.element.cSld.spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    for number, shape in enumerate(shapes, 2):
        tree.append(parse_xml(shape.replace(_ID, str(number))))


def _at(box: SlideBox) -> dict[str, int]:
    return dict(zip("xywh", box.sides, strict=True))


def _holder(
    name: str,
    kind: str,
    box: SlideBox,
    *,
    idx: int | None = None,
    size: int = 0,
    colour: str = "tx1",
    bold: bool = False,
    align: str = "l",
    anchor: str = "t",
    bullets: bool = False,
    prompt: str = "",
) -> str:
    """Return a placeholder; texts start at its very edge, so that all line up."""
    style = _xml(
        "placeholder_style.xml",
        align=align,
        indent="" if bullets else ' marL="0" indent="0"',
        bullet="" if bullets else "<a:buNone/>",
        size=size * 100,
        weight=' b="1"' if bold else "",
        colour=colour,
    )
    text = f"<a:r><a:rPr lang='en-GB'/><a:t>{prompt or name}</a:t></a:r>"
    if kind == "sldNum":
        # PowerPoint knows a field by any such number, as long as it is one.
        text = (
            "<a:fld id='{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}' type='slidenum'>"
            "<a:rPr lang='en-GB'/><a:t>‹#›</a:t></a:fld>"
        )
    return _xml(
        "placeholder.xml",
        id=_ID,
        name=name,
        kind=kind,
        number=f' idx="{idx}"' if idx is not None else "",
        anchor=anchor,
        style=style if size else "",
        text=text,
        **_at(box),
    )


def _block(box: SlideBox, colour: str) -> str:
    """Return a filled rectangle that only decorates."""
    return _xml("decoration.xml", id=_ID, colour=colour[1:], **_at(box))


def _footers() -> list[str]:
    quiet: dict[str, Any] = {"size": 10, "colour": "accent6", "anchor": "ctr"}
    return [
        _holder("Footer", "ftr", FOOTER, idx=IDX_FOOTER, **quiet),
        _holder("Slide number", "sldNum", NUMBER, idx=IDX_NUMBER, align="r", **quiet),
    ]


def _master_shapes() -> list[str]:
    return [
        _block(SlideBox(0, 0, 0.2, PAGE.h), theme.DARK_BLUE),
        _block(SlideBox(0, TITLE.y, 0.2, TITLE.h), theme.TURQUOISE),
        _block(SlideBox(_LEFT, 6.97, _WIDE, 0.01), theme.RULE_GREY),
        _holder("Title", "title", TITLE, anchor="b"),
        _holder("Text", "body", BODY, idx=1, bullets=True),
        *_footers(),
    ]


def _top(subtitle: bool = True) -> list[str]:
    shapes = [
        _holder(
            "Section", "body", KICKER, idx=IDX_KICKER, size=11, colour="accent6", anchor="ctr"
        ),
        _holder("Title", "title", TITLE, anchor="b", prompt="The finding, as a sentence"),
    ]
    if subtitle:
        shapes.append(
            _holder("Subtitle", "body", SUBTITLE, idx=IDX_SUBTITLE, size=14, colour="accent6")
        )
    return shapes


def _bottom() -> list[str]:
    footnote = _holder(
        "Footnote", "body", FOOTNOTE, idx=IDX_FOOTNOTE, size=11, colour="accent6", anchor="b"
    )
    return [footnote, *_footers()]


def _cover() -> list[str]:
    columns = [(0.62, 1.5), (0.62, 2.4), (0.62, 3.3), (0.62, 4.5), (0.62, 5.9)]
    colours = [theme.MID_GREY, theme.DARK_PINK, theme.ORANGE, theme.TURQUOISE, theme.PAPER]
    bars = [
        _block(SlideBox(9.75 + 0.7 * place, PAGE.h - tall, wide, tall), colour)
        for place, ((wide, tall), colour) in enumerate(zip(columns, colours, strict=True))
    ]
    return [
        _block(SlideBox(9.4, 0, PAGE.w - 9.4, PAGE.h), _DEEP),
        *bars,
        _block(SlideBox(0.9, 1.2, 0.9, 0.08), theme.TURQUOISE),
        _holder("Title", "ctrTitle", COVER_TITLE, size=36, colour="bg1", bold=True),
        _holder("Subtitle", "subTitle", COVER_SUBTITLE, idx=1, size=18, colour="bg1"),
        _holder(
            "As of", "body", COVER_DAY, idx=IDX_FOOTNOTE, size=14, colour="bg1", anchor="b"
        ),
    ]


def _chart() -> list[str]:
    return [*_top(), _holder("Chart", "chart", WIDE_CHART, idx=IDX_MAIN), *_bottom()]


def _chart_and_text() -> list[str]:
    rule = SlideBox(ASIDE.x - 0.22, ASIDE.y, 0.04, ASIDE.h)
    return [
        *_top(),
        _holder("Chart", "chart", NARROW_CHART, idx=IDX_MAIN),
        _block(rule, theme.TURQUOISE),
        _holder("Text", "body", ASIDE, idx=IDX_ASIDE, size=16),
        *_bottom(),
    ]


def _open() -> list[str]:
    return [*_top(), *_bottom()]


def _text() -> list[str]:
    body = SlideBox(BODY.x, 1.95, BODY.w, 4.4)
    return [
        *_top(subtitle=False),
        _holder("Text", "body", body, idx=IDX_MAIN, bullets=True, size=18),
        *_bottom(),
    ]


_LAYOUTS = (
    ("Cover", _cover, True),
    ("Chart", _chart, False),
    ("Chart and text", _chart_and_text, False),
    ("Open", _open, False),
    ("Text", _text, False),
)


def _widen_notes(deck: Any) -> None:
    """Give the notes page a picture of a 16:9 slide; the library's own is 4:3."""
    for holder in deck.notes_master.placeholders:
        if "SLIDE_IMAGE" in str(holder.placeholder_format.type):
            holder.height = int(holder.width * PAGE.h / PAGE.w)


def _drop_leftovers(deck: Any) -> None:
    """Drop what the library's sample deck carries: its picture, printer and statistics."""
    package = deck.part.package
    for owner in (package, deck.part):
        rels = owner._rels
        for key in list(rels):
            if rels[key].reltype.rsplit("/", 1)[-1] in ("thumbnail", "printerSettings"):
                rels.pop(key)
    for rel in package._rels.values():
        if rel.reltype == RT.EXTENDED_PROPERTIES:
            rel.target_part.blob = _xml("app.xml").encode()
