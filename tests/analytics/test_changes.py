import dataclasses

from delivery_analytics import blocks
from delivery_analytics.analytics import changes
from delivery_analytics.model.registry import Region
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, same

LIFE = "indicator_id\n health.life"


def world(**tables):
    return dataset(registry=registry(LIFE), **tables)


VALUES = """
    indicator_id | period | reported_on | value | source_cell
    health.life  | 2022   | 2023-02-01  |  74.4 | S!B2
    health.life  | 2022   | 2024-02-01  |  74.5 | S!B3
    health.life  | 2023   | 2024-02-01  |  75.1 | S!B4
    health.life  | 2021   | 2023-02-01  |  70.2 | S!B5
    health.life  | 2021   | 2024-02-01  |       | S!B6
    health.life  | 2020   | 2023-02-01  |  71.3 | S!B7
    health.life  | 2020   | 2024-02-01  |  71.3 | S!B8
    health.life  | 2019   | 2023-02-01  |       | S!B9
"""


def test_figures_revised_new_and_withdrawn_since_a_day_are_listed():
    same(
        changes.changes(world(observations=VALUES), since="2023-12-31"),
        """
        change    | what  | sector_id | subject_id  | region_id | period | before | after | source_cell
        withdrawn | value | health    | health.life | KZ        | 2021   |   70.2 |       | S!B6
        revised   | value | health    | health.life | KZ        | 2022   |   74.4 |  74.5 | S!B3
        new       | value | health    | health.life | KZ        | 2023   |        |  75.1 | S!B4
        """,
    )


def test_nothing_changes_between_a_day_and_itself():
    data = world(observations=VALUES)

    assert changes.changes(data, since="2024-02-01").empty
    assert changes.changes(data.learned_by("2023-12-31"), since="2023-06-30").empty


def test_what_is_learned_after_the_later_day_is_no_change():
    data = world(observations=VALUES).learned_by("2023-12-31")

    same(
        changes.changes(data, since="2022-12-31"),
        """
        change | period | after
        new    | 2020   |  71.3
        new    | 2021   |  70.2
        new    | 2022   |  74.4
        """,
    )


def test_targets_moved_in_value_or_day_are_listed_with_what_they_were():
    data = world(
        targets="""
        indicator_id | kind     | due_on     | set_on     | value
        health.life  | baseline | 2023-12-31 | 2024-01-10 |    75
        health.life  | interim  | 2025-12-31 | 2024-01-10 |  75.8
        health.life  | interim  | 2026-12-31 | 2024-01-10 |    76
        health.life  | interim  | 2026-12-31 | 2025-01-10 |  75.9
        health.life  | interim  | 2027-12-31 | 2025-01-10 |  76.2
        health.life  | final    | 2029-12-31 | 2024-01-10 |    77
        health.life  | final    | 2030-12-31 | 2025-01-10 |    77
        """
    )

    same(
        changes.changes(data, since="2024-12-31"),
        """
        change | what    | period     | before | after | period_before
        moved  | final   | 2030-12-31 |     77 |    77 | 2029-12-31
        moved  | interim | 2026-12-31 |     76 |  75.9 | 2026-12-31
        new    | interim | 2027-12-31 |        |  76.2 |
        """,
    )


def test_plans_and_actuals_of_spending_are_told_apart():
    data = world(
        spending="""
        line_id      | period  | reported_on | plan | actual | plan_cell
        health.drugs | 2024-06 | 2024-07-10  |   10 |      4 | S!B2
        health.drugs | 2024-06 | 2024-08-10  |   12 |      4 | S!B3
        health.drugs | 2024-07 | 2024-08-10  |   14 |      6 | S!B4
        """
    )

    same(
        changes.changes(data, since="2024-07-31"),
        """
        change  | what   | sector_id | subject_id   | period  | before | after | source_cell
        new     | actual | health    | health.drugs | 2024-07 |        |     6 | Sheet!B4
        revised | plan   | health    | health.drugs | 2024-06 |     10 |    12 | S!B3
        new     | plan   | health    | health.drugs | 2024-07 |        |    14 | S!B4
        """,
    )


def moved(observations):
    known = registry("indicator_id | direction | unit\n health.life | decrease | cases")
    more = {
        name: Region(name, "oblast", {"en": name}) for name in ("R1", "R2", "R3", "R4", "R5")
    }
    known = dataclasses.replace(known, regions=known.regions | more)
    data = dataset("2025-01-31", registry=known, observations=observations)
    return changes.moves(data), data


MOVED = """
    indicator_id | region_id | period | value
    health.life  | KZ        | 2021   |    70
    health.life  | KZ        | 2022   |    72
    health.life  | KZ        | 2023   |    73
    health.life  | KZ        | 2024   |    70
    health.life  | R1        | 2023   |     0
    health.life  | R1        | 2024   |  2147
    health.life  | R2        | 2023   |   100
    health.life  | R2        | 2024   |   110
    health.life  | R3        | 2023   |   100
    health.life  | R3        | 2024   |    90
    health.life  | R4        | 2023   |   100
    health.life  | R4        | 2024   |   100
    health.life  | R5        | 2022   |   100
    health.life  | R5        | 2024   |   900
"""


def test_the_largest_moves_are_told_also_where_nothing_was_promised():
    # Five regions moved by 2147, 10, 10, 0 and 15; R5 has no year before. The nation's two
    # changes before are too few.
    rows, data = moved(
        MOVED + "    health.life | KZ-10 | 2023 | 5\n    health.life | KZ-10 | 2024 | 20\n"
    )

    same(
        rows[rows["times"].notna()],
        """
        indicator_id | region_id | value_before | value | change | usual | times
        health.life  | R1        |            0 |  2147 |   2147 |    10 | 214.7
        health.life  | KZ-10     |            5 |    20 |     15 |    10 | 1.5
        health.life  | R2        |          100 |   110 |     10 |    10 | 1
        health.life  | R3        |          100 |    90 |    -10 |    10 | -1
        health.life  | R4        |          100 |   100 |      0 |    10 | 0
        """,
    )
    table = blocks.moves(data, open_wording("en"), region_id="R1").frame
    assert table[["value_before", "value", "side"]].values.tolist() == [[0, 2147, "worse"]]


def test_a_move_is_held_against_the_series_own_earlier_years_where_there_are_three():
    longer = MOVED.replace(
        "health.life  | KZ        | 2021",
        "health.life  | KZ        | 2020 | 68\n    health.life  | KZ        | 2021",
    )
    rows, _ = moved(longer)
    [nation] = rows[rows["region_id"] == "KZ"].to_dict("records")

    assert (nation["change"], nation["usual"], nation["times"]) == (-3, 2, -1.5)


def test_a_figure_too_old_to_be_judged_is_no_move():
    rows, _ = moved(MOVED.replace("| 202", "| 201"))

    assert rows.empty
