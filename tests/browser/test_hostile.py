"""Hostile text of spreadsheets in every format: it is shown as text, and runs nowhere."""

from __future__ import annotations

import unicodedata

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

import delivery_analytics as da
from tests.support import pages
from tests.support.shared import SHARED, needs_shared


def texts() -> list[str]:
    """Return every text in the broken workbooks that try to inject something."""
    found = set()
    for family in ("41_", "42_"):
        for path in sorted((SHARED / "corpus").rglob(f"{family}*.xlsx")):
            for sheet in openpyxl.load_workbook(path):
                for row in sheet.iter_rows(values_only=True):
                    found |= {one for one in row if isinstance(one, str)}
    return sorted(one for one in found if set(one) & set("=<>@\\$|＝") or one[:1] in "+-")


def squeezed(text: object) -> str:
    """Return letters and signs alone, as fonts and lines may part and join them."""
    plain = unicodedata.normalize("NFKC", str(text))
    return "".join(one for one in plain if one.isprintable() and not one.isspace())


def shipped(text: str) -> str:
    """Return what the shipped font can write; other letters need a font of the machine."""
    return squeezed("".join(one for one in text if ord(one) < 0x3000))


@needs_shared
def test_hostile_text_is_text_in_all_four_formats(reader, tmp_path):
    hostile = texts()
    assert len(hostile) > 8
    blocks = [block for text in hostile for block in pages.every_block(text)]
    da.write(pages.report(blocks=tuple(blocks)), tmp_path, ["html", "xlsx", "pptx", "pdf"])
    page = reader.open(tmp_path / "report.html")
    main = squeezed(page.locator("main").inner_text())
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    values = [squeezed(cell.value or "") for cell in cells]
    decks = [Presentation(path) for path in tmp_path.glob("report*.pptx")]
    shapes = [shape for deck in decks for slide in deck.slides for shape in slide.shapes]
    frames = [squeezed(one.text_frame.text) for one in shapes if one.has_text_frame]
    paper = PdfReader(tmp_path / "report.pdf").pages
    printed = shipped(" ".join(one.extract_text() for one in paper))

    assert all(cell.data_type != "f" for cell in cells)
    for text in hostile:
        assert squeezed(text) in main, text
        assert any(squeezed(text) in value for value in values), text
        assert any(squeezed(text)[:40] in frame for frame in frames), text
        assert shipped(text) in printed, text


def test_texts_are_found_where_the_corpus_is(request):
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared does not stand beside the project")
    assert any("<script" in one.casefold() for one in texts())
    assert any(one.startswith("=") for one in texts())
