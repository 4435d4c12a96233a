"""What is chosen, as one thing: the data behind it, and the charts and tables made of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from delivery_analytics import blocks, charts
from delivery_analytics.charts.explorer import heat, scatter
from delivery_analytics.lab.html_table import ShownTables
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording


@dataclass(frozen=True)
class View:
    """A sector, one of its indicators, a region, a period and a day, by id.

    Attributes
    ----------
    history
        The data with every revision.
    data
        The tables as they were known on the day.
    first, last
        The periods from which and to which figures are shown; every one unless chosen.
    other
        The indicator to compare with.
    """

    history: Dataset
    data: Dataset
    words: Wording
    sector: str
    indicator: str
    region: str
    period: str
    as_of: str
    first: str = ""
    last: str = ""
    other: str = ""

    @property
    def subject(self) -> dict[str, Any]:
        """The indicator and the region, as charts and blocks take them."""
        return {"indicator_id": self.indicator, "region_id": self.region}

    @property
    def since(self) -> str:
        """The last day of the month before the chosen one."""
        day = date.fromisoformat(self.as_of)
        return (day.replace(day=1) - timedelta(days=1)).isoformat()

    @property
    def learned(self) -> Dataset:
        """Every revision that had arrived by the day."""
        return self.history.learned_by(self.as_of)

    @property
    def of_sector(self) -> Dataset:
        """Those of the sector."""
        return self.learned.where(sector_id=self.sector)

    @cached_property
    def within(self) -> Dataset:
        """The tables of the day, figures of the chosen periods alone."""
        if not (self.first or self.last):
            return self.data
        return self.data.where(period=(self.first or "0001", self.last or "9999"))

    @cached_property
    def figure(self) -> Figure:
        """The indicator on its way to the target; the table below it shows the same one."""
        return charts.trajectory(self.within, words=self.words, **self.subject)


def trajectory_chart(view: View) -> Figure:
    """Return the indicator on its way to the target, in the region."""
    return view.figure


def noise_chart(view: View) -> Figure:
    """Return whether the last figure is a signal or noise."""
    return charts.control_chart(view.within, words=view.words, **view.subject)


def regions_chart(view: View) -> Figure:
    """Return every region: as lines where there are enough periods."""
    is_long = charts.has_lines(view.within, view.indicator)
    draw = charts.small_multiples if is_long else charts.regions_bar
    return draw(view.within, view.indicator, view.words)


def heat_chart(view: View) -> Any:
    """Return every region in every period."""
    return heat(view.within, view.indicator, view.words)


def scatter_chart(view: View) -> Any:
    """Return the indicator against the other one."""
    pair = (view.indicator, view.other)
    return scatter(view.within, *pair, view.words, region_id=view.region)


def figures_table(view: View) -> ShownTables:
    """Return the figures behind the chart, each with the cell it was sent in."""
    figure, title = view.figure, view.words("Figures of this chart")
    table = Table(figure.table, title, figure.columns, figure.footnote)
    return ShownTables((table,), view.words)


def source_table(view: View) -> ShownTables:
    """Return where the figure of the period comes from, with its revisions."""
    traced = blocks.traced(view.learned, view.words, period=view.period, **view.subject)
    sent = view.learned.trace(period=view.period, **view.subject)["path"]
    return ShownTables((traced,), view.words, files=tuple(sent.dropna().unique()))


def changes_tables(view: View) -> ShownTables:
    """Return what turned and what was revised in the sector since the month before."""
    how = {"since": view.since, "region_id": view.region}
    both = (blocks.turned, blocks.revised)
    tables = tuple(table_of(view.of_sector, view.words, **how) for table_of in both)
    return ShownTables(tables, view.words)


def methods_table(view: View) -> ShownTables:
    """Return how every method assesses the indicator, and why."""
    table = blocks.one_by_method(view.data, view.words, **view.subject)
    return ShownTables((table,), view.words)
