"""One function a chart: tables and words in, a `Figure` with all that stands beside it out."""

from __future__ import annotations

from delivery_analytics.charts.control_chart import control_chart
from delivery_analytics.charts.deviations import deviations
from delivery_analytics.charts.hundred_days import hundred_days
from delivery_analytics.charts.instructions_ageing import instructions_ageing
from delivery_analytics.charts.milestone_slips import milestone_slips
from delivery_analytics.charts.milestones_timeline import milestones_timeline
from delivery_analytics.charts.regions_bar import regions_bar
from delivery_analytics.charts.returns_received import returns_received
from delivery_analytics.charts.small_multiples import has_lines, small_multiples
from delivery_analytics.charts.spending_bars import spending_bars
from delivery_analytics.charts.spending_line import spending_line
from delivery_analytics.charts.spending_waterfall import spending_waterfall
from delivery_analytics.charts.status_grid import status_cells, status_grid
from delivery_analytics.charts.status_months import status_months
from delivery_analytics.charts.tile_map import tile_map
from delivery_analytics.charts.trajectory import trajectory
from delivery_analytics.charts.way_to_target import way_to_target
from delivery_analytics.report import theme

__all__ = [
    "control_chart",
    "deviations",
    "has_lines",
    "hundred_days",
    "instructions_ageing",
    "milestone_slips",
    "milestones_timeline",
    "regions_bar",
    "returns_received",
    "small_multiples",
    "spending_bars",
    "spending_line",
    "spending_waterfall",
    "status_cells",
    "status_grid",
    "status_months",
    "tile_map",
    "trajectory",
    "way_to_target",
]

theme.register()


def __dir__() -> list[str]:
    return __all__
