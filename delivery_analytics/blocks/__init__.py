"""What a report says beside its charts: one function a block, tables in, block out.

Every figure stands with its unit, its period and its source; every sum with its coverage;
what is illustrative is marked. A table that would be empty says why it is.
"""

from delivery_analytics.blocks.actions import actions, obstacle_levels, obstacles, uncovered
from delivery_analytics.blocks.challenges import (
    challenge_headlines,
    challenge_notes,
    challenges,
    guards,
    sustained,
)
from delivery_analytics.blocks.changes import revised, turned
from delivery_analytics.blocks.forecast import forecast_record, outlook
from delivery_analytics.blocks.growth import growth_windows
from delivery_analytics.blocks.illustrative import illustrative
from delivery_analytics.blocks.instructions import (
    control,
    control_ageing,
    control_headlines,
    control_measures,
    instructions,
)
from delivery_analytics.blocks.judgements import league, ratings
from delivery_analytics.blocks.methods import (
    by_method,
    method_counts,
    one_by_method,
    side_by_side,
)
from delivery_analytics.blocks.milestones import milestones
from delivery_analytics.blocks.provenance import traced
from delivery_analytics.blocks.quality import findings, missing, problems, returns
from delivery_analytics.blocks.regions import places, region_headlines, region_table, spread
from delivery_analytics.blocks.signals import signalled, signals
from delivery_analytics.blocks.spending import spending, spending_lines
from delivery_analytics.blocks.status import deviations, headlines, sector_counts, statuses

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


def __dir__() -> list[str]:
    return __all__
