"""Sheets drawn as text, and what the loader makes of them without a file.

A drawn cell is a number when it is digits, a day when it is written 2024-12-31, blank when
it is empty, and text otherwise. As in a spreadsheet, ``'2024`` is the text 2024.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.load import read_book
from delivery_analytics.model.definitions import Indicator, Programme, Region, Sector, Unit
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.spreadsheets.grid import Book, Grid
from tests.support import tables

DAY = date(2025, 1, 20)
REGIONS = (
    Region("KZ", "country", {"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"}),
    Region(
        "KZ-10",
        "oblast",
        {"en": "Abai Region", "ru": "область Абай", "kk": "Абай облысы"},
        aliases=("Абайская",),
    ),
    Region(
        "KZ-71",
        "city",
        {"en": "Astana", "ru": "г. Астана", "kk": "Астана қаласы"},
        aliases=("Нур-Султан",),
    ),
)
UNITS = (
    Unit("units", {"en": "units", "ru": "единиц", "kk": "бірлік"}, kind="count", decimals=0),
    Unit("percent", {"en": "per cent", "ru": "процент"}, {"en": "%"}, kind="percent"),
    Unit("births", {"en": "per 100,000 births"}, {"ru": "на 100 000"}),
    Unit("people", {"en": "per 100,000 people"}, {"ru": "на 100 000"}),
)
CLINICS = Indicator(
    "health.clinics",
    "health",
    {"en": "Clinics", "ru": "Поликлиники", "kk": "Емханалар"},
    "units",
    "increase",
    code="H-001",
    aliases=("Число поликлиник",),
    plausible=(0, None),
)
COVERAGE = Indicator(
    "health.coverage",
    "health",
    {"en": "Vaccination coverage", "ru": "Охват вакцинацией", "kk": "Вакцинациямен қамту"},
    "percent",
    "increase",
    frequency="quarterly",
    code="H-002",
    plausible=(0, 100),
)
DEATHS = Indicator(
    "health.deaths",
    "health",
    {"en": "Maternal deaths", "ru": "Материнская смертность", "kk": "Ана өлімі"},
    "births",
    "decrease",
    code="H-003",
)
INDICATORS = (CLINICS, COVERAGE, DEATHS)

LONG = Sheet(
    table="observations",
    columns={
        "indicator": ("code", "код", "коды"),
        "region": ("region", "регион", "өңір"),
        "period": ("period", "период", "кезең"),
        "value": ("actual", "факт", "нақты"),
    },
    optional=("region",),
    constants={"reported_on": DAY},
)


def like(sheet: Sheet, **changes) -> Sheet:
    """Return `sheet` with some of its definition changed."""
    return dataclasses.replace(sheet, **changes)


def world(*sheets: Sheet, indicators: tuple[Indicator, ...] = INDICATORS) -> Registry:
    """Return a registry whose sector `health` sends `sheets`."""
    health = Sector("health", {"en": "Health"}, indicators, tuple(sheets))
    return dataclasses.replace(
        tables.registry(),
        sectors={"health": health},
        regions={one.id: one for one in REGIONS},
        units={one.id: one for one in UNITS},
        programmes={"rural": Programme("rural", {"en": "Rural", "ru": "Ауыл – ел бесігі"})},
    )


def cell(text: str) -> object:
    """Return the value of a drawn cell."""
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text


def rows(drawing: str) -> list[list[object]]:
    """Return the rows of a drawing; its first line is row 1, its first column A."""
    lines = [line.split("|") for line in drawing.strip("\n").splitlines()]
    width = max(map(len, lines), default=0)
    return [[cell(part.strip()) for part in [*line, *[""] * width][:width]] for line in lines]


def grid(drawing: str, **more) -> Grid:
    """Return a drawn sheet."""
    return Grid(
        more.pop("file", "return.xlsx"), more.pop("sheet", "Sheet"), rows(drawing), **more
    )


def book(*grids: Grid, file: str = "return.xlsx", kind: str = "xlsx") -> Book:
    """Return a file of drawn sheets, with fingerprints of what is in it."""
    content = repr([(one.sheet, one.rows, one.errors) for one in grids]).encode()
    cells = hashlib.sha256(content).hexdigest()
    return Book(
        Path(file),
        file,
        hashlib.sha256(file.encode() + content).hexdigest(),
        cells,
        kind,
        grids,
    )


class Told:
    """What the loader made of files: tables, problems, and what became of each row."""

    def __init__(self, registry: Registry, books: list[Book]) -> None:
        sector = registry.sectors["health"]
        self.files = [read_book(registry, one, sector) for one in books]
        self.data = combine(registry, self.files)
        self.file = self.files[0]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Rows read, kept, set aside and skipped, of the first file."""
        one = self.file
        return one.read, one.kept, one.quarantined, one.skipped

    @property
    def figures(self) -> dict[tuple[str, str, str], float]:
        """Indicator, region and period → value."""
        rows = self.data.observations
        keys = zip(rows["indicator_id"], rows["region_id"], rows["period"], strict=True)
        return dict(zip(keys, rows["value"], strict=True))

    def codes(self, severity: str = "error") -> Counter[str]:
        """How often each problem of a severity was told, over all files."""
        told = [p for one in self.files for p in one.problems]
        return Counter(problem.code for problem in told if problem.severity == severity)

    def cells(self, code: str) -> list[str]:
        """Where a problem was told."""
        return [p.cell for one in self.files for p in one.problems if p.code == code]

    def message(self, code: str) -> str:
        """What the only problem with a code says."""
        (found,) = [p.message for one in self.files for p in one.problems if p.code == code]
        return found


def read(sheets: Sheet | list[Sheet], drawing: str, **more) -> Told:
    """Read one drawn sheet as the sector's declared sheets say."""
    declared = sheets if isinstance(sheets, list) else [sheets]
    indicators = more.pop("indicators", INDICATORS)
    file, kind = more.pop("file", "return.xlsx"), more.pop("kind", "xlsx")
    page = grid(drawing, file=file, **more)
    return Told(world(*declared, indicators=indicators), [book(page, file=file, kind=kind)])
