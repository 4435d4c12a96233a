"""Signal or noise: what the control charts of indicators say."""

from __future__ import annotations

from delivery_analytics.analytics import signals as control
from delivery_analytics.blocks import common
from delivery_analytics.methods import spc
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording


def signals(data: Dataset, words: Wording) -> Table:
    """Return what each national indicator signals, and whether it reaches its target."""
    icons = control.signalled(data)
    frame = icons.assign(
        indicator=icons["indicator_id"].map(common.names(data.registry.indicators, words)),
        said=[words.code("variation", variation) for variation in icons["variation"]],
        assured=[words.code("assurance", assurance) for assurance in icons["assurance"]],
        **common.rounded_column(data, icons, ("lower", "upper"), more=1),
        trial=[
            words("for trial") if trial else ""
            for trial in icons["trial_limits"] & icons["upper"].notna()
        ],
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
            "Limits are 2.66 mean moving ranges from the mean since the last shift of eight "
            "figures to one side; below {n} figures they are for trial. Fewer than {years} "
            "years, and yearly figures that follow a trend, have none. Whether the target will "
            "be reached is told only of what stands still.",
            n=spc.TRIAL,
            years=control.FEWEST_YEARS,
        ),
        empty_text=words("No indicator has figures to draw limits from."),
    )
