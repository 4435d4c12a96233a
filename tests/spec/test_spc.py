"""Signal or noise: control charts of single figures, by the rules of Making Data Count.

`spc.xmr` draws limits of 2.66 mean moving ranges around the mean, after ranges of 3.267 times
their mean are left out once, and names what each point signals: outside, trend of seven, two in
three near a limit, seven on one side. `spc.icons` gives NHS England's two icons. Where fewer than
three distinct ranges remain there are no limits: a single jump after a flat run says nothing of
what is usual. Use it on flows, never on running totals.
"""

import pandas as pd

from delivery_analytics.methods import spc
from tests.support.tables import same, table


def charted(text, **more):
    drawn = table(text)
    return drawn.assign(
        indicator_id="i",
        region_id="KZ",
        period_end=pd.date_range("2024-01-31", periods=len(drawn), freq="ME"),
        **{"direction": "increase", **more},
    )


def test_the_limits_are_two_point_sixty_six_mean_ranges_from_the_mean():
    # Ranges 2 1 3 2 are 2 on average, figures 11.4: the limits are 11.4 less and plus 5.32.
    found = spc.xmr(charted("value\n 10\n 12\n 13\n 10\n 12"))
    same(
        found.tail(1).round(2),
        """
        mean | lower | upper | near_lower | near_upper
        11.4 |  6.08 | 16.72 |       7.85 |      14.95
        """,
    )


def test_seven_rising_in_a_row_are_a_signal_good_or_bad_by_the_direction():
    drawn = """
        value
           12
           14
           11
           13
           12
            9
           10
           11
           12
           13
           14
           15
    """
    for direction, said in (("increase", "improvement"), ("decrease", "concern")):
        found = spc.xmr(charted(drawn, direction=direction), strict=True)
        same(found.tail(1)[["signal", "variation"]], f"signal | variation\n trend_up | {said}")


def test_a_constant_series_has_no_limits_and_no_signal():
    found = spc.xmr(charted("value\n" + "\n".join(["5"] * 12)))
    same(
        found.tail(1)[["mean", "upper", "signal"]], "mean | upper | signal\n 5 | | common_cause"
    )
