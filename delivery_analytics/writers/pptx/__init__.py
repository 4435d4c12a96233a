"""A report as slides: one message each, charts that can be edited, sources in the notes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, assert_never

import pandas as pd

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import still
from delivery_analytics.report.document import Brief, Headlines, Note, Picture, Table, Text
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.printable import printable
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import columns_of
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import heading, is_blank, written_rows
from delivery_analytics.writers.office_charts import AUTHOR, NO_DAY, created_on, drawable
from delivery_analytics.writers.outline import Part, day_line, illustrative_marks, outline
from delivery_analytics.writers.pptx import charts, slides, tables, template
from delivery_analytics.writers.pptx.brief import add_brief
from delivery_analytics.writers.pptx.template import SlideBox

LABEL = "PowerPoint"
_NOTES_ROWS = 40
_STATEMENT = 160  # characters that stand alone, large, instead of as a single bullet
_TABLE = SlideBox(template.BODY.x, 2.14, template.BODY.w, 4.2)
_ASIDE_SIZES = (16, 15, 14, 13, 12)
_TEXT_SIZES = (20, 18, 17, 16, 15, 14)


def write(
    report: Report, path: Path, *, corporate: str | Path = "", alone: bool = False
) -> None:
    """Write `report`, or its brief `alone`, to `path`. The same report gives the same bytes.

    Parameters
    ----------
    corporate
        A presentation whose theme and master are taken. By default the workspace's own,
        ``data/definitions/template.pptx``, where there is one.
    """
    foot = "  ·  ".join(filter(None, [day_line(report), slides.one_line(report.title)]))
    own = report.data.registry.workspace.definitions / "template.pptx"
    theirs = str(corporate or (own if own.is_file() else ""))
    deck = slides.Deck.blank(report.words, foot, created_on(report), theirs)
    parts = outline(report.blocks)
    if alone and report.brief:
        exhibit = None if report.brief.rows else report.brief.exhibit
        _add_part(deck, Part("", exhibit or report.brief), report.title)
    else:
        _add_cover(deck, report, parts)
        for part in parts:
            _add_part(deck, part, report.title)
        _add_sources(deck, report)
    _save(deck, path, title=report.title, subject=report.subtitle)


def is_whole(path: Path) -> bool:
    """Say whether the file has its directory, which a package has at its end."""
    return zipfile.is_zipfile(path)


def write_slide(
    block: Figure | Table | Picture, path: Path, words: Wording, *, corporate: str | Path = ""
) -> None:
    """Write one chart, table or picture as a presentation without a cover."""
    created = datetime(*NO_DAY)  # noqa: DTZ001
    deck = slides.Deck.blank(words, slides.one_line(block.title), created, str(corporate))
    _add_part(deck, Part("", block), block.title)
    _save(deck, path, title=block.title, subject=getattr(block, "subtitle", ""))


def _save(deck: slides.Deck, path: Path, *, title: str, subject: str) -> None:
    deck.finish()
    core = deck.presentation.core_properties
    core.title = printable(title)[:255]
    core.subject = printable(subject)[:255]
    core.author = core.last_modified_by = AUTHOR
    core.created = core.modified = deck.created
    core.language = deck.words.language
    core.comments = core.keywords = core.category = ""
    core.revision = 1
    stream = io.BytesIO()
    deck.presentation.save(stream)
    write_whole(path, _fix_dates(stream))


def _fix_dates(stream: io.BytesIO) -> bytes:
    """Return the package with the same date on every part of it."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(stream) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)  # of 1980, unless it is given a day
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16  # a file that its owner reads and writes
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def _add_cover(deck: slides.Deck, report: Report, parts: Sequence[Part]) -> None:
    layout = deck.presentation.slide_layouts[template.COVER]
    slide = deck.presentation.slides.add_slide(layout)
    last = [day_line(report), *illustrative_marks(parts)]
    texts = {
        0: (slides.one_line(report.title), (36, 32, 28, 24, 20)),
        1: (slides.one_line(report.subtitle), (18, 16, 14, 12)),
        template.IDX_FOOTNOTE: ("\n".join(map(slides.one_line, last)), (14, 12, 11, 10)),
    }
    for holder in list(slide.placeholders):
        text, sizes = texts[holder.placeholder_format.idx]
        slides.fill(holder, text, sizes, bold=holder.placeholder_format.idx == 0)
    slides.add_notes(slide, [report.title, report.subtitle, *last])


def _add_part(deck: slides.Deck, part: Part, title: str) -> None:
    match part.block:
        case Brief() as block:
            add_brief(deck, block)
        case Headlines() as block:
            _add_headlines(deck, part, block)
        case Figure() as block:
            _add_figure(deck, part, block)
        case Table() as block:
            _add_table(deck, part, block)
        case Picture() as block:
            _add_picture(deck, part, block)
        case None:
            # What is marked as illustrative at the top stands on the cover.
            if part.section or part.texts or any(n.kind != "illustrative" for n in part.notes):
                _add_text(deck, part, title)
        case _:
            assert_never(part.block)


def _visible(*lines: str, notes: Iterable[Note]) -> str:
    """Return the footnote: what every reader must see, not only the speaker, first."""
    marks = [note.text for note in notes if note.kind != "note"]
    return "  ".join(slides.one_line(line) for line in (*marks, *lines) if line)


def _add_headlines(deck: slides.Deck, part: Part, block: Headlines) -> None:
    words = deck.words
    for first in range(0, len(block.items), slides.MOST_CARDS):
        items = block.items[first : first + slides.MOST_CARDS]
        notes = [f"{i.label}: {i.value}. {i.note} {i.source}" for i in items]
        slide = deck.add(
            template.OPEN,
            part.section or words("Key figures"),
            footnote=_visible(notes=part.notes),
            notes=[*part.texts, *notes, *part.note_texts],
        )
        rows = slides.cards_down(len(items), beside_text=bool(part.texts))
        box = SlideBox(template.BODY.x, 2.0, template.BODY.w, 2.75 if rows == 1 else 4.3)
        slides.add_cards(slide, items, box, words, rows)
        if part.texts and rows == 1 and first == 0:
            _add_text_box(slide, part.paragraphs, SlideBox(box.x, 5.0, box.w, 1.35))


def _add_text_box(slide: Any, texts: Sequence[Text], box: SlideBox) -> None:
    frame = slide.shapes.add_textbox(*box.sides).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    slides.write_paragraphs(frame, texts, box, _TEXT_SIZES)


def _add_figure(deck: slides.Deck, part: Part, figure: Figure) -> None:
    native, words = drawable(figure), deck.words
    aside = bool(part.texts)
    layout = template.CHART_AND_TEXT if aside else template.CHART
    slide = deck.add(
        layout,
        figure.title,
        kicker=part.section,
        subtitle=figure.subtitle,
        footnote=_visible(figure.footnote, notes=part.notes),
        notes=[
            *part.texts,
            figure.subtitle,
            figure.footnote,
            *figure.notes,
            *part.note_texts,
            *_places(figure.table, figure.columns, words),
        ],
    )
    holders = {h.placeholder_format.idx: h for h in slide.placeholders}
    if aside:
        frame = holders[template.IDX_ASIDE].text_frame
        slides.write_paragraphs(frame, part.paragraphs, template.ASIDE, _ASIDE_SIZES)
    holder = holders[template.IDX_MAIN]
    if native:
        shape = charts.insert(holder, native, words, deck.created)
    else:
        shape = _insert_picture(slide, holder, still.png(figure))
        slides.add_notes(slide, _data_lines(figure, words))
    slides.describe(shape, figure.alt)
    if figure.own and not native:
        table = Table(figure.table, figure.title, figure.columns)
        _add_table(deck, Part(part.section, table), table)


def _add_picture(deck: slides.Deck, part: Part, block: Picture) -> None:
    slide = deck.add(
        template.CHART_AND_TEXT if part.texts else template.CHART,
        block.title or part.section or block.alt,
        kicker=part.section,
        footnote=_visible(notes=part.notes),
        notes=[*part.texts, *part.note_texts, block.alt],
    )
    holders = {h.placeholder_format.idx: h for h in slide.placeholders}
    if part.texts:
        frame = holders[template.IDX_ASIDE].text_frame
        slides.write_paragraphs(frame, part.paragraphs, template.ASIDE, _ASIDE_SIZES)
    shape = _insert_picture(slide, holders[template.IDX_MAIN], block.content)
    slides.describe(shape, block.alt)


def _insert_picture(slide: Any, holder: Any, content: bytes) -> Any:
    """Put a picture into the placeholder's place, as large as it fits there."""
    left, top, wide, tall = holder.left, holder.top, holder.width, holder.height
    holder.element.getparent().remove(holder.element)
    picture = slide.shapes.add_picture(io.BytesIO(content), left, top)
    scale = min(wide / picture.width, tall / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = left + (wide - picture.width) // 2
    picture.top = top + (tall - picture.height) // 2
    return picture


def _places(frame: pd.DataFrame, columns: Sequence[Column], words: Wording) -> list[str]:
    """Return where the shown figures came from, one line a file with its cells."""
    cells: dict[str, list[str]] = {}
    for column in columns:
        for value in frame[column.key].tolist() if column.kind == "source" else ():
            if not is_blank(value):
                file, _, cell = printable(value).rpartition(", ")
                cells.setdefault(file or cell, []).append(cell if file else "")
    lines = [
        f"{file}: {'; '.join(dict.fromkeys(filter(None, addresses)))}".removesuffix(": ")
        for file, addresses in cells.items()
    ]
    return [f"{words('Sources')}:", *lines] if lines else []


def _data_lines(figure: Figure, words: Wording) -> list[str]:
    """Return the figures of a chart that is only a picture, one line a row."""
    rows = written_rows(figure.table.head(_NOTES_ROWS), figure.columns, words)
    return [
        " | ".join(heading(column) for column in figure.columns),
        *(" | ".join(cell.text for cell in row) for row in rows),
    ]


def _add_table(deck: slides.Deck, part: Part, block: Table) -> None:
    words = deck.words
    if block.frame.empty:
        empty = block.empty_text or words("There is nothing to list.")
        alone = Part(block.title, None, (Text(empty), *part.paragraphs), part.notes)
        _add_text(deck, alone, part.section, kicker=part.section)
        return
    total = len(block.frame)
    frame = block.frame.head(tables.SLIDE_ROWS * tables.MOST_PAGES)
    pages = tables.paginate(frame, block.columns, _TABLE, words)
    ends = [one.last for one, after in pairwise([*pages, pages[0]]) if after.first == 0]
    for number, page in enumerate(pages, 1):
        subtitle = slides.one_line(" ".join(part.texts)) if number == 1 else ""
        if len(pages) > 1:
            rows = {"first": page.first + 1, "last": page.last, "total": total}
            subtitle = words("Rows {first}–{last} of {total}", **rows)
        rest = total - min(ends)
        more = words("All {n} rows are in the workbook of this report.", n=total)
        mark = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        slide = deck.add(
            template.OPEN,
            (block.title or part.section) + mark,
            kicker=part.section,
            subtitle=subtitle,
            footnote=_visible(block.note, more if rest else "", notes=part.notes),
            notes=[
                *part.texts,
                block.note,
                *part.note_texts,
                *_places(frame.iloc[page.first : page.last], block.columns, words),
            ],
        )
        slides.describe(tables.draw_table(slide, page, _TABLE), block.title)


def _add_text(deck: slides.Deck, part: Part, title: str, kicker: str = "") -> None:
    """Add a slide of points: the first sentences, where the whole is a wall of text."""
    points = part.paragraphs or tuple(map(Text, part.note_texts))
    slide = deck.add(
        template.TEXT,
        part.section or title,
        kicker=kicker,
        footnote=_visible(notes=part.notes) if part.texts else "",
        notes=[*part.texts, *part.note_texts],
    )
    holder = next(
        h for h in slide.placeholders if h.placeholder_format.idx == template.IDX_MAIN
    )
    if not points:
        holder.element.getparent().remove(holder.element)
    elif len(points) == 1 and len(points[0].text) <= _STATEMENT:
        slides.write_statement(holder.text_frame, points[0])
    else:
        box = SlideBox(0, 0, template.BODY.w - 0.3, 4.3)  # a bullet takes the rest
        slides.write_paragraphs(holder.text_frame, points, box, _TEXT_SIZES)


def _add_sources(deck: slides.Deck, report: Report) -> None:
    """Add what the report was made from; every file with its fingerprint in the notes."""
    words, sources = deck.words, report.data.sources
    if sources.empty:
        return
    sources = sources.sort_values("path")
    columns = columns_of("inputs_of_slides", words)
    few = sources.head(tables.SLIDE_ROWS)
    page = tables.paginate(few, columns, _TABLE, words)[0]
    rest = len(sources) - page.last
    more = words.plural(
        "{n} more file is named in the notes.", "{n} more files are named in the notes.", rest
    )
    slide = deck.add(
        template.OPEN,
        words.plural("{n} file was read", "{n} files were read", len(sources)),
        kicker=words("Sources"),
        footnote=more if rest else "",
        notes=[f"{s.path} – SHA-256 {s.sha256}" for s in sources.itertuples()],
    )
    slides.describe(tables.draw_table(slide, page, _TABLE), words("Sources"))
