from delivery_analytics import charts
from tests.support.charted import drawn
from tests.support.tables import rows


def test_the_furthest_behind_is_first_with_its_gap_in_its_own_unit(assessments, data, en):
    figure = charts.deviations(data, en, assessments=assessments)

    assert figure.title == (
        "1 indicator is at risk or off track; furthest behind: health.births, "
        "−5.0 percentage points from the expected value"
    )
    # Three changes tell what is usual: 2, 6 over two years, and 5, so 3 a year.
    assert drawn(figure, "name", "missing", "years") == [("health.births", 5 / 3, "1.7")]


def test_only_the_top_is_drawn_and_the_others_are_in_the_table(data, en):
    judged = rows(
        "assessments",
        """
        indicator_id     | period | value | baseline_value | expected_value | target_value | score | status    | reason
        education.kinder | 2024   |    60 |             50 |             70 |           90 |   0.5 | off_track | below_trajectory
        health.births    | 2024   |    75 |             60 |             80 |          100 |  0.75 | off_track | below_trajectory
        health.mortality | 2024   |    15 |             20 |             14 |            8 |   0.9 | at_risk   | below_trajectory
        """,
    )

    figure = charts.deviations(data, en, assessments=judged, top=2)

    assert drawn(figure, "name", "missing") == [
        ("education.kinder", 0),
        ("health.births", 5 / 3),
    ]
    assert len(figure.table) == 3
    assert "1 more in the table only" in figure.footnote


def test_what_is_most_urgent_leads_also_where_its_history_tells_no_usual_change(data, en):
    judged = rows(
        "assessments",
        """
        indicator_id     | period | value | baseline_value | expected_value | target_value | score | status    | reason
        education.kinder | 2024   |    60 |             50 |             70 |           90 |   0.5 | off_track | below_trajectory
        health.births    | 2024   |    75 |             60 |             80 |          100 |  0.75 | at_risk   | below_trajectory
        """,
    )

    figure = charts.deviations(data, en, assessments=judged)

    assert "furthest behind: education.kinder" in figure.title
    assert drawn(figure, "name", "missing") == [
        ("education.kinder", 0),
        ("health.births", 5 / 3),
    ]
