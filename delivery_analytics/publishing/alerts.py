"""What somebody must hear of after an edition: what turned red, came late, or failed.

``reports/alerts.json`` holds the latest edition's, for another program to pick up; it is
replaced in one step. An edition is told of once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from delivery_analytics.analytics import milestones, quality
from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks.common import MARK, illustrative_targets
from delivery_analytics.model.dataset import Dataset, open_dataset
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.registry import LANGUAGES, Registry
from delivery_analytics.publishing import editions as edition
from delivery_analytics.publishing.editions import Edition
from delivery_analytics.wording.wording import Wording, open_wording

FILE = "alerts.json"
VERSION = 1  # of the file's form
Kind = Literal["turned_red", "milestone_overdue", "return_late", "report_failed"]
_SERIES = ["indicator_id", "region_id"]


@dataclass(frozen=True)
class Alert:
    """One thing to hear of.

    Attributes
    ----------
    subject_id
        The indicator, milestone or sector; of a failed report its place.
    text
        The sentence that says it, by language.
    illustrative
        Whether it rests on something invented for an example; its text is marked.
    """

    kind: Kind
    subject_id: str
    text: Mapping[str, str]
    sector_id: str = ""
    region_id: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Alerts:
    """All there is to hear of one edition, the gravest first."""

    edition: str
    as_of: date
    since: date
    alerts: Sequence[Alert] = field(default=())


def found(
    history: Dataset, *, since: date, failed: Mapping[str, str] | None = None
) -> list[Alert]:
    """Return what is new on the day ``history.as_of`` against the day `since`.

    Parameters
    ----------
    history
        With every revision, as `Dataset.learned_by` the later day.
    failed
        The place of every report that failed → its error.
    """
    now, before = history.known_on(str(history.as_of)), history.known_on(since)
    said = {language: open_wording(language) for language in LANGUAGES}
    return [
        *(_failed(place, error, said) for place, error in (failed or {}).items()),
        *_turned_red(now, before, said),
        *_overdue(now, before, said),
        *_late(now, before, said),
    ]


def _failed(place: str, error: str, said: Mapping[str, Wording]) -> Alert:
    text = {
        language: words("The report {report} was not made: {error}", report=place, error=error)
        for language, words in said.items()
    }
    return Alert("report_failed", place, text)


def _turned_red(now: Dataset, before: Dataset, said: Mapping[str, Wording]) -> Iterator[Alert]:
    earlier = assess(before)
    was_red = earlier[earlier["status"] == "off_track"].set_index(_SERIES).index
    rows = assess(now)
    rows = rows[rows["status"] == "off_track"]
    rows = rows[~pd.MultiIndex.from_frame(rows[_SERIES]).isin(was_red)]
    invented = illustrative_targets(now)
    registry = now.registry
    records: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    for row in records:
        key = str(row["indicator_id"]), str(row["region_id"])
        one, place = registry.indicators[key[0]], registry.regions[key[1]]
        unit, mark = registry.units[one.unit], MARK if key in invented else ""
        yield Alert(
            "turned_red",
            one.id,
            {
                language: words(
                    "{indicator}, {region}: off track. {reason}",
                    indicator=words.name(one.name) + mark,
                    region=words.name(place.name),
                    reason=words.reason(
                        {str(k): v for k, v in row.items()}, unit, one.direction
                    ),
                )
                for language, words in said.items()
            },
            one.sector_id,
            place.id,
            bool(mark),
        )


def _overdue(now: Dataset, before: Dataset, said: Mapping[str, Wording]) -> Iterator[Alert]:
    rows, earlier = milestones.late(now), milestones.late(before)
    known = set(earlier.loc[earlier["state"] == "overdue", "milestone_id"])
    rows = rows[(rows["state"] == "overdue") & ~rows["milestone_id"].isin(known)]
    for row in rows.to_dict("records"):
        mark = MARK if row["illustrative"] else ""
        yield Alert(
            "milestone_overdue",
            str(row["milestone_id"]),
            {
                language: words.plural(
                    "{milestone}: overdue by {n} day",
                    "{milestone}: overdue by {n} days",
                    row["delay_days"],
                    milestone=f"{row['title']}{mark}",
                )
                for language, words in said.items()
            },
            str(row["sector_id"]),
            illustrative=bool(mark),
        )


def _late(now: Dataset, before: Dataset, said: Mapping[str, Wording]) -> Iterator[Alert]:
    key = [*_SERIES, "period"]
    rows, earlier = quality.missing_returns(now), quality.missing_returns(before)
    known = pd.MultiIndex.from_frame(earlier[key])
    rows = rows[~pd.MultiIndex.from_frame(rows[key]).isin(known)]
    for sector_id, missing in rows.groupby("sector_id", sort=False):
        sector = now.registry.sector(str(sector_id))
        yield Alert(
            "return_late",
            sector.id,
            {
                language: words.plural(
                    "{sector}: {n} figure that was due did not come",
                    "{sector}: {n} figures that were due did not come",
                    len(missing),
                    sector=words.name(sector.name),
                )
                for language, words in said.items()
            },
            sector.id,
        )


def tell(registry: Registry, made: Edition) -> Alerts | None:
    """Write the alerts of an edition to their file, and return them.

    ``None`` when that edition was told of before.
    """
    path = registry.workspace.reports / FILE
    if _known(path) == made.id:
        return None
    told = alerts_of(registry, made)
    content = {"version": VERSION, **asdict(told)}
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
    return told


def alerts_of(registry: Registry, made: Edition) -> Alerts:
    """Return the alerts of an edition against the one of an earlier day.

    Without such an edition, against the end of the month before.
    """
    reports, day = registry.workspace.reports, made.as_of
    since = edition.day_before(reports, day) or day.replace(day=1) - timedelta(days=1)
    listed = made.manifest["content"]["reports"]
    failed = {one["place"]: one["error"] for one in listed if one["error"]}
    data = open_dataset(registry.workspace.processed, registry)
    history = data.learned_by(str(day))
    return Alerts(made.id, day, since, tuple(found(history, since=since, failed=failed)))


def _known(path: Path) -> str:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return str(content["edition"])
    except (OSError, ValueError, KeyError):
        return ""
