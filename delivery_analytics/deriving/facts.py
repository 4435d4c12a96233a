"""What was known on each day, and what followed from it.

A figure that was made has a revision on each day on which the last of the figures behind it
was learned, so that it can be asked what followed from what was known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import pandas as pd

from delivery_analytics.model import periods

Fact = tuple[str, str, str]  # region, breakdown, period
FACT = ["region_id", "breakdown", "period"]
# Of the figures behind one, the first of these that any has is its own; of the first four
# a figure has no value.
_GRAVEST = (
    *("confidential", "not_applicable", "bounded", "missing", "unreliable", "break"),
    *("estimated", "provisional", "marked", "revised", "normal"),
)
_KNOWN = ["reported_on", "value", "source_id", "source_cell", "obs_status"]


class Known(NamedTuple):
    """A figure as it is known, and where it stands."""

    day: pd.Timestamp
    value: float
    source_id: str
    source_cell: str
    obs_status: str


class Worked(NamedTuple):
    """A figure that was made, what is behind it, and its status where that is its own."""

    value: float
    behind: frozenset[tuple[str, Fact]]
    obs_status: str = ""


Facts = dict[str, dict[Fact, Known]]  # by what they are figures of
Line = dict[Fact, Worked]  # figures of one frequency


class MadeRows(NamedTuple):
    """Figures that were made, in rows, and their rows of ``parents``.

    ``nought`` is true where there is no value though each figure behind it has one.
    """

    rows: pd.DataFrame
    parents: pd.DataFrame

    def kept(self, keep: pd.Series[bool]) -> MadeRows:
        """Return the rows that are kept, with the figures behind them."""
        rows, on = self.rows[keep], [*FACT, "reported_on"]
        return MadeRows(rows, self.parents.merge(rows[on], on=on, validate="many_to_one"))


def each_day(rows: pd.DataFrame, make: Callable[[Facts], Line]) -> tuple[MadeRows, Facts]:
    """Return what is made of figures on each day, and what is known in the end.

    Parameters
    ----------
    rows
        Every revision: ``indicator_id``, what each is a figure of; `FACT`, ``reported_on,
        value, source_id, source_cell, obs_status``.
    """
    facts: Facts = {}
    made, parents = [], []
    for day, learned in rows.groupby("reported_on"):
        columns = [learned[name].tolist() for name in ("indicator_id", *FACT, *_KNOWN)]
        for key, region, part, period, *known in zip(*columns, strict=True):
            facts.setdefault(key, {})[region, part, period] = Known(*known)
        for fact, one in make(facts).items():
            behind = [(key, of, facts[key][of]) for key, of in sorted(one.behind)]
            if max(known.day for *_, known in behind) == day:
                status = _GRAVEST[min(_GRAVEST.index(known.obs_status) for *_, known in behind)]
                nought = math.isnan(one.value) and status not in _GRAVEST[:4]
                status = one.obs_status or ("not_applicable" if nought else status)
                # With the 15 digits that a spreadsheet shows, as figures that were sent.
                made.append((*fact, day, float(f"{one.value:.15g}"), status, nought))
                made_of = ((key, of[0], of[2], *known[:4]) for key, of, known in behind)
                parents += [(*fact, day, *one) for one in made_of]
    frame = pd.DataFrame(made, columns=[*FACT, *_KNOWN[:2], "obs_status", "nought"])
    dtypes = {"reported_on": "datetime64[us]", **dict.fromkeys(FACT, "str")}
    frame = frame.astype({**dtypes, "value": "float64", "nought": "bool"})
    frame = frame.assign(period_end=_ends(frame["period"]), source_id="", source_cell="")
    named = ["parent_id", "parent_region_id", "parent_period", "parent_reported_on"]
    names = [*FACT, "reported_on", *named, *_KNOWN[1:4]]
    behind_them = pd.DataFrame(parents, columns=names).astype(dtypes)
    return MadeRows(frame, behind_them), facts


def ending(period: str) -> date:
    """Return a period's last day, or the day that a target is due."""
    day = period.partition(" ")[0]
    return periods.end(day) if periods.is_period(day) else date.fromisoformat(day)


def _ends(named: Iterable[str]) -> pd.Series:
    return pd.Series([ending(one) for one in named], dtype="datetime64[us]")


def beside_sent(made: MadeRows, sent: pd.DataFrame) -> tuple[MadeRows, pd.DataFrame]:
    """Return what stands beside what was sent, and the facts that have both.

    What was sent stays: a made figure stands only until one was sent.

    Returns
    -------
    DataFrame
        The latest of each fact that was sent, with ``made`` and ``parts``, how many figures
        that is made of.
    """
    on = [*FACT, "reported_on"]
    first = sent.groupby(FACT)["reported_on"].min()
    facts = pd.MultiIndex.from_frame(made.rows[FACT])
    since = pd.Series(first.reindex(facts).to_numpy(), made.rows.index)
    latest = made.rows.drop_duplicates(FACT, keep="last")
    counted = made.parents.groupby(on, as_index=False).size()
    latest = latest.merge(counted, on=on, how="left", validate="one_to_one")
    latest = latest.rename(columns={"value": "made", "size": "parts"})[[*FACT, "made", "parts"]]
    both = sent.drop_duplicates(FACT, keep="last").merge(latest, on=FACT, validate="one_to_one")
    return made.kept(since.isna() | (made.rows["reported_on"] < since)), both


def disagreements(both: pd.DataFrame, *, summed: bool) -> list[tuple[pd.Series, str]]:
    """Return each fact whose figures differ by more than they are rounded, and say by what.

    Whole numbers must add up exactly. Otherwise a figure, and each part of a sum, may be half
    a unit of its last decimal off; of a mean or a formula, one more such half.
    """
    found = []
    for _, row in both[both["value"].notna() & both["made"].notna()].iterrows():
        value, made = float(row["value"]), float(row["made"])
        decimals = len(f"{value:.10g}".partition(".")[2])
        slack = 0.5 * 10.0**-decimals * (row["parts"] + 1 if summed else 2)
        if summed and value.is_integer() and made.is_integer():
            slack = 0.0
        if abs(value - made) > slack + 1e-9 * abs(made):
            what = f"{value:.10g} was sent, and what it is made of gives {made:.10g}"
            told = f"{figure_named(row)}: {what}. What was sent stays; correct what is wrong"
            found.append((row, told))
    return found


def figure_named(row: pd.Series) -> str:
    """Return what a figure is of, as a problem names it."""
    part = f" ({row['breakdown']})" if row["breakdown"] else ""
    return f"{row['region_id']}{part}, {row['period']}"
