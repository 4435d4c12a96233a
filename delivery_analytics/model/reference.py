"""Every key of the definitions and every field of a return, in words and as a JSON schema.

Written from the docstrings and the tables' contract, so that neither can drift from them.
"""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from delivery_analytics.model import definitions, registers, schema
from delivery_analytics.model.definitions import Indicator, Sector
from delivery_analytics.model.sheet_definitions import CellField, Keep, Recompute, Sheet, Wide

# The files of data/definitions, and what stands in each.
DEFINED: dict[str, tuple[type, ...]] = {
    "sectors/*.toml": (Sector, Indicator, Sheet, Wide, CellField, Keep, Recompute),
    "workspace.toml": (definitions.Preferences,),
    "units.toml": (definitions.Unit,),
    "regions.csv": (definitions.Region,),
    "bodies.csv": (registers.Body,),
    "acts.csv": (registers.Act,),
    "status.toml": (definitions.StatusRules,),
    "programmes.toml": (definitions.Programme,),
    "packs.toml": (definitions.Pack,),
    "challenges.toml": (definitions.Challenge, definitions.Guard),
}
_BY_FILE = {Sector: ("id", "indicators", "sheets"), Indicator: ("sector_id",)}
_ENTRY = re.compile(r"^(\w+(?:, \w+)*)\n((?:[ ]{4}.*(?:\n|$)|\n)+)", re.MULTILINE)
_EXAMPLES = {
    schema.DAY: "31.12.2024",
    schema.NUMBER: "12.5",
    schema.COUNT: "2",
    schema.FLAG: "yes",
    schema.TEXT: "as sent",
}
_OWN_EXAMPLES = {"period": "2024-Q1", "region": "KZ-71", "unit": "km", "indicator": "H-001"}


@dataclasses.dataclass(frozen=True)
class FieldMeaning:
    """A field that a row of a return has: its kind, meaning, an example, whether it must."""

    name: str
    kind: str
    meaning: str
    example: str
    needed: bool


def fields_of(table: str) -> list[FieldMeaning]:
    """Return the fields of the returns that fill a tidy table, those needed first."""
    contract = schema.TABLES[table]
    told = []
    for name in contract.fields:
        column = contract.columns.get(name) or contract.columns.get(f"{name}_id")
        kind, meaning = schema.FIELDS.get(name, (schema.TEXT, ""))
        among = column.among if column else ()
        if column:
            kind, meaning = column.kind, column.meaning
        example = among[0] if among else _OWN_EXAMPLES.get(name, _EXAMPLES[kind])
        if among:
            meaning = f"{meaning}: {', '.join(among)}"
        told.append(FieldMeaning(name, kind, meaning, example, name in contract.needs))
    return told


def key_meanings(kind: type) -> dict[str, str]:
    """Return what each key of a definition means, by its docstring; "" where it is plain."""
    text = inspect.cleandoc(kind.__doc__ or "").partition("Attributes\n----------\n")[2]
    told: dict[str, str] = {}
    for names, body in _ENTRY.findall(text):
        meaning = " ".join(body.split())
        told |= dict.fromkeys(names.split(", "), meaning)
    keys = [field.name for field in dataclasses.fields(kind)]
    return {key: told.get(key, "") for key in keys if key not in _BY_FILE.get(kind, ())}


def definitions_text() -> str:
    """Return every key of every file of definitions, then every field of every table."""
    return "\n".join([*_keys_told(), *_fields_told()]) + "\n"


def _keys_told() -> Iterator[str]:
    for file, kinds in DEFINED.items():
        yield f"# data/definitions/{file}"
        for kind in kinds:
            first = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
            yield f"\n## {kind.__name__}: {' '.join(first.split())}\n"
            for key, meaning in key_meanings(kind).items():
                yield f"- {key}" + (f": {meaning}" if meaning else "")
        yield ""


def _fields_told() -> Iterator[str]:
    for table in schema.SENT:
        yield f"# Fields of {table}: one row per {schema.TABLES[table].one_row_per}\n"
        for field in fields_of(table):
            must = "needed" if field.needed else "may be left out"
            yield f"- {field.name} ({field.kind}, {must}): {field.meaning}. As {field.example}"
        yield ""


def definitions_schema() -> dict[str, Any]:
    """Return the JSON schema of a sector's file, by which an editor completes and checks it."""
    own: dict[str, Any] = {}
    defs: dict[str, Any] = {}
    for kind in (Sector, Indicator, Sheet):
        body = TypeAdapter(kind).json_schema(ref_template="#/$defs/{model}")
        defs |= body.pop("$defs", {})
        own[kind.__name__] = body
    told = {kind.__name__: kind for kind in DEFINED["sectors/*.toml"]}
    for name, body in {**defs, **own}.items():
        if name not in told:
            continue
        for key in _BY_FILE.get(told[name], ()):
            body["properties"].pop(key, None)
        body["required"] = [k for k in body.get("required", ()) if k in body["properties"]]
        for key, meaning in key_meanings(told[name]).items():
            if meaning:
                body["properties"][key]["description"] = meaning
    sector = own["Sector"]
    sector["properties"] |= {
        "indicator": {"type": "array", "items": own["Indicator"]},
        "sheet": {"type": "array", "items": own["Sheet"]},
    }
    defs = {name: body for name, body in defs.items() if name not in own}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **sector, "$defs": defs}
