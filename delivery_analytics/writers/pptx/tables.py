"""Tables on slides: columns that fit the page, rows that fit the slide, the rest on more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import heading, is_numeric, shown_text
from delivery_analytics.writers.pptx.slides import POINTS, add_run, colour, one_line
from delivery_analytics.writers.pptx.template import SlideBox

SLIDE_ROWS = 12
_SIZES = (14, 13, 12, 11, 10)
_PAD = 0.09  # inches, left and right of a cell's text
_PAD_POINTS = 2 * _PAD * POINTS + 2
_ROW_PAD = 7.0  # points, above and below together
_STEP = 8.0  # points
_LONGEST = 800  # characters of a cell on a slide
_LOOSE, _LEAST_SHARE = 1.6, 0.4  # a small table's width: of its text, of the slide
_SAMPLE = 24  # rows by which widths are weighed
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # what Office calls no style, no grid


@dataclass(frozen=True)
class TablePage:
    """What one slide shows of a table: written cells, and their measures in points."""

    columns: tuple[Column, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    codes: tuple[tuple[str, ...], ...]  # a status's code where the cell holds one
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    first: int = 0


def paginate(
    frame: pd.DataFrame, columns: Sequence[Column], box: SlideBox, words: Wording
) -> list[TablePage]:
    """Return the slides that show `frame`, each with the headings, in reading order.

    The type is the largest that costs few slides more, and leaves every word whole. Where
    even the smallest does not, columns go to further slides, each repeating the first.
    Places of origin are left to the speaker notes.
    """
    columns = [c for c in columns if c.kind != "source"] or list(columns)
    raw = frame[[c.key for c in columns]].itertuples(index=False, name=None)
    cells = [list(zip(row, columns, strict=True)) for row in raw]
    rows = [tuple(_text(value, column, words) for value, column in row) for row in cells]
    codes = [tuple(str(v) if c.kind == "status" else "" for v, c in row) for row in cells]
    pages: list[TablePage] = []
    for group in _groups(columns, rows, box.w * POINTS):
        part = [tuple(row[i] for i in group) for row in rows]
        marks = [tuple(row[i] for i in group) for row in codes]
        pages += _split_rows([columns[i] for i in group], part, marks, box)
    return pages


def _text(value: Any, column: Column, words: Wording) -> str:
    text = one_line(shown_text(value, column, words))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _texts(columns: Sequence[Column], rows: Sequence[tuple[str, ...]], place: int) -> list[str]:
    glyph = "■ " if columns[place].kind == "status" else ""
    return [glyph + row[place] for row in rows]


def _narrowest(column: Column, texts: list[str], size: float) -> float:
    """Return the least width of a column: numbers stay whole, and so does every word."""
    head = text_width.longest_word([heading(column)], size, True)
    if is_numeric(column) or column.kind in ("date", "status"):
        body = max((text_width.width(text, size) for text in texts), default=0.0)
        body = min(body, 150.0)
    else:
        body = min(text_width.longest_word(texts, size), 170.0)
    return max(head, body, 24.0) + _PAD_POINTS


def _groups(
    columns: Sequence[Column], rows: Sequence[tuple[str, ...]], room: float
) -> list[list[int]]:
    """Return which columns go to which slide; the first column goes to all of them."""
    least = [
        _narrowest(column, _texts(columns, rows, place), _SIZES[-1])
        for place, column in enumerate(columns)
    ]
    # Text columns want room to be read in, not one word a line.
    for place, column in enumerate(columns):
        if column.kind in ("text", "source"):
            widest = max((text_width.width(row[place], _SIZES[-1]) for row in rows), default=0)
            least[place] = max(least[place], min(widest + _PAD_POINTS, 110.0))
    groups: list[list[int]] = [[0]]
    used = least[0]
    for place in range(1, len(columns)):
        if used + least[place] > room and len(groups[-1]) > 1:
            groups.append([0])
            used = least[0]
        groups[-1].append(place)
        used += least[place]
    return groups


def _widths(
    columns: Sequence[Column], rows: Sequence[tuple[str, ...]], size: float, room: float
) -> list[float]:
    """Return the columns' widths, together at most `room`.

    A small table stays small: stretched, the eye loses the row. Each column starts as
    narrow as it may be; what is left goes, step by step, to the column that takes the
    most lines, because the tallest cell makes the row.
    """
    texts = [_texts(columns, rows, place)[:_SAMPLE] for place in range(len(columns))]
    natural = sum(
        max(text_width.width(text, size) for text in (heading(column), *column_texts))
        + _PAD_POINTS
        for column, column_texts in zip(columns, texts, strict=True)
    )
    room = min(room, max(natural * _LOOSE, room * _LEAST_SHARE))
    widths = [_narrowest(c, _texts(columns, rows, i), size) for i, c in enumerate(columns)]
    lines = [_mean_lines(*pair, size) for pair in zip(texts, widths, strict=True)]
    spare = room - sum(widths)
    while spare > _STEP and max(lines) > 1:
        most = lines.index(max(lines))
        widths[most] += _STEP
        spare -= _STEP
        lines[most] = _mean_lines(texts[most], widths[most], size)
    shares = [0.4 * w if is_numeric(c) else w for w, c in zip(widths, columns, strict=True)]
    return [w + spare * s / sum(shares) for w, s in zip(widths, shares, strict=True)]


def _mean_lines(texts: Sequence[str], width: float, size: float) -> float:
    room = width - _PAD_POINTS
    counts = [text_width.count_lines(text, room, size) for text in texts]
    return sum(counts) / len(counts) if counts else 1.0


def _heights(
    columns: Sequence[Column],
    rows: Sequence[tuple[str, ...]],
    widths: Sequence[float],
    size: float,
) -> list[float]:
    """Return the height of the heading and of each row, in points."""
    rooms = [width - _PAD_POINTS for width in widths]
    head = max(
        text_width.height(heading(c), room, size, True)
        for c, room in zip(columns, rooms, strict=True)
    )
    glyphs = ["■ " if c.kind == "status" else "" for c in columns]
    body = [
        max(
            text_width.height(glyph + text, room, size)
            for glyph, text, room in zip(glyphs, row, rooms, strict=True)
        )
        for row in rows
    ]
    return [height + _ROW_PAD for height in (head, *body)]


def _split_rows(
    columns: list[Column],
    rows: Sequence[tuple[str, ...]],
    codes: Sequence[tuple[str, ...]],
    box: SlideBox,
) -> list[TablePage]:
    room, tall = box.w * POINTS, box.h * POINTS
    size = _size(columns, rows, room, tall)
    widths = _widths(columns, rows, size, room)
    limit = tall - _heights(columns, [], widths, size)[0]
    limit = limit / 3 if len(rows) > 3 else limit
    rows = [_cut_row(row, widths, size, limit) for row in rows]
    heights = _heights(columns, rows, widths, size)
    heads = tuple(heading(column) for column in columns)
    return [
        TablePage(
            tuple(columns),
            heads,
            tuple(rows[first:last]),
            tuple(codes[first:last]),
            tuple(widths),
            (heights[0], *heights[1 + first : 1 + last]),
            size,
            first,
        )
        for first, last in _spans(heights[1:], tall - heights[0])
    ]


def _size(
    columns: Sequence[Column], rows: Sequence[tuple[str, ...]], room: float, tall: float
) -> float:
    """Return the largest type that costs few slides more than the smallest does."""
    pages: dict[float, int] = {}
    for size in reversed(_SIZES):
        least = sum(
            _narrowest(c, _texts(columns, rows, i), size) for i, c in enumerate(columns)
        )
        if pages and least > room:
            break
        heights = _heights(columns, rows, _widths(columns, rows, size, room), size)
        pages[size] = len(_spans(heights[1:], tall - heights[0]))
    fewest = min(pages.values())
    return max(size for size, count in pages.items() if count <= 1.5 * fewest)


def _cut_row(
    row: tuple[str, ...], widths: Sequence[float], size: float, tall: float
) -> tuple[str, ...]:
    """Cut, with an ellipsis, a cell that would not fit even a slide of its own."""
    return tuple(
        text_width.cut_to(text, width - _PAD_POINTS - 10, tall - _ROW_PAD, size)
        for text, width in zip(row, widths, strict=True)
    )


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
    down, across = len(page.rows) + 1, len(page.columns)
    wide, tall = Pt(sum(page.widths)), Pt(sum(page.heights))
    frame = slide.shapes.add_table(
        down, across, Inches(box.x), Inches(box.y), int(wide), int(tall)
    )
    table = frame.table
    table.horz_banding = False
    table._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _NO_STYLE
    for place, width in enumerate(page.widths):
        table.columns[place].width = int(Pt(width))
    for place, height in enumerate(page.heights):
        table.rows[place].height = int(Pt(height))
    for place, column in enumerate(page.columns):
        right = is_numeric(column)
        _write_cell(table.cell(0, place), page.heads[place], page.size, right, head=True)
        for row, (texts, codes) in enumerate(zip(page.rows, page.codes, strict=True), 1):
            cell = table.cell(row, place)
            _write_cell(cell, texts[place], page.size, right, status=codes[place])
    return frame


def _write_cell(
    cell: Any, text: str, size: float, right: bool, *, head: bool = False, status: str = ""
) -> None:
    cell.margin_left = cell.margin_right = Inches(_PAD)
    cell.margin_top = cell.margin_bottom = Pt(_ROW_PAD / 2 - 0.5)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.MIDDLE
    rule, width = (theme.DARK_BLUE, 19050) if head else (theme.RULE_GREY, 9525)
    cell._tc.get_or_add_tcPr().insert(
        0,
        parse_xml(
            f'<a:lnB xmlns:a="{_A}" w="{width}"><a:solidFill><a:srgbClr val="{rule[1:]}"/>'
            "</a:solidFill></a:lnB>"
        ),
    )
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(theme.DARK_BLUE if head else theme.PAPER)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    style = theme.STATUS_STYLE.get(status)
    if style:
        add_run(paragraph, style.glyph, size, style.colour, True)
        text = f" {text}"
        run = paragraph.add_run()
        run.text, run.font.size = printable(text), Pt(size)
        run.font.color.rgb = colour(theme.INK)
        return
    add_run(paragraph, text, size, theme.PAPER if head else theme.INK, head)
