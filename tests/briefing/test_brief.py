"""The one page of a report: what it says, and that all of it fits A4 and a slide."""

import json

import pytest
import typst
from pptx import Presentation

from delivery_analytics.analytics.status import assess
from delivery_analytics.briefing.brief import brief
from delivery_analytics.charts.hundred_days import hundred_days
from delivery_analytics.model.schema import LONGEST_ASK
from delivery_analytics.report import theme
from delivery_analytics.report.report import Report
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import pdf, pptx, write

LANGUAGES = ("en", "ru", "kk")
# One of each kind, where names and texts are long.
LONG = {"nation": "", "sector": "transport", "region": "KZ-47", "programme": "human_capital"}


def made(data, history, language, kind="nation", key=""):
    words, since = open_wording(language), {"since": "2024-12-31"}
    if kind == "challenge":
        told = brief(data, words, finding=hundred_days(data, key, words))
    elif kind == "region":
        told = brief(data, words, region_id=key, history=history, **since)
    elif kind == "nation":
        told = brief(data, words, history=history, **since)
    else:
        own = {f"{kind}_id": key}
        told = brief(data.where(**own), words, history=history.where(**own), **since)
    report = Report("Is it?", data, words, subtitle=key)
    report.blocks = [told]
    return report


@pytest.fixture(scope="module")
def history(example_data):
    return example_data.learned_by("2025-01-31")


@pytest.fixture(scope="module")
def known(example_data):
    return example_data.known_on("2025-01-31")


def page_fits(report, folder):
    """Say whether the page was laid out without overflow, as its template measures it."""
    (folder / "report.typ").write_bytes(pdf.TYPST_TEMPLATE.read_bytes())
    content = json.dumps(pdf._content(report, folder, alone=True), ensure_ascii=False)
    (folder / "report.json").write_text(content, "utf-8")
    found = typst.query(
        str(folder / "report.typ"),
        "<brief-fits>",
        field="value",
        one=True,
        root=str(folder),
        font_paths=[str(theme.FONTS)],
        ignore_system_fonts=True,
    )
    return json.loads(found)


def texts_of_slide(path):
    [slide] = Presentation(str(path)).slides
    out = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return out + [cell.text for table in tables for row in table.rows for cell in row.cells]


def assert_nothing_is_cut(report, folder):
    assert page_fits(report, folder), report.brief.answer
    pptx.write(report, folder / "one.pptx", alone=True)
    texts = texts_of_slide(folder / "one.pptx")
    assert not [text for text in texts if text.endswith("…")], report.brief.answer
    if rows := report.brief.rows:
        told = {" ".join(cell.split()) for cell in rows.frame["ask"]}
        assert told <= {" ".join(text.split()) for text in texts}


@pytest.mark.parametrize("kind", LONG)
def test_the_longest_briefs_fit_one_page_and_one_slide(kind, known, history, tmp_path):
    language = "kk" if kind in ("nation", "sector") else "ru"
    report = made(known, history, language, kind, LONG[kind])
    assert_nothing_is_cut(report, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_brief_of_the_example_fits_one_page_and_one_slide(
    language, known, history, tmp_path
):
    agreed = known.registry
    every = [("nation", "")]
    every += [("sector", key) for key in agreed.sectors]
    every += [("region", key) for key in agreed.regions if key != agreed.country_id]
    every += [("programme", key) for key in agreed.programmes]
    every += [("challenge", key) for key in agreed.challenges]
    for kind, key in every:
        report = made(known, history, language, kind, key)
        assert_nothing_is_cut(report, tmp_path)


def test_a_sector_is_told_in_one_sentence_three_rows_and_the_money(known, history):
    told = made(known, history, "en", "sector", "healthcare").brief

    assert told.answer == (
        "4 of 5 judged indicators are achieved or on track; 1 is at risk: ‘Maternal mortality "
        "ratio’; 8.2% of the budget is not spent"
    )
    assert told.counts == {
        "off_track": 0,
        "at_risk": 1,
        "on_track": 4,
        "achieved": 0,
        "not_judged": 3,
    }
    asked = [*told.rows.frame["ask"]]
    assert asked[0] == (
        "Ministry: Settle the supplier's complaint and resume the purchase of ventilators*"
    )
    assert asked[1].endswith("*; send the first figure")
    assert told.exhibit.title.startswith("Maternal mortality ratio: at risk")
    assert list(told.moves.frame["status"]) == ["on_track"]


def test_an_ask_that_is_too_long_gives_way_to_what_its_level_asks(known):
    data = known.where(sector_id="healthcare")
    rows = data.obstacles.assign(ask_en="x" * (LONGEST_ASK + 1))
    data = type(data)({**data.tables, "obstacles": rows}, data.registry, data.as_of)

    told = brief(data, open_wording("en"), assessments=assess(data))

    assert told.rows.frame["ask"][0] == "Ministry: remove the obstacle"


def test_a_brief_is_a_format_of_its_own_and_stands_beside_paper_and_slides(
    known, history, tmp_path
):
    report = made(known, history, "en", "challenge", "building_permits")

    names = [path.name for path in write(report, tmp_path, ["pdf", "pptx", "xlsx"])]

    assert {*names} >= {"report.brief.pdf", "report.brief.pptx"}
    assert [path.name for path in write(report, tmp_path / "b", ["brief.pdf"])] == [
        "report.brief.pdf"
    ]


@pytest.mark.parametrize("key", ["fiscal_sustainability", "nuclear_power"])
def test_a_programme_without_an_indicator_has_a_slide_that_says_so(
    known, history, tmp_path, key
):
    report = made(known, history, "en", "programme", key)

    write(report, tmp_path, ["brief.pptx"])

    deck = Presentation(str(tmp_path / "report.brief.pptx"))
    said = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any(report.brief.rows.empty_text in text for text in said)
