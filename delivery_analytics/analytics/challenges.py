"""Hundred-day challenges of the UAE Government Accelerators: pace, day 100, and what lasts."""

import math
from datetime import date

import numpy as np
import pandas as pd

from delivery_analytics.analytics.common import lines
from delivery_analytics.methods import student_t
from delivery_analytics.methods.base import SLACK, WAYS, alike, coded, worse
from delivery_analytics.model.dataset import Dataset

DAYS = 100
REFRESH = 50
FEWEST = 4  # results that a line needs
WEEK = 7
_DEFINED = ["challenge_id", "start_on", "base", "target"]


def declared_challenges(data: Dataset) -> pd.DataFrame:
    """Return the challenges of the registry as the table that the functions here take.

    Where no base was measured, the first month's mean stands in for it, as
    `surrogate_baselines` has it.
    """
    names = ["id", "start_on", "base", "target", "direction", "refreshed_on"]
    rows = [[getattr(one, name) for name in names] for one in data.registry.challenges.values()]
    table = pd.DataFrame(rows, columns=["challenge_id", *names[1:]])
    table = table.astype({"base": "float64"})
    days = dict.fromkeys(("start_on", "refreshed_on"), "datetime64[us]")
    return surrogate_baselines(table.astype(days), results(data))


def results(data: Dataset) -> pd.DataFrame:
    """Return the `challenges` rows that are results, without those of guard-rails."""
    return data.challenges[data.challenges["measure"] == ""].reset_index(drop=True)


def guarded(data: Dataset) -> pd.DataFrame:
    """Return the latest value of every guard-rail on ``data.as_of``.

    Returns
    -------
    DataFrame
        One row per guard-rail of the registry: ``challenge_id, measure, direction, bound``
        as declared; ``day`` and ``value`` of its latest figure, missing where there is
        none, with ``source_id`` and ``source_cell``; ``breached``, false where nothing is
        known. What `standing` takes as ``guards``.
    """
    declared = data.registry.challenges
    rows = [
        (name, guard.id, guard.direction, guard.bound)
        for name, challenge in declared.items()
        for guard in challenge.guards
    ]
    table = pd.DataFrame(rows, columns=["challenge_id", "measure", "direction", "bound"])
    as_of = data.as_of or date.max
    today = {name: (as_of - one.start_on).days + 1 for name, one in declared.items()}
    seen = data.challenges
    seen = seen[seen["day"] <= seen["challenge_id"].map(today).astype("float64")]
    seen = seen.sort_values("day").drop_duplicates(["challenge_id", "measure"], keep="last")
    places = ["challenge_id", "measure", "day", "value", "source_id", "source_cell"]
    key = ["challenge_id", "measure"]
    table = table.merge(seen[places], on=key, how="left", validate="one_to_one")
    sign = table["direction"].map(WAYS).astype("float64")
    return table.assign(breached=worse(table["value"], table["bound"], sign))


def student80(free: pd.Series) -> pd.Series:
    """Return how many spreads an 80 % interval of Student's t reaches to either side.

    Parameters
    ----------
    free
        Degrees of freedom; missing, or less than 1, has none.
    """
    known = free.where(free >= 1)
    reach = {one: student_t.reach80(int(one)) for one in known.dropna().unique()}
    return known.map(reach).astype("float64")


def standing(
    challenges: pd.DataFrame,
    results: pd.DataFrame,
    *,
    as_of: date,
    guards: pd.DataFrame | None = None,
    on_pace: float = 0.9,
    behind: float = 0.6,
) -> pd.DataFrame:
    """Return where each challenge stands on a day.

    Parameters
    ----------
    challenges
        One row per challenge: ``challenge_id, start_on`` (its day 1), ``base``, ``target``;
        where they are told, ``direction`` and ``refreshed_on``, the day the refresh was held.
    results
        The `challenges` table of the dataset: ``challenge_id, day, value``; weekly. With
        ``planned_share``, the team's own curve, the share it planned to have done by then.
    guards
        The guard-rails, as for `breached`: what must not get worse meanwhile.
    on_pace, behind
        Lowest projected shares of the goal of those statuses.

    Returns
    -------
    DataFrame
        One row per challenge in the order given: ``challenge_id, day`` (below 1 before the
        start, 101 and more after the end), ``last_day`` and ``value`` of the latest result,
        ``share`` of the way from base to target, ``pace`` (that share over the share planned
        by then: the team's own, or of the days), ``projection`` to day 100 in the
        challenge's unit with ``lower`` and ``upper`` of an 80 % interval,
        ``projected_share``, ``basis`` (``line`` of four results or more, ``pace`` of fewer,
        ``result`` of day 100 itself, or once it is over the last one there is),
        ``weeks_missing``, ``alert`` (two weeks in a row), ``refresh_due``;
        ``guards_breached`` and ``guards_unknown``, how many, and ``guard_breached``, which
        never enters the status; ``status``: ``ahead, on_pace, behind, far_behind``, ``met``
        or ``not_met`` once it is over, or where base and target are the same,
        ``not_judged`` without a result, a base or a target, or where the target lies the
        wrong way from the base; ``reason`` it is not judged, a code.

    Notes
    -----
    The choreography of start-up, refresh at day 50 and sustaining; METHODS.md, section 3.
    Every day counts, holidays too.
    """
    table = challenges[_DEFINED].reset_index(drop=True)
    table = table.assign(
        day=(pd.Timestamp(as_of) - table["start_on"]).dt.days + 1,
        way=(table["target"] - table["base"]).mask(alike(table["target"], table["base"]), 0.0),
    )
    today = table.set_index("challenge_id")["day"].clip(upper=DAYS)
    seen = known_results(results, today)
    if "planned_share" not in seen:
        seen = seen.assign(planned_share=np.nan)
    seen = seen[["challenge_id", "day", "value", "planned_share"]]
    latest = seen.drop_duplicates("challenge_id", keep="last").set_index("challenge_id")
    table = table.join(latest.rename(columns={"day": "last_day"}), on="challenge_id")
    table = table.join(_weeks(seen, table), on="challenge_id")
    way = table["way"].where(table["way"] != 0)
    share = (table["value"] - table["base"]) / way
    planned = (table["last_day"] / DAYS).where(table["planned_share"].isna())
    planned = planned.fillna(table["planned_share"])
    table = table.assign(share=share, pace=share / planned.where(planned > 0))
    table = _projected(table, seen)
    table = table.assign(projected_share=(table["projection"] - table["base"]) / way)
    table = table.assign(refresh_due=_refresh_due(challenges, table))
    table = table.join(_guarded(guards), on="challenge_id")
    counts = ["last_day", "guards_breached", "guards_unknown"]
    table = table.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64"))
    table = table.assign(guard_breached=table["guards_breached"] > 0)
    table = table.assign(**_statuses(challenges, table, on_pace, behind))
    return table.drop(columns=["start_on", "base", "target", "way", "planned_share"])


def surrogate_baselines(
    challenges: pd.DataFrame, results: pd.DataFrame, *, days: int = 30
) -> pd.DataFrame:
    """Return the challenges with the first month's mean as base where none was measured.

    Parameters
    ----------
    challenges, results
        As for `standing`.
    days
        How long the first month is.

    Returns
    -------
    DataFrame
        `challenges` with ``base``, still missing where the month has no result, and
        ``base_is_surrogate``. METHODS.md, section 3, baseline (A).
    """
    first = results[results["day"].between(1, days) & results["value"].abs().lt(np.inf)]
    means = challenges["challenge_id"].map(first.groupby("challenge_id")["value"].mean())
    base = challenges["base"].fillna(means)
    surrogate = challenges["base"].isna() & base.notna()
    return challenges.assign(base=base, base_is_surrogate=surrogate)


def breached(guards: pd.DataFrame) -> pd.DataFrame:
    """Return the measures beside a challenge that got worse than agreed.

    Never averaged into the challenge's own status.

    Parameters
    ----------
    guards
        ``challenge_id, measure, direction, bound, value``; `direction` says which way is
        better, `bound` what must not be passed the other way.
    """
    sign = guards["direction"].map(WAYS).astype("float64")
    return guards[worse(guards["value"], guards["bound"], sign)].reset_index(drop=True)


def known_results(results: pd.DataFrame, until: pd.Series) -> pd.DataFrame:
    """Return the results with a value, by challenge and day, from day 1 on.

    Parameters
    ----------
    until
        Challenge → the last day that counts, 1 being its start.
    """
    day = results["challenge_id"].map(until).astype("float64")
    rows = results.astype({"challenge_id": "str", "value": "float64"})
    rows = rows.loc[rows["day"].between(1, day) & np.isfinite(rows["value"])]
    ordered: pd.DataFrame = rows.sort_values(["challenge_id", "day"], ignore_index=True)
    return ordered


def _weeks(seen: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return how many whole weeks so far have no result, and whether two in a row."""
    weeks = pd.DataFrame({"week": range(math.ceil(DAYS / WEEK))})
    over = table["day"].clip(0, DAYS) // WEEK
    grid = table[["challenge_id"]].assign(over=over).merge(weeks, how="cross")
    filled = seen.assign(week=(seen["day"] - 1) // WEEK, filled=True)
    filled = filled[["challenge_id", "week", "filled"]].drop_duplicates()
    grid = grid.merge(filled, on=["challenge_id", "week"], how="left", validate="one_to_one")
    gap = (grid["week"] < grid["over"]) & grid["filled"].isna()
    before = gap.groupby(grid["challenge_id"]).shift(fill_value=False)
    grid = grid.assign(weeks_missing=gap, alert=gap & before)
    return grid.groupby("challenge_id").agg({"weeks_missing": "sum", "alert": "any"})


def _projected(table: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return the value expected on day 100 with its interval, and what it was formed by."""
    line = table[["challenge_id"]].join(_line(seen), on="challenge_id")
    ended = _over(table) & table["value"].notna()
    enough = (line["results"] >= FEWEST) & line["middle"].notna() & ~ended
    paced = table["base"] + table["way"] * table["pace"]
    middle = line["middle"].where(enough, paced).mask(ended, table["value"])
    half = line["half"].where(enough).mask(ended, 0.0)
    basis = {"": table["value"].isna(), "result": ended, "line": enough, "pace": paced.notna()}
    low, high = middle - half, middle + half
    return table.assign(projection=middle, lower=low, upper=high, basis=coded(basis))


def _over(table: pd.DataFrame) -> pd.Series:
    """Say which challenges have passed their last day, or have its result."""
    over: pd.Series = (table["day"] > DAYS) | (table["last_day"] >= DAYS)
    return over


def _line(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the least-squares line of each challenge at day 100, with half its interval."""
    key = seen["challenge_id"]
    line = lines(seen["day"], seen["value"], key)
    own = line[["x", "y", "slope"]].reindex(key).set_index(seen.index).astype("float64")
    left = (seen["value"] - own["y"] - own["slope"] * (seen["day"] - own["x"])) ** 2
    free = line["points"] - 2
    spread = np.sqrt(left.groupby(key).sum() / free.where(free > 0))
    reach = DAYS - line["x"]
    far = np.sqrt(1 + 1 / line["points"] + reach**2 / line["xx"].where(line["xx"] > 0))
    middle = line["y"] + line["slope"] * reach
    half = student80(free) * spread * far
    return pd.DataFrame({"results": line["points"], "middle": middle, "half": half})


def _refresh_due(challenges: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Return whether the refresh is due and has not been held."""
    due = table["day"].between(REFRESH, DAYS)
    if "refreshed_on" not in challenges:
        return due
    held_on = challenges["refreshed_on"].reset_index(drop=True)
    today = table["start_on"] + pd.to_timedelta(table["day"] - 1, unit="D")
    return due & ~(held_on <= today)


def _guarded(guards: pd.DataFrame | None) -> pd.DataFrame:
    """Return how many guard-rails of each challenge are breached, and how many unknown."""
    if guards is None:
        nobody = pd.Index([], dtype="str", name="challenge_id")
        return pd.DataFrame({"guards_breached": 0, "guards_unknown": 0}, index=nobody)
    sign = guards["direction"].map(WAYS).astype("float64")
    breached_now = worse(guards["value"], guards["bound"], sign)
    unknown = guards["value"].isna()
    flags = pd.DataFrame({"guards_breached": breached_now, "guards_unknown": unknown})
    return flags.astype("int64").groupby(guards["challenge_id"]).sum()


def _statuses(
    challenges: pd.DataFrame, table: pd.DataFrame, on_pace: float, behind: float
) -> dict[str, pd.Series]:
    """Return the status of each challenge, and the reason where it has none."""
    sign = np.sign(table["way"])
    if "direction" in challenges:
        sign = challenges["direction"].map(WAYS).reset_index(drop=True).astype("float64")
    reached = sign.notna() & ~worse(table["value"], table["target"], sign)
    met = np.where(sign == 0, alike(table["value"], table["target"]), reached)
    share, over = table["projected_share"], _over(table)
    same = table["way"] == 0
    reasons = {
        "no_result": table["value"].isna(),
        "no_target": table["target"].isna(),
        "no_baseline": table["base"].isna() & ~over,
        "no_direction": sign.isna(),
        "target_contradicts_direction": sign * table["way"] < 0,
        "no_projection": share.isna() & ~same & ~over,
    }
    reason = coded(reasons)
    statuses = {
        "not_judged": reason != "",
        "met": (same | over) & met,
        "not_met": same | over,
        "ahead": share >= 1 - SLACK,
        "on_pace": share >= on_pace - SLACK,
        "behind": share >= behind - SLACK,
    }
    return {"status": coded(statuses, "far_behind"), "reason": reason}
