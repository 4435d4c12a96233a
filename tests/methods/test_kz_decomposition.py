"""The Kazakhstan decomposition: kinds of targets, revisions, and what the parts add up to."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import kz_decomposition
from tests.support.shared import SHARED, needs_shared
from tests.support.tables import same, table


@pytest.mark.parametrize(
    ("text", "kind", "target", "upper"),
    [
        ("77", "level", 77, None),
        ("-22.7", "level", -22.7, None),
        ("−22.7", "level", -22.7, None),
        ("6-7", "range", 6, 7),
        ("6.5 – 7", "range", 6.5, 7),
        ("-3..-1", "range", -3, -1),
        ("complete", "milestone", None, None),
        ("сдан", "milestone", None, None),
        ("", "", None, None),
    ],
)
def test_a_target_is_read_as_the_kind_it_is(text, kind, target, upper):
    row = kz_decomposition.read_targets(pd.Series([text])).iloc[0]

    assert (row["value_type"], row["readable"]) == (kind, True)
    assert [
        None if np.isnan(row[name]) else row[name] for name in ("target", "target_upper")
    ] == [target, upper]


@pytest.mark.parametrize("text", ["7-6", "6,5", "1,200", "2 of 3", "77 %", "2025-09-01", "> 5"])
def test_what_could_mean_two_things_is_not_read(text):
    row = kz_decomposition.read_targets(pd.Series([text])).iloc[0]

    assert (row["value_type"], row["readable"]) == ("", False)
    assert np.isnan(row["target"])


def test_each_kind_of_target_has_its_own_comparison():
    drawn = table("""
        name        | value_type | direction | target | target_upper | actual | done | share_done
        met         | level      | increase  |    217 |              |    217 |      |
        short       | level      | increase  |    217 |              |  108.5 |      |
        nothing_yet | level      | increase  |    217 |              |      0 |      |
        less        | level      | decrease  |     10 |              |     20 |      |
        less_met    | level      | decrease  |     10 |              |      8 |      |
        no_plan     | level      | increase  |      0 |              |      5 |      |
        below_zero  | level      | decrease  |    -20 |              |    -18 |      |
        total       | cumulative | increase  |    655 |              |    524 |      |
        index       | index      | increase  |    106 |              |  105.4 |      |
        inside      | range      | increase  |      6 |            7 |    6.2 |      |
        under       | range      | increase  |      6 |            7 |    4.5 |      |
        over        | range      | increase  |      6 |            7 |      8 |      |
        unmeasured  | range      | increase  |      6 |            7 |        |      |
        built       | milestone  |           |        |              |        |    1 |
        building    | milestone  |           |        |              |        |    0 |        0.6
        unheard     | milestone  |           |        |              |        |      |
        either_way  | level      | maintain  |     10 |              |      9 |      |
        other       | rating     | increase  |     10 |              |      9 |      |
        unreported  | level      | increase  |     10 |              |        |      |
    """)
    found = kz_decomposition.target_execution(drawn)

    same(
        drawn[["name"]].join(found),
        """
        name        | execution_percent | difference | met | reason
        met         |               100 |          0 |   1 |
        short       |                50 |     -108.5 |   0 |
        nothing_yet |                 0 |       -217 |   0 |
        less        |                50 |         10 |   0 |
        less_met    |               125 |         -2 |   1 |
        no_plan     |                   |          5 |   1 | zero_or_negative
        below_zero  |                   |          2 |   0 | zero_or_negative
        total       |                80 |       -131 |   0 |
        index       |                   |       -0.6 |   0 | in_points
        inside      |                   |          0 |   1 | in_range
        under       |                   |       -1.5 |   0 | below_range
        over        |                   |          1 |   0 | above_range
        unmeasured  |                   |            |     | no_value
        built       |               100 |            |   1 |
        building    |                60 |            |   0 |
        unheard     |                   |            |     | milestone
        either_way  |                   |         -1 |     | no_direction
        other       |                   |            |     | unknown_type
        unreported  |                   |            |     | no_value
        """,
    )


SCHOOLS = """
    indicator_id | region_id | due_on     | set_on     | value | direction
    schools      | KZ        | 2025-12-31 | 2025-03-01 |   217 | increase
    schools      | KZ        | 2025-12-31 | 2023-09-01 |   401 | increase
    schools      | KZ        | 2025-12-31 | 2024-02-01 |   369 | increase
    seats        | KZ        | 2025-12-31 | 2023-09-01 |     0 | decrease
    seats        | KZ        | 2025-12-31 | 2024-02-01 |    10 | decrease
    roads        | KZ        | 2025-12-31 | 2023-09-01 |    10 | increase
"""


def test_three_versions_of_a_target_are_two_revisions_and_the_last_one_counts():
    # 32 of 401 is 7.98 %; 152 of 369 is 41.19 %.
    same(
        kz_decomposition.target_versions(table(SCHOOLS)).round({"change_percent": 2}),
        """
        indicator_id | version | versions | value | previous_value | change | change_percent
        roads        |       1 |        1 |    10 |                |        |
        schools      |       1 |        3 |   401 |                |        |
        schools      |       2 |        3 |   369 |            401 |    -32 |          -7.98
        schools      |       3 |        3 |   217 |            369 |   -152 |         -41.19
        seats        |       1 |        2 |     0 |                |        |
        seats        |       2 |        2 |    10 |              0 |     10 |
        """,
    )


def test_a_revision_says_whether_it_made_the_target_easier_and_whether_the_year_had_begun():
    found = kz_decomposition.target_versions(table(SCHOOLS))

    assert found["eased"].tolist() == [False, False, True, True, False, True]
    assert found["after_start"].tolist() == [False, False, False, True, False, False]
    assert found["in_force"].tolist() == [True, False, False, True, False, True]
    without = kz_decomposition.target_versions(table(SCHOOLS).drop(columns="direction"))
    assert not without["eased"].any()


def reconciled(plans, structure="items | sum | level", across="sector_id", whole="", **kwargs):
    kinds = table(f"indicator_id | aggregation | value_type\n {structure}")
    return kz_decomposition.reconcile(table(plans), kinds, across=across, whole=whole, **kwargs)


ADDRESS = """
    indicator_id | sector_id | period | value
    items        |           | 2019   |    81
    items        | first     | 2019   |    11
    items        | second    | 2019   |    15
    items        | third     | 2019   |    27
    items        | fourth    | 2019   |    18
    items        | fifth     | 2019   |    10
"""


def test_the_five_directions_of_the_address_of_2019_make_its_81_items():
    row = reconciled(ADDRESS).iloc[0]

    assert (row["parts_value"], row["difference"], row["agrees"]) == (81, 0, 1)
    assert (row["parts"], row["parts_missing"], row["reason"]) == (5, 0, "")


def test_the_money_of_mangystau_was_published_rounded_and_the_difference_is_shown():
    # 338.8 + 118.3 + 1,600 are 2,057.1 and were published as 2.1 trillion.
    plans = """
        indicator_id | sector_id | period | value
        items        |           | 2025   |  2100
        items        | republic  | 2025   | 338.8
        items        | local     | 2025   | 118.3
        items        | private   | 2025   |  1600
    """

    assert reconciled(plans)["difference"].tolist() == pytest.approx([-42.9])
    assert reconciled(plans)["agrees"].tolist() == [0]
    assert reconciled(plans, tolerance=50)["agrees"].tolist() == [1]


REGIONS = """
    indicator_id | region_id | period | value | weight
    items        | KZ        | 2024   |    60 |
    items        | KZ-10     | 2024   |    40 |    100
    items        | KZ-71     | 2024   |    70 |    300
    items        | KZ        | 2025   |    60 |
    items        | KZ-10     | 2025   |    40 |    100
    items        | KZ        | 2026   |    60 |
    items        | KZ-10     | 2026   |    40 |    100
    items        | KZ-71     | 2026   |       |    300
    items        | KZ-10     | 2027   |    40 |    100
    items        | KZ-71     | 2027   |    70 |    300
    items        | KZ        | 2028   |    60 |
    items        | KZ-10     | 2028   |    40 |    100
    items        | KZ-71     | 2028   |    70 |
"""


def regional(structure):
    return reconciled(REGIONS, structure, across="region_id", whole="KZ")


@pytest.mark.parametrize(("how", "together"), [("sum", 110), ("mean", 55), ("weighted", 62.5)])
def test_regions_are_added_or_averaged_as_the_indicator_is(how, together):
    row = regional(f"items | {how} | level").iloc[0]

    assert (row["parts_value"], row["difference"]) == (together, together - 60)


def test_a_missing_part_is_counted_and_leaves_no_difference():
    found = regional("items | weighted | level")

    assert found["parts_missing"].tolist() == [0, 1, 1, 0, 1]
    assert found["reason"].tolist() == [
        "",
        "part_missing",
        "part_missing",
        "no_national_value",
        "part_missing",
    ]
    assert found["parts_value"].fillna(-1).tolist() == [62.5, -1, -1, 62.5, -1]
    assert found["difference"].notna().tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    "structure",
    [
        "items | sum | index",
        "items | mean | index",
        "items | sum | range",
        "items | sum | milestone",
        "items | none | level",
        "other | sum | level",
    ],
)
def test_what_does_not_add_up_is_never_added(structure):
    found = regional(structure)

    assert set(found["reason"]) == {"not_additive"}
    assert found[["parts_value", "difference", "agrees"]].isna().all(axis=None)


def test_a_nation_without_parts_says_so():
    plans = "indicator_id | region_id | period | value\n items | KZ | 2024 | 60"

    found = reconciled(plans, across="region_id", whole="KZ")
    assert found["reason"].tolist() == ["no_parts"]


def test_two_plans_of_one_part_are_refused():
    with pytest.raises(DefinitionError, match="two plans of 'first' for 2019"):
        reconciled(ADDRESS + "    items        | first     | 2019   |    12\n")


def test_running_totals_are_differenced_within_their_year_and_indices_never():
    drawn = table("""
        indicator_id | region_id | period  | value | value_type
        growth       | KZ        | 2024-Q1 | 105.4 | index
        growth       | KZ        | 2024-Q2 | 106.1 | index
        schools      | KZ        | 2023-Q4 |    90 | cumulative
        schools      | KZ        | 2024-Q1 |    10 | cumulative
        schools      | KZ        | 2024-Q2 |    35 | cumulative
        schools      | KZ        | 2024-Q4 |   105 | cumulative
        schools      | KZ        | 2025-Q2 |    20 | cumulative
        schools      | KZ        | 2024    |   105 | cumulative
    """)

    same(
        kz_decomposition.within_year(drawn),
        """
        indicator_id | period  | added
        growth       | 2024-Q1 |
        growth       | 2024-Q2 |
        schools      | 2023-Q4 |
        schools      | 2024    |   105
        schools      | 2024-Q1 |    10
        schools      | 2024-Q2 |    25
        schools      | 2024-Q4 |
        schools      | 2025-Q2 |
        """,
    )


@pytest.fixture
def published():
    rows = pd.read_csv(SHARED / "oracles" / "kazakhstan_targets.csv", dtype="str")
    rows = rows.rename(columns={"target": "as_published"}).set_index("id")
    ways = {"up": "increase", "down": "decrease"}
    return rows.join(kz_decomposition.read_targets(rows["as_published"])).assign(
        direction=rows["direction"].map(ways).fillna(""), actual=pd.to_numeric(rows["actual"])
    )


@needs_shared
def test_every_published_target_is_read_and_none_of_them_crashes_or_scores_nought(published):
    found = kz_decomposition.target_execution(published)

    assert len(found) == 49
    assert published["readable"].all()
    assert published["value_type"].value_counts().to_dict() == {
        "level": 39, "": 8, "range": 1, "milestone": 1,
    }  # fmt: skip
    assert (found["execution_percent"] == 0).sum() == 0
    unscored = found.loc[["ADR23-02", "KUR25-AIR"]]
    assert unscored[["execution_percent", "met"]].isna().all(axis=None)
    assert unscored["reason"].tolist() == ["no_value", "milestone"]


@needs_shared
def test_published_figures_give_the_published_shares(published):
    percent = kz_decomposition.target_execution(published)["execution_percent"]

    # The register itself says 48.4 % of the plan of February 2024.
    assert round(percent["NP-CS-2024"], 1) == 48.4
    assert percent["RA-SEAT"] == pytest.approx(74.4)
    assert percent["KUR24-HOUSE"] == 100


@needs_shared
def test_the_comfortable_schools_show_their_revisions(published):
    versions = published.loc[["NP-CS-v1", "NP-CS-v2", "NP-CS-v3"]]
    # The days are those of the announcements named in the register: 2023, February 2024, March 2025.
    rows = pd.DataFrame(
        {
            "indicator_id": "comfortable_schools",
            "region_id": versions["level"].to_numpy(),
            "due_on": pd.Timestamp("2025-12-31"),
            "set_on": pd.to_datetime(["2023-12-01", "2024-02-01", "2025-03-01"]),
            "value": versions["target"].to_numpy(),
            "direction": versions["direction"].to_numpy(),
        }
    )
    found = kz_decomposition.target_versions(rows)

    assert found["value"].tolist() == [401, 369, 217]
    assert found["change"].tolist()[1:] == [-32, -152]
    assert found["eased"].tolist() == [False, True, True]
    assert found["after_start"].tolist() == [False, False, True]


def test_a_target_that_was_first_agreed_within_its_year_is_no_revision():
    found = kz_decomposition.target_versions(
        table("""
        indicator_id | region_id | due_on     | set_on     | value
        late_start   | KZ        | 2025-12-31 | 2025-02-01 |    10
        late_start   | KZ        | 2025-12-31 | 2025-06-01 |    12
        """)
    )

    assert found["after_start"].tolist() == [False, True]
