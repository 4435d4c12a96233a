"""Read one opened file with its sector's layouts, and say what of it was not read."""

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.restricted import restricted_rows
from delivery_analytics.loading.results import FileResult, submission
from delivery_analytics.loading.sheet import read_sheet, standard
from delivery_analytics.model.forms import FORMER_TITLES, GUIDE_TITLE, LISTS_TITLE, RETURN
from delivery_analytics.model.languages import in_each
from delivery_analytics.model.registry import Registry, Sector, Sheet
from delivery_analytics.parsing.matching import fold
from delivery_analytics.spreadsheets import Book, Grid

MANY_SHEETS = 100


def read_book(registry: Registry, book: Book, sector: Sector | None) -> FileResult:
    """Read one opened file with its sector's layouts."""
    candidates = [sector] if sector else [*registry.sectors.values()]
    tried = [_read_as(registry, book, own, own.sheets) for own in candidates if own.sheets]
    if all(result.outcome == "rejected" for result in tried):
        team = sector or _everything(registry)
        tried.append(_read_as(registry, book, team, standard(registry, book)))
    read_at_all = [result for result in tried if result.outcome != "rejected"]
    best = max(read_at_all, key=lambda result: result.kept, default=None)
    if best is None:
        # A layout that was looked for says more than one that is for other files.
        best = min(tried, key=lambda result: result.problems[-1].code == "file.not-declared")
    if sector and sector.resubmitted:
        found = submission(sector.resubmitted, book.file)
        if isinstance(found, Problem):
            best.problems.append(found)
        else:
            best.submission = found
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
    result = FileResult.of(book, sector.id)
    declared = [s for s in sheets if any(fnmatch.fnmatch(book.file, p) for p in s.files)]
    refused: list[Problem] = []
    touched: set[str] = set()
    owed: list[tuple[str, ...]] = []
    for sheet in declared:
        met, was_read = list[Problem](), False
        try:
            grids = _grids(book, sheet)
        except SourceError as error:
            refused += error.problems
            continue
        if not grids:
            owed.append(sheet.sheets)
        for grid in grids:
            if not grid.visible and sheet.hidden_sheets == "skip":
                continue
            touched.add(grid.sheet)
            try:
                result.add(read_sheet(registry, book, sector, sheet, grid))
                was_read = True
            except SourceError as error:
                met += restricted_rows(grid, sheet, None).withhold(error.problems)
        # Without a sheet's name each is tried; where one was read, another is no error.
        is_tried = was_read and not sheet.sheets
        refused += [replace(p, severity="note") for p in met] if is_tried else met
    if result.outcome != "rejected":
        refused += _absent(book, owed)
    _close(book, result, touched, refused, is_declared=bool(declared))
    return result


def _absent(book: Book, owed: Iterable[tuple[str, ...]]) -> Iterator[Problem]:
    """Name the declared sheets that a file lacks of which others were read."""
    there = ", ".join(grid.sheet for grid in book.sheets[:10])
    for names in dict.fromkeys(owed):
        yield Problem(*told("no_such_sheet", names=" or ".join(names), there=there), book.file)


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
        case = "no_declared_sheet" if is_declared else "no_layout"
        refused = [Problem(*told(case, names=names), book.file)]
    result.problems += [*refused, *_untouched_sheets(book, touched, is_read=is_read)]


def _untouched_sheets(book: Book, touched: set[str], *, is_read: bool) -> Iterator[Problem]:
    """Name the sheets that no layout was tried on."""
    untouched = [g for g in book.sheets if g.sheet not in touched and not _is_beside(g)]
    for grid in untouched:
        if not grid.visible:
            message = told("hidden_sheet", sheet=grid.sheet)
            yield Problem(*message, book.file, grid.sheet, severity="warning")
    others = [grid.sheet for grid in untouched if grid.visible]
    if len(book.sheets) > MANY_SHEETS:
        message = told("many_sheets", n=len(book.sheets), read=len(touched))
        yield Problem(*message, book.file, severity="warning")
    elif others and is_read:
        message = told("sheets_not_declared", n=len(others), names=", ".join(others[:10]))
        yield Problem(*message, book.file, severity="note")


def _is_beside(grid: Grid) -> bool:
    """Say whether a sheet is one that the blank return itself brings beside its table."""
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return isinstance(first, str) and first in (
        *FORMER_TITLES,
        *in_each(RETURN, GUIDE_TITLE),
        *(() if grid.visible else in_each(RETURN, LISTS_TITLE)),
    )


def _grids(book: Book, sheet: Sheet) -> list[Grid]:
    """Return the sheets a layout is for; a text file has just one, whatever its name."""
    if not sheet.sheets or book.format in ("csv", "tsv"):
        return list(book.sheets)
    grids: list[Grid] = []
    for pattern in sheet.sheets:
        same = [g for g in book.sheets if fnmatch.fnmatchcase(fold(g.sheet), fold(pattern))]
        if len(same) > 1 and not set("*?") & set(pattern):
            message = told("sheets_alike", n=len(same), name=pattern)
            raise SourceError([Problem(*message, book.file, same[-1].sheet)])
        grids += [grid for grid in same if grid not in grids]
    return grids
