"""Count in an edition what its readers would stumble over.

    python -m tests.support.readers_check reports/latest [ticks labels …]

`make readers-check` counts over the whole example in its three languages. Each count has a
name, by which it is made alone; what was found stands under it. Ends with 1 if anything was, or
if there is no report to look at.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import openpyxl
from lxml import html
from openxml_audit import OpenXmlValidator
from pptx import Presentation

from delivery_analytics.model.registry import open_registry
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import text_width
from tests.conftest import AS_OF
from tests.sentences.pages import texts_in
from tests.sentences.truth import Truth
from tests.support import office, scenes

MOST_SLIDES, MOST_SHEETS = 12, 10
_POINT = 12_700  # in the unit of a slide
# "3G" is a name.
_NUMBER = re.compile(r"\d[\d\u00a0\u202f,.]*(?![\dA-Za-zА-я])")
_SCALES = ((" tn", 1e12), (" bn", 1e9), (" трлн", 1e12), (" млрд", 1e9), (" млн", 1e6))
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": "", "\u2060": ""})


@dataclass(frozen=True)
class Published:
    """The files of one report: its page, and what was written beside it."""

    page: Path
    language: str

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.page.read_text("utf-8"))

    @cached_property
    def decks(self) -> dict[str, Any]:
        """Its deck, appendix and one-slide brief, as far as there are."""
        paths = {
            kind: self.page.with_suffix(f"{kind}.pptx") for kind in ("", ".appendix", ".brief")
        }
        return {kind: Presentation(str(path)) for kind, path in paths.items() if path.exists()}

    @property
    def files(self) -> list[Path]:
        """Its files of Office's."""
        beside = self.page.parent.glob(f"{self.page.stem}.*")
        return sorted(one for one in beside if one.suffix in (".pptx", ".xlsx"))


def reports_in(edition: Path) -> list[Published]:
    """Return the reports of an edition."""
    pages = sorted(Path(edition).resolve().glob("??/**/*.html"))
    root = Path(edition).resolve()
    return [Published(one, one.relative_to(root).parts[0]) for one in pages]


def slides(report: Published) -> list[str]:
    """Find the deck that is too long to be presented."""
    count = len(report.decks[""].slides) if "" in report.decks else 0
    return [f"{count} slides"] if count > MOST_SLIDES else []


def sheets(report: Published) -> list[str]:
    """Find a workbook of too many sheets, and names of sheets that are cut or numbered."""
    names = [
        name
        for path in report.files
        if path.suffix == ".xlsx"
        for name in openpyxl.load_workbook(path, read_only=True).sheetnames
    ]
    cut = [name for name in names if name.endswith("…") or re.search(r"… ?\d+$|\D \d$", name)]
    return cut + ([f"{len(names)} sheets"] if len(names) > MOST_SHEETS else [])


def empty(report: Published) -> list[str]:
    """Find slides with no chart, no picture, no table of two rows and few words."""
    return [
        f"{kind or 'deck'}: {slide.shapes.title.text_frame.text}"
        for kind, deck in report.decks.items()
        for slide in deck.slides
        if office.is_empty(slide)
    ]


def rows(report: Published) -> list[str]:
    """Find rows of the page's tables, and its charts, that neither deck nor appendix has."""
    lines = [line for kind, deck in report.decks.items() for line in _lines(deck)]
    if not lines:
        return []
    out = []
    for table in report.tree.iter("table"):
        heads = [_plain(one.text_content()) for one in table.iterfind("./thead/tr/th")]
        if table.find("caption") is None or not heads:
            continue  # the figures of a chart, which the deck draws
        if table.xpath("ancestor::section[@class='brief']"):
            continue  # its slide tells the same in its own cells
        for row in table.iterfind("./tbody/tr"):
            cells = [_plain(one.text_content()) for one in row]
            told = [one.removeprefix("↗") for one in cells if one not in ("", "–")]
            if told and not _is_told(
                told, lines, _shorter(report.page.parent, report.language)
            ):
                out.append(" | ".join(told))
    return out


def _is_told(cells: list[str], lines: list[str], shorter: dict[str, str]) -> bool:
    """Say whether a line has the row's first cell, and half of the others."""
    first, *others = [_unit_apart(one) for one in cells]
    # Slides call an indicator by its short name where it has one.
    called = {first, *(short for name, short in shorter.items() if first.startswith(name))}
    wanted = len(others) / 2
    return any(
        any(one in line for one in called) and sum(one in line for one in others) >= wanted - 1
        for line in lines
    )


def _unit_apart(text: str) -> str:
    return text.rstrip(".")


def _lines(deck: Any) -> list[str]:
    """Return what a deck says: a line a row of its tables, and a line a paragraph."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                texts = ([cell.text for cell in row.cells] for row in shape.table.rows)
                found += [" | ".join(row) for row in texts]
        said = [*office.texts(slide), slide.notes_slide.notes_text_frame.text]
        found += [line for text in said for line in text.splitlines()]
    return [_plain(one) for one in found]


def _plain(text: str) -> str:
    return " ".join(text.translate(_SPACES).split())


def cells(report: Published) -> list[str]:
    """Find cells of slides and sheets that are cut: by a mark, by their row, or by the slide."""
    found = []
    for kind, deck in report.decks.items():
        for slide in deck.slides:
            for shape in (one for one in slide.shapes if one.has_table):
                where = f"{kind or 'deck'}: {slide.shapes.title.text_frame.text}"
                texts = [one.text for one in shape.table.iter_cells()]
                cut = [text for text in texts if text.endswith("…") and text != "…"]
                found += [f"{where}: {text}" for text in cut]
                bottom = shape.top + sum(_tall(row, shape.table) for row in shape.table.rows)
                if bottom > deck.slide_height:
                    found.append(f"{where}: the table goes over the slide")
    for path in (one for one in report.files if one.suffix == ".xlsx"):
        for sheet in openpyxl.load_workbook(path):
            found += [f"{sheet.title}!{at}: ####" for at in office.unreadable(sheet)]
    return found


def _tall(row: Any, table: Any) -> int:
    """Return how high a row becomes: as it says, or as its texts need."""
    needed = [row.height]
    for cell, column in zip(row.cells, table.columns, strict=True):
        runs = [run for one in cell.text_frame.paragraphs for run in one.runs]
        size = max((run.font.size.pt for run in runs if run.font.size), default=0)
        if cell.is_spanned or cell.is_merge_origin or not size:
            continue
        room = (column.width - cell.margin_left - cell.margin_right) / _POINT
        bold = any(run.font.bold for run in runs)
        # Arial is narrower than the font that is measured.
        high = text_width.height(cell.text, room * 1.06, size, bold)
        needed.append(int(high * _POINT) + cell.margin_top + cell.margin_bottom)
    return max(needed)


def ticks(report: Published) -> list[str]:
    """Find labels that stand twice on one axis."""
    return [f"{name[:80]}: {text}" for name, one in _scenes(report) for text in one.repeated()]


def labels(report: Published) -> list[str]:
    """Find labels of marks that are printed over a bar's edge, a mark or another label."""
    over = [(name[:80], text) for name, one in _scenes(report) for text in one.covered()]
    # The mark of a bar that is broken stands on it.
    return [f"{name}: {text}" for name, text in over if not text.endswith("//")]


def _scenes(report: Published) -> list[tuple[str, scenes.Scene]]:
    kept = vars(report).setdefault("_scenes", [])
    if not kept:
        kept += [(name, scenes.scene(spec)) for name, spec in scenes.specs_in(report.tree)]
    return kept


def titles(report: Published) -> list[str]:
    """Find charts whose title has a figure that they have not.

    It may be one that is drawn, or of the chart's table: of a cell, how many rows there are or
    are alike, a column's sum, also by group, or what two of those make: together, or in per cent.
    """
    out = []
    for figure in report.tree.iter("figure"):
        name, table = figure.find("./figcaption/*"), figure.find(".//table")
        script = figure.find(".//div[@class='chart']/script")
        if name is None or table is None or script is None:
            continue
        title = _plain(name.text_content())
        known = _figures_of(table) | {
            _number(one) for one in _NUMBER.findall(script.text or "")
        }
        out += [
            f"{title}: {text}"
            for text in _NUMBER.findall(re.sub(r"per US\$\S+", "", title))  # a unit's
            if not any(_same(text, one) for one in known)
        ]
    return out


def _figures_of(table: html.HtmlElement) -> set[float]:
    # Of "per 100,000 live births" the figure is the unit's.
    heads = " ".join(_plain(one.text_content()) for one in table.iterfind("./thead/tr/th"))
    rows = [[_plain(c.text_content()) for c in r] for r in table.iterfind("./tbody/tr")]
    found = {float(len(rows)), *map(_number, _NUMBER.findall(heads))}
    for columns in _groups(rows):
        sums = []
        for column in columns:
            found |= {float(column.count(one)) for one in column}
            numbers = [[_number(text) for text in _NUMBER.findall(cell)] for cell in column]
            found |= {one for several in numbers for one in several}
            firsts = [
                several[0] * next((n for word, n in _SCALES if word in cell), 1)
                for several, cell in zip(numbers, column, strict=True)
                if several
            ]
            sums.append(sum(firsts))
            found.add(float(sum(one > 0 for one in firsts)))
        found |= {*sums, *(x + y for x, y in combinations(sums, 2))}
        found |= {100 * x / y for x, y in permutations(sums, 2) if y}
    return found


def _groups(rows: list[list[str]]) -> list[list[tuple[str, ...]]]:
    """Return the columns of a table, and those of its rows that are alike in one of the first."""
    groups = [rows]
    for place in range(min(2, len(rows[0]) if rows else 0)):
        keys = dict.fromkeys(row[place] for row in rows)
        groups += [[row for row in rows if row[place] == key] for key in keys]
    return [list(zip(*group, strict=True)) for group in groups]


def _number(text: str) -> float:
    text = text.strip(" .,\u00a0")
    whole = re.fullmatch(r"\d{1,3}([,\u00a0 ]\d{3})+(?:[.,]\d+)?", text)
    bare = re.sub(r"[\u00a0 ]", "", text)
    bare = bare.replace(",", "") if whole and bare.count(",") else bare
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return float("nan")


def _same(text: str, other: float) -> bool:
    number = _number(text)
    decimals = len(re.sub(r"^[^.,]*", "", text.strip(" .,\u00a0"))[1:])
    return abs(number - other) <= 0.5 * 10**-decimals + 1e-9


def words(report: Published) -> list[str]:
    """Find Latin words on Russian and Kazakh pages and slides that are no names."""
    if report.language == "en" or report.page.stem == "quality":
        return []
    sent = _sent(report.page.parent, report.language)
    from tests.sentences.test_sentences import _FILE, LATIN  # what is Latin in every language

    texts = texts_in(report.page, report.language)
    texts += [
        line for deck in report.decks.values() for s in deck.slides for line in office.texts(s)
    ]
    return [
        f"{word}: {text}"
        for text in texts
        for word in re.findall(r"[A-Za-z][A-Za-z-]+", _FILE.sub("", text))
        if word not in LATIN and text not in sent and not re.fullmatch("[IVX]+", word)
    ]


@cache
def _sent(page: Path, language: str) -> set[str]:
    """Return every name that was given and every text that was sent to the page's workspace."""
    return Truth(_root(page), AS_OF).names(language)


@cache
def _shorter(page: Path, language: str) -> dict[str, str]:
    """Return the name of each indicator that has a short one → that."""
    if (root := _root(page)) is None:
        return {}  # an edition that was carried away from its workspace
    words, known = open_wording(language), open_registry(root).indicators.values()
    names = {words.name(one.name): words.short_name(one) for one in known}
    return {_plain(name): _plain(short) for name, short in names.items() if name != short}


def _root(page: Path) -> Path | None:
    return next((one for one in page.parents if (one / "data" / "definitions").is_dir()), None)


def valid(report: Published) -> list[str]:
    """Find what a validator of Open XML has against the report's files."""
    return [line for path in report.files for line in findings(path)]


def findings(path: Path) -> list[str]:
    """Return what the validator says of one file, each thing once with its place."""
    told = OpenXmlValidator().validate(path)
    return sorted({f"{path.name}: {one.part_uri}: {one.description}" for one in told.errors})


CHECKS: dict[str, tuple[str, Callable[[Published], list[str]]]] = {
    "slides": ("decks of more than twelve slides", slides),
    "sheets": ("sheets over ten, or with a name that is no name", sheets),
    "rows": ("rows left out of deck and appendix", rows),
    "cells": ("cut cells", cells),
    "empty": ("empty slides", empty),
    "ticks": ("repeated tick labels", ticks),
    "labels": ("labels over marks", labels),
    "titles": ("figures of a title that its chart has not", titles),
    "words": ("words that are not translated", words),
    "valid": ("findings of the validator", valid),
}


def check(report: Published, names: Iterable[str] = tuple(CHECKS)) -> dict[str, list[str]]:
    """Return what each of the named checks finds in one report."""
    return {name: CHECKS[name][1](report) for name in names}


def main(edition: str, *names: str) -> int:
    """Print the counts over an edition."""
    reports = reports_in(Path(edition))
    chosen = names or tuple(CHECKS)
    with ProcessPoolExecutor(os.cpu_count()) as several:
        told = list(several.map(check, reports, [chosen] * len(reports)))
    total = 0
    for name in chosen:
        found = [
            f"  {report.page.parent.name}/{report.page.stem} ({report.language}): {line}"
            for report, one in zip(reports, told, strict=True)
            for line in one[name]
        ]
        total += len(found)
        print(f"{CHECKS[name][0]}: {len(found)} in {len(reports)} reports", *found, sep="\n")
    return int(bool(total) or not reports)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
