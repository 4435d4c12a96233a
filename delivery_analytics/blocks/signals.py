"""Signal or noise: what the control charts of indicators say."""

from delivery_analytics.analytics import signals as control
from delivery_analytics.blocks import common
from delivery_analytics.methods import spc
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording


def signals(data: Dataset, words: Wording, *, region_id: str | None = None) -> Table:
    """Return what each indicator of a region signals, and whether it reaches its target.

    Parameters
    ----------
    region_id
        Otherwise the nation.
    """
    icons = control.signalled(data, region_id=region_id)
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
    return table_of("signals", frame, words, n=spc.TRIAL, years=control.FEWEST_YEARS)
