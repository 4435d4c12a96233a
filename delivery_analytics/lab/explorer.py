"""Looking around in a notebook: choose, and every chart and table shown follows.

What is shown is ordinary output of the cells, so a notebook that is closed and opened
again still shows it. Only the choosers need a running kernel.
"""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from anywidget import AnyWidget

from delivery_analytics.analytics import changes
from delivery_analytics.blocks.methods import assessed_by_each
from delivery_analytics.lab import saved_view, view
from delivery_analytics.lab.choosers import Chooser
from delivery_analytics.lab.linked_charts import LinkedCharts
from delivery_analytics.lab.outputs import Make, Outputs
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.report import jupyter
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import open_wording

# What most charts and tables depend on: they are made again when one of these is chosen anew.
SUBJECT = ("indicator", "region", "as_of")
IN_SPAN = (*SUBJECT, "first", "last")

_EVERYWHERE = ("indicator", "as_of", "first", "last")


class Bench(AnyWidget):
    """Keeps the choosers in sight, and the notebook at its top when it was run."""

    _esm = (files("delivery_analytics") / "assets" / "lab" / "bench.js").read_text("utf-8")


class Explorer(Chooser):
    """A view of the data that is chosen by hand and read by everything it shows.

    Parameters
    ----------
    data
        As loaded, with every revision; that of the workspace around here unless given.
    language
        Of the names, charts and tables; the unit's first unless given.
    chosen
        What to begin with, as `choose` takes it.
    """

    def __init__(
        self, data: Dataset | None = None, *, language: str = "", **chosen: str
    ) -> None:
        jupyter.show_charts()
        self._outputs = Outputs()
        self._linked: LinkedCharts | None = None
        data = data or open_dataset()
        language = language or data.registry.prefers.languages[0]
        super().__init__(data, open_wording(language, data.registry.workspace))
        self.choose(**chosen)

    @property
    def controls(self) -> widgets.VBox:
        """The choosers, and buttons that keep what is chosen."""
        words, workspace = self.words, self.history.registry.workspace.root
        saves: dict[str, Callable[[], Path]] = {words("Save as a slide"): self.slide}
        saves[words("Save as a report")] = self.save_report
        rows = [[self.sector, self.indicator], [self.region, self.period, self.as_of]]
        rows += [[self.first, self.last, self.other], [self.programme, self.body]]
        buttons = saved_view.buttons(words, workspace, saves)
        return widgets.VBox([Bench(), *map(widgets.HBox, rows), buttons])

    def chart(self) -> None:
        """Show the indicator on its way to the target, in the chosen region."""
        self._show(view.trajectory_chart, IN_SPAN)

    def figure(self) -> Figure:
        """Return that chart, to be kept or put on a slide (`slide`)."""
        return self.view.figure

    def control(self) -> None:
        """Show whether its last figure is a signal or noise."""
        self._show(view.noise_chart, IN_SPAN)

    def regions(self) -> None:
        """Show the indicator in every region: as lines where there are enough periods."""
        self._show(view.regions_chart, _EVERYWHERE)

    def heat(self) -> None:
        """Show the indicator in every region and period, as tiles."""
        self._show(view.heat_chart, _EVERYWHERE)

    def scatter(self) -> None:
        """Show the indicator against the one beside it."""
        self._show(view.scatter_chart, (*IN_SPAN, "other"))

    def linked(self) -> Any:
        """Return two charts to click on; what is clicked is chosen, and all follows.

        What is clicked can be read: ``chart.selections.region.value``.
        """
        self._linked = LinkedCharts(self)
        return self._linked.chart

    def table(self) -> None:
        """Show the figures behind the chart, each with the cell it was sent in."""
        self._show(view.figures_table, IN_SPAN)

    def figures(self) -> pd.DataFrame:
        """Return the figures as a table to reckon with, each with its place."""
        rows = self.data.where(**self.view.subject).observations
        placed = rows.assign(source=self.data.place(rows))
        return placed[["period", "value", "obs_status", "reported_on", "source"]]

    def source(self) -> None:
        """Show where the figure of the chosen period comes from, with its revisions."""
        self._show(view.source_table, (*SUBJECT, "period"))

    def trace(self) -> pd.DataFrame:
        """Return where the figure of the chosen period comes from, one row a revision."""
        return self.view.learned.trace(period=self.view.period, **self.view.subject)

    def changed(self) -> None:
        """Show what changed in the sector since the end of the month before."""
        self._show(view.changes_tables, ("sector", "region", "as_of"))

    @property
    def since(self) -> str:
        """The last day of the month before the chosen one."""
        return self.view.since

    def changes(self) -> pd.DataFrame:
        """Return what changed in the sector since then, as a table to reckon with."""
        return changes.changes(self.view.of_sector, since=self.since)

    def methods(self) -> None:
        """Show how every method assesses it."""
        self._show(view.methods_table)

    def assessments(self) -> pd.DataFrame:
        """Return how every method assesses it, one row a method, to reckon with."""
        return assessed_by_each(self.data, **self.view.subject)

    def save_report(self, name: str = "") -> Path:
        """Save the view as a notebook; ``delivery report NAME`` makes its report again.

        Parameters
        ----------
        name
            Of the notebook, in small Latin letters; told by what is chosen unless given.

        Raises
        ------
        DefinitionError
            When there is such a notebook already.
        """
        return saved_view.save_notebook(self.view, name)

    def slide(self, path: str | Path = "") -> Path:
        """Save the chart as a slide that a presenter can edit; in ``out`` unless told."""
        return saved_view.save_slide(self.view, path)

    def _show(self, make: Make, depends_on: tuple[str, ...] = SUBJECT) -> None:
        self._outputs.show(make, self.view, depends_on)

    def _refresh(self) -> None:
        self._outputs.follow(self.view)
        if self._linked is not None:
            self._linked.follow(self.view)
