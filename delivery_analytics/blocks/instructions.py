"""Instructions under control: what is overdue, and what extensions do to the record."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from delivery_analytics.analytics import instructions as instruction_states
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import key_figures, table_of
from delivery_analytics.wording.wording import Wording

SILENT = instruction_states.SILENT_AFTER


def control_headlines(data: Dataset, words: Wording) -> Table:
    """Return how many instructions are overdue, by either deadline, and kept in time."""
    rows = instruction_states.control(data)
    total = instruction_states.discipline(rows.assign(all=1), by="all")
    sums = total.iloc[0].to_dict() if len(total) else {}
    soon = int(rows["derived"].isin(["due_3", "due_10"]).sum())
    first = words(
        "of those due by now; {n} by the first deadline, before extensions",
        n=int(rows["overdue_original"].sum()),
    )
    late = int((rows["derived"] == "overdue").sum())
    overdue = words.coverage(late, int(sums.get("due", 0)))
    of_due = of_first = ""
    if sums.get("due"):
        of_due = words(
            "{n} due by now; of closed instructions alone {share}",
            n=words.coverage(sums["kept"], sums["due"]),
            share=_share(sums, "closed_on_time_share", words),
        )
    if sums.get("due_original"):
        of_first = words(
            "{n} due by it; the difference shows the effect of extensions",
            n=words.coverage(sums["kept_original"], sums["due_original"]),
        )
    names = "on_time_share", "on_time_original_share"
    in_time = [_share(sums, name, words) for name in names]
    kept = [100 * sums.get(name, math.nan) for name in names]
    figures = [
        (words("Overdue"), overdue, first, late),
        (words("Due within 10 days"), str(soon), words("of open instructions"), soon),
        (words("Closed in time"), in_time[0], of_due, kept[0]),
        (words("By the first deadline"), in_time[1], of_first, kept[1]),
    ]
    return key_figures(figures, words)


def _kept(kept: pd.Series, due: pd.Series, words: Wording) -> pd.Series:
    """Return how many were kept of those due, and nothing where nothing was."""
    return pd.Series(common.coverages(kept, due, words), due.index).where(due > 0, "")


def _share(sums: Mapping[Hashable, Any], name: str, words: Wording) -> str:
    share = sums.get(name)
    return words("no data") if share is None or pd.isna(share) else words.percent(100 * share)


def control(data: Dataset, words: Wording) -> Table:
    """Return every instruction with its state as the dates have it, the most urgent first."""
    rows = instruction_states.control(data.named(words.language))
    return common.table("control", rows, data, words, more=_withheld(data, words))


def control_ageing(data: Dataset, words: Wording) -> Table:
    """Return how long each body's overdue instructions have been overdue."""
    controlled = instruction_states.control(data.named(words.language))
    frame = instruction_states.ageing(controlled, by="executor")
    frame = frame[frame["overdue"] > 0].sort_values(
        ["over_90", "to_90", "to_30", "overdue"], ascending=False, ignore_index=True
    )
    none = words("No instruction is under control here.") if controlled.empty else ""
    return table_of("control_ageing", frame, words, empty=none)


def control_measures(data: Dataset, words: Wording, *, by: str = "executor") -> Table:
    """Return how each body, sector or act keeps its deadlines, by both of them.

    Parameters
    ----------
    by
        ``executor``, ``sector_id`` or ``act``.
    """
    controlled = instruction_states.control(data.named(words.language))
    sums = instruction_states.discipline(controlled, by=by)
    sectors = common.names(data.registry.sectors, words)
    shares = ("on_time_share", "on_time_original_share", "closed_on_time_share")
    frame = sums.assign(
        name=[sectors.get(one, one) if by == "sector_id" else one for one in sums[by]],
        kept_of=_kept(sums["kept"], sums["due"], words),
        kept_original_of=_kept(sums["kept_original"], sums["due_original"], words),
        **{name: 100 * sums[name] for name in (*shares, "extension_effect")},
    )
    title = words.code("deadlines_by", by)
    return table_of("control_measures", frame, words, title=title, grouped=by, n=SILENT)


def instructions(data: Dataset, words: Wording) -> Table:
    """Return the instructions under control, overdue ones first."""
    rows = instruction_states.public(data.named(words.language).instructions)
    rows = rows.sort_values(["due_on", "instruction_id"], ignore_index=True)
    return common.table("instructions", rows, data, words, more=_withheld(data, words))


def _withheld(data: Dataset, words: Wording) -> str:
    """Return how many instructions a reader is not shown."""
    withheld = int(data.instructions["restricted"].sum())
    restricted = words("Restricted instructions that are not shown: {n}.", n=withheld)
    return restricted if withheld else ""
