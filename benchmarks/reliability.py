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

from delivery_analytics.analytics import forecast_record as record
from delivery_analytics.analytics.forecast import Run, printed_percent, unbroken_runs
from delivery_analytics.loading.load import load
from delivery_analytics.methods.student_t import reach80
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import open_registry

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
PUBLISHED = ROOT.parent / "shared" / "data" / "kz_sdg" / "data"
AS_OF = "2025-01-31"
FEWEST = 5  # figures of a series: four to forecast from, and one to compare with
_SDG = "National SDG series of Kazakhstan, published"
QUESTIONS = {
    "near": "half and one and a half usual changes from the last figure",
    "past": "the 10, 30, 70 and 90 % quantiles of its past",
    "percent": "7 and 20 % from the last figure",
    "plan": "its drift, turned round, halved, kept and doubled",
}
_WITHHELD = {
    "": "printed",
    "too_few": "withheld: too few figures",
    "still": "withheld: still figures",
    "shock": "withheld: a shock",
}
_INTRO = """# How reliable the forecasts are

Every forecast that could have been made in the past was made again with what was known then,
one to three periods ahead, and compared with what came. Beside each stands what "no change"
says: the last figure, give or take what it usually changes by. This page is written by
`benchmarks/reliability.py`; nothing in it is chosen by hand.

**Brier score**: the mean square of the probability that was said less what came (1 or 0); 0 is
foreseen. **Skill**: the share of the score of "no change" that is saved; below 0 ours is worse.
Asked are four levels of each forecast, in four ways; tables without a question to them ask for
the levels near the last figure. Ends and rounding, which help, are left out. **Printed**: a
chance is given only where figures are not too few, too still or shocked. **Held**: how many
figures fell into their interval of 80 %. **Error**: the median distance of the figure from what
was expected, in usual changes.

What to make of it: a little is gained over "no change" where little can be foretold, nothing
where a plan made of the drift itself is asked about, and what is said comes about as often as
said. Short yearly series with shocks in them (an epidemic, a change of definition) cannot be
foretold from themselves. A forecast is never a status.
"""


def main() -> None:
    """Write the page."""
    data = example()
    parts = [
        _INTRO,
        section("The example", long_enough(data)),
        targets_section(data),
        section(_SDG, published()) if PUBLISHED.is_dir() else _kept(_SDG),
    ]
    PAGE.write_text("\n".join(parts), encoding="utf-8", newline="\n")


def example() -> Dataset:
    """Return the example's tables as the page knows them."""
    return load(open_registry(ROOT)).dataset.known_on(AS_OF)


def long_enough(data: Dataset) -> list[Run]:
    """Return the national and regional series that a forecast can be compared in."""
    return [run for run in unbroken_runs(data).values() if len(run.figures) >= FEWEST]


def published() -> list[Run]:
    """Return every third of the yearly series of the SDG files, without constant ones.

    A series is a column of rows with the same breakdown; its last years without a gap.
    """
    found = [values for path in sorted(PUBLISHED.glob("*.csv")) for values in _series(path)]
    return [Run(values) for values in found[::3]]


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


def levels(tried: pd.DataFrame, runs: list[Run], question: str) -> list[pd.Series]:
    """Return the four levels that each forecast is asked about, for one of `QUESTIONS`."""
    last, known = tried["last"], zip(tried["series"], tried["figures"], strict=True)
    pasts = [runs[number].figures[:figures] for number, figures in known]
    if question == "near":
        return [last + level * tried["usual"] for level in (-1.5, -0.5, 0.5, 1.5)]
    if question == "percent":
        return [last * (1 + share) for share in (-0.2, -0.07, 0.07, 0.2)]
    if question == "past":
        found = np.array([np.quantile(past, (0.1, 0.3, 0.7, 0.9)) for past in pasts])
        return [pd.Series(column, index=tried.index) for column in found.T]
    drift = np.array([np.diff(past).mean() for past in pasts])
    return [last + plan * tried["horizon"] * drift for plan in (-1, 0.5, 1, 2)]


def by_horizon(tried: pd.DataFrame) -> pd.DataFrame:
    """Return for each horizon how many figures fell into their 80 % interval.

    Returns
    -------
    DataFrame
        ``horizon, tried, held`` and ``plain_held``, shares by the forecast and by "no
        change", 0.8 being what was said; ``error`` and ``plain_error``, medians of the
        distance in usual changes.
    """
    found = pd.DataFrame({"horizon": tried["horizon"]})
    for name, mean, spread, free in (
        ("", "mean", "spread", tried["free"]),
        ("plain_", "last", "plain_spread", tried["figures"] - 1),
    ):
        off = (tried["actual"] - tried[mean]).abs()
        found[f"{name}held"] = off <= free.map(reach80) * tried[spread] + 1e-12
        found[f"{name}error"] = off / tried["usual"].where(tried["usual"] > 0)
    groups = found.groupby("horizon")
    shares, medians = groups[["held", "plain_held"]].mean(), groups[["error", "plain_error"]]
    return shares.join(medians.median()).assign(tried=groups.size()).reset_index()


def section(title: str, runs: list[Run]) -> str:
    """Return the tables of one set of series."""
    tried = record.trials(runs)
    near = record.asked(tried)
    printed = near[near["withheld"] == ""]
    by_question = {
        f"{name}: {what}": record.brier_scores(
            record.asked(tried, levels=levels(tried, runs, name))
        ).iloc[0]
        for name, what in QUESTIONS.items()
    }
    by_gate = record.brier_scores(near, by=near["withheld"])
    near_by_horizon = record.brier_scores(near, by=near["horizon"])
    parts = [
        f"## {title}\n\n{len(runs):,} series, {len(tried):,} forecasts, of which "
        f"{_percent((tried['withheld'] == '').mean())} would have been printed.\n",
        _scored("question", by_question.items()),
        _scored("chance", ((_WITHHELD[str(name)], row) for name, row in by_gate.iterrows())),
        _scored("periods ahead", near_by_horizon.iterrows()),
        _table(
            ("periods ahead", "forecasts", "held", '"no change" held', "error", '"no change"'),
            (
                (
                    f"{row.horizon}",
                    f"{row.tried:,}",
                    _percent(row.held),
                    _percent(row.plain_held),
                    f"{row.error:.2f}",
                    f"{row.plain_error:.2f}",
                )
                for row in by_horizon(tried).itertuples()
            ),
        ),
        _table(
            ("printed", "asked", "said", 'by "no change"', "came"),
            (
                (
                    row.outlook,
                    f"{row.asked:,}",
                    _percent(row.said),
                    _percent(row.plain),
                    _percent(row.came),
                )
                for row in record.by_class(printed).iloc[::-1].itertuples()
            ),
        ),
    ]
    return "\n".join(parts)


def targets_section(data: Dataset) -> str:
    """Return how chances of the example's own final targets would have come out."""
    told = record.against_targets(data)
    score = record.brier_scores(told).iloc[0]
    said, came = (printed_percent(told[name].mean()) for name in ("said", "came"))
    worse = score["brier"] > score["plain"]
    verdict = "Ours loses to" if worse else "Ours is no worse than"
    by_gate = record.brier_scores(told, by=told["withheld"] == "")
    rows = [("all", score), *((_printed(name), row) for name, row in by_gate.iterrows())]
    told_by_horizon = record.brier_scores(told, by=told["horizon"])
    parts = [
        f"## The example's own targets\n\n{told['indicator_id'].nunique()} series, "
        f"{len(told):,} forecasts of the past: will the figure have reached today's final "
        f'target? Said on average {said} %, reached {came} %. {verdict} "no change" there: '
        f"Brier score {score['brier']:.3f} against {score['plain']:.3f}.\n"
    ]
    if worse and said > came:
        parts.append(
            "These targets were set beyond what had been reached, so 'not yet' wins by\n"
            "choice; but a chance for an ambitious target is more often too high than\n"
            "too low. The sector reports say so below the table in which chances are printed.\n"
        )
    parts.append(_scored("chance", rows))
    parts.append(_scored("periods ahead", told_by_horizon.iterrows()))
    return "\n".join(parts)


def _printed(name: object) -> str:
    return "printed" if name else "withheld"


def _scored(head: str, rows: Iterable[tuple[object, pd.Series]]) -> str:
    """Return a table of Brier scores beside those of "no change"."""
    return _table(
        (head, "asked", "Brier", '"no change"', "skill"),
        (
            (
                str(name),
                f"{int(row['asked']):,}",
                f"{row['brier']:.3f}",
                f"{row['plain']:.3f}",
                "" if pd.isna(row["skill"]) else f"{100 * row['skill']:+.1f} %",
            )
            for name, row in rows
        ),
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
