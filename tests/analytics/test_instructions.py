"""Control of instructions: states that follow from dates, and what extensions hide."""

from datetime import date, timedelta

import pandas as pd
import pytest

from delivery_analytics import blocks
from delivery_analytics.analytics import instructions
from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, same, table

DRAWN = """
    instruction_id | reported_on | executor | due_on_original | due_on     | removed_on | extensions | control
    kept           | 2024-12-01  | MoH      | 2024-11-30      | 2024-11-30 | 2024-11-30 |          0 | ordinary
    moved          | 2024-12-01  | MoH      | 2024-06-30      | 2024-12-31 | 2024-12-15 |          2 | special
    late           | 2024-12-01  | MoH      | 2024-11-01      | 2024-11-01 | 2024-11-21 |          0 | ordinary
    overdue        | 2024-10-23  | MoE      | 2024-12-01      | 2025-01-11 |            |          1 | ordinary
    soon           | 2025-01-20  | MoE      | 2025-02-03      | 2025-02-03 |            |          0 | ordinary
    extended       | 2025-01-20  | MoE      | 2024-12-31      | 2025-02-20 |            |          1 | ordinary
    later          | 2025-01-20  | MoE      | 2025-06-30      | 2025-06-30 |            |          0 | ordinary
    undated        | 2025-01-20  | MoE      |                 |            |            |          0 | ordinary
"""


@pytest.fixture
def controlled():
    return instructions.control(dataset("2025-01-31", registry=registry(), instructions=DRAWN))


def test_states_follow_from_dates_the_most_urgent_first(controlled):
    same(
        controlled,
        """
        instruction_id | derived     | late_days | late_days_original
        overdue        | overdue     |        20 |                 61
        soon           | due_3       |        -3 |                 -3
        extended       | due_30      |       -20 |                 31
        later          | later       |      -150 |               -150
        undated        | undated     |           |
        late           | closed_late |        20 |                 20
        kept           | closed      |         0 |                  0
        moved          | closed      |       -16 |                168
        """,
    )
    overdue = controlled[controlled["overdue_original"]]["instruction_id"]
    assert overdue.tolist() == ["overdue", "extended"]


def test_days_late_fall_into_buckets_and_silence_is_counted(controlled):
    rows = controlled.set_index("instruction_id")

    assert rows.loc[["overdue", "kept", "undated"], "age"].tolist() == ["to_30", "not_late", ""]
    assert rows.loc["overdue", "silent_days"] == 100
    assert rows["silent_days"].isna().sum() == 3


def test_the_effect_of_extensions_is_the_gap_between_the_two_deadlines(controlled):
    table = instructions.discipline(controlled, by="executor").set_index("executor")

    # The day of all three has passed; two kept the deadline in force and one the first.
    assert table.loc["MoH", ["due", "kept", "due_original", "kept_original"]].tolist() == [
        3, 2, 3, 1,
    ]  # fmt: skip
    assert table.loc["MoH", "on_time_share"] == pytest.approx(2 / 3)
    assert table.loc["MoH", "on_time_original_share"] == pytest.approx(1 / 3)
    assert table.loc["MoH", "extension_effect"] == pytest.approx(1 / 3)
    assert table.loc["MoE", ["instructions", "closed", "overdue", "overdue_original"]].tolist() == [
        5, 0, 1, 2,
    ]  # fmt: skip


def test_what_is_overdue_counts_among_what_was_due(controlled):
    table = instructions.discipline(controlled, by="executor").set_index("executor")

    # Nothing closed: one overdue by the deadline in force, two by the first one.
    assert table.loc["MoE", ["due", "on_time_share"]].tolist() == [1, 0]
    assert table.loc["MoE", ["due_original", "on_time_original_share"]].tolist() == [2, 0]
    assert pd.isna(table.loc["MoE", "closed_on_time_share"])
    assert table.loc["MoE", "median_late_days"] == 20


def test_one_closed_in_time_beside_two_overdue_is_a_third_and_no_hundred_per_cent():
    drawn = """
        instruction_id | reported_on | due_on_original | due_on     | removed_on | extensions | control
        kept           | 2025-01-20  | 2024-12-01      | 2024-12-01 | 2024-11-30 |          0 | ordinary
        overdue_1      | 2025-01-20  | 2024-12-01      | 2024-12-31 |            |          1 | ordinary
        overdue_2      | 2025-01-20  | 2024-12-31      | 2024-12-31 |            |          0 | ordinary
        early          | 2025-01-20  | 2025-06-30      | 2025-06-30 | 2025-01-15 |          0 | ordinary
        today          | 2025-01-20  | 2025-01-31      | 2025-01-31 |            |          0 | ordinary
    """
    data = dataset("2025-01-31", registry=registry(), instructions=drawn)
    found = instructions.discipline(instructions.control(data).assign(all=1), by="all").iloc[0]

    # One closed before its day has come counts among the closed, not among what was due.
    assert found[["due", "kept", "on_time_share"]].tolist() == [3, 1, pytest.approx(1 / 3)]
    assert (found["closed"], found["closed_on_time_share"]) == (2, 1)


def test_the_example_keeps_8_of_13_and_by_the_first_deadline_7_of_20(example_data):
    data = example_data.known_on("2025-01-31")
    found = instructions.discipline(instructions.control(data).assign(all=1), by="all").iloc[0]

    counts = ["kept", "due", "kept_original", "due_original", "overdue"]
    assert found[counts].tolist() == [8, 13, 7, 20, 5]


def test_where_nothing_was_due_there_is_no_share():
    drawn = """
        instruction_id | reported_on | due_on_original | due_on     | extensions | control
        later          | 2025-01-20  | 2025-06-30      | 2025-06-30 |          0 | ordinary
    """
    data = dataset("2025-01-31", registry=registry(), instructions=drawn)
    found = instructions.discipline(instructions.control(data).assign(all=1), by="all")

    assert found[["on_time_share", "extension_effect"]].isna().all(axis=None)
    body = blocks.control_measures(data, open_wording("en")).frame
    assert body[["kept_of", "kept_original_of"]].to_numpy().tolist() == [["", ""]]
    headline = blocks.control_headlines(data, open_wording("en")).frame.loc[2]
    assert (headline["value"], headline["note"]) == ("no data", "")


def test_control_ending_after_the_day_is_not_known_yet():
    data = dataset("2024-12-10", registry=registry(), instructions=DRAWN)
    rows = instructions.control(data).set_index("instruction_id")

    assert rows.loc["moved", "derived"] == "due_30"


def test_the_tables_say_states_in_words_and_the_headlines_both_deadlines():
    data = dataset("2025-01-31", registry=registry(), instructions=DRAWN)
    words = open_wording("en")

    states = blocks.control(data, words).frame["derived"].tolist()
    assert states[:3] == ["overdue", "due within 3 days", "due within 30 days"]
    body = blocks.control_measures(data, words).frame.set_index("name")
    assert round(body.loc["MoH", "extension_effect"]) == 33
    assert body[["kept_of", "kept_original_of"]].to_numpy().tolist() == [
        ["0 of 1", "0 of 2"], ["2 of 3", "1 of 3"],
    ]  # fmt: skip
    figures = blocks.control_headlines(data, words).frame.set_index("label")
    headlines = figures["value"].to_dict()
    assert headlines == {
        "Overdue": "1 of 4",
        "Due within 10 days": "1",
        "Closed in time": "50.0%",
        "By the first deadline": "20.0%",
    }
    assert figures["note"].tolist()[2:] == [
        "2 of 4 due by now; of closed instructions alone 66.7%",
        "1 of 5 due by it; the difference shows the effect of extensions",
    ]


def test_without_instructions_the_tables_are_empty_and_nothing_fails():
    data = dataset("2025-01-31", registry=registry())
    words = open_wording("ru")

    assert blocks.control(data, words).frame.empty
    assert blocks.control_measures(data, words, by="act").frame.empty
    assert blocks.control_headlines(data, words).frame["value"][2] == words("no data")


def test_a_day_must_be_chosen():
    with pytest.raises(DefinitionError, match="known_on"):
        instructions.control(dataset(registry=registry(), instructions=DRAWN))


FULL = """
    instruction_id | reported_on | executor | region_id | act   | due_on_original | due_on     | removed_on | extensions | control  | registered_on | last_report_on | returns | reopened
    clean          | 2025-01-20  | MoH      | KZ-10     | 976   | 2024-11-30      | 2024-11-30 | 2024-11-30 |          0 | ordinary | 2024-06-01    | 2024-11-20     |       0 |        0
    returned       | 2025-01-20  | MoH      | KZ-10     | 976   | 2024-11-30      | 2024-12-31 | 2024-12-15 |          1 | ordinary | 2024-06-01    | 2024-12-10     |       3 |        0
    reopened       | 2025-01-20  | MoH      | KZ-71     | 903   | 2024-11-30      | 2025-03-31 |            |          1 | ordinary | 2024-06-01    | 2025-01-15     |       1 |        1
    early          | 2025-01-20  | MoE      | KZ-71     | 903   | 2024-11-30      | 2024-11-30 | 2024-05-30 |          0 | ordinary | 2024-06-01    | 2024-12-01     |       0 |        0
    unknown_first  | 2025-01-20  | MoE      | KZ-71     | 903   |                 | 2025-01-30 |            |          2 | ordinary | 2024-06-01    | 2025-01-15     |       0 |        0
    unknown_last   | 2025-01-20  | MoE      | KZ-71     | 903   | 2024-11-30      |            |            |          1 | ordinary | 2024-06-01    | 2025-01-15     |       0 |        0
    unsaid         | 2025-01-20  | MoE      | KZ-71     | 903   | 2024-11-30      | 2025-06-30 |            |          0 | ordinary | 2024-06-01    | 2025-01-15     |       0 |        0
    first_only     | 2025-01-20  | MoE      | KZ-71     | 903   | 2025-02-10      |            |            |          0 | ordinary | 2024-06-01    | 2025-01-01     |       0 |        0
"""
DATES = ["registered_on", "last_report_on"]


def full():
    drawn = table(FULL)
    return drawn.assign(**{name: pd.to_datetime(drawn[name]) for name in DATES})


def stated(**kwargs):
    return instructions.states(full(), as_of=date(2025, 1, 31), **kwargs).set_index(
        "instruction_id"
    )


def test_a_closing_before_the_registration_is_not_one():
    row = stated().loc["early"]

    assert (row["derived"], row["contradiction"]) == ("overdue", "closed_before_registered")
    assert row["late_days"] == 62


def test_a_deadline_that_was_moved_and_is_not_given_is_not_guessed():
    rows = stated()

    # One day past the deadline in force; nobody knows by how much past the first.
    assert (rows.loc["unknown_first", "derived"], rows.loc["unknown_first", "late_days"]) == (
        "overdue",
        1,
    )
    assert pd.isna(rows.loc["unknown_first", "late_days_original"])
    assert not rows.loc["unknown_first", "overdue_original"]
    assert rows.loc["unknown_last", ["derived", "overdue_original"]].tolist() == [
        "undated",
        True,
    ]
    assert rows.loc["first_only", ["derived", "late_days"]].tolist() == ["due_10", -10]


def test_a_deadline_moved_without_an_extension_is_a_contradiction():
    rows = stated()

    assert rows.loc["unsaid", "contradiction"] == "moved_without_extension"
    assert (rows["contradiction"] != "").sum() == 2


def test_silence_is_counted_from_the_last_report_of_the_executor():
    rows = stated()

    assert rows.loc["early", ["silent_days", "silent"]].tolist() == [61, True]
    assert rows.loc["first_only", ["silent_days", "silent"]].tolist() == [30, False]
    assert not rows.loc["clean", "silent"]
    assert stated(silent_after=29).loc["first_only", "silent"]


def test_returns_and_reopenings_are_measured_where_they_are_reported():
    found = instructions.discipline(stated().reset_index(), by="executor").set_index("executor")

    # Four returns and two closings; one of three that ever were closed was opened again.
    assert found.loc["MoH", "returns_per_closure"] == 2
    assert found.loc["MoH", "reopened_share"] == pytest.approx(1 / 3)
    assert found.loc["MoH", "extended"] == 2
    assert found.loc["MoE", ["returns_per_closure", "reopened_share"]].isna().all()


def test_what_is_not_reported_is_missing_and_not_nought(controlled):
    found = instructions.discipline(controlled, by="executor")

    assert found[["returns_per_closure", "reopened_share"]].isna().all(axis=None)


@pytest.mark.parametrize("by", ["executor", "region_id", "act", "sector_id"])
def test_measures_are_taken_by_any_column(by):
    rows = stated().reset_index().assign(sector_id="health")

    assert instructions.discipline(rows, by=by)["instructions"].sum() == 8


def test_the_effect_of_extensions_is_that_of_those_with_both_deadlines():
    drawn = full()
    # Closed in time by a deadline that was moved twice from nobody knows when.
    one = drawn["instruction_id"] == "unknown_first"
    drawn = drawn.assign(removed_on=drawn["removed_on"].mask(one, pd.Timestamp("2025-01-30")))
    rows = instructions.states(drawn, as_of=date(2025, 1, 31)).assign(all=1)
    found = instructions.discipline(rows, by="all").iloc[0]

    # Of four past the deadline in force three kept it, of six past the first one one did; of
    # those with both deadlines two of three and one of five.
    assert found[["closed", "kept", "due"]].tolist() == [3, 3, 4]
    assert found[["kept_original", "due_original"]].tolist() == [1, 6]
    assert found["extension_effect"] == pytest.approx(2 / 3 - 1 / 5)


def test_the_median_and_the_ninetieth_percentile_are_of_those_that_are_late():
    drawn = "\n".join(
        f"i{n:02} | 2025-01-20 | {day} | {day} | 0 | ordinary"
        for n, day in enumerate(["2025-01-30", "2025-01-21", "2025-01-11", "2025-06-01"])
    )
    heading = "instruction_id | reported_on | due_on_original | due_on | extensions | control\n"
    data = dataset("2025-01-31", registry=registry(), instructions=heading + drawn)
    found = instructions.discipline(instructions.control(data).assign(all=1), by="all").iloc[0]

    # 1, 10 and 20 days late: nine tenths of the way is 8 days beyond the middle one.
    assert (found["median_late_days"], found["p90_late_days"]) == (10, 18)


def test_overdue_instructions_are_counted_by_age():
    same(
        instructions.ageing(stated().reset_index(), by="executor"),
        """
        executor | to_10 | to_30 | to_90 | over_90 | overdue
        MoE      |     1 |     0 |     1 |       0 |       2
        MoH      |     0 |     0 |     0 |       0 |       0
        """,
    )
    assert instructions.ageing(stated().reset_index())["overdue"].tolist() == [2]


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(1, "to_10"), (10, "to_10"), (11, "to_30"), (30, "to_30"), (90, "to_90"), (91, "over_90")],
)
def test_the_upper_end_of_a_bucket_belongs_to_it(late, bucket):
    due = f"{date(2025, 1, 31) - timedelta(days=late)}"
    drawn = f"""
        instruction_id | reported_on | due_on_original | due_on | extensions | control
        a              | 2025-01-20  | {due}           | {due}  |          0 | ordinary
    """
    data = dataset("2025-01-31", registry=registry(), instructions=drawn)

    assert instructions.ageing(instructions.control(data))[bucket].tolist() == [1]


def test_a_restricted_instruction_is_withheld():
    rows = pd.DataFrame({"instruction_id": ["a", "b"], "restricted": [True, False]})

    assert instructions.public(rows)["instruction_id"].tolist() == ["b"]
