"""The example's compact input, and the names that its workbooks are written with."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from books import Page, Value

HERE = Path(__file__).parent
FACTS = HERE / "facts"
DEFINITIONS = HERE.parent / "definitions"
COUNTRY = "KZ"
LANGUAGES = ("en", "ru", "kk")
VERSIONS = {
    "milestones": {
        "en": "Milestone in English",
        "ru": "Веха на русском языке",
        "kk": "Бақылау нүктесі қазақ тілінде",
    },
    "instructions": {
        "en": "Instruction in English",
        "ru": "Поручение на русском языке",
        "kk": "Тапсырма қазақ тілінде",
    },
    "actions": {
        "en": "Action in English",
        "ru": "Мероприятие на русском языке",
        "kk": "Шара қазақ тілінде",
    },
    "obstacles": {
        "en": "Obstacle in English",
        "ru": "Проблема на русском языке",
        "kk": "Кедергі қазақ тілінде",
    },
}
ASKS = (
    "What is asked in English",
    "Что требуется на русском языке",
    "Не талап етіледі, қазақ тілінде",
)
Row = dict[str, str]


def table(name: str) -> list[Row]:
    """Read one table of facts."""
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def day(text: str) -> date:
    """Read a day as the tables write it."""
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Facts:
    """Everything that the workbooks are made of.

    Attributes
    ----------
    figures
        Indicator and region → period → the figure, as its source writes it.
    spending
        Line, region and period → plan and actual, thousand tenge since January.
    """

    figures: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    spending: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Facts:
        """Read the tables of figures and of spending."""
        facts = cls()
        for row in table("figures.csv"):
            key = (row["indicator_id"], row["region_id"])
            facts.figures.setdefault(key, {})[row["period"]] = row["value"]
        for row in table("spending.csv"):
            spot = (row["line"], row["region_id"], row["period"])
            facts.spending[spot] = (row["plan"], row["actual"])
        return facts

    def years(self, indicator: str, region: str = COUNTRY, *, until: int = 2100) -> list[str]:
        """Return the periods that an indicator has, up to a year."""
        known = self.figures.get((indicator, region), {})
        return [period for period in sorted(known) if int(period[:4]) <= until]

    def regions(self, indicator: str) -> list[str]:
        """Return the regions that an indicator has, in the order of their codes."""
        return sorted(r for i, r in self.figures if i == indicator and r != COUNTRY)

    def lines(self, sector: str) -> list[tuple[str, str]]:
        """Return a sector's budget lines: republican first, then local by region."""
        found = {(line, region) for line, region, _ in self.spending}
        own = [spot for spot in found if spot[0].startswith(f"{sector}.")]
        return sorted(own, key=lambda spot: (not spot[0].endswith("republican"), spot[1]))

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Return the names of regions, indicators and units, by id and language."""
        found: dict[str, dict[str, str]] = {}
        with (DEFINITIONS / "regions.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row["region_id"]] = {k: row[f"name_{k}"] for k in ("en", "ru", "kk")}
        for path in sorted((DEFINITIONS / "sectors").glob("*.toml")):
            sector = tomllib.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = sector["name"]
            found[f"{path.stem}.lead"] = sector["lead"]
            for one in sector["indicator"]:
                found[f"{path.stem}.{one['id']}"] = one["name"]
                found[f"{path.stem}.{one['id']}.unit"] = {"id": one["unit"]}
        for name in ("units", "programmes"):
            text = (DEFINITIONS / f"{name}.toml").read_text(encoding="utf-8")
            for key, body in tomllib.loads(text).items():
                found[key] = body["name"]
        return found

    def name(self, key: str, language: str) -> str:
        """Return how a region, indicator, unit, sector or programme is called."""
        return self.names[key][language]

    @cached_property
    def texts(self) -> dict[str, Row]:
        """Return what is to be done in every language, by the id of the milestone or so."""
        return {row["id"]: row for row in table("texts.csv")}

    def versions(self, key: str, language: str) -> list[Value]:
        """Return a text in the languages that are not the return's own."""
        return [self.texts[key][one] for one in LANGUAGES if one != language]

    def asked(self, obstacle: str, language: str) -> Value:
        """Return what is asked so that an obstacle ends, if anything is."""
        return self.texts.get(f"{obstacle}-ask", {}).get(language)

    def unit(self, indicator: str, language: str) -> str:
        """Return the name of an indicator's unit."""
        return self.name(self.names[f"{indicator}.unit"]["id"], language)


def version_heads(what: str, language: str) -> list[str]:
    """Return the headings of texts in the languages that are not the return's own."""
    return [VERSIONS[what][one] for one in LANGUAGES if one != language]


def number(text: str, *, decimals: int = 1) -> tuple[Value, str]:
    """Return a figure as a cell: its number, and a style with so many decimals."""
    return float(text), f"n{decimals}"


def money(text: str) -> tuple[Value, str]:
    """Return an amount in thousand tenge as a cell."""
    return number(text)


def decimals(texts: Iterable[str]) -> int:
    """Return with how many decimals a table shows its figures: one to two, none of counts."""
    parts = [text.partition(".")[2] for text in texts]
    if all(part in ("", "0") for part in parts) and any(float(text) > 400 for text in texts):
        return 0
    return min(2, max([1, *(len(part) for part in parts)]))


def comma(text: str, *, decimals: int) -> tuple[Value, str]:
    """Return a figure as many send it: text with a decimal comma."""
    return (text if decimals else text.partition(".")[0]).replace(".", ","), "right"


def heading(page: Page, lines: Sequence[str]) -> None:
    """Write a title block: the first two lines large, what follows small."""
    for row, text in enumerate(lines):
        page.put(row, 0, text, "title" if row < 1 else "sub")


def footnotes(page: Page, lines: Iterable[str], *, gap: int = 1) -> None:
    """Write remarks below everything else."""
    row = page.size()[0] + gap
    for text in lines:
        page.put(row, 0, text, "note")
        row += 1
