"""Milestones: what is due, what is late, and by how much."""

from delivery_analytics.analytics import milestones as milestone_states
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def milestones(data: Dataset, words: Wording, *, urgent: bool = False) -> Table:
    """Return the milestones, the most urgent first.

    Parameters
    ----------
    urgent
        Only those that are overdue, expected late, or due soon.
    """
    states = every = milestone_states.late(data.named(words.language))
    if urgent:
        states = states[states["state"].isin(["overdue", "forecast_late", "due"])]
    named = [words.code("milestone", state) for state in states["state"]]
    state_name = [
        words("{state}, forecast not renewed", state=said) if stale else said
        for said, stale in zip(named, states["not_renewed"], strict=True)
    ]
    title = words("Milestones that are late or due") if urgent else ""
    none = words("No milestone is recorded.") if every.empty else ""
    frame = states.assign(state_name=state_name)
    return common.table("milestones", frame, data, words, title=title, empty=none)
