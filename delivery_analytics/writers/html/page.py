"""The shell of every page: templates, the policy it keeps, its style, its small scripts."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import theme
from delivery_analytics.report.printable import printable
from delivery_analytics.wording.catalogue import native_names
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.html import assets as bundle
from delivery_analytics.writers.html.assets import page_asset

DENSE = ("status_months",)  # charts with a word in every cell: on a phone moved sideways
# Inside <script>, these end the element or start a comment whatever the JSON says.
_JSON_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}


@dataclass(frozen=True)
class Chip:
    """A status as a page draws it: a class for the colour, a shape, a word."""

    code: str
    glyph: str
    word: str


def chip(status: str, words: Wording) -> Chip:
    """Return how `status` is drawn and said in the reader's language."""
    style = theme.STATUS_STYLE[status]
    return Chip(status, style.glyph, words.status(status))


def json_block(value: Any) -> Markup:
    """Return `value` as JSON that cannot end the script element around it.

    Raises
    ------
    ValueError
        When a number is not finite: it would be no JSON, and must be a gap instead.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(printable(text).translate(_JSON_ESCAPES))  # noqa: S704  escaped above


def package_version() -> str:
    """Return the version of this package, or empty text where it was not installed."""
    try:
        return version("delivery-analytics")
    except PackageNotFoundError:
        return ""


def render_page(
    template: str,
    *,
    words: Wording,
    title: str,
    scripts: Iterable[str] = ("page.js",),
    assets: str = "assets",
    charts: bool = False,
    **context: Any,
) -> str:
    """Return a whole page: `template` with the shell around it.

    Parameters
    ----------
    scripts
        Files of ``assets/page`` to put into the page.
    assets
        Where the shared folder is, relative to the page.
    charts
        Whether the page needs the chart library from there.
    """
    style = _fonts(assets) + page_asset("page.css") + _status_rules()
    script = "".join(page_asset(name) for name in scripts)
    return (
        _templates()
        .get_template(template)
        .render(
            words=words,
            language=words.language,
            title=title,
            style=Markup(style),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own file
            policy=_policy(style, script),
            charts=f"{assets}/{bundle.CHARTS}" if charts else "",
            language_names=native_names(),
            version=package_version(),
            **context,
        )
    )


def save(path: str | Path, text: str) -> Path:
    """Write a page at `path` whole or not at all, and return the path."""
    out = Path(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, text.encode("utf-8"))
    return out


def _policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy: our own style and script, and nothing else.

    ``'self'`` admits the chart library beside the page, also when opened from disk.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {_fingerprint(script)}",
            f"style-src {_fingerprint(style)}",
            "img-src data:",
            "font-src 'self'",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _fingerprint(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _fonts(assets: str) -> str:
    """Return the rules that find the shipped font in the shared folder."""
    return "".join(
        f'@font-face {{ font-family: "{theme.FONT_FAMILY}"; font-weight: {weight}; '
        f'font-display: swap; src: url("{assets}/{name}") format("truetype"); }}\n'
        for name, weight in bundle.FONT_WEIGHTS.items()
    )


def _status_rules() -> str:
    """Return one CSS rule a status, from the theme: a page holds no colour of its own."""
    styles: Mapping[str, theme.StatusStyle] = theme.STATUS_STYLE
    return "".join(
        f".status-{code} {{ --status: {style.colour}; --on-status: {style.text_colour}; }}\n"
        for code, style in styles.items()
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("delivery_analytics", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["chip"] = chip
    environment.globals["dense"] = DENSE
    environment.finalize = _clean
    return environment


def _clean(value: Any) -> Any:
    """Take from every text that enters a page what no document may hold."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return printable(value) if is_text else value
