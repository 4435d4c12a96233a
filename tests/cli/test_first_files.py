"""A unit begins with the files it has: what they say is taken, what they do not say is asked."""

import csv
import tomllib
from datetime import date

import pytest
from rich.prompt import Prompt
from typer.testing import CliRunner

from delivery_analytics.cli import first_files
from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.columns import as_table
from delivery_analytics.loading.load import read_files
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import write

REGIONS = ["North", "South", "East", "West"]
ANSWERS = {
    "indicator": "headings",
    "unit": "1=units, people",
    "direction": "2=decrease, increase",
    "kind": "region",
}


@pytest.fixture
def sent(tmp_path, monkeypatch):
    """Two files of two sectors, and no unit yet; publishing is left to the tutorial's test."""
    for name in ("water", "health"):
        (tmp_path / "returns" / name).mkdir(parents=True)
    write(
        tmp_path / "returns" / "water" / "water_2024.xlsx",
        ["Access to safe water, %"],
        ["as of 20.01.2025"],
        ["Region", 2022, 2023, 2024],
        *([name, 70.0 + n, 72.5 + n, 75.0 + 2 * n] for n, name in enumerate(REGIONS)),
        ["Total", 71.5, 74, 78],
    )
    write(
        tmp_path / "returns" / "health" / "health_2024.xlsx",
        ["Name", "Year", "Hospital beds", "Deaths", "Updated"],
        *(
            [name, year, 1000 + 7 * n + year % 5, 30 + n, date(2025, 1, 15)]
            for n, name in enumerate(REGIONS)
            for year in (2022, 2023, 2024)
        ),
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(first_files, "publish_first", lambda folder: None)
    return tmp_path


def begin(*more):
    command = ["init", "my", "--country", "Freedonia", "--code", "FD"]
    return CliRunner().invoke(app, [*command, "--from", "returns/*/*.xlsx", *more])


def answer(folder, answers, *, only=""):
    """Write answers where the questions stand, and nothing else."""
    path, lines, question = folder / "my" / "questions.toml", [], ""
    for line in path.read_text("utf-8").splitlines():
        question = (
            line.partition('"')[2].rstrip('"') if line.startswith("question") else question
        )
        if line == 'answer = ""' and question in answers:
            line = f'answer = "{answers[question]}"'
        if line == 'file = "water_2024.xlsx"':
            answers = answers | {"indicator": "Access to safe water, %"}
        if line == 'file = "water"':
            answers = answers | {"direction": "increase"}
        lines.append(line)
    path.write_text("\n".join(lines), "utf-8")
    return ("--answers", str(path))


def figures(folder):
    registry = open_registry(folder / "my")
    found = set()
    for path in sorted((folder / "my" / "data" / "raw").rglob("*.xlsx")):
        [result] = read_files(registry, [(path, registry.sectors[path.parent.name])])
        assert not [p for p in result.problems if p.severity == "error"], result.problems
        table = as_table(result.tables["observations"])
        names = [registry.regions[region].name["en"] for region in table["region_id"]]
        found |= {
            *zip(table["indicator_id"], names, table["period"], table["value"], strict=True)
        }
    return found


TRUTH = (
    {
        ("water.access_to_safe_water", name, str(year), start + step * n)
        for n, name in enumerate(REGIONS)
        for year, start, step in ((2022, 70.0, 1), (2023, 72.5, 1), (2024, 75.0, 2))
    }
    | {
        ("health.hospital_beds", name, str(year), 1000.0 + 7 * n + year % 5)
        for n, name in enumerate(REGIONS)
        for year in (2022, 2023, 2024)
    }
    | {
        ("health.deaths", name, str(year), 30.0 + n)
        for n, name in enumerate(REGIONS)
        for year in (2022, 2023, 2024)
    }
)


def test_without_a_terminal_the_open_questions_are_written_and_nothing_is_begun(sent):
    done = begin()

    assert done.exit_code == 3
    assert sorted(path.name for path in (sent / "my").iterdir()) == [
        "drafts.toml",
        "questions.toml",
    ]
    assert "Nothing was begun, open questions: 3" in done.stderr
    asked = tomllib.loads((sent / "my" / "questions.toml").read_text("utf-8"))["answer"]
    assert [(one["file"], one["question"]) for one in asked] == [
        ("", "kind"),
        ("health_2024.xlsx", "indicator"),
        ("water_2024.xlsx", "indicator"),
    ]


def test_answered_round_by_round_every_figure_is_the_one_sent(sent):
    begin()
    again = begin(*answer(sent, ANSWERS))
    assert again.exit_code == 3  # units and directions can be asked only now
    done = begin(*answer(sent, ANSWERS))

    assert done.exit_code == 0, done.output
    assert figures(sent) == TRUTH
    registry = open_registry(sent / "my")
    told = {
        key: (one.unit, one.direction, one.frequency)
        for key, one in registry.indicators.items()
    }
    assert told == {
        "water.access_to_safe_water": ("percent", "increase", "annual"),
        "health.hospital_beds": ("units", "increase", "annual"),
        "health.deaths": ("people", "decrease", "annual"),
    }
    assert not (sent / "my" / "questions.toml").exists()


def test_on_a_terminal_it_asks_and_asks_again_where_an_answer_is_none(sent, monkeypatch):
    said = iter(
        ["1", "1", "1", "km,", "1=units, people", "sideways", "2=decrease, increase", "1"]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(Prompt, "ask", lambda *_, **__: next(said))
    files = first_files.expanded(["returns/*/*.xlsx"])
    sectors, homes = first_files.sectors_of(files, None)
    unit = first_files.NewUnit("Freedonia", "FD", sectors)
    monkeypatch.setattr(
        first_files.sys, "stdin", type("Terminal", (), {"isatty": lambda _: True})()
    )

    assert first_files.begin(sent / "my", files, homes, unit, [])
    assert figures(sent) == TRUTH


def test_regions_are_the_rows_that_are_no_total_and_no_nation(sent):
    begin()
    begin(*answer(sent, ANSWERS))
    begin(*answer(sent, ANSWERS))
    with (sent / "my" / "data" / "definitions" / "regions.csv").open(encoding="utf-8") as lines:
        rows = [(row["region_id"], row["name_en"]) for row in csv.DictReader(lines)]

    assert rows == [("FD", "Freedonia"), *((f"FD-0{n}", r) for n, r in enumerate(REGIONS, 1))]


def test_a_column_that_no_heading_calls_a_region_is_asked_for(sent):
    (sent / "returns" / "water" / "water_2024.xlsx").unlink()
    begin()
    [first, second] = tomllib.loads((sent / "my" / "questions.toml").read_text("utf-8"))[
        "answer"
    ]

    assert (first["question"], second["question"]) == ("regions", "indicator")
    text = (sent / "my" / "questions.toml").read_text("utf-8")
    assert "#   Name: North, South, East, West" in text


def test_what_is_no_region_is_the_nation_or_nothing_as_a_person_says(sent):
    path = sent / "returns" / "water" / "water_2024.xlsx"
    rows = [
        ["Region", 2023, 2024, "As of"],
        *([r, 1.5, 2.5, date(2025, 1, 20)] for r in REGIONS),
    ]
    write(path, ["Wells"], *rows, ["All counties", 6, 10, date(2025, 1, 20)])
    begin("--sectors", "social")
    answers = ANSWERS | {"kind": "5=nation, region"}
    begin("--sectors", "social", *answer(sent, answers))
    done = begin("--sectors", "social", *answer(sent, answers))

    assert done.exit_code == 0, done.output
    registry = open_registry(sent / "my")
    assert registry.regions["FD"].aliases == ("All counties",)
    assert len(registry.regions) == 5


def test_a_code_and_a_unit_beside_an_indicators_name_are_taken(sent):
    path = sent / "returns" / "water" / "water_2024.xlsx"
    head = ["Code", "Indicator", "Unit", "Quarter", "Region", "Actual", "As of"]
    day = date(2025, 1, 20)
    write(
        path,
        head,
        *(["W-1", "Pipes laid", "km", "I кв. 2024", name, 5.5, day] for name in REGIONS),
        *(["W-2", "Safe water", "%", "I кв. 2024", name, 71.5, day] for name in REGIONS),
    )
    begin()
    answers = ANSWERS | {"direction": "increase"}
    begin(*answer(sent, answers))
    done = begin(*answer(sent, answers))

    assert done.exit_code == 0, done.output
    told = {
        (one.id, one.name["en"], one.code, one.unit, one.frequency)
        for one in open_registry(sent / "my").sectors["water"].indicators
    }
    assert told == {
        ("water.w_1", "Pipes laid", "W-1", "km", "quarterly"),
        ("water.w_2", "Safe water", "W-2", "percent", "quarterly"),
    }


def test_a_register_of_milestones_is_read_and_asks_for_no_indicator(sent):
    path = sent / "returns" / "water" / "water_2024.xlsx"
    days = [date(2025, month, 1) for month in (3, 6, 9)]
    head = ["No.", "Milestone", "Deadline", "Expected", "Responsible", "As of"]
    rows = [
        [f"M-{n}", f"Pump {n}", day, day, "A. Serik", date(2025, 1, 20)]
        for n, day in enumerate(days)
    ]
    write(path, ["Milestones of the water programme"], head, *rows)
    begin()
    asked = tomllib.loads((sent / "my" / "questions.toml").read_text("utf-8"))["answer"]

    assert [one["file"] for one in asked if one["question"] == "indicator"] == [
        "health_2024.xlsx"
    ]
    assert not [one for one in asked if one["file"] == "water_2024.xlsx"]


def test_tables_of_differing_width_in_one_text_file_are_all_found(sent):
    (sent / "returns" / "water" / "water_2024.xlsx").unlink()
    text = "Table 1. Wells\nRegion;2023;2024\nNorth;10;12\nSouth;20;21\n\n"
    text += "Table 2. Pumps by make\nRegion;Make;2022;2023;2024\nNorth;A;1;2;3\nSouth;A;4;5;6\n"
    (sent / "returns" / "water" / "stacked.csv").write_text(text, "utf-8")
    begin("--from", "returns/water/*.csv")
    told = (sent / "my" / "questions.toml").read_text("utf-8")

    assert "Table 1. Wells: it is called so" in told
    assert "Table 2. Pumps by make: it is called so" in told


def test_a_unit_that_nobody_has_defined_is_defined(sent):
    begin()
    answers = ANSWERS | {"unit": "1=койко-места, people"}
    begin(*answer(sent, answers))
    done = begin(*answer(sent, answers))

    assert done.exit_code == 0, done.output
    registry = open_registry(sent / "my")
    assert registry.indicators["health.hospital_beds"].unit == "koyko_mesta"
    assert registry.units["koyko_mesta"].name["en"] == "койко-места"


def test_a_folder_with_anything_else_in_it_is_left_alone(sent):
    (sent / "my").mkdir()
    (sent / "my" / "letter.txt").write_text("mine", "utf-8")
    done = begin()

    assert isinstance(done.exception, DefinitionError)
    assert [path.name for path in (sent / "my").iterdir()] == ["letter.txt"]


def test_patterns_are_expanded_and_a_file_stands_once(sent):
    files = first_files.expanded(["returns/*/*.xlsx", "returns/water/*"])

    assert [path.name for path in files] == ["health_2024.xlsx", "water_2024.xlsx"]
    with pytest.raises(DefinitionError, match=r"No file is called returns/\*\.csv"):
        first_files.expanded(["returns/*.csv"])


@pytest.mark.parametrize(
    ("given", "named", "of_water"),
    [
        (None, {"health": "health", "water": "water"}, "water"),
        ("w=Water, health", {"w": "Water", "health": "health"}, "w"),
        ("social", {"social": "social"}, "social"),
    ],
)
def test_a_sector_is_the_one_given_or_that_of_the_folder(sent, given, named, of_water):
    files = first_files.expanded(["returns/*/*.xlsx"])
    found, homes = first_files.sectors_of(files, given)

    assert (found, homes[files[1]]) == (named, of_water)


def test_a_file_in_no_folder_of_the_sectors_given_is_named(sent):
    files = first_files.expanded(["returns/*/*.xlsx"])
    with pytest.raises(
        DefinitionError, match=r"health_2024\.xlsx lies in no folder of a sector"
    ):
        first_files.sectors_of(files, "water, roads")
