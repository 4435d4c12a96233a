"""Tables on slides: columns that fit the page, rows that fit the slide, the rest on more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import heading, is_numeric, spanners, written_rows
from delivery_analytics.writers.pptx.slides import one_line
from delivery_analytics.writers.pptx.template import POINTS, SlideBox

_SIZES = (14, 13, 12, 11, 10)
_STEP_SMALLER = (9,)  # of the languages whose texts are longer than English: as many rows
_READ_ALOUD = 12  # points, from which a table is read off a screen
_MOST_ROWS = 1000  # of a table; the others are in the workbook alone
CELL_PAD = 0.09  # inches, left and right of a cell's text
_PAD_POINTS = 2 * CELL_PAD * POINTS + 2
ROW_PAD = 6.0  # points, above and below together
_STEP = 8.0  # points
_OVER = 24.0  # points of a row over the headings
_FEW = 3  # columns, of which none is left out
_WIDER = 1.25  # of a heading over figures, which no other font than ours may break: "202/1"
_TEXT_LEAST = 80.0  # points: text is not read one word a line
_LOOSE_KINDS = ("date", "status")  # whole where there is room
_LOOSE, _LEAST_SHARE = 1.6, 0.4  # a small table's width: of its text, of the slide
_SAMPLE = 24  # rows by which widths are weighed


@dataclass(frozen=True)
class SlideColumn:
    """A column as a slide writes it; `codes` are statuses, empty in all other cells.

    The first one of a table is `strong`.
    """

    column: Column
    head: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    shares: tuple[float | None, ...]
    strong: bool = False

    @property
    def measured(self) -> list[str]:
        """The texts as wide as they are drawn: before a status stands its glyph."""
        glyph = "■ " if any(self.codes) else ""
        return [glyph + text for text in self.texts]

    def narrowest(self, size: float, whole: bool = True) -> float:
        """Return the least width: no number and no word breaks, and no day if it is `whole`."""
        kind, texts = self.column.kind, self.measured
        if is_numeric(self.column) or kind == "period" or (whole and kind in _LOOSE_KINDS):
            body = self.widest(size)
        else:
            body = min(text_width.longest_word(texts, size, self.strong), 2 * _TEXT_LEAST)
        if kind in ("text", "source"):
            body = max(body, min(self.widest(size), _TEXT_LEAST))
        head = text_width.longest_word([self.head], size, True)
        head *= _WIDER if is_numeric(self.column) else text_width.ELSEWHERE
        return max(head, max(body, 20.0) * text_width.ELSEWHERE) + _PAD_POINTS

    def widest(self, size: float) -> float:
        """Return the width of the longest text on one line."""
        widths = (text_width.width(text, size, self.strong) for text in self.measured)
        return max(widths, default=0.0)

    def rows(self, first: int, last: int) -> SlideColumn:
        """Return the column with the rows from `first` to before `last`."""
        rows = slice(first, last)
        return replace(
            self, texts=self.texts[rows], codes=self.codes[rows], shares=self.shares[rows]
        )


@dataclass(frozen=True)
class TablePage:
    """What one slide shows of a table, its rows from `first` to before `last`.

    Widths of columns, heights of the heading and the rows, and `size` of type in points.
    `cut` are the texts that even a slide of their own would not hold, and `left_out` the
    heading of the column that is not shown, if there is one.
    """

    columns: tuple[SlideColumn, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    first: int
    last: int
    cut: tuple[str, ...]
    left_out: str = ""


def paginate(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    box: SlideBox,
    words: Wording,
    *,
    alone: bool = False,
) -> list[TablePage]:
    """Return the slides that show `frame`, each with all its columns, in reading order.

    The type is the largest that takes the fewest slides, and leaves every word and number
    whole. Columns that do not fit side by side even in the smallest stand in one, each
    figure behind its heading. Places of origin are left to the speaker notes.

    Parameters
    ----------
    alone
        As much of it as one slide holds that is read off a screen.
    """
    columns = [c for c in columns if c.kind != "source"] or list(columns)
    frame = frame.head(_MOST_ROWS)
    rows = written_rows(frame, columns, words)
    written = [
        SlideColumn(
            column,
            heading(column),
            tuple(one_line(row[place].text) for row in rows),
            tuple(row[place].status for row in rows),
            tuple(row[place].share for row in rows),
            strong=not place,
        )
        for place, column in enumerate(columns)
    ]
    room, tall = box.room
    tall -= _OVER if spanners(columns) else 0
    sizes = _SIZES if words.language == "en" else _SIZES + _STEP_SMALLER

    def of(those: Sequence[SlideColumn]) -> list[TablePage]:
        shown = _side_by_side(those, sizes[-1], room, tall, words)
        return _split_rows(shown, sizes, room, tall, alone)

    pages = of(written)
    if alone and pages[-1].last < len(frame) and len(written) > _FEW:
        # All rows without what takes the most words say more than the first rows with it.
        wordy = max(written[1:], key=lambda column: sum(map(len, column.texts)))
        short = [column for column in written if column is not wordy]
        shorter = of(short)
        if shorter[-1].last == len(frame):
            return [replace(page, left_out=wordy.head) for page in shorter]
    return pages


def _side_by_side(
    columns: Sequence[SlideColumn], size: float, room: float, tall: float, words: Wording
) -> Sequence[SlideColumn]:
    """Return the columns, or the first of them and the others in one, on the fewest slides."""
    if _fits(columns, size, room) or len(columns) == 1:
        return columns
    tried = []
    for kept in range(len(columns) - 1, 0, -1):
        shown = [*columns[:kept], *_told(columns[kept:], words)]
        layout = _Layout.of(shown, size, room, tall)
        poor = not _fits(shown, size, room)
        tried.append((poor, layout.cuts, len(layout.spans), -kept, shown))
    return min(tried, key=lambda one: one[:4])[-1]


def _told(columns: Sequence[SlideColumn], words: Wording) -> list[SlideColumn]:
    """Return one column with what these say, each figure behind its heading."""
    if not columns:
        return []
    texts = tuple(
        "; ".join(f"{c.head}: {text}" for c, text in zip(columns, row, strict=True))
        for row in zip(*(c.measured for c in columns), strict=True)
    )
    none = ("",) * len(texts)
    return [SlideColumn(Column("", ""), words("Details"), texts, none, (None,) * len(texts))]


def _fits(
    columns: Sequence[SlideColumn], size: float, room: float, whole: bool = False
) -> bool:
    return sum(column.narrowest(size, whole) for column in columns) <= room


def _widths(
    columns: Sequence[SlideColumn], size: float, room: float, whole: bool
) -> list[float]:
    """Return the columns' widths, together at most `room`.

    A small table stays small: stretched, the eye loses the row. Each column starts as
    narrow as it may be; what is left goes, step by step, to the column that makes most of
    the height of the rows.
    """
    natural = sum(
        max(column.widest(size), text_width.width(column.head, size, True))
        * text_width.ELSEWHERE
        + _PAD_POINTS
        for column in columns
    )
    room = min(room, max(natural * _LOOSE, room * _LEAST_SHARE))
    widths = [column.narrowest(size, whole) for column in columns]
    lines = np.array([_lines(*pair, size) for pair in zip(columns, widths, strict=True)])
    spare = max(room - sum(widths), 0.0)
    while spare > _STEP and lines.max(initial=1) > 1:
        tallest = (lines == lines.max(axis=0)) & (lines > 1)
        most = int((tallest * lines).sum(axis=1).argmax())
        widths[most] += _STEP
        spare -= _STEP
        lines[most] = _lines(columns[most], widths[most], size)
    # A number gains nothing from room around it.
    shares = [
        0.4 * w if is_numeric(c.column) else w for w, c in zip(widths, columns, strict=True)
    ]
    return [w + spare * s / sum(shares) for w, s in zip(widths, shares, strict=True)]


def _lines(column: SlideColumn, width: float, size: float) -> list[int]:
    """Return how many lines each of the first rows takes."""
    sample, strong = column.measured[:_SAMPLE], column.strong
    return [text_width.count_lines(text, _room(width), size, strong) for text in sample]


def _room(width: float) -> float:
    """Return what a cell's text may take, in whatever font it is shown."""
    return (width - _PAD_POINTS) / text_width.ELSEWHERE


def _heights(
    columns: Sequence[SlideColumn], widths: Sequence[float], size: float
) -> list[float]:
    """Return the height of the heading and of each row, in points."""
    heights = [
        [
            text_width.height(column.head, _room(width), size, True),
            *(
                text_width.height(text, _room(width), size, column.strong)
                for text in column.measured
            ),
        ]
        for column, width in zip(columns, widths, strict=True)
    ]
    return [max(row) + ROW_PAD for row in zip(*heights, strict=True)]


@dataclass(frozen=True)
class _Layout:
    """A table in one size of type: its widths, its rows' heights, and the room for them."""

    size: float
    widths: Sequence[float]
    heights: Sequence[float]
    tall: float

    @classmethod
    def of(
        cls, columns: Sequence[SlideColumn], size: float, room: float, tall: float
    ) -> _Layout:
        """Return it with days and statuses on one line, unless that takes a slide more."""
        tried = []
        for whole in {_fits(columns, size, room, True), False}:
            widths = _widths(columns, size, room, whole)
            head, *heights = _heights(columns, widths, size)
            tried.append((cls(size, widths, heights, tall - head), whole))
        return min(tried, key=lambda one: (len(one[0].spans), not one[1]))[0]

    @property
    def cuts(self) -> bool:
        """Whether a row is taller than a slide."""
        return max(self.heights, default=0.0) > self.tall

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The rows of each slide: the fewest, and as evenly as the heights allow."""
        filled = _evenly(self.heights, self.tall, 1)
        evenly = _evenly(self.heights, self.tall, len(filled))
        return evenly if len(evenly) == len(filled) else filled


def _split_rows(
    columns: Sequence[SlideColumn],
    sizes: Sequence[float],
    room: float,
    tall: float,
    alone: bool,
) -> list[TablePage]:
    sizes = [size for size in sizes if _fits(columns, size, room)] or sizes[-1:]
    tried = [_Layout.of(columns, size, room, tall) for size in sizes]
    tried = [one for one in tried if not one.cuts] or tried
    best = min(tried, key=lambda one: len(one.spans))
    spans = best.spans
    if alone and len(spans) > 1:
        best = [one for one in tried if one.size >= _READ_ALOUD or one is tried[0]][-1]
        first = int(np.searchsorted(np.cumsum(best.heights), best.tall, side="right"))
        spans = [(0, max(first, 1))]
    size, widths = best.size, best.widths
    whole, pairs = columns, zip(columns, widths, strict=True)
    columns = [_cut(*pair, best.tall, size) for pair in pairs]
    head, *heights = _heights(columns, widths, size)
    return [
        TablePage(
            tuple(column.rows(first, last) for column in columns),
            tuple(widths),
            (head, *heights[first:last]),
            size,
            first,
            last,
            tuple(
                text
                for before, after in zip(whole, columns, strict=True)
                for text in before.texts[first:last]
                if text not in after.texts
            ),
        )
        for first, last in spans
    ]


def _cut(column: SlideColumn, width: float, tall: float, size: float) -> SlideColumn:
    """Cut, with an ellipsis, a cell that would not fit even a slide of its own."""
    room, strong = _room(width), column.strong
    texts = (
        text
        if text_width.height(text, room, size, strong) <= tall - ROW_PAD
        else text_width.cut_to(text, room - 10, tall - ROW_PAD, size, strong)
        for text in column.texts
    )
    return replace(column, texts=tuple(texts))


def _evenly(heights: Sequence[float], tall: float, pages: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    first, used = 0, 0.0
    for place, height in enumerate(heights):
        share = -(-(len(heights) - first) // max(pages - len(spans), 1))
        if place > first and (used + height > tall or place - first >= share):
            spans.append((first, place))
            first, used = place, 0.0
        used += height
    return [*spans, (first, len(heights))]
