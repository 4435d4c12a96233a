"""Folders behind an address, such as ``s3://bucket/unit``: fetched, worked on, sent back.

A workspace may lie in an object store or on any file system that fsspec knows. Everything
works on an ordinary folder all the same: a copy that is brought up to date first, and
whose results are sent when they are finished, an edition's manifest last.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from delivery_analytics.errors import DefinitionError, StorageError
from delivery_analytics.model.dataset import MANIFEST
from delivery_analytics.model.files import from_note, write_whole
from delivery_analytics.model.lookup import mistake

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
    there = _listed(files, root)
    if not there:
        raise DefinitionError(f"There is nothing at {url}")
    before: dict[str, list[str]] = from_note(folder / INDEX)
    for name in there:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise DefinitionError(f"{url}: {name!a} leads out of the folder")
    same = (name for name, known in there.items() if before.get(name) == known)
    kept = {name for name in same if (folder / name).is_file()}
    wanted = [name for name in there if name not in kept]
    folder.mkdir(parents=True, exist_ok=True)
    # Aside first: another command may be reading the copy, and must see no half of a file.
    with TemporaryDirectory(dir=folder, prefix=".fetching-") as aside:
        fetched = [Path(aside, str(number)) for number in range(len(wanted))]
        with _asking(url):
            files.get([f"{root}/{name}" for name in wanted], [str(path) for path in fetched])
        for name, path in zip(wanted, fetched, strict=True):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / name)
    for name in before.keys() - there.keys():
        (folder / name).unlink(missing_ok=True)
    write_whole(folder / INDEX, json.dumps(there).encode())
    if (folder / "data").is_dir():  # a store keeps no folder that is empty, and this is owed
        (folder / "data" / "raw").mkdir(exist_ok=True)
    return folder


def send_back(folder: Path, url: str) -> str:
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
    paths = [path for path in folder.rglob("*") if path.is_file()]
    last = folder / MANIFEST
    with _asking(url):
        for batch in ([path for path in paths if path != last], [last] * last.is_file()):
            places = [f"{root}/{path.relative_to(folder).as_posix()}" for path in batch]
            files.put([str(path) for path in batch], places)
    return url


def send_edition(folder: Path, url: str) -> str:
    """Send a finished edition to its place below `url`, and let ``latest.json`` name it."""
    files, root = _files(url)
    place = f"{root}/{folder.name}/{MANIFEST}"
    with _asking(url):
        there = files.cat_file(place) if files.exists(place) else None
    if there is None:
        send_back(folder, f"{url}/{folder.name}")
    elif there != (folder / MANIFEST).read_bytes():
        raise mistake("edition-differs", url=url, edition=folder.name)
    with _asking(url):
        latest = json.dumps({"edition": folder.name}).encode()
        files.pipe_file(f"{root}/{LATEST}", latest)
    return f"{url}/{folder.name}"


def remove(url: str) -> None:
    """Remove everything at `url`; that it is not there is no error."""
    files, root = _files(url)
    with _asking(url):
        if files.exists(root):
            files.rm(root, recursive=True)


def _files(url: str) -> tuple[Any, str]:
    """Return the file system of `url`, and the path there."""
    try:
        import fsspec
    except ImportError:
        raise mistake("no-storage", url=url) from None
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise DefinitionError(f"{url} cannot be used: {error}") from None
    return files, root.rstrip("/")


def _listed(files: Any, root: str) -> dict[str, list[str]]:
    """Return name below `root` → what tells whether it changed: size, fingerprint, time."""
    files.invalidate_cache()
    with _asking(root):
        listed = files.find(root, detail=True)
    return {
        path.removeprefix(root).lstrip("/"): [
            str(detail.get(key, "")) for key in ("size", "ETag", "mtime", "LastModified")
        ]
        for path, detail in sorted(listed.items())
    }


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Tell in a sentence what a file system did not do; each has exceptions of its own."""
    try:
        yield
    except FileNotFoundError as error:
        raise DefinitionError(f"There is nothing at {error.filename or error}") from None
    except Exception as error:
        line = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise StorageError(f"{url} cannot be reached: {line}") from error


def packed(root: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    """Return name below `root` → content, of files that travel with an answer."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def unpack(root: Path, content: dict[str, bytes]) -> None:
    """Write what `packed` returned below another `root`."""
    for name, body in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, body)
