"""How office programs draw our charts: what slides and workbooks agree upon."""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime
from locale import windows_locale

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart, Series
from delivery_analytics.report.printable import printable
from delivery_analytics.report.report import Report
from delivery_analytics.wording.numbers import exact
from delivery_analytics.wording.wording import Wording

FONT = "Arial"  # on every Windows and macOS; has the Kazakh letters; Liberation Sans is as wide
AUTHOR = "delivery_analytics"
NO_DAY = (1980, 1, 1)  # of a document that is about no day
_MARKERS = {
    "circle": "circle",
    "square": "square",
    "triangle-up": "triangle",
    "diamond": "diamond",
    theme.STAR: "circle",  # their star is an outline: it stands in the label
    theme.RING: "circle",
}
# A few agreed points, not a path: drawn as marks without a line between them.
_POINTS = frozenset({"target", "baseline", "points"})
_BARE = frozenset({"region"})  # many lines behind one: no marks on them
_MOST_LABELLED = 24
_LANGUAGE_IDS = {name: f"[$-{number:X}]" for number, name in windows_locale.items()}


@dataclass(frozen=True)
class SeriesLook:
    """How one series is drawn.

    Attributes
    ----------
    name
        As the legend says it; a status carries its shape.
    glyph
        The shape of a status, to stand in the label of its mark.
    colour, text_colour
        ``RRGGBB`` without the sign; the second is legible on the first.
    marker
        The mark's shape as both formats call it; empty for a bare line.
    line, dashed, hollow
        Whether marks are joined, how, and whether bars are outlines.
    """

    name: str
    glyph: str
    colour: str
    text_colour: str
    marker: str
    line: bool = True
    dashed: bool = False
    hollow: bool = False
    width: float = 2.0


def looks(native: NativeChart) -> list[SeriesLook]:
    """Return how each series is drawn; a line's mark shows its status's shape already."""
    drawn = [look(series) for series in native.series]
    if is_bars(native):
        return drawn
    names = (printable(series.name) for series in native.series)
    return [replace(one, name=name) for one, name in zip(drawn, names, strict=True)]


def created_on(report: Report) -> datetime:
    """Return the day a document says it was made: the report's, never today."""
    day = report.as_of or report.data.last_reported_on or date(*NO_DAY)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def drawable(figure: Figure) -> NativeChart | None:
    """Return the figure's native chart; ``None`` where it has none, or nothing to draw.

    What is not a finite number is a gap: both formats would be broken by it. The others
    have the 15 digits of a cell.
    """
    chart = figure.native
    if chart is None or not chart.categories or not chart.series:
        return None
    series = [replace(s, values=[_finite(v) for v in s.values]) for s in chart.series]
    return replace(chart, series=series)


def _finite(value: float | None) -> float | None:
    known = exact(value)
    return None if known is None else float(known)


def look(series: Series) -> SeriesLook:
    """Return how `series` is drawn, by its role."""
    status = theme.STATUS_STYLE.get(series.role)
    if status:
        return SeriesLook(
            name=printable(f"{status.glyph} {series.name}"),
            glyph=status.glyph,
            colour=status.colour[1:],
            text_colour=status.text_colour[1:],
            marker=_MARKERS[status.shape],
            line=False,
        )
    style = theme.SERIES_STYLE.get(series.role, theme.SERIES_STYLE["region"])
    style = replace(style, colour=series.colour or style.colour)
    dark = theme.contrast(style.colour, theme.PAPER) >= 4.5
    dashed = bool(style.dash)
    return SeriesLook(
        name=printable(series.name),
        glyph="",
        colour=style.colour[1:],
        text_colour=(theme.PAPER if dark and not dashed else theme.INK)[1:],
        marker="" if dashed or series.role in _BARE else _MARKERS[style.shape],
        line=series.role not in _POINTS,
        dashed=dashed,
        hollow=dashed,
        width=style.width,
    )


def format_code(decimals: int, glyph: str = "") -> str:
    """Return the number format with `decimals`, the glyph of a status before the number.

    Behind a glyph, a zero is not written: an empty part of a bar has no label.
    """
    code = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    if not glyph:
        return code
    return f'"{glyph} "{code};"{glyph} "-{code};;'


def spoken(code: str, words: Wording) -> str:
    """Return a number format that names the language by whose signs numbers are written."""
    number = _LANGUAGE_IDS.get(words.tag.replace("-", "_"), "")
    return ";".join(part and f"{number}{part}" for part in code.split(";"))


def label_code(native: NativeChart, look: SeriesLook, words: Wording) -> str:
    """Return the number format of a mark's label; an empty part of a bar has none."""
    before, code = f'"{look.glyph} "' if look.glyph else "", format_code(native.decimals)
    zero = "" if is_stacked(native) else f"{before}{code}"
    return spoken(f"{before}{code};{before}-{code};{zero}", words)


def is_stacked(native: NativeChart) -> bool:
    """Say whether the series of a category lie on one another."""
    return native.kind.startswith("stacked")


def is_area(native: NativeChart) -> bool:
    """Say whether the values are the edges of areas."""
    return native.kind.endswith("area")


def is_bars(native: NativeChart) -> bool:
    """Say whether the values are bars, lying or standing."""
    return native.kind.endswith(("bar", "column"))


def is_horizontal(native: NativeChart) -> bool:
    """Say whether the categories stand one under another, the first on top."""
    return native.kind in ("bar", "stacked_bar")


def takes_turns(native: NativeChart) -> bool:
    """Say whether no category has two values, so that its bars may share one place."""
    return len(native.series) > 1 and all(
        sum(value is not None for value in values) <= 1
        for values in zip(*(series.values for series in native.series), strict=True)
    )


def labelled(native: NativeChart) -> bool:
    """Say whether there is room to write every value at its mark."""
    marks = sum(v is not None for s in native.series for v in s.values)
    if not is_bars(native):
        return False
    if native.kind == "bar":
        return marks <= _MOST_LABELLED * 2
    if is_stacked(native):
        return len(native.categories) <= _MOST_LABELLED
    return marks <= _MOST_LABELLED


def starts_at_zero(native: NativeChart) -> bool:
    """Say whether the value axis begins at zero: bars do, unless a value is negative."""
    values = [v for s in native.series for v in s.values if v is not None]
    return native.kind not in ("line", "points") and all(value >= 0 for value in values)


def last_point(series: Series) -> int | None:
    """Return the place of the last value that is there."""
    places = [place for place, value in enumerate(series.values) if value is not None]
    return places[-1] if places else None


@dataclass(frozen=True)
class ValueAxis:
    """The ends of an axis of values, the step between its ticks, and their decimals."""

    low: float
    high: float
    step: float
    decimals: int


def value_axis(native: NativeChart) -> ValueAxis:
    """Return the axis of a drawable chart's values, no two ticks of which read alike.

    Left to an office program, ticks a fifth apart would be written with the decimals of the
    figures: 5, 5, 4.9. Lines begin at nought where they fill more than a sixth of the
    height so.
    """
    columns = zip(*(series.values for series in native.series), strict=True)
    known = [[value for value in column if value is not None] for column in columns]
    if is_stacked(native):
        known = [[sum(v for v in vs if v > 0), sum(v for v in vs if v < 0)] for vs in known]
    values = [value for column in known for value in column] or [0.0]
    low, high = min(values), max(values)
    if starts_at_zero(native) or (low >= 0 and not 0 < high - low <= high / 6):
        low = 0.0
    span = high - low or abs(high) or 1.0
    power = math.floor(math.log10(span / 5))
    power = power if native.decimals > 0 else max(power, 0)
    step = next(n for n in (1, 2, 5, 10, 20) if n * 10.0**power >= span / 5)
    power, step = (power + 1, step // 10) if step >= 10 else (power, step)
    tick = step * 10.0**power
    first = math.floor((low - 0.05 * span) / tick) if low < 0 or low > 0.05 * span else 0
    last = math.ceil((high + 0.05 * span) / tick)
    digits = max(0, -power)
    low, high, tick = (round(one, digits) for one in (first * tick, last * tick, tick))
    return ValueAxis(low, high, tick, digits)
