"""An edition in the making: its reports as jobs, what became of each, and its content."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from delivery_analytics.errors import StorageError
from delivery_analytics.execution.jobs import Job, Outcome
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.publishing import editions, manifest
from delivery_analytics.publishing.audit_log import Journal
from delivery_analytics.publishing.collect import ASSETS, gather
from delivery_analytics.publishing.editions import below
from delivery_analytics.publishing.index import write_index
from delivery_analytics.publishing.job_parameters import job_for
from delivery_analytics.publishing.manifest import Made
from delivery_analytics.publishing.plan import Planned
from delivery_analytics.publishing.reuse import Earlier, keep
from delivery_analytics.writers.html import assets

_FULL = f"[Errno {errno.ENOSPC}]"


class Assembly:
    """What is known of an edition until it is moved into its place.

    Parameters
    ----------
    planned
        Its reports.
    folder
        Where it is built, lent by `edition.building`.
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
        self.folder, self.root, self.reports = folder, folder / "edition", folder.parent
        self.day, self.formats = day, formats
        self._planned = {one.place: one for one in planned}
        self._data, self._stored, self._note = data, stored, note
        self._since = editions.day_before(self.reports, day)
        self._earlier = Earlier(
            self.reports,
            workspace=data.registry.workspace.root,
            stored=stored,
            day=day,
            formats=formats,
            since=self._since,
        )
        self._made: dict[str, Made] = {}
        self._jobs = {place: self._job(one) for place, one in self._planned.items()}
        assets.write_assets(self.root / ASSETS)

    @property
    def made(self) -> list[Made]:
        """What became of every report, in the order planned."""
        return [self._made[place] for place in self._planned]

    @property
    def missing(self) -> list[Job]:
        """The jobs of the reports that are not there yet."""
        return [job for place, job in self._jobs.items() if place not in self._made]

    def reuse(self) -> None:
        """Take the reports that an earlier edition has just as they would be now."""
        for place, one in self._planned.items():
            made = self._earlier.copy(one, self._jobs[place].output, self.root)
            if made:
                self._made[place] = made
                self._note("report", place=place, outcome="unchanged")

    def finish(self, outcome: Outcome) -> None:
        """Move what a report's notebook wrote to its place, and note that it is finished.

        Raises
        ------
        StorageError
            When the disk was full: an edition without the reports that it did not take is
            no edition.
        """
        self._note(
            "report",
            place=outcome.job.key,
            outcome="made" if outcome.ok else "failed",
            seconds=round(outcome.seconds, 3),
            attempts=outcome.attempts,
            error=outcome.error,
        )
        if not outcome.ok and _FULL in outcome.error:
            raise StorageError.of(OSError(errno.ENOSPC, ""), self.reports)
        one, executed = self._planned[outcome.job.key], outcome.job.output
        made = gather(one, outcome, root=self.root, reports=self.reports, day=self.day)
        self._made[one.place] = made
        if outcome.ok:
            made_from = self._earlier.fingerprint(one)
            keep(made, executed, folder=self.folder, root=self.root, fingerprint=made_from)

    def content(self, languages: Sequence[str]) -> dict[str, Any]:
        """Write the index, and return what the edition was made from and what came of it."""
        known = self._data.known_on(self.day)
        write_index(self.made, known, root=self.root, reports=self.reports, languages=languages)
        return manifest.content(self.made, known, languages, self.formats)

    def fingerprints(self) -> dict[str, str]:
        """Return place → what stands for everything that report is made from."""
        return {place: self._earlier.fingerprint(one) for place, one in self._planned.items()}

    def _job(self, one: Planned) -> Job:
        """Return the job of a report; it writes into a folder of its own, beside `root`."""
        scratch = below(self.folder / "work", *one.place.split("/"))
        scratch.mkdir(parents=True)
        name = "_".join(filter(None, [one.notebook.stem, one.key.lower()]))
        return job_for(
            one,
            data_dir=self._stored,
            day=self.day,
            formats=self.formats,
            output_dir=scratch,
            executed=self.root / "evidence" / one.language / f"{name}.ipynb",
            assets="../" * one.place.count("/") + ASSETS,
            since=self._since,
        )
