"""What the ministries sent: returns, problems in them, doubtful and absent figures."""

from delivery_analytics.analytics import quality, returns_due
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def returns(data: Dataset, words: Wording) -> Table:
    """Return what arrived from each sector, and what did not."""
    return common.table("returns", returns_due.returns_received(data), data, words)


def problems(data: Dataset, words: Wording, *, notes: bool = False) -> Table:
    """Return what was wrong in the returns, with the cell to look at."""
    rows = data.problems
    rows = rows if notes else rows[rows["severity"] != "note"]
    order = {"error": 0, "warning": 1, "note": 2}
    rows = rows.assign(order=rows["severity"].map(order)).sort_values(
        ["order", "file", "sheet", "cell"], ignore_index=True
    )
    frame = rows.assign(
        file_name=rows["file"].str.rsplit("/", n=1).str[-1],
        where=rows["sheet"] + ("!" + rows["cell"]).where(rows["cell"] != "", ""),
    )
    return common.table("problems", frame, data, words)


def findings(data: Dataset, words: Wording) -> Table:
    """Return figures that were read well and are still doubtful."""
    found = quality.findings(data.named(words.language))
    lines = {*found["subject_id"]} - {*data.registry.indicators}
    found = found.replace({"subject_id": {one: common.line_name(one, words) for one in lines}})
    what = [
        f"{words.code('problem', rule)}: {text}" if text else words.code("problem", rule)
        for rule, text in zip(found["rule"], found["text"], strict=True)
    ]
    return common.table("findings", found.assign(what=what), data, words)


def missing(data: Dataset, words: Wording) -> Table:
    """Return the figures that were due and did not arrive, one row an indicator."""
    absent = returns_due.missing_returns(data)
    here = absent["region_id"] == data.registry.country_id
    key = ["sector_id", "indicator_id", "period"]
    groups = absent.assign(nation=here, regions=~here).groupby(key, sort=False, as_index=False)
    frame = groups.agg({"nation": "any", "regions": "sum", "days_late": "max"})
    frame = frame.assign(nation=frame["nation"].map({True: words("yes"), False: ""}))
    return common.table("missing", frame, data, words)
