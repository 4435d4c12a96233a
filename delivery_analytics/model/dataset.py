"""The tidy tables together: open, save, narrow down, go back in time, and trace a figure."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import html
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from delivery_analytics.errors import DefinitionError, Problem, SourceError
from delivery_analytics.model import schema
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.lookup import Ids, near_miss
from delivery_analytics.model.registry import Registry, open_registry
from delivery_analytics.model.workspace import Workspace

STORED = tuple(name for name in schema.TABLES if name != "assessments")
MANIFEST = "manifest.json"


class _Tables:
    """What `Dataset` has by name: every table of `schema`, and the ids to complete.

    Said here for editors and type checkers, which would otherwise take any name for a table.
    """

    observations: pd.DataFrame
    targets: pd.DataFrame
    milestones: pd.DataFrame
    instructions: pd.DataFrame
    spending: pd.DataFrame
    judgements: pd.DataFrame
    actions: pd.DataFrame
    obstacles: pd.DataFrame
    challenges: pd.DataFrame
    sources: pd.DataFrame
    problems: pd.DataFrame
    assessments: pd.DataFrame
    ids: Ids
    regions: Ids


# What is of a sector or programme, whichever indicator it serves.
_LINKED = ("milestones", "instructions")


@dataclass(frozen=True)
class Dataset(_Tables):
    """What was agreed and what was sent, as tables; narrowed by day, sector or region.

    Attributes
    ----------
    tables
        Name → table of `schema.TABLES`. Each is an attribute too: ``data.observations``.
    ids, regions
        What the Tab key completes: ``data.ids.water.…`` is an indicator's id,
        ``data.regions.astana`` is ``KZ-71``.
    registry
        What was agreed; narrowed together with the tables.
    as_of
        The day of `known_on`; ``None`` while every revision is still there.
    whole
        What it was narrowed from by `where`, if anything is divided by an indicator there.
    """

    tables: Mapping[str, pd.DataFrame]
    registry: Registry
    as_of: date | None = None
    whole: Dataset | None = None

    if not TYPE_CHECKING:  # or any name would be one

        def __getattr__(self, name: str) -> Any:
            if name in schema.TABLES:
                return self.tables[name] if name in self.tables else schema.empty(name)
            if name in _IDS:  # no property: Tab would not complete what a property returns
                return _IDS[name](self.registry)
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(near_miss("table", name, schema.TABLES))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *schema.TABLES, *_IDS})

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(table)} {name}" for name, table in self.tables.items())
        return f"<Dataset as of {self.as_of or 'every day'}: {sizes}>"

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        rows = "".join(
            f"<tr><td {left}><code>{name}</code></td><td>{len(table):,}</td>"
            f"<td {left}>{html.escape(schema.TABLES[name].one_row_per)}</td></tr>"
            for name, table in self.tables.items()
        )
        day = self.as_of or "every day"
        sectors = ", ".join(html.escape(sector) for sector in self.registry.sectors)
        return f"<p>Dataset as of <b>{day}</b>: {sectors}</p><table>{rows}</table>"

    @property
    def last_reported_on(self) -> date | None:
        """The latest day on which anything was received."""
        latest = self.sources["received_on"].max()
        return None if pd.isna(latest) else latest.date()

    def learned_by(self, as_of: str | date) -> Dataset:
        """Return what was learned by the end of the day `as_of`, every revision of it.

        Raises
        ------
        DefinitionError
            If `as_of` is text, and not a day such as ``2024-12-31``.
        """
        day = pd.Timestamp(as_of_day(self, as_of))
        tables = {}
        for name, rows in self.tables.items():
            learned_on = schema.TABLES[name].learned_on
            if learned_on:
                rows = rows[(rows[learned_on] <= day) | rows[learned_on].isna()]
            tables[name] = rows.reset_index(drop=True)
        whole = self.whole and self.whole.learned_by(as_of)
        return dataclasses.replace(self, tables=tables, as_of=day.date(), whole=whole)

    def known_on(self, as_of: str | date) -> Dataset:
        """Return what was known at the end of the day `as_of`, one row a fact.

        Rows learned later are dropped, and of each fact only its latest revision stays;
        a fact is a row's key without the day it was reported.
        """
        learned = self.learned_by(as_of)
        latest = {
            name: rows.drop_duplicates(
                list(schema.TABLES[name].revisions), keep="last", ignore_index=True
            )
            for name, rows in learned.tables.items()
        }
        whole = self.whole and self.whole.known_on(as_of)
        return dataclasses.replace(learned, tables=latest, whole=whole)

    def where(
        self,
        *,
        sector_id: str | None = None,
        region_id: str | None = None,
        indicator_id: str | None = None,
        programme_id: str | None = None,
    ) -> Dataset:
        """Return only what belongs to a sector, region, indicator or programme.

        The registry is narrowed with the tables, so "every indicator" means every
        indicator of that sector or programme.

        Raises
        ------
        DefinitionError
            If there is no such sector, region, indicator or programme; lists what there is.
        """
        registry = self.registry
        registry.check("sector", sector_id)
        registry.check("region", region_id)
        registry.check("indicator", indicator_id)
        registry.check("programme", programme_id)
        indicators = {
            name
            for name, indicator in registry.indicators.items()
            if sector_id in (None, indicator.sector_id)
            and indicator_id in (None, name)
            and (programme_id is None or programme_id in indicator.programmes)
        }
        challenges = {
            name: challenge
            for name, challenge in registry.challenges.items()
            if sector_id in (None, challenge.sector_id)
        }
        wanted = {
            # What is about no indicator is its sector's all the same.
            "indicator_id": indicators
            | ({""} if not (indicator_id or programme_id) else set()),
            "sector_id": {sector_id} if sector_id else None,
            "region_id": {region_id} if region_id else None,
            "programme_id": {programme_id} if programme_id else None,
            "challenge_id": set(challenges),
        }
        tables = {}
        for name, rows in self.tables.items():
            keep = pd.Series(True, index=rows.index)
            for column, among in wanted.items():
                linked = column == "indicator_id" and name in _LINKED and not indicator_id
                if among is not None and column in rows and not linked:
                    keep &= rows[column].isin(among)
            tables[name] = rows[keep].reset_index(drop=True)
        sectors = {
            key: dataclasses.replace(
                sector, indicators=tuple(i for i in sector.indicators if i.id in indicators)
            )
            for key, sector in registry.sectors.items()
            if sector_id in (None, key)
        }
        regions = {
            key: region for key, region in registry.regions.items() if region_id in (None, key)
        }
        narrowed = dataclasses.replace(
            registry, sectors=sectors, regions=regions, challenges=challenges
        )
        whole = (self.whole or self) if registry.bases else None
        return dataclasses.replace(self, tables=tables, registry=narrowed, whole=whole)

    def trace(
        self, indicator_id: str, region_id: str | None = None, period: str | None = None
    ) -> pd.DataFrame:
        """Return where an indicator's figures come from, one row a reported figure.

        Revisions are separate rows, the latest last, unless `known_on` dropped them.
        Columns: ``indicator_id, region_id, period, value, reported_on, source_cell,
        path, sha256``.
        """
        self.registry.check("indicator", indicator_id)
        self.registry.check("region", region_id)
        rows = self.observations
        rows = rows[rows["indicator_id"] == indicator_id]
        rows = rows[rows["region_id"] == (region_id or self.registry.country_id)]
        if period:
            rows = rows[rows["period"] == period]
        traced = rows.merge(
            self.sources[["source_id", "path", "sha256"]],
            on="source_id",
            how="left",
            validate="many_to_one",
        )
        return traced.drop(columns=["period_end", "source_id"])

    def place(self, rows: pd.DataFrame) -> pd.Series:
        """Return each row's source as people write it: ``healthcare.xlsx, Sheet!F14``."""
        files = self.sources.set_index("source_id")["path"].str.rsplit("/", n=1).str[-1]
        named = rows["source_id"].map(files).fillna("").astype("str")
        return named.where(named == "", named + ", " + rows["source_cell"])

    def save(self, folder: str | Path, *, beside: Mapping[str, Any] | None = None) -> Path:
        """Write the tables to `folder` as Parquet; all of them are replaced in one step.

        Each table's file carries its content's fingerprint in its name, and
        ``manifest.json``, written last, names the files that count. A reader sees the old
        tables or the new ones, never a mixture, whenever the writer is interrupted.

        Parameters
        ----------
        beside
            What else the manifest is to hold.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        files = {
            name: _write_table(folder, name, schema.check_contract(name, getattr(self, name)))
            for name in STORED
        }
        rows = {name: len(getattr(self, name)) for name in STORED}
        manifest = {"tables": files, "rows": rows, **(beside or {})}
        write_whole(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
        for stale in folder.glob("*.parquet"):
            if stale.name not in files.values():
                # Windows keeps a file that someone reads; the next save takes it away.
                with contextlib.suppress(OSError):
                    stale.unlink()
        return folder


def as_of_day(data: Dataset, as_of: str | date | None = None) -> date:
    """Return the day to know things by; by default the last one anything was received on.

    Raises
    ------
    DefinitionError
        If `as_of` is text, and not a day such as ``2024-12-31``; or nothing was received.
    """
    if isinstance(as_of, str):
        try:
            return date.fromisoformat(as_of)
        except ValueError:
            message = f"'{as_of}' is not a day. Expected such as 2024-12-31"
            raise DefinitionError(message) from None
    day = as_of or data.last_reported_on
    if day is None:
        raise DefinitionError(
            "Nothing was received yet, so there is no day to report on. Give one: "
            "--as-of 2025-01-31"
        )
    return day.date() if isinstance(day, datetime) else day


def open_dataset(folder: str | Path | None = None, registry: Registry | None = None) -> Dataset:
    """Open the tidy tables that ``load`` put in `folder`.

    Without a `folder`, they are those of the workspace that this is run in or below: a
    notebook of ``notebooks`` finds them. Without a `registry`, the definitions of the
    workspace that `folder` lies in are read.

    Raises
    ------
    SourceError
        If nothing was loaded there yet, or a table's file was damaged since.
    """
    folder = _nearest() if folder is None else Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = "nothing was loaded here yet. Run `delivery load` first"
        raise SourceError([Problem("intake.not-loaded", message, str(folder))]) from None
    tables = {name: _read_table(folder / file) for name, file in manifest["tables"].items()}
    return Dataset(tables, registry or open_registry(folder.resolve().parents[1]))


def _nearest() -> Path:
    """Return the tidy tables' folder of the workspace around here; there need be none."""
    here = Path.cwd()
    folders = map(Workspace, (here, *here.parents))
    around = (folder for folder in folders if folder.definitions.is_dir())
    return next(around, Workspace(here)).processed


def _indicator_ids(registry: Registry) -> Ids:
    """Return indicators' ids, those of each sector under its name."""
    sectors = {}
    for sector in registry.sectors.values():
        own = {indicator.id: indicator for indicator in sector.indicators}
        sectors[sector.id] = Ids("indicator", own, {key.partition(".")[2]: key for key in own})
    return Ids("indicator", registry.indicators, sectors)


_IDS = {"ids": _indicator_ids, "regions": lambda registry: Ids("region", registry.regions)}


def _read_table(path: Path) -> pd.DataFrame:
    """Read a table that `save` has checked; its name tells whether it is still the same."""
    content = path.read_bytes() if path.exists() else b""
    if _fingerprint(content) != path.name.split(".")[1]:
        message = "the table is damaged or gone. Run `delivery load` again"
        raise SourceError([Problem("intake.table-damaged", message, str(path))])
    return pd.read_parquet(io.BytesIO(content))


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _write_table(folder: Path, name: str, rows: pd.DataFrame) -> str:
    content: Any = rows.to_parquet(index=False, compression="zstd")
    file = f"{name}.{_fingerprint(content)}.parquet"
    if not (folder / file).exists() or (folder / file).read_bytes() != content:
        write_whole(folder / file, content)
    return file
