"""Eurostat's progress of an indicator over a short and a long stretch of years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.open_sdg import growth

SHORT, LONG = 5, 15  # years
GROUPS = ("significant", "moderate", "insufficient", "moderate_away", "away", "not_available")
_KEY = ["indicator_id", "region_id"]
_SHARES = (0.95, 0.60, 0.0)  # of the growth that the target needs
_RATE = 0.01  # of growth a year, where there is no target
_SLACK = 1e-9


def progress(
    history: pd.DataFrame,
    goals: pd.DataFrame,
    *,
    windows: tuple[int, ...] = (SHORT, LONG),
) -> pd.DataFrame:
    """Return the growth a year over the last so many years, and how far that leads.

    Parameters
    ----------
    history
        ``indicator_id, region_id, year, value``: the figures, one a year.
    goals
        ``indicator_id, region_id, direction`` (``increase`` or ``decrease``),
        ``target_value`` and ``target_year``, missing where there is none.
    windows
        Lengths in years, back from the latest figure.

    Returns
    -------
    DataFrame
        One row per row of `goals` and window, in their order: the keys, ``window``,
        ``first_year, last_year``; ``growth`` a year as a share, above zero the right way;
        ``ratio`` to the growth that the target needs from the first year on, missing
        without a target; and ``group`` of `GROUPS`. There is no progress without a figure
        for the very year that the window begins with, nor across a change of sign.

    Raises
    ------
    DefinitionError
        If an indicator has two figures for a year.

    Notes
    -----
    With a target: significant from 0.95, moderate from 0.60, insufficient from 0, else
    moving away. Without one: significant from 1 % a year, moderate to 0, moderate movement
    away to -1 %, and moving away from there. METHODS.md, section 5.2.
    """
    seen = history[np.isfinite(history["value"])]
    if seen.duplicated([*_KEY, "year"]).any():
        raise DefinitionError("An indicator has two figures for a year. Choose a day first")
    last = seen.sort_values("year").drop_duplicates(_KEY, keep="last")
    last = last.rename(columns={"year": "last_year", "value": "current"})
    rows = goals.merge(
        last[[*_KEY, "last_year", "current"]], on=_KEY, how="left", validate="one_to_one"
    )
    rows = rows.merge(pd.DataFrame({"window": list(windows)}), how="cross")
    rows = rows.assign(first_year=rows["last_year"] - rows["window"])
    first = seen.rename(columns={"year": "first_year", "value": "base"})
    first = first[[*_KEY, "first_year", "base"]].astype({"first_year": "float64"})
    rows = rows.astype({"first_year": "float64"}).merge(
        first, on=[*_KEY, "first_year"], how="left", validate="many_to_one"
    )
    sign = rows["direction"].map({"increase": 1.0, "decrease": -1.0})
    turned = np.where(rows["base"] < 0, -1.0, 1.0)
    grown = sign * turned * growth(rows["current"], rows["base"], rows["window"])
    left = rows["target_year"] - rows["first_year"]
    needed = growth(rows["target_value"], rows["base"], left)
    ratio = grown / needed.abs().where(needed != 0)
    aimed = rows["target_value"].notna() & rows["target_year"].notna()
    return rows[[*_KEY, "window", "first_year", "last_year"]].assign(
        growth=grown,
        ratio=ratio.where(aimed),
        group=pd.Series(_grouped(grown, ratio, aimed), rows.index, dtype="str"),
    )


def _grouped(grown: pd.Series, ratio: pd.Series, aimed: pd.Series) -> np.ndarray:
    with_target = np.select(
        [ratio.isna(), *(ratio >= share - _SLACK for share in _SHARES)],
        [GROUPS[5], *GROUPS[:3]],
        default=GROUPS[4],
    )
    bare = np.select(
        [
            grown.isna(),
            grown >= _RATE - _SLACK,
            grown >= 0,
            grown > -_RATE + _SLACK,
        ],
        [GROUPS[5], GROUPS[0], GROUPS[1], GROUPS[3]],
        default=GROUPS[4],
    )
    return np.where(aimed, with_target, bare)
