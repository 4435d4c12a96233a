"""What a reader sees, before anything is drawn: columns, series, and a chart with its words."""

from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, Literal

import altair as alt
import pandas as pd

from delivery_analytics.report import jupyter

# Letters that a line above a chart of usual width holds, wide ones too.
_TITLE, _SUBTITLE = 70, 90
ColumnKind = Literal["text", "number", "percent", "money", "date", "period", "status", "source"]


@dataclass(frozen=True)
class Column:
    """How one column of a shown table is headed and written.

    Attributes
    ----------
    key
        The DataFrame's column.
    kind
        ``percent`` values are 0–100, ``money`` is in whole currency units, ``status`` a
        code of `schema.STATUSES`, ``source`` a place such as ``a.xlsx, Sheet!F14``.
    decimals
        ``None`` where rows are in different units: as many as the figure has, at most three.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    decimals: int | None = 1
    unit: str = ""


@dataclass(frozen=True)
class Series:
    """One series of a chart; `role` says how it is drawn, a gap is ``None``."""

    name: str
    values: list[float | None]
    role: str = "observed"


@dataclass(frozen=True)
class NativeChart:
    """The chart as an office program draws it: categories across, one or more series."""

    kind: Literal["line", "bar", "column", "stacked_bar", "stacked_column"]
    categories: list[str]
    series: list[Series]
    axis_title: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class Figure:
    """A chart with all that must stand beside it.

    Attributes
    ----------
    title
        The finding, as a sentence.
    subtitle
        Measure, unit and period.
    footnote
        Source and as-of day.
    alt
        What a reader who cannot see it is told.
    table, columns
        The very figures that are drawn, one row a mark, and how to show them.
    native
        The same chart for PowerPoint and Excel; ``None`` where they have no such kind.
    """

    chart: alt.TopLevelMixin
    title: str
    subtitle: str
    footnote: str
    alt: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    native: NativeChart | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def spec(self) -> dict[str, Any]:
        """The chart's Vega-Lite description; a copy, whose top level may be changed."""
        # Altair has checked every part as it was made; once more costs more than drawing it.
        kept = vars(self)
        if "_spec" not in kept:
            kept["_spec"] = self.chart.to_dict(validate=False)
        return dict(kept["_spec"])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the chart for a notebook, in a form that names no host and fetches nothing.

        JupyterLab brings the library that draws Vega-Lite 5, and draws ours with it.
        """
        title = {
            "text": wrap(self.title, _TITLE) or [""],
            "subtitle": wrap(self.subtitle, _SUBTITLE),
            "anchor": "start",
        }
        shown = jupyter.render({**self.spec, "title": title}, still=False)
        return {**shown, "text/plain": f"{self.title}\n{self.alt}"}
