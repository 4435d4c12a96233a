"""The assessment framework: a suggestion beside the judgement, ranks, and the record of both."""

import pandas as pd
import pytest

from delivery_analytics.analytics import judgements
from tests.support.tables import rows

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
    return judgements.priority_ratings(rows("judgements", "\n".join(lines)))


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
    found = judgements.league(table, as_of=pd.Timestamp("2024-06-30"))

    assert found["subject_id"].tolist() == ["b", "a", "d", "e", "c", "f"]
    assert found["rank"].fillna(0).tolist() == [1, 2, 3, 3, 5, 0]
    assert found["previous_rank"].isna().all()


def test_the_league_says_how_far_each_moved_since_the_table_before():
    table = judged(
        "a 2024-01-31 M G G 3 G G", "b 2024-01-31 M G G 3 G AR",
        "a 2024-06-30 M G G 3 G R", "b 2024-06-30 M G G 3 G AG", "c 2024-06-30 M G G 3 G G",
    )  # fmt: skip
    found = judgements.league(table, as_of=pd.Timestamp("2024-06-30")).set_index("subject_id")

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
    found = judgements.hits_by_rating(table, outcomes, months=12).set_index("rating")

    assert found["given"].to_dict() == {"R": 1, "AR": 0, "AG": 0, "G": 2}
    assert found.loc["G", "hit_share"] == 0.5
    assert pd.isna(found.loc["AR", "hit_share"])
    # 0.9 and a hit, 0.9 and a miss, 0.1 and a miss: (0.01 + 0.81 + 0.01) / 3
    assert found["brier"].iloc[0] == pytest.approx(0.83 / 3)


@pytest.mark.parametrize(
    "ratings", ["- G G 3 G G", "M G G - G G", "M G G 5 G G", "X G G 3 G G"]
)
def test_without_the_challenge_or_the_stage_nothing_is_suggested(ratings):
    # A very high challenge or an early stage would have cost a notch; nobody can say.
    table = judged(f"a 2024-06-30 {ratings}")

    assert table["suggested"].tolist() == [""]
    assert table["needs_reason"].tolist() == [False]


def several(text):
    drawn = rows("judgements", text)
    return judgements.priority_ratings(drawn)


DISPUTED = """
    subject_id | as_of      | assessor | dimension  | rating | reason
    a          | 2024-06-30 | Aigul    | likelihood | G      |
    a          | 2024-06-30 | Berik    | likelihood | AR     | Funds are late
    a          | 2024-06-30 | Aigul    | capacity   | AG     |
    a          | 2024-06-30 | Berik    | capacity   | AG     |
    a          | 2024-06-30 | Aigul    | planning   | G      |
    a          | 2024-06-30 | Berik    | planning   |        |
    a          | 2024-06-30 | Berik    | colour     | blue   |
"""


def test_what_assessors_rate_differently_is_left_empty_and_said():
    row = several(DISPUTED).iloc[0]

    assert (row["likelihood"], row["contested"]) == ("", "likelihood")
    assert (row["capacity"], row["planning"]) == ("AG", "G")
    assert "colour" not in row


def test_a_moderated_rating_settles_it():
    drawn = rows("judgements", DISPUTED)
    final = drawn["dimension"].eq("likelihood") & drawn["assessor"].eq("Berik")
    drawn = drawn.assign(moderated_rating=final.map({True: "AG", False: ""}))
    row = judgements.priority_ratings(drawn).iloc[0]

    assert (row["likelihood"], row["contested"], row["reason"]) == ("AG", "", "Funds are late")


def test_without_judgements_the_framework_is_empty_with_its_columns():
    empty = rows("judgements", "subject_id | as_of | assessor | dimension | rating | reason")
    table = judgements.priority_ratings(empty)

    assert table.empty
    assert list(table) == [
        "subject_id", "as_of", *judgements.DIMENSIONS,
        "contested", "suggested", "reason", "needs_reason",
    ]  # fmt: skip
    assert judgements.league(table, as_of=pd.Timestamp("2024-06-30")).empty
    assert judgements.assessors(empty).empty


def test_the_league_breaks_ties_by_deviation_before_challenge():
    table = judged(
        "a 2024-06-30 L G G 3 G G", "b 2024-06-30 VH G G 3 G G", "c 2024-06-30 M G G 3 G G"
    )
    found = judgements.league(
        table.assign(deviation=[-0.1, 0.2, float("nan")]), as_of=pd.Timestamp("2024-06-30")
    )

    assert found["subject_id"].tolist() == ["b", "a", "c"]


def outcomes(*hits):
    names = ["a", "b", "c", "d"][: len(hits)]
    days = pd.to_datetime(["2024-12-31"] * len(hits)).as_unit("us")
    return pd.DataFrame({"subject_id": names, "due_on": days, "hit": hits})


def test_calibration_at_each_horizon_takes_the_rating_that_stood_then():
    table = judged(
        "a 2022-12-31 M G G 3 G R",
        "a 2023-12-31 M G G 3 G AG",
        "a 2024-06-30 M G G 3 G G",
        "b 2024-06-30 M G G 3 G G",
    )
    found = judgements.hits_by_horizon(table, outcomes(True, False))
    given = found[found["given"] > 0].set_index(["months", "rating"])

    assert given["given"].to_dict() == {(6, "G"): 2, (12, "AG"): 1, (24, "R"): 1}
    assert given["hit_share"].tolist() == [0.5, 1, 1]
    # Half of (0.1² + 0.9²); then 0.35²; then 0.9².
    assert given["brier"].tolist() == pytest.approx([0.41, 0.1225, 0.81])
    assert len(found) == 12


def test_an_outcome_that_nobody_knows_yet_counts_for_nothing():
    table = judged("a 2023-06-30 M G G 3 G G", "b 2023-06-30 M G G 3 G G")
    found = judgements.hits_by_rating(table, outcomes(True, None), months=12).set_index(
        "rating"
    )

    assert found.loc["G", ["given", "hits", "hit_share"]].tolist() == [1, 1, 1]


def test_without_any_outcome_there_is_no_brier_score():
    found = judgements.hits_by_rating(judged("a 2023-06-30 M G G 3 G G"), outcomes(), months=6)

    assert found["given"].tolist() == [0, 0, 0, 0]
    assert found[["hit_share", "brier"]].isna().all(axis=None)


def test_each_assessor_is_shown_with_how_they_rate_and_how_often_moderation_moved_it():
    drawn = rows(
        "judgements",
        """
        subject_id | as_of      | assessor | dimension  | rating | reason
        a          | 2024-06-30 | Aigul    | likelihood | G      |
        b          | 2024-06-30 | Aigul    | likelihood | G      |
        c          | 2024-06-30 | Aigul    | likelihood | AR     |
        d          | 2024-06-30 | Aigul    | likelihood | green  |
        a          | 2024-06-30 | Berik    | likelihood | R      |
        a          | 2024-06-30 | Berik    | stage      | 2      |
        """,
    )
    # In the order of the table's key: a of Aigul and of Berik, a's stage, b, c, d.
    final = drawn["subject_id"].map({"a": "", "b": "AG", "c": "AR", "d": "G"})
    found = judgements.assessors(drawn.assign(moderated_rating=final)).set_index("assessor")

    assert found.loc["Aigul", ["R", "AR", "AG", "G", "rated", "unrated"]].tolist() == [
        0, 1, 0, 2, 3, 1,
    ]  # fmt: skip
    assert found.loc["Aigul", ["moderated", "moved_up", "moved_down", "moved_share"]].tolist() == [
        2, 0, 1, 0.5,
    ]  # fmt: skip
    assert found.loc["Berik", ["rated", "moderated"]].tolist() == [1, 0]
    assert pd.isna(found.loc["Berik", "moved_share"])
    assert judgements.assessors(drawn, dimension="stage")["2"].tolist() == [1]
