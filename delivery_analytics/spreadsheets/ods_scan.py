"""One pass over an OpenDocument spreadsheet for what a reader of values hides or trusts."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from delivery_analytics.spreadsheets.addresses import LAST_COLUMN, LAST_ROW, address
from delivery_analytics.spreadsheets.cell_values import read_grids
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.limits import ReadingLimits
from delivery_analytics.spreadsheets.refusals import damaged, refusal, too_far
from delivery_analytics.spreadsheets.sheet_scan import SheetScan

_ERROR_TEXT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|REF!|VALUE!|NUM!|NULL!)|Err:[0-9]+")
_COMMAND = re.compile(r"\bDDE\s*\(|\|", re.IGNORECASE)
_ANOTHER_FILE = re.compile(r"'?(?:file|https?|ftp|smb)://|\bWEBSERVICE\(", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"")
_CELLS = ("table-cell", "covered-table-cell")
# Content that lies inside a table without being its cells.
_ASIDE = {
    *("annotation", "shapes", "forms", "tracked-changes", "dde-links", "named-expressions"),
    *("event-listeners", "detective", "frame", "custom-shape"),
}
_NUMBERS, _NAME = re.compile(r"\d+"), re.compile(r"[^\W\d_]{3,}")  # of a month
_SPACES = ("p", "s", "tab", "line-break")
_HIDDEN = ("collapse", "filter")

Attributes = dict[str, str]


@dataclass
class _Table:
    """One sheet while it is walked. Counts of repeated rows and cells are multiplied out."""

    name: str
    scan: SheetScan = field(default_factory=SheetScan)
    row: int = 0
    column: int = 0
    repeat: int = 1
    columns: int = 0
    last_row: int = -1
    last_column: int = -1

    def start_row(self, attributes: Attributes) -> None:
        self.column = 0
        self.repeat = _count(attributes.get("table:number-rows-repeated"))
        # Rows hidden by the thousand are the blank ones at the end of the sheet.
        few = self.repeat < 100_000 and self.row < LAST_ROW
        if few and attributes.get("table:visibility") in _HIDDEN:
            self.scan.hidden_rows.update(range(self.row, self.row + self.repeat))

    def pass_columns(self, attributes: Attributes) -> None:
        count = min(_count(attributes.get("table:number-columns-repeated")), LAST_COLUMN)
        if attributes.get("table:visibility") in _HIDDEN:
            self.scan.hidden_columns.update(range(self.columns, self.columns + count))
        self.columns += count


def read(container: Container, *, limits: ReadingLimits) -> Contents:
    """Read an ``.ods`` file.

    Raises
    ------
    SourceError
        ``container.encrypted``, ``container.corrupt``, or ``security.sheet_extent`` for a
        sheet whose repeated cells would fill more memory than any real table.
    """
    parts = container.archive.parts
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise refusal("encrypted")
    content = parts.get("content.xml")
    if content is None:
        raise damaged("content.xml is missing from it")
    scans = _scan_tables(content, limits=limits)
    return read_grids(container, scans, limits=limits)


def _scan_tables(xml: bytes, *, limits: ReadingLimits) -> list[SheetScan]:
    walk = _Walk(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise refusal("damaged_ods", reason=error) from None
    return [table.scan for table in walk.tables]


class _Walk:
    """The state of one pass: where in the document, in which table, in which cell."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self.tables: list[_Table] = []
        self.aside = 0
        self.inside = False
        self.cell: Attributes | None = None
        self.words: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(":")[2]
        if self.aside or name in _ASIDE or (name == "table" and self.inside):
            self.aside += 1
        elif name == "table":
            self.inside = True
            self.tables.append(_Table(attributes.get("table:name", "")))
        elif not self.inside:
            return
        elif name in _CELLS:
            self.cell = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            # Both namespaces have a value-type; the newer one alone tells an error.
            error = attributes.get("calcext:value-type") == "error"
            kind = attributes.get("office:value-type", "")
            self.cell["value-type"] = "error" if error else kind
            self.words = []
        elif name in _SPACES:
            self.words.append("" if name == "p" else " ")
        elif name == "table-row":
            self.tables[-1].start_row(attributes)
        elif name == "table-column":
            self.tables[-1].pass_columns(attributes)

    def text(self, data: str) -> None:
        if self.cell is not None and not self.aside:
            self.words.append(data)

    def end(self, tag: str) -> None:
        if self.aside:
            self.aside -= 1
            return
        if not self.inside:
            return
        name = tag.rpartition(":")[2]
        if name in _CELLS and self.cell is not None:
            text = "".join(self.words) if self.words else None
            _judge(self.tables[-1], self.cell, text, limits=self.limits)
            self.cell = None
        elif name == "table-row":
            self.tables[-1].row += self.tables[-1].repeat
        elif name == "table":
            self.inside = False


def _count(text: str | None) -> int:
    return max(int(text), 1) if text and text.isdecimal() and len(text) < 9 else 1


def _judge(table: _Table, cell: Attributes, text: str | None, *, limits: ReadingLimits) -> None:
    """Note what one cell is, as often as it is repeated. `text` is None without any."""
    row, column, scan = table.row, table.column, table.scan
    wide, high = _count(cell.get("number-columns-repeated")), table.repeat
    table.column += wide
    kind, formula = cell["value-type"], cell.get("formula")
    _note_merge(table, cell, row, column)
    words = (text or cell.get("string-value", "")).strip()
    if not (kind or words or formula):
        return
    _reach(table, row + high - 1, column + wide - 1, wide * high, limits=limits)
    if formula:
        _judge_formula(scan, formula, row, column)
    if kind == "error" or (formula and _ERROR_TEXT.fullmatch(words)):
        places = ((r, c) for r in range(row, row + high) for c in range(column, column + wide))
        scan.errors.update(dict.fromkeys(places, words or "#ERROR"))
        scan.uncertain += wide * high
    elif kind in ("string", "") and not words:
        scan.uncertain += wide * high if text else 0
        if formula:
            empty = kind or text is not None
            (scan.formula_empty if empty else scan.uncached).add((row, column))
    else:
        scan.cells += wide * high if kind else 0
        scan.uncertain += 0 if kind else wide * high
        day = _date_shown(cell, words) if kind == "date" else ""
        how = "percent" if kind == "percentage" else day
        for at in range(column, column + wide) if how else ():
            scan.shown[how][at].extend(range(row, row + high))


def _date_shown(cell: Attributes, words: str) -> str:
    """Return what a day's text shows of it: its ``year`` alone, its ``month`` and year."""
    year, _, rest = cell.get("date-value", "").partition("-")
    if words == year:
        return "year"
    shows_day = len(_NUMBERS.findall(words)) > (2 if _NAME.search(words) is None else 1)
    return "" if shows_day or not rest else "month"


def _note_merge(table: _Table, cell: Attributes, row: int, column: int) -> None:
    high, wide = (_count(cell.get(f"number-{what}-spanned")) for what in ("rows", "columns"))
    if high > 1 or wide > 1:
        table.scan.merged.append((row, column, row + high - 1, column + wide - 1))


def _judge_formula(scan: SheetScan, formula: str, row: int, column: int) -> None:
    if _COMMAND.search(_QUOTED.sub("", formula)):
        scan.dde[row, column] = formula
    elif _ANOTHER_FILE.search(formula):
        scan.external.add((row, column))


def _reach(table: _Table, row: int, column: int, times: int, *, limits: ReadingLimits) -> None:
    """Extend the sheet to a cell that holds something, unless it grows out of all bounds."""
    table.last_row = max(table.last_row, row)
    table.last_column = max(table.last_column, column)
    cells = table.scan.cells + table.scan.uncertain + times
    fits = limits.have_room(table.last_row + 1, table.last_column + 1, cells=cells)
    if cells > limits.cells or not fits or row >= LAST_ROW or column >= LAST_COLUMN:
        last = address(row, min(column, LAST_COLUMN - 1))
        raise too_far(last, sheet=table.name, case="too_far_ods")
