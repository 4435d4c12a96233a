"""Read a delimited text file (.csv, .tsv): its encoding, its delimiter, its rows."""

import csv
import io
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from delivery_analytics.errors import Problem, Severity, SourceError
from delivery_analytics.spreadsheets.addresses import address
from delivery_analytics.spreadsheets.container import Container, Contents
from delivery_analytics.spreadsheets.csv_encoding import detect_encoding
from delivery_analytics.spreadsheets.grid import Grid, Rows
from delivery_analytics.spreadsheets.limits import MEBIBYTE, ReadingLimits
from delivery_analytics.spreadsheets.refusals import noted, refusal

_DELIMITERS = ";\t|,"  # of two that fit alike, the one rarer within text comes first
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_USUAL = {".csv": ",;", ".tsv": "\t", ".tab": "\t", ".psv": "|", ".ssv": ";"}
_SEP_LINE = re.compile(r"\"?sep=(.)\"?[\r\n]*", re.IGNORECASE)
_SAMPLE_BYTES, _SAMPLE_ROWS = 1 << 17, 200
_LEARN = 20_000  # rows from which the usual width and repeated texts are learned
_LONG = 131_072  # characters of a cell, beyond which csv readers commonly stop
# Fed after the last line: if it does not come back as a row of its own, a quote was open.
_END = "\ue000end\ue000"


def read(container: Container, *, limits: ReadingLimits) -> Contents:
    """Read a delimited text file. Every cell is text: nothing is guessed to be a number.

    Raises
    ------
    SourceError
        ``csv.encoding`` when its letters cannot be told, ``csv.unclosed-quote``,
        ``security.sheet_extent`` when it holds too many lines or cells, or one too long,
        or takes too long to read.
    """
    data = container.data
    _check_lines(data, limits=limits)
    codec, problems = detect_encoding(data, declared=container.encoding)
    source = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    first = source.readline()
    declared = _SEP_LINE.fullmatch(first)
    if declared:
        delimiter, skipped, opening = declared[1], 1, []
        problems.append(noted("said_delimiter", delimiter=delimiter))
    else:
        delimiter, skipped, opening = _delimiter(data, codec), 0, [first]
        problems += _dialect_remarks(delimiter, file=container.file)
    if data.count(delimiter.encode("latin-1", "replace")) > limits.text_cells:
        raise _too_large(f"more than {limits.text_cells:,} cells")
    records = _Records(delimiter, limits)
    records.read(chain(opening, source), first_line=1 + skipped)
    grid = _even_grid(container.file, records.rows, most=limits.text_cells)
    return [grid], problems + records.problems


def _check_lines(data: bytes, *, limits: ReadingLimits) -> None:
    """Turn away lines too many or too long to hold, on the bytes as they are."""
    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines > limits.text_lines:
        raise _too_large(f"{lines:,} lines, more than {limits.text_lines:,}")
    start, most = 0, limits.line_bytes
    while len(data) - start > most:
        # The last line break within reach: if there is none, the line is too long.
        breaks = (data.rfind(mark, start, start + most) for mark in (b"\n", b"\r"))
        end = max(breaks)
        if end < 0:
            raise _too_large(f"a line longer than {most // MEBIBYTE} MiB")
        start = end + 1


def _dialect_remarks(delimiter: str, *, file: str) -> list[Problem]:
    usual = _USUAL.get(Path(file).suffix.lower(), _DELIMITERS)
    if delimiter == usual[0] or len(usual) == len(_DELIMITERS):
        return []
    severity: Severity = "note" if delimiter in usual else "warning"
    found, other = _NAMES[delimiter], _NAMES[usual[0]]
    return [noted("other_delimiter", severity, found=found, usual=other)]


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


class _Records:
    """Cuts lines into rows, and counts what they cost.

    Attributes
    ----------
    rows
        The rows, with None for an empty cell.
    problems
        A warning for each cell that is longer than csv files' usual limit.
    """

    def __init__(self, delimiter: str, limits: ReadingLimits) -> None:
        self.delimiter = delimiter
        self.limits = limits
        self.rows: Rows = []
        self.problems: list[Problem] = []
        self.taken: list[str] = []  # the lines of the row that is being read
        # csv's limit is one for the whole process, and 131,072 characters. It is not set
        # back, which could hit a file that another thread is reading.
        csv.field_size_limit(max(limits.line_bytes, csv.field_size_limit()))

    def read(self, lines: Iterable[str], *, first_line: int) -> None:
        """Read all lines, of which the first has the number `first_line`."""
        known: dict[str, str | None] = {"": None}
        get, line, taken, rows = known.get, first_line, self.taken, self.rows
        stop = time.thread_time() + self.limits.seconds
        for row in self._cut(chain(lines, [_END]), first_line):
            if len(taken) != 1 or len(taken[0]) > _LONG:
                self._check_row(row, line)
            line += len(taken)
            taken.clear()
            rows.append([get(cell, cell) for cell in row])
            if len(rows) % _LEARN == 0:
                # Texts repeat down a column: once the common ones are known, each is held
                # once.
                if len(rows) == _LEARN:
                    _learn(rows, known)
                if time.thread_time() > stop:
                    raise _too_large(f"more than {self.limits.seconds:g} seconds' work")
        rows.pop()

    def _cut(self, lines: Iterable[str], first_line: int) -> Iterator[list[str]]:
        """Yield rows. Quotation marks out of place are read as they stand, within one line.

        Out of place in a row of several lines, they are the sign that an earlier one was
        not closed.
        """
        reader = csv.reader(self._noted(lines), delimiter=self.delimiter, strict=True)
        done = 0
        while True:
            try:
                for row in reader:
                    done += len(self.taken)
                    yield row
                return
            except csv.Error:
                if len(self.taken) != 1 or self.taken[0] == _END:
                    raise _unclosed(first_line + done) from None
                # Read again on its own, leniently.
                (row,) = csv.reader(self.taken, delimiter=self.delimiter)
                done += 1
                yield row

    def _noted(self, lines: Iterable[str]) -> Iterator[str]:
        size = 0
        for line in lines:
            size = size + len(line) if self.taken else 0
            self.taken.append(line)
            if size > self.limits.quoted_characters:
                raise csv.Error  # as for any quote that stays open
            yield line

    def _check_row(self, row: list[str], line: int) -> None:
        if len(self.taken) != 1:
            _check_closed(row, line=line, delimiter=self.delimiter)
        self.problems += [
            noted("too_long", cell=address(len(self.rows), column), n=len(cell))
            for column, cell in enumerate(row)
            if len(cell) > _LONG
        ]


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
    return refusal("unclosed", cell=f"line {line}", line=line)


def _learn(rows: Rows, known: dict[str, str | None]) -> None:
    """Note the texts that repeat, so that from here on each is held once."""
    times = Counter(cell for row in rows for cell in row if isinstance(cell, str))
    known.update({cell: cell for cell, count in times.items() if count > 1})
    for row in rows:
        row[:] = [known.get(cell, cell) if isinstance(cell, str) else cell for cell in row]


def _even_grid(file: str, rows: Rows, *, most: int) -> Grid:
    """Pad every row to the widest, and note how many cells each had."""
    cells = [*map(len, rows)]
    widest = max(cells, default=0)
    if widest * len(rows) > most:
        raise _too_large(f"more than {most:,} cells")
    for row in rows:
        if len(row) < widest:
            row.extend([None] * (widest - len(row)))
    return Grid(file, "", rows, line_cells=cells, text=True)


def _too_large(held: str) -> SourceError:
    return refusal("too_much_text", held=held)
