"""The zip inside every modern spreadsheet, opened with bounds and checked to the last byte.

Declared sizes are checked before anything is unpacked, actual sizes and checksums while
unpacking, and no part of the XML may define entities.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import MEBIBYTE, ReadingLimits
from delivery_analytics.spreadsheets.refusals import refusal

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b")
_NOT_MARKUP = re.compile(rb"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_KNOWN_ENCODING = re.compile(
    r"utf-?8|(us-)?ascii|utf-?16(-?[lb]e)?|iso-8859-\d+|(windows-|cp)125\d|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5|shift_jis|euc-(jp|kr)"
)
_TEXT_PARTS = (".xml", ".rels")

Attributes = dict[str, str]


@dataclass
class Archive:
    """The checked members of one zip.

    Attributes
    ----------
    parts
        Unpacked bytes by member name. XML is UTF-8 whatever it was before. Members
        that nobody reads (pictures, printer settings) are checked, and left out.
    names
        Every member's name.
    altered
        Something was repaired on the way in, so a reader of the original bytes would
        not see what we see. Hand it `rebuilt` instead.
    """

    parts: dict[str, bytes] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    altered: bool = False

    def find(self, name: str) -> str | None:
        """Return the member called `name`, whatever its case, or None."""
        if name in self.parts:
            return name
        folded = name.casefold()
        return next((part for part in self.parts if part.casefold() == folded), None)

    def rebuilt(self) -> bytes:
        """Return a plain zip of the checked parts and nothing else."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
            for name, data in self.parts.items():
                bundle.writestr(name, data)
        return target.getvalue()


def open_archive(data: bytes, *, limits: ReadingLimits) -> Archive:
    """Unpack and check a zip.

    Raises
    ------
    SourceError
        ``container.corrupt`` for damage or trickery, ``container.encrypted``,
        ``security.expanded_size`` for bombs, ``security.xml_dtd``.
    """
    archive = Archive()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            _check_listing(bundle.infolist(), limits=limits)
            for info in bundle.infolist():
                _take_member(archive, bundle, info)
    except SourceError:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for a damaged archive
        raise refusal("damaged_zip", reason=error or type(error).__name__) from None
    return archive


def _check_listing(members: list[zipfile.ZipInfo], *, limits: ReadingLimits) -> None:
    if len(members) > limits.members:
        raise _too_large(f"{len(members)} parts", f"{limits.members}")
    seen: set[str] = set()
    for info in members:
        name = info.filename.replace("\\", "/")
        # Two readers might each take another of the two.
        if name.casefold() in seen:
            raise refusal("damaged_zip", reason=f"two parts are called {name!r}")
        seen.add(name.casefold())
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise refusal("damaged_zip", reason=f"a part is called {name!r}, outside the file")
        if info.flag_bits & 0x1:
            raise refusal("encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            reason = f"{name!r} is packed in a way spreadsheets do not use"
            raise refusal("damaged_zip", reason=reason)
        _check_expansion(name, info, limits=limits)
    total = sum(info.file_size for info in members)
    if total > limits.unpacked_bytes:
        raise _too_large(f"{total / MEBIBYTE:.0f} MiB in all", _mib(limits.unpacked_bytes))


def _check_expansion(name: str, info: zipfile.ZipInfo, *, limits: ReadingLimits) -> None:
    if info.file_size > limits.part_bytes:
        size = f"{info.file_size / MEBIBYTE:.0f} MiB"
        raise _too_large(f"{size} in {name}", _mib(limits.part_bytes))
    packed = max(info.compress_size, 1)
    if info.file_size > MEBIBYTE and info.file_size > limits.ratio * packed:
        times = info.file_size // packed
        raise _too_large(f"{times} times its packed size in {name}", f"{limits.ratio} times")


def _mib(size: int) -> str:
    return f"{size // MEBIBYTE} MiB"


def _too_large(found: str, most: str) -> SourceError:
    return refusal("unpacked_too_large", found=found, most=most)


def _take_member(archive: Archive, bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    # Asked for a size, the handle unpacks no more than that, and then tests the checksum.
    # Asked for everything, it would unpack a lying part whole before cutting it.
    with bundle.open(info) as handle:
        data = handle.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise refusal("damaged_zip", reason=f"{info.filename!r} is shorter than it says")
    name = info.filename.replace("\\", "/")
    archive.names.add(name)
    if name.endswith("/"):
        return
    if name.lower().endswith(_TEXT_PARTS):
        text = as_utf8(data, name=name)
        check_dtd(text, name=name)
        archive.altered |= text is not data
        data = text
    elif not (name.lower().endswith(".bin") or name == "mimetype"):
        return
    archive.altered |= name != info.filename
    archive.parts[name] = data


def as_utf8(data: bytes, *, name: str) -> bytes:
    """Return XML as UTF-8, unchanged (the same object) when it already is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:2] in (b"<\0", b"\0<"):
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode().lower() if declared else "utf-8"
    if not _KNOWN_ENCODING.fullmatch(encoding):
        raise refusal("damaged_zip", reason=f"{name!r} is written in {encoding!r}")
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
        return data
    text = data.decode(encoding)
    return re.sub(r"^\ufeff?\s*<\?xml.*?\?>", "", text, count=1).encode()


def check_dtd(data: bytes, *, name: str) -> None:
    """Turn away XML that defines entities: they can multiply, or fetch other files."""
    if _holds_remarks(data) and _DTD.search(data) and _DTD.search(without_remarks(data)):
        raise refusal("entities", name=name)


def without_remarks(data: bytes) -> bytes:
    """Return XML without comments and instructions, and with CDATA as escaped text."""
    first = data.find(b"?>") + 2
    instructions = data.find(b"?", first) >= 0 and data.find(b"<?", first) >= 0
    if not instructions and not _holds_remarks(data):
        return data
    return _NOT_MARKUP.sub(lambda match: _escape(match[1] or b""), data)


def _holds_remarks(data: bytes) -> bool:
    # Most sheets hold no exclamation mark at all, and one byte is found much faster.
    return b"!" in data and b"<!" in data


def _escape(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def elements(xml: bytes, *, name: str) -> Iterator[tuple[str, str, Attributes]]:
    """Yield each element of a small part as (parent, element, attributes).

    Prefixes are dropped: writers choose them freely, and the names inside one part of a
    workbook do not clash.

    Raises
    ------
    SourceError
        ``container.corrupt`` when the XML is not well formed.
    """
    listed: list[tuple[str, str, Attributes]] = []
    stack = [""]

    def start(tag: str, attributes: Attributes) -> None:
        local = tag.rpartition(":")[2]
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        listed.append((stack[-1], local, plain))
        stack.append(local)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise refusal("damaged_zip", reason=f"{name}: {error}") from None
    yield from listed


def relations(archive: Archive, part: str) -> dict[str, Attributes]:
    """Return what `part` refers to, by relationship id.

    Each has its ``Type``'s last word, and its ``Target`` as a member name, or as it
    stands when its ``TargetMode`` is ``External``.
    """
    folder, base = posixpath.split(part)
    listing = archive.find(f"{folder}/_rels/{base}.rels".lstrip("/"))
    if listing is None:
        return {}
    related_parts = {}
    for _, tag, attributes in elements(archive.parts[listing], name=listing):
        if tag == "Relationship" and "Id" in attributes:
            target = attributes.get("Target", "").replace("\\", "/")
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            related_parts[attributes["Id"]] = {**attributes, "Type": kind, "Target": target}
    return related_parts


def related(archive: Archive, part: str, kind: str) -> str | None:
    """Return the name of the member that `part` refers to as a relation of one `kind`."""
    for relation in relations(archive, part).values():
        if relation["Type"] == kind and relation.get("TargetMode") != "External":
            return archive.find(relation["Target"])
    return None
