"""How indicators stand: counts by sector, every status, what is late."""

from __future__ import annotations

import pandas as pd

from delivery_analytics.analytics import returns_due, rollup
from delivery_analytics.blocks import common
from delivery_analytics.methods.base import SIGNS, alike
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def sector_counts(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return how many indicators of each sector have each status."""
    counts = rollup.status_counts(assessments, data.registry)
    leads = {s.id: words.name(s.lead) for s in data.registry.sectors.values()}
    frame = counts.assign(lead=counts["sector_id"].map(leads))
    return common.table("sector_counts", frame, data, words)


def statuses(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return every indicator's figure, plan and status, with the reason in a sentence."""
    national = assessments[assessments["region_id"].isin(data.registry.at())]
    national = rollup.by_urgency(national, data)
    frame = _readable(data, national, words)
    late = returns_due.on_overdue_figures(national, data)
    owed = national["indicator_id"].map(late.set_index("indicator_id")["owed"])
    frame["reason_text"] = [
        common.sentences(
            reason,
            words("The figure for {period} is overdue.", period=words.period(period))
            if isinstance(period, str)
            else "",
        )
        for reason, period in zip(common.reasons(data, national, words), owed, strict=True)
    ]
    return common.table("statuses", frame, data, words)


def unanswered(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return what was promised and has no figure yet, in the nation and in any region."""
    rows = rollup.unanswered(assessments, data)
    due = [words.short_date(day) for day in rows["target_on"]]
    is_agreed = assessments["target_value"].notna().any()
    none = "" if is_agreed else words("No target has been agreed.")
    frame = _readable(data, rows, words).assign(due=due)
    return common.table("unanswered", frame, data, words, empty=none)


def deviations(
    data: Dataset, assessments: pd.DataFrame, words: Wording, *, top: int = 15
) -> Table:
    """Return what is late: by how much, against what, and who answers for it."""
    behind = rollup.deviations(assessments, data)
    behind, of = behind.head(top), len(behind)
    behind = behind.assign(short=_short(data, behind))
    frame = _readable(data, behind, words)
    # What would read as nothing is told by its first digit.
    some = zip(frame["short"], behind["short"], strict=True)
    frame = frame.assign(
        short=[shown or float(f"{exact:.1g}") for shown, exact in some],
        outlook=common.reconciled(data, behind, words),
    )
    more = words("Showing the first {n} of {m}.", n=top, m=of) if of > top else ""
    judged = (assessments["status"] != "not_judged").any()
    none = "" if judged else words("No indicator could be judged.")
    return common.table("deviations", frame, data, words, empty=none, more=more)


def _short(data: Dataset, rows: pd.DataFrame) -> pd.Series[float]:
    """Return what is missing, above zero; missing where nothing is."""
    ways = {one.id: SIGNS[one.direction] for one in data.registry.indicators.values()}
    sign = rows["indicator_id"].map(ways).astype("float64")
    target = sign * (rows["target_value"] - rows["value"])
    gap = rows["gap"].mask(alike(rows["value"], rows["expected_value"]), 0.0)
    short = (-gap).where(gap < 0, target.mask(alike(rows["value"], rows["target_value"])))
    return short.where(short > 0)


def _readable(data: Dataset, rows: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """Return assessments with names instead of ids, and the mark of illustrative targets.

    What was computed is rounded as the unit is shown; what was observed stays as sent.
    """
    sectors = data.registry.sectors
    of = common.indicators_of(data, rows)
    computed = [name for name in ("expected_value", "target_value", "short") if name in rows]
    figures = ("value", "expected_value", "target_value")
    return rows.assign(
        owner=[words.name(one.owner) or words.name(sectors[one.sector_id].lead) for one in of],
        **common.rounded_column(data, rows, computed, against=figures),
    ).reset_index(drop=True)
