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
    for number, text in enumerate(hostile):
        report = pages.report(blocks=pages.every_block(text))
        folder = tmp_path / str(number)
        da.write(report, folder, ["html", "xlsx", "pptx", "pdf"])

        page = reader.open(folder / "report.html")
        assert squeezed(text) in squeezed(page.locator("main").inner_text()), text
        assert reader.dialogs == []
        book = openpyxl.load_workbook(folder / "report.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells), text
        assert any(squeezed(text) in squeezed(cell.value or "") for cell in cells), text
        deck = Presentation(folder / "report.pptx")
        frames = [
            s.text_frame.text for one in deck.slides for s in one.shapes if s.has_text_frame
        ]
        assert any(squeezed(text)[:40] in squeezed(frame) for frame in frames), text
        paper = " ".join(one.extract_text() for one in PdfReader(folder / "report.pdf").pages)
        assert shipped(text) in shipped(paper), text


def test_texts_are_found_where_the_corpus_is(request):
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared does not stand beside the project")
    assert any("<script" in one.casefold() for one in texts())
    assert any(one.startswith("=") for one in texts())
