"""Every broken spreadsheet of the corpus becomes what it must, through the command line."""

import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from tests.support.shared import SHARED, needs_shared

pytestmark = needs_shared
CORPUS = SHARED / "corpus"
WORKSPACE = Path(__file__).parents[1] / "workspaces" / "corpus"
GOOD = CORPUS / "00_good.xlsx"

# Where we differ on purpose; the reasons stand in DECISIONS.md.
DIFFERENT_CODE = {"12_dup_rezipped.xlsx": "intake.duplicate_content"}


def cases():
    if not SHARED.is_dir():
        return []
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def checked(file):
    # A copy is only seen to be one beside its original.
    paths = [GOOD, CORPUS / file] if file.startswith("12_") else [CORPUS / file]
    command = ["--workspace", str(WORKSPACE), "check", *map(str, paths), "--format", "json"]
    result = CliRunner().invoke(app, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return json.loads(result.stdout)["files"][-1], result.exit_code


def cells(text):
    """Return the cells that ``Progress!row 3,5`` and ``Progress!A2,A7`` name."""
    named, kind = [], ""
    for part in text.rpartition("!")[2].split(",") if text else []:
        kind = part.rpartition(" ")[0] or ("" if part[:1].isalpha() else kind)
        named.append(f"{kind} {part.rpartition(' ')[2]}".strip())
    return named


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["file"])
def test_each_file_becomes_what_it_must(case):
    file, exit_code = checked(case["file"])
    expected = DIFFERENT_CODE.get(case["file"], case["issue_code"])
    codes = {problem["code"] for problem in file["problems"]}
    places = {problem["cell"] or problem["sheet"] for problem in file["problems"]}

    assert file["outcome"] == case["expected_outcome"]
    assert exit_code == (3 if file["outcome"] in ("rejected", "rows_quarantined") else 0)
    if file["outcome"] != "rejected":
        counts = ("rows_in", "rows_loaded", "rows_quarantined", "rows_skipped_listed")
        found = ("rows_read", "rows_kept", "rows_quarantined", "rows_skipped")
        assert [file[name] for name in found] == [int(case[name]) for name in counts]
    # Codes of the export family are about what is written, not about what is read.
    if expected and not expected.startswith("export."):
        assert expected in codes
        for named in cells(case["cells_named"]):
            # Of a text file the corpus names the line; since then its cells have addresses.
            row = re.compile(rf"(?:[A-Z]+|row ){named[5:]}")
            at_line = named.startswith("line ") and any(map(row.fullmatch, places))
            assert named in places or at_line


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["file"])
def test_no_row_of_any_file_is_lost(case):
    file, _ = checked(case["file"])

    accounted = file["rows_kept"] + file["rows_quarantined"] + file["rows_skipped"]
    assert file["rows_read"] == accounted
    assert all(problem["message"] for problem in file["problems"])
