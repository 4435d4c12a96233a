"""Take a file in without trusting it: one snapshot of its bytes, and what they truly are.

Nothing here looks at a file's extension to decide what it is. Extensions are typed by
people; the first bytes are written by the program that made the file.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from delivery_analytics.errors import Problem, Severity, SourceError

MEBIBYTE = 1 << 20

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Extensions a sender may rightly give each format. Macro books are read as plain ones.
EXTENSIONS = {
    "xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "xlsm": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "xlsb": {".xlsb"},
    "xls": {".xls", ".xlt"},
    "ods": {".ods", ".ots"},
    "csv": {".csv", ".tsv", ".txt", ".tab", ".psv", ".ssv"},
}

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"MIME-Version:", "a web page saved as one file (MHTML)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
# Short words that a heading could begin with: believed only where zero bytes follow.
_BINARY_MAGIC = (
    (b"MOXCEL", "a table of 1C (.mxl)"),
    (b"GIF8", "a picture (GIF)"),
    (b"Rar!", "a RAR archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"PAR1", "a Parquet table"),
)
_MARKUP = re.compile(
    rb"[\s\xef\xbb\xbf]*<(\?xml|!doctype|!--|html|head|body|table|meta|style|script|div)\b",
    re.IGNORECASE,
)
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "a Word document (.doc)"),
    ("PowerPoint Document", "a PowerPoint presentation (.ppt)"),
    ("__properties_version1.0", "an Outlook message (.msg)"),
)
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Bytes no text file holds, apart from the NUL, which UTF-16 is full of.
_BINARY = bytes(set(range(1, 32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})


@dataclass(frozen=True)
class Limits:
    """How much one file may cost us before it is turned away.

    Generous for anything a person fills in, small for anything made to exhaust us.
    Bytes are of memory unless said otherwise.
    """

    file_bytes: int = 64 * MEBIBYTE  # on disk, workbooks
    text_bytes: int = 512 * MEBIBYTE  # on disk, csv
    part_bytes: int = 128 * MEBIBYTE  # one member of a zip, unpacked
    unpacked_bytes: int = 256 * MEBIBYTE  # all members together
    ratio: int = 200  # unpacked : packed, for members over 1 MiB
    members: int = 4_000
    sheets: int = 1_000
    columns: int = 500  # beyond this a cell is astray; the loader judges full columns
    cells: int = 6_000_000  # with a value, in one sheet
    text_cells: int = 16_000_000  # in a csv
    sparse_area: int = 1_000_000  # a grid this small is built however empty it is
    sparse_share: int = 20  # cells of grid per cell with a value, above that area
    blank_rows: int = 1_000  # more than so many blank rows end the table
    stray_cells: int = 1_000  # no more than so many cells below them are astray
    memory_bytes: int = 2_048 * MEBIBYTE  # address space of the reading process
    seconds: float = 20.0  # for one file


@dataclass(frozen=True)
class Snapshot:
    """A file's bytes as they were at one moment. Everything later reads these."""

    path: Path
    file: str
    data: bytes
    sha256: str


def rejection(
    code: str, message: str, *, file: str = "", sheet: str = "", cell: str = "", value: str = ""
) -> SourceError:
    """Return the error that turns a whole file away for one reason."""
    return SourceError([Problem(code, message, file, sheet, cell, value)])


def remark(
    code: str, message: str, *, sheet: str = "", cell: str = "", severity: Severity = "warning"
) -> Problem:
    """Return a problem that sets nothing aside. `named` adds the file."""
    return Problem(code, message, sheet=sheet, cell=cell, severity=severity)


def named(error: SourceError, file: str) -> SourceError:
    """Return `error` with `file` on every problem that does not name one yet."""
    return SourceError([p if p.file else replace(p, file=file) for p in error.problems])


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python from looking through a million new lists, again and again, for cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def take_snapshot(
    path: str | Path, *, name: str | None = None, limits: Limits | None = None
) -> Snapshot:
    """Read a file once, whole, and fingerprint what was read.

    Only regular files are opened: a pipe would hang us, and a link could point anywhere.

    Raises
    ------
    SourceError
        ``intake.lock_file``, ``intake.not_a_file``, ``intake.unreadable``,
        ``intake.changing``, ``container.empty`` or ``security.file_size``.
    """
    path = Path(path)
    # A name may hold bytes that are no text; it must not spoil the tables it ends up in.
    file = (name or path.name).encode("utf-8", "backslashreplace").decode()
    limits = limits or Limits()
    if is_lock_file(path.name) or is_lock_file(file):
        raise rejection(
            "intake.lock_file",
            "This is the lock file a program leaves beside a spreadsheet that is open. "
            "It holds no data. Close the spreadsheet; nothing needs to be sent again.",
            file=file,
        )
    data = _read(path, file=file, limits=limits)
    if not data:
        raise rejection(
            "container.empty",
            "The file is empty (0 bytes). Expected a spreadsheet. Send it again.",
            file=file,
        )
    return Snapshot(path, file, data, hashlib.sha256(data).hexdigest())


def is_lock_file(name: str) -> bool:
    """Say whether `name` is an owner file of Excel or a lock file of LibreOffice."""
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def _read(path: Path, *, file: str, limits: Limits) -> bytes:
    if path.is_symlink():
        raise _not_a_file(file)
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        descriptor = os.open(path, flags)
        try:
            return _whole(descriptor, file=file, limits=limits)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        if path.is_dir():  # which some systems will not even open
            raise _not_a_file(file) from None
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise rejection(
            "intake.unreadable",
            f"The file cannot be opened ({reason}). Check that it exists and may be read. "
            "If another program such as Excel has it open, close it there.",
            file=file,
        ) from None


def _whole(descriptor: int, *, file: str, limits: Limits) -> bytes:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise _not_a_file(file)
    with os.fdopen(descriptor, "rb", closefd=False) as handle:
        start = handle.read(8)
        _check_size(before.st_size, start, file=file, limits=limits)
        data = start + handle.read(before.st_size - len(start) + 1)
    after = os.fstat(descriptor)
    unchanged = before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns
    if not unchanged or len(data) != before.st_size:
        raise rejection(
            "intake.changing",
            "The file changed while it was read. Load it again once it is fully copied.",
            file=file,
        )
    return data


def _not_a_file(file: str) -> SourceError:
    return rejection(
        "intake.not_a_file",
        "This is a folder, a link or a device. Expected the spreadsheet file itself.",
        file=file,
    )


def _check_size(size: int, start: bytes, *, file: str, limits: Limits) -> None:
    packed = start.startswith((*ZIP_MAGIC, OLE_MAGIC))
    most = limits.file_bytes if packed else limits.text_bytes
    if size > most:
        raise rejection(
            "security.file_size",
            f"The file has {size / MEBIBYTE:.0f} MiB. Expected at most "
            f"{most // MEBIBYTE} MiB. Remove pictures and unused sheets, or split it.",
            file=file,
        )


def sniff(data: bytes) -> str:
    """Return what the bytes are: ``zip``, ``ole``, ``text``, or a wrong type's name.

    A wrong type is any other answer, worded to follow "This is".
    """
    if data.startswith(ZIP_MAGIC):
        return "zip"
    if data.startswith(OLE_MAGIC):
        return "ole"
    known = (*_MAGIC, *_BINARY_MAGIC) if b"\0" in data[:4096] else _MAGIC
    for magic, what in known:
        if data.startswith(magic):
            return what
    if _MARKUP.match(data, 0, 4096) or _MARKUP.match(_wide(data)):
        return _markup(data)
    if data.startswith(_UTF16_BOMS):
        return "text"
    head = data[: 1 << 16]
    odd = len(head) - len(head.translate(None, _BINARY))
    return "a binary file of an unknown kind" if odd * 50 > len(head) else "text"


def _wide(data: bytes) -> bytes:
    """Return the start of UTF-16 text as plain bytes, to look for markup in it."""
    return data[2:4096].replace(b"\0", b"") if data.startswith(_UTF16_BOMS) else b""


def _markup(data: bytes) -> str:
    head = data[: 1 << 16].replace(b"\0", b"").lower()
    if _SPREADSHEETML in head:
        return "an XML spreadsheet of 2003"
    if re.search(rb"<(html|table|body|head|meta)\b", head):
        return "a web page"
    return "an XML document"


def wrong_type(what: str) -> SourceError:
    """Return the error for a file that is no spreadsheet, saying what it is instead."""
    remedy = "Send the spreadsheet itself (.xlsx, .xls, .xlsb, .ods or .csv)."
    if what in ("a web page", "an XML spreadsheet of 2003"):
        remedy = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and send that."
    elif what == "a zip archive":
        remedy = "Unpack it and send the spreadsheet inside."
    return rejection("container.wrong_type", f"This is {what}, not a spreadsheet. {remedy}")


def extension_remark(file: str, form: str) -> Problem | None:
    """Return a warning when the name promises another format than the bytes hold."""
    extension = Path(file).suffix.lower()
    if extension in EXTENSIONS[form]:
        return None
    return remark(
        "container.extension_mismatch",
        f"The name ends in {extension or 'no extension'!r} but the file is "
        f"{form}. It was read as {form}. Rename it to end in .{form}.",
    )


def ole_kind(data: bytes) -> str:
    """Return ``xls``, ``encrypted``, ``damaged``, or a wrong type's name.

    An old Office file names its streams in entries of 128 bytes. The first entry that
    tells decides, since a workbook may hold a document and a document a workbook.
    """
    found = [(data.find(_directory_entry(stream)), kind) for stream, kind in _OLE_STREAMS]
    return min((entry for entry in found if entry[0] >= 0), default=(0, "damaged"))[1]


def holds_stream(data: bytes, stream: str) -> bool:
    """Say whether an old Office file lists a stream or folder of this name."""
    return _directory_entry(stream) in data


def _directory_entry(stream: str) -> bytes:
    name = stream.encode("utf-16-le")
    return name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little")
