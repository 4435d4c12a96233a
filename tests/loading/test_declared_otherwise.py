"""What a layout may say: parts of texts, another layout's keys, one day for two, its area's rows."""

import re
from datetime import date
from pathlib import Path

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.columns import as_table
from delivery_analytics.loading.load import read_files
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
LONG = """
[[sheet]]
id = "long"
table = "observations"
files = ["long*"]
columns = { indicator = ["code"], region = ["where"], period = ["year"], value = ["fact"], reported_on = ["as of"] }
"""
HEAD = ["code", "where", "year", "fact", "as of"]
ROW = ["H-001", "Astana", 2024, 5, DAY]


def read(tmp_path, sheets, name, *rows):
    registry = open_registry(workspace(tmp_path, sheets=sheets))
    path = write(tmp_path / name, *rows)
    [result] = read_files(registry, [(path, registry.sectors["health"])])
    return result


def told(result):
    return {p.code for p in result.problems if p.severity != "note"}


def table(result, name="observations"):
    return as_table(result.tables[name]) if result.tables.get(name) else None


def test_the_part_of_a_text_that_is_meant_is_declared_by_a_pattern(tmp_path):
    sheets = LONG + "patterns = { region = '^\\d+ (.+)', period = '\\d{4}' }\n"
    rows = [
        ["H-001", "71 Astana", "year 2024 in all", 5, DAY],
        ["H-001", "Kazakhstan", 2024, 9, DAY],
    ]
    result = read(tmp_path, sheets, "long.xlsx", HEAD, *rows)

    kept = table(result)
    assert told(result) == set()
    assert [*zip(kept["region_id"], kept["period"], kept["value"], strict=True)] == [
        ("KZ-71", "2024", 5),
        ("KZ", "2024", 9),
    ]


def test_a_text_that_no_pattern_fits_is_read_whole_and_refused_as_it_stands(tmp_path):
    sheets = LONG + "patterns = { region = '^\\d+ (.+)' }\n"
    result = read(tmp_path, sheets, "long.xlsx", HEAD, ["H-001", "Nowhere", 2024, 5, DAY], ROW)

    assert (result.kept, result.quarantined) == (1, 1)
    assert any("'Nowhere'" in p.message for p in result.problems)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("patterns = { region = '(' }", "patterns.region"),
        ("patterns = { regoin = '.' }", "no field 'regoin'"),
        ("like = 'lang'", "like: There is no layout 'lang'.*long"),
    ],
)
def test_a_pattern_or_a_layout_that_there_is_not_is_refused(tmp_path, keys, said):
    start = LONG if "like" not in keys else LONG + '[[sheet]]\nfiles = ["other*"]\n'
    with pytest.raises(DefinitionError, match=said):
        open_registry(workspace(tmp_path, sheets=start + keys + "\n"))


def test_a_layout_like_another_has_its_keys_but_for_its_own(tmp_path):
    sheets = LONG + '[[sheet]]\nlike = "long"\nfiles = ["thousands*"]\nscale = 1000\n'
    registry = open_registry(workspace(tmp_path, sheets=sheets))
    first, second = registry.sectors["health"].sheets

    assert (second.columns, second.table, second.header) == (
        *(first.columns, first.table, first.header),
    )
    assert (second.files, second.scale, second.id) == (("thousands*",), 1000, "")
    path = write(tmp_path / "thousands.xlsx", HEAD, ROW)
    [result] = read_files(registry, [(path, registry.sectors["health"])])
    assert [*table(result)["value"]] == [5000]


def test_two_blocks_of_a_sheet_are_read_by_the_tutorials_example(tmp_path):
    tutorial = Path(__file__).parents[2] / "docs" / "tutorials" / "messy_workbook.md"
    [example] = re.findall(r"```toml\n([^`]*like = [^`]*)```", tutorial.read_text("utf-8"))
    named = {"canals_repaired": "clinics", "wells_drilled": "vaccination"}
    for name, ours in named.items():
        example = example.replace(f'"{name}"', f'"{ours}"')
    first = [["Canals repaired"], ["Region", 2023, 2024], ["KZ-10", 1, 2], ["KZ-71", 3, 4]]
    second = [["Wells drilled"], ["Region", 2022, 2023, 2024], ["KZ-10", 5, 6, 7]]
    result = read(tmp_path, example, "water_2024.xlsx", *first, [], *second)

    assert told(result) == set()
    assert sorted(table(result)["value"]) == [1, 2, 3, 4, 5, 6, 7]
    assert {*table(result)["indicator_id"]} == {"health.clinics", "health.vaccination"}


@pytest.mark.parametrize("header", [1, 4])
@pytest.mark.parametrize("where", ['area = "A4:E9"', 'below = "Table 2"'])
def test_a_header_is_counted_from_its_area_where_it_could_not_lie_above(
    tmp_path, where, header
):
    sheets = LONG + f"header = {header}\n{where}\n"
    rows = [["Table 1"], HEAD, ["Table 2"], HEAD, ROW]
    result = read(tmp_path, sheets, "long.xlsx", *rows)

    assert told(result) == set()
    assert [*table(result)["value"]] == [5]


MILESTONES = """
[[sheet]]
table = "milestones"
files = ["milestones*"]
columns = { milestone = ["no"], due_on = ["due"], done_or_expected_on = ["date"], reported_on = ["as of"] }
"""


def test_one_day_is_when_it_was_done_or_when_it_is_expected(tmp_path):
    done, expected = date(2024, 12, 1), date(2025, 6, 1)
    rows = [["M-1", DAY, done, DAY], ["M-2", DAY, expected, DAY], ["M-3", DAY, DAY, DAY]]
    rows += [["M-4", DAY, None, DAY]]
    result = read(
        tmp_path, MILESTONES, "milestones.xlsx", ["no", "due", "date", "as of"], *rows
    )

    assert told(result) == set()
    kept = table(result, "milestones").astype(object).where(lambda t: t.notna(), None)
    days = {
        row["milestone_id"]: tuple(
            row[name] and row[name].date() for name in ("completed_on", "expected_on")
        )
        for row in kept.to_dict("records")
    }
    assert days == {
        "M-1": (done, None),
        "M-2": (None, expected),
        "M-3": (DAY, None),
        "M-4": (None, None),
    }


def test_a_day_that_is_none_is_told_once(tmp_path):
    rows = [["M-1", DAY, "soon", DAY]]
    result = read(
        tmp_path, MILESTONES, "milestones.xlsx", ["no", "due", "date", "as of"], *rows
    )

    assert [p.cell for p in result.problems if p.severity == "error"] == ["C2"]
