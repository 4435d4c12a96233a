"""Signal or noise: what the control charts of indicators say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from delivery_analytics.analytics import trajectory
from delivery_analytics.blocks import common
from delivery_analytics.methods import spc
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording

_KEY = ["indicator_id", "region_id"]


def signals(data: Dataset, words: Wording) -> Table:
    """Return the two icons of each of the nation's indicators: signal, and assurance."""
    icons = signalled(data)
    frame = icons.assign(
        indicator=icons["indicator_id"].map(common.names(data.registry.indicators, words)),
        said=[words.code("variation", signal) for signal in icons["variation"]],
        assured=[words.code("assurance", assurance) for assurance in icons["assurance"]],
        **common.rounded_column(data, icons, ("lower", "upper"), more=1),
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
