"""What a report says beside its charts: one function a block, tables in, block out.

Every figure stands with its unit, its period and its source; every sum with its coverage;
what is illustrative is marked. A table that would be empty says why it is.
"""

from types import FunctionType

from delivery_analytics.model import asking

asking.explain_calls(__name__)

# The table of blocks: a line each, and no other name of this folder is public.
from delivery_analytics.blocks.actions import actions as actions
from delivery_analytics.blocks.actions import obstacle_levels as obstacle_levels
from delivery_analytics.blocks.actions import obstacles as obstacles
from delivery_analytics.blocks.actions import uncovered as uncovered
from delivery_analytics.blocks.challenges import challenge_headlines as challenge_headlines
from delivery_analytics.blocks.challenges import challenge_notes as challenge_notes
from delivery_analytics.blocks.challenges import challenge_title as challenge_title
from delivery_analytics.blocks.challenges import challenges as challenges
from delivery_analytics.blocks.challenges import guards as guards
from delivery_analytics.blocks.challenges import sustained as sustained
from delivery_analytics.blocks.changes import moves as moves
from delivery_analytics.blocks.changes import revised as revised
from delivery_analytics.blocks.changes import turned as turned
from delivery_analytics.blocks.forecast import forecast_record as forecast_record
from delivery_analytics.blocks.forecast import outlook as outlook
from delivery_analytics.blocks.forecast import recovering as recovering
from delivery_analytics.blocks.forecast import slipping as slipping
from delivery_analytics.blocks.growth import growth_windows as growth_windows
from delivery_analytics.blocks.illustrative import illustrative as illustrative
from delivery_analytics.blocks.instructions import control as control
from delivery_analytics.blocks.instructions import control_ageing as control_ageing
from delivery_analytics.blocks.instructions import control_headlines as control_headlines
from delivery_analytics.blocks.instructions import control_measures as control_measures
from delivery_analytics.blocks.instructions import instructions as instructions
from delivery_analytics.blocks.judgements import league as league
from delivery_analytics.blocks.judgements import ratings as ratings
from delivery_analytics.blocks.methods import assessed_by_each as assessed_by_each
from delivery_analytics.blocks.methods import by_method as by_method
from delivery_analytics.blocks.methods import method_counts as method_counts
from delivery_analytics.blocks.methods import one_by_method as one_by_method
from delivery_analytics.blocks.methods import side_by_side as side_by_side
from delivery_analytics.blocks.milestones import milestones as milestones
from delivery_analytics.blocks.provenance import traced as traced
from delivery_analytics.blocks.quality import findings as findings
from delivery_analytics.blocks.quality import missing as missing
from delivery_analytics.blocks.quality import problems as problems
from delivery_analytics.blocks.quality import returns as returns
from delivery_analytics.blocks.regions import places as places
from delivery_analytics.blocks.regions import region_table as region_table
from delivery_analytics.blocks.regions import spread as spread
from delivery_analytics.blocks.signals import signals as signals
from delivery_analytics.blocks.spending import spending as spending
from delivery_analytics.blocks.spending import spending_lines as spending_lines
from delivery_analytics.blocks.status import deviations as deviations
from delivery_analytics.blocks.status import sector_counts as sector_counts
from delivery_analytics.blocks.status import statuses as statuses
from delivery_analytics.blocks.status import unanswered as unanswered

__all__ = sorted(name for name, block in globals().items() if isinstance(block, FunctionType))


def __dir__() -> list[str]:
    return __all__
