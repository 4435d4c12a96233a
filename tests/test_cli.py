"""The command line keeps its contract: exit codes, JSON, and sentences for mistakes."""

import json
import subprocess
import sys
from datetime import date

import pytest

from tests.workbooks import workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = workspace(tmp_path_factory.mktemp("cli"))
    raw = folder / "data" / "raw" / "health"
    write(
        raw / "return.xlsx",
        HEAD,
        ["H-001", "2024", 40, 31, DAY],
        ["H-002", "2024", 90, "много", DAY],
    )
    assert delivery(folder, "load").returncode == 3
    return folder


def delivery(folder, *words, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-m", "delivery_analytics", "--workspace", str(folder), *words],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        encoding="utf-8",
        errors="replace",
    )


def test_check_answers_in_the_agreed_form(folder):
    file = folder / "data" / "raw" / "health" / "return.xlsx"
    done = delivery(folder, "check", str(file), "--format", "json")
    [answer] = json.loads(done.stdout)["files"]

    assert done.returncode == 3
    assert answer["outcome"] == "rows_quarantined"
    counts = [answer[f"rows_{name}"] for name in ("read", "kept", "quarantined", "skipped")]
    assert counts == [2, 1, 1, 0]
    assert set(answer["problems"][0]) == {
        "code", "severity", "sheet", "cell", "value", "message",
    }  # fmt: skip


def test_trace_leads_to_file_sheet_and_cell(folder):
    done = delivery(folder, "trace", "health.clinics", "--period", "2024")

    assert done.returncode == 0
    assert "return.xlsx, Progress!D2" in done.stdout


@pytest.mark.parametrize("form", ["json", "csv"])
def test_status_prints_for_machines_too(folder, form):
    done = delivery(folder, "status", "--format", form)

    assert done.returncode == 0
    assert "health.clinics" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["trace", "health.clinic"], 2, "Did you mean health.clinics"),
        (["status", "--sector", "wealth"], 2, "There is no sector 'wealth'"),
        (["check", "nothing.xlsx"], 2, "There is no file nothing.xlsx"),
        (["report", "10_national"], 2, "There is no notebook"),
    ],
)
def test_a_users_mistake_is_told_in_a_sentence_without_a_traceback(folder, words, code, said):
    done = delivery(folder, *words)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback(folder):
    done = delivery(folder, "--debug", "status", "--sector", "wealth")

    assert "Traceback" in done.stderr


def test_a_folder_that_is_no_workspace_is_named(tmp_path):
    done = delivery(tmp_path, "load")

    assert done.returncode == 2
    assert "data/definitions" in done.stderr


def test_help_answers_with_examples(folder):
    done = delivery(folder, "check", "--help")

    assert done.returncode == 0
    assert "delivery check data/raw/healthcare" in done.stdout


def test_a_windows_console_shows_what_it_can_and_does_not_fail(folder):
    file = folder / "data" / "raw" / "health" / "return.xlsx"
    done = delivery(folder, "check", str(file), PYTHONIOENCODING="cp1251")

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
