"""Refuse a definition whose own words are none that a return could hold.

What a sheet's definition says in place of the sender (`constants`, `map`, ``wide.labels``) is
read before any file as its cells would be, so that one wrong letter of an indicator or a
region is told once, where it stands, and not in every row.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.context import Context
from delivery_analytics.loading.fields import FieldReader
from delivery_analytics.loading.records import RecordColumn, Records
from delivery_analytics.loading.tables import TABLES
from delivery_analytics.model import schema
from delivery_analytics.model.registry import Registry, Sector, Sheet, as_last_loaded
from delivery_analytics.model.sheet_checks import called
from delivery_analytics.parsing.matching import field_names, unit_names
from delivery_analytics.spreadsheets import Grid


def check_references(registry: Registry) -> Registry:
    """Refuse a sheet that names an indicator, a region, a unit … that there is none of.

    Returns
    -------
    Registry
        A tolerant one has such a sector as the last load knew it, and tells so.

    Raises
    ------
    DefinitionError
        Naming the file, the sheet, the key and what is near.
    """
    folder, sectors = registry.workspace.definitions, [*registry.sectors.values()]
    every = replace(sectors[0], indicators=tuple(registry.indicators.values()))
    for message in _wrong_sheets(registry, every, registry.shared, folder / "sheets.toml"):
        raise DefinitionError(message)
    broken: dict[str, str] = {}
    for sector in sectors:
        own = sector.sheets[: len(sector.sheets) - len(registry.shared)]
        path = folder / "sectors" / f"{sector.id}.toml"
        for message in _wrong_sheets(registry, sector, own, path):
            if sector.id not in registry.broken:
                broken.setdefault(sector.id, message)
    return as_last_loaded(registry, broken) if broken else registry


def _wrong_sheets(
    registry: Registry, sector: Sector, sheets: tuple[Sheet, ...], path: Path
) -> Iterator[str]:
    for number, sheet in enumerate(sheets):
        for key, name, word in _words(sheet):
            message = _wrong(registry, sector, sheet, name, word)
            if message:
                yield f"{path}, {called(number, sheet.files)}, {key}.{name}: {message}"


def _words(sheet: Sheet) -> Iterator[tuple[str, str, Any]]:
    """Yield the key, the field and the text of all that the sheet says for the sender."""
    known = [n for n in schema.TABLES[sheet.table].fields if n not in sheet.join]
    for name in known:
        meanings = sheet.map.get(name, {})
        yield from (("map", name, meant) for meant in meanings.values() if meant)
        if name in sheet.constants and str(sheet.constants[name]) not in meanings:
            yield "constants", name, sheet.constants[name]
        if sheet.blank.get(name):
            yield "blank", name, sheet.blank[name]
        labels = sheet.wide.labels if sheet.wide else {}
        yield from (("wide.labels", name, label) for label in labels.get(name, {}))


def _wrong(registry: Registry, sector: Sector, sheet: Sheet, name: str, word: Any) -> str:
    """Say what is wrong with a text as the field `name`; nothing where it can be read."""
    if name == "unit" and sheet.table in ("observations", "targets"):
        units = unit_names(registry)
        known = bool(units.meanings(word))
        return "" if known else f"'{word}' is no unit we know{units.near(str(word))}"
    context = Context.of(registry, sector, sheet, field_names(registry, sector))
    records = Records(Grid("", "", [[word]]), [0], {name: RecordColumn([word])})
    remarks = TABLES[sheet.table](FieldReader(records, context)).remarks
    own = (remark for remark in remarks if remark.field == name)
    wrong = (r.message for r in own if r.severity == "error" or r.code == "cell.name-unknown")
    return next(wrong, "")
