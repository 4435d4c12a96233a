"""What can be agreed: units, regions, programmes, indicators, sheets, sectors, rules.

Frozen dataclasses that `registry` reads from ``data/definitions``; a key they do not know
is refused.
"""

from dataclasses import field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from delivery_analytics.model.languages import Language, Names
from delivery_analytics.model.sheet_definitions import STRICT, Sheet

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Measured = Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.[a-z0-9][a-z0-9_-]{0,59}$")]
Key = Annotated[str, Field(min_length=1)]
Form = Annotated[str, Field(pattern=r"\{n\}")]
Frequency = Literal["annual", "half_yearly", "quarterly", "monthly"]


@dataclass(frozen=True, config=STRICT)
class Unit:
    """A unit of measurement: how it is called, how many decimals it is shown with.

    Attributes
    ----------
    id
        What other files call it; the table's name. As ``[percent]``.
    name
        Its name by language. As ``name = { en = "per cent", ru = "процент" }``.
    symbol
        What stands beside a figure, by language. As ``symbol = { en = "%" }``.
    kind
        What it counts: ``percent``, ``index``, ``count``, ``money`` or any ``number``; it
        decides how totals and comparisons are made. As ``kind = "count"``.
    decimals
        How many decimals are shown. As ``decimals = 0``.
    aliases
        What else returns call it. As ``aliases = ["pct"]``.
    template
        How a figure is written with it where no symbol does, in each plural form. As
        ``template = { en = ["{n} school", "{n} schools"] }``.
    """

    id: Identifier
    name: Names
    symbol: Names = field(default_factory=dict)
    kind: Literal["percent", "number", "count", "money", "index"] = "number"
    decimals: int = 1
    aliases: tuple[str, ...] = ()
    template: dict[Language, tuple[Form, ...]] = field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class Region:
    """A region by its ISO 3166-2 code, the nation itself, or an organisation in one of them.

    Attributes
    ----------
    id
        Its ISO 3166-2 code, or a code of your own; the column ``region_id``. As
        ``KZ-71``.
    kind
        ``country`` of the nation; of others a word of the unit's own. As ``oblast`` or
        ``hospital``.
    name
        Its name, a column a language. As ``name_en``, ``name_ru``.
    aliases
        What else returns call it, divided by ``|``. As ``Astana|Нур-Султан``.
    valid_from
        The day it came into being; empty where it always was. As ``2022-06-08``.
    split_from
        The region that it was a part of before. As ``KZ-63``.
    parent
        The region that an organisation is in, or the nation where it stands beside them;
        empty of the regions themselves. It is never added to, nor compared with, them. As
        ``KZ-71``.
    tile
        Its column and row on a map of tiles, from the north-west corner. As ``5 2``.
    """

    id: Key
    kind: Annotated[str, Field(min_length=1)]
    name: Names
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    split_from: str = ""
    parent: str = ""
    tile: tuple[int, int] | None = None


@dataclass(frozen=True, config=STRICT)
class Programme:
    """A programme that cuts across sectors and regions.

    Attributes
    ----------
    id
        What indicators and returns call it; the table's name. As ``[rural]``.
    name
        Its name by language. As ``name = { en = "Rural development" }``.
    lead
        Who leads it, by language. As ``lead = { en = "Ministry of Agriculture" }``.
    regions
        Where its indicators are read; else of the nation. As ``regions = ["KZ-47"]``.
    """

    id: Identifier
    name: Names
    lead: Names = field(default_factory=dict)
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, config=STRICT)
class Preferences:
    """What the unit prefers.

    Attributes
    ----------
    languages
        Those it publishes in unless a command says otherwise; the first is the one of
        charts, blank returns and answers to senders. As ``languages = ["ru", "kk"]``.
    place
        What the row of kind ``country`` is called in sentences. As ``place = "city"``.
    """

    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    place: Literal["country", "city", "district", "department"] = "country"


@dataclass(frozen=True, config=STRICT)
class Pack:
    """Reports that are made together for one occasion, such as a stocktake.

    Attributes
    ----------
    id
        What `delivery pack` calls it; the table's name. As ``[stocktake]``.
    name
        Its name by language. As ``name = { en = "Stocktake" }``.
    notebooks
        The reports in it, in their order. As ``notebooks = ["10_national"]``.
    formats
        What each is made as. As ``formats = ["pptx", "pdf"]``.
    """

    id: Identifier
    name: Names
    notebooks: Annotated[tuple[str, ...], Field(min_length=1)]
    formats: tuple[str, ...] = ("pptx", "pdf")


@dataclass(frozen=True, config=STRICT)
class Guard:
    """What must not get worse while a challenge runs: past `bound` the wrong way.

    Attributes
    ----------
    id
        What returns call it, unique among the guards. As ``id = "readmissions"``.
    name
        Its name by language. As ``name = { en = "Readmissions" }``.
    unit
        What it is counted in, of ``units.toml``. As ``unit = "percent"``.
    direction
        The way that is better. As ``direction = "decrease"``.
    bound
        The value that must not be passed the wrong way. As ``bound = 12``.
    """

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
    id
        What returns call it; the table's name. As ``[waiting]``.
    sector_id
        The sector it is of. As ``sector_id = "healthcare"``.
    name
        Its name by language. As ``name = { en = "Days to a specialist" }``.
    goal
        What is promised, in a sentence by language. As ``goal = { en = "Six days" }``.
    unit
        What its result is counted in, of ``units.toml``. As ``unit = "days"``.
    direction
        The way that is better. As ``direction = "decrease"``.
    start_on
        The day that is its day 1. As ``start_on = 2024-10-01``.
    target
        What is to be reached by day 100, in the unit. As ``target = 6``.
    base
        Where it stood before, in the unit; else in the first month. As ``base = 18``.
    leader
        Who leads it, by language. As ``leader = { en = "A. Serik" }``.
    region_id
        The region it is in; the nation without it. As ``region_id = "KZ-71"``.
    refreshed_on
        The day the refresh was held, once it was. As ``refreshed_on = 2024-11-20``.
    guards
        What must not get worse meanwhile, a table each. As ``[[waiting.guards]]``.
    illustrative
        Invented for an example, as every report says. As ``illustrative = true``.
    source
        Where it was agreed. As ``source = "Protocol 12"``.
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
        What it is called in commands, behind its sector: ``sector.indicator``, unique in
        the workspace. As ``id = "beds"``.
    name
        Its name by language. As ``name = { en = "Hospital beds", ru = "Койки" }``.
    short
        Its name in a brief, if shorter than `name`. As ``short = { en = "Beds" }``.
    unit
        What it is counted in, of ``units.toml``. As ``unit = "percent"``.
    direction
        The way that is better: ``increase``, ``decrease``, or ``maintain`` a level. As
        ``direction = "increase"``.
    frequency
        How often it is reported: ``annual``, ``half_yearly``, ``quarterly``, ``monthly``.
        As ``frequency = "monthly"``.
    code
        What returns call it, when they use a code. As ``code = "H-001"``.
    aliases
        What else returns call it. As ``aliases = ["Beds in use"]``.
    owner
        Who answers for it: the id of a body in ``bodies.csv``, or names by language; several
        divided by ``;``. As ``owner = "health; finance"``.
    method
        How it is judged, where not by ``default_method`` of ``status.toml``. As ``method
        = "kz_plan_execution"``.
    trajectory
        ``straight`` between the agreed values, or ``stepwise``: a value holds for the
        whole stretch that ends on the day it is due. As ``trajectory = "stepwise"``.
    formula
        What it is made of, where no return brings it. As ``formula = "100 * a / b"``.
    over_regions
        How regions make the nation where none was sent: ``sum``, ``mean``, ``weighted_mean``,
        ``min``, ``max``, or ``none``; once called ``aggregation``. As ``over_regions = "sum"``.
    weight
        The indicator whose figures weigh a ``weighted_mean``. As ``weight = "population"``.
    coverage_at_least
        The share of the weight that must have reported. As ``coverage_at_least = 0.9``.
    over_time
        How figures make a longer period's: ``sum, mean, last``. As ``over_time = "sum"``.
    cumulative
        Figures count from 1 January, and begin anew each year; so too where every sheet
        of observations of the sector says so. As ``cumulative = true``.
    plausible
        Lowest and highest value that can be true, in the unit; outside is set aside. As
        ``plausible = [0, 100]``.
    tolerance
        For ``maintain``: how far from the target still keeps it, in the unit. As
        ``tolerance = 0.5``.
    running_total
        A running total over all periods, such as schools built since the baseline: what
        it counts cannot be undone, so its target is achieved once it is reached. As
        ``running_total = true``.
    per
        For totals: the indicator that they are divided by where regions are compared; of
        its own sector, or ``sector.indicator``. As ``per = "population"``.
    priority
        1 is told first among those that stand alike; without one, last. As ``priority =
        1``.
    programmes
        The programmes that it belongs to. As ``programmes = ["rural"]``.
    note
        What a reader must know of it, by language. As ``note = { en = "New method since
        2023" }``.
    source
        Where the figures come from. As ``source = "Bureau of statistics"``.
    retired
        No return brings it any more: what is known of it stays, and nothing is owed. As
        ``retired = true``.
    """

    id: Measured
    sector_id: str
    name: Names
    unit: str
    direction: Literal["increase", "decrease", "maintain"]
    short: Names = field(default_factory=dict)
    frequency: Frequency = "annual"
    code: str = ""
    aliases: tuple[str, ...] = ()
    owner: Names | str = field(default_factory=dict)
    method: str = ""
    trajectory: Literal["straight", "stepwise"] = "straight"
    formula: str = ""
    over_regions: Literal["sum", "mean", "weighted_mean", "min", "max", "none"] = "none"
    weight: str = ""
    coverage_at_least: Annotated[float, Field(gt=0, le=1)] = 1.0
    over_time: Literal["sum", "mean", "last", "none"] = "none"
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

    @property
    def is_owed(self) -> bool:
        """Whether returns are to bring its figures."""
        return not (self.retired or self.formula)


@dataclass(frozen=True, config=STRICT)
class Sector:
    """One sector team: its indicators, and what its returns look like.

    Attributes
    ----------
    name
        Its name by language; the file's name is its id. As ``name = { en = "Health" }``.
    lead
        Who leads it and sends its returns: the id of a body in ``bodies.csv``, or names by
        language. As ``lead = "health"``.
    order
        Its place among the sectors, the lowest first. As ``order = 10``.
    over_regions
        How regions make the nation in its budget lines: ``sum``, or ``none``. As
        ``over_regions = "sum"``.
    resubmitted
        What the name of a corrected return has more than that of the one it corrects: a
        pattern whose group is a number or a day. Of one day's rows only those of the
        latest are kept. As ``resubmitted = '_v(\\d+)'``.
    """

    id: Identifier
    name: Names
    indicators: tuple[Indicator, ...]
    sheets: tuple[Sheet, ...] = ()
    lead: Names | str = field(default_factory=dict)
    order: int = 100
    over_regions: Literal["sum", "none"] = "none"
    resubmitted: str = ""


@dataclass(frozen=True, config=STRICT)
class StatusRules:
    """Which method judges by default, the thresholds of each, and how old is stale.

    Attributes
    ----------
    default_method
        The method that judges indicators without one of their own. As ``default_method =
        "pmdu"``.
    max_age_days
        By frequency: how long after its period's end a figure is still judged. As
        ``annual = 900``.
    methods
        The thresholds of each method, a table each. As ``[pmdu]``.
    due_after_days
        By frequency: how long after its period's end a figure is due; 30 if not said. As
        ``monthly = 15``.
    """

    default_method: str
    max_age_days: dict[Frequency, int]
    methods: dict[str, dict[str, float]]
    due_after_days: dict[Frequency, int] = field(default_factory=dict)
