"""Overdue instructions by how long they are overdue, worked by hand."""

from delivery_analytics import charts
from tests.charts.conftest import KNOWN
from tests.support.charted import drawn
from tests.support.tables import dataset

INSTRUCTIONS = """
    instruction_id | executor | due_on_original | due_on     | extensions | control | act
    i1             | MoH      | 2024-12-31      | 2024-12-31 |          0 | special | a
    i2             | MoH      | 2024-12-31      | 2025-01-26 |          1 | special | a
    i3             | MoE      | 2024-06-30      | 2024-06-30 |          0 | special | a
    secret         | MoD      | 2020-06-30      | 2020-06-30 |          0 | special | 12-5/123дсп
"""


def test_the_ageing_counts_each_overdue_instruction_once_and_no_restricted_one(en):
    data = dataset("2025-01-31", registry=KNOWN, instructions=INSTRUCTIONS)
    figure = charts.instructions_ageing(data, en)

    assert figure.title == "Overdue: 3 instructions, the longest for 215 days: MoE"
    table = figure.table.set_index("executor")
    assert table.loc["MoH", ["to_10", "to_30", "to_90", "over_90"]].tolist() == [1, 0, 1, 0]
    assert table.loc["MoE", "over_90"] == 1
    assert "MoD" not in table.index
    marks = drawn(figure, "name", "bucket", "n")
    assert sorted(marks) == [
        ("MoE", "over 90 days", 1), ("MoH", "1 to 10 days", 1), ("MoH", "31 to 90 days", 1),
    ]  # fmt: skip
