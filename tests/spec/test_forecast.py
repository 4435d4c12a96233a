"""Forecast: where the figures lead, and the chance of the target.

Of eight consecutive figures or more a damped trend, ETS(A,Ad,N), fitted by least squares (the
level follows at least a fifth of each error: without that a single shock in a short series is
foretold again); of four to seven a straight line; of fewer nothing, and the report says so. The
chance of the final target is that of Student's distribution at the target's day: likely from 0.8,
probable from 0.6, even from 0.4, doubtful from 0.2. A straight line's interval is widened by a
tenth and a half for every period, since errors of short runs follow each other. A share near 0 or
100 % is forecast by its odds. Shown figures stay within what the indicator can be. A plan that is
not yet seen in the figures is not in a forecast, so it judges nothing. Beside each chance stands
how many forecasts of its own past held within their 80 % interval; how all of them did is in
[docs/reliability.md](docs/reliability.md). Student's distribution, the horizon's factor and the
odds are ours; the means and limits of 18 published series are reproduced with their parameters.
"""

import pytest

from delivery_analytics.analytics import forecast
from tests.support.tables import dataset, registry, table


def outlook_as_drawn(text, figures, *, target, direction="increase"):
    years = range(2025 - len(figures), 2025)
    observations = "indicator_id | period | value\n" + "\n".join(
        f"health.births | {year} | {value}" for year, value in zip(years, figures, strict=True)
    )
    data = dataset(
        "2025-01-31",
        registry=registry(
            f"indicator_id | unit | direction\n health.births | years | {direction}"
        ),
        observations=observations,
        targets="indicator_id | due_on | kind | value\n"
        f" health.births | 2029-12-31 | final | {target}",
    )
    row = forecast.outlook(data).iloc[0]
    for name, wanted in table(text).iloc[0].items():
        assert row[name] == pytest.approx(wanted, nan_ok=True), name


def test_four_figures_on_a_line_lead_where_the_line_leads():
    outlook_as_drawn(
        """
        figures | forecast | probability | outlook | required_rate | achieved_rate
              4 |       19 |           1 | likely  |             2 |             2
        """,
        [3, 5, 7, 9],
        target=19,
    )


def test_a_constant_series_stays_where_it_is_and_never_reaches_another_target():
    outlook_as_drawn(
        """
        figures | forecast | probability | outlook  | required_rate | achieved_rate
              9 |        5 |           0 | unlikely |             1 |             0
        """,
        [5] * 9,
        target=10,
    )


def test_three_figures_are_not_enough():
    outlook_as_drawn(
        """
        figures | forecast | probability | outlook
              3 |          |             | not_enough_data
        """,
        [3, 5, 7],
        target=19,
    )
