"""What was agreed, read from ``data/definitions``: sectors, indicators, sheets, regions.

Definitions are frozen dataclasses. A file that does not say what it must is refused with
its name and the key that is wrong; nothing is defaulted in silence.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from delivery_analytics.errors import DefinitionError

LANGUAGES = ("en", "ru", "kk")
Names = dict[Literal["en", "ru", "kk"], str]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_STRICT)
class Unit:
    """A unit of measurement: how it is called, how many decimals it is shown with."""

    id: Identifier
    name: Names
    symbol: Names = field(default_factory=dict)
    kind: Literal["percent", "number", "count", "money", "index"] = "number"
    decimals: int = 1
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Region:
    """A region by its ISO 3166-2 code, or the nation itself (``kind`` ``country``)."""

    id: str
    kind: Literal["country", "oblast", "city"]
    name: Names
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    split_from: str = ""


@dataclass(frozen=True, config=_STRICT)
class Programme:
    """A programme that cuts across sectors and regions."""

    id: Identifier
    name: Names
    lead: Names = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class Indicator:
    """What is measured: unit, direction, how often, and by which method it is judged.

    Attributes
    ----------
    id
        ``sector.indicator``, unique in the workspace.
    code
        What returns call it, when they use a code.
    plausible
        Lowest and highest value that can be true, in the unit; outside is set aside.
    tolerance
        For ``maintain``: how far from the target still keeps it, in the unit.
    trajectory
        ``straight`` between the agreed values, or ``stepwise``: a value holds for the whole
        stretch that ends on the day it is due.
    aggregation
        How regions make the nation. ``none`` means they are only compared.
    """

    id: str
    sector_id: str
    name: Names
    unit: str
    direction: Literal["increase", "decrease", "maintain"]
    frequency: Literal["annual", "half_yearly", "quarterly", "monthly"] = "annual"
    code: str = ""
    aliases: tuple[str, ...] = ()
    owner: Names = field(default_factory=dict)
    method: str = ""
    trajectory: Literal["straight", "stepwise"] = "straight"
    aggregation: Literal["sum", "mean", "none"] = "none"
    plausible: tuple[float | None, float | None] = (None, None)
    tolerance: float = 0.0
    programmes: tuple[str, ...] = ()
    note: Names = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, config=_STRICT)
class Wide:
    """Columns that repeat a figure along periods, regions, indicators or labels.

    Attributes
    ----------
    by
        The fields that a column's heading gives, in any order.
    value
        The field that the cells hold, when the heading does not name it.
    values
        Field → heading words, when it does (``plan``, ``actual`` under each month).
    labels
        For fields that are neither a period, a region nor an indicator: what each label
        is to be called → heading words.
    """

    by: tuple[str, ...]
    value: str = "value"
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class CellField:
    """A field that stands once, in a cell outside the table, such as the report's day."""

    cell: str
    pattern: str = ""


@dataclass(frozen=True, config=_STRICT)
class Keep:
    """Rows to keep by the text of one column; the others are listed as skipped.

    This is how a tree of totals and children in one column is read without counting
    anything twice: keep one level. A rule whose column is not there is dropped when it is
    `optional`, and otherwise the heading does not match.
    """

    column: tuple[str, ...]
    among: tuple[str, ...]
    reason: str = "row.child"
    optional: bool = False


@dataclass(frozen=True, config=_STRICT)
class Sheet:
    """What one kind of sheet in a sector's returns looks like.

    Attributes
    ----------
    table
        The tidy table its rows go to.
    files, sheets
        Name patterns (``*``, ``?``) of the files, below the sector's folder, and of the
        sheets. Without `sheets`, every visible sheet whose heading matches.
    columns
        Field → headings that mean it, in any language; compared without case, spacing
        and look-alike letters. ``*`` matches the rest of a long heading.
    optional
        Fields of `columns` that may be absent.
    header
        The heading's first row, or 0 to find it by its words. Where it is not in the row
        declared, it is looked for, and found with a warning.
    header_rows
        How many rows the heading has; merged headings spread over the cells they cover.
    fill
        Fields whose blank cells repeat the one above, as merged cells do.
    suffixes
        Read ``млн``, ``тыс.`` and their like after a figure.
    complete
        Every indicator of the sector must be in each return; those that are not are named.
    constants, cells, file_name
        Fields the table does not repeat: said here, in one cell, or in the file's name
        (a pattern with named groups).
    transpose
        The records lie in columns.
    area
        The part of the sheet to read, as ``A20:H40``; either end may be left out.
    below
        The table begins under the row that holds this text.
    decimal
        The decimal mark of numbers written as text; ``auto`` asks the column.
    missing
        Words for "no figure", beside those every return may use; ``*`` at the end stands
        for the rest, as in ``Exempt under Section*``.
    scale
        What one is worth: 1000 where the sheet counts in thousands.
    cumulative
        Figures count from 1 January.
    date_order
        ``dmy`` or ``mdy`` where the sender's dates such as 03/04/2024 are agreed.
    keep
        Which rows of a tree to keep.
    hidden_rows, hidden_sheets
        ``read`` with a warning, or ``skip`` and list.
    map
        Field → text as sent → text as kept.
    """

    table: Literal[
        "observations", "targets", "milestones", "instructions", "spending", "judgements"
    ]
    columns: dict[str, tuple[str, ...]]
    files: tuple[str, ...] = ("*",)
    sheets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    wide: Wide | None = None
    header: int = 1
    header_rows: int = 1
    fill: tuple[str, ...] = ()
    suffixes: bool = False
    complete: bool = False
    constants: dict[str, str | float | date | bool] = field(default_factory=dict)
    cells: dict[str, CellField] = field(default_factory=dict)
    file_name: str = ""
    transpose: bool = False
    area: str = ""
    below: str = ""
    decimal: Literal["auto", ".", ","] = "auto"
    missing: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    scale: float = 1.0
    cumulative: bool = False
    date_order: Literal["", "dmy", "mdy"] = ""
    fiscal_year_start: int = 1
    keep: tuple[Keep, ...] = ()
    hidden_rows: Literal["read", "skip"] = "read"
    hidden_sheets: Literal["read", "skip"] = "skip"
    map: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class Sector:
    """One sector team: its indicators, and what its returns look like."""

    id: Identifier
    name: Names
    indicators: tuple[Indicator, ...]
    sheets: tuple[Sheet, ...] = ()
    lead: Names = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True, config=_STRICT)
class StatusRules:
    """Which method judges by default, the thresholds of each, and how old is stale.

    Attributes
    ----------
    max_age_days
        By frequency: how long after its period's end a figure is still judged.
    due_after_days
        By frequency: how long after its period's end a figure is due; 30 if not said.
    """

    default_method: str
    max_age_days: dict[str, int]
    methods: dict[str, dict[str, float]]
    due_after_days: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class Registry:
    """Everything that was agreed, and where the workspace is."""

    workspace: Path
    country_id: str
    sectors: dict[str, Sector]
    regions: dict[str, Region]
    units: dict[str, Unit]
    programmes: dict[str, Programme]
    rules: StatusRules

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by its ``sector.indicator`` id, sectors in their order."""
        return {i.id: i for sector in self.sectors.values() for i in sector.indicators}

    def sector(self, sector_id: str) -> Sector:
        """Return a sector by id, or say which ones there are."""
        if sector_id not in self.sectors:
            raise DefinitionError(
                f"There is no sector '{sector_id}'. Sectors: {', '.join(self.sectors)}"
            )
        return self.sectors[sector_id]


def open_registry(workspace: str | Path = ".") -> Registry:
    """Read ``data/definitions`` below `workspace`.

    Raises
    ------
    DefinitionError
        Naming the file and the key that is missing or wrong.
    """
    root = Path(workspace).resolve()
    folder = root / "data" / "definitions"
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
    units = {
        unit_id: _build(Unit, {"id": unit_id, **body}, folder / "units.toml", unit_id)
        for unit_id, body in _toml(folder / "units.toml").items()
    }
    programmes = {}
    if (folder / "programmes.toml").exists():
        programmes = {
            programme_id: _build(
                Programme,
                {"id": programme_id, **body},
                folder / "programmes.toml",
                programme_id,
            )
            for programme_id, body in _toml(folder / "programmes.toml").items()
        }
    rules = _toml(folder / "status.toml")
    registry = Registry(
        workspace=root,
        country_id=countries[0],
        sectors=_sectors(folder / "sectors"),
        regions=regions,
        units=units,
        programmes=programmes,
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


def _sectors(folder: Path) -> dict[str, Sector]:
    sectors = []
    for path in sorted(folder.glob("*.toml")):
        body = _toml(path)
        indicators = [
            {**one, "id": f"{path.stem}.{one.get('id')}", "sector_id": path.stem}
            for one in body.pop("indicator", [])
        ]
        sheets = body.pop("sheet", [])
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


def _regions(path: Path) -> dict[str, Region]:
    if not path.exists():
        raise DefinitionError(f"{path} is missing")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    regions = [
        _build(
            Region,
            {
                "id": row["region_id"],
                "kind": row["kind"],
                "name": {lang: row[f"name_{lang}"] for lang in LANGUAGES},
                "aliases": [a.strip() for a in row.get("aliases", "").split("|") if a.strip()],
                "valid_from": row.get("valid_from") or None,
                "split_from": row.get("split_from") or "",
            },
            path,
            row["region_id"],
        )
        for row in rows
    ]
    return {region.id: region for region in regions}


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
    folder = registry.workspace / "data" / "definitions" / "sectors"
    for indicator in registry.indicators.values():
        where = f"{folder / indicator.sector_id}.toml, {indicator.id}"
        if indicator.unit not in registry.units:
            raise DefinitionError(f"{where}: unit '{indicator.unit}' is not in units.toml")
        for programme in indicator.programmes:
            if programme not in registry.programmes:
                raise DefinitionError(
                    f"{where}: programme '{programme}' is not in programmes.toml"
                )
    for sector in registry.sectors.values():
        ids = [indicator.id for indicator in sector.indicators]
        if len(set(ids)) < len(ids):
            raise DefinitionError(f"{folder / sector.id}.toml: an indicator stands twice")
        for sheet in sector.sheets:
            try:
                re.compile(sheet.file_name)
            except re.error as error:
                raise DefinitionError(
                    f"{folder / sector.id}.toml, file_name: {error}"
                ) from None
