"""Order: what is told first, the same in every table, chart, page and alert.

    gap       = d · (value − expected); of a level to be kept −|value − target|
    usual     = median |x_t − x_u| / (t − u) over neighbouring years u < t of the series, the mean
                where the median is 0; of three changes or more
    gap_years = gap / usual

A promise without a figure is first. Then by status (off track, at risk, not judged, on track,
achieved), then official targets before
illustrative ones, then by the `priority` that an indicator declares (1 first, none last), then by
`gap_years`, the largest shortfall first. A share of the promised change would let the timid lead: who
promised 0.4 points is soon 100 % short.

A subject has what it has a figure or a target of: one rule for the command and the reports. The
largest moves are told also where nothing was promised, in the order of |times|:

    times = (x_t − x_(t−1)) / usual of the years before; of a short history, the median size of all
            regions' changes of that period, of five or more

A baseline at a trough or a peak is marked: it lies below (above) every figure of the three years
before it and the three after it, of two before and one after at least, and further from their
median than the usual change. Part of the change from there is a return to what was usual.
"""

import pandas as pd

from delivery_analytics.analytics import baselines, rollup
from delivery_analytics.analytics.common import usual_changes
from delivery_analytics.analytics.status import assess
from tests.support.tables import dataset, registry, rows, same, table


def test_the_usual_change_of_a_year_is_the_median_of_its_sizes():
    # Changes of a: 1, 1, −3; of c: 0, 0, 6, whose mean is 2; of d two years apart: 2, 4, 6.
    drawn = table("""
        indicator_id | region_id | period | value
        a            | KZ        | 2020   |    10
        a            | KZ        | 2021   |    11
        a            | KZ        | 2022   |    12
        a            | KZ        | 2023   |     9
        b            | KZ        | 2022   |    12
        b            | KZ        | 2023   |     9
        c            | KZ        | 2020   |     0
        c            | KZ        | 2021   |     0
        c            | KZ        | 2022   |     0
        c            | KZ        | 2023   |     6
        d            | KZ        | 2017   |     0
        d            | KZ        | 2019   |     2
        d            | KZ        | 2021   |     6
        d            | KZ        | 2023   |    12
    """)
    same(
        usual_changes(drawn),
        """
        indicator_id | usual
        a            |     1
        b            |
        c            |     2
        d            |     2
        """,
    )


def test_what_is_told_first():
    # Each moved by 2 a year; births is 1 year of it short, deaths 4 of 0.4 points promised.
    known = registry("""
        indicator_id  | direction | priority
        health.timid  | increase  |
        health.large  | increase  |
        health.first  | increase  | 1
        health.drawn  | increase  | 1
        health.risky  | increase  |
        health.fine   | increase  |
        health.silent | increase  |
    """)
    drawn = """
        indicator_id  | period | value | baseline_value | expected_value | target_value | status
        health.timid  | 2024   |    50 |             50 |           50.4 |         50.4 | off_track
        health.large  | 2024   |    50 |             40 |             60 |           80 | off_track
        health.first  | 2024   |    50 |             48 |             51 |           54 | off_track
        health.drawn  | 2024   |    50 |             40 |             90 |           99 | off_track
        health.risky  | 2024   |    50 |             40 |             52 |           80 | at_risk
        health.fine   | 2024   |    50 |             40 |             49 |           80 | on_track
        health.silent |        |       |                |                |           80 | not_judged
    """
    history = "indicator_id | region_id | period | value\n" + "".join(
        f"health.{name} | KZ | {year} | {50 + 2 * (year - 2024)}\n"
        for name in ("timid", "large", "first", "drawn", "risky", "fine")
        for year in range(2020, 2025)
    )
    data = dataset(
        "2025-01-31",
        registry=known,
        observations=history,
        targets="""
            indicator_id | due_on     | kind  | value | illustrative
            health.drawn | 2029-12-31 | final |    99 | yes
        """,
    )

    same(
        rollup.by_urgency(rows("assessments", drawn), data),
        """
        indicator_id  | status     | illustrative | gap  | gap_years
        health.silent | not_judged | no           |      |
        health.first  | off_track  | no           |   -1 |      -0.5
        health.large  | off_track  | no           |  -10 |        -5
        health.timid  | off_track  | no           | -0.4 |      -0.2
        health.drawn  | off_track  | yes          |  -40 |       -20
        health.risky  | at_risk    | no           |   -2 |        -1
        health.fine   | on_track   | no           |    1 |       0.5
        """,
    )


def turning(values, base="2020", value=None, first=2015):
    history = {str(first + n): x for n, x in enumerate(values)}
    data = dataset(
        "2025-01-31",
        registry=registry("indicator_id | direction\n health.life | increase"),
        observations="indicator_id | region_id | period | value\n"
        + "".join(f"health.life | KZ | {year} | {x}\n" for year, x in history.items()),
        targets="indicator_id | due_on | kind | value\n"
        f"health.life | {base}-12-31 | baseline | {history[base] if value is None else value}\n"
        "health.life | 2029-12-31 | final | 99",
    )
    return baselines.turning(data)


def test_a_baseline_below_or_above_its_neighbours_is_at_a_trough_or_a_peak():
    [trough] = turning([60, 61, 60, 61, 60, 50, 60, 61, 62]).to_dict("records")

    assert [trough[name] for name in ("turn", "period", "first", "last")] == [
        "trough",
        "2020",
        "2017",
        "2023",
    ]
    assert turning([60, 61, 60, 61, 60, 70, 60])["turn"].tolist() == ["peak"]


def test_a_baseline_that_is_no_turning_point_is_not_marked():
    rising = [10, 12, 14, 16, 18, 20, 22, 24]
    by_little = [60, 64, 60, 64, 60, 59, 60, 64, 60]
    first_of_all = [50, 60, 61, 60, 61]

    assert turning(rising).empty
    assert turning(by_little).empty
    assert turning(first_of_all, first=2020).empty
    assert turning([60, 61, 60, 61, 60, 50]).empty


def test_promises_made_for_a_range_of_regions_are_sorted_alike_however_the_table_comes():
    data = dataset(
        "2025-01-31",
        registry=registry("indicator_id | direction\n health.life | increase"),
        observations="""
            indicator_id | region_id | period | value
            health.life  | KZ-10     | 2024   |    40
            health.life  | KZ-71     | 2024   |    40
        """,
        targets="""
            indicator_id | region_id | due_on     | kind     | value
            health.life  | KZ-10     | 2020-12-31 | baseline |    30
            health.life  | KZ-10     | 2024-12-31 | final    |    80
            health.life  | KZ-71     | 2020-12-31 | baseline |    30
            health.life  | KZ-71     | 2024-12-31 | final    |    80
        """,
    )
    judged = assess(data)

    pd.testing.assert_frame_equal(
        rollup.by_urgency(judged, data), rollup.by_urgency(judged[::-1], data)
    )
