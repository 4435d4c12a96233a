"""Work out again what the sender worked out: percentages, and totals of their parts.

What disagrees is remarked with both numbers and changes nothing: neither a percentage nor
a total is ever stored.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise

from delivery_analytics.errors import Problem
from delivery_analytics.loading.as_declared import number_reader
from delivery_analytics.loading.headings import Layout
from delivery_analytics.loading.records import Records
from delivery_analytics.loading.remarks import problem, told
from delivery_analytics.model.sheet_definitions import Recompute, Sheet
from delivery_analytics.parsing.parse import ParseError, clean
from delivery_analytics.spreadsheets import Grid

NAMED = 1000  # percentages of one column named one by one, before the rest are counted
FIGURES = ("value", "target", "plan", "actual", "commitment")
_DECIMALS = re.compile(r"[.,](\d+)\D*$")
_EXACT = 1e-9  # relative: what binary fractions may differ by


@dataclass(frozen=True)
class Parts:
    """What is no part of a total: the nation, organisations, and indicators never summed."""

    nation: str = ""
    organisations: frozenset[str] = frozenset()
    unsummed: frozenset[str] = frozenset()


ALL = Parts()  # every row is a part


@dataclass(frozen=True)
class _Shown:
    """A figure and its cell; NaN where that holds none."""

    value: float
    cell: object

    @cached_property
    def decimals(self) -> int:
        """With how many decimals the cell shows it."""
        return 0 if math.isnan(self.value) else _decimals(self.cell, self.value)


def _figure_reader(sheet: Sheet) -> Callable[[object], _Shown]:
    """Return what reads a cell of the sheet as a figure, and complains of none."""
    number = number_reader(sheet)

    @lru_cache(maxsize=None, typed=True)
    def read(cell: object) -> _Shown:
        try:
            value = number(cell, percent=True).value
        except ParseError:
            value = math.nan
        return _Shown(value, cell)

    return read


def percentages(records: Records, sheet: Sheet) -> Iterator[Problem]:
    """Remark each percentage that does not follow from the figures of its own row.

    Two percentages agree when they differ by at most half a unit of the last decimal
    shown. Of nothing no percentage can be formed: a row whose whole is zero, or that lacks
    one of the three figures, is not judged.
    """
    read = _figure_reader(sheet)
    for name, rule in sheet.recompute.items():
        if not {name, rule.part, rule.of} <= set(records.fields):
            continue
        wrong = list(_disagreeing(records, read, name, rule))
        for index, message in wrong[:NAMED]:
            where, sent = records.cell(name, index), records.typed(name, index)
            yield problem(records.grid, *message, where, sent, "warning")
        if len(wrong) > NAMED:
            message = told("more_percentages", n=len(wrong) - NAMED)
            where = records.cell(name, wrong[NAMED][0])
            yield problem(records.grid, *message, where, severity="warning")


def _disagreeing(
    records: Records, read: Callable[[object], _Shown], name: str, rule: Recompute
) -> Iterator[tuple[int, tuple[str, str]]]:
    grid = records.grid
    percents, parts, wholes = (records.fields[n] for n in (name, rule.part, rule.of))
    for index, row in enumerate(records.rows):
        column = percents.column(index)
        cell = percents.values[index]
        styled = bool(grid.percent) and column >= 0 and grid.is_percent(row, column)
        sent = read(round(cell * 100, 10) if styled and isinstance(cell, float | int) else cell)
        part, whole = read(parts.values[index]).value, read(wholes.values[index]).value
        if not whole or not math.isfinite(sent.value + part + whole):
            continue
        true = 100 * ((part - whole if rule.change else part) / whole)
        if abs(sent.value - true) > 0.5 * 10.0**-sent.decimals + _EXACT * abs(true):
            what = "a change" if rule.change else "a share"
            names = {"part": rule.part, "of": rule.of, "what": what}
            figures = {"sent": sent.value, "true": true, "n": part, "m": whole}
            yield index, told("percent_disagrees", **names, **figures)


def totals(
    grid: Grid,
    sheet: Sheet,
    layout: Layout,
    *,
    rows: Sequence[int],
    totals: Sequence[int],
    captions: Sequence[int],
    nation: Set[int] = frozenset(),
    is_summed: Callable[[int, int], bool] = lambda row, column: True,
) -> Iterator[Problem]:
    """Yield a problem for each figure of a total that is not the sum of its parts.

    A percentage is never summed. The nation's own row among regions is no part: the total
    is held against it as well.

    Parameters
    ----------
    rows, totals, captions
        The grid's rows of data, and the rows told apart from them, each in order.
    nation
        Those of them that are of the nation.
    is_summed
        Says of a row and column whether figures like its own can be added.

    Notes
    -----
    A total's parts are the rows of data between it and the total or caption before it. In
    a table that begins with a total they are the rows up to the next one. A total beside
    another total is that of all rows. A column is compared only where each part is a
    figure. Whole numbers must agree exactly; figures with decimals may differ by half a
    unit of the last one, for each part and for the total.
    """
    read = _figure_reader(sheet)
    apart = nation if sheet.table in ("observations", "targets") else frozenset[int]()
    for total, block in _blocks(rows, totals, captions):
        own = [row for row in block if row in apart]
        part_rows = [row for row in block if row not in apart] or block
        for column in sorted(figure_columns(layout)):
            if any(
                _is_percentage(grid, row, column) or not is_summed(row, column)
                for row in part_rows
            ) or _is_percentage(grid, total, column):
                continue
            cell, where = grid.rows[total][column], grid.address(total, column)
            figures = [read(grid.rows[row][column]) for row in part_rows]
            message = _sum_differs(read(cell), figures)
            if not message and len(own) == 1 and part_rows != block:
                nations = read(grid.rows[own[0]][column])
                if _sum_differs(read(cell), [nations]):
                    at = grid.address(own[0], column)
                    own_row = {"nation": nations.value, "cell": at}
                    message = told("nation_disagrees", total=read(cell).value, **own_row)
            if message:
                yield problem(grid, *message, where, cell, "warning")


def _is_percentage(grid: Grid, row: int, column: int) -> bool:
    cell = grid.rows[row][column]
    return grid.is_percent(row, column) or (isinstance(cell, str) and "%" in cell)


def figure_columns(layout: Layout) -> set[int]:
    """Return the columns whose cells are figures."""
    columns = {column for name, column in layout.columns.items() if name in FIGURES}
    return columns | {wide.column for wide in layout.wide}


def _sum_differs(total: _Shown, parts: Sequence[_Shown]) -> tuple[str, str] | None:
    """Say how far a total is from its parts' sum; nothing where it is not, or has none."""
    true = math.fsum(part.value for part in parts)
    if not math.isfinite(total.value + true):
        return None
    finest = max(total.decimals, *(part.decimals for part in parts))
    slack = 0.5 * 10.0**-finest * (len(parts) + 1) if finest else 0.0
    if abs(total.value - true) <= slack + _EXACT * abs(true):
        return None
    return told("total_disagrees", total=total.value, n=len(parts), true=true)


def _blocks(
    rows: Sequence[int], totals: Sequence[int], captions: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield each total that has parts, with the rows that are its parts."""
    if not rows or not totals:
        return
    leading = totals[0] < rows[0]
    edges = sorted({-1, *totals, *captions, max(rows[-1], totals[-1]) + 1})
    spans = list(pairwise(edges))
    for total in totals:
        first, last = next(span for span in spans if span[0 if leading else 1] == total)
        parts = [row for row in rows if first < row < last]
        if not parts and (last if leading else first) in totals:
            parts = [row for row in rows if (row > total) == leading]
        if parts:
            yield total, parts


def _decimals(cell: object, value: float) -> int:
    if isinstance(cell, str):
        match = _DECIMALS.search(clean(cell))
        # "1,234" may have a thousands mark: then its value is whole, and ends in no zeros.
        whole = match is None or (value.is_integer() and match[1].strip("0") != "")
        return 0 if match is None or whole else len(match[1])
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
