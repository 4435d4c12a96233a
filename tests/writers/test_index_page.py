from datetime import date
from pathlib import Path

import pytest

from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers.html.index_page import EarlierEdition, Entry, write_index_pages
from tests.support import pages
from tests.support.pages import PAYLOAD, Elements

KINDS = {
    "nation": "The nation",
    "sector": "Sectors",
    "region": "Regions",
    "quality": "Quality of the data",
}
HEALTH = {"en": "Health", "ru": "Здравоохранение", "kk": "Денсаулық сақтау"}
AS_OF = date(2024, 12, 31)


def entry(language: str = "en", **changes: object) -> Entry:
    given = {
        "title": f"On track? ({language})",
        "kind": "sector",
        "language": language,
        "files": {"xlsx": f"{language}/health.xlsx", "html": f"{language}/health.html"},
        "key": "health",
        "names": HEALTH,
        "statuses": {"on_track": 3, "off_track": 1},
    }
    return Entry(**{**given, **changes})


def index(
    tmp_path: Path, *entries: Entry, languages: str = "en", **options: object
) -> Elements:
    words = [open_wording(language) for language in languages.split()]
    paths = write_index_pages(
        tmp_path / "index.html", entries, words=words, as_of=AS_OF, kinds=KINDS, **options
    )
    return Elements(paths[0])


def test_every_language_has_its_own_page_and_the_first_is_the_front(tmp_path):
    index(tmp_path, entry(), languages="ru en kk")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.en.html",
        "index.html",
        "index.kk.html",
        "index.ru.html",
    ]
    front = tmp_path / "index.html"
    assert front.read_bytes() == (tmp_path / "index.ru.html").read_bytes()
    assert Elements(front).all("html") == [{"lang": "ru"}]
    links = [a["href"] for a in Elements(tmp_path / "index.kk.html").all("a")]
    assert {"index.ru.html", "index.en.html"} <= set(links)


def test_a_report_is_listed_with_its_subject_its_files_and_its_statuses(tmp_path):
    found = index(tmp_path, entry())
    assert "Health On track? (en)" in found.text
    links = [a["href"] for a in found.all("a") if "href" in a]
    assert links.count("en/health.html") == 2
    assert links.index("en/health.html") < links.index("en/health.xlsx")
    assert "● 3 On track" in found.text
    assert "■ 1 Off track" in found.text
    assert "At risk" not in found.text
    assert found.text.index("■ 1") < found.text.index("● 3")


def test_the_pieces_of_a_bar_touch_and_fill_it(tmp_path):
    bars = index(tmp_path, entry(statuses={"achieved": 1, "at_risk": 1, "off_track": 1})).all(
        "rect"
    )
    starts = [float(piece["x"]) for piece in bars]
    widths = [float(piece["width"]) for piece in bars]
    assert starts == [0.0, 33.33, 66.67]
    assert sum(widths) == pytest.approx(100, abs=0.02)


def test_reports_in_the_page_s_own_language_come_first(tmp_path):
    index(tmp_path, entry("en"), entry("ru"), entry("kk"), languages="en ru")
    for language, order in (("en", ["en", "ru", "kk"]), ("ru", ["ru", "en", "kk"])):
        lines = Elements(tmp_path / f"index.{language}.html").all("li")
        assert [line["data-language"] for line in lines if "data-language" in line] == order


def test_kinds_keep_their_order_and_an_unknown_one_comes_last_under_its_own_name(tmp_path):
    kinds = ("mid_year", "region", "nation", "quality", "sector")
    found = index(tmp_path, *(entry(kind=kind) for kind in kinds))
    assert found.inside("h3") == [
        "The nation",
        "Sectors",
        "Regions",
        "Quality of the data",
        "Mid year",
    ]


def test_a_failed_report_says_what_its_notebook_said_and_offers_the_last_good_one(tmp_path):
    failed = entry(
        files={},
        error="20_sector.ipynb, In [4]: KeyError: 'beds'",
        instead={"html": "../2024-11-30/en/health.html"},
        instead_as_of=date(2024, 11, 30),
    )
    found = index(tmp_path, entry("ru"), failed)
    assert "1 report was not made" in found.inside("h2")
    assert found.inside("pre") == ["20_sector.ipynb, In [4]: KeyError: 'beds'"]
    assert "The last complete report is from 30 November 2024: HTML" in found.text
    assert (
        "Could not be made this time : the report below is from 30 November 2024"
        in found.text.replace("time:", "time :")
    )
    assert "1 report 1 report was not made" in found.text


def test_a_failed_report_without_a_predecessor_says_so(tmp_path):
    found = index(tmp_path, entry(files={}, error="its process died"))
    assert "There is no earlier report." in found.text
    assert not [a for a in found.all("a") if "health" in a.get("href", "")]


def test_nothing_is_said_of_failures_when_there_were_none(tmp_path):
    assert "could not" not in index(tmp_path, entry()).text


def test_the_head_counts_the_nation_s_indicators_and_never_adds_up_sectors(tmp_path):
    assert "Where the indicators stand" not in index(tmp_path, entry(), entry("ru")).text
    nation = entry(kind="nation", key="", names={}, statuses={"at_risk": 7})
    assert "Where the indicators stand 7 ▲ At risk" in index(tmp_path, entry(), nation).text
    given = index(tmp_path, entry(), nation, statuses={"achieved": 2})
    assert "Where the indicators stand 2 ★ Achieved" in given.text


def test_the_list_can_be_narrowed_by_what_occurs_in_it(tmp_path):
    energy = entry("ru", key="energy", names={"en": "Energy"}, statuses={"achieved": 2})
    found = index(tmp_path, entry(), energy)
    assert [s["name"] for s in found.all("select")] == ["key", "language", "status"]
    values = [option["value"] for option in found.all("option")]
    assert values == [
        "",
        "health",
        "energy",
        "",
        "en",
        "ru",
        "",
        "achieved",
        "on_track",
        "off_track",
    ]
    [own] = [option for option in found.all("option") if "data-own" in option]
    assert own["value"] == "en"


def test_earlier_editions_are_listed_the_latest_first(tmp_path):
    found = index(
        tmp_path,
        entry(),
        editions=[
            EarlierEdition(date(2024, 9, 30), "../2024-09-30/index.html"),
            EarlierEdition(date(2024, 11, 30), "../2024-11-30/index.html"),
            EarlierEdition(date(2024, 11, 30), "../2024-11-30-r2/index.html", revision=2),
        ],
    )
    links = [a["href"] for a in found.all("a") if a["href"].startswith("../")]
    assert links == [
        "../2024-11-30-r2/index.html",
        "../2024-11-30/index.html",
        "../2024-09-30/index.html",
    ]
    assert "30 November 2024 revision 2" in found.text


def test_what_was_read_is_counted(tmp_path):
    found = index(tmp_path, entry(), sources=pages.dataset().sources)
    assert "1 report 2 files read 7 rows not accepted" in found.text
    assert "Files 2 Rows read 500 Accepted 481 Not accepted 7 Ignored 12" in found.text


def test_hostile_text_stays_text(tmp_path):
    hostile = entry(
        title=PAYLOAD, kind=PAYLOAD, key=PAYLOAD, names={"en": PAYLOAD}, error=PAYLOAD, files={}
    )
    found = index(tmp_path, hostile)
    assert found.inside("pre") == [PAYLOAD]
    assert len(found.all("script")) == 1
    assert not found.all("img")
    assert not {n for _, attributes in found.tags for n in attributes if n.startswith("on")}


def test_an_edition_without_reports_says_so(tmp_path):
    assert "There is nothing to list." in index(tmp_path).text
