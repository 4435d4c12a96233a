"""What was agreed, read from ``data/definitions``: sectors, indicators, sheets, regions.

A file that does not say what it must is refused with its name and the key that is wrong;
nothing is defaulted in silence.
"""

import contextlib
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.building import build_definition as _build
from delivery_analytics.model.building import read_toml as _toml
from delivery_analytics.model.definitions import (
    Challenge,
    Indicator,
    Pack,
    Preferences,
    Programme,
    Region,
    Sector,
    StatusRules,
    Unit,
)
from delivery_analytics.model.files import from_note
from delivery_analytics.model.languages import LANGUAGES, Names, named_in
from delivery_analytics.model.lookup import ById, check, hint, mistake, near_miss
from delivery_analytics.model.registers import JOINED, Act, Body, read_register
from delivery_analytics.model.registry_checks import bases_of, check_challenge, wrong_sectors
from delivery_analytics.model.sheet_checks import called, check_sheet, ordinal
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.model.workspace import Workspace

__all__ = ["Indicator", "Region", "Registry", "Sector", "Sheet", "Unit", "open_registry"]

# The keys of a sector's file.
_SECTOR = ("name", "lead", "order", "over_regions", "resubmitted", "indicator", "sheet")
_KINDS = ("sector", "region", "body", "act", "unit", "programme", "challenge", "pack")
_STATUS = ("default_method", "max_age_days", "due_after_days")  # and a table a method


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
    bodies: dict[str, Body] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    prefers: Preferences = field(default_factory=Preferences)
    shared: tuple[Sheet, ...] = ()  # the last sheets of every sector
    broken: dict[str, str] = field(default_factory=dict)  # sector → what its file has wrong
    tolerant: bool = False  # of sectors that are broken
    bases: dict[str, Indicator] = field(default_factory=dict)  # what totals are divided by
    country: Region = None  # type: ignore[assignment]  # also where it is none of the regions

    def __post_init__(self) -> None:
        if self.country_id in self.regions:
            object.__setattr__(self, "country", self.regions[self.country_id])
        for what in _KINDS:
            # The one way to set an attribute of what is frozen.
            object.__setattr__(self, _all(what), ById(what, getattr(self, _all(what))))
        for key, sector in self.sectors.items():
            self.sectors[key] = self._with_owners(sector)

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
        check(what, key, getattr(self, _all(what)))

    def at(self, region_id: str | None = None) -> tuple[str, ...]:
        """Return the places whose figures are told: a region, or else the nation.

        Where this was narrowed to regions without the nation, as of a programme, these.
        """
        self.check("region", region_id)
        nation = (self.country_id,) if self.country_id in self.regions else ()
        return (region_id,) if region_id else nation or (*self.regions,)

    def bodies_of(self, named: Names | str) -> list[str]:
        """Return the ids of the bodies that an owner is, by id, name or alias.

        Several are divided by ``;``; those that are not registered are left out.
        """
        texts = [named] if isinstance(named, str) else [*named.values()]
        each = [*texts, *(part.strip() for text in texts for part in text.split(";"))]
        return [*dict.fromkeys(self._bodies[text] for text in each if text in self._bodies)]

    def answering(self, indicator: Indicator) -> list[str]:
        """Return the ids of an indicator's owners, or else of those who lead its sector."""
        return self.bodies_of(indicator.owner or self.sectors[indicator.sector_id].lead)

    @cached_property
    def _bodies(self) -> dict[str, str]:
        """What a body may be called → its id."""
        bodies = self.bodies.items()
        named = ((key, (key, *one.name.values(), *one.aliases)) for key, one in bodies)
        return {text: key for key, texts in named for text in texts}

    def _with_owners(self, sector: Sector) -> Sector:
        """Return a sector, its lead and its indicators' owners called as registered."""

        def called(one: Any, key: str) -> Any:
            ids = self.bodies_of(named := getattr(one, key))
            sent = [named] if isinstance(named, str) else named.values()
            if len(ids) <= max((text.count(";") for text in sent), default=0):
                return one  # some of them are not registered
            names = [self.bodies[body].name for body in ids]
            said = {
                code: JOINED.join(named_in(code, name) for name in names)
                for code in LANGUAGES
                if any(code in name for name in names)
            }
            return replace(one, **{key: said}) if said != named else one

        indicators = tuple(called(one, "owner") for one in sector.indicators)
        if any(one is not was for one, was in zip(indicators, sector.indicators, strict=True)):
            sector = replace(sector, indicators=indicators)
        return called(sector, "lead")  # type: ignore[no-any-return]

    def is_total(self, indicator_id: str) -> bool:
        """Say whether a region's figure grows with its size, as no rate, share or mean does."""
        one = self.indicators[indicator_id]
        counted = self.units[one.unit].kind in ("count", "money")
        return one.over_regions == "sum" or (one.over_regions == "none" and counted)

    def sector(self, sector_id: str) -> Sector:
        """Return a sector by id, or say which is near."""
        return self.sectors[sector_id]


def _all(what: str) -> str:
    return "bodies" if what == "body" else f"{what}s"


def open_registry(workspace: str | Path = ".", *, tolerant: bool = False) -> Registry:
    """Read ``data/definitions`` below `workspace`.

    Parameters
    ----------
    tolerant
        A sector whose file is wrong does not stop the others: it is as it was at the last
        load, or is left out, and stands in ``broken``.

    Raises
    ------
    DefinitionError
        Naming the file and the key that is missing or wrong.
    """
    root = Workspace(Path(workspace).resolve())
    folder, prefers = root.definitions, root.definitions / "workspace.toml"
    if not folder.is_dir():
        raise mistake("no-workspace", root=root)
    regions = read_register(Region, folder / "regions.csv")
    countries = [region.id for region in regions.values() if region.kind == "country"]
    if len(countries) != 1:
        raise mistake("no-country", countries=countries)
    units = _named(Unit, folder / "units.toml")
    rules = _status(folder / "status.toml")
    shared = _shared(folder / "sheets.toml")
    sectors, broken = _sectors(folder / "sectors", shared)
    bodies, acts = (
        read_register(kind, path, {"sector": {*sectors, *broken}}) if path.exists() else {}
        for kind, path in ((Body, folder / "bodies.csv"), (Act, folder / "acts.csv"))
    )
    registry = Registry(
        workspace=root,
        country_id=countries[0],
        sectors=sectors,
        shared=tuple(shared),
        regions=regions,
        units=units,
        programmes=_optional(Programme, folder / "programmes.toml"),
        challenges=_optional(Challenge, folder / "challenges.toml"),
        packs=_optional(Pack, folder / "packs.toml"),
        bodies=bodies,
        acts=acts,
        prefers=_build(Preferences, _toml(prefers) if prefers.exists() else {}, prefers),
        rules=rules,
        tolerant=tolerant,
    )
    for key, what in wrong_sectors(registry):
        broken.setdefault(key, what)
    if broken:
        registry = as_last_loaded(registry, broken)
    for programme in registry.programmes.values():
        for region in programme.regions:
            if region not in regions:
                where = f"{folder / 'programmes.toml'}, {programme.id}, regions"
                raise DefinitionError(f"{where}: {near_miss('region', region, regions)}")
    for challenge in registry.challenges.values():
        check_challenge(challenge, registry)
    return replace(registry, bases=bases_of(registry.indicators))


def as_last_loaded(registry: Registry, broken: Mapping[str, str]) -> Registry:
    """Return what was agreed with the sectors that are `broken` as the last load knew them.

    One that it did not know stays as it is, or is left out where it cannot be read.

    Raises
    ------
    DefinitionError
        With what is wrong with the first of them, unless the registry is tolerant and any
        sector is left.
    """
    first = DefinitionError(next(iter(broken.values())))
    if not registry.tolerant:
        raise first
    folder, texts = registry.workspace.definitions / "sectors", last_texts(registry.workspace)
    sectors = dict(registry.sectors)
    for key in texts.keys() & broken.keys():
        path = folder / f"{key}.toml"
        with contextlib.suppress(DefinitionError, tomllib.TOMLDecodeError):
            sectors[key] = _sector(path, tomllib.loads(texts[key]), [*registry.shared])
    told = {**registry.broken, **broken}
    # One that is left out may be what another one's indicators are divided by.
    while wrong := dict(wrong_sectors(replace(registry, sectors=sectors))):
        told = {**wrong, **told}
        sectors = {key: one for key, one in sectors.items() if key not in wrong}
    if not sectors:
        raise first
    lost = told.keys() - sectors.keys()
    challenges = {k: one for k, one in registry.challenges.items() if one.sector_id not in lost}
    kept = _in_order(sectors.values())
    return replace(registry, sectors=kept, challenges=challenges, broken=told)


def last_texts(workspace: Workspace) -> dict[str, str]:
    """Return the text of each sector's file as the last load read it, as far as it is known."""
    memory = from_note(workspace.processed / "manifest.json")
    return dict(memory.get("load", {}).get("sectors", {}))


def _status(path: Path) -> StatusRules:
    """Read how indicators are judged: each table but those of ages is a method's."""
    body = _toml(path)
    for key in body.keys() - {*_STATUS}:
        near = difflib.get_close_matches(key, _STATUS, n=1, cutoff=0.8)
        if near or not isinstance(body[key], dict):
            raise DefinitionError(f"{path}, {key}: there is no such key. {hint(key, _STATUS)}")
    own = {key: body.pop(key, None) for key in _STATUS}
    own["due_after_days"] = own["due_after_days"] or {}
    return _build(StatusRules, {**own, "methods": body}, path)  # type: ignore[no-any-return]


def _shared(path: Path) -> list[Sheet]:
    """Return the sheets that every sector sends alike, if a file lists any."""
    if not path.exists():
        return []
    body = _toml(path)
    sheets = _sheets(_listed(body, "sheet", path), path)
    for key in body:
        raise DefinitionError(f"{path}, {key}: there is no such key. {hint(key, ['sheet'])}")
    return sheets


def _sectors(folder: Path, shared: list[Sheet]) -> tuple[dict[str, Sector], dict[str, str]]:
    """Return the sectors, and what is wrong with those that could not be read."""
    sectors, broken = [], {}
    # What `describe` drafted, and the answers to it, stand beside as water.draft.toml.
    own = (path for path in sorted(folder.glob("*.toml")) if "." not in path.stem)
    for path in own:
        try:
            sectors.append(_sector(path, _toml(path), shared))
        except DefinitionError as error:
            broken[path.stem] = str(error)
    if not sectors and not broken:
        raise DefinitionError(f"{folder} holds no sector. Expected one TOML file a sector")
    return _in_order(sectors), broken


def _in_order(sectors: Iterable[Sector]) -> dict[str, Sector]:
    return {s.id: s for s in sorted(sectors, key=lambda sector: (sector.order, sector.id))}


def _sector(path: Path, body: dict[str, Any], shared: list[Sheet]) -> Sector:
    indicators = _indicators(_listed(body, "indicator", path), path)
    own = _listed(body, "sheet", path)
    for key in body.keys() - _SECTOR:
        raise DefinitionError(f"{path}, {key}: there is no such key. {hint(key, _SECTOR)}")
    sheets = _sheets(own, path) + shared
    counts = [sheet.cumulative for sheet in sheets if sheet.table == "observations"]
    if counts and all(counts):
        plain = {one.id for one in indicators if one.frequency == "annual" or one.formula}
        counted = ((one, one.id not in plain) for one in indicators)
        indicators = [replace(one, cumulative=True) if own else one for one, own in counted]
    body |= {"id": path.stem, "indicators": indicators, "sheets": sheets}
    sector: Sector = _build(Sector, body, path)
    try:
        re.compile(sector.resubmitted)
    except re.error as error:
        raise DefinitionError(f"{path}, resubmitted: {error}") from None
    return sector


def _indicators(bodies: list[dict[str, Any]], path: Path) -> list[Indicator]:
    built = []
    for number, body in enumerate(bodies):
        named = f", {body['id']}" if body.get("id") else ""
        own = {"id": f"{path.stem}.{body.get('id', '')}", "sector_id": path.stem}
        where = f"the {ordinal(number)} [[indicator]]{named}"
        if "over_regions" not in body and "aggregation" in body:  # as it was called once
            body["over_regions"] = body.pop("aggregation")
        built.append(_build(Indicator, body | own, path, where))
    return built


def _sheets(bodies: list[dict[str, Any]], path: Path) -> list[Sheet]:
    """Build and check the sheets of a file, each named as a person would name it."""
    built: list[Sheet] = []
    above: dict[str, dict[str, Any]] = {}
    for number, own in enumerate(bodies):
        where = called(number, own.get("files"))
        if (like := own.get("like")) and like not in above:
            raise DefinitionError(f"{path}, {where}, like: {near_miss('layout', like, above)}")
        body = {**above.get(str(like), {}), "id": "", **own}
        above |= {str(own["id"]): body} if own.get("id") else {}
        sheet = _build(Sheet, body, path, where)
        check_sheet(sheet, f"{path}, {where}")
        built.append(sheet)
    return built


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
