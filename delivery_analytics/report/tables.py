"""The tables that a reader sees, as ``wording/tables.toml`` declares them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from delivery_analytics.model.registry import Unit
from delivery_analytics.report import theme
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import inside
from delivery_analytics.wording.codes import TABLES
from delivery_analytics.wording.numbers import is_currency
from delivery_analytics.wording.wording import Wording

# A declared kind that stands for a kind of `Column` with its decimals.
_KINDS: dict[str, tuple[Any, ...]] = {
    "count": ("number", 0),
    "figure": ("number", None),
    "remark": ("text",),
}


def table_of(
    name: str,
    frame: pd.DataFrame,
    words: Wording,
    *,
    title: str = "",
    more: str = "",
    empty: str = "",
    **values: Any,
) -> Table:
    """Return `frame` as the table `name`.

    Parameters
    ----------
    frame
        With the declared columns; where one is of money, with the rows' currency in ``unit``.
    title, empty
        In place of those that are declared.
    more
        What stands behind the declared note.
    values
        What its texts name in braces.
    """
    declared = TABLES[name]
    columns = columns_of(name, words, currencies=frame.get("unit", ()), **values)
    remarks = {key for key, one in declared["columns"].items() if "remark" in one}
    texts = {part: declared.get(part, "") for part in ("title", "note", "empty")}
    said = {part: words(text, **values) for part, text in texts.items()}
    return Table(
        frame,
        title or said["title"],
        tuple(one for one in columns if one.key not in remarks or frame[one.key].any()),
        note=" ".join(filter(None, [said["note"], more])),
        empty_text=empty or said["empty"],
        name=name,
        finding=words(declared.get("finding", ""), n=len(frame))
        or _counted(frame, columns, title or said["title"], words),
    )


def key_figures(figures: Iterable[tuple[str, str, str, float | None]], words: Wording) -> Table:
    """Return the figures that are read first: label, value in words, note, and the number."""
    names = ["label", "value", "note", "number"]
    frame = pd.DataFrame([*figures], columns=names, dtype=object)
    return table_of("key_figures", frame, words)


def _counted(frame: pd.DataFrame, columns: Iterable[Column], title: str, words: Wording) -> str:
    """Return how many rows have each status, the worst first; nothing without statuses."""
    keys = [column.key for column in columns if column.kind == "status"]
    counts: Any = frame[keys[-1]].value_counts() if keys else {}
    told = [
        f"{inside(words.status(code))} {counts[code]}"
        for code in theme.COUNTED
        if code in counts
    ]
    return f"{title}: {', '.join(told)}" if told else ""


def columns_of(
    name: str,
    words: Wording,
    *,
    unit: Unit | None = None,
    currencies: Iterable[str] = (),
    **values: Any,
) -> tuple[Column, ...]:
    """Return the columns of the table `name`.

    Parameters
    ----------
    unit
        Of the indicator that is shown.
    currencies
        Those of the rows; of several, each row names its own in ``unit``.
    values
        What headings name in braces, and codes by their kind.
    """
    found = sorted({*currencies} - {""})
    columns: list[Column] = []
    for key, declared in TABLES[name]["columns"].items():
        label, kind, *decimals = _headed(key, declared, words, values)
        if kind == "value" and unit is not None:
            columns.append(_of_unit(key, label, unit, words))
        elif kind == "days":
            columns.append(Column(key, label, "number", 0, words("days")))
        elif kind in ("sent", "en"):
            columns.append(Column(key, label, language=kind))
        elif kind != "money":
            columns.append(Column(key, label, *_KINDS.get(kind, (kind, *decimals))))
        elif len(found) < 2:
            columns.append(Column(key, label, "money", unit="".join(found)))
        else:
            if not any(column.key == "unit" for column in columns):
                columns.append(Column("unit", words("Currency")))
            columns.append(Column(key, label, "number", 0))
    return tuple(columns)


def _headed(key: str, declared: Any, words: Wording, values: dict[str, Any]) -> tuple[Any, ...]:
    """Return a column's heading, its kind, and its decimals where they are declared."""
    if isinstance(declared, dict):
        code = declared["code"]
        return words.code(code, str(values.get(code, key))), declared.get("kind", "text")
    heading, *how = [declared, "text"] if isinstance(declared, str) else declared
    return words(heading, **values), *how


def _of_unit(key: str, label: str, unit: Unit, words: Wording) -> Column:
    if is_currency(unit):
        return Column(key, label, "money", unit=unit.id.upper())
    if words.is_percent(unit):
        return Column(key, label, "percent", unit.decimals)
    return Column(key, label, "number", unit.decimals, words.name(unit.name))
