"""One broken sector file does not stop the others, and its last rows stay, marked."""

from datetime import date

import pytest

import delivery_analytics as da
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.report.report import Report
from delivery_analytics.wording.wording import open_wording
from tests.support import console
from tests.support.workbooks import INDICATORS, workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of"]
MAPPED = """
[[sheet]]
table = "observations"
constants = { region = "KZ-7", reported_on = 2025-01-20 }
columns = { indicator = ["code"], period = ["period"], value = ["actual"] }
"""
BREAKS = {
    "no toml": lambda text: text.replace("[[indicator]]", "[[indicator", 1),
    "misspelt key": lambda text: text.replace("direction", "directoin", 1),
    "unit there is none of": lambda text: text.replace('unit = "units"', 'unit = "unit"'),
    "id twice": lambda text: text.replace('"vaccination"', '"clinics"'),
    "region there is none of": lambda text: text + MAPPED,
    "bytes that are no text": lambda text: text.replace("Health", "\udcff"),
}


def sector(folder, name):
    return folder / "data" / "definitions" / "sectors" / f"{name}.toml"


def send(folder, name, value, day=DAY):
    path = folder / "data" / "raw" / name / "return.xlsx"
    path.parent.mkdir(exist_ok=True)
    write(path, HEAD, ["H-001", "2024", 40, value, day], ["H-002", "2024", 90, 84.5, day])


def again(folder):
    registry = open_registry(folder, tolerant=True)
    loaded = da.load(registry, previous=folder / "data" / "processed")
    loaded.save()
    return loaded


def figures(data):
    rows = data.observations
    return dict(zip(rows["indicator_id"], rows["value"], strict=True))


def break_it(folder, how):
    text = BREAKS[how](INDICATORS)
    sector(folder, "health").write_text(text, encoding="utf-8", errors="surrogateescape")


@pytest.fixture
def folder(tmp_path):
    folder = workspace(tmp_path)
    sector(folder, "water").write_text(INDICATORS.replace("Health", "Water"), "utf-8")
    for name, value in (("health", 31), ("water", 5)):
        send(folder, name, value)
    return folder


BEFORE = {
    "health.clinics": 31,
    "health.vaccination": 84.5,
    "water.clinics": 5,
    "water.vaccination": 84.5,
}


@pytest.mark.parametrize("how", BREAKS)
def test_the_others_are_read_and_the_last_rows_of_the_broken_one_stay(folder, how):
    assert figures(again(folder).dataset) == BEFORE
    break_it(folder, how)
    send(folder, "health", 99)  # which cannot be read now
    send(folder, "water", 6)

    for _ in range(2):
        loaded = again(folder)
        assert figures(loaded.dataset) == {**BEFORE, "water.clinics": 6}
        [problem] = [p for one in loaded.beside for p in one.problems]
        assert (problem.code, problem.severity) == ("definition.broken", "error")
        assert problem.file == "health.toml"
        assert str(folder) not in problem.message
    stored = open_dataset(folder / "data" / "processed")
    assert figures(stored) == {**BEFORE, "water.clinics": 6}
    sector(folder, "health").write_text(INDICATORS, "utf-8")

    mended = again(folder)
    assert (mended.beside, figures(mended.dataset)["health.clinics"]) == ((), 99)


def test_every_page_that_shows_its_figures_says_their_day(folder):
    again(folder)
    break_it(folder, "misspelt key")
    again(folder)
    data, words = open_dataset(folder / "data" / "processed"), open_wording("en")
    text = (
        "Health: its definition cannot be read, so its figures are those received "
        "by 20 January 2025."
    )

    for shown in (data, data.where(sector_id="health"), data.where(region_id="KZ")):
        assert [block.text for block in Report("?", shown, words).blocks] == [text]
    assert Report("?", data.where(sector_id="water"), words).blocks == []


def test_one_that_was_never_loaded_is_left_out_and_told(folder):
    break_it(folder, "no toml")

    loaded = again(folder)

    assert set(figures(loaded.dataset)) == {"water.clinics", "water.vaccination"}
    assert [p.code for one in loaded.beside for p in one.problems] == ["definition.broken"]
    assert [one.path for one in loaded.files] == ["data/raw/water/return.xlsx"]


def test_a_sector_whose_base_is_left_out_with_another_is_left_out_and_told_too(folder):
    water = sector(folder, "water")
    per = water.read_text("utf-8").replace('"clinics"', '"clinics"\nper = "health.clinics"')
    water.write_text(per, "utf-8")
    sector(folder, "roads").write_text(INDICATORS.replace("Health", "Roads"), "utf-8")
    break_it(folder, "no toml")

    registry = open_registry(folder, tolerant=True)

    assert list(registry.sectors) == ["roads"]
    assert "water.clinics, per: " in registry.broken["water"]
    assert registry.broken.keys() == {"health", "water"}


def test_whoever_asks_strictly_is_refused_and_so_is_a_workspace_with_no_sector_left(folder):
    break_it(folder, "misspelt key")
    with pytest.raises(DefinitionError, match="directoin"):
        open_registry(folder)
    sector(folder, "water").unlink()
    with pytest.raises(DefinitionError, match="directoin"):
        open_registry(folder, tolerant=True)


def test_a_copy_of_a_return_that_stays_unread_counts_once_all_the_same(folder):
    send(folder, "water", 31)
    before = again(folder).dataset
    break_it(folder, "misspelt key")

    after = again(folder).dataset

    assert figures(after) == figures(before)
    assert after.sources["source_id"].is_unique


@pytest.mark.parametrize("how", ["misspelt key", "region there is none of"])
def test_the_commands_tell_it_with_exit_code_3(folder, how):
    assert delivery(folder, "load").returncode == 0
    break_it(folder, how)

    done = delivery(folder, "load")

    assert done.returncode == 3
    assert "health.toml" in done.stdout
    assert "definition.broken" in done.stdout
    assert "Did you mean" in done.stdout
    assert "health.clinics" in delivery(folder, "status").stdout


def delivery(folder, *words):
    return console.run("--workspace", folder, *words)
