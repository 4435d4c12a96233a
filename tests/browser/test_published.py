"""The example's own pages in a browser: nothing that axe-core finds, and selections that link."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from markupsafe import escape

PAGES = (
    *((page, "en") for page in ("index.html", "index.{}.html", "{}/national.html")),
    *((page, "en") for page in ("{}/sector/healthcare.html", "{}/region/kz-71.html")),
    *((page, "en") for page in ("{}/programme/human_capital.html", "{}/instructions.html")),
    *((page, "en") for page in ("{}/challenge/building_permits.html", "{}/quality.html")),
    ("{}/methods.html", "en"),
    *((page, "ru") for page in ("index.{}.html", "{}/national.html")),
    ("{}/national.html", "kk"),
)
# Rows of a table that look alike: the same elements, classes and attributes, of which only the
# first is left. axe-core weighs every text of every row against what is behind it, for seconds.
ALIKE = """() => {
  for (const table of document.querySelectorAll("table")) {
    const seen = new Set();
    for (const row of table.querySelectorAll("tbody tr")) {
      const bare = row.cloneNode(true);
      const texts = document.createTreeWalker(bare, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.trim() && "text";
      bare.querySelectorAll("[data-o]").forEach((one) => { one.dataset.o = ""; });
      if (seen.has(bare.outerHTML)) row.remove();
      seen.add(bare.outerHTML);
    }
  }
}"""


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_every_chart_is_drawn_and_axe_finds_nothing_on_any_kind_of_page(
    reader, published, page, language
):
    opened = reader.open(published.folder / page.format(language))
    charts = opened.locator(".chart").count()
    opened.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    opened.wait_for_function("!document.querySelector('.chart.folded')")
    opened.evaluate(ALIKE)
    found = Axe().run(opened).response["violations"]

    assert opened.locator(".chart svg.marks").count() == charts > 0 or "index" in page
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []


def test_every_page_weighs_less_than_400_kilobytes_beside_what_it_shares(published):
    heavy = {
        path.relative_to(published.folder).as_posix(): path.stat().st_size
        for path in published.folder.rglob("*.html")
        if path.stat().st_size >= 400_000
    }

    assert heavy == {}


def test_every_report_of_the_edition_is_listed_with_the_answer_that_its_page_opens_with(
    published,
):
    listed = (published.folder / "index.html").read_text("utf-8")
    reports = published.manifest["content"]["reports"]
    for report in reports:
        page = (published.folder / report["files"]["html"]).read_text("utf-8")
        assert f"<h1>{escape(report['answer'])}</h1>" in page
        assert escape(report["answer"]) in listed
    assert all(report["answer"] for report in reports)


def test_the_national_page_is_drawn_within_two_seconds_of_being_asked_for(reader, published):
    # A bound against a page that got too heavy, not a measurement: machines are noisy.
    page = reader.open(published.folder / "en" / "national.html")
    drawn = page.evaluate("performance.now()")

    assert drawn < 10_000


def test_a_click_on_a_tile_picks_the_region_in_the_strip_below_too(reader, published):
    page = reader.open(published.folder / "en" / "methods.html")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    map_of_tiles = page.locator(
        ".chart", has=page.locator("svg text", has_text="Mangystau")
    ).first
    map_of_tiles.scroll_into_view_if_needed()
    names = ("Mangystau Region", "Zhambyl Region")
    before = [_shown(map_of_tiles, name) for name in names]

    map_of_tiles.locator("svg text", has_text="Mangystau").first.click(force=True)
    page.wait_for_timeout(300)

    # Only the region that was picked is named in the strip as well.
    assert [_shown(map_of_tiles, name) for name in names] == [before[0] + 1, before[1]]


def _shown(chart: object, name: str) -> int:
    """Return how many labels of the strip say `name` and can be seen."""
    return chart.locator("svg text").evaluate_all(  # type: ignore[attr-defined]
        """(texts, name) => texts.filter((one) =>
            one.textContent === name && getComputedStyle(one).opacity > 0.5
            && Number(one.getAttribute('opacity') ?? 1) > 0.5).length""",
        name,
    )
