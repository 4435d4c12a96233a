"""The command line keeps its contract: exit codes, JSON, and sentences for mistakes."""

import io
import json
import os
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest

from delivery_analytics.cli import main
from tests.support import console
from tests.support.workbooks import workspace, write

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
    """Run the command in a process of its own; `here` runs it in this one, for less."""
    return subprocess.run(
        [sys.executable, "-m", "delivery_analytics", "--workspace", str(folder), *words],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        encoding="utf-8",
        errors="replace",
    )


def here(folder, *words):
    return console.run("--workspace", folder, *words)


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
    done = here(folder, "trace", "health.clinics", "--period", "2024")

    assert done.returncode == 0
    assert "return.xlsx, Progress!D2" in done.stdout


@pytest.mark.parametrize("form", ["json", "csv"])
def test_status_prints_for_machines_too(folder, form):
    done = here(folder, "status", "--format", form)

    assert done.returncode == 0
    assert "health.clinics" in done.stdout


def test_status_with_a_rule_tried_out_shows_what_would_be_judged_otherwise(folder):
    # 31 of 40 planned: 77.5 %, and 90 % is what it takes to be at risk.
    words = ["status", "--method", "kz_plan_execution", "--set"]
    same = here(folder, *words, "at_risk=90").stdout
    low = here(folder, *words, "at_risk=75").stdout

    assert same == "0 of 2 would be judged otherwise than by status.toml\n"
    assert "off_track → at_risk" in low and "1 of 2 would be judged otherwise" in low
    table = pd.read_csv(
        io.StringIO(delivery(folder, *words, "at_risk=75", "--format", "csv").stdout)
    )
    assert table[["agreed_status", "status"]].values.tolist() == [["off_track", "at_risk"]]
    beside = [*table].index("agreed_status")
    assert [*table][beside : beside + 2] == ["agreed_status", "status"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status", "--set", "on_track"], 2, "--set on_track: expected name=value"),
        (["status", "--set", "on_track=a lot"], 2, "'a lot' is not a number"),
        (["trace", "health.clinic"], 2, "Did you mean health.clinics"),
        (["status", "--sector", "wealth"], 2, "There is no sector 'wealth'"),
        (["check", "nothing.xlsx"], 2, "There is no file nothing.xlsx"),
        (["report", "10_national"], 2, "There is no notebook"),
    ],
)
def test_a_users_mistake_is_told_in_a_sentence_without_a_traceback(folder, words, code, said):
    done = here(folder, *words)

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


def test_the_command_and_its_help_answer_with_every_command(folder):
    done = here(folder, "--help")

    assert done.returncode == 0
    for command in ("check", "load", "status", "trace", "report", "publish"):
        assert command in done.stdout


def test_a_command_that_draws_builds_no_grammars_that_nobody_asks_for(folder, tmp_path):
    ends = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*({'altair', 'lark'} & {*sys.modules})))"
    )
    told = ["--workspace", str(folder), "template", "health", "--out", str(tmp_path / "a.xlsx")]
    code = (
        f"{ends}\nfrom delivery_analytics.cli.main import main\nsys.argv[1:] = {told!r}\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8"
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "altair"  # which asks for them where it may


# The same commands, run within this process.


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line, and return its exit code and what it printed and complained of."""

    def runner(workspace, *words):
        monkeypatch.setattr(
            sys, "argv", ["delivery", "--workspace", str(workspace), *map(str, words)]
        )
        with pytest.raises(SystemExit) as left:
            main.main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return runner


def returned(folder, *rows, name="new.xlsx"):
    return write(folder / "sent" / name, HEAD, *rows)


CLEAN = (["H-001", "2024", 40, 31, DAY], ["H-002", "2024", 90, 84.5, DAY])


@pytest.mark.parametrize(
    ("rows", "code", "outcome"),
    [
        (CLEAN, 0, "loaded"),
        (([*CLEAN[0][:3], "31,0", DAY], CLEAN[1]), 0, "loaded_with_warnings"),
        ((CLEAN[0], ["H-002", "2024", 90, 184.5, DAY]), 3, "rows_quarantined"),
        ((), 0, "loaded_with_warnings"),
    ],
)
def test_the_exit_code_of_check_says_whether_anything_was_set_aside(
    tmp_path, run, rows, code, outcome
):
    folder = workspace(tmp_path)
    left, out, _ = run(folder, "check", returned(tmp_path, *rows), "--format", "json")
    [file] = json.loads(out)["files"]

    assert left == code
    assert file["outcome"] == outcome
    assert file["rows_read"] == sum(
        file[f"rows_{what}"] for what in ("kept", "quarantined", "skipped")
    )
    assert not (folder / "data" / "processed").exists()


def test_check_tells_errors_first_and_counts_what_is_alike(tmp_path, run):
    folder = workspace(tmp_path)
    texts = [["H-001", str(year), 40, "31,0", DAY] for year in range(2015, 2024)]
    wrong = ["H-001", "2024", 40, "soon", DAY]
    _, out, _ = run(folder, "check", returned(tmp_path, *texts, wrong))
    lines = [line.split() for line in out.splitlines()[1:]]

    assert [line[:2] for line in lines] == [
        ["error", "cell.type-error"],
        *[["warning", "cell.number-as-text"]] * 4,
        ["warning", "coverage.missing"],
    ]
    assert lines[-2][2:] == ["…", "and", "6", "more", "of", "this", "kind"]


def test_a_file_that_is_no_workbook_is_rejected_beside_one_that_is_read(tmp_path, run):
    folder = workspace(tmp_path)
    good, bad = returned(tmp_path, *CLEAN), tmp_path / "sent" / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 and no more")
    left, out, err = run(folder, "check", good, bad, "--format", "json")
    files = json.loads(out)["files"]

    assert left == 3
    assert [one["outcome"] for one in files] == ["loaded", "rejected"]
    assert files[1]["problems"][0]["code"].startswith("container.")
    assert "Traceback" not in err


def test_a_folder_is_checked_file_by_file_in_words(tmp_path, run):
    folder = workspace(tmp_path)
    returned(tmp_path, *CLEAN, name="a.xlsx")
    returned(tmp_path, ["H-009", "2024", 1, 2, DAY], name="b.xlsx")
    left, out, _ = run(folder, "check", tmp_path / "sent")

    assert left == 3
    assert "a.xlsx: loaded (2 rows read = 2 kept + 0 set aside + 0 skipped)" in out
    assert "b.xlsx, Progress!A2: 'H-009' is no indicator of this sector we know" in out


def test_problems_are_told_in_json_with_their_own_words(tmp_path, run):
    folder = workspace(tmp_path)
    file = returned(tmp_path, ["H-001", "2024", 40, "много \u0430\u0301", DAY], CLEAN[1])
    _, out, _ = run(folder, "check", file, "--format", "json")
    [problem] = [
        one for one in json.loads(out)["files"][0]["problems"] if one["severity"] == "error"
    ]

    assert problem == {
        "code": "cell.type-error",
        "severity": "error",
        "sheet": "Progress",
        "cell": "D2",
        "value": "много а\u0301",
        "message": "'много а\u0301' is not a number. Expected digits such as 1234.5",
    }


def test_load_stores_the_tables_and_says_what_became_of_every_row(tmp_path, run):
    folder = workspace(tmp_path)
    raw = folder / "data" / "raw" / "health"
    write(raw / "a.xlsx", HEAD, *CLEAN)
    write(raw / "b.xlsx", HEAD, ["H-001", "2023", 40, "?", DAY])
    left, out, err = run(folder, "load")

    assert left == 3
    assert "2 files: 3 rows read = 2 kept + 1 set aside + 0 skipped" in out
    assert "b.xlsx, Progress!D2: '?' is not a number" in out
    assert "a.xlsx" not in out
    assert "a.xlsx" in err  # progress, in plain lines where there is no terminal
    (raw / "b.xlsx").unlink()
    assert run(folder, "load")[0] == 0


def test_a_file_in_no_sectors_folder_is_told_at_every_load(tmp_path, run):
    folder = workspace(tmp_path)
    write(folder / "data" / "raw" / "health" / "a.xlsx", HEAD, *CLEAN)
    write(folder / "data" / "raw" / "helth" / "b.xlsx", HEAD, *CLEAN)
    first, again = run(folder, "load"), run(folder, "load")

    for left, out, _ in (first, again):
        assert left == 3
        assert "2 files: 2 rows read = 2 kept" in out
        assert (
            "b.xlsx: it lies in no sector's folder and was not read. There are: health" in out
        )
    (folder / "data" / "raw" / "helth" / "b.xlsx").unlink()
    assert run(folder, "load")[0] == 0


def test_trace_prints_every_revision_for_people_and_for_machines(tmp_path, run):
    folder = workspace(tmp_path)
    raw = folder / "data" / "raw" / "health"
    write(raw / "a.xlsx", HEAD, *CLEAN)
    write(raw / "b.xlsx", HEAD, ["H-001", "2024", 40, 33.5, date(2025, 2, 20)], CLEAN[1])
    run(folder, "load")
    _, text, _ = run(folder, "trace", "health.clinics")
    _, out, _ = run(folder, "trace", "health.clinics", "--format", "json")
    traced = json.loads(out)

    assert [line.split()[:2] for line in text.splitlines()[::3]] == [
        ["2024", "31"],
        ["2024", "33.5"],
    ]
    assert [one["path"] for one in traced] == [
        "data/raw/health/a.xlsx",
        "data/raw/health/b.xlsx",
    ]
    assert {one["source_cell"] for one in traced} == {"Progress!D2"}
    assert all(len(one["sha256"]) == 64 for one in traced)


def test_trace_says_that_a_cell_gave_no_figure(tmp_path, run):
    folder = workspace(tmp_path)
    write(
        folder / "data" / "raw" / "health" / "a.xlsx", HEAD, ["H-001", "2024", 40, "n/a", DAY]
    )
    run(folder, "load")

    left, out, _ = run(folder, "trace", "health.clinics")

    assert (left, out.splitlines()[0]) == (0, "2024  no figure  reported 2025-01-20")
    assert "a.xlsx, Progress!D2" in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status"], 3, "Run `delivery load` first"),
        (["trace", "health.clinics"], 3, "Run `delivery load` first"),
        (["check"], 2, "Missing argument"),
        (["check", "x.xlsx", "--format", "xml"], 2, "Invalid value"),
        (["check", ".", "--sector", "wealth"], 2, "no sector 'wealth'"),
        (["chekc"], 2, "No such command"),
        (["status", "--nothing"], 2, "No such option"),
    ],
)
def test_a_mistake_before_anything_was_loaded_is_told_too(tmp_path, run, words, code, said):
    left, _, err = run(workspace(tmp_path), *words)

    assert left == code
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status", "--as-of", "yesterday"], 2, "'yesterday' is not a day"),
        (["status", "--region", "KZ-99"], 2, "no region 'KZ-99'"),
        (["status", "--method", "magic"], 2, "magic"),
        (["trace", "health.clinics", "--period", "1999"], 2, "Nothing was reported"),
        (["trace", "health.clinics", "--region", "KZ-9"], 2, "no region 'KZ-9'"),
        (["report", "10_national", "--template", "none.pptx"], 2, "'none.pptx' does not exist"),
    ],
)
def test_a_mistake_about_what_was_loaded_is_told_too(folder, run, words, code, said):
    left, _, err = run(folder, *words)

    assert left == code
    assert said in err
    assert "Traceback" not in err


def test_a_workspace_to_which_nothing_was_sent_yet_says_so(tmp_path, run):
    folder = workspace(tmp_path)

    left, out, _ = run(folder, "load")
    assert (left, out) == (0, "0 files: 0 rows read = 0 kept + 0 set aside + 0 skipped\n")
    left, _, err = run(folder, "status")
    assert left == 2
    assert "Nothing was received yet" in err


def test_definitions_that_are_wrong_are_told_with_file_and_key(tmp_path, run):
    folder = workspace(tmp_path)
    sector = folder / "data" / "definitions" / "sectors" / "health.toml"
    sector.write_text(sector.read_text("utf-8").replace('"increase"', '"up"'), "utf-8")
    left, _, err = run(folder, "load")

    assert left == 2
    assert "health.toml, the first [[indicator]]" in err
    assert "direction: Input should be" in err
