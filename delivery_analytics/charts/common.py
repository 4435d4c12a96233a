"""What every chart needs: clean text, wrapped labels, footnotes, and the empty answer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry, Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.numbers import is_currency, money_power
from delivery_analytics.wording.wording import Wording

LABEL_WIDTH = 34  # characters of a row's label before it wraps
_LEGEND_WIDTH = 480  # px, beside the rows' labels; past it, a second line
LINE = 15  # px, the height of a line of text
FILES_NAMED = 3  # in a footnote; the table names the place of every figure

_BLANK = re.compile("[ \t\n\r]+")  # and not the no-break space within a number
_INVISIBLE = "\u200b"


def clean(text: object) -> str:
    """Return `text` on one line, each character that must not be shown as U+FFFD."""
    return printable(_BLANK.sub(" ", str(text)).strip())


def wrapped(
    text: object, *, width: int = LABEL_WIDTH, lines: int = 2, hyphens: bool = False
) -> str:
    """Return `text` broken into at most `lines` lines of `width`; an ellipsis ends a cut.

    With `hyphens` a line may end after one.
    """
    return "\n".join(
        textwrap.wrap(
            clean(text),
            width=width,
            max_lines=lines,
            placeholder=" …",
            break_on_hyphens=hyphens,
        )
    )


def row_labels(
    texts: Iterable[object], *, width: int = LABEL_WIDTH, lines: int = 2
) -> list[str]:
    """Return wrapped labels that differ, so that two rows of one name stay two rows."""
    seen: dict[str, int] = {}
    labels = []
    for text in texts:
        label = wrapped(text, width=width, lines=lines) or "–"
        seen[label] = seen.get(label, 0) + 1
        labels.append(label + _INVISIBLE * (seen[label] - 1))
    return labels


def row_height(labels: Sequence[str], *, least: int = 26) -> int:
    """Return the height of one row in px, enough for its label's lines."""
    return max([least, *(8 + LINE * (label.count("\n") + 1) for label in labels)])


def finite(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return `table` with what is not a finite number missing.

    Vega draws infinity as zero or drops the whole axis, without an error.
    """
    values = {
        column: pd.to_numeric(table[column], errors="coerce").replace([np.inf, -np.inf], np.nan)
        for column in columns
    }
    return table.assign(**values)


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


def optional(values: Iterable[Any]) -> list[float | None]:
    """Return numbers with every missing one as ``None``, as a native series holds them."""
    return [None if pd.isna(value) else float(value) for value in values]


def tick_format(decimals: int) -> str:
    """Return the d3 format of an axis: grouped, at most `decimals`, no trailing zeros."""
    return f",.{max(decimals, 0)}~f"


def inside(text: str) -> str:
    """Return `text`, which may open a sentence, as it stands inside one."""
    return text[:1].lower() + text[1:]


def sentences(*texts: str) -> str:
    """Return texts as sentences: each ends with one full stop."""
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts if text)


def number_column(key: str, label: str, unit: Unit, words: Wording) -> Column:
    """Return the column of an indicator's values, in its unit."""
    if is_currency(unit):
        return Column(key, label, "money", unit=unit.id.upper())
    if words.is_percent(unit):
        return Column(key, label, "percent", decimals=unit.decimals)
    return Column(key, label, "number", decimals=unit.decimals, unit=words.name(unit.name))


def source_note(
    words: Wording, *, files: Iterable[str], as_of: date | None, extra: Sequence[str] = ()
) -> str:
    """Return a footnote: the files behind the figures, the day, and what else counts.

    Files past the third are counted only; the figures' table has each one's place.
    """
    names = sorted({clean(name).rsplit("/", 1)[-1] for name in files if name})
    parts = []
    if len(names) > FILES_NAMED:
        shown = ", ".join(names[:FILES_NAMED])
        more = len(names) - FILES_NAMED
        parts.append(words("Source: {files} and {n} more", files=shown, n=more))
    elif names:
        parts.append(words("Source: {files}", files=", ".join(names)))
    if as_of is not None:
        parts.append(words("As of {date}", date=words.date(as_of)))
    return " · ".join([*parts, *extra])


def files_of(places: Iterable[str]) -> list[str]:
    """Return the file of each place such as ``healthcare.xlsx, Sheet!F14``."""
    return [place.rsplit(", ", 1)[0] for place in places if place]


def build(
    chart: Any,
    *,
    words: Wording,
    title: str,
    subtitle: str,
    footnote: str,
    alt_text: str,
    table: pd.DataFrame,
    columns: tuple[Column, ...],
    native: NativeChart | None = None,
    notes: tuple[str, ...] = (),
) -> Figure:
    """Return the figure: the chart with its reader's locale, and all that stands beside it."""
    locale = words.vega_locale()
    options = {
        "formatLocale": locale["number"],
        "timeFormatLocale": locale["time"],
        "actions": False,
    }
    return Figure(
        chart=chart.properties(description=clean(alt_text), usermeta={"embedOptions": options}),
        title=clean(title),
        subtitle=clean(subtitle),
        footnote=clean(footnote),
        alt=clean(alt_text),
        table=table.reset_index(drop=True),
        columns=columns,
        native=native,
        notes=notes,
    )


def nothing(
    words: Wording,
    *,
    title: str,
    subtitle: str = "",
    footnote: str = "",
    columns: tuple[Column, ...] = (),
    said: str = "",
    table: pd.DataFrame | None = None,
) -> Figure:
    """Return the figure of a question with nothing to draw: it says so in place of marks.

    Its table has no rows, unless one is given.
    """
    said = said or words("No data")
    chart = (
        alt.Chart(alt.InlineData(values=[{"said": said}]))
        .mark_text(fontSize=16, fill=theme.DARK_GREY)
        .encode(text=alt.Text("said:N"))
        .properties(width=theme.WIDTH - 20, height=80)
    )
    return build(
        chart,
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=footnote,
        alt_text=sentences(title, said if said != title else ""),
        table=(pd.DataFrame() if table is None else table).reindex(
            columns=[column.key for column in columns]
        ),
        columns=columns,
    )


def layered(layers: Iterable[alt.Chart], *, height: int, width: Any = theme.WIDTH) -> Any:
    """Return the layers as one chart, by default as wide as the page's text column.

    Axes and labels are within that width; a `width` by steps grows with its columns.
    """
    fit = {"autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
    fixed = fit if width == theme.WIDTH else {}
    return alt.layer(*layers, width=width, height=height, **fixed)


def status_label(words: Wording, status: str) -> str:
    """Return a status as a legend writes it: its letter, then its word."""
    return f"{words.status_letter(status)} – {words.status(status)}"


def marked(words: Wording, status: str) -> str:
    """Return a status' shape and letter, as they stand in a cell."""
    return f"{theme.STATUS_STYLE[status].glyph} {words.status_letter(status)}"


def status_legend(words: Wording, statuses: Iterable[str], *, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return a layer that draws nothing but the legend: colour, shape, letter and word.

    `x` and `y` are channels of the layers it joins. Marks that fill whole segments cannot
    show a shape in their own legend.
    """
    order = sorted(statuses, key=lambda status: theme.STATUS_STYLE[status].order)
    looks = [
        (status_label(words, s), theme.STATUS_STYLE[s].colour, theme.STATUS_STYLE[s].shape)
        for s in order
    ]
    return legend_layer(looks, x=x, y=y)


def legend_layer(looks: Sequence[tuple[str, str, str]], *, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return a layer of marks without size, whose legend names label, colour and shape."""
    domain = [label for label, _, _ in looks]
    wide = sum(8 * len(label) + 40 for label in domain) > _LEGEND_WIDTH
    legend = alt.Legend(title=None, symbolStrokeWidth=0, columns=3 if wide else 0)
    colour = alt.Scale(domain=domain, range=[colour for _, colour, _ in looks])
    shape = alt.Scale(domain=domain, range=[shape for _, _, shape in looks])
    layer: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"legend": label} for label in domain]))
        .mark_point(size=0, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("legend:N", scale=colour, legend=legend),
            shape=alt.Shape("legend:N", scale=shape, legend=legend),
        )
    )
    return layer


def rows_channel(labels: Sequence[str]) -> alt.Y:
    """Return the channel of one row a label, in the order given, first on top.

    `row_names` writes the labels: an axis cannot centre one of two lines at its row.
    """
    axis = alt.Axis(title=None, labels=False, domain=False, ticks=False)
    return alt.Y("row:N", sort=list(labels), scale=alt.Scale(domain=list(labels)), axis=axis)


def row_names(labels: Sequence[str]) -> list[alt.Chart]:
    """Return the layers that write the rows' labels at the left, one for each line count."""
    layers = []
    for lines in sorted({label.count("\n") for label in labels}):
        rows = [{"row": label} for label in labels if label.count("\n") == lines]
        text = alt.Chart(alt.InlineData(values=rows)).mark_text(
            align="right", baseline="middle", lineHeight=LINE, dy=-lines * LINE / 2
        )
        layers.append(text.encode(x=alt.value(-8), y=rows_channel(labels), text="row:N"))
    return layers


def end_labels(
    bars: pd.DataFrame, *, x: alt.X, y: alt.Y, key: str = "label"
) -> list[alt.Chart]:
    """Return the layers that write each bar's label at its end, centred on the row."""
    layers = []
    lines = bars[key].str.count("\n")
    for count in sorted(lines.unique()):
        text = alt.Chart(records(bars[lines == count])).mark_text(
            align="left",
            baseline="middle",
            dx=8,
            dy=-int(count) * LINE / 2,
            lineHeight=LINE,
        )
        layers.append(text.encode(x=x, y=y, text=f"{key}:N"))
    return layers


def zero_line() -> alt.Chart:
    """Return the line that bars stand on."""
    line = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    rule: alt.Chart = line.mark_rule(stroke=theme.MID_GREY).encode(x=alt.X("zero:Q"))
    return rule


def latest_day(days: pd.Series[Any]) -> date | None:
    """Return the latest day of a column, nothing where it has none."""
    latest = days.max()
    return None if pd.isna(latest) else pd.Timestamp(latest).date()


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


def currency_name(registry: Registry, code: str, words: Wording) -> str:
    """Return what a currency is called, or its code where nobody agreed on a unit for it."""
    unit = registry.units.get(code.lower())
    return words.name(unit.name) if unit else code


def main_unit(table: pd.DataFrame) -> str:
    """Return the currency of most lines of a table by line, group or month: the one drawn."""
    units = table.groupby("unit")["lines"].sum().sort_values(kind="stable")
    return str(units.index[-1]) if len(units) else "KZT"


def spending_note(words: Wording, data: Dataset | None, extra: list[str]) -> str:
    """Return the footnote of a chart of money: its files, its day, and `extra`."""
    if data is None:
        return source_note(words, files=[], as_of=None, extra=extra)
    files = files_of(data.place(data.spending))
    return source_note(words, files=files, as_of=data.as_of, extra=extra)


def other_units(table: pd.DataFrame, unit: str, words: Wording) -> list[str]:
    """Return a sentence that names the currencies that are not drawn, if there are any."""
    others = sorted(set(table["unit"]) - {unit})
    return [words("Not shown: amounts in {units}", units=words.join(others))] if others else []
