"""How long the analytics take on a million observations, side by side in one run.

    python benchmarks/analytics.py

5,000 indicators of 20 regions over 10 years. Control charts are compared with the bare
pandas passes over the groups that they cannot do without.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.analytics.status import assess_facts
from delivery_analytics.methods import METHODS, open_sdg, pemandu, spc

INDICATORS, REGIONS, YEARS = 5_000, 20, 10
KEY = ["indicator_id", "region_id"]


def observations() -> pd.DataFrame:
    """Return a million figures, in an order that is not that of their series."""
    chance = np.random.default_rng(1)
    series = INDICATORS * REGIONS
    indicator = pd.Series(np.arange(series) // REGIONS).map("i{:04}".format)
    region = pd.Series(np.arange(series) % REGIONS).map("R-{:02}".format)
    years = pd.to_datetime([f"{2015 + n}-12-31" for n in range(YEARS)])
    table = pd.DataFrame(
        {
            "indicator_id": np.repeat(indicator.to_numpy(), YEARS),
            "region_id": np.repeat(region.to_numpy(), YEARS),
            "period_end": np.tile(years.to_numpy(), series),
            "value": 50 + chance.normal(0, 3, series * YEARS),
            "direction": "increase",
        }
    )
    return table.sample(frac=1, random_state=1, ignore_index=True)


def bare(table: pd.DataFrame) -> pd.DataFrame:
    """Do the passes that limits cannot do without: order, differences, four means."""
    rows = table.sort_values([*KEY, "period_end"], ignore_index=True)
    key = rows.groupby(KEY, sort=False).ngroup()
    ranges = rows["value"].diff().abs().mask(key != key.shift())
    for column in (rows["value"], ranges, ranges.where(ranges < 5)):
        column.groupby(key).transform("mean")
    ranges.groupby(key).transform("nunique")
    return rows


def facts(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per series to assess: first, last and a target."""
    rows = table.sort_values("period_end").groupby(KEY)["value"].agg(["first", "last"])
    rows = rows.reset_index().rename(columns={"first": "baseline_value", "last": "value"})
    return rows.assign(
        target_value=60.0,
        direction="increase",
        base_value=rows["baseline_value"],
        base_year=2015,
        current_value=rows["value"],
        current_year=2024,
        target=60.0,
        target_year=2030,
        limit=np.nan,
    )


def promises(table: pd.DataFrame) -> pd.DataFrame:
    """Return a baseline and a final target for every series."""
    series = table[KEY].drop_duplicates(ignore_index=True)
    day = pd.Timestamp("2010-01-01")
    ends = (("baseline", "2014-12-31", 50.0), ("final", "2030-12-31", 60.0))
    return pd.concat(
        [
            series.assign(kind=kind, due_on=pd.Timestamp(due), set_on=day, value=value)
            for kind, due, value in ends
        ],
        ignore_index=True,
    )


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what a status is made of, for every series."""
    return rows.assign(
        expected_value=57.0,
        plan_value=57.0,
        tolerance=1.0,
        unit_kind="number",
        reported=True,
        stale=False,
        period_end=pd.Timestamp("2024-12-31"),
        baseline_on=pd.Timestamp("2014-12-31"),
        target_on=pd.Timestamp("2030-12-31"),
        target_value=60.0,
    )


def timed(*sides: Callable[[], object], runs: int = 3) -> list[float]:
    """Return the median seconds of each side, run in turn."""
    took: list[list[float]] = [[] for _ in sides]
    for _ in range(runs):
        for number, side in enumerate(sides):
            start = time.perf_counter()
            side()
            took[number].append(time.perf_counter() - start)
    return [statistics.median(times) for times in took]


def main() -> None:
    table = observations()
    print(f"{len(table):,} observations, {INDICATORS:,} indicators, {REGIONS} regions")
    ours, theirs = timed(lambda: spc.xmr(table), lambda: bare(table))
    print(f"control charts / bare passes: {ours:.2f} s / {theirs:.2f} s = {ours / theirs:.2f}")
    rows = facts(table)
    signed = rows.assign(direction=1)
    growth, scores = timed(
        lambda: open_sdg.progress_score(signed), lambda: pemandu.scores(rows)
    )
    print(f"progress of {len(rows):,} series: {growth:.2f} s; scores: {scores:.2f} s")
    targets = promises(table)
    kinds = dict.fromkeys(table["indicator_id"].unique(), "straight")
    points = table[[*KEY, "period_end"]]
    known = judged(rows)
    path, status = timed(
        lambda: trajectory.expected(points, targets, kinds=kinds),
        lambda: [assess_facts(known, method=name) for name in METHODS],
    )
    print(f"trajectory of {len(points):,} points: {path:.2f} s")
    print(f"status of {len(known):,} series by all {len(METHODS)} methods: {status:.2f} s")


if __name__ == "__main__":
    main()
