"""One chart alone, by its name, in every format; and slides in another house's clothes."""

import dataclasses
import io
import shutil

import pytest
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches
from pypdf import PdfReader
from typer.testing import CliRunner

import delivery_analytics as da
from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import single_chart
from tests.conftest import AS_OF
from tests.support import pages

KEYS = {
    "trajectory": {"indicator_id": "healthcare.maternal_mortality"},
    "control_chart": {"indicator_id": "healthcare.maternal_mortality"},
    "regions_bar": {"indicator_id": "regions.unemployment"},
    "tile_map": {"indicator_id": "regions.unemployment"},
    "small_multiples": {"indicator_id": "transport.road_deaths"},
    "hundred_days": {"challenge_id": "building_permits"},
}


@pytest.fixture(scope="module")
def data(published, example):
    return da.open_dataset(example / "data" / "processed")


@pytest.mark.parametrize("name", single_chart.NAMES)
def test_every_chart_can_be_drawn_by_its_name(data, name):
    figure = single_chart.draw(
        name, data, open_wording("en"), as_of=AS_OF, keys=KEYS.get(name, {})
    )

    assert figure.title
    assert len(figure.table)


def test_a_sector_narrows_the_data(data):
    whole, one = (
        single_chart.draw("way_to_target", data, open_wording("en"), as_of=AS_OF, keys=keys)
        for keys in ({}, {"sector_id": "healthcare"})
    )

    assert 0 < len(one.table) < len(whole.table)


@pytest.mark.parametrize(
    ("name", "keys", "said"),
    [
        ("trajectories", {}, "There is no chart 'trajectories'. Did you mean trajectory?"),
        ("gantt", {}, "There is no chart 'gantt'. There are: control_chart, deviations, "),
        ("trajectory", {}, "needs --indicator"),
        ("hundred_days", {}, "needs --challenge"),
        ("hundred_days", {"challenge_id": "x"}, "There is no challenge 'x'. There are: "),
        (
            "tile_map",
            {"indicator_id": "regions.unemploymnt"},
            "Did you mean regions.unemployment",
        ),
        ("status_months", {"region_id": "KZ-71"}, "takes no region_id"),
    ],
)
def test_a_wrong_wish_is_told_with_what_there_is(data, name, keys, said):
    with pytest.raises(DefinitionError) as caught:
        single_chart.draw(name, data, open_wording("en"), as_of=AS_OF, keys=keys)
    assert said in str(caught.value)


@pytest.mark.parametrize("ending", single_chart.ENDINGS)
def test_a_chart_is_written_in_the_format_of_its_ending(data, tmp_path, ending):
    words = open_wording("ru")
    figure = single_chart.draw("trajectory", data, words, as_of=AS_OF, keys=KEYS["trajectory"])
    path = single_chart.save_chart(
        figure, tmp_path / f"chart.{ending}", data.known_on(AS_OF), words
    )

    begin = {
        "pptx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "html": b"<!doctype", "svg": b"<svg",
        "png": b"\x89PNG",
    }[ending]  # fmt: skip
    assert path.read_bytes().startswith(begin)
    if ending == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(path).pages)
        assert "".join(figure.title.split()) in "".join(text.split())


def test_another_ending_is_refused_with_those_there_are(data, tmp_path):
    with pytest.raises(DefinitionError, match="written as pptx, xlsx, pdf, html, svg, png"):
        single_chart.save_chart(
            pages.figure(), tmp_path / "chart.docx", data, open_wording("en")
        )


def test_one_slide_has_a_chart_to_edit_its_words_and_its_notes(data, tmp_path):
    figure = single_chart.draw(
        "trajectory", data, open_wording("en"), as_of=AS_OF, keys=KEYS["trajectory"]
    )
    deck = Presentation(da.save_chart(figure, tmp_path / "slide.pptx"))

    [slide] = deck.slides
    [shape] = [one for one in slide.shapes if one.has_chart]
    assert slide.shapes.title.text.split()[:4] == figure.title.split()[:4]
    values = [list(series.values) for series in shape.chart.plots[0].series]
    in_15_digits = [
        [None if value is None else float(f"{value:.15g}") for value in one.values]
        for one in figure.native.series
    ]
    assert values == in_15_digits
    said = shape._element.xpath(".//p:cNvPr")[0].get("descr")
    assert said.split() == figure.alt.split()
    assert "health_indicators_2024-06-14.xlsx" in slide.notes_slide.notes_text_frame.text


@pytest.fixture
def corporate(tmp_path):
    """A house's template, 4:3, with a green theme, a logo and a background of its own."""
    deck = Presentation()
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#118833").save(picture, "PNG")
    picture.seek(0)
    master = deck.slide_master
    layout = deck.slide_layouts[6]
    slide = deck.slides.add_slide(layout)
    shape = slide.shapes.add_picture(picture, Inches(8), Inches(0.2), Inches(1.5))
    shape.name = "Logo"
    related = shape._element.blipFill.blip.rEmbed
    part = slide.part.related_part(related)
    element = shape._element
    element.getparent().remove(element)
    element.blipFill.blip.rEmbed = master.part.relate_to(part, RT.IMAGE)
    master.shapes._spTree.append(element)
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = RGBColor(0xF4, 0xFF, 0xF4)
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = theme.blob.replace(b"4F81BD", b"118833")
    path = tmp_path / "corporate.pptx"
    deck.save(path)
    return path


def test_slides_take_the_theme_the_logo_and_the_background_of_a_template(corporate, tmp_path):
    deck = Presentation(da.save_chart(pages.figure(), tmp_path / "s.pptx", corporate=corporate))

    master = deck.slide_master
    assert b"118833" in master.part.part_related_by(RT.THEME).blob
    [logo] = [one for one in master.shapes if one.name == "Logo"]
    assert len(logo.image.blob) > 0
    # Their page is ten inches wide, ours 13.333: the logo stands at the same share of it.
    assert logo.left / deck.slide_width == pytest.approx(0.8, abs=0.001)
    assert master.background.fill.fore_color.rgb == RGBColor(0xF4, 0xFF, 0xF4)
    assert deck.slides[0].shapes.title.text == "Ulytau is last"


def test_a_template_that_is_no_presentation_is_refused(tmp_path):
    path = tmp_path / "not.pptx"
    path.write_text("no")
    with pytest.raises(DefinitionError, match="no presentation to take a theme from"):
        da.save_chart(pages.figure(), tmp_path / "s.pptx", corporate=path)


def test_the_workspace_s_own_template_dresses_every_deck(corporate, tmp_path):
    report = pages.report()
    folder = tmp_path / "data" / "definitions"
    folder.mkdir(parents=True)
    shutil.copy(corporate, folder / "template.pptx")
    report.data = dataclasses.replace(
        report.data,
        registry=dataclasses.replace(report.data.registry, workspace=Workspace(tmp_path)),
    )
    da.write(report, tmp_path, ["pptx"])

    names = [one.name for one in Presentation(tmp_path / "report.pptx").slide_master.shapes]
    assert "Logo" in names


def test_the_command_line_draws_a_chart_and_says_where_it_is(published, example, tmp_path):
    out = tmp_path / "mortality.pptx"
    keys = ["--indicator", "healthcare.maternal_mortality", "--as-of", AS_OF]
    told = ["--workspace", str(example), "chart", "trajectory", *keys, "--out", str(out)]
    result = CliRunner().invoke(app, told)

    assert result.exit_code == 0, result.output
    assert str(out) in result.output
    assert len(Presentation(out).slides) == 1
