"""How finely the figures of a workbook's tables are written, and in what their money is."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from delivery_analytics.report.document import Table
from delivery_analytics.wording.numbers import exact, money_power
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import decimals_of, is_blank, is_numeric, told_apart

_BILLIONS = 9  # a power of ten; trillions would make noughts of a programme's lines


def settled(table: Table, words: Wording) -> Table:
    """Return a table with one precision a column, and its money in one declared scale.

    A column has the decimals that its finest figure needs, also to be told from the one
    beside it. Of a currency all columns are in the billions, millions or units of its
    largest amount, and their headings say so.
    """
    frame, columns = table.frame.copy(), list(table.columns)
    for unit in {one.unit for one in columns if one.kind == "money"}:
        same = [n for n, one in enumerate(columns) if (one.kind, one.unit) == ("money", unit)]
        amounts = [pd.to_numeric(frame[columns[n].key], errors="coerce") for n in same]
        power = min(money_power(pd.concat(amounts).abs().max()), _BILLIONS)
        for n in same:
            key, decimals = columns[n].key, 3 if power else 0
            frame[key] = [_scaled(value, power) for value in frame[key]]
            marks = tuple((sign, _scaled(v, power), code) for sign, v, code in columns[n].marks)
            told: dict[str, Any] = {"unit": words.scale(unit, power), "marks": marks}
            columns[n] = replace(columns[n], kind="number", decimals=decimals, **told)
    rows = [*frame[[one.key for one in columns]].itertuples(index=False, name=None)]
    styles = [told_apart(row, columns) for row in rows]
    for n, column in enumerate(columns):
        known = [
            decimals_of(float(row[n]), style[n])
            for row, style in zip(rows, styles, strict=True)
            if is_numeric(column) and not isinstance(row[n], str) and not is_blank(row[n])
        ]
        columns[n] = replace(column, decimals=max(known, default=column.decimals))
    return replace(table, frame=frame, columns=tuple(columns))


def _scaled(value: Any, power: int) -> Any:
    if isinstance(value, str) or is_blank(value):
        return value
    return float((exact(value) or Decimal(0)).scaleb(-power))
