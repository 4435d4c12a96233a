"""Folders behind an address, such as ``s3://bucket/unit``: fetched, worked on, sent back.

A workspace may lie in an object store or on any file system that fsspec knows. Everything
works on an ordinary folder all the same: a copy that is brought up to date first, and
whose results are sent when they are finished, an edition's manifest last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DefinitionError, StorageError
from delivery_analytics.model.dataset import MANIFEST
from delivery_analytics.model.files import write_whole

INDEX = ".fetched.json"  # in a copy: what was fetched, and how it was known
LATEST = "latest.json"  # behind an address no link can lead to the latest edition


def is_url(text: str) -> bool:
    """Whether `text` is an address and not a path; a drive's letter makes none."""
    return "://" in text


def copy_of(url: str) -> Path:
    """Return the folder on this machine that is kept as a copy of what `url` holds."""
    from platformdirs import user_cache_path

    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return user_cache_path("delivery-analytics", appauthor=False) / name


def fetch(url: str, folder: Path) -> Path:
    """Make `folder` hold what `url` holds, and return it; only what changed is fetched.

    Files that were fetched before and are gone there are removed here. Those made here
    stay.

    Raises
    ------
    DefinitionError
        When there is nothing at `url`, or a name there would lead out of `folder`.
    StorageError
        When it cannot be reached.
    """
    files, root = _files(url)
    found = _listed(files, root)
    if not found:
        raise DefinitionError(f"There is nothing at {url}")
    before = _read(folder / INDEX)
    for name, known in found.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DefinitionError(f"{url}: {name!a} leads out of the folder")
        if before.get(name) != known or not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _asked(url, lambda n=name: files.cat_file(f"{root}/{n}")))
    for name in before.keys() - found.keys():
        (folder / name).unlink(missing_ok=True)
    write_whole(folder / INDEX, json.dumps(found).encode())
    return folder


def send(folder: Path, url: str) -> str:
    """Send every file of `folder` to `url`, its manifest last, and return `url`.

    Whoever finds the manifest there finds everything that it lists.

    Raises
    ------
    DefinitionError
        When another edition of that name is there already: one never changes.
    StorageError
        When it cannot be written to.
    """
    files, root = _files(url)
    names = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names.sort(key=lambda path: path.name == MANIFEST and path.parent == folder)
    for path in names:
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        _asked(url, lambda n=name, c=content: files.pipe_file(f"{root}/{n}", c))
    return url


def send_edition(folder: Path, url: str) -> str:
    """Send a finished edition to its place below `url`, and let ``latest.json`` name it."""
    files, root = _files(url)
    place = f"{root}/{folder.name}/{MANIFEST}"
    mine = (folder / MANIFEST).read_bytes()
    if _asked(url, lambda: files.exists(place)):
        if _asked(url, lambda: files.cat_file(place)) != mine:
            raise DefinitionError(
                f"{url} has another edition {folder.name}. Fetch it, and publish again"
            )
    else:
        send(folder, f"{url}/{folder.name}")
    latest = json.dumps({"edition": folder.name}).encode()
    _asked(url, lambda: files.pipe_file(f"{root}/{LATEST}", latest))
    return f"{url}/{folder.name}"


def remove(url: str) -> None:
    """Remove everything at `url`; that it is not there is no error."""
    files, root = _files(url)
    if _asked(url, lambda: files.exists(root)):
        _asked(url, lambda: files.rm(root, recursive=True))


def _files(url: str) -> tuple[Any, str]:
    """Return the file system of `url`, and the path there."""
    try:
        import fsspec
    except ImportError:
        raise DefinitionError(
            f"{url}: to work behind an address, install delivery-analytics[cluster]"
        ) from None
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise DefinitionError(f"{url} cannot be used: {error}") from None
    return files, root.rstrip("/")


def _listed(files: Any, root: str) -> dict[str, list[str]]:
    """Return name below `root` → what tells whether it changed: size, fingerprint, time."""
    files.invalidate_cache()
    found = _asked(root, lambda: files.find(root, detail=True))
    return {
        path.removeprefix(root).lstrip("/"): [
            str(detail.get(key, "")) for key in ("size", "ETag", "mtime", "LastModified")
        ]
        for path, detail in sorted(found.items())
    }


def _asked(url: str, ask: Any) -> Any:
    try:
        return ask()
    except FileNotFoundError as error:
        raise DefinitionError(f"There is nothing at {error.filename or error}") from None
    except Exception as error:  # every file system has exceptions of its own
        raise StorageError(f"{url} cannot be reached: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _read(path: Path) -> dict[str, list[str]]:
    try:
        found: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def pack(root: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    """Return name below `root` → content, of files that travel with an answer."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def unpack(root: Path, content: dict[str, bytes]) -> None:
    """Write what `pack` returned below another `root`."""
    for name, body in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, body)
