"""Figures that parse and are still doubtful, and figures that should be there and are not.

Each rule returns findings and changes nothing: a doubtful figure is published with its
finding beside it, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from delivery_analytics.analytics import contradictions
from delivery_analytics.analytics.boundaries import breaks
from delivery_analytics.analytics.common import RUN, latest_figures, ordered
from delivery_analytics.analytics.contradictions import (
    done_in_vain,
    found_rows,
    moved_targets,
    moved_under_instruction,
)
from delivery_analytics.analytics.judgements import unknown_ratings
from delivery_analytics.methods.base import alike
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registers import REGISTERED, each_named

_SEVERITIES = ("error", "warning", "note")
_LINE = ["sector_id", "line_id", "region_id"]


def findings(data: Dataset) -> pd.DataFrame:
    """Return what the rules of `RULES` find, one row per rule and figure.

    Of figures that were sent: what was made of a doubtful one is not told once more.
    Rules about revisions need every revision: give them the data before `known_on`. The
    others judge the latest revision of each fact, whichever way `data` comes.

    Returns
    -------
    DataFrame
        ``rule``, as ``family.name``; ``severity``, as of a problem; ``subject_id``, the
        indicator or budget line; ``region_id`` and ``period``; ``value``, the figure in
        doubt, and ``compared_with``, the number the rule holds against it (each rule says
        which), both in the subject's unit if not said otherwise; ``source_id`` and
        ``source_cell`` of the figure; ``text``, what was written where it is no figure.
        Errors first, then by rule and key.
    """
    sent = {
        name: rows[rows["source_id"] != ""] if name in ("observations", "targets") else rows
        for name, rows in data.tables.items()
    }
    data = replace(data, tables=sent)
    found = pd.concat([rule(data) for rule in RULES], ignore_index=True)
    order = ["severity", "rule", "subject_id", "region_id", "period", "source_cell"]
    return ordered(found, *order, severity=_SEVERITIES)


def implausible(data: Dataset) -> pd.DataFrame:
    """Find values outside the indicator's plausible range; compared with the limit."""
    rows = latest_figures(data)
    indicators = data.registry.indicators
    low = rows["indicator_id"].map({i: one.plausible[0] for i, one in indicators.items()})
    high = rows["indicator_id"].map({i: one.plausible[1] for i, one in indicators.items()})
    low, high = low.astype("float64"), high.astype("float64")
    wrong = _beyond(low, rows["value"]) | _beyond(rows["value"], high)
    limit = high.where(rows["value"] > high, low)
    return found_rows(rows[wrong], "value.implausible", "error", limit)


def _beyond(value: pd.Series[float], than: pd.Series[float]) -> pd.Series[bool]:
    return (value > than) & ~alike(value, than)


def early(data: Dataset) -> pd.DataFrame:
    """Find values reported before their period ended.

    Compared with the number of days that were still to come.
    """
    rows = latest_figures(data)
    days = (rows["period_end"] - rows["reported_on"]).dt.days
    return found_rows(rows[days > 0], "value.early", "warning", days.astype("float64"))


def jumps(data: Dataset, *, times: float = 5.0, least: int = 5) -> pd.DataFrame:
    """Find latest values that moved far more than the series usually moves.

    Compared with the value before. A series needs `least` values of one frequency, and
    its last step must exceed `times` the median size of the steps before it. Where `least`
    regions stepped in the same period, a region's step is judged against theirs as well, and
    against theirs alone where its own history is shorter: further from their median than
    `times` the median distance from it. Shares and indices step in points, all else in
    shares of its size.
    """
    rows = latest_figures(data)
    series = [rows[name] for name in RUN]
    before = rows.groupby(RUN)["value"].shift()
    step = rows["value"] - before
    last = rows.groupby(RUN).cumcount(ascending=False) == 0
    usual = step.abs().mask(last).groupby(series).transform("median")
    # A series that never moved has no usual step; its first step is no evidence.
    alone = (usual > 0) & (step.abs() > times * usual)
    alone &= rows.groupby(RUN)["value"].transform("size") >= least

    indicators, units = data.registry.indicators, data.registry.units
    points = {i: units[one.unit].kind in ("percent", "index") for i, one in indicators.items()}
    in_points = rows["indicator_id"].map(points).astype("bool")
    size = ((rows["value"].abs() + before.abs()) / 2).mask(in_points, 1.0)
    relative = (step / size.where(size > 0)).fillna(0.0).where(step.notna())
    region = rows["region_id"] != data.registry.country_id
    theirs = [rows["indicator_id"], rows["frequency"], rows["period"]]
    others = relative.where(region).groupby(theirs)
    apart = (relative - others.transform("median")).abs()
    spread = apart.where(region).groupby(theirs).transform("median")
    unlike = (spread > 0) & (apart > times * spread)
    among = region & (others.transform("count") >= least)
    short = rows.groupby(RUN)["value"].transform("size") < least
    wrong = last & (alone | short & among) & (unlike | ~among)
    return found_rows(rows[wrong], "value.jump", "warning", before)


def factors(data: Dataset, *, times: float = 10.0) -> pd.DataFrame:
    """Find values ten times the one before, or a tenth of it: a slipped unit or comma.

    Compared with the value before.
    """
    rows = latest_figures(data)
    before = rows.groupby(RUN)["value"].shift()
    large = np.maximum(rows["value"].abs(), before.abs())
    small = np.minimum(rows["value"].abs(), before.abs())
    wrong = (small > 0) & (large >= times * small)
    return found_rows(rows[wrong], "value.factor", "warning", before)


def copies(data: Dataset, *, least: int = 3) -> pd.DataFrame:
    """Find the same value reported for `least` periods running, one finding a run.

    It names the last of them; compared with how many there are.
    """
    rows = latest_figures(data)
    before = rows.groupby(RUN)["value"].shift()
    run = (rows["value"] != before).cumsum()
    length = rows.groupby(run)["value"].transform("size")
    last = rows.groupby(run).cumcount(ascending=False) == 0
    wrong = last & (length >= least)
    return found_rows(rows[wrong], "value.copied", "warning", length.astype("float64"))


def falls(data: Dataset) -> pd.DataFrame:
    """Find running totals of spending below an earlier one of the same year.

    Compared with the highest total reported before it in that year.
    """
    rows = _spent(data)
    rows = rows[rows["cumulative"]]
    year = rows["period_end"].dt.year.rename("year")
    series = [*(rows[name] for name in _LINE), year]
    highest = rows["value"].groupby(series).cummax()
    before = highest.groupby(series).shift()
    fell = _beyond(before, rows["value"])
    return found_rows(rows[fell], "spending.fall", "warning", before)


def overspending(data: Dataset, *, percent: float = 200.0) -> pd.DataFrame:
    """Find spending above `percent` of its plan, or without any plan; with the plan."""
    rows = _spent(data)
    most = percent / 100 * rows["plan"].clip(lower=0)
    wrong = (rows["value"] > 0) & _beyond(rows["value"], most)
    return found_rows(rows[wrong], "spending.over_plan", "warning", rows["plan"])


def revisions(data: Dataset) -> pd.DataFrame:
    """Find values that differ from what was reported before them; with that value.

    Needs every revision of `data`.
    """
    fact = ["subject_id", "region_id", "period"]
    rows = data.observations.rename(columns={"indicator_id": "subject_id"})
    rows = rows[rows["value"].notna()].sort_values([*fact, "reported_on"])
    before = rows.groupby(fact)["value"].shift()
    wrong = before.notna() & (rows["value"] != before)
    return found_rows(rows[wrong], "value.revised", "note", before)


def broken(data: Dataset) -> pd.DataFrame:
    """Find series that run across a change of their region's borders; see `breaks`.

    It names the first value within the new borders; compared with the last within the old
    ones. Series that the sender worked out again are left out.
    """
    rows = breaks(data)
    rows = rows[~rows["recast"]].rename(columns={"indicator_id": "subject_id"})
    return found_rows(rows, "series.break", "note", rows["value_before"])


def wordless(data: Dataset) -> pd.DataFrame:
    """Find ratings of assessors that are no word of their scale, with what was written."""
    rows = unknown_ratings(data.judgements)
    day = rows["as_of"].dt.strftime("%Y-%m-%d").astype("str")
    rows = rows.assign(region_id="", period=day, value=np.nan)
    return found_rows(rows, "rating.unknown", "warning", rows["value"])


def unregistered(data: Dataset) -> pd.DataFrame:
    """Find bodies and acts that their register lacks, a name each; with how many rows have it.

    It names the first of them. Restricted rows are left out.
    """
    parts = []
    for name in schema.SENT:
        rows = getattr(data, name)
        rows = rows.drop_duplicates(list(schema.TABLES[name].revisions), keep="last")
        for column, register in REGISTERED.items():
            if f"{column}_id" not in rows or not getattr(data.registry, register):
                continue
            each = each_named(rows, column)
            lacks = (each[f"{column}_id"] == "") & (each[column] != "") & ~each["restricted"]
            found = each[lacks].assign(subject_id="", region_id="", period="", value=np.nan)
            found["text"] = found[column]
            parts.append(found_rows(found, f"register.{register}", "note", found["value"]))
    if not parts:
        return pd.DataFrame(columns=list(contradictions.COLUMNS))
    every = pd.concat(parts, ignore_index=True)
    count = every.groupby(["rule", "text"])["rule"].transform("size").astype("float64")
    return every.assign(compared_with=count).drop_duplicates(["rule", "text"])


Rule = Callable[[Dataset], pd.DataFrame]

RULES: tuple[Rule, ...] = (
    implausible,
    early,
    jumps,
    factors,
    copies,
    falls,
    overspending,
    revisions,
    moved_targets,
    broken,
    wordless,
    done_in_vain,
    moved_under_instruction,
    unregistered,
)


def _spent(data: Dataset) -> pd.DataFrame:
    """Return the latest revision of each actual amount, by line and period, as `value`."""
    rows = data.spending
    rows = rows.drop_duplicates([*_LINE, "period"], keep="last")
    rows = rows[rows["actual"].notna()]
    rows = rows.assign(value=rows["actual"], subject_id=rows["line_id"])
    return rows.sort_values([*_LINE, "period_end", "period"], ignore_index=True)
