import pandas as pd
import pytest

from delivery_analytics.analytics import spending
from tests.support.tables import dataset, registry, same

# Running totals in line roads, months on their own in line clinics, a region beside each.
LINES = """
    sector_id | line_id | region_id | period  | plan | actual | cumulative
    energy    | grid    | KZ        | 2024-01 |  100 |     50 | yes
    energy    | grid    | KZ        | 2024-02 |  200 |    150 | yes
    energy    | grid    | KZ        | 2024-03 |  300 |    240 | yes
    energy    | grid    | KZ-71     | 2024-03 |  120 |     90 | yes
    health    | clinics | KZ        | 2024-01 |   10 |      5 | no
    health    | clinics | KZ        | 2024-02 |   20 |     20 | no
    health    | clinics | KZ        | 2024-03 |   30 |     15 | no
    health    | drugs   | KZ        | 2024-03 |   40 |     60 | yes
"""


def world(lines, as_of="2024-12-31"):
    return dataset(as_of, registry=registry(), spending=lines)


def test_execution_is_what_was_spent_of_the_plan_since_1_january():
    same(
        spending.execution(world(LINES), by="sector_id"),
        """
        sector_id | period  | unit | plan | actual | execution_percent | unspent | lines | lines_reported
        energy    | 2024-03 | KZT  |  300 |    240 |                80 |      60 |     1 |              1
        health    | 2024-03 | KZT  |  100 |    100 |               100 |       0 |     2 |              2
        """,
    )


def test_regions_are_shown_beside_the_nation_and_never_added_to_it():
    same(
        spending.execution(world(LINES), by=["sector_id", "region_id"]),
        """
        sector_id | region_id | plan | actual | execution_percent | lines | lines_reported
        energy    | KZ        |  300 |    240 |                80 |     1 |              1
        energy    | KZ-71     |  120 |     90 |                75 |     1 |              1
        health    | KZ        |  100 |    100 |               100 |     2 |              2
        """,
    )


def test_a_line_only_regions_report_counts_as_not_reported_for_the_nation():
    lines = LINES.replace(
        "energy    | grid    | KZ        |", "energy    | grid    | KZ-10     |"
    )

    same(
        spending.execution(world(lines), by="sector_id"),
        """
        sector_id | plan | actual | execution_percent | unspent | lines | lines_reported
        energy    |      |        |                   |         |     1 |              0
        health    |  100 |    100 |               100 |       0 |     2 |              2
        """,
    )


def test_a_line_that_lacks_the_period_is_not_reported_and_not_zero():
    lines = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | drugs   | 2024-01 |   10 |      9 | yes
        health    | drugs   | 2024-02 |   20 |     10 | yes
        health    | late    | 2024-01 |  500 |    400 | yes
        health    | no_plan | 2024-02 |      |     70 | yes
        health    | unspent | 2024-02 |   60 |        | yes
        health    | retired | 2023-02 |   60 |     60 | yes
    """

    same(
        spending.execution(world(lines)),
        """
        sector_id | period  | plan | actual | execution_percent | unspent | lines | lines_reported
        health    | 2024-02 |   20 |     10 |                50 |      10 |     4 |              1
        """,
    )


def test_a_period_can_be_asked_for():
    same(
        spending.execution(world(LINES), by="sector_id", period="2024-02"),
        """
        sector_id | period  | plan | actual | execution_percent | lines | lines_reported
        energy    | 2024-02 |  200 |    150 |                75 |     1 |              1
        health    | 2024-02 |   30 |     25 |           83.3333 |     2 |              1
        """.replace("83.3333", str(100 * 25 / 30)),
    )
    nobody = spending.execution(world(LINES), by="sector_id", period="2024-07")
    assert nobody["lines_reported"].tolist() == [0, 0]
    assert nobody["actual"].isna().all()
    assert spending.execution(world(LINES), period="2022-07").empty


def test_by_default_the_latest_period_that_ended_and_was_spent_in_counts():
    lines = LINES + "    health | drugs | KZ | 2024-12 | 900 | | yes\n"

    early = """
        sector_id | line_id | period  | reported_on | plan | actual | cumulative
        health    | drugs   | 2024-02 | 2024-03-05  |   20 |     10 | yes
        health    | drugs   | 2024-03 | 2024-03-05  |   30 |     30 | yes
    """

    assert set(spending.execution(world(lines))["period"]) == {"2024-03"}
    assert spending.execution(world(early, "2024-03-30"))["period"].tolist() == ["2024-02"]
    assert spending.execution(world(early, "2024-03-31"))["period"].tolist() == ["2024-03"]


def test_a_region_ahead_of_the_nation_does_not_set_the_nations_period():
    lines = LINES + "    energy | grid | KZ-71 | 2024-04 | 160 | 100 | yes\n"

    assert set(spending.execution(world(lines))["period"]) == {"2024-03"}
    regional = spending.execution(world(lines), by="region_id").set_index("region_id")
    assert regional["period"].tolist() == ["2024-04", "2024-04"]
    assert regional["lines_reported"].to_dict() == {"KZ": 0, "KZ-71": 1}


def test_a_plan_of_zero_has_no_percentage():
    table = spending.execution(
        world("""
            sector_id | line_id | period | plan | actual | cumulative
            health    | drugs   | 2024   |    0 |      5 | yes
        """)
    )

    same(table, "plan | actual | execution_percent | unspent\n 0 | 5 | | -5")


def test_currencies_are_never_added():
    same(
        spending.execution(
            world("""
                sector_id | line_id | period | plan | actual | unit
                health    | drugs   | 2024   |  100 |     50 | KZT
                health    | loan    | 2024   |   10 |     10 | USD
            """)
        ),
        """
        sector_id | unit | plan | actual | execution_percent
        health    | KZT  |  100 |     50 |                50
        health    | USD  |   10 |     10 |               100
        """,
    )


def test_a_month_a_quarter_and_a_half_year_that_end_together_are_added():
    table = spending.execution(
        world("""
            sector_id | line_id | period  | plan | actual | cumulative
            health    | a       | 2024-06 |   10 |      5 | yes
            health    | b       | 2024-Q2 |   10 |      5 | yes
            health    | c       | 2024-S1 |   10 |      5 | no
            health    | d       | 2024-06 |   10 |     10 | yes
        """)
    )

    same(table, "period | plan | actual | lines_reported\n 2024-06 | 40 | 25 | 4")


def test_a_month_and_a_quarter_of_one_line_are_counted_once():
    table = spending.execution(
        world("""
            sector_id | line_id | period  | plan | actual | cumulative
            health    | a       | 2024-06 |   10 |      5 | yes
            health    | a       | 2024-Q2 |   10 |      5 | yes
        """)
    )

    same(table, "plan | actual | lines\n 10 | 5 | 1")


def test_separate_months_are_summed_only_when_none_is_missing():
    lines = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | whole   | 2024-01 |   10 |      1 | no
        health    | whole   | 2024-02 |   10 |      2 | no
        health    | whole   | 2024-03 |   10 |      3 | no
        health    | gap     | 2024-01 |   10 |      1 | no
        health    | gap     | 2024-03 |   10 |      3 | no
        health    | blank   | 2024-01 |   10 |      1 | no
        health    | blank   | 2024-02 |   10 |        | no
        health    | blank   | 2024-03 |   10 |      3 | no
    """
    data = world(lines)

    to_date = spending.year_to_date(data)
    same(
        to_date[to_date["period"] == "2024-03"],
        """
        line_id | plan | actual | periods | periods_reported
        blank   |   30 |        |       3 |                2
        gap     |      |        |       3 |                2
        whole   |   30 |      6 |       3 |                3
        """,
    )
    same(spending.execution(data), "plan | actual | lines | lines_reported\n 30 | 6 | 3 | 1")


def test_the_year_begins_anew_on_1_january():
    lines = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | months  | 2023-12 |   10 |     10 | no
        health    | months  | 2024-01 |   10 |      4 | no
        health    | total   | 2023-12 |  120 |    110 | yes
        health    | total   | 2024-01 |   10 |      6 | yes
    """

    same(spending.execution(world(lines)), "period | plan | actual\n 2024-01 | 20 | 10")
    same(
        spending.flows(world(lines)),
        """
        line_id | period  | plan | actual
        months  | 2023-12 |   10 |     10
        months  | 2024-01 |   10 |      4
        total   | 2023-12 |      |
        total   | 2024-01 |   10 |      6
        """,
    )


def test_flows_are_differences_within_the_year_and_missing_after_a_gap():
    same(
        spending.flows(
            world("""
                sector_id | line_id | period  | plan | actual | cumulative
                health    | drugs   | 2024-01 |   10 |      5 | yes
                health    | drugs   | 2024-02 |   20 |     15 | yes
                health    | drugs   | 2024-04 |   40 |     35 | yes
                health    | drugs   | 2024-05 |   50 |        | yes
                health    | drugs   | 2024-06 |   60 |     30 | yes
                health    | drugs   | 2024-07 |   70 |     28 | yes
            """)
        ),
        """
        line_id | period  | plan | actual
        drugs   | 2024-01 |   10 |      5
        drugs   | 2024-02 |   10 |     10
        drugs   | 2024-04 |      |
        drugs   | 2024-05 |   10 |
        drugs   | 2024-06 |   10 |
        drugs   | 2024-07 |   10 |     -2
        """,
    )


def test_quarterly_totals_are_differenced_as_quarters():
    same(
        spending.flows(
            world("""
                sector_id | line_id | period  | plan | actual | cumulative
                health    | drugs   | 2024-Q1 |   10 |      5 | yes
                health    | drugs   | 2024-Q2 |   20 |     15 | yes
                health    | drugs   | 2024-Q4 |   40 |     35 | yes
            """)
        ),
        "period | actual\n 2024-Q1 | 5\n 2024-Q2 | 10\n 2024-Q4 |",
    )


def test_monthly_totals_carry_their_coverage_and_the_whole_plan():
    lines = """
        sector_id | line_id | period  | plan | actual | cumulative
        health    | a       | 2024-01 |   10 |      5 | yes
        health    | a       | 2024-02 |   20 |     15 | yes
        health    | a       | 2024-03 |   30 |        | yes
        health    | b       | 2024-01 |  100 |     90 | yes
        health    | b       | 2024-03 |  300 |        | yes
    """

    same(
        spending.monthly(world(lines)),
        """
        sector_id | period  | period_end | plan | actual | lines | lines_reported | planned | lines_planned
        health    | 2024-01 | 2024-01-31 |  110 |     95 |     2 |              2 |     110 |             2
        health    | 2024-02 | 2024-02-29 |   20 |     15 |     2 |              1 |      20 |             1
        health    | 2024-03 | 2024-03-31 |      |        |     2 |              0 |     330 |             2
        """,
    )


def test_monthly_totals_of_an_earlier_year_can_be_asked_for():
    lines = LINES + "    health | drugs | KZ | 2023-12 | 9 | 9 | yes\n"

    assert spending.monthly(world(lines), by="sector_id", year=2023)["plan"].tolist() == [9]
    assert spending.monthly(world(lines), year=2020).empty


def test_without_spending_tables_are_empty_with_their_columns():
    data = dataset("2024-12-31", registry=registry())

    assert spending.execution(data, by=["sector_id", "region_id"]).empty
    assert list(spending.execution(data))[:3] == ["sector_id", "period", "unit"]
    assert spending.flows(data).empty
    assert "period_end" in spending.monthly(data)


@pytest.mark.parametrize("function", [spending.execution, spending.flows, spending.monthly])
def test_the_input_is_left_alone(function):
    data = world(LINES)
    before = data.spending.copy()

    function(data)

    pd.testing.assert_frame_equal(data.spending, before)
