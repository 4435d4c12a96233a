"""Write the example's returns and the list of their sources, the same bytes every time.

    python data/example/build.py [FOLDER]

``FOLDER`` is ``data/raw`` unless it is given. The input is ``facts`` beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import books
import returns
from facts import FACTS, HERE, Facts, table
from forms import Return


def build(folder: Path) -> list[Path]:
    """Write every file below `folder`; return their paths."""
    facts = Facts.read()
    sent = returns.everything(facts)
    written = []
    for sector, files in sent.items():
        for one in files:
            path = folder / sector / one.path
            books.write(path, one.pages)
            written.append(path)
    sources = folder / "SOURCES.md"
    sources.write_text(_sources(facts, sent), encoding="utf-8", newline="\n")
    return [*written, sources]


def _sources(facts: Facts, sent: Mapping[str, list[Return]]) -> str:
    parts = [(FACTS / "sources.md").read_text(encoding="utf-8").rstrip()]
    parts.append("## Series\n\n" + _series(facts))
    parts.append("## Said in public\n\n" + _said())
    parts.append("## Files\n\n" + "\n\n".join(_files(s, files) for s, files in sent.items()))
    return "\n\n".join(parts) + "\n"


def _series(facts: Facts) -> str:
    rows = []
    for row in table("series.csv"):
        indicator = row["indicator_id"]
        nation = facts.years(indicator)
        regions = facts.regions(indicator)
        years = sorted({p for r in regions for p in facts.figures[indicator, r]})
        rows.append(
            (
                f"`{indicator}`",
                row["origin"],
                facts.unit(indicator, "en"),
                _span(nation),
                f"{len(regions)}: {_span(years)}" if regions else "–",
                row["note"],
            )
        )
    return _table(("indicator", "origin", "unit", "nation", "regions", "remarks"), rows)


def _span(periods: list[str]) -> str:
    if not periods:
        return "–"
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _said() -> str:
    rows = [
        (f"`{r['indicator_id']}`", r["period"], r["value"], r["row"], r["note"])
        for r in table("published.csv")
    ]
    return _table(("indicator", "period", "figure", "row", "remarks"), rows)


def _files(sector: str, files: Iterable[Return]) -> str:
    rows = [(f"`{one.path}`", one.holds, one.reported) for one in files]
    return f"### {sector}\n\n" + _table(("file", "holds", "reported on"), rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "raw")
