"""What a unit wants to hear of by rules of its own: ``data/definitions/alerts.toml``."""

from typing import Annotated, Literal

import pandas as pd
from pydantic import Field
from pydantic.dataclasses import dataclass

from delivery_analytics.analytics.common import own_figures
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model import periods
from delivery_analytics.model.building import build_definition, read_toml
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import chosen
from delivery_analytics.model.periods import MONTHS_IN
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.sheet_definitions import STRICT

FILE = "alerts.toml"
Several = str | tuple[str, ...]
RuleKind = Literal["above", "below", "rises", "falls"]


@dataclass(frozen=True, config=STRICT)
class AlertRule:
    """One rule: the latest figure came past a bound, or moved by so much.

    Attributes
    ----------
    when
        A bound is told of when it is first passed, a change once a figure. As
        ``when = "falls"``.
    by
        The bound, or the least change, in the indicator's unit. As ``by = 16``.
    indicator
        An id, several, or a pattern. As ``indicator = "healthcare.*"``.
    region
        Likewise; the nation unless said. As ``region = "KZ-71"``.
    percent
        A change is in per cent of the figure before. As ``percent = true``.
    over
        Against the figure of the ``period`` before, or of the same one a ``year`` before. As
        ``over = "year"``.
    """

    when: RuleKind
    by: float
    indicator: Several = "*"
    region: Several = ""
    percent: bool = False
    over: Literal["period", "year"] = "period"

    @property
    def is_bound(self) -> bool:
        """Whether it is of the figure itself, not of its change."""
        return self.when in ("above", "below")


@dataclass(frozen=True, config=STRICT)
class Silence:
    """How long a sector may send nothing.

    Attributes
    ----------
    days
        Since the day anything was received. As ``days = 45``.
    sector
        One, several, or a pattern; every one unless said. As ``sector = "water"``.
    """

    days: Annotated[int, Field(gt=0)]
    sector: Several = "*"


@dataclass(frozen=True, config=STRICT)
class AlertSettings:
    """The rules, and an address that alerts are posted to.

    Attributes
    ----------
    rule
        As a table ``[[rule]]`` each.
    silence
        As a table ``[[silence]]`` each.
    webhook
        Gets what ``reports/alerts.json`` holds, with a ``text`` for a chat; nothing is posted
        unless said. As ``webhook = "https://chat.example/hook"``.
    """

    rule: tuple[AlertRule, ...] = ()
    silence: tuple[Silence, ...] = ()
    webhook: Annotated[str, Field(pattern=r"^(https?://[^\s/]+\S*)?$")] = ""


def alert_settings(registry: Registry) -> AlertSettings:
    """Return what the workspace says of alerts; without its file there are no rules.

    Raises
    ------
    DefinitionError
        When the file is not what it must be, or names what there is not.
    """
    path = registry.workspace.definitions / FILE
    if not path.exists():
        return AlertSettings()
    settings: AlertSettings = build_definition(AlertSettings, read_toml(path), path)
    try:
        for rule in settings.rule:
            chosen("indicator", rule.indicator, registry.indicators)
            chosen("region", rule.region or None, registry.regions)
        for one in settings.silence:
            chosen("sector", one.sector, registry.sectors)
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from None
    return settings


def met(data: Dataset, rule: AlertRule) -> pd.DataFrame:
    """Return the latest figures that meet a rule, as known on the day of `data`.

    Returns
    -------
    DataFrame
        ``indicator_id, region_id, period, value``; ``other``, the bound or the figure it is
        compared with, that of ``earlier``; ``size``, by how much it is more, in per cent if the
        rule is. Nothing compares with no figure, nor in per cent with nought.
    """
    known, figures = data.registry, own_figures(data)
    of = chosen("indicator", rule.indicator, known.indicators) or ()
    at = chosen("region", rule.region or known.country_id, known.regions) or ()
    figures = figures[figures["indicator_id"].isin(of) & figures["region_id"].isin(at)]
    latest = figures.sort_values("period_end").drop_duplicates(SERIES, keep="last")
    sign = 1 if rule.when in ("above", "rises") else -1
    if rule.is_bound:
        rows = latest.assign(other=rule.by, earlier="", size=latest["value"] - rule.by)
        return rows[sign * rows["size"] > 0]
    every = rule.over == "period"  # or as many periods before as a year has
    steps = {freq: 1 if every else 12 // months for freq, months in MONTHS_IN.items()}
    before = [periods.shift(p, -steps[periods.frequency(p)]) for p in latest["period"]]
    named = {"period": "earlier", "value": "other"}
    earlier = figures[[*SERIES, *named]].rename(columns=named)
    rows = latest.assign(earlier=before).merge(earlier, on=[*SERIES, "earlier"])
    whole = rows["other"].abs().where(lambda value: value > 0) / 100 if rule.percent else 1.0
    rows = rows.assign(size=(rows["value"] - rows["other"]) / whole)
    # As exact as figures are written: 16 % of 25 is 4, not 3.9999999999999996.
    large: pd.DataFrame = rows[(sign * rows["size"]).round(9) >= rule.by]
    return large
