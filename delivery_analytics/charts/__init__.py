"""One function a chart: data and words in, a `Figure` with all that stands beside it out."""

from delivery_analytics.charts import common

# The table of charts: for each file that is called as its chart, its line here.
from delivery_analytics.charts.control_chart import control_chart as control_chart
from delivery_analytics.charts.deviations import deviations as deviations
from delivery_analytics.charts.hundred_days import hundred_days as hundred_days
from delivery_analytics.charts.instructions_ageing import (
    instructions_ageing as instructions_ageing,
)
from delivery_analytics.charts.milestone_slips import milestone_slips as milestone_slips
from delivery_analytics.charts.milestones_timeline import (
    milestones_timeline as milestones_timeline,
)
from delivery_analytics.charts.regions_bar import regions_bar as regions_bar
from delivery_analytics.charts.returns_received import returns_received as returns_received
from delivery_analytics.charts.small_multiples import has_lines as has_lines
from delivery_analytics.charts.small_multiples import small_multiples as small_multiples
from delivery_analytics.charts.spending_bars import spending_bars as spending_bars
from delivery_analytics.charts.spending_line import spending_line as spending_line
from delivery_analytics.charts.spending_waterfall import (
    spending_waterfall as spending_waterfall,
)
from delivery_analytics.charts.status_cells import status_cells as status_cells
from delivery_analytics.charts.status_grid import status_grid as status_grid
from delivery_analytics.charts.status_months import status_months as status_months
from delivery_analytics.charts.tile_map import tile_map as tile_map
from delivery_analytics.charts.trajectory import trajectory as trajectory
from delivery_analytics.charts.way_to_target import way_to_target as way_to_target
from delivery_analytics.report import theme

CHARTS = dict(sorted(common.registered.items()))
__all__ = list(CHARTS)

theme.enable()


def __dir__() -> list[str]:
    return __all__
