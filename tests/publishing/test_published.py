"""The main job on the example: what is published, that it is right, and leads to its cells."""

import csv
import json
import re
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine
import xlsxwriter
from pptx import Presentation
from pypdf import PdfReader
from typer.testing import CliRunner

import delivery_analytics as da
from delivery_analytics.analytics import spending
from delivery_analytics.cli.main import app
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.packs import make_one
from delivery_analytics.publishing.plan import plan
from delivery_analytics.publishing.publish import publish
from tests.conftest import AS_OF, PUBLISHED, publish_some
from tests.support import office

GOLDEN = Path(__file__).parents[1] / "golden"
# Names of formats, which nobody fetches, look like addresses.
FORMAT_NAMES = re.compile(
    r"https?://(www\.w3\.org|schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.org)/"
)
ADDRESS = re.compile(r"https?://[\w.-]+")


def known(example):
    return open_dataset(example / "data" / "processed", open_registry(example)).known_on(AS_OF)


def test_an_edition_is_to_have_a_report_for_everything(example):
    known = open_registry(example)
    regions = [one.id.lower() for one in known.regions.values() if one.kind != "country"]
    places = [
        "national",
        "quality",
        "methods",
        "instructions",
        "roads",
        *(f"sector/{one}" for one in known.sectors),
        *(f"region/{one}" for one in regions),
        *(f"programme/{one}" for one in known.programmes),
        *(f"challenge/{one}" for one in known.challenges),
    ]
    assert len(places) == 42
    assert {one.place for one in plan(known, ["ru"])} == {f"ru/{one}" for one in places}


def test_every_report_that_was_to_be_made_is_there_in_every_format(published):
    for language, places in PUBLISHED.items():
        for place in places:
            for ending in ("html", "xlsx", "pptx", "pdf"):
                file = published.folder / language / f"{place}.{ending}"
                assert file.stat().st_size > 10_000
    assert (published.folder.parent / "latest" / "index.html").exists()
    outcomes = json.loads((published.folder / "manifest.json").read_text("utf-8"))["content"]
    assert len(outcomes["reports"]) == sum(map(len, PUBLISHED.values()))
    assert all(report["files"] for report in outcomes["reports"])


def test_no_published_deck_has_more_than_twelve_slides_or_an_empty_one(published):
    for path in sorted(published.folder.rglob("*.pptx")):
        deck = Presentation(str(path))
        assert len(deck.slides) <= 12 or path.stem.endswith(".appendix"), path
        assert not [slide for slide in deck.slides if office.is_empty(slide)], path
        about = deck.core_properties.subject
        for slide in deck.slides:
            assert any(text.startswith(f"{about} · ") for text in office.texts(slide)), path


@pytest.mark.long
def test_every_report_of_the_example_can_be_made_in_kazakh_too(example, tmp_path):
    for name in ("data/definitions", "data/raw", "notebooks"):
        shutil.copytree(example / name, tmp_path / name)
    registry = open_registry(tmp_path)
    edition = publish(registry, languages=["kk"], formats=["html"], as_of=AS_OF)

    reports = json.loads((edition.folder / "manifest.json").read_text("utf-8"))["content"][
        "reports"
    ]
    assert {one["place"] for one in reports} == {one.place for one in plan(registry, ["kk"])}
    assert all((edition.folder / one["files"]["html"]).exists() for one in reports)
    assert not [one["error"] for one in reports if one["error"]]


def texts(folder):
    """Yield the name and the text of every file, and of every part of a packed one."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".xlsx", ".pptx"):
            with zipfile.ZipFile(path) as parts:
                for name in parts.namelist():
                    if name.endswith((".xml", ".rels")):
                        yield f"{path.name}/{name}", parts.read(name).decode("utf-8")
        elif path.suffix == ".pdf":
            for page in PdfReader(path).pages:
                for one in page.get("/Annots", []):
                    yield f"{path.name}/link", str(one.get_object().get("/A", ""))
        elif path.is_file() and path.suffix not in (".ttf", ".png"):
            yield path.name, path.read_text(encoding="utf-8")


def test_no_published_file_refers_to_a_host_on_the_network(published):
    found = {
        (name, address)
        for name, text in texts(published.folder)
        for address in ADDRESS.findall(FORMAT_NAMES.sub("", text))
    }

    assert found == set()


def test_nothing_is_taken_from_outside_the_package_of_a_workbook_or_a_deck(published):
    for name, text in texts(published.folder):
        if name.endswith(".rels"):
            assert 'TargetMode="External"' not in text, name


def golden(name):
    return pd.read_csv(
        GOLDEN / name, keep_default_na=False, na_values=[""], dtype={"period": "str"}
    )


def test_the_published_assessments_are_those_held_in_the_golden_file(published, example):
    data = known(example)
    judged = da.assess(data)
    national = judged[judged["region_id"] == data.registry.country_id]
    columns = ["indicator_id", "period", "value", "expected_value", "target_value"]
    columns += ["score", "status", "reason"]
    found = national[columns].round(6).reset_index(drop=True)
    expected = golden("assessments.csv")
    expected["period"] = expected["period"].fillna("")

    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9)


def test_the_published_spending_is_that_held_in_the_golden_file(published, example):
    sums = spending.execution(known(example), by="sector_id")
    columns = ["sector_id", "period", "plan", "actual", "lines_reported", "lines"]

    pd.testing.assert_frame_equal(
        sums[columns], golden("spending.csv"), check_dtype=False, rtol=1e-12
    )


def sheet_rows(workbook, title):
    """Return the rows of the table `title`, below its heading."""
    book = openpyxl.load_workbook(workbook)
    head, *rows = [[cell.value for cell in row] for row in office.titled_table(book, title)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_shows_the_figures_that_were_judged(published, example):
    rows = sheet_rows(published.folder / "en" / "national.xlsx", "Every indicator")
    shown = {row["Indicator, unit"]: row for row in rows if row["Source"]}

    row = shown["Maternal mortality ratio*, per 100,000 live births"]
    assert row["Observed"] == 11.4
    assert row["Status"].endswith("At risk")


def test_a_figure_printed_in_a_report_leads_to_its_cell_and_the_cell_holds_it(
    published, example
):
    rows = sheet_rows(published.folder / "en" / "sector" / "healthcare.xlsx", "Every indicator")
    printed = next(row for row in rows if row["Indicator, unit"].startswith("Maternal"))
    command = ["trace", "healthcare.maternal_mortality", "--period", "2023", "--format", "json"]
    answer = CliRunner().invoke(app, ["--workspace", str(example), *command])
    place = json.loads(answer.stdout)[-1]

    assert printed["Source"] == f"{Path(place['path']).name}, {place['source_cell']}"
    assert place["value"] == printed["Observed"] == 11.4
    assert cell(example / place["path"], place["source_cell"]) == 11.4


def cell(path, place):
    sheet, _, address = place.rpartition("!")
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return rows[int(number) - 1][column - 1]


def test_every_figure_that_was_judged_is_in_the_cell_it_names(published, example):
    data = known(example)
    judged = da.assess(data)
    files = dict(zip(data.sources["source_id"], data.sources["path"], strict=True))
    rows = judged[judged["value"].notna()]
    checked = 0
    for row in rows.itertuples():
        if not row.source_id:  # made of others: `tests/deriving/test_example.py`
            assert data.trace(row.indicator_id, row.region_id, row.period)["level"].any()
            continue
        path = example / files[row.source_id]
        if path.suffix == ".csv":
            continue
        held = cell(path, row.source_cell)
        if isinstance(held, str):
            held = float(re.sub(r"[*\s]", "", held).replace(",", "."))
        assert held == pytest.approx(row.value), (row.indicator_id, path.name, row.source_cell)
        checked += 1
    assert checked > 300


def test_a_report_of_an_earlier_day_uses_nothing_reported_after_it(
    published, example, tmp_path
):
    day = "2024-06-30"
    everything = open_dataset(example / "data" / "processed", open_registry(example))
    data = everything.known_on(day)
    assert len(data.observations) and len(data.spending)
    for name, column in (
        ("observations", "reported_on"),
        ("targets", "set_on"),
        ("milestones", "reported_on"),
        ("instructions", "reported_on"),
        ("spending", "reported_on"),
        ("sources", "received_on"),
    ):
        rows = getattr(data, name)
        assert not (rows[column] > pd.Timestamp(day)).any()
        assert getattr(everything, name)[column].max() > pd.Timestamp(day)

    [page] = make_one(
        open_registry(example),
        "10_national",
        keys={},
        as_of=day,
        formats=["html"],
        out=tmp_path,
    )
    text = page.read_text(encoding="utf-8")
    later = everything.sources[everything.sources["received_on"] > day]["path"]
    assert "Data as at 30 June 2024" in text
    assert not [path for path in later if Path(path).name in text]


def test_publishing_again_with_nothing_changed_makes_no_new_edition(published, example):
    again = publish_some(example)

    assert again.folder == published.folder


def test_a_tenth_sector_takes_one_file_and_one_workbook_and_no_code(example, tmp_path):
    workspace = tmp_path / "ten"
    shutil.copytree(example / "data" / "definitions", workspace / "data" / "definitions")
    shutil.copytree(example / "notebooks", workspace / "notebooks")
    (workspace / "data" / "definitions" / "sectors" / "culture.toml").write_text(
        """
name = { en = "Culture", ru = "Культура", kk = "Мәдениет" }

[[indicator]]
id = "libraries"
code = "C-001"
name = { en = "Libraries renewed", ru = "Обновлено библиотек", kk = "Жаңартылған кітапхана" }
unit = "facilities"
direction = "increase"
""",
        encoding="utf-8",
    )
    folder = workspace / "data" / "raw" / "culture"
    folder.mkdir(parents=True)
    with xlsxwriter.Workbook(folder / "culture.xlsx") as book:
        sheet = book.add_worksheet("Progress")
        sheet.write_row(0, 0, ["code", "period", "target", "actual", "as_of"])
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for row, (period, target, actual) in enumerate([("2023", 40, 38), ("2024", 55, 57)], 1):
            sheet.write_row(row, 0, ["C-001", period, target, actual])
            sheet.write_datetime(row, 4, datetime(2025, 1, 20), day)
    registry = open_registry(workspace)
    loaded = da.load(registry)
    loaded.save()

    assert len(registry.sectors) == 10
    assert [one.outcome for one in loaded.files] == ["loaded"]
    assert "en/sector/culture" in [one.place for one in plan(registry, ["en"])]
    [page] = make_one(
        registry,
        "20_sector",
        keys={"sector": "culture"},
        formats=["html"],
        out=tmp_path / "out",
    )
    assert "Libraries renewed" in page.read_text(encoding="utf-8")
    assert loaded.dataset.last_reported_on == date(2025, 1, 20)


def test_the_example_holds_honest_mistakes_so_that_the_problems_are_never_empty(
    published, example
):
    problems = known(example).problems
    codes = set(problems.loc[problems["severity"] == "error", "code"])

    assert {"cell.foreign-key", "cell.type-error", "row.primary-key"} <= codes


def test_the_problems_of_the_published_example_are_those_held_in_the_golden_file(
    published, example
):
    problems = known(example).problems.query("severity == 'error'")
    found = problems[["file", "sheet", "cell", "code"]].values.tolist()

    with (GOLDEN / "problems.csv").open(encoding="utf-8", newline="") as lines:
        assert found == list(csv.reader(lines))[1:]


# The others are opened where axe-core looks at them.
@pytest.mark.parametrize(
    ("language", "place"),
    [
        ("en", "sector/water"),
        ("ru", "sector/water"),
        ("ru", "sector/healthcare"),
        ("ru", "quality"),
    ],
)
def test_a_report_opens_from_disk_and_draws_every_chart(published, reader, place, language):
    page = reader.open(published.folder / language / f"{place}.html")

    assert page.locator(".chart").count() == page.locator(".chart svg.marks").count() > 0


def test_the_index_finds_a_sector_by_typing_its_name_and_opens_it(published, reader):
    page = reader.open(published.folder.parent / "latest" / "index.html")
    page.get_by_role("searchbox").fill("health")
    page.get_by_role("link", name="Healthcare").first.click()

    assert "Is this sector on track?" in page.title() or "Healthcare" in page.title()
