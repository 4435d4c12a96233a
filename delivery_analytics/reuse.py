"""A report whose every input is as it was need not be made again.

Its fingerprint covers what was loaded, what was agreed, the notebook, the parameters, this
package and the versions it runs on. The same fingerprint in an earlier edition means the
same report, so its files are copied, after they were checked.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import delivery_analytics
from delivery_analytics.edition import CONFIRMED, Edition, editions, sha256
from delivery_analytics.plan import Planned
from delivery_analytics.record import Made, versions

LOOKED_AT = 5  # editions; an older one was made from something else


class Earlier:
    """The reports of earlier editions, by fingerprint.

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
            _files(Path(delivery_analytics.__file__).parent),
            versions(),
        ]
        self._manifests = [(one, one.manifest) for one in editions(reports)[-LOOKED_AT:][::-1]]
        self._confirmed = _confirmed(reports / CONFIRMED)

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
        for edition, manifest, report in self._of(one.place):
            known = {**manifest["content"]["files"], **manifest["run"]["files"]}
            names = [*report["files"].values(), evidence]
            made_from = manifest["run"].get("fingerprints", {}).get(one.place)
            same = wanted in (made_from, self._confirmed.get(edition.id, {}).get(one.place))
            if same and all(_whole(edition, name, known) for name in names):
                for name in names:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(edition.folder / name, root / name)
                return Made(one, report["files"])
        return None

    def _of(self, place: str) -> Iterator[tuple[Edition, dict[str, Any], dict[str, Any]]]:
        for edition, manifest in self._manifests:
            for report in manifest["content"]["reports"]:
                if report["place"] == place and report["files"]:
                    yield edition, manifest, report


def _confirmed(path: Path) -> dict[str, dict[str, str]]:
    """Return edition → place → fingerprint of what was made again and came out the same."""
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # it saves work, and is no evidence
    return found


def _whole(edition: Edition, name: str, known: dict[str, str]) -> bool:
    path = edition.folder / name
    return name in known and path.is_file() and sha256(path) == known[name]


def _files(folder: Path) -> list[tuple[str, str]]:
    """Return name and fingerprint of every file that is not a by-product of Python."""
    return [
        (path.relative_to(folder).as_posix(), sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
