"""Our deck in another house's clothes: the theme, background and logo of its own template.

Our layouts stay, since every slide is made for them; their fonts and colours are those of
the theme, and so become the house's. What stands on its master beside placeholders (a logo,
a bar) stands on ours.
"""

import copy
import io
from functools import cache
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from delivery_analytics.errors import DefinitionError
from delivery_analytics.writers.pptx import template

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@cache
def dressed(path: str) -> bytes:
    """Return our empty deck with the theme and master of the presentation at `path`.

    Raises
    ------
    DefinitionError
        If there is no presentation there that can be opened.
    """
    try:
        theirs = Presentation(io.BytesIO(Path(path).read_bytes()))
        master = theirs.slide_master
    except Exception as error:
        raise DefinitionError(
            f"{path} is no presentation to take a theme from: {error}"
        ) from None
    ours = Presentation(io.BytesIO(template.blank()))
    own = ours.slide_master
    # The library has no way to give a theme: the part's content is put in its place.
    own.part.part_related_by(RT.THEME)._blob = master.part.part_related_by(RT.THEME).blob
    across = (ours.slide_width or 1) / (theirs.slide_width or 1)
    down = (ours.slide_height or 1) / (theirs.slide_height or 1)
    _take_background(own, master)
    for place, shape in enumerate(master.shapes):
        if shape.is_placeholder or shape._element.tag == f"{_P}graphicFrame":
            continue
        element = copy.deepcopy(shape._element)
        _bring_pictures(element, master.part, own.part)
        _scale(element, across, down)
        # Behind everything: the first two children hold the group's own properties.
        own.shapes._spTree.insert(2 + place, element)
    stream = io.BytesIO()
    ours.save(stream)
    return stream.getvalue()


def _take_background(own: Any, theirs: Any) -> None:
    background = theirs.element.cSld.find(f"{_P}bg")
    if background is None:
        return
    element = copy.deepcopy(background)
    _bring_pictures(element, theirs.part, own.part)
    before = own.element.cSld.find(f"{_P}bg")
    if before is not None:
        own.element.cSld.remove(before)
    own.element.cSld.insert(0, element)


def _bring_pictures(element: Any, source: Any, target: Any) -> None:
    """Relate our master to the pictures that a shape of theirs shows; drop its links."""
    for blip in element.iter(f"{_A}blip"):
        related = blip.get(f"{_R}embed")
        if related:
            part = source.related_part(related)
            blip.set(f"{_R}embed", target.relate_to(part, RT.IMAGE))
        blip.attrib.pop(f"{_R}link", None)  # to a file that only their machine has
        for extension in list(blip):
            blip.remove(extension)  # a drawing in another format, with a relation of its own
    for link in list(element.iter(f"{_A}hlinkClick", f"{_A}hlinkHover")):
        link.getparent().remove(link)


def _scale(element: Any, across: float, down: float) -> None:
    """Fit a shape's place to our page, which may have another shape than theirs."""
    for transform in element.iter(f"{_A}xfrm"):
        for child, (wide, tall) in (("off", ("x", "y")), ("ext", ("cx", "cy"))):
            pair = transform.find(f"{_A}{child}")
            if pair is not None:
                pair.set(wide, str(round(int(pair.get(wide)) * across)))
                pair.set(tall, str(round(int(pair.get(tall)) * down)))
        break  # what is inside a group has places of its own
