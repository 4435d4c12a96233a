"""Turn the workbooks ministries send into tidy tables, and list what was wrong.

Every file is read on its own; what is wrong with one never stops the others. Then all are
put together (`merge`).
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.combine import FileResult, combine
from delivery_analytics.loading.incremental import Previous, remember
from delivery_analytics.loading.matching import fold
from delivery_analytics.loading.references import check_references
from delivery_analytics.loading.restricted import restricted_rows
from delivery_analytics.loading.sheet import read_sheet, standard
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

    Raises
    ------
    DefinitionError
        If a sheet's definition names an indicator, a region … that there is none of.
    """
    check_references(registry)
    folder = Path(raw) if raw else registry.workspace.raw
    sent: list[tuple[Path, Sector | None]] = [
        (path, sector)
        for sector in registry.sectors.values()
        for path in return_files(folder / sector.id)
    ]
    placed = {path for path, _ in sent}
    stray = [_stray(registry, path) for path in return_files(folder) if path not in placed]
    earlier = Path(previous) if previous else None
    last = Previous.of(earlier, registry)
    prints = [(_shown(registry.workspace.root, path), _sha256(path)) for path, _ in sent]
    unchanged = last.whole([*prints, *((result.path, result.sha256) for result in stray)])
    if unchanged is not None and last.dataset is not None:
        return Loaded(last.dataset, tuple(unchanged), earlier.resolve() if earlier else None)
    taken = {
        path: result
        for (path, _), (shown, sha256) in zip(sent, prints, strict=True)
        if (result := last.take(shown, sha256))
    }
    # Cells make no cycles, and looking for some among millions takes an eighth of the time.
    with without_collector():
        results = read_files(registry, sent, taken=taken, progress=progress, executor=executor)
        results += stray
        return Loaded(combine(registry, results), tuple(results))


def _stray(registry: Registry, path: Path) -> FileResult:
    """Return what becomes of a file of which nobody knows whose return it is."""
    known = ", ".join(registry.sectors)
    what = f"it lies in no sector's folder and was not read. There are: {known}"
    problem = Problem("intake.no-sector", what, path.name)
    return _unread(registry, path, None, _sha256(path), problem)


def _unread(
    registry: Registry, path: Path, sector: Sector | None, sha256: str, *problems: Problem
) -> FileResult:
    """Return what becomes of a file whose sheets nobody looks at."""
    return FileResult(
        path.name,
        _shown(registry.workspace.root, path),
        "rejected",
        sha256=sha256,
        sector_id=sector.id if sector else "",
        problems=list(problems),
    )


def return_files(folder: Path) -> list[Path]:
    """List the files of a folder that can be returns, in a fixed order."""
    texts = (".md", ".txt", ".toml")
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_dir() and path.suffix.lower() not in texts and path.name != ".gitkeep"
    )


def read_files(
    registry: Registry,
    sent: Sequence[tuple[Path, Sector | None]],
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
            for path, sector in sent
            if path not in taken
        }
        for path, future in there.items():
            # What no other machine could read is read here, and then its error is told.
            with contextlib.suppress(Exception):
                taken[path] = future.result()
    results: list[FileResult] = []
    met: dict[str, FileResult] = {}
    with Reader(workers=min(os.cpu_count() or 1, WORKERS)) as reader:
        books = reader.open_all([path for path, _ in sent if path not in taken])
        for done, (path, sector) in enumerate(sent, start=1):
            result = taken.get(path)
            if result is None:
                result = _read_file(registry, path, sector, next(books)[1], met)
            else:
                prints = (result.sha256, result.table_hash)
                result = _copy(registry, path, sector, prints, met) or result
            if result.source_id:
                met[result.sha256] = met[result.table_hash] = result
            results.append(result)
            if progress:
                progress(done, len(sent), path.name)
    return results


def read_alone(registry: Registry, path: Path, sector: Sector | None) -> FileResult:
    """Read one file knowing of no other, wherever that is."""
    with Reader(workers=1) as reader:
        [(_, book)] = reader.open_all([path])
    return _read_file(registry, path, sector, book, {})


def _sha256(path: Path) -> str:
    """Return a file's fingerprint; nothing for what is no file, which is read to say so."""
    return sha256(path) if path.is_file() else ""


def _read_file(
    registry: Registry,
    path: Path,
    sector: Sector | None,
    book: Book | SourceError,
    met: Mapping[str, FileResult],
) -> FileResult:
    if isinstance(book, SourceError):
        problems = [replace(problem, file=path.name) for problem in book.problems]
        return _unread(registry, path, sector, _sha256(path), *problems)
    if copy := _copy(registry, path, sector, (book.sha256, book.table_hash), met):
        return copy
    result = read_book(registry, book, sector)
    result.path = _shown(registry.workspace.root, path)
    return result


def _copy(
    registry: Registry,
    path: Path,
    sector: Sector | None,
    prints: tuple[str, str],
    met: Mapping[str, FileResult],
) -> FileResult | None:
    """Return what becomes of a file whose bytes, or whose cells, were met before."""
    kinds = (
        ("intake.duplicate_content", "the same file as"),
        ("intake.duplicate_table", "the same cells as"),
    )
    for key, (code, what) in zip(prints, kinds, strict=True):
        if key in met:
            message = f"{what} {met[key].file}; it counts once"
            problem = Problem(code, message, path.name, severity="warning")
            copy = _unread(registry, path, sector, prints[0], problem)
            return replace(copy, outcome="loaded_with_warnings", met_others=True)
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
    tried = [_read_as(registry, book, own, own.sheets) for own in candidates if own.sheets]
    if all(result.outcome == "rejected" for result in tried):
        team = sector or _everything(registry)
        tried.append(_read_as(registry, book, team, (standard(registry),)))
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
        told, was_read = list[Problem](), False
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
                was_read = True
            except SourceError as error:
                told += restricted_rows(grid, sheet, None).withhold(error.problems)
        # Without a sheet's name each is tried; where one was read, another is no error.
        is_tried = was_read and not sheet.sheets
        refused += [replace(p, severity="note") for p in told] if is_tried else told
    _close(book, result, touched, refused, is_declared=bool(declared))
    return result


def _close(
    book: Book,
    result: FileResult,
    touched: set[str],
    refused: list[Problem],
    *,
    is_declared: bool,
) -> None:
    """Say what of the file was not read: a declared table that is not there is owed."""
    is_read = result.outcome != "rejected"
    if not is_read and not refused:
        names = ", ".join(grid.sheet for grid in book.sheets[:5])
        what = f"no sheet of the names declared: {names}"
        if not is_declared:
            what = "no layout of this sector fits the file's name"
        refused = [Problem("file.not-declared", what, book.file)]
    result.problems += [*refused, *_untouched_sheets(book, touched, is_read=is_read)]


def _untouched_sheets(book: Book, touched: set[str], *, is_read: bool) -> Iterator[Problem]:
    """Name the sheets that no layout was tried on."""
    untouched = [grid for grid in book.sheets if grid.sheet not in touched]
    for grid in untouched:
        if not grid.visible:
            message = f"the hidden sheet '{grid.sheet}' was not read"
            yield Problem("sheet.hidden", message, book.file, grid.sheet, severity="warning")
    others = [grid.sheet for grid in untouched if grid.visible]
    if len(book.sheets) > MANY_SHEETS:
        message = f"{len(book.sheets)} sheets, of which {len(touched)} were read"
        yield Problem("structure.many_sheets", message, book.file, severity="warning")
    elif others and is_read:
        message = f"{len(others)} sheets are not in the layout and were not read: "
        message += ", ".join(others[:10])
        yield Problem("sheet.not-declared", message, book.file, severity="note")


def _grids(book: Book, sheet: Sheet) -> list[Grid]:
    """Return the sheets a layout is for; a text file has just one, whatever its name."""
    if not sheet.sheets or book.format in ("csv", "tsv"):
        return list(book.sheets)
    grids: list[Grid] = []
    for pattern in sheet.sheets:
        same = [g for g in book.sheets if fnmatch.fnmatchcase(fold(g.sheet), fold(pattern))]
        if len(same) > 1 and not set("*?") & set(pattern):
            message = f"{len(same)} sheets are called '{pattern}'"
            problem = Problem("structure.ambiguous_sheet", message, book.file, same[-1].sheet)
            raise SourceError([problem])
        grids += [grid for grid in same if grid not in grids]
    return grids
