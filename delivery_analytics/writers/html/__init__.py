"""A report as one page that opens from disk and loads nothing from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
from markupsafe import Markup

from delivery_analytics.report import theme
from delivery_analytics.report.document import Block, Heading, Picture, Table
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.report import Report
from delivery_analytics.wording.catalogue import spoken_in
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import cell_text
from delivery_analytics.writers.html import assets as bundle
from delivery_analytics.writers.html import page
from delivery_analytics.writers.html.chart_spec import (
    is_fluid,
    live_spec,
    shared_config,
    still_address,
    still_picture,
)
from delivery_analytics.writers.sources import input_table

LABEL = "HTML"
# What a page weighs at most with its still pictures, in bytes: those that do not fit are
# left out, and their charts need the library beside the page.
WEIGHT_LIMIT = 390_000
_AROUND = 40  # bytes of markup about a picture
FOLDED_FROM = 4  # sections; a page of fewer is shown whole
# Letters: a line of short and of long text in a table, a status's mark, between columns.
LINE, LONG_LINE, STATUS_MARK, GAP = 22, 38, 6, 2
REM_PER_LETTER, WIDEST = 0.5, 100


@dataclass(frozen=True)
class PageCell:
    """One written cell; `order` is what a click on the heading sorts by, `bar` its bar."""

    text: str
    chip: page.Chip | None = None
    order: str | int | None = None
    bar: float | None = None
    language: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table ready to be put on a page: headings and rows of written cells.

    `width` is what it needs to be read without tall rows, in rem, in steps of five;
    `bodies` are the rows under what they have in common, if anything.
    """

    headings: list[tuple[str, str]]
    rows: list[list[PageCell]]
    width: int
    has_gap: bool
    sortable: bool
    spanners: list[tuple[str, int]]
    bodies: list[tuple[str, list[list[PageCell]]]]


@dataclass(frozen=True)
class PagePart:
    """One block as the template meets it: which macro draws it, and with what.

    `fluid` says of a chart that it is drawn as wide as its place.
    """

    kind: str
    block: Any
    anchor: str
    level: int = 2
    grid: PageTable | None = None
    spec: Any = None
    still: Markup = field(default_factory=Markup)
    fluid: bool = False


@dataclass(frozen=True)
class Section:
    """What stands under one heading, folded; charts that follow each other are one run.

    The first has no heading: it is open, and what is read first.
    """

    heading: PagePart | None
    parts: list[PagePart]

    @property
    def runs(self) -> list[tuple[bool, list[PagePart]]]:
        """The parts, those that are charts together."""
        grouped = groupby(self.parts, lambda part: part.kind == "figure")
        return [(charts, [*parts]) for charts, parts in grouped]

    @property
    def finding(self) -> str:
        """What its first chart or table says."""
        found = (
            part.block.title if part.kind == "figure" else getattr(part.block, "finding", "")
            for part in self.parts
        )
        return next(filter(None, found), "")


def write(
    report: Report,
    path: str | Path,
    *,
    assets: str = "",
    home: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> Path:
    """Write `report` as a page and return the path.

    Parameters
    ----------
    assets
        Where the folder of `bundle.write_assets` is, relative to the page. Without it, a
        folder ``assets`` is written beside a page that has charts.
    home
        The list of every report, relative to the page; empty for no link. Without it, a
        page whose shared folder is above it links to the list beside that folder.
    parameters
        What the notebook was run with, to be named at the end of the page.
    """
    parts, inputs = _parts(report), _inputs(report)
    charts = any(part.kind == "figure" for part in parts)
    if not assets:
        assets = "assets"
        if charts:
            bundle.write_assets(Path(path).parent / assets)

    def rendered(shown: Sequence[PagePart]) -> str:
        return page.render_page(
            "report.html.j2",
            words=report.words,
            title=report.title,
            assets=assets,
            charts=charts,
            report=report,
            answer=report.answer,
            sections=_sections(shown),
            folded=FOLDED_FROM,
            shared=page.json_block(
                {"locale": report.words.vega_locale(), "config": shared_config()}
            ),
            inputs=inputs,
            parameters=list((parameters or {}).items()),
            home=_home(assets, report.language) if home is None else home,
        )

    text = rendered(parts)
    illustrated = _with_stills(parts, room=WEIGHT_LIMIT - len(text.encode()))
    if any(part.still for part in illustrated):
        text = rendered(illustrated)
    return page.save(path, text)


def is_whole(path: Path) -> bool:
    """Say whether the page was written to its last element."""
    return b"</html>" in path.read_bytes()[-64:]


def _home(assets: str, language: str) -> str:
    """Return where an edition's list is: beside the shared folder, in the same language."""
    above = PurePosixPath(assets).parent
    return f"{above}/index.{language}.html" if ".." in above.parts else ""


def page_table(
    frame: pd.DataFrame, columns: Sequence[Column], words: Wording, groups: str = ""
) -> PageTable:
    """Return `frame` as written cells, one a column of `columns`, rows in their order.

    The column `groups` is the first, and stands over the rows instead.
    """
    if not any(column.spanner for column in columns):  # beside the name, where a phone has it
        first, *others = columns
        columns = [first, *sorted(others, key=lambda column: column.kind != "status")]
    rows = cell_text.written_rows(frame, columns, words)
    heads = [cell_text.heading(column) for column in columns]
    common = [f"{heads[0]}: {row[0].text}" * bool(groups) for row in rows]
    shown = slice(1 if groups else 0, None)
    columns, heads, rows = columns[shown], heads[shown], [row[shown] for row in rows]
    cells = [
        [_cell(cell, column, words) for cell, column in zip(row, columns, strict=True)]
        for row in rows
    ]
    spanners = cell_text.spanners(columns)
    return PageTable(
        headings=[(head, _look(one)) for head, one in zip(heads, columns, strict=True)],
        rows=cells,
        width=_width(columns, rows),
        has_gap=any(
            cell.text == cell_text.MISSING and cell_text.is_numeric(column)
            for row in rows
            for cell, column in zip(row, columns, strict=True)
        ),
        sortable=len(frame) > 3 and not groups and not spanners,
        spanners=spanners,
        bodies=[
            (text, [row for _, row in same])
            for text, same in groupby(zip(common, cells, strict=True), itemgetter(0))
        ],
    )


def _cell(cell: cell_text.WrittenCell, column: Column, words: Wording) -> PageCell:
    chip = page.chip(cell.status, words) if cell.status else None
    if chip and column.kind != "status":  # a figure that is marked
        chip = replace(chip, word=cell.text)
    bar = None if cell.share is None else round(abs(cell.share) * 100, 1)
    said = column.language
    said = spoken_in(cell.text, words.language) if said == "sent" else said
    return PageCell(cell.text, chip, _order(cell.value, column), bar, said)


def _width(columns: Sequence[Column], rows: Sequence[Sequence[cell_text.WrittenCell]]) -> int:
    """Return how wide a table should at least be, judged by its longest texts and words."""
    letters = 0
    for place, column in enumerate(columns):
        texts = [row[place].text for row in rows]
        words = [
            word for text in (cell_text.heading(column), *texts) for word in text.split(" ")
        ]
        longest = max(map(len, texts), default=0) + STATUS_MARK * (column.kind == "status")
        line = LINE if longest < 4 * LINE else LONG_LINE
        breaks = _look(column) in ("", "source")
        letters += max(*map(len, words), min(longest, line) if breaks else longest) + GAP
    return min(int(letters * REM_PER_LETTER) // 5 * 5, WIDEST)


def _order(value: Any, column: Column) -> str | int | None:
    """Return what sorts a cell where its written text would not: quantities and days."""
    if cell_text.is_blank(value):
        return ""
    if cell_text.is_numeric(column) and not isinstance(value, str):
        return f"{float(value):.12g}"
    if column.kind == "date" and not isinstance(value, str):
        return pd.Timestamp(value).date().isoformat()
    if column.kind == "status":
        return theme.STATUS_STYLE[str(value)].order
    return str(value) if column.kind == "period" else None


def _look(column: Column) -> str:
    if cell_text.is_numeric(column):
        return "number"
    return column.kind if column.kind in ("source", "status", "date", "period") else ""


def _sections(parts: Sequence[PagePart]) -> list[Section]:
    """Return the parts under their headings of the second level."""
    sections = [Section(None, [])]
    for part in parts:
        if part.kind == "heading" and part.level == 2:
            sections.append(Section(part, []))
        else:
            sections[-1].parts.append(part)
    return sections


def _arranged(report: Report) -> list[Block]:
    """Return the blocks with two charts behind the brief: its own, and one of another kind.

    What a heading had nothing but one of them under is not headed any more.
    """
    brief, blocks = report.brief, report.blocks
    if brief is None or brief.exhibit is None:
        return blocks
    first = brief.exhibit
    drawn = [block for block in blocks if isinstance(block, Figure)]
    same = [one for one in drawn if (one.name, one.about) == (first.name, first.about)]
    others = [one for one in drawn if one.name not in ("", first.name) and is_fluid(one)]
    others.sort(key=lambda one: one.about != first.about)
    shown = [*(same[:1] or [first]), *others[:1]]
    left = [block for block in blocks if not any(block is one for one in shown)]
    over = [one for one, after in pairwise(blocks) if any(after is each for each in shown)]
    bare = [id(one) for one in over if isinstance(one, Heading)]
    ends = [isinstance(block, Heading) for block in [*left[1:], Heading("")]]
    left = [one for one, end in zip(left, ends, strict=True) if not end or id(one) not in bare]
    place = next(n for n, block in enumerate(left, start=1) if block is brief)
    return [*left[:place], *shown, *left[place:]]


def _parts(report: Report) -> list[PagePart]:
    """Return the blocks as parts; heading levels never skip one, whatever was asked."""
    parts: list[PagePart] = []
    words, level = report.words, 1
    for number, block in enumerate(_arranged(report), start=1):
        part = PagePart(type(block).__name__.lower(), block, f"part-{number}", level + 1)
        if isinstance(block, Heading):
            level = max(2, min(block.level, level + 1, 5))
            part = replace(part, level=level)
        elif isinstance(block, Table):
            grid = page_table(block.frame, block.columns, words, block.groups)
            part = replace(part, grid=grid)
        elif isinstance(block, Figure):
            spec = page.json_block(live_spec(block))
            grid = page_table(block.table, block.columns, words)
            part = replace(part, grid=grid, spec=spec, fluid=is_fluid(block))
        elif isinstance(block, Picture):
            part = replace(part, still=still_address(block))
        parts.append(part)
    return parts


def _with_stills(parts: Sequence[PagePart], *, room: int) -> list[PagePart]:
    """Return the parts with the still pictures of charts, as many as there is room for."""
    illustrated = []
    for part in parts:
        still = part.still
        if part.kind == "figure" and room > 0:
            picture = still_picture(part.block)
            still = picture if len(picture.encode()) + _AROUND <= room else still
            room -= len(still.encode()) + _AROUND * bool(still)
        illustrated.append(replace(part, still=still))
    return illustrated


def _inputs(report: Report) -> PageTable:
    """Return what the report was made from: one row a file that was sent."""
    block = input_table(report)
    return page_table(block.frame, block.columns, report.words)
