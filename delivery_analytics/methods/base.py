"""What a status method is: a function of the facts, known by its own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Method = Callable[..., pd.DataFrame]

METHODS: dict[str, Method] = {}
AGAINST: dict[str, str] = {}

SIGNS = {"increase": 1.0, "decrease": -1.0, "maintain": 0.0}

# A threshold of 0.95 must hold for a score that is 0.95 on paper and 0.9499999999999998
# in binary.
SLACK = 1e-9


def method(*, against: str = "expected_value") -> Callable[[Method], Method]:
    """Make a function a status method, known to sector files by its own name.

    The function takes the facts (see `judge`), and its thresholds by keyword, whose
    defaults stand where ``status.toml`` says nothing. It returns ``score``, ``status``
    and ``reason``, aligned with the facts. `against` is the column of the facts that it
    compares the value with; assessments show it as the expected value.
    """

    def register(function: Method) -> Method:
        METHODS[function.__name__] = function
        AGAINST[function.__name__] = against
        return function

    return register


def graded(score: pd.Series[float], status: Any, reason: Any) -> pd.DataFrame:
    """Return what a method returns: a score, a status and a reason for each row."""
    codes = pd.DataFrame({"status": status, "reason": reason}, index=score.index, dtype="str")
    return codes.assign(score=score)


def banded(score: pd.Series[float], *, on_track: float, at_risk: float) -> Any:
    """Return the status of each score, given the lowest ones of the two better bands."""
    return np.select(
        [score.isna(), score >= on_track - SLACK, score >= at_risk - SLACK],
        ["not_judged", "on_track", "at_risk"],
        default="off_track",
    )
