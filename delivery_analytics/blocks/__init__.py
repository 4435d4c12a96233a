"""What a report says beside its charts: one function a block, tables in, block out.

Every figure stands with its unit, its period and its source; every sum with its coverage;
what is illustrative is marked. A table that would be empty says why it is.
"""

from delivery_analytics.blocks.challenged import (
    challenge_headlines,
    challenge_notes,
    challenges,
    guards,
    sustained,
)
from delivery_analytics.blocks.changed import revised, turned
from delivery_analytics.blocks.compared import places, region_headlines, region_table
from delivery_analytics.blocks.controlled import (
    control,
    control_ageing,
    control_headlines,
    control_measures,
)
from delivery_analytics.blocks.delivered import (
    instructions,
    milestones,
    spending,
    spending_lines,
)
from delivery_analytics.blocks.heading import outlook
from delivery_analytics.blocks.judged import deviations, headlines, sector_counts, statuses
from delivery_analytics.blocks.marks import illustrative
from delivery_analytics.blocks.methods import by_method, method_counts, side_by_side
from delivery_analytics.blocks.planned import (
    actions,
    obstacle_levels,
    obstacles,
    uncovered,
)
from delivery_analytics.blocks.rated import league, ratings
from delivery_analytics.blocks.received import findings, missing, problems, returns
from delivery_analytics.blocks.traced import one_by_method, traced
from delivery_analytics.blocks.walked import (
    forecast_record,
    growth_windows,
    signalled,
    signals,
    spread,
)

__all__ = [
    "actions",
    "by_method",
    "challenge_headlines",
    "challenge_notes",
    "challenges",
    "control",
    "control_ageing",
    "control_headlines",
    "control_measures",
    "deviations",
    "findings",
    "forecast_record",
    "growth_windows",
    "guards",
    "headlines",
    "illustrative",
    "instructions",
    "league",
    "method_counts",
    "milestones",
    "missing",
    "obstacle_levels",
    "obstacles",
    "one_by_method",
    "outlook",
    "places",
    "problems",
    "ratings",
    "region_headlines",
    "region_table",
    "returns",
    "revised",
    "sector_counts",
    "side_by_side",
    "signalled",
    "signals",
    "spending",
    "spending_lines",
    "spread",
    "statuses",
    "sustained",
    "traced",
    "turned",
    "uncovered",
]
