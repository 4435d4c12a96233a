"""An analyst's Altair chart as office programs draw it, where it is plain enough for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from PIL import ImageColor

from delivery_analytics.report import theme
from delivery_analytics.report.figure import NativeChart, Series
from delivery_analytics.report.own_table import decimals_in
from delivery_analytics.wording.wording import Wording

# What may be said of a plain chart, of its axes and their scales. Of anything else, such as
# sums, bins, layers and facets, an office program would draw another chart.
_CHART = {"$schema", "background", "config", "data", "datasets", "description", "encoding"}
_CHART |= {"height", "mark", "name", "params", "usermeta", "width"}
_CHANNEL = {"axis", "field", "legend", "scale", "sort", "stack", "title", "type", "value"}
_SCALE = {"domain", "nice", "padding", "paddingInner", "paddingOuter", "range", "zero"}
_AGAIN = {"xOffset", "yOffset", "shape", "strokeDash"}  # may say once more what colours say
_LINES, _POINTS = ("linear", "monotone"), ("point", "circle", "square")


def native_of(
    spec: Mapping[str, Any], table: pd.DataFrame, heads: Mapping[str, str], words: Wording
) -> NativeChart | None:
    """Return the chart for PowerPoint and Excel; ``None`` where it would be another chart.

    Parameters
    ----------
    spec
        The chart's Vega-Lite description: one mark, a field on each axis and perhaps one of
        colours, each figure as it stands in the data.
    table
        Its rows.
    heads
        What its fields are called.
    """
    encoding, mark = spec.get("encoding", {}), spec.get("mark", "")
    mark = mark if isinstance(mark, Mapping) else {"type": mark}
    x, y, colour = (encoding.get(name, {}) for name in ("x", "y", "color"))
    if not {*spec} <= _CHART or not _plain(encoding):
        return None
    lying = mark["type"] == "bar" and x["type"] == "quantitative"
    value, place = (x, y) if lying else (y, x)
    kind = _kind(mark, place, value, encoding)
    keys = [place["field"], *filter(None, [colour.get("field")])]
    amounts = table.get(value["field"], pd.Series(dtype=object))
    numbers = pd.to_numeric(amounts, errors="coerce")
    domain = (value.get("scale") or {}).get("domain") or [numbers.min(), numbers.max()]
    if (
        not kind
        or not {*keys} <= {*table}
        or table[keys].isna().any(axis=None)
        or numbers.notna().sum() < max(amounts.notna().sum(), 1)
        or not numbers.dropna().between(domain[0], domain[-1]).all()
    ):
        return None
    rows = table.assign(**{value["field"]: numbers}).sort_values(keys[0], kind="stable")
    names: list[Any] | None = _in_order(colour, table[keys[-1]], None) if keys[1:] else [None]
    places = _places(place, rows, value["field"], kind.startswith("stacked"), words)
    if kind == "points" or (places is None and kind == "line"):
        if x["type"] != "quantitative":
            return None
        kind, places = "points", {n: f"{one:.15g}" for n, one in enumerate(rows[keys[0]])}
        rows = rows.assign(**{keys[0]: range(len(rows))})
    if not places or not names or rows.duplicated(keys).any():
        return None
    joined = mark["type"] not in _POINTS
    series: list[Series] = []
    for name, code in zip(names, _colours(spec, mark, colour), strict=False):
        own = rows if name is None else rows[rows[keys[-1]] == name]
        found = dict(zip(own[keys[0]], own[value["field"]], strict=True))
        values: list[Any] = [found.get(one) for one in places]
        known = [None if pd.isna(one) else float(one) for one in values]
        said = heads.get(value["field"], "") if name is None else str(name)
        series.append(Series(said, known, "observed" if joined else "points", code))
    decimals = decimals_in(numbers.dropna().tolist())
    title = heads.get(value["field"], "")
    return NativeChart(
        kind, [*places.values()], series, title, 2 if decimals is None else decimals
    )


def _plain(encoding: Mapping[str, Any]) -> bool:
    """Say whether the fields of a chart are shown as they are."""
    if not all({"field", "type"} <= {*encoding.get(name, {})} for name in ("x", "y")):
        return False
    colour = encoding.get("color", {}).get("field")
    for name, channel in encoding.items():
        scale = channel.get("scale") or {} if isinstance(channel, Mapping) else {}
        if name == "tooltip":
            continue
        if not {*channel} <= _CHANNEL or not {*scale} <= _SCALE:
            return False
        extra = name not in ("x", "y", "color") and "field" in channel
        if extra and (name not in _AGAIN or channel["field"] != colour):
            return False
    return bool(encoding.get("color", {}).get("type") != "quantitative")


def _kind(mark: Mapping[str, Any], place: Any, value: Any, encoding: Mapping[str, Any]) -> Any:
    """Return which kind of chart it is; nothing where office programs have none such."""
    drawn, numeric = mark["type"], place["type"] == "quantitative"
    if value["type"] != "quantitative" or mark.get("interpolate", "linear") not in _LINES:
        return None
    if drawn in _POINTS:
        return "points" if numeric else "line"
    if drawn not in ("bar", "line", "area") or (drawn == "bar" and numeric):
        return None
    kind = drawn if drawn != "bar" else "bar" if value is encoding["x"] else "column"
    parted = encoding.get("color", {}).get("field", place["field"]) != place["field"]
    if drawn == "line" or not parted or {"xOffset", "yOffset"} & {*encoding}:
        return kind
    return f"stacked_{kind}" if value.get("stack", True) in (True, "zero") else None


def _places(
    place: Mapping[str, Any], rows: pd.DataFrame, value: str, stacked: bool, words: Wording
) -> dict[Any, str] | None:
    """Return each place on the axis, in order, with its label; nothing if unevenly spaced."""
    found = rows[place["field"]]
    if place["type"] == "temporal":
        return _moments(found.drop_duplicates(), words)
    if place["type"] == "quantitative":
        steps = np.diff(found.unique().astype(float))
        return _labels(found.unique()) if np.allclose(steps, steps[:1]) else None
    by = rows.groupby(place["field"])[value].agg("sum" if stacked else "min")
    return _labels(_in_order(place, found, by) or [])


def _labels(places: Iterable[Any]) -> dict[Any, str]:
    return {one: str(one) if isinstance(one, str) else f"{one:.15g}" for one in places}


def _in_order(channel: Mapping[str, Any], found: pd.Series[Any], by: Any) -> list[Any] | None:
    """Return the values of a field as they follow one another; nothing if it is not plain."""
    given = [*dict.fromkeys(found.sort_index())]
    domain = (channel.get("scale") or {}).get("domain")
    sort = domain or channel.get("sort", "ascending")
    if domain and not {*given} <= {*domain}:
        return None
    if sort is None:
        return given
    if isinstance(sort, list):
        return [one for one in sort if one in given] + [one for one in given if one not in sort]
    if sort in ("ascending", "descending"):
        return sorted(given, reverse=sort == "descending")
    if by is None or sort not in ("x", "y", "-x", "-y"):
        return None
    return [*by.sort_values(ascending=not sort.startswith("-"), kind="stable").index]


def _moments(found: pd.Series[Any], words: Wording) -> dict[Any, str] | None:
    """Return evenly spaced days with their labels: years, months or days; nothing if not so."""
    days = pd.to_datetime(found, errors="coerce")
    months = days.dt.year * 12 + days.dt.month
    by_month = (days.dt.day == days.dt.day.iloc[0]).all() or days.dt.is_month_end.all()
    steps = months.diff().dropna() if by_month else days.diff().dropna()
    if days.isna().any() or len(steps.unique()) > 1 or (days != days.dt.normalize()).any():
        return None
    form = "%Y" if (months.diff().dropna() % 12 == 0).all() else "%Y-%m"
    named = by_month and len(days) > 1
    texts = [words.period(f"{d:{form}}") if named else words.date(d.date()) for d in days]
    return dict(zip(found, texts, strict=True))


def _colours(
    spec: Mapping[str, Any], mark: Mapping[str, Any], colour: Mapping[str, Any]
) -> Iterator[str]:
    """Return a colour for each series: the analyst's own, or those of the chart's theme."""
    config = spec.get("config", {}).get("range", {})
    house: Any = theme.altair_theme()
    own = (colour.get("scale") or {}).get("range") or config.get("category")
    named = own or house["config"]["range"]["category"]
    alone = colour.get("value") or mark.get("color") or mark.get("fill")
    palette = [alone] if alone else named
    codes = [*filter(None, map(_code, palette if isinstance(palette, list) else []))]
    return cycle(codes or [theme.DARK_BLUE])


def _code(name: Any) -> str:
    try:
        return "#{:02X}{:02X}{:02X}".format(*ImageColor.getrgb(str(name))[:3])
    except ValueError:
        return ""
