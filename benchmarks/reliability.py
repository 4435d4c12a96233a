"""Write docs/reliability.md: how forecasts of the past turned out.

    python benchmarks/reliability.py

On the example's series, and on those of the national SDG files where ../shared stands
beside the project. What is there no longer keeps what was said of it before.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from delivery_analytics.analytics import forecast_record
from delivery_analytics.analytics.forecast import unbroken_runs
from delivery_analytics.loading.load import load
from delivery_analytics.model.registry import open_registry

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
PUBLISHED = ROOT.parent / "shared" / "data" / "kz_sdg" / "data"
AS_OF = "2025-01-31"
FEWEST = 5  # figures of a series: four to forecast from, and one to compare with
_INTRO = """# How reliable the forecasts are

Every forecast that could have been made in the past was made again with what was known then,
one to three periods ahead, and compared with what came. This page is written by
`benchmarks/reliability.py`; nothing in it is chosen by hand.

**Said and come**: for four levels near the last figure (half and one and a half times the usual
change below and above it) the probability of reaching each was forecast. Of what was said to be
likely, this share came true. **Held**: how many figures fell into their interval of 80 %.

What to make of it: where "come" is nearer to a half than "said", forecasts are surer than they
should be. Short yearly series with shocks in them (an epidemic, a change of definition) cannot
be foretold from themselves. So the words of a probability are printed beside the record of the
very indicator, and a forecast is never a status.
"""


def main() -> None:
    """Write the page."""
    parts = [_INTRO, section("The example", example())]
    if PUBLISHED.is_dir():
        parts.append(section("National SDG series of Kazakhstan, published", published()))
    else:
        parts.append(_kept("National SDG series of Kazakhstan, published"))
    PAGE.write_text("\n".join(parts), encoding="utf-8", newline="\n")


def example() -> list[np.ndarray]:
    """Return the national and regional series of the example that are long enough."""
    data = load(open_registry(ROOT)).dataset.known_on(AS_OF)
    return [values for values in unbroken_runs(data) if len(values) >= FEWEST]


def published() -> list[np.ndarray]:
    """Return every third of the yearly series of the SDG files, without constant ones.

    A series is a column of rows with the same breakdown; its last years without a gap.
    """
    found = [values for path in sorted(PUBLISHED.glob("*.csv")) for values in _series(path)]
    return found[::3]


def _series(path: Path) -> Iterable[np.ndarray]:
    figures: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            key = tuple(text for name, text in row.items() if name not in ("Year", "Value"))
            year, value = (row["Year"] or "").strip(), (row["Value"] or "").strip()
            if year.isdigit() and value.replace(".", "", 1).lstrip("-").isdigit():
                figures[key][int(year)] = float(value)
    for years in figures.values():
        last = max(years)
        run = [last]
        while run[-1] - 1 in years:
            run.append(run[-1] - 1)
        values = np.array([years[year] for year in reversed(run)])
        if len(values) >= FEWEST and len(np.unique(values)) > 2:
            yield values


def section(title: str, series: list[np.ndarray]) -> str:
    """Return the tables of one set of series."""
    tried = forecast_record.trials(series)
    classes, horizons = forecast_record.by_class(tried), forecast_record.by_horizon(tried)
    brier = classes["brier"].iloc[0]
    return (
        f"## {title}\n\n{len(series):,} series, {len(tried):,} forecasts. "
        f"Brier score {brier:.3f} (0 is foreseen, 0.25 is the toss of a coin).\n\n"
        + _table(
            ("outlook", "asked", "said", "come"),
            (
                (row.outlook, f"{row.asked:,}", _percent(row.said), _percent(row.came))
                for row in classes.iloc[::-1].itertuples()
            ),
        )
        + "\n"
        + _table(
            ("periods ahead", "forecasts", "held by their 80 % interval"),
            (
                (str(row.horizon), f"{row.tried:,}", _percent(row.held_share))
                for row in horizons.itertuples()
            ),
        )
    )


def _percent(share: object) -> str:
    value = float(share)  # type: ignore[arg-type]
    return "" if pd.isna(value) else f"{100 * value:.0f} %"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _kept(title: str) -> str:
    """Return the section as the page has it, where its files are not at hand."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    _, _, rest = text.partition(f"## {title}\n")
    print(f"{title}: files not at hand, kept as it was", file=sys.stderr)
    return f"## {title}\n{rest}" if rest else ""


if __name__ == "__main__":
    main()
