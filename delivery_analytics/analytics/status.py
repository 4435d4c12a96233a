"""Assess whether delivery is on track, by any of the methods.

`assess` has the facts of every indicator and region gathered and hands them to
`assess_facts`, which lets the method compare the numbers, and keeps the rules that no
method may bend: nothing missing, outdated or contradictory is assessed, `achieved` means
that the final target itself was reached and cannot slip back before its day, and a promise
that is due and not kept is never on track and never left without a judgement.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from types import MappingProxyType

import numpy as np
import pandas as pd

from delivery_analytics.analytics.facts import facts_of
from delivery_analytics.errors import DefinitionError
from delivery_analytics.methods import METHODS
from delivery_analytics.methods.base import AGAINST, EARLY, SIGNS, coded, worse
from delivery_analytics.methods.planned_change import within_tolerance
from delivery_analytics.model import schema
from delivery_analytics.model.asking import remembered
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import check, hint, near_miss
from delivery_analytics.model.registry import Registry, as_last_loaded

_VALUES = ("value", "baseline_value", "expected_value", "plan_value", "target_value")
# Reasons for which a ratio has no value although value and target can be compared.
_NO_RATIO = ("no_planned_change", "zero_plan")
# What bars no verdict on the day itself: the promise is held against its own figure.
_DUE_ALL_THE_SAME = ("observation_stale", "no_plan_for_period")


def assess_facts(
    facts: pd.DataFrame, *, method: str, rules: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the status of each row of `facts`.

    Parameters
    ----------
    facts
        One row per indicator and region, on a unique index; see `facts_of`. What is
        not a finite number counts as missing. Without ``running_total`` no figure is one.
    method
        One of `METHODS`.
    rules
        Thresholds of the method by name; its own defaults where left out.

    Returns
    -------
    DataFrame
        ``score`` in the method's scale, finite or missing; ``status`` of
        `schema.STATUSES`; ``reason``, a code. Aligned with `facts`.
    """
    finite = {name: facts[name].where(np.isfinite(facts[name])) for name in _VALUES}
    facts = facts.assign(**finite)
    keeps = facts["direction"] == "maintain"
    graded = pd.concat(
        [METHODS[method](facts[~keeps], **(rules or {})), within_tolerance(facts[keeps])]
    ).loc[facts.index]
    score, status, reason = graded["score"], graded["status"], graded["reason"]

    sign = facts["direction"].map(SIGNS).astype("float64")
    value, target = facts["value"], facts["target_value"]
    promised = (sign != 0) & value.notna() & target.notna()
    reached = promised & ~worse(value, target, sign)
    due = facts["period_end"] >= facts["target_on"]
    done = reached & ((status != "not_judged") | reason.isin(_NO_RATIO) | due)
    # A level can slip back until its day; what was built stays built.
    achieved = done & (due | facts.get("running_total", False) | (method in EARLY))
    level = done & ~achieved
    missed = promised & due & ~reached
    grey, green = missed & (status == "not_judged"), missed & (status == "on_track")
    short = reason.map({"plan_met": "plan_nearly_met"}).fillna("below_trajectory")
    status = status.mask(achieved, "achieved").mask(level, "on_track")
    status = status.mask(green, "at_risk").mask(grey, "off_track")
    reason = reason.mask(achieved, "target_reached").mask(level, "at_target_level")
    reason = reason.mask(green, short).mask(grey, "target_missed")

    barred = _barred(facts)
    barred = barred.mask(missed & barred.isin(_DUE_ALL_THE_SAME), "")
    status = status.mask(barred != "", "not_judged")
    reason = reason.mask(barred != "", barred)
    score = score.where((status != "not_judged") & np.isfinite(score))
    return pd.DataFrame({"score": score, "status": status, "reason": reason})


def assess(
    data: Dataset, *, method: str | None = None, rules: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Assess the latest figure of every indicator and region.

    The figure is the latest one with a value whose period has ended by ``data.as_of``.
    Every indicator of the registry has a row for the nation, whether or not anything was
    reported; other regions have one where they have a figure or a target.

    Parameters
    ----------
    data
        As known on a day; see `Dataset.known_on`.
    method
        Assess everything by this method instead of each indicator's own.
    rules
        To try out, instead of those in ``status.toml``: ``{"on_track": 0.9}``. Each counts
        for the methods in use that have it.

    Returns
    -------
    DataFrame
        `schema` table ``assessments``. Source and cell are those of the figure assessed;
        the expected value is what it was compared with, of a level to be kept that level.

    Raises
    ------
    DefinitionError
        If a method is unknown, a rule in ``status.toml`` is not one of its method's or one
        of `rules` no method's in use, a frequency has no greatest age there, or `data` has
        no day.
    """
    if method is None and not rules:
        return _judged(data).copy()
    return _assessed(facts_of(data, method=method), data.registry, rules or {})


@remembered
def _judged(data: Dataset) -> pd.DataFrame:
    # A report judges its data, and so does the data sheet of its workbook.
    return _assessed(facts_of(data), data.registry)


def assess_days(history: Dataset, days: Sequence[date]) -> pd.DataFrame:
    """Return `assess` of what was known at the end of each of `days`, as one table.

    Whose day a row is says its ``as_of``.
    """
    facts = [facts_of(history.known_on(day)) for day in days]
    return _assessed(pd.concat(facts, ignore_index=True), history.registry)


def _assessed(
    facts: pd.DataFrame, registry: Registry, tried: Mapping[str, float] = MappingProxyType({})
) -> pd.DataFrame:
    known = {str(name): _names_of_rules(str(name)) for name in facts["method"].unique()}
    for rule in tried:
        check("rule", rule, list(dict.fromkeys(chain(*known.values()))))
    rules = {
        name: _rules(registry, name) | {rule: tried[rule] for rule in names if rule in tried}
        for name, names in known.items()
    }
    assessed = [
        assess_facts(rows, method=str(name), rules=rules[str(name)])
        for name, rows in facts.groupby("method", sort=True)
    ]
    if not assessed:
        return schema.empty("assessments")
    by_plan = facts["method"].map(AGAINST) == "plan_value"
    kept = facts["direction"] == "maintain"
    compared = facts["expected_value"].mask(by_plan, facts["plan_value"])
    compared = compared.mask(kept, facts["target_value"].fillna(facts["plan_value"]))
    shown = facts.assign(expected_value=compared).join(pd.concat(assessed))
    return schema.conform("assessments", shown)


def one_region(data: Dataset, region_id: str | None = None) -> Dataset:
    """Return of `data` what `assess` reads of a region, the nation unless it is named.

    Quicker than all of it to be known on a day, and to be assessed.
    """
    return _at_places(data, data.registry.at(region_id))


@remembered
def _at_places(data: Dataset, places: tuple[str, ...]) -> Dataset:
    read = {"observations": data.observations, "targets": data.targets}
    tables = {name: rows[rows["region_id"].isin(places)] for name, rows in read.items()}
    return replace(data, tables=tables, whole=None)


def _barred(facts: pd.DataFrame) -> pd.Series[str]:
    """Return why a row may not be assessed by any method, empty where it may."""
    sign = facts["direction"].map(SIGNS).astype("float64")
    return coded(
        {
            "no_observation": ~facts["reported"],
            "value_missing": facts["value"].isna(),
            "observation_stale": facts["stale"],
            "before_baseline": facts["period_end"] < facts["baseline_on"],
            "no_plan_for_period": facts["period_end"] == facts["baseline_on"],
            "target_contradicts_direction": worse(
                facts["target_value"], facts["baseline_value"], sign
            ),
        }
    )


def _names_of_rules(method: str) -> list[str]:
    check("method", method, METHODS)
    return [name for name in inspect.signature(METHODS[method]).parameters if name != "facts"]


def _rules(registry: Registry, method: str) -> dict[str, float]:
    known = _names_of_rules(method)
    rules = registry.rules.methods.get(method, {})
    for name in rules:
        if name not in known:
            raise DefinitionError(
                f"status.toml, {method}: there is no rule '{name}'. {hint(name, known)} "
                f"Rules: {', '.join(known)}"
            )
    return rules


def check_methods(registry: Registry) -> Registry:
    """Refuse a method that there is not, of an indicator or of ``status.toml``, and its rules.

    Returns
    -------
    Registry
        A tolerant one has a sector with such an indicator as the last load knew it.

    Raises
    ------
    DefinitionError
        Naming where it stands, and what is near.
    """
    status = registry.workspace.definitions / "status.toml"
    agreed = {f"{status}, default_method": registry.rules.default_method}
    agreed |= {f"{status}, [{name}]": name for name in registry.rules.methods}
    for where, method in agreed.items():
        if method and method not in METHODS:
            raise DefinitionError(f"{where}: {near_miss('method', method, METHODS)}")
    for name in registry.rules.methods:
        _rules(registry, name)
    broken = {}
    for indicator in registry.indicators.values():
        if indicator.method and indicator.method not in METHODS:
            path = registry.workspace.definitions / "sectors" / f"{indicator.sector_id}.toml"
            near = near_miss("method", indicator.method, METHODS)
            broken[indicator.sector_id] = f"{path}, {indicator.id}, method: {near}"
    return as_last_loaded(registry, broken) if broken else registry
