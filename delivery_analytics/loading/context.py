"""What the records of one sheet are read with, and a field of them, read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from delivery_analytics.loading.remarks import Remark
from delivery_analytics.model.registry import Indicator, Registry, Sector, Sheet
from delivery_analytics.parsing.matching import Names


@dataclass(frozen=True)
class Field:
    """One field of all records, read.

    Attributes
    ----------
    values
        A value a record; None, NaN or NaT where it could not be read.
    remarks
        What there is to say of them.
    status
        Of figures, the observation status of each; of periods and names, that which their
        words and marks give to the figures.
    """

    values: Any
    remarks: Sequence[Remark] = ()
    status: Sequence[str] = ()


@dataclass(frozen=True)
class Context:
    """What the records of one sheet are read with.

    `names` holds, by field, the names its cells may be; `sector_id` and `source_id` are
    written into every row.
    """

    registry: Registry
    sheet: Sheet
    names: Names
    indicators: Mapping[str, Indicator]
    sector_id: str
    source_id: str

    @classmethod
    def of(
        cls, registry: Registry, sector: Sector, sheet: Sheet, names: Names, source_id: str = ""
    ) -> Context:
        """Return what a sheet of a sector's return is read with."""
        indicators = {indicator.id: indicator for indicator in sector.indicators}
        return cls(registry, sheet, names, indicators, sector.id, source_id)

    def agreed(self, indicators: Field) -> list[Indicator | None]:
        """Return what was agreed of each record's indicator; None where it is not known."""
        return [self.indicators.get(name) if name else None for name in indicators.values]

    def units_of(self, known: Iterable[Indicator | None]) -> list[str]:
        """Return the agreed unit of each indicator, "" where that is unknown."""
        return [indicator.unit if indicator else "" for indicator in known]

    def in_percent(self, known: Iterable[Indicator | None]) -> list[bool]:
        """Say of each indicator whether its unit is a percentage."""
        units = self.registry.units
        percent = {i.id for i in self.indicators.values() if units[i.unit].kind == "percent"}
        return [indicator is not None and indicator.id in percent for indicator in known]
