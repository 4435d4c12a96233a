from delivery_analytics.analytics import changes
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
