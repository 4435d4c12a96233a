"""Judge the rows of a drawn example."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.analytics.status import assess_facts
from tests.support.tables import table

# What an example leaves out: a figure for 2024 on a promise from 2019 to 2029.
_USUAL = {
    "direction": "increase",
    "unit_kind": "number",
    "tolerance": 0.0,
    "running_total": False,
    "period_end": pd.Timestamp("2024-12-31"),
    "baseline_on": pd.Timestamp("2019-12-31"),
    "target_on": pd.Timestamp("2029-12-31"),
    "baseline_value": np.nan,
    "expected_value": np.nan,
    "plan_value": np.nan,
    "target_value": np.nan,
    "reported": True,
    "stale": False,
}
_NAMES = {
    "baseline": "baseline_value",
    "expected": "expected_value",
    "plan": "plan_value",
    "target": "target_value",
}


def facts_as_drawn(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of a drawn table, what it leaves out as usual."""
    facts = drawn.rename(columns=_NAMES)
    return facts.assign(**{k: v for k, v in _USUAL.items() if k not in facts})


def assessed_as_drawn(text: str, *, method: str, rules: dict[str, float] | None = None) -> None:
    """Assert that each drawn row is judged with the drawn ``score``, ``status``, ``reason``.

    Columns are those of the facts, ``baseline``, ``expected``, ``plan`` and ``target``
    without ``_value``. Every row's result is compared, so the drawing is the expectation.
    """
    drawn = table(text)
    judged = assess_facts(facts_as_drawn(drawn), method=method, rules=rules)
    results = ["score", "status", "reason"]
    pd.testing.assert_frame_equal(
        pd.concat([drawn.drop(columns=results), judged], axis=1)[list(drawn)],
        drawn,
        check_dtype=False,
        rtol=1e-9,
        atol=1e-9,
    )
