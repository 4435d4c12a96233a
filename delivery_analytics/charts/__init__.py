"""One function a chart: tables and words in, a `Figure` with all that stands beside it out."""

from __future__ import annotations

from delivery_analytics.charts.ageing import instructions_ageing
from delivery_analytics.charts.bullets import way_to_target
from delivery_analytics.charts.control import control_chart
from delivery_analytics.charts.gaps import deviations
from delivery_analytics.charts.hundred import hundred_days
from delivery_analytics.charts.lines import trajectory
from delivery_analytics.charts.money import spending_bars
from delivery_analytics.charts.monthly import spending_line
from delivery_analytics.charts.months import status_months
from delivery_analytics.charts.multiples import has_lines, small_multiples
from delivery_analytics.charts.places import regions_bar
from delivery_analytics.charts.returns import returns_received
from delivery_analytics.charts.slips import milestone_slips
from delivery_analytics.charts.standing import status_cells, status_grid
from delivery_analytics.charts.tiles import tile_map
from delivery_analytics.charts.timeline import milestones_timeline
from delivery_analytics.charts.waterfall import spending_waterfall
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
