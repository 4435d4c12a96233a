"""The tidy tables together: stored whole, narrowed, taken back in time, traced to a cell."""

import json
import os
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.analytics import slippage
from delivery_analytics.analytics.changes import changes
from delivery_analytics.errors import ContractError, DefinitionError, SourceError
from delivery_analytics.loading.load import load
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import MANIFEST, STORED, Dataset, _Tables
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from tests.conftest import ROOT
from tests.support.tables import dataset, registry, rows, same
from tests.support.workbooks import workspace, write

WORLD = registry("""
indicator_id      | programmes
health.life       | rural
health.births     |
education.schools | rural digital
""")
OBSERVATIONS = """
indicator_id      | region_id | period | reported_on | value
health.life       | KZ        | 2022   | 2023-05-01  | 70
health.life       | KZ        | 2022   | 2024-02-01  | 71
health.life       | KZ        | 2023   | 2024-05-01  | 72
health.life       | KZ-10     | 2023   | 2024-05-01  | 69
health.births     | KZ        | 2023   | 2024-05-01  |
education.schools | KZ        | 2023   | 2024-06-01  | 12
"""
TARGETS = """
indicator_id | due_on     | set_on     | kind  | value
health.life  | 2025-12-31 | 2020-01-01 | final | 75
health.life  | 2025-12-31 | 2024-03-01 | final | 73
"""
MILESTONES = """
milestone_id | reported_on | sector_id | programme_id | due_on     | completed_on
health.m1    | 2024-01-01  | health    | rural        | 2024-06-30 |
health.m1    | 2024-07-01  | health    | rural        | 2024-06-30 | 2024-06-28
energy.m1    | 2024-01-01  | energy    |              | 2024-09-30 |
"""
SOURCES = """
source_id | path                        | sha256 | sector_id | received_on
source    | data/raw/health/a, b.xlsx   | abc    | health    | 2024-06-01
other     | data/raw/energy/empty.xlsx  | def    | energy    |
"""
TABLES = {
    "observations": OBSERVATIONS,
    "targets": TARGETS,
    "milestones": MILESTONES,
    "sources": SOURCES,
}


def data(as_of=None):
    return dataset(as_of, registry=WORLD, **TABLES)


@pytest.mark.parametrize(
    ("day", "values"),
    [
        ("2023-04-30", []),
        ("2023-05-01", [70]),
        ("2024-01-31", [70]),
        ("2024-02-01", [71]),
        ("2024-05-01", [71, 72]),
        ("2030-01-01", [71, 72]),
    ],
)
def test_known_on_a_day_is_the_latest_revision_that_had_come_by_then(day, values):
    known = data().known_on(day).observations
    life = known[(known["indicator_id"] == "health.life") & (known["region_id"] == "KZ")]

    assert life["value"].tolist() == values


def test_a_moved_target_and_a_milestones_news_are_known_from_their_day():
    before, after = data().known_on("2024-02-29"), data().known_on("2024-07-01")

    assert before.targets["value"].tolist() == [75]
    assert after.targets["value"].tolist() == [73]
    assert before.milestones["completed_on"].isna().all()
    assert after.milestones["completed_on"].notna().tolist() == [False, True]


def test_a_source_without_a_day_is_known_on_every_day():
    assert data().known_on("2020-01-01").sources["source_id"].tolist() == ["other"]


def test_learned_by_a_day_keeps_every_revision():
    learned = data().learned_by("2024-02-01")

    assert learned.observations["value"].tolist() == [70, 71]
    assert learned.as_of == date(2024, 2, 1)


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2025, 1, 1)), st.integers(0, 400))
def test_nothing_learned_later_changes_what_was_known(day, later):
    known = data().known_on(day)
    after = data().learned_by(pd.Timestamp(day) + pd.Timedelta(days=later))

    for name in TABLES:
        table, learned_on = getattr(known, name), schema.TABLES[name].learned_on
        assert (table[learned_on].dropna() <= pd.Timestamp(day)).all()
        assert not table.duplicated(list(schema.TABLES[name].revisions)).any()
        pd.testing.assert_frame_equal(table, getattr(after.known_on(day), name))


@pytest.mark.parametrize("day", ["yesterday", "31.12.2024", "2024-02-30", "None", "2024-12"])
def test_a_day_that_is_none_is_told_in_a_sentence(day):
    with pytest.raises(DefinitionError, match=f"'{day}' is not a day. Expected such as"):
        data().known_on(day)


def test_a_sectors_view_holds_its_rows_and_its_indicators_only():
    health = data().where(sector_id="health")

    assert list(health.registry.sectors) == ["health"]
    assert list(health.registry.indicators) == ["health.life", "health.births"]
    assert set(health.observations["indicator_id"]) == {"health.life", "health.births"}
    assert health.milestones["milestone_id"].unique().tolist() == ["health.m1"]
    assert health.sources["source_id"].tolist() == ["source"]


def test_a_regions_view_keeps_every_indicator_and_the_nation_as_what_the_country_is():
    abai = data().where(region_id="KZ-10")

    assert abai.observations["value"].tolist() == [69]
    assert list(abai.registry.regions) == ["KZ-10"]
    assert abai.registry.country_id == "KZ"
    assert len(abai.registry.indicators) == 3


def test_a_programmes_view_cuts_across_sectors():
    rural = data().where(programme_id="rural")

    assert list(rural.registry.indicators) == ["health.life", "education.schools"]
    assert set(rural.observations["indicator_id"]) == {"health.life", "education.schools"}
    assert rural.milestones["milestone_id"].unique().tolist() == ["health.m1"]


def test_what_names_an_indicator_stays_with_its_sector_and_programme():
    named = dataset(
        registry=WORLD,
        milestones="""
            milestone_id | sector_id | programme_id | indicator_id
            m1           | health    | digital      |
            m2           | health    | digital      | education.schools
        """,
        instructions="""
            instruction_id | sector_id | indicator_id      | control
            i1             | health    | education.schools | special
        """,
    )

    assert len(named.where(sector_id="health").milestones) == 2
    assert len(named.where(programme_id="digital").milestones) == 2
    assert len(named.where(sector_id="health").instructions) == 1
    assert len(named.where(indicator_id="education.schools").milestones) == 1


def test_views_follow_on_one_another_and_leave_what_they_came_from_alone():
    whole = data("2024-12-31")
    before = {name: table.copy() for name, table in whole.tables.items()}
    narrow = whole.where(sector_id="health").where(indicator_id="health.life", region_id="KZ")

    assert narrow.observations["value"].tolist() == [71, 72]
    assert narrow.as_of == date(2024, 12, 31)
    for name, table in before.items():
        pd.testing.assert_frame_equal(whole.tables[name], table)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"sector_id": "helth"}, "There is no sector 'helth'. Did you mean health?"),
        ({"region_id": "KZ-99"}, "There is no region 'KZ-99'. Did you mean KZ"),
        ({"indicator_id": "health.lif"}, "Did you mean health.life"),
        ({"programme_id": "x"}, "There are: rural, digital"),
    ],
)
def test_a_view_of_what_is_not_there_offers_what_is(what, said):
    with pytest.raises(DefinitionError) as error:
        data().where(**what)

    assert said in str(error.value)


def test_trace_gives_every_revision_with_its_file_and_cell():
    same(
        data().trace("health.life", period="2022"),
        """
        indicator_id | region_id | period | value | reported_on | source_cell | path                      | sha256
        health.life  | KZ        | 2022   | 70    | 2023-05-01  | Sheet!B2    | data/raw/health/a, b.xlsx | abc
        health.life  | KZ        | 2022   | 71    | 2024-02-01  | Sheet!B3    | data/raw/health/a, b.xlsx | abc
        """,
    )
    assert data("2023-12-31").trace("health.life")["value"].tolist() == [70]
    assert data().trace("health.life", "KZ-10")["value"].tolist() == [69]
    assert data().trace("education.schools", period="2001").empty


def test_a_row_names_its_place_as_people_write_it():
    named = data().place(data().observations)

    assert named.iloc[0] == "a, b.xlsx, Sheet!B7"
    strange = data().observations.assign(source_id="nothing")
    assert data().place(strange).unique().tolist() == [""]


def test_a_table_that_nobody_sent_is_empty_and_typed():
    assert data().spending.columns.tolist() == list(schema.TABLES["spending"].columns)
    with pytest.raises(AttributeError):
        _ = data().nothing_of_the_kind


def test_what_a_dataset_says_it_has_is_what_the_contract_has():
    assert [*_Tables.__annotations__] == [*schema.TABLES, "ids", "regions", "bodies"]


def test_a_misspelt_table_is_refused_before_anything_runs(tmp_path):
    script = tmp_path / "analysis.py"
    script.write_text(
        "from delivery_analytics.model.opening import open_dataset\n"
        "data = open_dataset()\n"
        "data.observations, data.ids.water, data.regions.astana\n"
        "data.obsrvations\n"
    )
    told = subprocess.run(
        # With the options of `make test`: others would check the whole library anew.
        [sys.executable, "-m", "mypy", str(script)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=ROOT,
    ).stdout

    assert 'analysis.py:4: error: "Dataset" has no attribute "obsrvations"' in told
    assert told.count("error:") == 1


def test_the_last_day_anything_was_received_is_known_and_is_none_for_nothing():
    assert data().last_reported_on == date(2024, 6, 1)
    assert Dataset({}, WORLD).last_reported_on is None


def test_a_dataset_shows_its_sizes_and_survives_pickling():
    assert repr(data("2024-12-31")).startswith("<Dataset as of 2024-12-31: 5 observations")
    copy = pickle.loads(pickle.dumps(data()))
    pd.testing.assert_frame_equal(copy.targets, data().targets)


def stored(tmp_path):
    return data().save(tmp_path / "data" / "processed")


def test_what_was_saved_opens_as_it_was(tmp_path):
    opened = open_dataset(stored(tmp_path), WORLD)

    for name in STORED:
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(data(), name))
    assert opened.as_of is None


def test_saving_twice_gives_the_same_bytes(tmp_path):
    folder = stored(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    stored(tmp_path)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_tables_that_no_longer_count_are_taken_away(tmp_path):
    folder = stored(tmp_path)
    dataset(registry=WORLD, observations=OBSERVATIONS).save(folder)
    listed = json.loads((folder / MANIFEST).read_text("utf-8"))["tables"]

    assert {path.name for path in folder.glob("*.parquet")} == set(listed.values())
    assert open_dataset(folder, WORLD).targets.empty


def test_a_table_that_breaks_its_contract_is_never_written(tmp_path):
    folder = stored(tmp_path)
    twice = pd.concat([data().observations] * 2)

    with pytest.raises(ContractError, match="observations"):
        Dataset({"observations": twice}, WORLD).save(folder)
    assert len(open_dataset(folder, WORLD).observations) == 6


@pytest.mark.parametrize("moment", range(1, 14))
def test_a_save_that_breaks_off_anywhere_leaves_the_old_tables_or_gives_the_new(
    tmp_path, monkeypatch, moment
):
    folder = stored(tmp_path)
    changed = dataset(
        registry=WORLD,
        **{
            name: drawing.replace("health/a", "health/b").replace("| 7", "| 8")
            for name, drawing in TABLES.items()
        },
    )
    steps = iter(range(1, 100))

    def breaking(whole):
        def step(*args, **more):
            if next(steps) == moment:
                raise OSError(28, os.strerror(28))
            return whole(*args, **more)

        return step

    monkeypatch.setattr(Path, "replace", breaking(Path.replace))
    monkeypatch.setattr(os, "fsync", breaking(os.fsync))
    try:
        changed.save(folder)
        whole = changed
    except OSError:
        whole = data()
    monkeypatch.undo()

    opened = open_dataset(folder, WORLD)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(whole, name))
    assert not list(folder.glob(".*.new"))


def test_a_folder_where_nothing_was_loaded_says_what_to_do(tmp_path):
    with pytest.raises(SourceError, match="Run `delivery load` first"):
        open_dataset(tmp_path, WORLD)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_a_damaged_table_is_told_and_the_next_save_mends_it(tmp_path, damage):
    folder = stored(tmp_path)
    damage(next(folder.glob("observations.*.parquet")))

    with pytest.raises(SourceError, match="Run `delivery load` again"):
        open_dataset(folder, WORLD)
    stored(tmp_path)
    assert len(open_dataset(folder, WORLD).observations) == 6


def test_what_others_keep_beside_the_tables_is_kept(tmp_path):
    folder = data().save(tmp_path, beside={"load": {"files": 3}})

    assert json.loads((folder / MANIFEST).read_text("utf-8"))["load"] == {"files": 3}


def test_every_figure_is_in_the_cell_it_is_traced_to(tmp_path):
    folder = workspace(tmp_path)
    raw = folder / "data" / "raw" / "health"
    head = ["code", "region", "period", "target", "actual", "as_of"]
    day = date(2025, 1, 20)
    write(
        raw / "a.xlsx",
        ["Отчёт"],
        head,
        ["H-001", "г. Астана", "2024", 40, 31, day],
        ["H-002", None, "2023", 90, "84,5", day],
        ["Итого"],
        ["H-002", None, "2024", 91, 85.25, day],
    )
    loaded = load(open_registry(folder)).dataset
    loaded.save(folder / "data" / "processed")
    opened = open_dataset(folder / "data" / "processed")

    traced = pd.concat(
        [opened.trace("health.clinics", "KZ-71"), opened.trace("health.vaccination")]
    )
    assert sorted(traced["value"]) == [31, 84.5, 85.25]
    for row in traced.itertuples():
        sheet, cell = row.source_cell.split("!")
        held = openpyxl.load_workbook(folder / row.path)[sheet][cell].value
        assert float(str(held).replace(",", ".")) == row.value


def test_rows_drawn_here_keep_the_contract():
    assert len(rows("observations", OBSERVATIONS)) == 6


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (lambda day: data().known_on(day), Dataset.known_on),
        (lambda day: data().known_on(day), Dataset.learned_by),
        (lambda day: data().known_on(day).where(sector_id="health"), Dataset.known_on),
        (lambda day: data().learned_by(day), Dataset.known_on),
        (lambda day: data().learned_by(day), Dataset.learned_by),
    ],
)
def test_a_later_day_cannot_be_known_from_what_an_earlier_day_left(first, then):
    for day in ("2024-02-02", date(2024, 5, 1)):
        with pytest.raises(DefinitionError, match=r"2024-02-01.*Ask the dataset as it was"):
            then(first("2024-02-01"), day)


def test_what_a_day_dropped_is_no_history_of_any_earlier_day_either():
    known = data().known_on("2024-05-01")

    for ask in (known.learned_by, known.known_on, lambda day: changes(known, since=day)):
        with pytest.raises(DefinitionError, match=r"only what was known on 2024-05-01"):
            ask("2024-02-01")
    with pytest.raises(DefinitionError, match="only what was known on 2024-05-01"):
        slippage.history(known)


def test_the_day_that_is_known_already_and_days_before_what_was_learned_may_be_asked():
    known, learned = data().known_on("2024-05-01"), data().learned_by("2024-05-01")

    assert known.known_on("2024-05-01") is known
    for day in ("2023-05-01", "2024-02-01", "2024-05-01"):
        pd.testing.assert_frame_equal(
            learned.known_on(day).observations, data().known_on(day).observations
        )
