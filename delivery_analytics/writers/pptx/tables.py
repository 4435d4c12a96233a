"""Tables on slides: columns that fit the page, rows that fit the slide, the rest on more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import heading, is_numeric, spanners, written_rows
from delivery_analytics.writers.pptx.slides import one_line
from delivery_analytics.writers.pptx.template import POINTS, SlideBox

SLIDE_ROWS = 12
MOST_PAGES = 3  # slides that the rows of a table may take; all of them are in the workbook
_SIZES = (14, 13, 12, 11, 10)
_PAD = 0.09  # inches, left and right of a cell's text
_PAD_POINTS = 2 * _PAD * POINTS + 2
_ROW_PAD = 7.0  # points, above and below together
_STEP = 8.0  # points
_OVER = 24.0  # points of a row over the headings
_LONGEST = 800  # characters of a cell on a slide
_WIDER = 1.25  # of a heading over figures, which no other font than ours may break: "202/1"
_LOOSE, _LEAST_SHARE = 1.6, 0.4  # a small table's width: of its text, of the slide
_SAMPLE = 24  # rows by which widths are weighed
_WHOLE = 100_000  # of what DrawingML counts in thousandths of a per cent
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # what Office calls no style, no grid


@dataclass(frozen=True)
class SlideColumn:
    """A column as a slide writes it; `codes` are statuses, empty in all other cells."""

    column: Column
    head: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    shares: tuple[float | None, ...]

    @property
    def measured(self) -> list[str]:
        """The texts as wide as they are drawn: before a status stands its glyph."""
        glyph = "■ " if any(self.codes) else ""
        return [glyph + text for text in self.texts]

    def narrowest(self, size: float) -> float:
        """Return the least width: numbers stay whole, and so does every word."""
        head = text_width.longest_word([self.head], size, True)
        if is_numeric(self.column) or self.column.kind in ("date", "status"):
            body = max((text_width.width(text, size) for text in self.measured), default=0.0)
            body = min(body, 150.0)
            head *= _WIDER
        else:
            body = min(text_width.longest_word(self.measured, size), 170.0)
        return max(head, body, 24.0) + _PAD_POINTS

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
    """

    columns: tuple[SlideColumn, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    first: int
    last: int


def paginate(
    frame: pd.DataFrame, columns: Sequence[Column], box: SlideBox, words: Wording
) -> list[TablePage]:
    """Return the slides that show `frame`, each with the headings, in reading order.

    Rows take at most `MOST_PAGES`; columns as many as they need.

    The type is the largest that costs few slides more, and leaves every word whole. Where
    even the smallest does not, columns go to further slides, each repeating the first.
    Places of origin are left to the speaker notes.
    """
    columns = [c for c in columns if c.kind != "source"] or list(columns)
    rows = written_rows(frame, columns, words)
    written = [
        SlideColumn(
            column,
            heading(column),
            tuple(_text(row[place].text) for row in rows),
            tuple(row[place].status for row in rows),
            tuple(row[place].share for row in rows),
        )
        for place, column in enumerate(columns)
    ]
    room, tall = box.room
    tall -= _OVER if spanners(columns) else 0
    pages: list[TablePage] = []
    for group in _groups(written, room):
        pages += _split_rows(group, room, tall)[:MOST_PAGES]
    return pages


def _text(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _groups(columns: Sequence[SlideColumn], room: float) -> list[list[SlideColumn]]:
    """Return the columns of each slide; the first column goes to all of them."""
    least = [_readable(column) for column in columns]
    groups = [[columns[0]]]
    used = least[0]
    for column, width in zip(columns[1:], least[1:], strict=True):
        if used + width > room and len(groups[-1]) > 1:
            groups.append([columns[0]])
            used = least[0]
        groups[-1].append(column)
        used += width
    return groups


def _readable(column: SlideColumn) -> float:
    """Return the least width in the smallest type: text is not read one word a line."""
    least = column.narrowest(_SIZES[-1])
    if column.column.kind not in ("text", "source"):
        return least
    widest = max((text_width.width(text, _SIZES[-1]) for text in column.texts), default=0)
    return max(least, min(widest + _PAD_POINTS, 110.0))


def _widths(columns: Sequence[SlideColumn], size: float, room: float) -> list[float]:
    """Return the columns' widths, together at most `room`.

    A small table stays small: stretched, the eye loses the row. Each column starts as
    narrow as it may be; what is left goes, step by step, to the column that takes the
    most lines, because the tallest cell makes the row.
    """
    samples = [column.measured[:_SAMPLE] for column in columns]
    natural = sum(
        max(text_width.width(text, size) for text in (column.head, *sample)) + _PAD_POINTS
        for column, sample in zip(columns, samples, strict=True)
    )
    room = min(room, max(natural * _LOOSE, room * _LEAST_SHARE))
    widths = [column.narrowest(size) for column in columns]
    lines = [_mean_lines(*pair, size) for pair in zip(samples, widths, strict=True)]
    spare = room - sum(widths)
    while spare > _STEP and max(lines) > 1:
        most = lines.index(max(lines))
        widths[most] += _STEP
        spare -= _STEP
        lines[most] = _mean_lines(samples[most], widths[most], size)
    # A number gains nothing from room around it.
    shares = [
        0.4 * w if is_numeric(c.column) else w for w, c in zip(widths, columns, strict=True)
    ]
    return [w + spare * s / sum(shares) for w, s in zip(widths, shares, strict=True)]


def _mean_lines(texts: Sequence[str], width: float, size: float) -> float:
    room = width - _PAD_POINTS
    counts = [text_width.count_lines(text, room, size) for text in texts]
    return sum(counts) / len(counts) if counts else 1.0


def _heights(
    columns: Sequence[SlideColumn], widths: Sequence[float], size: float
) -> list[float]:
    """Return the height of the heading and of each row, in points."""
    heights = [
        [
            text_width.height(column.head, width - _PAD_POINTS, size, True),
            *(text_width.height(t, width - _PAD_POINTS, size) for t in column.measured),
        ]
        for column, width in zip(columns, widths, strict=True)
    ]
    return [max(row) + _ROW_PAD for row in zip(*heights, strict=True)]


def _split_rows(columns: Sequence[SlideColumn], room: float, tall: float) -> list[TablePage]:
    size = _size(columns, room, tall)
    widths = _widths(columns, size, room)
    limit = tall - _heights(columns, widths, size)[0]
    if len(columns[0].texts) > 3:
        limit /= 3
    columns = [_cut(*pair, limit, size) for pair in zip(columns, widths, strict=True)]
    head, *heights = _heights(columns, widths, size)
    return [
        TablePage(
            tuple(column.rows(first, last) for column in columns),
            tuple(widths),
            (head, *heights[first:last]),
            size,
            first,
            last,
        )
        for first, last in _spans(heights, tall - head)
    ]


def _size(columns: Sequence[SlideColumn], room: float, tall: float) -> float:
    """Return the largest type that costs few slides more than the smallest does."""
    pages: dict[float, int] = {}
    for size in reversed(_SIZES):
        if pages and sum(column.narrowest(size) for column in columns) > room:
            break
        head, *heights = _heights(columns, _widths(columns, size, room), size)
        pages[size] = len(_spans(heights, tall - head))
    fewest = min(pages.values())
    return max(size for size, count in pages.items() if count <= 1.5 * fewest)


def _cut(column: SlideColumn, width: float, tall: float, size: float) -> SlideColumn:
    """Cut, with an ellipsis, a cell that would not fit even a slide of its own."""
    room = width - _PAD_POINTS - 10
    texts = (text_width.cut_to(text, room, tall - _ROW_PAD, size) for text in column.texts)
    return replace(column, texts=tuple(texts))


def _spans(heights: Sequence[float], tall: float) -> list[tuple[int, int]]:
    """Return the rows of each slide, as evenly as the heights allow."""
    pages = max(1, -(-len(heights) // SLIDE_ROWS), -int(-sum(heights) // tall))
    while True:
        spans = _evenly(heights, tall, pages)
        if len(spans) <= pages:
            return spans
        pages = len(spans)


def _evenly(heights: Sequence[float], tall: float, pages: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    first, used = 0, 0.0
    for place, height in enumerate(heights):
        share = -(-(len(heights) - first) // max(pages - len(spans), 1))
        if place > first and (used + height > tall or place - first >= min(share, SLIDE_ROWS)):
            spans.append((first, place))
            first, used = place, 0.0
        used += height
    return [*spans, (first, len(heights))]


def draw_table(slide: Any, page: TablePage, box: SlideBox) -> Any:
    """Draw one page of a table at the top of `box`; return its frame."""
    left, top, _, _ = box.sides
    wide, tall = int(Pt(sum(page.widths))), int(Pt(sum(page.heights)))
    over = spanners([column.column for column in page.columns])
    head = 1 if over else 0  # the row of the headings
    line = page.size * text_width.LINE_HEIGHT + _ROW_PAD
    heights = [*[line] * head, *page.heights]
    frame = slide.shapes.add_table(len(heights), len(page.columns), left, top, wide, tall)
    table = frame.table
    table.horz_banding = False
    table._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _NO_STYLE
    for place, width in enumerate(page.widths):
        table.columns[place].width = int(Pt(width))
    for place, height in enumerate(heights):
        table.rows[place].height = int(Pt(height))
    size, columns = page.size, []
    for column in page.columns:
        right = is_numeric(column.column)
        cells = [_cell(column.head, size, right, head=True)]
        for text, code, share in zip(column.texts, column.codes, column.shares, strict=True):
            cells.append(_cell(text, size, right, status=code, share=share))
        columns.append(cells)
    rows = [list(row) for row in zip(*columns, strict=True)]
    if over:
        rows.insert(0, [cell for text, count in over for cell in _spanning(text, count, size)])
    for row, cells_of_row in zip(table._tbl.tr_lst, rows, strict=True):
        for before, cell in zip(row.tc_lst, cells_of_row, strict=True):
            row.replace(before, parse_xml(cell))
    return frame


def _spanning(text: str, count: int, size: float) -> list[str]:
    """Return a cell over several headings, and those that it covers."""
    wide, covered = (f' gridSpan="{count}"', ' hMerge="1"') if text and count > 1 else ("", "")
    first = _cell(text, size, False, head=True, merged=wide)
    return [first, *[_cell("", size, False, head=True, merged=covered)] * (count - 1)]


def _cell(
    text: str,
    size: float,
    right: bool,
    *,
    head: bool = False,
    status: str = "",
    share: float | None = None,
    merged: str = "",
) -> str:
    """Return a cell as DrawingML: written piece by piece it takes most of a deck's time."""
    rule, wide = (theme.DARK_BLUE, 19050) if head else (theme.RULE_GREY, 9525)
    style = theme.STATUS_STYLE.get(status)
    if style:
        runs = _run(style.glyph, size, style.colour, ' b="1"')
        runs += _run(printable(f" {text}"), size, theme.INK)
    else:
        bold = f' b="{int(head)}"'
        runs = _run(one_line(text), size, theme.PAPER if head else theme.INK, bold)
    fill = _solid(theme.DARK_BLUE if head else theme.PAPER)
    if share is not None:
        fill = _bar(min(round(abs(share) * _WHOLE), _WHOLE))
    across, down = int(Inches(_PAD)), int(Pt(_ROW_PAD / 2 - 0.5))
    return (
        f'<a:tc xmlns:a="{_A}"{merged}><a:txBody><a:bodyPr/><a:lstStyle/>'
        f'<a:p><a:pPr algn="{"r" if right else "l"}"/>{runs}</a:p></a:txBody>'
        f'<a:tcPr marL="{across}" marR="{across}" marT="{down}" marB="{down}"'
        f' anchor="{"b" if head else "ctr"}"><a:lnB w="{wide}">{_solid(rule)}</a:lnB>'
        f"{fill}</a:tcPr></a:tc>"
    )


def _run(text: str, size: float, code: str, bold: str = "") -> str:
    how = f'<a:rPr sz="{Pt(size).centipoints}"{bold}>{_solid(code)}</a:rPr>'
    return f"<a:r>{how}<a:t>{escape(text)}</a:t></a:r>"


def _solid(code: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{code.lstrip("#")}"/></a:solidFill>'


def _bar(edge: int) -> str:
    """Return the fill of as much of a cell as its figure is of the longest: a hard edge."""
    if edge in (0, _WHOLE):
        return _solid(theme.BAR if edge else theme.PAPER)
    stops = [(0, theme.BAR), (edge, theme.BAR), (edge + 1, theme.PAPER), (_WHOLE, theme.PAPER)]
    colours = [(at, f'<a:srgbClr val="{code.lstrip("#")}"/>') for at, code in stops]
    listed = "".join(f'<a:gs pos="{at}">{colour}</a:gs>' for at, colour in colours)
    across = '<a:lin ang="0" scaled="0"/>'
    return f'<a:gradFill rotWithShape="1"><a:gsLst>{listed}</a:gsLst>{across}</a:gradFill>'
