"""Returns of every shape become tidy rows, and what is wrong is named and set aside."""

import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import delivery_analytics as da
from delivery_analytics.loading.incremental import BESIDE
from delivery_analytics.loading.intake import return_files
from delivery_analytics.loading.load import read_alone
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from tests.support.grids import LONG, world
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of"]


def loaded(folder):
    return da.load(open_registry(folder))


def raw(folder, name="return.xlsx"):
    return folder / "data" / "raw" / "health" / name


def figures(result):
    rows = result.dataset.observations
    return {
        (row.indicator_id, row.region_id, row.period): row.value for row in rows.itertuples()
    }


def codes(result, severity="error"):
    rows = result.problems
    return sorted(rows.loc[rows["severity"] == severity, "code"])


def lawful(result):
    rows = result.dataset.sources
    accounted = rows["rows_kept"] + rows["rows_quarantined"] + rows["rows_skipped"]
    return (rows["rows_read"] == accounted).all()


def test_a_standard_return_needs_no_layout(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY], ["H-002", "2024", 90, 84.5, DAY])

    result = loaded(folder)

    assert figures(result) == {
        ("health.clinics", "KZ", "2024"): 31.0,
        ("health.vaccination", "KZ", "2024"): 84.5,
    }
    assert result.dataset.targets["value"].tolist() == [40.0, 90.0]
    assert result.dataset.observations["source_cell"].tolist() == ["Progress!D2", "Progress!D3"]
    assert lawful(result)


WIDE = """
[[sheet]]
table = "observations"
header = 3
wide = { by = ["period"] }
constants = { reported_on = 2025-01-20 }
columns = { indicator = ["Показатель", "Көрсеткіш"], region = ["Регион"] }
"""


def test_periods_across_the_columns_become_one_row_each(tmp_path):
    folder = workspace(tmp_path, WIDE)
    write(
        raw(folder),
        ["Отчёт министерства"],
        [],
        ["Показатель", "Регион", "2022", "2023*", 2024],
        ["Отремонтировано поликлиник", "г. Астана", 5, "н/д", 7],
        ["Итого", None, 5, None, 7],
        ["* предварительно"],
    )

    result = loaded(folder)

    rows = result.dataset.observations
    assert rows["period"].tolist() == ["2022", "2023", "2024"]
    assert rows["obs_status"].tolist() == ["normal", "missing", "normal"]
    assert rows["source_cell"].tolist() == ["Progress!C4", "Progress!D4", "Progress!E4"]
    warned = ["cell.mark-unknown", "cell.missing", "row.footnote", "row.total"]
    assert codes(result, "warning") == warned
    assert lawful(result)


TWO_ROWS = """
[[sheet]]
table = "spending"
header_rows = 2
cumulative = true
scale = 1000
constants = { unit = "KZT", reported_on = 2025-01-20 }
columns = { line = ["Строка"] }

[sheet.wide]
by = ["period"]
values = { plan = ["План"], actual = ["Факт"] }
"""


def test_a_merged_heading_of_two_rows_gives_plan_and_actual_of_each_month(tmp_path):
    folder = workspace(tmp_path, TWO_ROWS)
    write(
        raw(folder),
        ["Строка", None, None, None, None],
        [None, "План", "Факт", "План", "Факт"],
        ["Лечение", 10, 9, 30, 27.5],
        merges=[("A1:A2", "Строка"), ("B1:C1", "январь 2024"), ("D1:E1", "янв-март 2024")],
    )

    result = loaded(folder)

    rows = result.dataset.spending
    assert rows[["period", "plan", "actual"]].values.tolist() == [
        ["2024-01", 10000.0, 9000.0],
        ["2024-03", 30000.0, 27500.0],
    ]
    assert rows["source_cell"].tolist() == ["Progress!C3", "Progress!E3"]
    assert rows["plan_cell"].tolist() == ["Progress!B3", "Progress!D3"]


REGIONS = """
[[sheet]]
table = "observations"
wide = { by = ["region"] }
constants = { indicator = "clinics", reported_on = 2025-01-20 }
columns = { period = ["Год"] }
"""


def test_regions_across_the_columns_are_found_in_any_language(tmp_path):
    folder = workspace(tmp_path, REGIONS)
    write(
        raw(folder),
        ["Год", "Казахстан", "Абай облысы", "Astana"],
        [2023, 9, 4, 5],
        [2024, 11, 5, 6],
    )

    assert figures(loaded(folder))["health.clinics", "KZ-10", "2024"] == 5.0
    assert len(loaded(folder).dataset.observations) == 6


TRANSPOSED = """
[[sheet]]
table = "observations"
transpose = true
constants = { reported_on = 2025-01-20 }
columns = { indicator = ["код"], period = ["год"], value = ["факт"] }
"""


def test_a_table_on_its_side_keeps_the_addresses_of_the_sheet(tmp_path):
    folder = workspace(tmp_path, TRANSPOSED)
    write(raw(folder), ["код", "H-001", "H-002"], ["год", 2024, 2024], ["факт", 31, 84.5])

    result = loaded(folder)

    assert sorted(result.dataset.observations["source_cell"]) == ["Progress!B3", "Progress!C3"]


TWO_TABLES = """
[[sheet]]
table = "observations"
area = "A1:C3"
constants = { reported_on = 2025-01-20, region = "KZ-71" }
columns = { indicator = ["code"], period = ["period"], value = ["actual"] }

[[sheet]]
table = "observations"
below = "Таблица 2"
header = 0
constants = { reported_on = 2025-01-20, region = "KZ-10" }
columns = { indicator = ["code"], period = ["period"], value = ["actual"] }
"""


def test_two_tables_on_one_sheet_are_read_apart(tmp_path):
    folder = workspace(tmp_path, TWO_TABLES)
    write(
        raw(folder),
        ["code", "period", "actual"],
        ["H-001", "2023", 1],
        ["H-001", "2024", 2],
        [],
        ["Таблица 2. Абай"],
        ["code", "period", "actual"],
        ["H-001", "2024", 3],
    )

    assert figures(loaded(folder)) == {
        ("health.clinics", "KZ-71", "2023"): 1.0,
        ("health.clinics", "KZ-71", "2024"): 2.0,
        ("health.clinics", "KZ-10", "2024"): 3.0,
    }


TREE = """
[[sheet]]
table = "spending"
cumulative = true
file_name = '^budget_(?P<region>.+)\\.xlsx$'
constants = { unit = "KZT", reported_on = 2025-01-20, period = "2024-12" }
columns = { line = ["name"], actual = ["fact"] }
keep = [{ column = ["level"], among = ["1"] }]
"""


def test_of_a_tree_one_level_is_kept_and_the_region_is_in_the_files_name(tmp_path):
    folder = workspace(tmp_path, TREE)
    write(
        raw(folder, "budget_Абайская.xlsx"),
        ["level", "name", "fact"],
        [0, "Health", 10],
        [1, "Hospitals", 7],
        [2, "Repairs", 3],
        [1, "Clinics", 3],
    )

    result = loaded(folder)

    rows = result.dataset.spending
    assert rows[["line_id", "region_id", "actual"]].values.tolist() == [
        ["health.Clinics", "KZ-10", 3.0],
        ["health.Hospitals", "KZ-10", 7.0],
    ]
    assert lawful(result)


def test_a_bad_cell_sets_its_row_aside_and_its_neighbours_load(tmp_path):
    folder = workspace(tmp_path)
    write(
        raw(folder),
        HEAD,
        ["H-001", "2024", 40, "сорок", DAY],
        ["H-002", "2024", 90, 184.5, DAY],
        ["H-002", "2023", 90, 84.5, DAY],
    )

    result = loaded(folder)

    assert list(figures(result).values()) == [84.5]
    assert codes(result) == ["cell.constraint-error", "cell.type-error"]
    assert set(result.problems.query("severity == 'error'")["cell"]) == {"D2", "D3"}
    assert lawful(result)


def test_rows_that_contradict_each_other_are_both_set_aside_and_equal_ones_count_once(tmp_path):
    folder = workspace(tmp_path)
    write(
        raw(folder),
        HEAD,
        ["H-001", "2024", 40, 31, DAY],
        ["H-001", "2024", 40, 99, DAY],
        ["H-002", "2024", 90, 84.5, DAY],
        ["H-002", "2024", 90, 84.5, DAY],
    )

    result = loaded(folder)

    assert figures(result) == {("health.vaccination", "KZ", "2024"): 84.5}
    assert codes(result) == ["row.primary-key", "row.primary-key"]
    assert "row.duplicate" in codes(result, "warning")
    assert lawful(result)


def test_one_bad_file_never_stops_the_others_and_a_copy_counts_once(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    shutil.copy(raw(folder, "a.xlsx"), raw(folder, "b.xlsx"))
    raw(folder, "c.xlsx").write_bytes(b"not a workbook at all \x00\x01")

    result = loaded(folder)

    assert figures(result) == {("health.clinics", "KZ", "2024"): 31.0}
    outcomes = {one.file: one.outcome for one in result.files}
    assert outcomes["b.xlsx"] == "loaded_with_warnings"
    assert outcomes["c.xlsx"] == "rejected"


def test_a_resubmission_supersedes_from_the_day_it_came(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    write(raw(folder, "b.xlsx"), HEAD, ["H-001", "2024", 40, 33, date(2025, 2, 20)])

    data = loaded(folder).dataset

    assert data.observations["value"].tolist() == [31.0, 33.0]
    assert data.known_on("2025-02-19").observations["value"].tolist() == [31.0]
    assert data.known_on("2025-02-20").observations["value"].tolist() == [33.0]
    assert data.known_on("2025-01-19").observations.empty


def test_a_hidden_row_is_read_and_named(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY], hidden_rows=[2])

    result = loaded(folder)

    assert len(result.dataset.observations) == 1
    assert "row.hidden" in codes(result, "warning")


def test_a_missing_heading_is_named_with_what_the_row_lacks(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), ["code", "period", "as_of"], ["H-001", "2024", DAY])

    result = loaded(folder)

    assert [one.outcome for one in result.files] == ["rejected"]
    assert "lacks 'actual'" in result.problems["message"].iloc[0]


def test_a_figure_leads_to_the_cell_that_holds_it(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY])

    [row] = loaded(folder).dataset.trace("health.clinics", period="2024").to_dict("records")

    assert (row["path"], row["source_cell"]) == ("data/raw/health/return.xlsx", "Progress!D2")
    assert row["value"] == 31.0


def test_what_is_unchanged_is_not_read_again(tmp_path, monkeypatch):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    write(raw(folder, "b.xlsx"), HEAD, ["H-002", "2024", 90, 84.5, DAY])
    processed = loaded(folder).save()
    registry = open_registry(folder)

    again = da.load(registry, previous=processed)
    write(raw(folder, "b.xlsx"), HEAD, ["H-002", "2024", 90, 85.5, DAY])
    changed = da.load(registry, previous=processed)

    assert all(one.reused for one in again.files)
    assert [one.reused for one in changed.files] == [True, False]
    assert figures(changed) == figures(loaded(folder))
    assert codes(changed, "warning") == codes(loaded(folder), "warning")


def test_what_is_unchanged_is_not_written_again_where_it_already_is(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY])
    processed = loaded(folder).save()
    manifest = processed / "manifest.json"
    before = manifest.stat().st_mtime_ns, manifest.stat().st_ino
    again = da.load(open_registry(folder), previous=processed)

    assert again.save(processed) == processed
    assert (manifest.stat().st_mtime_ns, manifest.stat().st_ino) == before
    elsewhere = again.save(tmp_path / "elsewhere")
    assert (elsewhere / "manifest.json").read_bytes() == manifest.read_bytes()


def test_changed_definitions_have_everything_read_again(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY])
    processed = loaded(folder).save()
    sector = folder / "data" / "definitions" / "sectors" / "health.toml"
    sector.write_text(sector.read_text("utf-8").replace("[0, 100]", "[0, 99]"), "utf-8")

    again = da.load(open_registry(folder), previous=processed)

    assert not any(one.reused for one in again.files)


def test_a_save_that_is_interrupted_leaves_the_old_tables_whole(tmp_path, monkeypatch):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY])
    processed = loaded(folder).save()
    write(raw(folder), HEAD, ["H-001", "2024", 40, 32, DAY])
    changed = loaded(folder)
    replace = Path.replace

    def full(self, target):
        if Path(target).name == "manifest.json":
            raise OSError(28, os.strerror(28))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        changed.save()

    old = open_dataset(processed, open_registry(folder))
    assert old.observations["value"].tolist() == [31.0]


def test_a_workbook_packed_again_is_known_by_its_cells(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    write(raw(folder, "b.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY], created=2)

    result = loaded(folder)

    assert raw(folder, "a.xlsx").read_bytes() != raw(folder, "b.xlsx").read_bytes()
    assert "intake.duplicate_table" in codes(result, "warning")
    assert len(result.dataset.observations) == 1


def test_a_report_of_another_file_that_contradicts_names_both_files(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    write(raw(folder, "b.xlsx"), HEAD, ["H-001", "2024", 40, 32, DAY])

    result = loaded(folder)

    assert figures(result) == {}
    problems = result.problems.query("code == 'row.primary-key'")
    assert sorted(problems["file"]) == ["data/raw/health/a.xlsx", "data/raw/health/b.xlsx"]
    assert lawful(result)


QUARTERS = """
[[sheet]]
table = "observations"
header = 0
header_rows = 2
fill = ["region"]
blank = { region = "KZ" }
constants = { reported_on = 2025-01-20, indicator = "H-001" }
columns = { region = ["Регион"], indicator_name = ["№"] }
optional = ["indicator_name"]
mixed_periods = true

[sheet.wide]
by = ["period"]
values = { target = ["план"], value = ["факт"] }
"""


def test_a_ministrys_form_with_everything_at_once_is_read(tmp_path):
    """A title, a heading of two rows, numbered columns, captions, totals, and footnotes."""
    folder = workspace(tmp_path, QUARTERS)
    write(
        raw(folder, "Отчёт за 2024 год.xlsx"),
        ["Сведения о ходе исполнения"],
        ["(по состоянию на 20.01.2025 г.)"],
        [],
        ["№", "Регион", None, None, None, None],
        [None, None, "план", "факт", "план", "факт"],
        [1, 2, 3, 4, 5, 6],
        ["Север"],
        [1, None, 10, 9, "20", "19*"],
        ["Юг"],
        [2, "Абай облысы", 5, "н/д", 6, "5,5"],
        ["Итого", None, 15, 9, 26, 24.5],
        [None, "Всего по РК", 15, 9, 26, 24.5],
        [],
        ["* предварительно"],
        merges=[
            ("A4:A5", "№"),
            ("B4:B5", "Регион"),
            ("C4:D4", "I кв. 2024"),
            ("E4:F4", "2024 жыл"),
            ("A1:F1", "Сведения о ходе исполнения"),
        ],
    )
    result = loaded(folder)

    assert figures(result) == {
        ("health.clinics", "KZ", "2024-Q1"): 9.0,
        ("health.clinics", "KZ", "2024"): 19.0,
        ("health.clinics", "KZ-10", "2024-Q1"): pytest.approx(float("nan"), nan_ok=True),
        ("health.clinics", "KZ-10", "2024"): 5.5,
    }
    statuses = result.dataset.observations["obs_status"].tolist()
    assert sorted(statuses) == ["marked", "missing", "normal", "normal"]
    assert result.dataset.targets["value"].sum() == 10 + 20 + 5 + 6
    warned = codes(result, "warning")
    assert warned.count("row.total") == 2
    assert warned.count("row.section") == 3  # the numbers of the columns, and two captions
    assert warned.count("row.footnote") == 1
    assert warned.count("cell.mark-unknown") == 1  # what the footnote says is not guessed
    assert codes(result) == []
    assert lawful(result)


WATER = """
name = { en = "Water", ru = "Вода", kk = "Су" }

[[indicator]]
id = "pipes"
code = "W-001"
name = { en = "Pipes laid", ru = "Проложено труб", kk = "Тартылған құбыр" }
unit = "units"
direction = "increase"

[[sheet]]
table = "observations"
sheets = ["Трубы"]
header = 0
wide = { by = ["region"] }
constants = { indicator = "W-001", reported_on = 2025-01-20 }
columns = { period = ["Год"] }
"""


def test_a_tenth_sector_is_one_definition_and_one_workbook_and_no_code(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder), HEAD, ["H-001", "2024", 40, 31, DAY])
    before = loaded(folder)
    sectors = folder / "data" / "definitions" / "sectors"
    (sectors / "water.toml").write_text(WATER, "utf-8")
    write(
        folder / "data" / "raw" / "water" / "трубы.xlsx",
        ["Отчёт о трубах"],
        ["Год", "Қазақстан", "Астана қаласы"],
        [2023, 9, 4],
        [2024, 11, 5],
        sheet="Трубы",
    )

    after = loaded(folder)

    assert figures(after) == figures(before) | {
        ("water.pipes", "KZ", "2023"): 9.0,
        ("water.pipes", "KZ", "2024"): 11.0,
        ("water.pipes", "KZ-71", "2023"): 4.0,
        ("water.pipes", "KZ-71", "2024"): 5.0,
    }
    judged = da.assess(after.dataset.known_on("2025-01-31"))
    assert set(judged["indicator_id"]) == {
        "health.clinics", "health.vaccination", "water.pipes",
    }  # fmt: skip
    assert after.dataset.where(sector_id="water").sources["path"].tolist() == [
        "data/raw/water/трубы.xlsx"
    ]


def test_the_order_in_which_files_are_found_is_the_same_on_every_machine(tmp_path):
    folder = workspace(tmp_path)
    for name in ("б.xlsx", "a.xlsx", "sub/c.xlsx", "B.xlsx", "notes.md", ".gitkeep"):
        path = raw(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")

    found = return_files(folder / "data" / "raw" / "health")

    assert found == sorted(found)
    assert {path.name for path in found} == {"б.xlsx", "a.xlsx", "c.xlsx", "B.xlsx"}


LINES = st.lists(
    st.tuples(
        st.sampled_from(["H-001", "H-002", "H-009"]),
        st.sampled_from(["2023", "2024"]),
        st.sampled_from(["40", "41", "n/a"]),
        st.sampled_from(["31", "32", "x1"]),
        st.sampled_from(["2025-01-20", "2025-02-01"]),
    ),
    min_size=1,
    max_size=4,
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from("abc"), LINES),
        st.tuples(st.just("copy"), st.sampled_from("abc"), st.sampled_from("abc")),
        st.tuples(st.just("remove"), st.sampled_from("abc"), st.none()),
    ),
    min_size=1,
    max_size=4,
)


def edit(folder, kind, name, what):
    path = raw(folder, f"{name}.csv")
    if kind == "write":
        lines = [",".join(line) for line in (tuple(HEAD), *what)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    elif kind == "remove":
        path.unlink(missing_ok=True)
    elif raw(folder, f"{what}.csv").exists():
        path.write_bytes(raw(folder, f"{what}.csv").read_bytes())


def shown(result):
    """Return what a load gave, but for what it holds against the last one; of a problem, all
    but how its place is named.
    """
    data = result.dataset
    told = data.problems[~data.problems["code"].isin(BESIDE)]
    told = told[["source_id", "file", "code", "severity", "value"]]
    told = sorted(told.itertuples(index=False, name=None))
    return told, *(
        getattr(data, name).to_csv() for name in ("observations", "targets", "sources")
    )


@settings(max_examples=4, deadline=None)
@given(st.lists(EDITS, min_size=2, max_size=3))
def test_reading_only_what_changed_gives_what_reading_everything_gives(steps):
    with tempfile.TemporaryDirectory() as temporary:
        folder = workspace(Path(temporary))
        registry = open_registry(folder)
        processed = folder / "data" / "processed"
        for edits in steps:
            for one in edits:
                edit(folder, *one)
            again = da.load(registry, previous=processed, without_gone=True)
            again.save()
            assert shown(again) == shown(da.load(registry))


def test_a_file_copied_over_another_counts_once_when_only_changes_are_read(tmp_path):
    folder = workspace(tmp_path)
    write(raw(folder, "a.xlsx"), HEAD, ["H-001", "2024", 40, 31, DAY])
    write(raw(folder, "b.xlsx"), HEAD, ["H-002", "2024", 90, 84.5, DAY])
    processed = loaded(folder).save()
    shutil.copy(raw(folder, "b.xlsx"), raw(folder, "a.xlsx"))

    again = da.load(open_registry(folder), previous=processed)
    again.save()

    assert shown(again) == shown(loaded(folder))
    assert figures(again) == {("health.vaccination", "KZ", "2024"): 84.5}


def test_a_file_too_large_to_read_is_not_fingerprinted_either(tmp_path):
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    began = time.perf_counter()

    result = read_alone(world(LONG), path, None)

    assert [problem.code for problem in result.problems] == ["security.file_size"]
    assert result.sha256 == ""
    assert time.perf_counter() - began < 5  # of two gigabytes, the hash alone takes longer
