"""What was agreed, read from ``data/definitions``: sectors, indicators, sheets, regions.

A file that does not say what it must is refused with its name and the key that is wrong;
nothing is defaulted in silence.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.definitions import (
    CellField,
    Challenge,
    Guard,
    Indicator,
    Keep,
    Names,
    Pack,
    Preferences,
    Programme,
    Region,
    Sector,
    Sheet,
    StatusRules,
    Unit,
    Wide,
)
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.lookup import ById, check
from delivery_analytics.model.workspace import Workspace

__all__ = [
    "LANGUAGES",
    "CellField",
    "Challenge",
    "Guard",
    "Indicator",
    "Keep",
    "Names",
    "Pack",
    "Preferences",
    "Programme",
    "Region",
    "Registry",
    "Sector",
    "Sheet",
    "StatusRules",
    "Unit",
    "Wide",
    "open_registry",
]


@dataclass(frozen=True, repr=False)
class Registry:
    """Everything that was agreed, and where the workspace is.

    Each table of ids says what is near an id that it does not have.
    """

    workspace: Workspace
    country_id: str
    sectors: dict[str, Sector]
    regions: dict[str, Region]
    units: dict[str, Unit]
    programmes: dict[str, Programme]
    rules: StatusRules
    challenges: dict[str, Challenge] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    prefers: Preferences = field(default_factory=Preferences)

    def __post_init__(self) -> None:
        for what in ("sector", "region", "unit", "programme", "challenge", "pack"):
            # The one way to set an attribute of what is frozen.
            object.__setattr__(self, f"{what}s", ById(what, getattr(self, f"{what}s")))

    def __repr__(self) -> str:
        kinds = ("sectors", "indicators", "regions", "programmes", "challenges")
        counts = ", ".join(f"{len(getattr(self, kind))} {kind}" for kind in kinds)
        return f"<Registry of {self.workspace}: {counts}>"

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by its ``sector.indicator`` id, sectors in their order."""
        sectors = self.sectors.values()
        return ById("indicator", {i.id: i for sector in sectors for i in sector.indicators})

    def check(self, what: str, key: str | None) -> None:
        """Refuse the id of a sector, region, indicator … that there is none of."""
        check(what, key, getattr(self, f"{what}s"))

    def sector(self, sector_id: str) -> Sector:
        """Return a sector by id, or say which is near."""
        return self.sectors[sector_id]


def open_registry(workspace: str | Path = ".") -> Registry:
    """Read ``data/definitions`` below `workspace`.

    Raises
    ------
    DefinitionError
        Naming the file and the key that is missing or wrong.
    """
    root = Workspace(Path(workspace).resolve())
    folder, prefers = root.definitions, root.definitions / "workspace.toml"
    if not folder.is_dir():
        raise DefinitionError(
            f"{root} is no workspace: it has no folder data/definitions. "
            "Name one with --workspace"
        )
    regions = _regions(folder / "regions.csv")
    countries = [region.id for region in regions.values() if region.kind == "country"]
    if len(countries) != 1:
        raise DefinitionError(
            f"regions.csv: expected one row of kind country, found {countries}"
        )
    units = _named(Unit, folder / "units.toml")
    rules = _toml(folder / "status.toml")
    registry = Registry(
        workspace=root,
        country_id=countries[0],
        sectors=_sectors(folder / "sectors", _shared(folder / "sheets.toml")),
        regions=regions,
        units=units,
        programmes=_optional(Programme, folder / "programmes.toml"),
        challenges=_optional(Challenge, folder / "challenges.toml"),
        packs=_optional(Pack, folder / "packs.toml"),
        prefers=_build(Preferences, _toml(prefers) if prefers.exists() else {}, prefers),
        rules=_build(
            StatusRules,
            {
                "default_method": rules.pop("default_method", None),
                "max_age_days": rules.pop("max_age_days", None),
                "due_after_days": rules.pop("due_after_days", {}),
                "methods": rules,
            },
            folder / "status.toml",
        ),
    )
    _check_references(registry)
    return registry


def _shared(path: Path) -> list[dict[str, Any]]:
    """Return the sheets that every sector sends alike, if a file lists any."""
    if not path.exists():
        return []
    body = _toml(path)
    sheets = _listed(body, "sheet", path)
    for key in body:
        raise DefinitionError(f"{path}, {key}: there is no such key")
    return sheets


def _sectors(folder: Path, shared: list[dict[str, Any]]) -> dict[str, Sector]:
    sectors = []
    for path in sorted(folder.glob("*.toml")):
        body = _toml(path)
        indicators = [
            {**one, "id": f"{path.stem}.{one.get('id', '')}", "sector_id": path.stem}
            for one in _listed(body, "indicator", path)
        ]
        sheets = _listed(body, "sheet", path) + shared
        for key in {"id", "indicators", "sheets"} & set(body):
            raise DefinitionError(f"{path}, {key}: there is no such key")
        sectors.append(
            _build(
                Sector,
                {**body, "id": path.stem, "indicators": indicators, "sheets": sheets},
                path,
            )
        )
    if not sectors:
        raise DefinitionError(f"{folder} holds no sector. Expected one TOML file a sector")
    return {s.id: s for s in sorted(sectors, key=lambda sector: (sector.order, sector.id))}


def _listed(body: dict[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    found = body.pop(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise DefinitionError(f"{path}, {key}: each is written under [[{key}]]")
    return found


def _optional(kind: Any, path: Path) -> dict[str, Any]:
    return _named(kind, path) if path.exists() else {}


def _named(kind: Any, path: Path) -> dict[str, Any]:
    """Read a file of tables, each under the id of what it defines."""
    tables = _toml(path)
    for key, body in tables.items():
        if not isinstance(body, dict):
            raise DefinitionError(f"{path}, {key}: expected a table [{key}]. Found {body!r}")
    return {key: _build(kind, {"id": key, **body}, path, key) for key, body in tables.items()}


def _regions(path: Path) -> dict[str, Region]:
    if not path.exists():
        raise DefinitionError(f"{path} is missing")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, restval=""))
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path}: {error}") from None
    columns = rows[0].keys() if rows else {"region_id", "kind", "name_en"}
    for column in _columns_expected(columns):
        if column not in columns:
            raise DefinitionError(f"{path}: there is no column {column}")
    ids = [row["region_id"] for row in rows]
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise DefinitionError(f"{path}, {twice}: the region stands twice")
    regions = [
        _build(
            Region,
            {
                "id": row["region_id"],
                "kind": row["kind"],
                "name": {lang: row.get(f"name_{lang}") or "" for lang in LANGUAGES},
                "aliases": [a.strip() for a in row.get("aliases", "").split("|") if a.strip()],
                "valid_from": row.get("valid_from") or None,
                "split_from": row.get("split_from") or "",
                "tile": row.get("tile", "").split() or None,
            },
            path,
            row["region_id"],
        )
        for row in rows
    ]
    return {region.id: region for region in regions}


def _columns_expected(columns: Collection[str]) -> list[str]:
    """Return the columns that a list of regions with these `columns` must have.

    Names may be left out in any language but English. Where there is one in a language that
    nobody knows, all are expected: one of them was misspelled.
    """
    names = [f"name_{language}" for language in LANGUAGES]
    misspelled = any(one.startswith("name_") and one not in names for one in columns)
    return ["region_id", "kind", *(names if misspelled else names[:1])]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DefinitionError(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: {error}") from None


def _build(kind: Any, body: dict[str, Any], path: Path, where: str = "") -> Any:
    try:
        return TypeAdapter(kind).validate_python(body)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (where, *first["loc"]) if part != "")
        raise DefinitionError(
            f"{path}, {key}: {first['msg']}. Found {first['input']!r}"
        ) from None


def _check_references(registry: Registry) -> None:
    folder = registry.workspace.definitions / "sectors"
    for indicator in registry.indicators.values():
        where = f"{folder / indicator.sector_id}.toml, {indicator.id}"
        if indicator.unit not in registry.units:
            raise DefinitionError(f"{where}: unit '{indicator.unit}' is not in units.toml")
        low, high = indicator.plausible
        if low is not None and high is not None and low > high:
            raise DefinitionError(f"{where}: plausible runs from {low:g} down to {high:g}")
        for programme in indicator.programmes:
            if programme not in registry.programmes:
                raise DefinitionError(
                    f"{where}: programme '{programme}' is not in programmes.toml"
                )
    for challenge in registry.challenges.values():
        _check_challenge(challenge, registry)
    for sector in registry.sectors.values():
        ids = [indicator.id for indicator in sector.indicators]
        if len(set(ids)) < len(ids):
            raise DefinitionError(f"{folder / sector.id}.toml: an indicator stands twice")
        for sheet in sector.sheets:
            _check_sheet(sheet, folder / f"{sector.id}.toml")


def _check_challenge(challenge: Challenge, registry: Registry) -> None:
    where = f"{registry.workspace.definitions / 'challenges.toml'}, {challenge.id}"
    wanted: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("sector", challenge.sector_id, registry.sectors),
        ("region", challenge.region_id or registry.country_id, registry.regions),
        ("unit", challenge.unit, registry.units),
        *(("unit", guard.unit, registry.units) for guard in challenge.guards),
    )
    for what, name, among in wanted:
        if name not in among:
            raise DefinitionError(f"{where}: there is no {what} '{name}'")


def _held(wide: Wide) -> tuple[str, ...]:
    return tuple(wide.values) or (wide.value,)


def _check_sheet(sheet: Sheet, path: Path) -> None:
    patterns = {"file_name": sheet.file_name}
    patterns |= {f"cells.{name}.pattern": one.pattern for name, one in sheet.cells.items()}
    for where, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise DefinitionError(f"{path}, {where}: {error}") from None
    fields = {*sheet.columns, *sheet.at, *sheet.join, *sheet.constants, *sheet.cells}
    fields |= {sheet.section, *re.compile(sheet.file_name).groupindex}
    if sheet.wide:
        fields |= {*sheet.wide.by, *_held(sheet.wide)}
        for name in sorted({*sheet.columns, *sheet.at} & {*sheet.wide.by, *_held(sheet.wide)}):
            raise DefinitionError(f"{path}, wide: '{name}' has a column of its own as well")
    wanted: dict[str, tuple[str, ...]] = {
        "optional": sheet.optional,
        "fill": sheet.fill,
        "blank": tuple(sheet.blank),
        "map": tuple(sheet.map),
        **{f"join.{name}": parts for name, parts in sheet.join.items()},
        **{f"recompute.{n}": (n, one.part, one.of) for n, one in sheet.recompute.items()},
        f"a sheet of {sheet.table}": schema.TABLES[sheet.table].needs,
    }
    for where, names in wanted.items():
        for name in names:
            if name not in fields:
                raise DefinitionError(f"{path}, {where}: the sheet has no field '{name}'")
