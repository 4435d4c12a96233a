"""The published example in a browser: works from disk, offline, without a complaint."""

import pytest

pytestmark = pytest.mark.xdist_group("published")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "place", ["national", "quality", "sector/healthcare", "sector/regions"]
)
def test_a_report_opens_from_disk_and_draws_every_chart(published, reader, place, language):
    page = reader.open(published.folder / language / f"{place}.html")

    assert page.locator(".chart").count() == page.locator(".chart svg.marks").count() > 0


def test_the_index_finds_a_sector_by_typing_its_name_and_opens_it(published, reader):
    page = reader.open(published.folder.parent / "latest" / "index.html")
    page.get_by_role("searchbox").fill("health")
    page.get_by_role("link", name="Healthcare").first.click()

    assert "Is this sector on track?" in page.title() or "Healthcare" in page.title()
