"""Registers, a CSV file each: places, the bodies that answer, the acts that instruct."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic.dataclasses import dataclass

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.building import build_definition
from delivery_analytics.model.definitions import Key, Region
from delivery_analytics.model.languages import LANGUAGES, SOURCE, Names, named_in
from delivery_analytics.model.lookup import hint, mistake, near_miss
from delivery_analytics.model.sheet_definitions import STRICT

# Column of the tables with what was sent → the register that it is held against.
REGISTERED = {"owner": "bodies", "executor": "bodies", "act": "acts"}
JOINED = "; "  # between the names of several; between their ids without the space
_NAMES = {f"name_{language}": language for language in LANGUAGES}
_DIVIDED = {"aliases": "|", "tile": None}  # by what


@dataclass(frozen=True, config=STRICT)
class Body:
    """A body that owns, or answers for, what is to be done: a ministry, an akimat, a company.

    Attributes
    ----------
    id
        What definitions and returns may call it. As ``finance``.
    name
        Its name, a column a language, of no other. As ``name_en``, ``name_ru``.
    aliases
        What else returns call it, such as abbreviations, divided by ``|``. As ``МФ|МФ РК``.
    kind
        What it is, in a word of the unit's own. As ``ministry``.
    sector
        The sector that it leads or belongs to. As ``healthcare``.
    parent
        The body that it is a part of, as a committee is of a ministry. As ``health``.
    """

    id: Key
    name: Names
    aliases: tuple[str, ...] = ()
    kind: str = ""
    sector: str = ""
    parent: str = ""


@dataclass(frozen=True, config=STRICT)
class Act(Body):
    """An act that instructions stem from: minutes, an order, a decree.

    Attributes
    ----------
    id
        What returns may call it. As ``minutes-12``.
    name
        Its name, a column a language, of no other. As ``name_en``, ``name_ru``.
    aliases
        What else returns call it, divided by ``|``. As ``Minutes No. 12``.
    kind
        What it is, in a word of the unit's own. As ``minutes``.
    sector
        The sector that it is about. As ``healthcare``.
    parent
        The act that it was made under. As ``decree-5``.
    """


def read_register(
    kind: Any, path: Path, among: Mapping[str, Collection[str]] | None = None
) -> dict[str, Any]:
    """Read a register by id: a `kind` a row, a column an attribute.

    Parameters
    ----------
    among
        Column → the ids that it may name, where they are none of the register's own.

    Raises
    ------
    DefinitionError
        Naming the file, the row as a spreadsheet counts it, the column and what is near.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            columns, *rows = [*csv.reader(lines)] or [[]]
    except FileNotFoundError:
        raise DefinitionError(f"{path} is missing") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(f"{path}: {error}") from None
    while columns and not columns[-1].strip():  # as Excel leaves them
        columns.pop()
    key, what = ("region_id" if kind is Region else "id"), kind.__name__.lower()
    needed = _check_columns(kind, key, columns, path)
    things: dict[str, Any] = {}
    places: dict[str, str] = {}
    for number, cells in enumerate(rows, 2):
        row = {name: text.strip() for name, text in zip(columns, cells, strict=False)}
        if not any(row.values()):
            continue
        where = f"row {number}, {row.get(key, '')}"
        if any(cells[len(columns) :]):
            told = f"{len(cells)} cells under {len(columns)} columns: quote a text with commas"
            raise DefinitionError(f"{path}, {where}: {told}")
        body = {
            name: _parts(text, name) if name in _DIVIDED else text
            for name, text in row.items()
            if name not in _NAMES and (text or name in needed)
        }
        names = {language: row[name] for name, language in _NAMES.items() if row.get(name)}
        body |= {"id": body.pop(key, ""), "name": names}
        one = build_definition(kind, body, path, where)
        if one.id in things:
            raise DefinitionError(f"{path}, {where}: the {what} stands twice")
        things[one.id], places[one.id] = one, where
    for key, one in things.items():
        for column, told in _wrong(one, things, among or {}):
            raise DefinitionError(f"{path}, {places[key]}.{column}: {told}")
    return things


def _wrong(
    one: Any, things: Mapping[str, Any], among: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each column of a row that names what there is not, and what is near."""
    what = type(one).__name__.lower()
    for column, ids in {"split_from": things, "parent": things, **among}.items():
        if (named := getattr(one, column, "")) and named not in ids:
            yield column, near_miss(column if column in among else what, named, ids)
            return
    chain = [one.id]
    while (above := things[chain[-1]].parent) and above in things and above not in chain:
        chain.append(above)
    if above:
        yield "parent", "it is within itself"
    if what != "region":  # two places of one name are told apart by what they lie in
        if not one.name:
            yield f"name_{SOURCE}", "it is empty, and so is every other name"
        for language, name in one.name.items():
            alike = [o.id for o in things.values() if o.name.get(language) == name]
            if len(alike) > 1:
                yield f"name_{language}", f"'{name}' is the name of {' and of '.join(alike)}"


def _parts(text: str, name: str) -> list[str]:
    return [part.strip() for part in text.split(_DIVIDED[name]) if part.strip()]


def _check_columns(kind: Any, key: str, columns: Collection[str], path: Path) -> list[str]:
    """Return the columns that a register must have, or refuse those that it has.

    Names may be left out in any language but English. Where there is one in a language that
    nobody knows, all are expected: one of them was misspelled.
    """
    own = [one for one in fields(kind) if one.name not in ("id", "name")]
    known = [key, *(one.name for one in own), *_NAMES]
    misspelt = any(one.startswith("name_") and one not in _NAMES for one in columns)
    needed = [key, *(one.name for one in own if one.default is MISSING)]
    for column in (*needed, *(_NAMES if misspelt else [f"name_{SOURCE}"])):
        if column not in columns:
            raise mistake("no-column", path=path, column=column, near=hint(column, columns))
    for column in columns:
        if column not in known:
            near = hint(column, known)
            raise DefinitionError(f"{path}, {column}: there is no such column. {near}")
        if [*columns].count(column) > 1:
            raise DefinitionError(f"{path}, {column}: the column stands twice")
    return needed


def each_named(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows, one for each of several bodies or acts that a row names."""
    ids = rows.get(f"{column}_id")
    if ids is None or not ids.str.contains(";", regex=False).any():
        return rows
    each_row, keys = rows[column].str.split(JOINED), ids.str.split(";")
    names = [
        each if len(each) == len(key) else [text] * len(key)
        for each, key, text in zip(each_row, keys, rows[column], strict=True)
    ]
    both: dict[str, Any] = {column: names, f"{column}_id": keys}
    return rows.assign(**both).explode([*both], ignore_index=True).astype(rows.dtypes[[*both]])


def as_registered(rows: pd.DataFrame, registry: Any, language: str) -> pd.DataFrame:
    """Return rows with bodies, acts and texts as a reader has them; see `Dataset.named`."""
    out = {}
    for column in REGISTERED.keys() & {*rows}:
        register = getattr(registry, REGISTERED[column]).items()
        own = language or registry.prefers.languages[0]
        called = {key: named_in(own, one.name) for key, one in register}
        ids = rows.get(f"{column}_id", rows[column])
        joint = {}
        for row in ids.index[ids.str.contains(";", regex=False)]:
            each = zip(ids[row].split(";"), rows[column][row].split(JOINED), strict=False)
            joint[row] = JOINED.join(called.get(key, text) for key, text in each)
        known = ids.map(called).fillna(pd.Series(joint, dtype="str"))
        out[column] = known.fillna(rows[column]).astype("str")
    for column in {*schema.SPOKEN} & {*rows}:
        version = rows.get(f"{column}_{language}", rows[column])
        out[column] = version.where(version != "", rows[column])
    return rows.assign(**out) if out else rows
