"""Which container a file is, by its bytes: a workbook of some format, text, or nothing of ours.

Nothing here looks at a file's extension to decide what it is. Extensions are typed by
people; the first bytes are written by the program that made the file.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.spreadsheets.grid import Grid
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.refusals import (
    damaged,
    declarations,
    noted,
    refusal,
    wrong_type,
)
from delivery_analytics.spreadsheets.snapshot import OLE_MAGIC, ZIP_MAGIC, Snapshot
from delivery_analytics.spreadsheets.zip_archive import Archive, open_archive, relations

_TYPES = declarations("file_types.toml")
# A web page under a spreadsheet's name, after blanks and a byte-order mark in any order.
_MARKUP = re.compile(
    rb"[\s\xef\xbb\xbf]*<(\?xml|!doctype|!--|html|head|body|table|meta|style|script|div)\b",
    re.IGNORECASE,
)
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Bytes no text file holds, apart from the NUL, which UTF-16 is full of.
_BINARY = bytes(set(range(1, 32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MACRO_PARTS = ("basic/", "scripts/", "xl/macrosheets/")
_WORKBOOK = re.compile(rb"<(?:[\w.-]+:)?workbook\b")

Contents = tuple[list[Grid], list[Problem]]  # what a format's `read` returns


@dataclass
class Container:
    """A file of which it is known what to read it as.

    Attributes
    ----------
    format
        xlsx, xlsm (an xlsx with macros), xls, xlsb, ods or csv.
    archive, main
        The unpacked parts, for the formats that are zips, and the name of the part that
        lists the sheets.
    remarks
        What is to be said of macros and of links to other programs.
    encoding
        The codec that a definition gives a text file; empty where it must be told.
    """

    format: str
    file: str
    data: bytes
    archive: Archive = field(default_factory=Archive)
    main: str = ""
    remarks: list[Problem] = field(default_factory=list)
    encoding: str = ""

    def bytes_for_values(self) -> bytes:
        """Return the workbook as the reader of values must see it, and let its parts go."""
        data = self.archive.rebuilt() if self.archive.altered else self.data
        self.archive.parts.clear()  # the largest thing in memory, and read
        return data


def identify(snapshot: Snapshot, *, limits: ReadingLimits) -> Container:
    """Say what a file is, and unpack it if it is a zip.

    Raises
    ------
    SourceError
        ``container.wrong_type``, ``container.encrypted``, ``container.corrupt``, and what
        `zip_archive.open_archive` raises.
    """
    kind = sniff(snapshot.data)
    if kind == "text":
        return Container("csv", snapshot.file, snapshot.data)
    if kind == "ole":
        return _identify_ole(snapshot)
    if kind == "zip":
        return _identify_zip(snapshot, limits=limits)
    raise wrong_type(kind)


def sniff(data: bytes) -> str:
    """Return what the bytes are: ``zip``, ``ole``, ``text``, or a wrong type's name.

    A wrong type is any other answer, worded to follow "This is".
    """
    if data.startswith(ZIP_MAGIC):
        return "zip"
    if data.startswith(OLE_MAGIC):
        return "ole"
    binary = _TYPES["beginnings_of_binary"] if b"\0" in data[:4096] else {}
    for beginning, what in (_TYPES["beginnings"] | binary).items():
        if data.startswith(beginning.encode("latin-1")):
            return str(what)
    wide = data.startswith(_UTF16_BOMS)
    # Of UTF-16, the plain letters without their zeros.
    start = data[2:4096].replace(b"\0", b"") if wide else data[:4096]
    if _MARKUP.match(start):
        return _markup(data)
    if wide:
        return "text"
    head = data[: 1 << 16]
    odd = len(head) - len(head.translate(None, _BINARY))
    # UTF-32 is three quarters zeros at most; a file of nothing else is a hole on the disk.
    binary = odd * 50 > len(head) or head.count(0) * 4 > len(head) * 3
    return "a binary file of an unknown kind" if binary else "text"


def _markup(data: bytes) -> str:
    head = data[: 1 << 16].replace(b"\0", b"").lower()
    if _SPREADSHEETML in head:
        return "an XML spreadsheet of 2003"
    if re.search(rb"<(html|table|body|head|meta)\b", head):
        return "a web page"
    return "an XML document"


def _identify_ole(snapshot: Snapshot) -> Container:
    kind = ole_kind(snapshot.data)
    if kind == "encrypted":
        raise refusal("encrypted")
    if kind == "damaged":
        raise damaged("its list of contents is missing; it may have been cut short")
    if kind != "xls":
        raise wrong_type(kind)
    macros = _directory_entry("_VBA_PROJECT") in snapshot.data
    return Container("xls", snapshot.file, snapshot.data, remarks=_remarks(macros=macros))


def ole_kind(data: bytes) -> str:
    """Return ``xls``, ``encrypted``, ``damaged``, or a wrong type's name.

    An old Office file names its streams in entries of 128 bytes. The first entry that
    tells decides, since a workbook may hold a document and a document a workbook.
    """
    streams = _TYPES["streams"].items()
    places = [(data.find(_directory_entry(stream)), kind) for stream, kind in streams]
    return min((entry for entry in places if entry[0] >= 0), default=(0, "damaged"))[1]


def _directory_entry(stream: str) -> bytes:
    # 64 bytes of UTF-16 for the name, then its length with the closing zero.
    name = stream.encode("utf-16-le")
    return name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little")


def _identify_zip(snapshot: Snapshot, *, limits: ReadingLimits) -> Container:
    archive = open_archive(snapshot.data, limits=limits)
    names = {name.casefold() for name in archive.names}
    macros = any(n.endswith("vbaproject.bin") or n.startswith(_MACRO_PARTS) for n in names)
    main = main_part(archive) or ""
    if _is_ods(archive):
        format_ = "ods"
    elif not main:
        raise _no_workbook(names)
    elif main.lower().endswith(".bin"):
        format_ = "xlsb"
    else:
        format_ = "xlsm" if macros else "xlsx"
    linked = any(
        "externallinks/" in name.casefold() and b"ddeLink" in part
        for name, part in archive.parts.items()
    )
    remarks = _remarks(macros=macros, linked=linked)
    return Container(format_, snapshot.file, snapshot.data, archive, main, remarks)


def main_part(archive: Archive) -> str | None:
    """Return the name of the Excel workbook's main part, or None when there is none."""
    named = [
        relation["Target"]
        for relation in relations(archive, "").values()
        if relation["Type"] == "officeDocument"
    ]
    for name in (*named, "xl/workbook.xml", "xl/workbook.bin"):
        part = archive.find(name)
        if part and (part.lower().endswith(".bin") or _WORKBOOK.search(archive.parts[part])):
            return part
    return None


def _is_ods(archive: Archive) -> bool:
    kind = archive.parts.get("mimetype", b"")
    content = archive.parts.get("content.xml", b"")
    return kind.startswith(_ODS) or (not kind and b"<office:spreadsheet" in content)


def _no_workbook(names: set[str]) -> SourceError:
    for start, what in _TYPES["zips"].items():
        if any(name.startswith(start) for name in names):
            return wrong_type(what)
    if any(name.startswith("xl/") for name in names):
        return damaged("the list of its sheets is missing")
    return wrong_type("a zip archive")


def _remarks(**met: bool) -> list[Problem]:
    return [noted(case) for case, is_met in met.items() if is_met]


def extension_remark(file: str, format_: str) -> list[Problem]:
    """Return a warning when the name promises another format than the bytes hold."""
    extension = Path(file).suffix.lower()
    if extension in _TYPES["extensions"][format_]:
        return []
    ending = extension or "no extension"
    return [noted("other_ending", ending=ending, format=format_)]
