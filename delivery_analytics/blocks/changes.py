"""What changed since the edition before: statuses that turned, figures and promises moved."""

import pandas as pd

from delivery_analytics.analytics import changes, rollup
from delivery_analytics.analytics.status import assess, one_region
from delivery_analytics.blocks import common
from delivery_analytics.methods.base import WAYS
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.compared_figures import sign
from delivery_analytics.wording.numbers import AS_SENT, decimals_apart
from delivery_analytics.wording.wording import Wording

_KEY = ["indicator_id", "region_id"]


def turned(
    history: Dataset, words: Wording, *, since: str, region_id: str | None = None
) -> Table:
    """Return the indicators whose status is another one than on the day `since`.

    In the order of `rollup.by_urgency`.

    Parameters
    ----------
    history
        With every revision, as `Dataset.learned_by` the day of the report.
    region_id
        Otherwise the nation.
    """
    own, places = one_region(history, region_id), history.registry.at(region_id)
    days = (str(history.as_of), since)
    judged = (assess(own.known_on(day)) for day in days)
    now, before = (rows[rows["region_id"].isin(places)] for rows in judged)
    then = before[[*_KEY, "status", "value"]]
    both = now.merge(then, on=_KEY, suffixes=("", "_before"), validate="one_to_one")
    known = history.known_on(str(history.as_of))
    both = rollup.by_urgency(both[both["status"] != both["status_before"]], known)
    why, source = common.reasons(known, both, words), history.place(both)
    frame = both.assign(why=why, source=source)
    n, same = len(now), len(now) - len(frame)
    said = words.date(since)
    return common.table("turned", frame, known, words, date=said, n=n, same=same)


def revised(
    history: Dataset, words: Wording, *, since: str, region_id: str | None = None
) -> Table:
    """Return the figures that were revised or withdrawn, and the promises that were moved.

    New figures are counted in the note; they stand in the tables of the report.
    """
    history.registry.check("region", region_id)
    found = changes.changes(history, since=since)
    if region_id:
        found = found[found["region_id"] == region_id]
    new = int((found["change"] == "new").sum())
    rows = found[found["change"] != "new"].reset_index(drop=True)
    registry = history.registry
    decimals = [
        decimals_apart(
            pair, registry.units[registry.indicators[key].unit].decimals + 1, finer=AS_SENT
        )
        if key in registry.indicators
        else None
        for key, *pair in zip(rows["subject_id"], rows["before"], rows["after"], strict=True)
    ]
    frame = rows.assign(
        when=[_when(period, words) for period in rows["period"]],
        **{name: [*map(_rounded, rows[name], decimals)] for name in ("before", "after")},
    )
    return common.table("revised", frame, history, words, date=words.date(since), n=new)


def moves(
    data: Dataset, words: Wording, *, region_id: str | None = None, top: int = 5
) -> Table:
    """Return the figures that moved most within a year, also where there is no target.

    Those that moved by the usual change at least.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    region_id
        Otherwise the nation.
    """
    registry = data.registry
    rows = changes.moves(data)
    known = rows[rows["region_id"].isin(registry.at(region_id))]
    rows = known[known["times"].abs() >= 1].head(top)
    of = common.indicators_of(data, rows)
    pairs = zip(of, rows["change"], strict=True)
    better = [WAYS.get(one.direction, 0) * sign(x) for one, x in pairs]
    said = {1: words("better"), -1: words("worse"), 0: ""}
    against = ("value_before", "value")
    frame = rows.assign(
        side=[said[int(way)] for way in better],
        size=rows["times"].abs(),
        **common.rounded_column(data, rows, ["change"], more=1, against=against),
    ).reset_index(drop=True)
    untold = words("No figure can be compared with its usual variation.")
    none = untold if known["times"].isna().all() else ""
    return common.table("moves", frame, data, words, empty=none)


def _rounded(value: float, decimals: int | None) -> float:
    return value if decimals is None or pd.isna(value) else round(float(value), decimals)


def _when(period: str, words: Wording) -> str:
    return words.date(period) if len(period) == len("2024-12-31") else words.period(period)
