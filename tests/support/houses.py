"""Templates of houses, each a way in which theirs differ from ours: made here, 16:9 and 4:3."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches


def _begin(
    wide: float, title: tuple[float, ...], fonts: tuple[str, str], **colours: str
) -> Any:
    """Return an empty deck whose theme has these fonts and colours, its titles in that place."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(wide), Inches(7.5)
    master = deck.slide_master
    theme = master.part.part_related_by(RT.THEME)
    text = theme.blob.decode()
    for kind, font in zip(("major", "minor"), fonts, strict=True):
        text = re.sub(rf'(<a:{kind}Font><a:latin typeface=")[^"]*', rf"\g<1>{font}", text)
    for name, code in colours.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{code}"/></a:{name}>',
            text,
        )
    theme._blob = text.encode()
    places = zip(("left", "top", "width", "height"), map(Inches, title), strict=True)
    for place, value in places:
        setattr(master.placeholders[0], place, value)
    for layout in deck.slide_layouts:
        for holder in layout.placeholders:
            if holder.placeholder_format.type == 15 and wide > 10:  # the foot, in the middle
                holder.left = Inches(5)
    return deck


def _band(deck: Any, tall: float, colour: Any, top: float = 0) -> Any:
    """Put a band across every slide, behind its title."""
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    shape = slide.shapes.add_shape(1, 0, Inches(top), deck.slide_width, Inches(tall))
    shape.fill.solid()
    if isinstance(colour, str):
        shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    else:
        shape.fill.fore_color.theme_color = colour
    shape.line.fill.background()
    deck.slide_master.shapes._spTree.insert(2, shape._element)
    return shape


def _logo(deck: Any, left: float, top: float, side: float = 1.0) -> None:
    """Put a round logo on the master."""
    stream = io.BytesIO()
    Image.new("RGB", (80, 80), "#118833").save(stream, "PNG")
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    shape = slide.shapes.add_picture(stream, Inches(left), Inches(top), Inches(side))
    shape.name = "Logo"
    master, blip = deck.slide_master, shape._element.blipFill.blip
    blip.rEmbed = master.part.relate_to(slide.part.related_part(blip.rEmbed), RT.IMAGE)
    master.shapes._spTree.append(shape._element)


def _title_style(deck: Any) -> Any:
    return deck.slide_master.element.xpath("p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr")[0]


def light(folder: Path) -> Path:
    """16:9, nearly white, an orange title that cannot be read, a bar at the left and a logo."""
    deck = _begin(
        13.333,
        (1.0, 0.3, 10.5, 1.2),
        ("Georgia", "Calibri"),
        dk1="222222",
        lt1="FDFBF5",
        accent1="F79646",
    )
    style = _title_style(deck)
    style.xpath("a:solidFill/a:schemeClr")[0].set("val", "accent1")
    bar = _band(deck, 7.5, "00695C")
    bar.width = Inches(0.5)
    _logo(deck, 12.1, 0.3)
    return _saved(deck, folder / "light.pptx")


def dark(folder: Path) -> Path:
    """16:9, white on dark blue, by the master's own names for the theme's colours."""
    deck = _begin(
        13.333,
        (0.6, 0.4, 12.1, 1.1),
        ("Verdana", "Verdana"),
        dk1="0B1F3A",
        dk2="123B66",
        lt2="DCE6F2",
        accent6="2F4F6F",
    )
    names = deck.slide_master.element.find("{*}clrMap")
    for name, slot in {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}.items():
        names.set(name, slot)
    return _saved(deck, folder / "dark.pptx")


def narrow(folder: Path) -> Path:
    """4:3, a round logo within the title's place."""
    deck = _begin(10, (0.5, 0.3, 9.0, 1.25), ("Times New Roman", "Times New Roman"))
    _logo(deck, 8.5, 0.2, 1.2)
    return _saved(deck, folder / "narrow.pptx")


def banded(folder: Path) -> Path:
    """16:9, a title in white on a coloured band a quarter of the page tall, another at the foot."""
    deck = _begin(
        13.333, (0.7, 0.2, 11.9, 1.5), ("Trebuchet MS", "Trebuchet MS"), accent1="7A0019"
    )
    _band(deck, 1.9, MSO_THEME_COLOR.ACCENT_1)
    _band(deck, 0.5, "333333", top=7.0)
    style = _title_style(deck)
    style.xpath("a:solidFill/a:schemeClr")[0].set("val", "bg1")
    style.set("cap", "all")
    return _saved(deck, folder / "banded.pptx")


def exotic(folder: Path) -> Path:
    """A ``.potx``, 16:9: fonts that few machines have, a picture behind all, a title at the foot."""
    deck = _begin(
        13.333,
        (0.8, 5.9, 11.7, 0.9),
        ("Papyrus", "Brush Script MT"),
        dk1="2B1B0E",
        accent2="8B4513",
    )
    stream = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").point(lambda v: 205 + v // 6).save(stream, "PNG")
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    part, key = slide.part.get_or_add_image_part(stream)
    key = deck.slide_master.part.relate_to(part, RT.IMAGE)
    fill = deck.slide_master.background.fill
    fill.solid()
    properties = deck.slide_master.element.cSld.find("{*}bg/{*}bgPr")
    from lxml import etree

    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    properties.replace(
        properties[0],
        etree.fromstring(
            f'<a:blipFill xmlns:a="{a}" xmlns:r="{r}"><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>'
        ),
    )
    path = _saved(deck, folder / "exotic.potx")
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    kind = b"presentationml.presentation.main"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        kind, b"presentationml.template.main"
    )
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def _saved(deck: Any, path: Path) -> Path:
    for number in range(len(deck.slides) - 1, -1, -1):
        entry = deck.slides._sldIdLst[number]
        deck.part.drop_rel(entry.rId)
        deck.slides._sldIdLst.remove(entry)
    deck.save(path)
    return path


HOUSES = {made.__name__: made for made in (light, dark, narrow, banded, exotic)}
