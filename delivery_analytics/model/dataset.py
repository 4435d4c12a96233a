"""The tidy tables together: save, narrow down, go back in time, and trace a figure."""

from __future__ import annotations

import contextlib
import dataclasses
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import figures, registers, schema, withholding
from delivery_analytics.model.asking import remembered
from delivery_analytics.model.choice import Choice, OneOrMore
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.languages import SOURCE, check_language
from delivery_analytics.model.lookup import Ids, mistake, near_miss
from delivery_analytics.model.parents import places_behind, tree_of, with_own_parents
from delivery_analytics.model.parquet import store_table
from delivery_analytics.model.registry import Registry

STORED = tuple(name for name in schema.TABLES if name != "assessments")
MANIFEST = "manifest.json"
BROKEN = "definition.broken"  # the problem of a sector that is as the last load left it
# The problem that tells of it → the table that had an indicator at the last load.
OWED = {"coverage.owed": "observations", "coverage.owed-target": "targets"}


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
    parents: pd.DataFrame
    sources: pd.DataFrame
    problems: pd.DataFrame
    assessments: pd.DataFrame
    ids: Ids
    regions: Ids
    bodies: Ids


@dataclass(frozen=True, eq=False)  # tables have no plain equality; a dataset is itself
class Dataset(_Tables):
    """What was agreed and what was sent, as tables; narrowed by day, sector or region.

    Attributes
    ----------
    tables
        Name → table of `schema.TABLES`. Each is an attribute too: ``data.observations``.
    ids, regions, bodies
        What the Tab key completes: ``data.ids.water.…`` is an indicator's id,
        ``data.regions.astana`` is ``KZ-71``.
    registry
        What was agreed; narrowed together with the tables.
    as_of
        The day of `known_on` or `learned_by`; ``None`` while everything is still there.
    latest_only
        Earlier revisions were dropped by `known_on`: this is no history any more.
    whole
        What it was narrowed from by `where`, if anything is divided by an indicator there, or
        made of others.
    language
        That of `named`; empty while texts are as they were sent.
    """

    tables: Mapping[str, pd.DataFrame]
    registry: Registry
    as_of: date | None = None
    latest_only: bool = False
    whole: Dataset | None = None
    language: str = ""

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
            If `as_of` is text, and not a day such as ``2024-12-31``; if it is later than the
            day this was narrowed to; or if `known_on` dropped revisions.
        """
        self.check_revisions()
        day = pd.Timestamp(as_of_day(self, as_of))
        if self.as_of and day.date() > self.as_of:
            raise mistake("learned-later", as_of=self.as_of, day=day.date())
        tables = {}
        for name, rows in self.tables.items():
            learned_on = schema.TABLES[name].learned_on
            if learned_on:
                rows = rows[(rows[learned_on] <= day) | rows[learned_on].isna()]
            tables[name] = rows.reset_index(drop=True)
        whole = self.whole and self.whole.learned_by(as_of)
        tables = with_own_parents(tables)
        return dataclasses.replace(self, tables=tables, as_of=day.date(), whole=whole)

    def known_on(self, as_of: str | date) -> Dataset:
        """Return what was known at the end of the day `as_of`, one row a fact.

        Rows learned later are dropped, and of each fact only its latest revision stays;
        a fact is a row's key without the day it was reported.

        Raises
        ------
        DefinitionError
            As `learned_by`; the day that this is known on already may be asked for again.
        """
        day = as_of_day(self, as_of)
        return self if self.latest_only and day == self.as_of else _known_on(self, day)

    def check_revisions(self) -> None:
        """Refuse to be taken for a history once `known_on` dropped earlier revisions.

        Raises
        ------
        DefinitionError
            Saying what to ask instead.
        """
        if self.latest_only:
            raise mistake("revisions-dropped", as_of=self.as_of)

    def where(
        self,
        *,
        sector_id: OneOrMore = None,
        region_id: OneOrMore = None,
        indicator_id: OneOrMore = None,
        programme_id: OneOrMore = None,
        body_id: OneOrMore = None,
        period: str | tuple[str, str] | None = None,
        frequency: str | None = None,
    ) -> Dataset:
        """Return only what belongs to sectors, regions, indicators, programmes, bodies, a time.

        The registry is narrowed with the tables, so "every indicator" means every
        indicator of that sector or programme.

        Parameters
        ----------
        sector_id, region_id, indicator_id, programme_id
            An id, a list of them, or a pattern: ``"water.*"``.
        body_id
            Likewise: what these bodies own or are to do, alone or with others; the indicators
            that they answer for (the lead of its sector for one without an owner) with their
            figures; and the spending of sectors that they lead.
        period
            Of what was reported for a time (observations, spending) the rows whose period
            ends in this one, or from one to the other: ``"2024"``, ``("2020", "2024-Q2")``.
            Promises stay, whatever day they are for.
        frequency
            Indicators reported so: ``"monthly"``.

        Raises
        ------
        DefinitionError
            If there is no such sector, region, indicator, programme, body or frequency, or no
            such period can be; lists what there is.
        """
        choice = Choice(
            sector_id=sector_id,
            region_id=region_id,
            indicator_id=indicator_id,
            programme_id=programme_id,
            body_id=body_id,
            period=period,
            frequency=frequency,
        )
        tables, registry = choice.of(self.tables, self.registry)
        tables = with_own_parents(tables)
        whole = (self.whole or self) if registry.bases or len(self.parents) else None
        return dataclasses.replace(self, tables=tables, registry=registry, whole=whole)

    def read_as(self, *, breakdown: str | None, within: str | None) -> Dataset:
        """Return the figures of one part of the whole, of the places within one.

        As `open_dataset` takes them.
        """
        tables, registry = self.tables, self.registry
        if breakdown is not None:
            tables = figures.figures_of(tables, breakdown)
        if within is not None:
            tables, registry = figures.figures_within(tables, registry, within)
        return dataclasses.replace(self, tables=with_own_parents(tables), registry=registry)

    def withheld(self) -> Dataset:
        """Return the same rows, the texts of restricted ones blacked out.

        A row is restricted in every version if one version of it is. Its dates, figures and
        coded words stay, so that counts are those of all rows.
        """
        tables = {n: withholding.blacked_out(n, rows) for n, rows in self.tables.items()}
        return dataclasses.replace(self, tables=tables)

    def named(self, language: str = "") -> Dataset:
        """Return the same rows as a reader of `language` has them; blocks and charts do so.

        ``owner``, ``executor`` and ``act`` are called as their registers have them, so that
        each counts once; one that is not registered stays as sent. ``title`` and ``text`` are
        in `language` where they were sent in it. Without a language they stay as sent, and
        bodies and acts have their names in the unit's own.
        """
        check_language(language or SOURCE)
        named = partial(registers.as_registered, registry=self.registry, language=language)
        tables = {name: named(rows) for name, rows in self.tables.items()}
        return dataclasses.replace(self, tables=tables, language=language)

    def trace(
        self, indicator_id: str, region_id: str | None = None, period: str | None = None
    ) -> pd.DataFrame:
        """Return where an indicator's figures come from, one row a reported figure.

        Revisions are separate rows, the latest last, unless `known_on` dropped them. What a
        figure was made of follows it, down to the cells, and then ``level`` says how far
        below it. Columns: ``indicator_id, region_id, period, value, reported_on,
        source_cell, path, sha256``.
        """
        whole = self.whole or self
        self.registry.check("indicator", indicator_id)
        rows = self.observations
        rows = rows[rows["indicator_id"] == indicator_id]
        rows = rows[rows["region_id"].isin(self.registry.at(region_id))]
        if period:
            rows = rows[rows["period"] == period]
        rows = tree_of(rows.drop(columns=["period_end", "obs_status"]), whole.parents)
        if not rows["level"].any():
            rows = rows.drop(columns="level")
        files = whole.sources[["source_id", "path", "sha256"]]
        traced = rows.merge(files, on="source_id", how="left", validate="many_to_one")
        traced = traced.fillna({"path": "", "sha256": ""})
        return figures.of_the_whole(traced.drop(columns="source_id"))

    def compare(self, before: str | date, after: str | date) -> pd.DataFrame:
        """Return the figures that were new or revised between the end of two days.

        Columns: ``indicator_id, region_id, period, before, after, change``; a figure that
        was not known on a day is missing there.
        """
        older, newer = (self.known_on(day).observations for day in (before, after))
        return figures.figures_compared(older, newer)

    def wide(self, language: str = "") -> pd.DataFrame:
        """Return the latest figures as people lay them out: names down, periods across.

        The index is ``sector, indicator, unit, region``, in the registry's order. It is
        in `language`, else in that of `named`, else in the unit's own; where there is no name
        in it, in English.
        """
        own = check_language(language or self.language or self.registry.prefers.languages[0])
        return figures.figures_wide(self.observations, self.registry, own)

    def place(self, rows: pd.DataFrame) -> pd.Series:
        """Return each row's source as people write it: ``healthcare.xlsx, Sheet!F14``.

        Of a figure that was made it is that of the figures behind it.
        """
        whole = self.whole or self
        files = whole.sources.set_index("source_id")["path"].str.rsplit("/", n=1).str[-1]
        named = rows["source_id"].map(files).fillna("").astype("str")
        made = places_behind(rows, whole.parents, files.to_dict())
        return (named + ", " + rows["source_cell"]).where(named != "", made)

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
        held = {n: schema.check_contract(n, getattr(self, n)) for n in STORED}
        files = {name: store_table(folder, name, table) for name, table in held.items()}
        rows = {name: len(table) for name, table in held.items()}
        manifest = {"tables": files, "rows": rows, **(beside or {})}
        write_whole(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
        for stale in folder.glob("*.parquet"):
            if stale.name not in files.values():
                # Windows keeps a file that someone reads; the next save takes it away.
                with contextlib.suppress(OSError):
                    stale.unlink()
        return folder


def as_of_day(data: Dataset | None, as_of: str | date | None = None) -> date:
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
    day = as_of or (data.last_reported_on if data else None)
    if day is None:
        raise mistake("nothing-received")
    return day.date() if isinstance(day, datetime) else day


def _indicator_ids(registry: Registry) -> Ids:
    """Return indicators' ids, those of each sector under its name."""
    sectors = {}
    for sector in registry.sectors.values():
        own = {indicator.id: indicator for indicator in sector.indicators}
        sectors[sector.id] = Ids("indicator", own, {key.partition(".")[2]: key for key in own})
    return Ids("indicator", registry.indicators, sectors)


_IDS = {
    "ids": _indicator_ids,
    "regions": lambda registry: Ids("region", registry.regions),
    "bodies": lambda registry: Ids("body", registry.bodies),
}


@remembered
def _known_on(data: Dataset, day: date) -> Dataset:
    learned = data.learned_by(day)
    latest = {}
    for name, rows in learned.tables.items():
        fact = list(schema.TABLES[name].revisions)
        latest[name] = rows.drop_duplicates(fact, keep="last", ignore_index=True)
    latest, whole = with_own_parents(latest), data.whole and data.whole.known_on(day)
    return dataclasses.replace(learned, tables=latest, latest_only=True, whole=whole)
