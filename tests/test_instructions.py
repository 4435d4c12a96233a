"""Control of instructions: states that follow from dates, and what extensions hide."""

import pytest

from delivery_analytics import blocks, instructions
from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording import open_wording
from tests.tables import dataset, registry, same

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
    table = instructions.measures(controlled, by="executor").set_index("executor")

    # Of three closed, two kept the deadline in force and one the first.
    assert table.loc["MoH", "on_time_share"] == pytest.approx(2 / 3)
    assert table.loc["MoH", "on_time_original_share"] == pytest.approx(1 / 3)
    assert table.loc["MoH", "extension_effect"] == pytest.approx(1 / 3)
    assert table.loc["MoE", ["instructions", "closed", "overdue", "overdue_original"]].tolist() == [
        5, 0, 1, 2,
    ]  # fmt: skip


def test_where_nothing_is_closed_there_is_no_share(controlled):
    table = instructions.measures(controlled, by="executor").set_index("executor")

    assert table.loc["MoE", ["on_time_share", "extension_effect"]].isna().all()
    assert table.loc["MoE", "median_late_days"] == 20


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
    headlines = {one.label: one.value for one in blocks.control_headlines(data, words).items}
    assert headlines == {
        "Overdue": "1 of 5",
        "Due within 10 days": "1",
        "Closed in time": "66.7\u00a0%",
        "By the first deadline": "33.3\u00a0%",
    }


def test_without_instructions_the_tables_are_empty_and_nothing_fails():
    data = dataset("2025-01-31", registry=registry())
    words = open_wording("ru")

    assert blocks.control(data, words).frame.empty
    assert blocks.control_measures(data, words, by="act").frame.empty
    assert blocks.control_headlines(data, words).items[2].value == words("no data")


def test_a_day_must_be_chosen():
    with pytest.raises(DefinitionError, match="known_on"):
        instructions.control(dataset(registry=registry(), instructions=DRAWN))
