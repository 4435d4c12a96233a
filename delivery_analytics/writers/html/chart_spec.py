"""A chart on a page: as a description that the library draws, and as a still picture."""

import base64
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Xml

from defusedxml.ElementTree import fromstring
from markupsafe import Markup

from delivery_analytics.report import still, theme
from delivery_analytics.report.document import Picture
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.printable import printable

# A description with one of these has many views, each with a width of its own.
_MANY_VIEWS = {"facet", "repeat", "concat", "hconcat", "vconcat", "row", "column"}
# What the page gives to all of its charts: the language of descriptions, the theme, and
# how numbers and dates are written. The page says itself what a chart shows.
_SHARED = ("$schema", "usermeta", "config", "description")

_SVG = "{http://www.w3.org/2000/svg}"
_SHOWN = {f"{_SVG}{name}" for name in ("svg", "g", "path", "rect", "line", "text", "tspan")}
_USED = re.compile(
    r"width|height|viewBox|transform|d|[xy][12]?|d[xy]|fill(-opacity)?|stroke(-[a-z]+)?"
    r"|opacity|text-anchor|font-(size|weight|style)"
)
_DEFAULTS = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}
_LONG_NUMBER = re.compile(r"(\d\.\d\d)\d+")
# What is left stands as it is inside an attribute between double quotes.
_ESCAPES = str.maketrans(
    {"%": "%25", "#": "%23", "&": "%26", '"': "'", "<": "%3C", ">": "%3E", "\n": " "}
)
# px on either side: where the shipped font is not installed, a picture's text is wider.
_MARGIN = 16


def live_spec(figure: Figure) -> dict[str, Any]:
    """Return the chart's Vega-Lite description, as wide as the page where it is one view."""
    spec = figure.spec
    own = _own_config(spec.get("config", {}))
    spec = {key: value for key, value in spec.items() if key not in _SHARED}
    if own:
        spec["config"] = own
    # The page is white already, and its shadow of what lies aside shows through.
    spec["background"] = "transparent"
    if is_fluid(figure):
        spec["width"] = "container"
    return spec


def is_fluid(figure: Figure) -> bool:
    """Say whether the chart is drawn as wide as its place: whether it is one view."""
    spec = figure.spec
    views = [spec, *spec.get("layer", [])]
    said = {key for view in views for key in (*view, *view.get("encoding", {}))}
    return not said & _MANY_VIEWS and not isinstance(spec.get("width"), dict)


def shared_config() -> Mapping[str, Any]:
    """Return the house theme as the library takes it, once for all charts of a page."""
    config: Mapping[str, Any] = theme.altair_theme()["config"]
    return config


def still_picture(figure: Figure) -> Markup:
    """Return the chart as the address of an SVG picture that holds itself (``data:``).

    As a picture its text is inert, and only shapes and text are kept of it: no link, no
    style, no script. Coordinates are cut to a hundredth of a pixel.
    """
    root = fromstring(printable(still.svg(figure)))
    _kept(root)
    width, height = float(root.get("width", 0)) + 2 * _MARGIN, float(root.get("height", 0))
    root.set("width", f"{width:g}")
    root.set("viewBox", f"{-_MARGIN} 0 {width:g} {height:g}")
    root.set("font-family", theme.FONT_STACK)
    Xml.register_namespace("", _SVG.strip("{}"))
    drawn = Xml.tostring(root, encoding="unicode").translate(_ESCAPES)
    return Markup("data:image/svg+xml," + drawn)  # noqa: S704  escaped just now


def still_address(picture: Picture) -> Markup:
    """Return a picture as the address of itself (``data:``)."""
    content = base64.b64encode(picture.content).decode("ascii")
    return Markup(f"data:image/{picture.kind};base64,{content}")  # noqa: S704  letters only


def _kept(element: Xml.Element) -> None:
    """Take from `element` and all below it what a still picture does not show."""
    element.attrib = {
        name: _LONG_NUMBER.sub(r"\1", value)
        for name, value in element.attrib.items()
        if _USED.fullmatch(name) and _DEFAULTS.get(name) != value
    }
    for child in list(element):
        if child.tag not in _SHOWN or child.get("display") == "none":
            element.remove(child)
            continue
        _kept(child)
        if child.tag == f"{_SVG}g" and not len(child):
            element.remove(child)


def _own_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chart's configuration says beyond the theme."""
    shared = shared_config()
    return {key: value for key, value in config.items() if shared.get(key) != value}
