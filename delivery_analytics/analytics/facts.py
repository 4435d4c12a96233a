"""What there is to judge an indicator and region by: the latest figure, and the promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.trajectory import GROUP
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Registry


def gather(data: Dataset, *, method: str | None = None) -> pd.DataFrame:
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
        ``direction, tolerance, unit_kind, max_age_days, method`` as defined; and the flags
        ``reported`` (there is a row for it, with or without a value) and ``stale`` (older
        than its frequency allows). Values are in the indicator's unit, finite or missing.

    Raises
    ------
    DefinitionError
        If a frequency has no greatest age in ``status.toml``, or `data` has no day.
    """
    if data.as_of is None:
        raise DefinitionError(
            "These tables hold what was known on every day. "
            "Choose one before judging, such as data.known_on('2024-12-31')"
        )
    as_of = pd.Timestamp(data.as_of)
    facts = _subjects(data).merge(
        _latest(data, as_of), on=GROUP, how="left", validate="one_to_one"
    )
    for name, ends in (
        ("baseline", trajectory.baseline(data.targets)),
        ("target", trajectory.final(data.targets)),
    ):
        ends = ends[[*GROUP, "value", "due_on"]].set_axis(
            [*GROUP, f"{name}_value", f"{name}_on"], axis=1
        )
        facts = facts.merge(ends, on=GROUP, how="left", validate="one_to_one")
    defined = _definitions(data.registry, method)
    facts = facts.merge(defined, on="indicator_id", how="left", validate="many_to_one")
    kinds = trajectory.kinds_of(data.registry)
    reported = facts["period"].notna()
    points = facts[reported]
    return facts.assign(
        as_of=as_of,
        reported=reported,
        expected_value=trajectory.expected(points, data.targets, kinds=kinds),
        plan_value=trajectory.planned(points, data.targets, kinds=kinds),
        stale=(as_of - facts["period_end"]).dt.days > facts["max_age_days"],
    )


def _subjects(data: Dataset) -> pd.DataFrame:
    """Return the indicators and regions to judge, one row each."""
    nation = data.registry.country_id
    indicators = list(data.registry.indicators) if nation in data.registry.regions else []
    national = pd.DataFrame({"indicator_id": indicators, "region_id": nation}, dtype="str")
    named = [rows[GROUP].drop_duplicates() for rows in (data.observations, data.targets)]
    subjects = pd.concat([national, *named]).drop_duplicates()
    known = subjects["indicator_id"].isin(list(data.registry.indicators))
    return subjects[known].sort_values(GROUP, ignore_index=True)


def _latest(data: Dataset, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the figure to judge: the latest with a value, or else the latest row.

    Of two figures for the same day, such as a year and its last quarter, the one of the
    indicator's own frequency.
    """
    rows = data.observations
    rows = rows[rows["period_end"] <= as_of].reset_index(drop=True)
    lengths = {period: periods.frequency(period) for period in rows["period"].unique()}
    own = {name: one.frequency for name, one in data.registry.indicators.items()}
    is_own = rows["period"].map(lengths) == rows["indicator_id"].map(own)
    value = rows["value"].where(np.isfinite(rows["value"]))
    days = (rows["period_end"] - pd.Timestamp(0)).dt.days
    rank = value.notna() * 2**40 + days * 2 + is_own
    latest = rank.groupby([rows[name] for name in GROUP]).idxmax()
    columns = [*GROUP, "period", "period_end", "value", "source_id", "source_cell"]
    return rows.assign(value=value).loc[latest.to_numpy(), columns]


def _definitions(registry: Registry, method: str | None) -> pd.DataFrame:
    """Return what the registry says of each indicator, one row each."""
    ages, default = registry.rules.max_age_days, method or registry.rules.default_method

    def row(one: Indicator) -> dict[str, Any]:
        if one.frequency not in ages:
            raise DefinitionError(
                f"status.toml, max_age_days: nothing for '{one.frequency}', "
                f"the frequency of {one.id}"
            )
        return {
            "indicator_id": one.id,
            "direction": one.direction,
            "tolerance": one.tolerance,
            "unit_kind": registry.units[one.unit].kind,
            "max_age_days": ages[one.frequency],
            "method": method or one.method or default,
        }

    columns = ["indicator_id", "direction", "tolerance", "unit_kind", "max_age_days", "method"]
    return pd.DataFrame([row(one) for one in registry.indicators.values()], columns=columns)
