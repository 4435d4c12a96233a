"""The cells of a worksheet part: the usual row as one pattern, the unusual cell by cell."""

import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from delivery_analytics.spreadsheets import addresses
from delivery_analytics.spreadsheets.refusals import damaged_sheet
from delivery_analytics.spreadsheets.sheet_scan import SheetScan
from delivery_analytics.spreadsheets.xlsx_parts import SharedTexts, item_text, plain_text

_ROW = re.compile(rb"<row\b([^<>]*?)(?:/>|>(.*?)</row\s*>)", re.DOTALL)
_CELL = re.compile(rb"<c\b([^<>]*?)(?:/>|>(.*?)</c\s*>)", re.DOTALL)
_FORMULA = re.compile(rb"<f\b([^<>]*?)(?:/>|>(.*?)</f\s*>)", re.DOTALL)
_VALUE = re.compile(rb"<v\b[^<>]*?(?:/>|>(.*?)</v\s*>)", re.DOTALL)
_INLINE = re.compile(rb"<is\b[^<>]*?(?:/>|>(.*?)</is\s*>)", re.DOTALL)
_EXTENSION = re.compile(rb"<extLst\b.*?(?:</extLst\s*>|/>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ANOTHER_FILE = re.compile(r"\[[0-9]+\]|\bWEBSERVICE\(", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """One cell as written. `content` is None without ``<v>`` or ``<is>``."""

    row: int
    column: int
    kind: str
    formula: str | None
    content: bytes | None
    inline: bool

    @property
    def address(self) -> str:
        return addresses.address(self.row, self.column)

    @property
    def text(self) -> str:
        """The text the cell shows, unless it is a shared one."""
        content = self.content or b""
        return item_text(content) if self.inline else plain_text(content)


@dataclass(frozen=True)
class Row:
    """One row as written: its number from 1, its cells, and its XML."""

    number: int
    cells: list[Cell]
    xml: bytes


def usual_row(texts: SharedTexts) -> re.Pattern[bytes]:
    """Return the pattern of a row in which every cell is what it seems.

    Every cell sits in its own row, has at most two letters and, if it holds anything,
    holds an ordinary number, a shared text that exists and shows something, a truth
    value, or text; its formula, if any, has a value and stays inside the workbook.
    Group 1 is the row's number.
    """
    style = rb'(?: s="[0-9]+")?'
    preserve = rb'(?: xml:space="preserve")?'
    number = rb"<v>[-+0-9.]{1,30}(?:[eE][-+]?[0-9]{1,2})?</v></c>"
    formula = rb"<f(?: [^<>/]*)?(?:/>|>(?:[^<\[|]|\[(?![0-9]+\]))*</f>)"
    written = rb">[^<\s][^<]*</"
    # The commonest first: each cell tries them in this order.
    held = [
        rb">" + number,
        rb' t="s"' + style + rb"><v>" + _shared(texts) + rb"</v></c>",
        rb' t="inlineStr"><is><t' + preserve + written + rb"t></is></c>",
        rb" ?/>",
        rb'(?: t="n")?>' + formula + number,
        rb' t="n">' + number,
        rb' t="str">(?:' + formula + rb")?<v" + preserve + written + rb"v></c>",
        rb' t="b">(?:' + formula + rb")?<v>[01]</v></c>",
    ]
    cell = rb'\s*<c r="[A-Z]{1,2}\1"' + style + rb"(?:" + rb"|".join(held) + rb")"
    row = rb'<row\b[^<>/]*? r="([1-9][0-9]{0,6})"[^<>/]*(?:/>|>(?:' + cell + rb")*\s*</row>)\s*"
    return re.compile(row)


def _shared(texts: SharedTexts) -> bytes:
    if len(texts.blank) > 50:  # a pattern that lists them all would be slow: cell by cell
        return rb"(?!)"
    listed = b"|".join(b"%d" % number for number in sorted(texts.blank))
    return (rb"(?!(?:" + listed + rb")<)" if listed else b"") + below(texts.count)


def below(count: int) -> bytes:
    """Return a pattern for the whole numbers from 0 up to but not including `count`.

    What follows must say where the number ends.
    """
    if count <= 0:
        return rb"(?!)"
    digits = str(count)
    choices = [b"[0-9]{1,%d}" % (len(digits) - 1)] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        lowest = "1" if place == 0 and len(digits) > 1 else "0"
        if digit > lowest:
            span = f"{digits[:place]}[{lowest}-{chr(ord(digit) - 1)}]"
            choices.append(f"{span}[0-9]{{{len(digits) - place - 1}}}".encode())
    return b"(?:" + b"|".join(choices) + b")"


def _attributes(xml: bytes) -> dict[bytes, bytes]:
    return {key: double or single for key, double, single in _ATTRIBUTE.findall(xml)}


def rows_of(xml: bytes, *, after: int = 0) -> Iterator[Row]:
    """Yield the rows of some XML, however they are written. Rows without number follow on.

    Raises
    ------
    SourceError
        ``container.corrupt`` when anything else lies between them, or a row or cell is
        out of its place: Excel would repair such a file, and we could not say how.
    """
    place = 0
    for match in _ROW.finditer(xml):
        if xml[place : match.start()].strip():
            raise damaged_sheet(f"there is something other than rows after row {after}")
        place = match.end()
        given = _attributes(match[1]).get(b"r", b"").strip()
        number = int(given) if given.isdigit() and len(given) < 9 else after + 1
        if number <= after or number > addresses.LAST_ROW:
            raise damaged_sheet(f"row {number} comes after row {after}")
        after = number
        yield Row(number, list(_cells(match[2] or b"", row=number - 1)), match[0])
    if xml[place:].strip():
        raise damaged_sheet(f"there is something other than rows after row {after}")


def _cells(xml: bytes, *, row: int) -> Iterator[Cell]:
    place = column = 0
    for match in _CELL.finditer(xml):
        if xml[place : match.start()].strip():
            raise damaged_sheet(f"there is something other than cells in row {row + 1}")
        place = match.end()
        attributes = _attributes(match[1])
        given = attributes.get(b"r", b"")
        named = addresses.position_of(given.strip().decode("latin-1"))
        position = named if b"r" in attributes else (row, column)
        if position is None or position[0] != row or position[1] >= addresses.LAST_COLUMN:
            name = given.decode("ascii", "replace")
            raise damaged_sheet(f"a cell called {name!r} stands in row {row + 1}", cell=name)
        column = position[1] + 1
        yield _cell(position, attributes.get(b"t", b"n"), match[2] or b"")
    if _EXTENSION.sub(b"", xml[place:]).strip():
        raise damaged_sheet(f"there is something other than cells in row {row + 1}")


def _cell(position: addresses.Position, kind: bytes, inner: bytes) -> Cell:
    formula = _FORMULA.search(inner)
    inline = _INLINE.search(inner)
    value = inline or _VALUE.search(inner)
    return Cell(
        *position,
        kind=kind.decode("ascii", "replace"),
        formula=None if formula is None else plain_text(formula[2] or b""),
        content=None if value is None else value[1] or b"",
        inline=inline is not None,
    )


def judge(cell: Cell, *, into: SheetScan, texts: SharedTexts) -> None:
    """Note what one cell is, and whether a reader must hand it over."""
    place = (cell.row, cell.column)
    if cell.formula is not None:
        _judge_formula(cell, into=into)
    if cell.kind == "e":
        into.errors[place] = cell.text.strip()
    elif not cell.content:
        if cell.formula is not None:
            empty = cell.kind == "str" and cell.content is not None
            (into.formula_empty if empty else into.uncached).add(place)
    elif cell.kind == "s":
        number = _shared_number(cell, texts=texts)
        into.uncertain += number in texts.blank
        into.cells += number not in texts.blank
    elif not cell.text.strip():
        into.uncertain += 1
    else:
        into.cells += 1
        if cell.kind == "n" and not cell.inline and not _finite(cell.text):
            into.not_finite[place] = cell.text


def _judge_formula(cell: Cell, *, into: SheetScan) -> None:
    bare = _QUOTED.sub("", cell.formula or "")
    if "|" in bare:
        into.dde[cell.row, cell.column] = cell.formula or ""
    elif _ANOTHER_FILE.search(cell.formula or ""):
        into.external.add((cell.row, cell.column))


def _shared_number(cell: Cell, *, texts: SharedTexts) -> int:
    text = cell.text.strip()
    number = int(text) if text.isdecimal() and len(text) < 10 else -1
    if not 0 <= number < texts.count:
        raise damaged_sheet(
            f"{cell.address} shows shared text {text!r}, but there are {texts.count}",
            cell=cell.address,
        )
    return number


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return True  # not a number at all: the reader hands it over as text


def shown_value(cell: Cell, *, texts: SharedTexts) -> object:
    """Return what a cell holds, for the few cells that no reader is shown."""
    if cell.kind == "s" and cell.content:
        return texts.text(_shared_number(cell, texts=texts))
    if cell.kind == "b":
        return cell.text.strip() in ("1", "true")
    if cell.kind == "n" and not cell.inline:
        with contextlib.suppress(ValueError):
            return float(cell.text)
    return cell.text or None
