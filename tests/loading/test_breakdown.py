"""Figures of women, of towns, of the young: kept beside the whole, and never taken for it."""

from datetime import date

import pandas as pd
import pytest

from delivery_analytics.analytics.status import assess
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.load import load
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
LONG = """
[[sheet]]
table = "observations"
files = ["long*"]
check_totals = true
columns = { indicator = ["code"], region = ["region"], breakdown = ["sex"], period = ["year"], value = ["fact"], target = ["plan"], reported_on = ["as of"] }
[[sheet]]
table = "observations"
files = ["wide*"]
columns = { indicator = ["code"], period = ["year"], reported_on = ["as of"] }
[sheet.wide]
by = ["breakdown"]
[sheet.wide.labels.breakdown]
"" = ["Both"]
men = ["Men"]
women = ["Women"]
[[sheet]]
table = "targets"
files = ["promised*"]
columns = { indicator = ["code"], breakdown = ["sex"], kind = ["kind"], value = ["value"], due_on = ["due"], set_on = ["set"] }
"""
HEAD = ["code", "region", "sex", "year", "fact", "plan", "as of"]


def world(tmp_path, name, *rows):
    folder = workspace(tmp_path, sheets=LONG)
    write(folder / "data" / "raw" / "health" / name, *rows)
    registry = open_registry(folder)
    loaded = load(registry)
    loaded.save()
    return registry, loaded


@pytest.fixture
def by_sex(tmp_path):
    """The whole rises above its plan, women stay below theirs; men are sent without one."""
    sent = {"Всего": (60, 50), "women": (30, 90), "men": (90, None), None: (None, None)}
    rows = [
        ["H-002", "Kazakhstan", sex, year, fact + year % 10 if fact else None, plan, DAY]
        for sex, (fact, plan) in sent.items()
        for year in (2023, 2024)
        if sex
    ]
    return world(tmp_path, "long.xlsx", HEAD, *rows)


def opened(registry, **more):
    return open_dataset(registry.workspace.processed, registry, **more)


def values(data, table="observations"):
    return sorted(getattr(data, table)["value"])


def test_a_totals_word_is_the_whole_and_the_parts_stand_beside_it(by_sex):
    _, loaded = by_sex
    kept = loaded.dataset.observations

    assert not loaded.problems["severity"].eq("error").any(), loaded.problems
    assert set(kept["breakdown"]) == {"", "men", "women"}
    assert loaded.dataset.sources["rows_kept"].sum() == 6
    assert sorted(kept.loc[kept["breakdown"] == "", "value"]) == [63, 64]


def test_every_reader_sees_the_whole_unless_it_asks(by_sex):
    registry, _ = by_sex

    assert values(opened(registry)) == [63, 64]
    assert values(opened(registry, breakdown="women")) == [33, 34]
    assert len(opened(registry, breakdown=None).observations) == 6
    assert values(opened(registry), "targets") == [50, 50]
    assert values(opened(registry, breakdown="women"), "targets") == [90, 90]
    assert values(opened(registry, breakdown="men"), "targets") == []


def test_a_part_that_no_figure_is_of_is_refused_with_those_there_are(by_sex):
    with pytest.raises(DefinitionError, match=r"no breakdown 'woman'.*women"):
        opened(by_sex[0], breakdown="woman")


def test_parts_are_judged_against_their_own_targets(by_sex):
    registry, _ = by_sex
    told = {}
    for part in ("", "women"):
        known = opened(registry, breakdown=part).known_on(DAY)
        rows = assess(known, method="kz_plan_execution").set_index(
            ["indicator_id", "region_id"]
        )
        told[part] = rows.loc[("health.vaccination", "KZ")]

    assert (told[""]["value"], told[""]["expected_value"]) == (64, 50)
    assert (told["women"]["value"], told["women"]["expected_value"]) == (34, 90)
    assert told[""]["status"] != told["women"]["status"]


def test_a_part_sent_twice_counts_once_and_two_that_differ_are_set_aside(tmp_path):
    rows = [
        ["H-001", "Astana", "women", 2024, 5, None, DAY],
        ["H-001", "Astana", "women", 2024, 5, None, DAY],
        ["H-001", "Astana", "men", 2024, 6, None, DAY],
        ["H-001", "Astana", "men", 2024, 7, None, DAY],
        ["H-001", "Astana", None, 2024, 13, None, DAY],
    ]
    _, loaded = world(tmp_path, "long.xlsx", HEAD, *rows)
    told = dict(loaded.problems.groupby("code").size())

    assert (told["row.duplicate"], told["row.primary-key"]) == (1, 2)
    kept = loaded.dataset.observations
    assert [*zip(kept["breakdown"], kept["value"], strict=True)] == [("", 13), ("women", 5)]


def test_parts_may_stand_side_by_side(tmp_path):
    head = ["code", "year", "Both", "Men", "Women", "as of"]
    registry, _ = world(tmp_path, "wide.xlsx", head, ["H-001", 2024, 13, 6, 7, DAY])
    everything = opened(registry, breakdown=None).observations

    assert dict(zip(everything["breakdown"], everything["value"], strict=True)) == {
        "": 13,
        "men": 6,
        "women": 7,
    }
    assert values(opened(registry)) == [13]


def test_targets_of_a_sheet_of_their_own_have_parts(tmp_path):
    head = ["code", "sex", "kind", "value", "due", "set"]
    due = date(2026, 12, 31)
    rows = [["H-001", sex, "final", value, due, DAY] for sex, value in (("", 9), ("men", 4))]
    registry, _ = world(tmp_path, "promised.xlsx", head, *rows)

    assert values(opened(registry), "targets") == [9]
    assert values(opened(registry, breakdown="men"), "targets") == [4]


def test_parts_are_names_down_in_a_wide_table_and_compared(by_sex):
    registry, _ = by_sex
    everything = opened(registry, breakdown=None)
    wide = everything.wide()

    assert wide.index.names == ["sector", "indicator", "unit", "region", "breakdown"]
    assert [*wide.index.get_level_values("breakdown")] == ["", "men", "women"]
    assert wide["2024"].tolist() == [64, 94, 34]
    assert opened(registry).wide().index.names == ["sector", "indicator", "unit", "region"]
    assert "breakdown" in everything.compare("2024-01-01", DAY)
    assert "breakdown" not in opened(registry).compare("2024-01-01", DAY)


def test_tables_of_an_earlier_version_are_of_the_whole(by_sex):
    registry, loaded = by_sex
    older = loaded.dataset.observations.query("breakdown == ''").drop(columns="breakdown")
    stored = registry.workspace.processed
    name = next(stored.glob("observations.*"))
    pd.testing.assert_frame_equal(
        pd.read_parquet(name).query("breakdown == ''").drop(columns="breakdown"), older
    )
    from delivery_analytics.model.parquet import store_table, stored_table

    file = store_table(stored, "observations", older)
    assert stored_table(stored / file)["breakdown"].tolist() == ["", ""]


@pytest.mark.parametrize(("total", "told"), [(30, 0), (60, 1)])
def test_a_total_is_held_against_the_wholes_alone(tmp_path, total, told):
    sent = {"Abai Region": (10, 4, 6), "Astana": (20, 11, 9)}
    rows = [
        ["H-001", region, sex, 2024, figure, None, DAY]
        for region, figures in sent.items()
        for sex, figure in zip(("total", "women", "men"), figures, strict=True)
    ]
    last = ["Total", None, None, None, total, None, None]
    _, loaded = world(tmp_path, "long.xlsx", HEAD, *rows, last)

    assert (loaded.problems["code"] == "value.total-disagrees").sum() == told
