"""A report whose every input is as it was need not be made again.

Its fingerprint covers what was loaded, what was agreed, the notebook, the parameters, this
package and the versions it runs on. The same fingerprint in an earlier edition, or in what
a killed publish left, means the same report, so its files are copied, after they were
checked.
"""

import hashlib
import json
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from delivery_analytics.model.files import code_fingerprint, from_note, sha256, write_whole
from delivery_analytics.publishing.editions import CONFIRMED, editions
from delivery_analytics.publishing.filing import interrupted
from delivery_analytics.publishing.plan import Planned

LOOKED_AT = 5  # editions; an older one was made from something else
FINISHED = "finished"  # a folder beside an edition in the making: one file a report
_VERSIONS = (
    *("delivery-analytics", "altair", "babel", "pandas", "papermill", "python-calamine"),
    *("python-pptx", "typst", "vl-convert-python", "xlsxwriter"),
)


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
    answer
        The sentence that it opens with.
    made_from
        The fingerprints of all that it is known to have come from.
    """

    root: str
    files: Mapping[str, str]
    prints: Mapping[str, str]
    made_from: Sequence[str]
    answer: str = ""

    def has(self, name: str) -> bool:
        """Whether the file `name` is there and as it was."""
        path = Path(self.root, name)
        return name in self.prints and path.is_file() and sha256(path) == self.prints[name]


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
        latest = editions(reports)[-LOOKED_AT:][::-1]
        self._manifests = [(edition, edition.manifest) for edition in latest]
        # Edition → place → fingerprint of what was made again and came out the same.
        self._confirmed: dict[str, dict[str, str]] = from_note(reports / CONFIRMED)

    def fingerprint(self, report: Planned) -> str:
        """Return what stands for everything that a report is made from."""
        made_of = sha256(report.notebook), {**report.own}
        own = [report.place, report.key, report.language, *made_of]
        return hashlib.sha256(json.dumps([self._common, own]).encode()).hexdigest()

    def copy(self, report: Planned, executed: Path, root: Path) -> Kept | None:
        """Copy a report and its evidence into the edition at `root`; return what was copied.

        `executed` is where the executed notebook goes. A file that is not as it was
        published is not copied; the report is made again.
        """
        wanted = self.fingerprint(report)
        evidence = executed.relative_to(root).as_posix()
        for kept in self._of(report.place):
            names = [*kept.files.values(), evidence]
            if wanted in kept.made_from and all(map(kept.has, names)):
                for name in names:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(Path(kept.root, name), root / name)
                return kept
        return None

    def keep(
        self, report: Planned, files: Mapping[str, str], answer: str, executed: Path, root: Path
    ) -> None:
        """Note beside the edition at `root` that a report is finished, with its files.

        Should this publish be killed, the next one need not make that report again.
        """
        names = [*files.values(), executed.relative_to(root).as_posix()]
        prints = {name: sha256(root / name) for name in names}
        note = Kept(root.name, files, prints, [self.fingerprint(report)], answer)
        path = _finished(root.parent, report.place)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(note)).encode())

    def _of(self, place: str) -> Iterator[Kept]:
        for folder in self._left:
            if note := from_note(_finished(folder, place)):
                yield Kept(**{**note, "root": str(folder / note["root"])})
        for edition, manifest in self._manifests:
            content, run = manifest["content"], manifest["run"]
            known = [run.get("fingerprints", {}), self._confirmed.get(edition.id, {})]
            made_from = [prints[place] for prints in known if place in prints]
            for report in content["reports"]:
                if report["place"] == place and report["files"]:
                    prints = {**content["files"], **run["files"]}
                    answer = report.get("answer", "")  # older editions have none
                    yield Kept(str(edition.folder), report["files"], prints, made_from, answer)


def versions() -> dict[str, str]:
    """Return what the figures and their drawing depend on, and its version here."""
    installed = {"python": platform.python_version()}
    for name in _VERSIONS:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            installed[name] = "not installed"
    return installed


def _finished(folder: Path, place: str) -> Path:
    """Return where it is noted that the report of a `place` is finished."""
    return (folder / FINISHED / place).with_suffix(".json")


def _files(folder: Path) -> list[tuple[str, str]]:
    """Return name and fingerprint of every file that is not a by-product of Python."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    own = (path for path in files if "__pycache__" not in path.parts)
    return [(path.relative_to(folder).as_posix(), sha256(path)) for path in own]
