"""Delivery confidence: two scales, never turned into each other."""

from datetime import date

import pytest

from delivery_analytics.methods import delivery_confidence
from tests.loading.test_real_files import loaded
from tests.support.shared import needs_shared
from tests.support.tables import rows, same


def judged(drawn, **more):
    drawn = rows("judgements", drawn).assign(dimension=delivery_confidence.DIMENSION)
    return delivery_confidence.levels(drawn, **more)


def rated(day, words, first=0):
    return "".join(f"p{first + n} | {day} | IPA | {word}\n" for n, word in enumerate(words))


HEADING = "subject_id | as_of | assessor | rating\n"


FIVE_THEN_THREE = """
    subject_id | as_of      | assessor | rating
    a          | 2019-03-31 | IPA      | Amber/Green
    a          | 2020-03-31 | IPA      | Green
    a          | 2023-03-31 | IPA      | Amber
    b          | 2019-03-31 | IPA      | Amber/Red
    b          | 2020-03-31 | IPA      | amber-red
    b          | 2023-03-31 | IPA      | Exempt under Section 43 of the Freedom of Information Act
    b          | 2024-03-31 | IPA      | RED
    c          | 2023-03-31 | IPA      | Green
    c          | 2024-03-31 | IPA      | Red
    d          | 2024-03-31 | IPA      |
    e          | 2024-03-31 | IPA      | Purple
"""


def test_words_become_levels_of_the_scale_of_their_day():
    same(
        judged(FIVE_THEN_THREE, three_since=date(2022, 1, 1)),
        """
        subject_id | as_of      | level     | scale
        a          | 2019-03-31 | AG        | five
        a          | 2020-03-31 | G         | five
        a          | 2023-03-31 | A         | three
        b          | 2019-03-31 | AR        | five
        b          | 2020-03-31 | AR        | five
        b          | 2023-03-31 | exempt    | three
        b          | 2024-03-31 | R         | three
        c          | 2023-03-31 | G         | three
        c          | 2024-03-31 | R         | three
        d          | 2024-03-31 | not_rated | three
        e          | 2024-03-31 | unknown   | three
        """,
    )


def test_a_movement_is_told_within_a_scale_and_never_across_two():
    moved = delivery_confidence.movements(judged(FIVE_THEN_THREE, three_since=date(2022, 1, 1)))

    told = moved[["subject_id", "moved", "reason"]].fillna("?")
    assert told.to_numpy().tolist() == [
        ["a", 1, ""],  # amber-green to green
        ["a", "?", "scale_changed"],
        ["b", 0, ""],
        ["b", "?", "scale_changed"],
        ["b", "?", "not_rated"],
        ["c", -2, ""],
    ]


def test_a_few_ratings_without_amber_red_are_no_day_of_three_levels():
    # As seen: seven ratings of 2023 and 2024 were told to be of three levels.
    found = judged(FIVE_THEN_THREE)

    assert found.groupby(found["as_of"].dt.year)["scale"].unique().map(list).to_dict() == {
        2019: ["five"], 2020: ["five"], 2023: ["not_told"], 2024: ["not_told"],
    }  # fmt: skip
    moved = delivery_confidence.movements(found)
    assert moved[["moved", "reason"]].fillna("?").to_numpy().tolist() == [
        [1, ""],
        ["?", "scale_not_told"],
        [0, ""],
        ["?", "scale_not_told"],
        ["?", "scale_not_told"],
        ["?", "scale_not_told"],
    ]
    counted = delivery_confidence.counts(found).set_index("as_of")
    assert counted.loc["2024-03-31", ["AR", "AG"]].isna().all()


def test_a_day_before_one_of_five_levels_had_five():
    found = judged(HEADING + rated("2018-03-31", ["Red"]) + rated("2019-03-31", ["Amber/Red"]))

    assert found["scale"].tolist() == ["five", "five"]
    moved = delivery_confidence.movements(found)
    assert moved[["moved", "reason"]].to_numpy().tolist() == [[1, ""]]


@pytest.mark.parametrize(("many", "scale"), [(19, "not_told"), (20, "three")])
def test_twenty_ratings_without_amber_red_tell_three_levels_then_and_after(many, scale):
    drawn = HEADING + rated("2022-03-31", ["Green", "Amber"] * 9 + ["Red"] * (many - 18))
    found = judged(drawn + rated("2023-03-31", ["Green"]) + rated("2021-03-31", ["Red"]))

    told = found.drop_duplicates("as_of").set_index("as_of")["scale"]
    assert told["2022-03-31"] == told["2023-03-31"] == scale
    assert told["2021-03-31"] == "not_told"


def test_counts_leave_out_the_levels_that_a_scale_does_not_have():
    levels = judged(FIVE_THEN_THREE, three_since=date(2022, 1, 1))
    found = delivery_confidence.counts(levels).set_index("as_of")

    assert found.loc["2019-03-31", ["AG", "AR", "projects"]].tolist() == [1, 1, 2]
    of_2024 = found.loc["2024-03-31"]
    assert of_2024[["R", "not_rated", "unknown", "projects"]].tolist() == [2, 1, 1, 4]
    assert of_2024[["AR", "AG"]].isna().all()


def test_a_scale_that_is_told_counts_and_a_level_it_lacks_is_not_known():
    drawn = rows(
        "judgements",
        """
        subject_id | as_of      | assessor | rating
        a          | 2024-03-31 | IPA      | Amber/Red
        """,
    ).assign(dimension=delivery_confidence.DIMENSION, scale="three")

    assert delivery_confidence.levels(drawn)["level"].tolist() == ["unknown"]


def test_without_ratings_the_tables_are_empty_with_their_columns():
    none = judged("subject_id | as_of | assessor | rating").iloc[:0]

    assert delivery_confidence.counts(none).empty
    assert delivery_confidence.movements(none).empty
    assert "moved" in delivery_confidence.movements(none)


@needs_shared
def test_the_published_counts_of_2023_are_reproduced(tally):
    data, _ = loaded("gmpp", "gmpp/*.csv")
    levels = delivery_confidence.levels(data.judgements)
    levels = levels[levels["as_of"] == "2023-03-31"]
    found = delivery_confidence.counts(levels)
    published = {"G": 26, "A": 183, "R": 23}
    counted = {name: int(found[name].sum()) for name in published}

    tally(
        "GMPP: published counts of ratings", sum(counted[k] == published[k] for k in counted), 3
    )
    assert counted == published  # the authority's own ratings and the owners' together
    assert levels["subject_id"].nunique() == 244
    assert set(found["scale"]) == {"three"}
    assert found[["AR", "AG"]].isna().all(axis=None)
