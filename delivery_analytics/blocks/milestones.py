"""Milestones: what is due, what is late, and by how much."""

from __future__ import annotations

from delivery_analytics.analytics import milestones as milestone_states
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording


def milestones(data: Dataset, words: Wording, *, urgent: bool = False) -> Table:
    """Return the milestones, the most urgent first.

    Parameters
    ----------
    urgent
        Only those that are overdue, expected late, or due soon.
    """
    states = every = milestone_states.late(data)
    if urgent:
        states = states[states["state"].isin(["overdue", "forecast_late", "due"])]
    frame = states.assign(
        state_name=[
            words("{state}, forecast not renewed", state=said) if stale else said
            for said, stale in zip(
                (words.code("milestone", state) for state in states["state"]),
                states["not_renewed"],
                strict=True,
            )
        ],
        title_marked=common.marked_texts(states, "title"),
        source=data.place(states),
    )
    columns = (
        Column("title_marked", words("Milestone")),
        Column("owner", words("Responsible")),
        Column("due_on", words("Due"), "date"),
        Column("expected_on", words("Expected"), "date"),
        Column("completed_on", words("Completed"), "date"),
        Column("state_name", words("State")),
        Column("delay_days", words("Delay"), "number", decimals=0, unit=words("days")),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Milestones that are late or due") if urgent else words("Milestones"),
        frame,
        columns,
        note=common.marked_note(frame, words),
        empty_text=words("No milestone is recorded.")
        if every.empty
        else words("No milestone is late or due soon."),
    )
