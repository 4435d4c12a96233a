"""Looking around in a notebook: choose, and every chart and table shown follows.

What is shown is ordinary output of the cells, so a notebook that is closed and opened
again still shows it. Only the choosers need a running kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import altair as alt
import ipywidgets as widgets
import nbformat
import pandas as pd
from IPython.display import HTML, display
from markupsafe import escape

from delivery_analytics import changes, jupyter, single, theme
from delivery_analytics.charts import control_chart, small_multiples, trajectory
from delivery_analytics.dataset import Dataset, open_dataset
from delivery_analytics.errors import DefinitionError
from delivery_analytics.figures import Figure
from delivery_analytics.methods import METHODS
from delivery_analytics.status import assess
from delivery_analytics.wording import open_wording

Shown = Callable[[], Any]
REGION = "region"  # of the linked chart: the name of its selection


class Explorer:
    """A view of the data that is chosen by hand and read by everything it shows.

    Parameters
    ----------
    data
        As loaded, with every revision; opened from ``data/processed`` unless given.
    language
        Of the names and charts.

    Attributes
    ----------
    sector, indicator, region, period, as_of, language
        The choosers; ``explorer.indicator.value = "water.drinking_water"`` chooses too.
    """

    def __init__(self, data: Dataset | None = None, *, language: str = "en") -> None:
        jupyter.enable()
        self.history = data or open_dataset()
        self.words = open_wording(language)
        self._shown: list[tuple[Any, Shown]] = []
        self._known: dict[str, Dataset] = {}
        self._linked: Any = None
        self._drawn: tuple[str, str] | None = None
        registry, words = self.history.registry, self.words
        days = sorted({f"{one:%Y-%m-%d}" for one in self._days()}, reverse=True)
        if not days:
            raise DefinitionError("Nothing was received yet, so there is nothing to explore")
        self.as_of = _chooser(words("As known on"), [(one, one) for one in days])
        self.sector = _chooser(
            words("Sector"),
            [(words.name(one.name), one.id) for one in registry.sectors.values()],
        )
        self.indicator = _chooser(words("Indicator"), self._indicators())
        self.indicator.value = self._first()
        self.region = _chooser(
            words("Region"),
            [(words.name(one.name), one.id) for one in registry.regions.values()],
        )
        self.period = _chooser(words("Period"), self._periods())
        self.region.value = registry.country_id
        self.sector.observe(self._sector_changed, "value")
        self.indicator.observe(self._indicator_changed, "value")
        self.region.observe(self._indicator_changed, "value")
        for one in (self.period, self.as_of):
            one.observe(self._refresh, "value")

    @property
    def controls(self) -> widgets.VBox:
        """The choosers."""
        return widgets.VBox(
            [
                widgets.HBox([self.sector, self.indicator]),
                widgets.HBox([self.region, self.period, self.as_of]),
            ]
        )

    @property
    def data(self) -> Dataset:
        """The tables as they were known on the chosen day."""
        day = self.as_of.value
        if day not in self._known:
            self._known[day] = self.history.known_on(day)
        return self._known[day]

    def chart(self) -> None:
        """Show the indicator on its way to the target, in the chosen region."""
        self._show(self.figure)

    def figure(self) -> Figure:
        """Return that chart, to be kept or put on a slide (`slide`)."""
        return trajectory(
            self.data, self.indicator.value, self.words, region_id=self.region.value
        )

    def control(self) -> None:
        """Show whether its last figure is a signal or noise."""
        self._show(
            lambda: control_chart(
                self.data, self.indicator.value, self.words, region_id=self.region.value
            )
        )

    def regions(self) -> None:
        """Show the indicator in every region."""
        self._show(lambda: small_multiples(self.data, self.indicator.value, self.words))

    def table(self) -> None:
        """Show the figures behind the chart, each with the cell it was sent in."""
        self._show(self.figures)

    def figures(self) -> pd.DataFrame:
        """Return the figures behind the chart."""
        rows = self.data.where(
            indicator_id=self.indicator.value, region_id=self.region.value
        ).observations
        shown = rows.assign(source=self.data.place(rows))
        return shown[["period", "value", "obs_status", "reported_on", "source"]]

    def source(self) -> None:
        """Show where the figure of the chosen period comes from, with its revisions."""
        self._show(
            lambda: self.history.learned_by(self.as_of.value).trace(
                self.indicator.value, self.region.value, self.period.value
            )
        )

    def changed(self) -> None:
        """Show what changed in the sector since the end of the month before."""
        self._show(self.changes)

    def changes(self) -> pd.DataFrame:
        """Return what changed in the sector since the end of the month before."""
        day = date.fromisoformat(self.as_of.value)
        data = self.history.learned_by(day).where(sector_id=self.sector.value)
        return changes.changes(data, since=day.replace(day=1) - timedelta(days=1))

    def methods(self) -> None:
        """Show how every method judges it."""
        self._show(self.judgements)

    def judgements(self) -> pd.DataFrame:
        """Return how every method judges it, one row a method."""
        one = self.data.where(indicator_id=self.indicator.value)
        rows = [assess(one, method=name) for name in METHODS]
        table = pd.concat(rows, ignore_index=True)
        table = table[table["region_id"] == self.region.value]
        columns = ["method", "period", "value", "expected_value", "score", "status", "reason"]
        shown: pd.DataFrame = table[columns].reset_index(drop=True)
        return shown

    def linked(self) -> Any:
        """Return a map of the regions to click on: the region that is chosen follows.

        Its selection can be read: ``explorer.linked().selections``.
        """
        alt.JupyterChart.enable_offline(offline=True)
        self._linked = alt.JupyterChart(self._bars(), embed_options={"actions": False})
        self._draw_linked()
        return self._linked

    def save_report(self, path: str | Path = "notebooks/81_my_view.ipynb") -> Path:
        """Save the view as a notebook with parameters, to be run by papermill or here.

        Raises
        ------
        DefinitionError
            When there is a file already.
        """
        path = Path(path)
        if path.exists():
            raise DefinitionError(f"{path} is there already. Name another file")
        told = {
            "indicator": (self.indicator.value, "sector.indicator"),
            "region": (self.region.value, "by its ISO 3166-2 code"),
            "as_of": (self.as_of.value, "know only what was reported by this day"),
            "language": (self.words.language, "en, ru or kk"),
            "data_dir": ("../data/processed", "where the tidy tables are"),
            "output_dir": ("", "where the report goes; empty writes nothing"),
        }
        lines = [f'{name}: str = "{one}"  # {meaning}' for name, (one, meaning) in told.items()]
        lines.append('formats: list = ["html", "pptx"]  # modules under writers')
        v4: Any = nbformat.v4
        code = v4.new_code_cell
        cells = [
            v4.new_markdown_cell("# Is this indicator on its way?"),
            code("\n".join(lines), metadata={"tags": ["parameters"]}),
            code(
                "import delivery_analytics as da\n\nwords = da.open_wording(language)\n"
                "data = da.open_dataset(data_dir).known_on(as_of)\n"
                "chart = da.charts.trajectory(data, indicator, words, region_id=region)\nchart"
            ),
            code(
                "report = da.Report(chart.title, data, words)\nreport.add(chart)\n"
                "if output_dir:\n    da.write(report, output_dir, formats=formats)"
            ),
        ]
        book = v4.new_notebook(cells=cells)
        book.metadata.kernelspec = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(v4.writes(book) + "\n", encoding="utf-8")
        return path

    def slide(self, path: str | Path = "slide.pptx") -> Path:
        """Save the chart as a slide that a presenter can edit."""
        return single.to_slide(self.figure(), path, language=self.words.language)

    def _days(self) -> pd.Series:
        days = self.history.sources["received_on"]
        return days[days.notna()]

    def _indicators(self) -> list[tuple[str, str]]:
        sector = self.history.registry.sector(self.sector.value)
        return [(self.words.name(one.name), one.id) for one in sector.indicators]

    def _first(self) -> str:
        """Return the sector's first indicator with a figure of the nation, if one has."""
        rows, nation = self.history.observations, self.history.registry.country_id
        rows = rows[rows["value"].notna() & (rows["region_id"] == nation)]
        seen = set(rows["indicator_id"])
        ids: list[str] = [one for _, one in self.indicator.options]
        return next((one for one in ids if one in seen), ids[0])

    def _periods(self) -> list[tuple[str, str]]:
        rows = self.history.observations
        of = rows["indicator_id"] == self.indicator.value
        found = rows[of & (rows["region_id"] == self.region.value)].sort_values("period_end")
        return [(one, one) for one in found["period"].drop_duplicates()[::-1]]

    def _sector_changed(self, _: Mapping[str, Any]) -> None:
        self.indicator.options = self._indicators()
        self.indicator.value = self._first()

    def _indicator_changed(self, _: Mapping[str, Any]) -> None:
        self.period.options = self._periods()
        self._refresh()

    def _refresh(self, _: Mapping[str, Any] | None = None) -> None:
        for handle, make in self._shown:
            handle.update(_made(make))
        if self._linked is not None and self._drawn != self._subject:
            self._linked.chart = self._bars()
            self._draw_linked()

    @property
    def _subject(self) -> tuple[str, str]:
        """What the linked chart is about; the region that is clicked in it is not."""
        return self.indicator.value, self.as_of.value

    def _draw_linked(self) -> None:
        self._drawn = self._subject
        # A chart that is put in place of another brings selections of its own.
        self._linked.selections.observe(self._clicked, [REGION])

    def _show(self, make: Shown) -> None:
        handle = display(_made(make), display_id=True)  # type: ignore[no-untyped-call]
        self._shown.append((handle, make))

    def _clicked(self, change: Any) -> None:
        picked = change.new.value
        if picked:
            self.region.value = picked[0]["region_id"]

    def _bars(self) -> Any:
        """Return the indicator's latest figure in every region, as bars to click on."""
        registry, words = self.data.registry, self.words
        rows = self.data.where(indicator_id=self.indicator.value).observations
        rows = rows[rows["value"].notna()].sort_values("period_end")
        rows = rows.drop_duplicates("region_id", keep="last")
        shown = rows[["region_id", "period", "value"]].assign(
            name=[words.name(registry.regions[one].name) for one in rows["region_id"]],
            period=rows["period"].astype(str),
        )
        picked = alt.selection_point(name=REGION, fields=["region_id"])
        records = [{str(k): v for k, v in row.items()} for row in shown.to_dict("records")]
        return (
            alt.Chart(alt.InlineData(values=records))
            .mark_bar(cursor="pointer")
            .encode(
                x=alt.X("value:Q", title=None),
                y=alt.Y("name:N", sort="-x", title=None),
                color=alt.condition(
                    picked, alt.value(theme.DARK_BLUE), alt.value(theme.RULE_GREY)
                ),
                tooltip=["name:N", "period:N", "value:Q"],
            )
            .add_params(picked)
            .properties(width=420, height=alt.Step(18))
        )


def _chooser(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options,
        description=label,
        layout=widgets.Layout(width="360px"),
        style={"description_width": "90px"},
    )


def _made(make: Shown) -> Any:
    """Return what `make` makes, or the sentence that says why it cannot."""
    try:
        return make()
    except DefinitionError as error:
        said = f"<em>{escape(str(error))}</em>"
        return HTML(said)  # type: ignore[no-untyped-call]
