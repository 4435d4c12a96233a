"""What the last load had and this one has not is told; what lies among returns is, too."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from io import BytesIO

import openpyxl
import pytest

import delivery_analytics as da
from delivery_analytics.analytics.returns_due import missing_returns, returns_received
from delivery_analytics.loading.intake import return_files
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.returns.blank_form import form
from tests.support import console
from tests.support.workbooks import INDICATORS, workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of"]
CLINICS = ["H-001", "2024", 40, 31, DAY]
COVERAGE = ["H-002", "2024", 90, 84.5, DAY]


def raw(folder, name="return.xlsx"):
    path = folder / "data" / "raw" / "health" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def again(folder, **more):
    loaded = da.load(open_registry(folder), previous=folder / "data" / "processed", **more)
    loaded.save()
    return loaded


def told(loaded):
    return sorted((p.code, p.severity, p.value) for one in loaded.beside for p in one.problems)


def kept(folder):
    processed = folder / "data" / "processed"
    return {path.name: path.read_bytes() for path in processed.iterdir()}


@pytest.fixture
def folder(tmp_path):
    """A workspace that was loaded: two returns, one below a folder of its own."""
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, CLINICS, COVERAGE)
    write(raw(folder, "2023/old.xlsx"), HEAD, ["H-001", "2023", 30, 29, DAY])
    assert told(again(folder)) == []
    return folder


def test_an_indicator_that_is_gone_is_owed_until_it_comes_again(folder):
    write(raw(folder), HEAD, CLINICS)

    for _ in range(3):  # the second load finds nothing changed; the third reads anew
        loaded = again(folder)
        assert told(loaded) == [
            ("coverage.owed", "error", "health.vaccination"),
            ("coverage.owed-target", "error", "health.vaccination"),
        ]
        problems = [p for one in loaded.beside for p in one.problems]
        problem = min(problems, key=lambda problem: problem.code)
        assert (problem.sheet, problem.cell) == ("Progress", "D3")
        assert "retired = true" in problem.message
        stored = open_dataset(folder / "data" / "processed").problems
        assert {"coverage.owed", "coverage.owed-target"} <= {*stored["code"]}
        assert len(loaded.dataset.observations) == 2  # the rest is stored
    write(raw(folder, "more.xlsx"), HEAD, ["H-002", "2023", 80, 79, DAY])

    assert told(again(folder)) == []


def test_a_retired_indicator_is_owed_by_nobody(folder):
    write(raw(folder), HEAD, CLINICS)
    assert told(again(folder)) != []
    path = folder / "data" / "definitions" / "sectors" / "health.toml"
    path.write_text(INDICATORS + "retired = true\n", encoding="utf-8")

    loaded = again(folder)

    assert told(loaded) == []
    known = loaded.dataset.known_on("2026-03-31")
    assert set(missing_returns(known)["indicator_id"]) == {"health.clinics"}
    received = returns_received(known).set_index("sector_id").loc["health"]
    assert (received["indicators_reported"], received["indicators"]) == (1, 1)


def test_no_blank_asks_for_a_retired_indicator(folder):
    path = folder / "data" / "definitions" / "sectors" / "health.toml"
    path.write_text(INDICATORS + "retired = true\n", encoding="utf-8")

    book = openpyxl.load_workbook(BytesIO(form(open_registry(folder), "health")))

    texts = [str(cell.value) for row in book.worksheets[0].rows for cell in row]
    assert "H-001" in texts
    assert "H-002" not in texts


def test_an_indicator_whose_definition_is_gone_too_is_told_once(folder):
    path = folder / "data" / "definitions" / "sectors" / "health.toml"
    path.write_text(INDICATORS.rpartition("[[indicator]]")[0], encoding="utf-8")

    first = told(again(folder))
    assert {("intake.gone", "error", "health.vaccination")} <= {*first}
    assert told(again(folder)) == []


def test_a_file_that_is_gone_is_named_once(folder):
    write(raw(folder, "2023/other.xlsx"), HEAD, ["H-001", "2022", 30, 28, DAY])
    again(folder)
    raw(folder, "2023/old.xlsx").unlink()

    loaded = again(folder)
    [problem] = [p for one in loaded.beside for p in one.problems]
    assert (problem.code, problem.file, problem.severity) == (
        "intake.gone",
        "old.xlsx",
        "error",
    )
    assert told(again(folder)) == []


def test_a_file_that_lies_elsewhere_now_is_not_gone(folder):
    raw(folder, "2023/old.xlsx").rename(raw(folder, "renamed.xlsx"))

    assert told(again(folder)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.rename(raw.with_name("was_raw")), "raw: the folder cannot be listed"),
        (shutil.rmtree, "raw: the folder cannot be listed"),
        (lambda raw: (shutil.rmtree(raw), raw.mkdir()), "data/raw: the last load read 2 files"),
        (lambda raw: (raw / "health").rename(raw / "heath"), "data/raw: the last load read 2"),
        (
            lambda raw: shutil.rmtree(raw / "health" / "2023"),
            "health/2023: the last load read 1",
        ),
        (
            lambda raw: (shutil.rmtree(raw / "health"), (raw / "health").symlink_to("nowhere")),
            "health: the folder cannot be listed",
        ),
    ],
)
def test_a_folder_that_lost_its_returns_stops_the_load_and_nothing_stored_is_touched(
    folder, change, said
):
    before = kept(folder)
    change(folder / "data" / "raw")

    done = delivery(folder, "load")

    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert kept(folder) == before


def test_a_folder_that_is_meant_to_be_gone_is_let_go_and_its_files_are_named(folder):
    shutil.rmtree(folder / "data" / "raw" / "health" / "2023")

    done = delivery(folder, "load", "--without-gone")

    assert (done.returncode, "old.xlsx" in done.stdout) == (0, True)
    assert delivery(folder, "load").returncode == 0


@pytest.mark.parametrize(
    ("closed", "rights"),
    [("data/raw", 0o000), ("data/raw/health", 0o444), ("data/raw/health/2023", 0o000)],
)
def test_a_folder_that_may_not_be_read_stops_the_load(folder, closed, rights):
    before = kept(folder)
    with closed_to_us(folder / closed, rights) as us:
        done = delivery(folder, "load", us=us)

    assert done.returncode == 3
    assert "Nothing was stored" in done.stderr
    assert kept(folder) == before


def test_a_file_that_may_not_be_read_is_told_and_the_others_are_stored(folder):
    with closed_to_us(raw(folder), 0o000) as us:
        done = delivery(folder, "load", us=us)

    assert done.returncode == 3
    assert "intake.unreadable" in done.stdout
    assert "health.vaccination here, and now there are none" in done.stdout
    assert open_dataset(folder / "data" / "processed").observations["value"].tolist() == [29]
    assert delivery(folder, "load").returncode == 0


@contextmanager
def closed_to_us(place, rights):
    """Lend a way to run commands as somebody who has no right to `place`."""
    if os.name == "nt":
        pytest.skip("rights of files are another matter on Windows")
    us = []
    if os.getuid() == 0:  # who may read everything, unless that power is given away
        if not shutil.which("setpriv"):
            pytest.skip("root may read everything, and there is no setpriv to run as another")
        us = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    before = place.stat().st_mode
    place.chmod(rights)
    try:
        yield us
    finally:
        place.chmod(before)


def delivery(folder, *words, us=()):
    if not us:
        return console.run("--workspace", folder, *words)
    return subprocess.run(
        [*us, sys.executable, "-m", "delivery_analytics", "--workspace", str(folder), *words],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )


LINES = "code\tperiod\ttarget\tactual\tas_of\nH-001\t2022\t20\t19\t2025-01-20\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_text_with_tabs_as_excel_writes_it_is_a_return(tmp_path, encoding):
    folder = workspace(tmp_path)
    raw(folder, "return.txt").write_text(LINES, encoding=encoding)

    loaded = again(folder)

    assert loaded.dataset.observations["value"].tolist() == [19]


def test_nothing_among_the_returns_is_passed_over_in_silence(folder):
    data = folder / "data" / "raw"
    for name in ("notes.md", "health/agreed.toml", "health/.gitkeep"):
        (data / name).write_text("x\n", encoding="utf-8")
    for name in ("loose.csv", "helth/return.csv", "health/~$return.xlsx", "health/a.xyz"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("nothing\n", encoding="utf-8")
    (data / "health" / "round").symlink_to(data, target_is_directory=True)

    loaded = again(folder)
    done = delivery(folder, "load")

    assert loaded.passed_over == ("data/raw/health/agreed.toml", "data/raw/notes.md")
    refused = {one.path: one.problems[-1].code for one in loaded.files if one.read == 0}
    assert refused == {
        "data/raw/health/a.xyz": refused["data/raw/health/a.xyz"],
        "data/raw/health/round": "intake.not_a_file",
        "data/raw/health/~$return.xlsx": "intake.lock_file",
        "data/raw/helth/return.csv": "intake.no-sector",
        "data/raw/loose.csv": "intake.no-sector",
    }
    assert done.returncode == 3
    for name in ("notes.md", "agreed.toml", "loose.csv", "round", "~$return.xlsx", "a.xyz"):
        assert name in done.stdout


def test_a_sectors_folder_may_be_a_link_to_where_its_returns_lie(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("share") / "returns"
    (folder / "data" / "raw" / "health").rename(elsewhere)
    (folder / "data" / "raw" / "health").symlink_to(elsewhere, target_is_directory=True)

    loaded = again(folder)

    assert told(loaded) == []
    assert [one.path for one in loaded.files] == [
        "data/raw/health/2023/old.xlsx",
        "data/raw/health/return.xlsx",
    ]
    assert len(return_files(folder / "data" / "raw" / "health")) == 2
