"""What changed between two days: figures revised, promises moved, new and withdrawn rows."""

from datetime import date

import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.common import known_day, own_figures, yearly_changes
from delivery_analytics.methods.base import SERIES
from delivery_analytics.model.asking import remembered
from delivery_analytics.model.dataset import Dataset

COLUMNS = (
    *("change", "what", "sector_id", "subject_id", "region_id", "period", "before", "after"),
    *("period_before", "source_id", "source_cell"),
)
_FEWEST, _CROWD = 3, 5  # changes of its own, and of regions, that tell what is usual
_MOVES = (*SERIES, "period", "value", "period_before", "value_before", "change", "usual")
_MOVES += ("times", "source_id", "source_cell")
_FACT = ["what", "sector_id", "subject_id", "region_id", "fact"]
_PROMISES = ("baseline", "interim", "final")


def changes(data: Dataset, *, since: str | date) -> pd.DataFrame:
    """Return what differs between what was known on two days, one row per fact.

    Parameters
    ----------
    data
        With every revision: as loaded, or as `Dataset.learned_by` the later day. What
        `known_on` dropped cannot be compared, and would look new.
    since
        The earlier day.

    Returns
    -------
    DataFrame
        ``change``: ``new`` where a figure came that was not there, ``withdrawn`` where one
        was replaced by none, ``revised`` where it differs, and for promises ``moved``,
        where their value or their day does; ``what``: ``value`` of an indicator, ``plan``
        or ``actual`` of a budget line, or the kind of target; ``sector_id``,
        ``subject_id``, ``region_id`` and ``period``, for a target the day it is due;
        ``before`` and ``after``, in the subject's unit; ``period_before``, other than
        ``period`` where a target's day was moved; ``source_id`` and ``source_cell`` of the
        later row. Sorted by kind, subject, region and period.

    Notes
    -----
    A row that a later return merely leaves out is not withdrawn: a return need not repeat
    what an earlier one said. It is withdrawn when a later row says "no figure".
    """
    data.check_revisions()
    return _changes(data, since).copy()


@remembered
def _changes(data: Dataset, since: str | date) -> pd.DataFrame:
    later = _facts(data.known_on(data.as_of or date.max))
    earlier = _facts(data.known_on(since))[[*_FACT, "period", "value"]]
    both = later.merge(
        earlier, on=_FACT, how="left", suffixes=("", "_before"), validate="one_to_one"
    )
    before, after = both["value_before"], both["value"]
    moved = both["period_before"].notna() & (both["period"] != both["period_before"])
    change = pd.Series("", index=both.index, dtype="str")
    change = change.mask(before.isna() & after.notna(), "new")
    change = change.mask(before.notna() & after.isna(), "withdrawn")
    differs = before.notna() & after.notna() & ((before != after) | moved)
    promised = both["what"].isin(_PROMISES)
    change = change.mask(differs, "revised").mask(differs & promised, "moved")
    then = both["period_before"].fillna("")
    table = both.assign(change=change, before=before, after=after, period_before=then)
    return table[change != ""][list(COLUMNS)].reset_index(drop=True)


def moves(data: Dataset) -> pd.DataFrame:
    """Return how far each latest figure moved within a year, the largest moves first.

    Parameters
    ----------
    data
        As known on a day, which it must carry.

    Returns
    -------
    DataFrame
        One row per indicator and region whose latest figure has one of the year before:
        ``indicator_id, region_id, period, value, period_before, value_before, change``;
        ``usual``, the size it is held against: the median of the series' earlier changes a
        year, of three or more, or else of all regions' changes of that period, of five or
        more; ``times``, the change in these, missing where neither is known. Figures too old
        to be judged are left out. With ``source_id`` and ``source_cell``.

    Notes
    -----
    METHODS.md, Order. No target is asked for: what nobody promised moves too.
    """
    as_of = known_day(data)
    rows = yearly_changes(own_figures(data))
    rows = rows[rows["period_end"] <= as_of]
    last = rows.groupby(SERIES)["period_end"].transform("max") == rows["period_end"]
    ages = {i: one.frequency for i, one in data.registry.indicators.items()}
    agreed = rows["indicator_id"].map(ages).map(data.registry.rules.max_age_days)
    age = agreed.astype("float64")
    fresh = (as_of - rows["period_end"]).dt.days <= age
    rows = rows.assign(size=(rows["change"] / rows["years"]).abs())
    earlier = rows[~last & rows["size"].notna()].groupby(SERIES)["size"]
    own = earlier.median().where(earlier.size() >= _FEWEST).rename("own").reset_index()
    region = rows["region_id"] != data.registry.country_id
    sizes = rows["size"].where(region & (rows["years"] == 1))
    theirs = sizes.groupby([rows["indicator_id"], rows["period"]])
    crowd = theirs.transform("median").where(theirs.transform("count") >= _CROWD)
    rows = rows.assign(crowd=crowd.where(region))[last & fresh & (rows["years"] == 1)]
    rows = rows.merge(own, on=SERIES, how="left", validate="one_to_one")
    usual = rows["own"].where(rows["own"] > 0).fillna(rows["crowd"])
    rows = rows.assign(usual=usual, times=rows["change"] / usual.where(usual > 0))
    order = rows["times"].abs().sort_values(ascending=False, kind="stable").index
    table: pd.DataFrame = rows.loc[order, list(_MOVES)]
    return table.reset_index(drop=True)


def _facts(data: Dataset) -> pd.DataFrame:
    """Return every figure and promise of `data`, which is known on a day, one row each."""
    sectors = {name: one.sector_id for name, one in data.registry.indicators.items()}
    names = {"indicator_id": "subject_id", "line_id": "subject_id"}
    cells = {"actual": "source_cell", "plan": "plan_cell"}
    sent, targets = data.spending, data.targets
    spent = [
        sent.assign(value=sent[what], source_cell=sent[cell], what=what)
        for what, cell in cells.items()
    ]
    interim = targets[targets["kind"] == "interim"]
    promised = pd.concat([trajectory.baseline(targets), interim, trajectory.final(targets)])
    day = promised["due_on"].dt.strftime("%Y-%m-%d").astype("str")
    # There is one baseline and one final target; an interim one is known by its day.
    fact = day.where(promised["kind"] == "interim", promised["kind"])
    promised = promised.assign(what=promised["kind"], period=day, fact=fact)
    tables = [data.observations.assign(what="value"), *spent, promised]
    rows = pd.concat([one.rename(columns=names) for one in tables], ignore_index=True)
    sector = rows["subject_id"].map(sectors).fillna(rows["sector_id"]).fillna("")
    rows = rows.assign(sector_id=sector.astype("str"), fact=rows["fact"].fillna(rows["period"]))
    keep = [*_FACT, "period", "value", "source_id", "source_cell"]
    return rows[keep].sort_values(_FACT, ignore_index=True)
