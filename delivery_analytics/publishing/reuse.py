"""A report whose every input is as it was need not be made again.

Its fingerprint covers what was loaded, what was agreed, the notebook, the parameters, this
package and the versions it runs on. The same fingerprint in an earlier edition, or in what
a killed publish left, means the same report, so its files are copied, after they were
checked.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from delivery_analytics.model.files import code_fingerprint, sha256, write_whole
from delivery_analytics.publishing.editions import CONFIRMED, editions, interrupted
from delivery_analytics.publishing.manifest import Made, versions
from delivery_analytics.publishing.plan import Planned

LOOKED_AT = 5  # editions; an older one was made from something else


FINISHED = "finished"  # a folder beside an edition in the making: one file a report


@dataclass(frozen=True)
class Kept:
    """A report that was made before.

    Attributes
    ----------
    root
        The folder that its files lie below.
    files
        Format → path below `root`.
    prints
        Path below `root` → fingerprint: of these files and of the executed notebook.
    made_from
        The fingerprints of all that it is known to have come from.
    """

    root: str
    files: Mapping[str, str]
    prints: Mapping[str, str]
    made_from: Sequence[str]


def keep(made: Made, executed: Path, *, folder: Path, root: Path, fingerprint: str) -> None:
    """Note in the building `folder` that a report is finished, with its files below `root`.

    Should this publish be killed, the next one need not make that report again.
    """
    names = [*made.files.values(), executed.relative_to(root).as_posix()]
    prints = {name: sha256(root / name) for name in names}
    note = Kept(root.relative_to(folder).as_posix(), made.files, prints, [fingerprint])
    path = (folder / FINISHED / made.planned.place).with_suffix(".json")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(asdict(note)).encode())


class Earlier:
    """The reports of earlier editions and of interrupted publishes, by fingerprint.

    Parameters
    ----------
    reports
        The folder of editions.
    stored
        The folder of tidy tables.
    since
        The day from which reports tell what changed.
    """

    def __init__(
        self,
        reports: Path,
        *,
        workspace: Path,
        stored: Path,
        day: date,
        formats: Sequence[str],
        since: date | None = None,
    ) -> None:
        self._common = [
            day.isoformat(),
            str(since or ""),
            list(formats),
            json.loads((stored / "manifest.json").read_text(encoding="utf-8"))["tables"],
            _files(workspace / "data" / "definitions"),
            code_fingerprint(),
            versions(),
        ]
        self._left = interrupted(reports)
        self._manifests = [(one, one.manifest) for one in editions(reports)[-LOOKED_AT:][::-1]]
        # Edition → place → fingerprint of what was made again and came out the same.
        self._confirmed: dict[str, dict[str, str]] = _read(reports / CONFIRMED)

    def fingerprint(self, one: Planned) -> str:
        """Return what stands for everything the report `one` is made from."""
        own = [one.place, one.key, one.language, sha256(one.notebook)]
        return hashlib.sha256(json.dumps([self._common, own]).encode()).hexdigest()

    def copy(self, one: Planned, executed: Path, root: Path) -> Made | None:
        """Copy the report `one` and its evidence into the edition at `root`, if it is there.

        `executed` is where the executed notebook goes. A file that is not as it was
        published is not copied; the report is made again.
        """
        wanted = self.fingerprint(one)
        evidence = executed.relative_to(root).as_posix()
        for kept in self._of(one.place):
            names = [*kept.files.values(), evidence]
            if wanted in kept.made_from and all(_whole(kept, name) for name in names):
                for name in names:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(Path(kept.root, name), root / name)
                return Made(one, kept.files)
        return None

    def _of(self, place: str) -> Iterator[Kept]:
        for folder in self._left:
            note = _read((folder / FINISHED / place).with_suffix(".json"))
            if note:
                yield Kept(**{**note, "root": str(folder / note["root"])})
        for edition, manifest in self._manifests:
            prints = {**manifest["content"]["files"], **manifest["run"]["files"]}
            made_from = [
                known[place]
                for known in (
                    manifest["run"].get("fingerprints", {}),
                    self._confirmed.get(edition.id, {}),
                )
                if place in known
            ]
            for report in manifest["content"]["reports"]:
                if report["place"] == place and report["files"]:
                    yield Kept(str(edition.folder), report["files"], prints, made_from)


def _read(path: Path) -> dict[str, Any]:
    """Return what a note says, or nothing: it saves work, and is no evidence."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _whole(kept: Kept, name: str) -> bool:
    path = Path(kept.root, name)
    return name in kept.prints and path.is_file() and sha256(path) == kept.prints[name]


def _files(folder: Path) -> list[tuple[str, str]]:
    """Return name and fingerprint of every file that is not a by-product of Python."""
    return [
        (path.relative_to(folder).as_posix(), sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
