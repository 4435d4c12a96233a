"""What is filed: an edition appears whole or not at all.

It is built aside, written through to the disk, and moved into place in one step. Whatever
interrupts the work, a reader finds the old editions as they were.
"""

import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DeliveryAnalyticsError, StorageError
from delivery_analytics.model.files import sync, write_whole
from delivery_analytics.publishing import editions as filed
from delivery_analytics.publishing.editions import DamagedError, Edition, latest, verify

LATEST = "latest"
BUILDING = ".building-"
LOCK = ".lock"
_REDIRECT = Path(__file__).parents[1] / "templates" / "latest.html"


class BusyError(DeliveryAnalyticsError):
    """Another publish holds the reports folder. Nothing was written; try again later."""

    exit_code = 75


@contextmanager
def lock(reports: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold `reports` for one publish; the system lets go of it however that one ends.

    Raises
    ------
    BusyError
        Saying since when another publish is running, when it still does after `wait`
        seconds.
    """
    reports.mkdir(parents=True, exist_ok=True)
    path = reports / LOCK
    until = time.monotonic() + wait
    with path.open("a+b") as file:
        while not _take(file.fileno()):
            if time.monotonic() < until:
                time.sleep(min(0.2, wait))
                continue
            since = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
            raise BusyError(
                f"Another publish is running since {since:%Y-%m-%d %H:%M:%S}. "
                "Nothing was written; wait until it has ended"
            )
        os.utime(path)
        yield


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def building(reports: Path) -> Iterator[Path]:
    """Make a folder to build an edition in. Only for the holder of the lock.

    It is gone afterwards, with what interrupted publishes left, moved or thrown away.
    Who is interrupted, by a key or by being killed, leaves it to the next one, which
    takes from it what is finished (`interrupted`).
    """
    folder = reports / f"{BUILDING}{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    except Exception:
        _clear(reports)
        raise
    _clear(reports)


def interrupted(reports: Path) -> list[Path]:
    """Return the folders that publishes were building in when they were killed."""
    return sorted(reports.glob(f"{BUILDING}*"))


def _clear(reports: Path) -> None:
    for left in interrupted(reports):
        shutil.rmtree(left, ignore_errors=True)


def check_room(reports: Path) -> None:
    """Refuse to begin what the disk will not hold: another edition like the latest.

    Raises
    ------
    StorageError
        Saying how much is free and how much is needed.
    """
    before = latest(reports)
    if before is None:
        return
    files = [path for path in before.folder.rglob("*") if path.is_file()]
    needed = 2 * sum(path.stat().st_size for path in files)
    free = shutil.disk_usage(reports).free
    if free < needed:
        raise StorageError(
            f"{reports} has {free / 1e6:.0f} MB left, and an edition like the last one takes "
            f"{needed / 1e6:.0f} MB while it is made. Make room, and try again"
        )


def commit(
    folder: Path, reports: Path, as_of: date, content: Mapping[str, Any], run: Mapping[str, Any]
) -> Edition:
    """Move the finished `folder` into `reports` as an edition of `as_of`, and return it.

    Parameters
    ----------
    content
        What the reports were made from and what came of it: equal for equal inputs.
        Its ``files`` are added here.
    run
        What differs from run to run: durations, the machine. Executed notebooks, which
        carry times, and the index, which lists earlier editions, are counted here.

    If the day's latest edition already holds the same content, nothing is moved and that
    one is returned; what its reports were made from this time is kept beside the editions,
    so that the next run need not make them again.
    """
    equal, rest = filed.fingerprints(folder)
    content, run = {**content, "files": equal}, {**run, "files": rest}
    seal = filed.fingerprint(content)
    same_day = [edition for edition in filed.editions(reports) if edition.as_of == as_of]
    for edition in same_day[-1:]:
        if edition.manifest["fingerprint"] == seal and not verify(edition):
            confirmed = {edition.id: run.get("fingerprints", {})}
            write_whole(reports / filed.CONFIRMED, json.dumps(confirmed).encode())
            point(reports)
            return edition
    manifest = {"fingerprint": seal, "content": content, "run": run}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    write_whole(folder / filed.MANIFEST, text.encode())
    _settle(folder)
    if damage := verify(Edition(folder, as_of, 0)):
        raise DamagedError(f"What was just written is not what was meant: {'; '.join(damage)}")
    revision = same_day[-1].revision + 1 if same_day else 1
    suffix = f"-r{revision}" if revision > 1 else ""
    path = reports / f"{as_of.isoformat()}{suffix}"
    folder.rename(path)
    sync(reports)
    point(reports)
    return Edition(path, as_of, revision)


def point(reports: Path) -> None:
    """Let ``reports/latest`` lead to the latest edition, changed in one step.

    Where the system allows no links, ``latest/index.html`` is a page that leads there.
    """
    edition = latest(reports)
    if edition is None:
        return
    pointer = reports / LATEST
    aside = reports / f".{LATEST}.{os.getpid()}"
    is_page = pointer.is_dir() and not pointer.is_symlink()
    if not is_page:
        try:
            aside.unlink(missing_ok=True)
            aside.symlink_to(edition.id, target_is_directory=True)
        except (OSError, NotImplementedError):
            if pointer.is_symlink():  # links are allowed here: something else went wrong
                raise
            pointer.mkdir(exist_ok=True)
            is_page = True
    if is_page:
        page = _REDIRECT.read_text(encoding="utf-8").format(id=edition.id)
        write_whole(pointer / "index.html", page.encode())
    else:
        aside.replace(pointer)
        sync(reports)


def _settle(folder: Path) -> None:
    """Give every file ordinary permissions and write it through to the disk."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        sync(path)
