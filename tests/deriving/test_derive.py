"""Figures that nobody sent: when they are known, what they are made of, what is told."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import delivery_analytics as da
from delivery_analytics.deriving.derive import with_derived
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Region, open_registry
from delivery_analytics.wording.wording import open_wording
from tests.support import console
from tests.support.tables import dataset, registry
from tests.support.workbooks import workspace, write

INDICATORS = """
name = { en = "Health" }
[[indicator]]
id = "births"
name = { en = "Births" }
unit = "units"
direction = "increase"
over_regions = "sum"
[[indicator]]
id = "attended"
name = { en = "Attended" }
unit = "units"
direction = "increase"
aggregation = "sum"
[[indicator]]
id = "share"
name = { en = "Share attended" }
unit = "percent"
direction = "increase"
plausible = [0, 100]
formula = "share(attended, births)"
[[indicator]]
id = "gain"
name = { en = "Gain" }
unit = "percent"
direction = "increase"
formula = "difference(share)"
"""
SHEET = """
[[sheet]]
table = "observations"
files = ["*.xlsx"]
header = 1
columns = { indicator = ["what"], region = ["where"], period = ["when"], value = ["value"], reported_on = ["on"] }
"""
HEAD = ["what", "where", "when", "value", "on"]
MAY, JUNE, JULY = date(2024, 5, 20), date(2024, 6, 20), date(2024, 7, 20)


@pytest.fixture
def folder(tmp_path):
    """A workspace whose two regions sent births of two years, one of them late."""
    folder = workspace(tmp_path, SHEET, INDICATORS)
    write(
        folder / "data/raw/health/a.xlsx",
        HEAD,
        ["Births", "Astana", "2022", 100, MAY],
        ["Births", "Абайская", "2022", 300, MAY],
        ["Births", "Astana", "2023", 200, MAY],
        ["Births", "Абайская", "2023", 200, JUNE],
        ["Attended", "Astana", "2022", 50, MAY],
        ["Attended", "Абайская", "2022", 150, MAY],
        ["Attended", "Astana", "2023", 150, MAY],
        ["Attended", "Абайская", "2023", 170, JUNE],
        ["Attended", "Абайская", "2023", 190, JULY],
    )
    return folder


def again(folder):
    loaded = da.load(open_registry(folder), previous=folder / "data/processed")
    loaded.save()
    return loaded


def told(loaded):
    return [(p.code, p.value) for one in loaded.beside for p in one.problems]


def values(data, key, region="KZ"):
    rows = data.observations.query("indicator_id == @key and region_id == @region")
    return dict(zip(rows["period"], rows["value"], strict=True))


def test_each_day_knows_what_followed_from_what_was_known_on_it(folder):
    data = again(folder).dataset

    shares = {day: values(data.known_on(day), "health.share") for day in (MAY, JUNE, JULY)}
    assert shares == {
        MAY: {"2022": 50},
        JUNE: {"2022": 50, "2023": 80},
        JULY: {"2022": 50, "2023": 85},
    }
    assert values(data.known_on(JULY), "health.gain") == {"2023": 35}
    rows = data.observations.query("indicator_id == 'health.births' and region_id == 'KZ'")
    assert rows["reported_on"].dt.date.tolist() == [MAY, JUNE]
    assert (rows["source_cell"] == "").all()


def test_what_lacks_a_region_makes_no_nation_and_says_who_is_missing(folder):
    known = again(folder).dataset.known_on(MAY)

    assert values(known, "health.births") == {"2022": 400}
    assert told(again(folder)) == []  # by July every region has reported
    write(folder / "data/raw/health/b.xlsx", HEAD, ["Births", "Astana", "2024", 1, JULY])
    loaded = again(folder)
    assert told(loaded) == [("coverage.partial", "health.births")]
    [problem] = [p for one in loaded.beside for p in one.problems]
    assert problem.message.endswith("KZ was made of its parts. 2024: 1 of 2, without KZ-10")
    assert told(again(folder)) == [("coverage.partial", "health.births")]  # nothing changed


def test_a_derived_figure_is_worked_out_again_from_the_cells_that_trace_names(folder):
    data = again(folder).dataset
    traced = data.trace("health.gain", period="2023")
    last = traced[traced["reported_on"] == traced["reported_on"].max()]

    cells = traced[traced["source_cell"] != ""]
    assert set(cells["path"]) == {"data/raw/health/a.xlsx"}
    sheet = pd.read_excel(folder / "data/raw/health/a.xlsx")
    sent = [sheet.iloc[int(cell[len("Progress!D") :]) - 2] for cell in cells["source_cell"]]
    assert [row["value"] for row in sent] == cells["value"].tolist()
    assert last["level"].iloc[0] == 0
    newest = pd.DataFrame(sent).assign(when=lambda rows: rows["when"].astype(str))
    newest = newest.sort_values("on").drop_duplicates(["what", "where", "when"], keep="last")
    sums = newest.pivot_table(index="what", columns="when", values="value", aggfunc="sum")
    share = 100 * sums.loc["Attended"] / sums.loc["Births"]
    assert values(data.known_on(JULY), "health.gain") == {
        "2023": pytest.approx(share["2023"] - share["2022"])
    }


def test_the_tree_is_shown_by_the_command_and_in_a_report(folder):
    again(folder)
    shown = console.run("--workspace", folder, "trace", "health.share", "--period", "2022")
    data = open_dataset(folder / "data/processed").where(indicator_id="health.share")
    table = da.blocks.traced(data, open_wording("en"), indicator_id="health.share")

    assert "made of" in shown.stdout
    assert "    health.births, KZ-71, 2022  100" in shown.stdout
    assert "data/raw/health/a.xlsx, Progress!D2" in shown.stdout
    assert table.frame["figure"].tolist()[:3] == [
        "Share attended, Kazakhstan",
        "– Attended, Kazakhstan",
        "– – Attended, Abai Region",
    ]
    assert data.place(data.observations).iloc[0] == "a.xlsx, Progress!D7 · +3"
    owed = data.observations.assign(period="2030")  # nothing was made of that
    assert set(data.place(owed)) == {""}


def test_parents_go_with_the_figures_that_are_chosen(folder):
    data = again(folder).dataset
    chosen = data.known_on(JUNE).where(indicator_id="health.share", region_id="KZ-71")

    assert {*chosen.parents["parent_region_id"]} == {"KZ-71"}
    assert {*chosen.parents["parent_id"]} == {"health.births", "health.attended"}
    assert (chosen.parents["reported_on"] <= pd.Timestamp(JUNE)).all()
    assert data.where(period=("2022", "2022")).parents["period"].unique().tolist() == ["2022"]


def test_a_made_figure_is_never_taken_for_one_that_was_received(folder):
    first = again(folder).dataset
    write(folder / "data/raw/health/b.xlsx", HEAD, ["Births", "Astana", "2022", 200, JULY])
    second = again(folder)

    assert [one.reused for one in second.files] == [True, False]
    assert values(second.dataset.known_on(JULY), "health.births")["2022"] == 500
    fresh = da.load(open_registry(folder)).dataset
    for name in ("observations", "parents"):
        pd.testing.assert_frame_equal(getattr(second.dataset, name), getattr(fresh, name))
    assert len(fresh.observations) > len(first.observations)


def test_a_sent_figure_stays_and_what_differs_from_it_is_told_at_its_cell(folder):
    write(
        folder / "data/raw/health/c.xlsx",
        HEAD,
        ["Births", "Kazakhstan", "2022", 401, JUNE],
        ["Births", "Kazakhstan", "2023", 400, JULY],
    )
    loaded = again(folder)
    problems = loaded.problems.query("code == 'derived.disagrees'")

    assert problems["cell"].tolist() == ["D2"]
    assert problems["file"].tolist() == ["data/raw/health/c.xlsx"]
    assert "401 was sent, and what it is made of gives 400" in problems["message"].iloc[0]
    data = loaded.dataset
    assert values(data.known_on(MAY), "health.births") == {"2022": 400}
    assert values(data.known_on(JULY), "health.births") == {"2022": 401, "2023": 400}
    assert values(data.known_on(JULY), "health.share")["2022"] == pytest.approx(20000 / 401)


def test_what_cannot_be_is_left_out_and_a_division_by_nought_told_once(folder):
    write(
        folder / "data/raw/health/d.xlsx",
        HEAD,
        *(
            [what, "Astana", "2020", value, JULY]
            for what, value in (("Births", 0), ("Attended", 5))
        ),
        *(
            [what, "Astana", "2021", value, JULY]
            for what, value in (("Births", 4), ("Attended", 5))
        ),
    )
    loaded = again(folder)
    own = loaded.problems[loaded.problems["value"] == "health.share"].set_index("code")[
        "message"
    ]

    assert own["derived.no-value"].endswith("has no value: KZ-71, 2020")
    assert own["derived.implausible"].endswith("left out: KZ-71, 2021")
    found = values(loaded.dataset.known_on(JULY), "health.share", "KZ-71")
    assert "2021" not in found
    assert pd.isna(found["2020"])
    # By its definition, which has no cell; no blank return asks for it, and nobody owes it.
    assert set(loaded.problems.query("value == 'health.share'")["cell"]) == {""}


REGIONS = registry("""
    indicator_id      | unit    | over_regions  | weight | coverage_at_least | plausible
    health.people     | cases   | none          |        |                   |
    health.rate       | percent | weighted_mean | people | 0.9               |
    health.mean       | percent | mean          |        |                   |
    health.least      | years   | min           |        |                   |
    health.beds       | cases   | sum           |        |                   |
""")


def whole(drawn, known=REGIONS, **tables):
    """Return the nation's figures that regions make, and what is told."""
    data, found = with_derived(dataset(registry=known, observations=drawn, **tables))
    return data, [problem.message for _, _, problem in found]


WEIGHTS = """
    indicator_id  | region_id | period | value
    health.people | KZ-10     | 2022   | 50
    health.people | KZ-71     | 2022   | 40
    health.people | KZ-75     | 2022   | 10
"""


def test_a_weighted_mean_of_most_of_the_weight_is_an_estimate_that_says_so():
    rows = f"""{WEIGHTS}
        health.rate | KZ-10 | 2023 | 10
        health.rate | KZ-71 | 2023 | 19
        health.rate | KZ-10 | 2022 | 10
        health.rate | KZ-75 | 2022 | 20
    """
    data, said = whole(rows)
    made = data.observations.query("region_id == 'KZ'")

    assert made[["period", "value", "obs_status"]].values.tolist() == [
        ["2023", 14, "estimated"]
    ]
    assert said == [
        "no figure of KZ was made of its parts. 2022: 2 of 3, without KZ-71",
        "an estimate of KZ was made of its parts. 2023: 2 of 3, 90 % of the weight, "
        "without KZ-75",
    ]
    assert sorted(data.parents["parent_id"]) == ["health.people"] * 3 + ["health.rate"] * 2


def test_a_mean_and_the_lowest_need_every_region():
    rows = """
        indicator_id | region_id | period | value
        health.mean  | KZ-10     | 2022   | 10
        health.mean  | KZ-71     | 2022   | 20
        health.mean  | KZ-75     | 2022   | 60
        health.least | KZ-10     | 2022   | 7
        health.least | KZ-71     | 2022   | 5
    """
    data, said = whole(rows)

    assert values(data, "health.mean") == {"2022": 30}
    assert values(data, "health.least") == {}
    assert said == ["no figure of KZ was made of its parts. 2022: 2 of 3, without KZ-75"]


def test_a_region_is_a_part_from_its_day_on_and_before_it_where_it_has_a_figure():
    regions = dict(REGIONS.regions)
    regions["KZ-75"] = Region("KZ-75", "city", {"en": "New"}, valid_from=date(2022, 6, 8))
    known = replace(REGIONS, regions=regions)
    rows = """
        indicator_id | region_id | period | value
        health.beds  | KZ-10     | 2020   | 1
        health.beds  | KZ-71     | 2020   | 2
        health.beds  | KZ-10     | 2021   | 1
        health.beds  | KZ-71     | 2021   | 2
        health.beds  | KZ-75     | 2021   | 4
        health.beds  | KZ-10     | 2022   | 1
        health.beds  | KZ-71     | 2022   | 2
    """
    data, said = whole(rows, known)

    assert values(data, "health.beds") == {"2020": 3, "2021": 7}
    assert said == ["no figure of KZ was made of its parts. 2022: 2 of 3, without KZ-75"]


def test_hospitals_make_their_region_and_that_the_nation():
    hospitals = {n: Region(n, "hospital", {"en": n}, parent="KZ-71") for n in ("H1", "H2")}
    beside = {"H9": Region("H9", "hospital", {"en": "H9"}, parent="KZ")}
    school = {"S1": Region("S1", "school", {"en": "S1"}, parent="KZ-71")}
    known = replace(REGIONS, regions={**REGIONS.regions, **hospitals, **beside, **school})
    rows = """
        indicator_id | region_id | period | value
        health.beds  | H1        | 2022   | 3
        health.beds  | H2        | 2022   | 4
        health.beds  | H9        | 2022   | 100
        health.beds  | KZ-10     | 2022   | 10
        health.beds  | KZ-75     | 2022   | 20
    """
    data, said = whole(rows, known)

    assert said == []
    assert values(data, "health.beds", "KZ-71") == {"2022": 7}
    assert values(data, "health.beds") == {"2022": 37}
    opened = data.read_as(breakdown="", within="")
    traced = opened.trace("health.beds")
    assert traced["region_id"].tolist() == ["KZ", "KZ-10", "KZ-71", "H1", "H2", "KZ-75"]
    assert traced["level"].tolist() == [0, 1, 1, 2, 2, 1]


def test_each_part_of_the_whole_is_added_up_by_itself():
    rows = """
        indicator_id | region_id | breakdown | period | value
        health.beds  | KZ-10     | women     | 2022   | 1
        health.beds  | KZ-71     | women     | 2022   | 2
        health.beds  | KZ-75     | women     | 2022   | 3
        health.beds  | KZ-10     |           | 2022   | 9
    """
    data, said = whole(rows)

    assert values(data, "health.beds") == {"2022": 6}
    assert said == ["no figure of KZ was made of its parts. 2022: 1 of 3, without KZ-71, KZ-75"]


def test_regions_make_the_nations_targets_by_the_same_rule():
    targets = """
        indicator_id | region_id | due_on     | set_on     | kind  | value
        health.beds  | KZ-10     | 2025-12-31 | 2023-01-01 | final | 1
        health.beds  | KZ-71     | 2025-12-31 | 2023-02-01 | final | 2
        health.beds  | KZ-75     | 2025-12-31 | 2023-01-01 | final | 4
        health.beds  | KZ-75     | 2025-12-31 | 2023-03-01 | final | 5
        health.beds  | KZ-10     | 2026-12-31 | 2023-01-01 | final | 5
    """
    drawn = "indicator_id | region_id | period | value\nhealth.beds | KZ | 2022 | 1"
    data, said = whole(drawn, targets=targets)
    made = data.targets.query("region_id == 'KZ'")

    assert made["set_on"].dt.strftime("%Y-%m-%d").tolist() == ["2023-02-01", "2023-03-01"]
    assert made[["kind", "value"]].values.tolist() == [["final", 7], ["final", 8]]
    assert said == [
        "no figure of KZ was made of its parts. 2026-12-31 final: 1 of 3, without KZ-71, KZ-75"
    ]
    assert {*data.parents["table"]} == {"targets"}
    assert len(data.known_on("2023-02-15").parents) == 3


@pytest.mark.parametrize(
    ("over_time", "made"), [("sum", [10, 11]), ("mean", [2.5, 2.75]), ("last", [4, 4])]
)
def test_quarters_make_a_years_targets_as_they_make_its_figures(over_time, made):
    known = registry(f"""
        indicator_id | frequency | over_time   | formula
        health.beds  | quarterly | {over_time} |
        health.year  | annual    | none        | beds
        health.twice | annual    | none        | 2 * beds
    """)
    targets = """
        indicator_id | region_id | due_on     | set_on     | kind    | value
        health.beds  | KZ        | 2025-03-31 | 2024-01-01 | interim | 1
        health.beds  | KZ        | 2025-06-30 | 2024-01-01 | interim | 2
        health.beds  | KZ        | 2025-06-30 | 2024-03-01 | interim | 3
        health.beds  | KZ        | 2025-09-30 | 2024-02-01 | interim | 3
        health.beds  | KZ        | 2025-12-31 | 2024-01-01 | interim | 4
        health.beds  | KZ        | 2026-05-15 | 2024-01-01 | interim | 9
        health.beds  | KZ        | 2026-12-31 | 2024-01-01 | final   | 5
    """
    drawn = "indicator_id | region_id | period | value\nhealth.beds | KZ | 2022-Q1 | 1"
    data, _ = whole(drawn, known, targets=targets)
    year = data.targets[data.targets["indicator_id"] == "health.year"]

    if over_time == "last":
        assert year[["kind", "value"]].values.tolist() == [["interim", 4], ["final", 5]]
    else:
        assert year["value"].tolist() == made
        assert year["set_on"].dt.strftime("%m-%d").tolist() == ["02-01", "03-01"]
    assert year["due_on"].dt.strftime("%Y-%m-%d").iloc[0] == "2025-12-31"
    assert "health.twice" not in set(data.targets["indicator_id"])
    parents = data.parents[data.parents["indicator_id"] == "health.year"]
    assert parents["parent_period"].iloc[-1].endswith(year["kind"].iloc[-1])


def test_regions_make_the_nations_budget_lines_where_their_sector_says_so():
    health = replace(REGIONS.sectors["health"], over_regions="sum")
    known = replace(REGIONS, sectors={**REGIONS.sectors, "health": health})
    spending = """
        line_id     | sector_id | region_id | period  | plan | actual | cumulative
        health.pay  | health    | KZ-10     | 2024-01 | 10   | 1      | yes
        health.pay  | health    | KZ-71     | 2024-01 | 20   | 2      | yes
        health.pay  | health    | KZ-75     | 2024-01 | 30   |        | yes
        health.buy  | health    | KZ-10     | 2024-01 | 5    | 5      | yes
        energy.pay  | energy    | KZ-10     | 2024-01 | 5    | 5      | yes
    """
    drawn = "indicator_id | region_id | period | value\nhealth.beds | KZ | 2022 | 1"
    data, said = whole(drawn, known, spending=spending)
    made = data.spending.query("region_id == 'KZ'")

    assert made[["line_id", "plan"]].values.tolist() == [["health.pay", 60]]
    assert made["actual"].isna().all()
    assert [text.partition(". ")[2] for text in said] == [
        "2024-01 (plan): 1 of 3, without KZ-71, KZ-75; 2024-01 (actual): 1 of 3, "
        "without KZ-71, KZ-75",
        "2024-01 (actual): 2 of 3, without KZ-75",
    ]
    assert len(data.parents) == 3
    assert data.known_on("2024-12-31").parents["parent_id"].tolist() == ["health.pay"] * 3
