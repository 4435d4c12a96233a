"""Figures owed: which are late, and how many judgements rest on what is late.

A figure is owed for the latest period of its frequency that ended so many days ago
(`due_after_days` in `status.toml`), of the nation and of every region that ever reported the
indicator or has a target.

    late   =  owed, and no value (nor "not applicable") of it or of a later one like it,
              and the period ends after the baseline's day
    judged on overdue figures  =  judged, and late

A year that a later return covers is not asked for again, nor one up to the baseline: the promise says
how it stood then. A headline has one denominator, the indicators that were judged.
"""

from delivery_analytics import assess
from delivery_analytics.analytics import returns_due
from tests.support.tables import dataset, registry, same


def test_a_later_figure_or_a_later_baseline_leaves_nothing_to_ask_for():
    known = registry("""
        indicator_id   | frequency
        health.reported | annual
        health.covered  | annual
        health.promised | annual
        health.silent   | annual
    """)
    figures = """
        indicator_id    | period | value
        health.reported | 2022   |    62
        health.covered  | 2024   |    64
        health.silent   | 2022   |    62
    """
    promises = """
        indicator_id    | due_on     | kind     | value
        health.reported | 2020-12-31 | baseline |    60
        health.reported | 2030-12-31 | final    |    70
        health.promised | 2023-12-31 | baseline |    60
        health.promised | 2030-12-31 | final    |    70
    """
    data = dataset("2024-12-31", registry=known, observations=figures, targets=promises)
    same(
        returns_due.missing_returns(data, grace_days=270),
        """
        indicator_id    | period | latest_period
        health.reported | 2023   | 2022
        health.silent   | 2023   | 2022
        """,
    )
    same(
        returns_due.on_overdue_figures(assess(data), data),
        """
        indicator_id    | period | status
        health.reported | 2022   | on_track
        """,
    )
