"""What an Excel workbook says about its sheets, styles and shared texts (.xlsx, .xlsm)."""

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.raised_runs import with_raised_runs
from delivery_analytics.spreadsheets.refusals import damaged_sheet, refusal
from delivery_analytics.spreadsheets.zip_archive import (
    Archive,
    Attributes,
    elements,
    related,
    relations,
    without_remarks,
)

_OTHER_SHEETS = {"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}
BUILT_IN = {9: "percent", 10: "percent", 17: "month"}  # number formats without a text
# What a number format shows literally: quoted text, escaped and padded characters.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_CHARACTER = re.compile(r"&#(x[0-9A-Fa-f]+|[0-9]+);")
_PREFIX = re.compile(rb"<(?:[\w.-]+:)?(?:worksheet|sst)\b")
_TEXT = re.compile(rb"<t(?:\s[^<>]*)?(?:/>|>(.*?)</t\s*>)", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh\s*>", re.DOTALL)
_PLAIN_ITEM = re.compile(
    rb"\s*<si><t(?: xml:space=\"preserve\")?>[^<\s&_][^<]*</t>\s*", re.DOTALL
)
_ITEM = re.compile(rb"<si\s*/>|<si(?:\s[^<>]*)?>(.*?)</si\s*>", re.DOTALL)


@dataclass(frozen=True)
class SheetPart:
    """One worksheet as the workbook lists it. `part` is empty for other kinds of sheet."""

    name: str
    part: str


@dataclass(frozen=True)
class SharedTexts:
    """The workbook's shared texts: how many, and which of them show nothing.

    `blank` are the numbers of those that a reader may hand over as an empty cell.
    """

    count: int = 0
    blank: frozenset[int] = frozenset()
    xml: bytes = field(default=b"", repr=False)

    def text(self, number: int) -> str:
        """Return one shared text. Slow: for the few cells read without a reader."""
        for place, match in enumerate(_ITEM.finditer(self.xml)):
            if place == number:
                return item_text(match[1] or b"")
        return ""


def list_sheets(archive: Archive, main: str, *, limits: ReadingLimits) -> list[SheetPart]:
    """Return the sheets in order, each traced to a part that is inside the file.

    Raises
    ------
    SourceError
        ``container.corrupt`` when a sheet is missing or lies outside the file.
    """
    targets = relations(archive, main)
    listed = [
        attributes
        for parent, tag, attributes in elements(archive.parts[main], name=main)
        if (parent, tag) == ("sheets", "sheet")
    ]
    if not listed:
        raise damaged_sheet("the workbook lists no sheets")
    if len(listed) > limits.sheets:
        raise refusal("many_sheets", n=len(listed), most=limits.sheets)
    return [_sheet_part(archive, attributes, targets) for attributes in listed]


def _sheet_part(
    archive: Archive, listed: Attributes, targets: dict[str, Attributes]
) -> SheetPart:
    name = listed.get("name", "")
    relation = targets.get(listed.get("id", ""))
    if relation is None:
        raise damaged_sheet("it is listed, but the file does not say where it is", sheet=name)
    if relation.get("TargetMode") == "External":
        raise damaged_sheet("it lies outside the file", sheet=name)
    part = archive.find(relation["Target"])
    if part is None:
        raise damaged_sheet(f"{relation['Target']} is missing from the file", sheet=name)
    worksheet = relation["Type"] not in _OTHER_SHEETS
    return SheetPart(name, part if worksheet else "")


def shown_styles(archive: Archive, main: str) -> dict[int, str]:
    """Return what the cell styles show that show something special, by their number."""
    part = related(archive, main, "styles")
    if part is None:
        return {}
    formats = dict(BUILT_IN)
    styles: list[int] = []
    for parent, tag, attributes in elements(archive.parts[part], name=part):
        if tag == "numFmt" and parent == "numFmts":
            kind = shown_by(attributes.get("formatCode", ""))
            formats[_int(attributes.get("numFmtId"))] = kind
        elif tag == "xf" and parent == "cellXfs":
            styles.append(_int(attributes.get("numFmtId")))
    shown = ((place, formats.get(number, "")) for place, number in enumerate(styles))
    return {place: kind for place, kind in shown if kind}


def shown_by(number_format: str) -> str:
    """Return what a number format shows: ``percent``, or of a day ``year`` or ``month``."""
    plain = _LITERAL.sub("", number_format).lower().partition(";")[0]
    if "%" in plain:
        return "percent"
    letters = set(plain) & set("ymdhs")
    return {"y": "year", "my": "month"}.get("".join(sorted(letters)), "")


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1


def shared_texts(archive: Archive, main: str) -> SharedTexts:
    """Return the shared texts, counted and with the empty ones noted.

    Raised runs are written in raised characters, in the archive as well.
    """
    part = related(archive, main, "sharedStrings")
    if part is None:
        return SharedTexts()
    sent = plain_xml(archive.parts[part])
    xml = with_raised_runs(sent)
    if xml is not sent:
        archive.parts[part], archive.altered = xml, True
    blank: set[int] = set()
    count = 0
    pieces = xml.split(b"</si>")
    for piece in pieces[:-1]:
        if _PLAIN_ITEM.fullmatch(piece):
            count += 1
            continue
        for match in _ITEM.finditer(piece + b"</si>"):
            if not item_text(match[1] or b"").strip():
                blank.add(count)
            count += 1
    for _ in _ITEM.finditer(pieces[-1]):
        blank.add(count)
        count += 1
    return SharedTexts(count, frozenset(blank), xml)


def plain_xml(data: bytes) -> bytes:
    """Return a part's XML as the one dialect the scans expect.

    Comments go, CDATA becomes text, and the prefix that some writers put before every
    element is dropped.
    """
    xml = without_remarks(data)
    root = _PREFIX.search(xml)
    prefix = root[0][1:].rpartition(b":")[0] if root else b""
    if prefix:
        xml = re.sub(rb"(</?)" + re.escape(prefix) + rb":", rb"\1", xml)
    return xml


def item_text(xml: bytes) -> str:
    """Return what an ``<si>`` or ``<is>`` shows, without its phonetic guide."""
    if b"<rPh" in xml:
        xml = _PHONETIC.sub(b"", xml)
    return "".join(plain_text(match[1] or b"") for match in _TEXT.finditer(xml))


def plain_text(xml: bytes) -> str:
    """Return escaped XML text as the characters it stands for."""
    text = xml.decode("utf-8", "replace")
    if "&" not in text:
        return text
    text = _CHARACTER.sub(lambda match: _character(match[1]), text)
    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def _character(code: str) -> str:
    number = int(code[1:], 16) if code.startswith("x") else int(code[:9])
    return chr(number) if number < 0x110000 else "\ufffd"
