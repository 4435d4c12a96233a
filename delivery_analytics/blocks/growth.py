"""How fast indicators move: growth by windows, and an index of anticipated progress."""

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.blocks import common
from delivery_analytics.methods import eurostat, unescap
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording

_KEY = ["indicator_id", "region_id"]


def growth_windows(data: Dataset, words: Wording) -> Table:
    """Return the nation's yearly indicators by Eurostat's two windows and UNESCAP's index."""
    history = _yearly(data)
    goals = _goals(data)
    windows = eurostat.window_progress(history, goals)
    wide = windows.pivot_table(
        index="indicator_id", columns="window", values="group", aggfunc="first"
    ).reindex(goals["indicator_id"])
    ahead = unescap.anticipated(history, goals[goals["baseline_value"].notna()])
    ahead = ahead.set_index("indicator_id").reindex(goals["indicator_id"])
    now = unescap.current_status_index(_facts(history, goals)).to_numpy()
    called = common.names(data.registry.indicators, words)
    frame = pd.DataFrame(
        {
            "indicator": goals["indicator_id"].map(called),
            "short": _called(wide[eurostat.SHORT], "growth", words),
            "long": _called(wide[eurostat.LONG], "growth", words),
            "index": now,
            "gap": 100 * ahead["gap"].to_numpy(dtype=float),
            "asks": _called(ahead["anticipated"], "anticipated", words),
        }
    )
    told = wide.notna() & (wide != "not_available")
    frame = frame[(told.any(axis=1) | ahead["gap"].notna()).to_numpy()].reset_index(drop=True)
    return table_of("growth_windows", frame, words)


def _yearly(data: Dataset) -> pd.DataFrame:
    rows = data.observations
    rows = rows[(rows["region_id"] == data.registry.country_id) & np.isfinite(rows["value"])]
    yearly = [periods.frequency(one) == periods.ANNUAL for one in rows["period"]]
    rows = rows[np.array(yearly, dtype=bool)]
    table: pd.DataFrame = rows[[*_KEY, "value"]].assign(year=rows["period"].astype("int64"))
    return table


def _goals(data: Dataset) -> pd.DataFrame:
    """Return the nation's indicators with a way that is better, and their promises."""
    nation = data.registry.country_id
    known = [one for one in data.registry.indicators.values() if one.direction != "maintain"]
    ids = [one.id for one in known]
    final, base = (
        rows[rows["region_id"] == nation].set_index("indicator_id").reindex(ids)
        for rows in (trajectory.final(data.targets), trajectory.baseline(data.targets))
    )
    return pd.DataFrame(
        {
            "indicator_id": ids,
            "region_id": nation,
            "direction": [one.direction for one in known],
            "target_value": final["value"].to_numpy(),
            "target_year": final["due_on"].dt.year.to_numpy("float64"),
            "baseline_value": base["value"].to_numpy(),
        }
    )


def _facts(history: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    last = history.sort_values("year").drop_duplicates(_KEY, keep="last")
    return goals.merge(last[[*_KEY, "value"]], on=_KEY, how="left", validate="one_to_one")


def _called(codes: pd.Series, kind: str, words: Wording) -> list[str]:
    return [words.code(kind, code) for code in codes.fillna("not_available")]
