"""Look into a chart: the marks it draws, the fields it names, the text of its picture."""

import re
from typing import Any

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
