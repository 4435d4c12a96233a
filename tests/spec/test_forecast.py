"""Forecast: where the figures lead, and the chance of the target.

No change, plus as much of the drift and of the echo as they have earned. Ours: damped trend,
smoothing and Theta do worse than "no change" on published yearly series, and
[docs/reliability.md](docs/reliability.md) shows this method beside it. Figures x₁ … xₙ follow
each other without a gap, four or more of one frequency; dᵢ = xᵢ₊₁ − xᵢ are their m = n − 1
changes; h is how many periods ahead. Sub-yearly figures that are counted from January are first
turned into what each period added, and summed again for the target.

- **Season**, only with s = 4 or 12 figures a year and n ≥ 2s + 2: a_q is the mean of dᵢ −
  mean(d) at the place q = i mod s, c_q how many there are; between = Σ c_q·a_q² / (s − 1),
  within = Σ (dᵢ − mean(d) − a)² / (m − s). If between > 1.5·within, a_q ← (a_q − mean(a))·(1 −
  within/between) is taken from the changes and l = s − 1; otherwise a = 0 and l = 0.
- **Drift**: b = mean(d), se² = Σ (dᵢ − b)² / (m − 1) / m, believed is k·b with k = b² / (b² +
  6·se²).
- **Echo**: rᵢ = dᵢ − k·b, ρ = Σ rᵢ·rᵢ₋₁ / Σ rᵢ² · m / (m + 6), kept to −0.5 … 0.5.
- **Expected**: M = xₙ + k·b·h + r_m·(ρ + … + ρʰ) + the seasons' a of those h periods.
- **Variance of a change**: s² = (Σ rᵢ² + 4·mean(d²)) / (m + 4 − l): a smooth past is not yet
  certain.
- **Spread**: S² = s²·(G + 2·k·h²/m), G = (1 − ρ²)·Σ_(j<h) (1 + ρ + … + ρʲ)².
- **Ends**: 0 for counts, rates, indices and money, 0 and 100 for percentages, unless a figure
  or what is `plausible` lies beyond; M goes at most half of the way from xₙ to an end.
- **Interval of 80 %**: M ± t·S within the ends, t of Student's distribution F with m − l
  degrees.
- **Chance**: P = F((±(M − target) + half) / S), + where more is better; half is half of the
  last decimal that the figures are written with. P = 0 for a target beyond an end by more than
  half.
- **No chance is given** of fewer than five figures, nor where half or more of the changes are
  nought or the last figure is three spreads or more from what those before it led to expect;
  these two have no interval either. Nor of figures that are too old.
- **In words**, by whole per cent as printed: likely from 80, probable from 60, even from 40,
  doubtful from 20, otherwise unlikely. Beyond 90 and 10 "over 90 %" and "under 10 %" are
  printed.

A status says how it stands, an outlook where it leads; they disagree where

    slipping   = status is achieved or on track, and P < 40 % as printed; without a chance,
                 the whole interval is short of the target
    recovering = status is at risk or off track, and P >= 60 % as printed; without a chance,
                 the whole interval is at the target or beyond

and then one sentence beside the status says so. Where neither a chance nor an interval may be
given, nothing is said.

A plan that is not yet seen in the figures is not in a forecast, so it judges nothing. Beside
each chance stands how many forecasts of its own past held within their 80 % interval, and below
the table how chances of today's targets came out in the past: in the example they were too
high, and "no change" did better.
"""

import pytest

from delivery_analytics.analytics import forecast
from tests.support.tables import dataset, registry, rows, same, table


def outlook_as_drawn(text, figures, *, target, direction="increase", unit="years", due=2025):
    years = range(2025 - len(figures), 2025)
    observations = "indicator_id | period | value\n" + "\n".join(
        f"health.births | {year} | {value}" for year, value in zip(years, figures, strict=True)
    )
    data = dataset(
        "2025-01-31",
        registry=registry(
            f"indicator_id | unit | direction\n health.births | {unit} | {direction}"
        ),
        observations=observations,
        targets="indicator_id | due_on | kind | value\n"
        f" health.births | {due}-12-31 | final | {target}",
    )
    row = forecast.outlook(data).iloc[0]
    for name, wanted in table(text).iloc[0].items():
        assert row[name] == pytest.approx(wanted, nan_ok=True, abs=5e-4), name


def test_deaths_that_fall_by_half_of_a_case_a_year_are_believed_for_two_fifths():
    # Worked by hand: k 0.3851, echo -0.08187, s2 0.50125, S 0.75836, t 1.47588.
    outlook_as_drawn(
        """
        figures | forecast |  lower |  upper | probability | outlook
              6 |   11.216 | 10.097 | 12.335 |      0.6150 | probable
        """,
        [14.1, 13.2, 12.5, 13, 11.9, 11.4],
        target=11.4,
        direction="decrease",
    )


def test_a_line_is_followed_and_is_not_certain():
    outlook_as_drawn(
        """
        figures | forecast |  lower |  upper | probability | outlook  | required_rate | achieved_rate
              6 |       22 | 19.672 | 24.328 |      0.0869 | unlikely |             5 |             2
        """,
        [10, 12, 14, 16, 18, 20],
        target=25,
    )


def test_of_figures_that_go_up_and_down_part_of_the_last_change_is_expected_back():
    outlook_as_drawn(
        """
        figures | forecast | lower |  upper | probability | outlook
              6 |   11.286 | 8.522 | 14.050 |      0.4567 | even
        """,
        [10, 12, 10, 12, 10, 12],
        target=12,
    )


def test_a_share_goes_at_most_half_of_the_way_to_all_of_it():
    outlook_as_drawn(
        """
        figures | forecast |  lower | upper | probability | outlook
              6 |     99.9 | 98.839 |   100 |      0.4736 | even
        """,
        [97.5, 98.2, 98.9, 99.3, 99.6, 99.8],
        target=100,
        unit="percent",
        due=2026,
    )


def test_a_count_falls_at_most_half_of_the_way_to_nought_and_never_below_it():
    outlook_as_drawn(
        """
        figures | forecast | lower | upper | probability | outlook
              6 |      0.5 |     0 | 2.454 |      0.7580 | probable
        """,
        [9, 7, 6, 4, 3, 1],
        target=1,
        direction="decrease",
        unit="cases",
    )


def test_four_figures_have_an_interval_and_no_chance():
    outlook_as_drawn(
        """
        figures | forecast | lower |  upper | probability | outlook
              4 |        9 | 5.803 | 12.197 |             | too_few
        """,
        [1, 3, 5, 7],
        target=8,
    )


def test_figures_that_stand_still_have_neither():
    outlook_as_drawn(
        """
        figures | forecast | lower | upper | probability | outlook | required_rate
              7 |          |       |       |             | still   |             1
        """,
        [5] * 7,
        target=6,
    )


def test_nor_have_figures_that_end_in_a_shock():
    outlook_as_drawn(
        """
        figures | forecast | lower | upper | probability | outlook
              7 |          |       |       |             | shock
        """,
        [10, 11, 10, 11, 10, 11, 30],
        target=20,
    )


def test_of_three_figures_nothing_is_said():
    outlook_as_drawn(
        """
        figures | forecast | probability | outlook
              3 |          |             | too_few
        """,
        [3, 5, 7],
        target=19,
    )


def test_a_status_and_its_outlook_may_disagree():
    # Eight figures that alternate by 1: the next is near the last, its interval about 2 wide.
    wavers, of_four = [9, 10, 9, 10, 9, 10, 9, 10], [7, 8, 9, 10]
    series = {
        "far": wavers,
        "late": wavers,
        "near": wavers,
        "done": wavers,
        "short": of_four,
        "met": of_four,
        "few": [9, 10],
    }
    known = registry(
        "indicator_id | unit | direction | method\n"
        + "".join(f"health.{name} | years | increase | pmdu\n" for name in series)
        + "health.less | years | decrease | pmdu\n"
    )
    figures = {**series, "less": [-x for x in wavers]}
    data = dataset(
        "2025-01-31",
        registry=known,
        observations="indicator_id | period | value\n"
        + "".join(
            f"health.{name} | {2025 - len(values) + n} | {value}\n"
            for name, values in figures.items()
            for n, value in enumerate(values)
        ),
        targets="""
            indicator_id | due_on     | kind  | value
            health.far   | 2025-12-31 | final |    20
            health.late  | 2025-12-31 | final |    20
            health.near  | 2025-12-31 | final |     5
            health.done  | 2025-12-31 | final |     5
            health.short | 2025-12-31 | final |    99
            health.met   | 2025-12-31 | final |     1
            health.few   | 2025-12-31 | final |    99
            health.less  | 2025-12-31 | final |   -20
        """,
    )
    judged = """
        indicator_id | period | value | status
        health.far   | 2024   |    10 | on_track
        health.late  | 2024   |    10 | off_track
        health.near  | 2024   |    10 | off_track
        health.done  | 2024   |    10 | achieved
        health.short | 2024   |    10 | on_track
        health.met   | 2024   |    10 | at_risk
        health.few   | 2024   |    10 | on_track
        health.less  | 2024   |   -10 | achieved
    """

    same(
        forecast.beside_status(rows("assessments", judged), data),
        """
        indicator_id | status    | outlook  | disagreement
        health.done  | achieved  | likely   |
        health.far   | on_track  | unlikely | slipping
        health.few   | on_track  | too_few  |
        health.late  | off_track | unlikely |
        health.less  | achieved  | unlikely | slipping
        health.met   | at_risk   | too_few  | recovering
        health.near  | off_track | likely   | recovering
        health.short | on_track  | too_few  | slipping
        """,
    )
