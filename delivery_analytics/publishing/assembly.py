"""What is made or reused: an edition in the making, and what became of each report of it."""

import errno
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from delivery_analytics import writers
from delivery_analytics.errors import StorageError
from delivery_analytics.execution.jobs import Job, Outcome
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.publishing.audit_log import Journal
from delivery_analytics.publishing.editions import day_before, last_good
from delivery_analytics.publishing.plan import Planned, job_for, path_below
from delivery_analytics.publishing.reuse import Earlier
from delivery_analytics.writers.html import assets

ASSETS = "assets"
_FULL = f"[Errno {errno.ENOSPC}]"


@dataclass(frozen=True)
class Made:
    """What became of a planned report.

    Attributes
    ----------
    files
        Format → path below the edition; empty when it failed.
    answer
        The sentence that it opens with.
    error
        Why it failed, in one line.
    instead, instead_as_of
        The last good one: format → path from the edition's folder, and its as-of day.
    """

    planned: Planned
    files: Mapping[str, str]
    answer: str = ""
    error: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    instead_as_of: date | None = None


class Assembly:
    """What is known of an edition until it is moved into its place.

    Parameters
    ----------
    planned
        Its reports.
    folder
        Where it is built, lent by `filing.building`.
    data, stored
        The tables, and the folder they are saved in.
    day
        The day its reports know things by.
    note
        The log.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        folder: Path,
        data: Dataset,
        stored: Path,
        *,
        day: date,
        formats: Sequence[str],
        note: Journal,
    ) -> None:
        self.root, self.reports = folder / "edition", folder.parent
        self.day, self.formats = day, formats
        self._planned = {report.place: report for report in planned}
        self._stored, self._note = stored, note
        self._since = day_before(self.reports, day)
        self._earlier = Earlier(
            self.reports,
            workspace=data.registry.workspace.root,
            stored=stored,
            day=day,
            formats=formats,
            since=self._since,
        )
        self._made: dict[str, Made] = {}
        self._jobs = {report.place: self._job(report, folder / "work") for report in planned}
        assets.write_assets(self.root / ASSETS)

    def _job(self, report: Planned, work: Path) -> Job:
        """Return the job of a report; it writes into a folder of its own, below `work`."""
        scratch = path_below(work, *report.place.split("/"))
        scratch.mkdir(parents=True)
        name = "_".join(filter(None, [report.notebook.stem, report.key.lower()]))
        return job_for(
            report,
            data_dir=self._stored,
            day=self.day,
            formats=self.formats,
            output_dir=scratch,
            executed=self.root / "evidence" / report.language / f"{name}.ipynb",
            assets="../" * report.place.count("/") + ASSETS,
            since=self._since,
        )

    def reuse(self) -> None:
        """Take the reports that an earlier edition has just as they would be now."""
        for place, report in self._planned.items():
            kept = self._earlier.copy(report, self._jobs[place].output, self.root)
            if kept is not None:
                self._made[place] = Made(report, kept.files, kept.answer)
                self._note("report", place=place, outcome="unchanged")

    @property
    def missing(self) -> list[Job]:
        """The jobs of the reports that are not there yet."""
        return [job for place, job in self._jobs.items() if place not in self._made]

    def finish(self, outcome: Outcome) -> None:
        """Move what a report's notebook wrote to its place, and note that it is finished.

        One that failed has the last good one of the editions up to the same day instead.

        Raises
        ------
        StorageError
            When the disk was full: an edition without the reports that it did not take is
            no edition.
        """
        became = {"place": outcome.job.key, "outcome": "made" if outcome.ok else "failed"}
        took = {"seconds": round(outcome.seconds, 3), "attempts": outcome.attempts}
        self._note("report", **became, **took, error=outcome.error)
        if not outcome.ok and _FULL in outcome.error:
            raise StorageError.of(OSError(errno.ENOSPC, ""), self.reports)
        report, executed = self._planned[outcome.job.key], outcome.job.output
        forget_paths(executed)
        if not outcome.ok:
            instead, known = last_good(self.reports, report.place, self.day)
            self._made[report.place] = Made(report, {}, "", outcome.error, instead, known)
            return
        endings = map(writers.ending_of, outcome.files)
        files = {ending: f"{report.place}.{ending}" for ending in endings}
        for path, name in zip(outcome.files, files.values(), strict=True):
            move(path, self.root / name)
        self._made[report.place] = Made(report, files, outcome.answer)
        self._earlier.keep(report, files, outcome.answer, executed, self.root)

    @property
    def made(self) -> list[Made]:
        """What became of every report, in the order planned."""
        return [self._made[place] for place in self._planned]

    def fingerprints(self) -> dict[str, str]:
        """Return place → what stands for everything that report is made from."""
        fingerprint = self._earlier.fingerprint
        return {place: fingerprint(report) for place, report in self._planned.items()}


def move(path: Path, place: Path) -> Path:
    """Move a file to its place, with the shared folder that a page may have beside it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shared = path.parent / ASSETS
    if shared.is_dir() and not (place.parent / ASSETS).exists():
        shared.rename(place.parent / ASSETS)
    return path.replace(place)


def forget_paths(executed: Path) -> None:
    """Leave only the names of the paths that papermill notes in an executed notebook."""
    if not executed.exists():
        return
    content = json.loads(executed.read_text(encoding="utf-8"))
    noted = content["metadata"].get("papermill", {})
    for key in ("input_path", "output_path"):
        noted[key] = Path(noted.get(key) or "").name
    executed.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
