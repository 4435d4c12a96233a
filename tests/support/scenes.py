"""What a page's chart draws, in pixels: its ticks, its labels and its marks."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import vl_convert
from lxml import html

from delivery_analytics.writers import text_width
from delivery_analytics.writers.html.chart_spec import shared_config

WIDE = 720  # pixels, of a chart that is as wide as its page
_PIXELS = 4 / 3  # to a point
_TOUCH = 2.5  # pixels that two things may share, since letters seldom fill their boxes
_THIN = 3  # pixels: what is no higher or wider is a line, not an area


@dataclass(frozen=True)
class Box:
    """Where something is drawn; `text` of a label, and whose axis it is on of a tick."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def meets(self, other: "Box") -> bool:
        """Say whether the two share more than they may."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > _TOUCH and high > _TOUCH

    def inside(self, other: "Box") -> bool:
        """Say whether this one stands in the other as a whole."""
        return (
            self.left >= other.left - _TOUCH
            and self.right <= other.right + _TOUCH
            and self.top >= other.top - _TOUCH
            and self.bottom <= other.bottom + _TOUCH
        )


@dataclass(frozen=True)
class Scene:
    """A drawn chart: the labels of each axis, of the marks, and the marks by their kind."""

    axes: list[list[str]]
    labels: list[Box]
    areas: list[Box]
    points: list[Box]

    def repeated(self) -> list[str]:
        """Return the labels that stand more than once on one axis."""
        return [
            text for axis in self.axes for text, n in Counter(axis).items() if n > 1 and text
        ]

    def covered(self) -> list[str]:
        """Return the labels that stand over a bar's edge, a mark or another label."""
        found = []
        for place, label in enumerate(self.labels):
            over = [one for one in self.areas if label.meets(one) and not label.inside(one)]
            # A bar over a band, or a tile over another, hides what lies below it.
            over = [] if any(label.inside(one) for one in self.areas) else over
            over += [one for one in self.points if label.meets(one)]
            over += [one for one in self.labels[place + 1 :] if label.meets(one)]
            if over:
                found.append(label.text)
        return found


def scene(spec: dict[str, Any]) -> Scene:
    """Draw a chart as a page does, and return what is to be seen."""
    spec = {**spec, "config": {**shared_config(), **spec.get("config", {})}}
    if spec.get("width") == "container":
        spec["width"] = WIDE
    root = vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]
    out = Scene([], [], [], [])
    for mark, x, y in _marks(root, 0, 0):
        kind, role, items = mark["marktype"], mark.get("role"), mark.get("items", [])
        items = [one for one in items if one.get("opacity", 1) > 0]
        if role == "axis-label":
            out.axes.append([_told(one) for one in items])
        elif role != "mark":
            continue
        elif kind == "text":
            told = {_label(one, x, y) for one in items if _told(one).strip()}
            out.labels.extend(sorted(told - {*out.labels}, key=str))  # once, with its halo
        elif kind == "rect":
            boxes = [_area(one, x, y) for one in items if one.get("fill") and _solid(one)]
            out.areas.extend(
                b for b in boxes if min(b.right - b.left, b.bottom - b.top) > _THIN
            )
        elif kind == "symbol":
            out.points.extend(_point(one, x, y) for one in items if one.get("size", 0) > 8)
    return out


def _marks(
    mark: dict[str, Any], x: float, y: float
) -> Iterator[tuple[dict[str, Any], float, float]]:
    yield mark, x, y
    if mark.get("marktype") == "group":
        for item in mark.get("items", []):
            for inner in item.get("items", []):
                yield from _marks(inner, x + item.get("x", 0), y + item.get("y", 0))


def _told(item: dict[str, Any]) -> str:
    text = item.get("text", "")
    return "\n".join(map(str, text)) if isinstance(text, list) else str(text)


def _solid(item: dict[str, Any]) -> bool:
    return item.get("opacity", 1) * item.get("fillOpacity", 1) >= 0.5


def _label(item: dict[str, Any], x: float, y: float) -> Box:
    size, lines = item.get("fontSize", 11), _told(item).split("\n")
    bold = str(item.get("fontWeight", "")) in ("bold", "600", "700")
    wide = max(text_width.width(one, size, bold) for one in lines)
    wide = min(wide, item.get("limit") or wide)
    high = size * 0.95 + (len(lines) - 1) * item.get("lineHeight", size + 2)
    left = x + item.get("x", 0) + item.get("dx", 0)
    left -= {"center": wide / 2, "right": wide}.get(item.get("align", "left"), 0)
    top = y + item.get("y", 0) + item.get("dy", 0)
    top -= {"middle": high / 2, "bottom": high, "top": 0}.get(
        item.get("baseline", "alphabetic"), size * 0.75
    )
    return Box(left, top, left + wide, top + high, _told(item))


def _area(item: dict[str, Any], x: float, y: float) -> Box:
    left, top = x + item.get("x", 0), y + item.get("y", 0)
    return Box(left, top, left + item.get("width", 0), top + item.get("height", 0))


def _point(item: dict[str, Any], x: float, y: float) -> Box:
    half = item.get("size", 0) ** 0.5 / 2
    cx, cy = x + item.get("x", 0), y + item.get("y", 0)
    return Box(cx - half, cy - half, cx + half, cy + half)


def specs_in(page: html.HtmlElement) -> list[tuple[str, dict[str, Any]]]:
    """Return the charts of a page: what each is called for those who cannot see it, and how."""
    charts = [one for one in page.iter("div") if one.get("class") == "chart"]
    found = [(one.get("aria-label", ""), one.find("./script")) for one in charts]
    return [(name, json.loads(script.text)) for name, script in found if script is not None]
