"""Signal or noise: control charts of single figures, by the rules of Making Data Count.

`spc.xmr` draws limits of 2.66 mean moving ranges around the mean, after ranges of 3.267 times
their mean are left out once, and names what each point signals: outside, trend of seven, two in
three near a limit, seven on one side. `spc.icons` gives NHS England's two icons. Where fewer than
three distinct ranges remain there are no limits: a single jump after a flat run says nothing of
what is usual. Use it on flows, never on running totals.

What is printed of it is decided by `analytics.signals`. Of the n figures x of a stretch, with
changes d, m = n - 1 of them:

    a new stretch begins at x_i if it and the next 7 lie on one side of mean(x before it), 8 or more
    trend       =  (sum d)^2 / (m * sum d^2) > 1/2   or   R^2 of a straight line through x > 1/2
    no verdict  :  yearly, and n < 12 or trend;  or no limits
    assurance   :  a verdict, no trend, the last figure as usual, a target, a better way

Otherwise neither limits nor assurance are printed, and the reason is. A last figure that is better
than usual after a change for the worse is said to be so. With the first trend alone, 32 to 34 of
100 next figures of published yearly series (655 and 654, twelve years or more) lay outside their
limits; with both, 22 to 24; after a last figure as usual, 10 to 11.
"""

import pandas as pd

from delivery_analytics.analytics import signals
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


def test_a_verdict_is_given_of_what_varies_about_a_level():
    series = {
        "stable": [10, 12, 13, 10, 12, 11, 13, 11, 10, 13, 12, 11],
        "eleven years": [10, 12, 13, 10, 12, 11, 13, 11, 10, 13, 12],
        "falls": [40, 38, 37, 35, 34, 31, 30, 28, 27, 25, 22, 21],
        "fell, rises": [95, 93, 60, 58, 57, 54, 30, 28, 26, 25, 29, 44],
        "hardly changes": [5, 5, 5, 6, 5, 5, 5, 5, 5, 5, 5, 5],
    }
    drawn = [
        {"indicator_id": name, "period": f"{2010 + n}", "value": float(value)}
        for name, values in series.items()
        for n, value in enumerate(values)
    ]
    points = pd.DataFrame(drawn).assign(region_id="KZ", direction="decrease")
    points = points.assign(period_end=pd.to_datetime(points["period"] + "-12-31"))
    # The stable one: 11.5 on average, its eleven ranges 19 in all: 11.5 -+ 2.66 * 19 / 11.
    found = signals.charted(points).drop_duplicates("indicator_id", keep="last")
    same(
        found.drop(columns="period_end").round(2),
        """
        indicator_id   | n  | lower | upper | variation
        eleven years   | 11 |       |       | few_years
        falls          | 12 |       |       | moving
        fell, rises    | 12 |       |       | moving
        hardly changes | 12 |       |       | no_limits
        stable         | 12 |  6.91 | 16.09 | common_cause
        """,
    )
