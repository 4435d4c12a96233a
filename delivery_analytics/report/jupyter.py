"""Charts in JupyterLab without a network: Altair's output in a form that it draws itself.

JupyterLab brings Vega-Lite 5 and Altair 6 speaks 6, so what Altair shows by itself is
fetched from a network or not drawn at all. `render` says it in the older form, which the
charts of this package fit, with the reader's numbers and dates, and a still picture for
viewers without the library. Altair knows it by the name ``delivery``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import altair as alt
    from IPython.core.interactiveshell import InteractiveShell

T = TypeVar("T")
MIME = "application/vnd.vegalite.v5+json"
RENDERER = "delivery"


def render(
    spec: dict[str, Any], *, still: bool = True, language: str = "", **_: Any
) -> dict[str, Any]:
    """Return what a notebook shows of a chart, by kind; JupyterLab takes the first.

    Parameters
    ----------
    spec
        A chart's Vega-Lite description.
    still
        With a picture, which takes a moment to draw.
    language
        Whose numbers and dates a chart has that names none: en, ru or kk. Charts of this
        package name theirs.
    """
    shown = {key: value for key, value in spec.items() if key != "$schema"}
    if language:
        shown["usermeta"] = _with_locale(spec.get("usermeta", {}), language)
    said = str(shown.get("description") or _title(shown) or "A chart")
    return {MIME: shown, **(_still(shown) if still else {}), "text/plain": said}


def show_charts(*, language: str = "", still: bool = True) -> None:
    """Let every Altair chart of this process be shown so."""
    import altair as alt

    if RENDERER not in alt.renderers.names():
        alt.renderers.register(RENDERER, render)
    alt.renderers.enable(RENDERER, language=language, still=still)


def enable_when_shown(shell: InteractiveShell | None = None, *, still: bool = True) -> None:
    """Let Altair charts be shown so once the first is shown; Altair is not imported before.

    Where another renderer was chosen it stays.

    Parameters
    ----------
    shell
        Otherwise the notebook's that this runs in; nothing is done where it runs in none.
    """
    if shell is None:
        shell = _kernel()
    if shell is None or shell.display_formatter is None:
        return
    formatter = shell.display_formatter.mimebundle_formatter

    def first(chart: alt.TopLevelMixin) -> Any:
        import altair as alt

        formatter.pop(alt.TopLevelMixin, None)
        if alt.renderers.active == "default":
            show_charts(still=still)
        return chart._repr_mimebundle_()

    formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", first)


def _kernel() -> InteractiveShell | None:
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


def _with_locale(meta: dict[str, Any], language: str) -> dict[str, Any]:
    from delivery_analytics.wording.wording import open_wording

    locale = open_wording(language).vega_locale()
    own = meta.get("embedOptions", {})
    named = {"formatLocale": locale["number"], "timeFormatLocale": locale["time"], **own}
    return {**meta, "embedOptions": named}


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    return str(title.get("text", "")) if isinstance(title, dict) else str(title)


def _still(spec: dict[str, Any]) -> dict[str, str]:
    """Return the picture for viewers without the library; none where it cannot be drawn."""
    import vl_convert

    try:
        return {"image/svg+xml": converted(vl_convert.vegalite_to_svg, spec)}
    except ValueError:
        return {}


def converted(convert: Callable[..., T], spec: Mapping[str, Any], **options: Any) -> T:
    """Return what `vl_convert` makes of a chart, in the numbers of its reader's language.

    The converter fetches whatever address a chart names. Ours name none; the one it may ask,
    whose domain is reserved, never answers.
    """
    from delivery_analytics.report import theme

    theme.register_fonts()
    embed = spec.get("usermeta", {}).get("embedOptions", {})
    options |= {
        "allowed_base_urls": ["https://none.invalid/"],
        "format_locale": embed.get("formatLocale"),
        "time_format_locale": embed.get("timeFormatLocale"),
    }
    try:
        return convert(spec, **options)
    except ValueError:
        # A chart that was refused breaks the next one in the same process, which is
        # innocent; the one after is well again.
        return convert(spec, **options)
