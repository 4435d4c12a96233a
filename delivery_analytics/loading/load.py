"""Turn the workbooks ministries send into tidy tables, and list what was wrong.

Every file is read on its own; what is wrong with one never stops the others. Then all are
put together (`combine`).
"""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from delivery_analytics.deriving.derive import with_derived
from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading import incremental
from delivery_analytics.loading.as_declared import encoding_of
from delivery_analytics.loading.combine import combine, with_problems
from delivery_analytics.loading.incremental import Previous
from delivery_analytics.loading.intake import gone, sha256_if_open, take_in, told_path
from delivery_analytics.loading.intake import return_files as return_files
from delivery_analytics.loading.read_book import read_book as read_book
from delivery_analytics.loading.references import check_references
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.results import FileResult
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.spreadsheets import Book, Reader
from delivery_analytics.spreadsheets.snapshot import without_collector

Progress = Callable[[int, int, str], None]
WORKERS = 4  # child processes that read at once


@dataclass(frozen=True)
class Loaded:
    """The tidy tables, and what became of each file.

    Attributes
    ----------
    beside
        What is told of no file that was read: what the last load had and is gone.
    passed_over
        What lies among the returns and is none by its ending.
    stored_in
        The folder that holds just these tables, where nothing has changed since.
    """

    dataset: Dataset
    files: tuple[FileResult, ...]
    beside: tuple[FileResult, ...] = ()
    passed_over: tuple[str, ...] = ()
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
        return self.dataset.save(target, beside=incremental.remember(registry, self.files))


def load(
    registry: Registry,
    *,
    raw: str | Path | None = None,
    previous: str | Path | None = None,
    without_gone: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Loaded:
    """Read every return under ``data/raw`` into one dataset.

    A file outside the sectors' folders is rejected. What the last load had and this one
    has not is told.

    Parameters
    ----------
    raw
        The folder of the sectors' folders; the workspace's ``data/raw`` by default.
    previous
        The folder an earlier load was saved in. Files that are what they were then are
        not read again.
    without_gone
        A folder of which the last load had files, and that has none now, is meant to be gone.
    progress
        Called with files done, files in all, and the file's name.
    executor
        Where files are read instead of here, such as `cluster.Cluster`.

    Raises
    ------
    DefinitionError
        If a sheet's definition names an indicator, a region … that there is none of.
    SourceError
        If a folder cannot be listed, or lost all the files of the last load.
    """
    registry = check_references(registry)
    folder, root = Path(raw) if raw else registry.workspace.raw, registry.workspace.root
    intake = take_in(registry, folder)
    passed_over = tuple(told_path(root, path) for path in intake.passed_over)
    stray = [_stray(registry, path) for path in intake.stray]
    earlier = Path(previous) if previous else None
    last = Previous.of(earlier, registry)
    prints = [(told_path(root, path), sha256_if_open(path)) for path, _ in intake.sent]
    kept = last.kept_of(registry.broken)
    files = [file for file in last.files if file["sector_id"] not in registry.broken]
    lost = gone(files, dict(prints), raw=told_path(root, folder), meant=without_gone)
    known, loose = ([(one.path, one.sha256) for one in part] for part in (kept, stray))
    unchanged = last.whole([*known, *prints, *loose])
    if unchanged is not None and last.dataset is not None:
        still = incremental.still_told(last.dataset.problems)
        stored_in = earlier.resolve() if earlier else None
        return Loaded(last.dataset, tuple(unchanged), tuple(still), passed_over, stored_in)
    taken = {
        path: result
        for (path, _), (name, sha256) in zip(intake.sent, prints, strict=True)
        if (result := last.take(name, sha256))
    }
    taken |= {root / result.path: result for result in kept}
    sent = [*((root / result.path, None) for result in kept), *intake.sent]
    # Cells make no cycles, and looking for some among millions takes an eighth of the time.
    with without_collector():
        results = read_files(registry, sent, taken=taken, progress=progress, executor=executor)
        results += stray
        dataset = combine(registry, results)
        apart = incremental.unread(registry)
        apart += incremental.missed(lost, meant=without_gone)
        if last.dataset is not None:
            apart += incremental.owed(registry, last.dataset, dataset)
        dataset, of_made = with_derived(dataset)
        apart += [incremental.beside(*one) for one in of_made]
        dataset = with_problems(dataset, apart)
        return Loaded(dataset, tuple(results), tuple(apart), passed_over)


def _stray(registry: Registry, path: Path) -> FileResult:
    """Return what becomes of a file of which nobody knows whose return it is."""
    known = ", ".join(registry.sectors)
    problem = Problem(*told("no_sector", known=known), path.name)
    return _unread(registry, path, None, sha256_if_open(path), problem)


def _unread(
    registry: Registry, path: Path, sector: Sector | None, sha256: str, *problems: Problem
) -> FileResult:
    """Return what becomes of a file whose sheets nobody looks at."""
    return FileResult(
        path.name,
        told_path(registry.workspace.root, path),
        "rejected",
        sha256=sha256,
        sector_id=sector.id if sector else "",
        problems=list(problems),
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
        unread = {path: own for path, own in sent if path not in taken}
        books = reader.open_all(
            unread, encoding=lambda path: declared_encoding(registry, path, unread[path])
        )
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
        codec = partial(declared_encoding, registry, sector=sector)
        [(_, book)] = reader.open_all([path], encoding=codec)
    return _read_file(registry, path, sector, book, {})


def declared_encoding(registry: Registry, path: Path, sector: Sector | None) -> str:
    """Return the codec that is declared for a file; of no sector's, by any of them."""
    teams = [sector] if sector else registry.sectors.values()
    return encoding_of(path.name, (sheet for team in teams for sheet in team.sheets))


def _read_file(
    registry: Registry,
    path: Path,
    sector: Sector | None,
    book: Book | SourceError,
    met: Mapping[str, FileResult],
) -> FileResult:
    if isinstance(book, SourceError):
        problems = [replace(problem, file=path.name) for problem in book.problems]
        return _unread(registry, path, sector, sha256_if_open(path), *problems)
    if copy := _copy(registry, path, sector, (book.sha256, book.table_hash), met):
        return copy
    result = read_book(registry, book, sector)
    result.path = told_path(registry.workspace.root, path)
    return result


def _copy(
    registry: Registry,
    path: Path,
    sector: Sector | None,
    prints: tuple[str, str],
    met: Mapping[str, FileResult],
) -> FileResult | None:
    """Return what becomes of a file whose bytes, or whose cells, were met before."""
    for key, case in zip(prints, ("same_file", "same_cells"), strict=True):
        if key in met:
            message = told(case, file=met[key].file)
            problem = Problem(*message, path.name, severity="warning")
            copy = _unread(registry, path, sector, prints[0], problem)
            return replace(copy, outcome="loaded_with_warnings", met_others=True)
    return None
