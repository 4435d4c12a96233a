"""A report as slides: one message each, charts that can be edited, sources in the notes.

A deck holds what is presented, and its appendix, a presentation beside it, all the rest.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

import pandas as pd

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import still
from delivery_analytics.report.document import Brief, Note, Picture, Table, Text
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.printable import printable
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import columns_of
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import heading, is_blank, written_rows
from delivery_analytics.writers.office_charts import AUTHOR, NO_DAY, created_on, drawable
from delivery_analytics.writers.outline import Part, day_line, outline
from delivery_analytics.writers.pptx import charts, choice, slides, tables, template
from delivery_analytics.writers.pptx.brief import add_brief
from delivery_analytics.writers.pptx.drawn_table import draw_table
from delivery_analytics.writers.pptx.template import SlideBox
from delivery_analytics.writers.sources import COLUMNS_NOTE, input_table

LABEL = "PowerPoint"
_NOTES_ROWS = 40
_TABLE = SlideBox(template.BODY.x, 1.85, template.BODY.w, 4.6)
_POINTS = SlideBox(template.BODY.x, 1.75, template.BODY.w - 0.3, 4.7)  # a bullet takes the rest
_ROW = 1500  # characters of a table's one row in words
_ASIDE_SIZES = (16, 15, 14, 13, 12)
_TEXT_SIZES = (20, 18, 17, 16, 15, 14)


def write(
    report: Report, path: Path, *, corporate: str | Path = "", alone: bool = False
) -> None:
    """Write what is presented of `report` to `path`, and the rest to ``….appendix.pptx``.

    The deck has `choice.MOST_SLIDES` at most; what it and the appendix hold together is all
    that the page holds. With `alone` only the brief is written. The same report gives the
    same bytes.

    Parameters
    ----------
    corporate
        A presentation or a template whose page, theme and master are taken. By default the
        workspace's own, ``data/definitions/template.pptx`` or ``.potx``, where there is one.
    """
    words = report.words
    parts = [choice.with_short_names(one, report.data, words) for one in outline(report.blocks)]
    own = report.data.registry.workspace.definitions.glob("template.p*tx")
    theirs = str(corporate or max(own, default=""))
    about = {"about": report.subtitle or report.title, "day": day_line(report)}
    deck, appendix = (
        slides.Deck.blank(words, created_on(report), theirs, **about) for _ in range(2)
    )
    if alone and report.brief:
        exhibit = None if report.brief.rows else report.brief.exhibit
        _add_part(deck, Part("", exhibit or report.brief))
        _save(deck, path, title=report.title, subject=report.subtitle)
        return
    brief = report.brief
    first = [*brief.asked, brief.rows][0] if brief else None
    lead = first.frame["indicator_id"].tolist() if first else []
    large = [part for part in parts if choice.is_slide(part)]
    small = choice.in_words([part for part in parts if not choice.is_slide(part)], words)
    promised = {*report.data.targets["indicator_id"], ""} if lead else set()
    to_show = [p for p in large if not lead or getattr(p.block, "about", "") in promised]
    shown = choice.presented(to_show, choice.MOST_SLIDES - 1, lead)
    whole = {id(part) for part in shown if _add_part(deck, part, alone=True)}
    for part in large:
        if id(part) not in whole:
            _add_part(appendix, part)
    if deck.count and (appendix.count or choice.is_enough(small)):
        _add_points(appendix, small, words("In short"), wall=_ROW)
    else:
        _add_points(deck, small, report.title)
    _add_sources(deck, report, alone=True)
    _add_sources(appendix, report)
    _save(deck, path, title=report.title, subject=report.subtitle)
    if appendix.count:
        title = f"{report.title} – {words('appendix')}"
        beside = path.with_suffix(f".appendix{path.suffix}")
        _save(appendix, beside, title=title, subject=report.subtitle)


def is_whole(path: Path) -> bool:
    """Say whether the file has its directory, which a package has at its end."""
    return zipfile.is_zipfile(path)


def write_slide(
    block: Figure | Table | Picture, path: Path, words: Wording, *, corporate: str | Path = ""
) -> None:
    """Write one chart, table or picture as a presentation."""
    created = datetime(*NO_DAY)  # noqa: DTZ001
    deck = slides.Deck.blank(words, created, str(corporate), about="")
    _add_part(deck, Part("", block))
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


def _add_part(deck: slides.Deck, part: Part, *, alone: bool = False) -> bool:
    """Add the slides of a part, or the one of it that is presented; say if that is all."""
    match part.block:
        case Brief() as block:
            add_brief(deck, block)
            return True
        case Figure() as block:
            return _add_figure(deck, part, block, alone)
        case Table() as block:
            return _add_table(deck, part, block, alone)
        case Picture() as block:
            return _add_picture(deck, part, block)
        case None:
            _add_points(deck, part.paragraphs, part.section, part.notes)
            return True
        case _:
            assert_never(part.block)


def _visible(*lines: str, notes: Iterable[Note]) -> str:
    """Return the footnote: what every reader must see, not only the speaker, first."""
    marks = [note.text for note in notes if note.kind != "note"]
    return "  ".join(slides.one_line(line) for line in (*marks, *lines) if line)


def _add_figure(deck: slides.Deck, part: Part, figure: Figure, alone: bool) -> bool:
    native, words = drawable(figure), deck.words
    slide = deck.add(
        template.CHART_AND_TEXT if part.texts else template.CHART,
        figure.title,
        section=part.section,
        subtitle=figure.subtitle,
        footnote=_visible(figure.footnote, notes=part.notes),
        notes=[
            *figure.notes,
            *part.texts,
            figure.subtitle,
            figure.footnote,
            *part.note_texts,
            *_places(figure.table, figure.columns, words),
        ],
    )
    holder = _beside(deck, slide, part)
    if native:
        shape = charts.insert(holder, native, words, deck.created)
    else:
        shape = _insert_picture(slide, holder, still.png(figure))
        slides.add_notes(slide, _data_lines(figure, words))
    slides.describe(shape, figure.alt)
    if figure.own and not native and not alone:
        table = Table(figure.table, figure.title, figure.columns)
        _add_table(deck, Part(part.section, table), table, alone)
    return not figure.own or bool(native)


def _beside(deck: slides.Deck, slide: Any, part: Part) -> Any:
    """Write what is said of a chart or picture beside it; return the place of that."""
    holders = {h.placeholder_format.idx: h for h in slide.placeholders}
    if part.texts:
        frame, box = holders[template.IDX_ASIDE].text_frame, deck.house.place(template.ASIDE)
        slides.write_paragraphs(frame, part.paragraphs, box, _ASIDE_SIZES)
    return holders[template.IDX_MAIN]


def _add_picture(deck: slides.Deck, part: Part, block: Picture) -> bool:
    slide = deck.add(
        template.CHART_AND_TEXT if part.texts else template.CHART,
        block.title or part.section or block.alt,
        section=part.section,
        footnote=_visible(notes=part.notes),
        notes=[*part.texts, *part.note_texts, block.alt],
    )
    shape = _insert_picture(slide, _beside(deck, slide, part), block.content)
    slides.describe(shape, block.alt)
    return True


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


def _add_table(deck: slides.Deck, part: Part, block: Table, alone: bool = False) -> bool:
    words, total, place = deck.words, len(block.frame), deck.house.place(_TABLE)
    pages = tables.paginate(block.frame, block.columns, place, words, alone=alone)
    said = choice.finding(block, words) or part.section
    for number, page in enumerate(pages, 1):
        rows = {"first": page.first + 1, "last": page.last, "total": total}
        title, subtitle, rest = said, slides.one_line(" ".join(part.texts)), ""
        if alone and page.last < total:
            title = words("{title} (first {last} of {total})", title=said, **rows)
            rest = words("All {n} rows are in the appendix.", n=total)
        elif page.left_out:
            rest = words("{column}: in the appendix.", column=page.left_out)
        elif len(pages) > 1:
            title = f"{said} ({number}/{len(pages)})"
            subtitle = words("Rows {first}–{last} of {total}", **rows)
        if not alone and pages[-1].last < total:
            rest = words("All {n} rows are in the workbook of this report.", n=total)
        slide = deck.add(
            template.OPEN,
            title,
            section=part.section or block.title,
            subtitle=subtitle,
            footnote=_visible(rest, block.note, notes=part.notes),
            notes=[
                *part.texts,
                block.note,
                *part.note_texts,
                *page.cut,
                *_places(block.frame.iloc[page.first : page.last], block.columns, words),
            ],
        )
        slides.describe(draw_table(slide, page, place), block.title or said)
    return pages[-1].last == total and not pages[-1].left_out


def _add_points(
    deck: slides.Deck,
    points: Sequence[Text],
    title: str,
    notes: Sequence[Note] = (),
    wall: int = slides.WALL,
) -> None:
    """Add slides of points, as many on each as fit; a few words only to the notes."""
    if deck.count and not choice.is_enough(points):
        last = deck.presentation.slides[deck.count - 1]
        return slides.add_notes(last, [point.text for point in points])
    place = deck.house.place(_POINTS)
    for some in slides.paged(points, place, _TEXT_SIZES[-1], wall):
        slide = deck.add(
            template.TEXT,
            title,
            section=title,
            footnote=_visible(notes=notes),
            notes=[*(point.text for point in some), *(note.text for note in notes)],
        )
        holders = {h.placeholder_format.idx: h for h in slide.placeholders}
        frame = holders[template.IDX_MAIN].text_frame
        slides.write_paragraphs(frame, some, place, _TEXT_SIZES, wall)
    return None


def _add_sources(deck: slides.Deck, report: Report, *, alone: bool = False) -> None:
    """Add what the report was made from; every file with its fingerprint in the notes."""
    words, sources = deck.words, report.data.sources.sort_values("path")
    if deck.count and len(sources) >= choice.LEAST_ROWS:
        table = input_table(report)
        columns = columns_of("inputs_of_slides", words) if alone else table.columns
        note = "" if alone else words(COLUMNS_NOTE)
        said = _received(sources, words)
        frame = table.frame.sort_values("path")
        table = replace(table, frame=frame, columns=columns, note=note, finding=said)
        _add_table(deck, Part(words("Sources"), table), table, alone)
    if deck.count:
        prints = [f"{s.path} – SHA-256 {s.sha256}" for s in sources.itertuples()]
        slides.add_notes(deck.presentation.slides[deck.count - 1], prints)


def _received(sources: pd.DataFrame, words: Wording) -> str:
    """Return in a sentence how many files there are, and what was set aside."""
    files = words.plural("{n} file was read", "{n} files were read", len(sources))
    aside = int(sources["rows_quarantined"].sum())
    none = words("all rows accepted")
    rows = words.plural("{n} row not accepted", "{n} rows not accepted", aside)
    return f"{files}; {rows if aside else none}"
