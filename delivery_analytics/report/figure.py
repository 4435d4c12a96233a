"""What a reader sees, before anything is drawn: columns, series, and a chart with its words."""

import operator
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap
from typing import Any, Literal

import altair as alt
import pandas as pd

from delivery_analytics.report import jupyter

# Letters that a line above a chart of usual width holds, wide ones too.
_TITLE, _SUBTITLE = 70, 90
COMPARED = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
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
    spanner
        What stands over this heading and over those beside it that say the same.
    bar
        With a bar beside the number, as long as its share of the column's largest; of 100,
        of per cent.
    marks
        What stands out: comparison, value and the status it is marked as, such as
        ``("<", 70, "off_track")``. The first that holds counts.
    language
        ``sent`` where the text is as somebody sent it, ``en`` where it is English in every
        report; empty in the report's own.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    decimals: int | None = 1
    unit: str = ""
    spanner: str = ""
    bar: bool = False
    marks: tuple[tuple[str, Any, str], ...] = ()
    language: str = ""

    def status_of(self, value: Any) -> str:
        """Return the status that a value which is there is, or is marked as, if any."""
        if self.kind == "status":
            return str(value)
        for comparison, against, status in self.marks:
            alike = isinstance(value, str) == isinstance(against, str)
            if alike and COMPARED[comparison](value, against):
                return status
        return ""


@dataclass(frozen=True)
class Series:
    """One series of a chart; a gap is ``None``.

    `role` says how it is drawn, in `colour` (``#RRGGBB``) where there is one.
    """

    name: str
    values: list[float | None]
    role: str = "observed"
    colour: str = ""


NativeKind = Literal[
    "line", "bar", "column", "area", "points", "stacked_bar", "stacked_column", "stacked_area"
]


@dataclass(frozen=True)
class NativeChart:
    """The chart as an office program draws it: categories across, one or more series.

    The categories of ``points`` are numbers, each the place of a value on the other axis.
    """

    kind: NativeKind
    categories: list[str]
    series: list[Series]
    axis_title: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class Figure:
    """A chart with all that must stand beside it.

    Of an Altair chart of your own the title, the unit, the day and the source are given; the
    rest is taken from the chart when it is added to a report or written.

    Attributes
    ----------
    title
        The finding, as a sentence. By default the chart's own title, or what its axes say.
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
    unit, as_of, source
        Of an own chart: what is measured in what; a day; files or whoever published it.
    own
        Whether it was made from an analyst's chart, whose marks nobody labelled with figures:
        on paper too its table stands under it.
    name, about
        Of a chart of ours: what it is declared as, and the indicator it was asked of.
    is_empty
        Whether there is nothing to draw: added to a report it is a sentence.
    """

    chart: alt.TopLevelMixin
    title: str = ""
    subtitle: str = ""
    footnote: str = ""
    alt: str = ""
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: tuple[Column, ...] = ()
    native: NativeChart | None = None
    notes: tuple[str, ...] = ()
    unit: str = ""
    as_of: date | str | None = None
    source: str = ""
    own: bool = False
    name: str = ""
    about: str = ""
    is_empty: bool = False

    @property
    def spec(self) -> dict[str, Any]:
        """The chart's Vega-Lite description; a copy, whose top level may be changed."""
        # Altair has checked every part as it was made; once more costs more than drawing it.
        kept = vars(self)
        if "_spec" not in kept:
            kept["_spec"] = self.chart.to_dict(validate=False)
        return dict(kept["_spec"])

    @property
    def headed(self) -> dict[str, Any]:
        """The description with the title over the chart, and the measure under that."""
        title = {"text": wrap(self.title, _TITLE) or [""], "anchor": "start"}
        return {**self.spec, "title": {**title, "subtitle": wrap(self.subtitle, _SUBTITLE)}}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the chart for a notebook, in a form that names no host and fetches nothing.

        JupyterLab brings the library that draws Vega-Lite 5, and draws ours with it.
        """
        shown = jupyter.render(self.headed, still=False)
        return {**shown, "text/plain": f"{self.title}\n{self.alt}"}
