"""Look into a chart: the marks it draws, the fields it names, the text of its picture."""

import re
from typing import Any

import pandas as pd

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure

REFERS = ("href", "url")


def spec(figure: Figure) -> dict[str, Any]:
    """Return a figure's description, checked against Vega-Lite's schema once."""
    kept = vars(figure)
    if "_checked_spec" not in kept:
        kept["_checked_spec"] = figure.chart.to_dict()
    return kept["_checked_spec"]


def marks(figure: Figure, *fields: str) -> list[dict[str, Any]]:
    """Return the inline rows of all layers that have every one of `fields`."""
    inside = spec(figure)
    found = []
    for node in walk(inside):
        data = node.get("data")
        if isinstance(data, dict) and not isinstance(data.get("data"), dict):
            values = data["values"] if "values" in data else inside["datasets"][data["name"]]
            found += [row for row in values if set(fields) <= set(row)]
    return found


def drawn(figure: Figure, *fields: str) -> list[tuple[Any, ...]]:
    """Return the distinct values of `fields` among the marks, in the order drawn."""
    return list(dict.fromkeys(tuple(row[f] for f in fields) for row in marks(figure, *fields)))


def walk(node: Any):
    """Yield every mapping inside a chart's description."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def fields(figure: Figure) -> set[str]:
    """Return the names of all fields that are encoded."""
    return {
        node["field"]
        for node in walk(spec(figure))
        if isinstance(node.get("field"), str) and "type" in node
    }


def text_of(svg: str) -> list[str]:
    """Return what an SVG writes, one entry a text element."""
    return [
        re.sub(r"<[^>]*>", "", body)
        for body in re.findall(r"<text[^>]*>(.*?)</text>", svg, re.S)
    ]


def unlike(figure: Any) -> list[str]:
    """Return in what the native chart of a figure is not what is drawn and counted."""
    native, found = figure.native, []
    if native is None:
        return found
    told = [value for key in figure.table for value in _numbers(figure.table[key])]
    said = {f"{value / 10**power:.6g}" for value in told for power in (0, 6, 9, 12)}
    judged = [one for one in native.series if one.role in theme.STATUS_STYLE]
    for series in native.series:
        values = {f"{value:.6g}" for value in series.values if value is not None}
        own = series.role == "observed" or (native.kind == "bar" and series.role != "nation")
        if own and not values <= said:
            found.append(f"{series.name}: {sorted(values - said)} not in the table")
    if native.kind == "bar":
        nation = sum(series.role == "nation" for series in native.series)
        rows = len({*drawn(figure, "row")})
        if len(native.categories) - nation != rows:
            found.append(f"{len(native.categories)} categories for {rows} rows")
    if native.kind == "line" and judged:
        [status] = judged
        if not any(value is not None for value in status.values) or ", " not in status.name:
            found.append(f"no point of {status.name}")  # "At risk, 2023"
    return found


def _numbers(column: Any) -> list[float]:
    return pd.to_numeric(column, errors="coerce").dropna().tolist()
