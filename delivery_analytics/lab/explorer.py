"""Looking around in a notebook: choose, and every chart and table shown follows.

What is shown is ordinary output of the cells, so a notebook that is closed and opened
again still shows it. Only the choosers need a running kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import altair as alt
import ipywidgets as widgets
import pandas as pd
from IPython import get_ipython
from IPython.display import HTML, display
from markupsafe import escape

from delivery_analytics import blocks
from delivery_analytics.analytics import changes
from delivery_analytics.blocks.methods import judged_by_each
from delivery_analytics.charts import (
    control_chart,
    has_lines,
    regions_bar,
    small_multiples,
    trajectory,
)
from delivery_analytics.charts.explorer import PERIOD, REGION, linked
from delivery_analytics.errors import DefinitionError, DeliveryAnalyticsError
from delivery_analytics.lab import saved_view
from delivery_analytics.lab.choosers import Chooser
from delivery_analytics.lab.html_table import Page
from delivery_analytics.model.dataset import Dataset, open_dataset
from delivery_analytics.report import jupyter
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import single_chart

Make = Callable[[], Any]
# What a table or chart depends on: it is made again when one of these is chosen anew.
SUBJECT = ("indicator", "region", "as_of")
DRAWN = ("region", "period", "indicator", "as_of")  # the linked charts; two are clicked on


@dataclass
class _Shown:
    """One output that follows."""

    handle: Any
    make: Make
    on: tuple[str, ...]
    state: tuple[str, ...]


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
        jupyter.enable()
        self._shown: dict[tuple[str, str], _Shown] = {}
        self._linked: Any = None
        self._figure: tuple[tuple[str, ...], Figure] | None = None
        self._drawn: tuple[str, ...] = ()
        self._settled = True
        data = data or open_dataset()
        first = data.registry.prefers.languages[0]
        super().__init__(data, open_wording(language or first))
        self.choose(**chosen)

    @property
    def controls(self) -> widgets.VBox:
        """The choosers, and buttons that keep what is chosen."""
        words = self.words
        said = widgets.HTML()
        slide, report = (
            widgets.Button(description=label, layout=widgets.Layout(width="auto"))
            for label in (words("Save as a slide"), words("Save as a report"))
        )
        slide.on_click(lambda _: self._keep(self.slide, said))
        report.on_click(lambda _: self._keep(self.save_report, said))
        return widgets.VBox(
            [
                widgets.HBox([self.sector, self.indicator]),
                widgets.HBox([self.region, self.period, self.as_of]),
                widgets.HBox([slide, report, said]),
            ]
        )

    def chart(self) -> None:
        """Show the indicator on its way to the target, in the chosen region."""
        self._show("chart", self.figure, SUBJECT)

    def figure(self) -> Figure:
        """Return that chart, to be kept or put on a slide (`slide`)."""
        state = self._state_of(SUBJECT)
        if self._figure is None or self._figure[0] != state:  # the table shows the same one
            figure = trajectory(self.data, words=self.words, **self._of)
            self._figure = (state, figure)
        return self._figure[1]

    def control(self) -> None:
        """Show whether its last figure is a signal or noise."""
        self._show(
            "control",
            lambda: control_chart(self.data, words=self.words, **self._of),
            SUBJECT,
        )

    def regions(self) -> None:
        """Show the indicator in every region: as lines where there are enough periods."""

        def made() -> Figure:
            of = self.indicator.value
            drawn = small_multiples if has_lines(self.data, of) else regions_bar
            return drawn(self.data, of, self.words)

        self._show("regions", made, ("indicator", "as_of"))

    def linked(self) -> Any:
        """Return two charts to click on; what is clicked is chosen, and all follows.

        What is clicked can be read: ``chart.selections.region.value``.
        """
        alt.JupyterChart.enable_offline(offline=True)
        self._linked = alt.JupyterChart(alt.Chart().mark_point())
        self._draw_linked()
        return self._linked

    def table(self) -> None:
        """Show the figures behind the chart, each with the cell it was sent in."""

        def made() -> Page:
            figure = self.figure()
            title = self.words("Figures of this chart")
            return self._page(Table(title, figure.table, figure.columns, figure.footnote))

        self._show("table", made, SUBJECT)

    def figures(self) -> pd.DataFrame:
        """Return the figures as a table to reckon with, each with its place."""
        rows = self.data.where(**self._of).observations
        shown = rows.assign(source=self.data.place(rows))
        return shown[["period", "value", "obs_status", "reported_on", "source"]]

    def source(self) -> None:
        """Show where the figure of the chosen period comes from, with its revisions."""
        self._show(
            "source",
            lambda: self._page(
                blocks.traced(
                    self.history.learned_by(self.as_of.value),
                    self.words,
                    period=self.period.value,
                    **self._of,
                )
            ),
            (*SUBJECT, "period"),
        )

    def trace(self) -> pd.DataFrame:
        """Return where the figure of the chosen period comes from, one row a revision."""
        known = self.history.learned_by(self.as_of.value)
        return known.trace(period=self.period.value, **self._of)

    def changed(self) -> None:
        """Show what changed in the sector since the end of the month before."""

        def made() -> Page:
            told: dict[str, Any] = {"since": self.since, "region_id": self.region.value}
            return self._page(
                blocks.turned(self._of_sector, self.words, **told),
                blocks.revised(self._of_sector, self.words, **told),
            )

        self._show("changed", made, ("sector", "region", "as_of"))

    @property
    def since(self) -> str:
        """The last day of the month before the chosen one."""
        day = date.fromisoformat(self.as_of.value)
        return (day.replace(day=1) - timedelta(days=1)).isoformat()

    def changes(self) -> pd.DataFrame:
        """Return what changed in the sector since then, as a table to reckon with."""
        return changes.changes(self._of_sector, since=self.since)

    def methods(self) -> None:
        """Show how every method judges it."""
        self._show(
            "methods",
            lambda: self._page(blocks.one_by_method(self.data, self.words, **self._of)),
            SUBJECT,
        )

    def judgements(self) -> pd.DataFrame:
        """Return how every method judges it, one row a method, to reckon with."""
        return judged_by_each(self.data, **self._of)

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
        folder = self.history.registry.workspace.notebooks
        told = {key: self.chosen[key] for key in ("indicator", "region", "as_of")}
        told |= {"since": self.since, "language": self.words.language}
        return saved_view.save_notebook(folder, name or self._name, told)

    def slide(self, path: str | Path = "") -> Path:
        """Save the chart as a slide that a presenter can edit; in ``out`` unless told."""
        out = self.history.registry.workspace / "out"
        path = Path(path) if path else out / f"{self._name}.pptx"
        path.parent.mkdir(parents=True, exist_ok=True)
        return single_chart.save_chart(self.figure(), path, words=self.words)

    @property
    def _of(self) -> dict[str, Any]:
        return {"indicator_id": self.indicator.value, "region_id": self.region.value}

    @property
    def _name(self) -> str:
        indicator = self.indicator.value.partition(".")[2]
        return f"view_{indicator}_{self.region.value}".lower()[:40].rstrip("-_")

    @property
    def _of_sector(self) -> Dataset:
        return self.history.learned_by(self.as_of.value).where(sector_id=self.sector.value)

    def _page(self, *tables: Table) -> Page:
        return Page(tables, self.words)

    def _keep(self, save: Callable[[], Path], said: widgets.HTML) -> None:
        try:
            place = save().relative_to(self.history.registry.workspace).as_posix()
            text = self.words("Saved: {path}", path=place)
        except DeliveryAnalyticsError as error:
            text = str(error)
        said.value = str(escape(text))

    def _refresh(self) -> None:
        for one in self._shown.values():
            state = self._state_of(one.on)
            if state != one.state:
                one.state = state
                if one.handle is not None:  # outside a notebook nothing is shown twice
                    one.handle.update(_made(one.make))
        if self._linked is not None and self._drawn != self._state_of(DRAWN):
            self._draw_linked()

    def _draw_linked(self) -> None:
        self._drawn, self._settled = self._state_of(DRAWN), False
        self._linked.chart = linked(
            self.data,
            self.indicator.value,
            self.words,
            region_id=self.region.value,
            period=self.period.value or "",
        )
        # A chart that is put in place of another brings selections of its own.
        self._linked.selections.observe(self._clicked, [REGION, PERIOD])

    def _clicked(self, _: Any) -> None:
        """Choose what was clicked on, once the chart has told that it shows what is chosen.

        A chart that is being replaced may still tell of what was chosen before.
        """
        selections = self._linked.selections
        region = _picked(selections.region, "region_id") or self.region.value
        period = _picked(selections.period, "period") or self.period.value or ""
        if not self._settled:
            self._settled = (region, period) == self._drawn[:2]
            return
        self._drawn = (region, period, *self._drawn[2:])
        with self._together():
            self.region.value = region
            if period in [one for _, one in self.period.options]:
                self.period.value = period

    def _show(self, name: str, make: Make, on: tuple[str, ...]) -> None:
        handle = display(_made(make), display_id=True)  # type: ignore[no-untyped-call]
        # A cell that is run again shows one of its kind, not two.
        self._shown[name, _cell()] = _Shown(handle, make, on, self._state_of(on))


def _picked(selection: Any, field: str) -> str:
    return str(selection.value[0].get(field, "")) if selection.value else ""


def _cell() -> str:
    """Return the id of the cell that runs, where a notebook tells it."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str(parent.get("metadata", {}).get("cellId", ""))


def _made(make: Make) -> Any:
    """Return what `make` makes, or the sentence that says why it cannot."""
    try:
        return make()
    except DefinitionError as error:
        said = f"<em>{escape(str(error))}</em>"
        return HTML(said)  # type: ignore[no-untyped-call]
