"""Charts as pictures, without a browser: SVG for pages and documents, PNG for the rest.

An SVG of ours holds no style attribute, script, link or id: it may stand inside a page
with a strict content policy, and beside any other one.
"""

import re
from collections.abc import Callable
from html import escape
from textwrap import wrap
from typing import Any, TypeVar

import altair as alt

from delivery_analytics.report import jupyter, theme
from delivery_analytics.report.figure import Figure

T = TypeVar("T")
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_LINE, _LETTER = 15, 5.5  # px: a line below a chart, and a letter in it


def svg(figure: Figure | alt.TopLevelMixin | dict[str, Any]) -> str:
    """Return the chart as SVG text, in the words and numbers of its reader's language.

    Notes
    -----
    Text stands in the shipped font, which a viewer may not have: pages should bring it.
    """
    import vl_convert

    return _kept(vl_convert.vegalite_to_svg, figure, "svg")


def png(figure: Figure | alt.TopLevelMixin, *, scale: float = 2) -> bytes:
    """Return the chart as a PNG picture; at `scale` 1 a chart is 720 pixels wide."""
    import vl_convert

    return _kept(vl_convert.vegalite_to_png, figure, f"png {scale}", scale=scale)


def _kept(
    convert: Callable[..., T],
    figure: Figure | alt.TopLevelMixin | dict[str, Any],
    what: str,
    **options: Any,
) -> T:
    # Drawing takes longer than writing: the formats of one report share a picture.
    kept = vars(figure) if isinstance(figure, Figure) else {}
    if f"_drawn {what}" not in kept:
        kept[f"_drawn {what}"] = _converted(convert, figure, **options)
    drawn: T = kept[f"_drawn {what}"]
    return drawn


def captioned(figure: Figure) -> str:
    """Return the chart as SVG text that stands alone: with title, unit, day and source."""
    import vl_convert

    drawn = _converted(vl_convert.vegalite_to_svg, figure.headed)
    wide, tall = (float(n) for n in _SIZE.search(drawn).groups())  # type: ignore[union-attr]
    lines = wrap(figure.footnote, int(wide / _LETTER)) if figure.footnote else []
    below = "".join(
        f'<text x="6" y="{tall + _LINE * n:g}" font-family="{theme.FONT_STACK}" '
        f'font-size="11" fill="{theme.DARK_GREY}">{escape(line)}</text>'
        for n, line in enumerate(lines, 1)
    )
    # The size stands in the frame, in its view and in the paper behind.
    height = f"{tall + _LINE * len(lines) + 6 * bool(lines):g}"
    head, rest = drawn[: drawn.index("<g")], drawn[drawn.index("<g") :]
    head = head.replace(f'height="{tall:g}"', f'height="{height}"')
    head = head.replace(f' {tall:g}"', f' {height}"')
    return head + rest.removesuffix("</svg>") + below + "</svg>"


def captioned_png(figure: Figure, *, scale: float = 2) -> bytes:
    """Return `captioned` as a PNG picture."""
    import vl_convert

    theme.register_fonts()
    picture: bytes = vl_convert.svg_to_png(captioned(figure), scale=scale)
    return picture


def _converted(
    convert: Callable[..., T],
    figure: Figure | alt.TopLevelMixin | dict[str, Any],
    **options: Any,
) -> T:
    if isinstance(figure, alt.TopLevelMixin):
        figure = figure.to_dict(validate=False)
    spec = figure.spec if isinstance(figure, Figure) else figure
    return jupyter.converted(convert, spec, **options)
