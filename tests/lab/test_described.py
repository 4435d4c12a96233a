"""A workbook nobody has declared, shown in JupyterLab."""

import pytest

import delivery_analytics as da
from tests.support.workbooks import workspace, write


@pytest.fixture
def folder(tmp_path):
    return workspace(tmp_path / "unit")


def described(folder, **answers):
    rows = [["Code", "Region", "Year", "Value"], ["H-001", "KZ-10", 2024, 5]]
    rows += [["H-001", "KZ-71", 2024, 6], ["H-002", "KZ-71", 2024, 7]]
    path = write(folder / "new.xlsx", *rows, ["Note <script>alert(1)</script>"])
    return da.describe(path, sector="health", workspace=folder, **answers)


def test_each_column_stands_under_its_role_and_the_draft_below(folder):
    grid, text, *_ = described(folder).children

    assert "B<br>region" in grid.value
    assert "D<br>value" in grid.value
    assert "[[sheet]]" in text.value
    assert "reported_on" in text.value


def test_a_text_of_the_sheet_never_becomes_markup(folder):
    shown = described(folder)

    assert not any("<script" in getattr(child, "value", "") for child in shown.children)


def test_the_button_writes_what_is_open_beside_and_what_is_ready_into_the_definition(folder):
    [beside] = described(folder).write()
    into, kept = described(folder, reported_on="2025-01-20").write()

    assert beside.name == "health.draft.toml"
    assert (into.name, kept.name) == ("health.toml", "health.answers.toml")
