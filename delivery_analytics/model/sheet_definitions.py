"""What a kind of sheet looks like, as ``[[sheet]]`` of a sector's definition says it."""

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from delivery_analytics.model import schema

if TYPE_CHECKING:
    Sent = str
    MarkMeaning = str
else:  # known only when the tables' contract was read
    Sent = Literal[schema.SENT]  # the tables that returns can fill
    MarkMeaning = Literal[schema.MARK_MEANINGS]
_CELL = r"[A-Z]{1,3}[1-9]\d*"
CellName = Annotated[str, Field(pattern=f"^{_CELL}$")]
Area = Annotated[str, Field(pattern=f"^(?:{_CELL})?(?::(?:{_CELL})?)?$")]
Headings = Annotated[tuple[str, ...], Field(min_length=1)]
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=STRICT)
class Wide:
    """Columns that repeat a figure along periods, regions, indicators or labels.

    Attributes
    ----------
    by
        The fields that a column's heading gives, in any order. As ``by = ["period",
        "region"]``.
    value
        The field that the cells hold, when the heading does not name it. As ``value =
        "actual"``.
    values
        Field → heading words, when it does, as under each month. As ``values = { target =
        ["plan"] }``.
    labels
        For fields that are neither a period, a region nor an indicator: what each label
        is to be called → heading words. Of a `breakdown`, ``""`` is the whole. As
        ``labels.breakdown = { women = ["Female"] }``.
    """

    by: tuple[str, ...]
    value: str = "value"
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class CellField:
    """A field that stands once, in a cell outside the table, such as the report's day.

    Attributes
    ----------
    cell
        The cell that holds it, alone or in a text. As ``cell = "B2"``.
    pattern
        What of the cell's text it is: the pattern's group, or all that matches. As
        ``pattern = "as of (.+)"``.
    """

    cell: CellName
    pattern: str = ""


@dataclass(frozen=True, config=STRICT)
class Keep:
    """Rows to keep by the text of one column; the others are listed as skipped.

    This is how a tree of totals and children in one column is read without counting
    anything twice: keep one level. A rule whose column is not there is dropped when it is
    `optional`, and otherwise the heading does not match.

    Attributes
    ----------
    column
        The heading of the column that tells the rows apart. As ``column = ["Level"]``.
    among
        The texts of the rows to keep; ``""`` is a blank. As ``among = ["Total"]``.
    reason
        The code by which the others are told, of ``row.*``. As ``reason = "row.group"``.
    optional
        The rule is dropped where its column is not there. As ``optional = true``.
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
        The fields it is formed from: 100 × `part` / `of`. As ``part = "value"``, ``of =
        "target"``.
    change
        It is the change from `of` to `part`: 100 × (`part` - `of`) / `of`. As ``change =
        true``.
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
        The tidy table its rows go to. As ``table = "observations"``.
    files, sheets
        Name patterns (``*``, ``?``) of the files, below the sector's folder, and of the
        sheets. Without `sheets`, every visible sheet whose heading matches. As ``files =
        ["beds_*.xlsx"]``.
    columns
        Field → headings that mean it, in any language; compared without case, spacing and
        look-alike letters. ``*`` matches the rest of a long heading. As ``columns = {
        region = ["Region", "Регион"] }``.
    optional
        Fields of `columns` that may be absent. As ``optional = ["target"]``.
    at
        Field → letter of its column, where the column has no heading. As ``at = { comment
        = "H" }``.
    ignore
        Headings of columns that are known and not read; others are told as unknown. As
        ``ignore = ["No.", "Share*"]``.
    wide
        The columns that repeat, as a year or a region each. As ``wide = { by = ["period"]
        }``.
    section
        The field that a text standing alone in its row gives to the rows below it, such
        as a region above its block. As ``section = "region"``.
    join
        Field → the fields whose texts, in this order, make its own: a year and a quarter.
        As ``join = { period = ["year", "quarter"] }``.
    header
        The heading's first row, or 0 to find it by its words; of an `area`, or `below` a text,
        a row above its first is counted from there. Where it is not in the row declared, it is
        looked for, and found with a warning. As ``header = 4``.
    header_rows
        How many rows the heading has; merged headings spread over the cells they cover.
        As ``header_rows = 2``.
    fill
        Fields whose blank cells repeat the one above, as merged cells do. As ``fill =
        ["region"]``.
    blank
        Field → what a blank cell of it means, such as the nation for a region. Without it
        a blank is refused where other rows of the sheet name one. As ``blank = { region =
        "KZ" }``.
    suffixes
        Read ``млн``, ``тыс.`` and their like after a figure. As ``suffixes = true``.
    complete
        Every indicator of the sector must be in each return; those that are not are
        named. As ``complete = true``.
    constants, cells, file_name
        Fields the table does not repeat: said here, in one cell, or in the file's name (a
        pattern with named groups). As ``constants = { reported_on = 2025-01-20 }``.
    transpose
        The records lie in columns. As ``transpose = true``.
    area
        The part of the sheet to read, as ``A20:H40``; either end may be left out. As
        ``area = "A20:H40"``.
    below
        The table begins under the row that holds this text. As ``below = "Table 2"``.
    decimal
        The decimal mark of numbers written as text; ``auto`` asks the column. As
        ``decimal = ","``.
    missing
        Words for "no figure", beside those every return may use; ``*`` at the end stands
        for the rest, as in ``Exempt under Section*``. As ``missing = ["not due"]``.
    encoding
        The codec of text files whose letters cannot be told, such as ``cp1251``; a file
        that says its own, or reads as UTF-8, is believed. As ``encoding = "cp1251"``.
    marks
        Mark beside a figure, a period or a name, as typed → what it means: an observation
        status such as ``provisional``, or ``none``. As ``marks = { "*" = "provisional"
        }``.
    totals
        How a total begins in this sheet, beside the words that every return may use. As
        ``totals = ["All districts"]``.
    fiscal_year_start
        First month of the sender's fiscal year; 1 where it is the calendar's. As
        ``fiscal_year_start = 4``.
    scale
        What one is worth: 1000 where the sheet counts in thousands. As ``scale = 1000``.
    cumulative
        Figures count from 1 January. As ``cumulative = true``.
    mixed_periods
        Periods of other lengths than the indicator's own, such as each year's total among
        its quarters, are kept as well. As ``mixed_periods = true``.
    date_order
        ``dmy`` or ``mdy`` where the sender's dates such as 03/04/2024 are agreed. As
        ``date_order = "mdy"``.
    keep
        Which rows of a tree to keep. As ``keep = [{ column = ["Level"], among = ["Total"]
        }]``.
    recompute
        Field → how the percentage in it follows from others of its row. It is checked and
        not stored. As ``recompute = { rate = { part = "value", of = "target" } }``.
    check_totals
        The rows between one total and the next are the parts of the total: it is held
        against their sum. As ``check_totals = true``.
    hidden_rows, hidden_sheets
        ``read`` with a warning, or ``skip`` and list. As ``hidden_rows = "skip"``.
    map
        Field → text as sent → text as kept. As ``map = { indicator = { "Beds, total" =
        "H-001" } }``.
    patterns
        Field → the part of its cells' texts that is meant: the pattern's group. A text that the
        pattern does not fit stays whole. As ``patterns = { region = '^\\d+ (.+)' }``.
    id, like
        What a layout is called, and the one above whose keys hold for this one as well, but for
        those said here, each of which replaces the other's whole. Of two blocks of a sheet the
        second is ``like = "beds"``, ``below = "Table 2"`` and its own ``constants``. As
        ``like = "beds"``.
    restricted, unrestricted
        Marks of restricted texts beside those that every office uses, and whole cells
        that look like one and are none: ``unrestricted = ["ДСП"]`` where that is
        chipboard. As ``restricted = ["Internal"]``.
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
    encoding: str = ""
    marks: dict[str, MarkMeaning] = field(default_factory=dict)
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
    patterns: dict[str, str] = field(default_factory=dict)
    id: str = ""
    like: str = ""
    restricted: tuple[str, ...] = ()
    unrestricted: tuple[str, ...] = ()
