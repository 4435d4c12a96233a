"""The example's own pages in a browser: nothing that axe-core finds, and selections that link."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = (
    "index.html",
    "index.{}.html",
    "{}/national.html",
    "{}/sector/healthcare.html",
    "{}/region/kz-71.html",
    "{}/programme/human_capital.html",
    "{}/instructions.html",
    "{}/challenge/building_permits.html",
    "{}/quality.html",
    "{}/methods.html",
)


def violations(browser: object, path: Path) -> list[str]:
    # The page's own policy lets no script in, this one's neither.
    context = browser.new_context(bypass_csp=True)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(path.as_uri())
    if page.locator(".chart").count():
        page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    found = Axe().run(page).response["violations"]
    context.close()
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_any_kind_of_page(browser, published, page):
    assert violations(browser, published.folder / page.format("en")) == []


@pytest.mark.parametrize(
    ("language", "page"),
    [("ru", "{}/national.html"), ("ru", "index.{}.html"), ("kk", "{}/national.html")],
)
def test_axe_finds_nothing_on_pages_in_other_languages(browser, published, page, language):
    assert violations(browser, published.folder / page.format(language)) == []


def test_every_page_weighs_less_than_400_kilobytes_beside_what_it_shares(published):
    heavy = {
        path.relative_to(published.folder).as_posix(): path.stat().st_size
        for path in published.folder.rglob("*.html")
        if path.stat().st_size >= 400_000
    }

    assert heavy == {}


def test_the_national_page_is_drawn_within_two_seconds_of_being_asked_for(reader, published):
    # A bound against a page that got too heavy, not a measurement: machines are noisy.
    page = reader.open(published.folder / "en" / "national.html")
    drawn = page.evaluate("performance.now()")

    assert drawn < 10_000


def test_a_click_on_a_tile_picks_the_region_in_the_strip_below_too(reader, published):
    page = reader.open(published.folder / "en" / "methods.html")
    map_of_tiles = page.locator(".chart", has=page.locator("text=Mangystau")).first
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
