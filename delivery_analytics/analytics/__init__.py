"""One module a subject, called as the subject is: tables in, tables with codes out.

Each is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery_analytics.analytics import (
        action_paths,
        actions,
        boundaries,
        calibration,
        challenge_reviews,
        challenges,
        changes,
        disparity,
        facts,
        forecast,
        forecast_record,
        instructions,
        judgements,
        milestones,
        obstacles,
        quality,
        rollup,
        slippage,
        spending,
        status,
        trajectory,
    )

__all__ = [
    "action_paths",
    "actions",
    "boundaries",
    "calibration",
    "challenge_reviews",
    "challenges",
    "changes",
    "disparity",
    "facts",
    "forecast",
    "forecast_record",
    "instructions",
    "judgements",
    "milestones",
    "obstacles",
    "quality",
    "rollup",
    "slippage",
    "spending",
    "status",
    "trajectory",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
