"""Our deck in another house's clothes: page, theme, background, logo and title of its template.

Our layouts stay, since every slide is made for them; they are laid out anew in what the
house leaves free between its title and its foot. The title is the house's own placeholder.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as HOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn

from delivery_analytics.errors import DefinitionError
from delivery_analytics.report import theme
from delivery_analytics.writers.pptx import template
from delivery_analytics.writers.pptx.house_colours import Scheme, legible, told_from
from delivery_analytics.writers.pptx.template import POINTS, SlideBox

_PRESENTATION = b"vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_KIND = rb"vnd\.(?:openxmlformats-officedocument\.presentationml\.template|"
_KIND += rb"ms-powerpoint\.(?:template|presentation)\.macroEnabled)\.main\+xml"
# What leads out of the template, or to a part of it that is not taken.
_LEADING_OUT = "hlinkClick hlinkHover hlinkMouseOver videoFile audioFile quickTimeFile "
_LEADING_OUT += "wavAudioFile audioCd extLst custDataLst buBlip"
_COVERS = 0.9  # of a place: what does is beneath it, and what does less is in its way
_TWO_LINES = 0.95  # inches that a title has at least
_FOOT = 0.235  # inches from the end of the content to the middle of the foot
_LEAST_FREE = 0.35  # of the page; where less is left, what is in the way is drawn over
_LINES, _LEAST_TITLE = 2.4, 14  # heights of type in a title of two lines; points


@dataclass(frozen=True)
class House:
    """What a template asks of what is drawn on it; by default our own.

    Attributes
    ----------
    content
        What it leaves between title and foot.
    paper, ink, quiet
        ``#RRGGBB`` of what lies under the content, of its text and of its small text.
    title_sizes
        Of the title's type in points, the largest first.
    """

    content: SlideBox = template.CONTENT
    paper: str = theme.PAPER
    ink: str = theme.INK
    quiet: str = theme.DARK_GREY
    title_sizes: Sequence[float] = template.TITLE_SIZES

    def place(self, box: SlideBox) -> SlideBox:
        """Return where a place on our page is on theirs: as far from the nearer end."""
        own, here = template.CONTENT, self.content
        middle, wide = own.y + own.h / 2, here.w / own.w
        top, bottom = (
            edge - own.y + here.y if edge < middle else edge - own.bottom + here.bottom
            for edge in (box.y, box.bottom)
        )
        return SlideBox(here.x + (box.x - own.x) * wide, top, box.w * wide, bottom - top)

    def colour(self, code: str) -> str:
        """Return a colour of ours as well told from this paper as it is from white."""
        own = {theme.PAPER: self.paper, theme.INK: self.ink, theme.DARK_GREY: self.quiet}
        return own.get(code) or told_from(code, self.paper, self.ink)

    def colour_in(self, root: Any) -> None:
        """Draw a slide or a chart of ours in colours that are told from this paper."""
        if (self.paper, self.ink) == (theme.PAPER, theme.INK):
            return
        for one in root.iter(qn("a:srgbClr")):
            one.set("val", self.colour(f"#{one.get('val')}")[1:])
        for stacked in root.xpath("//*[local-name()='grouping'][@val='stacked']/.."):
            for series in stacked.iter("{*}ser"):  # their figures stand inside the bars
                fill, *_, label = [f"#{one.get('val')}" for one in series.iter(qn("a:srgbClr"))]
                read = legible([label, self.ink, self.paper], [fill])
                for one in series.xpath("*[local-name()='dLbls']//a:srgbClr"):
                    one.set("val", read[1:])


@cache
def dressed(path: str) -> tuple[bytes, House]:
    """Return our empty deck in the clothes of the presentation or template at `path`.

    Raises
    ------
    DefinitionError
        If there is no presentation there that can be opened.
    """
    try:
        theirs = _Theirs(Presentation(_as_presentation(Path(path).read_bytes())))
    except Exception as error:
        raise DefinitionError(
            f"{path} is no presentation to take a theme from: {error}"
        ) from None
    ours = Presentation(io.BytesIO(template.blank()))
    ours.slide_width, ours.slide_height = theirs.size
    house = theirs.house()
    _dress(ours, theirs, house)
    stream = io.BytesIO()
    ours.save(stream)
    return stream.getvalue(), house


def _as_presentation(content: bytes) -> io.BytesIO:
    """Return the package as that of a presentation, if it is a template's."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in dict.fromkeys(source.namelist()):
            part = source.read(name)
            if name == "[Content_Types].xml":
                part = re.sub(_KIND, _PRESENTATION, part)
            target.writestr(name, part)
    return stream


class _Theirs:
    """The house's template: the layout that gives the title, and its master."""

    def __init__(self, presentation: Any) -> None:
        self.master = presentation.slide_master
        self.size = presentation.slide_width, presentation.slide_height
        self.page = SlideBox(0, 0, *(side / 914400 for side in self.size))
        titled = [one for one in self.master.slide_layouts if _held(one, HOLDER.TITLE)]
        titled.sort(key=lambda one: one.element.get("type") != "titleOnly")
        self.pages = [self.master, *titled[:1]]
        self.titles = [held for page in self.pages if (held := _held(page, HOLDER.TITLE))]
        self.theme_part = self.master.part.part_related_by(RT.THEME)
        self.theme = etree.fromstring(self.theme_part.blob)
        self.scheme = Scheme.of_theme(self.theme, self.master.element.find(qn("p:clrMap")))

    @property
    def shapes(self) -> Iterator[tuple[Any, Any]]:
        """What decorates each slide, from the lowest to the topmost, each with its page."""
        hidden = self.pages[-1].element.get("showMasterSp") in ("0", "false")
        for page in self.pages[1:] if hidden else self.pages:
            for shape in page.shapes:
                if not shape.is_placeholder and shape._element.tag != qn("p:graphicFrame"):
                    yield page, shape

    def background(self) -> tuple[Any, Any]:
        """Return the background that slides have, if they have one, and whose it is."""
        found = [(page.element.cSld.find(qn("p:bg")), page) for page in self.pages]
        return next((pair for pair in reversed(found) if pair[0] is not None), (None, None))

    def filled(self, element: Any, page: Any) -> list[str]:
        """Return the colours of a background, a shape without text or a picture."""
        if any(one.text and one.text.strip() for one in element.iter(qn("a:t"))):
            return []
        holder = next(element.iter(qn("p:bgPr"), qn("p:blipFill"), qn("p:spPr")), None)
        style = next(element.iter(qn("p:bgRef"), qn("a:fillRef")), None)
        return self.scheme.of_fill(holder, lambda key: _image(page, key), style)

    def beneath(self, box: SlideBox) -> list[str]:
        """Return the colours that lie under a place."""
        background, page = self.background()
        colours = self.filled(background, page) if page else []
        colours = colours or [self.scheme.colours["bg1"]]
        for page, shape in self.shapes:
            share, fill = _shared(box, SlideBox.of(shape)), self.filled(shape._element, page)
            if fill and share:
                colours = fill if share >= _COVERS else [*colours, *fill]
        return colours

    def free(self, box: SlideBox, least: float) -> SlideBox:
        """Return what of a place nothing stands in, at least this share of the page."""
        left = box
        for _, shape in self.shapes:
            there = SlideBox.of(shape)
            if 0 < _shared(left, there) < _COVERS:
                left = _beside(left, there)
        return left if left.w * left.h >= least * self.page.w * self.page.h else box

    def title(self) -> SlideBox:
        """Return the place of the title: its own, but for what stands in it."""
        own = next((box for one in reversed(self.titles) if (box := SlideBox.of(one)).w), None)
        if own is None:
            return SlideBox(0.6, 0.4, self.page.w - 1.2, 1.0)
        free = self.free(own, 0)
        if free.y > own.y:  # under what stood over it, as tall as two lines need
            free = SlideBox(free.x, free.y, free.w, max(free.h, min(own.h, _TWO_LINES)))
        return free

    def title_colour(self) -> str:
        """Return the colour of the title: its own where it can be read."""
        fills = (one.find(qn("a:solidFill")) for one in self.styles())
        own = (self.scheme.of(one) for one in fills if one is not None)
        first = next(filter(None, own), self.scheme.colours["tx1"])
        return legible([first, *self.scheme.texts], self.beneath(self.title()))

    def styles(self) -> Iterator[Any]:
        """Yield where the title's type is set, the nearest first."""
        kept = "a:lvl1pPr/a:defRPr"
        for holder in reversed(self.titles):
            yield from holder._element.xpath(f"p:txBody/a:lstStyle/{kept}")
        yield from self.master.element.xpath(f"p:txStyles/p:titleStyle/{kept}")

    def house(self) -> House:
        """Return what is asked of what is drawn on it."""
        page, title = self.page, self.title()
        margin = title.x + 0.1 if title.x < 0.15 * page.w else 0.6
        foot = [SlideBox.of(held) for one in self.pages if (held := _held(one, HOLDER.FOOTER))]
        low = [box.y + box.h / 2 for box in foot if box.y > page.h * 0.7]
        bottom = min(low[-1] if low else page.h, page.h - 0.3)
        above = title.y + title.h / 2 < page.h / 2
        top = title.bottom if above else 0.4
        bottom = (bottom if above else min(bottom, title.y - 0.2)) - _FOOT
        room = SlideBox(margin, top, page.w - 2 * margin, bottom - top)
        content = self.free(room, _LEAST_FREE)
        under = self.beneath(content)
        ink = legible(self.scheme.texts, under)
        quiet = legible([self.scheme.colours["tx2"], ink], under)
        largest = next((int(one.get("sz")) / 100 for one in self.styles() if one.get("sz")), 28)
        largest = int(min(largest, max((title.h * POINTS - 8) / _LINES, _LEAST_TITLE)))
        paper = min(under, key=lambda one: theme.contrast(one, ink))
        sizes = range(largest, min(_LEAST_TITLE, largest) - 1, -1)
        return House(content, paper, ink, quiet, sizes)


def _dress(ours: Any, theirs: _Theirs, house: House) -> None:
    own = ours.slide_master
    part = own.part.part_related_by(RT.THEME)
    _take(theirs.theme, theirs.theme_part, part)
    # The library has no way to give a theme: the part's content is put in its place.
    part._blob = etree.tostring(theirs.theme, encoding="UTF-8", standalone=True)
    for tag in (qn("p:clrMap"), f"{qn('p:txStyles')}/{qn('p:titleStyle')}"):
        before, after = own.element.find(tag), copy.deepcopy(theirs.master.element.find(tag))
        _take(after, theirs.master.part, own.part)
        before.getparent().replace(before, after)
    for stripe in [shape for shape in own.shapes if not shape.is_placeholder]:
        stripe._element.getparent().remove(stripe._element)
    background, page = theirs.background()
    background = copy.deepcopy(background)
    if page and _take(background, page.part, own.part):
        for before in own.element.cSld.findall(qn("p:bg")):
            own.element.cSld.remove(before)
        own.element.cSld.insert(0, background)
    place = 2  # behind everything: the first two children hold the group's own properties
    for page, shape in theirs.shapes:
        element = copy.deepcopy(shape._element)
        if _take(element, page.part, own.part):
            own.shapes._spTree.insert(place, element)
            place += 1
    for depth, page in enumerate((own, *ours.slide_layouts)):
        _lay_out(page, depth, theirs, house)


def _lay_out(page: Any, depth: int, theirs: _Theirs, house: House) -> None:
    """Give a page of ours the house's title, and its other placeholders their places."""
    title, foot = theirs.title(), house.place(template.FOOTER)
    for holder in list(page.placeholders):
        idx, kind = holder.placeholder_format.idx, holder.placeholder_format.type
        if kind == HOLDER.TITLE and theirs.titles:
            element = copy.deepcopy(theirs.titles[min(depth, len(theirs.titles) - 1)]._element)
            _take(element, theirs.master.part, page.part)
            page.shapes._spTree.replace(holder._element, element)
            holder = page.placeholders[0]
        box = title if kind == HOLDER.TITLE else house.place(SlideBox.of(holder))
        holder.left, holder.top, holder.width, holder.height = box.sides
        size = 0.0
        if kind == HOLDER.TITLE:
            colour, size = theirs.title_colour(), house.title_sizes[0]
        elif idx in (template.IDX_FOOTER, template.IDX_NUMBER):
            colour = legible([house.quiet], theirs.beneath(foot))
        else:
            quiet = idx in (template.IDX_SUBTITLE, template.IDX_FOOTNOTE)
            colour = house.quiet if quiet else house.ink
        _write_in(holder._element, colour, size)
    for number, one in enumerate(page.element.iter(qn("p:cNvPr")), 1):
        one.set("id", str(number))


def _write_in(holder: Any, colour: str, size: float) -> None:
    """Let the text of a placeholder be of one colour, and no sentence be in capitals."""
    style = holder.txBody.find(qn("a:lstStyle"))
    level = style.find(qn("a:lvl1pPr"))
    if level is None:
        level = etree.SubElement(style, qn("a:lvl1pPr"))
        style.insert(0, level)
    run = level.find(qn("a:defRPr"))
    if run is None:
        run = etree.SubElement(level, qn("a:defRPr"))
    run.set("cap", "none")
    if size:
        run.set("sz", str(int(size * 100)))
    for fill in run.xpath("a:noFill | a:solidFill | a:gradFill | a:blipFill | a:pattFill"):
        run.remove(fill)
    filled = etree.Element(qn("a:solidFill"))
    etree.SubElement(filled, qn("a:srgbClr"), val=colour.lstrip("#"))
    run.insert(len(run.xpath("a:ln")), filled)


def _take(element: Any, source: Any, target: Any) -> bool:
    """Relate our part to the pictures that theirs shows here; say if all of it is whole.

    What leads out of the template is dropped, and so is what another part would draw.
    """
    for tag in _LEADING_OUT.split():
        for found in list(element.iter(qn(f"a:{tag}"), qn(f"p:{tag}"))):
            found.getparent().remove(found)
    for blip in element.iter(qn("a:blip")):
        blip.attrib.pop(qn("r:link"), None)  # to a file that only their machine has
        if (key := blip.get(qn("r:embed"))) and not source.rels[key].is_external:
            blip.set(qn("r:embed"), target.relate_to(source.related_part(key), RT.IMAGE))
        else:
            return False
    led = (name for one in element.iter() for name in one.attrib if name.startswith(qn("r:")))
    return all(name == qn("r:embed") for name in led)


def _held(page: Any, kind: Any) -> Any:
    """Return the placeholder of a kind that a page has, if it has one."""
    found = (one for one in page.placeholders if one.placeholder_format.type == kind)
    return next(found, None)


def _image(page: Any, key: str) -> Image.Image | None:
    """Return a picture of a page, if it is in the template and of a kind that can be opened."""
    try:
        return Image.open(io.BytesIO(page.part.related_part(key).blob))
    except (KeyError, ValueError, OSError):
        return None


def _shared(box: SlideBox, other: SlideBox) -> float:
    """Return the share of a place that another covers."""
    wide = min(box.right, other.right) - max(box.x, other.x)
    tall = min(box.bottom, other.bottom) - max(box.y, other.y)
    return max(wide, 0) * max(tall, 0) / (box.w * box.h or 1)


def _beside(box: SlideBox, other: SlideBox) -> SlideBox:
    """Return the largest part of a place that lies on one side of another."""
    sides = (
        SlideBox(box.x, box.y, other.x - box.x, box.h),
        SlideBox(other.right, box.y, box.right - other.right, box.h),
        SlideBox(box.x, box.y, box.w, other.y - box.y),
        SlideBox(box.x, other.bottom, box.w, box.bottom - other.bottom),
    )
    return max(sides, key=lambda one: max(one.w, 0) * max(one.h, 0))
