"""The slides' own master and layouts: where things stand, fonts and colours.

Everything is a placeholder of a layout where it can be, so that a presenter who changes
the master changes every slide. The page is 16:9; places are in inches.
"""

import io
import tomllib
from collections.abc import Mapping, Sequence
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


def _asset(file: str) -> str:
    return files("delivery_analytics").joinpath("assets", "slides", file).read_text("utf-8")


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
_DECLARED = tomllib.loads(_asset("layouts.toml"))
BODY, ASIDE, FOOTER = (
    SlideBox(*_DECLARED["shape"][name]["at"]) for name in ("body", "aside", "footer")
)

# The layouts' indices, and those of their placeholders.
CHART, CHART_AND_TEXT, OPEN, TEXT = range(4)
IDX_SUBTITLE, IDX_MAIN, IDX_FOOTNOTE, IDX_ASIDE = 11, 12, 13, 14
IDX_FOOTER, IDX_NUMBER = 20, 21
SIZES = {IDX_SUBTITLE: (14, 13, 12, 11, 10), IDX_FOOTNOTE: (10, 9), IDX_FOOTER: (10,)}
TITLE_SIZES = (28, 26, 24, 22, 20, 18)


@cache
def blank() -> bytes:
    """Return a deck without slides: the master, its theme and the layouts."""
    deck = Presentation()
    deck.part._element.sldSz.attrib.pop("type", None)  # says 4:3
    deck.slide_width, deck.slide_height = Inches(PAGE.w), Inches(PAGE.h)
    master = deck.slide_master
    _set_theme(master.part.part_related_by(RT.THEME))
    _replace_shapes(master, _shapes(_DECLARED["master"]))
    _set_text_styles(master.element)
    layouts = list(deck.slide_layouts)
    declared = _DECLARED["layout"]
    for layout in layouts[len(declared) :]:
        deck.slide_layouts.remove(layout)
    for layout, page in zip(layouts, declared, strict=False):
        layout.element.cSld.set("name", page["name"])
        layout.element.attrib.pop("type", None)  # of the library's layout that this was
        _replace_shapes(layout, _shapes(page))
    _widen_notes(deck)
    _drop_leftovers(deck)
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _set_theme(part: Any) -> None:
    root = etree.fromstring(part.blob)
    root.set("name", "Delivery")
    ns = {"a": _A}
    root.find(".//a:clrScheme", ns).set("name", "Delivery")
    for name, colour in _DECLARED["colours"].items():
        slot = root.find(f".//a:clrScheme/a:{name}", ns)
        slot[:] = [etree.Element(f"{{{_A}}}srgbClr", val=_colour(colour))]
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
    return Template(_asset(file)).substitute(namespaces=_NS, **values)


def _replace_shapes(page: Any, shapes: list[str]) -> None:
    tree = page.element.cSld.spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    for number, shape in enumerate(shapes, 2):
        tree.append(parse_xml(shape.replace(_ID, str(number))))


def _at(box: Sequence[float]) -> dict[str, int]:
    return dict(zip("xywh", SlideBox(*box).sides, strict=True))


def _holder(
    name: str,
    kind: str,
    at: Sequence[float],
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
        **_at(at),
    )


def _colour(declared: str) -> str:
    """Return the six digits of a colour of ours, or of one that is written out."""
    return str(getattr(theme, declared, declared)).removeprefix("#")


def _block(at: Sequence[float], fill: str) -> str:
    """Return a filled rectangle that only decorates."""
    return _xml("decoration.xml", id=_ID, colour=_colour(fill), **_at(at))


def _shapes(page: Mapping[str, Any]) -> list[str]:
    """Return the shapes of a declared page."""
    declared = (_DECLARED["shape"][name] for name in page["shapes"])
    return [_block(**one) if "fill" in one else _holder(**one) for one in declared]


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
