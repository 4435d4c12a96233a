"""The example: real figures, in the shapes that ministries use, with only the faults meant."""

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from python_calamine import CalamineWorkbook

from delivery_analytics import status
from delivery_analytics.loader import load, returns
from delivery_analytics.registry import open_registry

WORKSPACE = Path(__file__).parents[1]
EXAMPLE = WORKSPACE / "data" / "example"
RAW = WORKSPACE / "data" / "raw"
SECTORS = [
    "transport",
    "healthcare",
    "education",
    "energy",
    "water",
    "industry",
    "digital",
    "innovation",
    "regions",
]
LAST_DAY = "2025-01-31"
LANGUAGES = {"en", "ru", "kk"}
FAULTY = "digital_regions_2023.xlsx"
# What its mistakes keep out: a region that is none, words for a number, two figures.
SET_ASIDE = {("digital.mobile_users", region, "2023") for region in ("KZ-10", "KZ-62", "KZ-79")}
# A preliminary figure, corrected four months later.
REVISED = ("water.wastewater_treated", "KZ", "2022")


@cache
def registry():
    return open_registry(WORKSPACE)


@cache
def loaded():
    return load(registry())


@cache
def facts(name):
    with (EXAMPLE / "facts" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def known_figures():
    """Return every fact: indicator, region and period → figure."""
    rows = [*facts("figures.csv"), *facts("published.csv")]
    return {(r["indicator_id"], r["region_id"], r["period"]): float(r["value"]) for r in rows}


@cache
def grids(path):
    book = CalamineWorkbook.from_path(path)
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def cell(path, place):
    """Return what a file holds at ``Sheet!F14``; a text file has no sheets."""
    sheet, _, spot = place.rpartition("!")
    letters, row = coordinate_from_string(spot)
    column = column_index_from_string(letters)
    if path.suffix == ".csv":
        lines = path.read_text(encoding="cp1251").splitlines()
        return next(csv.reader([lines[row - 1]], delimiter=";"))[column - 1]
    return grids(path)[sheet][row - 1][column - 1]


def number(value):
    """Return a figure as people write it: with a comma, with a mark."""
    return float(str(value).replace(",", ".").rstrip("*"))


def sent():
    return returns(RAW)


def test_nine_sectors_hold_four_to_eight_indicators_each():
    assert list(registry().sectors) == SECTORS
    for sector in registry().sectors.values():
        assert 4 <= len(sector.indicators) <= 8, sector.id


def test_everything_is_named_in_three_languages():
    everything = [
        *registry().sectors.values(),
        *registry().indicators.values(),
        *registry().regions.values(),
        *registry().units.values(),
        *registry().programmes.values(),
    ]
    for one in everything:
        for field in ("name", "lead", "owner", "note", "symbol"):
            names = getattr(one, field, {})
            assert set(names) in ((set(), LANGUAGES) if field != "name" else (LANGUAGES,)), one
            assert all(text.strip() for text in names.values()), one


def test_every_indicator_has_a_figure_or_a_target():
    data = loaded().dataset
    spoken_of = {*data.observations["indicator_id"], *data.targets["indicator_id"]}

    assert spoken_of == set(registry().indicators)


def test_the_script_writes_every_file_again_byte_for_byte(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLE / "build.py"), str(tmp_path)], check=True)
    written = {p.relative_to(tmp_path): p for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(RAW): p for p in RAW.rglob("*") if p.is_file()}

    assert set(written) == set(kept)
    assert [str(n) for n, p in written.items() if p.read_bytes() != kept[n].read_bytes()] == []


def test_every_file_is_listed_with_its_sector_in_the_sources():
    text = (RAW / "SOURCES.md").read_text(encoding="utf-8")
    sections = dict(
        zip(*[iter(re.split(r"^### (\w+)$", text, flags=re.M)[1:])] * 2, strict=True)
    )
    listed = {
        f"{sector}/{name}"
        for sector in SECTORS
        for name in re.findall(r"^\| `([^`]+)` \|", sections[sector], flags=re.M)
    }

    assert listed == {path.relative_to(RAW).as_posix() for path in sent()}


def test_the_sources_name_origin_commit_and_licence_of_every_series():
    text = (RAW / "SOURCES.md").read_text(encoding="utf-8")

    assert "kazstat/sdg-data-kazstat" in text
    assert "opengov-kz/budget-gov-kz" in text
    assert len(set(re.findall(r"\b[0-9a-f]{40}\b", text))) == 2
    assert "MIT" in text
    for indicator in {row["indicator_id"] for row in facts("figures.csv")}:
        assert re.search(rf"^\| `{indicator}` \| (SDG indicator_|Budget )", text, flags=re.M)
    for row in facts("published.csv"):
        assert f"| `{row['indicator_id']}` | {row['period']} | {row['value']} |" in text


def test_the_returns_are_small_and_name_no_machine():
    files = [*sent(), RAW / "SOURCES.md"]

    assert sum(path.stat().st_size for path in files) < 1_500_000
    assert all(path.stat().st_size < 300_000 for path in files)
    for path in [*files, *EXAMPLE.rglob("*.py"), *EXAMPLE.rglob("*.csv")]:
        assert not re.search(rb"/work/|/tmp/|/home/", path.read_bytes()), path


def test_ministries_send_every_kind_of_file():
    kinds = Counter(path.suffix for path in sent())

    assert set(kinds) == {".xlsx", ".xls", ".ods", ".csv"}
    texts = []
    for path in sorted(RAW.rglob("*.csv")):
        with pytest.raises(UnicodeDecodeError):
            path.read_text(encoding="utf-8")
        texts.append(path.read_text(encoding="cp1251"))
    assert any(re.search(r";\d+,\d+$", text, flags=re.M) for text in texts)


def test_headings_span_two_and_three_rows_and_stand_in_three_languages():
    depth, words, tabs = set(), set(), set()
    for path in RAW.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        tabs.add(len(book.sheetnames))
        for sheet in book:
            for span in sheet.merged_cells.ranges:
                if span.max_col == span.min_col:
                    depth.add(span.max_row - span.min_row + 1)
            words |= {v for row in sheet.iter_rows(values_only=True) for v in row if v}

    assert {2, 3} <= depth
    assert {"Region", "Регион", "Өңір"} <= words
    assert {1, 2, 4} <= tabs


def test_only_the_mistakes_meant_are_errors():
    problems = loaded().problems
    errors = problems[problems["severity"] == "error"]
    found = {(r.file.rpartition("/")[2], r.cell, r.code) for r in errors.itertuples()}

    assert found == {
        (FAULTY, "C5", "cell.foreign-key"),
        (FAULTY, "E20", "cell.type-error"),
        (FAULTY, "B24", "row.primary-key"),
        (FAULTY, "B26", "row.primary-key"),
    }
    assert (FAULTY, "B25", "row.duplicate") in {
        (r.file.rpartition("/")[2], r.cell, r.code) for r in problems.itertuples()
    }


def test_what_else_is_remarked_is_what_a_reader_would_remark():
    problems = loaded().problems
    codes = {
        *problems.loc[problems["severity"] == "warning", "code"],
    }

    assert codes <= {
        "cell.missing",
        "cell.number-as-text",
        "csv.encoding-guessed",
        "row.duplicate",
        "row.footnote",
        "row.total",
        "value.period-normalised",
    }


def test_no_row_of_any_file_is_lost():
    files = loaded().files

    assert len(files) == len(sent())
    for one in files:
        assert one.read == one.kept + one.quarantined + one.skipped, one.file
        assert one.kept, one.file
    assert [one.file for one in files if one.quarantined] == [FAULTY]


def test_every_fact_is_loaded_once_and_unchanged():
    known = known_figures()
    rows = loaded().dataset.known_on(LAST_DAY).observations
    rows = rows[rows["value"].notna()]
    found = {
        (r.indicator_id, r.region_id, r.period): r.value for r in rows.itertuples(index=False)
    }

    assert found == {key: value for key, value in known.items() if key not in SET_ASIDE}


def test_a_figure_differs_from_its_fact_only_where_it_was_revised():
    known = known_figures()
    rows = loaded().dataset.observations
    rows = rows[rows["value"].notna()]
    differing = [
        (key, value, str(day.date()))
        for *key, day, value in rows[
            ["indicator_id", "region_id", "period", "reported_on", "value"]
        ].itertuples(index=False)
        if known[tuple(key)] != value
    ]

    assert differing == [(list(REVISED), 72.5, "2023-05-18")]


@pytest.mark.parametrize(("day", "figure"), [("2023-09-03", 72.5), ("2023-09-04", 75.2)])
def test_the_revised_figure_is_believed_from_the_day_it_came(day, figure):
    rows = loaded().dataset.known_on(day).trace(*REVISED)

    assert rows["value"].tolist() == [figure]
    assert rows["path"].str.endswith(".ods").all()


def test_every_figure_stands_in_the_cell_that_it_is_traced_to():
    data = loaded().dataset
    paths = data.sources.set_index("source_id")["path"]
    rows = data.observations[data.observations["value"].notna()]
    found = [
        number(cell(WORKSPACE / paths[r.source_id], r.source_cell)) for r in rows.itertuples()
    ]

    assert len(found) > 1500
    assert found == rows["value"].tolist()


def test_spending_is_the_fact_in_tenge_and_the_last_return_repeats_the_earlier_ones():
    known = {
        (r["line"], r["region_id"], r["period"]): (float(r["plan"]), float(r["actual"]))
        for r in facts("spending.csv")
    }
    rows = loaded().dataset.spending
    assert set(rows["unit"]) == {"KZT"}
    assert rows["cumulative"].all()
    for r in rows.itertuples():
        line = r.line_id if "." in r.line_id else f"{r.sector_id}.{r.line_id}"
        plan, actual = known[line, r.region_id, r.period]
        assert r.plan == pytest.approx(plan * 1000, abs=0.01)
        assert r.actual == pytest.approx(actual * 1000, abs=0.01)
    held = {(r.sector_id, r.region_id, r.period) for r in rows.itertuples()}
    assert held == {(line.partition(".")[0], region, period) for line, region, period in known}


def test_every_sector_has_sent_months_of_2024_by_the_middle_of_the_year_and_more_later():
    data = loaded().dataset
    for sector in SECTORS:
        lasts = [
            data.known_on(day).where(sector_id=sector).spending["period"].max()
            for day in ("2024-05-31", "2024-06-30", LAST_DAY)
        ]
        assert lasts == ["2023-12", "2024-05", "2024-12"], sector


def test_nothing_is_reported_after_the_last_day_of_the_example():
    data = loaded().dataset

    assert data.last_reported_on == date.fromisoformat(LAST_DAY)
    for table in (data.observations, data.spending, data.milestones, data.instructions):
        assert table["reported_on"].max() <= pd.Timestamp(LAST_DAY)
    assert data.targets["set_on"].max() <= pd.Timestamp(LAST_DAY)


def test_targets_are_those_of_the_table_and_a_baseline_is_a_figure_that_was_observed():
    known = known_figures()
    rows = facts("targets.csv")
    found = {
        (r.indicator_id, r.region_id, r.kind, str(r.due_on.date()), str(r.set_on.date())): (
            r.value,
            r.illustrative,
        )
        for r in loaded().dataset.targets.itertuples()
    }

    assert found == {
        (r["indicator_id"], r["region_id"], r["kind"], r["due_on"], r["set_on"]): (
            float(r["value"]),
            r["illustrative"] == "yes",
        )
        for r in rows
    }
    for row in rows:
        if row["basis"].startswith("observed "):
            key = (row["indicator_id"], row["region_id"], row["basis"].split()[1])
            assert known[key] == float(row["value"]), key
            assert row["due_on"] == f"{key[2]}-12-31"


def test_a_target_that_is_not_illustrative_names_its_source():
    for row in facts("targets.csv"):
        if row["illustrative"] == "no":
            assert re.match(r"observed \d{4}$|[A-Z]+\w*-?|count starts at nought", row["basis"])


@pytest.mark.parametrize(
    ("day", "final"), [("2024-02-12", 401), ("2024-02-13", 369), (LAST_DAY, 217)]
)
def test_the_number_of_comfortable_schools_was_agreed_three_times(day, final):
    rows = loaded().dataset.known_on(day).targets
    rows = rows[rows["indicator_id"].eq("education.comfortable_schools")]
    rows = rows[rows["region_id"].eq("KZ") & rows["kind"].eq("final")]

    assert rows["value"].tolist() == [final]


def test_milestones_and_instructions_are_all_marked_as_illustrative():
    data = loaded().dataset

    assert data.milestones["illustrative"].all()
    assert data.instructions["illustrative"].all()
    assert set(data.milestones["sector_id"]) == set(SECTORS)


def test_milestones_are_done_late_and_still_to_come():
    rows = loaded().dataset.known_on(LAST_DAY).milestones
    day = pd.Timestamp(LAST_DAY)
    open_ones = rows[rows["completed_on"].isna()]

    assert rows["owner"].str.strip().ne("").all()
    assert rows["completed_on"].notna().any()
    assert (rows["completed_on"] > rows["due_on"]).any()
    assert (open_ones["due_on"] < day).any()
    assert (open_ones["due_on"] > day).any()


@pytest.mark.parametrize("day", ["2024-06-30", LAST_DAY])
def test_the_indicators_of_the_nation_are_judged_in_every_way(day):
    found = status.assess(loaded().dataset.known_on(day))
    nation = Counter(found.loc[found["region_id"] == "KZ", "status"])

    assert set(nation) == {"achieved", "on_track", "at_risk", "off_track", "not_judged"}
    assert nation["on_track"] + nation["achieved"] >= 12
    assert nation["at_risk"] + nation["off_track"] >= 10


GOLDEN = [
    ("healthcare.maternal_mortality", "2023", 11.4, "at_risk"),
    ("healthcare.tuberculosis", "2023", 34.7, "achieved"),
    ("healthcare.life_expectancy", "2024", 75.4, "on_track"),
    ("education.comfortable_schools", "2024", 105.0, "off_track"),
    ("energy.gas_access", "2023", 60.0, "on_track"),
    ("water.wastewater_treated", "2022", 75.2, "off_track"),
    ("industry.labour_productivity", "2023", 104.7, "at_risk"),
    ("industry.housing", "2024", 18.0, "achieved"),
    ("digital.mobile_users", "2023", 92.8, "at_risk"),
    ("innovation.rd_share", "2023", 0.14, "off_track"),
    ("transport.highways_built", "2024", 7000.0, "not_judged"),
]


@pytest.mark.parametrize(("indicator", "period", "value", "judged"), GOLDEN)
def test_a_reader_finds_these_figures(indicator, period, value, judged):
    found = status.assess(loaded().dataset.known_on(LAST_DAY))
    row = found[(found["indicator_id"] == indicator) & (found["region_id"] == "KZ")].iloc[0]

    assert (row["period"], row["value"], row["status"]) == (period, value, judged)
