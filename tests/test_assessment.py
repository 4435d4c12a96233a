"""The assessment framework: a suggestion beside the judgement, ranks, and the record of both."""

import pandas as pd
import pytest

from delivery_analytics import assessment
from tests.tables import rows

LETTERS = ("challenge", "planning", "capacity", "stage", "performance", "likelihood")


def judged(*priorities):
    """Priorities as ``name day challenge planning capacity stage performance likelihood reason``."""
    lines = ["subject_id | as_of | assessor | dimension | rating | reason"]
    for text in priorities:
        name, day, *given = text.split(maxsplit=8)
        reason = given.pop() if len(given) > len(LETTERS) else ""
        for dimension, rating in zip(LETTERS, given, strict=True):
            why = reason if dimension == "likelihood" else ""
            shown = "" if rating == "-" else rating
            lines.append(f"{name} | {day} | A | {dimension} | {shown} | {why}")
    return assessment.framework(rows("judgements", "\n".join(lines)))


@pytest.mark.parametrize(
    ("ratings", "suggested"),
    [
        ("M AG G 3 AG -", "AG"),  # the median of 3 and 4 is rounded down
        ("M G G 3 AR -", "AG"),  # one notch above performance
        ("M G G 3 R -", "AR"),
        ("VH G G 2 G -", "AG"),  # a very high challenge, before embedding
        ("VH G G 3 G -", "G"),
        ("M AG AG 4 G -", "G"),  # irreversible, and green
        ("M G G 4 G -", "G"),
        ("VH R R 1 R -", "R"),
        ("M - G 3 G -", ""),
        ("M G G 3 - -", ""),
    ],
)
def test_the_suggestion(ratings, suggested):
    assert judged(f"a 2024-06-30 {ratings}")["suggested"].tolist() == [suggested]


def test_after_two_periods_of_red_performance_no_more_than_amber_red_is_suggested():
    table = judged(
        "a 2024-06-30 M G G 3 R -", "a 2024-12-31 M G G 3 R -", "b 2024-12-31 M G G 3 AG -"
    )

    assert table["suggested"].tolist() == ["AR", "AR", "G"]


def test_a_rating_that_differs_from_the_suggestion_needs_a_reason():
    table = judged(
        "a 2024-06-30 M AG AG 3 AG AG",
        "b 2024-06-30 M AG AG 3 AG G",
        "c 2024-06-30 M AG AG 3 AG G The law has passed",
        "d 2024-06-30 M AG AG 3 AG -",
    )

    assert table["needs_reason"].tolist() == [False, True, False, False]
    assert table["reason"].tolist()[2] == "The law has passed"


def test_the_league_ranks_by_likelihood_then_capacity_then_the_lesser_challenge():
    table = judged(
        "a 2024-06-30 M G AG 3 G G",
        "b 2024-06-30 M G G 3 G G",
        "c 2024-06-30 VH G G 3 G AR",
        "d 2024-06-30 H G G 3 G AR",
        "e 2024-06-30 H G G 3 G AR",
        "f 2024-06-30 M G G 3 G -",
    )
    found = assessment.league(table, as_of=pd.Timestamp("2024-06-30"))

    assert found["subject_id"].tolist() == ["b", "a", "d", "e", "c", "f"]
    assert found["rank"].fillna(0).tolist() == [1, 2, 3, 3, 5, 0]
    assert found["previous_rank"].isna().all()


def test_the_league_says_how_far_each_moved_since_the_table_before():
    table = judged(
        "a 2024-01-31 M G G 3 G G", "b 2024-01-31 M G G 3 G AR",
        "a 2024-06-30 M G G 3 G R", "b 2024-06-30 M G G 3 G AG", "c 2024-06-30 M G G 3 G G",
    )  # fmt: skip
    found = assessment.league(table, as_of=pd.Timestamp("2024-06-30")).set_index("subject_id")

    assert found["previous_rank"].fillna(0).to_dict() == {"c": 0, "b": 2, "a": 1}
    assert found["moved"].fillna(0).to_dict() == {"c": 0, "b": 0, "a": -2}


def test_calibration_compares_what_was_said_a_year_before_with_what_happened():
    table = judged(
        "a 2023-06-30 M G G 3 G G",
        "a 2024-06-30 M G G 3 G R",  # too late to count
        "b 2023-06-30 M G G 3 G G",
        "c 2023-06-30 M G G 3 G R",
    )
    outcomes = pd.DataFrame(
        {
            "subject_id": ["a", "b", "c", "d"],
            "due_on": pd.to_datetime(["2024-12-31"] * 4).as_unit("us"),
            "hit": [True, False, False, True],
        }
    )
    found = assessment.calibration(table, outcomes, months=12).set_index("rating")

    assert found["given"].to_dict() == {"R": 1, "AR": 0, "AG": 0, "G": 2}
    assert found.loc["G", "hit_share"] == 0.5
    assert pd.isna(found.loc["AR", "hit_share"])
    # 0.9 and a hit, 0.9 and a miss, 0.1 and a miss: (0.01 + 0.81 + 0.01) / 3
    assert found["brier"].iloc[0] == pytest.approx(0.83 / 3)
