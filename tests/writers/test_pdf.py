"""A report on paper: every text as text, pages numbered, charts as vectors, the same bytes."""

import io

import pytest
from pypdf import PdfReader

from delivery_analytics.writers import pdf
from tests.support import pages
from tests.support.pages import PAYLOAD


@pytest.fixture
def read(tmp_path):
    def written(report):
        path = pdf.write(report, tmp_path / "report.pdf")
        return PdfReader(io.BytesIO(path.read_bytes()))

    return written


def text_of(document):
    return " ".join(page.extract_text() for page in document.pages)


def squeezed(text):
    return "".join(text.replace("\u200b", "").split())


def test_a_report_on_paper_has_its_title_its_contents_its_figures_and_its_inputs(read):
    report = pages.report()
    document = read(report)
    text = squeezed(text_of(document))

    assert squeezed(report.title) in text
    assert document.metadata.title == report.title
    for block in report.blocks:
        for name in ("text", "title", "note", "footnote"):
            if getattr(block, name, ""):
                assert squeezed(getattr(block, name)) in text, name
    assert squeezed(report.words("How this report was made")) in text
    for path in report.data.sources["path"]:
        assert squeezed(path) in text


def test_pages_are_numbered_and_the_document_is_tagged_in_its_language(read):
    document = read(pages.report())
    root = document.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == pages.report().language
    of = len(document.pages)
    for number, page in enumerate(document.pages, start=1):
        assert f"{number} / {of}" in page.extract_text()


def test_charts_are_vectors_and_say_what_they_show(read):
    document = read(pages.report(blocks=(pages.figure(),)))
    kinds = [
        xobject.get_object()["/Subtype"]
        for page in document.pages
        for xobject in page["/Resources"].get("/XObject", {}).values()
    ]

    assert "/Image" not in kinds
    # Readers aloud find the words of a picture in the tree of the document.
    assert pages.figure().alt in alternatives(document.trailer["/Root"]["/StructTreeRoot"])


def alternatives(element):
    """Return every alternative text below a part of the document's tree."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        return [text for one in element for text in alternatives(one)]
    if not hasattr(element, "get"):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return own + alternatives(element.get("/K", []))


@pytest.mark.parametrize(
    "text", [PAYLOAD, '#import "x": *', "$ x^2 $ *bold* _it_ `code` @ref <label>", "= Heading"]
)
def test_hostile_text_is_text(read, text):
    report = pages.report()
    report.blocks.insert(0, pages.Note(text, "warning"))

    assert squeezed(text) in squeezed(text_of(read(report)))


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_kazakh_and_russian_letters_and_the_tenge_are_written(read, language):
    report = pages.report(language=language)
    letters = "ӘҒҚҢӨҰҮҺІ әғқңөұүһі жщф ₸"
    report.blocks.insert(0, pages.Note(letters))
    document = read(report)

    assert squeezed(letters) in squeezed(text_of(document))
    fonts = {
        font.get_object()["/BaseFont"]
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("NotoSans" in font for font in fonts)


def test_the_same_report_gives_the_same_bytes(tmp_path):
    one = pdf.write(pages.report(), tmp_path / "one.pdf").read_bytes()
    two = pdf.write(pages.report(), tmp_path / "two.pdf").read_bytes()

    assert one == two


def test_an_empty_report_is_still_a_document(read):
    assert len(read(pages.report(blocks=())).pages) >= 1
