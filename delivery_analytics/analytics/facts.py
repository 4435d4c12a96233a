"""What there is to judge an indicator and region by: the latest figure, and the promises."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import frequencies, known_day
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Registry


def facts_of(data: Dataset, *, method: str | None = None) -> pd.DataFrame:
    """Return what is needed to judge, one row per indicator and region.

    Every indicator of the registry has a row for the nation, whether or not anything was
    reported; other regions have one where they have a figure or a target.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    method
        The status method of every row, instead of the indicator's own or the default.

    Returns
    -------
    DataFrame
        The key ``indicator_id, region_id`` and ``as_of``; of the figure to judge
        ``period, period_end, value, source_id, source_cell``; of the promises in force
        ``baseline_value, baseline_on, target_value, target_on``; ``expected_value``, the
        trajectory at the period's end, and ``plan_value``, the plan of the period;
        ``direction, tolerance, running_total, unit_kind, max_age_days, method`` as defined; and
        the flags ``reported`` (there is a row for it, with or without a value) and ``stale``
        (older than its frequency allows). Values are in the indicator's unit, finite or
        missing.

    Raises
    ------
    DefinitionError
        If a frequency has no greatest age in ``status.toml``, or `data` has no day.
    """
    as_of = known_day(data)
    latest = _latest(data, as_of)
    facts = _subjects(data).merge(latest, on=SERIES, how="left", validate="one_to_one")
    for name, ends in (
        ("baseline", trajectory.baseline(data.targets)),
        ("target", trajectory.final(data.targets)),
    ):
        named = [*SERIES, f"{name}_value", f"{name}_on"]
        ends = ends[[*SERIES, "value", "due_on"]].set_axis(named, axis=1)
        facts = facts.merge(ends, on=SERIES, how="left", validate="one_to_one")
    defined = _definitions(data.registry, method)
    facts = facts.merge(defined, on="indicator_id", how="left", validate="many_to_one")
    kinds = trajectory.kinds_of(data.registry)
    reported = facts["period"].notna()
    paths = trajectory.expected_and_planned(facts[reported], data.targets, kinds=kinds)
    return facts.assign(
        as_of=as_of,
        reported=reported,
        expected_value=paths["expected"],
        plan_value=paths["planned"],
        stale=(as_of - facts["period_end"]).dt.days > facts["max_age_days"],
    )


def _subjects(data: Dataset) -> pd.DataFrame:
    """Return the indicators and regions to judge, one row each."""
    every = product(data.registry.indicators, data.registry.at())
    told = pd.DataFrame(every, columns=SERIES, dtype="str")
    named = [rows[SERIES].drop_duplicates() for rows in (data.observations, data.targets)]
    subjects = pd.concat([told, *named]).drop_duplicates()
    known = subjects["indicator_id"].isin(list(data.registry.indicators))
    return subjects[known].sort_values(SERIES, ignore_index=True)


def _latest(data: Dataset, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the figure to judge: the latest with a value, or else the latest row.

    Of two figures for the same day, such as a year and its last quarter, the one of the
    indicator's own frequency.
    """
    rows = data.observations
    rows = rows[rows["period_end"] <= as_of].reset_index(drop=True)
    own = {name: agreed.frequency for name, agreed in data.registry.indicators.items()}
    is_own = frequencies(rows["period"]) == rows["indicator_id"].map(own)
    value = rows["value"].where(np.isfinite(rows["value"]))
    days = (rows["period_end"] - pd.Timestamp(0)).dt.days
    rank = value.notna() * 2**40 + days * 2 + is_own
    latest = rank.groupby([rows[name] for name in SERIES]).idxmax()
    columns = [*SERIES, "period", "period_end", "value", "source_id", "source_cell"]
    return rows.assign(value=value).loc[latest.to_numpy(), columns]


def _definitions(registry: Registry, method: str | None) -> pd.DataFrame:
    """Return what the registry says of each indicator, one row each."""
    ages, default = registry.rules.max_age_days, method or registry.rules.default_method

    def row(indicator: Indicator) -> dict[str, Any]:
        if indicator.frequency not in ages:
            raise DefinitionError(
                f"status.toml, max_age_days: nothing for '{indicator.frequency}', "
                f"the frequency of {indicator.id}"
            )
        return {
            "indicator_id": indicator.id,
            "direction": indicator.direction,
            "tolerance": indicator.tolerance,
            "running_total": indicator.running_total,
            "unit_kind": registry.units[indicator.unit].kind,
            "max_age_days": ages[indicator.frequency],
            "method": method or indicator.method or default,
        }

    columns = ["indicator_id", "direction", "tolerance", "running_total", "unit_kind"]
    columns += ["max_age_days", "method"]
    return pd.DataFrame(map(row, registry.indicators.values()), columns=columns)
