"""The editions there are: read, listed and verified.

An edition is one finished set of reports in a folder that never changes: publishing the
same day again with another result makes ``2025-06-30-r2`` beside ``2025-06-30``
(`filing`).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.errors import DeliveryAnalyticsError
from delivery_analytics.model.files import sha256

MANIFEST = "manifest.json"
CONFIRMED = ".confirmed.json"
_COUNTS = ("reports", "made", "failed")
RUNS = ("edition", "as_of", "started", "seconds", *_COUNTS, "whole", "latest")
_EDITION = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:-r([1-9]\d*))?$")
_VARIES = re.compile(r"^(evidence/|index\b[^/]*$)")


class DamagedError(DeliveryAnalyticsError):
    """An edition is not what its manifest says."""

    exit_code = 4


@dataclass(frozen=True)
class Edition:
    """A published edition.

    Attributes
    ----------
    folder
        It is ``reports/<as-of>`` or ``reports/<as-of>-r<revision>``.
    as_of
        The day its reports know things by.
    revision
        1 for the first edition of that day.
    """

    folder: Path
    as_of: date
    revision: int

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def manifest(self) -> dict[str, Any]:
        """What it was made from and what it holds, as ``manifest.json`` says."""
        read: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        return read


def editions(reports: Path) -> list[Edition]:
    """Return every edition in `reports`, the latest as-of day and revision last."""
    there = [
        Edition(path, date.fromisoformat(match[1]), int(match[2] or 1))
        for path in (reports.iterdir() if reports.is_dir() else ())
        if (match := _EDITION.match(path.name)) and (path / MANIFEST).is_file()
    ]
    return sorted(there, key=lambda edition: (edition.as_of, edition.revision))


def latest(reports: Path) -> Edition | None:
    """Return the edition that ``reports/latest`` stands for, if there is any."""
    return next(reversed(editions(reports)), None)


def day_before(reports: Path, day: date) -> date | None:
    """Return the day of the latest edition that is of a day before `day`, if there is one."""
    earlier = [edition.as_of for edition in editions(reports) if edition.as_of < day]
    return max(earlier, default=None)


def verify(edition: Edition) -> list[str]:
    """Return what is wrong with an edition, one line a file; nothing when it is whole.

    Every file is read again and compared with the fingerprint in the manifest; files that
    are missing, and files that nobody listed, are named too.
    """
    try:
        manifest = edition.manifest
        content, run = manifest["content"], manifest["run"]
        expected = {**content["files"], **run["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{MANIFEST} cannot be read: {error}"]
    wrong = []
    if manifest.get("fingerprint") != fingerprint(content):
        wrong.append(f"{MANIFEST} was changed")
    equal, rest = fingerprints(edition.folder)
    actual = {**equal, **rest}
    for name in sorted({*expected, *actual}):
        if name not in actual:
            wrong.append(f"{name} is missing")
        elif name not in expected:
            wrong.append(f"{name} was added")
        elif actual[name] != expected[name]:
            wrong.append(f"{name} was changed")
    return wrong


def fingerprint(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprints(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return name → fingerprint: of what equal inputs make equal, and of the rest."""
    equal: dict[str, str] = {}
    rest: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            (rest if _VARIES.match(name) else equal)[name] = sha256(path)
    return equal, rest


def last_good(reports: Path, place: str, day: date) -> tuple[dict[str, str], date | None]:
    """Return the files of the last good report at a `place`, and the day it is of.

    Format → path from another edition's folder. It is looked for in the editions up to
    `day`; without one, there are no files and no day.
    """
    for edition in reversed(editions(reports)):
        if edition.as_of > day:
            continue
        for report in edition.manifest["content"]["reports"]:
            if report["place"] == place and (made := report["files"]):
                files = {ending: f"../{edition.id}/{name}" for ending, name in made.items()}
                return files, edition.as_of
    return {}, None


def runs(reports: Path, *, check: bool = False) -> pd.DataFrame:
    """Return the editions in a folder, the latest last.

    Parameters
    ----------
    reports
        The folder of editions, ``reports`` of a workspace.
    check
        Hold every file against its fingerprint; that reads them all.

    Returns
    -------
    DataFrame
        ``edition``, the folder's name; ``as_of``; ``started``, when it was published, as
        ISO text with its zone; ``seconds``; ``reports``, how many there are, ``made`` in
        that run and not copied from an earlier one, and ``failed``; ``latest``; and
        ``whole``, whether every file is as it was published, missing unless `check`.
    """
    newest = latest(reports)
    rows = []
    for edition in editions(reports):
        listed, run = edition.manifest["content"]["reports"], edition.manifest["run"]
        took = run.get("started", ""), float(run.get("seconds", float("nan")))
        failed = sum(bool(report.get("error")) for report in listed)
        counts = len(listed), len(run.get("durations", {})), failed
        whole = not verify(edition) if check else None
        of = edition.id, pd.Timestamp(edition.as_of)
        rows.append((*of, *took, *counts, whole, edition == newest))
    return pd.DataFrame(rows, columns=RUNS)
