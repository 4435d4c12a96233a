"""A DataFrame of the analyst's own: which columns are shown, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, time, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, get_args

import numpy as np
import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.lookup import check, mistake
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report.figure import COMPARED, Column, ColumnKind

_NUMBERS = (Real, Decimal)
_DAYS = (date, np.datetime64)
_SHOWN = (str, *_NUMBERS, *_DAYS, np.bool_, time, timedelta, pd.Interval, pd.Period)
_YEARS = range(1900, 2101)
_A_YEAR = re.compile(r"(?<![^\W_])(year|год|жыл)|^$", re.IGNORECASE)
_MOST_DECIMALS = 3
_JOINED = " · "
_SETTINGS = [one.name for one in fields(Column) if one.name != "key"]


def as_shown(
    frame: Any, asked: Any = (), groups: str = ""
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return what `Table` shows of `frame`: with plain columns, and how each is written.

    Parameters
    ----------
    asked
        The columns, as `Table` takes them.
    groups
        The column by which rows stand together; it becomes the first.
    """
    frame, found = _flat(pd.DataFrame(frame))
    if not isinstance(asked, Mapping):
        named = {getattr(one, "key", one): one for one in asked or found}
        asked = {key: one if isinstance(one, Column) else {} for key, one in named.items()}
    said = {_JOINED.join(_levels(one)): how for one, how in asked.items()}
    shown: dict[str, pd.Series[Any]] = {}
    columns: list[Column] = []
    for key in {**dict.fromkeys(filter(None, [groups])), **said}:
        check("column", key, found)
        shown[key], column = _read(frame[key], found[key])
        columns.append(_as_said(column, said.get(key, {})))
        _check(columns[-1], shown[key].dropna())
    frame = pd.DataFrame(shown, index=frame.index)
    if groups:
        met = pd.factorize(frame[groups])[0]
        frame = frame.iloc[np.argsort(met, kind="stable")].reset_index(drop=True)
    return frame, tuple(columns)


def _levels(name: object) -> list[str]:
    """Return the levels of a column's name, without the empty ones."""
    parts = name if isinstance(name, tuple) else (name,)
    texts = (str(one.date() if isinstance(one, pd.Timestamp) else one) for one in parts)
    return [*filter(None, texts)]


def _flat(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Return `frame` with one level of names and of rows, and its columns by their names.

    An index that says something becomes columns. Whole numbers without a name are pandas'
    own count of rows, unless they are years.
    """
    index, heads = frame.index, [*frame.columns]
    frame = frame.reset_index(drop=True)
    counts = index.names == [None] and pd.api.types.is_integer_dtype(index.dtype)
    if len(index) and not (counts and not index.isin(_YEARS).all()):
        heads = ["" if name is None else name for name in index.names] + heads
        frame = pd.concat([index.to_frame(index=False), frame], axis=1, ignore_index=True)
    columns: dict[str, Column] = {}
    for head in heads:
        *upper, label = _levels(head) or [""]
        if (key := _JOINED.join([*upper, label])) in columns:
            raise DefinitionError(f"Two columns are called '{key}': rename one of them")
        columns[key] = Column(key, label, spanner=_JOINED.join(upper))
    if not columns:
        raise DefinitionError("The table has no column: there is nothing to show of it")
    return frame.set_axis([*columns], axis=1), columns


def _read(values: pd.Series[Any], column: Column) -> tuple[pd.Series[Any], Column]:
    """Return values as they can be written, and how, as they themselves say it."""
    values = values.astype(object)
    known = values.dropna().tolist()
    for one in known:
        if not isinstance(one, _SHOWN):
            raise mistake("value-unshown", column=column.key, kind=type(one).__name__)
    if known and all(isinstance(one, pd.Period) for one in known):  # as ours are written
        values = values.astype("str").str.replace(r"(?<=\d)Q", "-Q", regex=True)
        known = values.dropna().tolist()
    texts = [one for one in known if isinstance(one, str)]
    numbers = [one for one in known if isinstance(one, _NUMBERS) and not isinstance(one, bool)]
    if numbers and len(numbers) + len(texts) == len(known):
        if np.isinf(np.array(numbers, dtype=float)).any():
            raise mistake("value-infinite", column=column.key)
        if not texts and _A_YEAR.search(column.label) and all(n in _YEARS for n in numbers):
            years = values.map(lambda one: str(int(one)), na_action="ignore")
            return years, replace(column, kind="period")
        return values, replace(column, kind="number", decimals=decimals_in(numbers))
    if known and all(isinstance(one, _DAYS) for one in known):
        days = [pd.Timestamp(one).tz_localize(None) for one in known]
        if all(day == day.normalize() for day in days):
            return values, replace(column, kind="date")
        return values.map(lambda one: str(pd.Timestamp(one)), na_action="ignore"), column
    if texts and len(texts) == len(known):
        if all(one in STATUSES for one in texts):
            return values, replace(column, kind="status")
        if all(map(periods.is_period, texts)):
            return values, replace(column, kind="period")
    return values, column


def decimals_in(numbers: list[Any]) -> int | None:
    """Return the fewest decimals that say every number; ``None`` where three do not."""
    figures = np.array(numbers, dtype=float)
    tried = range(_MOST_DECIMALS + 1)
    exact = (np.allclose(figures.round(n), figures, rtol=1e-14, atol=0) for n in tried)
    return next((n for n, is_exact in zip(tried, exact, strict=True) if is_exact), None)


def _as_said(column: Column, said: Any) -> Column:
    """Return `column` with the heading, or the settings, that the analyst gave it."""
    if isinstance(said, Column):
        return said
    given = {"label": said} if isinstance(said, str) else dict(said)
    for setting in given:
        check("setting of a column", setting, _SETTINGS)
    marks = tuple(tuple(mark) for mark in given.get("marks", ()))
    return replace(column, **{**given, "marks": marks})


def _check(column: Column, known: pd.Series[Any]) -> None:
    """Refuse what no format could write later, while it is known who asked for it."""
    check("kind of column", column.kind, get_args(ColumnKind))
    for comparison, _, status in column.marks:
        check("comparison", comparison, COMPARED)
        check("status", status, STATUSES)
    for one in map(str, known):
        if column.kind == "status":
            check("status", one, STATUSES)
        if column.kind == "period" and not periods.is_period(one):
            raise mistake("value-no-period", column=column.key, one=one)
