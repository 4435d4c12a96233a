"""What only a browser shows: that pages draw offline, run nothing foreign, and suit people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import html
from delivery_analytics.writers.html import assets as bundle
from delivery_analytics.writers.html.index_page import Entry, write_index_pages
from tests.support import pages
from tests.support.pages import PAYLOAD

# Every text against the nearest background behind it: WCAG 2.2, 1.4.3.
FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("svg, script")) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(parts(style.color)), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (contrast < (large ? 3 : 4.5)) faint.push([texts.currentNode.data, contrast]);
  }
  return faint;
}"""


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle.write_assets(tmp_path_factory.mktemp("edition") / "assets")


@pytest.fixture(scope="session")
def report(assets: Path) -> Path:
    """A report with one block of every kind, two folders deep in an edition."""
    path = assets.parent / "en" / "sector" / "health.html"
    return html.write(pages.report(), path, assets="../../assets")


@pytest.fixture(scope="session")
def index(assets: Path) -> Path:
    names = [
        {"en": "Ulytau", "ru": "область Ұлытау", "kk": "Ұлытау облысы"},
        {"en": "Astana", "ru": "Астана", "kk": "Астана"},
    ]
    entries = [
        Entry("Why <b>late</b>?", "region", language, {"html": "a.html"}, key, name, statuses)
        for language in ("en", "ru")
        for key, name, statuses in (
            ("KZ-62", names[0], {"off_track": 2}),
            ("KZ-71", names[1], {"on_track": 2}),
        )
    ]
    failed = Entry("National", "nation", "en", {}, error=PAYLOAD)
    words = [open_wording("en")]
    path = assets.parent / "index.html"
    write_index_pages(path, [*entries, failed], words=words, as_of=date(2024, 12, 31))
    return path


def test_a_page_draws_its_charts_from_disk_without_a_single_request(reader, report):
    page = reader.open(report)
    assert page.locator(".chart.drawn svg").count() == 1
    assert page.locator(".chart .still").is_hidden()
    assert page.evaluate("[...document.fonts].map((font) => font.status)") == ["loaded"] * 2


def test_a_chart_that_was_folded_is_drawn_as_wide_as_its_place_and_no_wider_on_a_phone(
    reader, report
):
    for width, least in ((390, 300), (1440, 480)):
        page = reader.open(report, width=width)
        page.locator(".section > summary", has_text="By region").click()
        page.wait_for_selector(".chart.drawn:not(.folded) svg")
        place, chart = (page.locator(one).bounding_box() for one in (".live", ".live svg"))
        assert least < chart["width"] <= place["width"] + 1 <= width


def test_nothing_is_left_on_the_window(reader, report):
    page = reader.open(report)
    own = page.evaluate(
        """() => {
          const frame = document.body.appendChild(document.createElement("iframe"));
          const given = new Set(Object.getOwnPropertyNames(frame.contentWindow));
          frame.remove();
          return Object.getOwnPropertyNames(window).filter((name) => !given.has(name));
        }"""
    )
    assert [name for name in own if not name.isdigit()] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_hostile_text_is_shown_and_runs_nowhere(reader, assets, scripts):
    report = pages.report(blocks=pages.every_block(PAYLOAD))
    report.title = PAYLOAD
    report.data = pages.dataset(path=PAYLOAD)
    path = html.write(report, assets.parent / "hostile.html", assets="assets")
    page = reader.open(path, scripts=scripts)
    page.wait_for_timeout(200)
    assert page.title() == PAYLOAD
    assert page.get_by_text(PAYLOAD).count() >= 10
    assert page.locator("img:not(.still), script[src]:not([src$='charts.js'])").count() == 0


def test_a_script_that_got_in_would_not_run(reader, report):
    planted = report.read_text("utf-8").replace(
        "<main", "<script>document.title='pwned'</script><img src=x onerror=alert(1)><main"
    )
    path = report.with_name("planted.html")
    path.write_text(planted, "utf-8")
    page = reader.open(path)
    page.wait_for_timeout(200)
    assert page.title() == "Is this sector on track?"
    assert page.locator(".chart.drawn").count() == 1
    assert any("Content Security Policy" in error for error in reader.errors)
    reader.errors.clear()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_no_page_is_wider_than_its_window(reader, assets, index, language):
    report = html.write(pages.report(language), assets.parent / "wide.html", assets="assets")
    for path in (report, index):
        page = reader.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(100)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_text_stands_out_from_what_is_behind_it(reader, report, index):
    for path in (report, index):
        page = reader.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate(FAINT) == []


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(reader, report):
    page = reader.open(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(3):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"


def test_a_table_that_is_too_wide_can_be_moved_with_the_keyboard(reader, report):
    region = ".table .scroll"
    phone = reader.open(report, width=390)
    phone.wait_for_selector(f"{region}[tabindex='0']")
    phone.locator(region).first.focus()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_timeout(300)
    assert phone.locator(region).first.evaluate("(place) => place.scrollLeft") > 0
    desk = reader.open(report, width=1280)
    desk.wait_for_selector(f"{region}:not([tabindex])")


def test_every_table_is_taken_away_with_its_figures_in_no_languages_writing(reader, assets):
    shown = Table(
        pd.DataFrame(
            {"name": ["=1+1", "-"], "value": [-1234.5678, None], "status": ["late", ""]}
        ),
        "Доля, %",
        (
            Column("name", "Показатель"),
            Column("value", "Значение", "number"),
            Column("status", "Статус"),
        ),
    )
    judged = pages.table()
    path = assets.parent / "taken.html"
    page = reader.open(html.write(pages.report("ru", [shown, judged]), path, assets="assets"))
    links = page.locator("a.download")
    taken = []
    for link in links.all():
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        with page.expect_download() as download:
            link.click()
        taken.append(
            (download.value.suggested_filename, download.value.path().read_text("utf-8"))
        )

    assert links.count() == page.locator("table").count() == 3
    assert links.first.text_content() == open_wording("ru")("Download this table")
    assert taken[0] == (
        "Доля_.csv",
        '\ufeff"Показатель","Значение","Статус"\n"\'=1+1","-1234.5678","late"\n"\'-","",""\n',
    )
    statuses = [line.split(",")[1] for line in taken[1][1].splitlines()[1:]]
    assert {one.strip('"') for one in statuses} == {
        open_wording("ru").status(code) for code in judged.frame["status"]
    }


def test_a_heading_sorts_its_column_and_gaps_stay_last(reader, report):
    page = reader.open(report)
    page.locator(".section > summary").first.click()
    table = page.locator(".table table.sortable").first
    button = table.get_by_role("button", name="Value")

    def column() -> list[str]:
        return table.locator("tbody tr td:nth-child(3)").all_inner_texts()

    button.click()
    assert column() == ["9.5", "10.0", "75.1", "1,234.5", "–"]
    button.press("Enter")
    assert column() == ["1,234.5", "75.1", "10.0", "9.5", "–"]
    assert table.locator("th[aria-sort=descending]").count() == 1


def test_without_scripts_the_page_still_shows_its_charts_and_their_figures(reader, report):
    page = reader.open(report, scripts=False)
    page.locator(".section > summary", has_text="By region").click()
    still = page.locator(".chart .still")
    assert still.is_visible()
    assert still.evaluate("(image) => image.naturalWidth") > 600
    page.locator("figure summary").click()
    assert page.locator("figure td", has_text="6.50").is_visible()


def test_a_page_without_the_library_beside_it_keeps_its_pictures(reader, assets):
    path = html.write(pages.report(), assets.parent / "sent" / "report.html", assets="gone")
    page = reader.open(path, library=False)
    page.locator(".section > summary", has_text="By region").click()
    assert page.locator(".chart .still").is_visible()
    assert {error.split("net::")[-1] for error in reader.errors} == {"ERR_FILE_NOT_FOUND"}
    reader.errors.clear()


def test_a_tooltip_is_in_the_page_s_own_style_and_shows_text_as_text(reader, assets):
    block = pages.figure(regions=["<b>Абай</b>", *pages.REGIONS[1:]])
    path = html.write(
        pages.report(blocks=(block,)), assets.parent / "tip.html", assets="assets"
    )
    page = reader.open(path)
    page.locator("path[aria-roledescription=bar]").first.hover()
    tooltip = page.locator("#vg-tooltip-element.visible")
    assert "<b>Абай</b>" in tooltip.inner_text()
    assert tooltip.evaluate("(tip) => getComputedStyle(tip).position") == "fixed"


def test_print_shows_what_is_folded_and_cuts_nothing(reader, report):
    page = reader.open(report)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    # As on paper made by ourselves: charts with their sources, and no table behind each.
    assert page.locator(".table td", has_text="a.xlsx").is_visible()
    assert page.locator("figure .footnote").is_visible()
    assert page.locator("figure td", has_text="6.50").is_hidden()
    assert page.locator(".download").first.is_hidden()
    chart, room = (page.locator(part).first.bounding_box() for part in (".chart svg", "main"))
    assert chart["x"] + chart["width"] <= room["x"] + room["width"] + 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_search_finds_a_kazakh_name_typed_with_russian_letters(reader, index):
    page = reader.open(index)
    output = page.locator("output")
    assert output.inner_text() == "Showing 3 of 5 reports"
    page.get_by_label("Search").fill("улытау")
    assert output.inner_text() == "Showing 1 of 5 reports"
    assert page.locator(".reports > li:visible .name").inner_text().startswith("Ulytau")
    page.get_by_label("Search").fill("nowhere")
    assert page.get_by_text("No reports match your choices.").is_visible()
    page.get_by_role("button", name="Show all").click()
    page.get_by_text("Showing 5 of 5 reports").wait_for()


def test_the_list_narrows_by_language_and_status_together(reader, index):
    page = reader.open(index)
    page.get_by_label("Indicator status").select_option("off_track")
    assert page.locator(".reports > li:visible").count() == 1
    page.locator("select[name=language]").select_option("")
    assert page.locator(".reports > li:visible").count() == 2
    assert page.locator(".group:visible").count() == 1


def test_the_whole_list_is_there_without_scripts(reader, index):
    page = reader.open(index, scripts=False)
    assert page.locator(".reports > li:visible").count() == 5
    assert page.locator(".filters").is_hidden()
    assert page.locator("pre").inner_text() == PAYLOAD
