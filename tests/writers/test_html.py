import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

import pandas as pd
import pytest

from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.report.document import Brief, Heading, Table
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import html
from delivery_analytics.writers.html import assets, page
from tests.support import pages
from tests.support.pages import PAYLOAD, Elements

ASSETS = "../../assets"


def written(
    tmp_path: Path, *blocks: object, language: str = "en", **options: object
) -> Elements:
    path = tmp_path / "page.html"
    html.write(pages.report(language, blocks or None), path, assets=ASSETS, **options)
    return Elements(path)


def test_the_policy_stands_first_and_allows_nothing_inline_and_no_eval(tmp_path):
    found = written(tmp_path)
    attributes = found.tags[2][1]
    assert [name for name, _ in found.tags[:3]] == ["html", "head", "meta"]
    assert attributes["http-equiv"] == "Content-Security-Policy"
    assert attributes["content"].startswith("default-src 'none'; ")
    assert "unsafe" not in attributes["content"]


def test_the_policy_names_the_page_s_own_style_and_script_by_fingerprint(tmp_path):
    found = written(tmp_path)
    policy = found.tags[2][1]["content"]
    code = [t for t in found.inside("script") if not t.lstrip().startswith(('{"', "["))]
    own = [*found.inside("style"), *code]
    assert len(own) == 2
    for text in own:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_nothing_is_named_that_lies_outside(tmp_path):
    found = written(tmp_path)
    places = [
        attributes[name]
        for _, attributes in found.tags
        for name in ("src", "href", "action", "srcset", "poster")
        if name in attributes
    ]
    assert places
    assert all(p.startswith(("#", "data:", ASSETS, "../../index.en.html")) for p in places)
    assert "http" not in "".join(found.inside("style"))


def test_no_element_carries_a_style_or_a_handler(tmp_path):
    names = {name for _, attributes in written(tmp_path).tags for name in attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_hostile_text_stays_text_wherever_it_stands(tmp_path):
    plain = written(tmp_path, *pages.every_block("Clinics"))
    hostile = written(tmp_path, *pages.every_block(PAYLOAD), parameters={PAYLOAD: PAYLOAD})
    kinds = {"script", "style", "img", "svg", "iframe", "title"}
    assert [t for t, _ in plain.tags if t in kinds] == [
        t for t, _ in hostile.tags if t in kinds
    ]
    assert hostile.text.count(PAYLOAD) >= 12


def test_hostile_titles_and_paths_stay_text(tmp_path):
    report = pages.report(blocks=())
    report.title = report.subtitle = PAYLOAD
    report.data = pages.dataset(path=PAYLOAD)
    found = Elements(html.write(report, tmp_path / "page.html"))
    assert found.inside("title") == [PAYLOAD]
    assert found.inside("h1") == [PAYLOAD]
    assert found.text.count(PAYLOAD) == 4
    assert len(found.all("script")) == 1


def test_a_chart_s_description_cannot_end_its_script_element(tmp_path):
    path = html.write(
        pages.report(blocks=pages.every_block(PAYLOAD + "<!--\u2028")), tmp_path / "p.html"
    )
    [text] = re.findall(
        r'<script type="application/json">(.*?)</script>', path.read_text("utf-8"), re.S
    )
    assert not set("<>&\u2028\u2029") & set(text)
    [values] = json.loads(text)["datasets"].values()
    assert values[0]["region"] == PAYLOAD + "<!--\ufffd"


def test_characters_that_no_document_may_hold_are_shown_as_replaced(tmp_path):
    found = written(tmp_path, Heading("a\x00b\u202ec\ud800d"))
    assert "a\ufffdb\ufffdc\ufffdd" in found.text


def test_a_number_that_is_not_finite_is_refused_rather_than_written_as_no_json():
    with pytest.raises(ValueError, match="JSON"):
        page.json_block({"value": float("nan")})


def test_a_status_is_a_colour_a_shape_and_a_word(tmp_path):
    found = written(tmp_path, pages.table())
    words = open_wording("en")
    for status in STATUSES:
        style = theme.STATUS_STYLE[status]
        drawn = f"{style.glyph} {words.status(status)}"
        assert drawn in found.text
        assert f".status-{status} {{ --status: {style.colour}" in found.inside("style")[0]


def test_headings_never_skip_a_level(tmp_path):
    found = written(
        tmp_path,
        pages.figure(),
        Heading("Deep", level=5),
        Heading("Title", level=1),
        pages.figure(),
    )
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels == [1, 2, 2, 2, 3, 2]


@pytest.mark.parametrize(("headings", "listed"), [(3, 0), (4, 4)])
def test_parts_are_folded_under_what_they_find_from_four_headings_on(
    tmp_path, headings, listed
):
    parts = ((Heading(f"Part {n}"), pages.figure(f"Finding {n}")) for n in range(headings))
    found = written(tmp_path, *(block for part in parts for block in part))
    folded = [one for one in found.all("details") if one.get("class") == "section"]
    assert len(folded) == listed
    assert found.inside("span").count("Finding 0") == bool(listed)


def test_a_figure_that_is_not_known_is_a_dash_and_the_page_says_so(tmp_path):
    found = written(tmp_path, pages.table())
    assert "–" in found.inside("td")
    assert "“–” means that no figure is known." in found.text


def test_a_table_sorts_by_quantity_and_day_not_by_how_they_are_written():
    grid = html.page_table(pages.table().frame, pages.table().columns, open_wording("ru"))
    name, status, value, due, source = grid.rows[3]
    assert (name.order, value.order, due.order) == (None, "1234.5", "2024-09-28")
    assert (status.order, source.order) == (3, None)
    assert grid.rows[4][2].order == ""


def test_an_empty_table_says_that_it_is_empty(tmp_path):
    empty = pages.table().frame.iloc[:0]
    found = written(
        tmp_path, Table(empty, "Not accepted", pages.table().columns, empty_text="None.")
    )
    assert "Not accepted None." in found.text
    assert "Due" not in found.text


def test_the_end_of_the_page_names_every_input_and_what_became_of_its_rows(tmp_path):
    found = written(tmp_path, Heading("A"), parameters={"sector": "health"})
    assert "data/raw/health/health_2024Q4.xlsx ab12cd34ef56 28 Dec 2024 420 401 7 12" in (
        found.text
    )
    assert "data/raw/health/clinics.ods bb12cd34ef56 – 80 80 0 0" in found.text
    assert "sector health" in found.text


def test_every_chart_has_its_text_and_its_figures_without_the_library(tmp_path):
    found = written(tmp_path, pages.figure())
    [chart] = [a for a in found.all("div") if a.get("role") == "img"]
    assert chart["aria-label"] == "Bars: Abai has the most, Ulytau the fewest."
    [still] = found.all("img")
    assert still["src"].startswith("data:image/svg+xml,%3Csvg")
    assert "Ұлытау 1.25" in found.text


def test_pictures_stop_where_the_page_would_grow_too_heavy(tmp_path, monkeypatch):
    whole = written(tmp_path, *[pages.figure()] * 4)
    weight = (tmp_path / "page.html").stat().st_size
    assert len(whole.all("img")) == 4
    monkeypatch.setattr(html, "WEIGHT_LIMIT", weight - 3_000)  # a picture is larger
    found = written(tmp_path, *[pages.figure()] * 4)
    assert len(found.all("figure")) == 4
    assert 0 < len(found.all("img")) < 4
    assert (tmp_path / "page.html").stat().st_size <= weight - 3_000


def test_a_page_of_fifteen_charts_stays_under_400_kilobytes(tmp_path):
    written(tmp_path, *[pages.figure(), pages.table()] * 15)
    assert (tmp_path / "page.html").stat().st_size < 400_000


def test_the_library_is_asked_for_only_where_there_is_a_chart(tmp_path):
    assert [
        a["src"] for a in written(tmp_path, pages.figure()).all("script") if "src" in a
    ] == [f"{ASSETS}/charts.js"]
    assert not [a for a in written(tmp_path, pages.table()).all("script") if "src" in a]


def test_a_page_of_an_edition_links_to_the_list_in_its_own_language(tmp_path):
    links = [a["href"] for a in written(tmp_path, Heading("A"), language="kk").all("a")]
    assert "../../index.kk.html" in links
    links = [a["href"] for a in written(tmp_path, Heading("A"), home="").all("a")]
    assert not [link for link in links if "index" in link]


def test_a_page_on_its_own_brings_the_library_with_it(tmp_path):
    html.write(pages.report(), tmp_path / "report.html")
    assert (tmp_path / "assets" / "charts.js").exists()
    html.write(pages.report(blocks=()), tmp_path / "plain" / "report.html")
    assert not (tmp_path / "plain" / "assets").exists()


def test_the_same_report_is_the_same_page(tmp_path):
    one = html.write(pages.report(), tmp_path / "one.html", assets=ASSETS).read_bytes()
    other = html.write(pages.report(), tmp_path / "other.html", assets=ASSETS).read_bytes()
    assert one == other


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        ("en", "31 December 2024", "1,234.5"),
        ("ru", "31 декабря 2024", "1\xa0234,5"),
        ("kk", "31 желтоқсан", "1\xa0234,5"),
    ],
)
def test_a_page_is_in_its_reader_s_language(tmp_path, language, day, number):
    found = written(tmp_path, language=language)
    assert found.all("html") == [{"lang": language}]
    assert day in found.text or "2024 жылғы 31 желтоқсан" in found.text
    assert number in found.inside("td")


def test_no_template_lets_text_through_unescaped():
    folder = Path(html.__file__).parents[1] / "templates"
    for template in folder.glob("*.j2"):
        text = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|\bstyle=|\son\w+=", text), template.name


def test_the_library_is_built_for_what_altair_writes_and_leaves_nothing_behind(tmp_path):
    folder = assets.write_assets(tmp_path / "assets")
    text = (folder / "charts.js").read_text("utf-8")
    first, second = text.split("\n", 2)[:2]
    assert f"Vega-Lite {assets.vegalite_version()}" in first
    assert second == "(() => {"
    assert {path.name for path in folder.iterdir()} == {"charts.js", *assets.FONT_WEIGHTS}


def test_the_library_is_built_again_only_when_its_parts_changed(tmp_path):
    script = assets.write_assets(tmp_path) / "charts.js"
    first = script.read_text("utf-8").split("\n")[0]
    script.write_text(f"{first}\nkept", "utf-8")
    assets.write_assets(tmp_path)
    assert script.read_text("utf-8") == f"{first}\nkept"
    script.write_text("// built from other parts\n", "utf-8")
    assets.write_assets(tmp_path)
    assert script.read_text("utf-8").startswith(f"{first}\n(() => {{")


def test_a_converter_that_does_not_know_the_version_is_named(monkeypatch):
    monkeypatch.setattr(assets, "vegalite_version", lambda: "9.9")
    assets.charts_script.cache_clear()
    with pytest.raises(RuntimeError, match=r"Altair writes Vega-Lite 9\.9"):
        assets.charts_script()


def test_a_column_of_gaps_only_has_no_order_to_sort_by():
    frame = pd.DataFrame({"value": [None, None]})
    grid = html.page_table(frame, (Column("value", "Value", "percent"),), open_wording("en"))
    assert [[cell.order for cell in row] for row in grid.rows] == [[""], [""]]


def test_a_wide_table_asks_for_room_and_a_narrow_one_for_none():
    words = open_wording("en")
    narrow = html.page_table(
        pd.DataFrame({"n": [1.0]}), (Column("n", "Value", "number"),), words
    )
    sentence = "The latest figure is behind the trajectory by more than was agreed. " * 3
    columns = tuple(Column(f"c{n}", "Reason") for n in range(4))
    long = pd.DataFrame({column.key: [sentence] for column in columns})
    assert narrow.width < 30
    # Four columns of lines of 38 letters, two letters between, half a rem a letter.
    assert html.page_table(long, columns, words).width == 80


def test_a_still_picture_holds_shapes_and_text_only(tmp_path):
    [still] = written(tmp_path, pages.figure(regions=[PAYLOAD, *pages.REGIONS[1:]])).all("img")
    drawn = Xml.fromstring(unquote(still["src"].partition(",")[2]))
    tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert tags <= {"svg", "g", "path", "rect", "line", "text", "tspan"}
    names = {name for element in drawn.iter() for name in element.attrib}
    assert not names & {"style", "class", "href", "id", "role", "onload"}
    assert "Ұлытау" in {element.text for element in drawn.iter()}


def brief_of(report: Report) -> Figure:
    """Put a brief with one row behind on `report`, and return its picture."""
    row = {"indicator_id": "h", "name": "Clinics", "facts": "9 against 10 expected."}
    row |= {"status": "at_risk", "reason": "No staff", "who": "Ministry", "ask": "Hire"}
    picture = replace(pages.figure("Clinics fall behind"), name="trajectory", about="h")
    rows = table_of("brief", pd.DataFrame([row]), report.words)
    counts = {"at_risk": 1, "on_track": 3}
    report.blocks.insert(0, Brief("3 of 4 are on track", "", counts, rows, exhibit=picture))
    return picture


def test_a_page_opens_with_the_answer_what_needs_attention_and_two_exhibits(tmp_path):
    report = pages.report(blocks=())
    picture = brief_of(report)
    other = replace(pages.figure("Ulytau is last"), name="regions_bar", about="h")
    report.blocks += [Heading("By region"), other, Heading("Every figure"), pages.table()]
    report.blocks += [Heading("The path"), picture, pages.table("More of it")]
    found = Elements(html.write(report, tmp_path / "page.html", assets=ASSETS))

    assert report.answer == "3 of 4 are on track"
    assert found.inside("h1") == [report.answer]
    # The heading that had nothing else under it is gone with its chart.
    assert [one for one in found.inside("h2") if one != "How this report was made"] == [
        "Clinics fall behind", "Ulytau is last", "Every figure", "The path",
    ]  # fmt: skip
    assert [one["data-label"] for one in found.all("td") if "data-label" in one] == [
        "Reason", "Responsible", "Action asked",
    ]  # fmt: skip
    assert found.text.index("9 against 10") < found.text.index("Ulytau is last")


def test_a_report_without_a_brief_answers_with_what_its_first_block_of_ours_finds():
    report = pages.report(blocks=(pages.figure("An analyst's own"),))
    assert report.answer == report.title
    report.add(replace(pages.table(), name="statuses", finding="Two are late"))
    assert report.answer == "Two are late"


def test_statuses_stand_beside_the_name_and_sources_behind_a_mark(tmp_path):
    found = written(tmp_path, pages.table())
    row = found.text.partition("Life expectancy")[2][:60]
    assert row.split()[1] == "Achieved"
    assert found.text.count("↗") == 3
