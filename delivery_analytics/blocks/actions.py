"""What is done about it: planned actions, what they do not cover, and what is in the way."""

from __future__ import annotations

import pandas as pd

from delivery_analytics.analytics import actions as planned
from delivery_analytics.analytics import obstacles as problems_log
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording


def actions(data: Dataset, words: Wording) -> Table:
    """Return the planned actions under each indicator: who, what, by when, at what cost."""
    rows = planned.activities(data)
    frame = rows.assign(
        indicator=_indicators(data, rows, words),
        title_marked=common.marked_texts(rows, "title"),
        state_name=[words.code("action", state) for state in rows["state"]],
        source=data.place(rows),
    )
    columns = (
        Column("indicator", words("Indicator")),
        Column("title_marked", words("Action")),
        Column("owner", words("Responsible")),
        Column("start_on", words("Begins"), "date"),
        Column("end_on", words("Ends"), "date"),
        Column("state_name", words("State")),
        Column("late_days", words("Days late"), "number", decimals=0),
        *common.money_columns(frame, words, {"cost": words("Cost")}),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Planned actions"),
        frame,
        columns,
        note=common.marked_note(frame, words),
        empty_text=words("No action is planned here."),
    )


def uncovered(data: Dataset, words: Wording) -> Table:
    """Return what the planned actions bring by each target's day, and what nothing covers."""
    rows = planned.uncovered(data)
    counted, computed = rows["actions"], ("planned_value", "not_covered", "margin")
    frame = rows.assign(
        indicator=common.indicator_titles(data, rows, words),
        place=rows["region_id"].map(common.names(data.registry.regions, words)),
        counted=common.coverages(counted, counted + rows["actions_unknown"], words),
        **common.rounded_column(
            data, rows, computed, more=1, against=("planned_value", "target_value")
        ),
    )
    columns = (
        Column("indicator", words("Indicator, unit")),
        Column("place", words("Region")),
        Column("value", words("Observed"), "number", decimals=None),
        Column("period", words("Period"), "period"),
        Column("planned_value", words("With the planned actions"), "number", decimals=None),
        Column("target_value", words("Target"), "number", decimals=None),
        Column("due_on", words("Due"), "date"),
        Column("not_covered", words("Not covered"), "number", decimals=None),
        Column("margin", words("To spare"), "number", decimals=None),
        Column("counted", words("Actions counted")),
    )
    note = words(
        "The last figure, held flat, and what the actions are to add to it by the target's "
        "day. Their effects are the sector team's own estimates."
    )
    return Table(
        words("What the planned actions do not cover"),
        frame,
        columns,
        note=common.sentences(note, common.titles_note(frame["indicator"], words)),
        empty_text=words("No action says what it is to bring."),
    )


def obstacles(data: Dataset, words: Wording) -> Table:
    """Return the log of problems, open ones first, those at the highest level before all."""
    rows = problems_log.log(data)
    frame = rows.assign(
        indicator=_indicators(data, rows, words),
        text_marked=common.marked_texts(rows, "text"),
        level_name=[words.code("level", level) for level in rows["level"]],
        state=[words("open") if one else words("solved") for one in rows["open"]],
        source=data.place(rows),
    )
    columns = (
        Column("text_marked", words("Obstacle")),
        Column("indicator", words("Indicator")),
        Column("owner", words("Responsible")),
        Column("level_name", words("Level")),
        Column("raised_on", words("Raised"), "date"),
        Column("state", words("State")),
        Column("days_open", words("Days open"), "number", decimals=0),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("What is in the way"),
        frame,
        columns,
        note=common.marked_note(frame, words),
        empty_text=words("No obstacle is reported."),
    )


def obstacle_levels(data: Dataset, words: Wording) -> Table:
    """Return for each level of escalation how many obstacles are open, and for how long."""
    frame = problems_log.by_level(problems_log.log(data))
    frame = frame.assign(level_name=[words.code("level", level) for level in frame["level"]])
    columns = (
        Column("level_name", words("Level")),
        Column("open", words("Open"), "number", decimals=0),
        Column("median_days_open", words("Days open, median"), "number", decimals=0),
        Column("solved", words("Solved"), "number", decimals=0),
    )
    return Table(
        words("Obstacles by level"),
        frame,
        columns,
        note=words("What a level cannot solve goes to the one above it."),
    )


def _indicators(data: Dataset, rows: pd.DataFrame, words: Wording) -> list[str]:
    called = common.names(data.registry.indicators, words)
    return [called.get(key, "") for key in rows["indicator_id"]]
