"""The editions there are can be listed, and each proves what it holds."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.publishing.editions import RUNS, runs, verify
from delivery_analytics.publishing.filing import commit
from tests.publishing.test_filing import published as filed


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    for name, error in (("2025-01-31", ""), ("2025-02-28", "it broke")):
        made = tmp_path / f"made-{name}"
        (made / "en").mkdir(parents=True)
        (made / "en" / "national.html").write_text("<p>x</p>", encoding="utf-8")
        content = {
            "reports": [
                {"place": "en/national", "files": {"html": "en/national.html"}, "error": ""},
                {"place": "en/quality", "files": {}, "error": error},
            ]
        }
        run = {
            "started": f"{name}T06:00:00+00:00",
            "seconds": 12.5,
            "durations": {"en/national": 3.0},
        }
        folder.mkdir(exist_ok=True)
        day = date.fromisoformat(name)
        commit(made, folder, day, content, run)
    return folder


def test_every_edition_has_its_counts_and_the_latest_is_marked(reports):
    found = runs(reports)

    assert found["edition"].tolist() == ["2025-01-31", "2025-02-28"]
    assert found[["reports", "made", "failed"]].to_numpy().tolist() == [[2, 1, 0], [2, 1, 1]]
    assert found["latest"].tolist() == [False, True]
    assert found["whole"].isna().all()


def test_a_file_that_was_changed_since_is_found_when_asked_for(reports):
    (reports / "2025-01-31" / "en" / "national.html").write_text("other", encoding="utf-8")

    assert runs(reports, check=True)["whole"].tolist() == [False, True]


def test_without_an_edition_the_list_is_empty_with_its_columns(tmp_path):
    found = runs(tmp_path)

    assert found.empty
    assert {*RUNS} <= {*found}


def test_the_command_line_lists_the_runs(published, example):
    runner = CliRunner()
    shown = runner.invoke(app, ["--workspace", str(example), "runs", "--check"])
    listed = runner.invoke(app, ["--workspace", str(example), "runs", "--format", "json"])

    assert shown.exit_code == 0, shown.output
    assert published.id in shown.output
    assert "whole" in shown.output
    rows = json.loads(listed.output)
    assert rows[-1]["edition"] == published.id
    assert rows[-1]["failed"] == 0


def test_verification_names_each_file_that_is_not_as_it_was(tmp_path):
    made = filed(tmp_path)
    (made.folder / "en" / "national.html").write_text("other")
    (made.folder / "evidence" / "a.ipynb").unlink()
    (made.folder / "extra.txt").write_text("")

    assert verify(made) == [
        "en/national.html was changed",
        "evidence/a.ipynb is missing",
        "extra.txt was added",
    ]


def test_a_manifest_that_was_touched_is_noticed(tmp_path):
    made = filed(tmp_path)
    manifest = made.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("2025-06-30", "2025-07-31"))

    assert verify(made) == ["manifest.json was changed"]
