"""What openpyxl drops or rewrites of a workbook, put back as its sender had it.

Charts, pictures and shapes are parts of a file that its sheets refer to: they are taken over
as they are. What is written otherwise than the rules of Open XML ask is put right.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import OpcPackage, Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_S = f"{{{_MAIN}}}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BEHIND_DRAWING = ("legacyDrawing", "legacyDrawingHF", "tableParts", "extLst")
_FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset"


def put_back(written: bytes, sent: bytes) -> bytes:
    """Return the workbook `written`, a copy of `sent`, with the drawings of its sheets.

    A drawing that leads outside of the file is left out: whoever opened the copy would
    follow it. Where the file can be read by its cells alone, drawings stay as they are written.
    """
    ours, drawings = OpcPackage.open(io.BytesIO(written)), {}
    with suppress(Exception):  # a damaged file raises whatever its parts raise
        theirs = OpcPackage.open(io.BytesIO(sent))
        drawings = {name: _drawing(sheet) for name, sheet in _sheets(theirs)}
    texts: dict[bytes, int] = {}
    for name, sheet in _sheets(ours):
        root, drawing = parse_xml(sheet.blob), drawings.get(name)
        for one in root.findall(f"{_S}drawing") if name in drawings else ():
            sheet.rels.pop(one.get(_ID))
            root.remove(one)
        if drawing and _stays_inside(drawing, set()):
            relation = sheet.relate_to(drawing, RELATIONSHIP_TYPE.DRAWING)
            behind = [n for n, one in enumerate(root) if _name(one) in _BEHIND_DRAWING]
            one = etree.Element(f"{_S}drawing", {_ID: relation})
            root.insert(min(behind, default=len(root)), one)
        for cell in root.iterfind(f".//{_S}c[@t='inlineStr']"):
            del cell.attrib["t"]
            for said in list(cell):  # none where the text is empty
                item = etree.tostring(said).replace(b"<is", b"<si", 1)
                number = texts.setdefault(item.replace(b"</is>", b"</si>"), len(texts))
                cell.set("t", "s")
                etree.SubElement(cell, f"{_S}v").text = str(number)
                cell.remove(said)
        sheet.blob = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    _add_texts(ours, list(texts))
    _sort_fonts(ours.main_document_part.part_related_by(RELATIONSHIP_TYPE.STYLES))
    stream = io.BytesIO()
    ours.save(stream)
    return stream.getvalue()


def _sheets(package: Any) -> Iterator[tuple[str, Any]]:
    """Yield each sheet's name and part."""
    book = package.main_document_part
    for one in parse_xml(book.blob).iter(f"{_S}sheet"):
        yield one.get("name", ""), book.related_part(one.get(_ID))


def _drawing(sheet: Any) -> Any:
    kinds = {one.reltype: one for one in sheet.rels.values() if not one.is_external}
    found = kinds.get(RELATIONSHIP_TYPE.DRAWING)
    return found.target_part if found else None


def _stays_inside(part: Any, seen: set[Any]) -> bool:
    """Say whether nothing that a part refers to, near or far, lies outside of its file."""
    seen.add(part)
    return not any(one.is_external for one in part.rels.values()) and all(
        one.target_part in seen or _stays_inside(one.target_part, seen)
        for one in part.rels.values()
    )


def _add_texts(package: Any, items: list[bytes]) -> None:
    """Add the texts that cells show by number: Excel moves those in cells there anyway."""
    blob = b'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="%s">' % _MAIN.encode()
    blob += b"".join(items) + b"</sst>"
    place = PackURI("/xl/sharedStrings.xml")
    part = Part(place, CONTENT_TYPE.SML_SHARED_STRINGS, package, blob)
    package.main_document_part.relate_to(part, RELATIONSHIP_TYPE.SHARED_STRINGS)


def _sort_fonts(styles: Any) -> None:
    root, order = parse_xml(styles.blob), [*_FONT.split(), "scheme"]
    for font in root.iter(f"{_S}font"):
        font[:] = sorted(font, key=lambda one: order.index(_name(one)))
    styles.blob = etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)
