"""One value of a shown table as the reader sees it: the same text in every format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.numbers import AS_SENT, FINER, decimals_apart, exact, rounded
from delivery_analytics.wording.wording import Wording

MISSING = "–"
_MOST_DECIMALS = 3  # of a figure whose column does not say how many
_NUMERIC = frozenset({"number", "percent", "money"})


def is_numeric(column: Column) -> bool:
    """Say whether the column holds quantities, which stand to the right in a table."""
    return column.kind in _NUMERIC


def is_blank(value: Any) -> bool:
    """Say whether there is nothing to write: no value, not a number, or empty text."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (float, np.floating)) and not np.isfinite(value)


def heading(column: Column) -> str:
    """Return the column's heading: its label, and the unit where cells do not carry it."""
    if column.unit and column.kind == "number":
        return printable(f"{column.label}, {column.unit}")
    return printable(column.label)


def shown_text(value: Any, column: Column, words: Wording) -> str:
    """Return `value` as the reader sees it, without any markup.

    A missing value is an en dash. Text in a column of quantities is taken as already
    written: rows of one table may have different units.
    """
    if is_blank(value):
        return MISSING
    if isinstance(value, bool | np.bool_):
        return words("yes") if value else words("no")
    if column.kind == "status":
        return printable(words.status(str(value)))
    if column.kind == "period":
        return printable(words.short_period(str(value)))
    if column.kind == "date":
        return printable(value if isinstance(value, str) else words.short_date(_day(value)))
    if is_numeric(column) and not isinstance(value, str):
        return printable(_quantity(float(value), column, words))
    return printable(value)


@dataclass(frozen=True)
class WrittenCell:
    """A cell of a shown table: its value, the text for it, and its status's code if any.

    `share` is how long its bar is, of the longest; below zero for a negative value.
    """

    value: Any
    text: str
    status: str
    share: float | None = None


def written_rows(
    frame: pd.DataFrame, columns: Sequence[Column], words: Wording
) -> list[list[WrittenCell]]:
    """Return the rows of a shown table in their order, one cell a column of `columns`."""
    rows = frame[[column.key for column in columns]].itertuples(index=False, name=None)
    written = [_written_row(row, columns, words) for row in rows]
    for place, column in enumerate(columns):
        for row in written if column.bar else ():
            if not is_blank(row[place].value) and not isinstance(row[place].value, str):
                share = float(row[place].value) / longest(frame, column)
                row[place] = replace(row[place], share=share)
    return written


def longest(frame: pd.DataFrame, column: Column) -> float:
    """Return what the longest bar of a column stands for: of per cent, at least 100."""
    known = pd.to_numeric(frame[column.key], errors="coerce").abs().dropna()
    return float(max([*known, 100.0 if column.kind == "percent" else 1e-300]))


def spanners(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Return what stands over how many headings, and nothing over the others, if anything."""
    same = groupby(printable(one.spanner) for one in columns)
    found = [(text, len([*those])) for text, those in same]
    return found if any(text for text, _ in found) else []


def _written_row(
    row: Sequence[Any], columns: Sequence[Column], words: Wording
) -> list[WrittenCell]:
    pairs = zip(row, told_apart(row, columns), strict=True)
    cells = [_written(value, column, words) for value, column in pairs]
    for unit, places in _alike(row, columns, ("money",)).items():
        texts = words.amounts([row[place] for place in places], unit[1], short=True)
        for place, text in zip(places, texts, strict=True):
            cells[place] = replace(cells[place], text=printable(text))
    return cells


def told_apart(row: Sequence[Any], columns: Sequence[Column]) -> list[Column]:
    """Return the columns with as many decimals as tell apart what stands in one row.

    Two figures of one kind that differ never look alike beside each other.
    """
    shown = list(columns)
    for places in _alike(row, columns, ("number", "percent")).values():
        looks: dict[Any, list[int]] = {}
        for place in places:
            figure = float(row[place])
            least = decimals_of(figure, columns[place])
            looks.setdefault((least, rounded(figure, least)), []).append(place)
        for (least, _), same in looks.items():
            finer = AS_SENT if columns[same[0]].decimals is None else FINER
            enough = decimals_apart([row[place] for place in same], least, finer=finer)
            for place in same if enough > least else ():
                shown[place] = replace(shown[place], decimals=enough)
    return shown


def _alike(
    row: Sequence[Any], columns: Sequence[Column], kinds: tuple[str, ...]
) -> dict[Any, list[int]]:
    """Return the places of figures of the same kind and unit, where there are several."""
    groups: dict[Any, list[int]] = {}
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        if column.kind in kinds and not isinstance(value, str) and not is_blank(value):
            key = (column.kind, column.unit, column.decimals)
            groups.setdefault(key, []).append(place)
    return {key: places for key, places in groups.items() if len(places) > 1}


def _written(value: Any, column: Column, words: Wording) -> WrittenCell:
    status = "" if is_blank(value) else column.status_of(value)
    return WrittenCell(value, shown_text(value, column, words), status)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _quantity(value: float, column: Column, words: Wording) -> str:
    if column.kind == "money":
        return words.money(value, unit=column.unit, short=True)
    decimals = decimals_of(value, column)
    if column.kind == "percent":
        return words.percent(value, decimals=decimals)
    return words.number(value, decimals=decimals)


def decimals_of(value: float, column: Column) -> int:
    """Return how many decimals a figure is shown with: its column's, or its own.

    Its own are at most three: 0.25 has two, 1200.0 none. More only where three would make
    nought of it.
    """
    if column.decimals is not None:
        return max(column.decimals, 0)
    figure = rounded(value, _MOST_DECIMALS)
    if not figure and (small := exact(value)):
        return -small.adjusted()
    exponent = figure.normalize().as_tuple().exponent if figure else 0
    return max(0, -int(exponent))
