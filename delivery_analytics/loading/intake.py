"""What lies under ``data/raw``: whose return each file is, and what is passed over."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.remarks import told
from delivery_analytics.model.files import sha256
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.spreadsheets.limits import STANDARD

NO_RETURNS = (".md", ".toml")  # notes and settings of the unit's own
GONE = "intake.gone"
_NAMED = 5  # files of a folder, in one message


@dataclass(frozen=True)
class Intake:
    """The files under a folder of sectors' folders.

    Attributes
    ----------
    sent
        Each return with the sector whose folder it lies in, but for sectors that are broken.
    stray
        Files of which nobody knows whose return they are.
    passed_over
        What is no return by its ending.
    """

    sent: list[tuple[Path, Sector | None]]
    stray: list[Path]
    passed_over: list[Path]


def take_in(registry: Registry, folder: Path) -> Intake:
    """List all that lies under `folder`, so that nothing of it is left out in silence.

    Raises
    ------
    SourceError
        ``intake.unlisted`` for a folder that cannot be listed.
    """
    found = _listed(folder)
    sent: list[tuple[Path, Sector | None]] = []
    placed: set[Path] = set()
    for sector_id in dict.fromkeys([*registry.sectors, *registry.broken]):
        home = folder / sector_id
        placed.add(home)
        own = return_files(home) if home.is_dir() or home.is_symlink() else []
        placed.update(own)
        if sector_id not in registry.broken:
            sent += [(path, registry.sectors[sector_id]) for path in own]
    stray = [path for path in found if path not in placed and not _is_note(path)]
    return Intake(sent, stray, [path for path in found if _is_note(path)])


def return_files(folder: Path) -> list[Path]:
    """List the files of a folder that can be returns, in a fixed order.

    A folder that is linked into it is listed as one thing and not followed: it could lead
    anywhere, and round in circles. Reading it says so.

    Raises
    ------
    SourceError
        ``intake.unlisted`` for a folder that cannot be listed.
    """
    return [path for path in _listed(folder) if not _is_note(path)]


def _is_note(path: Path) -> bool:
    return path.suffix.lower() in NO_RETURNS


def _listed(folder: Path) -> list[Path]:
    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=_refuse):
        links = [name for name in folders if os.path.islink(Path(place, name))]  # noqa: PTH114
        found += [Path(place, name) for name in (*links, *files) if name != ".gitkeep"]
    return sorted(found)


def _refuse(error: OSError) -> NoReturn:
    message = told("folder_unlisted", why=error.strerror or error)
    raise SourceError([Problem(*message, str(error.filename))]) from error


def sha256_if_open(path: Path) -> str:
    """Return a file's fingerprint; nothing for what cannot be opened or is too large.

    Reading tells of these.
    """
    try:
        is_readable = path.is_file() and path.stat().st_size <= STANDARD.text_bytes
        return sha256(path) if is_readable else ""
    except OSError:
        return ""


def told_path(workspace: Path, path: Path) -> str:
    """Return a path as it is told: below the workspace, if it is."""
    # A link in the workspace is called what it is called there, wherever it leads.
    for whole in (Path(os.path.abspath(path)), path.resolve()):  # noqa: PTH100
        if whole.is_relative_to(workspace):
            return whole.relative_to(workspace).as_posix()
    return path.resolve().as_posix()


def gone(
    files: Iterable[Mapping[str, Any]], found: Mapping[str, str], *, raw: str, meant: bool
) -> list[Mapping[str, Any]]:
    """Return the files of the last load with rows that are no longer there.

    One that lies elsewhere now is not gone.

    Parameters
    ----------
    files
        What the last load remembers of each.
    found
        Path and fingerprint of the files there are now.
    raw
        The folder of the sectors' folders, as paths are told.
    meant
        That a whole folder is gone is no accident.

    Raises
    ------
    SourceError
        ``intake.folder-gone`` where a folder had such files and has none that can be
        opened now: it was renamed, taken away, or is a share that is not connected.
    """
    readable = {path for path, sha256 in found.items() if sha256}
    alive = {folder for path in readable for folder in PurePosixPath(path).parents}
    prints = set(found.values())
    lost = [
        file
        for file in files
        if file["kept"]
        and file["path"] not in readable
        and file["sha256"] not in prints
        and PurePosixPath(file["path"]).is_relative_to(raw)
    ]
    emptied: dict[str, list[str]] = {}
    for file in lost:
        around = PurePosixPath(file["path"]).parents
        dead = [one for one in around if one.is_relative_to(raw) and one not in alive]
        if dead:
            emptied.setdefault(str(dead[-1]), []).append(file["file"])
    if emptied and not meant:
        raise SourceError([_folder_gone(*one) for one in emptied.items()])
    return [file for file in lost if file["path"] not in found]


def _folder_gone(folder: str, names: list[str]) -> Problem:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    named = ", ".join(names[:_NAMED]) + more
    return Problem(*told("folder_gone", n=len(names), names=named), folder)
