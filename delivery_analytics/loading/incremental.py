"""What the last load read: the next one need not read it again, and owes what it had.

A file is taken over as it was when its bytes, the definitions and this package are the
same, and none of its rows met a row of another file: those depend on that file as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.deriving.derive import TOLD_OF_MADE
from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.intake import GONE
from delivery_analytics.loading.results import COUNTS, FileOutcome, FileResult, Submission
from delivery_analytics.model.dataset import BROKEN, MANIFEST, OWED, STORED, Dataset
from delivery_analytics.model.files import code_fingerprint
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Registry, last_texts

_KEPT = (
    *("file", "path", "outcome", "source_id", "sha256", "table_hash", "sector_id"),
    *COUNTS,
    *("sheet_rows", "met_others", "submission"),
)
BESIDE = (*OWED, BROKEN, GONE, *TOLD_OF_MADE)  # what is told of no file that was read
_CALLED = {"observations": "figures", "targets": "targets"}


class Previous:
    """The last load of a workspace, as its folder remembers it.

    Parameters
    ----------
    dataset
        Its tables; ``None`` when there is nothing to take over.
    files
        What `remember` wrote of each file.
    is_current
        The definitions and the code are those of then, and so are the rows of a file.
    """

    def __init__(
        self,
        dataset: Dataset | None,
        files: Sequence[dict[str, Any]],
        *,
        is_current: bool = False,
    ) -> None:
        self.dataset, self.files, self._is_current = dataset, files, is_current
        self._files = {file["path"]: file for file in files if is_current}

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
        if self.dataset is None or not self._is_current or list(found) != known:
            return None
        if (self.dataset.problems["code"] == GONE).any():
            return None  # which was told once
        return [self._result(file, {}) for file in self._files.values()]

    def take(self, path: str, sha256: str) -> FileResult | None:
        """Return what became of a file, if its bytes are those of the last time."""
        known = self._files.get(path)
        if not known or known["sha256"] != sha256 or known["met_others"]:
            return None
        return self._result(known, self._tables.get(known["source_id"], {}))

    def kept_of(self, sectors: Collection[str]) -> list[FileResult]:
        """Return what became of all files of `sectors`, which are not read now."""
        if self.dataset is None:
            return []
        own = [f for f in self.files if f["sector_id"] in sectors and f["source_id"]]
        known = {*self.dataset.registry.sectors}
        return [
            self._result(file, self._tables.get(file["source_id"], {}))
            for file in own
            if file["sector_id"] in known
        ]

    def _result(
        self, known: dict[str, Any], tables: dict[str, list[Columns | pd.DataFrame]]
    ) -> FileResult:
        return FileResult(
            **{name: known[name] for name in _KEPT if name != "submission"},
            problems=self._problems.get(known["path"], []),
            submission=Submission(*known["submission"]) if known.get("submission") else None,
            tables=tables,
            reused=True,
        )

    @cached_property
    def _problems(self) -> dict[str, list[Problem]]:
        """The problems of every file, by its path."""
        assert self.dataset is not None
        by_path: dict[str, list[Problem]] = {}
        fields = ("code", "message", "sheet", "cell", "value", "severity")
        problems = self.dataset.problems
        told = problems[~problems["code"].isin(BESIDE)]
        paths, *columns = (told[name].to_numpy(object) for name in ("file", *fields))
        for path, *said in zip(paths, *columns, strict=True):
            name = path.rpartition("/")[2]
            by_path.setdefault(path, []).append(
                Problem(file=name, **dict(zip(fields, said, strict=True)))
            )
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
    told = last.problems
    found = []
    for code, table in OWED.items():
        has = {*getattr(now, table)["indicator_id"]}
        known = _rows(told[told["code"] == code])
        for row in (*known, *_places(last, table)):
            key = str(row["value"])
            defined = registry.indicators.get(key)
            if key in has or (defined and not defined.is_owed):
                continue
            if key.partition(".")[0] in registry.broken:
                continue
            has.add(key)
            what = f"the last load had {_CALLED[table]} of {key} here, and now there are none. "
            if defined:
                what += "Send them again, or write retired = true in its definition"
            elif "message" in row:
                continue
            else:
                what += "Its definition is gone, too: write it again if that was not meant"
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
        what = message.replace(f"{folder}{os.sep}", "").rstrip(".")
        what += ". Its returns were not read, and what the last load kept of them stays"
        place = path.relative_to(registry.workspace.root).as_posix()
        found.append(beside(place, key, Problem(BROKEN, what, path.name)))
    return found


def missed(files: Iterable[Mapping[str, Any]], *, meant: bool) -> list[FileResult]:
    """Tell of each file of the last load that is gone."""
    what = "the last load kept {} rows of this file, and it is gone. Put it back if it is owed"
    return [
        beside(
            file["path"],
            file["sector_id"],
            Problem(
                GONE,
                what.format(file["kept"]),
                file["file"],
                severity="warning" if meant else "error",
            ),
        )
        for file in files
    ]


def beside(path: str, sector_id: str, problem: Problem) -> FileResult:
    """Return what is told of no file that was read, as what became of one."""
    grave = problem.severity == "error"
    outcome: FileOutcome = "rejected" if grave else "loaded_with_warnings"
    name = path.rpartition("/")[2]
    named = replace(problem, file=name)
    return FileResult(name, path, outcome, sector_id=sector_id, problems=[named])


def still_told(problems: pd.DataFrame) -> list[FileResult]:
    """Return what the last load told beside its files."""
    fields = ("code", "message", "file", "sheet", "cell", "value", "severity")
    return [
        beside(row["file"], row["sector_id"], Problem(**{name: row[name] for name in fields}))
        for row in _rows(problems[problems["code"].isin(BESIDE)])
    ]


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
