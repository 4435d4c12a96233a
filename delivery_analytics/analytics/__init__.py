"""One module a subject, called as the subject is: tables in, tables with codes out.

Each is imported when it is first asked for.
"""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from delivery_analytics.model.asking import explain_calls

explain_calls(__name__)

if TYPE_CHECKING:
    from delivery_analytics.analytics import action_paths as action_paths
    from delivery_analytics.analytics import actions as actions
    from delivery_analytics.analytics import baselines as baselines
    from delivery_analytics.analytics import boundaries as boundaries
    from delivery_analytics.analytics import challenge_reviews as challenge_reviews
    from delivery_analytics.analytics import challenges as challenges
    from delivery_analytics.analytics import changes as changes
    from delivery_analytics.analytics import common as common
    from delivery_analytics.analytics import contradictions as contradictions
    from delivery_analytics.analytics import disparity as disparity
    from delivery_analytics.analytics import facts as facts
    from delivery_analytics.analytics import forecast as forecast
    from delivery_analytics.analytics import forecast_record as forecast_record
    from delivery_analytics.analytics import instructions as instructions
    from delivery_analytics.analytics import judgements as judgements
    from delivery_analytics.analytics import milestones as milestones
    from delivery_analytics.analytics import obstacles as obstacles
    from delivery_analytics.analytics import quality as quality
    from delivery_analytics.analytics import returns_due as returns_due
    from delivery_analytics.analytics import rollup as rollup
    from delivery_analytics.analytics import signals as signals
    from delivery_analytics.analytics import slippage as slippage
    from delivery_analytics.analytics import spending as spending
    from delivery_analytics.analytics import status as status
    from delivery_analytics.analytics import trajectory as trajectory


def __getattr__(name: str) -> Any:
    if name in __dir__():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
