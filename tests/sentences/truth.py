"""The example's tables and definitions, read without the library; and what follows from them."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from tests.sentences.judging import Judged, frequency, judge

# A fact is told by these, whichever day it was told on; a table is not listed if told once.
_FACT = {
    "observations": ["indicator_id", "region_id", "period"],
    "targets": ["indicator_id", "region_id", "due_on", "set_on"],
    "milestones": ["milestone_id"],
    "instructions": ["instruction_id"],
    "spending": ["line_id", "region_id", "period"],
    "actions": ["action_id"],
    "obstacles": ["obstacle_id"],
}
_LEARNED = {"targets": "set_on", "sources": "received_on", "judgements": "as_of"}


class Truth:
    """What is known of a workspace on a day.

    Parameters
    ----------
    root
        Its folder; the tables are those that were loaded last.
    as_of
        The day to know things by.
    """

    def __init__(self, root: Path, as_of: str) -> None:
        self.root, self.as_of = Path(root), pd.Timestamp(as_of)

    @cache  # noqa: B019  (a test run has a handful)
    def definition(self, name: str) -> dict[str, Any]:
        """Return a file of definitions as it is written."""
        return tomllib.loads((self.root / "data" / "definitions" / name).read_text("utf-8"))

    @cached_property
    def sectors(self) -> dict[str, dict[str, Any]]:
        folder = self.root / "data" / "definitions" / "sectors"
        return {
            one.stem: self.definition(f"sectors/{one.name}") for one in folder.glob("*.toml")
        }

    @cached_property
    def indicators(self) -> dict[str, dict[str, Any]]:
        return {
            f"{sector}.{one['id']}": {"sector": sector, **one}
            for sector, definition in self.sectors.items()
            for one in definition.get("indicator", ())
        }

    @cached_property
    def regions(self) -> dict[str, dict[str, str]]:
        with (self.root / "data" / "definitions" / "regions.csv").open(
            encoding="utf-8"
        ) as rows:
            return {row["region_id"]: row for row in csv.DictReader(rows)}

    @cached_property
    def bodies(self) -> dict[str, dict[str, str]]:
        path = self.root / "data" / "definitions" / "bodies.csv"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {row["id"]: row for row in csv.DictReader(lines)}

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        return self.definition("units.toml")

    @cached_property
    def history(self) -> dict[str, pd.DataFrame]:
        """Every table with every revision."""
        folder = self.root / "data" / "processed"
        files = json.loads((folder / "manifest.json").read_text("utf-8"))["tables"]
        return {name: pd.read_parquet(folder / file) for name, file in files.items()}

    @cached_property
    def known(self) -> dict[str, pd.DataFrame]:
        """What was known at the end of the day: of each fact its latest revision."""
        out = {}
        for name, rows in self.history.items():
            learned = _LEARNED.get(name, "reported_on")
            if learned in rows:
                rows = rows[~(rows[learned] > self.as_of)].sort_values(learned, kind="stable")
            if name in _FACT:
                rows = rows.drop_duplicates(_FACT[name], keep="last")
            out[name] = rows
        return out

    @cache  # noqa: B019
    def on(self, day: str | pd.Timestamp) -> Truth:
        """Return what was known on another day."""
        other = Truth(self.root, str(day))
        other.history = self.history
        return other

    def figures(self, indicator: str, region: str) -> pd.DataFrame:
        """Return an indicator's figures in a region whose period has ended, oldest first."""
        rows = self._by_subject["observations"].get((indicator, region))
        if rows is None:
            return self.known["observations"].iloc[:0]
        rows = rows[(rows["period_end"] <= self.as_of) & rows["value"].notna()]
        own = rows["period"].map(frequency) == self.indicators[indicator].get(
            "frequency", "annual"
        )
        rows = rows.assign(own=own).sort_values(["period_end", "own"])
        return rows.drop_duplicates("period_end", keep="last")

    @cached_property
    def _by_subject(self) -> dict[str, dict[Any, pd.DataFrame]]:
        keys = ["indicator_id", "region_id"]
        return {
            name: dict(iter(self.known[name].groupby(keys)))
            for name in ("observations", "targets")
        }

    def subjects(self, region: str) -> list[str]:
        """Return the indicators that a region has a figure or a target of; the nation all."""
        if region == "KZ":
            return list(self.indicators)
        pairs = {*self._by_subject["observations"], *self._by_subject["targets"]}
        return [one for one in self.indicators if (one, region) in pairs]

    @cache  # noqa: B019
    def judged(self, indicator: str, region: str) -> Judged:
        """Return an indicator's latest figure, what it was promised, and how it stands."""
        seen = self.figures(indicator, region)
        rows = self._by_subject["targets"].get((indicator, region))
        promises = [] if rows is None else list(rows.sort_values("set_on").itertuples())
        return judge(self, indicator, seen.iloc[-1] if len(seen) else None, promises)

    def region_of(self, page: str) -> str:
        kind, _, key = page.partition("/")
        return key.upper() if kind == "region" else "KZ"

    def indicators_of(self, page: str) -> list[str]:
        """Return the indicators that a page is about."""
        kind, _, key = page.partition("/")
        return [
            name
            for name in self.subjects(self.region_of(page))
            if kind not in ("sector", "programme")
            or key
            in (self.indicators[name]["sector"], *self.indicators[name].get("programmes", ()))
        ]

    def names(self, language: str) -> set[str]:
        """Return whatever somebody gave a name in a language, and every text that was sent."""
        out: set[str] = set()
        defined = [*self.sectors.values(), self.units, self.definition("challenges.toml")]
        for one in [*defined, self.definition("programmes.toml"), self.indicators]:
            out |= set(_named(one, language))
        named = (*self.regions.values(), *self.bodies.values())
        out |= {row[f"name_{language}"] for row in named}
        for one in self.indicators.values():
            unit = self.units[one["unit"]]
            name = one["name"][language]
            out |= {f"{name}, {unit['name'][language]}"}
            out |= {*_quoted(one.get("short", {}).get(language, "")), *_quoted(name)}
        for table in self.history.values():
            for column in table.select_dtypes(["object", "str"]):
                out |= set(table[column].dropna())
        out |= {Path(one).name for one in self.history["sources"]["path"]}
        # What the library calls itself and its languages is no text of theirs.
        own = {
            "delivery-analytics",
            version("delivery-analytics"),
            "English",
            "Русский",
            "Қазақша",
        }
        return {one for one in out if any(map(str.isalpha, one))} | own

    def symbols(self, language: str) -> dict[str, str]:
        """Return what stands beside figures → the symbol of its unit; ``{n}`` is the figure."""
        points = _POINTS[language]
        out = {points: points, points.removesuffix("s"): points}
        for unit in self.units.values():
            forms = unit.get("template", {}).get(language, [])
            symbol = unit.get("symbol", {}).get(language, "")
            out |= dict.fromkeys(forms, symbol)
            out |= {symbol: symbol} if symbol else {}
        return out


_POINTS = {"en": "percentage points", "ru": "п.п.", "kk": "п.т."}


def _named(what: Any, language: str) -> Iterator[str]:
    if isinstance(what, dict):
        if isinstance(what.get(language), str):
            yield what[language]
        for one in what.values():
            yield from _named(one, language)
    elif isinstance(what, list):
        for one in what:
            yield from _named(one, language)


def _quoted(name: str) -> tuple[str, str]:
    """Return a name as it stands, and as it stands within quotation marks."""
    return name, name.replace("«", "„").replace("»", "“")
