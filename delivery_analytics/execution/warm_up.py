"""A small report that nobody reads, made before the first one that somebody does.

Much is made only when it is first needed: templates, words, the checks of a chart. Made
here, in the process that forks, it is there for every report.
"""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery_analytics.model.dataset import Dataset
    from delivery_analytics.report.figure import Figure

# The typesetter keeps threads once it has run, and a process with threads must not fork.
_WITH_THREADS = ("pdf",)


def rehearse() -> None:
    """Make a report of every kind of block, in every language and format.

    What fails here fails again, and is told, in the report that needs it.
    """
    with contextlib.suppress(Exception):
        _report()


def _report() -> None:
    from delivery_analytics.model.languages import LANGUAGES
    from delivery_analytics.report.document import Heading, Note, Table
    from delivery_analytics.report.report import Report
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import available, write

    figure, data = _figure(), _data()
    with TemporaryDirectory() as folder:
        for language in LANGUAGES:
            words = open_wording(language)
            words.number(1234.5), words.percent(12.5), words.date(date(2020, 1, 1))
            report = Report("t", data, words)
            table = Table(figure.table, "t", figure.columns)
            for block in (Heading("h"), table, figure, Note("n")):
                report.add(block)
            write(report, folder, ["html"], assets="assets")
        figure._repr_mimebundle_()
        for name in available():
            if name not in ("html", *_WITH_THREADS):
                with contextlib.suppress(Exception):
                    write(report, folder, [name])


def _data() -> Dataset:
    """Return tables without a row, of a country without a sector."""
    from delivery_analytics.model import schema
    from delivery_analytics.model.dataset import STORED, Dataset
    from delivery_analytics.model.definitions import StatusRules
    from delivery_analytics.model.registry import Region, Registry
    from delivery_analytics.model.workspace import Workspace

    nation = Region(id="KZ", kind="country", name={"en": "Kazakhstan"})
    rules = StatusRules(default_method="", max_age_days={}, methods={})
    registry = Registry(Workspace(Path()), "KZ", {}, {"KZ": nation}, {}, {}, rules)
    return Dataset({name: schema.empty(name) for name in STORED}, registry, date(2020, 1, 1))


def _figure() -> Figure:
    import altair as alt
    import pandas as pd

    from delivery_analytics.report.figure import Column, Figure, NativeChart, Series

    shown = pd.DataFrame({"a": ["x", "y"], "b": [1.5, 2.5]})
    columns = (Column("a", "a"), Column("b", "b", "number"))
    channels = alt.X("a:N"), alt.Y("b:Q"), alt.Text("a:N"), alt.Tooltip("a:N")
    marks = alt.Chart(shown).encode(*channels)
    chart = alt.layer(marks.mark_line(point=True), marks.mark_text(), width=200, height=100)
    native = NativeChart("line", ["x", "y"], [Series("b", [1.5, 2.5])])
    return Figure(chart, "t", "s", "f", "a", shown, columns, native)
