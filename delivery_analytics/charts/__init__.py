"""One function a chart: tables and words in, a `Figure` with all that stands beside it out."""

from __future__ import annotations

from delivery_analytics import theme
from delivery_analytics.charts.gaps import deviations
from delivery_analytics.charts.hundred import hundred_days
from delivery_analytics.charts.lines import trajectory
from delivery_analytics.charts.money import spending_bars
from delivery_analytics.charts.monthly import spending_line
from delivery_analytics.charts.places import regions_bar
from delivery_analytics.charts.returns import returns_received
from delivery_analytics.charts.standing import status_cells, status_grid
from delivery_analytics.charts.timeline import milestones_timeline

__all__ = [
    "deviations",
    "hundred_days",
    "milestones_timeline",
    "regions_bar",
    "returns_received",
    "spending_bars",
    "spending_line",
    "status_cells",
    "status_grid",
    "trajectory",
]

theme.register()
