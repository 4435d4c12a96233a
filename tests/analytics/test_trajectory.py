import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics.analytics import trajectory
from tests.support.tables import rows, same, table

STRAIGHT = {"health.life": "straight"}
STEPWISE = {"health.life": "stepwise"}

# 2023-12-31 to 2027-12-31 are 1461 days: 366 in 2024, 365 in each other year.
LIFE = """
    indicator_id | due_on     | kind     | value
    health.life  | 2023-12-31 | baseline |  70.0
    health.life  | 2025-12-31 | interim  |  70.8
    health.life  | 2027-12-31 | final    |  76.0
"""


def on(*days, indicator_id="health.life", region_id="KZ"):
    return pd.DataFrame(
        {
            "indicator_id": indicator_id,
            "region_id": region_id,
            "period_end": pd.to_datetime(list(days)),
        }
    )


def expected(targets, *days, kinds=STRAIGHT):
    return trajectory.expected(on(*days), rows("targets", targets), kinds=kinds).tolist()


def test_a_straight_path_runs_through_baseline_interim_and_final_target():
    days = ["2023-12-31", "2025-12-31", "2027-12-31"]

    assert expected(LIFE, *days) == [70.0, 70.8, 76.0]


def test_a_straight_path_counts_days_so_a_leap_year_gets_one_day_more():
    # 0.8 over 731 days, 366 of them in 2024.
    assert expected(LIFE, "2024-12-31") == [pytest.approx(70 + 0.8 * 366 / 731)]
    # 5.2 over 730 days, half of them in 2026.
    assert expected(LIFE, "2026-12-31") == [pytest.approx(73.4)]
    # 29 February is the 60th day of 2024.
    assert expected(LIFE, "2024-02-29") == [pytest.approx(70 + 0.8 * 60 / 731)]


def test_life_expectancy_is_expected_at_75_41_in_2024_on_the_way_to_77_in_2029():
    targets = """
        indicator_id | due_on     | kind     | value
        health.life  | 2023-12-31 | baseline | 75.09
        health.life  | 2029-12-31 | final    | 77
    """

    assert round(expected(targets, "2024-12-31")[0], 2) == 75.41


def test_after_the_final_day_the_final_value_is_still_expected():
    assert expected(LIFE, "2028-01-01", "2040-12-31") == [76.0, 76.0]


def test_nothing_is_expected_before_the_baseline():
    assert pd.isna(expected(LIFE, "2023-12-30", "2020-12-31")).all()
    assert pd.isna(expected(LIFE, "2023-12-30", kinds=STEPWISE)).all()


def test_nothing_is_expected_after_the_last_promise_of_a_path_without_a_final_target():
    targets = """
        indicator_id | due_on     | kind     | value
        health.life  | 2023-12-31 | baseline |  70.0
        health.life  | 2025-12-31 | interim  |  70.8
    """

    assert expected(targets, "2025-12-31") == [70.8]
    assert pd.isna(expected(targets, "2026-01-01")).all()


def test_a_stepwise_value_is_the_plan_of_the_stretch_that_ends_on_its_day():
    days = ["2023-12-31", "2024-01-01", "2025-06-30", "2025-12-31", "2026-01-01", "2028-06-30"]

    assert expected(LIFE, *days, kinds=STEPWISE) == [70.0, 70.8, 70.8, 70.8, 76.0, 76.0]


def test_a_stepwise_path_without_baseline_begins_with_its_first_targets_year():
    targets = """
        indicator_id | due_on     | kind    | value
        health.life  | 2024-12-31 | interim |   100
        health.life  | 2025-12-31 | final   |   120
    """

    assert expected(targets, "2024-01-01", "2025-03-31", kinds=STEPWISE) == [100.0, 120.0]
    assert pd.isna(expected(targets, "2023-12-31", kinds=STEPWISE)).all()


def test_a_straight_path_without_baseline_begins_with_its_first_target():
    targets = """
        indicator_id | due_on     | kind    | value
        health.life  | 2024-12-31 | interim |   100
        health.life  | 2025-12-31 | final   |   465
    """

    assert expected(targets, "2024-12-31", "2025-01-01") == [100.0, pytest.approx(101)]
    assert pd.isna(expected(targets, "2024-12-30")).all()


def test_each_region_and_indicator_has_its_own_path_and_none_borrows_another():
    targets = rows(
        "targets",
        """
        indicator_id | region_id | due_on     | kind     | value
        health.a     | KZ        | 2024-12-31 | baseline |     1
        health.a     | KZ        | 2026-12-31 | final    |     3
        health.a     | KZ-71     | 2024-12-31 | baseline |    10
        health.a     | KZ-71     | 2026-12-31 | final    |    30
        health.b     | KZ        | 2025-12-31 | final    |   500
        """,
    )
    points = table("""
        indicator_id | region_id | period_end | expected
        health.a     | KZ        | 2025-12-31 |      2
        health.a     | KZ-71     | 2025-12-31 |     20
        health.a     | KZ-10     | 2025-12-31 |
        health.b     | KZ        | 2025-12-31 |    500
        health.b     | KZ        | 2024-12-31 |
        health.c     | KZ        | 2025-12-31 |
        health.a     | KZ        | 2024-12-31 |      1
        health.a     | KZ        | 2024-12-30 |
    """)

    values = trajectory.expected(points, targets, kinds={"health.a": "straight"})

    pd.testing.assert_series_equal(values, points["expected"], check_names=False)


def test_the_answer_is_aligned_with_the_points_index():
    points = on("2027-12-31", "2023-12-31").set_axis([7, 3])

    values = trajectory.expected(points, rows("targets", LIFE), kinds=STRAIGHT)

    assert values.to_dict() == {7: 76.0, 3: 70.0}


def test_points_without_a_day_expect_nothing():
    assert pd.isna(expected(LIFE, None)).all()


def test_without_targets_nothing_is_expected():
    targets = rows("targets", LIFE).iloc[:0]

    assert trajectory.expected(on("2024-12-31"), targets, kinds=STRAIGHT).isna().all()
    assert trajectory.corners(targets, kinds=STRAIGHT).empty


def test_a_moved_end_withdraws_the_old_final_target():
    moved = """
        indicator_id | due_on     | kind     | value | set_on
        health.life  | 2023-12-31 | baseline |  70.0 | 2019-06-01
        health.life  | 2025-12-31 | interim  |  70.8 | 2019-06-01
        health.life  | 2027-12-31 | final    |  76.0 | 2019-06-01
        health.life  | 2029-12-31 | final    |  78.0 | 2024-07-30
    """

    final = trajectory.final(rows("targets", moved))

    same(final, "due_on | value\n 2029-12-31 | 78.0")
    # From 70.8 at the end of 2025 straight to 78.0 at the end of 2029, 1461 days.
    assert expected(moved, "2027-12-31") == [pytest.approx(70.8 + 7.2 * 730 / 1461)]


def test_an_end_brought_forward_cuts_off_what_was_promised_after_it():
    moved = """
        indicator_id | due_on     | kind     | value | set_on
        health.life  | 2023-12-31 | baseline |  70.0 | 2019-06-01
        health.life  | 2025-12-31 | final    |  71.0 | 2024-07-30
        health.life  | 2026-12-31 | interim  |  74.0 | 2019-06-01
        health.life  | 2027-12-31 | final    |  76.0 | 2019-06-01
    """

    assert expected(moved, "2025-12-31", "2026-12-31", "2027-12-31") == [71.0, 71.0, 71.0]


def test_final_targets_agreed_together_are_steps_on_the_way_to_the_last():
    targets = """
        indicator_id | due_on     | kind     | value
        health.life  | 2023-12-31 | baseline |  70.0
        health.life  | 2025-12-31 | final    |  71.0
        health.life  | 2027-12-31 | final    |  76.0
    """

    assert expected(targets, "2025-12-31", "2027-12-31") == [71.0, 76.0]


def test_a_new_baseline_starts_the_path_afresh():
    targets = """
        indicator_id | due_on     | kind     | value | set_on
        health.life  | 2019-12-31 | baseline |  60.0 | 2019-06-01
        health.life  | 2020-12-31 | interim  |  62.0 | 2019-06-01
        health.life  | 2023-12-31 | baseline |  70.0 | 2024-02-01
        health.life  | 2025-12-31 | final    |  71.0 | 2019-06-01
    """

    assert pd.isna(expected(targets, "2020-12-31")).all()
    assert expected(targets, "2023-12-31") == [70.0]


def test_of_several_revisions_of_a_promise_the_last_one_set_counts():
    targets = """
        indicator_id | due_on     | kind     | value | set_on
        health.life  | 2023-12-31 | baseline |  70.0 | 2019-06-01
        health.life  | 2025-12-31 | interim  |  70.8 | 2019-06-01
        health.life  | 2025-12-31 | interim  |  72.0 | 2024-01-15
        health.life  | 2027-12-31 | final    |  76.0 | 2019-06-01
    """

    assert expected(targets, "2025-12-31") == [72.0]


def planned(targets, period, kinds=STRAIGHT):
    point = table(f"indicator_id | region_id | period\n health.life | KZ | {period}")
    end = pd.Timestamp(f"{period[:4]}-12-31") if len(period) == 4 else None
    end = end or (pd.Period(period).end_time.normalize())
    values = trajectory.planned(
        point.assign(period_end=end), rows("targets", targets), kinds=kinds
    )
    return values.tolist()


def test_the_plan_of_a_year_is_the_value_due_in_that_year():
    targets = LIFE.replace("2025-12-31", "2025-11-30")

    assert planned(targets, "2025") == [70.8]
    assert expected(targets, "2025-12-31") != [70.8]


def test_where_no_value_is_due_in_the_period_the_plan_is_the_path():
    assert planned(LIFE, "2026") == [pytest.approx(73.4)]
    assert planned(LIFE, "2024-02") == [pytest.approx(70 + 0.8 * 60 / 731)]
    assert planned(LIFE, "2024-02", kinds=STEPWISE) == [70.8]


def test_a_baseline_is_not_a_plan():
    assert pd.isna(planned(LIFE, "2023")).all()
    assert pd.isna(planned(LIFE, "2022")).all()
    # A baseline within the year, and a path at its end.
    assert planned(LIFE.replace("2023-12-31", "2023-11-30"), "2023") == [
        pytest.approx(70 + 0.8 * 31 / 762)
    ]


def test_a_path_is_drawn_by_straight_lines_between_its_corners():
    targets = rows("targets", LIFE)

    same(
        trajectory.corners(targets, kinds=STRAIGHT),
        """
        indicator_id | region_id | period_end | expected_value
        health.life  | KZ        | 2023-12-31 |           70.0
        health.life  | KZ        | 2025-12-31 |           70.8
        health.life  | KZ        | 2027-12-31 |           76.0
        """,
    )
    same(
        trajectory.corners(targets, kinds=STEPWISE),
        """
        indicator_id | region_id | period_end | expected_value
        health.life  | KZ        | 2023-12-31 |           70.0
        health.life  | KZ        | 2024-01-01 |           70.8
        health.life  | KZ        | 2025-12-31 |           70.8
        health.life  | KZ        | 2026-01-01 |           76.0
        health.life  | KZ        | 2027-12-31 |           76.0
        """,
    )


def test_the_inputs_are_left_alone():
    points, targets = on("2024-12-31"), rows("targets", LIFE)
    before = points.copy(), targets.copy()

    trajectory.expected(points, targets, kinds=STRAIGHT)
    trajectory.corners(targets, kinds=STEPWISE)

    pd.testing.assert_frame_equal(points, before[0])
    pd.testing.assert_frame_equal(targets, before[1])


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=40)
@given(values=st.tuples(finite, finite, finite), day=st.dates().map(pd.Timestamp))
def test_the_path_never_leaves_the_range_of_its_promises(values, day):
    targets = rows("targets", LIFE).assign(value=list(values))

    for kinds in (STRAIGHT, STEPWISE):
        value = trajectory.expected(
            on(day).astype({"period_end": "datetime64[us]"}), targets, kinds=kinds
        )[0]
        assert pd.isna(value) == (day < pd.Timestamp("2023-12-31"))
        slack = 1e-12 * max(abs(v) for v in values)
        assert pd.isna(value) or min(values) - slack <= value <= max(values) + slack


@pytest.mark.parametrize(
    ("targets", "on", "value"),
    [
        # Raised from 60: the interim 80 of 2021 was lowered with the final target, now 76.
        (["baseline 2020 60 2021", "interim 2024 80 2021", "final 2026 76 2023"], "2024", None),
        (["interim 2024 110 2021", "final 2026 120 2021", "final 2026 105 2023"], "2024", None),
        (["baseline 2020 45 2021", "interim 2024 20 2021", "final 2026 30 2023"], "2024", None),
        (["baseline 2020 60 2021", "interim 2024 80 2023", "final 2026 76 2023"], "2024", 80),
        (["baseline 2020 60 2021", "interim 2024 70 2021", "final 2026 76 2023"], "2024", 70),
        (["interim 2024 90 2021", "final 2026 100 2021", "final 2026 110 2023"], "2024", 90),
    ],
)
def test_an_earlier_interim_target_beyond_a_final_one_set_since_was_lowered_with_it(
    targets, on, value
):
    rows_ = [one.split() for one in targets]
    drawn = "".join(
        f"health.life | {due}-12-31 | {set_on}-06-01 | {kind} | {x}\n"
        for kind, due, x, set_on in rows_
    )
    table_ = rows("targets", f"indicator_id | due_on | set_on | kind | value\n{drawn}")
    corners = trajectory.corners(table_, kinds={"health.life": "straight"})
    kept = dict(
        zip(corners["period_end"].dt.strftime("%Y"), corners["expected_value"], strict=True)
    )

    assert kept.get(on) == value
