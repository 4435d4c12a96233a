"""The example that ships with the project is whole, honest, and can be made again."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from delivery_analytics import blocks
from delivery_analytics.analytics import quality
from delivery_analytics.loading.load import Loaded, load
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.registry import Registry, open_registry
from delivery_analytics.model.registry_checks import SHORT
from delivery_analytics.wording.wording import open_wording

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
EXAMPLE = ROOT / "data" / "example"
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


@pytest.fixture(scope="module")
def registry() -> Registry:
    return open_registry(ROOT)


@pytest.fixture(scope="module")
def loaded(registry: Registry) -> Loaded:
    return load(registry)


def facts(name: str) -> pd.DataFrame:
    return pd.read_csv(
        EXAMPLE / "facts" / name, dtype=str, keep_default_na=False, encoding="utf-8"
    )


def returns() -> list[Path]:
    return sorted(p for p in RAW.rglob("*") if p.is_file() and p.name != "SOURCES.md")


def test_nine_sectors_stand_in_their_order_with_four_to_eight_indicators_each(registry):
    assert list(registry.sectors) == SECTORS
    sent = [sum(not one.formula for one in s.indicators) for s in registry.sectors.values()]
    assert set(sent) <= set(range(4, 9))


def test_everything_has_a_name_in_three_languages(registry):
    named = [
        *registry.sectors.values(),
        *registry.indicators.values(),
        *registry.regions.values(),
        *registry.units.values(),
        *registry.programmes.values(),
    ]
    texts = [one.name for one in named]
    texts += [s.lead for s in registry.sectors.values()]
    texts += [i.owner for i in registry.indicators.values() if i.owner]
    texts += [i.note for i in registry.indicators.values() if i.note]
    assert [t for t in texts if set(t) != set(LANGUAGES) or not all(t.values())] == []


def test_every_indicator_has_a_name_that_fits_a_brief_and_every_ask_too(registry, loaded):
    names = [
        (words.language, words.short_name(one))
        for words in map(open_wording, LANGUAGES)
        for one in registry.indicators.values()
    ]
    assert [name for name in names if len(name[1]) > SHORT.get(name[0], SHORT[""])] == []
    asked = loaded.dataset.obstacles[[f"ask_{language}" for language in LANGUAGES]]
    assert (asked.map(len).max() <= 85).all()
    assert (asked != "").all(axis=1).sum() == 10


def test_kazakh_names_are_not_russian_ones_left_over(registry):
    same = [
        one.id
        for one in (*registry.indicators.values(), *registry.programmes.values())
        if one.name["kk"] == one.name["ru"]
    ]
    assert same == []


def test_there_are_seventeen_oblasts_three_cities_and_the_country(registry):
    kinds = pd.Series([region.kind for region in registry.regions.values()]).value_counts()
    assert kinds.to_dict() == {"oblast": 17, "city": 3, "country": 1}
    assert all(re.fullmatch(r"KZ(-\d\d)?", region) for region in registry.regions)


def test_a_region_s_name_means_one_region_and_plain_almaty_none(registry):
    owners: dict[str, set[str]] = {}
    for region in registry.regions.values():
        for name in (region.id, *region.name.values(), *region.aliases):
            owners.setdefault(name.casefold(), set()).add(region.id)
    assert [name for name, regions in owners.items() if len(regions) > 1] == []
    assert not {"almaty", "алматы"} & set(owners)
    assert owners["жымбылская"] == {"KZ-31"}
    assert owners["нур-султан"] == {"KZ-71"}


def test_the_five_cross_cutting_programmes_are_defined(registry):
    assert list(registry.programmes) == [
        "fiscal_sustainability",
        "mangystau",
        "human_capital",
        "nuclear_power",
        "artificial_intelligence",
    ]


def test_the_returns_are_written_again_byte_for_byte(tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run(
        [sys.executable, str(EXAMPLE / "build.py"), str(tmp_path)], check=True, env=environment
    )
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(RAW): p.read_bytes() for p in RAW.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(kept)
    assert [path for path in kept if made[path] != kept[path]] == []


def test_what_is_done_about_a_promise_contradicts_it_in_three_places(loaded):
    """Milestones done of what never had a figure; 369 schools ordered, 217 promised since."""
    found = quality.findings(loaded.dataset.learned_by("2025-01-31"))
    told = found[found["rule"].isin(["milestone.no_figure", "instruction.target_moved"])]

    assert list(told[["rule", "subject_id"]].itertuples(index=False, name=None)) == [
        ("instruction.target_moved", "education.comfortable_schools"),
        ("milestone.no_figure", "healthcare.rural_facilities"),
        ("milestone.no_figure", "transport.second_track"),
    ]
    assert told.iloc[0][["value", "compared_with"]].tolist() == [217, 369]


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_is_to_be_done_and_by_whom_reads_in_every_language(loaded, language):
    """All but three owners that are no single body, and stay as they were sent."""
    data, words = loaded.dataset.known_on("2025-01-31"), open_wording(language)
    said = set()
    for block, text, who in (
        (blocks.milestones, "title_marked", "owner"),
        (blocks.actions, "title_marked", "owner"),
        (blocks.obstacles, "text_marked", "owner"),
        (blocks.instructions, "text_marked", "executor"),
    ):
        frame = block(data, words).frame
        said |= {*frame[text], *frame[who]}
    said |= set(blocks.control_measures(data, words, by="act").frame["name"])
    # No letter of another alphabet; in Kazakh a letter that only Kazakh has.
    foreign = {"en": "[а-яё]", "ru": "[a-z]{3}|[әғқңөұүһі]", "kk": "^[^әғқңөұүһі]*$"}[language]

    assert len(said) > 120
    left = {one for one in said if re.search(foreign, one.casefold())}
    assert left <= {
        "Министерство энергетики, акиматы областей",
        "Министерство просвещения, единый оператор",
        "Министерство промышленности и строительства, акиматы",
        "Қазақстан темір жолы",  # a company's own name
    }


def test_every_return_and_every_series_is_named_in_the_sources():
    text = (RAW / "SOURCES.md").read_text(encoding="utf-8")
    assert [p.name for p in returns() if f"`{p.name}`" not in text] == []
    series = set(facts("figures.csv")["indicator_id"])
    assert [name for name in series if f"| `{name}` |" not in text] == []


def test_no_return_is_large_and_all_of_them_together_stay_small():
    sizes = [path.stat().st_size for path in returns()]
    assert max(sizes) <= 300_000
    assert sum(sizes) < 1_500_000


def test_returns_come_in_every_shape_that_was_promised():
    suffixes = {path.suffix for path in returns()}
    assert suffixes == {".xlsx", ".xls", ".ods", ".csv"}
    text = (RAW / "energy" / "energy_2023.csv").read_bytes()
    assert "Министерство энергетики".encode("cp1251") in text
    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")
    with zipfile.ZipFile(RAW / "industry" / "industry_regions_2023.xlsx") as book:
        assert b"<mergeCell " in book.read("xl/worksheets/sheet1.xml")
    with zipfile.ZipFile(RAW / "water" / "wastewater_2023-09-04.ods") as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_every_return_is_read_and_only_the_honest_mistakes_are_set_aside(loaded):
    assert [f.file for f in loaded.files if f.outcome == "rejected"] == []
    errors = loaded.problems.query("severity == 'error'")
    assert sorted(zip(errors["file"], errors["cell"], errors["code"], strict=True)) == [
        ("data/raw/digital/digital_regions_2023.xlsx", "B24", "row.primary-key"),
        ("data/raw/digital/digital_regions_2023.xlsx", "B26", "row.primary-key"),
        ("data/raw/digital/digital_regions_2023.xlsx", "C5", "cell.foreign-key"),
        ("data/raw/digital/digital_regions_2023.xlsx", "E20", "cell.type-error"),
    ]
    repeats = loaded.problems.query("code == 'row.duplicate'")
    assert list(repeats["file"]) == ["data/raw/digital/digital_regions_2023.xlsx"]


def test_every_row_of_every_return_is_accounted_for(loaded):
    sources = loaded.dataset.sources
    assert len(sources) == len(returns())
    counted = sources["rows_kept"] + sources["rows_quarantined"] + sources["rows_skipped"]
    assert (sources["rows_read"] == counted).all()
    assert (sources["rows_kept"] > 0).all()


def test_every_figure_of_the_facts_arrives_as_it_is(loaded):
    known = loaded.dataset.known_on("2025-01-31").observations
    known = known[(known["obs_status"] != "missing") & (known["source_id"] != "")]
    arrived = known.set_index(["indicator_id", "region_id", "period"])["value"]
    expected = facts("figures.csv").set_index(["indicator_id", "region_id", "period"])["value"]
    lost = expected.index.difference(arrived.index)
    # Three regions of one return are set aside on purpose.
    assert list(lost) == [
        ("digital.mobile_users", region, "2023") for region in ("KZ-10", "KZ-62", "KZ-79")
    ]
    both = expected.index.intersection(arrived.index)
    wrong = (arrived[both] - expected[both].astype(float)).abs() > 1e-9
    assert list(both[wrong]) == []
    said = facts("published.csv").set_index(["indicator_id", "region_id", "period"])["value"]
    assert arrived[said.index].tolist() == said.astype(float).tolist()
    assert len(arrived) == len(both) + len(said)


def test_every_amount_arrives_in_tenge_counted_from_january(loaded):
    known = loaded.dataset.known_on("2025-01-31").spending
    assert known["cumulative"].all()
    assert set(known["unit"]) == {"KZT"}
    arrived = known.set_index(["line_id", "region_id", "period"])[["plan", "actual"]]
    expected = facts("spending.csv").set_index(["line", "region_id", "period"]).astype(float)
    assert set(arrived.index) == set(expected.index)
    wrong = (arrived - expected.loc[arrived.index].to_numpy() * 1000).abs() > 0.01
    assert not wrong.any(axis=None)
    # The Ministry of Finance's bulletin: education in local budgets, 2024, bn tenge.
    amount = arrived.loc[("education.local", "KZ", "2024-12"), "actual"] / 1e9
    assert amount == pytest.approx(5817.63785846899, abs=1e-6)


def test_lines_of_the_nation_add_up_to_the_state_budget_once(loaded):
    known = loaded.dataset.known_on("2025-01-31").spending
    nation = known.query("region_id == 'KZ' and period == '2024-12'")
    state = nation.groupby("sector_id")["actual"].sum() / 1e9
    # Portal, state budget by function, 12.2024: transfers to regions counted once.
    assert state["education"] == pytest.approx(6707.200154372)
    assert state["healthcare"] == pytest.approx(2499.780161003)


def test_every_baseline_was_observed_or_starts_a_count(loaded):
    targets = facts("targets.csv")
    baselines = targets.query("kind == 'baseline'")
    assert set(baselines["illustrative"]) == {"no"}
    figures = pd.concat([facts("figures.csv"), facts("published.csv")])
    observed = figures.set_index(["indicator_id", "region_id", "period"])["value"].to_dict()
    unfounded = [
        row.indicator_id
        for row in baselines.itertuples()
        if observed.get((row.indicator_id, row.region_id, row.due_on[:4])) != row.value
        and not (row.value == "0" and row.basis.startswith("count starts at nought"))
    ]
    assert unfounded == []


def test_what_is_not_a_fact_says_so_in_its_own_row(loaded):
    data = loaded.dataset
    assert data.milestones["illustrative"].all()
    assert data.instructions["illustrative"].all()
    targets = data.targets
    assert not targets[targets["kind"] == "baseline"]["illustrative"].any()
    real = targets[~targets["illustrative"] & (targets["kind"] == "final")]
    assert {"healthcare.life_expectancy", "education.comfortable_schools"} <= set(
        real["indicator_id"]
    )
    plans = facts("targets.csv").query("illustrative == 'no' and kind != 'baseline'")
    text = (RAW / "SOURCES.md").read_text(encoding="utf-8")
    rows = {basis.split(":")[0] for basis in plans["basis"]}
    assert [row for row in rows if row not in text] == []


def test_a_target_in_three_versions_is_three_rows(loaded):
    moved = loaded.dataset.targets.query(
        "indicator_id == 'education.comfortable_schools' and region_id == 'KZ' "
        "and kind == 'final'"
    )
    assert moved["value"].tolist() == [401, 369, 217]


def test_a_resubmission_corrects_a_figure_and_both_are_kept(loaded):
    traced = loaded.dataset.trace("water.wastewater_treated", period="2022")
    assert traced["value"].tolist() == [72.5, 75.2]
    before = loaded.dataset.known_on("2023-08-31").trace("water.wastewater_treated")
    assert before.query("period == '2022'")["value"].tolist() == [72.5]


def test_the_past_is_there_and_the_last_day_is_the_last(loaded):
    data = loaded.dataset
    assert str(data.last_reported_on) == "2025-01-31"
    half = data.known_on("2024-06-30")
    assert half.spending["period"].max() == "2024-05"
    assert 0 < len(half.observations) < len(data.known_on("2025-01-31").observations)
    reports = set(data.milestones["reported_on"].dt.date.astype(str))
    assert reports == {"2024-04-15", "2024-07-15", "2024-10-15", "2025-01-20"}


def test_the_statuses_of_the_example_differ(loaded):
    from delivery_analytics.analytics.status import assess

    assessed = assess(loaded.dataset.known_on("2025-01-31"))
    nation = assessed.query("region_id == 'KZ'")
    assert set(nation["status"]) == {
        "achieved",
        "on_track",
        "at_risk",
        "off_track",
        "not_judged",
    }
    assert {"observation_stale", "no_target", "no_observation"} <= set(nation["reason"])
    judged = nation[nation["status"] != "not_judged"]["indicator_id"].str.split(".").str[0]
    assert set(judged) == set(SECTORS)


def test_figures_of_different_scope_are_two_indicators_and_share_no_target(loaded):
    targets = set(loaded.dataset.targets["indicator_id"])
    observed = set(loaded.dataset.observations["indicator_id"])
    assert "transport.road_works" in targets - observed
    assert "transport.highways_built" in observed - targets


def test_no_definition_or_fact_names_a_machine_s_path():
    texts = [
        path
        for folder in (ROOT / "data" / "definitions", EXAMPLE)
        for path in folder.rglob("*")
        if path.suffix in {".toml", ".csv", ".py", ".md"}
    ]
    assert [
        p.name for p in texts if re.search(r"(?<![\w.])/(work|tmp|home)/", p.read_text("utf-8"))
    ] == []
    for path in texts:
        if path.suffix == ".toml":
            tomllib.loads(path.read_text("utf-8"))
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                assert len({len(row) for row in csv.reader(lines)}) == 1, path.name
