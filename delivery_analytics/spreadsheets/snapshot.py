"""Take a file in without trusting it: one snapshot of its bytes, from a file that is one."""

import contextlib
import gc
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from delivery_analytics.errors import SourceError
from delivery_analytics.spreadsheets.limits import MEBIBYTE, STANDARD, ReadingLimits
from delivery_analytics.spreadsheets.refusals import located, refusal

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Snapshot:
    """A file's bytes as they were at one moment. Everything later reads these."""

    path: Path
    file: str
    data: bytes
    sha256: str


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
    path: str | Path, *, name: str | None = None, limits: ReadingLimits = STANDARD
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
    try:
        if is_lock_file(path.name) or is_lock_file(file):
            raise refusal("lock_file")
        data = _read(path, limits=limits)
    except SourceError as error:
        raise located(error, file=file) from None
    return Snapshot(path, file, data, hashlib.sha256(data).hexdigest())


def is_lock_file(name: str) -> bool:
    """Say whether `name` is an owner file of Excel or a lock file of LibreOffice."""
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def _read(path: Path, *, limits: ReadingLimits) -> bytes:
    if path.is_symlink():
        raise refusal("not_a_file")
    try:
        with open(path, "rb", opener=_open_unfollowed) as handle:
            return _whole(handle, limits=limits)
    except (OSError, ValueError) as error:
        if path.is_dir():  # which some systems will not even open
            raise refusal("not_a_file") from None
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise refusal("unreadable", reason=reason) from None


def _open_unfollowed(path: str, flags: int) -> int:
    # Not through a link put in place since we looked, and without waiting at a pipe.
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    return os.open(path, flags)


def _whole(handle: BufferedReader, *, limits: ReadingLimits) -> bytes:
    before = os.fstat(handle.fileno())
    if not stat.S_ISREG(before.st_mode):
        raise refusal("not_a_file")
    _check_size(before.st_size, handle.peek(8), limits=limits)
    # One byte more than there should be, to notice a file that grows.
    data = handle.read(before.st_size + 1)
    after = os.fstat(handle.fileno())
    unchanged = before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns
    if not unchanged or len(data) != before.st_size:
        raise refusal("changing")
    if not data:
        raise refusal("empty")
    return data


def _check_size(size: int, start: bytes, *, limits: ReadingLimits) -> None:
    packed = start.startswith((*ZIP_MAGIC, OLE_MAGIC))
    most = limits.file_bytes if packed else limits.text_bytes
    if size > most:
        raise refusal("too_large", size=size / MEBIBYTE, most=most // MEBIBYTE)
