"""The Kazakhstan decomposition: kinds of targets, revisions, and what the parts add up to."""

import numpy as np
import pandas as pd
import pytest

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
