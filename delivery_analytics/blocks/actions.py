"""What is done about it: planned actions, what they do not cover, and what is in the way."""

import pandas as pd

from delivery_analytics.analytics import actions as planned
from delivery_analytics.analytics import obstacles as problems_log
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording


def actions(data: Dataset, words: Wording) -> Table:
    """Return the planned actions under each indicator: who, what, by when, at what cost."""
    rows = planned.activities(data.named(words.language))
    frame = rows.assign(
        indicator=_indicators(data, rows, words),
        title_marked=common.marked_texts(rows, "title"),
        state_name=[words.code("action", state) for state in rows["state"]],
        source=data.place(rows),
    )
    return table_of("actions", frame, words, more=common.marked_note(frame, words))


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
    return table_of(
        "uncovered", frame, words, more=common.titles_note(frame["indicator"], words)
    )


def obstacles(data: Dataset, words: Wording) -> Table:
    """Return the log of problems, open ones first, those at the highest level before all."""
    rows = problems_log.log(data.named(words.language))
    frame = rows.assign(
        indicator=_indicators(data, rows, words),
        text_marked=common.marked_texts(rows, "text"),
        level_name=[words.code("level", level) for level in rows["level"]],
        state=[words("open") if one else words("solved") for one in rows["open"]],
        source=data.place(rows),
    )
    return table_of("obstacles", frame, words, more=common.marked_note(frame, words))


def obstacle_levels(data: Dataset, words: Wording) -> Table:
    """Return for each level of escalation how many obstacles are open, and for how long."""
    frame = problems_log.by_level(problems_log.log(data))
    frame = frame.assign(level_name=[words.code("level", level) for level in frame["level"]])
    return table_of("obstacle_levels", frame, words)


def _indicators(data: Dataset, rows: pd.DataFrame, words: Wording) -> list[str]:
    called = common.names(data.registry.indicators, words)
    return [called.get(key, "") for key in rows["indicator_id"]]
