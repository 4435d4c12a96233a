"""What somebody must hear of after an edition: what turned red, came late, or failed.

``reports/alerts.json`` holds the latest edition's, for another program to pick up; it is
replaced in one step. An edition is told of once.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from delivery_analytics.analytics import milestones, returns_due
from delivery_analytics.analytics.rollup import by_urgency
from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks.common import MARK, illustrative_targets, reasons
from delivery_analytics.methods.base import coded
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import from_note, write_whole
from delivery_analytics.model.languages import LANGUAGES, Names
from delivery_analytics.model.lookup import chosen
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.publishing import alert_rules
from delivery_analytics.publishing.alert_rules import AlertRule, AlertSettings, Silence, met
from delivery_analytics.publishing.editions import Edition, day_before
from delivery_analytics.wording.codes import KINDS
from delivery_analytics.wording.wording import Wording, open_wording

FILE = "alerts.json"
VERSION = 1  # of the file's form
AlertKind = (
    Literal["turned_red", "target_missed", "milestone_overdue", "return_late"]
    | Literal["report_failed", "silent"]
    | alert_rules.RuleKind
)
Spoken = Mapping[str, Wording]  # by language
NO_RULES = AlertSettings()
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
    owners
        The id of the body that answers for it, and what that is called in every language.
    illustrative
        Whether it rests on something invented for an example; its text is marked.
    """

    kind: AlertKind
    subject_id: str
    text: Mapping[str, str]
    sector_id: str = ""
    region_id: str = ""
    owners: Sequence[str] = ()
    illustrative: bool = False


@dataclass(frozen=True)
class Alerts:
    """All there is to hear of one edition, the gravest first."""

    edition: str
    as_of: date
    since: date
    alerts: Sequence[Alert] = field(default=())


def new_alerts(
    history: Dataset,
    *,
    since: date,
    failed: Mapping[str, str] | None = None,
    settings: AlertSettings = NO_RULES,
) -> list[Alert]:
    """Return what is new on the day ``history.as_of`` against the day `since`.

    Parameters
    ----------
    history
        With every revision, as `Dataset.learned_by` the later day.
    failed
        The place of every report that failed → its error.
    settings
        The unit's own rules.
    """
    now, before = history.known_on(str(history.as_of)), history.known_on(since)
    workspace = history.registry.workspace
    spoken = {language: open_wording(language, workspace) for language in LANGUAGES}
    return [
        *(_failed(place, error, spoken) for place, error in (failed or {}).items()),
        *_turned_red(now, before, spoken),
        *_overdue(now, before, spoken),
        *_late(now, before, spoken),
        *(alert for rule in settings.rule for alert in _ruled(now, before, spoken, rule)),
        *(alert for one in settings.silence for alert in _silent(now, before, spoken, one)),
    ]


def _failed(place: str, error: str, spoken: Spoken) -> Alert:
    text = {
        code: one("The report {report} could not be made: {error}", report=place, error=error)
        for code, one in spoken.items()
    }
    return Alert("report_failed", place, text)


def _turned_red(now: Dataset, before: Dataset, spoken: Spoken) -> Iterator[Alert]:
    red, was_red = (_to_hear_of(by_urgency(assess(data), data)) for data in (now, before))
    why = {language: reasons(now, red, words) for language, words in spoken.items()}
    invented = illustrative_targets(now)
    for row in _new(red.assign(**why), was_red, [*_SERIES, "kind"]):
        said = {language: {"reason": row[language]} for language in spoken}
        key = str(row["indicator_id"]), str(row["region_id"])
        yield _of_indicator(now, row, spoken, said, illustrative=key in invented)


def _called(data: Dataset, owner: Names | str) -> tuple[str, ...]:
    """Return what an owner may be called: as registered, or else as it was sent."""
    bodies = [data.registry.bodies[key] for key in data.registry.bodies_of(owner)]
    sent = (owner,) if isinstance(owner, str) else tuple(owner.values())
    return tuple(text for body in bodies for text in (body.id, *body.name.values())) or sent


def _ruled(now: Dataset, before: Dataset, spoken: Spoken, rule: AlertRule) -> Iterator[Alert]:
    """Yield the latest figures that came past a bound, or moved by so much."""
    registry = now.registry
    key = _SERIES if rule.is_bound else [*_SERIES, "period"]
    for row in _new(met(now, rule), met(before, rule), key):
        unit, said = registry.units[registry.indicators[row["indicator_id"]].unit], {}
        for language, words in spoken.items():
            size, points = abs(row["size"]), words.is_percent(unit)
            change = words.points(size) if points else words.value(size, unit)
            value, other = words.values([row["value"], row["other"]], unit)
            told = {name: words.period(row[name]) for name in ("period", "earlier")}
            told |= {"change": words.percent(size) if rule.percent else change}
            said[language] = told | {"value": value, "other": other}
        yield _of_indicator(now, row | {"kind": rule.when}, spoken, said)


def _of_indicator(
    data: Dataset,
    row: Mapping[Any, Any],
    spoken: Spoken,
    said: Mapping[str, Mapping[str, str]],
    *,
    illustrative: bool = False,
) -> Alert:
    one = data.registry.indicators[row["indicator_id"]]
    region = data.registry.regions[row["region_id"]]
    names = {"indicator": one.name, "region": region.name}
    template, text = KINDS["alert"][row["kind"]], {}
    for language, words in spoken.items():
        named = {what: words.name(name) for what, name in names.items()}
        named["indicator"] += MARK * illustrative
        text[language] = words(template, **named, **said[language])
    owners = _called(data, one.owner or data.registry.sectors[one.sector_id].lead)
    return Alert(row["kind"], one.id, text, one.sector_id, region.id, owners, illustrative)


def _silent(now: Dataset, before: Dataset, spoken: Spoken, rule: Silence) -> Iterator[Alert]:
    """Yield the sectors that have sent nothing for longer than they may."""
    silent, was_silent = (_heard(data, rule) for data in (now, before))
    for row in _new(silent, was_silent, ["sector_id"]):
        sector = now.registry.sector(row["sector_id"])
        text = {
            language: words.plural(
                "{sector}: nothing was received for {n} day; the last on {date}",
                "{sector}: nothing was received for {n} days; the last on {date}",
                row["days"],
                sector=words.name(sector.name),
                date=words.date(row["received_on"]),
            )
            for language, words in spoken.items()
        }
        yield Alert("silent", sector.id, text, sector.id, owners=_called(now, sector.lead))


def _heard(data: Dataset, rule: Silence) -> pd.DataFrame:
    """Return the sectors that were not heard of for longer, and when they were last."""
    last = data.sources.groupby("sector_id", as_index=False)["received_on"].max()
    of = chosen("sector", rule.sector, data.registry.sectors) or ()
    last = last.assign(days=(pd.Timestamp(data.as_of) - last["received_on"]).dt.days)  # type: ignore[arg-type]
    silent: pd.DataFrame = last[last["sector_id"].isin(of) & (last["days"] > rule.days)]
    return silent


def _to_hear_of(assessments: pd.DataFrame) -> pd.DataFrame:
    """Return what is off track, and what is due and missed however closely, with its kind."""
    behind = assessments[assessments["status"].isin(["off_track", "at_risk"])]
    missed = periods.ends(behind["period"]) >= behind["target_on"]
    red = behind["status"] == "off_track"
    kind = coded({"target_missed": missed, "turned_red": red})
    return behind.assign(kind=kind)[missed | red]


def _overdue(now: Dataset, before: Dataset, spoken: Spoken) -> Iterator[Alert]:
    overdue, was_overdue = (
        rows[rows["state"] == "overdue"] for rows in map(milestones.late, (now, before))
    )
    for row in _new(overdue, was_overdue, ["milestone_id"]):
        mark = MARK if row["illustrative"] else ""
        text = {
            language: words.plural(
                "{milestone}: overdue by {n} day",
                "{milestone}: overdue by {n} days",
                row["delay_days"],
                milestone=f"{row['title']}{mark}",
            )
            for language, words in spoken.items()
        }
        of, owners = (row["milestone_id"], text, row["sector_id"]), _called(now, row["owner"])
        yield Alert("milestone_overdue", *of, owners=owners, illustrative=bool(mark))


def _late(now: Dataset, before: Dataset, spoken: Spoken) -> Iterator[Alert]:
    missing, was_missing = map(returns_due.missing_returns, (now, before))
    late = _new(missing, was_missing, [*_SERIES, "period"])
    for sector_id, count in Counter(row["sector_id"] for row in late).items():
        sector = now.registry.sector(sector_id)
        text = {
            language: words.plural(
                "{sector}: {n} figure due was not received",
                "{sector}: {n} figures due were not received",
                count,
                sector=words.name(sector.name),
            )
            for language, words in spoken.items()
        }
        owners = _called(now, sector.lead)
        yield Alert("return_late", sector.id, text, sector.id, owners=owners)


def _new(rows: pd.DataFrame, earlier: pd.DataFrame, key: list[str]) -> list[dict[Any, Any]]:
    """Return the rows whose `key` was not there earlier, as records."""
    known = pd.MultiIndex.from_frame(earlier[key])
    return rows[~pd.MultiIndex.from_frame(rows[key]).isin(known)].to_dict("records")


def tell(registry: Registry, edition: Edition) -> Alerts | None:
    """Write the alerts of an edition to their file, and return them.

    ``None`` when that edition was told of before.
    """
    path = registry.workspace.reports / FILE
    if from_note(path).get("edition") == edition.id:
        return None
    alerts = alerts_of(registry, edition)
    content = {"version": VERSION, **asdict(alerts)}
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
    return alerts


def alerts_of(registry: Registry, edition: Edition) -> Alerts:
    """Return the alerts of an edition against the one of an earlier day.

    Without such an edition, against the end of the month before.
    """
    reports, day = registry.workspace.reports, edition.as_of
    since = day_before(reports, day) or day.replace(day=1) - timedelta(days=1)
    listed = edition.manifest["content"]["reports"]
    failed = {report["place"]: report["error"] for report in listed if report["error"]}
    history = open_dataset(registry.workspace.processed, registry).learned_by(day)
    settings = alert_rules.alert_settings(registry)
    found = new_alerts(history, since=since, failed=failed, settings=settings)
    return Alerts(edition.id, day, since, tuple(found))
