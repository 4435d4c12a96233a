"""What the ministries sent: returns, problems in them, doubtful and absent figures."""

import pandas as pd

from delivery_analytics.analytics import quality, returns_due
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording


def returns(data: Dataset, words: Wording) -> Table:
    """Return what arrived from each sector, and what did not."""
    received = returns_due.returns_received(data)
    frame = received.assign(
        sector=received["sector_id"].map(common.names(data.registry.sectors, words)),
        reported=common.coverages(
            received["indicators_reported"], received["indicators"], words
        ),
    )
    return table_of("returns", frame, words)


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
        what=[words.problem(code) for code in rows["code"]],
        severity_name=[words.severity(severity) for severity in rows["severity"]],
    )
    return table_of("problems", frame, words)


def findings(data: Dataset, words: Wording) -> Table:
    """Return figures that were read well and are still doubtful."""
    found = quality.findings(data.named(words.language))
    called = common.names(data.registry.indicators, words)
    regions = common.names(data.registry.regions, words)
    frame = found.assign(
        subject=found["subject_id"].map(lambda key: called.get(key, key)),
        region=found["region_id"].map(lambda key: regions.get(key, key)),
        what=[
            f"{words.problem(rule)}: {text}" if text else words.problem(rule)
            for rule, text in zip(found["rule"], found["text"], strict=True)
        ],
        source=data.place(found),
    )
    return table_of("findings", frame, words)


def missing(data: Dataset, words: Wording) -> Table:
    """Return the figures that were due and did not arrive, one row an indicator."""
    absent = returns_due.missing_returns(data)
    registry = data.registry
    absent = absent.assign(nation=absent["region_id"] == registry.country_id)
    rows = [
        {
            "sector": words.name(registry.sectors[str(sector_id)].name),
            "indicator": words.name(registry.indicators[str(indicator_id)].name),
            "period": period,
            "nation": words("yes") if bool(group["nation"].any()) else "",
            "regions": int((~group["nation"]).sum()),
            "days_late": int(group["days_late"].max()),
        }
        for (sector_id, indicator_id, period), group in absent.groupby(
            ["sector_id", "indicator_id", "period"], sort=False
        )
    ]
    return table_of(
        "missing",
        pd.DataFrame(
            rows, columns=["sector", "indicator", "period", "nation", "regions", "days_late"]
        ),
        words,
    )
