"""A region's figures beside the country's, and its place among the others."""

import dataclasses

import pytest

from delivery_analytics import blocks
from delivery_analytics.analytics.status import assess
from delivery_analytics.blocks import regions
from delivery_analytics.briefing.brief import brief
from delivery_analytics.model.registry import Region
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, same

INDICATORS = """
    indicator_id  | direction
    health.births | increase
    health.deaths | decrease
    health.beds   | increase
"""
OBSERVED = """
    indicator_id  | region_id | period | value
    health.births | KZ        | 2024   |    50
    health.births | KZ-10     | 2024   |    40
    health.births | KZ-71     | 2024   |    60
    health.births | KZ-75     | 2023   |    99
    health.deaths | KZ        | 2023   |     9
    health.deaths | KZ-10     | 2024   |     7
    health.deaths | KZ-71     | 2024   |     8
    health.deaths | KZ-75     | 2024   |     5
    health.beds   | KZ        | 2024   |    30
"""


@pytest.fixture
def data():
    known = registry(INDICATORS)
    return dataset("2025-01-31", registry=known, observations=OBSERVED)


def test_a_region_has_its_place_among_those_with_a_figure_for_the_same_period(data):
    same(
        regions.places(data, assess(data), region_id="KZ-71"),
        """
        indicator_id  | period | value | rank | ranked | nation_value
        health.births | 2024   |    60 |    1 |      2 |           50
        health.deaths | 2024   |     8 |    3 |      3 |
        """,
    )


def test_a_figure_of_an_earlier_period_has_no_place(data):
    rows = regions.places(data, assess(data), region_id="KZ-75")

    assert rows["rank"].isna().tolist() == [True, False]
    assert rows["value"].tolist() == [99, 5]


def test_of_a_few_regions_none_is_among_the_first_or_the_last(data):
    rows = regions.places(data, assess(data), region_id="KZ-71")

    assert not rows[["first", "last"]].any(axis=None)


def test_of_many_regions_five_are_first_and_five_last():
    known = registry("indicator_id\n health.births")
    more = {f"KZ-{n}": Region(f"KZ-{n}", "oblast", {"en": str(n)}) for n in range(20, 29)}
    known = dataclasses.replace(known, regions=known.regions | more)
    names = [name for name in known.regions if name != "KZ"]
    drawn = "indicator_id | region_id | period | value\n" + "\n".join(
        f"health.births | {name} | 2024 | {100 - n}" for n, name in enumerate(names)
    )
    data = dataset("2025-01-31", registry=known, observations=drawn)
    found = {name: regions.places(data, assess(data), region_id=name).iloc[0] for name in names}

    assert [bool(found[name]["first"]) for name in names] == [True] * 5 + [False] * 7
    assert [bool(found[name]["last"]) for name in names] == [False] * 7 + [True] * 5


def test_first_and_last_five_are_told_of_ten_regions_or_more():
    known = registry("indicator_id\n health.births")
    more = {f"KZ-{n}": Region(f"KZ-{n}", "oblast", {"en": str(n)}) for n in range(20, 27)}
    known = dataclasses.replace(known, regions=known.regions | more)
    names = [name for name in known.regions if name != "KZ"]

    def told(regions_):
        drawn = "indicator_id | region_id | period | value\n" + "\n".join(
            f"health.births | {name} | 2024 | {n}" for n, name in enumerate(regions_)
        )
        data = dataset("2025-01-31", registry=known, observations=drawn)
        return regions.places(data, assess(data), region_id="KZ-10")[["first", "last"]]

    assert told(names).to_numpy().tolist() == [[False, True]]
    assert not told(names[:9]).any(axis=None)


def test_a_total_has_no_place_and_no_figure_of_the_country_beside_it(data):
    known = registry(
        INDICATORS.replace("direction", "direction | unit").replace("crease", "crease | cases")
    )
    counted = dataclasses.replace(data, registry=known)
    table = blocks.region_table(counted, assess(counted), open_wording("en"), region_id="KZ-71")

    assert table.frame["place"].tolist() == ["", ""]
    assert table.frame["nation_value"].isna().all()
    assert "A total depends on the size of the region" in table.note


def test_the_table_says_the_place_in_words_and_nothing_where_there_is_none(data):
    words = open_wording("en")
    judged = assess(data)

    frame = blocks.region_table(data, judged, words, region_id="KZ-75").frame
    assert frame["place"].tolist() == ["", "1 of 3"]
    assert blocks.region_table(data, judged, words, region_id="KZ-71").frame[
        "place"
    ].tolist() == ["1 of 2", "3 of 3"]


PROMISED = """
    indicator_id  | region_id | due_on     | kind  | value
    health.jobs   | KZ-71     | 2025-12-31 | final | 55000
    health.births | KZ-71     | 2025-12-31 | final |    70
"""


def test_a_region_has_what_it_has_a_figure_or_a_target_of_and_a_bare_promise_is_first():
    known = registry(INDICATORS + "    health.jobs | increase\n")
    data = dataset("2025-01-31", registry=known, observations=OBSERVED, targets=PROMISED)
    judged = assess(data)
    rows = regions.places(data, judged, region_id="KZ-71")

    # "Beds" are reported by the nation alone; nobody has a figure of jobs.
    assert rows["indicator_id"].tolist() == ["health.jobs", "health.births", "health.deaths"]
    assert set(rows["indicator_id"]) == set(
        judged.loc[judged["region_id"] == "KZ-71", "indicator_id"]
    )
    promises = blocks.unanswered(data, judged, open_wording("en")).frame
    assert promises[["place", "target_value", "due"]].values.tolist() == [
        ["KZ-71", 55000, "31 Dec 2025"]
    ]


@pytest.mark.parametrize("drawn", ["", "indicator_id\n health.births"])
def test_every_list_is_empty_where_nothing_is_known(drawn):
    data = dataset("2025-01-31", registry=registry(drawn))
    words, judged = open_wording("kk"), assess(data)

    assert blocks.moves(data, words).frame.empty
    assert blocks.unanswered(data, judged, words).frame.empty
    assert blocks.deviations(data, judged, words).frame.empty
    assert blocks.turned(data, words, since="2024-01-01").frame.empty
    assert blocks.region_table(data, judged, words, region_id="KZ-10").frame.empty
    told = brief(data, words, assessments=judged, region_id="KZ-10")
    assert told.answer and told.rows.frame.empty and told.exhibit is None
