"""What the last load read, so that the next one need not read it again.

A file is taken over as it was when its bytes, the definitions and this package are the
same, and none of its rows met a row of another file: those depend on that file as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.columns import Columns
from delivery_analytics.loading.combine import COUNTS, FileResult
from delivery_analytics.model.dataset import MANIFEST, STORED, Dataset, open_dataset
from delivery_analytics.model.files import code_fingerprint
from delivery_analytics.model.registry import Registry

_TEXTS = ("file", "path", "outcome", "source_id", "sha256", "table_hash", "sector_id")


class Previous:
    """The last load of a workspace, as its folder remembers it.

    Parameters
    ----------
    dataset
        Its tables; ``None`` when there is nothing to take over.
    files
        What `remember` wrote of each file.
    """

    def __init__(self, dataset: Dataset | None, files: Sequence[dict[str, Any]]) -> None:
        self.dataset = dataset
        self._files = {file["path"]: file for file in files}

    @classmethod
    def of(cls, folder: Path | None, registry: Registry) -> Previous:
        """Return what `folder` remembers; nothing, if it was made by other definitions."""
        if folder is None:
            return cls(None, [])
        try:
            memory = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["load"]
            if memory["made_by"] == made_by(registry.workspace.root):
                return cls(open_dataset(folder, registry, restricted=True), memory["files"])
        except (FileNotFoundError, KeyError, ValueError, SourceError):
            pass  # nothing was loaded, or what was cannot be trusted: read everything
        return cls(None, [])

    def whole(self, found: Sequence[tuple[str, str]]) -> list[FileResult] | None:
        """Return what became of every file, if no file was changed, added or taken away.

        Parameters
        ----------
        found
            Path and fingerprint of every file there is now, in order.
        """
        known = [(path, file["sha256"]) for path, file in self._files.items()]
        if self.dataset is None or list(found) != known:
            return None
        return [self._result(file, {}) for file in self._files.values()]

    def take(self, path: str, sha256: str) -> FileResult | None:
        """Return what became of a file, if its bytes are those of the last time."""
        known = self._files.get(path)
        if not known or known["sha256"] != sha256 or known["met_others"]:
            return None
        return self._result(known, self._tables.get(known["source_id"], {}))

    def _result(
        self, known: dict[str, Any], tables: dict[str, list[Columns | pd.DataFrame]]
    ) -> FileResult:
        return FileResult(
            **{name: known[name] for name in (*_TEXTS, *COUNTS, "met_others")},
            problems=self._problems.get(known["path"], []),
            tables=tables,
            reused=True,
        )

    @cached_property
    def _problems(self) -> dict[str, list[Problem]]:
        """The problems of every file, by its path."""
        assert self.dataset is not None
        by_path: dict[str, list[Problem]] = {}
        fields = ("code", "message", "sheet", "cell", "value", "severity")
        for row in self.dataset.problems.to_dict("records"):
            path = str(row["file"])
            problem = Problem(file=path.rpartition("/")[2], **{n: row[n] for n in fields})
            by_path.setdefault(path, []).append(problem)
        return by_path

    @cached_property
    def _tables(self) -> dict[str, dict[str, list[Columns | pd.DataFrame]]]:
        """The rows of every table, by the file they came from."""
        assert self.dataset is not None
        by_source: dict[str, dict[str, list[Columns | pd.DataFrame]]] = {}
        for name in STORED:
            table = getattr(self.dataset, name)
            if name not in ("sources", "problems"):
                for source_id, rows in table.groupby("source_id", sort=False):
                    by_source.setdefault(str(source_id), {})[name] = [rows]
        return by_source


def remember(registry: Registry, results: Sequence[FileResult]) -> dict[str, Any]:
    """Return what the next load must know of this one, ready for JSON."""
    names = (*_TEXTS, *COUNTS, "met_others")
    files = [{name: getattr(result, name) for name in names} for result in results]
    return {"load": {"made_by": made_by(registry.workspace.root), "files": files}}


def made_by(workspace: Path) -> str:
    """Return the fingerprint of the definitions and of the code that reads by them."""
    digest = hashlib.sha256(code_fingerprint().encode())
    folder = workspace / "data" / "definitions"
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
