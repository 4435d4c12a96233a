"""A deck in the clothes of a house's own template: what it keeps, and that all of it is read."""

import re
import zipfile

import pytest
from openxml_audit import OpenXmlValidator
from pptx import Presentation

from delivery_analytics.report import theme
from delivery_analytics.report.document import Heading, Text
from delivery_analytics.writers import pptx
from delivery_analytics.writers.pptx.template import SlideBox
from tests.support import office
from tests.support.houses import HOUSES
from tests.support.shared import SHARED

CASES = sorted((SHARED / "cases" / "house-templates").glob("*.p*"))
# What lies under title, content and foot of each house.
PAPERS = {
    "light": ("FDFBF5",) * 3,
    "dark": ("0B1F3A",) * 3,
    "narrow": ("FFFFFF",) * 3,
    "banded": ("7A0019", "FFFFFF", "333333"),
    "exotic": ("CDCDCD",) * 3,  # the darkest of its picture
}
WHOLE = (
    Heading("Трудности"),
    office.headlines(4, office.LONG),
    Text("It slowed."),
    office.line(title=f"{office.LONG}: 18,25 на 1 000 против 18,00"),
    office.bars(),
    office.line(native=False, title="A picture"),
    office.table(9, name=office.LONG),
)


def dressed(folder, template):
    path = folder / "dressed.pptx"
    pptx.write(office.report(*WHOLE, language="ru"), path, corporate=template)
    return path


def overlap(one, other):
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide > 0.02 and tall > 0.02


def read_on(slide, over, under, foot):
    """Yield each colour of text of a slide, what lies under it, and how well it is told."""
    glyphs = {style.glyph for style in theme.STATUS_STYLE.values()}
    for shape in slide.shapes:
        kept = ".//*[self::a:rPr or self::a:defRPr]/a:solidFill/a:srgbClr/@val"
        if shape.has_chart:
            space = shape.chart._chartSpace
            inside = {code for one in space.xpath(".//c:dLbls") for code in one.xpath(kept)}
            yield from ((code, under, 4.5) for code in {*space.xpath(kept)} - inside)
        elif shape.is_placeholder and shape.has_text_frame:
            [code] = shape._base_placeholder._element.xpath(f"p:txBody/a:lstStyle/{kept[2:]}")
            title, low = shape == slide.shapes.title, shape.top.inches > 6.8
            yield code, over if title else foot if low else under, 4.5
        else:
            for run in shape._element.xpath(".//a:r"):
                least = 2.9 if run.text.strip() in glyphs else 4.5
                yield from ((code, under, least) for code in run.xpath(kept))


@pytest.mark.parametrize("house", HOUSES)
def test_every_text_is_read_on_what_lies_under_it(house, tmp_path):
    deck = Presentation(dressed(tmp_path, HOUSES[house](tmp_path)))

    for slide in deck.slides:
        for code, paper, least in read_on(slide, *PAPERS[house]):
            assert theme.contrast(f"#{code}", f"#{paper}") >= least, (code, paper)


@pytest.mark.parametrize("house", HOUSES)
def test_the_title_is_the_house_s_own_and_nothing_stands_over_another(house, tmp_path):
    path = HOUSES[house](tmp_path)
    potx = house == "exotic"
    theirs = None if potx else Presentation(path)
    deck = Presentation(dressed(tmp_path, path))
    own = theirs and SlideBox.of(theirs.slide_master.placeholders[0])

    logos = [SlideBox.of(one) for one in deck.slide_master.shapes if one.name == "Logo"]
    page = SlideBox(0, 0, deck.slide_width.inches, deck.slide_height.inches)
    for slide in deck.slides:
        title = SlideBox.of(slide.shapes.title)
        run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
        assert run.font.name is None and run.text == slide.shapes.title.text_frame.text
        assert not run.text.endswith("…")
        if own and not any(overlap(own, logo) for logo in logos):
            assert title == own
        places = [SlideBox.of(one) for one in slide.shapes]
        for place, box in enumerate(places):
            assert not any(overlap(box, other) for other in places[place + 1 :] + logos)
            assert box.x >= 0 and box.right <= page.w and box.bottom <= page.h


def test_a_picture_keeps_its_shape_a_chart_takes_the_theme_s_font_and_our_stripe_is_gone(
    tmp_path,
):
    deck = Presentation(dressed(tmp_path, HOUSES["narrow"](tmp_path)))
    [logo] = [one for one in deck.slide_master.shapes if not one.is_placeholder]

    assert (deck.slide_width.inches, deck.slide_height.inches) == (10, 7.5)
    assert logo.name == "Logo" and logo.width == logo.height
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert {chart.font.name for chart in charts} == {"+mn-lt"}
    assert (
        b"Times New Roman"
        in deck.slide_master.part.part_related_by(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
        ).blob
    )
    pictures = [s for slide in deck.slides for s in slide.shapes if s.shape_type == 13]
    for one in pictures:
        wide, tall = one.image.size
        assert one.width / one.height == pytest.approx(wide / tall, rel=0.01)


MADE = {**HOUSES, **{case.stem: lambda _, case=case: case for case in CASES}}


@pytest.mark.parametrize("house", MADE)
def test_a_dressed_deck_is_valid_and_every_relation_leads_somewhere(house, tmp_path):
    path = dressed(tmp_path, MADE[house](tmp_path))

    told = OpenXmlValidator().validate(path)
    assert [(one.part_uri, one.description) for one in told.errors] == []
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        for name in names:
            if not name.endswith(".rels"):
                used = set(re.findall(rb'r:\w+="(rId\d+)"', package.read(name)))
                folder, _, file = name.rpartition("/")
                beside = f"{folder}/_rels/{file}.rels"
                known = package.read(beside) if beside in names else b""
                assert used <= set(re.findall(rb'Id="(rId\d+)"', known)), name
                assert b'TargetMode="External"' not in known, name
