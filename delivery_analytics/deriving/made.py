"""Figures that were made: as rows of their table, with a row for each figure behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from delivery_analytics.model import schema

FACT = ["region_id", "breakdown", "period"]
_REVISION = [*FACT, "reported_on"]
_PARENTS = list(schema.TABLES["parents"].columns)
# Of the figures behind one, the first of these that any has is its own; of the first four
# a figure has no value.
_GRAVEST = (
    *("confidential", "not_applicable", "bounded", "missing", "unreliable", "break"),
    *("estimated", "provisional", "marked", "revised", "normal"),
)


@dataclass(frozen=True)
class MadeRows:
    """Figures that were made: by `FACT` and ``reported_on``, and their rows of ``parents``."""

    rows: pd.DataFrame
    parents: pd.DataFrame

    @classmethod
    def together(cls, several: Sequence[MadeRows]) -> MadeRows:
        """Return the figures of several."""
        if not several:
            empty = schema.empty("observations").assign(nought=False)
            return cls(empty, schema.empty("parents"))
        rows, parents = ([getattr(one, n) for one in several] for n in ("rows", "parents"))
        return cls(pd.concat(rows, ignore_index=True), pd.concat(parents, ignore_index=True))

    def kept(self, keep: pd.Series[bool]) -> MadeRows:
        """Return the rows that are kept, with the figures behind them."""
        rows = self.rows[keep]
        on = rows[_REVISION]
        return MadeRows(rows, self.parents.merge(on, on=_REVISION, validate="many_to_one"))


def learned_on_day(values: pd.DataFrame, behind: pd.DataFrame, day: pd.Timestamp) -> MadeRows:
    """Return the figures of which the last part was learned on a day.

    Parameters
    ----------
    values
        By `FACT`: ``value``, and ``obs_status`` where that is not the gravest of its parts'.
    behind
        `FACT` of what is made, and of each figure behind it what ``parents`` says, and its
        ``obs_status``.

    Returns
    -------
    MadeRows
        With ``nought``, true where there is no value though each part has one.
    """
    behind = behind[pd.MultiIndex.from_frame(behind[FACT]).isin(values.index)]
    ranked = behind.assign(rank=behind["obs_status"].map(_GRAVEST.index))
    facts = ranked.groupby(FACT).agg(day=("parent_reported_on", "max"), rank=("rank", "min"))
    facts = facts[facts["day"] == day]
    rows = values.loc[facts.index]
    nought = rows["value"].isna() & (facts["rank"] > _GRAVEST.index("missing"))
    status = facts["rank"].map(dict(enumerate(_GRAVEST))).mask(nought, "not_applicable")
    status = rows["obs_status"].where(rows["obs_status"] != "", status)
    # With the 15 digits that a spreadsheet shows, as figures that were sent.
    digits = [float(f"{value:.15g}") for value in rows["value"]]
    rows = rows.assign(value=digits, obs_status=status, nought=nought, reported_on=day)
    rows = rows.reset_index()
    parents = behind.assign(reported_on=day).merge(rows[FACT], on=FACT, validate="many_to_one")
    return MadeRows(rows, parents.reindex(columns=_PARENTS))


def beside_sent(made: MadeRows, sent: pd.DataFrame) -> tuple[MadeRows, pd.DataFrame]:
    """Return what stands beside what was sent, and the facts that have both.

    What was sent stays: a made figure stands only until one was sent.

    Returns
    -------
    DataFrame
        The latest of each fact that was sent, with ``made`` and ``parts``, how many figures
        that is made of.
    """
    first = sent.groupby(FACT)["reported_on"].min()
    facts = pd.MultiIndex.from_frame(made.rows[FACT])
    since = pd.Series(first.reindex(facts).to_numpy(), made.rows.index)
    latest = made.rows.drop_duplicates(FACT, keep="last")
    counted = made.parents.groupby(_REVISION, as_index=False).size()
    latest = latest.merge(counted, on=_REVISION, how="left", validate="one_to_one")
    latest = latest.rename(columns={"value": "made", "size": "parts"})[[*FACT, "made", "parts"]]
    both = sent.drop_duplicates(FACT, keep="last").merge(latest, on=FACT, validate="one_to_one")
    return made.kept(since.isna() | (made.rows["reported_on"] < since)), both


def disagreements(both: pd.DataFrame, *, summed: bool) -> Iterator[tuple[pd.Series, str]]:
    """Yield each fact whose figures differ by more than they are rounded, and say by what.

    Whole numbers must add up exactly. Otherwise a figure, and each part of a sum, may be half
    a unit of its last decimal off; of a mean or a formula, one more such half.
    """
    for _, row in both[both["value"].notna() & both["made"].notna()].iterrows():
        value, made = float(row["value"]), float(row["made"])
        decimals = len(f"{value:.10g}".partition(".")[2])
        slack = 0.5 * 10.0**-decimals * (row["parts"] + 1 if summed else 2)
        if summed and value.is_integer() and made.is_integer():
            slack = 0.0
        if abs(value - made) > slack + 1e-9 * abs(made):
            what = f"{value:.10g} was sent, and what it is made of gives {made:.10g}"
            yield (
                row,
                f"{figure_named(row)}: {what}. What was sent stays; correct what is wrong",
            )


def figure_named(row: pd.Series) -> str:
    """Return what a figure is of, as a problem names it."""
    part = f" ({row['breakdown']})" if row["breakdown"] else ""
    return f"{row['region_id']}{part}, {row['period']}"
