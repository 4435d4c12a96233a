"""Turn the workbooks ministries send into tidy tables, and list what was wrong.

Every file is read on its own; what is wrong with one never stops the others. Then all are
put together (`merge`).
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.combine import FileResult, combine
from delivery_analytics.loading.incremental import Previous, remember
from delivery_analytics.loading.matching import fold
from delivery_analytics.loading.sheet import STANDARD, read_sheet
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import sha256
from delivery_analytics.model.registry import Registry, Sector, Sheet
from delivery_analytics.spreadsheets import Book, Grid, Reader
from delivery_analytics.spreadsheets.snapshot import without_collector

Progress = Callable[[int, int, str], None]
MANY_SHEETS = 100
WORKERS = 4  # child processes that read at once


@dataclass(frozen=True)
class Loaded:
    """The tidy tables, and what became of each file.

    Attributes
    ----------
    stored_in
        The folder that holds just these tables, where nothing has changed since.
    """

    dataset: Dataset
    files: tuple[FileResult, ...]
    stored_in: Path | None = None

    @property
    def problems(self) -> pd.DataFrame:
        """The ``problems`` table."""
        return self.dataset.problems

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the tables, and what the next load must know to read only what changed."""
        registry = self.dataset.registry
        target = Path(folder) if folder else registry.workspace.processed
        if self.stored_in is not None and target.resolve() == self.stored_in:
            return target
        return self.dataset.save(target, beside=remember(registry, self.files))


def load(
    registry: Registry,
    *,
    raw: str | Path | None = None,
    previous: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Loaded:
    """Read every return under ``data/raw`` into one dataset.

    A file outside the sectors' folders is rejected.

    Parameters
    ----------
    raw
        The folder of the sectors' folders; the workspace's ``data/raw`` by default.
    previous
        The folder an earlier load was saved in. Files that are what they were then are
        not read again.
    progress
        Called with files done, files in all, and the file's name.
    executor
        Where files are read instead of here, such as `cluster.Cluster`.
    """
    folder = Path(raw) if raw else registry.workspace.raw
    found: list[tuple[Path, Sector | None]] = [
        (path, sector)
        for sector in registry.sectors.values()
        for path in returns(folder / sector.id)
    ]
    placed = {path for path, _ in found}
    stray = [_stray(registry, path) for path in returns(folder) if path not in placed]
    earlier = Path(previous) if previous else None
    last = Previous.of(earlier, registry)
    prints = [(_shown(registry.workspace.root, path), _sha256(path)) for path, _ in found]
    unchanged = last.whole([*prints, *((one.path, one.sha256) for one in stray)])
    if unchanged is not None and last.dataset is not None:
        return Loaded(last.dataset, tuple(unchanged), earlier.resolve() if earlier else None)
    taken = {
        path: result
        for (path, _), (shown, sha256) in zip(found, prints, strict=True)
        if (result := last.take(shown, sha256))
    }
    # Cells make no cycles, and looking for some among millions takes an eighth of the time.
    with without_collector():
        results = read_files(registry, found, taken=taken, progress=progress, executor=executor)
        results += stray
        return Loaded(combine(registry, results), tuple(results))


def _stray(registry: Registry, path: Path) -> FileResult:
    """Return what becomes of a file of which nobody knows whose return it is."""
    known = ", ".join(registry.sectors)
    what = f"it lies in no sector's folder and was not read. There are: {known}"
    shown = _shown(registry.workspace.root, path)
    told = [Problem("intake.no-sector", what, path.name)]
    return FileResult(path.name, shown, "rejected", sha256=_sha256(path), problems=told)


def returns(folder: Path) -> list[Path]:
    """List the files of a folder that can be returns, in a fixed order."""
    texts = (".md", ".txt", ".toml")
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_dir() and path.suffix.lower() not in texts and path.name != ".gitkeep"
    )


def read_files(
    registry: Registry,
    found: Sequence[tuple[Path, Sector | None]],
    *,
    taken: Mapping[Path, FileResult] | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> list[FileResult]:
    """Read files one by one; what is wrong with one never stops the others.

    A file without a sector is tried with each sector's layouts, then with the standard
    return of all.

    Parameters
    ----------
    taken
        Files that need not be read, and what became of them.
    executor
        Where files are read instead of here.
    """
    taken = dict(taken or {})
    if executor:
        there = {
            path: executor.submit(read_alone, registry, path, sector)
            for path, sector in found
            if path not in taken
        }
        for path, future in there.items():
            # What no other machine could read is read here, and then its error is told.
            with contextlib.suppress(Exception):
                taken[path] = future.result()
    results: list[FileResult] = []
    seen: dict[str, FileResult] = {}
    with Reader(workers=min(os.cpu_count() or 1, WORKERS)) as reader:
        books = reader.open_all([path for path, _ in found if path not in taken])
        for done, (path, sector) in enumerate(found, start=1):
            result = taken.get(path)
            if result is None:
                result = _one(registry, path, sector, next(books)[1], seen)
            elif copy := _copy(
                result.path, path, sector, (result.sha256, result.table_hash), seen
            ):
                result = copy
            if result.source_id:
                seen[result.sha256] = seen[result.table_hash] = result
            results.append(result)
            if progress:
                progress(done, len(found), path.name)
    return results


def read_alone(registry: Registry, path: Path, sector: Sector | None) -> FileResult:
    """Read one file knowing of no other, wherever that is."""
    with Reader(workers=1) as reader:
        [(_, book)] = reader.open_all([path])
    return _one(registry, path, sector, book, {})


def _sha256(path: Path) -> str:
    """Return a file's fingerprint; nothing for what is no file, which is read to say so."""
    return sha256(path) if path.is_file() else ""


def _one(
    registry: Registry,
    path: Path,
    sector: Sector | None,
    book: Book | SourceError,
    seen: dict[str, FileResult],
) -> FileResult:
    shown = _shown(registry.workspace.root, path)
    sector_id = sector.id if sector else ""
    if isinstance(book, SourceError):
        problems = [replace(problem, file=path.name) for problem in book.problems]
        return FileResult(
            path.name,
            shown,
            "rejected",
            sha256=_sha256(path),
            sector_id=sector_id,
            problems=problems,
        )
    copy = _copy(shown, path, sector, (book.sha256, book.table_hash), seen)
    if copy:
        return copy
    result = read_book(registry, book, sector)
    result.path = shown
    return result


def _copy(
    shown: str,
    path: Path,
    sector: Sector | None,
    prints: tuple[str, str],
    seen: Mapping[str, FileResult],
) -> FileResult | None:
    """Return what becomes of a file whose bytes, or whose cells, were met before."""
    told = (
        ("intake.duplicate_content", "the same file as"),
        ("intake.duplicate_table", "the same cells as"),
    )
    for key, (code, what) in zip(prints, told, strict=True):
        if key in seen:
            message = f"{what} {seen[key].file}; it counts once"
            return FileResult(
                path.name,
                shown,
                "loaded_with_warnings",
                sha256=prints[0],
                sector_id=sector.id if sector else "",
                problems=[Problem(code, message, path.name, severity="warning")],
                met_others=True,
            )
    return None


def _shown(workspace: Path, path: Path) -> str:
    # A link in the workspace is called what it is called there, wherever it leads.
    for whole in (Path(os.path.abspath(path)), path.resolve()):  # noqa: PTH100
        if whole.is_relative_to(workspace):
            return whole.relative_to(workspace).as_posix()
    return path.resolve().as_posix()


def read_book(registry: Registry, book: Book, sector: Sector | None) -> FileResult:
    """Read one opened file with its sector's layouts."""
    candidates = [sector] if sector else [*registry.sectors.values()]
    tried = [_read_as(registry, book, one, one.sheets) for one in candidates if one.sheets]
    if all(result.outcome == "rejected" for result in tried):
        standard = sector or _everything(registry)
        tried.append(_read_as(registry, book, standard, (STANDARD,)))
    read_at_all = [result for result in tried if result.outcome != "rejected"]
    best = max(read_at_all, key=lambda result: result.kept, default=None)
    if best is None:
        # A layout that was looked for says more than one that is for other files.
        best = min(tried, key=lambda result: result.problems[-1].code == "file.not-declared")
    best.problems = list(dict.fromkeys(best.problems))  # one cell may stand in several rows
    best.judge()
    return best


def _everything(registry: Registry) -> Sector:
    sectors = list(registry.sectors.values())
    indicators = tuple(i for sector in sectors for i in sector.indicators)
    return replace(sectors[0], indicators=indicators)


def _read_as(
    registry: Registry, book: Book, sector: Sector, sheets: Sequence[Sheet]
) -> FileResult:
    result = FileResult(
        book.file,
        str(book.path),
        "rejected",
        source_id=book.sha256[:12],
        sha256=book.sha256,
        table_hash=book.table_hash,
        sector_id=sector.id,
        problems=list(book.problems),
    )
    declared = [s for s in sheets if any(fnmatch.fnmatch(book.file, p) for p in s.files)]
    refused: list[Problem] = []
    touched: set[str] = set()
    for sheet in declared:
        try:
            grids = _grids(book, sheet)
        except SourceError as error:
            refused += error.problems
            continue
        for grid in grids:
            if not grid.visible and sheet.hidden_sheets == "skip":
                continue
            touched.add(grid.sheet)
            try:
                result.add(read_sheet(registry, book, sector, sheet, grid))
            except SourceError as error:
                refused += error.problems
    _close(book, result, touched, refused, declared)
    return result


def _close(
    book: Book,
    result: FileResult,
    touched: set[str],
    refused: list[Problem],
    declared: Sequence[Sheet],
) -> None:
    """Say what of the file was not read."""
    if result.outcome == "rejected" and not refused:
        what = (
            "no layout of this sector fits the file's name"
            if not declared
            else (
                "no sheet of the names declared: " + ", ".join(g.sheet for g in book.sheets[:5])
            )
        )
        refused = [Problem("file.not-declared", what, book.file)]
    # A sheet without a name declared is tried; that it is something else is no error.
    named = any(sheet.sheets for sheet in declared)
    if result.outcome != "rejected" and not named:
        refused = [replace(problem, severity="note") for problem in refused]
    result.problems += refused
    for grid in book.sheets:
        if not grid.visible and grid.sheet not in touched:
            result.problems.append(
                Problem(
                    "sheet.hidden",
                    f"the hidden sheet '{grid.sheet}' was not read",
                    book.file,
                    grid.sheet,
                    severity="warning",
                )
            )
    others = [g.sheet for g in book.sheets if g.visible and g.sheet not in touched]
    if len(book.sheets) > MANY_SHEETS:
        result.problems.append(
            Problem(
                "structure.many_sheets",
                f"{len(book.sheets)} sheets, of which {len(touched)} were read",
                book.file,
                severity="warning",
            )
        )
    elif others and result.outcome != "rejected":
        result.problems.append(
            Problem(
                "sheet.not-declared",
                f"{len(others)} sheets are not in the layout and were not read: "
                + ", ".join(others[:10]),
                book.file,
                severity="note",
            )
        )


def _grids(book: Book, sheet: Sheet) -> list[Grid]:
    """Return the sheets a layout is for; a text file has just one, whatever its name."""
    if not sheet.sheets or book.format in ("csv", "tsv"):
        return list(book.sheets)
    found: list[Grid] = []
    for pattern in sheet.sheets:
        same = [g for g in book.sheets if fnmatch.fnmatchcase(fold(g.sheet), fold(pattern))]
        if len(same) > 1 and not set("*?") & set(pattern):
            raise SourceError(
                [
                    Problem(
                        "structure.ambiguous_sheet",
                        f"{len(same)} sheets are called '{pattern}'",
                        book.file,
                        same[-1].sheet,
                    )
                ]
            )
        found += [grid for grid in same if grid not in found]
    return found
