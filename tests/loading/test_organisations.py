"""Hospitals and agencies are places of the register: never added to regions, nor compared."""

from datetime import date

import pytest

from delivery_analytics.analytics.disparity import spread
from delivery_analytics.analytics.status import assess
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.load import load
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
REGISTER = """region_id,kind,name_en,aliases,parent
KZ,country,Kazakhstan,,
KZ-10,oblast,Abai Region,,
KZ-71,city,Astana,,
H-1,hospital,First Hospital,,KZ-71
H-2,hospital,Second Hospital,No. 2,KZ-71
W-1,ward,Children's Ward,,H-2
NA,agency,Health Agency,,KZ
"""
SHEETS = """
[[sheet]]
table = "observations"
files = ["summed*"]
columns = { indicator = ["code"], region = ["region"], period = ["year"], value = ["fact"], reported_on = ["as of"] }
check_totals = true
[[sheet]]
table = "instructions"
files = ["instructions*"]
columns = { instruction = ["no"], control = ["control"], region = ["where"], reported_on = ["as of"] }
"""
FIGURES = {
    **{"Kazakhstan": 30, "Abai Region": 10, "Astana": 20, "First Hospital": 7},
    **{"No. 2": 8, "Children's Ward": 3, "Health Agency": 4},
}


def registered(folder, text):
    (folder / "data" / "definitions" / "regions.csv").write_text(text, "utf-8")
    return open_registry(folder)


@pytest.fixture
def registry(tmp_path):
    folder = workspace(tmp_path, sheets=SHEETS)
    raw = folder / "data" / "raw" / "health"
    head = ["code", "region", "period", "target", "actual", "as_of"]
    rows = [["H-001", name, "2024", 25, figure, DAY] for name, figure in FIGURES.items()]
    rows += [["H-002", "Kazakhstan", "2024", 90, 91, DAY]]
    write(raw / "return.xlsx", head, *rows)
    head = ["no", "control", "where", "as of"]
    places = ["Astana", "First Hospital", "Children's Ward", "Health Agency"]
    rows = [[f"I-{n}", "special", place, DAY] for n, place in enumerate(places)]
    write(raw / "instructions.xlsx", head, *rows)
    registry = registered(folder, REGISTER)
    loaded = load(registry)
    assert not loaded.problems["severity"].eq("error").any(), loaded.problems[
        "message"
    ].tolist()
    loaded.save()
    return registry


def figures(data):
    rows = data.observations.query("indicator_id == 'health.clinics'")
    return dict(zip(rows["region_id"], rows["value"], strict=True))


def opened(registry, **more):
    return open_dataset(registry.workspace.processed, registry, **more)


@pytest.mark.parametrize(("total", "told"), [(30, 0), (37, 1)])
def test_a_total_is_held_against_the_regions_alone(registry, total, told):
    places = [("Abai Region", 10), ("Astana", 20), ("First Hospital", 7)]
    write(
        registry.workspace.raw / "health" / "summed.xlsx",
        ["code", "region", "year", "fact", "as of"],
        *(["H-001", place, "2023", figure, DAY] for place, figure in places),
        ["Total", None, None, total, None],
    )

    assert (load(registry).problems["code"] == "value.total-disagrees").sum() == told


def test_the_kinds_of_places_are_the_units_own_words(registry):
    assert {one.kind for one in registry.regions.values()} == {
        *("country", "oblast", "city", "hospital", "ward", "agency")
    }


def test_without_being_asked_only_the_regions_are_seen(registry):
    data = opened(registry)

    assert figures(data) == {"KZ": 30, "KZ-10": 10, "KZ-71": 20}
    assert {*data.registry.regions} == {"KZ", "KZ-10", "KZ-71"}
    judged = assess(data.known_on(DAY), method="kz_plan_execution")
    assert {*judged["region_id"]} == {"KZ", "KZ-10", "KZ-71"}


def test_a_region_is_asked_for_its_organisations_and_stands_for_the_whole(registry):
    data = opened(registry, within="KZ-71")

    assert figures(data) == {"KZ-71": 20, "H-1": 7, "H-2": 8}
    assert data.registry.country_id == "KZ-71"
    [row] = spread(data.observations, country_id="KZ-71").to_dict("records")
    assert (row["lowest"], row["highest"]) == (7, 8)
    assert figures(opened(registry, within="H-2")) == {"H-2": 8, "W-1": 3}
    assert figures(opened(registry, within="KZ")) == {"KZ": 30, "NA": 4}


def test_everything_can_be_looked_through(registry):
    assert len(figures(opened(registry, within=None))) == len(FIGURES)


def test_an_instruction_to_an_organisation_counts_in_its_region(registry):
    rows = opened(registry).instructions

    assert dict(zip(rows["instruction_id"], rows["region_id"], strict=True)) == {
        **{"I-0": "KZ-71", "I-1": "KZ-71", "I-2": "KZ-71", "I-3": "KZ"}
    }
    within = opened(registry, within="KZ-71").instructions
    assert [*within["region_id"]] == ["KZ-71", "H-1", "H-2"]


def test_a_place_that_there_is_not_is_refused(registry):
    with pytest.raises(DefinitionError, match="no region 'KZ-17'"):
        opened(registry, within="KZ-17")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("W-1,ward,Ward,,H-9", "W-1.parent: There is no region 'H-9'"),
        ("W-1,ward,Ward,,W-1", "W-1.parent: it is within itself"),
        ("W-1,ward,Ward,,W-2\nW-2,ward,Other,,W-1", "W-1.parent: it is within itself"),
        ("W-1,,Ward,,KZ", "kind"),
    ],
)
def test_a_register_that_leads_nowhere_is_refused(tmp_path, line, said):
    text = "\n".join([*REGISTER.splitlines()[:4], line, ""])
    with pytest.raises(DefinitionError, match=said):
        registered(workspace(tmp_path), text)
