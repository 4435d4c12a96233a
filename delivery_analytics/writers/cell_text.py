"""One value of a shown table as the reader sees it: the same text in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.numbers import rounded
from delivery_analytics.wording.wording import Wording

MISSING = "–"
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
    if column.kind == "status":
        return printable(words.status(str(value)))
    if column.kind == "period":
        return printable(words.period(str(value)))
    if column.kind == "date":
        return printable(value if isinstance(value, str) else words.date(_day(value)))
    if is_numeric(column) and not isinstance(value, str):
        return printable(_quantity(float(value), column, words))
    return printable(value)


@dataclass(frozen=True)
class WrittenCell:
    """A cell of a shown table: its value, the text for it, and its status's code if any."""

    value: Any
    text: str
    status: str


def written_rows(
    frame: pd.DataFrame, columns: Sequence[Column], words: Wording
) -> list[list[WrittenCell]]:
    """Return the rows of a shown table in their order, one cell a column of `columns`."""
    rows = frame[[column.key for column in columns]].itertuples(index=False, name=None)
    return [
        [_written(value, column, words) for value, column in zip(row, columns, strict=True)]
        for row in rows
    ]


def _written(value: Any, column: Column, words: Wording) -> WrittenCell:
    has_status = column.kind == "status" and not is_blank(value)
    return WrittenCell(value, shown_text(value, column, words), str(value) * has_status)


def note_kind(kind: str, words: Wording) -> str:
    """Return what a note of some `kind` is headed with."""
    return {
        "note": words("Note"),
        "illustrative": words("Illustrative figures"),
        "coverage": words("What is covered"),
        "warning": words("Take care"),
    }[kind]


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _quantity(value: float, column: Column, words: Wording) -> str:
    if column.kind == "money":
        return words.money(value, unit=column.unit)
    decimals = _own_decimals(value) if column.decimals is None else column.decimals
    if column.kind == "percent":
        return words.percent(value, decimals=decimals)
    return words.number(value, decimals=decimals)


def _own_decimals(value: float) -> int:
    """Return how many decimals a figure has, at most three: 0.25 has two, 1200.0 none."""
    figure = rounded(value, 3)
    exponent = figure.normalize().as_tuple().exponent if figure else 0
    return max(0, -int(exponent))
