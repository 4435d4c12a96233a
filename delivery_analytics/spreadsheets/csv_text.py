"""Read a delimited text file (.csv, .tsv): its encoding, its delimiter, its rows."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.csv_encoding import detect_encoding
from delivery_analytics.spreadsheets.grid import Grid, Rows
from delivery_analytics.spreadsheets.limits import Limits
from delivery_analytics.spreadsheets.refusals import rejection, remark

_DELIMITERS = ";\t|,"  # of two that fit alike, the one rarer within text comes first
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_USUAL = {".csv": ",;", ".tsv": "\t", ".tab": "\t", ".psv": "|", ".ssv": ";"}
_SEP_LINE = re.compile(r"\"?sep=(.)\"?[\r\n]*", re.IGNORECASE)
_SAMPLE_BYTES, _SAMPLE_ROWS = 1 << 17, 200
_LEARN = 20_000  # rows from which the usual width and repeated texts are learned
# Fed after the last line: if it does not come back as a row of its own, a quote was open.
_END = "\ue000end\ue000"


def read(container: Container, *, limits: Limits) -> Contents:
    """Read a delimited text file. Every cell is text: nothing is guessed to be a number.

    Raises
    ------
    SourceError
        ``csv.encoding`` when its letters cannot be told, ``csv.unclosed-quote``,
        ``security.sheet_extent`` when it holds too many cells.
    """
    data = container.data
    codec, problems = detect_encoding(data)
    source = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    first = source.readline()
    declared = _SEP_LINE.fullmatch(first)
    if declared:
        delimiter, skipped, opening = declared[1], 1, []
        message = f"The first line says that cells are divided by {delimiter!r}: followed."
        problems.append(remark("csv.dialect", message, cell="line 1"))
    else:
        delimiter, skipped, opening = _delimiter(data, codec), 0, [first]
        problems += _dialect_remarks(delimiter, file=container.file)
    if data.count(delimiter.encode("latin-1", "replace")) > limits.text_cells:
        raise _too_large(limits.text_cells)
    lines = chain(opening, source)
    rows, numbers = _records(lines, delimiter, skipped=skipped)
    return [_even_grid(container.file, rows, numbers, most=limits.text_cells)], problems


def _dialect_remarks(delimiter: str, *, file: str) -> list[Problem]:
    usual = _USUAL.get(Path(file).suffix.lower(), _DELIMITERS)
    if delimiter == usual[0] or len(usual) == len(_DELIMITERS):
        return []
    message = f"Cells are divided by {_NAMES[delimiter]}, not {_NAMES[usual[0]]}: followed."
    severe = delimiter not in usual
    return [remark("csv.dialect", message, severity="warning" if severe else "note")]


def _delimiter(data: bytes, codec: str) -> str:
    """Return the delimiter that cuts most of the first lines into equally many cells."""
    sample = data[:_SAMPLE_BYTES].decode(codec, "ignore")
    best, score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        counts = _sample_widths(sample, delimiter)
        several = Counter(count for count in counts if count > 1)
        if several:
            width, times = several.most_common(1)[0]
            # Evenness before width: decimal commas cut rows into more cells than headings.
            if (times / len(counts), width) > score:
                best, score = delimiter, (times / len(counts), width)
    return best


def _sample_widths(sample: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        return [len(row) for row in islice(reader, _SAMPLE_ROWS) if any(row)]
    except csv.Error:
        return []


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """Yield lines, and note in `taken` those that the row being read has taken so far."""
    for line in lines:
        taken.append(line)
        yield line


def _records(lines: Iterable[str], delimiter: str, *, skipped: int) -> tuple[Rows, array[int]]:
    """Return rows, with None for an empty cell, and the first line of each.

    `skipped` lines came before these.
    """
    rows: Rows = []
    known: dict[str, str | None] = {"": None}
    get, line = known.get, skipped + 1
    numbers = array("q")
    taken: list[str] = []
    for row in _rows(chain(lines, [_END]), taken, delimiter, first_line=line):
        numbers.append(line)
        if len(taken) != 1:
            _check_closed(row, line=line, delimiter=delimiter)
        line += len(taken)
        taken.clear()
        rows.append([get(cell, cell) for cell in row])
        # Texts repeat down a column: once the common ones are known, each is held once.
        if len(rows) == _LEARN:
            _learn(rows, known)
    rows.pop()
    numbers.pop()
    return rows, numbers


def _rows(
    lines: Iterable[str], taken: list[str], delimiter: str, *, first_line: int
) -> Iterator[list[str]]:
    """Yield rows. Quotation marks out of place are read as they stand, within one line.

    Out of place in a row of several lines, they are the sign that an earlier one was not
    closed.
    """
    reader = csv.reader(_noted(lines, taken), delimiter=delimiter, strict=True)
    done = 0
    while True:
        try:
            for row in reader:
                done += len(taken)
                yield row
            return
        except csv.Error as error:
            if len(taken) != 1 or "limit" in str(error) or taken[0] == _END:
                raise _unclosed(first_line + done) from None
            # Read again on its own, leniently.
            (row,) = csv.reader(taken, delimiter=delimiter)
            done += 1
            yield row


def _check_closed(row: list[str], *, line: int, delimiter: str) -> None:
    """Turn away a row of several lines whose quote closed only by another one's opening.

    A cell may hold line breaks. One that also holds whole lines with exactly as many
    delimiters as a row has swallowed rows.
    """
    expected = len(row) - 1
    for cell in row:
        if cell.endswith(_END):
            raise _unclosed(line)
        _, *rest = cell.splitlines() or [""]
        counts = [piece.count(delimiter) for piece in rest]
        if expected >= 2 and expected in counts[:-1]:
            raise _unclosed(line)
        if expected >= 5 and expected in counts[-1:]:
            raise _unclosed(line)


def _unclosed(line: int) -> SourceError:
    return rejection(
        "csv.unclosed-quote",
        f"A quotation mark opened on line {line} is not closed where it should be, so "
        f'whole rows would be read as one cell. Close it, or write " inside a '
        "cell twice, and send the file again.",
        cell=f"line {line}",
    )


def _usual_width(rows: Rows) -> int:
    """Return how many cells most rows have. Of two as common, the wider."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _learn(rows: Rows, known: dict[str, str | None]) -> None:
    """Note the texts that repeat, so that from here on each is held once."""
    times = Counter(cell for row in rows for cell in row if isinstance(cell, str))
    known.update({cell: cell for cell, count in times.items() if count > 1})
    for row in rows:
        row[:] = [known.get(cell, cell) if isinstance(cell, str) else cell for cell in row]


def _even_grid(file: str, rows: Rows, numbers: array[int], *, most: int) -> Grid:
    """Pad every row to the widest, and note those that are not as wide as most."""
    usual = widest = _usual_width(rows[:_LEARN]) or _usual_width(rows)
    short, long = {}, {}
    for place, row in enumerate(rows):
        cells = len(row)
        if cells > usual:
            long[place] = cells
            widest = max(widest, cells)
        elif 0 < cells < usual:
            short[place] = cells
    if widest * len(rows) > most:
        raise _too_large(most)
    for row in rows:
        if len(row) < widest:
            row.extend([None] * (widest - len(row)))
    lines = numbers if numbers and numbers[-1] != len(rows) else None
    return Grid(file, "", rows, lines=lines, short_rows=short, long_rows=long, text=True)


def _too_large(most: int) -> SourceError:
    return rejection(
        "security.sheet_extent", f"The file holds more than {most:,} cells. Split it."
    )
