"""Charts in JupyterLab without a network: Altair's output in a form that it draws itself.

JupyterLab brings Vega-Lite 5 and Altair 6 speaks 6, so what Altair shows by itself is
fetched from a network or not drawn at all. `render` says it in the older form, which the
charts of this package fit, with the reader's numbers and dates, and a still picture for
viewers without the library. Altair knows it by the name ``delivery``.
"""

from __future__ import annotations

from typing import Any

MIME = "application/vnd.vegalite.v5+json"
NAME = "delivery"


def render(spec: dict[str, Any], *, still: bool = True, **_: Any) -> dict[str, Any]:
    """Return what a notebook shows of a chart, by kind; JupyterLab takes the first.

    Parameters
    ----------
    spec
        A chart's Vega-Lite description.
    still
        With a picture, which takes a moment to draw.
    """
    shown = {key: value for key, value in spec.items() if key != "$schema"}
    said = str(shown.get("description") or _title(shown) or "A chart")
    return {MIME: shown, **(_still(spec) if still else {}), "text/plain": said}


def enable() -> None:
    """Let every Altair chart of this process be shown so."""
    import altair as alt

    if NAME not in alt.renderers.names():
        alt.renderers.register(NAME, render)
    alt.renderers.enable(NAME)


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    return str(title.get("text", "")) if isinstance(title, dict) else str(title)


def _still(spec: dict[str, Any]) -> dict[str, str]:
    """Return the picture for viewers without the library; none where it cannot be drawn."""
    import vl_convert

    embed = spec.get("usermeta", {}).get("embedOptions", {})
    try:
        return {
            "image/svg+xml": vl_convert.vegalite_to_svg(
                spec,
                allowed_base_urls=["https://none.invalid/"],
                format_locale=embed.get("formatLocale"),
                time_format_locale=embed.get("timeFormatLocale"),
            )
        }
    except ValueError:
        return {}
