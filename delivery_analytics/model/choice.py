"""What of a dataset is asked for: sectors, regions, indicators, programmes, a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.definitions import Frequency
from delivery_analytics.model.lookup import check, chosen
from delivery_analytics.model.registry import Registry

OneOrMore = str | Collection[str] | None  # an id, several, or a pattern of them
# What is of a sector or programme, whichever indicator it serves.
_LINKED = ("milestones", "instructions")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What `Dataset.where` is asked for, by its names."""

    sector_id: OneOrMore = None
    region_id: OneOrMore = None
    indicator_id: OneOrMore = None
    programme_id: OneOrMore = None
    body_id: OneOrMore = None
    period: str | tuple[str, str] | None = None
    frequency: str | None = None

    def of(
        self, tables: Mapping[str, pd.DataFrame], registry: Registry
    ) -> tuple[dict[str, pd.DataFrame], Registry]:
        """Return the rows and definitions that are meant; errors as `Dataset.where`."""
        sector_ids = chosen("sector", self.sector_id, registry.sectors)
        region_ids = chosen("region", self.region_id, registry.regions)
        indicator_ids = chosen("indicator", self.indicator_id, registry.indicators)
        programme_ids = chosen("programme", self.programme_id, registry.programmes)
        if region_ids is None and programme_ids:
            places = [registry.programmes[one].regions for one in programme_ids]
            region_ids = {one for own in places for one in own} if all(places) else None
        body_ids = chosen("body", self.body_id, registry.bodies)
        check("frequency", self.frequency, get_args(Frequency))
        days = self._days()
        indicators = {
            name
            for name, indicator in registry.indicators.items()
            if _among(indicator.sector_id, sector_ids)
            and _among(name, indicator_ids)
            and self.frequency in (None, indicator.frequency)
            and (programme_ids is None or programme_ids & set(indicator.programmes))
        }
        answered = {
            name
            for name in indicators
            if body_ids is None or body_ids & {*registry.answering(registry.indicators[name])}
        }
        led = {
            key
            for key, sector in registry.sectors.items()
            if body_ids is None or body_ids & {*registry.bodies_of(sector.lead)}
        }
        challenges = {
            name: challenge
            for name, challenge in registry.challenges.items()
            if _among(challenge.sector_id, sector_ids)
            and (programme_ids is None or challenge.region_id in (region_ids or ()))
        }
        by_indicator = indicator_ids is not None or self.frequency is not None
        wanted = {"sector_id": sector_ids, "region_id": region_ids}
        wanted["challenge_id"] = set(challenges)
        if programme_ids is not None:
            wanted["subject_id"] = indicators | programme_ids
        # What a row says itself of its programme counts, and else its indicator and region.
        free = {"indicator_id": not by_indicator, "region_id": self.region_id is None}
        kept = {}
        for name, rows in tables.items():
            keep = pd.Series(True, index=rows.index)
            body = next((one for one in ("owner_id", "executor_id") if one in rows), "")
            if body_ids is not None and body:
                keep &= rows[body].map(lambda ids: not body_ids.isdisjoint(ids.split(";")))
            elif body_ids is not None and name == "spending":
                keep &= rows["sector_id"].isin(led)
            own = indicators if body else answered
            # What is about no indicator is its sector's all the same.
            every = not by_indicator and programme_ids is None and (body or body_ids is None)
            wanted["indicator_id"] = own | {""} if every else own
            of_programme = pd.Series(False, index=rows.index)
            if programme_ids is not None and "programme_id" in rows:
                of_programme = rows["programme_id"].isin(programme_ids)
                keep &= of_programme | ((rows["programme_id"] == "") & ("indicator_id" in rows))
            linked = name in _LINKED and not by_indicator and programme_ids is None
            for column, ids in wanted.items():
                skipped = column == "indicator_id" and linked
                if ids is not None and column in rows and not skipped:
                    keep &= rows[column].isin(ids) | (of_programme & free.get(column, False))
            if days and {"period", "period_end"} <= {*rows}:
                keep &= rows["period_end"].between(*days)
            kept[name] = rows[keep].reset_index(drop=True)
        sectors = {}
        for key, sector in registry.sectors.items():
            if _among(key, sector_ids):
                mine = tuple(one for one in sector.indicators if one.id in answered)
                sectors[key] = replace(sector, indicators=mine)
        regions = {key: r for key, r in registry.regions.items() if _among(key, region_ids)}
        return kept, replace(registry, sectors=sectors, regions=regions, challenges=challenges)

    def _days(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """Return the first and the last day of the period, or from the one to the other."""
        if self.period is None:
            return None
        first, last = (self.period,) * 2 if isinstance(self.period, str) else self.period
        try:
            return pd.Timestamp(periods.start(first)), pd.Timestamp(periods.end(last))
        except ValueError as error:
            raise DefinitionError(str(error)) from None


def _among(key: str, ids: set[str] | None) -> bool:
    return ids is None or key in ids
