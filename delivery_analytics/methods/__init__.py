"""The status methods, by name. A new one is a function in a module of this package."""

from delivery_analytics.methods.peers import open_sdg, pemandu_1, pemandu_2, pemandu_3, pmdu
from delivery_analytics.methods.register import (
    AGAINST,
    METHODS,
    SIGNS,
    SLACK,
    banded,
    graded,
    method,
)
from delivery_analytics.methods.shares import (
    kz_plan_execution,
    share_of_planned_change,
    within_tolerance,
)

__all__ = [
    "AGAINST",
    "METHODS",
    "SIGNS",
    "SLACK",
    "banded",
    "graded",
    "kz_plan_execution",
    "method",
    "open_sdg",
    "pemandu_1",
    "pemandu_2",
    "pemandu_3",
    "pmdu",
    "share_of_planned_change",
    "within_tolerance",
]
