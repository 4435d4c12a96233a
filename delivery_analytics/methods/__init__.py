"""Published formulas, a module a source, and the status methods among them, by name."""

from delivery_analytics.methods import (
    base,
    delivery_confidence,
    earned_value,
    eurostat,
    kz_decomposition,
    open_sdg,
    pemandu,
    planned_change,
    pmdu,
    spc,
    student_t,
    unescap,
)
from delivery_analytics.methods.base import (
    AGAINST,
    METHODS,
    SIGNS,
    SLACK,
    banded,
    graded,
    method,
)

__all__ = [
    "AGAINST",
    "METHODS",
    "SIGNS",
    "SLACK",
    "banded",
    "base",
    "delivery_confidence",
    "earned_value",
    "eurostat",
    "graded",
    "kz_decomposition",
    "method",
    "open_sdg",
    "pemandu",
    "planned_change",
    "pmdu",
    "spc",
    "student_t",
    "unescap",
]
