"""Control of instructions: the state follows from the dates, whatever the sender calls it.

Closed in time or late by the deadline in force on the day control ended; overdue past it; due
within 3, 10 or 30 days. Both deadlines are shown, the first and the one in force.

    closed in time = closed by the deadline  /  all whose deadline has passed, closed or not

by each deadline; the gap between the two is the effect of extensions. Of those closed alone it is
shown beside, and named so: it leaves out whoever is overdue. What is due today, or was closed
before its day came, is in neither count. An end of control after the day of the report is not known
yet. Silent is what nobody reported on for over 30 days. What is marked ДСП, ҚБПҮ or secret stays
out of every page, slide and workbook, and is counted.
"""

from delivery_analytics.analytics import instructions
from tests.support.tables import dataset, registry, same

DRAWN = """
    instruction_id | executor | due_on_original | due_on     | removed_on | extensions | control
    kept           | MoH      | 2024-11-30      | 2024-11-30 | 2024-11-30 |          0 | ordinary
    moved          | MoH      | 2024-06-30      | 2024-12-31 | 2024-12-15 |          2 | ordinary
    late           | MoH      | 2024-11-01      | 2024-11-01 | 2024-11-21 |          0 | ordinary
    overdue        | MoE      | 2024-12-01      | 2025-01-11 |            |          1 | ordinary
    soon           | MoE      | 2025-02-03      | 2025-02-03 |            |          0 | ordinary
    undated        | MoE      |                 |            |            |          0 | ordinary
"""


def controlled():
    return instructions.control(dataset("2025-01-31", registry=registry(), instructions=DRAWN))


def test_states_follow_from_the_dates_by_both_deadlines():
    same(
        controlled(),
        """
        instruction_id | derived     | late_days | late_days_original | age
        overdue        | overdue     |        20 |                 61 | to_30
        soon           | due_3       |        -3 |                 -3 | not_late
        undated        | undated     |           |                    |
        late           | closed_late |        20 |                 20 | to_30
        kept           | closed      |         0 |                  0 | not_late
        moved          | closed      |       -16 |                168 | not_late
        """,
    )


def test_what_extensions_add_is_the_gap_between_the_shares_by_both_deadlines():
    found = instructions.discipline(controlled(), by="executor")
    shares = [name for name in found if "share" in name]
    found = found.assign(**(100 * found[shares]).round(1))
    found = found.assign(effect=(100 * found["extension_effect"]).round(1))
    same(
        found,
        """
        executor | due | on_time_share | due_original | on_time_original_share | effect | closed_on_time_share
        MoE      |   1 |             0 |            1 |                      0 |      0 |
        MoH      |   3 |          66.7 |            3 |                   33.3 |   33.3 |                 66.7
        """,
    )
