"""How charts are drawn: data, rows with their labels, legends, statuses, amounts of money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import altair as alt
import pandas as pd

from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry, Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import NativeChart
from delivery_analytics.wording.codes import TOOLTIPS
from delivery_analytics.wording.numbers import money_power
from delivery_analytics.wording.wording import Wording

LINE = 15  # px, the height of a line of text
BARE: dict[str, Any] = {"title": None, "domain": False, "ticks": False}  # of an axis
_LONGEST_UNIT = 8  # letters beside a figure
_LEGEND_WIDTH = 480  # px, beside the rows' labels; past it, a second line
# A place in px; Altair has no types for these. `alt.value` tries every class there is.
at_x, at_y = cast("tuple[Any, Any]", (alt.XValue, alt.YValue))


class _Records(alt.InlineData):
    """Values that nobody changes, so that a chart of many layers need not copy them."""

    def __deepcopy__(self, _: object = None) -> _Records:
        return self


def records(table: pd.DataFrame) -> alt.InlineData:
    """Return `table` as inline values: days as local midnight text, missing as null."""
    shown = table.copy()
    for column in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[column]):
            days = shown[column].dt.strftime("%Y-%m-%dT00:00:00")
            shown[column] = days.astype(object)
    rows = shown.astype(object).where(shown.notna(), None).to_dict("records")
    return _Records(values=[{str(key): value for key, value in row.items()} for row in rows])


def number_axis(title: str | None, decimals: int, **style: Any) -> alt.Axis:
    """Return an axis of numbers, whose ticks have as many decimals as tell them apart.

    Parameters
    ----------
    decimals
        Of the figures: where these are whole, so are the ticks.
    """
    if decimals <= 0:
        style["tickMinStep"] = 1
    return alt.Axis(title=title, format=",.9~f", **style)


def short_value(value: float, unit: Unit, words: Wording) -> str:
    """Return a figure as a label: without its unit where that is long, as an axis names it."""
    written, number = words.value(value, unit), words.number(value, unit.decimals)
    return written if len(written) <= len(number) + _LONGEST_UNIT else number


def tooltip(chart: str, words: Wording) -> list[alt.Tooltip]:
    """Return what a pointer over a mark reads, as ``wording/tooltips.toml`` declares it."""
    read = []
    for key, declared in TOOLTIPS[chart].items():
        heading, *count = [declared] if isinstance(declared, str) else declared
        how: dict[str, Any] = {"format": "d"} if count else {}
        read.append(alt.Tooltip(f"{key}:{'Q' if count else 'N'}", title=words(heading), **how))
    return read


def status_looks(words: Wording, statuses: Iterable[str]) -> dict[str, list[str]]:
    """Return columns for marks with a status: its colour, what is legible on it, its word."""
    codes = list(statuses)
    return {
        "colour": [theme.STATUS_STYLE[code].colour for code in codes],
        "ink": [theme.STATUS_STYLE[code].text_colour for code in codes],
        "said": [words.status(code) for code in codes],
    }


def shade(steps: Sequence[str], step: int, known: bool, white_from: int) -> tuple[str, str]:
    """Return a cell's shade, that of its step, and what is legible on it."""
    if not known:
        return theme.PAPER, theme.INK
    return steps[step], theme.PAPER if step >= white_from else theme.INK


def layered(layers: Iterable[alt.Chart], *, height: int, width: Any = theme.WIDTH) -> Any:
    """Return the layers as one chart, by default as wide as the page's text column.

    Axes and labels are within that width; a `width` by steps grows with its columns.
    """
    fit = {"autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
    fixed = fit if width == theme.WIDTH else {}
    return alt.layer(*layers, width=width, height=height, **fixed)


def in_rows(
    layers: Iterable[alt.Chart],
    labels: Sequence[str],
    *,
    least: int = 26,
    width: Any = theme.WIDTH,
) -> Any:
    """Return the layers of `rows_channel` as one chart, the rows' labels at their left."""
    height = row_height(labels, least=least) * len(labels)
    return layered([*layers, *row_names(labels)], height=height, width=width)


def row_height(labels: Sequence[str], *, least: int = 26) -> int:
    """Return the height of one row in px, enough for its label's lines."""
    return max([least, *(8 + LINE * (label.count("\n") + 1) for label in labels)])


def rows_channel(labels: Sequence[str]) -> alt.Y:
    """Return the channel of one row a label, in the order given, first on top.

    `row_names` writes the labels: an axis cannot centre one of two lines at its row.
    """
    axis = alt.Axis(labels=False, **BARE)
    return alt.Y("row:N", sort=list(labels), scale=alt.Scale(domain=list(labels)), axis=axis)


def centred(
    rows: pd.DataFrame, key: str, *, x: Any, y: alt.Y, align: Any, **look: Any
) -> list[alt.Chart]:
    """Return the layers that write a text into each row, its lines centred on the row.

    One layer for each count of lines: a mark cannot shift its texts by their own lines.
    """
    layers = []
    counts = rows[key].str.count("\n")
    for lines in sorted(counts.unique()):
        text = alt.Chart(records(rows[counts == lines])).mark_text(
            align=align, baseline="middle", lineHeight=LINE, dy=-int(lines) * LINE / 2, **look
        )
        layers.append(text.encode(x=x, y=y, text=f"{key}:N"))
    return layers


def row_names(labels: Sequence[str]) -> list[alt.Chart]:
    """Return the layers that write the rows' labels at the left."""
    rows = pd.DataFrame({"row": labels})
    return centred(rows, "row", x=at_x(-8), y=rows_channel(labels), align="right")


def edge_labels(base: alt.Chart, text: str) -> Any:
    """Return the layer that writes values beside the plot, where no bar or line can be."""
    marks = base.mark_text(align="left", baseline="middle", dx=8)
    return marks.encode(x=at_x("width"), text=text)


def cut_marks(bars: pd.DataFrame, x: alt.X, y: alt.Y) -> Any:
    """Return the layer that marks bars which are longer than they are drawn.

    `bars` has their rows and, in the field of `x`, where each is cut.
    """
    look: dict[str, Any] = {"fill": theme.PAPER, "fontSize": 22, "fontWeight": "bold"}
    return alt.Chart(records(bars)).mark_text(text="//", **look).encode(x=x, y=y)


def end_labels(bars: pd.DataFrame, *, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the layers that write each bar's label at its end."""
    return centred(bars, "label", x=x, y=y, align="left", dx=8)


def zero_line() -> alt.Chart:
    """Return the line that bars stand on."""
    line = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    rule: alt.Chart = line.mark_rule(stroke=theme.MID_GREY).encode(x="zero:Q")
    return rule


def status_legend(
    words: Wording, statuses: Iterable[str], row: str, column: Any = 0
) -> alt.Chart:
    """Return a layer that draws nothing but the legend: colour, shape and word.

    `row` and `column` are on the axes of the layers it joins. Marks that fill whole
    segments cannot show a shape in their own legend.
    """
    order = sorted(set(statuses), key=lambda status: theme.STATUS_STYLE[status].order)
    styles = [theme.STATUS_STYLE[status] for status in order]
    looks = [
        (words.status(status), style.colour, style.shape)
        for status, style in zip(order, styles, strict=True)
    ]
    return legend_layer(looks, row, column)


def legend_layer(looks: Sequence[tuple[str, str, str]], row: str, column: Any = 0) -> alt.Chart:
    """Return a layer of marks without size, whose legend names label, colour and shape."""
    domain = [label for label, _, _ in looks]
    wide = sum(8 * len(label) + 40 for label in domain) > _LEGEND_WIDTH
    legend = alt.Legend(title=None, symbolStrokeWidth=0, columns=3 if wide else 0)
    layer: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"legend": label} for label in domain]))
        .mark_point(size=0, filled=True, opacity=1)
        .encode(
            x=alt.X(datum=column), y=alt.Y(datum=row), **look_channels("legend", looks, legend)
        )
    )
    return layer


def look_channels(
    field: str, looks: Iterable[tuple[str, str, str]], legend: alt.Legend
) -> dict[str, Any]:
    """Return the channels of marks whose `field` says which label, colour and shape they have.

    A label that comes twice is in the legend once.
    """
    labels, colours, shapes = zip(*{look[0]: look for look in looks}.values(), strict=True)
    colour = alt.Scale(domain=list(labels), range=list(colours))
    shape = alt.Scale(domain=list(labels), range=list(shapes))
    return {
        "fill": alt.Fill(f"{field}:N", scale=colour, legend=legend),
        "shape": alt.Shape(f"{field}:N", scale=shape, legend=legend),
    }


@dataclass(frozen=True)
class Money:
    """One currency, its name, and the power of ten that its amounts are drawn in."""

    unit: str
    currency: str
    power: int
    words: Wording

    @classmethod
    def of(cls, registry: Registry, unit: str, words: Wording, amounts: Iterable[Any]) -> Money:
        """Return the currency `unit`, by its code where nobody agreed on a unit for it."""
        agreed = registry.units.get(unit.lower())
        currency = words.name(agreed.name) if agreed else unit
        return cls(unit, currency, power_of(amounts), words)

    @property
    def axis(self) -> str:
        return scaled_unit(self.words, self.currency, self.power)

    def under(self, subtitle: str) -> str:
        """Return a subtitle that ends with the currency, if there is any."""
        return self.words(subtitle, unit=self.currency).removesuffix(", ")

    @property
    def decimals(self) -> int:
        return 2 if self.power else 0

    def scaled(self, amounts: Any) -> Any:
        return amounts / 10**self.power

    def native(
        self,
        kind: Literal["line", "bar"],
        categories: Iterable[object],
        series: Iterable[tuple[str, Any, str]],
    ) -> NativeChart:
        """Return `native` of amounts, each series' name, amounts and role."""
        scaled = [(name, self.scaled(amounts), role) for name, amounts, role in series]
        return common.native(kind, categories, scaled, axis=self.axis, decimals=self.decimals)

    def written(self, amounts: Iterable[Any]) -> list[str]:
        """Return amounts as text, all in the same power of ten."""
        style: dict[str, Any] = {"power": self.power, "decimals": self.decimals, "short": True}
        return [self.words.money(amount, self.unit, **style) for amount in amounts]


def power_of(values: Iterable[Any]) -> int:
    """Return the power of ten that amounts of money are drawn in: 12, 9, 6 or 0."""
    return max([0, *(money_power(value) for value in values if not pd.isna(value))])


def scaled_unit(words: Wording, unit: str, power: int) -> str:
    """Return a unit as an axis names it, in thousands of millions where it counts so."""
    if power == 12:
        return words("{unit}, trillion", unit=unit)
    if power == 9:
        return words("{unit}, billion", unit=unit)
    if power == 6:
        return words("{unit}, million", unit=unit)
    return unit


def spending_note(words: Wording, data: Dataset, extra: list[str]) -> str:
    """Return the footnote of a chart of money: its files, its day, and `extra`."""
    return common.placed_note(words, data, data.place(data.spending), extra)


def no_spending(data: Dataset, words: Wording) -> str:
    """Return the title of a chart of money where the country has none: who reports, if any."""
    regions = data.spending.loc[data.spending["actual"].notna(), "region_id"].nunique()
    if not regions:
        return words("No spending reported")
    return words.plural(
        "Spending is reported for {n} region, not for the country",
        "Spending is reported for {n} regions, not for the country",
        regions,
    )


def other_units(table: pd.DataFrame, unit: str, words: Wording) -> list[str]:
    """Return a sentence that names the currencies that are not drawn, if there are any."""
    others = sorted(set(table["unit"]) - {unit})
    return [words("Not shown: amounts in {units}", units=words.join(others))] if others else []
