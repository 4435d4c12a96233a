"""What a status method is: a function of the facts, known by its own name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.errors import DefinitionError

Method = Callable[..., pd.DataFrame]

METHODS: dict[str, Method] = {}
AGAINST: dict[str, str] = {}
EARLY: set[str] = set()

SERIES = ["indicator_id", "region_id"]  # what the figures of one series have in common

# Which way is better. A level that is to be kept has no better way; where it can be compared
# with its target all the same, its sign is nought.
WAYS = {"increase": 1.0, "decrease": -1.0}
SIGNS = WAYS | {"maintain": 0.0}

# A threshold of 0.95 must hold for a score that is 0.95 on paper and 0.9499999999999998
# in binary.
SLACK = 1e-9


def method(
    *, against: str = "expected_value", early: bool = False
) -> Callable[[Method], Method]:
    """Make a function a status method, known to sector files by its own name.

    The function takes the facts (see `assess_facts`), and its thresholds by keyword, whose
    defaults stand where ``status.toml`` says nothing. It returns ``score``, ``status``
    and ``reason``, aligned with the facts. `against` is the column of the facts that it
    compares the value with; assessments show it as the expected value. `early` says that its
    unit calls a target achieved before the day it is due.
    """

    def register(function: Method) -> Method:
        METHODS[function.__name__] = function
        AGAINST[function.__name__] = against
        if early:
            EARLY.add(function.__name__)
        return function

    return register


def graded(score: pd.Series[float], status: Any, reason: Any) -> pd.DataFrame:
    """Return what a method returns: a score, a status and a reason for each row."""
    codes = pd.DataFrame({"status": status, "reason": reason}, index=score.index, dtype="str")
    return codes.assign(score=score)


def alike(one: pd.Series, other: pd.Series) -> pd.Series:
    """Say where two figures are equal on paper, whatever binary makes of them."""
    slack = SLACK * np.maximum(one.abs(), other.abs())
    equal: pd.Series = (one - other).abs() <= slack
    return equal


def worse(value: pd.Series, than: pd.Series, sign: pd.Series) -> pd.Series:
    """Say where `value` is worse than `than`; figures that are equal on paper are not.

    False where either is missing, and where `sign` is nought.
    """
    apart: pd.Series = (sign * (than - value) > 0) & ~alike(value, than)
    return apart


def ranked_places(figures: pd.Series[float]) -> pd.Series[float]:
    """Return the place of each figure, 1 the highest; equal on paper, they share the first."""
    order = figures.sort_values(ascending=False)
    led = order.mask(alike(order, order.shift())).ffill().where(order.notna())
    return led.rank(method="min", ascending=False).reindex(figures.index)


def coded(flags: Mapping[str, pd.Series], default: str = "") -> pd.Series[str]:
    """Return in each row the name of the first flag that is up, else `default`."""
    codes = np.select(list(flags.values()), list(flags), default=default)
    return pd.Series(codes, next(iter(flags.values())).index, dtype="str")


def one_a_year(history: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of `history` that are numbers, in its order.

    Raises
    ------
    DefinitionError
        If a series has two figures for a year.
    """
    figures: pd.DataFrame = history[np.isfinite(history["value"])]
    if figures.duplicated([*SERIES, "year"]).any():
        raise DefinitionError("An indicator has two figures for a year. Choose a day first")
    return figures


def banded(score: pd.Series[float], *, on_track: float, at_risk: float) -> pd.Series[str]:
    """Return the status of each score, given the lowest ones of the two better bands."""
    return coded(
        {
            "not_judged": score.isna(),
            "on_track": score >= on_track - SLACK,
            "at_risk": score >= at_risk - SLACK,
        },
        "off_track",
    )
