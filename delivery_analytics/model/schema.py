"""The contract of every tidy table: its key, its columns, their types, units and meaning.

Tables are plain long DataFrames. Their contract stands in ``schema.toml`` and is checked where
data enter and leave the package (`check_contract`), never inside an analytic.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from delivery_analytics.errors import ContractError
from delivery_analytics.model.files import packaged
from delivery_analytics.model.languages import LANGUAGES

TEXT, NUMBER, DAY, FLAG, COUNT = "text", "number", "day", "flag", "count"
_DTYPES = {TEXT: "str", NUMBER: "float64", DAY: "datetime64[us]", FLAG: "bool", COUNT: "int64"}


@dataclass(frozen=True)
class ColumnContract:
    """One column: its kind, what it means with its unit, and whether it may be missing."""

    kind: str
    meaning: str
    missing: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableContract:
    """A table's contract: one row per what, the key that makes a row unique, the columns.

    `needs` are the fields that a row of a return must have, none where no return fills it;
    `may` are those that it may have as well.
    """

    name: str
    one_row_per: str
    key: tuple[str, ...]
    columns: dict[str, ColumnContract]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that a row of a return has, as definitions name them."""
        return self.needs + self.may

    @property
    def revisions(self) -> tuple[str, ...]:
        """The key without the day it was reported: what a revision is a revision of."""
        return tuple(name for name in self.key if name not in ("reported_on", "set_on"))

    @property
    def learned_on(self) -> str | None:
        """The column that says when we learned a row, if the table has one."""
        days = ("reported_on", "set_on", "received_on", "as_of")
        return next((name for name in days if name in self.columns), None)


def _columns(declared: Mapping[str, Any]) -> Iterator[tuple[str, ColumnContract]]:
    for name, own in declared.items():
        spec = own or _shared[name]
        [kind] = spec.keys() & _DTYPES.keys()
        missing, among = spec.get("missing", False), tuple(spec.get("among", ()))
        yield name, ColumnContract(kind, spec[kind], missing, among)
        told = f"`{name}` in this language; empty where it was not sent"
        yield from ((version, ColumnContract(TEXT, told)) for version in spoken_columns(name))


def spoken_columns(name: str) -> list[str]:
    """Return a text's columns, and fields of returns, for each language it may be sent in."""
    return [f"{name}_{language}" for language in LANGUAGES if name in SPOKEN]


_agreed = packaged(__file__, "schema.toml")
_shared = _agreed.pop("shared")
SPOKEN = tuple(name for name, spec in _shared.items() if spec.get("spoken"))
# Fields of returns that no column is called by: kind and meaning.
FIELDS = {name: next(iter(spec.items())) for name, spec in _agreed.pop("fields").items()}
TABLES = {
    name: TableContract(
        name,
        table["one_row_per"],
        tuple(table["key"]),
        dict(_columns(table["columns"])),
        tuple(table.get("needs", ())),
        tuple(each for name in table.get("may", ()) for each in (name, *spoken_columns(name))),
    )
    for name, table in _agreed.items()
}
SENT = tuple(name for name, table in TABLES.items() if table.needs)  # what returns can fill

STATUSES = TABLES["assessments"].columns["status"].among
OBS_STATUSES = TABLES["observations"].columns["obs_status"].among
# What a sheet may declare that a mark means.
MARK_MEANINGS = (*(s for s in OBS_STATUSES if s not in ("normal", "marked")), "none")
LEVELS = TABLES["obstacles"].columns["level"].among  # of escalation, from below
LONGEST_ASK = 85  # letters of what is asked, as a brief holds it


def empty(name: str) -> pd.DataFrame:
    """Return the table called `name` with its columns and types, and no rows."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    kinds = {column: _DTYPES[spec.kind] for column, spec in TABLES[name].columns.items()}
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def conform(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the table's columns, order, types and sort, missing ones empty.

    Types are set, never judged: text that is not a number must have been set aside long
    before. The contract itself is `check_contract`.
    """
    if not len(rows):
        return empty(name)  # as most tables of most loads are
    table = TABLES[name]
    out = {}
    for column, spec in table.columns.items():
        values = rows[column] if column in rows else pd.Series(index=rows.index, dtype=object)
        if spec.kind == TEXT:
            values = values.astype("str").fillna("")
        elif spec.kind in (FLAG, COUNT):
            values = values.where(values.notna(), 0)
        out[column] = values.astype(_DTYPES[spec.kind])  # type: ignore[call-overload]
    frame = pd.DataFrame(out, columns=list(table.columns))
    return frame.sort_values(list(table.key), kind="stable", ignore_index=True)


def check_contract(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` unchanged if it keeps the contract of the table called `name`.

    Raises
    ------
    ContractError
        Naming the column, the rule and the first values that break it.
    """
    table = TABLES[name]
    if _is_kept(table, frame):
        return frame
    import pandera.pandas as pa  # takes longer than to look, and only tells what is broken

    columns = {
        column: pa.Column(
            _DTYPES[spec.kind],
            nullable=spec.missing,
            checks=[pa.Check.isin(spec.among)] if spec.among else [],
        )
        for column, spec in table.columns.items()
    }
    contract = pa.DataFrameSchema(columns, unique=list(table.key), strict=True, ordered=True)
    try:
        # Labels of rows mean nothing here, and equal ones would break the naming of cases.
        contract.validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check", "failure_case"]].head(5)
        told = cases.to_string(index=False)
        raise ContractError(f"The table '{name}' breaks its contract:\n{told}") from None
    return frame


def _is_kept(table: TableContract, frame: pd.DataFrame) -> bool:
    return [*frame] == [*table.columns] and not (
        frame.duplicated(list(table.key)).any()
        or any(
            frame[column].dtype != _DTYPES[spec.kind]
            or (frame[column].hasnans and not spec.missing)
            or (spec.among and not frame[column].isin(spec.among).all())
            for column, spec in table.columns.items()
        )
    )
