"""Charts as pictures, without a browser: SVG for pages and documents, PNG for the rest.

An SVG of ours holds no style attribute, script, link or id: it may stand inside a page
with a strict content policy, and beside any other one.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import altair as alt

from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure

T = TypeVar("T")
_KEPT = "_drawn_svg"  # of a figure, whose chart never changes

# The converter fetches whatever address a chart names. Ours name none; this one, whose
# domain is reserved and never answers, is all it may ask.
_NOWHERE = ["https://none.invalid/"]


def svg(figure: Figure | alt.TopLevelMixin) -> str:
    """Return the chart as SVG text, in the words and numbers of its reader's language.

    Notes
    -----
    Text stands in the shipped font, which a viewer may not have: pages should bring it.
    """
    import vl_convert

    # Drawing takes longer than writing: a page and a paper of one report share a picture.
    kept = vars(figure) if isinstance(figure, Figure) else {}
    if _KEPT not in kept:
        kept[_KEPT] = _converted(vl_convert.vegalite_to_svg, figure)
    drawn: str = kept[_KEPT]
    return drawn


def png(figure: Figure | alt.TopLevelMixin, *, scale: float = 2) -> bytes:
    """Return the chart as a PNG picture; at `scale` 1 a chart is 720 pixels wide."""
    import vl_convert

    converted: bytes = _converted(vl_convert.vegalite_to_png, figure, scale=scale)
    return converted


def _converted(
    convert: Callable[..., T], figure: Figure | alt.TopLevelMixin, **options: Any
) -> T:
    theme.register_fonts()
    spec: dict[str, Any] = (
        figure.spec if isinstance(figure, Figure) else figure.to_dict(validate=False)
    )
    embed = spec.get("usermeta", {}).get("embedOptions", {})
    options |= {
        "allowed_base_urls": _NOWHERE,
        "format_locale": embed.get("formatLocale"),
        "time_format_locale": embed.get("timeFormatLocale"),
    }
    try:
        return convert(spec, **options)
    except ValueError:
        # A chart that was refused breaks the next one in the same process, which is
        # innocent; the one after is well again.
        return convert(spec, **options)
