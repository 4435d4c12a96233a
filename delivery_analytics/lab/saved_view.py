"""What an analyst chose, kept as a notebook that makes the report again next month."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from delivery_analytics.errors import DefinitionError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # a report's place is called so, too
_MEANING = {
    "indicator": "sector.indicator",
    "region": "a region_id of data/definitions/regions.csv",
    "as_of": "know only what was reported by this day",
    "since": "what changed is told from this day on",
    "language": "en, ru or kk",
    "data_dir": "where `delivery load` put the tidy tables",
    "output_dir": "where the report goes; empty writes nothing",
}
_CELLS = (
    """\
import delivery_analytics as da

words = da.open_wording(language)
history = da.open_dataset(data_dir).learned_by(as_of).where(indicator_id=indicator)
data = history.known_on(as_of)
chart = da.charts.trajectory(data, indicator, words, region_id=region, fan=True)
report = da.Report(chart.title, data, words, key=indicator)""",
    "report.add(chart)",
    """\
report.add(da.Heading(words("What changed")))
report.add(da.blocks.turned(history, words, since=since, region_id=region))""",
    "report.add(da.blocks.revised(history, words, since=since, region_id=region))",
    """\
report.add(da.Heading(words("Regions compared")))
report.add(da.charts.regions_bar(data, indicator, words, region_id=region))""",
    """\
report.add(da.Heading(words("Signal or noise")))
report.add(da.charts.control_chart(data, indicator, words, region_id=region))""",
    """\
report.add(da.Heading(words("One figure, every method")))
report.add(
    da.blocks.one_by_method(data, words, indicator_id=indicator, region_id=region)
)""",
    "report.add(da.blocks.traced(history, words, indicator_id=indicator, region_id=region))",
    "da.write(report, output_dir, formats)",
)


def save_notebook(folder: Path, name: str, chosen: Mapping[str, str]) -> Path:
    """Write a notebook into `folder` whose parameters are what was chosen, and return its path.

    ``delivery report`` makes its report. It stays out of editions until somebody has
    looked it over and sets ``publish`` in its metadata to true.

    Parameters
    ----------
    chosen
        ``indicator``, ``region``, ``as_of``, ``since`` and ``language``.

    Raises
    ------
    DefinitionError
        When its name is not a plain one, or there is such a file already.
    """
    if not _NAME.fullmatch(name):
        raise DefinitionError(
            f"'{name}' cannot name a notebook. Expected at most 40 small Latin letters, "
            "digits, _ and -"
        )
    path = folder / f"{name}.ipynb"
    if path.exists():
        raise DefinitionError(f"{path} is there already. Give the view another name")
    values = {**chosen, "data_dir": "../data/processed", "output_dir": ""}
    lines = [
        f"{name}: str = {json.dumps(values[name], ensure_ascii=False)}  # {meaning}"
        for name, meaning in _MEANING.items()
    ]
    lines.append('formats: list = ["html", "xlsx", "pptx", "pdf"]  # modules under writers')
    v4: Any = nbformat.v4
    cells = [
        v4.new_markdown_cell(
            "# Is this indicator on its way?\n\nSaved from 80_explore. To make its report:\n"
            f"`delivery report {path.stem}`."
        ),
        v4.new_code_cell("\n".join(lines), metadata={"tags": ["parameters"]}),
        *map(v4.new_code_cell, _CELLS),
    ]
    book = v4.new_notebook(cells=cells)
    book.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    book.metadata.delivery_analytics = {
        "run_per": "nation",
        "kind": path.stem,
        "publish": False,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(v4.writes(book) + "\n", encoding="utf-8")
    return path
