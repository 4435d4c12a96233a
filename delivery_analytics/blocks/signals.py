"""Signal or noise: what the control charts of indicators say."""

from delivery_analytics.analytics import signals as control
from delivery_analytics.blocks import common
from delivery_analytics.methods import spc
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def signals(data: Dataset, words: Wording, *, region_id: str | None = None) -> Table:
    """Return what each indicator of a region signals, and whether it reaches its target.

    Parameters
    ----------
    region_id
        Otherwise the nation.
    """
    icons = control.signalled(data, region_id=region_id)
    trial = icons["trial_limits"] & icons["upper"].notna()
    frame = icons.assign(
        **common.rounded_column(data, icons, ("lower", "upper"), more=1),
        trial=trial.map({True: words("provisional"), False: ""}),
    )
    years = control.FEWEST_YEARS
    return common.table("signals", frame, data, words, n=spc.TRIAL, years=years)
