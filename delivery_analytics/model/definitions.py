"""What can be agreed: units, regions, programmes, indicators, sheets, sectors, rules.

Frozen dataclasses that `registry` reads from ``data/definitions``; a key they do not know
is refused.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from delivery_analytics.model import schema
from delivery_analytics.model.languages import LANGUAGES

if TYPE_CHECKING:
    Language = str
    Sent = str
else:  # known only when the folder has been listed, and the tables
    Language = Literal[LANGUAGES]
    Sent = Literal[schema.SENT]  # the tables that returns can fill
Names = dict[Language, str]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Measured = Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.[a-z0-9][a-z0-9_-]{0,59}$")]
Frequency = Literal["annual", "half_yearly", "quarterly", "monthly"]
_CELL = r"[A-Z]{1,3}[1-9]\d*"
CellName = Annotated[str, Field(pattern=f"^{_CELL}$")]
Area = Annotated[str, Field(pattern=f"^(?:{_CELL})?(?::(?:{_CELL})?)?$")]
Headings = Annotated[tuple[str, ...], Field(min_length=1)]
STRICT = ConfigDict(extra="forbid")


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
    """A region by its ISO 3166-2 code, or the nation itself (``kind`` ``country``).

    `tile` is its column and row on a map of tiles, from the north-west corner.
    """

    id: str
    kind: Literal["country", "oblast", "city"]
    name: Names
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    split_from: str = ""
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
    cumulative
        A running total over all periods, such as schools built since the baseline: what it
        counts cannot be undone, so its target is achieved once it is reached.
    trajectory
        ``straight`` between the agreed values, or ``stepwise``: a value holds for the whole
        stretch that ends on the day it is due.
    aggregation
        How regions make the nation. ``none`` means they are only compared.
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
    plausible: tuple[float | None, float | None] = (None, None)
    tolerance: float = 0.0
    cumulative: bool = False
    per: str = ""
    priority: Annotated[int, Field(ge=1)] | None = None
    programmes: tuple[str, ...] = ()
    note: Names = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, config=STRICT)
class Wide:
    """Columns that repeat a figure along periods, regions, indicators or labels.

    Attributes
    ----------
    by
        The fields that a column's heading gives, in any order.
    value
        The field that the cells hold, when the heading does not name it.
    values
        Field → heading words, when it does (``plan``, ``actual`` under each month).
    labels
        For fields that are neither a period, a region nor an indicator: what each label
        is to be called → heading words.
    """

    by: tuple[str, ...]
    value: str = "value"
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class CellField:
    """A field that stands once, in a cell outside the table, such as the report's day."""

    cell: CellName
    pattern: str = ""


@dataclass(frozen=True, config=STRICT)
class Keep:
    """Rows to keep by the text of one column; the others are listed as skipped.

    This is how a tree of totals and children in one column is read without counting
    anything twice: keep one level. A rule whose column is not there is dropped when it is
    `optional`, and otherwise the heading does not match.
    """

    column: tuple[str, ...]
    among: tuple[str, ...]
    reason: str = "row.child"
    optional: bool = False


@dataclass(frozen=True, config=STRICT)
class Recompute:
    """A percentage the sender worked out, to be worked out again from the same row.

    Attributes
    ----------
    part, of
        The fields it is formed from: 100 × `part` / `of`.
    change
        It is the change from `of` to `part`: 100 × (`part` - `of`) / `of`.
    """

    part: str
    of: str
    change: bool = False


@dataclass(frozen=True, config=STRICT)
class Sheet:
    """What one kind of sheet in a sector's returns looks like.

    Attributes
    ----------
    table
        The tidy table its rows go to.
    files, sheets
        Name patterns (``*``, ``?``) of the files, below the sector's folder, and of the
        sheets. Without `sheets`, every visible sheet whose heading matches.
    columns
        Field → headings that mean it, in any language; compared without case, spacing
        and look-alike letters. ``*`` matches the rest of a long heading.
    optional
        Fields of `columns` that may be absent.
    at
        Field → letter of its column, where the column has no heading.
    section
        The field that a text standing alone in its row gives to the rows below it, such
        as a region above its block.
    join
        Field → the fields whose texts, in this order, make its own: a year and a quarter.
    header
        The heading's first row, or 0 to find it by its words. Where it is not in the row
        declared, it is looked for, and found with a warning.
    header_rows
        How many rows the heading has; merged headings spread over the cells they cover.
    fill
        Fields whose blank cells repeat the one above, as merged cells do.
    blank
        Field → what a blank cell of it means, such as the nation for a region. Without it a
        blank is refused where other rows of the sheet name one.
    suffixes
        Read ``млн``, ``тыс.`` and their like after a figure.
    complete
        Every indicator of the sector must be in each return; those that are not are named.
    constants, cells, file_name
        Fields the table does not repeat: said here, in one cell, or in the file's name
        (a pattern with named groups).
    transpose
        The records lie in columns.
    area
        The part of the sheet to read, as ``A20:H40``; either end may be left out.
    below
        The table begins under the row that holds this text.
    decimal
        The decimal mark of numbers written as text; ``auto`` asks the column.
    missing
        Words for "no figure", beside those every return may use; ``*`` at the end stands
        for the rest, as in ``Exempt under Section*``.
    scale
        What one is worth: 1000 where the sheet counts in thousands.
    cumulative
        Figures count from 1 January.
    mixed_periods
        Periods of other lengths than the indicator's own, such as each year's total among
        its quarters, are kept as well.
    date_order
        ``dmy`` or ``mdy`` where the sender's dates such as 03/04/2024 are agreed.
    keep
        Which rows of a tree to keep.
    recompute
        Field → how the percentage in it follows from others of its row. It is checked and
        not stored.
    check_totals
        The rows between one total and the next are the parts of the total: it is held
        against their sum.
    hidden_rows, hidden_sheets
        ``read`` with a warning, or ``skip`` and list.
    map
        Field → text as sent → text as kept.
    """

    table: Sent
    columns: dict[str, Headings] = field(default_factory=dict)
    files: tuple[str, ...] = ("*",)
    sheets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    at: dict[str, Annotated[str, Field(pattern=r"^[A-Z]{1,2}$")]] = field(default_factory=dict)
    section: str = ""
    join: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    wide: Wide | None = None
    header: Annotated[int, Field(ge=0)] = 1
    header_rows: Annotated[int, Field(ge=1, le=9)] = 1
    fill: tuple[str, ...] = ()
    blank: dict[str, str] = field(default_factory=dict)
    suffixes: bool = False
    complete: bool = False
    constants: dict[str, str | float | date | bool] = field(default_factory=dict)
    cells: dict[str, CellField] = field(default_factory=dict)
    file_name: str = ""
    transpose: bool = False
    area: Area = ""
    below: str = ""
    decimal: Literal["auto", ".", ","] = "auto"
    missing: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    scale: float = 1.0
    cumulative: bool = False
    mixed_periods: bool = False
    date_order: Literal["", "dmy", "mdy"] = ""
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    keep: tuple[Keep, ...] = ()
    recompute: dict[str, Recompute] = field(default_factory=dict)
    check_totals: bool = False
    hidden_rows: Literal["read", "skip"] = "read"
    hidden_sheets: Literal["read", "skip"] = "skip"
    map: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class Sector:
    """One sector team: its indicators, and what its returns look like."""

    id: Identifier
    name: Names
    indicators: tuple[Indicator, ...]
    sheets: tuple[Sheet, ...] = ()
    lead: Names = field(default_factory=dict)
    order: int = 100


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
