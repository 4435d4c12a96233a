"""What was done with the money: plan, actual, and what was not spent."""

from delivery_analytics.analytics import spending as money
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording


def spending(
    data: Dataset, words: Wording, *, by: str = "sector_id", period: str | None = None
) -> Table:
    """Return plan, actual, execution and what was not spent, with the coverage of each.

    Parameters
    ----------
    by
        ``sector_id``, ``programme_id`` or ``region_id``.
    """
    sums = money.execution(data, by=(by,), period=period)
    title, called = _groups(data, words)[by]
    frame = sums.assign(name=[called.get(key, key) for key in sums[by]])
    more = ""
    if by == "region_id":
        more = _regions_reported(data, sums["region_id"].tolist(), words)
    none = ""
    if data.spending.empty:
        none = words("No spending reported within the scope of this report.")
    said = {"title": title, "more": more, "empty": none, "grouped": by}
    return common.table("spending", frame, data, words, **said)


def _groups(data: Dataset, words: Wording) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the title and the names of each grouping of spending."""
    registry = data.registry
    programmes = {"": words("Outside programmes"), **common.names(registry.programmes, words)}
    return {
        "sector_id": (words("Spending by sector"), common.names(registry.sectors, words)),
        "region_id": (words("Spending by region"), common.names(registry.regions, words)),
        "programme_id": (words("Spending by programme"), programmes),
    }


def _regions_reported(data: Dataset, reported: list[str], words: Wording) -> str:
    regions = [one for one in data.registry.regions if one != data.registry.country_id]
    coverage = words.coverage(len(set(reported) & set(regions)), len(regions))
    return words.code("beneath", "regions_reported", coverage=coverage)


def spending_lines(data: Dataset, words: Wording) -> Table:
    """Return each budget line's latest plan and actual with the cell it was sent in."""
    latest = data.spending.sort_values("period_end")
    latest = latest.drop_duplicates(["line_id", "region_id"], keep="last")
    frame = latest.assign(line=[common.line_name(line, words) for line in latest["line_id"]])
    frame = frame.sort_values(["line_id", "region_id"], ignore_index=True)
    return common.table("spending_lines", frame, data, words)
