"""What is done about it: planned actions, what they do not cover, and what is in the way."""

from delivery_analytics.analytics import actions as planned
from delivery_analytics.analytics import obstacles as problems_log
from delivery_analytics.blocks import common
from delivery_analytics.blocks.common import table
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def actions(data: Dataset, words: Wording) -> Table:
    """Return the planned actions under each indicator: who, what, by when, at what cost."""
    return table("actions", planned.activities(data.named(words.language)), data, words)


def uncovered(data: Dataset, words: Wording) -> Table:
    """Return what the planned actions bring by each target's day, and what nothing covers."""
    rows = planned.uncovered(data)
    counted, computed = rows["actions"], ("planned_value", "not_covered", "margin")
    against = ("planned_value", "target_value")
    frame = rows.assign(
        counted=common.coverages(counted, counted + rows["actions_unknown"], words),
        **common.rounded_column(data, rows, computed, more=1, against=against),
    )
    return table("uncovered", frame, data, words)


def obstacles(data: Dataset, words: Wording) -> Table:
    """Return the log of problems, open ones first, those at the highest level before all."""
    rows = problems_log.log(data.named(words.language))
    state = rows["open"].map({True: words("open"), False: words("solved")})
    return table("obstacles", rows.assign(state=state), data, words)


def obstacle_levels(data: Dataset, words: Wording) -> Table:
    """Return for each level of escalation how many obstacles are open, and for how long."""
    return table("obstacle_levels", problems_log.by_level(problems_log.log(data)), data, words)
