import dataclasses

import pandas as pd
import pytest

from delivery_analytics import assess, blocks, charts
from delivery_analytics.analytics import quality, returns_due
from delivery_analytics.briefing.brief import brief
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.registry import Region
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry, same

LIFE = "indicator_id\n health.life"


def series(*values, indicator_id="health.life"):
    drawn = [f"{indicator_id} | {2015 + n} | {value}" for n, value in enumerate(values)]
    return "\n".join(["indicator_id | period | value", *drawn])


def world(as_of=None, indicators=LIFE, **tables):
    return dataset(as_of, registry=registry(indicators), **tables)


def test_values_outside_the_plausible_range_are_found_with_the_limit():
    data = world(
        indicators="""
        indicator_id | low | high
        health.share |   0 |  100
        health.life  |  40 |
        """,
        observations="""
        indicator_id | period | value | source_cell
        health.share | 2023   |   100 | Sheet!B2
        health.share | 2024   | 100.5 | Sheet!B3
        health.share | 2025   |    -1 | Sheet!B4
        health.life  | 2024   |    39 | Sheet!B5
        health.life  | 2025   |   990 | Sheet!B6
        """,
    )

    same(
        quality.implausible(data),
        """
        rule              | severity | subject_id   | period | value | compared_with | source_cell
        value.implausible | error    | health.life  | 2024   |    39 |            40 | Sheet!B5
        value.implausible | error    | health.share | 2024   | 100.5 |           100 | Sheet!B3
        value.implausible | error    | health.share | 2025   |    -1 |             0 | Sheet!B4
        """,
    )


def test_a_value_reported_before_its_period_ended_is_found_with_the_days_to_come():
    data = world(
        observations="""
        indicator_id | period | reported_on | value
        health.life  | 2023   | 2023-12-31  |     1
        health.life  | 2024   | 2024-12-21  |     2
        """
    )

    same(quality.early(data), "period | value | compared_with\n 2024 | 2 | 10")


def test_a_last_step_far_larger_than_usual_is_found_with_the_value_before():
    # Steps of 1, 2, 1, 2 and then 11: more than five times the median of 1.5.
    data = world(observations=series(70, 71, 73, 74, 76, 87))

    same(
        quality.jumps(data),
        "rule | period | value | compared_with\n value.jump | 2020 | 87 | 76",
    )


def regional(steps, *, unit="percent", before=50, years=(2023, 2024)):
    names = [f"KZ-{n}" for n in range(20, 20 + len(steps))]
    known = registry(f"indicator_id | unit\n health.life | {unit}")
    more = {name: Region(name, "oblast", {"en": name}) for name in names}
    known = dataclasses.replace(known, regions=known.regions | more)
    first, last = years
    drawn = "".join(
        f"health.life | {name} | {first} | {before}\nhealth.life | {name} | {last} | {before + n}\n"
        for name, n in zip(names, steps, strict=True)
    )
    return dataset(
        registry=known, observations=f"indicator_id | region_id | period | value\n{drawn}"
    )


def test_a_regions_jump_is_judged_against_the_other_regions_jumps():
    # Their median is 1 and their median distance from it 1: 7 is further than five times.
    found = quality.jumps(regional([0, 1, 2, 1, 0, 2, 7]))

    same(found, "region_id | value | compared_with\n KZ-26 | 57 | 50")


def test_a_step_that_all_regions_make_is_no_jump_of_one_of_them():
    assert quality.jumps(regional([20, 21, 22, 21, 20, 22, 23])).empty
    assert quality.jumps(regional([0, 1, 2, 40])).empty  # four regions are no crowd


def test_totals_step_in_shares_of_their_size():
    # From 50 to 2,147 is 191 per cent of the mean; the others moved by 2 to 10.
    found = quality.jumps(regional([1, 2, 3, 4, 5, 2097], unit="cases"))

    same(found, "region_id | value\n KZ-25 | 2147")


@pytest.mark.parametrize(
    "values",
    [
        (70, 71, 73, 74, 76, 83.5),  # exactly five times
        (70, 71, 73, 88, 90, 91),  # a jump that is not the last step
        (70, 71, 73, 99),  # too short to know what is usual
        (70, 70, 70, 70, 70, 99),  # it never moved: nothing is usual
    ],
)
def test_other_steps_are_no_jump(values):
    assert quality.jumps(world(observations=series(*values))).empty


def test_ten_times_or_a_tenth_of_the_value_before_is_found():
    data = world(observations=series(75.4, 754, 75.4, 7.5, 74.9, 0, 80, -800))

    same(
        quality.factors(data),
        """
        rule         | period | value | compared_with
        value.factor | 2016   |   754 |          75.4
        value.factor | 2017   |  75.4 |           754
        value.factor | 2018   |   7.5 |          75.4
        value.factor | 2022   |  -800 |            80
        """,
    )


def test_a_value_copied_for_three_periods_is_found_once_with_how_many():
    two_each = series(72, 72, indicator_id="health.births").partition("value")[2]
    data = world(
        indicators="indicator_id\n health.life\n health.births",
        observations=series(70, 71, 71, 71, 71, 72, 72) + two_each,
    )

    same(
        quality.copies(data),
        """
        subject_id  | period | value | compared_with
        health.life | 2019   |    71 |             4
        """,
    )


def test_series_are_not_mixed_with_those_of_other_regions_or_frequencies():
    data = world(
        observations="""
        indicator_id | region_id | period  | value
        health.life  | KZ        | 2024    |  1200
        health.life  | KZ        | 2024-Q4 |   100
        health.life  | KZ-71     | 2024    |   100
        health.life  | KZ-75     | 2024    |   100
        """
    )

    assert quality.findings(data).empty


def test_running_totals_that_fall_within_a_year_are_found():
    data = world(
        spending="""
        line_id | region_id | period  | plan | actual | cumulative
        drugs   | KZ        | 2023-12 |  120 |    120 | yes
        drugs   | KZ        | 2024-01 |   10 |     10 | yes
        drugs   | KZ        | 2024-02 |   20 |     18 | yes
        drugs   | KZ        | 2024-03 |   30 |     12 | yes
        drugs   | KZ        | 2024-04 |   40 |     17 | yes
        drugs   | KZ        | 2024-05 |   50 |     18 | yes
        drugs   | KZ-71     | 2024-06 |   10 |      1 | yes
        beds    | KZ        | 2024-01 |   10 |     10 | no
        beds    | KZ        | 2024-02 |   10 |      8 | no
        """
    )

    same(
        quality.falls(data),
        """
        rule          | subject_id | period  | value | compared_with
        spending.fall | drugs      | 2024-03 |    12 |            18
        spending.fall | drugs      | 2024-04 |    17 |            18
        """,
    )


def test_spending_of_more_than_twice_the_plan_or_without_one_is_found():
    data = world(
        spending="""
        line_id | period | plan | actual
        double  | 2024   |   10 |     20
        more    | 2024   |   10 |   20.1
        none    | 2024   |    0 |      5
        unknown | 2024   |      |      5
        idle    | 2024   |    0 |      0
        """
    )

    same(
        quality.overspending(data),
        """
        rule               | subject_id | value | compared_with
        spending.over_plan | more       |  20.1 |            10
        spending.over_plan | none       |     5 |             0
        """,
    )


REVISED = """
    indicator_id | period | reported_on | value | source_cell
    health.life  | 2024   | 2025-01-10  |  75.1 | Sheet!B2
    health.life  | 2024   | 2025-02-10  |  75.1 | Sheet!B3
    health.life  | 2024   | 2025-03-10  |  75.4 | Sheet!B4
"""


def test_a_revised_value_is_found_with_what_it_was():
    data = world(observations=REVISED)

    same(
        quality.revisions(data),
        """
        rule          | severity | period | value | compared_with | source_cell
        value.revised | note     | 2024   |  75.4 |          75.1 | Sheet!B4
        """,
    )
    assert quality.revisions(data.known_on("2025-12-31")).empty


def test_a_moved_target_is_found_whether_its_value_or_its_day_moved():
    data = world(
        targets="""
        indicator_id | due_on     | set_on     | kind     | value
        health.life  | 2023-12-31 | 2023-06-01 | baseline |  75.1
        health.life  | 2025-12-31 | 2023-06-01 | interim  |  76.0
        health.life  | 2025-12-31 | 2024-06-01 | interim  |  75.6
        health.life  | 2026-12-31 | 2024-06-01 | interim  |  76.0
        health.life  | 2029-12-31 | 2023-06-01 | final    |  77.0
        health.life  | 2029-12-31 | 2024-06-01 | final    |  77.0
        health.life  | 2030-12-31 | 2025-06-01 | final    |  77.0
        """
    )

    same(
        quality.moved_targets(data),
        """
        rule         | severity | period     | value | compared_with
        target.moved | warning  | 2025-12-31 |  75.6 |          76.0
        target.moved | warning  | 2030-12-31 |  77.0 |          77.0
        """,
    )


def test_final_targets_agreed_on_one_day_are_not_moved():
    data = world(
        targets="""
        indicator_id | due_on     | set_on     | kind  | value
        health.life  | 2025-12-31 | 2023-06-01 | final |  76.0
        health.life  | 2029-12-31 | 2023-06-01 | final |  77.0
        """
    )

    assert quality.moved_targets(data).empty


def test_all_findings_come_in_one_table_with_errors_first():
    data = world(
        indicators="indicator_id | high\n health.life | 100",
        observations=series(70, 70, 70, 900),
        spending="line_id | period | plan | actual\n drugs | 2024 | 1 | 9",
    )

    same(
        quality.findings(data),
        """
        rule               | severity | subject_id  | period | value | compared_with
        value.implausible  | error    | health.life | 2018   |   900 |           100
        spending.over_plan | warning  | drugs       | 2024   |     9 |             1
        value.copied       | warning  | health.life | 2017   |    70 |             3
        value.factor       | warning  | health.life | 2018   |   900 |            70
        """,
    )


def test_a_rating_in_words_that_are_none_is_told():
    drawn = """
        subject_id  | as_of      | assessor | dimension           | rating      | moderated_rating
        health.life | 2024-03-31 | unit     | likelihood          | Purple      |
        health.life | 2024-03-31 | unit     | planning            | AG          | greenish
        health.life | 2024-03-31 | unit     | challenge           | VH          |
        health.life | 2024-03-31 | unit     | stage               | 5           |
        health.life | 2024-03-31 | unit     | performance         |             |
        railway     | 2024-03-31 | IPA      | delivery_confidence | Amber/Green |
        harbour     | 2024-03-31 | IPA      | delivery_confidence | mostly fine |
        bridge      | 2024-03-31 | IPA      | delivery_confidence | Exempt      |
        bridge      | 2024-03-31 | IPA      | mood                | sunny       |
    """
    data = world("2024-12-31", judgements=drawn)
    found = quality.findings(data)

    assert found["rule"].unique().tolist() == ["rating.unknown"]
    assert sorted(zip(found["subject_id"], found["text"], strict=True)) == [
        ("harbour", "mostly fine"),
        ("health.life", "5"),
        ("health.life", "Purple"),
        ("health.life", "greenish"),
    ]
    words = open_wording("en")
    shown = blocks.findings(data, words).frame
    assert "A word that is not a rating: Purple" in shown["what"].tolist()
    for block in (blocks.league, blocks.ratings):
        note = block(data, words).note
        assert "Words that are not ratings and are not counted" in note
        assert all(said in note for said in ("Purple", "greenish", "mostly fine"))


def test_without_data_there_are_no_findings_and_the_columns_stay():
    assert list(quality.findings(world())) == list(quality.contradictions.COLUMNS)
    assert quality.findings(world()).empty


def test_a_revision_that_was_corrected_is_not_doubted_again():
    data = world(
        indicators="indicator_id | high\n health.life | 100",
        observations="""
        indicator_id | period | reported_on | value
        health.life  | 2024   | 2025-01-10  |   754
        health.life  | 2024   | 2025-02-10  |  75.4
        """,
    )

    assert quality.findings(data)["rule"].tolist() == ["value.revised"]


def test_returns_are_counted_by_sector_and_the_silent_one_is_listed():
    data = world(
        "2025-01-31",
        indicators="indicator_id\n health.life\n health.births\n energy.loss",
        observations="""
        indicator_id | region_id | period  | value
        health.life  | KZ        | 2023    |    75
        health.life  | KZ-71     | 2024-Q3 |    76
        health.births| KZ        | 2024    |
        """,
        sources="""
        source_id | sector_id | received_on | rows_read | rows_kept | rows_quarantined | rows_skipped
        a         | health    | 2024-01-10  |        10 |         7 |                1 |            2
        b         | health    | 2024-10-10  |         5 |         5 |                0 |            0
        c         | energy    |             |         1 |         0 |                1 |            0
        """,
    )

    same(
        returns_due.returns_received(data),
        """
        sector_id | sources | rows_read | rows_kept | rows_quarantined | rows_skipped | received_on | indicators_reported | indicators | period
        health    |       2 |        15 |        12 |                1 |            2 | 2024-10-10  |                   1 |          2 | 2024-Q3
        education |       0 |         0 |         0 |                0 |            0 |             |                   0 |          0 |
        energy    |       1 |         1 |         0 |                1 |            0 |             |                   0 |          1 |
        silent    |       0 |         0 |         0 |                0 |            0 |             |                   0 |          0 |
        """,
    )


def test_what_should_have_arrived_and_did_not_is_listed_with_how_late_it_is():
    # On 2025-02-15, thirty days before was 2025-01-16: 2024 and December had ended.
    data = world(
        "2025-02-15",
        indicators="""
        indicator_id  | frequency
        health.life   | annual
        health.births | monthly
        health.beds   | quarterly
        energy.loss   | annual
        """,
        observations="""
        indicator_id  | region_id | period  | value | obs_status
        health.life   | KZ        | 2024    |    75 | normal
        health.life   | KZ-71     | 2023    |    76 | normal
        health.births | KZ        | 2024-12 |       | missing
        health.births | KZ        | 2024-10 |    90 | normal
        health.beds   | KZ        | 2024-Q4 |       | not_applicable
        """,
        targets="""
        indicator_id | region_id | due_on     | kind  | value
        energy.loss  | KZ-75     | 2029-12-31 | final |     5
        """,
    )

    same(
        returns_due.missing_returns(data),
        """
        sector_id | indicator_id  | region_id | period  | days_late | latest_period | state
        health    | health.life   | KZ-71     | 2024    |        16 | 2023          | absent
        health    | health.births | KZ        | 2024-12 |        16 | 2024-10       | no_figure
        energy    | energy.loss   | KZ        | 2024    |        16 |               | absent
        energy    | energy.loss   | KZ-75     | 2024    |        16 |               | absent
        """,
    )


def test_indicators_with_a_value_in_a_region_can_be_compared_by_region():
    data = world(
        indicators="indicator_id\n health.life\n health.births\n energy.loss",
        observations="""
        indicator_id  | region_id | period | value
        health.life   | KZ        | 2024   |    75
        health.births | KZ-71     | 2024   |
        energy.loss   | KZ-71     | 2024   |    10
        """,
    )

    assert returns_due.regional_indicators(data) == ["energy.loss"]


def test_a_period_is_not_late_before_its_days_of_grace_are_over():
    data = world(
        "2025-01-31", observations="indicator_id | period | value\n health.life | 2023 | 75"
    )

    assert returns_due.missing_returns(data, grace_days=32).empty
    assert returns_due.missing_returns(data, grace_days=31)["days_late"].tolist() == [0]


def test_a_year_that_a_later_figure_covers_is_not_late():
    # As seen: roads of 2024 are in, and 2023 was asked for.
    data = world(
        "2025-01-31",
        indicators="indicator_id\n health.life\n health.births\n energy.loss",
        observations="""
        indicator_id  | region_id | period | value | obs_status
        health.life   | KZ        | 2024   |    75 | normal
        health.births | KZ        | 2024   |       | not_applicable
        health.births | KZ-71     | 2024   |       | missing
        energy.loss   | KZ        | 2022   |    10 | normal
        energy.loss   | KZ        | 2024-03 |    3 | normal
        """,
    )

    # A month of the next year covers no year.
    same(
        returns_due.missing_returns(data, grace_days=270),
        """
        sector_id | indicator_id  | region_id | period | latest_period | state
        health    | health.births | KZ-71     | 2023   |               | absent
        energy    | energy.loss   | KZ        | 2023   | 2024-03       | absent
        """,
    )


@pytest.mark.parametrize(
    ("begins", "late"), [("2024-12-31", 0), ("2023-12-31", 0), ("2022-12-31", 1)]
)
def test_a_year_up_to_the_baseline_is_not_late(begins, late):
    data = world(
        "2025-01-31",
        indicators="indicator_id\n health.life",
        targets=f"""
        indicator_id | region_id | due_on     | kind     | value
        health.life  | KZ        | {begins}   | baseline |    70
        health.life  | KZ        | 2029-12-31 | final    |    75
        """,
    )

    assert len(returns_due.missing_returns(data, grace_days=270)) == late


def test_judgements_that_rest_on_overdue_figures_are_found():
    data = world(
        "2025-01-20",
        indicators="indicator_id\n health.life\n health.births\n energy.loss",
        observations="""
        indicator_id  | region_id | period | value
        health.life   | KZ        | 2022   |    75
        health.births | KZ        | 2023   |    75
        energy.loss   | KZ        | 2019   |    75
        """,
        targets="""
        indicator_id  | region_id | due_on     | kind     | value
        health.life   | KZ        | 2018-12-31 | baseline |    70
        health.life   | KZ        | 2029-12-31 | final    |    80
        health.births | KZ        | 2018-12-31 | baseline |    70
        health.births | KZ        | 2029-12-31 | final    |    90
        energy.loss   | KZ        | 2018-12-31 | baseline |    70
        energy.loss   | KZ        | 2029-12-31 | final    |    80
        """,
    )
    found = returns_due.on_overdue_figures(assess(data), data)

    # The third is too old to be judged at all.
    assert found[["indicator_id", "owed"]].to_numpy().tolist() == [["health.life", "2023"]]
    table = blocks.statuses(data, assess(data), open_wording("en")).frame
    why = table.set_index("indicator_id")["reason_text"]
    assert why["health.life"].endswith(" The figure for 2023 is overdue.")
    assert not why["health.births"].endswith("overdue.")
    told = brief(data, open_wording("en"))
    assert told.answer.startswith("1 of 2 judged indicators")
    assert "Not judged: 1 of 3 indicators" in told.standfirst
    assert "Judged on overdue figures: 1." in told.standfirst


def test_the_example_rests_six_of_33_judgements_on_overdue_figures(example_data):
    data = example_data.known_on("2025-01-31")
    assessments = assess(data)
    told = brief(data, open_wording("en"), assessments=assessments)

    assert told.answer.startswith("18 of 33 judged indicators")
    assert "Not judged: 26 of 59 indicators" in told.standfirst
    assert "Judged on overdue figures: 6." in told.standfirst
    grid = charts.status_grid(data, open_wording("en"), assessments=assessments)
    assert grid.title == "18 of 33 indicators judged are achieved or on track, 10 off track"
    assert not (returns_due.missing_returns(data)["latest_period"] >= "2024").any()


def test_without_a_day_nothing_is_missing():
    with pytest.raises(DefinitionError, match="known_on"):
        returns_due.missing_returns(world())


@pytest.mark.parametrize("function", [quality.findings, returns_due.returns_received])
def test_the_input_is_left_alone(function):
    data = world(observations=REVISED)
    before = data.observations.copy()

    function(data)

    pd.testing.assert_frame_equal(data.observations, before)


def test_a_milestone_that_is_done_while_its_indicator_never_had_a_figure_is_found():
    data = world(
        indicators="indicator_id\n health.life\n health.silent",
        observations="indicator_id | period | value\n health.life | 2024 | 70",
        milestones="""
            milestone_id | indicator_id  | completed_on | source_cell
            m1           | health.silent | 2024-06-01   | Sheet!B2
            m2           | health.silent |              | Sheet!B3
            m3           | health.life   | 2024-06-01   | Sheet!B4
            m4           |               | 2024-06-01   | Sheet!B5
        """,
    )

    same(
        quality.done_in_vain(data),
        """
        rule                | severity | subject_id    | region_id | period     | source_cell
        milestone.no_figure | warning  | health.silent | KZ        | 2024-06-01 | Sheet!B2
        """,
    )


def test_an_open_instruction_whose_target_was_moved_is_found():
    data = world(
        indicators="indicator_id\n health.life\n health.beds",
        targets="""
            indicator_id | region_id | due_on     | set_on     | kind  | value
            health.life  | KZ        | 2029-12-31 | 2023-06-01 | final |    77
            health.life  | KZ        | 2029-12-31 | 2024-06-01 | final |    75
            health.life  | KZ-10     | 2029-12-31 | 2023-06-01 | final |    70
            health.beds  | KZ        | 2029-12-31 | 2023-06-01 | final |     9
        """,
        instructions="""
            instruction_id | indicator_id | region_id | registered_on | removed_on | secrecy | control | source_cell
            i1             | health.life  |           | 2024-01-10    |            |         | special | Sheet!B2
            i2             | health.life  | KZ        | 2024-01-10    | 2024-12-01 |         | special | Sheet!B3
            i3             | health.life  | KZ        | 2024-07-10    |            |         | special | Sheet!B4
            i4             | health.life  | KZ        | 2024-01-10    |            | ДСП     | special | Sheet!B5
            i5             | health.life  | KZ-10     | 2024-01-10    |            |         | special | Sheet!B6
            i6             | health.beds  | KZ        | 2024-01-10    |            |         | special | Sheet!B7
            i7             |              | KZ        | 2024-01-10    |            |         | special | Sheet!B8
        """,
    )

    same(
        quality.moved_under_instruction(data),
        """
        rule                     | subject_id  | region_id | period     | value | compared_with | source_cell
        instruction.target_moved | health.life | KZ        | 2029-12-31 |    75 |            77 | Sheet!B2
        """,
    )
    assert {"instruction.target_moved"} <= set(quality.findings(data)["rule"])
