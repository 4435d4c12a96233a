"""Eurostat's progress of an indicator over a short and a long stretch of years."""

import numpy as np
import pandas as pd

from delivery_analytics.methods.base import SERIES, SLACK, WAYS, coded, one_a_year
from delivery_analytics.methods.open_sdg import growth

SHORT, LONG = 5, 15  # years
GROUPS = ("significant", "moderate", "insufficient", "moderate_away", "away", "not_available")
# Least shares of the growth that the target needs.
_LEAST = {"significant": 0.95, "moderate": 0.60, "insufficient": 0.0}
_RATE = 0.01  # of growth a year, where there is no target


def window_progress(
    history: pd.DataFrame, goals: pd.DataFrame, *, windows: tuple[int, ...] = (SHORT, LONG)
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
    figures = one_a_year(history)
    last = figures.sort_values("year").drop_duplicates(SERIES, keep="last")
    last = last.rename(columns={"year": "last_year", "value": "current"})
    latest = last[[*SERIES, "last_year", "current"]]
    rows = goals.merge(latest, on=SERIES, how="left", validate="one_to_one")
    rows = rows.merge(pd.DataFrame({"window": list(windows)}), how="cross")
    rows = rows.assign(first_year=rows["last_year"] - rows["window"])
    first = figures.rename(columns={"year": "first_year", "value": "base"})
    first = first[[*SERIES, "first_year", "base"]].astype({"first_year": "float64"})
    rows = rows.astype({"first_year": "float64"}).merge(
        first, on=[*SERIES, "first_year"], how="left", validate="many_to_one"
    )
    sign = rows["direction"].map(WAYS)
    turned = np.where(rows["base"] < 0, -1.0, 1.0)
    grown = sign * turned * growth(rows["current"], rows["base"], rows["window"])
    left = rows["target_year"] - rows["first_year"]
    needed = growth(rows["target_value"], rows["base"], left)
    ratio = grown / needed.abs().where(needed != 0)
    aimed = rows["target_value"].notna() & rows["target_year"].notna()
    return rows[[*SERIES, "window", "first_year", "last_year"]].assign(
        growth=grown, ratio=ratio.where(aimed), group=_grouped(grown, ratio, aimed)
    )


def _grouped(grown: pd.Series, ratio: pd.Series, aimed: pd.Series) -> pd.Series:
    reached = {name: ratio >= share - SLACK for name, share in _LEAST.items()}
    by_target = coded({"not_available": ratio.isna()} | reached, "away")
    by_growth = coded(
        {
            "not_available": grown.isna(),
            "significant": grown >= _RATE - SLACK,
            "moderate": grown >= 0,
            "moderate_away": grown > -_RATE + SLACK,
        },
        "away",
    )
    return by_growth.mask(aimed, by_target)
