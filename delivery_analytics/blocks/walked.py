"""Analysts' methods on the same figures: growth by windows, signals, spread, reliability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.analytics import disparity, forecast, trajectory
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.blocks.heading import chance
from delivery_analytics.blocks.marks import illustrative_note
from delivery_analytics.methods import eurostat, spc, unescap
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording

_KEY = ["indicator_id", "region_id"]


def growth_windows(data: Dataset, words: Wording) -> Table:
    """Return the nation's yearly indicators by Eurostat's two windows and UNESCAP's index."""
    history = _yearly(data)
    goals = _goals(data)
    windows = eurostat.progress(history, goals)
    wide = windows.pivot_table(
        index="indicator_id", columns="window", values="group", aggfunc="first"
    ).reindex(goals["indicator_id"])
    ahead = unescap.anticipated(history, goals[goals["baseline_value"].notna()])
    ahead = ahead.set_index("indicator_id").reindex(goals["indicator_id"])
    now = unescap.current_status_index(_facts(history, goals)).to_numpy()
    indicators = data.registry.indicators
    frame = pd.DataFrame(
        {
            "indicator": [words.name(indicators[one].name) for one in goals["indicator_id"]],
            "short": [_group(one, words) for one in wide[eurostat.SHORT]],
            "long": [_group(one, words) for one in wide[eurostat.LONG]],
            "index": now,
            "gap": 100 * ahead["gap"].to_numpy(dtype=float),
            "asks": [_asks(one, words) for one in ahead["anticipated"]],
        }
    )
    told = wide.notna() & (wide != "not_available")
    frame = frame[(told.any(axis=1) | ahead["gap"].notna()).to_numpy()].reset_index(drop=True)
    columns = (
        Column("indicator", words("Indicator")),
        Column("short", words("Over 5 years")),
        Column("long", words("Over 15 years")),
        Column("index", words("Way done, of 10"), "number", decimals=1),
        Column("gap", words("Gap in the target's year"), "percent", decimals=0),
        Column("asks", words("What it asks for")),
    )
    note = words(
        "By growth a year, as Eurostat measures it, and by UNESCAP's indices: 10 is the "
        "target; the gap is a share of the way from baseline to target."
    )
    return Table(
        words("Growth by windows of years, and where it leads"),
        frame,
        columns,
        note=" ".join(filter(None, [note, illustrative_note(data, words)])),
        empty_text=words("No indicator has yearly figures."),
    )


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
    goals = pd.DataFrame(
        {
            "indicator_id": [one.id for one in known],
            "region_id": nation,
            "direction": [one.direction for one in known],
        }
    )
    final = trajectory.final(data.targets).rename(columns={"value": "target_value"})
    final = final.assign(target_year=final["due_on"].dt.year.astype("float64"))
    base = trajectory.baseline(data.targets).rename(columns={"value": "baseline_value"})
    goals = goals.merge(
        final[[*_KEY, "target_value", "target_year"]],
        on=_KEY,
        how="left",
        validate="one_to_one",
    )
    return goals.merge(
        base[[*_KEY, "baseline_value"]], on=_KEY, how="left", validate="one_to_one"
    )


def _facts(history: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    last = history.sort_values("year").drop_duplicates(_KEY, keep="last")
    return goals.merge(last[[*_KEY, "value"]], on=_KEY, how="left", validate="one_to_one")


def _group(code: object, words: Wording) -> str:
    return {
        "significant": words("significant progress"),
        "moderate": words("moderate progress"),
        "insufficient": words("insufficient progress"),
        "moderate_away": words("moderate movement away"),
        "away": words("movement away"),
    }.get(str(code), words("no data"))


def _asks(code: object, words: Wording) -> str:
    return {
        "maintain": words("keep it up"),
        "accelerate": words("accelerate"),
        "reverse": words("turn round"),
    }.get(str(code), words("no data"))


def signals(data: Dataset, words: Wording) -> Table:
    """Return the two icons of each of the nation's indicators: signal, and assurance."""
    icons = signalled(data)
    indicators, units = data.registry.indicators, data.registry.units
    of = [indicators[one] for one in icons["indicator_id"]]
    frame = icons.assign(
        indicator=[words.name(one.name) for one in of],
        said=[_variation(one, words) for one in icons["variation"]],
        assured=[_assurance(one, words) for one in icons["assurance"]],
        **{
            name: [
                round(float(value), units[one.unit].decimals + 1)
                for value, one in zip(icons[name], of, strict=True)
            ]
            for name in ("lower", "upper")
        },
        trial=[words("for trial") if one else "" for one in icons["trial_limits"]],
        source=data.place(icons),
    )
    columns = (
        Column("indicator", words("Indicator")),
        Column("period", words("Period"), "period"),
        Column("value", words("Observed"), "number", decimals=None),
        Column("lower", words("Lower limit"), "number", decimals=None),
        Column("upper", words("Upper limit"), "number", decimals=None),
        Column("said", words("Signal")),
        Column("assured", words("Will it reach the target")),
        Column("n", words("Figures"), "number", decimals=0),
        Column("trial", words("Limits")),
        Column("source", words("Source"), "source"),
    )
    return Table(
        words("Signal or noise, by the rules of Making Data Count"),
        frame,
        columns,
        note=words(
            "Limits are 2.66 mean moving ranges from the mean; below {n} figures they are for "
            "trial. A movement within them is what always happens.",
            n=spc.TRIAL,
        ),
        empty_text=words("No indicator has enough different figures for limits."),
    )


def signalled(data: Dataset) -> pd.DataFrame:
    """Return `spc.icons` of the nation's indicators that have limits, with the last point.

    Returns
    -------
    DataFrame
        One row per indicator: the columns of `spc.icons`; ``period, value, lower, upper,
        source_id, source_cell`` of its last point.
    """
    nation = data.registry.country_id
    known = data.registry.indicators
    rows = data.observations[data.observations["region_id"] == nation]
    rows = rows[rows["indicator_id"].isin(known)]
    own = [
        periods.frequency(period) == known[one].frequency
        for one, period in zip(rows["indicator_id"], rows["period"], strict=True)
    ]
    rows = rows[np.array(own, dtype=bool)]
    final = trajectory.final(data.targets)
    aims = final[final["region_id"] == nation].set_index("indicator_id")["value"]
    points = rows.assign(
        direction=rows["indicator_id"].map({one.id: one.direction for one in known.values()}),
        target_value=rows["indicator_id"].map(aims).astype("float64"),
    )
    judged = spc.xmr(points)
    last = judged.drop_duplicates(_KEY, keep="last")
    last = last[[*_KEY, "period", "value", "lower", "upper", "source_id", "source_cell"]]
    table = spc.icons(judged).merge(last, on=_KEY, validate="one_to_one")
    order = {"concern": 0, "improvement": 1, "neutral": 2, "common": 3}
    place = table["variation"].str.split("_").str[0].map(order)
    # Placed before it is cut: to a table without a row pandas would add one.
    table = table.assign(place=place)[table["upper"].notna()]
    return table.sort_values(["place", "indicator_id"], ignore_index=True)


def _variation(code: str, words: Wording) -> str:
    return {
        "common_cause": words("as usual"),
        "improvement_high": words("improvement, high"),
        "improvement_low": words("improvement, low"),
        "concern_high": words("concern, high"),
        "concern_low": words("concern, low"),
        "neutral_high": words("unusually high"),
        "neutral_low": words("unusually low"),
    }[code]


def _assurance(code: str, words: Wording) -> str:
    return {
        "consistent_pass": words("yes, whatever happens as usual"),
        "consistent_fail": words("no, not as things are"),
        "inconsistent": words("by chance only"),
        "": words("no target"),
    }[code]


def spread(data: Dataset, words: Wording) -> Table:
    """Return how far the regions lie apart in each indicator's latest period."""
    found = disparity.spread(data.observations, country_id=data.registry.country_id)
    found = found[found["indicator_id"].isin(data.registry.indicators)]
    rows = found.sort_values("period").drop_duplicates("indicator_id", keep="last")
    rows = rows.sort_values("variation", ascending=False, ignore_index=True)
    indicators, units, regions = (
        data.registry.indicators,
        data.registry.units,
        data.registry.regions,
    )

    def place(region: str) -> str:
        return words.name(regions[region].name) if region else ""

    frame = rows.assign(
        indicator=[
            f"{words.name(one.name)}, {words.name(units[one.unit].name)}"
            for one in (indicators[name] for name in rows["indicator_id"])
        ],
        low=[place(one) for one in rows["lowest_region"]],
        high=[place(one) for one in rows["highest_region"]],
        percent=100 * rows["variation"],
        times=rows["ratio"].round(2),
    )
    columns = (
        Column("indicator", words("Indicator, unit")),
        Column("period", words("Period"), "period"),
        Column("regions", words("Regions"), "number", decimals=0),
        Column("lowest", words("Lowest"), "number", decimals=None),
        Column("low", words("Where")),
        Column("highest", words("Highest"), "number", decimals=None),
        Column("high", words("Where")),
        Column("times", words("Highest by lowest"), "number", decimals=2),
        Column("percent", words("Variation"), "percent", decimals=1),
    )
    return Table(
        words("How far the regions lie apart"),
        frame,
        columns,
        note=words(
            "Variation is the standard deviation of the regions by their mean, every region "
            "weighing the same."
        ),
        empty_text=words("No indicator is reported by regions."),
    )


def forecast_record(data: Dataset, words: Wording) -> Table:
    """Return how the forecasts that could have been made in the past came out."""
    values = [one for one in forecast.runs(data) if len(one) > forecast.FEWEST]
    found = reliability.by_class(reliability.trials(values)).iloc[::-1].reset_index(drop=True)
    frame = found.assign(
        name=[chance(one, words) for one in found["outlook"]],
        said_percent=100 * found["said"],
        came_percent=100 * found["came"],
    )
    columns = (
        Column("name", words("In words")),
        Column("asked", words("Forecasts"), "number", decimals=0),
        Column("said_percent", words("Said"), "percent", decimals=0),
        Column("came_percent", words("Came true"), "percent", decimals=0),
    )
    return Table(
        words("What was said, and what came"),
        frame,
        columns,
        note=words(
            "Every forecast one to three periods ahead that could have been made from these "
            "figures. Where less came true than was said, forecasts are too sure."
        ),
    )
