"""A report on A4 paper: contents, page numbers, charts as vectors, tagged for readers aloud.

Typst sets the page; its compiler is inside the package and fetches nothing. Texts go to it
as data, never as source. The same report gives the same bytes.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import delivery_analytics
from delivery_analytics.report import document, still, theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.printable import printable
from delivery_analytics.report.report import Report
from delivery_analytics.wording.catalogue import native_names
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import cell_text, office_charts
from delivery_analytics.writers.outline import CONTENTS_FROM, day_line
from delivery_analytics.writers.sources import COLUMNS_NOTE, input_table

LABEL = "PDF"
TYPST_TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"
_CHART_WIDTH = 520  # points, of the 750 between the margins
_CHART_HEIGHT = 395  # points that are left for a chart beside its words
_EXHIBIT = 438  # pixels of a brief's chart
_ALONE = 665  # where nothing stands beside it
_TALL = 330  # and its most high
_LOW = 1.7  # times as wide as high: two of these stand side by side
_WIDEST, _NARROWEST = 32.0, 4.0  # letters of a column, for its share of the width
_MARK = 7.0  # letters that a status's mark is as wide as
_NOTES = {
    "note": ("#F2F4F6", theme.MID_GREY),
    "coverage": ("#F2F4F6", theme.DARK_BLUE),
    "illustrative": ("#FFF8E5", "#7A5B00"),
    "warning": ("#F2F4F6", theme.INK),
}


def write(report: Report, path: str | Path, *, alone: bool = False) -> Path:
    """Write `report`, or its brief `alone`, as a tagged PDF and return the path."""
    import typst

    with TemporaryDirectory(prefix="delivery-pdf-") as scratch:
        folder = Path(scratch)
        (folder / "report.typ").write_bytes(TYPST_TEMPLATE.read_bytes())
        content = json.dumps(_content(report, folder, alone), ensure_ascii=False)
        (folder / "report.json").write_text(content, encoding="utf-8")
        given: dict[str, Any] = {
            "root": str(folder),
            "font_paths": [str(theme.FONTS)],
            "format": "pdf",
            "timestamp": int(office_charts.created_on(report).timestamp()),
        }
        source = str(folder / "report.typ")
        try:
            made: Any = typst.compile(
                source, **given, ignore_system_fonts=True, pdf_standards=["ua-1"]
            )
        except typst.TypstError:
            # The standard refuses a letter that the shipped font lacks. Such a text, in
            # Chinese for one, is written in whatever font this machine has for it.
            made = typst.compile(source, **given)
    Path(path).write_bytes(made)
    return Path(path)


def is_whole(path: Path) -> bool:
    """Say whether the file ends as a PDF does."""
    return b"%%EOF" in path.read_bytes()[-64:]


def _content(report: Report, folder: Path, alone: bool) -> dict[str, Any]:
    """Return all that the template shows, and put the pictures of charts into `folder`."""
    words = report.words
    parts = [] if alone else _parts(report, folder)
    headings = sum(part["kind"] == "heading" and part["level"] == 2 for part in parts)
    day = day_line(report)
    created = office_charts.created_on(report)
    return {
        "title": printable(report.title),
        "subtitle": printable(report.subtitle),
        "language": report.language,
        "day": day,
        "date": [created.year, created.month, created.day],
        "footer": printable(" · ".join(filter(None, [report.title, report.subtitle, day]))),
        "contents": headings >= CONTENTS_FROM,
        "alone": alone,
        "brief": _brief(report.brief, words, folder) if report.brief else None,
        "parts": _paired(parts),
        "words": {
            "contents": words("Contents"),
            "made": words("How this report was made"),
            "brief": words("Brief"),
            "money": words("Money"),
            "changed": words("What changed"),
        },
        "made": _made(report),
        "inputs": _table(input_table(report), words, 3),
    }


def _parts(report: Report, folder: Path) -> list[dict[str, Any]]:
    """Return each block as the template meets it; no heading level is skipped."""
    words, level = report.words, 1
    parts: list[dict[str, Any]] = []
    for number, block in enumerate(report.blocks):
        if isinstance(block, document.Brief):
            continue  # a page of its own
        if isinstance(block, document.Heading):
            level = max(2, min(block.level, level + 1, 3))
            parts.append({"kind": "heading", "text": printable(block.text), "level": level})
        elif isinstance(block, Figure):
            parts.append(_figure(block, folder, f"chart-{number}.svg", level + 1))
            if block.own:
                parts.append(_table(document.Table(block.table, "", block.columns), words, 3))
        elif isinstance(block, document.Picture):
            name = f"picture-{number}.{block.kind}"
            (folder / name).write_bytes(block.content)
            parts.append(
                {
                    "kind": "picture",
                    "file": name,
                    "alt": printable(block.alt),
                    "title": printable(block.title),
                    "level": level + 1,
                }
            )
        elif isinstance(block, document.Table):
            parts.append(_table(block, words, level + 1))
        elif isinstance(block, document.Note):
            parts.append(_note(block, words))
        else:
            parts.append(_prose(block))
    return parts


def _brief(brief: document.Brief, words: Wording, folder: Path) -> dict[str, Any]:
    exhibit, rows = None, brief.rows
    if brief.exhibit:
        wide = _EXHIBIT if rows else _ALONE
        exhibit = _figure(brief.exhibit, folder, "brief.svg", 2, wide=wide)
        exhibit["wide"] = wide * 0.75  # points a pixel
    return {
        "answer": printable(brief.answer),
        "standfirst": printable(brief.standfirst),
        "counts": [
            {"n": n, "number": words.number(n, 0), "status": _status(code, words)}
            for code, n in brief.counts.items()
        ],
        "rows-title": rows.title if rows else "",
        "empty": rows.empty_text if rows else "",
        "heads": [column.label for column in rows.columns[3:]] if rows else [],
        "rows": _written(rows, words),
        "money": printable(brief.money),
        "spent": brief.spent,
        "exhibit": exhibit,
        "changes": [*map(printable, brief.changes)],
        "moves": _written(brief.moves, words),
        "notes": [*map(printable, brief.notes), printable(brief.sources)],
    }


def _written(table: document.Table | None, words: Wording) -> list[dict[str, Any]]:
    """Return the rows of a table by column: statuses with how they look, all else as text."""
    rows: Any = table.frame.to_dict("records") if table else []
    return [
        {
            {"indicator": "name", "status_before": "before"}.get(key, key): _status(
                value, words
            )
            if key.startswith("status")
            else printable(str(value))
            for key, value in row.items()
        }
        for row in rows
    ]


def _prose(block: document.Text | document.Bullets) -> dict[str, Any]:
    if isinstance(block, document.Text):
        runs = [[printable(text), strong] for text, strong in block.runs]
        return {"kind": "text", "runs": runs}
    items = [_prose(item) for item in block.items]
    return {"kind": "bullets", "first": block.first, "items": items}


def _note(note: document.Note, words: Wording) -> dict[str, Any]:
    fill, colour = _NOTES[note.kind]
    return {
        "kind": "note",
        "text": printable(note.text),
        "label": words.code("remark", note.kind),
        "fill": fill,
        "colour": colour,
    }


def _paired(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts with two low charts that follow each other side by side."""
    paired: list[dict[str, Any]] = []
    for part in parts:
        low = part["kind"] == "figure" and part["shape"] >= _LOW
        before = paired[-1] if paired else {}
        if low and before.get("kind") == "figure" and before["shape"] >= _LOW:
            paired[-1] = {"kind": "pair", "figures": [before, part]}
        else:
            paired.append(part)
    return paired


def _made(report: Report) -> list[list[str]]:
    words = report.words
    rows = [
        [words("Data as at"), words.date(report.as_of) if report.as_of else ""],
        [words("Language"), native_names()[report.language]],
        [words("Subject"), report.subtitle],
        [words("Files"), words.number(len(report.data.sources), 0)],
        ["delivery-analytics", delivery_analytics.__version__],
        ["", words(COLUMNS_NOTE)],
    ]
    return [[name or "·", printable(value)] for name, value in rows if value]


def _status(code: str, words: Wording) -> dict[str, str]:
    style = theme.STATUS_STYLE[code]
    return {
        "mark": style.glyph,
        "name": words.status(code),
        "colour": style.colour,
        "ink": style.text_colour,
    }


def _figure(
    figure: Figure, folder: Path, name: str, level: int, *, wide: int = 0
) -> dict[str, Any]:
    picture = still.svg(_narrow(figure.spec, wide) if wide else figure)
    (folder / name).write_text(picture, encoding="utf-8")
    width, height = _size(picture)
    fit = min(_CHART_WIDTH, _CHART_HEIGHT * width / height)
    return {
        "kind": "figure",
        "level": level,
        "file": name,
        "width": round(fit, 1),
        "shape": width / height,
        "title": printable(figure.title),
        "subtitle": printable(figure.subtitle),
        "footnote": printable(figure.footnote),
        "alt": printable(figure.alt),
    }


def _narrow(spec: dict[str, Any], wide: int) -> dict[str, Any]:
    """Return a chart drawn anew at a width, its rows as close as text allows."""
    tall = spec.get("height")
    rows = {"height": min(tall, _TALL)} if isinstance(tall, int | float) else {}
    return {**spec, "width": wide, **rows}


def _size(picture: str) -> tuple[float, float]:
    """Return the width and height that an SVG of ours says it has."""
    from defusedxml.ElementTree import fromstring

    root = fromstring(picture)
    return float(root.get("width", 1)), float(root.get("height", 1))


def _table(block: document.Table, words: Wording, level: int) -> dict[str, Any]:
    rows = cell_text.written_rows(block.frame, block.columns, words)
    first = 1 if block.groups else 0
    columns = block.columns[first:]
    heads = [cell_text.heading(column) for column in columns]
    widths = [
        _share(head, [row[place].text for row in rows], column.kind == "status")
        for place, (head, column) in enumerate(zip(heads, columns, strict=True), first)
    ]
    bodies = [
        {"common": text, "rows": [[_cell(cell, words) for cell in row[first:]] for row in same]}
        for text, same in groupby(rows, lambda row: row[0].text if first else "")
    ]
    return {
        "kind": "table",
        "level": level,
        "title": printable(block.title),
        "note": printable(block.note),
        "empty": printable(block.empty_text) or words("There is nothing to list."),
        "heads": [_breakable(head) for head in heads],
        "spanners": cell_text.spanners(columns),
        "bodies": bodies,
        "widths": widths,
        "numeric": [cell_text.is_numeric(column) for column in columns],
        "size": 7.0 if sum(widths) > 125 else 8.0,
    }


def _cell(cell: cell_text.WrittenCell, words: Wording) -> dict[str, Any]:
    share = {} if cell.share is None else {"share": abs(cell.share) * 100}
    if cell.status:
        status = _status(cell.status, words)
        if cell.value != cell.status:  # a figure that is marked
            status |= {"mark": theme.STATUS_STYLE[cell.status].glyph, "name": cell.text}
        return {"status": status, **share}
    return {"text": _breakable(cell.text or cell_text.MISSING), **share}


def _breakable(text: str) -> str:
    """Return `text` with places to break long names of files and cells."""
    for mark in ("_", "!", "/"):
        text = text.replace(mark, mark + "\u200b")
    return text


def _share(head: str, texts: Sequence[str], has_marks: bool) -> float:
    """Return a column's share of the width: its longest word, and more for longer texts."""
    if has_marks:
        return max(len(head), max(map(len, texts), default=0) + _MARK)
    parts = (_breakable(text).replace("\u200b", " ").split() for text in (head, *texts))
    longest = max((len(word) for part in parts for word in part), default=0) + 1.0
    most = max(map(len, texts), default=0)
    return min(max(longest, _NARROWEST, min(most, 2 * _WIDEST) * 0.6), _WIDEST)
