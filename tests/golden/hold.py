"""Write the golden files anew from the example, when a published figure has to change."""

from pathlib import Path

import delivery_analytics as da
from delivery_analytics.analytics import spending
from delivery_analytics.model.registry import open_registry

HERE = Path(__file__).parent
AS_OF = "2025-01-31"


def main() -> None:
    """Load the example and hold its figures."""
    registry = open_registry(HERE.parents[1])
    data = da.load(registry).dataset.known_on(AS_OF)
    judged = da.assess(data)
    national = judged[judged["region_id"] == registry.country_id]
    columns = ["indicator_id", "period", "value", "expected_value", "target_value"]
    columns += ["score", "status", "reason"]
    national[columns].round(6).to_csv(HERE / "assessments.csv", index=False)
    sums = spending.execution(data, by="sector_id")
    columns = ["sector_id", "period", "plan", "actual", "lines_reported", "lines"]
    sums[columns].to_csv(HERE / "spending.csv", index=False)
    errors = data.problems.query("severity == 'error'")
    errors[["file", "sheet", "cell", "code"]].to_csv(HERE / "problems.csv", index=False)


if __name__ == "__main__":
    main()
