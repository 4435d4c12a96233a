"""What the last load read: the next one need not read it again, and owes what it had.

A file is taken over as it was when its bytes, the definitions and this package are the
same, and none of its rows met a row of another file: those depend on that file as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.deriving.derive import TOLD_OF_MADE
from delivery_analytics.errors import Problem, Severity, SourceError
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.intake import GONE
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.results import FileOutcome, FileResult, Submission
from delivery_analytics.model.dataset import BROKEN, MANIFEST, OWED, STORED, Dataset
from delivery_analytics.model.files import code_fingerprint
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Registry, last_texts

_ANEW = ("problems", "tables", "reused", "held")  # of a file, what need not be remembered
_KEPT = [one.name for one in fields(FileResult) if one.name not in _ANEW]
BESIDE = (*OWED, BROKEN, GONE, *TOLD_OF_MADE)  # what is told of no file that was read
_CALLED = {"observations": "figures", "targets": "targets"}


@dataclass
class Previous:
    """The last load of a workspace, as its folder remembers it.

    Attributes
    ----------
    dataset
        Its tables; ``None`` when there is nothing to take over.
    files
        What `remember` wrote of each file.
    is_current
        The definitions and the code are those of then, and so are the rows of a file.
    """

    dataset: Dataset | None
    files: Sequence[dict[str, Any]]
    is_current: bool = False

    @cached_property
    def _files(self) -> dict[str, dict[str, Any]]:
        """The files that may be taken over, by their path."""
        return {file["path"]: file for file in self.files if self.is_current}

    @classmethod
    def of(cls, folder: Path | None, registry: Registry) -> Previous:
        """Return what `folder` remembers."""
        if folder is None:
            return cls(None, [])
        files: list[dict[str, Any]] = []
        try:
            memory = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["load"]
            files = memory["files"]
            is_current = memory["made_by"] == made_by(registry.workspace.root)
            whole: Any = {"restricted": True, "breakdown": None, "within": None}
            data = open_dataset(folder, registry, **whole, as_sent=True)
            return cls(data, files, is_current=is_current)
        except (FileNotFoundError, KeyError, ValueError, SourceError):
            # nothing was loaded, or what was cannot be trusted: read everything
            return cls(None, files)

    def whole(self, found: Sequence[tuple[str, str]]) -> list[FileResult] | None:
        """Return what became of every file, if no file was changed, added or taken away.

        Parameters
        ----------
        found
            Path and fingerprint of every file there is now, in order.
        """
        known = [(path, file["sha256"]) for path, file in self._files.items()]
        if self.dataset is None or not self.is_current or list(found) != known:
            return None
        if (self.dataset.problems["code"] == GONE).any():
            return None  # which was told once
        return [self._result(file, bare=True) for file in self._files.values()]

    def take(self, path: str, sha256: str) -> FileResult | None:
        """Return what became of a file, if its bytes are those of the last time."""
        known = self._files.get(path)
        if not known or known["sha256"] != sha256 or known["met_others"]:
            return None
        return self._result(known)

    def kept_of(self, sectors: Collection[str]) -> list[FileResult]:
        """Return what became of all files of `sectors`, which are not read now."""
        if self.dataset is None:
            return []
        own = [f for f in self.files if f["sector_id"] in sectors and f["source_id"]]
        known = {*self.dataset.registry.sectors}
        return [self._result(file) for file in own if file["sector_id"] in known]

    def _result(self, known: dict[str, Any], *, bare: bool = False) -> FileResult:
        return FileResult(
            **{name: known[name] for name in _KEPT if name != "submission"},
            problems=self._problems.get(known["path"], []),
            submission=Submission(*known["submission"]) if known.get("submission") else None,
            tables={} if bare else self._tables.get(known["source_id"], {}),
            reused=True,
        )

    @cached_property
    def _problems(self) -> dict[str, list[Problem]]:
        """The problems of every file, by its path."""
        assert self.dataset is not None
        by_path: dict[str, list[Problem]] = {}
        problems = self.dataset.problems
        for row in _rows(problems[~problems["code"].isin(BESIDE)]):
            by_path.setdefault(row["file"], []).append(_problem(row))
        return by_path

    @cached_property
    def _tables(self) -> dict[str, dict[str, list[Columns | pd.DataFrame]]]:
        """The rows of every table, by the file they came from."""
        assert self.dataset is not None
        by_source: dict[str, dict[str, list[Columns | pd.DataFrame]]] = {}
        for name in STORED:
            table = getattr(self.dataset, name)
            if name not in ("parents", "sources", "problems"):
                sent = table[table["source_id"] != ""]  # and no figure that was made
                for source_id, rows in sent.groupby("source_id", sort=False):
                    by_source.setdefault(str(source_id), {})[name] = [rows]
        return by_source


def owed(registry: Registry, last: Dataset, now: Dataset) -> list[FileResult]:
    """Tell of each indicator that the last load had, or was owed, and that is not there now.

    Its place is that where it stood last. One whose definition says ``retired`` is owed by
    nobody; one that is no longer defined is told of once.
    """
    found = []
    for code, table in OWED.items():
        has = {*getattr(now, table)["indicator_id"]}
        known = _rows(last.problems[last.problems["code"] == code])
        for row in (*known, *_places(last, table)):
            key = str(row["value"])
            defined = registry.indicators.get(key)
            if key in has or (defined and not defined.is_owed):
                continue
            if key.partition(".")[0] in registry.broken:
                continue
            has.add(key)
            if not defined and "message" in row:
                continue
            case = "figures_gone" if defined else "indicator_gone"
            _, what = told(case, table=_CALLED[table], indicator=key)
            place = (row["file"], row["sheet"], row["cell"])
            problem = Problem(code if defined else GONE, what, *place, key)
            found.append(beside(row["file"], key.partition(".")[0], problem))
    return found


def _places(data: Dataset, table: str) -> Iterator[dict[str, Any]]:
    """Yield each indicator of a table with the place where it stands last."""
    rows = getattr(data, table)
    rows = rows[rows["source_id"] != ""].drop_duplicates("indicator_id", keep="last")
    paths = dict(zip(data.sources["source_id"], data.sources["path"], strict=True))
    columns = (rows[name] for name in ("indicator_id", "source_id", "source_cell"))
    for key, source_id, place in zip(*columns, strict=True):
        sheet, _, cell = str(place).rpartition("!")
        yield {"value": key, "file": paths.get(source_id, ""), "sheet": sheet, "cell": cell}


def unread(registry: Registry) -> list[FileResult]:
    """Tell of each sector that was not read, since its definition cannot be."""
    found, folder = [], registry.workspace.definitions / "sectors"
    for key, message in registry.broken.items():
        path = folder / f"{key}.toml"
        why = message.replace(f"{folder}{os.sep}", "").rstrip(".")
        place = path.relative_to(registry.workspace.root).as_posix()
        found.append(beside(place, key, Problem(*told("sector_unread", why=why), path.name)))
    return found


def missed(files: Iterable[Mapping[str, Any]], *, meant: bool) -> list[FileResult]:
    """Tell of each file of the last load that is gone."""
    severity: Severity = "warning" if meant else "error"
    found = []
    for file in files:
        gone = Problem(*told("file_gone", n=file["kept"]), file["file"], severity=severity)
        found.append(beside(file["path"], file["sector_id"], gone))
    return found


def beside(path: str, sector_id: str, problem: Problem) -> FileResult:
    """Return what is told of no file that was read, as what became of one."""
    grave = problem.severity == "error"
    outcome: FileOutcome = "rejected" if grave else "loaded_with_warnings"
    named = replace(problem, file=path.rpartition("/")[2])
    return FileResult(named.file, path, outcome, sector_id=sector_id, problems=[named])


def still_told(problems: pd.DataFrame) -> list[FileResult]:
    """Return what the last load told beside its files."""
    told_so = problems[problems["code"].isin(BESIDE)]
    return [beside(row["file"], row["sector_id"], _problem(row)) for row in _rows(told_so)]


def _problem(row: Mapping[str, Any]) -> Problem:
    said = {
        name: row[name] for name in ("code", "message", "sheet", "cell", "value", "severity")
    }
    return Problem(file=row["file"].rpartition("/")[2], **said)


def _rows(problems: pd.DataFrame) -> list[dict[str, Any]]:
    return problems.to_dict("records")  # type: ignore[return-value]


def remember(registry: Registry, results: Sequence[FileResult]) -> dict[str, Any]:
    """Return what the next load must know of this one, ready for JSON."""
    files = [{name: getattr(result, name) for name in _KEPT} for result in results]
    folder, sectors = registry.workspace.definitions / "sectors", last_texts(registry.workspace)
    sectors = {key: text for key, text in sectors.items() if key in registry.broken}
    for key in registry.sectors.keys() - registry.broken.keys():
        path = folder / f"{key}.toml"
        if path.exists():
            sectors[key] = path.read_text(encoding="utf-8-sig")
    made = made_by(registry.workspace.root)
    return {"load": {"made_by": made, "files": files, "sectors": sectors}}


def made_by(workspace: Path) -> str:
    """Return the fingerprint of the definitions and of the code that reads by them."""
    digest = hashlib.sha256(code_fingerprint().encode())
    folder = workspace / "data" / "definitions"
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
