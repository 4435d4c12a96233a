"""What can be agreed: units, regions, programmes, indicators, sheets, sectors, rules.

Frozen dataclasses that `registry` reads from ``data/definitions``; a key they do not know
is refused.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.sheet_definitions import STRICT, Sheet

if TYPE_CHECKING:
    Language = str
else:  # known only when the folder has been listed
    Language = Literal[LANGUAGES]
Names = dict[Language, str]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Measured = Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.[a-z0-9][a-z0-9_-]{0,59}$")]
Frequency = Literal["annual", "half_yearly", "quarterly", "monthly"]


@dataclass(frozen=True, config=STRICT)
class Unit:
    """A unit of measurement: how it is called, how many decimals it is shown with."""

    id: Identifier
    name: Names
    symbol: Names = field(default_factory=dict)
    kind: Literal["percent", "number", "count", "money", "index"] = "number"
    decimals: int = 1
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, config=STRICT)
class Region:
    """A region by its ISO 3166-2 code, the nation itself, or an organisation in one of them.

    Attributes
    ----------
    kind
        ``country`` of the nation; of others a word of the unit's own: ``oblast``, ``hospital``.
    parent
        The region that an organisation is in, or the nation where it stands beside them; empty
        of the regions themselves. It is never added to, nor compared with, them.
    tile
        Its column and row on a map of tiles, from the north-west corner.
    """

    id: str
    kind: Annotated[str, Field(min_length=1)]
    name: Names
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    split_from: str = ""
    parent: str = ""
    tile: tuple[int, int] | None = None


@dataclass(frozen=True, config=STRICT)
class Programme:
    """A programme that cuts across sectors and regions."""

    id: Identifier
    name: Names
    lead: Names = field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class Preferences:
    """What the unit prefers.

    Attributes
    ----------
    languages
        Those it publishes in unless a command says otherwise; the first is the one of
        charts, blank returns and answers to senders.
    """

    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)


@dataclass(frozen=True, config=STRICT)
class Pack:
    """Reports that are made together for one occasion, such as a stocktake."""

    id: Identifier
    name: Names
    notebooks: Annotated[tuple[str, ...], Field(min_length=1)]
    formats: tuple[str, ...] = ("pptx", "pdf")


@dataclass(frozen=True, config=STRICT)
class Guard:
    """What must not get worse while a challenge runs: past `bound` the wrong way."""

    id: Identifier
    name: Names
    unit: str
    direction: Literal["increase", "decrease"]
    bound: float


@dataclass(frozen=True, config=STRICT)
class Challenge:
    """A hundred-day challenge: what a team promised to reach by its hundredth day.

    Attributes
    ----------
    start_on
        Its day 1.
    base, target
        In the unit; without a `base` the first month stands in for it.
    refreshed_on
        The day the refresh was held, once it was.
    """

    id: Identifier
    sector_id: str
    name: Names
    goal: Names
    unit: str
    direction: Literal["increase", "decrease"]
    start_on: date
    target: float
    base: float | None = None
    leader: Names = field(default_factory=dict)
    region_id: str = ""
    refreshed_on: date | None = None
    guards: tuple[Guard, ...] = ()
    illustrative: bool = False
    source: str = ""


@dataclass(frozen=True, config=STRICT)
class Indicator:
    """What is measured: unit, direction, how often, and by which method it is judged.

    Attributes
    ----------
    id
        ``sector.indicator``, unique in the workspace.
    code
        What returns call it, when they use a code.
    plausible
        Lowest and highest value that can be true, in the unit; outside is set aside.
    tolerance
        For ``maintain``: how far from the target still keeps it, in the unit.
    per
        For totals: the indicator that they are divided by where regions are compared, such as
        ``population``; of its own sector, or ``sector.indicator``.
    priority
        1 is told first among those that stand alike; without one, last.
    running_total
        A running total over all periods, such as schools built since the baseline: what it
        counts cannot be undone, so its target is achieved once it is reached.
    trajectory
        ``straight`` between the agreed values, or ``stepwise``: a value holds for the whole
        stretch that ends on the day it is due.
    aggregation
        How regions make the nation. ``none`` means they are only compared.
    retired
        No return brings it any more: what is known of it stays, and nothing is owed.
    cumulative
        Figures count from 1 January, and begin anew each year; so too where every sheet of
        observations of the sector says so.
    """

    id: Measured
    sector_id: str
    name: Names
    unit: str
    direction: Literal["increase", "decrease", "maintain"]
    frequency: Frequency = "annual"
    code: str = ""
    aliases: tuple[str, ...] = ()
    owner: Names = field(default_factory=dict)
    method: str = ""
    trajectory: Literal["straight", "stepwise"] = "straight"
    aggregation: Literal["sum", "mean", "none"] = "none"
    cumulative: bool = False
    plausible: tuple[float | None, float | None] = (None, None)
    tolerance: float = 0.0
    running_total: bool = False
    per: str = ""
    priority: Annotated[int, Field(ge=1)] | None = None
    programmes: tuple[str, ...] = ()
    note: Names = field(default_factory=dict)
    source: str = ""
    retired: bool = False


@dataclass(frozen=True, config=STRICT)
class Sector:
    """One sector team: its indicators, and what its returns look like.

    Attributes
    ----------
    resubmitted
        What the name of a corrected return has more than that of the one it corrects: a
        pattern whose group is a number or a day, such as ``_v(\\d+)``. Of one day's rows
        only those of the latest are kept.
    """

    id: Identifier
    name: Names
    indicators: tuple[Indicator, ...]
    sheets: tuple[Sheet, ...] = ()
    lead: Names = field(default_factory=dict)
    order: int = 100
    resubmitted: str = ""


@dataclass(frozen=True, config=STRICT)
class StatusRules:
    """Which method judges by default, the thresholds of each, and how old is stale.

    Attributes
    ----------
    max_age_days
        By frequency: how long after its period's end a figure is still judged.
    due_after_days
        By frequency: how long after its period's end a figure is due; 30 if not said.
    """

    default_method: str
    max_age_days: dict[Frequency, int]
    methods: dict[str, dict[str, float]]
    due_after_days: dict[Frequency, int] = field(default_factory=dict)
