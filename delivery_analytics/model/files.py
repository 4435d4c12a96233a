"""Files written whole or not at all, fingerprints, and what this package itself declares."""

import hashlib
import json
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

BRIEF = "brief."  # before a format: a file that holds a report's brief alone


def format_of(path: Path) -> str:
    """Return the format that a report's file is in: ``pdf``, ``brief.pdf``."""
    alone = path.stem.endswith(f".{BRIEF}".rstrip("."))
    return f"{BRIEF * alone}{path.suffix[1:]}"


def packaged(module: str, name: str) -> dict[str, Any]:
    """Return the ``.toml`` file `name` of this package, beside a module's ``__file__``."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, with ordinary permissions."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def from_note(path: Path) -> dict[str, Any]:
    """Return what a note in JSON says; nothing where there is none, or it is not whole."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def sha256(path: Path) -> str:
    """Return a file's fingerprint."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Write a file or a folder through to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder to write it through
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def code_fingerprint() -> str:
    """Return what stands for this package's code: figures depend on every module of it.

    What was made by another version is not taken over, nor mixed with what this one makes.
    The example that a wheel carries is no part of it.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parents[1]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in name.parts and name.parts[0] != "example":
            digest.update(name.as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
