"""A programme's scope: which rows are of it, and at which places its indicators are told."""

from dataclasses import replace

import pytest

from delivery_analytics import blocks
from delivery_analytics.analytics.rollup import status_counts
from delivery_analytics.analytics.spending import execution
from delivery_analytics.analytics.status import assess
from delivery_analytics.briefing.brief import brief
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.registry import open_registry
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry
from tests.support.workbooks import workspace

TABLES = {
    "observations": """
        indicator_id | region_id | period | value
        health.life  | KZ        | 2023   | 72
        health.life  | KZ-10     | 2023   | 69
        health.life  | KZ-71     | 2023   | 75
    """,
    "targets": """
        indicator_id | region_id | due_on     | set_on     | kind     | value
        health.life  | KZ        | 2025-12-31 | 2020-01-01 | final    | 70
        health.life  | KZ-10     | 2020-12-31 | 2020-01-01 | baseline | 69
        health.life  | KZ-10     | 2025-12-31 | 2020-01-01 | final    | 75
    """,
    "milestones": """
        milestone_id | sector_id | programme_id | indicator_id
        own          | energy    | rural        |
        by-indicator | health    |              | health.life
        of-another   | health    | digital      | health.life
        of-none      | health    |              |
    """,
    "instructions": """
        instruction_id | sector_id | indicator_id | region_id | control
        here           | health    | health.life  | KZ-10     | special
        elsewhere      | health    | health.life  | KZ        | special
        about-nothing  | health    |              | KZ-10     | special
    """,
    "spending": """
        line_id | sector_id | region_id | programme_id | period | plan | actual
        H-1     | health    | KZ-10     | rural        | 2023   | 5    | 4
        H-1     | health    | KZ-71     | rural        | 2023   | 7    | 7
        H-2     | health    | KZ        |              | 2023   | 900  | 900
    """,
}


def world(*regions):
    agreed = registry("""
        indicator_id      | programmes
        health.life       | rural
        health.births     | rural
        education.schools | digital
    """)
    rural = replace(agreed.programmes["rural"], regions=regions)
    agreed = replace(agreed, programmes={**agreed.programmes, "rural": rural})
    return dataset("2024-12-31", registry=agreed, **TABLES)


def test_a_programme_is_told_of_the_nation_unless_it_names_its_regions():
    assert world().where(programme_id="rural").registry.at() == ("KZ",)
    assert world("KZ-10").where(programme_id="rural").registry.at() == ("KZ-10",)
    assert world("KZ-10", "KZ-71").where(programme_id="rural").registry.at() == (
        "KZ-10",
        "KZ-71",
    )


def test_a_row_belongs_to_the_programme_that_it_names_or_else_by_indicator_and_region():
    rural = world("KZ-10").where(programme_id="rural")

    assert rural.milestones["milestone_id"].tolist() == ["by-indicator", "own"]
    assert rural.instructions["instruction_id"].tolist() == ["here"]
    assert rural.observations["region_id"].unique().tolist() == ["KZ-10"]
    assert world().where(programme_id="rural").instructions["instruction_id"].tolist() == [
        "elsewhere",
        "here",
    ]


def test_every_indicator_of_a_programme_is_judged_at_its_regions_and_nowhere_else():
    rural = world("KZ-10").where(programme_id="rural")
    judged = assess(rural).set_index(["indicator_id", "region_id"])["status"].to_dict()

    assert judged == {
        ("health.births", "KZ-10"): "not_judged",
        ("health.life", "KZ-10"): "off_track",
    }
    said = brief(rural, open_wording("en"))
    assert said.answer.startswith("0 of 1 judged indicators are achieved or on track")
    assert said.rows.frame["who"].tolist() == ["KZ-10"]


def test_rows_of_several_regions_each_say_their_own():
    rural = world("KZ-10", "KZ-71").where(programme_id="rural")
    told = blocks.statuses(rural, assess(rural), open_wording("en")).frame["indicator"]

    assert [text.split(",")[0] for text in told if "life" in text] == [
        "health.life (KZ-10)",
        "health.life (KZ-71)",
    ]


def test_a_programmes_money_is_that_of_its_regions():
    [total] = execution(world("KZ-10").where(programme_id="rural"), by=()).to_dict("records")
    assert (total["plan"], total["actual"]) == (5, 4)

    both = execution(world("KZ-10", "KZ-71").where(programme_id="rural"), by=())
    assert (both["plan"].item(), both["actual"].item()) == (12, 11)


def test_an_edition_counts_a_programmes_indicators_where_it_runs():
    data = world("KZ-10")
    counts = status_counts(assess(data), data.registry, by="programme_id")
    rural = counts.set_index("programme_id").loc["rural"]

    assert (rural["off_track"], rural["achieved"], rural["indicators"]) == (1, 0, 1)


def test_a_programme_in_a_region_that_is_not_is_refused_with_what_is_near(tmp_path):
    root = workspace(tmp_path)
    file = root / "data" / "definitions" / "programmes.toml"
    file.write_text('[rural]\nname = { en = "Rural" }\nregions = ["KZ-01"]\n', encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"programmes.toml, rural, regions: .*'KZ-01'"):
        open_registry(root)


def test_all_that_the_pack_of_mangystau_judges_and_counts_is_of_the_region(example_data):
    data = example_data.known_on("2025-01-31").where(programme_id="mangystau")
    words, assessed = open_wording("en"), assess(data)

    for name, rows in data.tables.items():
        assert "region_id" not in rows or {*rows["region_id"]} <= {"KZ-47"}, name
    assert {*assessed["region_id"]} == {"KZ-47"}
    jobs = assessed.set_index("indicator_id").loc["regions.new_jobs"]
    assert jobs["target_value"] == 55_000
    unemployment = assessed.set_index("indicator_id").loc["regions.unemployment"]
    assert unemployment["value"] == 5.0
    assert data.milestones["illustrative"].all()
    assert "Illustrative" in blocks.milestones(data, words).note
