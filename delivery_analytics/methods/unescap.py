"""UNESCAP's two indices: how far a country has come, and where it is heading."""

import pandas as pd

from delivery_analytics.methods.base import SERIES, SLACK, WAYS, coded, one_a_year

PROSPECTS = ("maintain", "accelerate", "reverse", "not_available")
NEAR = 0.1  # of the way from base to target: a gap that counts as none


def current_status_index(facts: pd.DataFrame) -> pd.Series:
    """Return how much of the way from baseline to target is done, from 0 to 10.

    UNESCAP's Current Status Index: 10 is the target, 0 the baseline, below zero the wrong
    way; shown between -10 and 10. Missing where baseline and target are the same.

    Parameters
    ----------
    facts
        ``baseline_value, value, target_value, direction`` (``increase`` or ``decrease``).
    """
    sign = 10 * facts["direction"].map(WAYS).astype("float64")
    way = (facts["target_value"] - facts["baseline_value"]).abs()
    done = sign * (facts["value"] - facts["baseline_value"]) / way.where(way > 0)
    return done.clip(-10, 10)


def anticipated(
    history: pd.DataFrame, targets: pd.DataFrame, *, near: float = NEAR
) -> pd.DataFrame:
    """Return where each indicator will be in its target's year, and what that asks for.

    Parameters
    ----------
    history
        ``indicator_id, region_id, year, value``: the figures, one a year.
    targets
        ``indicator_id, region_id, baseline_value, target_value, target_year, direction``.
    near
        Gap that counts as none, as a share of the way from base to target.

    Returns
    -------
    DataFrame
        One row per row of `targets`, in its order: the keys, ``years``, how many figures;
        ``predicted`` in the indicator's unit, ``gap``, what will be missing of the target
        as a share of the way from base to it, 0 where it is reached; and ``anticipated`` of
        `PROSPECTS`. Missing, and ``not_available``, with fewer than two figures, or where no
        way is planned.

    Raises
    ------
    DefinitionError
        If an indicator has two figures for a year.

    Notes
    -----
    UNESCAP's Anticipated Progress Index: a straight line in which recent years weigh more.
    Its weights are not published; ours are 1, 2, 3 and so on from the first figure to the
    last. To maintain is to reach the target within `near`, to accelerate is to fall short
    by at most the whole way, to reverse is to fall short by more. METHODS.md, section 5.3.
    """
    figures = one_a_year(history).sort_values([*SERIES, "year"])
    figures = figures.assign(weight=figures.groupby(SERIES).cumcount() + 1.0)
    for name in ("year", "value"):
        share = figures["weight"] * figures[name]
        sums = share.groupby([figures[key] for key in SERIES]).transform("sum")
        mean = sums / figures.groupby(SERIES)["weight"].transform("sum")
        figures = figures.assign(**{f"mean_{name}": mean, f"off_{name}": figures[name] - mean})
    moments = figures[SERIES].assign(
        xx=figures["weight"] * figures["off_year"] ** 2,
        xy=figures["weight"] * figures["off_year"] * figures["off_value"],
        years=1,
    )
    line = moments.groupby(SERIES).sum()
    middle = figures.groupby(SERIES)[["mean_year", "mean_value"]].first()
    fitted = line.join(middle).reset_index()
    table = targets.merge(fitted, on=SERIES, how="left", validate="one_to_one")
    slope = table["xy"] / table["xx"].where(table["xx"] > 0)
    predicted = table["mean_value"] + slope * (table["target_year"] - table["mean_year"])
    sign = table["direction"].map(WAYS).astype("float64")
    way = (table["target_value"] - table["baseline_value"]).abs()
    short = (sign * (table["target_value"] - predicted)).clip(lower=0)
    gap = short / way.where(way > 0)
    prospect = coded(
        {
            "not_available": gap.isna(),
            "maintain": gap <= near + SLACK,
            "accelerate": gap <= 1 + SLACK,
        },
        "reverse",
    )
    return table[SERIES].assign(
        years=table["years"].fillna(0).astype("int64"),
        predicted=predicted.where(gap.notna()),
        gap=gap,
        anticipated=prospect,
    )
