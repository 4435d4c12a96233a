"""A page of a table as DrawingML: written piece by piece it takes most of a deck's time."""

from typing import Any
from xml.sax.saxutils import escape

from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from delivery_analytics.report import theme
from delivery_analytics.report.printable import printable
from delivery_analytics.writers import text_width
from delivery_analytics.writers.cell_text import is_numeric, spanners
from delivery_analytics.writers.pptx.slides import one_line
from delivery_analytics.writers.pptx.tables import CELL_PAD, ROW_PAD, TablePage
from delivery_analytics.writers.pptx.template import SlideBox

_WHOLE = 100_000  # of what DrawingML counts in thousandths of a per cent
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # what Office calls no style, no grid


def draw_table(slide: Any, page: TablePage, box: SlideBox) -> Any:
    """Draw one page of a table at the top of `box`; return its frame."""
    left, top, _, _ = box.sides
    wide, tall = int(Pt(sum(page.widths))), int(Pt(sum(page.heights)))
    over = spanners([column.column for column in page.columns])
    head = 1 if over else 0  # the row of the headings
    line = page.size * text_width.LINE_HEIGHT + ROW_PAD
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
            cells.append(
                _cell(text, size, right, strong=column.strong, status=code, share=share)
            )
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
    strong: bool = False,
    status: str = "",
    share: float | None = None,
    merged: str = "",
) -> str:
    """Return a cell."""
    rule, wide = (theme.INK, 12700) if head else (theme.RULE_GREY, 9525)
    style = theme.STATUS_STYLE.get(status)
    if style:
        runs = _run(style.glyph, size, style.colour, ' b="1"')
        runs += _run(printable(f" {text}"), size, theme.INK)
    else:
        colour = theme.DARK_GREY if head else theme.INK
        runs = _run(one_line(text), size, colour, f' b="{int(head or strong)}"')
    fill = "<a:noFill/>"
    if share is not None:
        fill = _bar(min(round(abs(share) * _WHOLE), _WHOLE))
    across, down = int(Inches(CELL_PAD)), int(Pt(ROW_PAD / 2 - 0.5))
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
