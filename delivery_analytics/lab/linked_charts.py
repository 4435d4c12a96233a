"""Two charts to click on: what is clicked is chosen."""

from typing import Any

import altair as alt

from delivery_analytics.charts.explorer import PERIOD, REGION, linked
from delivery_analytics.lab.choosers import Chooser
from delivery_analytics.lab.view import View


class LinkedCharts:
    """The regions over time and in one period, drawn anew when something else is chosen.

    Attributes
    ----------
    chart
        What a cell shows; what is clicked can be read as ``chart.selections``.
    """

    def __init__(self, chooser: Chooser) -> None:
        alt.JupyterChart.enable_offline(offline=True)
        self.chart: Any = alt.JupyterChart(alt.Chart().mark_point())
        self._chooser = chooser
        self._draw(chooser.view)

    def follow(self, view: View) -> None:
        """Draw again if what is drawn is not what is chosen."""
        if self._drawn != _state(view):
            self._draw(view)

    def _draw(self, view: View) -> None:
        self._drawn, self._settled = _state(view), False
        self.chart.chart = linked(
            view.within, view.indicator, view.words, region_id=view.region, period=view.period
        )
        # A chart that is put in place of another brings selections of its own.
        self.chart.selections.observe(self._clicked, [REGION, PERIOD])

    def _clicked(self, _: Any) -> None:
        """Choose what was clicked on, once the chart has told that it shows what is chosen.

        A chart that is being replaced may still tell of what was chosen before.
        """
        view, selections = self._chooser.view, self.chart.selections
        region = _picked(selections.region, "region_id") or view.region
        period = _picked(selections.period, "period") or view.period
        if not self._settled:
            self._settled = (region, period) == self._drawn[:2]
            return
        self._drawn = (region, period, *self._drawn[2:])
        self._chooser.pick(region, period)


def _state(view: View) -> tuple[str, ...]:
    return view.region, view.period, view.indicator, view.as_of, view.first, view.last


def _picked(selection: Any, field: str) -> str:
    return str(selection.value[0].get(field, "")) if selection.value else ""
